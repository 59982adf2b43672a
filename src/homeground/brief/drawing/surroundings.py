# SPDX-License-Identifier: Apache-2.0
"""What lies around a few sites: the outline of their country, its neighbours, towns, and where in the country they are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from homeground.brief.drawing.frame import MapFrame, map_frame
from homeground.brief.drawing.svg import breadth
from homeground.catalogue import atlas
from homeground.catalogue.grids.antimeridian import longitude_near

FEW = 30  # regions whose names a map can hold
PART = 0.25  # of their countries' land; with less, regions are sites within a country
WIDE = 0.3  # of the country's extent; sites that lie farther apart are shown on the whole country
MARGIN = 0.15  # of the extent of sites that lie together, shown around them
ROOM = 0.42  # of that extent, shown to the east, where the small map of the country lies
SMALL = 0.24  # of the width of the map, taken by the small map of the country
TOWNS = 8
LAND, BESIDE, LINE, WORD = "#eceae4", "#f7f6f3", "#a8a49a", "#5c5a55"
SITE = "#222222"
_LETTER = 0.56  # width of a letter to its size, as `breadth` counts


@dataclass(frozen=True)
class Surroundings:
    """Countries around the sites, in degrees, and the towns of their own country.

    ``home`` and ``others`` hold iso3 and geometry; ``bounds`` are what the map shows; ``inset`` whether the country stands
    beside it as a small map, because it is much larger than the extent of the sites.
    """

    home: gpd.GeoDataFrame
    others: gpd.GeoDataFrame
    towns: pd.DataFrame  # name, longitude, latitude, the most people first
    bounds: tuple[float, float, float, float]
    inset: bool
    names: Mapping[str, str]  # of countries, in the language of the map


def surroundings(regions: gpd.GeoDataFrame, code: str = "en") -> Surroundings | None:
    """What to draw around a few sites; None where the regions are a good part of their countries.

    Parameters
    ----------
    regions : GeoDataFrame, columns iso3, geometry (EPSG:4326)
    code : str
        Language of the names of countries. Towns are called as the atlas calls them.
    """
    own = sorted(set(regions["iso3"].astype(str)))
    if len(regions) > FEW or not set(own) <= set(atlas.country_names(code)):
        return None
    units = atlas.regions(own)
    if shapely.area(regions.geometry.to_numpy()).sum() >= PART * shapely.area(units.geometry.to_numpy()).sum():
        return None
    home = _countries(units)
    whole, few = home.total_bounds, regions.total_bounds
    inset = max((few[2] - few[0]) / (whole[2] - whole[0]), (few[3] - few[1]) / (whole[3] - whole[1])) < WIDE
    bounds = _padded(few) if inset else _union(whole, few)
    others = _countries(atlas.neighbours(bounds, own))
    west, south, east, north = bounds
    towns = atlas.cities(own).assign(longitude=lambda t: longitude_near(t["longitude"].to_numpy(), west, east))
    inside = towns["longitude"].between(west, east) & towns["latitude"].between(south, north)
    towns = towns[inside].sort_values(["population", "name"], ascending=[False, True]).head(4 * TOWNS)
    return Surroundings(home, others, towns, bounds, bool(inset), atlas.country_names(code))


def _countries(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Units of the atlas as countries."""
    return units[["iso3", "geometry"]].dissolve("iso3", as_index=False) if len(units) else units[["iso3", "geometry"]]


def _union(one: Sequence[float], other: Sequence[float]) -> tuple[float, float, float, float]:
    west, south = min(one[0], other[0]), min(one[1], other[1])
    return float(west), float(south), float(max(one[2], other[2])), float(max(one[3], other[3]))


def _padded(bounds: Sequence[float]) -> tuple[float, float, float, float]:
    west, south, east, north = (float(b) for b in bounds)
    pad = MARGIN * max(east - west, north - south)
    return west - pad, south - pad, east + pad + ROOM * max(east - west, north - south), north + pad


