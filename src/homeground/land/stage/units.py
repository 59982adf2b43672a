# SPDX-License-Identifier: Apache-2.0
"""Units of land that plans are made of: region by aridity, cover, state of the land, and where restoration may go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy.sparse as sp
import shapely
import xarray as xr
from numpy.typing import NDArray
from rasterio.features import rasterize

from homeground.catalogue.classes import MISSING
from homeground.catalogue.grids.grid import Grid, grid_of
from homeground.catalogue.grids.tile_store import read_tile, stored
from homeground.catalogue.grids.tiles import Tile, each_tile, tiles
from homeground.catalogue.grids.zonal import coverage
from homeground.catalogue.regions import ellipsoid_area, reconcile_areas
from homeground.errors import DataError

# By code in the table: SDG 15.3.1 status 1-3, 4, 5-7; no verdict; no series of the user's there.
STATES = ("degraded", "stable", "improved", "unknown", "not_assessed")
OF_STATUS = {MISSING: 3, 1: 0, 2: 0, 3: 0, 4: 1, 5: 2, 6: 2, 7: 2}
NOT_ASSESSED = STATES.index("not_assessed")
HALF = 50.0  # per cent: a place this far below the best of its like gives less than half of it
KEYS = ["row", "aridity_class", "cover_class", "state", "below_half", "registered"]
MEANS = ("aridity_index", "rain_mm", "potential_gap")
RECONCILED = 1e-9  # of a region's area


def land_units(
    regions: gpd.GeoDataFrame,
    maps: xr.Dataset,
    *,
    assessment: Path | None = None,
    cover: str = "",
    register: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Area of each region by aridity class, cover class, state of the land, gap and register, with means over each.

    Parameters
    ----------
    regions : GeoDataFrame, EPSG:4326
        ``region_id``, ``iso3``, ``area_km2``.
    maps : Dataset, dims (latitude, longitude)
        Maps of one epoch: ``aridity_class``, ``cover_class``, ``aridity_index``, ``rain_mm``, ``potential_gap``.
    assessment : Path, optional
        Store of the degradation step (`homeground.land.assessment.degradation`). Its cells are counted where it reaches,
        with the values of ``maps`` at their centres; elsewhere those of ``maps``, as not assessed.
    cover : str
        Field of the store with the newest land cover of the user; empty: that of ``maps``.
    register : GeoDataFrame, optional
        Polygons of the user's register of degraded land; a cell is in it by its centre.

    Returns
    -------
    DataFrame
        ``region_id, iso3, aridity_class, cover_class, state`` (one of `STATES`), ``below_half`` (whether vegetation stays
        below half of what like places reach), ``registered``, ``area_km2``, ``aridity_index``, ``rain_mm``,
        ``potential_gap``. The areas of a region add up to its own.

    Raises
    ------
    DataError
        Cells and polygons of a region differ by more than `reconcile_areas` allows; the assessed area touches no region.

    Examples
    --------
    >>> one = gpd.GeoDataFrame({"region_id": ["a"], "iso3": ["NER"]}, geometry=[shapely.box(0, 0, 2, 1)], crs="EPSG:4326")
    >>> alike = {"aridity_class": 2, "cover_class": 3, "aridity_index": 0.3, "rain_mm": 400.0}
    >>> dims, place = ("latitude", "longitude"), {"latitude": [0.5, -0.5], "longitude": [0.5, 1.5]}
    >>> maps = xr.Dataset({name: (dims, np.full((2, 2), value)) for name, value in alike.items()}, place)
    >>> maps["potential_gap"] = dims, [[60.0, 20.0], [20.0, 20.0]]
    >>> found = land_units(one.assign(area_km2=ellipsoid_area(one)), maps)
    >>> found[["state", "below_half", "area_km2"]].round(0).values.tolist()
    [['not_assessed', False, 12308.0], ['not_assessed', True, 12308.0]]
    """
    grid = grid_of(maps["aridity_class"])
    parts = []
    if assessment is None:
        weights = coverage(regions, grid)
        weights = _to_own_area(weights, regions, regions["area_km2"].to_numpy("float64"), grid.step)
        parts.append(_counted(weights, _of_maps(maps, register, grid)))
    else:
        parts = _assessed(regions, maps, grid, assessment, cover, register)
    table = _summed(parts, regions)
    _reconcile(table, regions)
    return table


def _assessed(
    regions: gpd.GeoDataFrame, maps: xr.Dataset, grid: Grid, store: Path, cover: str, register: gpd.GeoDataFrame | None
) -> list[pd.DataFrame]:
    """The cells of the assessment, and of the maps where it does not reach; each in proportion to its part of the region."""
    fine, shape = stored(store)
    box = shapely.box(*fine.bounds)
    inside = ellipsoid_area(regions.assign(geometry=regions.geometry.intersection(box)))
    if not inside.any():
        raise DataError(
            "the assessed area touches no region of the study. Look at the bounds of [data].ndvi and the regions."
        )

    def walk(tile: Tile) -> pd.DataFrame:
        place = tile.of(fine)
        held = read_tile(store, tile, ["status", *([cover] if cover else [])])
        fields = _at(maps, place) | {"state": _states(held["status"]), "registered": _inside(register, place)}
        if cover:
            fields["cover_class"] = held[cover].ravel()
        return _counted(coverage(regions, place, partly=True), fields)

    found = pd.concat(each_tile(walk, list(tiles(fine, shape))), ignore_index=True)
    cells = found.groupby("row")["area_km2"].sum().reindex(range(len(regions))).fillna(0.0).to_numpy("float64")
    reconcile_areas(regions.assign(area_km2=inside), cells, fine.step)
    factor = np.divide(inside, cells, out=np.zeros_like(inside), where=cells > 0)
    sums = found.columns.difference(KEYS)
    parts = [found.assign(**{name: found[name] * factor[found["row"]] for name in sums})]
    beyond = regions["area_km2"].to_numpy("float64") - np.where(cells > 0, inside, 0.0)
    left = beyond > RECONCILED * regions["area_km2"].to_numpy("float64")
    if left.any():
        rest = regions.assign(geometry=regions.geometry.difference(box))[left]
        weights = _to_own_area(coverage(rest, grid), rest, beyond[left], None)
        part = _counted(weights, _of_maps(maps, register, grid))
        parts.append(part.assign(row=np.flatnonzero(left)[part["row"]]))
    return parts


