# SPDX-License-Identifier: Apache-2.0
"""Cells of the files that people save from spreadsheets, as text: CSV in any of its ways of writing, and workbooks.

Comma, semicolon or tab; UTF-8 with or without a byte order mark, UTF-16 or Windows-1252. Lines that begin with # are
remarks (as are the tags of HXL, #adm1+code, under the heads of humanitarian tables). What the cells mean is told by
`homeground.catalogue.tables`.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from homeground.errors import DataError
from homeground.numbers.table import Table

MARKS = (",", ";", "\t")
SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009'’](?=\d{3})")  # that part thousands
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.I)
THOUSANDS = re.compile(r"[+-]?\d{1,3}([.,]\d{3})+")
WORKBOOKS = {".xlsx", ".xlsm"}
LARGEST, RATIO, SMALL = (
    200_000_000,
    100,
    10_000_000,
)  # bytes that a workbook may unpack to, for its size; less is let pass


@dataclass(frozen=True)
class Sheet:
    """Cells of a file as text, with the number of each row in the file."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    comma: bool | None  # whether its numbers have a decimal comma; None where no cell tells


def decode(content: bytes) -> str:
    """Text of a file, whatever a spreadsheet wrote it in.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    str

    Examples
    --------
    >>> [decode("forêt".encode(how)) for how in ("utf-8", "utf-8-sig", "utf-16", "cp1252")]
    ['forêt', 'forêt', 'forêt', 'forêt']
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def number_of(text: str, *, comma: bool | None = None) -> float | None:
    """The number that a cell holds; None where it is none.

    Parameters
    ----------
    text : str
    comma : bool, optional
        Whether the file has a decimal comma.

    Returns
    -------
    float or None

    Examples
    --------
    >>> number_of("1 234,5", comma=True), number_of("1,234.5"), number_of("1e6"), number_of("0,5"), number_of("many")
    (1234.5, 1234.5, 1000000.0, 0.5, None)
    """
    plain = SPACES.sub("", text.strip().replace("\u2212", "-"))
    if comma is None:
        comma = _comma(plain)
    if comma:
        plain = plain.replace(".", "").replace(",", ".")
    else:
        plain = plain.replace(",", "") if THOUSANDS.match(plain.split(".")[0]) else plain
    return float(plain) if PLAIN.fullmatch(plain) else None


def _comma(text: str) -> bool | None:
    """Whether a cell shows a decimal comma; None where it could be either or has none."""
    points, commas = text.count("."), text.count(",")
    if points and commas:
        return text.rindex(",") > text.rindex(".")
    if points > 1 or commas > 1:
        return points > 1
    if commas and not THOUSANDS.fullmatch(text):
        return True
    if points and not THOUSANDS.fullmatch(text):
        return False
    return None


def read_sheet(path: Path, declared: Table, where: str) -> Sheet:
    """The cells of a table as text, whatever mark parts them and whatever letters it is kept in.

    Parameters
    ----------
    path : Path
        CSV or workbook.
    declared : Table
        Its headings tell by which mark the cells are parted, and which sheet of a workbook it is.
    where : str
        What errors call it.

    Returns
    -------
    Sheet

    Raises
    ------
    DataError
        It cannot be read, or is no table of text.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from homeground.study.tables import given_tables
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "g.csv").write_text("Indicator;Value", encoding="utf-8")
    ...     read_sheet(Path(folder, "g.csv"), given_tables()["data.goals"].table, "g.csv").headings
    ('Indicator', 'Value')
    """
    try:
        if path.suffix.lower() in WORKBOOKS:
            return _of_workbook(path, declared)
        text = decode(path.read_bytes())
    except OSError as error:
        raise DataError(f"{where} cannot be read ({error.strerror}). Close it in other programs.") from error
    except Exception as error:  # openpyxl raises many kinds
        raise DataError(f"{where} cannot be read ({error}). Save it anew as .xlsx or CSV.") from error
    if "\x00" in text:
        raise DataError(f"{where} is no table of text. Save it as CSV or .xlsx.")
    mark = _mark(text, declared)
    lines = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter=mark)
    try:
        return _laid_out(((i, tuple(row)) for i, row in enumerate(lines, start=1)), decimal_comma_by=mark)
    except csv.Error as error:  # a quote that never ends makes a cell of all the rest
        raise DataError(
            f"{where}: near line {lines.line_num} it is no table ({error}). Look for a quote that never ends."
        ) from error


def _mark(text: str, declared: Table) -> str:
    """What parts the cells: the mark under which most declared headings are found."""
    line = next((line for line in text.splitlines() if line.strip() and not _remark(line)), "")
    wanted = {word(c.column) for c in declared.columns}

    def found(mark: str) -> tuple[int, int]:
        words = {word(one) for one in next(csv.reader([line], delimiter=mark), [])}
        return len(words & wanted), len(words)

    return max(MARKS, key=found)


def _of_workbook(path: Path, declared: Table) -> Sheet:
    """The first sheet that has the columns; the first one where none has."""
    import openpyxl  # takes long to load, and most tables are CSV
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    with zipfile.ZipFile(path) as parts:  # counted before anything is unpacked
        unpacked, size = sum(part.file_size for part in parts.infolist()), path.stat().st_size
    if unpacked > LARGEST or unpacked > max(SMALL, RATIO * size):
        raise ValueError(f"it would unpack to {unpacked / 1e6:.0f} MB from {size / 1e6:.2f} MB")
    wanted = {word(name) for name in declared.always}
    sheets = []
    with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
        for sheet in book.worksheets:
            # What a sheet says of its size may be 17 thousand million cells: rows are as wide as what stands in them.
            if isinstance(sheet, ReadOnlyWorksheet):
                sheet.reset_dimensions()
            rows = ((i, tuple(map(_cell, row))) for i, row in enumerate(sheet.iter_rows(values_only=True), 1))
            sheets.append(_laid_out(rows, decimal_comma_by=""))
            if wanted <= {word(name) for name in sheets[-1].headings}:
                return sheets[-1]
    return sheets[0]


def _cell(value: Any) -> str:
    """A cell of a workbook as text; whole numbers without a fraction, as they are shown."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)


def _laid_out(lines: Iterable[tuple[int, tuple[str, ...]]], *, decimal_comma_by: str) -> Sheet:
    """Headings and rows, blank ones left out, and whether the numbers show a decimal comma."""
    held = [(number, row) for number, row in lines if any(cell.strip() for cell in row) and not _remark(row[0])]
    headings = tuple(cell.strip() for cell in held[0][1]) if held else ()
    rows = tuple((number, tuple(cell.strip() for cell in row)) for number, row in held[1:])
    numeric = [
        SPACES.sub("", cell) for _, row in rows for cell in row if re.fullmatch(r"[+-]?[\d., \u00a0\u202f'’]+", cell)
    ]
    shown = {_comma(cell) for cell in numeric} - {None}
    comma = shown.pop() if len(shown) == 1 else None
    return Sheet(headings, rows, comma)


def _remark(start: str) -> bool:
    """Whether a line is for people alone: what the templates say of their columns, the tags of the HXL standard."""
    return start.lstrip(' "').startswith("#")


def word(heading: str) -> str:
    """A heading without case, blanks and marks of the file's order of bytes, by which headings are found.

    Parameters
    ----------
    heading : str

    Returns
    -------
    str

    Examples
    --------
    >>> word(" Price_Year ")
    'price year'
    """
    return re.sub(r"[\s_]+", " ", heading.replace("\ufeff", "").strip().lower())