def behind(around: Surroundings, frame: MapFrame) -> str:
    """Land of the country and its neighbours, as it lies under the map."""
    sheet = shapely.box(0, 0, frame.width, frame.height)
    drawn = []
    for table, fill in ((around.others, BESIDE), (around.home, LAND)):
        for shape in table.geometry:
            drawn.append(f'<path d="{_path(_on(shape, frame).intersection(sheet))}" fill="{fill}"/>')
    return f'<g class="around" stroke="{LINE}" stroke-width="0.7" stroke-linejoin="round">{"".join(drawn)}</g>'


def _on(shape: Any, frame: MapFrame) -> Any:
    """A shape in units of the drawing, without detail that nobody sees."""
    return shapely.make_valid(shapely.simplify(shapely.transform(shape, frame.place), 0.7))


def _path(shape: Any) -> str:
    polygons = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and p.area > 1]
    rings = [ring for p in polygons for ring in (p.exterior, *p.interiors)]
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(ring)[:-1]) + "z" for ring in rings
    )


@dataclass
class _Labels:
    """Texts of a map, none over another."""

    width: float
    height: float
    taken: list[Any]

    def put(self, text: str, x: float, y: float, size: float, anchor: str = "start", colour: str = SITE) -> str:
        """A text, or nothing where it would lie over another or outside the map."""
        long = breadth(text) * _LETTER * size
        left = x - (long / 2 if anchor == "middle" else 0)
        space = shapely.box(left - 1, y - size, left + long + 1, y + 0.3 * size)
        if left < 0 or left + long > self.width or y < size or y > self.height:
            return ""
        if any(space.intersects(other) for other in self.taken):
            return ""
        self.taken.append(space)
        return (
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}" fill="{colour}" stroke="#ffffff" '
            f'stroke-width="2.2" stroke-linejoin="round" paint-order="stroke">{escape(text)}</text>'
        )


def labels(drawn: Sequence[Any], names: Iterable[str], frame: MapFrame, around: Surroundings | None) -> str:
    """Names of regions where they fit, and around sites also of towns and countries, with the small map of the country."""
    inset, corner = _inset(around, frame) if around is not None and around.inset else ("", None)
    sheet = _Labels(frame.width, frame.height, [corner] if corner is not None else [])
    sites = shapely.union_all(shapely.make_valid(np.asarray(drawn, dtype=object))) if around is not None else None
    out = [_region(sheet, shape, name, sites) for shape, name in zip(drawn, names, strict=True)]
    if around is not None:
        sheet.taken += [shapely.box(*shape.bounds) for shape in drawn if shape is not None and not shape.is_empty]
        out += _towns(sheet, around, frame)
        for table in (around.home, around.others):
            out += [
                _country(sheet, shape, around.names.get(str(iso3), str(iso3)), frame)
                for iso3, shape in zip(table["iso3"], table.geometry, strict=True)
            ]
    return f'<g class="labels" pointer-events="none">{"".join(out)}{inset}</g>'


def _region(sheet: _Labels, shape: Any, name: str, others: Any) -> str:
    """The name of a region inside it, where it fits, on two lines if need be; of a site, else beside it on free land."""
    if shape is None or shape.is_empty:
        return ""
    west, south, east, north = shape.bounds  # of the drawing: south is the upper end
    at = shape.representative_point()
    middle = (west + east) / 2 if shape.contains(shapely.Point((west + east) / 2, at.y)) else at.x
    for size, lines in ((9.0, [name]), (8.0, [name]), (8.0, _two_lines(name))):
        long, tall = max(breadth(line) for line in lines) * _LETTER * size + 3, len(lines) * size * 1.2
        if long < east - west and tall < north - south:
            top = at.y - tall / 2 + size * 0.95
            return "".join(sheet.put(t, middle, top + i * size * 1.15, size, "middle") for i, t in enumerate(lines))
    if others is None:
        return ""
    places = ((east + 4, (south + north) / 2 + 3.5, "start"), ((west + east) / 2, south - 4, "middle"))
    for x, y, anchor in places:
        long = breadth(name) * _LETTER * 10
        left = x - (long / 2 if anchor == "middle" else 0)
        if not others.intersects(shapely.box(left, y - 9, left + long, y + 2)):
            text = sheet.put(name, x, y, 10.0, anchor)
            if text:
                return text
    return ""


