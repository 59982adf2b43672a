# SPDX-License-Identifier: Apache-2.0
"""Grids of longitude and latitude: the area of their cells on the ellipsoid, parts of them, and one grid on another."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from rasterio.transform import Affine

from homeground.catalogue.classes import MISSING
from homeground.errors import DataError

# WGS 84
SEMI_MAJOR_M = 6_378_137.0
SEMI_MINOR_M = 6_356_752.314_245


def cell_area(latitude_edges: NDArray[np.floating[Any]], longitude_step: float) -> NDArray[np.float64]:
    """How much ground one cell of each row of a latitude-longitude grid covers.

    Parameters
    ----------
    latitude_edges : array, shape (rows + 1,), degrees north
        Edges between the rows, in either direction.
    longitude_step : float, degrees
        Width of a cell.

    Returns
    -------
    array, shape (rows,), m2
        Area on the WGS 84 ellipsoid.

    Raises
    ------
    DataError
        An edge lies beyond a pole, or the step is not positive.

    Notes
    -----
    The zone between the equator and latitude phi has the area
    A(phi) = pi b^2 [2 atanh(e sin phi) / (2 e) + sin phi / ((1 + e sin phi)(1 - e sin phi))];
    a cell is |A(phi1) - A(phi2)| times step / 360. Pixels are never counted as areas.
    Source: Snyder (1987), Map Projections, USGS Professional Paper 1395, eq. 3-12.

    Examples
    --------
    >>> round(float(cell_area(np.array([0.0, 0.0025]), 0.0025)[0]), 2)
    76931.7
    >>> round(float(cell_area(np.linspace(-90, 90, 181), 1.0).sum() * 360 / 1e12), 6)
    510.065622
    """
    edges = np.asarray(latitude_edges, dtype="float64")
    if np.abs(edges).max() > 90 + 1e-9 or longitude_step <= 0:
        raise DataError(
            f"latitude edges run from {edges.min():g} to {edges.max():g} with a step of {longitude_step:g} degrees; "
            "-90 to 90 and a positive step were expected. Is the grid in degrees?"
        )
    e = math.sqrt(1 - (SEMI_MINOR_M / SEMI_MAJOR_M) ** 2)
    s = np.sin(np.deg2rad(np.clip(edges, -90, 90)))
    zone = math.pi * SEMI_MINOR_M**2 * (np.arctanh(e * s) / e + s / ((1 + e * s) * (1 - e * s)))
    return np.asarray(np.abs(np.diff(zone)) * longitude_step / 360)


@dataclass(frozen=True)
class Grid:
    """A regular grid of longitude and latitude; ``west`` and ``north`` are outer edges, ``step`` is in degrees."""

    west: float
    north: float
    step: float
    rows: int
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        return (
            self.west,
            self.north - self.step * self.rows,
            self.west + self.step * self.columns,
            self.north,
        )

    @property
    def transform(self) -> Affine:
        """From columns and rows to degrees, as rasterio asks for it."""
        return Affine(self.step, 0.0, self.west, 0.0, -self.step, self.north)

    @property
    def latitude(self) -> NDArray[np.float64]:
        """Centres of the rows, falling."""
        return np.round(self.north - (np.arange(self.rows) + 0.5) * self.step, 10)

    @property
    def longitude(self) -> NDArray[np.float64]:
        """Centres of the columns."""
        return np.round(self.west + (np.arange(self.columns) + 0.5) * self.step, 10)

    @property
    def row_areas(self) -> NDArray[np.float64]:
        """Area of one cell of each row on the ellipsoid, km2."""
        edges = self.north - np.arange(self.rows + 1) * self.step
        return cell_area(np.clip(edges, -90, 90), self.step) / 1e6

    def window(self, top: int, left: int, rows: int, columns: int) -> Grid:
        """The grid of some rows and columns of this one."""
        west, north = self.west + left * self.step, self.north - top * self.step
        return replace(self, west=west, north=north, rows=rows, columns=columns)

    def array(self, values: NDArray[Any], name: str, **attrs: Any) -> xr.DataArray:
        """Values on this grid, the last two dimensions being rows and columns; one before them is ``year``."""
        dims = ("year", "latitude", "longitude")[-values.ndim :]
        return xr.DataArray(values, {"latitude": self.latitude, "longitude": self.longitude}, dims, name, attrs)


def clipped(grid: Grid, bounds: tuple[float, float, float, float]) -> Grid | None:
    """The cells of ``grid`` that touch ``bounds`` (west, south, east, north); None where none does.

    Parameters
    ----------
    grid : Grid
        What is cut.
    bounds : (west, south, east, north), degrees
        A box; a cell that it only meets at an edge is left out.

    Returns
    -------
    Grid or None
        Whole cells of ``grid``, so that the result may reach beyond the box by less than a cell.

    Examples
    --------
    >>> clipped(Grid(0.0, 10.0, 0.5, 20, 20), (0.6, 8.1, 1.4, 9.9))
    Grid(west=0.5, north=10.0, step=0.5, rows=4, columns=2)
    """
    west, south, east, north = bounds
    left = max(math.floor((west - grid.west) / grid.step + 1e-6), 0)
    right = min(math.ceil((east - grid.west) / grid.step - 1e-6), grid.columns)
    top = max(math.floor((grid.north - north) / grid.step + 1e-6), 0)
    bottom = min(math.ceil((grid.north - south) / grid.step - 1e-6), grid.rows)
    if right <= left or bottom <= top:
        return None
    return grid.window(top, left, bottom - top, right - left)


def grid_of(data: xr.DataArray) -> Grid:
    """The grid that an array with ``latitude`` and ``longitude`` lies on.

    Parameters
    ----------
    data : DataArray, dims (..., latitude, longitude)
        Coordinates are centres of cells in degrees; the values are not used.

    Returns
    -------
    Grid
        Its outer edges lie half a cell beyond the first centres.

    Raises
    ------
    DataError
        As `grid_step`.

    Examples
    --------
    >>> import xarray as xr
    >>> grid_of(xr.DataArray(0.0, {"latitude": [1.5, 0.5], "longitude": [10.5, 11.5, 12.5]}, ("latitude", "longitude")))
    Grid(west=10.0, north=2.0, step=1.0, rows=2, columns=3)
    """
    step = grid_step(data)
    west, north = float(data["longitude"][0]) - step / 2, float(data["latitude"][0]) + step / 2
    return Grid(west, north, step, data.sizes["latitude"], data.sizes["longitude"])


def grid_step(grid: xr.DataArray) -> float:
    """The cell width in degrees of a regular grid with coordinates ``latitude`` (falling) and ``longitude``.

    Parameters
    ----------
    grid : DataArray, dims (..., latitude, longitude)
        Coordinates are centres of cells in degrees; the values are not used.

    Returns
    -------
    float, degrees
        Distance of two centres, the same in both directions.

    Raises
    ------
    DataError
        The coordinates are missing, uneven, or rise with the rows.

    Examples
    --------
    >>> import xarray as xr
    >>> grid_step(xr.DataArray(0.0, {"latitude": [1.5, 1.0], "longitude": [10.5, 11.0]}, ("latitude", "longitude")))
    0.5
    """
    for name in ("latitude", "longitude"):
        if name not in grid.coords or grid[name].size < 2:
            raise DataError(f"the grid has no coordinate {name} of two or more cells. Give a latitude-longitude grid.")
    latitude, longitude = grid["latitude"].values, grid["longitude"].values
    step = float(longitude[-1] - longitude[0]) / (longitude.size - 1)
    even = np.allclose(np.diff(longitude), step, rtol=1e-3) and np.allclose(np.diff(latitude), -step, rtol=1e-3)
    if not even or step <= 0:
        raise DataError("the grid is not square and regular with falling latitude. Bring it to one with regrid().")
    return step


def cell_areas(grid: xr.DataArray) -> NDArray[np.float64]:
    """Area of one cell in each row of ``grid``, km2.

    Parameters
    ----------
    grid : DataArray, dims (..., latitude, longitude)
        Coordinates are centres of cells in degrees; the values are not used.

    Returns
    -------
    array, shape (rows,), km2
        On the WGS 84 ellipsoid, see `cell_area`; from north to south.

    Raises
    ------
    DataError
        As `grid_step`.

    Examples
    --------
    >>> globe = empty_grid((-180, -90, 180, 90), 1.0)
    >>> round(float(cell_areas(globe).sum() * 360 / 1e6), 3)  # the surface of the Earth in million km2
    510.066
    """
    step = grid_step(grid)
    latitude = grid["latitude"].values
    edges = np.append(latitude + step / 2, latitude[-1] - step / 2)
    return cell_area(np.clip(edges, -90, 90), step) / 1e6


def empty_grid(bounds: tuple[float, float, float, float], step: float) -> xr.DataArray:
    """A grid of NaN that covers ``bounds`` (west, south, east, north), its edges on whole multiples of ``step``.

    Parameters
    ----------
    bounds : (west, south, east, north), degrees
        A box.
    step : float, degrees
        Width and height of a cell.

    Returns
    -------
    DataArray of float32, dims (latitude, longitude)
        Coordinates are centres of cells, from north to south and west to east.

    Examples
    --------
    >>> empty_grid((0.02, 0.0, 0.19, 0.1), 0.05).shape
    (2, 4)
    """
    west, south = (math.floor(b / step + 1e-6) for b in bounds[:2])
    east, north = (math.ceil(b / step - 1e-6) for b in bounds[2:])
    longitude = np.round((np.arange(west, east) + 0.5) * step, 10)
    latitude = np.round((np.arange(north, south, -1) - 0.5) * step, 10)
    values = np.full((latitude.size, longitude.size), np.nan, dtype="float32")
    return xr.DataArray(values, {"latitude": latitude, "longitude": longitude}, ("latitude", "longitude"), "grid")


def regrid(data: xr.DataArray, grid: xr.DataArray, *, method: str) -> xr.DataArray:
    """The same field on another grid: ``linear`` between cell centres for smooth fields, ``nearest`` for classes.

    Cells outside the data are missing. Counts of people must not pass here: means are kept, sums are not.

    Parameters
    ----------
    data : DataArray, dims (..., latitude, longitude)
        A field of any unit, or integer classes with -128 missing.
    grid : DataArray with coordinates ``latitude`` and ``longitude``
        The centres to bring it to; its values are not used.
    method : {"linear", "nearest"}
        "linear" gives float64 from float32, NaN also between the outermost centres and the edge of the data.

    Returns
    -------
    DataArray, dims and attributes of ``data``
        On the centres of ``grid``; missing is NaN, or -128 of integers.

    Raises
    ------
    DataError
        The two do not overlap.

    Examples
    --------
    >>> field = empty_grid((0.0, 0.0, 2.0, 2.0), 1.0).copy(data=[[1.0, 2.0], [3.0, 4.0]])
    >>> finer = empty_grid((0.5, 0.5, 1.5, 1.5), 0.5)  # centres a quarter of a cell from those of the field
    >>> regrid(field, finer, method="nearest").values.tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    >>> regrid(field, finer, method="linear").values.tolist()
    [[1.75, 2.25], [2.75, 3.25]]
    """
    bounds_ok = (
        float(data["longitude"].min()) <= float(grid["longitude"].max())
        and float(data["longitude"].max()) >= float(grid["longitude"].min())
        and float(data["latitude"].min()) <= float(grid["latitude"].max())
        and float(data["latitude"].max()) >= float(grid["latitude"].min())
    )
    if not bounds_ok:
        raise DataError(
            f"{data.name or 'the data'} and the study's grid do not overlap. Check the file's place and CRS."
        )
    ascending = data.sortby("latitude")
    if method == "nearest":
        out = ascending.sel(latitude=grid["latitude"], longitude=grid["longitude"], method="nearest")
        out = out.assign_coords(latitude=grid["latitude"], longitude=grid["longitude"])
        reach = abs(float(ascending["latitude"][1] - ascending["latitude"][0])) / 2 + 1e-9
        inside = (
            (grid["latitude"] <= float(data["latitude"].max()) + reach)
            & (grid["latitude"] >= float(data["latitude"].min()) - reach)
            & (grid["longitude"] <= float(data["longitude"].max()) + reach)
            & (grid["longitude"] >= float(data["longitude"].min()) - reach)
        )
        missing = MISSING if np.issubdtype(out.dtype, np.integer) else np.nan
        out = out.where(inside, missing).astype(data.dtype)
    else:
        values = ascending.sortby("longitude").transpose(..., "latitude", "longitude").astype("float32")
        between = values.values
        for at, axis in ((-2, "latitude"), (-1, "longitude")):
            between = _between(between, np.sort(data[axis].values), grid[axis].values, at)
        coords = {name: c for name, c in values.coords.items() if not {"latitude", "longitude"} & set(c.dims)}
        coords |= {"latitude": grid["latitude"], "longitude": grid["longitude"]}
        out = xr.DataArray(between, coords, values.dims, data.name)
    return out.transpose(*data.dims).assign_attrs(data.attrs)


def _between(values: NDArray[Any], places: NDArray[Any], wanted: NDArray[Any], axis: int) -> NDArray[np.float64]:
    """Linear between neighbours along one axis, NaN beyond its ends: the slope of each step is worked out once."""
    values = np.moveaxis(values, axis, -1)
    step = np.searchsorted(places, wanted).clip(1, places.size - 1) - 1
    slopes = np.diff(values, axis=-1) / np.diff(places)
    out: NDArray[np.float64] = np.take(slopes, step, axis=-1)
    out *= wanted - places[step]
    out += np.take(values, step, axis=-1)
    out[..., (wanted < places[0]) | (wanted > places[-1])] = np.nan
    return np.moveaxis(out, -1, axis)
