# SPDX-License-Identifier: Apache-2.0
"""Where a study lies: its box, its grid of a step, and which cells of it are near its regions."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize

from homeground.catalogue.grids.grid import Grid

Box = tuple[float, float, float, float]  # west, south, east, north
EDGE = 0.1  # degrees around the regions, so that cells on their border are there


def box_around(shapes: NDArray[np.object_], edge: float = EDGE) -> Box:
    """The box of some regions with an edge, within the globe.

    Parameters
    ----------
    shapes : array of shapely geometries, degrees
    edge : float
        Degrees.

    Returns
    -------
    (west, south, east, north)

    Examples
    --------
    >>> box_around(np.array([shapely.box(7.5, 14, 9.5, 15.5)]), 0.5)
    (7.0, 13.5, 10.0, 16.0)
    """
    west, south, east, north = (float(x) for x in shapely.total_bounds(shapes))
    return max(west - edge, -180.0), max(south - edge, -90.0), min(east + edge, 180.0), min(north + edge, 90.0)


def grid_around(box: Box, step: float, *, west: float = -180.0, north: float = 90.0) -> Grid:
    """The cells of a grid that touch a box.

    Parameters
    ----------
    box : (west, south, east, north)
    step : float
        Side of a cell, degrees.
    west, north : float
        A corner of the grid.

    Returns
    -------
    Grid

    Examples
    --------
    >>> grid_around((0.3, 11.7, 16.0, 23.5), 0.5)
    Grid(west=0.0, north=23.5, step=0.5, rows=24, columns=32)
    """
    tiny = 1e-9
    left, right = math.floor((box[0] - west) / step + tiny), math.ceil((box[2] - west) / step - tiny)
    top, bottom = math.floor((north - box[3]) / step + tiny), math.ceil((north - box[1]) / step - tiny)
    return Grid(west + left * step, north - top * step, step, bottom - top, right - left)


def near(shapes: NDArray[np.object_], grid: Grid) -> NDArray[np.bool_]:
    """Cells that a region touches, or that lie beside one: the rest is not kept, so that files stay small.

    Parameters
    ----------
    shapes : array of shapely geometries, degrees
    grid : Grid

    Returns
    -------
    array of bool, shape (rows, columns)

    Examples
    --------
    >>> near(np.array([shapely.box(0.2, 0.2, 0.8, 0.8)]), Grid(-2, 3, 1, 5, 5)).sum()
    np.int64(9)
    """
    touched: NDArray[np.uint8] = rasterize(
        [(shape, 1) for shape in shapes],
        (grid.rows, grid.columns),
        transform=grid.transform,
        all_touched=True,
        dtype="uint8",
    )
    around = np.pad(touched.astype(bool), 1)
    found = np.zeros(touched.shape, bool)
    for down in range(3):
        for right in range(3):
            found |= around[down : down + grid.rows, right : right + grid.columns]
    return found
