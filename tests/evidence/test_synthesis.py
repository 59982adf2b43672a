# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.evidence import check_effects, forest, one_per_study, pool, reml, synthesise
from homeground.evidence.effects import COLUMNS

ROW = dict.fromkeys(COLUMNS, "") | {
    "study": "A study",
    "driver": "drought",
    "driver_direction": "more",
    "outcome": "internal",
    "metric": "standardised_beta",
    "contrast": "1 SD",
    "standard_error": "0.1",
    "stance": "environment",
    "evidence_level": "3",
    "use_for_pooling": "yes",
}


def rows(*changes, n=None, **same):
    """Checked effects: one per dict of changes, or n that differ in their study only."""
    changes = changes or [{"estimate": str(0.1 * (i + 1))} for i in range(n)]
    made = [
        ROW | {"effect_id": f"e{i}", "cluster": f"c{i}"} | same | {k: str(v) for k, v in change.items()}
        for i, change in enumerate(changes)
    ]
    return check_effects(pd.DataFrame(made))


# ---- by hand


def test_pool_by_hand_with_equal_variances():
    # y = 1, 2, 3, 4, 5 with v = 0.5: sample variance 2.5, so tau2 = 2.0; all weights 1 / 2.5 = 0.4.
    found = pool([1, 2, 3, 4, 5], [0.5] * 5)
    assert found.tau2 == pytest.approx(2.0, abs=1e-9)
    assert found.estimate == pytest.approx(3.0)
    # Hartung-Knapp factor = 0.4 * 10 / 4 = 1, se = sqrt(1 / 2) = 0.70711; t(4) = 2.776445, t(3) = 3.182446 (tables).
    assert found.standard_error == pytest.approx(0.7071068)
    assert (found.ci_low, found.ci_high) == pytest.approx((3 - 1.963243, 3 + 1.963243), abs=1e-5)
    assert (found.ci_df, found.prediction_df) == (4, 3)
    # A new study: t(3) times the root of 2 + 0.5, that is 3.182446 * 1.581139.
    assert (found.prediction_low, found.prediction_high) == pytest.approx((-2.031889, 8.031889), abs=1e-5)
    # Q = 10 / 0.5 = 20 on 4 degrees of freedom; typical variance 0.5, I2 = 2 / 2.5 = 80 %
    assert (found.q, found.i2) == pytest.approx((20.0, 80.0))
    assert found.q_p == pytest.approx(4.994e-4, rel=1e-3)  # chi-square(4): exp(-10) * (1 + 10)


def test_safeguard_keeps_the_interval_from_vanishing():
    same = [0.2] * 6
    assert pool(same, [0.04] * 6, safeguard=False).standard_error == 0.0
    assert pool(same, [0.04] * 6).standard_error == pytest.approx((0.04 / 6) ** 0.5)
    # The safeguard changes nothing where the studies differ by more than their errors.
    apart = [0.0, 1.0, 2.0, 5.0]
    assert pool(apart, [0.1] * 4) == pool(apart, [0.1] * 4, safeguard=False)


def test_one_per_study_by_hand():
    # m = 2, se 0.1 and 0.3: rho 1 -> (0.4 / 2); rho 0 -> sqrt(0.01 + 0.09) / 2; rho 0.5 -> sqrt(0.1 + 0.03) / 2
    assert one_per_study([0.2, 0.4], [0.1, 0.3])[1] == pytest.approx(0.2)
    assert one_per_study([0.2, 0.4], [0.1, 0.3], rho=0)[1] == pytest.approx(0.1**0.5 / 2)
    assert one_per_study([0.2, 0.4], [0.1, 0.3], rho=0.5)[1] == pytest.approx(0.13**0.5 / 2)
    assert one_per_study([0.7], [0.3]) == (0.7, 0.3)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: reml([1.0], [1.0]), "Two or more"),
        (lambda: reml([1.0, np.nan], [1.0, 1.0]), "finite"),
        (lambda: reml([1.0, 2.0], [1.0, 0.0]), "above zero"),
        (lambda: pool([1.0, 2.0], [1.0, 1.0]), "three studies"),
        (lambda: one_per_study([1.0], [np.nan]), "standard error above zero"),
        (lambda: one_per_study([1.0], [1.0], rho=1.5), "0 to 1"),
        (lambda: synthesise(rows(n=6), min_studies=4), "fewer than 5"),
        (lambda: synthesise(rows(n=6).assign(metric="")), "without a metric: e0, e1"),
    ],
)
def test_bad_input_is_refused(call, match):
    with pytest.raises(DataError, match=match):
        call()


