# SPDX-License-Identifier: Apache-2.0
"""Tiles cover a grid once; a store gives back what was written, to us and to xarray; areas of tiles add up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.grids.tile_store import class_field, create_store, read_tile, stored, value_field, write_tile
from homeground.catalogue.grids.tiles import Tile, each_tile, tile_shape, tiles
from homeground.catalogue.grids.zonal import coverage

GRID = Grid(-17.0, 14.0, 0.25, 7, 9)
FIELDS = {
    "sign": class_field("a sign", {-1: "falls", 0: "no change", 1: "rises"}, first_year=2000),
    "slope": value_field("a slope", "1 year-1"),
    "p": value_field("a chance", "1", dtype="float64"),
}
sizes = st.integers(1, 40)


@given(sizes, sizes, sizes, sizes)
def test_tiles_cover_every_cell_once(rows, columns, high, wide):
    grid = Grid(0.0, 10.0, 0.1, rows, columns)
    seen = np.zeros(grid.shape, int)
    for tile in tiles(grid, (high, wide)):
        seen[tile.slices] += 1
        part = tile.of(grid)
        assert part.shape == (tile.rows, tile.columns)
        np.testing.assert_allclose(part.latitude, grid.latitude[tile.slices[0]], atol=1e-9)
        np.testing.assert_allclose(part.longitude, grid.longitude[tile.slices[1]], atol=1e-9)
    assert (seen == 1).all()


@given(st.integers(1, 60_000), st.integers(1, 60_000), st.booleans(), st.integers(64, 1 << 20))
def test_a_tile_is_no_larger_than_asked(rows, columns, strips, cells):
    high, wide = tile_shape(Grid(0.0, 10.0, 0.001, rows, columns), strips=strips, cells=cells)
    assert 1 <= high <= rows
    assert 1 <= wide <= columns
    assert high * wide <= max(cells, columns if strips else 0)
    if strips:
        assert wide == columns


def test_work_on_tiles_comes_back_in_their_order():
    chosen = list(tiles(GRID, (2, 2)))
    assert each_tile(lambda tile: (tile.top, tile.left), chosen) == [(t.top, t.left) for t in chosen]
    with pytest.raises(ZeroDivisionError):
        each_tile(lambda tile: 1 / (tile.top - 2), chosen)


def values_of(tile, seed=0):
    random = np.random.default_rng([seed, tile.top, tile.left])
    shape = (tile.rows, tile.columns)
    return {
        "sign": random.integers(-1, 2, shape).astype("int8"),
        "slope": random.random(shape).astype("float32"),
        "p": random.random(shape),
    }


def test_what_was_written_is_read_and_the_rest_is_missing(tmp_path):
    path = tmp_path / "a.zarr" / "b"
    create_store(path, GRID, (3, 4), FIELDS)
    chosen = list(tiles(GRID, (3, 4)))
    for tile in chosen[:-1]:
        write_tile(path, tile, values_of(tile))
    for tile in chosen[:-1]:
        for name, found in read_tile(path, tile, FIELDS).items():
            np.testing.assert_array_equal(found, values_of(tile)[name])
            assert found.dtype == FIELDS[name].dtype
    rest = read_tile(path, chosen[-1], FIELDS)
    assert (rest["sign"] == -128).all()
    assert np.isnan(rest["slope"]).all()
    across = read_tile(path, Tile(1, 2, 4, 5), ["p"])["p"]  # over the edges of tiles
    np.testing.assert_array_equal(across[:2, :2], values_of(chosen[0])["p"][1:, 2:])


def test_threads_write_different_tiles_at_once(tmp_path):
    path, grid = tmp_path / "a.zarr", Grid(-17.0, 14.0, 0.01, 61, 83)
    create_store(path, grid, (8, 8), FIELDS)
    chosen = list(tiles(grid, (8, 8)))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda tile: write_tile(path, tile, values_of(tile)), chosen))
    for tile in chosen:
        np.testing.assert_array_equal(read_tile(path, tile, ["p"])["p"], values_of(tile)["p"])


def test_other_software_reads_it_as_cf(tmp_path):
    path = tmp_path / "a.zarr"
    create_store(path, GRID, (3, 4), FIELDS)
    first = Tile(0, 0, 3, 4)
    write_tile(path, first, values_of(first))
    with xr.open_zarr(path, zarr_format=3, consolidated=False) as data:
        assert data.attrs["Conventions"].startswith("CF-")
        np.testing.assert_allclose(data["latitude"], GRID.latitude)
        np.testing.assert_allclose(data["longitude"], GRID.longitude)
        assert data["latitude"].attrs["standard_name"] == "latitude"
        sign = data["sign"]
        assert np.isnan(sign.values[3:]).all()  # -128 is missing to xarray as well
        np.testing.assert_array_equal(sign.values[:3, :4], values_of(first)["sign"])
        assert sign.attrs["flag_values"] == [-1, 0, 1]
        assert sign.attrs["flag_meanings"].split() == ["falls", "no_change", "rises"]
        assert sign.attrs["first_year"] == 2000
        assert data["slope"].attrs["units"] == "1 year-1"
        mapping = sign.attrs.get("grid_mapping", sign.encoding.get("grid_mapping"))
        assert data[mapping].attrs["grid_mapping_name"] == "latitude_longitude"
    found, shape = stored(path)
    assert shape == (3, 4)
    assert found == GRID


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (1, 1)])
def test_the_grid_of_a_store_of_one_row_or_column(tmp_path, shape):
    grid = Grid(-17.0, 14.0, 0.25, *shape)
    create_store(tmp_path / "a.zarr", grid, (4, 4), FIELDS)
    assert stored(tmp_path / "a.zarr")[0] == grid


@pytest.mark.parametrize("step", [0.05, 1 / 112, 1 / 3, 0.002245788])
def test_the_grid_of_a_store_is_the_grid(tmp_path, step):
    grid = Grid(-16.8203, 13.8267, step, 120, 150)
    create_store(tmp_path / "a.zarr", grid, (64, 64), {"slope": FIELDS["slope"]})
    assert stored(tmp_path / "a.zarr")[0] == grid


def regions():
    shapes = [box(-16.9, 12.5, -15.3, 13.9), box(-15.3, 12.5, -14.9, 13.9), box(-14.95, 12.3, -14.8, 12.4)]
    return gpd.GeoDataFrame({"region_id": ["a", "b", "c"]}, geometry=shapes, crs="EPSG:4326")


@pytest.mark.parametrize("shape", [(3, 4), (1, 9), (7, 1), (2, 8)])
def test_areas_by_region_over_tiles_are_those_of_the_whole(shape):
    whole = coverage(regions(), GRID).toarray().reshape(3, *GRID.shape)
    found = np.zeros_like(whole)
    for tile in tiles(GRID, shape):
        part = coverage(regions(), tile.of(GRID), partly=True)
        assert part.shape == (3, tile.rows * tile.columns)
        found[(slice(None), *tile.slices)] = part.toarray().reshape(3, tile.rows, tile.columns)
    np.testing.assert_allclose(found, whole, rtol=1e-6, atol=1e-9)
    # b reaches from -15.3 to -14.9: 0.05, 0.25 and 0.1 degrees of three columns of 0.25.
    np.testing.assert_allclose(whole[1, 2, 6:9] / GRID.row_areas[2], [0.2, 1.0, 0.4], rtol=1e-6)
    assert whole[2].sum() == pytest.approx(0.15 * 0.1 / 0.25**2 * GRID.row_areas[6], rel=2e-3)


def test_no_region_touches_a_tile():
    far = Tile(0, 0, 1, 1).of(Grid(10.0, 5.0, 0.25, 4, 4))
    assert coverage(regions(), far, partly=True).nnz == 0


def test_a_tile_inside_one_region_is_all_its_own_unless_the_region_has_a_hole():
    grid = Grid(10.0, 5.0, 0.25, 4, 4)
    around, hole = box(9.0, 3.0, 12.0, 6.0), box(10.3, 4.3, 10.4, 4.4)
    for shape, gone in ((around, 0.0), (around - hole, 0.1 * 0.1)):
        region = gpd.GeoDataFrame({"region_id": ["a"]}, geometry=[shape], crs="EPSG:4326")
        shares = coverage(region, grid, partly=True).toarray().reshape(4, 4) / grid.row_areas[:, None]
        expected = np.ones((4, 4))
        expected[2, 1] -= gone / 0.25**2
        np.testing.assert_allclose(shares, expected, rtol=1e-6)
