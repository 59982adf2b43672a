# SPDX-License-Identifier: Apache-2.0
"""How a table becomes a sheet: three header rows, values below them, words in the language, numbers as numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from homeground.brief.facts.evidence import REASONS, why_not_pooled
from homeground.brief.workbook.cells import (
    BOLD,
    HEAD,
    INDENT,
    SMALL,
    WRAP,
    fit_height,
    height_of,
    number_format,
    plain,
    print_wide,
    put,
    text_width,
)
from homeground.brief.workbook.rows import Book, Value
from homeground.brief.workbook.sheets import sheet_name
from homeground.brief.workbook.words import cell_words, heading, marked, place_words, unit_words
from homeground.catalogue.columns import Column
from homeground.language.messages import Saying, known, phrase, tell
from homeground.language.wording import wording

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
UNIT_IN_ROW = {"value", "low", "high", "shadow_price", "asked", "found"}  # where the table has a column "unit"
TOTALS = ("sum", "area", "land", "people")
ENDS = ("low", "high")
WIDEST = 48  # characters of a column


def columns_sheet(book: Book, described: tuple[Column, ...], held: set[str], code: str) -> None:
    """Each column of the regions explained: title, unit, kind, inputs, formula, and its interval or why it has none."""
    rows = []
    for c in described:
        low, high = c.bounds if c.bounds and set(c.bounds) <= held else ("", "")
        absent = phrase("sheet.no_interval_here", code) if c.bounds else column_words(c, "interval", code)
        rows.append(
            {
                "column": c.column,
                "title": column_words(c, "title", code),
                "unit": unit_words(c.unit, code),
                "kind": phrase(f"kind.{c.kind}", code),
                "inputs": column_words(c, "inputs", code),
                "computed_by": f"homeground.{c.function}",
                "formula": column_words(c, "formula", code),
                "interval_low": low,
                "interval_high": high,
                "why_no_interval": "" if low else absent,
                "countries": phrase(f"sheet.total.{c.total if c.total in TOTALS else 'none'}", code),
            }
        )
    table = pd.DataFrame(rows).replace("", None)
    titles = {str(c): heading(str(c), code) for c in table}
    _fill(book, _sheet(book, "columns", table, code), table, titles, {}, {}, freeze=1, code=code, wrap=True)


def column_words(column: Column, field: str, code: str) -> str:
    """What the table of columns says of one, in a language."""
    text = str(getattr(column, field))
    message = f"column.{column.column}.{field}"
    return wording(message, text, code) if known(message) else text


def described_sheet(book: Book, key: str, table: pd.DataFrame, described: tuple[Column, ...], code: str) -> None:
    """Countries or regions: headings and units are those of the published columns."""
    titles = {c: heading(c, code) for c in ("region_id", "iso3", "country", "area_km2")}
    titles["name"] = phrase("sheet.column.region_name", code)
    units, decimals = {"area_km2": unit_words("km2", code)}, {"area_km2": 0}
    for c in described:
        title, unit = column_words(c, "title", code), unit_words(c.unit, code)
        ends = zip(c.bounds or (), (marked(title, end, code) for end in ENDS), strict=False)
        for column, said in ((c.column, title), *ends):
            titles[column], units[column], decimals[column] = said, unit, c.decimals
        if f"{c.column}_hidden" in table:
            titles[f"{c.column}_hidden"] = marked(title, "hidden", code)
    freeze = 4 if key == "regions" else 2
    _fill(book, _sheet(book, key, table, code), table, titles, units, decimals, freeze=freeze, code=code)


def plain_sheet(book: Book, key: str, table: pd.DataFrame, code: str, given: Mapping[str, str] | None = None) -> None:
    """A table of the results: headings by the names of its columns, words in its cells."""
    units: dict[str, str] = {}
    for column in map(str, table.columns):
        found = next((unit for pattern, unit in UNITS if re.search(pattern, column)), "")
        units[column] = "see column unit" if column in UNIT_IN_ROW and "unit" in table else found
    if {"amount", "currency"} <= set(table.columns):
        units["amount"] = "see column currency"
    units |= given or {}
    if "people" in table:
        units |= dict.fromkeys(ENDS, "persons")
    said = {column: unit_words(unit, code) for column, unit in units.items()}
    titles = {c: heading(str(c), code) for c in table.columns}
    _fill(book, _sheet(book, key, table, code), _in_words(table, code), titles, said, {}, freeze=1, code=code)


def _in_words(table: pd.DataFrame, code: str) -> pd.DataFrame:
    """The table with its texts in the language; numbers, names and codes stand."""
    out = table.astype(object).where(table.notna(), None)
    counts = table["studies_with_error"].tolist() if "studies_with_error" in table else [0] * len(table)
    for column in map(str, table.columns):
        if pd.api.types.is_numeric_dtype(table[column]):
            continue
        values = out[column].tolist()
        if column == "reason":
            told: list[Any] = [_reason(v, n, code) for v, n in zip(values, counts, strict=True)]
        elif column == "where":
            told = [place_words(v, code) if isinstance(v, str) else v for v in values]
        else:
            told = [_words(column, v, code) for v in values]
        out[column] = pd.Series(told, index=out.index, dtype=object)
    return out


def _words(column: str, value: Any, code: str) -> Any:
    if isinstance(value, dict) and "message" in value:
        return tell([Saying.read(value)], code)
    return cell_words(column, value, code) if isinstance(value, str) else value


def _reason(value: Any, with_error: int, code: str) -> Any:
    return why_not_pooled(value, int(with_error), code) if value in REASONS else value


def _sheet(book: Book, key: str, table: pd.DataFrame, code: str) -> Worksheet:
    """A new sheet under its name in the language, and its range under the name of the table."""
    sheet: Worksheet = book.create_sheet(sheet_name(key, code))
    last = f"${get_column_letter(max(len(table.columns), 1))}${len(table) + 3}"
    book.defined_names[key] = DefinedName(key, attr_text=f"{quote_sheetname(sheet.title)}!$A$3:{last}")
    return sheet


def _fill(
    book: Book,
    sheet: Worksheet,
    table: pd.DataFrame,
    titles: Mapping[str, str],
    units: Mapping[str, str],
    decimals: Mapping[str, int],
    *,
    freeze: int,
    code: str,
    wrap: bool = False,
) -> None:
    """Three header rows (title, unit, name of the column in the results) and the values below them."""
    columns, looks, widths = [], [], []
    for at, column in enumerate(table.columns, start=1):
        for row, text in enumerate((titles.get(column, str(column)), units.get(column, ""), str(column)), start=1):
            cell = put(sheet, row, at, text or None)
            cell.font = SMALL if row == 3 else BOLD
            cell.fill, cell.alignment = HEAD, WRAP
        year = str(column) in ("year", "period_start", "period_end") or str(column).endswith("_year")
        values = [plain(value, code) for value in table[column].tolist()]
        places = [decimals.get(column, _decimals(v)) if isinstance(v, int | float) else 0 for v in values]
        columns.append(values)
        looks.append([_look(book, v, "0" if year else p, wrap) for v, p in zip(values, places, strict=True)])
        widths.append(float(min(_widest(values, places, max(len(str(column)) // 2 + 2, 8)) + 2, WIDEST)))
        sheet.column_dimensions[get_column_letter(at)].width = widths[-1]
    for row, (held, dressed) in enumerate(zip(zip(*columns, strict=True), zip(*looks, strict=True), strict=True), 4):
        tall = height_of([str(v or "") for v in held], widths) if wrap else None
        book.add_row(sheet, row, held, dressed, tall)
    heads = [titles.get(c, str(c)) for c in table.columns]
    fit_height(sheet, 1, heads, widths)
    sheet.freeze_panes = f"{get_column_letter(freeze + 1)}4"
    sheet.auto_filter.ref = f"A3:{get_column_letter(max(len(table.columns), 1))}{max(len(table) + 3, 4)}"
    print_wide(sheet, "1:2")


def _look(book: Book, value: Value, form: int | str, wrap: bool) -> int:
    """The look of a cell: a text is set in, a number has its format (or as many decimals), an empty cell has none."""
    if wrap:
        return book.look("wrapped", {"alignment": WRAP})
    if isinstance(value, str):
        return book.look("text", {"alignment": INDENT})
    if value is None:
        return 0
    return book.look(("number", form), {"number_format": form if isinstance(form, str) else number_format(form)})


def _widest(values: Sequence[Value], places: Sequence[int], least: int) -> int:
    """Characters of the widest cell as it is read; beyond what a column may have nothing is measured."""
    widest = least
    for value, decimals in zip(values, places, strict=True):
        if value is None or widest > WIDEST:
            continue
        text = value if isinstance(value, str) else f"{float(value):,.{decimals}f}"
        if 2 * len(text) > widest:
            widest = max(widest, text_width(text))
    return widest


def _decimals(number: float) -> int:
    """Decimals that leave three digits of a number below 100, none of a whole or a large one."""
    size = abs(number)
    if size >= 100 or size == round(size):
        return 0
    return min(max(2 - math.floor(math.log10(size)), 1), 6)
