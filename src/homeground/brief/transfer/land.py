# SPDX-License-Identifier: Apache-2.0
"""Land condition in the schema of Trends.Earth: the baseline and each reporting year, from the tables of the forms."""

from __future__ import annotations

from typing import Any

import pandas as pd

from homeground.brief.facts.assessed.assessment import Assessment
from homeground.brief.prais.spans import Span, degraded_at_end, spans, verdicts
from homeground.brief.transfer.legends import transition_matrix, unccd_nesting
from homeground.brief.transfer.shapes import KM2, NO_DATA, by_year, change_table, condition, cross_table
from homeground.catalogue.classes import MISSING, WATER, class_names
from homeground.study.model import Study

SDG, PRODUCTIVITY = "SDG Indicator 15.3.1", "Productivity"
COVER, CARBON = "Land cover", "Soil organic carbon"
INDICATORS = {"sdg": SDG, "productivity": PRODUCTIVITY, "land_cover": COVER, "soil_organic_carbon": CARBON}
COLUMNS = {
    "sdg": "degradation",
    "productivity": "productivity",
    "land_cover": "cover_change",
    "soil_organic_carbon": "carbon_change",
}
TWO = ("productivity", "soil_organic_carbon")  # told over all cover and without inland water
FIVE = {5: "Increasing", 4: "Stable", 3: "Stressed", 2: "Moderate decline", 1: "Declining", MISSING: NO_DATA}
THREE = {1: -1, 2: -1, 3: 0, 4: 0, 5: 1}  # what the five classes of productivity mean
PROGRESS = "{} (progress since baseline)"


def land_condition(here: Assessment, study: Study) -> dict[str, Any]:
    """Reports of the baseline and of each reporting year of one country, the earliest first.

    Parameters
    ----------
    here : Assessment
        Of one country.
    study : Study

    Returns
    -------
    dict
        ``baseline``, ``report_1`` and so on: a LandConditionReport of the schema each.

    Raises
    ------
    DataError
        The study's own matrix of land cover change has faults.

    Notes
    -----
    Verdict, productivity and carbon are of the land without inland water, as in the forms; change of cover is of all cover.
    Productivity and carbon stand beside it over all cover types, too. Where the land cover can not show water, what hangs
    on it is left out.
    """
    matrix = transition_matrix(study)
    return {
        "baseline" if n == 0 else f"report_{n}": _report(span, here, study, matrix)
        for n, span in enumerate(spans(here, study))
    }


def _report(span: Span, here: Assessment, study: Study, matrix: dict[str, Any] | None) -> dict[str, Any]:
    later = span.year != study.baseline[1] and here.changes is not None and span.year in here.changes["year"].to_numpy()
    return {
        "period_assessment": _period(span, here, study, matrix),
        "status_assessment": _status(here, span.year) if later else None,
        "change_assessment": _change(here, study, span.year) if later else None,
    }


def _period(span: Span, here: Assessment, study: Study, matrix: dict[str, Any] | None) -> dict[str, Any]:
    five = len(here.facts["productivity"]) == 5
    rows = span.rows.assign(three=span.rows["productivity"].replace(THREE if five else {}))
    return {
        "sdg": {"summary": condition(SDG, rows[rows["water"] == 0], "degradation")},
        "productivity": {
            "summaries": _both(PRODUCTIVITY, here, rows, "three"),
            "crosstabs_by_productivity_class": _productivity(span, here, study) if five else [],
        },
        "land_cover": {
            "summary": condition(COVER, rows, "cover_change"),
            "legend_nesting": unccd_nesting(),
            "transition_matrix": matrix,
            "crosstabs_by_land_cover_class": [_transitions(span, here, study)],
            "land_cover_areas_by_year": by_year("Area by year by land cover class", KM2, _covers(span, here, study)),
        },
        "soil_organic_carbon": {
            "summaries": _both(CARBON, here, rows, "carbon_change"),
            "soc_stock_by_year": by_year(
                "Soil organic carbon by year by land cover class", "tonnes", _stocks(span, here, study)
            ),
        },
        "error_recode": None,  # the areas are corrected already
        "sdg_error_recode": None,
    }


