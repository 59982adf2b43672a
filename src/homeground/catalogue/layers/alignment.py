# SPDX-License-Identifier: Apache-2.0
"""Values of the user's maps and series on the grid of an assessment: how they come there is told, never hidden."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.transform import from_origin
from rasterio.warp import calculate_default_transform, transform_bounds

from homeground.catalogue.classes import MISSING
from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.grids.resampling import WGS84, bilinear, nearest, places, warped
from homeground.catalogue.grids.tiles import tiles
from homeground.catalogue.layers.geotiff import read_bands
from homeground.catalogue.layers.netcdf import is_array_file, read_arrays
from homeground.catalogue.layers.series import ENOUGH, Series
from homeground.errors import DataError

UNIT_NAMES = {"degree": "degrees", "metre": "m", "kilometre": "km"}
_WARP_CELLS = 1 << 25  # of a file's window that are warped at once
# By whether the study names the file alone.
_REMEDY = {
    False: "Say scale and nodata in the study file: { path = ..., scale = 0.0001, nodata = -32768 }.",
    True: "Write into the file what its values need, such as gdal_edit.py -scale 0.0001 -a_nodata -32768, or -units K.",
}
DUST = 1e-6  # of the highest value: less than that below zero is rounding
FILL_BELOW, FILL_SHARE = -0.2, 0.02  # of an index; expert defaults, unverified: land and water stay above
_MARGIN = 2  # cells around a window, so that interpolation at its edge sees its neighbours


def native_grid(series: Series) -> Grid:
    """The grid of a series where it is square and in longitude and latitude; else the nearest such grid."""
    look, crs = series.look, CRS.from_user_input(series.look.crs)
    south, east = look.north - look.step_y * look.rows, look.west + look.step_x * look.columns
    if crs.to_epsg() == 4326 or crs == CRS.from_epsg(4326):
        if math.isclose(look.step_x, look.step_y, rel_tol=1e-6):
            return Grid(look.west, look.north, look.step_x, look.rows, look.columns)
        step = min(look.step_x, look.step_y)
        return Grid(look.west, look.north, step, round((look.north - south) / step), round((east - look.west) / step))
    transform, width, height = calculate_default_transform(
        crs, WGS84, look.columns, look.rows, left=look.west, bottom=south, right=east, top=look.north
    )
    return Grid(transform.c, transform.f, transform.a, height, width)


def alignment(series: Series, grid: Grid) -> dict[str, Any]:
    """How a series comes to a grid: its own coordinate system and step, and what is done.

    Raises
    ------
    DataError
        The series and the grid do not overlap.
    """
    look = series.look
    west, south, east, north = _bounds(series)
    gw, gs, ge, gn = grid.bounds
    width, height = min(east, ge) - max(west, gw), min(north, gn) - max(south, gs)
    if width <= 0 or height <= 0:
        raise DataError(
            f"{series.name} lies between {west:.2f} and {east:.2f} degrees east, {south:.2f} and {north:.2f} north; the "
            f"study between {gw:.2f} and {ge:.2f}, {gs:.2f} and {gn:.2f}: they do not overlap. Check the file's place "
            "and coordinate system."
        )
    crs = CRS.from_user_input(look.crs)
    name = crs.to_string() if crs.to_epsg() else str(crs.to_dict().get("proj", "own"))
    return {
        "layer": series.name,
        "files": len(series.files),
        "crs": name,
        "step": look.step_x,
        "step_unit": UNIT_NAMES.get(crs.units_factor[0], crs.units_factor[0]),
        "grid_step": grid.step,
        "method": method(series, grid),
        "bounds_covered": width * height / ((ge - gw) * (gn - gs)),
        "steps": len(series.steps),
        "first": series.steps[0],
        "last": series.steps[-1],
        "units": series.units,
    }


@lru_cache(maxsize=256)
def method(series: Series, grid: Grid) -> str:
    """``as it lies`` on the same cells; else ``average`` or ``mode`` of finer cells, ``bilinear`` or ``nearest``."""
    if _same_cells(series, grid):
        return "as it lies"
    west, _, east, _ = _bounds(series)
    ratio = (east - west) / series.look.columns / grid.step
    if series.kind == "class":
        return "mode" if ratio < 0.501 else "nearest"  # two by two cells have a mode
    return "average" if ratio < 0.67 else "bilinear"


def read_steps(series: Series, grid: Grid, chosen: Sequence[int]) -> NDArray[Any]:
    """Values of some steps on a grid, shape (steps, rows, columns).

    Numbers come as float32 (float64 where the file holds float64) in the units of the series, NaN where missing;
    classes as int32, -128 where missing. Where the file does not reach, values are missing.

    Raises
    ------
    DataError
        A value beyond what the layer can hold.
    """
    kind: type = np.int32 if series.kind == "class" else np.float32
    kind = np.float64 if series.look.dtype == "float64" and kind is np.float32 else kind
    out: NDArray[Any] = np.full((len(chosen), *grid.shape), MISSING if kind is np.int32 else np.nan, kind)
    _fill(series, grid, chosen, out)
    _plausible(series, out)
    return out


def read_some(series: Series, grid: Grid, chosen: Sequence[int], cell: NDArray[np.int64]) -> NDArray[Any]:
    """What `read_steps` gives at some cells of a grid, counted row by row; shape (steps, cells).

    Of a file of larger cells, such as of rain, only these are interpolated: some hundred and not a quarter of a million.
    """
    window = _window(series, grid)
    if method(series, grid) != "bilinear" or window is None:
        found: NDArray[Any] = read_steps(series, grid, chosen).reshape(len(chosen), -1)[:, cell]
        return found
    row, column = (at.ravel()[cell] for at in places(grid, series.look.crs, _transform(series, *window)))
    found = bilinear(_read(series, chosen, *window), row, column)
    _plausible(series, found)
    return found


def own_cells(series: Series, grid: Grid, chosen: Sequence[int]) -> tuple[NDArray[Any], slice, slice] | None:
    """Values of the cells of the file itself that touch a grid, with their rows and columns in it; None where none does.

    Raises
    ------
    DataError
        A value beyond what the layer can hold.
    """
    window = _window(series, grid)
    if window is None:
        return None
    values = _read(series, chosen, *window)
    _plausible(series, values)
    return values, *window


def read_map(series: Series, grid: Grid) -> xr.DataArray:
    """The only map of a layer."""
    return grid.array(read_steps(series, grid, [0])[0], series.name, units=series.units)


def read_years(series: Series, grid: Grid, years: Iterable[int]) -> xr.DataArray:
    """One value a year: of classes the year's only map, of numbers the mean of the year's steps.

    A year with several steps is known where at least 85 % of them are. Years without any step, or with fewer than 85 % of
    the steps of the fullest year, are left out.

    Raises
    ------
    DataError
        A layer of classes has several maps of one year.
    """
    known = [year for year in years if year in series.whole_years]
    several = [year for year in known if len(series.within(year)) > 1]
    if series.kind == "class" and several:
        raise DataError(
            f"{series.name} has {len(series.within(several[0]))} maps of {several[0]}. Give one for each year."
        )
    if several:
        stack = np.stack([_mean_of_known(read_steps(series, grid, series.within(year))) for year in known])
    else:
        stack = read_steps(series, grid, [series.within(year)[0] for year in known])
    return grid.array(stack, series.name, units=series.units).assign_coords(year=known)


def yearly_ranges(series: Series, grid: Grid, years: Iterable[int]) -> xr.DataArray:
    """Highest less lowest value within each year; missing where a year has fewer than 85 % of its steps."""
    parts, known = [], list(years)
    for year in known:
        values = read_steps(series, grid, series.within(year))
        enough = np.isfinite(values).sum(axis=0) >= ENOUGH * len(values)
        low, high = np.where(np.isfinite(values), values, np.inf), np.where(np.isfinite(values), values, -np.inf)
        parts.append(np.where(enough, high.max(axis=0) - low.min(axis=0), np.nan))
    return grid.array(np.stack(parts), series.name, units=series.units).assign_coords(year=known)


def read_months(series: Series, grid: Grid) -> xr.DataArray:
    """All months on a grid, dims (time, latitude, longitude), in the units of the series."""
    values = read_steps(series, grid, range(len(series.steps)))
    time = np.array(series.steps, dtype="datetime64[M]").astype("datetime64[ns]")
    found = grid.array(values, series.name, units=series.units)
    return found.rename(year="time").assign_coords(time=time)


def alignment_table(series: Iterable[Series | None], grid: Grid) -> pd.DataFrame:
    """`alignment` of all layers that are given, a row each."""
    return pd.DataFrame([alignment(one, grid) for one in series if one is not None])


def _mean_of_known(values: NDArray[Any]) -> NDArray[Any]:
    known = np.isfinite(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0).sum(axis=0, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(count >= ENOUGH * len(values), total / count, np.nan)
    return mean.astype(values.dtype)


def _bounds(series: Series) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees."""
    look = series.look
    corners = (
        look.west, look.north - look.step_y * look.rows, look.west + look.step_x * look.columns, look.north
    )  # fmt: skip
    west, south, east, north = transform_bounds(look.crs, WGS84, *corners, densify_pts=21)
    return west, south, east, north


