# SPDX-License-Identifier: Apache-2.0
"""What the workbooks share: cells that hold what they should, files that are equal where their contents are."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

BOLD, SMALL = Font(bold=True), Font(italic=True, color="666666", size=9)
HEAD = PatternFill("solid", fgColor="E8E6E1")
WRAP = Alignment(wrap_text=True, vertical="top")
FIXED = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip file can hold


def save_workbook(book: Workbook, path: Path) -> Path:
    """Write a workbook so that equal contents give equal bytes: no clock, no order of chance."""
    raw = io.BytesIO()
    book.save(raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    stamp = b"1980-01-01T00:00:00Z"
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            entry = zipfile.ZipInfo(name, FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, content)
    return path


def put(sheet: Worksheet, row: int, column: int, value: Any) -> Cell:
    """Put a value into a cell: numbers as numbers, missing as empty, text never as a formula."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        raise TypeError(f"{cell.coordinate} is merged away")
    if isinstance(value, np.ndarray | list | tuple | dict):
        value = json.dumps(value if isinstance(value, dict) else list(value), default=str)
    if value is None or pd.isna(value):
        return cell
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, float) and np.isinf(value):
        value = "without limit"
    if isinstance(value, int | float):
        cell.value = value
    else:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:32_000]
        cell.data_type = "s"  # a name that begins with "=" stays a name
    return cell


def number_format(decimals: int) -> str:
    """Excel's format with thousands.

    Examples
    --------
    >>> number_format(0), number_format(2)
    ('#,##0', '#,##0.00')
    """
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def print_wide(sheet: Worksheet, head: str) -> None:
    """Print on pages of full width that repeat the rows of the head."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.print_title_rows = head


def write_lines(sheet: Worksheet, lines: Sequence[tuple[str, str]]) -> None:
    """A sheet of text: labels to the left, what they say to the right; the first line is the title."""
    for row, (label, text) in enumerate(lines, start=1):
        for column, words in enumerate((label, text), start=1):
            cell = put(sheet, row, column, words or None)
            cell.alignment = WRAP
            if label and not text:
                cell.font = Font(bold=True, size=14 if row == 1 else 11)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 110
    print_wide(sheet, "1:1")
