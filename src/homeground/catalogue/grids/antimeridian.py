# SPDX-License-Identifier: Apache-2.0
"""Places on both sides of the 180th meridian, brought together: their longitudes run on beyond 180 degrees or -180."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

TURN = 360.0
HALF = 180.0


def brought_together(shapes: NDArray[Any]) -> NDArray[Any]:
    """Polygons as they lie nearest to each other: the smaller side of a place that the 180th meridian cuts is moved.

    Parameters
    ----------
    shapes : array of polygons, degrees
        Longitudes from -180 to 180, cut at that meridian as is customary.

    Returns
    -------
    array of polygons, degrees
        The same where that is the narrowest way to show them; else the parts on the side with less area are moved by 360
        degrees and united with what they touch, so that longitudes run on beyond 180 or -180.

    Examples
    --------
    >>> fiji = np.array([shapely.union(shapely.box(177, -19, 180, -16), shapely.box(-180, -19, -178, -16))])
    >>> shapely.bounds(brought_together(fiji)).tolist()
    [[177.0, -19.0, 182.0, -16.0]]
    >>> shapely.bounds(brought_together(np.array([shapely.box(0, 11, 16, 24)]))).tolist()
    [[0.0, 11.0, 16.0, 24.0]]
    """
    shapes = np.asarray(shapes, dtype=object)
    ends = shapely.total_bounds(shapes)
    if not ends[2] - ends[0] > HALF:
        return shapes
    parts = shapely.get_parts(shapes)
    bounds = shapely.bounds(parts)
    order = np.argsort(bounds[:, 0])
    reach = np.maximum.accumulate(bounds[order, 2])
    gaps = bounds[order[1:], 0] - reach[:-1]
    widest = int(gaps.argmax()) if gaps.size else -1
    if widest < 0 or gaps[widest] <= ends[0] + TURN - ends[2]:
        return shapes
    middle = reach[widest] + gaps[widest] / 2
    west = bounds[:, 0] < middle
    area = shapely.area(parts)
    west_moves = area[west].sum() < area[~west].sum()
    return np.array([_moved(shape, middle, west_moves=bool(west_moves)) for shape in shapes], dtype=object)


def _moved(shape: Any, middle: float, *, west_moves: bool) -> Any:
    """One polygon with its parts on one side of a meridian moved once around."""
    parts = shapely.get_parts(shape)
    moves = (shapely.bounds(parts)[:, 0] < middle) == west_moves
    if not moves.any():
        return shape
    turn = TURN if west_moves else -TURN
    moved = shapely.transform(parts[moves], lambda points: points + np.array([turn, 0.0]))
    return moved[0] if len(parts) == 1 else shapely.union_all([*parts[~moves], *moved])


def longitude_near(longitude: NDArray[Any], west: float, east: float) -> NDArray[np.float64]:
    """Longitudes of points, each moved by whole turns to where it lies nearest to the middle of a place.

    Parameters
    ----------
    longitude : array, degrees
    west, east : float, degrees
        Ends of the place, as `brought_together` leaves them.

    Returns
    -------
    array, degrees

    Examples
    --------
    >>> longitude_near(np.array([-179.0, 178.0]), 177.0, 182.0).tolist()
    [181.0, 178.0]
    """
    middle = (west + east) / 2
    points = np.asarray(longitude, dtype="float64")
    return points + TURN * np.round((middle - points) / TURN)