@lru_cache(maxsize=256)
def _same_cells(series: Series, grid: Grid) -> bool:
    """Whether each cell of the grid is a cell of the series."""
    look = series.look
    if CRS.from_user_input(look.crs) != CRS.from_epsg(4326):
        return False
    reach = max(look.rows, look.columns)  # the same for every tile
    if any(abs(step - grid.step) * reach > 0.01 * grid.step for step in (look.step_x, look.step_y)):
        return False
    off = [(grid.west - look.west) / grid.step, (look.north - grid.north) / grid.step]
    return all(abs(value - round(value)) < 0.01 for value in off)


@lru_cache(maxsize=256)
def _window(series: Series, grid: Grid) -> tuple[slice, slice] | None:
    """Rows and columns of the file that a grid needs; None where it does not reach there."""
    look = series.look
    west, south, east, north = transform_bounds(WGS84, look.crs, *grid.bounds, densify_pts=21)
    same = _same_cells(series, grid)
    margin = 0 if same else _MARGIN
    edge = round if same else math.floor
    top = (round if same else math.floor)((look.north - north) / look.step_y) - margin
    left = edge((west - look.west) / look.step_x) - margin
    bottom = (round if same else math.ceil)((look.north - south) / look.step_y) + margin
    right = (round if same else math.ceil)((east - look.west) / look.step_x) + margin
    top, left = max(top, 0), max(left, 0)
    bottom, right = min(bottom, look.rows), min(right, look.columns)
    return None if bottom <= top or right <= left else (slice(top, bottom), slice(left, right))


