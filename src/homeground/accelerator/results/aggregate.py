# SPDX-License-Identifier: Apache-2.0
"""The one way in which results of several projects, places and periods become one number; page, sheet and export use it.

Percentages are never summed. A place is part of its project, a country of the project's whole, a child of its parent's
number: parts are not added to their whole. A country's own number does not join those of projects. What cannot be one
number is none, with the reason.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from homeground.accelerator.issues import Issue
from homeground.accelerator.results.parts import Key, parents_of, without_parts
from homeground.accelerator.results.review import counted
from homeground.accelerator.results.series import Series, Told, day_of, every, latest, parts_of, summed, text_of
from homeground.errors import DataError

COUNTED = ("unit",)  # measures whose values may be summed
BY = ("iso3", "project", "place", "disaggregation")


def aggregate(
    actuals: pd.DataFrame,
    indicators: pd.DataFrame,
    *,
    by: Sequence[str] = (),
    start: datetime.date | None = None,
    end: datetime.date | None = None,
    places: pd.DataFrame | None = None,
    project_countries: pd.DataFrame | None = None,
    project_links: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Approved results, one row an indicator and group, by the rule that the indicator declares.

    Parameters
    ----------
    actuals, indicators : DataFrame
        As declared in the registry.
    by : sequence of str, optional
        What to part results by: ``iso3``, ``project``, ``place``, ``disaggregation``. Left out: one number an indicator.
    start, end : date, optional
        The days that are asked for.
    places, project_countries, project_links : DataFrame, optional
        As declared in the registry: where a row without country lies, and which project is part of which.

    Returns
    -------
    DataFrame
        indicator, the columns of ``by`` (empty text: none), title, unit, quantity, reach, aggregation, value (NaN: none),
        rows and projects that it is made of, start and end of them, actuals (their names, divided by blanks) and notes
        (what must be told with the number, divided by "; ").

    Raises
    ------
    DataError
        A group that there is not, or an actual of an indicator that is not declared.

    Examples
    --------
    >>> indicators = pd.DataFrame({"indicator": ["ha"], "title": "restored", "unit": "ha", "measure": "unit",
    ...     "aggregation": "sum", "quantity": "restored", "reach": "output"})
    >>> row = {"indicator": "ha", "iso3": "NER", "place": None, "start": "2020-01-01", "end": "2020-12-31", "weight": None,
    ...     "counting": "per period", "words": None, "disaggregation": None, "state": "approved", "submitted_by": "editor",
    ...     "approved_by": "focal point"}
    >>> rows = [{"actual": "a", "project": "p", "value": 30.0}, {"actual": "b", "project": "q", "value": 12.0}]
    >>> aggregate(pd.DataFrame([row | r for r in rows]), indicators)["value"].item()
    42.0
    """
    if unknown := [one for one in by if one not in BY]:
        raise DataError(f"results cannot be parted by {', '.join(unknown)}. Use {', '.join(BY)}.")
    known = {str(row["indicator"]): row for row in indicators.to_dict("records")}
    rows = _rows(counted(actuals), places, project_countries)
    if strange := sorted({row["indicator"] for row in rows} - set(known)):
        raise DataError(f"actuals are of indicators that are not declared: {', '.join(strange)}. Declare them.")
    rules = {name: rule_of(row) for name, row in known.items()}
    summable = {name for name, rule in rules.items() if rule == "sum"}
    wholes, notes = (rows, {}) if "disaggregation" in by else _wholes(rows, summable)
    series = _reduced(wholes, rules, start, end, whole="disaggregation" not in by)
    for key, said in notes.items():
        if key in series:
            series[key].notes[:0] = said
        else:
            series[key] = Series(notes=said)
    without_parts(series, summable, detailed={"iso3", "place"} & {*by}, parents=parents_of(project_links))
    groups: dict[tuple[str, ...], list[tuple[Key, Series]]] = {}
    for key, one in sorted(series.items()):
        groups.setdefault((key[0], *(key[1:][_AT[column]] for column in by)), []).append((key, one))
    found = [_combined(key, by, members, known[key[0]], rules[key[0]]) for key, members in groups.items()]
    return pd.DataFrame(found, columns=["indicator", *by, *OUT])


