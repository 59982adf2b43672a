# SPDX-License-Identifier: Apache-2.0
"""The study's own land in the index: degraded land and the worst four dry years, and what chance alone can give."""

from __future__ import annotations

import pandas as pd
import pytest

from homeground.risk.index import composite_index
from homeground.risk.inputs import own_indicators, worst_years
from homeground.risk.tree import read_tree


def drought(**regions):
    """Classes by year from 2000 on; each year has 10 km2 of that class and 10 km2 without drought."""
    rows = [
        (name, 2000 + i, c, 10.0)
        for name, classes in regions.items()
        for i, one in enumerate(classes)
        for c in (one, 0)
    ]
    table = pd.DataFrame(rows, columns=["region_id", "year", "drought_class", "area_km2"])
    return table.groupby(["region_id", "year", "drought_class"], as_index=False).sum()


def test_the_worst_four_years_in_a_row():
    found = worst_years(drought(a=[0, 3, 4, 3, 4, 0], b=[3, 0, 3, 0, 3, 0], c=[2, 2, 2, 2, 2, 2]))
    assert found["share"].to_dict() == {"a": 50.0, "b": 25.0, "c": 0.0}  # moderate drought is not severe
    assert found["last_year"].to_dict() == {"a": 2004.0, "b": 2005.0, "c": 2005.0}  # of equal ones the latest


def test_years_that_are_missing_are_no_years_without_drought():
    table = drought(a=[3, 3, 3, 3, 3, 3, 0, 0, 0, 0])
    assert worst_years(table[table["year"] != 2003])["share"].to_dict() == {"a": 25.0}  # 2004 to 2007: half, half, 0, 0


def test_three_years_tell_nothing():
    assert worst_years(drought(a=[3, 3, 3])).empty


def test_places_where_the_index_does_not_apply_are_left_out():
    table = drought(a=[3, 3, 3, 3])
    everywhere = table.assign(drought_class=-1)
    both = pd.concat([table, everywhere])
    assert worst_years(both)["share"].to_dict() == {"a": 50.0}
    assert own_indicators(pd.DataFrame(index=["a"]), everywhere).values.empty


def test_a_share_that_chance_gives_too_reaches_down_to_nothing():
    land = pd.DataFrame(
        {
            "land_degraded": [40.0, 70.0, None, 30.0],
            "land_degraded_low": [38.0, 60.0, None, None],
            "land_degraded_high": [45.0, 80.0, None, None],
            "land_degraded_noise_high": [60.0, 60.0, 60.0, 60.0],
        },
        index=list("abcd"),
    )
    found = own_indicators(land)
    assert found.values["degraded"].dropna().to_dict() == {"a": 40.0, "b": 70.0, "d": 30.0}
    assert found.low["degraded"].dropna().to_dict() == {"a": 0.0, "b": 60.0, "d": 0.0}
    assert found.high["degraded"].dropna().to_dict() == {"a": 45.0, "b": 80.0, "d": 30.0}


def test_no_series_no_indicator():
    found = own_indicators(pd.DataFrame({"land_degraded": [None, None]}, index=["a", "b"], dtype="float64"))
    assert found.values.columns.empty


def test_a_country_whose_land_gets_better_all_over_has_a_lower_index():
    """Goalposts are fixed: with min-max the same order of regions would give the same index."""
    tree = read_tree("land_people")
    leaves = tree.loc[tree["direction"].notna(), "node"]
    units = pd.DataFrame(
        {name: [10.0, 20.0, 40.0] for name in leaves} | {"aridity": [0.2, 0.3, 0.4], "degraded": [30.0, 50.0, 90.0]}
    )
    before, after = (
        composite_index(units.assign(degraded=units["degraded"] * factor), tree, normalise="mixed")["land"]
        for factor in (1.0, 0.5)
    )
    # weights of land: aridity 1, dryland 1, gap 0.5, degraded 1, drought 1
    assert (before - after).tolist() == pytest.approx([15 / 4.5, 25 / 4.5, 45 / 4.5])


def test_people_on_degraded_land_are_counted_on_the_area_of_the_region():
    land = pd.DataFrame(index=["a", "b", "c"])
    people = pd.DataFrame(
        {"people_degraded": pd.array([500, None], "Int64"), "area_km2": [50.0, 10.0], "people_year": [2020, 2020]},
        index=["a", "b"],
    )
    found = own_indicators(land, None, people)
    assert found.values["people_on_degraded"].dropna().to_dict() == {
        "a": 10.0
    }  # hidden and unknown people stay unknown
    assert found.years["people_on_degraded"]["a"] == 2020
    assert "people_on_degraded" not in own_indicators(land, None, people.loc[["b"]]).values