def _read(series: Series, chosen: Sequence[int], rows: slice, columns: slice) -> NDArray[Any]:
    """Values of a window as numbers in the units of the series, or as classes."""
    parts, masks = [], []
    for file, group in groupby(chosen, key=lambda step: series.places[step][0]):
        bands = [
            series.look.bands[band] if series.look.bands else band for _, band in map(series.places.__getitem__, group)
        ]
        path = series.files[file]
        if is_array_file(path):
            values = read_arrays(path, series.variable, series.name, bands, rows, columns)
        else:
            values, mask = read_bands(path, series.name, bands, rows, columns)
            if mask is not None:
                masks.append(mask)
        parts.append(values)
    raw = parts[0] if len(parts) == 1 else np.concatenate(parts)
    gone = ~np.isfinite(raw) if raw.dtype.kind == "f" else np.zeros(raw.shape, bool)
    if masks and sum(len(mask) for mask in masks) == len(raw):
        gone |= np.concatenate(masks)
    if series.nodata is not None and not math.isnan(series.nodata):
        gone |= raw == series.nodata
    if series.kind == "class":
        codes = np.where(gone, 0, raw).astype(np.int32)
        if (codes != raw)[~gone].any():
            raise DataError(f"{series.name} holds {raw[~gone & (codes != raw)][0]}; whole numbers were expected.")
        codes[gone] = MISSING
        return codes
    values = raw.astype(np.float64 if raw.dtype == np.float64 else np.float32)
    if series.scale != 1:
        values *= values.dtype.type(series.scale)
    if series.offset:
        values += values.dtype.type(series.offset)
    values[gone] = np.nan
    return values


