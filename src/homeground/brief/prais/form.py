# SPDX-License-Identifier: Apache-2.0
"""The layout of the PRAIS workbooks, written and read: which cells a table has, where a focal point answers."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl.styles import Alignment, Border, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from homeground.brief.workbook.cells import BOLD, HEAD, SMALL, WRAP, fit_height, number_format, print_wide, put
from homeground.errors import Problems
from homeground.language.messages import phrase

COVER = {
    "Tree-covered areas": "land_share_tree",
    "Grassland": "land_share_grassland",
    "Cropland": "land_share_cropland",
    "Wetland": "land_share_wetland",
    "Artificial surfaces": "land_share_artificial",
    "Other land": "land_share_other",
    "Water bodies": "land_share_water",
}
LISTS = {
    "@cover": tuple(COVER),
    "@three": ("Degraded", "Stable", "Improved"),
    "@dynamics": ("Declining", "Moderate decline", "Stressed", "Stable", "Increasing", "No data"),
}
MEANING = {"+": "improvement", "0": "stable", "-": "degradation"}
DECISIONS = ("Confirm", "Correct", "Reject")
HEADINGS = {  # heading -> width; the last three are for the focal point
    "Table": 10,
    "Year or period": 12,
    "Row": 20,
    "Column": 20,
    "Value": 14,
    "Unit": 17,
    "Low": 12,
    "High": 12,
    "Source": 30,
    "Period of the data": 12,
    "Kind": 17,
    "Note": 30,
    "Confirm, correct or reject": 14,
    "Your value": 14,
    "Comment": 30,
}
FORM_ROW = 4  # the heading row of a form; rows above say what the form is
ANSWER = PatternFill("solid", fgColor="F3F7FA")
LINE = Border(bottom=Side(style="hair", color="9AA5AE"))
LIST_COMMAND = "homeground data list"

Key = tuple[str, str, str, str]  # table, year or period, row, column


@dataclass(frozen=True)
class PraisTable:
    """One table of a form; ``units`` has one unit for each column."""

    code: str
    title: str
    years: tuple[str, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    units: tuple[str, ...]
    denominator: str
    status: str  # filled, empty (data are missing) or country (only the country can say)
    filled_from: str
    reason: str

    @property
    def form(self) -> str:
        """The form that the table stands in, such as SO1-1."""
        return self.code.partition(".")[0]

    def cells(self) -> Iterator[tuple[Key, str]]:
        """Each cell of the table with its unit."""
        for year in self.years:
            for row in self.rows:
                for column, unit in zip(self.columns, self.units, strict=True):
                    yield (self.code, year, row, column), unit


@dataclass(frozen=True)
class PraisAnswer:
    """What homeground puts into one cell."""

    value: float | str
    source: str
    period: str
    kind: str
    low: float | None = None
    high: float | None = None


@cache
def prais_tables() -> tuple[PraisTable, ...]:
    """The tables in the order of the forms.

    Examples
    --------
    >>> [t.code for t in prais_tables() if t.form == "SO2-3"]
    ['SO2-3.T1', 'SO2-3.T2']
    >>> sum(1 for _ in next(t for t in prais_tables() if t.code == "CP-1.T2").cells())
    72
    """
    with Path(__file__).with_name("prais_tables.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = []
    for row in rows:
        names = _names(row["columns"])
        units = tuple(row["unit"].split(";"))
        found.append(
            PraisTable(
                row["table"],
                row["title"],
                _years(row["years"]),
                _names(row["rows"]),
                names,
                units * len(names) if len(units) == 1 else units,
                row["denominator"],
                row["status"],
                row["filled_from"],
                row["reason_empty"],
            )
        )
    return tuple(found)


def _names(text: str) -> tuple[str, ...]:
    """Names between semicolons; a word that begins with @ stands for a list."""
    return tuple(name for part in text.split(";") for name in LISTS.get(part, (part,)))


def _years(text: str) -> tuple[str, ...]:
    first, colon, last = text.partition(":")
    return tuple(map(str, range(int(first), int(last) + 1))) if colon else tuple(text.split(";"))


def write_form(
    sheet: Worksheet,
    tables: list[PraisTable],
    answers: Mapping[Key, PraisAnswer],
    *,
    why: Mapping[str, str],
    caveats: Mapping[str, str],
    notes: Mapping[Key, str],
) -> None:
    """One form: its tables below each other, one row a cell, the three answers of the focal point to the right.

    ``why`` says, by table, why cells are empty where it is not the table's own reason; ``caveats``, what to know of all
    its values; ``notes``, of one cell.
    """
    names, widths = list(HEADINGS), list(HEADINGS.values())
    put(sheet, 1, 1, f"PRAIS form {tables[0].form}").font = BOLD
    put(sheet, 2, 1, "Grey heading: filled by homeground. Blue columns: yours. Sheet README says how.").font = SMALL
    for column, (name, width) in enumerate(HEADINGS.items(), start=1):
        cell = put(sheet, FORM_ROW, column, name)
        cell.font, cell.fill, cell.alignment = BOLD, HEAD if column <= len(names) - 3 else ANSWER, WRAP
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[FORM_ROW].height = 45
    row = FORM_ROW
    for table in tables:
        row += 2
        put(sheet, row, 1, table.code).font = BOLD
        put(sheet, row, 2, table.title).font = BOLD
        cells = list(_with_own_year(table, answers))
        for text in _about(table, why, caveats, all(key in answers for key, _ in cells)):
            row += 1
            put(sheet, row, 2, text).font = SMALL
        first = row + 1
        for key, unit in cells:
            row += 1
            answer, note = answers.get(key), notes.get(key)
            facts: list[Any] = [None, unit, None, None, None, None, None, note]
            if answer is not None:
                kind = phrase(f"kind.{answer.kind}")
                facts = [answer.value, unit, answer.low, answer.high, answer.source, answer.period, kind, note]
            _write_row(sheet, row, [*key, *facts], unit, widths)
        _ask(sheet, first, row, table)
    sheet.freeze_panes = sheet.cell(FORM_ROW + 1, 5).coordinate
    # Without a password: it keeps fingers off the keys of the rows, and may be lifted.
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.autoFilter = False
    print_wide(sheet, f"{FORM_ROW}:{FORM_ROW}")


def _with_own_year(table: PraisTable, answers: Mapping[Key, PraisAnswer]) -> Iterator[tuple[Key, str]]:
    """The cells of a table; after them those of a year that the form does not ask for but the user's map has."""
    asked = dict(table.cells())
    yield from asked.items()
    units = {key[2:]: unit for key, unit in asked.items()}
    yield from ((key, units[key[2:]]) for key in answers if key[0] == table.code and key not in asked)


