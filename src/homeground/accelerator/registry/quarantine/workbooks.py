# SPDX-License-Identifier: Apache-2.0
"""Cells of files that anybody may send: workbooks are looked through before they are opened, and read in a bounded way.

A workbook is a ZIP, so a small file can unpack to any size, and a sheet of two cells can claim seventeen thousand million.
What it would unpack to is counted first; rows are walked one by one, and only cells that are there are kept.
"""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from homeground.accelerator.registry.declared import registry_tables
from homeground.accelerator.registry.quarantine.values import Cell
from homeground.catalogue.sheets import MARKS, decode, word
from homeground.errors import DataError

LARGEST = 200_000_000  # bytes of a file, and of all that a workbook unpacks to
RATIO = 100  # to the size of the file; a real workbook unpacks to about ten times
SMALL = 10_000_000  # bytes that may unpack from any file: one of a few rows has a high ratio too
MEMBERS = 2_000
COLUMNS = 1_000  # of a sheet; the rest is empty or no table
WORKBOOKS = {".xlsx", ".xlsm"}
TEXTS = {".csv", ".txt", ".tsv"}
BLANKS = " \t\r\n\u00a0\u200b\ufeff"  # around a cell
NESTED = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass
class Grid:
    """Cells of one sheet or CSV: headings, rows with their number in the file, and where formulas stand."""

    name: str
    headings: list[str]
    lines: list[int] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)  # (line, column): the formula
    remarks: list[int] = field(default_factory=list)  # lines that begin with #, among the rows
    letters: str = ""  # what the letters were read as, where that is a guess


def read_grids(path: Path) -> list[Grid]:
    """All sheets of a file.

    Parameters
    ----------
    path : Path
        CSV or workbook.

    Returns
    -------
    list of Grid
        Those that hold anything.

    Raises
    ------
    DataError
        It cannot be read as what its name says, or would unpack to too much.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "pledges.csv")
    ...     _ = file.write_text("Pledge;Amount" + chr(10) + "P1;12,5", encoding="utf-8")
    ...     read_grids(file)[0].rows
    [['P1', '12,5']]
    """
    kind = path.suffix.lower()
    if kind not in WORKBOOKS | TEXTS:
        raise DataError(f"{path.name} is of no kind that is read. Save it as .csv or .xlsx.")
    try:
        if path.stat().st_size > LARGEST:
            raise DataError(f"{path.name} is larger than {LARGEST // 1_000_000} MB. Divide it.")
        with path.open("rb") as file:
            zipped = file.read(4) in NESTED
        if kind in WORKBOOKS and not zipped:
            raise DataError(f"{path.name} is no workbook, whatever its name says. Save it anew as .xlsx or CSV.")
        if kind in TEXTS and zipped:
            raise DataError(f"{path.name} is a workbook or a ZIP, not text. Name it .xlsx, or unpack it.")
        return [_of_text(path)] if kind in TEXTS else list(_of_workbook(path))
    except UnicodeError as error:
        raise DataError(f"{path.name} breaks off or is no text ({error}). Save it anew as CSV.") from error
    except OSError as error:
        raise DataError(f"{path.name} cannot be read ({error.strerror}). Close it in other programs.") from error


def check_zip(path: Path) -> bool:
    """Refuse a workbook that would unpack to too much, before anything of it is unpacked.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
        Whether its sheets hold formulas.

    Raises
    ------
    DataError
        Too much, too many parts, a ZIP within, a document type, or damaged.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     bomb = Path(folder, "bomb.xlsx")
    ...     with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as book:
    ...         book.writestr("xl/worksheets/sheet1.xml", bytes(30_000_000))
    ...     try:
    ...         check_zip(bomb)
    ...     except DataError as error:
    ...         print(str(error).split(":")[1][:28])
     it would unpack to 30 MB fr
    """
    formulas = False
    with zipfile.ZipFile(path) as book:
        parts = book.infolist()
        total, size = sum(part.file_size for part in parts), path.stat().st_size
        if len(parts) > MEMBERS:
            raise DataError(f"{path.name} has {len(parts)} parts, at most {MEMBERS} are read. Save it anew as .xlsx.")
        if total > LARGEST or total > max(SMALL, RATIO * size):
            said = f"it would unpack to {total / 1e6:.0f} MB from {size / 1e6:.2f} MB"
            raise DataError(f"{path.name}: {said}. Save its rows as CSV.")
        unpacked = 0
        for part in parts:
            sheet = part.filename.startswith("xl/worksheets/")
            with book.open(part) as file:
                start = block = file.read(1 << 20)
                if start[:4] in NESTED:
                    raise DataError(f"{path.name} holds another ZIP ({part.filename}). Save it without.")
                if b"<!DOCTYPE" in start[:4096] or b"<!ENTITY" in start[:4096]:
                    raise DataError(f"{path.name} declares a document type, as no workbook does. Save it anew.")
                while block:
                    unpacked += len(block)
                    if unpacked > LARGEST:
                        raise DataError(f"{path.name} unpacks to more than it says. Save it anew as .xlsx.")
                    formulas = formulas or (sheet and (b"<f>" in block or b"<f " in block))
                    block = file.read(1 << 20)
    return formulas


