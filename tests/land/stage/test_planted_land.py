# SPDX-License-Identifier: Apache-2.0
"""Both walks on a land whose truth is known by design: fields, maps and tables say what was planted."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod
from shapely.geometry import Polygon

BASELINE = {"falling": 1, "rising": 5, "poor": 3, "dipped": 2, "cut": 4}
MISSING = -128


def geodesic(west, south, east, north):
    """km2 of a box whose sides are a meridian or a parallel, by many short geodesics."""
    steps = np.linspace(0, 1, 200)
    x = [*(west + (east - west) * steps), *(east + (west - east) * steps)]
    y = [*np.full(200, south), *np.full(200, north)]
    return abs(Geod(ellps="WGS84").geometry_area_perimeter(Polygon(zip(x, y, strict=True)))[0]) / 1e6


def area_of(where, top, bottom, left, right):
    grid = where["grid"]
    return geodesic(
        grid.west + left * grid.step, grid.north - bottom * grid.step, grid.west + right * grid.step,
        grid.north - top * grid.step,
    )  # fmt: skip


def test_the_class_of_productivity_of_each_block(made, where):
    found = made.field("productivity_baseline")
    for name, expected in BASELINE.items():
        assert (found[:, where["blocks"][name]] == expected).all(), name
    flat = found[:, where["blocks"]["flat"]]
    assert (flat[4:] == 4).all()
    assert (flat[:4] == MISSING).all()  # the gap, and water, which has no kind of land to compare with
    assert found.shape == (8, 13)  # the file has a column more
    assert found[:, 12].tolist() == [4] * 6 + [MISSING] * 2  # the last two lie outside the study
    later = made.field("productivity_period")
    for name in ("falling", "rising", "poor", "cut"):
        assert (later[:, where["blocks"][name]] == BASELINE[name]).all(), name


@pytest.mark.parametrize(
    ("metric", "block", "expected"),
    [
        ("trend", "falling", -1), ("trend", "rising", 1), ("trend", "poor", 0), ("trend", "dipped", 0),
        ("state", "falling", -1), ("state", "rising", 1), ("state", "poor", 0), ("state", "dipped", -1),
        ("performance", "falling", 0), ("performance", "poor", -1), ("performance", "dipped", 0),
    ],
)  # fmt: skip
def test_the_three_metrics_of_the_baseline(made, where, metric, block, expected):
    assert (made.field(f"{metric}_baseline")[:, where["blocks"][block]] == expected).all()


def test_slope_and_score_are_those_of_a_line(made, where):
    falling = where["blocks"]["falling"]
    np.testing.assert_allclose(made.field("slope_baseline", "vegetation")[:, falling], -0.01, rtol=1e-5)
    assert (made.field("score_baseline", "vegetation")[:, falling] == -120).all()  # all pairs of 16 years
    np.testing.assert_allclose(made.field("mean_period", "vegetation")[:, falling], 0.6 - 0.01 * 15.5, rtol=1e-6)
    assert made.field("p_baseline", "vegetation")[:, where["blocks"]["flat"]][5, 0] == 1.0


def test_carbon_by_hand_on_both_sides_of_ten_percent(made, where):
    # Tropical dry: the stock goes to 58 % within 20 years of the cut, 50 * 0.42 / 20 = 1.05 t/ha a year.
    early, late = where["early"], where["late"]
    baseline, period = made.field("carbon_percent_baseline"), made.field("carbon_percent_period")
    np.testing.assert_allclose(baseline[early], -100 * 6 * 1.05 / 50, rtol=1e-5)  # 2010 to 2015: -12.6 %
    np.testing.assert_allclose(baseline[late], -100 * 4 * 1.05 / 50, rtol=1e-5)  # 2012 to 2015: -8.4 %
    np.testing.assert_allclose(period[early], -100 * 8 * 1.05 / (50 - 6.3), rtol=1e-5)
    np.testing.assert_allclose(period[late], -100 * 8 * 1.05 / (50 - 4.2), rtol=1e-5)
    assert (made.field("carbon_change_baseline")[early] == -1).all()
    assert (made.field("carbon_change_baseline")[late] == 0).all()
    assert (made.field("carbon_change_period")[:, where["blocks"]["cut"]] == -1).all()
    assert (made.field("carbon_change_baseline")[:, where["blocks"]["rising"]] == 0).all()
    assert (made.field("carbon_change_baseline")[where["water"]] == MISSING).all()


def test_cover_and_one_out_all_out(made, where):
    blocks = where["blocks"]
    assert (made.field("cover_change_baseline")[:, blocks["cut"]] == -1).all()
    assert (made.field("cover_change_period")[:, blocks["cut"]] == 0).all()
    verdict = {"falling": (-1, -1, 1), "rising": (1, 1, 7), "poor": (0, 0, 4), "cut": (-1, -1, 1)}
    for name, (baseline, period, status) in verdict.items():
        assert (made.field("degradation_baseline")[:, blocks[name]] == baseline).all(), name
        assert (made.field("degradation_period")[:, blocks[name]] == period).all(), name
        assert (made.field("status")[:, blocks[name]] == status).all(), name
    assert (made.field("degradation_baseline")[:, blocks["dipped"]] == -1).all()
    for place in ("gap", "water"):
        assert (made.field("degradation_baseline")[where[place]] == MISSING).all()
        assert (made.field("status")[where[place]] == MISSING).all()
    assert (made.field("response")[:, blocks["falling"]] == 3).all()  # reverse
    assert (made.field("response")[:, blocks["poor"]] == 2).all()  # reduce: not degraded, but stressed
    assert (made.field("response")[:, blocks["rising"]] == 1).all()  # avoid


def test_areas_are_those_of_the_blocks(made, where):
    table = made.table("degradation")
    baseline = table[table["period"] == "baseline"]
    by_class = baseline.groupby(["iso3", "productivity"])["area_km2"].sum()
    expected = {
        ("GMB", 1): area_of(where, 0, 8, 0, 2),
        ("GMB", 5): area_of(where, 0, 8, 2, 4),
        ("GMB", 4): area_of(where, 4, 8, 4, 6),
        ("GMB", MISSING): area_of(where, 0, 4, 4, 6),
        ("SEN", 3): area_of(where, 0, 8, 6, 8),
        ("SEN", 2): area_of(where, 0, 8, 8, 10),
        ("SEN", 4): area_of(where, 0, 8, 10, 12) + area_of(where, 0, 6, 12, 12.5),  # half of the last column
    }
    assert by_class.to_dict() == pytest.approx(expected, rel=2e-6)
    forest = baseline[(baseline["initial"] == 1) & (baseline["final"] == 3)]
    assert forest["area_km2"].sum() == pytest.approx(area_of(where, 0, 8, 10, 12), rel=2e-6)
    assert set(forest["cover_change"]) == {-1}
    assert baseline.loc[baseline["water"] == 1, "area_km2"].sum() == pytest.approx(area_of(where, 2, 4, 4, 6), rel=2e-6)


def test_every_table_sums_to_the_land(made, where):
    whole = area_of(where, 0, 8, 0, 12) + area_of(where, 0, 6, 12, 12.5)
    for _, rows in made.table("degradation").groupby("period"):
        assert rows["area_km2"].sum() == pytest.approx(whole, rel=1e-6)
        assert rows.groupby("region_id")["area_km2"].sum()["A"] == pytest.approx(area_of(where, 0, 8, 0, 6), rel=1e-6)
    status = made.table("land_status")
    assert status["area_km2"].sum() == pytest.approx(whole, rel=1e-6)
    geodesic_regions = 0.0
    for ring in (where["columns"](0, 6), where["columns"](6, 12.5) - where["columns"](12, 12.5, 6, 8)):
        geodesic_regions += abs(Geod(ellps="WGS84").geometry_area_perimeter(ring)[0]) / 1e6
    assert status["area_km2"].sum() == pytest.approx(geodesic_regions, rel=1e-3)
    balance = made.table("ldn_balance")
    total = balance[(balance["iso3"] == "") & (balance["name"] == "All land")].iloc[0]
    water, gap = area_of(where, 2, 4, 4, 6), area_of(where, 0, 2, 4, 6)
    assert total["land_km2"] == pytest.approx(whole - water, rel=1e-6)
    assert total["no_data_km2"] == pytest.approx(gap, rel=1e-6)
    parts = total[["losses_km2", "neutral_km2", "gains_km2", "no_data_km2"]]
    assert parts.sum() == pytest.approx(total["land_km2"], rel=1e-6)


def test_the_share_of_degraded_land_by_hand(made, where):
    whole = area_of(where, 0, 8, 0, 12) + area_of(where, 0, 6, 12, 12.5)
    land = whole - area_of(where, 2, 4, 4, 6)  # without inland water
    table = made.table("land_status")
    judged = table[table["status"] != MISSING].groupby("region_id")["area_km2"].sum()
    assert 0.9 * land < judged.sum() < land  # what was planted without a value has no verdict
    state = made.field("status")
    dipped = area_of(where, 0, 8, 8, 10) if (state[:, where["blocks"]["dipped"]] <= 3).all() else 0.0
    degraded = area_of(where, 0, 8, 0, 2) + area_of(where, 0, 8, 10, 12) + dipped
    facts = made.facts("degradation")
    assert facts["degraded_share"] == pytest.approx(100 * degraded / judged.sum(), rel=1e-5)
    assert facts["degraded_low"] <= facts["degraded_share"] <= facts["degraded_high"]
    a = facts["regions"]["region_id"].index("A")
    assert judged["A"] <= (area_of(where, 0, 8, 0, 6) - area_of(where, 2, 4, 4, 6)) * (1 + 1e-6)
    assert facts["regions"]["degraded"][a] == pytest.approx(100 * area_of(where, 0, 8, 0, 2) / judged["A"], rel=1e-5)


def test_carbon_stocks_in_tonnes(made, where):
    stocks = made.table("carbon_stocks")
    crops = stocks[(stocks["year"] == 2015) & (stocks["cover"] == 3)]
    expected = 100 * (area_of(where, 0, 4, 10, 12) * (50 - 6.3) + area_of(where, 4, 8, 10, 12) * (50 - 4.2))
    assert crops["stock_t"].sum() == pytest.approx(expected, rel=1e-5)
    trees = stocks[(stocks["year"] == 2000) & (stocks["cover"] == 1)]
    assert trees["stock_t"].sum() == pytest.approx(5000 * area_of(where, 0, 8, 10, 12), rel=1e-5)


@pytest.mark.parametrize(
    ("name", "shift"),
    [("productivity_baseline", 0), ("cover_change_baseline", 2), ("degradation_period", 2), ("status", 0)],
)
def test_maps_hold_the_fields(made, name, shift):
    field = made.field(name)
    np.testing.assert_array_equal(made.map(name), np.where(field == MISSING, 255, field.astype("int16") + shift))


def test_what_is_not_as_the_manual_asks_is_said(made):
    assert any("soil_type not given" in text for text in made.warnings)
    assert not any("not in the series" in text for text in made.warnings)
    assert made.facts("degradation")["missing"] == []
    assert set(made.table("alignment")["method"]) == {"as it lies"}