def _water_known(here: Assessment) -> bool:
    return bool(here.facts.get("water_known", True))


def _both(name: str, here: Assessment, rows: pd.DataFrame, column: str) -> dict[str, Any]:
    """Over all cover types, and without water where water is known."""
    found = {"all_cover_types": condition(name, rows, column)}
    if _water_known(here):
        found["non_water"] = condition(name, rows[rows["water"] == 0], column)
    return found


def _classes(here: Assessment) -> dict[int, str]:
    names = class_names("cover")
    return names if _water_known(here) else {code: name for code, name in names.items() if code != WATER}


def _ends(span: Span, study: Study) -> tuple[int, int]:
    """Years of land cover, as the forms call them."""
    return study.baseline if span.year == study.baseline[1] else (study.baseline[1], span.year)


def _productivity(span: Span, here: Assessment, study: Study) -> list[dict[str, Any]]:
    first, last = study.windows[span.year]
    classes = _classes(here)
    return [
        cross_table(name, (first, last), span.land[span.land["productivity"] == code], ("initial", "final"), classes)
        for code, name in FIVE.items()
    ]


def _transitions(span: Span, here: Assessment, study: Study) -> dict[str, Any]:
    name = "Land area by land cover transition type"
    table = cross_table(name, _ends(span, study), span.rows, ("initial", "final"), _classes(here))
    table["values"].sort(
        key=lambda one: -one["value"]
    )  # the largest first; equal ones stay in the order of the classes
    return table


def _covers(span: Span, here: Assessment, study: Study) -> dict[int, dict[str, float]]:
    found = {}
    for year, column in zip(_ends(span, study), ("initial", "final"), strict=True):
        by = span.rows.groupby(column)["area_km2"].sum()
        found[year] = {name: float(by.get(code, 0.0)) for code, name in (*_classes(here).items(), (MISSING, NO_DATA))}
    return found


def _stocks(span: Span, here: Assessment, study: Study) -> dict[int, dict[str, float]]:
    """Carbon in tonnes by class, in the years that lie in the span; a class without a stock is left out."""
    first, last = _ends(span, study)
    rows = here.stocks[here.stocks["year"].between(first, last) & (here.stocks["cover"] != WATER)]
    by = rows.groupby(["year", "cover"])[["area_km2", "stock_t"]].sum()
    classes = class_names("cover")
    found: dict[int, dict[str, float]] = {}
    for (year, cover), km2, tonnes in zip(by.index.tolist(), by["area_km2"], by["stock_t"], strict=True):
        if km2 > 0 and cover in classes:
            found.setdefault(int(year), {})[classes[cover]] = float(tonnes)
    return found


def _states(here: Assessment, year: int, indicator: str, *, water: bool) -> pd.DataFrame:
    """Land by class in the baseline and in a year, with its status in three classes; with inland water where asked."""
    if here.changes is None:
        raise AssertionError("without land_changes.parquet there is no status")
    if water:
        rows = here.changes[(here.changes["year"] == year) & (here.changes["indicator"] == indicator)]
    else:
        rows = verdicts(here, year, indicator)
    before, now = rows["baseline"], rows["now"]
    status = pd.Series(0, rows.index)
    status[degraded_at_end(rows)] = -1
    status[(now == 1) | ((before == 1) & (now == 0))] = 1
    status[(before == MISSING) | (now == MISSING)] = MISSING
    return rows.assign(status=status)


def _status(here: Assessment, year: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, name in INDICATORS.items():
        told, column = PROGRESS.format(name), COLUMNS[key]
        if key in TWO:
            found[key] = {"all_cover_types": condition(told, _states(here, year, column, water=True), "status")}
            if _water_known(here):
                found[key]["non_water"] = condition(told, _states(here, year, column, water=False), "status")
        else:
            found[key] = condition(told, _states(here, year, column, water=key == "land_cover"), "status")
    return found


def _change(here: Assessment, study: Study, year: int) -> dict[str, Any]:
    years = (study.baseline[0], year)
    return {
        key: change_table(name, years, _states(here, year, COLUMNS[key], water=key == "land_cover"))
        for key, name in INDICATORS.items()
    }
