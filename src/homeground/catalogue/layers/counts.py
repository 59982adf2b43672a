# SPDX-License-Identifier: Apache-2.0
"""Counts of people on another grid: each cell's people are shared out by area, so that none is lost or made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from rasterio.warp import transform_bounds

from homeground.catalogue.grids.grid import Grid, cell_area
from homeground.catalogue.grids.resampling import WGS84
from homeground.catalogue.layers.alignment import own_cells
from homeground.catalogue.layers.series import Series

Floats = NDArray[np.float64]

COVERED = 0.99  # share of a region that the grid must reach; borders are drawn differently
POINTS = 4  # parts of a projected cell along each side that find their own place


def counts_on(series: Series, grid: Grid, chosen: Sequence[int]) -> tuple[Floats, Floats]:
    """People of each cell of a grid, from counts on the cells of a file.

    Parameters
    ----------
    series : Series
        Counts, not densities, in any coordinate system.
    grid : Grid
        Where they are wanted.
    chosen : sequence of int
        Which steps of the series.

    Returns
    -------
    people : array, dims (step, row, column), persons
        What lies outside the file, or is missing in it, adds nothing.
    known : array, dims (step, row, column), km2
        Of each cell, the area on which the file has a value.

    Raises
    ------
    DataError
        A count is below zero.

    Notes
    -----
    A count is spread evenly over its cell. In longitude and latitude the shares are exact on the ellipsoid; a projected cell
    is cut into 4 x 4 parts, each of which lies where its middle lies.
    """
    people, known = np.zeros((len(chosen), *grid.shape)), np.zeros((len(chosen), *grid.shape))
    found = own_cells(series, grid, chosen)
    if found is None:
        return people, known
    values, rows, columns = found
    degrees = CRS.from_user_input(series.look.crs) == CRS.from_epsg(4326)
    for step, counts in enumerate(values):
        sure = np.isfinite(counts)
        filled = np.where(sure, counts, 0.0).astype("float64")
        share = _by_overlap if degrees else _by_points
        people[step], known[step] = share(series, grid, rows, columns, filled, sure)
    return people, known


def missed(series: Series, regions: gpd.GeoDataFrame) -> list[str]:
    """Regions that a file does not reach: more than a hundredth of each lies outside it.

    Parameters
    ----------
    series : Series
    regions : GeoDataFrame, EPSG:4326
        ``region_id``, ``name``.

    Returns
    -------
    list of str
        Names with ids, in the order of the regions.
    """
    look = series.look
    box = (look.west, look.north - look.step_y * look.rows, look.west + look.step_x * look.columns, look.north)
    reach = shapely.box(*transform_bounds(look.crs, WGS84, *box, densify_pts=21))
    shapes = regions.geometry.to_numpy()
    inside = shapely.area(shapely.intersection(shapes, reach)) / shapely.area(shapes)
    lost = regions[inside < COVERED]
    return [f"{name} ({key})" for name, key in zip(lost["name"], lost["region_id"], strict=True)]


def _by_overlap(
    series: Series, grid: Grid, rows: slice, columns: slice, counts: Floats, sure: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Exact shares: how much of each row and column of the file lies in each of the grid."""
    look = series.look
    south_to_north = np.arange(rows.stop, rows.start - 1, -1)
    own = look.north - look.step_y * south_to_north
    wanted = grid.north - grid.step * np.arange(grid.rows, -1, -1)
    edges, place = np.unique(np.clip(np.concatenate([own, wanted]), -90, 90), return_inverse=True)
    zone = np.concatenate([[0.0], np.cumsum(cell_area(edges, 360.0))])[place]
    own_zone, wanted_zone = zone[: own.size], zone[own.size :]
    north = _overlaps(wanted_zone, own_zone)[::-1, ::-1]
    size = np.diff(own_zone)[::-1]
    east = _overlaps(
        grid.west + grid.step * np.arange(grid.columns + 1),
        look.west + look.step_x * np.arange(columns.start, columns.stop + 1),
    )
    in_rows = north / np.where(size > 0, size, 1.0)
    in_columns = east / look.step_x
    known = north @ sure.astype("float64") @ (east / 360.0).T / 1e6
    return in_rows @ counts @ in_columns.T, known


def _overlaps(wanted: NDArray[Any], own: NDArray[Any]) -> Floats:
    """How much of each interval of ``own`` lies in each of ``wanted``; both by their edges, rising."""
    low = np.maximum(wanted[:-1, None], own[None, :-1])
    found: Floats = np.clip(np.minimum(wanted[1:, None], own[None, 1:]) - low, 0.0, None)
    return found


def _by_points(
    series: Series, grid: Grid, rows: slice, columns: slice, counts: Floats, sure: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Shares by parts of cells: each part lies where its middle does."""
    look = series.look
    crs = CRS.from_user_input(look.crs)
    to_degrees = Transformer.from_crs(crs, WGS84, always_xy=True)
    km2 = look.step_x * look.step_y * crs.axis_info[0].unit_conversion_factor ** 2 / 1e6 / POINTS**2
    people, known = np.zeros(grid.rows * grid.columns), np.zeros(grid.rows * grid.columns)
    row, column = np.meshgrid(np.arange(rows.start, rows.stop), np.arange(columns.start, columns.stop), indexing="ij")
    for down in (np.arange(POINTS) + 0.5) / POINTS:
        for right in (np.arange(POINTS) + 0.5) / POINTS:
            x, y = to_degrees.transform(
                look.west + (column + right) * look.step_x, look.north - (row + down) * look.step_y
            )
            at_row, at_column = np.floor((grid.north - y) / grid.step), np.floor((x - grid.west) / grid.step)
            inside = (at_row >= 0) & (at_row < grid.rows) & (at_column >= 0) & (at_column < grid.columns)
            cell = (at_row * grid.columns + at_column)[inside].astype(np.intp)
            people += np.bincount(cell, counts[inside] / POINTS**2, people.size)
            known += np.bincount(cell, sure[inside] * km2, known.size)
    return people.reshape(grid.shape), known.reshape(grid.shape)


def people_by_class(weights: Any, people: Floats, known: Floats, classes: NDArray[Any]) -> dict[int, Floats]:
    """People of each region by the class of the cell that they live in.

    Parameters
    ----------
    weights : sparse array, shape (regions, cells), km2
        Of `homeground.catalogue.grids.zonal.coverage`.
    people, known : arrays, dims (row, column), persons and km2
        Of `counts_on`, one step.
    classes : array of int8, dims (row, column)

    Returns
    -------
    dict of class to array, shape (regions,), persons

    Notes
    -----
    People of a cell that lies in part in a region are counted in it by its part of the area that has a value in the file,
    or of the area inside all regions where that is larger: counts of one country end at its border.

    Examples
    --------
    >>> import scipy.sparse as sp
    >>> weights = sp.csr_array([[2.0, 1.0], [0.0, 1.0]])  # the second cell lies in both regions, all of it known
    >>> alone = {"known": np.array([[2.0, 2.0]]), "classes": np.array([[-1, 0]], np.int8)}
    >>> {code: one.tolist() for code, one in people_by_class(weights, np.array([[30.0, 8.0]]), **alone).items()}
    {-1: [30.0, 0.0], 0: [4.0, 4.0]}
    """
    inside = np.asarray(weights.sum(axis=0)).ravel()
    spread = np.maximum(inside, known.ravel())
    density = np.divide(people.ravel(), spread, out=np.zeros_like(spread), where=spread > 0)
    flat = classes.ravel()
    return {int(code): np.asarray(weights @ np.where(flat == code, density, 0.0)) for code in np.unique(flat)}