# ---- the rule of five


def test_five_independent_studies_are_pooled_and_four_are_not():
    five = synthesise(rows(n=5)).iloc[0]
    assert five["pooled"]
    assert (five["reason"], five["studies_with_error"]) == ("", 5)
    assert five["estimate"] == pytest.approx(0.3)
    assert (five["ci_df"], five["prediction_df"]) == (4, 3)
    four = synthesise(rows(n=4)).iloc[0]
    assert not four["pooled"]
    assert (four["reason"], four["studies_with_error"]) == ("few_errors", 4)
    assert four[["estimate", "ci_low", "ci_df", "prediction_high", "prediction_df", "tau2"]].isna().all()


@pytest.mark.parametrize(("k", "t_mean", "t_new"), [(5, 2.776, 3.182), (6, 2.571, 2.776), (12, 2.201, 2.228)])
def test_the_degrees_of_freedom_named_are_those_used(k, t_mean, t_new):
    """Quantiles of t at 97.5 %, as printed in every table: 3: 3.182, 4: 2.776, 5: 2.571, 10: 2.228, 11: 2.201."""
    found = pool(np.arange(k), [0.5] * k)
    error, spread = found.standard_error, (found.tau2 + found.standard_error**2) ** 0.5
    assert (found.ci_high - found.estimate) / error == pytest.approx(t_mean, abs=5e-4)
    assert (found.prediction_high - found.estimate) / spread == pytest.approx(t_new, abs=5e-4)
    assert (found.ci_df, found.prediction_df) == (k - 1, k - 2)


def test_the_rule_can_be_made_stricter():
    assert not synthesise(rows(n=5), min_studies=6)["pooled"].item()


@pytest.mark.parametrize("hole", [{"standard_error": ""}, {"estimate": "", "metric": "sign_only", "sign": "+"}])
def test_a_study_without_an_error_or_a_number_does_not_count(hole):
    changes = [{"estimate": 0.1 * (i + 1)} for i in range(5)]
    changes[2] |= hole
    found = synthesise(rows(*changes))
    assert not found["pooled"].any()
    assert found["effects"].sum() == 5  # shown all the same


def test_several_effects_of_one_study_count_once():
    changes = [{"estimate": 0.1 * (i + 1), "cluster": f"c{i % 4}"} for i in range(12)]
    found = synthesise(rows(*changes)).iloc[0]
    assert (found["pooled"], found["effects"], found["studies"]) == (False, 12, 4)


def test_repeating_a_study_gains_it_no_precision():
    plain = rows(n=5)
    again = pd.concat([plain, plain.assign(effect_id=plain["effect_id"] + "b")], ignore_index=True)
    names = ["estimate", "standard_error", "tau2", "prediction_low"]
    assert synthesise(again)[names].iloc[0].tolist() == pytest.approx(synthesise(plain)[names].iloc[0].tolist())


def test_rows_marked_as_not_independent_stay_out():
    changes = [{"estimate": 0.1, "use_for_pooling": "no" if i == 0 else "yes"} for i in range(5)]
    found = synthesise(rows(*changes)).iloc[0]
    assert (found["reason"], found["studies_with_error"]) == ("few_errors", 4)


# ---- what is never merged


def test_rain_is_never_merged_with_drought_nor_more_with_less():
    kinds = [("drought", "more"), ("rain", "more"), ("rain", "less"), ("land degradation", "more")]
    changes = [
        {"driver": d, "driver_direction": way, "estimate": 0.1, "cluster": f"{d}{way}{i}"}
        for d, way in kinds
        for i in range(3)
    ]
    found = synthesise(rows(*changes))
    assert len(found) == 4
    assert (found["effects"] == 3).all()
    assert not found["pooled"].any()


@pytest.mark.parametrize("column", ["outcome", "metric", "contrast", "stance"])
def test_another_outcome_metric_contrast_or_stance_is_another_group(column):
    other = {"outcome": "net", "metric": "elasticity", "contrast": "1 SD anomaly", "stance": "reverse"}[column]
    changes = [{"estimate": 0.1} | ({column: other} if i > 2 else {}) for i in range(6)]
    found = synthesise(rows(*changes))
    assert sorted(found["effects"]) == [3, 3]


