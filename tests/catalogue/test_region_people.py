# SPDX-License-Identifier: Apache-2.0
"""People of 2020 by groups of regions: each region once, countries as the United Nations count them, units by their area."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from tools.atlas_people import plain, region_people

from homeground.catalogue import atlas

KM = 1 / 111.3  # degrees of latitude, about


def test_each_region_of_a_country_stands_in_one_group():
    groups = atlas.region_people(atlas.countries()["iso3"])
    assert not groups["region_id"].duplicated().any()
    assert groups["iso3"].nunique() > 150
    regions = atlas.regions(sorted(set(groups["iso3"])))
    assert set(groups["region_id"]) == set(regions["region_id"])
    assert (groups.merge(regions, on="region_id")[["iso3_x", "iso3_y"]].nunique(axis=1) == 1).all()


def test_countries_add_up_to_the_united_nations_total_of_the_year():
    """WorldPop is adjusted to an earlier revision, so a few per cent lie between, and a quarter where that was revised."""
    groups = atlas.region_people(atlas.countries()["iso3"]).drop_duplicates(["iso3", "group"])
    table = groups.groupby("iso3")["persons"].sum()
    people = atlas.population(list(table.index)).query("year == 2020").groupby("iso3")["persons"].sum()
    off = (table / people - 1).abs()
    assert off.median() < 0.04
    assert off.max() < 0.25


def test_known_places():
    """Agadez had 487,620 people in the census of 2012, Kidal 67,638 in that of 2009, N'Djamena 951,418 in that of 2009."""
    people = atlas.region_people(["NER", "MLI", "TCD"]).set_index("group")["persons"]
    assert 487_620 < people["NE-1"] < 800_000
    assert 67_638 < people["ML-8"] < 110_000
    assert 951_418 < people["TD-ND"] < 1_800_000


@pytest.mark.parametrize(
    ("name", "bare"), [("Région de Tillabéri", "de tillaberi"), ("N'DJAMENA", "n djamena"), ("Oblast", "oblast")]
)
def test_names_without_accents_and_kinds(name, bare):
    assert plain("Region de Tillabéri" if name.startswith("Rég") else name) == bare


def made(*boxes):
    """Regions of 100 km height side by side, each (id, name, width in km)."""
    west, rows = 0.0, []
    for region_id, name, width in boxes:
        rows.append((region_id, "AAA", name, "", shapely.box(west, 0, west + width * KM, 100 * KM)))
        west += width * KM
    columns = ["region_id", "iso3", "name", "part", "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geometry", crs="EPSG:4326")


def units(*rows):
    """Units (name, km from the west, km2, people)."""
    table = pd.DataFrame(rows, columns=["name", "km", "area_km2", "population"])
    return table.assign(iso3="AAA", pcode="", lat=50 * KM, lon=table["km"] * KM, source="unocha").drop(columns="km")


def people(found):
    return dict(zip(found["regions"], found["persons"], strict=True))


def test_by_hand_a_region_cut_in_two_has_the_people_of_both():
    regions = made(("a", "North", 100), ("b", "South", 200))
    found = region_people(
        units(("North", 50, 10_000, 7), ("South-West", 150, 9_000, 20), ("Lake", 250, 11_000, 30)), regions
    )
    assert people(found) == {"a": 7, "b": 50}


def test_by_hand_two_regions_cut_anew_stand_together():
    regions = made(("a", "One", 100), ("b", "Two", 100), ("c", "Three", 100))
    found = region_people(units(("P", 30, 6_000, 1), ("Q", 130, 14_000, 2), ("Three", 250, 10_000, 4)), regions)
    assert people(found) == {"a b": 3, "c": 4}


def test_a_name_that_lies_far_off_is_another_place():
    regions = made(("a", "Central", 400), ("b", "Hill", 400))
    found = region_people(units(("Central", 700, 40_000, 5), ("Valley", 200, 40_000, 6)), regions)
    assert people(found) == {"a": 6, "b": 5}


def test_a_town_has_its_people_though_its_limits_are_wider():
    regions = made(("a", "Capital", 2), ("b", "Plain", 200))
    found = region_people(units(("Capital", 1, 400, 90), ("Plain", 100, 19_900, 10)), regions)
    assert people(found) == {"a": 90, "b": 10}


def test_areas_that_never_agree_give_no_rows():
    regions = made(("a", "One", 100), ("b", "Two", 100))
    assert region_people(units(("P", 50, 40_000, 1), ("Q", 150, 40_000, 2)), regions).empty
    assert region_people(units(("P", 50, 20_000, 1)), made(("a", "One", 200))).empty  # one region: the country itself


def test_units_without_a_place_put_the_country_together():
    regions = made(("a", "One", 100), ("b", "Two", 100))
    found = region_people(units(("Far", 5_000, 10_000, 1), ("Two", 150, 10_000, 2)), regions)
    assert found.empty
    assert np.isfinite(len(found))
