# SPDX-License-Identifier: Apache-2.0
"""INFORM Risk Index 2020 v0.4.0: published categories of 191 countries give the published nodes, classes and ranks.

The file holds scores rounded to one decimal; they are reproduced exactly (to 1e-9) with rounding half up at each level.
The human hazard is taken as published: its rule (current conflict if 5 or more, else 0.7 x projected) is no mean.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from homeground.risk import class_limits, classify, composite_index, read_tree

LEAVES = {
    "Earthquake": "earthquake",
    "Flood": "flood",
    "Tsunami": "tsunami",
    "Tropical Cyclone": "cyclone",
    "Drought": "drought",
    "Epidemic": "epidemic",
    "Human": "human",
    "Development & Deprivation": "development",
    "Inequality": "inequality",
    "Aid Dependency": "aid_dependency",
    "Uprooted people": "uprooted",
    "Health Conditions": "health",
    "Children U5": "children",
    "Recent Shocks": "recent_shocks",
    "Food Security": "food_security",
    "DRR": "drr",
    "Governance": "governance",
    "Communication": "communication",
    "Physical infrastructure": "physical",
    "Access to health care": "health_care",
}
NODES = {
    "Natural": "natural",
    "HAZARD & EXPOSURE": "hazard",
    "Socio-Economic Vulnerability": "socioeconomic",
    "Other Vulnerable Groups": "other_vulnerable",
    "Vulnerable Groups": "vulnerable_groups",
    "VULNERABILITY": "vulnerability",
    "Institutional": "institutional",
    "Infrastructure": "infrastructure",
    "LACK OF COPING CAPACITY": "coping",
    "INFORM RISK": "risk",
}


@pytest.fixture(scope="module")
def published(shared_data: Path) -> pd.DataFrame:
    path = shared_data / "risk" / "inform" / "inform_gri_2020_v040.csv"
    return pd.read_csv(path, encoding="latin-1", na_values=["x"]).set_index("ISO3")


def _components(published):
    return published.rename(columns=LEAVES)[list(LEAVES.values())]


def _rebuilt(published, **options):
    chosen = {"normalise": "goalposts", "scale": 10, "known_share": 0, "decimals": 1} | options
    return composite_index(_components(published), read_tree("inform2020"), **chosen)


def test_every_published_node_is_rebuilt_for_all_countries(published):
    rebuilt = _rebuilt(published)
    assert len(published) == 191
    assert published[list(LEAVES)].isna().to_numpy().sum() > 0  # the rule of the missing is exercised
    for column, node in NODES.items():
        pd.testing.assert_series_equal(rebuilt[node], published[column], check_names=False, rtol=0, atol=1e-9)


def test_published_class_and_rank_follow(published):
    risk = _rebuilt(published)["risk"]
    found = classify(risk, class_limits("inform2020"))
    assert found.tolist() == published["RISK CLASS"].tolist()
    assert risk.rank(ascending=False, method="min").astype(int).tolist() == published["Rank"].tolist()


def _human(published):
    """The published rule below the tree: current conflict where it is 5 or more, else 0.7 x projected conflict."""
    current = published["Current Highly Violent Conflict Intensity"]
    return current.where(current >= 5, 0.7 * published["Projected Conflict Risk"])


def test_human_hazard_follows_its_rule(published):
    rounded = np.floor(_human(published) * 10 + 0.5 + 1e-9) / 10
    pd.testing.assert_series_equal(rounded, published["Human"], check_names=False, rtol=0, atol=1e-9)


def test_rounding_at_every_level_is_what_makes_it_exact(published):
    exact = published.assign(Human=_human(published))
    unrounded = _rebuilt(exact, decimals=None)["risk"]
    agree = ((unrounded - published["INFORM RISK"]).abs() <= 0.05 + 1e-9).sum()
    assert agree == 147  # of 191, as counted in a study of the published file that did not use this code


def test_limits_of_another_edition_give_other_classes(published):
    risk = published["INFORM RISK"]
    found = classify(risk, class_limits("inform2025"))
    # The four limits moved from 2.0, 3.5, 5.0, 6.5 to 2.2, 3.2, 5.1, 6.9: these bands change class, and no other.
    bands = ((2.0, 2.2), (3.2, 3.5), (5.0, 5.1), (6.5, 6.9))
    moved = np.logical_or.reduce([(risk >= low) & (risk < high) for low, high in bands])
    assert ((found != published["RISK CLASS"]).to_numpy() == moved).all()
    assert moved.any()
