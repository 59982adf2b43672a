# SPDX-License-Identifier: Apache-2.0
"""One latitude-longitude grid, its cell areas on the ellipsoid, and exact area-weighted statistics by region."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from homeground.errors import DataError

if TYPE_CHECKING:
    import geopandas as gpd
    import scipy.sparse as sp
    import xarray as xr

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


def grid_step(grid: xr.DataArray) -> float:
    """The cell width in degrees of a regular grid with coordinates ``latitude`` (falling) and ``longitude``.

    Raises
    ------
    DataError
        The coordinates are missing, uneven, or rise with the rows.
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
    """Area of one cell in each row of ``grid``, km2."""
    step = grid_step(grid)
    latitude = grid["latitude"].values
    edges = np.append(latitude + step / 2, latitude[-1] - step / 2)
    return cell_area(np.clip(edges, -90, 90), step) / 1e6


def empty_grid(bounds: tuple[float, float, float, float], step: float) -> xr.DataArray:
    """A grid of NaN that covers ``bounds`` (west, south, east, north), its edges on whole multiples of ``step``.

    Examples
    --------
    >>> empty_grid((0.02, 0.0, 0.19, 0.1), 0.05).shape
    (2, 4)
    """
    import xarray as xr

    west, south = (math.floor(b / step + 1e-6) for b in bounds[:2])
    east, north = (math.ceil(b / step - 1e-6) for b in bounds[2:])
    longitude = np.round((np.arange(west, east) + 0.5) * step, 10)
    latitude = np.round((np.arange(north, south, -1) - 0.5) * step, 10)
    values = np.full((latitude.size, longitude.size), np.nan, dtype="float32")
    return xr.DataArray(values, {"latitude": latitude, "longitude": longitude}, ("latitude", "longitude"), "grid")


def coverage(regions: gpd.GeoDataFrame, grid: xr.DataArray) -> sp.csr_array:
    """How many km2 of each cell lie in each region, exactly.

    Parameters
    ----------
    regions : GeoDataFrame
        Polygons in EPSG:4326.
    grid : DataArray, dims (latitude, longitude)
        Regular grid; only its coordinates are used.

    Returns
    -------
    sparse array, shape (regions, cells), km2
        Cells are numbered row by row, so that ``coverage(...) @ values.ravel()`` is an area-weighted sum.

    Raises
    ------
    DataError
        The regions have no CRS or another one than EPSG:4326, or one of them lies outside the grid.

    Notes
    -----
    The covered fraction of a cell is exact in longitude and latitude (exactextract) and multiplied by the cell's
    area on the ellipsoid.
    """
    import scipy.sparse as sp
    from exactextract import exact_extract
    from exactextract.raster import NumPyRasterSource

    if regions.crs is None or regions.crs.to_epsg() != 4326:
        raise DataError(
            f"regions are in {regions.crs or 'no coordinate system'}, EPSG:4326 was expected. "
            "Reproject them (in QGIS: Export, Save Features As, EPSG:4326)."
        )
    step = grid_step(grid)
    rows, columns = grid.sizes["latitude"], grid.sizes["longitude"]
    west, north = float(grid["longitude"][0]) - step / 2, float(grid["latitude"][0]) + step / 2
    source = NumPyRasterSource(
        np.zeros((rows, columns), dtype="uint8"), west, north - rows * step, west + columns * step, north
    )
    found = exact_extract(
        source, regions[["region_id", "geometry"]], ["cell_id", "coverage"], include_cols=["region_id"]
    )
    cells = [np.asarray(f["properties"]["cell_id"], dtype="int64") for f in found]
    parts = [np.asarray(f["properties"]["coverage"], dtype="float64") for f in found]
    empty = [str(regions["region_id"].iloc[i]) for i, c in enumerate(cells) if c.size == 0]
    if empty:
        raise DataError(
            f"{len(empty)} region(s) lie outside the grid: {', '.join(empty[:5])}. Widen the data or leave them out."
        )
    row_of = np.repeat(np.arange(len(cells)), [c.size for c in cells])
    cell = np.concatenate(cells)
    weight = np.concatenate(parts) * cell_areas(grid)[cell // columns]
    return sp.csr_array((weight, (row_of, cell)), shape=(len(cells), rows * columns))


def zonal_mean(weights: sp.csr_array, values: xr.DataArray) -> NDArray[np.float64]:
    """Area-weighted mean by region over the cells that have a value; NaN where none has."""
    flat = np.asarray(values.values, dtype="float64").ravel()
    known = np.isfinite(flat)
    area = weights @ known.astype("float64")
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(area > 0, (weights @ np.where(known, flat, 0.0)) / area, np.nan))


def zonal_class_area(weights: sp.csr_array, classes: xr.DataArray, codes: list[int]) -> NDArray[np.float64]:
    """Area in km2 of each class by region; the last column holds what has none of the codes (missing).

    Returns
    -------
    array, shape (regions, len(codes) + 1), km2
        Rows sum to the area of the region.
    """
    flat = classes.values.ravel()
    columns = [np.asarray(weights @ (flat == code).astype("float64")) for code in codes]
    total = np.asarray(weights.sum(axis=1)).ravel()
    left = total - np.sum(columns, axis=0)
    return np.column_stack([*columns, np.where(left > 1e-9 * total, left, 0.0)])  # rounding is not missing land


def regrid(data: xr.DataArray, grid: xr.DataArray, *, method: str) -> xr.DataArray:
    """The same field on another grid: ``linear`` between cell centres for smooth fields, ``nearest`` for classes.

    Cells outside the data are missing. Counts of people must not pass here: means are kept, sums are not.
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
        missing = -128 if np.issubdtype(out.dtype, np.integer) else np.nan
        out = out.where(inside, missing).astype(data.dtype)
    else:
        out = ascending.astype("float32").interp(
            latitude=grid["latitude"], longitude=grid["longitude"], method="linear"
        )
    return out.transpose(*data.dims).assign_attrs(data.attrs)