def _states(status: NDArray[np.int8]) -> NDArray[np.int8]:
    codes = np.full(256, NOT_ASSESSED, np.int8)
    for value, state in OF_STATUS.items():
        codes[value] = state  # -128 counts from the end
    found: NDArray[np.int8] = codes[status.astype(np.int64).ravel()]
    return found


def _to_own_area(
    weights: sp.csr_array, regions: pd.DataFrame, own: NDArray[np.float64], step: float | None
) -> sp.csr_array:
    cells = np.asarray(weights.sum(axis=1)).ravel()
    if step is not None:
        reconcile_areas(regions, cells, step)
    factor = np.divide(own, cells, out=np.ones_like(own), where=cells > 0)
    return sp.csr_array(sp.diags_array(factor) @ weights)


def _of_maps(maps: xr.Dataset, register: gpd.GeoDataFrame | None, grid: Grid) -> dict[str, NDArray[Any]]:
    fields = {name: maps[name].values.ravel() for name in ("aridity_class", "cover_class", *MEANS)}
    fields["state"] = np.full(grid.rows * grid.columns, NOT_ASSESSED, np.int8)
    return fields | {"registered": _inside(register, grid)}


def _at(maps: xr.Dataset, place: Grid) -> dict[str, NDArray[Any]]:
    """Values of the maps at the centres of other cells; missing beyond the maps."""
    near: xr.Dataset = maps.reindex(
        latitude=place.latitude,
        longitude=place.longitude,
        method="nearest",
        tolerance=0.51 * grid_of(maps["aridity_class"]).step,
        fill_value={"aridity_class": MISSING, "cover_class": MISSING, **dict.fromkeys(MEANS, np.nan)},
    )
    return {name: near[name].values.ravel() for name in ("aridity_class", "cover_class", *MEANS)}


def _inside(polygons: gpd.GeoDataFrame | None, place: Grid) -> NDArray[np.bool_]:
    if polygons is None or polygons.empty:
        return np.zeros(place.rows * place.columns, bool)
    transform = place.transform
    found = rasterize(polygons.geometry, place.shape, transform=transform, dtype="uint8")
    return np.asarray(found.astype(bool).ravel())


def _counted(weights: sp.csr_array, fields: dict[str, NDArray[Any]]) -> pd.DataFrame:
    """Areas by region and classes, and sums of the means with the area on which each is known."""
    cells = sp.coo_array(weights)
    rows, at = cells.coords
    frame = pd.DataFrame({"row": rows, "area_km2": cells.data} | {name: values[at] for name, values in fields.items()})
    frame["below_half"] = frame["potential_gap"] > HALF
    for name in MEANS:
        known = np.isfinite(frame[name])
        frame[f"{name}_area"] = frame["area_km2"].where(known, 0.0)
        frame[name] = (frame[name].astype("float64") * frame["area_km2"]).where(known, 0.0)
    sums = ["area_km2", *MEANS, *(f"{name}_area" for name in MEANS)]
    return frame.groupby(KEYS, as_index=False)[sums].sum()


def _summed(parts: list[pd.DataFrame], regions: pd.DataFrame) -> pd.DataFrame:
    table = pd.concat(parts, ignore_index=True).groupby(KEYS, as_index=False).sum()
    ids = regions[["region_id", "iso3"]].iloc[table["row"]].reset_index(drop=True)
    for name in MEANS:
        known = table[f"{name}_area"]
        table[name] = table[name] / known.where(known > 0)
    table["state"] = np.array(STATES)[table["state"].astype("int64")]
    classes = {"aridity_class": "int64", "cover_class": "int64"}
    return pd.concat([ids, table[[*KEYS[1:], "area_km2", *MEANS]].astype(classes)], axis=1)


def _reconcile(table: pd.DataFrame, regions: pd.DataFrame) -> None:
    own = regions.set_index("region_id")["area_km2"].astype("float64")
    units = table.groupby("region_id")["area_km2"].sum().reindex(own.index).fillna(0.0)
    off = (units - own).abs() > RECONCILED * own
    if off.any():
        listed = "; ".join(f"{name}: {own[name]:,.3f} km2, {units[name]:,.3f} in units" for name in own.index[off][:5])
        raise DataError(
            f"units of {int(off.sum())} region(s) do not add up to the region: {listed}. The maps may not reach them: look "
            "at their bounds, or report it."
        )
