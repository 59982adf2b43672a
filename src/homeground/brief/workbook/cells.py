# SPDX-License-Identifier: Apache-2.0
"""What the workbooks share: cells that hold what they should, files that are equal where their contents are."""

from __future__ import annotations

import io
import json
import math
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from homeground.brief.workbook.rows import Book, Value
from homeground.language.messages import phrase
from homeground.language.terms import term

BOLD, SMALL = Font(name="Calibri", bold=True), Font(name="Calibri", italic=True, color="666666", size=9)
TITLE = Font(name="Calibri", bold=True, size=14)
HEAD = PatternFill("solid", fgColor="E8E6E1")
WRAP = Alignment(wrap_text=True, vertical="top")
INDENT = Alignment(indent=1)
FIXED = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip file can hold


def save_workbook(book: Workbook, path: Path) -> Path:
    """Write a workbook so that equal contents give equal bytes: no clock, no order of chance."""
    raw = io.BytesIO()
    book.save(raw)
    rows = book.sheets_with_rows() if isinstance(book, Book) else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    stamp = b"1980-01-01T00:00:00Z"
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name in rows and isinstance(book, Book):
                content = book.with_rows(rows[name], content)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            entry = zipfile.ZipInfo(name, FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, content)
    return path


def put(sheet: Worksheet, row: int, column: int, value: Any, code: str = "en") -> Cell:
    """Put a value into a cell: numbers as numbers, yes and no in a language, missing as empty, text never as a formula."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        raise TypeError(f"{cell.coordinate} is merged away")
    given = plain(value, code)
    if given is not None:
        cell.value = given
    if isinstance(given, str):
        cell.data_type = "s"  # a name that begins with "=" stays a name
        cell.alignment = INDENT
    return cell


def plain(value: Any, code: str = "en") -> Value:
    """What a cell holds of a value: a number, a text, or None where it is missing.

    Examples
    --------
    >>> plain(np.float64(0.5)), plain(float("nan")), plain(True), plain([1, 2])
    (0.5, None, 'yes', '[1, 2]')
    """
    if type(value) is str:  # most are texts and floats
        return ILLEGAL_CHARACTERS_RE.sub("", value)[:32_000]
    if type(value) is float and math.isfinite(value):
        return value
    if isinstance(value, np.ndarray | list | tuple | dict):
        value = json.dumps(value if isinstance(value, dict) else list(value), default=str)
    if value is None or pd.isna(value):
        return None
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, bool):
        value = term("yes" if value else "no", code)
    elif isinstance(value, float) and np.isinf(value):
        value = phrase("workbook.unlimited", code)
    if isinstance(value, int | float):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", str(value))[:32_000]


def number_format(decimals: int) -> str:
    """Excel's format with thousands.

    Examples
    --------
    >>> number_format(0), number_format(2)
    ('#,##0', '#,##0.00')
    """
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def fit_height(sheet: Worksheet, row: int, texts: Sequence[str | None], widths: Sequence[float]) -> None:
    """Make a row as high as its longest wrapped text needs; programs do not agree on doing so by themselves."""
    sheet.row_dimensions[row].height = height_of(texts, widths)


def height_of(texts: Sequence[str | None], widths: Sequence[float]) -> float:
    """Points that a row needs for its longest wrapped text.

    Examples
    --------
    >>> height_of(["land", "a text of two lines"], [10, 10])
    30.0
    """
    lines = max((math.ceil(text_width(t or "") * 1.05 / w) for t, w in zip(texts, widths, strict=True)), default=1)
    return 15.0 * max(lines, 1)


@lru_cache(maxsize=8192)  # the same words come again and again
def text_width(text: str) -> int:
    """Width of a text in characters of the Latin script; those of Chinese are twice as wide.

    Examples
    --------
    >>> text_width("land"), text_width("土地")
    (4, 4)
    """
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def print_wide(sheet: Worksheet, head: str) -> None:
    """Print landscape, about 190 characters to a page, the rows of the head repeated."""
    width = sum(d.width for d in sheet.column_dimensions.values())
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = max(round(width / 190), 1), 0
    sheet.print_title_rows = head


def write_lines(sheet: Worksheet, lines: Sequence[tuple[str, str]]) -> None:
    """A sheet of text: labels to the left, what they say to the right; the first line is the title."""
    widths = (32.0, 110.0)
    for row, line in enumerate(lines, start=1):
        text = line[1]
        for column, words in enumerate(line, start=1):
            cell = put(sheet, row, column, words or None)
            cell.alignment = WRAP
            if not text:
                cell.font = TITLE if row == 1 else BOLD
        if text:
            fit_height(sheet, row, line, widths)
        elif row == 1:
            sheet.cell(row, 1).alignment = Alignment(vertical="top")
            sheet.row_dimensions[row].height = 22.0
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = widths
    print_wide(sheet, "1:1")
