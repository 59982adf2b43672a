# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.risk import composite_index, rank_robustness
from homeground.risk.robustness import _between, weight_draws
from homeground.risk.tree import build_tree

NAMES = ["dry", "poor", "schooling"]


def tree(**columns):
    table = {
        "node": ["risk", "dry", "harm", "poor", "schooling"],
        "parent": ["", "risk", "risk", "harm", "harm"],
        "weight": [1, 1, 1, 1, 3],
        "direction": [None, 1, None, 1, -1],
        "aggregation": ["geometric", "", "arithmetic", "", ""],
    }
    return pd.DataFrame(table | columns)


def units(n=12, seed=3):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(rng.uniform(1, 9, (n, 3)), columns=NAMES, index=[f"u{i}" for i in range(n)])


def ends(table, width=0.2):
    return table * (1 - width), table * (1 + width)


METHODS = {"normalisations": ("minmax", "rank"), "aggregations": (None, "arithmetic")}


def test_without_anything_that_varies_all_draws_are_the_index():
    x = units()
    found = rank_robustness(
        x, tree(), seed=1, draws=20, weights="fixed", normalisations=("minmax",), aggregations=(None,), classes=4
    )
    index = composite_index(x, tree())["risk"]
    for column in ("index", "index_low", "index_median", "index_high"):
        np.testing.assert_allclose(found[column], index, rtol=1e-5)
    rank = index.rank(ascending=False, method="min")
    for column in ("rank", "rank_low", "rank_median", "rank_high"):
        assert found[column].tolist() == rank.tolist()
    assert found["class"].tolist() == [4 - math.ceil(r / 3) + 1 for r in rank]
    assert (found["class_probability"] == 1).all()
    assert found["effective_classes"].tolist() == pytest.approx([1] * 12)


