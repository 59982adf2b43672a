# SPDX-License-Identifier: Apache-2.0
"""Hotspots over tiles are those of the whole grid, however the tiles are cut; borders of regions split them."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.grids.tile_store import class_field, create_store, read_tile, write_tile
from homeground.catalogue.grids.tiles import Tile, tiles
from homeground.land import STATUS_CLASSES, hotspots
from homeground.land.assessment.patches import KINDS, find_patches, patch_fields


def stored(folder, status, shape):
    grid = Grid(10.0, 20.0, 0.1, *status.shape)
    store, chosen = folder / "store.zarr", list(tiles(grid, shape))
    create_store(store, grid, shape, {"status": class_field("status", STATUS_CLASSES)} | patch_fields())
    for tile in chosen:
        write_tile(store, tile, {"status": status[tile.slices]})
    return store, grid, chosen


def everywhere(grid):
    return gpd.GeoDataFrame({"region_id": ["all"], "iso3": ["MLI"]}, geometry=[box(*grid.bounds)], crs="EPSG:4326")


@pytest.mark.parametrize("seed", range(8))
def test_patches_of_tiles_are_those_of_the_whole(tmp_path, seed):
    random = np.random.default_rng(seed)
    size, shape = random.integers(3, 24, 2), tuple(int(n) for n in random.integers(2, 9, 2))
    status = random.choice([1, 2, 4, 6, -128], size, p=[0.25, 0.15, 0.3, 0.2, 0.1]).astype("int8")
    store, grid, chosen = stored(tmp_path, status, shape)
    table = find_patches(store, grid, chosen, everywhere(grid), 200.0)
    for kind, codes in KINDS.items():
        numbers, whole = hotspots(grid.array(status, "status"), codes=codes, least_km2=200.0, kind=kind)
        mine = table[table["kind"] == kind].reset_index(drop=True)
        for column in ("area_km2", "latitude", "longitude"):
            np.testing.assert_allclose(mine[column], whole[column], rtol=1e-9)
        assert mine["cells"].tolist() == whole["cells"].tolist()
        got = read_tile(store, Tile(0, 0, *status.shape), (kind,))[kind]
        assert ((got > 0) == (numbers.values > 0)).all()
        # The same cells lie together; equal areas may be numbered in another order.
        pairs = {tuple(pair) for pair in zip(got[got > 0], numbers.values[numbers.values > 0], strict=True)}
        assert len(pairs) == len(whole)


def test_cells_that_touch_by_a_corner_of_four_tiles_are_one_patch(tmp_path):
    status = np.full((4, 4), 4, "int8")
    status[1, 1], status[2, 2] = 1, 1  # down to the right across the corner
    status[1, 2], status[2, 1] = 6, 6  # down to the left
    store, grid, chosen = stored(tmp_path, status, (2, 2))
    table = find_patches(store, grid, chosen, everywhere(grid), 1.0)
    assert table[["kind", "cells"]].values.tolist() == [["hotspot", 2], ["brightspot", 2]]


def test_only_the_land_of_the_study_counts(tmp_path):
    status = np.ones((2, 2), "int8")
    store, grid, chosen = stored(tmp_path, status, (1, 2))
    half = gpd.GeoDataFrame(
        {"region_id": ["west"], "iso3": ["MLI"]}, geometry=[box(10.0, 19.8, 10.1, 20.0)], crs="EPSG:4326"
    )
    table = find_patches(store, grid, chosen, half, 1.0)
    # Two cells of a tenth of a degree near 20 degrees north: 11.07 km by 10.46 km each.
    assert table["area_km2"].tolist() == pytest.approx([2 * 11.07 * 10.46], rel=2e-3)
    assert find_patches(store, grid, chosen, half, 500.0).empty


def test_a_patch_over_a_border_is_split_and_its_parts_add_up(tmp_path):
    status = np.full((2, 6), 4, "int8")
    status[0, :4], status[1, 5] = 1, 2  # over two tiles; one cell of four lies in the west
    store, grid, chosen = stored(tmp_path, status, (2, 2))
    shapes = [box(10.0, 19.8, 10.1, 20.0), box(10.1, 19.8, 10.25, 20.0), box(10.25, 19.8, 10.6, 20.0)]
    ids = {"region_id": ["W", "M", "E"], "iso3": ["MRT", "MLI", "MLI"]}
    regions = gpd.GeoDataFrame(ids, geometry=shapes, crs="EPSG:4326")
    cell = grid.row_areas
    table = find_patches(store, grid, chosen, regions, 1.5 * cell[0])
    # M ends in the middle of the third cell, which both it and E count as one of theirs.
    told = table[["patch", "region_id", "iso3", "cells"]].values.tolist()
    assert told == [[1, "E", "MLI", 2], [1, "M", "MLI", 2], [1, "W", "MRT", 1]]
    assert table["area_km2"].tolist() == pytest.approx([1.5 * cell[0], 1.5 * cell[0], cell[0]], rel=1e-6)
    assert table["area_km2"].sum() == pytest.approx(table["patch_km2"].iloc[0], rel=1e-12)
    assert table["longitude"].tolist() == pytest.approx([10.317, 10.183, 10.05], abs=1e-3)
    # Half of W and of M: no more than half, so places; E has seven cells of which one and a half are in the patch.
    land = np.array([3.5 * cell.sum(), 1.5 * cell.sum(), cell.sum()])
    assert table["region_share"].tolist() == pytest.approx(100 * table["area_km2"].to_numpy() / land, rel=1e-6)
    assert table["told_as"].tolist() == ["place", "region" if cell[0] > cell[1] else "place", "rest"]
    all_of_it = find_patches(store, grid, chosen, regions, 0.5 * cell[1])
    assert sorted(set(all_of_it["patch"])) == [1, 2]


def test_a_patch_that_fills_most_of_a_region_is_told_as_the_region(tmp_path):
    status = np.full((4, 8), 4, "int8")
    status[:3, :4] = 1  # twelve of sixteen cells of the west, and two of sixteen in the east
    status[:2, 4] = 3
    status[3, 0] = -128  # no verdict: the land of the west is fifteen cells
    store, grid, chosen = stored(tmp_path, status, (3, 3))
    shapes = [box(10.0, 19.6, 10.4, 20.0), box(10.4, 19.6, 10.8, 20.0)]
    regions = gpd.GeoDataFrame({"region_id": ["W", "E"], "iso3": "MLI"}, geometry=shapes, crs="EPSG:4326")
    table = find_patches(store, grid, chosen, regions, 200.0)
    assert table[["region_id", "told_as", "cells"]].values.tolist() == [["W", "region", 12], ["E", "place", 2]]
    assert table["region_share"].tolist() == pytest.approx([100 * 12 / 15, 100 * 2 / 16], rel=2e-3)
    assert table["patch_km2"].nunique() == 1
    only_large = find_patches(store, grid, chosen, regions, 500.0)  # two cells have 232 km2
    assert only_large["told_as"].tolist() == ["region", "rest"]


def test_areas_of_parts_are_the_degraded_land_of_a_region_where_every_cell_counts(tmp_path):
    random = np.random.default_rng(5)
    status = random.choice([1, 3, 4, 7, -128], (9, 12), p=[0.3, 0.1, 0.3, 0.2, 0.1]).astype("int8")
    store, grid, chosen = stored(tmp_path, status, (4, 5))
    west, south, east, north = grid.bounds
    edges = [west, west + 0.43, west + 0.77, east]
    shapes = [box(a, south, b, north) for a, b in pairwise(edges)]
    regions = gpd.GeoDataFrame({"region_id": list("abc"), "iso3": "MLI"}, geometry=shapes, crs="EPSG:4326")
    table = find_patches(store, grid, chosen, regions, 0.0)
    for kind, codes in KINDS.items():
        chosen_cells = np.isin(status, codes) * grid.row_areas[:, None]
        total = table.loc[table["kind"] == kind, "area_km2"].sum()
        assert total == pytest.approx(chosen_cells.sum(), rel=1e-6)
        by_patch = table[table["kind"] == kind].groupby("patch")
        np.testing.assert_allclose(by_patch["area_km2"].sum(), by_patch["patch_km2"].first(), rtol=1e-12)


def test_columns_keep_their_types_where_a_kind_has_no_patch(tmp_path):
    status = np.full((2, 2), 4, "int8")
    store, grid, chosen = stored(tmp_path, status, (2, 2))
    nothing = find_patches(store, grid, chosen, everywhere(grid), 1.0)
    status[0, 0] = 1
    store, grid, chosen = stored(tmp_path, status, (2, 2))
    one = find_patches(store, grid, chosen, everywhere(grid), 1.0)
    assert len(nothing) == 0
    assert one["kind"].tolist() == ["hotspot"]
    assert nothing.dtypes.tolist() == one.dtypes.tolist()
    assert [one[name].dtype.kind for name in ("patch", "area_km2")] == ["i", "f"]