def _fill(series: Series, grid: Grid, chosen: Sequence[int], out: NDArray[Any]) -> None:
    """Write what the file holds; half of the grid after the other where it needs more of the file than memory likes."""
    window = _window(series, grid)
    if window is None:
        return
    rows, columns = window
    if method(series, grid) == "as it lies":
        _place(series, grid, chosen, rows, columns, out)
    elif (rows.stop - rows.start) * (columns.stop - columns.start) <= _WARP_CELLS or grid.shape == (1, 1):
        _warp(series, grid, chosen, rows, columns, out)
    else:
        # A file in whole rows is read whole for every part of a row.
        flat = grid.rows > 1 and (series.look.strips or grid.rows >= grid.columns)
        for part in tiles(grid, (-(-grid.rows // 2), grid.columns) if flat else (grid.rows, -(-grid.columns // 2))):
            _fill(series, part.of(grid), chosen, out[(slice(None), *part.slices)])


def _place(series: Series, grid: Grid, chosen: Sequence[int], rows: slice, columns: slice, out: NDArray[Any]) -> None:
    """Copy the window to where it lies in the grid."""
    top = rows.start - round((series.look.north - grid.north) / grid.step)
    left = columns.start - round((grid.west - series.look.west) / grid.step)
    found = _read(series, chosen, rows, columns)
    out[:, top : top + found.shape[1], left : left + found.shape[2]] = found


def _warp(series: Series, grid: Grid, chosen: Sequence[int], rows: slice, columns: slice, out: NDArray[Any]) -> None:
    """Bring the window to the grid, as many steps at once as memory likes: it may be much larger than the tile."""
    look, how, transform = series.look, method(series, grid), _transform(series, rows, columns)
    missing: float = MISSING if series.kind == "class" else float("nan")
    fine = how in ("average", "mode")
    row, column = (None, None) if fine else places(grid, look.crs, transform)
    at_once = max(_WARP_CELLS // ((rows.stop - rows.start) * (columns.stop - columns.start)), 1)
    for first in range(0, len(chosen), at_once):
        values = _read(series, chosen[first : first + at_once], rows, columns)
        if row is None or column is None:
            found = warped(values, look.crs, transform, grid, how, missing)
        elif how == "bilinear":
            found = bilinear(values, row, column)
        else:
            found = nearest(values, row, column, missing)
        out[first : first + at_once] = found


def _transform(series: Series, rows: slice, columns: slice) -> Affine:
    """From columns and rows of a window to its coordinates."""
    look = series.look
    west, north = look.west + columns.start * look.step_x, look.north - rows.start * look.step_y
    transform: Affine = from_origin(west, north, look.step_x, look.step_y)
    return transform


def _plausible(series: Series, values: NDArray[Any]) -> None:
    """Refuse values beyond what the layer can hold; what lies below zero by rounding alone becomes zero, and is told."""
    if series.expected is None or series.kind == "class":
        return
    least, most = series.expected
    if least == 0:
        hair = DUST * (most if math.isfinite(most) and series.units != "persons" else 1.0)  # no person is rounding
        low = float(np.nanmin(values, initial=np.inf))
        if -hair <= low < 0:
            values[(values < 0) & (values >= -hair)] = 0
            series.said.add("warning.below_zero")
    low, high = (float(end) for end in (np.nanmin(values, initial=np.inf), np.nanmax(values, initial=-np.inf)))
    if low < least or high > most:
        unit = "" if series.units == "1" else f" {series.units}"
        raise DataError(
            f"{series.name} reaches from {low:g} to {high:g}{unit}, {least:g} to {most:g} was expected.{_fill_value(series, values)} "
            f"{_REMEDY[series.by_path]}"
        )
    _same_everywhere(series, values)


def _fill_value(series: Series, values: NDArray[Any]) -> str:
    """The stored value that may mean missing: of those beyond the limits the most frequent one."""
    least, most = series.expected or (-np.inf, np.inf)
    beyond, counts = np.unique(values[(values < least) | (values > most)], return_counts=True)
    stored = (float(beyond[counts.argmax()]) - series.offset) / (series.scale or 1)
    if counts.max() < 2 or counts.sum() > 0.5 * np.isfinite(values).sum():  # then it is the scale
        return ""
    return f" {counts.max():,} cells hold {stored:.6g} as stored: is it missing? Then say nodata = {stored:.6g}."


def _same_everywhere(series: Series, values: NDArray[Any]) -> None:
    """Refuse an index in which one low value stands again and again: the fill of MODIS, -3000, is within the limits."""
    if series.units != "1" or series.nodata is not None or not np.issubdtype(np.dtype(series.look.dtype), np.integer):
        return
    low = values[values <= FILL_BELOW]
    if low.size < FILL_SHARE * max(values.size, 1):
        return
    found, counts = np.unique(low, return_counts=True)
    if counts.max() >= FILL_SHARE * values.size and counts.max() > 0.9 * low.size:
        stored = (float(found[counts.argmax()]) - series.offset) / (series.scale or 1)
        raise DataError(
            f"{series.name}: {100 * counts.max() / values.size:.0f} % of the cells hold the same {found[counts.argmax()]:g} "
            f"({stored:.6g} as stored), and the file states no missing value. Is it missing? Then say nodata = {stored:.6g}; "
            "if it is not, say any value that does not occur."
        )