def _of_text(path: Path) -> Grid:
    content = path.read_bytes()
    text = decode(content)
    if "\x00" in text:
        raise DataError(f"{path.name} is no table of text. Save it as CSV or .xlsx.")
    mark = _mark(text)
    lines = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter=mark)
    numbered = _numbered(lines)
    try:
        grid = _laid_out(path.stem, numbered) or Grid(path.stem, [])
    except csv.Error as error:  # a quote that never ends makes a cell of all the rest
        said = f"near line {lines.line_num} it is no table ({error}). Look for a quote that never ends."
        raise DataError(f"{path.name}: {said}") from error
    grid.letters = _guessed(content)
    return grid


def _guessed(content: bytes) -> str:
    """What the letters of a file were taken for where nothing in it says so."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "Windows-1252"
    return ""


def _numbered(lines: Any) -> Iterator[tuple[int, list[Cell]]]:
    """Rows with the line on which each begins: a cell may hold several."""
    begins = 1
    for row in lines:
        yield begins, row
        begins = lines.line_num + 1


def _mark(text: str) -> str:
    """What parts the cells: the mark under which most headings are those of some table."""
    known = {word(column.column) for one in registry_tables().values() for column in one.table.columns}
    kept = (line for line in io.StringIO(text) if line.strip() and not line.lstrip(' "').startswith("#"))
    line = next(kept, "")

    def found(mark: str) -> tuple[int, int]:
        words = {word(one) for one in next(csv.reader([line], delimiter=mark), [])}
        return len(words & known), len(words)

    return max(MARKS, key=found)


def _of_workbook(path: Path) -> Iterator[Grid]:
    import openpyxl  # takes long to load, and most tables are CSV

    try:
        formulas = check_zip(path)
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
            others = openpyxl.load_workbook(path, read_only=True) if formulas else None
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # a sheet may claim any size
                found = _laid_out(sheet.title, _rows(sheet))
                if found is None:
                    continue
                if others is not None:
                    found.formulas = dict(_formulas(others[sheet.title], set(found.lines)))
                yield found
            if others is not None:
                others.close()
    except DataError:
        raise
    except Exception as error:  # openpyxl raises many kinds
        raise DataError(
            f"{path.name} cannot be read ({type(error).__name__}: {error}). Save it anew as .xlsx."
        ) from error


def _rows(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if row and any(value is not None for value in row[:COLUMNS]):
            yield number, [_cell(value) for value in row[:COLUMNS]]
        elif beyond := next((value for value in row[COLUMNS:] if value is not None), None):
            yield number, [None] * COLUMNS + [_cell(beyond)]  # told as a value beyond the headings


def _formulas(sheet: Any, lines: set[int]) -> Iterator[tuple[tuple[int, int], str]]:
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number in lines:
            for place, cell in enumerate(row[:COLUMNS]):
                if getattr(cell, "data_type", "") == "f":
                    yield (number, place), str(getattr(cell.value, "text", cell.value))


def _cell(value: Any) -> Cell:
    """A cell as it was meant: numbers with the fifteen digits that spreadsheets keep."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        found = Decimal(f"{value:.15g}" if isinstance(value, float) else value)
        return found.quantize(Decimal(1)) if found == found.to_integral_value() and abs(found) < 10**20 else found
    if isinstance(value, datetime.datetime):
        return value if value.time() != datetime.time() else value.date()
    return value if isinstance(value, datetime.date) else str(value).replace("\r\n", "\n").strip()


def _laid_out(name: str, lines: Iterable[tuple[int, list[Cell]]]) -> Grid | None:
    """Headings and rows; remarks and blank rows left out; None where there is nothing."""
    grid: Grid | None = None
    for number, row in lines:
        cells = [cell.strip(BLANKS) if isinstance(cell, str) else cell for cell in row]
        if all(cell is None or cell == "" for cell in cells):
            continue
        if isinstance(cells[0], str) and cells[0].startswith("#"):
            if grid is not None:
                grid.remarks.append(number)
        elif grid is None:
            grid = Grid(name, ["" if cell is None else str(cell) for cell in cells])
        else:
            grid.lines.append(number)
            grid.rows.append(cells + [None] * (len(grid.headings) - len(cells)))
    return grid
