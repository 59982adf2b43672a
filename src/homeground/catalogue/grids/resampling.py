# SPDX-License-Identifier: Apache-2.0
"""Values of one grid on another: the same cell gets the same value, whichever tile of the grid is asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from rasterio.enums import Resampling
from rasterio.io import MemoryFile
from rasterio.vrt import WarpedVRT

from homeground.catalogue.grids.grid import Grid

Floats = NDArray[np.float64]

WGS84 = "EPSG:4326"
_EDGE = 1e-6  # cells; a centre on the line between two cells belongs to the southern and eastern one


@lru_cache(maxsize=8)  # of a tile and a file, for step after step
def places(grid: Grid, crs: str, transform: Affine) -> tuple[Floats, Floats]:
    """Where the centres of a grid lie in a file, in its rows and columns: 0 is the outer edge, 0.5 the first centre.

    Parameters
    ----------
    grid : Grid
        In degrees of longitude and latitude.
    crs : str
        Coordinate system of the file, such as "EPSG:32632".
    transform : Affine, units of ``crs``
        From columns and rows of the file to its coordinates; north is up, nothing is rotated.

    Returns
    -------
    row, column : arrays, shape of ``grid``, cells of the file
        Below 0, or beyond the file's size, where a centre lies outside it.

    Examples
    --------
    >>> from affine import Affine
    >>> file = Affine(2.0, 0.0, 0.0, 0.0, -2.0, 10.0)  # cells of 2 degrees from 0 east, 10 north
    >>> row, column = places(Grid(1.0, 9.0, 1.0, 1, 2), WGS84, file)  # centres 1.5 and 2.5 east, 8.5 north
    >>> row.tolist(), column.tolist()
    ([[0.75, 0.75]], [[0.75, 1.25]])
    """
    west, north, step = grid.west, grid.north, grid.step
    x, y = np.meshgrid(west + (np.arange(grid.columns) + 0.5) * step, north - (np.arange(grid.rows) + 0.5) * step)
    if CRS.from_user_input(crs) != CRS.from_epsg(4326):
        x, y = Transformer.from_crs(WGS84, crs, always_xy=True).transform(x, y)
    return (transform.f - y) / -transform.e, (x - transform.c) / transform.a


def _cells(row: Floats, column: Floats, shape: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Number of the cell that each place lies in, counted row by row, and whether it lies in any."""
    inside = (row >= -_EDGE) & (row < shape[0] - _EDGE) & (column >= -_EDGE) & (column < shape[1] - _EDGE)
    down, right = (np.where(inside, np.floor(at + _EDGE), 0).astype(np.intp).clip(0) for at in (row, column))
    return down * shape[1] + right, inside


def nearest(values: NDArray[Any], row: Floats, column: Floats, missing: float) -> NDArray[Any]:
    """The value of the cell that each place lies in; missing outside. Bands, if any, come first.

    Parameters
    ----------
    values : array, shape (..., file rows, file columns)
        The file.
    row, column : arrays of one shape, cells of the file
        Of `places`.
    missing : number
        What stands outside the file.

    Returns
    -------
    array, shape (..., shape of ``row``), type of ``values``
        Nothing is mixed, so classes stay classes.

    Examples
    --------
    >>> nearest(np.array([[1, 2]]), np.array([0.5, 0.5]), np.array([0.9, 2.1]), -128).tolist()
    [1, -128]
    """
    cell, inside = _cells(row, column, values.shape[-2:])
    found = values.reshape(*values.shape[:-2], -1)[..., cell]
    return np.where(inside, found, np.asarray(missing, values.dtype))