def _about(table: PraisTable, why: Mapping[str, str], caveats: Mapping[str, str], full: bool) -> Iterator[str]:
    """Lines below a title: what shares are shares of, what to know of the values, why cells are empty."""
    if table.denominator:
        yield f"Share of: {table.denominator}."
    if table.code in caveats:
        yield caveats[table.code]
    if not full:
        reason = why.get(table.code, table.reason)
        command = f": {LIST_COMMAND}" if table.status != "country" and reason.endswith("needed") else ""
        yield f"Empty cells: {reason}{command}."


def _write_row(sheet: Worksheet, row: int, texts: list[Any], unit: str, widths: list[int]) -> None:
    for column, value in enumerate(texts, start=1):
        year = column == 2 and str(value).isdigit()
        cell = put(sheet, row, column, int(value) if year else (None if value == "" else value))
        number = cell.data_type == "n" and not year
        _dress(cell, ("text", year or cell.data_type == "s", column > 5, number and number_format(_places(unit))))
    for column in range(len(HEADINGS) - 2, len(HEADINGS) + 1):
        asked = number_format(_places(unit)) if _numeric(unit) else "@"
        _dress(sheet.cell(row, column), ("answer", False, False, column == len(HEADINGS) - 1 and asked))
    fit_height(sheet, row, [t if isinstance(t, str) else "" for t in texts], widths[: len(texts)])


def _dress(cell: Any, look: tuple[str, bool, bool, str | bool]) -> None:
    """Give a cell its look. A workbook works each look out once: hashing it for every cell takes most of the time."""
    made: dict[Any, Any] = cell.parent.parent.__dict__.setdefault("_looks", {})
    if look not in made:
        what, left, indent, form = look
        if what == "answer":
            cell.fill, cell.protection, cell.alignment, cell.border = ANSWER, Protection(locked=False), WRAP, LINE
        else:
            side = "left" if left else None
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=side, indent=int(indent))
        if form:
            cell.number_format = form
        made[look] = copy(cell._style)
    cell._style = copy(made[look])


