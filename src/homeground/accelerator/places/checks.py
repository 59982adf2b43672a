# SPDX-License-Identifier: Apache-2.0
"""Whether outlines of places can be right: eleven checks, each with where it fails and what to do.

The list of checks and their bounds follow those of TerraMatch (World Resources Institute, MIT licence); areas are on the
ellipsoid, and 1000 hectares are ten million square metres. Two only warn: area against the goal, and country.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from homeground.accelerator.issues import Issue
from homeground.accelerator.places.shapes import crossing, hectares, measurable, spikes
from homeground.accelerator.results.series import day_of, text_of
from homeground.accelerator.results.units import converted
from homeground.catalogue import atlas
from homeground.catalogue.polygons import POLYGONAL, SLIVERS, polygonal

LARGEST_HA = 1_000.0
LARGEST_M2 = converted(LARGEST_HA, "ha", "m2")
GOAL = (0.75, 1.25)  # of the goal of a project, that its approved places may sum to
INSIDE = 0.75  # of a place, in its country
NEEDED = ("project", "practice", "declared_ha", "planted_on", "iso3")
BEFORE, AFTER = 2, 3  # years before and after the start of the project that planting may begin in
CHECKS: Mapping[str, tuple[str, str]] = {  # rule: severity, what to do
    "geometry type": ("error", "Draw a polygon."),
    "feature bounds": ("error", "Write longitude first, then latitude, in degrees of WGS 84."),
    "self-intersection": ("error", "Move the corner; --mend shows what mending by itself would give."),
    "polygon size": ("error", "Draw the sites of the project one by one."),
    "spikes": ("error", "Look at the corner: a point may have slipped."),
    "duplicate geometry": ("error", "Keep one, or draw the other."),
    "overlapping": ("error", "Cut them apart: their land would count twice."),
    "data completeness": ("error", "Fill it in."),
    "plant start date": ("error", "Write the first day of work, as 2024-12-31."),
    "estimated area": ("warning", "Look whether places are missing, or the goal has changed."),
    "within country": ("warning", "Look at the country, and whether longitude and latitude have changed places."),
}


def check_places(
    places: gpd.GeoDataFrame,
    *,
    projects: pd.DataFrame | None = None,
    goals: Mapping[str, float] | None = None,
    today: datetime.date | None = None,
    file: str = "places",
) -> list[Issue]:
    """All that is wrong with places, one issue for each place and check.

    Parameters
    ----------
    places : GeoDataFrame, EPSG:4326
        As drawn, with the columns of the registry's table.
    projects : DataFrame, optional
        As declared in the registry: planting begins at most two years before and three after the start of a project.
    goals : mapping of project to ha, optional
        What the approved places of a project should sum to.
    today : date, optional
        Planting does not begin after it; left out, that is not looked at.
    file : str, optional
        What the places are called in issues.

    Returns
    -------
    list of Issue
        ``path`` is the place (or the project), ``rule`` one of `CHECKS`.

    Examples
    --------
    >>> row = {"place": "a", "project": "p", "practice": "zai", "declared_ha": 1.0, "planted_on": "2021-06-01", "iso3": "NER"}
    >>> bow = shapely.Polygon([(2, 13.5), (2.001, 13.501), (2.001, 13.5), (2, 13.501)])
    >>> issues = check_places(gpd.GeoDataFrame([row], geometry=[bow], crs=4326))
    >>> [(one.rule, one.severity) for one in issues]
    [('self-intersection', 'error')]
    """
    drawn = places.reset_index(drop=True)
    shapes = drawn.geometry.to_numpy()
    good = np.array([measurable(shape) for shape in shapes], dtype=bool)
    valid = np.array([polygonal(np.array([s], dtype=object))[0] if g else None for s, g in zip(shapes, good, strict=True)],
                     dtype=object)  # fmt: skip
    found = [
        *_forms(drawn, good), *_each(drawn, good), *_twice(drawn, good, valid), *_complete(drawn),
        *_days(drawn, projects, today), *_goals(drawn, valid, goals or {}), *_countries(drawn, good, valid),
    ]  # fmt: skip
    order = list(CHECKS)
    rows = {text_of(name): at for at, name in enumerate(drawn["place"])}
    found.sort(key=lambda one: (order.index(one[0]), rows.get(one[1], -1)))
    return [Issue(file, rows.get(path, -1) + 1, path, rule, *_grave(rule, said)) for rule, path, said in found]


Found = Iterator[tuple[str, str, str]]  # rule, place or project, what is wrong


def _grave(rule: str, said: str) -> tuple[str, str, str]:
    severity, fix = CHECKS[rule]
    return severity, said, fix


def _forms(places: gpd.GeoDataFrame, good: np.ndarray) -> Found:
    for name, shape, fits in zip(places["place"], places.geometry, good, strict=True):
        if fits:
            continue
        if shape is None or shapely.is_empty(shape) or shape.geom_type not in POLYGONAL:
            kind = "no shape" if shape is None or shapely.is_empty(shape) else f"a {shape.geom_type}"
            yield "geometry type", str(name), f"{name} is {kind}; a Polygon or MultiPolygon was expected"
        else:
            box = ", ".join(f"{bound:.6g}" for bound in shapely.bounds(shape))
            yield "feature bounds", str(name), f"{name} reaches beyond longitude 180 or latitude 90: {box}"


def _each(places: gpd.GeoDataFrame, good: np.ndarray) -> Found:
    areas = hectares(places.geometry.to_numpy())
    for name, shape, fits, area in zip(places["place"], places.geometry, good, areas, strict=True):
        if not fits:
            continue
        why, at = crossing(shape)
        if why:
            yield "self-intersection", str(name), f"{name}: {why}{f' at {at}' if at else ''}"
        if converted(float(area), "ha", "m2") > LARGEST_M2:
            yield "polygon size", str(name), f"{name} has {area:,.0f} ha, at most {LARGEST_HA:,.0f}"
        if juts := spikes(shape):
            first = juts[0]
            more = f" and {len(juts) - 1} more" if len(juts) > 1 else ""
            where = f"{first.longitude:.6g}, {first.latitude:.6g}"
            yield "spikes", str(name), f"{name}: a spike of {first.angle:.1f} degrees at {where}{more}"


def _twice(places: gpd.GeoDataFrame, good: np.ndarray, valid: np.ndarray) -> Found:
    names = [str(name) for name in places["place"]]
    held = np.flatnonzero(good)
    if len(held) < 2:
        return
    shapes = shapely.normalize(valid[held])
    first: dict[bytes, int] = {}
    same: set[tuple[int, int]] = set()
    for at, key in zip(held, shapely.to_wkb(shapes), strict=True):
        if key in first:
            same.add((first[key], int(at)))
            yield "duplicate geometry", names[at], f"{names[at]} has the outline of {names[first[key]]}"
        else:
            first[key] = int(at)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    areas = hectares(valid[held])
    for a, b in zip(*(side[one < other] for side in (one, other)), strict=True):
        pair = (int(held[a]), int(held[b]))
        least = min(areas[a], areas[b])
        if pair in same or not least > 0:
            continue
        shared = hectares(polygonal(np.array([shapely.intersection(shapes[a], shapes[b])], dtype=object)))[0]
        if shared > SLIVERS * least:
            x, y = names[pair[0]], names[pair[1]]
            yield "overlapping", x, f"{x} and {y} share {shared:,.2f} ha, {100 * shared / least:.0f} % of the smaller"


def _complete(places: gpd.GeoDataFrame) -> Found:
    for row in places.to_dict("records"):
        lacking = [column for column in NEEDED if not text_of(row.get(column))]
        if lacking:
            yield "data completeness", str(row["place"]), f"{row['place']} lacks {', '.join(lacking)}"


def _days(places: gpd.GeoDataFrame, projects: pd.DataFrame | None, today: datetime.date | None) -> Found:
    starts = (
        {} if projects is None else {str(r["project"]): day_of(r.get("start")) for r in projects.to_dict("records")}
    )
    for row in places.to_dict("records"):
        name, text = str(row["place"]), text_of(row.get("planted_on"))
        if not text:
            continue  # told as incomplete
        try:
            day = day_of(row["planted_on"])
        except ValueError:
            yield "plant start date", name, f"{name}: {text} is no day"
            continue
        start = starts.get(text_of(row.get("project")))
        if day is not None and today is not None and day > today:
            yield "plant start date", name, f"{name}: planting begins on {day}, after today"
        elif day is not None and start is not None and not -BEFORE <= (day - start).days / 365.25 <= AFTER:
            yield "plant start date", name, f"{name}: planting begins on {day}, the project on {start}"


def _goals(places: gpd.GeoDataFrame, valid: np.ndarray, goals: Mapping[str, float]) -> Found:
    areas = hectares(valid)
    approved = places["state"].eq("approved").to_numpy() if "state" in places else np.zeros(len(places), bool)
    of = places["project"].map(text_of).to_numpy() if "project" in places else np.full(len(places), "")
    for project, goal in sorted(goals.items()):
        area = float(np.nansum(areas[(of == project) & approved]))
        if goal > 0 and not GOAL[0] * goal <= area <= GOAL[1] * goal:
            said = f"{project}: approved places sum to {area:,.1f} ha, {100 * area / goal:.0f} % of the goal of {goal:,.1f} ha"
            yield "estimated area", project, said


def _countries(places: gpd.GeoDataFrame, good: np.ndarray, valid: np.ndarray) -> Found:
    codes = places["iso3"].map(text_of).to_numpy() if "iso3" in places else np.full(len(places), "")
    known = set(atlas.countries()["iso3"])
    for code in sorted({code for code in codes[good] if code}):
        if code not in known:
            for name in places["place"][good & (codes == code)]:
                yield "within country", str(name), f"{name}: {code} is no country of the atlas"
            continue
        country = shapely.union_all(shapely.make_valid(atlas.regions([code]).geometry.to_numpy()))
        shapely.prepare(country)
        for at in np.flatnonzero(good & (codes == code)):
            share = _share(valid[at], country)
            if share < INSIDE:
                name = places["place"].iloc[at]
                turned = shapely.transform(valid[at], lambda xy: xy[:, ::-1])
                swapped = (
                    "; with latitude and longitude changed it would lie there"
                    if _share(turned, country) >= INSIDE
                    else ""
                )
                yield "within country", str(name), f"{name} lies to {100 * share:.0f} % in {code}{swapped}"


def _share(shape: shapely.Geometry, country: shapely.Geometry) -> float:
    if shapely.covers(country, shape):
        return 1.0
    area = shapely.area(shape)
    return float(shapely.area(shapely.intersection(shape, country)) / area) if area > 0 else 0.0
