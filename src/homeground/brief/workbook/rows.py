# SPDX-License-Identifier: Apache-2.0
"""Rows of many cells, written as text: an object for each cell would take nine tenths of the time of a workbook.

What else a workbook holds (sheets, looks, widths, filters, single cells) stays with openpyxl. Rows wait in the book and
come into its file when `homeground.brief.workbook.cells.save_workbook` writes it.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = int | float | str | None
MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
ROW = b'<row r="'


class Book(Workbook):
    """A workbook of openpyxl that also takes whole rows."""

    def __init__(self) -> None:
        super().__init__()
        self._looks: dict[Hashable, int] = {}
        self._lines: dict[Worksheet, dict[int, str]] = {}
        self._widest: dict[Worksheet, int] = {}

    def look(self, key: Hashable, parts: Mapping[str, Any]) -> int:
        """The number of a look in this book; worked out once for each key.

        Parameters
        ----------
        key : hashable
            Stands for the parts: what is equal has an equal key.
        parts : mapping of str to object
            As they are set on a cell of openpyxl: font, fill, border, alignment, protection, number_format.

        Returns
        -------
        int

        Examples
        --------
        >>> book = Book()
        >>> book.look("year", {"number_format": "0"}), book.look("plain", {}), book.look("year", {"number_format": "0"})
        (1, 0, 1)
        """
        if key not in self._looks:
            cell = Cell(self.worksheets[0], 1, 1)
            for name, part in parts.items():
                setattr(cell, name, part)
            self._looks[key] = int(cell.style_id)
        return self._looks[key]

    def add_row(
        self, sheet: Worksheet, row: int, values: Sequence[Value], looks: Sequence[int], height: float | None = None
    ) -> None:
        """A whole row, from the first column on; it holds no other cells.

        Parameters
        ----------
        sheet : Worksheet
            Of this book.
        row : int
            From 1 on; each is given once.
        values : sequence
            Numbers, texts, and None for an empty cell; of a float nothing but a finite one.
        looks : sequence of int
            From `look`, as many as values.
        height : float, optional
            In points.

        Examples
        --------
        >>> book = Book()
        >>> book.add_row(book.worksheets[0], 2, ["a & b", None, 0.5], [0, 1, 0])
        >>> print(book._lines[book.worksheets[0]][2])
        <row r="2"><c r="A2" t="inlineStr"><is><t>a &amp; b</t></is></c><c r="B2" s="1" /><c r="C2" t="n"><v>0.5</v></c></row>
        """
        letters = _letters(len(values))
        cells = [
            _cell(f"{letter}{row}", value, look)
            for letter, value, look in zip(letters, values, looks, strict=True)
            if value is not None or look
        ]
        tall = "" if height is None else f' ht="{height:.16g}" customHeight="1"'
        self._lines.setdefault(sheet, {})[row] = f'<row r="{row}"{tall}>{"".join(cells)}</row>'
        self._widest[sheet] = max(self._widest.get(sheet, 1), len(values))

    def sheets_with_rows(self) -> dict[str, Worksheet]:
        """Sheets that have whole rows, by the name of their part in the file."""
        return {f"xl/worksheets/sheet{at}.xml": s for at, s in enumerate(self.worksheets, 1) if s in self._lines}

    def with_rows(self, sheet: Worksheet, content: bytes) -> bytes:
        """The part of a sheet as openpyxl writes it, with its whole rows among those of single cells."""
        lines = self._lines[sheet]
        last = f"{get_column_letter(max(self._widest[sheet], sheet.max_column))}{max(*lines, sheet.max_row)}"
        content = re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="A1:{last}"'.encode(), content, count=1)
        before, held, after = re.split(rb"<sheetData ?/>|<sheetData>(.*)</sheetData>", content, maxsplit=1, flags=re.S)
        rows = {row: line.encode() for row, line in lines.items()}
        for single in (held or b"").split(ROW)[1:]:
            row = int(single.partition(b'"')[0])
            if row in rows:
                raise ValueError(f"row {row} of {sheet.title} was given as a whole and as single cells")
            rows[row] = ROW + single
        return b"".join([before, b"<sheetData>", *(rows[row] for row in sorted(rows)), b"</sheetData>", after])


@cache
def _letters(number: int) -> tuple[str, ...]:
    return tuple(get_column_letter(at) for at in range(1, number + 1))


def _cell(place: str, value: Value, look: int) -> str:
    dressed = f' s="{look}"' if look else ""
    if value is None or value == "":
        return f'<c r="{place}"{dressed} />'
    if isinstance(value, str):
        kept = "" if value.strip() == value else ' xml:space="preserve"'
        return f'<c r="{place}"{dressed} t="inlineStr"><is><t{kept}>{value.translate(MARKUP)}</t></is></c>'
    return f'<c r="{place}"{dressed} t="n"><v>{value:.16g}</v></c>'
