# SPDX-License-Identifier: Apache-2.0
"""Where restoration may go: degraded land, land far below its like, the register; and that the plan follows."""

from __future__ import annotations

import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.measures import options, plan, planning_units, suitability_rules, suitable_areas
from homeground.numbers.money import Money

LAND = {"region_id": "a", "iso3": "NER", "aridity_class": 2, "cover_class": 2, "rain_mm": 400.0, "potential_gap": 20.0}
LAND |= {"registered": False, "below_half": False, "state": "stable", "area_km2": 10.0}


def units(*rows):
    return pd.DataFrame([LAND | row for row in rows])


@pytest.mark.parametrize(
    ("row", "by_default", "by_status"),
    [
        ({"state": "degraded"}, True, True),
        ({"state": "stable"}, False, False),
        ({"state": "improved"}, False, False),
        ({"state": "unknown"}, False, False),
        ({"state": "not_assessed"}, False, False),
        ({"state": "stable", "below_half": True}, True, False),
        ({"state": "not_assessed", "below_half": True}, True, False),
        ({"state": "improved", "registered": True}, True, False),
    ],
)
def test_restoration_goes_to_degraded_land_to_land_far_below_its_like_and_to_the_register(row, by_default, by_status):
    assert planning_units(units(row))["restore"].tolist() == [by_default]
    assert planning_units(units(row), where="status")["restore"].tolist() == [by_status]
    assert "restore" not in planning_units(units(row), where="anywhere")


def test_degraded_land_comes_first_and_the_gap_second():
    rows = units(
        {"state": "degraded", "potential_gap": 0.0}, {"region_id": "b", "potential_gap": 99.0, "below_half": True}
    )
    need = planning_units(rows).set_index("region_id")["need"]
    assert need["a"] == 1.0 > need["b"] == 0.99


def test_units_that_differ_in_the_reason_only_are_one_with_need_by_area():
    rows = units(
        {"below_half": True, "potential_gap": 60.0, "area_km2": 30.0, "rain_mm": 300.0},
        {"registered": True, "potential_gap": None, "area_km2": 10.0, "rain_mm": None},
    )
    (one,) = planning_units(rows).to_dict("records")
    assert (one["area_km2"], one["need"], one["rain_mm"]) == (40.0, pytest.approx(0.45), 300.0)


def test_drylands_only_and_unknown_places_are_left_out():
    rows = units({}, {"aridity_class": 4}, {"aridity_class": 0}, {"aridity_class": -128}, {"cover_class": -128})
    assert planning_units(rows)["aridity_class"].tolist() == ["humid", "hyper-arid", "semi-arid"]
    assert planning_units(rows, drylands_only=True)["aridity_class"].tolist() == ["semi-arid"]
    with pytest.raises(DataError, match=r'where is "here"; one of degraded, status, anywhere'):
        planning_units(rows, where="here")


def test_measures_that_reverse_and_those_that_avoid_or_reduce_share_the_land():
    wide = options()
    areas = suitable_areas(planning_units(units({"state": "degraded"}, {})), wide)
    rules = suitability_rules()["response"]
    assert set(rules) == {"avoid", "reduce", "reverse"}
    fits = areas[areas["suitable_km2"] > 0]
    assert set(fits.loc[fits["restore"], "measure"].map(rules)) == {"reverse"}
    assert "reverse" not in set(fits.loc[~fits["restore"], "measure"].map(rules))
    assert len(fits[fits["restore"]]) > 0
    assert len(fits[~fits["restore"]]) > 0
    without = suitable_areas(planning_units(units({}), where="anywhere"), wide)
    assert {"half_moons", "managed_grazing"} <= set(without.loc[without["suitable_km2"] > 0, "measure"])


def test_the_plan_goes_to_the_degraded_district_and_not_to_the_one_that_chance_degrades():
    """Two districts alike but for their state; money for less than one of them."""
    rows = units(
        {"state": "degraded"}, {"region_id": "b", "state": "not_assessed", "below_half": True, "potential_gap": 60.0}
    )
    wide = options().loc[["half_moons"]]
    asked = {"budget": Money(500.0, "USD", 2023), "years": (2025, 2025), "with_interval": False}

    def districts(**chosen):
        return plan(planning_units(rows, **chosen), wide, **asked).allocation["region_id"].unique().tolist()

    assert districts() == ["a"]
    assert districts(where="status") == ["a"]
    assert districts(by_chance=["a"]) == ["b"]  # its degraded land counts by its gap of 20, less than 60