def bilinear(values: NDArray[Any], row: Floats, column: Floats) -> NDArray[Any]:
    """Between the four nearest centres, by distance; NaN where the cell that the place lies in is missing.

    A missing neighbour has no weight; the file's edge goes on as it is. Bands, if any, come first.

    Parameters
    ----------
    values : array of floats, shape (..., file rows, file columns)
        The file; NaN missing.
    row, column : arrays of one shape, cells of the file
        Of `places`.

    Returns
    -------
    array, shape (..., shape of ``row``), type and unit of ``values``
        NaN outside the file.

    Examples
    --------
    >>> bilinear(np.array([[1.0, 2.0]]), np.array([0.5, 0.5]), np.array([1.0, 1.75])).tolist()
    [1.5, 2.0]
    """
    height, width = values.shape[-2:]
    cell, inside = _cells(row, column, (height, width))
    row, column = (np.where(inside, at, 0) - 0.5 for at in (row, column))
    top, left = np.floor(row), np.floor(column)
    corners = []
    for down, share in ((top, top + 1 - row), (top + 1, row - top)):
        for right, part in ((left, left + 1 - column), (left + 1, column - left)):
            place = down.clip(0, height - 1) * width + right.clip(0, width - 1)
            corners.append((place.astype(np.intp), share * part))
    bands = values.reshape(-1, height * width)
    out = np.empty((len(bands), *row.shape), values.dtype)
    for band, result in zip(bands, out, strict=True):
        sure = np.isfinite(band)
        filled = np.where(sure, band, 0)
        total = sum(filled[place] * weight for place, weight in corners)
        if not sure.all():
            with np.errstate(invalid="ignore", divide="ignore"):
                total = total / sum(sure[place] * weight for place, weight in corners)
        result[...] = np.where(inside & sure[cell], total, np.nan)
    return out.reshape(*values.shape[:-2], *row.shape)


def warped(values: NDArray[Any], crs: str, transform: Affine, grid: Grid, method: str, missing: float) -> NDArray[Any]:
    """Average or mode of the finer cells of a file that lie in each cell of a grid; several bands at once.

    Parameters
    ----------
    values : array, shape (bands, file rows, file columns)
        The file.
    crs : str
        Its coordinate system, such as "EPSG:32632".
    transform : Affine, units of ``crs``
        From columns and rows of the file to its coordinates.
    grid : Grid
        In degrees of longitude and latitude.
    method : {"average", "mode"}
        The mean, or the class that most of the cells have.
    missing : number
        What is missing in the file, and stands where no cell of it has a value.

    Returns
    -------
    array, shape (bands, rows, columns), type and unit of ``values``
        On the cells of ``grid``.

    Notes
    -----
    By GDAL, through a virtual raster: `rasterio.warp.reproject` interpolates the places of cells along the rows of what
    it is asked for, so that a tile differs from the same cells of the whole.

    Examples
    --------
    >>> from affine import Affine
    >>> file = Affine(0.5, 0.0, 0.0, 0.0, -0.5, 1.0)  # four cells of half a degree in one of a degree
    >>> warped(np.array([[[1.0, 3.0], [5.0, 7.0]]]), WGS84, file, Grid(0.0, 1.0, 1.0, 1, 1), "average", np.nan).tolist()
    [[[4.0]]]
    """
    # A rim of missing cells: to a cell that only touches the file, GDAL gives what lies at the file's edge.
    values = np.pad(values, ((0, 0), (1, 1), (1, 1)), constant_values=missing)
    transform = transform @ Affine.translation(-1, -1)
    count, height, width = values.shape
    kind, short = values.dtype, np.iinfo(np.int16)
    if kind.kind == "i" and values.min() >= short.min and values.max() <= short.max:
        values = values.astype(np.int16)
    source = {"count": count, "height": height, "width": width, "dtype": values.dtype, "crs": crs}
    with MemoryFile() as memory:
        with memory.open(driver="GTiff", interleave="band", transform=transform, nodata=missing, **source) as file:
            file.write(values)
        with (
            memory.open() as file,
            WarpedVRT(
                file,
                crs=WGS84,
                transform=grid.transform,
                width=grid.columns,
                height=grid.rows,
                nodata=missing,
                src_nodata=missing,
                resampling=Resampling[method],
                tolerance=1e-9,
                UNIFIED_SRC_NODATA="NO",  # each band has gaps of its own
            ) as view,
        ):
            found: NDArray[Any] = view.read()
            return found.astype(kind, copy=False)