def test_methods_share_the_draws_evenly_and_the_slow_twin_agrees():
    x = units()
    found = rank_robustness(x, tree(), seed=1, draws=40, weights="fixed", classes=3, **METHODS)
    variants = [
        composite_index(x, tree(), normalise=how, aggregate=mean)["risk"]
        for how in METHODS["normalisations"]
        for mean in METHODS["aggregations"]
    ]
    for unit in x.index:
        places = [int(v.rank(ascending=False, method="min")[unit]) for v in variants]
        classes = [1 + int(v.rank(method="min")[unit] - 1) * 3 // 12 for v in variants]
        most = max(statistics.multimode(classes))
        share = classes.count(most) / 4
        assert found.loc[unit, "rank_low"] == min(places)
        assert found.loc[unit, "rank_high"] == max(places)
        assert found.loc[unit, "rank_median"] == sorted(places)[1]  # the lower of the two in the middle
        assert found.loc[unit, "class"] == most
        assert found.loc[unit, "class_probability"] == share
        spread = [classes.count(k) / 4 for k in set(classes)]
        assert found.loc[unit, "effective_classes"] == pytest.approx(math.exp(-sum(p * math.log(p) for p in spread)))


def test_the_slow_twin_agrees_with_drawn_weights_and_inputs():
    """The documented order of the random numbers, used one draw and one unit at a time."""
    x, draws = units(6), 32
    low, high = ends(x[["dry", "schooling"]])
    x.iloc[2, 0] = np.nan
    found = rank_robustness(
        x, tree(), seed=9, draws=draws, indicator_intervals=(low, high), classes=[30.0, 60.0], **METHODS
    )
    first, second = np.random.SeedSequence(9).spawn(2)
    sampled = weight_draws(build_tree(tree()), draws, "dirichlet", 0.25, np.random.default_rng(first))
    uniform = np.random.default_rng(second).random((draws, 2, 6), dtype=np.float32)  # draw, moving leaf, unit
    pool = sorted(x["dry"].dropna())
    scores = np.empty((draws, 6))
    for d in range(draws):
        drawn = x.copy()
        for column, name in enumerate(("dry", "schooling")):
            for i, unit in enumerate(x.index):
                u = float(uniform[d, column, i])
                if math.isnan(x.loc[unit, name]):
                    drawn.loc[unit, name] = pool[int(u * len(pool))]
                    continue
                a, m, b = low.loc[unit, name], x.loc[unit, name], high.loc[unit, name]
                if u < (m - a) / (b - a):
                    drawn.loc[unit, name] = a + math.sqrt(u * (b - a) * (m - a))
                else:
                    drawn.loc[unit, name] = b - math.sqrt((1 - u) * (b - a) * (b - m))
        pair = d // 8  # four pairs of methods, eight draws each
        table = tree()
        table["weight"] = [1.0, sampled[1][d, 0], sampled[1][d, 1], sampled[0][d, 0], sampled[0][d, 1]]
        how, mean = METHODS["normalisations"][pair // 2], METHODS["aggregations"][pair % 2]
        scores[d] = composite_index(drawn, table, normalise=how, aggregate=mean)["risk"]
    np.testing.assert_allclose(found["index_median"], np.quantile(scores, 0.5, axis=0), atol=2e-3)
    np.testing.assert_allclose(found["index_high"], np.quantile(scores, 0.95, axis=0), atol=2e-3)
    member = 1 + (scores >= 30).astype(int) + (scores >= 60)
    share = np.array([[(member[:, i] == k).mean() for k in (1, 2, 3)] for i in range(6)])
    np.testing.assert_allclose(found["class_probability"], share.max(axis=1), atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), block=st.integers(1, 60), known=st.integers(0, 6))
def test_any_block_gives_the_same_and_the_median_lies_in_its_interval(seed, block, known):
    x = units(8, seed % 1000)
    x.iloc[:known, 1] = np.nan
    options = {"seed": seed, "draws": 50, "indicator_intervals": ends(x), "classes": 3} | METHODS
    whole = rank_robustness(x, tree(), **options)
    pd.testing.assert_frame_equal(whole, rank_robustness(x, tree(), block=block, **options))
    for name in ("rank", "index"):
        assert (whole[f"{name}_low"] <= whole[f"{name}_median"]).all()
        assert (whole[f"{name}_median"] <= whole[f"{name}_high"]).all()
    assert whole["class"].between(1, 3).all()
    assert (whole["class_probability"] >= 1 / 3 - 1e-9).all()
    assert whole["effective_classes"].between(1 - 1e-9, 3 + 1e-9).all()


def test_equal_seeds_agree_and_others_do_not():
    x = units()
    first = rank_robustness(x, tree(), seed=5, draws=200)
    pd.testing.assert_frame_equal(first, rank_robustness(x, tree(), seed=5, draws=200))
    assert not first["index_low"].equals(rank_robustness(x, tree(), seed=6, draws=200)["index_low"])


@pytest.mark.parametrize("how", ["dirichlet", "uniform"])
def test_drawn_weights_sum_to_one_and_centre_on_the_tree(how):
    built = build_tree(tree())
    harm, risk = weight_draws(built, 40_000, how, 0.25, np.random.default_rng(1))
    assert [node.name for node in built.inner] == ["harm", "risk"]
    for drawn in (harm, risk):
        np.testing.assert_allclose(drawn.sum(axis=1), 1)
        assert (drawn > 0).all()
    assert harm.mean(axis=0) == pytest.approx([0.25, 0.75], abs=0.005)
    assert risk.mean(axis=0) == pytest.approx([0.5, 0.5], abs=0.005)
    if how == "dirichlet":  # two siblings of the same weight: standard deviation is a quarter of a half
        assert risk.std(axis=0) == pytest.approx([0.125, 0.125], rel=0.03)


@pytest.mark.parametrize("shape", ["triangular", "uniform"])
def test_inputs_are_drawn_within_their_interval_with_its_mean(shape):
    u = np.random.default_rng(2).random((200_000, 1, 1), dtype=np.float32)
    low, mode, high = (np.array([[v]], dtype=np.float32) for v in (2, 3, 8))
    drawn = _between(u, low, mode, high, shape)
    assert drawn.min() >= 2
    assert drawn.max() <= 8
    expected = (2 + 3 + 8) / 3 if shape == "triangular" else 5
    assert drawn.mean() == pytest.approx(expected, abs=0.01)
    assert _between(u[:5], mode, mode, mode, shape).ravel().tolist() == [3.0] * 5


def test_an_error_that_all_share_moves_no_rank_and_one_of_each_unit_does():
    x = units()
    low, high = ends(x[["dry"]], 0.5)
    rank_of = {
        "weights": "fixed",
        "normalisations": ("rank",),
        "aggregations": ("arithmetic",),
        "draws": 300,
        "seed": 4,
    }
    found = {}
    for errors in ("all", "unit"):
        table = tree(errors=["", errors, "", "", ""])
        found[errors] = rank_robustness(x, table, indicator_intervals=(low, high), **rank_of)
    assert (found["all"]["rank_low"] == found["all"]["rank_high"]).all()
    assert (found["unit"]["rank_low"] < found["unit"]["rank_high"]).any()


def test_units_of_a_group_share_their_error():
    x = units(6).assign(dry=[1.0, 1.1, 1.2, 1.0, 1.1, 1.2], poor=5.0, schooling=5.0)
    low, high = ends(x[["dry"]], 0.5)
    country = pd.Series(["A", "A", "A", "B", "B", "B"], index=x.index)
    table = tree(errors=["", "group", "", "", ""])
    options = {"indicator_intervals": (low, high), "seed": 4, "draws": 300, "weights": "fixed"}
    found = rank_robustness(x, table, groups=country, normalisations=("rank",), aggregations=("arithmetic",), **options)
    # Inside a country the order stands in every draw, so u2 is never behind both others.
    assert found.loc["u2", "rank_high"] <= 4
    assert found.loc["u0", "rank_low"] >= 3
    assert (found["rank_low"] < found["rank_high"]).all()
    with pytest.raises(DataError, match="give groups"):
        rank_robustness(x, table, **options)


def test_what_is_unknown_widens_the_interval_and_stays_unknown_outside():
    x = units()
    x.loc["u0", "dry"] = np.nan
    drawn = rank_robustness(x, tree(), seed=1, draws=900)
    left_out = rank_robustness(x, tree(), seed=1, draws=900, missing="left out")

    def width(table):
        return table.loc["u0", "rank_high"] - table.loc["u0", "rank_low"]

    assert width(drawn) > width(left_out)
    assert drawn.loc["u0", "known_share"] == 0.5
    assert drawn.loc["u0", "index"] == composite_index(x, tree()).loc["u0", "risk"]


def test_units_without_an_index_have_no_rank_and_do_not_push_the_others():
    x = units()
    gone = x.copy()
    gone.loc["u3"] = np.nan
    found = rank_robustness(gone, tree(), seed=1, draws=100)
    columns = ["index", "rank", "index_low", "rank_low", "rank_high", "class", "class_probability"]
    assert found.loc["u3", columns].isna().all()
    assert found.loc["u3", "known_share"] == 0
    others = rank_robustness(x.drop("u3"), tree(), seed=1, draws=100)
    pd.testing.assert_frame_equal(found.drop("u3"), others)
    assert rank_robustness(x * np.nan, tree(), seed=1, draws=20)["rank"].isna().all()


def test_ties_fall_into_the_lower_class():
    x = units().assign(dry=1.0, poor=1.0, schooling=1.0)
    found = rank_robustness(x, tree(), seed=1, draws=50)
    assert (found["class"] == 1).all()
    assert (found["rank_median"] == 1).all()


def test_more_risk_in_an_indicator_never_worsens_the_place_in_any_percentile():
    x = units()
    worse = x.copy()
    worse.loc["u5", "dry"] += 3
    options = {"seed": 2, "draws": 400}
    before, after = (rank_robustness(t, tree(), **options).loc["u5"] for t in (x, worse))
    for column in ("rank_low", "rank_median", "rank_high"):
        assert after[column] <= before[column]


def test_faulty_intervals_are_named_all_at_once():
    x = units()
    low, high = ends(x[["dry"]])
    low.loc["u4", "dry"] = x.loc["u4", "dry"] + 1
    with pytest.raises(DataError) as error:
        rank_robustness(
            x, tree(), seed=1, indicator_intervals=(low.assign(rain=1.0), high.assign(rain=2.0, poor=9.0)), draws=50
        )
    for part in ("rain", "u4", "poor has a low or a high end only"):
        assert part in str(error.value)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"draws": 3}, "fewer than the pairs"),
        ({"weights": "random"}, "dirichlet"),
        ({"weight_spread": 1.5}, "weight_spread"),
        ({"shape": "normal"}, "triangular"),
        ({"classes": 0}, "none"),
        ({"classes": [5.0, 2.0]}, "rise"),
        ({"missing": "zero"}, "left out"),
        ({"normalisations": ("minmax", "borda")}, "borda"),
        ({"aggregations": ()}, "at least one"),
    ],
)
def test_faulty_settings(options, word):
    with pytest.raises(DataError, match=word):
        rank_robustness(units(), tree(), **({"seed": 1} | options))
