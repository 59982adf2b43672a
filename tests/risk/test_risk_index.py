# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from homeground.errors import DataError
from homeground.risk import classify, composite_index, rank_robustness, reliability
from homeground.risk.index import round_half_up, why_missing
from homeground.risk.normalisation import NORMALISATIONS, ranks
from homeground.risk.tree import AGGREGATIONS, build_tree, read_tree


def tree(top="arithmetic", low="arithmetic"):
    """risk = (dry, harm); harm = (poor, schooling reversed), weights 1 and 3."""
    return pd.DataFrame(
        {
            "node": ["risk", "dry", "harm", "poor", "schooling"],
            "parent": ["", "risk", "risk", "harm", "harm"],
            "weight": [1, 1, 1, 1, 3],
            "direction": [None, 1, None, 1, -1],
            "aggregation": [top, "", low, "", ""],
            "goalpost_low": [None, 0, None, 0, 0],
            "goalpost_high": [None, 10, None, 40, 100],
        }
    )


UNITS = pd.DataFrame(
    {"dry": [0.0, 5.0, 10.0, 2.5], "poor": [10.0, 30.0, 20.0, 10.0], "schooling": [90.0, 40.0, 65.0, 90.0]},
    index=list("abcd"),
)


def test_minmax_and_arithmetic_by_hand():
    found = composite_index(UNITS, tree())
    assert found["dry"].tolist() == [0, 50, 100, 25]
    assert found["poor"].tolist() == [0, 100, 50, 0]
    assert found["schooling"].tolist() == [0, 100, 50, 0]
    assert found["harm"].tolist() == [0, 100, 50, 0]
    assert found["risk"].tolist() == [0, 75, 75, 12.5]
    assert list(found.columns[:5]) == ["dry", "poor", "schooling", "harm", "risk"]
    assert (found["risk_known"] == 1).all()


def test_goalposts_are_kept_and_cut():
    units = pd.DataFrame({"dry": [-3.0, 4.0, 12.0], "poor": [10.0, 20.0, 50.0], "schooling": [50.0, 25.0, 120.0]})
    found = composite_index(units, tree(), normalise="goalposts")
    assert found["dry"].tolist() == [0, 40, 100]
    assert found["poor"].tolist() == [25, 50, 100]
    assert found["schooling"].tolist() == [50, 75, 0]


def test_mixed_takes_goalposts_where_there_are_any():
    some = tree()
    some.loc[some["node"] == "poor", ["goalpost_low", "goalpost_high"]] = np.nan
    found = composite_index(UNITS, some, normalise="mixed")
    assert found["poor"].tolist() == [0, 100, 50, 0]
    assert found["schooling"].tolist() == pytest.approx([10, 60, 35, 10])
    with pytest.raises(DataError, match="poor has no goalposts"):
        composite_index(UNITS, some, normalise="goalposts")


def test_ranks_and_z_scores_by_hand():
    found = composite_index(UNITS, tree(), normalise="rank")
    assert found["dry"].tolist() == pytest.approx([0, 200 / 3, 100, 100 / 3])
    assert found["poor"].tolist() == pytest.approx([0, 100, 200 / 3, 0])  # a tie shares the lowest place
    z = composite_index(UNITS, tree(), normalise="zscore")["dry"]
    deviation = math.sqrt(sum((x - 4.375) ** 2 for x in (0, 5, 10, 2.5)) / 3)
    assert z.tolist() == pytest.approx([50 + 100 * (x - 4.375) / deviation / 6 for x in (0, 5, 10, 2.5)])


def test_geometric_means_by_hand():
    found = composite_index(UNITS, tree("geometric", "geometric"))
    assert found["risk"].tolist() == pytest.approx([0, math.sqrt(50 * 100), math.sqrt(100 * 50), 0])
    scaled = composite_index(UNITS, tree("scaled_geometric"), scale=10)["risk"]
    # b: scores 5 and 10: (10 - sqrt(5.5 * 1)) / 9 * 10
    assert scaled["b"] == pytest.approx((10 - math.sqrt(5.5)) / 9 * 10)
    assert scaled["a"] == 0


def test_one_mean_can_replace_all():
    found = composite_index(UNITS, tree("geometric", "scaled_geometric"), aggregate="arithmetic")
    pd.testing.assert_frame_equal(found, composite_index(UNITS, tree()))