def _numeric(unit: str) -> bool:
    return unit not in ("text", "meaning")


def _places(unit: str) -> int:
    return {"thousand persons": 3, "persons": 0}.get(unit, 1)


def _ask(sheet: Worksheet, first: int, last: int, table: PraisTable) -> None:
    """Drop-down lists and checks for the answers to one table."""
    decision, value = (get_column_letter(len(HEADINGS) - k) for k in (2, 1))
    choose = DataValidation("list", formula1=f'"{",".join(DECISIONS)}"', allow_blank=True, showErrorMessage=True)
    choose.error = "Choose Confirm, Correct or Reject, or leave it empty."
    choose.add(f"{decision}{first}:{decision}{last}")
    sheet.add_data_validation(choose)
    if table.units[0] == "meaning":
        check = DataValidation("list", formula1=f'"{",".join(MEANING.values())}"', allow_blank=True)
        check.error = "Choose improvement, stable or degradation."
    elif _numeric(table.units[0]):
        check = DataValidation("decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
        check.error = "Write a number that is not below zero, without its unit."
    else:
        return
    check.showErrorMessage = True
    check.add(f"{value}{first}:{value}{last}")
    sheet.add_data_validation(check)


def read_form(sheet: Worksheet, problems: Problems) -> Iterator[dict[str, Any]]:
    heading = [sheet.cell(FORM_ROW, i + 1).value for i in range(len(HEADINGS))]
    if heading != list(HEADINGS):
        problems.add(f"{sheet.title}: the headings in row {FORM_ROW} were changed. Put them back.")
        return
    units = {key[0:1] + key[2:]: unit for table in prais_tables() for key, unit in table.cells()}
    for number, values in enumerate(sheet.iter_rows(min_row=FORM_ROW + 1, values_only=True), start=FORM_ROW + 1):
        table, year, row, column, value, *_ = (("" if v is None else v) for v in values[:5])
        if row == "":  # the title of a table, or an empty line
            continue
        decision, given, comment = values[len(HEADINGS) - 3 : len(HEADINGS)]
        where = f"{sheet.title}, row {number} ({table} {row})"
        unit = units.get((str(table), str(row), str(column)))
        if unit is None:
            problems.add(f"{where}: no such cell in the form. Take the row out, or mend its first four columns.")
            continue
        yield {
            "table": str(table),
            "year": str(year),
            "row": str(row),
            "column": str(column),
            "value": None if value == "" else value,
            "unit": unit,
            "decision": _decision(decision, given, value != "", where, problems),
            "your_value": _given(given, unit, where, problems),
            "comment": "" if comment is None else str(comment).strip(),
        }


def _decision(decision: Any, given: Any, has_value: bool, where: str, problems: Problems) -> str:
    text = "" if decision is None else str(decision).strip().capitalize()
    empty = given is None or str(given).strip() == ""
    if text not in ("", *DECISIONS):
        problems.add(f'{where}: "{decision}" is no decision. Choose Confirm, Correct or Reject.')
        return ""
    if not has_value:
        if text in ("Confirm", "Reject") or (text == "Correct" and empty):
            problems.add(f"{where}: {text}, but there is no value. Write yours, or leave the row empty.")
        return "" if empty else "provide"
    if text == "Correct" and empty:
        problems.add(f"{where}: Correct, but Your value is empty. Write it, or choose Reject.")
    if text in ("", "Confirm") and not empty:
        problems.add(f"{where}: Your value is {given}, but the decision is {text or 'empty'}. Choose Correct.")
    return text.lower()


def _given(given: Any, unit: str, where: str, problems: Problems) -> float | str | None:
    if given is None or str(given).strip() == "":
        return None
    if not _numeric(unit):
        text = str(given).strip()
        if unit != "text" and text not in MEANING.values():
            problems.add(f'{where}: "{text}" was found, one of {", ".join(MEANING.values())} was expected.')
        return text
    if isinstance(given, bool) or not isinstance(given, int | float):
        problems.add(f'{where}: "{given}" is text, a number in {unit} was expected. Write it without spaces or unit.')
        return None
    if given < 0 or (unit == "%" and given > 100):
        problems.add(f"{where}: {given} is out of range for {unit}.")
    return float(given)
