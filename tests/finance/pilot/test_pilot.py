# SPDX-License-Identifier: Apache-2.0
"""Sample sizes beside published examples, hand values and simulation; screening that takes nothing unknown for yes."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.finance.pilot.given import design_of, read_design
from homeground.finance.pilot.power import (
    PilotDesign,
    design_effect,
    power_for_means,
    power_for_shares,
    sample_for_means,
    sample_for_shares,
)
from homeground.finance.pilot.screening import screen_projects


def test_two_shares_as_in_the_manual_of_r():
    # power.prop.test(p1 = .50, p2 = .75, power = .90) in the manual of R: n = 76.7
    assert sample_for_shares(0.50, 0.75, PilotDesign(power=0.90)).alone == pytest.approx(76.7, abs=0.05)


def test_two_shares_by_hand():
    # z = 1.959964 and 0.841621; p = 0.075: sqrt(2 x 0.075 x 0.925) = 0.372492; sqrt(0.05 x 0.95 + 0.1 x 0.9) = 0.370810
    by_hand = ((1.959964 * 0.372492 + 0.841621 * 0.370810) / 0.05) ** 2
    assert sample_for_shares(0.05, 0.10, PilotDesign()).alone == pytest.approx(by_hand, rel=1e-5)


def test_two_means_by_hand():
    # 2 x (1.959964 + 1.281552)^2 = 21.0149; at half a standard deviation four times that
    assert sample_for_means(1.0, 1.0, PilotDesign(power=0.9)).alone == pytest.approx(21.0149, abs=1e-3)
    assert sample_for_means(5.0, 10.0, PilotDesign(power=0.9)).alone == pytest.approx(4 * 21.0149, abs=4e-3)


def test_groups_and_losses_by_hand():
    # 16 of 20 are left; 1 + (16 - 1) x 0.05 = 1.75; 434.4 x 1.75 = 760.2 -> 48 groups of 16, 960 asked
    size = sample_for_shares(0.05, 0.10, PilotDesign(cluster_size=20, icc=0.05, attrition=0.2))
    assert size.design_effect == pytest.approx(1.75)
    assert (size.analysed, size.clusters, size.recruited) == (math.ceil(size.alone * 1.75), 48, 960)
    # 1 + ((0.3^2 + 1) x 16 - 1) x 0.05 = 1.822
    assert design_effect(16, 0.05, size_cv=0.3) == pytest.approx(1.822)
    alone = sample_for_means(1.0, 1.0, PilotDesign(power=0.9, attrition=0.2))
    assert alone.recruited == math.ceil(21.0149 / 0.8)
    assert alone.few_clusters is False


def test_three_arms_share_the_level():
    # alpha 0.05 / 3: z(1 - 0.05 / 6) = 2.393980
    assert sample_for_means(1.0, 1.0, PilotDesign(comparisons=3)).alone == pytest.approx(
        2 * (2.393980 + 0.841621) ** 2, rel=1e-5
    )


@given(
    st.floats(0.02, 0.5), st.floats(0.03, 0.4), st.floats(1, 60), st.floats(0, 0.3), st.floats(0, 0.5), st.floats(0, 1)
)  # fmt: skip
def test_the_size_that_is_asked_for_has_the_power_and_one_group_less_has_not(control, step, m, icc, attrition, cv):
    design = PilotDesign(cluster_size=m, icc=icc, attrition=attrition, size_cv=cv)
    treated = min(control + step, 0.98)
    if m * (1 - attrition) < 1:
        return
    size = sample_for_shares(control, treated, design)
    assert power_for_shares(control, treated, size.clusters, design) >= 0.8 - 1e-6
    if size.clusters > 1:
        assert power_for_shares(control, treated, size.clusters - 1, design) < 0.8 + 1e-6
    mean = sample_for_means(step, 1.0, design)
    assert power_for_means(step, 1.0, mean.clusters, design) >= 0.8 - 1e-6


def test_power_holds_in_a_made_pilot():
    """Persons in alike groups, drawn 2 000 times: the difference of means is seen as often as the formula says."""
    rng = np.random.default_rng(7)
    clusters, m, icc, effect = 40, 10, 0.1, 0.25
    design = PilotDesign(cluster_size=m, icc=icc)
    shape = (2_000, 2, clusters)
    groups = rng.normal(0, math.sqrt(icc), shape) + rng.normal(0, math.sqrt((1 - icc) / m), shape)
    means = groups.mean(axis=2)
    spread = math.sqrt(2 * (icc + (1 - icc) / m) / clusters)
    seen = np.mean(np.abs(means[:, 1] - means[:, 0] + effect) / spread > 1.959964)
    assert seen == pytest.approx(power_for_means(effect, 1.0, clusters, design), abs=0.03)


def test_all_faults_of_a_design_are_told_at_once():
    with pytest.raises(DataError) as caught:
        PilotDesign(alpha=5, icc=1.2, attrition=20, cluster_size=0, size_cv=-1, comparisons=0)
    for part in (
        "alpha of 5",
        "icc of 1.2",
        "attrition of 20",
        "cluster_size of 0",
        "size_cv of -1",
        "comparisons of 0",
    ):
        assert part in str(caught.value)
    with pytest.raises(DataError, match=r"write 5 % as 0\.05"):
        sample_for_shares(5, 10, PilotDesign())
    with pytest.raises(DataError, match="difference of nothing"):
        sample_for_shares(0.1, 0.1, PilotDesign())


def test_a_design_of_ones_own_replaces_what_ships_and_needs_sources(tmp_path):
    path = tmp_path / "design.csv"
    path.write_text("setting,value,source\nicc,0.02,first wave\n")
    settings = read_design(path)
    assert (settings["icc"].value, settings["icc"].own, settings["alpha"].own) == (0.02, True, False)
    assert design_of(settings, 3).icc == 0.02
    path.write_text("setting,value,source\nicc,many,\nluck,1,me\nalpha,-1,me\n")
    with pytest.raises(DataError) as caught:
        read_design(path)
    for part in ("many", "luck", "source is empty", "-1"):
        assert part in str(caught.value)


PROJECT = {
    "project": "p1", "iso3": "GMB", "restores_land": "yes", "tenure_secure": "yes", "land_users_agree": "yes",
    "money_apart": "yes", "conflict": "no", "monitored": "no", "hectares": "50", "years_left": "3",
}  # fmt: skip


def test_screening_says_why():
    found = screen_projects(pd.DataFrame([PROJECT]), ["GMB", "SEN"]).set_index("criterion")
    assert found["verdict"].iloc[0] == "fits"
    assert found.loc["size", "found"] == "not_met"
    assert found.loc["migrants_known", "found"] == "not_known"
    unknown = screen_projects(pd.DataFrame([PROJECT | {"tenure_secure": "unknown"}]), ["GMB"])
    assert unknown["verdict"].iloc[0] == "ask"
    assert screen_projects(pd.DataFrame([PROJECT | {"conflict": "yes"}]), ["GMB"])["verdict"].iloc[0] == "does_not_fit"
    assert screen_projects(pd.DataFrame([PROJECT]), ["SEN"])["verdict"].iloc[0] == "does_not_fit"


def test_bad_projects_are_told_at_once():
    rows = pd.DataFrame(
        [PROJECT | {"conflict": "some", "hectares": "large"}, PROJECT | {"project": "p2", "monitored": "1"}]
    )
    with pytest.raises(DataError) as caught:
        screen_projects(rows, ["GMB"])
    for part in ('"some"', '"large"', '"1"', "row 3"):
        assert part in str(caught.value)
    with pytest.raises(DataError, match="stands twice"):
        screen_projects(pd.DataFrame([PROJECT, PROJECT]), ["GMB"])
    with pytest.raises(DataError, match="personal data"):
        screen_projects(pd.DataFrame([PROJECT | {"investor_email": "x"}]), ["GMB"])
