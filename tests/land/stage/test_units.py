# SPDX-License-Identifier: Apache-2.0
"""Units of land by state: summed from the cells of the assessment, from the maps beyond it, and equal to the region."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import xarray as xr
from shapely.geometry import box

from homeground.catalogue.grids.grid import Grid, cell_area
from homeground.catalogue.grids.tile_store import class_field, create_store, write_tile
from homeground.catalogue.grids.tiles import Tile
from homeground.catalogue.regions import ellipsoid_area
from homeground.errors import DataError
from homeground.land.stage.units import STATES, land_units

CLASSES = {code: str(code) for code in range(8)}


def maps(**fields):
    """One degree, four rows by four columns from 0 E, 4 N."""
    known = {
        "aridity_class": 2,
        "cover_class": 3,
        "aridity_index": 0.3,
        "rain_mm": 400.0,
        "potential_gap": 20.0,
    } | fields
    place = {"latitude": [3.5, 2.5, 1.5, 0.5], "longitude": [0.5, 1.5, 2.5, 3.5]}
    dims = ("latitude", "longitude")
    return xr.Dataset(
        {name: (dims, np.broadcast_to(np.asarray(one), (4, 4)).copy()) for name, one in known.items()}, place
    )


def regions(**shapes):
    frame = gpd.GeoDataFrame(
        {"region_id": list(shapes), "iso3": "NER"}, geometry=list(shapes.values()), crs="EPSG:4326"
    )
    return frame.assign(area_km2=ellipsoid_area(frame))


@pytest.fixture
def store(tmp_path):
    """Half a degree, two rows by four columns from 0 E, 4 N: the top degree of the maps, two degrees wide."""
    grid = Grid(0.0, 4.0, 0.5, 2, 4)
    create_store(
        tmp_path / "s", grid, (2, 4), {"status": class_field("s", CLASSES), "cover_2022": class_field("c", CLASSES)}
    )
    status = np.array([[1, 3, 4, 5], [-128, 2, 7, 6]], np.int8)
    cover = np.array([[3, 3, 3, 3], [2, 2, 2, 2]], np.int8)
    write_tile(tmp_path / "s", Tile(0, 0, 2, 4), {"status": status, "cover_2022": cover})
    return tmp_path / "s"


def half_cell(north):
    return float(cell_area(np.array([north, north - 0.5]), 0.5)[0]) / 1e6


def test_states_are_those_of_the_cells(store):
    found = land_units(regions(a=box(0, 3, 2, 4)), maps(), assessment=store, cover="cover_2022")
    km2 = found.groupby(["state", "cover_class"])["area_km2"].sum()
    top, low = half_cell(4.0), half_cell(3.5)
    # Status 1 to 3 degraded, 4 stable, 5 to 7 improved, none unknown; upper row cropland, lower grassland.
    expected = {("degraded", 3): 2 * top, ("stable", 3): top, ("improved", 3): top}
    expected |= {("unknown", 2): low, ("degraded", 2): low, ("improved", 2): 2 * low}
    assert km2.to_dict() == pytest.approx(expected, rel=1e-6)  # the polygon differs from its cells by rounding
    assert km2.sum() == pytest.approx(float(regions(a=box(0, 3, 2, 4))["area_km2"].iloc[0]), rel=1e-12)
    assert set(found["state"]) <= set(STATES)


def test_beyond_the_assessment_the_maps_count_as_not_assessed(store):
    both = regions(a=box(0, 2, 3, 4), b=box(3, 0, 4, 1))
    found = land_units(both, maps(potential_gap=60.0), assessment=store, cover="cover_2022")
    km2 = found.groupby(["region_id", "state"])["area_km2"].sum()
    area = both.set_index("region_id")["area_km2"]
    assessed = 4 * (half_cell(4.0) + half_cell(3.5))
    assert km2["a"].sum() == pytest.approx(area["a"], rel=1e-9)
    assert km2["a", "not_assessed"] == pytest.approx(area["a"] - assessed, rel=1e-6)
    assert km2["b"].to_dict() == pytest.approx({"not_assessed": area["b"]}, rel=1e-9)
    assert found["below_half"].all()


def test_without_series_all_is_not_assessed_and_means_are_by_area():
    rain = np.full((4, 4), 400.0)
    rain[0, 0], rain[0, 1] = 800.0, np.nan
    found = land_units(regions(a=box(0, 3, 4, 4)), maps(rain_mm=rain, aridity_class=[[1], [2], [2], [2]]))
    (row,) = found.to_dict("records")
    assert (row["state"], row["aridity_class"], row["registered"]) == ("not_assessed", 1, False)
    assert row["rain_mm"] == pytest.approx((800 + 400 + 400) / 3)  # cells of one row are alike; one is not known


def test_half_is_a_limit_and_the_register_is_by_centre():
    gap = np.full((4, 4), 50.0)
    gap[1] = 50.001
    register = regions(r=box(0, 1.4, 4, 2.6))  # holds the centres of the two rows in the middle
    found = land_units(regions(a=box(0, 0, 4, 4)), maps(potential_gap=gap), register=register)
    rows = found.set_index(["below_half", "registered"])["area_km2"]
    assert rows[True, True] == pytest.approx(rows[False, True], rel=0.01)
    assert rows.sum() == pytest.approx(float(ellipsoid_area(regions(a=box(0, 0, 4, 4)))[0]), rel=1e-9)
    assert (True, False) not in rows.index


def test_an_assessment_that_touches_no_region_and_maps_that_reach_none_are_refused(store):
    with pytest.raises(DataError, match="touches no region"):
        land_units(regions(b=box(3, 0, 4, 1)), maps(), assessment=store)