def test_one_effect_of_drought_and_degradation_together_is_refused():
    with pytest.raises(DataError, match="share one effect: e0"):
        rows({"driver": "drought and land degradation", "estimate": 1})


@pytest.mark.parametrize(
    ("same", "why"),
    [
        ({"metric": "odds_ratio"}, "ratios"),
        ({"contrast": "as worded"}, "own_amount"),
        ({"standard_error": ""}, "few_errors"),
        ({"metric": "sign_only", "estimate": "", "sign": "+", "standard_error": ""}, "no_coefficient"),
    ],
)
def test_the_reason_is_stated(same, why):
    found = synthesise(rows(*[{"estimate": 1.5} | same for _ in range(6)])).iloc[0]
    assert not found["pooled"]
    assert found["reason"] == why


def test_moderators_are_not_effects():
    assert synthesise(rows(n=6, moderator="share of low-income origins")).empty


def test_forest_says_why_a_line_has_no_interval():
    table = rows(
        {"estimate": 0.5, "year_published": 2020},
        {"estimate": 0.4, "standard_error": "", "year_published": 2018},
        {"estimate": "", "metric": "sign_only", "sign": "-", "standard_error": ""},
        {"estimate": 0.3, "standard_error": "", "ci_low": 0.1, "ci_high": 0.6, "year_published": 2019},
    )
    lines = forest(table)
    assert lines["effect_id"].tolist() == ["e1", "e3", "e0", "e2"]
    assert lines["interval_note"].tolist() == [
        "the text seen prints no interval",
        "",
        "",
        "the text seen prints no coefficient",
    ]
    assert lines.loc[2, ["low", "high"]].tolist() == pytest.approx([0.5 - 0.1959964, 0.5 + 0.1959964])
    assert lines.loc[1, ["low", "high"]].tolist() == pytest.approx([0.1, 0.6])


# ---- what must hold for any studies

studies = st.integers(3, 9).flatmap(
    lambda k: st.tuples(
        st.lists(st.floats(-5, 5), min_size=k, max_size=k),
        st.lists(st.floats(0.01, 4), min_size=k, max_size=k),
    )
)


def restricted_likelihood(tau2, y, v):
    """The restricted likelihood in matrix form, apart from its constant (not the code's own sums)."""
    sigma = np.diag(v + tau2)
    ones = np.ones((len(y), 1))
    inverse = np.linalg.inv(sigma)
    middle = ones.T @ inverse @ ones
    residual = inverse - inverse @ ones @ np.linalg.inv(middle) @ ones.T @ inverse
    return -0.5 * (np.linalg.slogdet(sigma)[1] + np.linalg.slogdet(middle)[1] + y @ residual @ y)


@settings(deadline=None, max_examples=60)
@given(studies)
def test_tau2_is_the_peak_of_the_restricted_likelihood(data):
    y, v = (np.array(part) for part in data)
    tau2 = reml(y, v)
    assert tau2 >= 0
    found = restricted_likelihood(tau2, y, v)
    for other in [0.0, *np.geomspace(1e-4, 100, 60)]:
        assert restricted_likelihood(other, y, v) <= found + 1e-6


@settings(deadline=None, max_examples=60)
@given(studies, st.floats(-10, 10), st.sampled_from([0.1, 3.0]))
def test_shifting_shifts_and_scaling_scales(data, shift, scale):
    y, v = (np.array(part) for part in data)
    plain, moved = pool(y, v), pool(y * scale + shift, v * scale**2)
    assert moved.tau2 == pytest.approx(plain.tau2 * scale**2, rel=1e-4, abs=1e-6)
    assert moved.estimate == pytest.approx(plain.estimate * scale + shift, rel=1e-4, abs=1e-4)
    assert moved.ci_high - moved.ci_low == pytest.approx(scale * (plain.ci_high - plain.ci_low), rel=1e-3)
    assert moved.prediction_low <= moved.ci_low <= moved.estimate <= moved.ci_high <= moved.prediction_high


@settings(deadline=None, max_examples=40)
@given(st.floats(-3, 3), st.lists(st.floats(0.01, 4), min_size=3, max_size=8))
def test_studies_that_agree_give_the_fixed_effect(value, variances):
    found = pool([value] * len(variances), variances)
    assert found.tau2 == 0.0
    assert found.estimate == pytest.approx(value)
    assert found.standard_error == pytest.approx(np.sum(1 / np.array(variances)) ** -0.5)
    assert found.i2 == 0.0
