# SPDX-License-Identifier: Apache-2.0
"""Results and places as text of 80 columns, or as JSON."""

from __future__ import annotations

import datetime
import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.accelerator.issues import Issue, as_table
from homeground.accelerator.places.checks import check_places
from homeground.accelerator.places.observed import check_polygons, read_observed
from homeground.accelerator.places.reading import drawn_places, places_of_file
from homeground.accelerator.places.shapes import hectares, mending
from homeground.accelerator.registry.given import folder_of
from homeground.accelerator.results.report import Results
from homeground.accelerator.results.series import text_of
from homeground.cli.accelerator.given import told_tables
from homeground.cli.console import json_text
from homeground.errors import DataError
from homeground.numbers.money import from_minor

WIDE = 79
POLYGONS = {".geojson", ".json", ".gpkg", ".shp", ".parquet"}


def day(text: str | None, option: str) -> datetime.date | None:
    """The day of an option."""
    try:
        return None if text is None else datetime.date.fromisoformat(text)
    except ValueError as error:
        raise DataError(f"{option}: {text} is no day. Write it as 2024-12-31.") from error


def goals_of(given: Sequence[str]) -> dict[str, float]:
    """Hectares by project, of ``PROJECT=HA``."""
    found = {}
    for one in given:
        project, mark, hectares = one.rpartition("=")
        try:
            found[project] = float(hectares)
        except ValueError:
            mark = ""
        if not mark or not project or not found.get(project, 0) > 0:
            raise DataError(f"--goal {one}: a project and hectares such as NE-1=500 were expected.")
    return found


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as JSON has them: what is missing is null."""
    return [{str(k): _plain(v) for k, v in row.items()} for row in table.to_dict("records")]


def print_results(found: Results, *, as_json: bool) -> None:
    """Print what results say."""
    if as_json:
        print(json_text(_content(found), indent=1))
        return
    _head(f"Approved results: {found.counted} of {found.told} rows count")
    for row in found.results.to_dict("records"):
        _line(
            row["title"], f"{_number(row['value'])} {row['unit']}", f"{row['start']} to {row['end']}; {row['actuals']}"
        )
        _said(row["notes"])
    if found.results.empty:
        _said("nothing that counts")
    _head("Goals of the Great Green Wall, each reading by itself")
    for row in found.goals.to_dict("records"):
        _line(
            f"{row['title']} of {_number(row['goal'])} {text_of(row['goal_unit'])}".strip(),
            _percent(row["share"]),
            row["source"],
        )
        _said(text_of(row["said"]))
    _head("Published, beside approved results of projects; not reconciled")
    for row in found.published[found.published["bottom_up"].notna()].to_dict("records"):
        name = f"{row['iso3'] or 'all'}: {text_of(row['title']) or row['quantity']}"
        _line(name, f"{_number(row['published'])} / {_number(row['bottom_up'])} {row['unit']}", row["source"])
        _said(text_of(row["said"]))
    lacking = found.published[found.published["bottom_up"].isna()]
    _said(f"{len(lacking)} published figures have no approved result beside them (all with --json)")
    if len(found.targets):
        _head("Targets")
    for row in found.targets.to_dict("records"):
        where = " ".join(t for t in (row["project"], row["iso3"], row["disaggregation"], str(row["year"])) if t)
        _line(
            f"{row['title']}, {where}",
            _percent(row["share"]),
            f"{_number(row['value'])} of {_number(row['goal'])} {row['unit']}",
        )
        _said(text_of(row["said"]))
    _print_costs(found)
    if len(found.support):
        _head("Support beside money")
    for row in found.support.to_dict("records"):
        money = ""
        if text_of(row["currency"]) and not pd.isna(row["amount_minor"]):
            money = f"{from_minor(row['amount_minor'], row['currency']):,f} {row['currency']}, by {row['stated_by']}"
        _line(f"{row['kind']}", f"{_number(row['quantity'])} {row['unit']}", money)
        _said(text_of(row["said"]))
    _head("What may be claimed")
    for row in found.claims.to_dict("records"):
        _wrapped(f"{row['title']} ({row['reach']}): {row['claim']}")
    _print_issues(found.issues)


def print_places(file: Path, observed: Path | None, goals: Mapping[str, float], *, mend: bool, as_json: bool) -> bool:
    """Print what is wrong with places; whether anything is an error."""
    projects, issues = None, list[Issue]()
    if file.suffix.lower() in POLYGONS:
        found = places_of_file(file)
    else:
        tables = told_tables([str(file)])
        found, issues = drawn_places(tables["places"], folder_of([str(file)]))
        projects = tables["projects"]
    issues += check_places(
        found, projects=projects, goals=goals, today=datetime.datetime.now(datetime.UTC).date(), file=file.name
    )
    areas = found[["place"]].assign(area_ha=hectares(found.geometry.to_numpy()))
    verdicts = None if observed is None else check_polygons(found, read_observed(observed))
    mended = mending(found) if mend else None
    wrong = any(issue.severity in ("critical", "error") for issue in issues)
    if as_json:
        content = {"places": rows_of(areas), "issues": [asdict(issue) for issue in issues]}
        content |= {} if verdicts is None else {"observed": rows_of(verdicts)}
        content |= {} if mended is None else {"mending": rows_of(mended)}
        print(json_text(content, indent=1))
        return wrong
    whole = math.fsum(area for area in areas["area_ha"] if not math.isnan(area))
    _head(f"{len(found)} places, {_number(whole)} ha on the ellipsoid")
    _print_issues(as_table(issues))
    if verdicts is not None:
        _head("Declared land against observed land")
        for row in verdicts.to_dict("records"):
            _said(f"{row['place']}: {row['verdict']}: {row['why']}")
    if mended is not None:
        _head("What mending would change; nothing was changed")
        for row in mended.to_dict("records"):
            change = "" if math.isnan(row["change"]) else f" ({row['change']:+.1f} %)"
            _said(
                f"{row['place']}: {row['why']} at {row['at']}: {_number(row['drawn_ha'])} to {_number(row['mended_ha'])} ha{change}"
            )
    return wrong


def _content(found: Results) -> dict[str, Any]:
    tables = ("results", "by_country", "by_project", "goals", "published", "targets", "claims", "support", "issues")
    costs = {
        quantity: {"step": one.step, "hectares": one.hectares, "hectares_with_cost": one.hectares_with_cost,
                   "coverage": _plain(one.coverage), "usd_per_ha": _plain(one.usd_per_ha), "projects": rows_of(one.projects)}
        for quantity, one in found.costs.items()
    }  # fmt: skip
    return {
        "told": found.told,
        "counted": found.counted,
        **{name: rows_of(getattr(found, name)) for name in tables},
        "costs": costs,
    }


def _print_costs(found: Results) -> None:
    for quantity, one in found.costs.items():
        _head(f"Money {one.step} per hectare {quantity}")
        share = f"{one.coverage:.0f} % of {_number(one.hectares)} ha have both"
        _line("all projects that tell of both", f"{_number(one.usd_per_ha)} USD/ha", share)
        for row in one.projects.to_dict("records"):
            said = "; ".join(t for t in (str(row["sums"]), str(row["said"])) if t)
            _line(f"  {row['project']}", f"{_number(row['usd_per_ha'])} USD/ha", said)


def _print_issues(issues: pd.DataFrame) -> None:
    if issues.empty:
        _said("no issue")
        return
    _head("Issues")
    for row in issues.to_dict("records"):
        _wrapped(f"{row['severity']} ({row['rule']}): {row['message']}. {row['fix']}")


def _head(text: str) -> None:
    print(f"\n{text}")


def _line(left: str, right: str, more: object = "") -> None:
    room = WIDE - 3 - len(right)
    print(f"  {textwrap.shorten(str(left), max(room - 1, 12), placeholder='...'):<{max(room, 12)}}{right}")
    _said(text_of(more))


def _said(text: str) -> None:
    """What is told with a number, a line each."""
    for one in [part for part in text.split("; ") if part]:
        _wrapped(one)


def _wrapped(text: str) -> None:
    print(textwrap.fill(text, WIDE, initial_indent="    ", subsequent_indent="      "))


def _number(value: object) -> str:
    number = float(value) if isinstance(value, int | float) else math.nan
    if math.isnan(number):
        return "none"
    return f"{number:,.0f}" if abs(number) >= 1000 or number.is_integer() else f"{number:,.4g}"


def _percent(value: float) -> str:
    return "no share" if math.isnan(value) else f"{value:.3g} %"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.item() if hasattr(value, "item") else value
