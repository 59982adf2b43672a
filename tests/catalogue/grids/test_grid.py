# SPDX-License-Identifier: Apache-2.0
"""Areas on the ellipsoid and exact coverage, against known areas and squares drawn by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from homeground.catalogue.grids.grid import cell_area, cell_areas, empty_grid, grid_step, regrid
from homeground.catalogue.grids.zonal import coverage, zonal_class_area, zonal_mean
from homeground.errors import DataError


def grid_of(values, west=0.0, north=0.0, step=1.0) -> xr.DataArray:
    values = np.asarray(values, dtype=float)
    rows, columns = values.shape
    return xr.DataArray(
        values,
        {"latitude": north - step * (np.arange(rows) + 0.5), "longitude": west + step * (np.arange(columns) + 0.5)},
        ("latitude", "longitude"),
    )


def frame(*shapes, crs="EPSG:4326") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"region_id": [f"r{i}" for i in range(len(shapes))]}, geometry=list(shapes), crs=crs)


def test_cell_area_matches_published_values():
    # Area of the ellipsoid and of two 0.0025 degree cells, as the Trends.Earth algorithms print them.
    assert cell_area(np.linspace(-90, 90, 721), 0.25).sum() * 1440 / 1e12 == pytest.approx(510.065621721676, rel=1e-10)
    assert cell_area(np.array([0, 0.0025]), 0.0025)[0] / 1e6 == pytest.approx(0.07693170047, rel=1e-9)
    assert cell_area(np.array([45, 45.0025]), 0.0025)[0] / 1e6 == pytest.approx(0.05476375204, rel=1e-9)


@given(st.floats(-89, 88), st.floats(0.01, 1))
def test_cell_area_adds_up_and_is_symmetric(south, height):
    whole = cell_area(np.array([south, south + height]), 1.0)[0]
    halves = cell_area(np.array([south, south + height / 2, south + height]), 1.0).sum()
    mirrored = cell_area(np.array([-south, -south - height]), 1.0)[0]
    assert halves == pytest.approx(whole, rel=1e-9)
    assert mirrored == pytest.approx(whole, rel=1e-9)


def test_cell_area_refuses_metres():
    with pytest.raises(DataError, match="degrees"):
        cell_area(np.array([0.0, 500_000.0]), 1.0)


def test_coverage_of_a_square_over_four_cells():
    # A square from (0.5, -1.5) to (1.5, -0.5) takes a quarter of each of four cells.
    grid = grid_of([[1, 2], [3, 4]])
    weights = coverage(frame(box(0.5, -1.5, 1.5, -0.5)), grid)
    expected = 0.25 * np.repeat(cell_areas(grid), 2)
    assert weights.toarray()[0] == pytest.approx(expected, rel=1e-10)
    mean = zonal_mean(weights, grid)[0]
    assert mean == pytest.approx((expected * [1, 2, 3, 4]).sum() / expected.sum())


def test_a_planted_missing_cell_leaves_the_mean_of_the_others():
    grid = grid_of([[1.0, np.nan], [3.0, np.nan]])
    weights = coverage(frame(box(0, -2, 2, 0), box(1, -2, 2, 0)), grid)
    south, north = cell_areas(grid)[1], cell_areas(grid)[0]
    means = zonal_mean(weights, grid)
    assert means[0] == pytest.approx((1.0 * north + 3.0 * south) / (north + south))
    assert np.isnan(means[1])


def test_class_areas_sum_to_the_region_with_missing_shown():
    classes = grid_of([[1, 2], [2, -128]]).astype("int16")
    weights = coverage(frame(box(0, -2, 2, 0)), classes)
    areas = zonal_class_area(weights, classes, [1, 2])[0]
    assert areas.sum() == pytest.approx(weights.sum())
    assert areas[2] == pytest.approx(cell_areas(classes)[1])


def test_neighbours_share_no_area():
    grid = grid_of(np.ones((10, 10)))
    cut = 3.37
    weights = coverage(frame(box(0, -10, cut, 0), box(cut, -10, 10, 0)), grid)
    assert np.asarray(weights.sum(axis=0)).ravel() == pytest.approx(np.repeat(cell_areas(grid), 10), rel=1e-9)


def test_coverage_refuses_another_crs_and_regions_outside():
    grid = grid_of(np.ones((2, 2)))
    with pytest.raises(DataError, match="EPSG:4326 was expected"):
        coverage(frame(box(0, 0, 1000, 1000), crs="EPSG:3857"), grid)
    with pytest.raises(DataError, match="outside the grid: r0"):
        coverage(frame(box(50, 50, 51, 51)), grid)


def test_uneven_or_rising_grids_are_refused():
    grid = grid_of(np.ones((3, 3)))
    with pytest.raises(DataError, match="not square"):
        grid_step(grid.isel(latitude=slice(None, None, -1)))
    with pytest.raises(DataError, match="not square"):
        grid_step(grid.assign_coords(longitude=[0.5, 1.5, 4.5]))


def test_regrid_keeps_a_plane_and_never_invents_beyond_the_data():
    coarse = grid_of([[0, 1, 2], [0, 1, 2], [0, 1, 2]])
    fine = empty_grid((0, -3, 4, 0), 0.5)
    out = regrid(coarse, fine, method="linear")
    assert out.sel(latitude=-1.25, longitude=1.25).item() == pytest.approx(0.75)
    assert np.isnan(out.sel(longitude=3.75)).all()
    classes = regrid(coarse.astype("int16"), fine, method="nearest")
    assert (classes.sel(longitude=[0.25, 1.25, 2.25]).values == [0, 1, 2]).all()
    assert (classes.sel(longitude=3.75) == -128).all()
    with pytest.raises(DataError, match="do not overlap"):
        regrid(coarse, empty_grid((100, 10, 101, 11), 0.5), method="linear")