def test_planted_missing_values_follow_the_rule():
    units = UNITS.copy()
    units.loc["b", "schooling"] = np.nan  # three quarters of harm
    units.loc["c", "poor"] = np.nan  # one quarter of harm
    units.loc["d", ["dry", "poor"]] = np.nan
    found = composite_index(units, tree())
    assert math.isnan(found.loc["b", "harm"])
    assert math.isnan(found.loc["b", "risk"])  # half of the weight is known, but what harm is, is not
    assert found.loc["b", "risk_known"] == 0.5  # what is known of harm did not enter
    assert found.loc["c", "harm"] == 100 * (90 - 65) / (90 - 65)  # schooling alone, over those known
    assert found.loc["c", "risk_known"] == pytest.approx((1 + 0.75) / 2)
    assert found.loc["d", "harm"] == 0
    assert math.isnan(found.loc["d", "risk"])  # harm is known, but three eighths of the whole is too little
    assert found.loc["d", "risk_known"] == pytest.approx(0.375)
    assert why_missing(found[["dry", "poor", "schooling"]].notna().to_numpy(), build_tree(tree()), 0.5) == [
        {},
        {"harm": 0.25},
        {},
        {"risk": 0.375},
    ]
    strict = composite_index(units, tree(), known_share=0.6)
    assert strict["risk"].notna().tolist() == [True, False, True, False]
    lenient = composite_index(units, tree(), known_share=0)
    assert lenient.loc["b", "harm"] == lenient.loc["b", "poor"] == 100
    nothing = composite_index(UNITS * np.nan, tree(), known_share=0)
    assert nothing["risk"].isna().all()


def test_a_node_is_known_by_what_is_known_below_it():
    # Eritrea: no figure of agriculture, none of people displaced inside; refugees alone are a half of a half of
    # vulnerability. A half of displacement is known, and displacement is a half: but a quarter is no half.
    table = read_tree("land_people")
    leaves = table.loc[table["direction"].notna(), "node"]
    units = pd.DataFrame({leaf: [0.2, 0.4, 0.6] for leaf in leaves}, index=["SEN", "ERI", "DJI"])
    units.loc["ERI", ["agriculture", "displaced_inside"]] = np.nan
    units.loc["DJI", "displaced_inside"] = np.nan  # three quarters of vulnerability
    found = composite_index(units, table, normalise="mixed")
    assert found["displacement"].notna().all()
    assert found["vulnerability"].isna().tolist() == [False, True, False]
    assert found["risk"].isna().tolist() == [False, True, False]
    assert found["displacement_known"].tolist() == [1, 0.5, 0.5]
    assert found["vulnerability_known"].tolist() == [1, 0.25, 0.75]
    assert found["risk_known"].tolist() == pytest.approx([1, 2 / 3, 11 / 12])
    drawn = rank_robustness(units, table, draws=90, seed=1, groups=pd.Series(units.index))
    assert drawn["rank_median"].isna().tolist() == [False, True, False]
    assert drawn["rank"].max() == 2  # one without an index does not push the others about
    kinds = dict.fromkeys(leaves, "observed")
    basis = reliability(units, table, kinds=kinds)["no_index"]
    assert basis.tolist() == ["", "vulnerability: 25 %", ""]


def test_an_indicator_that_is_the_same_everywhere_orders_nobody():
    found = composite_index(UNITS.assign(dry=7.0), tree())
    assert found["dry"].tolist() == [50] * 4
    assert composite_index(UNITS.iloc[:1], tree(), normalise="rank")["risk"].tolist() == [50]


@pytest.mark.parametrize("normalise", ["minmax", "rank", "zscore", "mixed"])
def test_an_indicator_that_differs_by_rounding_only_orders_nobody(normalise):
    some = tree().assign(goalpost_low=np.nan, goalpost_high=np.nan)
    found = composite_index(UNITS.assign(dry=[0.1 + 0.2, 0.3, 0.6 / 2, 3 * 0.1]), some, normalise=normalise)
    assert found["dry"].tolist() == [50] * 4
    small = composite_index(UNITS.assign(dry=[0.3, 0.3 + 1e-9, 0.3, 0.3]), some, normalise="minmax")
    assert small["dry"].tolist() == [0, 100, 0, 0]  # small, but no rounding


def test_units_that_differ_by_rounding_only_share_a_place():
    assert ranks(np.array([0.1 + 0.2, 0.3, 0.4, 0.1])).tolist() == [2, 2, 4, 1]
    third = np.float32(1) / np.float32(3)
    assert ranks(np.array([third * 100, np.float32(100) / 3, 50], np.float32)).tolist() == [1, 1, 3]


def test_logarithm_of_skewed_indicators():
    table = tree().assign(transform=["", "log1p", "", "", ""])
    units = UNITS.assign(dry=[0.0, 9.0, 99.0, 0.0])
    assert composite_index(units, table)["dry"].tolist() == pytest.approx([0, 50, 100, 0])
    with pytest.raises(DataError, match="dry is below 0"):
        composite_index(UNITS.assign(dry=-1.0), table)


def test_all_faults_of_the_indicators_in_one_error():
    units = pd.DataFrame({"dry": ["much"], "poor": [math.inf]})
    with pytest.raises(DataError) as error:
        composite_index(units, tree())
    for part in ("schooling", "dry holds text", "poor holds infinite"):
        assert part in str(error.value)


@pytest.mark.parametrize(
    ("options", "word"),
    [({"normalise": "borda"}, "minmax"), ({"aggregate": "median"}, "scaled_geometric"), ({"known_share": 2}, "0 to 1")],
)
def test_unknown_choices_are_refused(options, word):
    with pytest.raises(DataError, match=word):
        composite_index(UNITS, tree(), **options)