def _two_lines(name: str) -> list[str]:
    """A name cut at the space nearest to its middle.

    Examples
    --------
    >>> _two_lines("Near Dire Dawa"), _two_lines("Zinder")
    (['Near Dire', 'Dawa'], ['Zinder'])
    """
    cuts = [i for i, letter in enumerate(name) if letter == " "]
    if not cuts:
        return [name]
    cut = min(cuts, key=lambda i: (abs(i - len(name) / 2), -i))
    return [name[:cut], name[cut + 1 :]]


def _towns(sheet: _Labels, around: Surroundings, frame: MapFrame) -> list[str]:
    """The largest towns around the sites whose names have room."""
    out: list[str] = []
    at = frame.place(around.towns[["longitude", "latitude"]].to_numpy(float))
    for (x, y), name in zip(at, around.towns["name"], strict=True):
        if len(out) == TOWNS or any(shapely.Point(x, y).within(space) for space in sheet.taken):
            continue
        word = str(name)
        text = sheet.put(word, x + 4, y + 3, 8.5, colour=WORD) or sheet.put(word, x, y - 4, 8.5, "middle", WORD)
        if text:
            out.append(f'<circle class="town" cx="{x:.1f}" cy="{y:.1f}" r="1.7" fill="{WORD}"/>{text}')
    return out


def _country(sheet: _Labels, shape: Any, name: str, frame: MapFrame) -> str:
    """The name of a country, where what is seen of it has room."""
    seen = _on(shape, frame).intersection(shapely.box(0, 0, frame.width, frame.height))
    parts = [p for p in shapely.get_parts(seen) if p.geom_type == "Polygon"]
    if not parts:
        return ""
    largest = max(parts, key=lambda p: float(p.area))
    middle = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=1.0), 0)
    west, _, east, _ = largest.bounds
    if breadth(name) * _LETTER * 11 > east - west:
        return ""
    for down in (0, 30, -30, 60, -60, 90, -90):
        if largest.contains(shapely.Point(middle.x, middle.y + down)):
            text = sheet.put(name, middle.x, middle.y + down, 11, "middle", "#8a867c")
            if text:
                return text
    return ""


def _inset(around: Surroundings, frame: MapFrame) -> tuple[str, Any]:
    """The country in small, in the upper right corner, with the extent of the map marked on it."""
    side = SMALL * frame.width
    small = map_frame(around.home.total_bounds, width=side - 8, max_height=min(side, frame.height / 2) - 8)
    left, top = frame.width - small.width - 8, 0.0
    path = "".join(_path(_on(shape, small)) for shape in around.home.geometry)
    west, south, east, north = around.bounds
    (x0, y0), (x1, y1) = small.place(np.array([[west, north], [east - _room(around), south]]))
    mark = f'<rect x="{x0:.1f}" y="{y0:.1f}" width="{max(x1 - x0, 3):.1f}" height="{max(y1 - y0, 3):.1f}"/>'
    drawn = (
        f'<g class="inset" transform="translate({left:.1f} {top:.1f})"><rect width="{small.width + 8:.1f}" '
        f'height="{small.height + 8:.1f}" fill="#ffffff" stroke="{LINE}" stroke-width="0.7"/>'
        f'<g transform="translate(4 4)"><path d="{path}" fill="{LAND}" stroke="{LINE}" stroke-width="0.6"/>'
        f'<g fill="none" stroke="{SITE}" stroke-width="1.2">{mark}</g></g></g>'
    )
    return drawn, shapely.box(left - 2, top, frame.width, top + small.height + 10)


def _room(around: Surroundings) -> float:
    """Degrees that the map shows to the east of the sites for the small map's sake."""
    west, south, east, north = around.bounds
    wide, tall = east - west, north - south
    # bounds = extent + 2 MARGIN of the longer side, and ROOM of it more to the east
    longer = max(tall / (1 + 2 * MARGIN), wide / (1 + 2 * MARGIN + ROOM))
    return ROOM * longer if math.isfinite(longer) else 0.0
