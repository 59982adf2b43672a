# SPDX-License-Identifier: Apache-2.0
"""Region and country outlines as SVG paths: one projection, simplified together, disputed borders apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from homeground.brief.drawing.frame import MapFrame, map_frame
from homeground.brief.drawing.surroundings import FEW, Surroundings, behind, labels
from homeground.brief.drawing.svg import breadth
from homeground.errors import DataError

_DOT = 2.6  # radius of the dot that stands for a region too small to see


@dataclass(frozen=True)
class MapShapes:
    """The drawn geometry that all maps of one study share."""

    frame: MapFrame
    ids: tuple[str, ...]
    paths: tuple[str, ...]
    borders: str
    dashed: str
    labels: tuple[tuple[str, float, float], ...] = ()
    behind: str = ""  # land around the regions, drawn under them
    names: str = ""  # of regions, towns and countries around, drawn over them


def map_shapes(
    regions: gpd.GeoDataFrame,
    *,
    width: float = 760,
    max_height: float = 640,
    tolerance: float = 0.7,
    dashed: Iterable[tuple[str, str]] | Any = (),
    country_names: Mapping[str, str] | None = None,
    around: Surroundings | None = None,
) -> MapShapes:
    """Region and country outlines in drawing units, simplified together so that neighbours still touch.

    Parameters
    ----------
    regions : GeoDataFrame, columns region_id, iso3, name, geometry (EPSG:4326)
    tolerance : float
        Detail smaller than this many drawing units is taken away.
    dashed : pairs of iso3 codes, or a line geometry in EPSG:4326
        Borders that are disputed.
    around : Surroundings, optional
        Of a few sites: their country, neighbours and towns are drawn too, and the map shows the land around.

    Raises
    ------
    DataError
        A column is missing, region ids repeat, or coordinates are not degrees.
    """
    _check_regions(regions)
    raw = np.array(regions.geometry.to_numpy(), dtype=object)
    bounds = shapely.total_bounds(raw) if around is None else around.bounds
    if bounds[2] - bounds[0] > 180:
        raw_lon = shapely.get_coordinates(raw)[:, 0]
        turned = np.where(raw_lon < 0, raw_lon + 360, raw_lon)
        if turned.max() - turned.min() < bounds[2] - bounds[0]:
            bounds = (turned.min(), bounds[1], turned.max(), bounds[3])
    frame = map_frame([float(b) for b in bounds], width=width, max_height=max_height)
    drawn = shapely.transform(raw, frame.place)
    drawn = shapely.coverage_simplify(drawn, tolerance)
    paths = [_region_path(shape) for shape in drawn]
    iso3 = regions["iso3"].astype(str).to_numpy()
    countries = {code: shapely.union_all(shapely.make_valid(drawn[iso3 == code])) for code in pd.unique(iso3)}
    outlines = {code: _outline(shape) for code, shape in countries.items()}
    broken = _dashed_lines(outlines, dashed, frame)
    if broken.is_empty:
        solid = list(outlines.values())
    else:
        solid = [line.difference(broken.buffer(0.45)) for line in outlines.values()]
    few = len(regions) <= FEW and len(countries) == 1
    names = labels(drawn, regions["name"].astype(str), frame, around) if few or around is not None else ""
    return MapShapes(
        frame,
        tuple(regions["region_id"].astype(str)),
        tuple(paths),
        "".join(_line_path(line) for line in solid),
        _line_path(broken),
        _country_labels(countries, country_names or {}) if around is None else (),
        behind(around, frame) if around is not None else "",
        names,
    )


def _check_regions(regions: gpd.GeoDataFrame) -> None:
    absent = [c for c in ("region_id", "iso3", "name", "geometry") if c not in regions.columns]
    if absent:
        raise DataError(f"regions have no column {', '.join(absent)}; region_id, iso3, name, geometry were expected.")
    if len(regions) == 0:
        raise DataError("regions are empty; at least one region was expected. Check the countries of the study.")
    twice = regions["region_id"][regions["region_id"].duplicated()].astype(str).unique()
    if len(twice):
        raise DataError(f"region_id {', '.join(twice[:5])} stands more than once. Give every region its own id.")
    west, south, east, north = regions.total_bounds
    if not (west >= -181 and east <= 361 and south >= -91 and north <= 91):
        raise DataError("coordinates of regions are not degrees (EPSG:4326). Convert with to_crs(4326).")


def _pieces(line: Any) -> list[np.ndarray]:
    merged = shapely.line_merge(line) if line.geom_type == "MultiLineString" else line
    parts = shapely.get_parts(merged)
    return [shapely.get_coordinates(p) for p in parts if p.geom_type in {"LineString", "LinearRing"} and p.length > 0.5]


def _steps(xy: np.ndarray, close: bool) -> str:
    """One polyline as relative moves in tenths of a unit, so that rounding does not add up."""
    tenths = np.round(xy * 10).astype(int)
    keep = np.concatenate([[True], np.any(np.diff(tenths, axis=0) != 0, axis=1)])
    tenths = tenths[keep]
    if close and len(tenths) > 1 and (tenths[0] == tenths[-1]).all():
        tenths = tenths[:-1]
    if len(tenths) < (3 if close else 2):
        return ""
    moves = np.diff(tenths, axis=0)
    start = f"M{_tenth(tenths[0, 0])} {_tenth(tenths[0, 1])}l"
    return start + " ".join(f"{_tenth(dx)} {_tenth(dy)}" for dx, dy in moves) + ("z" if close else "")


def _tenth(number: int) -> str:
    text = f"{number / 10:.1f}".removesuffix(".0")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _region_path(shape: Any) -> str:
    """Outline of a region; a region too small to see becomes a dot, so that none vanishes."""
    if shape is None or shape.is_empty:
        return ""
    if shape.area < 5:
        at = shape.representative_point()
        r = _DOT
        return f"M{at.x - r:.1f} {at.y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"
    rings = [r for p in shapely.get_parts(shape) if p.geom_type == "Polygon" for r in (p.exterior, *p.interiors)]
    return "".join(_steps(shapely.get_coordinates(ring), close=True) for ring in rings)


def _outline(shape: Any) -> Any:
    """Outer line of a country and its real holes; slivers between badly fitting neighbours are left out."""
    polygons = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    rings = [r for p in polygons for r in (p.exterior, *p.interiors) if shapely.Polygon(r).area > 2]
    return shapely.MultiLineString([shapely.LineString(r.coords) for r in rings])


def _dashed_lines(outlines: Mapping[str, Any], dashed: Any, frame: MapFrame) -> Any:
    if hasattr(dashed, "geom_type"):
        return shapely.transform(dashed, frame.place)
    shared = [_shared_line(outlines[a], outlines[b]) for a, b in dashed if a in outlines and b in outlines]
    return shapely.union_all(shared) if shared else shapely.MultiLineString()


def _shared_line(one: Any, other: Any) -> Any:
    """The border two countries share; where outlines do not fit exactly, what of the first runs along the other."""
    exact, near = one.intersection(other), one.intersection(other.buffer(0.4))
    return exact if exact.length > 0.9 * near.length else near


def _line_path(line: Any) -> str:
    return "" if line.is_empty else "".join(_steps(xy, close=False) for xy in _pieces(line))


def _country_labels(countries: Mapping[str, Any], names: Mapping[str, str]) -> tuple[tuple[str, float, float], ...]:
    """Country names where they fit inside the country, else the three letters, else nothing."""
    if len(countries) < 2:
        return ()
    labels = []
    for code, shape in countries.items():
        largest = max(shapely.get_parts(shape), key=lambda p: p.area)
        at = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=1.0), 0)
        row = shapely.LineString([(at.x - 2000, at.y), (at.x + 2000, at.y)]).intersection(largest)
        room = max((p.length for p in shapely.get_parts(row)), default=0.0)
        text = next((t for t in (names.get(code, ""), code) if t and breadth(t) * 6.6 + 8 < room), "")
        if text:
            labels.append((text, round(at.x, 1), round(at.y, 1)))
    return tuple(labels)
