# SPDX-License-Identifier: Apache-2.0
"""The report of land condition of a Trends.Earth job: areas by rule and class in each period, years, matrix, outline.

Read by the published schema (trends.earth-schemas, ``te_schemas/reporting.py``; trends.earth-algorithms,
``land_deg_report.py``).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from homeground.errors import DataError, Problems

KM2 = {"sq km": 1.0, "ha": 0.01, "m": 1e-6}  # km2 in each unit that the schema allows
STATES = {"Degraded": "degraded", "Stable": "stable", "Improved": "improved", "No data": "no_data"}
# Of a status in seven classes.
SEVEN = {
    "Persistent degradation": "degraded",
    "Recent degradation": "degraded",
    "Baseline degradation": "degraded",
    "Stability": "stable",
    "Baseline improvement": "improved",
    "Recent improvement": "improved",
    "Persistent improvement": "improved",
}
# Rule, and where its areas lie in a report; productivity and carbon are told without inland water where that is known.
RULES = {
    "productivity": ("period_assessment", "productivity", "summaries"),
    "land_cover": ("period_assessment", "land_cover", "summary"),
    "soil_organic_carbon": ("period_assessment", "soil_organic_carbon", "summaries"),
    "indicator": ("period_assessment", "sdg", "summary"),
    "status": ("status_assessment", "sdg"),
}
MEANINGS = {"degradation": -1, "stable": 0, "improvement": 1}
NEEDED = ("trends_earth_version.version", "area_of_interest.name")  # of metadata
MOST = 8  # faults that are told of one report

Areas = dict[str, float]


@dataclass(frozen=True)
class JobPeriod:
    """One period of a report."""

    name: str  # baseline, report_1 and so on, as the job calls it
    years: dict[str, tuple[int, int]]  # of productivity and land_cover, first and last, where the report says them
    areas: dict[str, Areas]  # km2 by rule and state
    non_water: dict[str, bool]  # whether productivity and soil_organic_carbon are told without inland water
    matrix: dict[tuple[int, int], int] | None  # what a change between two of the seven classes means

    @property
    def last(self) -> int:
        """The last year of the period: that of productivity, else of land cover."""
        return max(last for _, last in self.years.values())


@dataclass(frozen=True)
class Report:
    """The report of a job."""

    file: str
    title: str
    version: str
    area: str
    outline: shapely.Geometry | None  # in longitude and latitude
    periods: tuple[JobPeriod, ...] = field(default_factory=tuple)


def read_json(path: Path) -> Any:
    """Content of a JSON file.

    Raises
    ------
    DataError
        It is no JSON, or not UTF-8.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError(
            f"data.trends_earth: {path.name} is not whole JSON ({error}). Fetch or export the job again."
        ) from error
    except OSError as error:
        raise DataError(f"data.trends_earth: {path.name} cannot be read ({error.strerror}).") from error


def report_in(content: Any) -> dict[str, Any] | None:
    """The report that a JSON file of a job is or holds (a job keeps its own under results, data, report).

    Examples
    --------
    >>> report_in({"land_condition": {}}), report_in({"results": {"data": {"report": {"land_condition": {}}}}})
    ({'land_condition': {}}, {'land_condition': {}})
    >>> report_in({"drought": {}}) is None
    True
    """
    for keys in ((), ("results", "data", "report"), ("data", "report")):
        found = _at(content, *keys)
        if isinstance(found, dict) and "land_condition" in found:
            return found
    return None


def read_report(content: dict[str, Any], file: str) -> Report:
    """Everything that is compared, of a report.

    Parameters
    ----------
    content : dict
        As `report_in` finds it.
    file : str
        Name of its file, for messages.

    Returns
    -------
    Report
        Areas in km2.

    Raises
    ------
    DataError
        Keys are missing, areas are no areas, or classes and units are unknown: all at once.
    """
    problems = Problems(f"data.trends_earth: {file}")
    metadata = content.get("metadata")
    lacking = [f"metadata.{key}" for key in NEEDED if not isinstance(_at(metadata, *key.split(".")), str)]
    told = content["land_condition"]
    if not isinstance(told, dict) or not told:
        lacking.append("land_condition.baseline")
        told = {}
    periods = [_period(name, report, lacking, problems) for name, report in told.items()]
    outline = _outline(metadata, problems)
    if lacking:
        listed = ", ".join(lacking[:MOST]) + (f" and {len(lacking) - MOST} more" if len(lacking) > MOST else "")
        problems.add(
            f"lacks {listed}; it is of another version or shape. The report of land condition of Trends.Earth 2 was "
            "expected (the file that PRAIS takes, JOB_summary.json)."
        )
    problems.raise_if_any(DataError)
    return Report(
        file=file,
        title=str(_at(metadata, "title") or ""),
        version=str(_at(metadata, "trends_earth_version", "version")),
        area=str(_at(metadata, "area_of_interest", "name")),
        outline=outline,
        periods=tuple(one for one in periods if one is not None),
    )


