# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.measures import options, suitability_rules, suitable, suitable_areas, unsuitable_reason
from homeground.measures.suitability import ARIDITY, COVER, IGBP, OPEN_LAND

RULES = suitability_rules()
TREES = RULES.index[RULES["plants_trees"] == "yes"].tolist()
RAIN_FOR = {"windbreak_dune_fixation": 400.0}


def unit(**changes):
    row = {"region_id": "NE1", "iso3": "NER", "aridity_class": "arid", "cover_class": "grassland"}
    return {**row, "area_km2": 100.0, "rain_mm": 400.0, **changes}


def test_every_measure_of_the_options_has_a_rule_with_source_and_licence():
    assert set(RULES.index) == set(options().index)
    assert RULES[["source", "licence", "reason", "quality"]].notna().all().all()
    assert {c for row in RULES["cover_classes"] for c in row.split(";")} <= set(COVER)
    assert {a for row in RULES["aridity_classes"] for a in row.split(";")} <= set(ARIDITY)


def test_tree_measures_are_those_that_plant():
    assert set(TREES) == {"tree_planting", "windbreak_dune_fixation", "agroforestry", "shade_coffee"}


@pytest.mark.parametrize("measure", TREES)
@pytest.mark.parametrize("cover", ["grassland", "savanna", "woody_savanna", "open_shrubland", "closed_shrubland"])
@pytest.mark.parametrize("aridity", ARIDITY)
def test_no_tree_is_planted_on_natural_grassland_savanna_or_steppe_by_default(measure, cover, aridity):
    assert cover in OPEN_LAND
    assert not suitable(measure, aridity, cover, 900.0)


@pytest.mark.parametrize("cover", ["grassland", "savanna", "woody_savanna", "open_shrubland"])
def test_trees_on_open_land_must_be_asked_for(cover):
    assert unsuitable_reason("tree_planting", "semi-arid", cover, 700.0).endswith("by default")
    assert suitable("tree_planting", "semi-arid", cover, 700.0, trees_on_open_land=True)


@pytest.mark.parametrize("measure", TREES)
def test_no_tree_is_planted_on_land_of_mobile_herders(measure):
    aridity = "dry sub-humid"
    assert suitable(measure, aridity, "cropland", 1200.0)
    assert unsuitable_reason(measure, aridity, "cropland", 1200.0, mobile_pastoral=True) == (
        "off on land of mobile herders"
    )
    # Also where trees on open land were asked for.
    assert not suitable(measure, aridity, "cropland", 1200.0, mobile_pastoral=True, trees_on_open_land=True)


@pytest.mark.parametrize("measure", TREES)
def test_no_tree_is_planted_where_rain_cannot_carry_it(measure):
    least = RULES.loc[measure, "min_rain_mm"]
    assert suitable(measure, "dry sub-humid", "cropland", least)
    assert unsuitable_reason(measure, "dry sub-humid", "cropland", least - 1.0) == (
        f"rain of {least - 1:.0f} mm is under {least:.0f} mm"
    )


def test_closing_land_is_off_on_herders_land_but_resting_it_is_not():
    assert not suitable("exclosure", "arid", "grassland", 300.0, mobile_pastoral=True)
    assert suitable("managed_grazing", "arid", "grassland", 300.0, mobile_pastoral=True)


def test_coffee_does_not_take_the_place_of_forest():
    forests = [name for name in COVER if name.endswith("forest")] + ["tree_covered"]
    assert not any(suitable("shade_coffee", "humid", cover, 1500.0, trees_on_open_land=True) for cover in forests)


def test_half_moons_keep_to_the_rain_their_guide_gives():
    assert [suitable("half_moons", "arid", "grassland", r) for r in (299.0, 300.0, 600.0, 601.0)] == [
        False,
        True,
        True,
        False,
    ]


def test_unknown_rain_is_said_and_not_filled():
    assert unsuitable_reason("half_moons", "arid", "grassland", float("nan")) == "rain is not known"


def test_spellings_and_codes():
    assert suitable("half_moons", "Semi_Arid", "Grassland", 400.0)
    assert suitable("half_moons", 2, "grassland", 400.0)
    assert not suitable("half_moons", "arid", "Water body", 400.0)
    with pytest.raises(DataError, match="is a code, a name was expected"):
        suitable("half_moons", "arid", 10, 400.0)
    with pytest.raises(DataError, match="Did you mean savanna"):
        suitable("half_moons", "arid", "savannah", 400.0)
    with pytest.raises(DataError, match="aridity class"):
        suitable("half_moons", 7, "savanna", 400.0)
    with pytest.raises(DataError, match="Did you mean half_moons"):
        suitable("half_moon", "arid", "savanna", 400.0)