OUT = (
    "title",
    "unit",
    "quantity",
    "reach",
    "aggregation",
    "value",
    "rows",
    "projects",
    "start",
    "end",
    "actuals",
    "notes",
)
_AT = {"project": 0, "iso3": 1, "place": 2, "disaggregation": 3}


def indicator_issues(indicators: pd.DataFrame, file: str = "indicators") -> list[Issue]:
    """Indicators whose values would be made into a number that means nothing.

    Parameters
    ----------
    indicators : DataFrame
        Its index is the row of the file.
    file : str
        What it is called.

    Returns
    -------
    list of Issue

    Examples
    --------
    >>> survival = pd.DataFrame({"indicator": ["survival"], "measure": "percentage", "aggregation": "sum", "unit": "%"})
    >>> indicator_issues(survival)[0].rule
    'sum-of-percentages'
    """
    found = []
    for line, row in indicators.iterrows():
        number, name = int(line) if isinstance(line, int) else 0, row["indicator"]
        percent = row["measure"] == "percentage" or str(row["unit"]).strip().startswith("%")
        if percent and row["aggregation"] == "sum":
            why = f"{name} is a percentage and would be summed: it is not aggregated"
            found.append(Issue(file, number, "aggregation", "sum-of-percentages", "error", why, "Write weighted mean."))
        elif row["measure"] not in (*COUNTED, "percentage") and row["aggregation"] in ("sum", "weighted mean"):
            why = f"{name} is {row['measure']} and would be made a {row['aggregation']}: it is not aggregated"
            found.append(Issue(file, number, "aggregation", "sum-of-words", "error", why, "Write not aggregable."))
    return found


def rule_of(indicator: Mapping[Any, Any]) -> str:
    """How values of an indicator become one: as it declares, or not at all where that would mean nothing.

    Parameters
    ----------
    indicator : mapping
        A row of the table.

    Returns
    -------
    str

    Examples
    --------
    >>> rule_of({"measure": "percentage", "aggregation": "sum", "unit": "%", "indicator": "survival"})
    'not aggregable'
    """
    return "not aggregable" if indicator_issues(pd.DataFrame([dict(indicator)])) else str(indicator["aggregation"])


def _rows(
    actuals: pd.DataFrame, places: pd.DataFrame | None, project_countries: pd.DataFrame | None
) -> list[dict[str, Any]]:
    """Rows with plain texts, days and the country that they lie in."""
    of_place = {} if places is None else {str(r["place"]): text_of(r.get("iso3")) for r in places.to_dict("records")}
    of_project: dict[str, set[str]] = {}
    for row in [] if project_countries is None else project_countries.to_dict("records"):
        of_project.setdefault(str(row["project"]), set()).add(str(row["iso3"]))
    found = []
    for row in actuals.to_dict("records"):
        project, place = text_of(row.get("project")), text_of(row.get("place"))
        own = of_project.get(project, set())
        iso3 = text_of(row.get("iso3")) or of_place.get(place, "") or (next(iter(own)) if len(own) == 1 else "")
        told = Told(str(row["actual"]), _day(row, "start"), _day(row, "end"), row["counting"] == "cumulative",
                    _number(row.get("value")), _number(row.get("weight")), text_of(row.get("words")))  # fmt: skip
        part = ";".join(sorted(p.strip() for p in text_of(row.get("disaggregation")).split(";") if p.strip()))
        found.append({"indicator": str(row["indicator"]), "project": project, "iso3": iso3, "place": place, "part": part,
                      "told": told})  # fmt: skip
    return found


