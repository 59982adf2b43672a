# SPDX-License-Identifier: Apache-2.0
"""Areas from reference plots: the published example, cases on paper, and what must hold of any map and sample."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.land import area_from_sample, stratified_areas


def plots(*pairs):
    """Rows (class of the map, class seen, how many)."""
    return pd.DataFrame([(a, b) for a, b, n in pairs for _ in range(n)], columns=["map_class", "seen"])


def by_class(found):
    return found.areas.set_index("class")


# Olofsson et al. (2014), Remote Sensing of Environment 148, p. 54-55: table 8 and sections 5.2.1 and 5.2.2. The printed
# numbers are those that the tests of the R package drift (NewGraphEnvironment, tests of dft_accuracy_estimate) carry over
# from the article, page by page; the matrix and the areas stand in the examples of three other R packages too.
CLASSES = ["deforestation", "gain", "forest", "other"]
SEEN = [[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]]
PIXELS = [200_000, 150_000, 3_200_000, 6_450_000]
HA = 0.09  # of a pixel of 30 m


@pytest.fixture(scope="module")
def published():
    sample = plots(*((a, b, SEEN[i][j]) for i, a in enumerate(CLASSES) for j, b in enumerate(CLASSES)))
    return stratified_areas(pd.Series(np.array(PIXELS) * HA / 100, CLASSES), sample)


def test_the_published_areas_come_out_with_their_intervals(published):
    ha = by_class(published)[["estimated_km2", "estimated_km2_low", "estimated_km2_high"]].loc[CLASSES] * 100
    assert ha["estimated_km2"].round().tolist() == [21158, 11686, 285770, 581386]
    half = (ha["estimated_km2_high"] - ha["estimated_km2_low"]) / 2
    assert half.tolist() == pytest.approx([6158, 3756, 15510, 16282], abs=1)


def test_the_published_accuracies_come_out(published):
    table = by_class(published).loc[CLASSES].filter(like="accuracy") / 100
    assert table["users_accuracy"].round(2).tolist() == [0.88, 0.73, 0.93, 0.96]
    assert (table["users_accuracy_high"] - table["users_accuracy"]).round(2).tolist() == [0.07, 0.10, 0.04, 0.02]
    assert table["producers_accuracy"].round(2).tolist() == [0.75, 0.85, 0.93, 0.96]
    # Of gain and other land the article prints 0.23 and 0.01, which its own equation 7 does not give.
    half = (table["producers_accuracy"] - table["producers_accuracy_low"]).round(2)
    assert half[["deforestation", "forest"]].tolist() == [0.21, 0.03]
    right, low, high = (value / 100 for value in published.overall)
    assert (round(right, 2), round(right - low, 2), round(high - right, 2)) == (0.95, 0.02, 0.02)


def test_the_published_error_matrix_comes_out(published):
    table = published.matrix.pivot_table("area_km2", "map_class", "seen").loc[CLASSES, CLASSES] / 9000
    assert table.loc["deforestation"].round(4).tolist() == [0.0176, 0, 0.0013, 0.0011]
    assert table.loc["other"].round(4).tolist() == [0.0040, 0.0020, 0.0179, 0.6212]


def test_a_case_on_paper():
    """60 and 40 km2; of 4 plots one was seen otherwise, of 5 one.

    A: 60 x 3/4 + 40 x 1/5 = 53; variance 60^2 (3/16)/3 + 40^2 (4/25)/4 = 225 + 64 = 17^2. Right on 45 + 32 = 77 of 100,
    with the same variance. Producer's accuracy of A 45/53, variance (225 x (8/53)^2 + (45/53)^2 x 64) / 53^2.
    """
    sample = plots(("a", "a", 3), ("a", "b", 1), ("b", "b", 4), ("b", "a", 1))
    found = stratified_areas(pd.Series({"a": 60.0, "b": 40.0}), sample)
    a = by_class(found).loc["a"]
    assert (a["estimated_km2"], a["standard_error_km2"]) == pytest.approx((53, 17))
    assert (a["estimated_km2_low"], a["estimated_km2_high"]) == pytest.approx((53 - 33.32, 53 + 33.32))
    assert (a["users_accuracy"], a["users_accuracy_low"], a["users_accuracy_high"]) == pytest.approx((75, 26, 100))
    half = 196 * np.sqrt(144_000) / 53**2
    assert a["producers_accuracy"] == pytest.approx(100 * 45 / 53)
    assert a["producers_accuracy_low"] == pytest.approx(100 * 45 / 53 - half)
    assert found.overall == pytest.approx((77, 77 - 33.32, 100))
    assert (a["plots"], a["seen_plots"], a["reason"]) == (4, 4, "")


def test_a_class_that_is_seen_and_not_mapped_has_an_area():
    found = by_class(stratified_areas(pd.Series({"a": 60.0, "b": 0.0}), plots(("a", "a", 3), ("a", "c", 1))))
    assert found["estimated_km2"].to_dict() == pytest.approx({"a": 45.0, "b": 0.0, "c": 15.0})
    assert found["mapped_km2"].to_dict() == {"a": 60.0, "b": 0.0, "c": 0.0}
    assert found.loc["c", "producers_accuracy"] == 0  # none of it is mapped so
    assert np.isnan(found.loc["c", "users_accuracy"])
    assert np.isnan(found.loc["b", "producers_accuracy"])


def test_without_plots_in_a_class_no_area_is_known_and_with_one_no_interval():
    mapped = pd.Series({"a": 60.0, "b": 40.0})
    none = stratified_areas(mapped, plots(("a", "a", 4)))
    assert none.reason == "no_plots"
    assert none.areas[["estimated_km2", "estimated_km2_low", "producers_accuracy"]].isna().all().all()
    assert by_class(none).loc["a", "users_accuracy"] == 100
    assert np.isnan(none.overall[0])
    assert stratified_areas(mapped, plots()).reason == "no_plots"
    one = stratified_areas(mapped, plots(("a", "a", 3), ("a", "b", 1), ("b", "b", 1)))
    assert one.reason == "one_plot"
    assert by_class(one)["estimated_km2"].tolist() == pytest.approx([45, 55])
    assert one.areas[["standard_error_km2", "estimated_km2_low", "estimated_km2_high"]].isna().all().all()
    assert by_class(one).loc["b", "users_accuracy"] == 100
    assert np.isnan(by_class(one).loc["b", "users_accuracy_low"])
    assert by_class(one).loc["a", "users_accuracy_low"] == pytest.approx(26)


@pytest.mark.parametrize(
    ("mapped", "sample", "said"),
    [
        ({"a": 0.0}, plots(("a", "a", 2)), "not all 0"),
        ({"a": -1.0, "b": 2.0}, plots(("b", "b", 2)), "areas of 0 or more"),
        ({"a": np.nan}, plots(("a", "a", 2)), "areas of 0 or more"),
        ({"a": 5.0, "b": 0.0}, plots(("a", "a", 2), ("b", "a", 2)), "no land on the map: b"),
    ],
)
def test_areas_and_plots_that_cannot_be_are_refused(mapped, sample, said):
    with pytest.raises(DataError, match=said):
        stratified_areas(pd.Series(mapped, dtype="float64"), sample)


def test_a_class_twice_is_refused():
    with pytest.raises(DataError, match="stand twice: a"):
        stratified_areas(pd.Series([1.0, 2.0], ["a", "a"]), plots(("a", "a", 2)))


sizes = st.integers(2, 30)
counts = st.lists(
    st.lists(st.integers(0, 20), min_size=3, max_size=3).filter(lambda row: sum(row) > 1), min_size=3, max_size=3
)
areas = st.lists(st.floats(0.01, 1e6), min_size=3, max_size=3)


@given(areas, counts)
@settings(deadline=None, max_examples=60)
def test_estimates_add_up_to_the_land_and_lie_in_their_intervals(km2, rows):
    sample = plots(*((i, j, n) for i, row in enumerate(rows) for j, n in enumerate(row)))
    found = stratified_areas(pd.Series(km2), sample)
    table = by_class(found)
    assert table["estimated_km2"].sum() == pytest.approx(sum(km2))
    assert found.matrix["area_km2"].sum() == pytest.approx(sum(km2))
    assert table["plots"].sum() == table["seen_plots"].sum() == len(sample)
    assert (table["estimated_km2_low"] >= 0).all()
    assert (table["estimated_km2_high"] <= sum(km2)).all()
    dust = 1e-9 * sum(km2)
    assert (table["estimated_km2_low"] <= table["estimated_km2"] + dust).all()
    assert (table["estimated_km2"] <= table["estimated_km2_high"] + dust).all()


@given(areas, st.lists(sizes, min_size=3, max_size=3))
@settings(deadline=None, max_examples=40)
def test_a_map_without_errors_gives_its_own_areas_without_width(km2, n):
    found = stratified_areas(pd.Series(km2), plots(*((i, i, size) for i, size in enumerate(n))))
    table = by_class(found)
    for name in ("estimated_km2", "estimated_km2_low", "estimated_km2_high"):
        assert table[name].tolist() == pytest.approx(km2)
    assert (table["users_accuracy"] == 100).all()
    assert table["producers_accuracy_low"].tolist() == pytest.approx([100] * 3)
    assert found.overall == pytest.approx((100, 100, 100))


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng, held = np.random.default_rng(5), 0
    mapped, truth = pd.Series({0: 300.0, 1: 700.0}), np.array([[0.8, 0.2], [0.15, 0.85]])
    real = 300 * 0.8 + 700 * 0.15
    for _ in range(400):
        n = [rng.multinomial(60, row) for row in truth]
        sample = plots(*((i, j, int(n[i][j])) for i in (0, 1) for j in (0, 1)))
        row = by_class(stratified_areas(mapped, sample)).loc[0]
        held += row["estimated_km2_low"] <= real <= row["estimated_km2_high"]
    assert 0.92 <= held / 400 <= 0.98


# A map of three rows and four columns of one degree, from the equator north; no class in the last column of the top row.
CELLS = {"latitude": [2.5, 1.5, 0.5], "longitude": [10.5, 11.5, 12.5, 13.5]}
MAP = xr.DataArray([[-1, -1, 0, -128], [-1, 0, 0, 0], [0, 0, 1, 1]], CELLS, ("latitude", "longitude"))
GOOD = [(10.5, 2.5, -1), (11.4, 2.1, 0), (12.5, 2.5, 0), (11.5, 1.5, 0), (12.1, 0.1, 1), (13.9, 0.9, 1)]


def sample(*rows):
    return pd.DataFrame(rows, columns=["longitude", "latitude", "seen"])


def test_plots_are_held_against_the_cell_that_they_lie_in():
    found = area_from_sample(MAP, sample(*GOOD))
    table = by_class(found)
    assert table["plots"].to_dict() == {-1: 2, 0: 2, 1: 2}
    assert table.loc[-1, "users_accuracy"] == 50
    # Two of three cells of a class lie in the top row; cells get smaller towards the pole.
    assert table.loc[-1, "mapped_km2"] == pytest.approx(table.loc[-1, "estimated_km2"] * 2)
    assert table.loc[1, "mapped_km2"] == pytest.approx(2 * 110.57 * 111.32, rel=2e-3)
    assert found.left_out == {}


def test_plots_off_the_map_and_on_land_without_a_class_are_told_and_left_out():
    more = sample(*GOOD, (20.0, 1.5, -1), (13.5, 2.5, -1), (9.99, 0.5, 0))
    found = area_from_sample(MAP, more)
    assert found.left_out == {"outside": 2, "no_class": 1}
    pd.testing.assert_frame_equal(found.areas, area_from_sample(MAP, sample(*GOOD)).areas)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(np.nan, 1.0, 0)], "longitude of -180 to 180"),
        ([(200.0, 1.0, 0)], "longitude of -180 to 180"),
        ([(10.5, 95.0, 0)], "latitude of -90 to 90"),
        ([(10.5, 0.5, np.nan)], "a class was expected"),
        ([(10.5, 0.5, 0.5)], "a class was expected"),
        ([(10.5, 0.5, -128)], "a class was expected"),
        ([(50.0, 50.0, 0)], "none of 1 plot"),
    ],
)
def test_places_and_classes_that_are_not_known_are_refused(rows, said):
    with pytest.raises(DataError, match=said):
        area_from_sample(MAP, sample(*rows))


def test_a_sample_without_what_was_seen_is_refused():
    with pytest.raises(DataError, match=r"lacks the column.*seen"):
        area_from_sample(MAP, sample(*GOOD).drop(columns="seen"))


def test_all_faults_are_told_at_once():
    with pytest.raises(DataError, match=r"(?s)rows 0.*rows 1"):
        area_from_sample(MAP, sample((np.inf, 0.0, 0), (10.5, 0.5, 0.25)))