def test_halves_go_up_as_in_a_spreadsheet():
    assert round_half_up(np.array([0.05, 0.15, 2.25, 3.35, 1.0049]), 1).tolist() == [0.1, 0.2, 2.3, 3.4, 1.0]


def test_classes_start_at_their_limit_and_nan_has_none():
    found = classify(pd.Series([np.nan, 1.99, 2.0, -1.0]), {"low": 0.0, "high": 2.0})
    assert found.isna().tolist() == [True, False, False, True]
    assert found[[1, 2]].tolist() == ["low", "high"]
    tenths = pd.Series([0.1 + 0.7, 0.8, 0.79])  # 0.1 + 0.7 is 0.7999999999999999
    assert classify(tenths, {"low": 0.0, "high": 0.8}).tolist() == ["high", "high", "low"]
    with pytest.raises(DataError, match="rise"):
        classify(pd.Series([1.0]), {"b": 2.0, "a": 1.0})


def test_places_with_ties():
    assert ranks(np.array([[3.0, 1.0, 3.0, 2.0, 1.0]])).tolist() == [[4, 1, 4, 3, 1]]


SCORES = arrays(np.float64, (6, 3), elements=st.floats(0, 100, width=32))


@given(
    values=SCORES,
    unit=st.integers(0, 5),
    column=st.integers(0, 2),
    rise=st.floats(0, 200, width=32),
    normalise=st.sampled_from(NORMALISATIONS),
    aggregate=st.sampled_from((None, *AGGREGATIONS)),
    known=arrays(np.bool_, (6, 3)),
)
def test_more_harm_never_lowers_the_index_of_a_unit(values, unit, column, rise, normalise, aggregate, known):
    known[unit, column] = True
    names = ["dry", "poor", "schooling"]
    before = pd.DataFrame(np.where(known, values, np.nan), columns=names)
    after = before.copy()
    after.iloc[unit, column] += -rise if names[column] == "schooling" else rise
    table = tree("geometric", "scaled_geometric")
    options = {"normalise": normalise, "aggregate": aggregate, "known_share": 0}
    first, second = (composite_index(x, table, **options)["risk"].iloc[unit] for x in (before, after))
    assert second >= first - 1e-6


@given(values=SCORES, normalise=st.sampled_from(NORMALISATIONS), aggregate=st.sampled_from((None, *AGGREGATIONS)))
def test_scores_stay_on_the_scale_and_units_in_any_order_are_the_same(values, normalise, aggregate):
    units = pd.DataFrame(values, columns=["dry", "poor", "schooling"])
    table = tree("geometric", "scaled_geometric")
    found = composite_index(units, table, normalise=normalise, aggregate=aggregate)
    assert found.to_numpy().min() >= -1e-9
    assert found.to_numpy().max() <= 100 + 1e-9
    turned = composite_index(units[::-1], table, normalise=normalise, aggregate=aggregate)[::-1]
    np.testing.assert_allclose(found, turned, atol=1e-6)


def slow_index(units, table):
    """The slow obvious twin: one unit, one node after the other, min-max, in plain Python."""
    rows = {row["node"]: row for row in table.to_dict(orient="records")}

    def known(name, unit):
        parts = [child for child in rows if rows[child]["parent"] == name]
        if not parts:
            return 0.0 if math.isnan(units.loc[unit, name]) else 1.0
        entered = [(rows[part]["weight"], known(part, unit) * (score(part, unit) is not None)) for part in parts]
        return sum(w * share for w, share in entered) / sum(w for w, _ in entered)

    def score(name, unit):
        parts = [child for child in rows if rows[child]["parent"] == name]
        if not parts:
            x = units.loc[unit, name]
            if math.isnan(x):
                return None
            low, high = units[name].min(), units[name].max()
            share = 0.5 if low == high else (x - low) / (high - low)
            return 100 * (1 - share if rows[name]["direction"] < 0 else share)
        found = [(rows[child]["weight"], score(child, unit)) for child in parts]
        there = [(w, s) for w, s in found if s is not None]
        if known(name, unit) < 0.5 or (name == "risk" and known("harm", unit) < 0.5):
            return None
        total = sum(w for w, _ in there)
        if rows[name]["aggregation"] == "arithmetic":
            return sum(w * s for w, s in there) / total
        if rows[name]["aggregation"] == "geometric":
            return math.prod(s ** (w / total) for w, s in there)
        return (10 - math.prod((9 * (100 - s) / 100 + 1) ** (w / total) for w, s in there)) * 100 / 9

    return [score("risk", unit) for unit in units.index]


@given(
    values=SCORES,
    known=arrays(np.bool_, (6, 3)),
    top=st.sampled_from(AGGREGATIONS),
    low=st.sampled_from(AGGREGATIONS),
)
def test_the_slow_twin_agrees(values, known, top, low):
    units = pd.DataFrame(np.where(known, np.round(values, 3), np.nan), columns=["dry", "poor", "schooling"])
    table = tree(top, low)
    expected = [math.nan if s is None else s for s in slow_index(units, table)]
    np.testing.assert_allclose(composite_index(units, table)["risk"], expected, atol=1e-6)