def _wholes(rows: list[dict[str, Any]], summable: set[str]) -> tuple[list[dict[str, Any]], dict[Key, list[str]]]:
    """Rows of the whole, and what to tell of their parts: those that do not sum, and those without a whole."""
    wholes = [row for row in rows if not row["part"]]
    values = {(_key(row), row["told"].start, row["told"].end): row["told"].value for row in wholes}
    parts: dict[tuple[Key, datetime.date, datetime.date, str], list[tuple[str, float]]] = {}
    for row in rows:
        if row["part"]:
            pairs = [p.partition("=") for p in row["part"].split(";")]
            what = " and ".join(name.strip() for name, _, _ in pairs)
            name = " ".join((value or name).strip() for name, _, value in pairs)
            at = (_key(row, part=""), row["told"].start, row["told"].end, what)
            parts.setdefault(at, []).append((name, row["told"].value))
    notes: dict[Key, list[str]] = {}
    for (key, start, end, what), told in sorted(parts.items()):
        told.sort()
        whole = values.get((key, start, end))
        if whole is None:
            said = f"told by {what} only for {start} to {end}, without a whole: not counted"
        elif key[0] not in summable:
            continue
        else:
            said = parts_of(whole, told, what)
        if said:
            notes.setdefault(key, []).append(said)
    return wholes, notes


def _reduced(
    rows: list[dict[str, Any]],
    rules: Mapping[str, str],
    start: datetime.date | None,
    end: datetime.date | None,
    *,
    whole: bool,
) -> dict[Key, Series]:
    series: dict[Key, list[Told]] = {}
    for row in rows:
        series.setdefault(_key(row, part="" if whole else row["part"]), []).append(row["told"])
    found = {}
    for key, told in series.items():
        rule = rules[key[0]]
        how = summed if rule == "sum" else latest if rule == "latest" else every
        found[key] = how(sorted(told, key=lambda one: one.actual), start=start, end=end)
    return {key: one for key, one in found.items() if one.items or one.notes}


def _combined(
    key: tuple[str, ...],
    by: Sequence[str],
    members: list[tuple[Key, Series]],
    indicator: Mapping[Any, Any],
    rule: str,
) -> dict[str, Any]:
    """One number of several series by the rule, or none with the reason."""
    items = [one for _, series in members for one in series.items]
    notes = [note for k, series in members for note in _named(k, series, many=len(members) > 1)]
    if rule == "sum":
        value = math.fsum(one.value for one in items) if items else math.nan
    elif rule == "max":
        value = max((one.value for one in items if not math.isnan(one.value)), default=math.nan)
    elif rule == "weighted mean":
        value = _weighted(items, notes)
    else:
        value = items[0].value if len(items) == 1 else math.nan
        if len(items) > 1:
            notes.insert(0, f"{len(items)} values of {indicator['title']} cannot be made one")
    declared = {name: indicator.get(name) for name in ("title", "unit", "quantity", "reach")}
    return {
        "indicator": key[0], **dict(zip(by, key[1:], strict=True)), **declared, "aggregation": rule, "value": value,
        "rows": len(items), "projects": len({k[1] for k, series in members if series.items and k[1]}),
        "start": min((one.start for one in items), default=None), "end": max((one.end for one in items), default=None),
        "actuals": " ".join(sorted(one.actual for one in items)), "notes": "; ".join(dict.fromkeys(notes)),
    }  # fmt: skip


def _weighted(items: Sequence[Told], notes: list[str]) -> float:
    known = [one for one in items if not math.isnan(one.value)]
    if len(known) == 1:
        return known[0].value
    if lacking := [one.actual for one in known if math.isnan(one.weight)]:
        notes.insert(0, f"no weight of {', '.join(lacking)}: no mean")
        return math.nan
    whole = math.fsum(one.weight for one in known)
    return math.fsum(one.value * one.weight for one in known) / whole if whole > 0 else math.nan


def _named(key: Key, series: Series, *, many: bool) -> list[str]:
    where = ", ".join(part for part in key[1:4] if part)
    return [f"{where}: {note}" if many and where else note for note in series.notes]


def _key(row: Mapping[str, Any], part: str | None = None) -> Key:
    return (row["indicator"], row["project"], row["iso3"], row["place"], row["part"] if part is None else part)


def _number(value: Any) -> float:
    return math.nan if value is None or pd.isna(value) else float(value)


def _day(row: Mapping[Any, Any], column: str) -> datetime.date:
    day = day_of(row[column])
    if day is None:
        raise DataError(f"actual {row['actual']} has no {column}. Write the day.")
    return day