def test_areas_by_hand():
    table = suitable_areas(pd.DataFrame([unit(), unit(cover_class="water")]), options())
    assert len(table) == 2 * len(options())
    moons = table.query("measure == 'half_moons'")
    assert moons["suitable_km2"].tolist() == [100.0, 0.0]
    assert moons["ceiling_km2"].tolist() == [pytest.approx(10.0), 0.0]  # a tenth may adopt: expert default
    assert moons["ceiling_quality"].tolist() == [5, 5]
    assert moons["reason"].tolist() == ["", "not a measure for water"]


def test_herders_column_is_used():
    table = suitable_areas(pd.DataFrame([unit(mobile_pastoral=True)]), options()).set_index("measure")
    assert table.loc["exclosure", "reason"] == "off on land of mobile herders"
    with pytest.raises(DataError, match="mobile_pastoral is missing"):
        suitable_areas(pd.DataFrame([unit(mobile_pastoral=None)]), options())


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([unit(area_km2=float("nan"))], "area_km2 is missing or negative in 1 rows"),
        ([unit(area_km2=-1.0)], "area_km2 is missing or negative"),
        ([unit(), unit()], "1 units are given twice"),
        ([{"region_id": "NE1"}], "lacks iso3, aridity_class"),
    ],
)
def test_faulty_units_are_refused(rows, message):
    with pytest.raises(DataError, match=message):
        suitable_areas(pd.DataFrame(rows), options())


def test_a_measure_without_a_rule_is_refused():
    wide = options().rename(index={"zai": "dams"})
    with pytest.raises(DataError, match="dams have no suitability rule"):
        suitable_areas(pd.DataFrame([unit()]), wide)


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(sorted(IGBP.values())),
    st.sampled_from(ARIDITY),
    st.floats(0, 3000),
    st.floats(0, 1e6),
    st.booleans(),
)
def test_ceiling_is_within_suitable_is_within_area(cover, aridity, rain, area, trees):
    rows = pd.DataFrame([unit(cover_class=cover, aridity_class=aridity, rain_mm=rain, area_km2=area)])
    table = suitable_areas(rows, options(), trees_on_open_land=trees)
    assert (table["ceiling_km2"] <= table["suitable_km2"]).all()
    assert (table["suitable_km2"] <= area).all()
    assert ((table["reason"] == "") | (table["suitable_km2"] == 0)).all()
    if cover in OPEN_LAND and not trees:
        assert table.loc[table["measure"].isin(TREES), "suitable_km2"].eq(0).all()


def one_by_one(units, table, *, trees_on_open_land):
    """The slow, obvious twin of `suitable_areas`: every unit and measure by itself."""
    rows = []
    for unit in units.to_dict("records"):
        for measure in table.index.get_level_values(-1).unique():
            reason = unsuitable_reason(
                measure,
                unit["aridity_class"],
                unit["cover_class"],
                unit["rain_mm"],
                trees_on_open_land=trees_on_open_land,
                mobile_pastoral=unit["mobile_pastoral"],
                restore=unit.get("restore"),
            )
            key = (unit["iso3"], measure) if table.index.nlevels > 1 else measure
            if not reason and key not in table.index:
                reason = "no figures of this place"
            area = 0.0 if reason else unit["area_km2"]
            share, quality = (
                table.loc[key, ["adoption_ceiling_mid", "adoption_ceiling_quality"]] if key in table.index else (0, 5)
            )
            rows.append((unit["region_id"], measure, area, area * share, reason, quality))
    return rows


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.booleans(), st.booleans())
def test_land_of_many_units_is_that_of_each(seed, trees, by_place, restore):
    rng, n = np.random.default_rng(seed), 12
    units = pd.DataFrame(
        {
            "region_id": [f"r{k}" for k in range(n)],
            "iso3": rng.choice(["NER", "MLI"], n),
            "aridity_class": rng.choice(["arid", "Semi-arid", "humid"], n),
            "cover_class": rng.choice(["grassland", "cropland", "Open shrubland", "water body"], n),
            "area_km2": rng.uniform(0, 9, n),
            # Limits of rain themselves, halves that are written as the even number, and rain that is not known.
            "rain_mm": rng.choice([np.nan, 99.5, 100.5, 200.0, 350.0, 600.0, 600.5, 1200.0], n),
            "mobile_pastoral": rng.random(n) < 0.5,
        }
    )
    if restore:
        units["restore"] = rng.random(n) < 0.5
    table = options()
    if by_place:  # Mali has figures of one measure less
        table = pd.concat({"NER": table, "MLI": table.drop("zai")}, names=["iso3"])
    found = suitable_areas(units, table, trees_on_open_land=trees)
    held = one_by_one(units, table, trees_on_open_land=trees)
    names = ["region_id", "measure", "suitable_km2", "ceiling_km2", "reason", "ceiling_quality"]
    assert list(found[names].itertuples(index=False, name=None)) == held