def _at(content: Any, *keys: str) -> Any:
    for key in keys:
        content = content.get(key) if isinstance(content, dict) else None
    return content


def _period(name: str, report: Any, lacking: list[str], problems: Problems) -> JobPeriod | None:
    areas: dict[str, Areas] = {}
    non_water = {}
    for rule, keys in RULES.items():
        found, where = _at(report, *keys), ".".join(("land_condition", name, *keys))
        if rule == "status" and _at(report, "status_assessment") is None:
            continue  # the baseline has none
        if keys[-1] == "summaries":
            non_water[rule] = isinstance(found, dict) and "non_water" in found
            where += ".all_cover_types"
            found = _at(found, "non_water") or _at(found, "all_cover_types")
        if not isinstance(found, dict):
            lacking.append(where)
            continue
        areas[rule] = _areas(found, where, lacking, problems)
    years = _years(_at(report, "period_assessment"))
    if not years:
        lacking.append(f"land_condition.{name}.period_assessment.land_cover.crosstabs_by_land_cover_class")
        return None
    matrix = _matrix(_at(report, "period_assessment", "land_cover", "transition_matrix"))
    return JobPeriod(name, years, areas, non_water, matrix)


def _areas(listed: dict[str, Any], where: str, lacking: list[str], problems: Problems) -> Areas:
    """An AreaList in km2 by state; a status in seven classes is folded into three."""
    rows, unit = listed.get("areas"), listed.get("unit")
    if not isinstance(rows, list):
        lacking.append(f"{where}.areas")
        return {}
    if not isinstance(unit, str) or unit not in KM2:
        problems.add(f'{where}: its unit is "{unit}"; one of {", ".join(KM2)} was expected.')
        return {}
    found: Areas = {}
    names = STATES | SEVEN
    for row in rows:
        name, area = str(_at(row, "name")), _at(row, "area")
        if name not in names:
            problems.add(f'{where}: holds the class "{name}"; known are {", ".join(names)}.')
        elif isinstance(area, bool) or not isinstance(area, int | float) or not math.isfinite(area) or area < 0:
            problems.add(f'{where}: the area of "{name}" is {area}; a number of 0 or more was expected.')
        else:
            found[names[name]] = found.get(names[name], 0.0) + area * KM2[unit]
    present = {str(_at(row, "name")) for row in rows}
    if not present & set(SEVEN):
        lacking += [f'{where}.areas "{name}"' for name in STATES if name not in present]
    return dict.fromkeys(STATES.values(), 0.0) | found


def _years(assessment: Any) -> dict[str, tuple[int, int]]:
    """First and last years of productivity and of land cover, from their cross tables."""
    tables = {
        "productivity": _at(assessment, "productivity", "crosstabs_by_productivity_class"),
        "land_cover": _at(assessment, "land_cover", "crosstabs_by_land_cover_class"),
    }
    found = {}
    for rule, listed in tables.items():
        first = listed[0] if isinstance(listed, list) and listed else None
        ends = (_at(first, "initial_year"), _at(first, "final_year"))
        if all(isinstance(year, int) and not isinstance(year, bool) for year in ends):
            found[rule] = ends
    return found


def _matrix(told: Any) -> dict[tuple[int, int], int] | None:
    """Meanings by pair of classes; None where it is not of the seven classes of the Convention."""
    found = {}
    listed = _at(told, "definitions", "transitions")
    for one in listed if isinstance(listed, list) else ():
        pair, meaning = (_at(one, "initial", "code"), _at(one, "final", "code")), str(_at(one, "meaning"))
        if meaning in MEANINGS and all(isinstance(code, int) for code in pair):
            found[pair] = MEANINGS[meaning]
    seven = {(first, last) for first in range(1, 8) for last in range(1, 8)}
    return found if set(found) == seven else None


def _outline(metadata: Any, problems: Problems) -> shapely.Geometry | None:
    """The area of interest in longitude and latitude; None where the report has none."""
    told = _at(metadata, "area_of_interest", "geojson")
    if told is None:
        return None
    try:
        shape = shapely.make_valid(shapely.union_all(_shapes(told)))
        crs = CRS.from_user_input(_at(metadata, "area_of_interest", "crs_wkt") or "EPSG:4326")
        if not crs.is_geographic:
            turn = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
            shape = shapely.transform(shape, turn.transform, interleaved=False)
    except (shapely.errors.GEOSException, CRSError, TypeError, KeyError, ValueError) as error:
        problems.add(f"metadata.area_of_interest cannot be read ({error}). Export the job again.")
        return None
    return None if shape.is_empty else shape


def _shapes(told: dict[str, Any]) -> list[shapely.Geometry]:
    """Geometries of a GeoJSON: a collection of features, a feature, or a geometry."""
    if told["type"] == "FeatureCollection":
        return [shape for one in told["features"] for shape in _shapes(one)]
    return [shapely.from_geojson(json.dumps(told["geometry"] if told["type"] == "Feature" else told))]
