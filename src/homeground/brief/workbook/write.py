# SPDX-License-Identifier: Apache-2.0
"""The results as one Excel workbook: what each sheet holds, every column explained, numbers as numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from homeground.brief import sections
from homeground.brief.workbook.cells import (
    BOLD,
    HEAD,
    SMALL,
    WRAP,
    fit_height,
    number_format,
    print_wide,
    put,
    save_workbook,
)
from homeground.brief.workbook.readme import _readme
from homeground.brief.workbook.sheets import SHEETS, Sheet
from homeground.catalogue.columns import (
    PARTS,
    Assessed,
    Column,
    absences,
    assessed_land,
    columns,
    country_totals,
)
from homeground.errors import DataError
from homeground.language.messages import phrase
from homeground.numbers.disclosure import protect, refuse_personal
from homeground.study.model import Study

PEOPLE = ("persons", "people")

# These hide small numbers before they print: the gate then works at their threshold, and their intervals stand.
PUBLISHERS, PUBLISHERS_THRESHOLD = ("UNHCR", "IDMC"), 5
STAGES = ("land", "people", "evidence", "measures", "finance", "risk")  # in the order of the chain
TOTALS = {
    "sum": "sum of regions",
    "area": "mean weighted by area",
    "land": "mean weighted by land without inland water",
    "people": "mean weighted by people",
}
MOST_ROWS = 1_000_000  # a sheet of Excel holds 1 048 576

# Units that a column's name tells, the first that fits.
UNITS = (
    (r"person_days", "person-days"),
    (r"t_co2e_per_year", "t CO2e/year"),
    (r"t_co2e", "t CO2e"),
    (r"hectares|_ha$", "ha"),
    (r"km2", "km2"),
    (r"(^|_)usd", "USD"),
    (r"rain_mm", "mm/year"),
    (r"potential_gap|_percent$|_pct$", "%"),
    (r"^people$", "persons"),
    (r"^years_after$|^payback|^horizon$", "years"),
    (r"^irr$|^rate$", "fraction per year"),
    (r"(^|_)share(_|$)", "fraction"),
)
ACRONYMS = {"npv": "NPV", "irr": "IRR", "bcr": "benefit-cost ratio", "co2e": "CO2e", "iso3s": "country codes"}


ACRONYMS |= {"p05": "5th percentile", "p50": "median", "p95": "95th percentile"}


UNIT_IN_ROW = {"value", "low", "high", "shadow_price", "asked", "found"}  # where the table has a column "unit"


def write_tables(results: Path, study: Study, out: Path) -> Path:
    """Write ``tables.xlsx``: a sheet that explains, the columns, countries, regions and every table of the results.

    Parameters
    ----------
    results : Path
        Folder of a run; tables that are not there are left out.
    study : Study
        The study that was run.
    out : Path
        Folder to write into.

    Returns
    -------
    Path
        The workbook. Equal results give equal bytes: it carries the date of the results, not of the writing.

    Raises
    ------
    DataError
        No ``regions.parquet``, or a table about single persons, households or points.

    Notes
    -----
    Missing values are empty cells, never 0. Counts of persons pass `homeground.numbers.disclosure.protect`: 1 to 9 are hidden,
    and others so that no total gives them away. Published counts keep the intervals of their publisher.
    """
    path = results / "regions.parquet"
    if not path.is_file():
        raise DataError(f"{results.name} has no regions.parquet. Run the study first: homeground run {study.id}")
    book = Workbook()
    readme = book.worksheets[0]
    readme.title = "README"
    written: list[tuple[str, int, str]] = []
    licences: dict[str, str] = {}

    table = _read(path)
    described, regions, countries, withheld = _regions(table, assessed_land(results))
    _columns_sheet(book, described, set(table.columns))
    lacking = absences([c for s in _stages() for c in columns(s)], table.columns)
    _described(book, "Countries", countries, described)
    _described(book, "Regions", regions, described)
    written += [
        ("Columns", len(described), "Each column of Countries and Regions: unit, kind, inputs, formula, interval."),
        ("Countries", len(countries), "All stages by country: sums, or means weighted by area or people."),
        ("Regions", len(regions), "All stages by region, without the shapes."),
    ]
    known = {s.name for s in SHEETS}
    risk = sorted(p.stem for p in results.glob("risk*.parquet") if p.stem not in known)
    for sheet in (*SHEETS, *(Sheet(name, "Risk and how sure it is.") for name in risk)):
        path = results / f"{sheet.name}.parquet"
        table = _read(path, coordinates=sheet.coordinates) if path.is_file() else pd.DataFrame()
        if table.empty:
            continue
        cut = f" Only the first {MOST_ROWS:,} are here, all in the results folder." if len(table) > MOST_ROWS else ""
        table = _protected(table, sheet)
        _plain(book, sheet.name, table.head(MOST_ROWS), sheet.units)
        written.append((sheet.name, len(table), sheet.about + cut))
        if {"source", "licence"} <= set(table.columns) and not sheet.name.startswith("effects"):
            publishers = table["source"].astype(str).str.split(",").str[0]
            licences |= dict(zip(publishers, table["licence"].astype(str), strict=True))
    if (results / "plan.json").is_file():
        facts = _facts(json.loads((results / "plan.json").read_text(encoding="utf-8")))
        _plain(book, "plan_facts", facts)
        written.append(("plan_facts", len(facts), "Objective, bound, gap, budget and rules of the plan."))
    _readme(readme, results, study, written, licences, (withheld, lacking))
    return save_workbook(book, out / "tables.xlsx")


def _read(path: Path, *, coordinates: bool = False) -> pd.DataFrame:
    table = pd.read_parquet(path)
    table = table.reset_index() if any(table.index.names) else table
    refuse_personal(table.drop(columns=["latitude", "longitude"], errors="ignore") if coordinates else table)
    for name in table.select_dtypes("datetime"):
        table[name] = table[name].dt.strftime("%Y-%m-%d")
    shapes = [c for c in table.columns if c == "geometry" or any(isinstance(v, bytes) for v in table[c].head(5))]
    return table.drop(columns=shapes)


def _stages() -> list[str]:
    """The parts that publish columns, in the order of the chain."""
    found = (p.parent.name for p in PARTS.glob("*/columns.csv"))
    return sorted(found, key=lambda s: (STAGES.index(s) if s in STAGES else len(STAGES), s))


def _regions(
    table: pd.DataFrame, assessed: Assessed | None
) -> tuple[tuple[Column, ...], pd.DataFrame, pd.DataFrame, list[str]]:
    """Columns that are explained and there, regions and countries behind the gate, and totals that must not show."""
    described = tuple(c for s in _stages() for c in columns(s) if c.column in table)
    described = tuple(c for c in described if c.total != "people" or "people_population" in table)
    bounds = {c.column: c.bounds for c in described if c.bounds and set(c.bounds) <= set(table.columns)}
    counts = [c.column for c in described if c.unit in PEOPLE and c.total == "sum" and not (table[c.column] < 0).any()]
    totals = country_totals(table, described, assessed=assessed)
    withheld: list[str] = []
    if counts:
        intervals = {name: bounds[name] for name in counts if name in bounds}
        shown, record = protect(table, counts=counts, groups="iso3", intervals=intervals, round_to=1)
        table = _without_empty_marks(shown, counts)
        withheld = list(record.totals_withheld)
        for name in counts:
            totals[name] = totals[name].round()
            hidden = [f"{name} of iso3 {iso3}" in withheld for iso3 in totals["iso3"]]
            totals.loc[hidden, name] = np.nan
    names = sections.country_names("en")
    totals.insert(1, "country", totals["iso3"].map(names).fillna(totals["iso3"]))
    return described, table, totals, withheld


def _protected(table: pd.DataFrame, sheet: Sheet) -> pd.DataFrame:
    """A table behind the gate, group by group; rates and nets stay, they count nobody."""
    if not sheet.count or sheet.count not in table:
        return table
    by = [name for name in sheet.by if name in table]
    ends = ("low", "high")
    persons = table["unit"].isin(PEOPLE) if "unit" in table else pd.Series(True, index=table.index)
    keys = [table[name].astype(str) for name in by]
    published = table["source"].astype(str).str.startswith(PUBLISHERS) if "source" in table else persons & False
    parts = []
    for (_, from_publisher, people), rows in table.groupby([_joined(keys, table), published, persons], sort=False):
        if not people or (rows[sheet.count] < 0).any():
            parts.append(rows)
            continue
        shown, _ = protect(
            rows,
            counts=sheet.count,
            intervals={sheet.count: ends} if set(ends) <= set(rows.columns) else None,
            threshold=PUBLISHERS_THRESHOLD if from_publisher else 10,
            round_to=1,
        )
        parts.append(shown)
    whole = pd.concat([part.astype({sheet.count: "Float64"}) for part in parts]).loc[table.index]
    mark = f"{sheet.count}_hidden"
    if mark in whole:
        whole[mark] = whole[mark].eq(True)
    return _without_empty_marks(whole, [sheet.count])


def _joined(keys: Sequence[pd.Series[str]], table: pd.DataFrame) -> pd.Series[str]:
    out = pd.Series("", index=table.index)
    for key in keys:
        out = out + "|" + key
    return out


def _without_empty_marks(table: pd.DataFrame, counts: Sequence[str]) -> pd.DataFrame:
    marks = [f"{name}_hidden" for name in counts if f"{name}_hidden" in table]
    return table.drop(columns=[mark for mark in marks if not table[mark].any()])


def _facts(facts: Mapping[str, Any], prefix: str = "") -> pd.DataFrame:
    """A record as rows of what and value; a pair of numbers becomes its low and its high end."""
    rows: list[tuple[str, Any]] = []
    for key, value in facts.items():
        if isinstance(value, dict):
            rows += list(_facts(value, f"{prefix}{key}: ").itertuples(index=False, name=None))
        elif isinstance(value, list):
            pair = len(value) == 2 and all(isinstance(v, int | float) for v in value)
            marks = ("low", "high") if pair else [str(i + 1) for i in range(len(value))]
            rows += [(f"{prefix}{key} {mark}", v) for mark, v in zip(marks, value, strict=True)]
        else:
            rows.append((f"{prefix}{key}", value))
    return pd.DataFrame(rows, columns=["what", "value"], dtype=object)


def _columns_sheet(book: Workbook, described: tuple[Column, ...], held: set[str]) -> None:
    rows = []
    for c in described:
        low, high = c.bounds if c.bounds and set(c.bounds) <= held else ("", "")
        rows.append(
            {
                "column": c.column,
                "title": c.title,
                "unit": c.unit,
                "kind": phrase(f"kind.{c.kind}"),
                "inputs": c.inputs,
                "computed_by": f"homeground.{c.function}",
                "formula": c.formula,
                "interval_low": low,
                "interval_high": high,
                "why_no_interval": "" if low else "not worked out in this study" if c.bounds else c.interval,
                "countries": TOTALS.get(c.total, "not brought to countries"),
            }
        )
    _plain(book, "Columns", pd.DataFrame(rows).replace("", None))
    sheet = book["Columns"]
    widths = [sheet.column_dimensions[get_column_letter(i)].width for i in range(1, sheet.max_column + 1)]
    for number, row in enumerate(sheet.iter_rows(min_row=4), start=4):
        for cell in row:
            cell.alignment = WRAP
        fit_height(sheet, number, [str(c.value or "") for c in row], widths)


def _described(book: Workbook, name: str, table: pd.DataFrame, described: tuple[Column, ...]) -> None:
    titles = {"region_id": "Region id", "iso3": "Country code", "name": "Region", "country": "Country"}
    titles |= {"area_km2": "Area"}
    units, decimals = {"area_km2": "km2"}, {"area_km2": 0}
    for c in described:
        ends = zip(c.bounds or (), (", low", ", high"), strict=False)
        for column, title in ((c.column, c.title), *((end, c.title + mark) for end, mark in ends)):
            titles[column], units[column], decimals[column] = title, "" if c.unit == "1" else c.unit, c.decimals
    _fill(book.create_sheet(name), table, titles, units, decimals, freeze=4 if name == "Regions" else 2)


def _plain(book: Workbook, name: str, table: pd.DataFrame, known: Mapping[str, str] | None = None) -> None:
    titles = {c: _title(str(c)) for c in table.columns}
    units: dict[str, str] = {}
    for column in map(str, table.columns):
        found = next((unit for pattern, unit in UNITS if re.search(pattern, column)), "")
        units[column] = "see column unit" if column in UNIT_IN_ROW and "unit" in table else found
    if {"amount", "currency"} <= set(table.columns):
        units["amount"] = "see column currency"
    units |= known or {}
    if "people" in table:
        units |= {"low": "persons", "high": "persons"}
    _fill(book.create_sheet(name[:31]), table, titles, units, {}, freeze=1)


def _title(column: str) -> str:
    """A heading from the name of a column; the unit stands in the row below it.

    Examples
    --------
    >>> _title("cost_usd_low"), _title("iso3")
    ('Cost, low', 'Country code')
    """
    if column == "iso3":
        return "Country code"
    name, mark = re.sub(r"_(usd|km2|mm)(?=_|$)", "", column), ""
    for end in ("_low", "_high"):
        if name.endswith(end):
            name, mark = name.removesuffix(end), ", " + end[1:]
    words = [ACRONYMS.get(word, word) for word in name.split("_")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]]) + mark


def _fill(
    sheet: Worksheet,
    table: pd.DataFrame,
    titles: Mapping[str, str],
    units: Mapping[str, str],
    decimals: Mapping[str, int],
    *,
    freeze: int,
) -> None:
    """Three header rows (title, unit, name of the column in the results) and the values below them."""
    for at, column in enumerate(table.columns, start=1):
        for row, text in enumerate((titles.get(column, str(column)), units.get(column, ""), str(column)), start=1):
            cell = put(sheet, row, at, text or None)
            cell.font = SMALL if row == 3 else BOLD
            cell.fill, cell.alignment = HEAD, WRAP
        year = str(column) in ("year", "period_start", "period_end") or str(column).endswith("_year")
        widest = max(len(str(column)) // 2 + 2, 8)
        for row, value in enumerate(table[column].tolist(), start=4):
            cell = put(sheet, row, at, value)
            text = "" if cell.value is None else str(cell.value)
            if text and cell.data_type == "n":
                places = decimals.get(column, _decimals(float(text)))
                cell.number_format = "0" if year else number_format(places)
                text = f"{float(text):,.{places}f}"
            widest = max(widest, len(text))
        sheet.column_dimensions[get_column_letter(at)].width = min(widest + 2, 48)
    heads = [titles.get(c, str(c)) for c in table.columns]
    fit_height(sheet, 1, heads, [sheet.column_dimensions[get_column_letter(i + 1)].width for i in range(len(heads))])
    sheet.freeze_panes = sheet.cell(4, freeze + 1).coordinate
    sheet.auto_filter.ref = f"A3:{get_column_letter(max(len(table.columns), 1))}{max(len(table) + 3, 4)}"
    print_wide(sheet, "1:2")


def _decimals(number: float) -> int:
    """Decimals that leave three digits of a number below 100, none of a whole or a large one."""
    size = abs(number)
    if size == round(size) or size >= 100:
        return 0
    return int(min(max(2 - np.floor(np.log10(size)), 1), 6))
