# SPDX-License-Identifier: Apache-2.0
"""Exact area-weighted statistics by region: how much of each cell lies in it, means and areas of classes."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import scipy.sparse as sp
import shapely
import xarray as xr
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from numpy.typing import NDArray

from homeground.catalogue.grids.grid import Grid, grid_of
from homeground.errors import DataError

_ROUNDING = 1e-9  # of a cell; a border along a line of cells does not lie in those on its other side


def coverage(regions: gpd.GeoDataFrame, grid: xr.DataArray | Grid, *, partly: bool = False) -> sp.csr_array:
    """How many km2 of each cell lie in each region, exactly.

    Parameters
    ----------
    regions : GeoDataFrame
        Polygons in EPSG:4326.
    grid : DataArray, dims (latitude, longitude), or Grid
        Regular grid; only its coordinates are used.
    partly : bool
        The grid is a tile of a larger one: regions may lie outside it.

    Returns
    -------
    sparse array, shape (regions, cells), km2
        Cells are numbered row by row, so that ``coverage(...) @ values.ravel()`` is an area-weighted sum.

    Raises
    ------
    DataError
        The regions have no CRS or another one than EPSG:4326, or one of them lies outside the grid (unless ``partly``).

    Notes
    -----
    The covered fraction of a cell is exact in longitude and latitude (exactextract) and multiplied by the cell's
    area on the ellipsoid.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> half = gpd.GeoDataFrame({"region_id": ["a"]}, geometry=[box(0, 0, 1.5, 1)], crs="EPSG:4326")
    >>> grid = Grid(0.0, 1.0, 1.0, 1, 2)
    >>> (coverage(half, grid).toarray() / grid.row_areas).tolist()  # all of the first cell, half of the second
    [[1.0, 0.5]]
    """
    if regions.crs is None or regions.crs.to_epsg() != 4326:
        raise DataError(
            f"regions are in {regions.crs or 'no coordinate system'}, EPSG:4326 was expected. "
            "Reproject them (in QGIS: Export, Save Features As, EPSG:4326)."
        )
    place = grid if isinstance(grid, Grid) else grid_of(grid)
    source = NumPyRasterSource(np.zeros(place.shape, dtype="uint8"), *place.bounds)
    near = np.arange(len(regions))
    if partly:
        box = shapely.box(*place.bounds)
        near = np.sort(regions.sindex.query(box, predicate="intersects"))
        if not near.size:
            return sp.csr_array((len(regions), place.rows * place.columns))
        if near.size == 1 and regions.geometry.iloc[near[0]].covers(box):  # most tiles of a large region
            area, cell = np.repeat(place.row_areas, place.columns), np.arange(place.rows * place.columns)
            return sp.csr_array((area, (np.full(cell.size, near[0]), cell)), shape=(len(regions), cell.size))
    found = exact_extract(
        source, regions.iloc[near][["region_id", "geometry"]], ["cell_id", "coverage"], include_cols=["region_id"]
    )
    cells = [np.asarray(f["properties"]["cell_id"], dtype="int64") for f in found]
    parts = [np.asarray(f["properties"]["coverage"], dtype="float64") for f in found]
    empty = [str(regions["region_id"].iloc[i]) for i, c in enumerate(cells) if c.size == 0]
    if empty and not partly:
        raise DataError(
            f"{len(empty)} region(s) lie outside the grid: {', '.join(empty[:5])}. Widen the data or leave them out."
        )
    row_of = np.repeat(near, [c.size for c in cells])
    cell = np.concatenate(cells)
    share = np.concatenate(parts)
    touched = share > _ROUNDING
    row_of, cell = row_of[touched], cell[touched]
    weight = share[touched] * place.row_areas[cell // place.columns]
    return sp.csr_array((weight, (row_of, cell)), shape=(len(regions), place.rows * place.columns))


def zonal_mean(weights: sp.csr_array, values: xr.DataArray) -> NDArray[np.float64]:
    """Area-weighted mean by region over the cells that have a value; NaN where none has.

    Parameters
    ----------
    weights : sparse array, shape (regions, cells), km2
        Of `coverage`, for the grid of the values.
    values : DataArray, dims (latitude, longitude)
        A field of any unit; NaN missing.

    Returns
    -------
    array, shape (regions,), unit of ``values``
        Cells that are missing count neither above nor below the line.

    Examples
    --------
    >>> import scipy.sparse as sp
    >>> import xarray as xr
    >>> weights = sp.csr_array([[2.0, 1.0, 5.0]])
    >>> zonal_mean(weights, xr.DataArray([[4.0, 10.0, np.nan]])).tolist()  # (2 x 4 + 1 x 10) / 3
    [6.0]
    """
    flat = np.asarray(values.values, dtype="float64").ravel()
    known = np.isfinite(flat)
    area = weights @ known.astype("float64")
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(area > 0, (weights @ np.where(known, flat, 0.0)) / area, np.nan))


def zonal_class_area(weights: sp.csr_array, classes: xr.DataArray, codes: list[int]) -> NDArray[np.float64]:
    """Area in km2 of each class by region; the last column holds what has none of the codes (missing).

    Parameters
    ----------
    weights : sparse array, shape (regions, cells), km2
        Of `coverage`, for the grid of the classes.
    classes : DataArray, integer, dims (latitude, longitude)
        A map of classes; -128 missing.
    codes : list of int
        Classes to measure, in the order of the columns.

    Returns
    -------
    array, shape (regions, len(codes) + 1), km2
        Rows sum to the area of the region.

    Examples
    --------
    >>> import scipy.sparse as sp
    >>> import xarray as xr
    >>> weights = sp.csr_array([[2.0, 1.0, 5.0]])
    >>> zonal_class_area(weights, xr.DataArray([[1, 3, -128]]), [1, 3]).tolist()
    [[2.0, 1.0, 5.0]]
    """
    flat = classes.values.ravel()
    columns = [np.asarray(weights @ (flat == code).astype("float64")) for code in codes]
    total = np.asarray(weights.sum(axis=1)).ravel()
    left = total - np.sum(columns, axis=0)
    return np.column_stack([*columns, np.where(left > 1e-9 * total, left, 0.0)])  # rounding is not missing land
