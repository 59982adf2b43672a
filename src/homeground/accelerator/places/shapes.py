# SPDX-License-Identifier: Apache-2.0
"""Measures of single outlines on the ellipsoid: area, spikes, and what mending would change. Nothing is mended here."""

from __future__ import annotations

import re
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from homeground.catalogue.polygons import polygonal
from homeground.catalogue.regions import ellipsoid_area

GEOD = Geod(ellps="WGS84")
HECTARES = 100.0  # of a square kilometre
SHARP = 10.0  # degrees
RATIO = 5.0  # way over the corner by the way past it
SHORT = 50.0  # metres; corners of shorter edges are no spikes
AT = re.compile(r"\[([-\d.e+]+) ([-\d.e+]+)\]")


@dataclass(frozen=True)
class Spike:
    """A corner that juts out: where (degrees), its angle (degrees), and the way over it by the way past it."""

    longitude: float
    latitude: float
    angle: float
    ratio: float


def hectares(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Area on the WGS 84 ellipsoid of the valid polygonal part of each shape; NaN where there is none.

    Parameters
    ----------
    shapes : array of geometry or None
        Longitude and latitude, degrees.

    Returns
    -------
    array, ha

    Examples
    --------
    >>> hectares(np.array([shapely.box(0, 0, 0.01, 0.01), None], dtype=object)).round(1).tolist()
    [123.1, nan]
    """
    found = np.full(len(shapes), np.nan)
    held = np.array([measurable(one) for one in shapes], dtype=bool)
    if held.any():
        valid = polygonal(shapes[held])
        found[held] = HECTARES * ellipsoid_area(gpd.GeoDataFrame(geometry=valid, crs="EPSG:4326"))
    return found


def measurable(shape: shapely.Geometry | None) -> bool:
    """Whether a shape is there, polygonal, finite and on the globe.

    Parameters
    ----------
    shape : geometry or None

    Returns
    -------
    bool

    Examples
    --------
    >>> measurable(shapely.box(0, 0, 1, 1)), measurable(shapely.box(0, 0, 1, 91)), measurable(shapely.Point(0, 0))
    (True, False, False)
    """
    if shape is None or shapely.is_empty(shape) or shape.geom_type not in ("Polygon", "MultiPolygon"):
        return False
    west, south, east, north = shapely.bounds(shape)
    finite = bool(np.isfinite(shapely.get_coordinates(shape)).all())
    return finite and bool(west >= -180 and east <= 180 and south >= -90 and north <= 90)


def crossing(shape: shapely.Geometry) -> tuple[str, str]:
    """Why a shape is not valid and where; two empty texts where it is.

    Parameters
    ----------
    shape : geometry

    Returns
    -------
    (str, str)

    Examples
    --------
    >>> crossing(shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]))
    ('Self-intersection', '1, 1')
    """
    if shapely.is_valid(shape):
        return "", ""
    why = str(shapely.is_valid_reason(shape))
    found = AT.search(why)
    where = f"{float(found[1]):.6g}, {float(found[2]):.6g}" if found else ""
    return why.partition("[")[0].strip(), where


def spikes(shape: shapely.Geometry) -> list[Spike]:
    """Corners that jut out of an outline: sharper than 10 degrees, or a way over them more than 5 times that past them.

    Parameters
    ----------
    shape : Polygon or MultiPolygon
        Longitude and latitude, degrees.

    Returns
    -------
    list of Spike
        Only of edges longer than 50 m on both sides, holes too.

    Examples
    --------
    >>> juts = shapely.Polygon([(0, 0), (0.01, 0), (0.01, 0.01), (0.0051, 0.01), (0.005, 0.05), (0.0049, 0.01), (0, 0.01)])
    >>> [(one.longitude, one.latitude) for one in spikes(juts)]
    [(0.005, 0.05)]
    """
    found = []
    for ring in shapely.get_rings(shape):
        corners = shapely.get_coordinates(ring)[:-1]
        corners = corners[np.any(corners != np.roll(corners, 1, axis=0), axis=1)]  # a corner given twice is one
        if len(corners) < 3:
            continue
        before, after = np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0)
        to_before, _, one = GEOD.inv(*corners.T, *before.T)
        to_after, _, other = GEOD.inv(*corners.T, *after.T)
        _, _, past = GEOD.inv(*before.T, *after.T)
        angle = np.abs((np.asarray(to_before) - np.asarray(to_after) + 180) % 360 - 180)
        one, other, past = np.asarray(one), np.asarray(other), np.asarray(past)
        with np.errstate(divide="ignore"):
            ratio = np.where(past > 0, (one + other) / np.where(past > 0, past, 1.0), np.inf)
        juts = (np.minimum(one, other) > SHORT) & ((angle < SHARP) | (ratio > RATIO))
        found += [Spike(float(x), float(y), float(a), float(r))
                  for (x, y), a, r in zip(corners[juts], angle[juts], ratio[juts], strict=True)]  # fmt: skip
    return found


def mending(places: gpd.GeoDataFrame) -> pd.DataFrame:
    """What mending the outlines that cross themselves would do: a preview; the shapes stay as they are.

    Parameters
    ----------
    places : GeoDataFrame
        ``place`` and shapes as drawn.

    Returns
    -------
    DataFrame
        place, why, at (longitude, latitude), drawn_ha (what the outline encloses as it is wound; crossings take away from
        each other), mended_ha, change (%, of the drawn; NaN where that is 0), mended (WKT).

    Examples
    --------
    >>> bow = shapely.Polygon([(0, 0), (0.02, 0.02), (0.02, 0), (0, 0.02)])
    >>> mending(gpd.GeoDataFrame({"place": ["a"]}, geometry=[bow], crs=4326))[["why", "mended_ha"]].round(0).values.tolist()
    [['Self-intersection', 246.0]]
    """
    rows = []
    for name, shape in zip(places["place"], places.geometry, strict=True):
        if not measurable(shape) or shapely.is_valid(shape):
            continue
        why, at = crossing(shape)
        whole = polygonal(np.array([shape], dtype=object))[0]
        drawn = abs(GEOD.geometry_area_perimeter(shape)[0]) / 10_000
        mended = float(hectares(np.array([whole], dtype=object))[0])
        change = 100 * (mended / drawn - 1) if drawn > 1e-6 * mended else np.nan
        rows.append((name, why, at, drawn, mended, change, shapely.to_wkt(whole, rounding_precision=7)))
    return pd.DataFrame(rows, columns=["place", "why", "at", "drawn_ha", "mended_ha", "change", "mended"])
