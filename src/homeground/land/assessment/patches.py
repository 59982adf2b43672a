# SPDX-License-Identifier: Apache-2.0
"""Hotspots and brightspots of a large grid: patches are found in each tile, joined where tiles touch, and cut by regions.

The same patches as `homeground.land.hotspots` finds on a whole grid; tables SO1-4.T4 and T5 of the UNCCD manual take from
them what the country chooses.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.sparse import csgraph

from homeground.catalogue.classes import MISSING
from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.grids.tile_store import Field, read_tile, write_tile
from homeground.catalogue.grids.tiles import Tile, each_tile
from homeground.catalogue.grids.zonal import coverage
from homeground.land.neutrality.places import told_as

KINDS = {"hotspot": (1, 2, 3), "brightspot": (6, 7)}  # classes of status: degraded now; improving since the baseline
COLUMNS = {
    "kind": "str", "patch": "int64", "region_id": "str", "iso3": "str", "told_as": "str", "area_km2": "float64",
    "patch_km2": "float64", "region_share": "float64", "cells": "int64", "latitude": "float64", "longitude": "float64",
}  # fmt: skip


@dataclass(frozen=True)
class TilePatches:
    """What a tile holds: its patches by kind, and the land with a verdict of each region, km2."""

    kinds: dict[str, Part]
    judged: NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """Patches of one kind in one tile, and the labels along its edges (0 for no patch)."""

    areas: sp.csr_array  # patches x regions, km2
    sums: tuple[sp.csr_array, ...]  # patches x regions: cells, area x latitude, area x longitude
    top: NDArray[np.int64]
    bottom: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]

    @property
    def count(self) -> int:
        return int(self.areas.shape[0])


def patch_fields() -> dict[str, Field]:
    """The fields that the patches are written to: the number of the patch, 0 elsewhere."""
    return {kind: Field("int32", 0, {"long_name": f"number of the {kind}, 1 the largest"}) for kind in KINDS}


def find_patches(
    store: Path, grid: Grid, chosen: list[Tile], regions: gpd.GeoDataFrame, least_km2: float
) -> pd.DataFrame:
    """Find patches of at least ``least_km2`` in the status of a store, number them by size, and write them there.

    Returns
    -------
    DataFrame
        A row for each patch and region: kind, patch (1 the largest of the study), region_id, iso3, told_as (of
        `homeground.land.neutrality.places.told_as`), area_km2 (of the patch in the region; of one patch they add up to
        patch_km2), region_share (% of the region's land with a verdict), cells that lie in the region wholly or in part, and
        the centre of that part (latitude, longitude).
    """
    found = each_tile(partial(_label, store, grid, regions), chosen)
    judged = np.sum([one.judged for one in found], axis=0)
    table = pd.concat(
        [_of_kind(kind, [one.kinds[kind] for one in found], store, chosen, regions, least_km2) for kind in KINDS],
        ignore_index=True,
    )
    land = pd.Series(judged, regions["region_id"].to_numpy())
    table["region_share"] = 100 * table["area_km2"] / table["region_id"].map(land).astype("float64")
    table["told_as"] = told_as(table, least_km2)
    return table[list(COLUMNS)].astype(COLUMNS)


def _of_kind(
    kind: str, parts: list[Part], store: Path, chosen: list[Tile], regions: gpd.GeoDataFrame, least_km2: float
) -> pd.DataFrame:
    """Join the parts of one kind, write their numbers, and describe those that are large enough, region by region."""
    first = np.concatenate([[0], np.cumsum([part.count for part in parts])])
    group, groups = _joined(parts, chosen, first)
    member = sparse.csr_array((np.ones(group.size), (group, np.arange(group.size))), shape=(groups, group.size))
    areas = member @ sparse.vstack([part.areas for part in parts], format="csr")
    area = np.asarray(areas.sum(axis=1)).ravel()
    kept = np.flatnonzero(area >= least_km2)
    kept = kept[np.argsort(-area[kept], kind="stable")]
    number = np.zeros(groups, np.int32)
    number[kept] = np.arange(1, kept.size + 1)
    numbers = dict(zip(chosen, _numbers(parts, first, group, number), strict=True))
    each_tile(partial(_write, store, kind, numbers), [tile for tile in chosen if numbers[tile].any()])
    here = sparse.coo_array(areas[kept])
    inside = here.data > 0
    row, column = here.coords[0][inside], here.coords[1][inside]
    km2 = here.data[inside]
    sums = (member @ sparse.vstack([part.sums[i] for part in parts], format="csr") for i in range(3))
    cells, north, east = (np.asarray(one[kept[row], column]).ravel() if row.size else km2 for one in sums)
    table = pd.DataFrame(
        {
            "kind": kind,
            "patch": row + 1,
            "region_id": regions["region_id"].to_numpy()[column],
            "iso3": regions["iso3"].to_numpy()[column],
            "area_km2": km2,
            "patch_km2": area[kept[row]],
            "cells": cells,
            "latitude": north / km2,
            "longitude": east / km2,
        }
    )
    return table.sort_values(["patch", "area_km2", "region_id"], ascending=[True, False, True], ignore_index=True)


def _labels(status: NDArray[np.int8], kind: str) -> tuple[NDArray[np.int32], int]:
    chosen = np.zeros(256, bool)
    chosen[list(KINDS[kind])] = True
    labels, count = ndimage.label(chosen[status.view(np.uint8)], structure=np.ones((3, 3), int))
    return labels, int(count)


def _label(store: Path, grid: Grid, regions: gpd.GeoDataFrame, tile: Tile) -> TilePatches:
    status, part = read_tile(store, tile, ("status",))["status"], tile.of(grid)
    weights = sparse.csr_array(coverage(regions, part, partly=True))
    area = sparse.csc_array(weights.T)  # cells x regions
    latitude, longitude = np.repeat(part.latitude, part.columns), np.tile(part.longitude, part.rows)
    moments = [area.astype(bool).astype("float64"), *(sparse.diags_array(at) @ area for at in (latitude, longitude))]
    found = {}
    for kind in KINDS:
        labels, count = _labels(status, kind)
        cell = np.flatnonzero(labels)
        patch = labels.ravel()[cell] - 1
        member = sparse.csr_array((np.ones(cell.size), (patch, cell)), shape=(count, area.shape[0]))
        sums = tuple(sparse.csr_array(member @ one) for one in moments)
        edges = (labels[0], labels[-1], labels[:, 0], labels[:, -1])
        found[kind] = Part(sparse.csr_array(member @ area), sums, *(edge.astype(np.int64) for edge in edges))
    return TilePatches(found, np.asarray(weights @ (status.ravel() != MISSING).astype("float64")))


def _write(store: Path, kind: str, numbers: dict[Tile, NDArray[np.int32]], tile: Tile) -> None:
    labels, _ = _labels(read_tile(store, tile, ("status",))["status"], kind)
    write_tile(store, tile, {kind: numbers[tile][labels]})


def _joined(parts: list[Part], chosen: list[Tile], first: NDArray[np.int64]) -> tuple[NDArray[np.int32], int]:
    """Which patch of the whole each patch of a tile belongs to, and how many those are."""
    at = {(tile.top, tile.left): i for i, tile in enumerate(chosen)}

    def whole(i: int, edge: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.where(edge > 0, edge - 1 + first[i], -1)  # patches of all tiles, counted from 0

    pairs: list[NDArray[np.int64]] = []
    for i, tile in enumerate(chosen):
        beside, below = at.get((tile.top, tile.left + tile.columns)), at.get((tile.top + tile.rows, tile.left))
        if beside is not None:
            pairs += _touching(whole(i, parts[i].right), whole(beside, parts[beside].left))
        if below is not None:
            pairs += _touching(whole(i, parts[i].bottom), whole(below, parts[below].top))
        for corner, mine, theirs in (
            ((tile.top + tile.rows, tile.left + tile.columns), parts[i].bottom[-1:], 0),
            (_lower_left(chosen, tile), parts[i].bottom[:1], -1),
        ):
            j = at.get(corner)
            if j is not None:
                pairs += _touching(whole(i, mine), whole(j, parts[j].top)[theirs:][:1])
    total = int(first[-1])
    a, b = np.concatenate(pairs, axis=1) if pairs else np.zeros((2, 0), np.int64)
    links = sparse.coo_array((np.ones(a.size, np.int8), (a, b)), shape=(total, total))
    count, group = csgraph.connected_components(links, directed=False)
    return group, int(count)


def _lower_left(chosen: list[Tile], tile: Tile) -> tuple[int, int]:
    """Place of the tile that touches this one at its lower left corner."""
    left = [other.left for other in chosen if other.top == tile.top and other.left + other.columns == tile.left]
    return tile.top + tile.rows, left[0] if left else -1


def _touching(one: NDArray[np.int64], other: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Pairs of patches along a shared edge whose cells touch by a side or a corner."""
    found = []
    for shift in (-1, 0, 1):
        a = one[max(-shift, 0) : one.size - max(shift, 0)]
        b = other[max(shift, 0) : other.size - max(-shift, 0)]
        both = (a >= 0) & (b >= 0)
        found.append(np.stack([a[both], b[both]]))
    return found


def _numbers(
    parts: list[Part], first: NDArray[np.int64], group: NDArray[np.int32], number: NDArray[np.int32]
) -> list[NDArray[np.int32]]:
    """For each tile the number of the patch by its label."""
    return [
        np.concatenate([[0], number[group[start : start + part.count]]]).astype(np.int32)
        for part, start in zip(parts, first, strict=False)
    ]
