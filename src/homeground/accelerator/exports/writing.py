# SPDX-License-Identifier: Apache-2.0
"""Files that are whole or not there, whose text no spreadsheet takes for a formula, and whose numbers are numbers."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from homeground.accelerator.exports.cells import cell_of
from homeground.errors import DataError
from homeground.running.writing import writes_to

FIXED = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip file can hold
BOLD, TITLE = Font(name="Calibri", bold=True), Font(name="Calibri", bold=True, size=14)
HEAD, ANSWER = PatternFill("solid", fgColor="E8E6E1"), PatternFill("solid", fgColor="FFF8E1")
WRAP = Alignment(wrap_text=True, vertical="top")
WIDEST = 48


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file so that it is there whole or as it was before, whatever happens in between.

    Parameters
    ----------
    path : Path
    content : bytes

    Returns
    -------
    Path

    Raises
    ------
    DataError
        It cannot be written: a full disk, no right, a file that is open elsewhere.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_whole(Path(folder, "a.csv"), b"a").read_bytes(), len(list(Path(folder).iterdir()))
    (b'a', 1)
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with writes_to(path.parent, f"the export {path.name}"):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise DataError(f"{path} is a folder. Name a file.")
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    return path


def csv_bytes(table: pd.DataFrame, *, second: Sequence[str] = ()) -> bytes:
    r"""A table as CSV in UTF-8 after RFC 4180, safe to open in a spreadsheet.

    Parameters
    ----------
    table : DataFrame
    second : sequence of str, optional
        A second line of headings, such as the tags of HXL; it stands as it is.

    Returns
    -------
    bytes

    Examples
    --------
    >>> csv_bytes(pd.DataFrame({"a": [1, -2], "b": ["x", "@y"]}), second=["#a", "#b"])
    b"a,b\r\n#a,#b\r\n1,x\r\n-2,'@y\r\n"
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(table.columns)
    if second:
        writer.writerow(second)
    for row in table.itertuples(index=False, name=None):
        writer.writerow(["" if cell is None else cell for cell in map(cell_of, row)])
    return file.getvalue().encode("utf-8")


def json_bytes(content: Any) -> bytes:
    r"""JSON in UTF-8 without numbers that JSON does not have.

    Parameters
    ----------
    content : object

    Returns
    -------
    bytes

    Examples
    --------
    >>> json_bytes({"a": [1, None]})
    b'{"a": [1, null]}\n'
    """
    return (json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")


def put_table(
    book: Workbook,
    title: str,
    table: pd.DataFrame,
    *,
    said: str = "",
    choices: Mapping[str, Sequence[str]] | None = None,
    bare: bool = False,
) -> Worksheet:
    """A sheet of a table: what it is, its headings, its rows; columns to be filled in are coloured.

    Parameters
    ----------
    book : Workbook
    title : str
        Of the sheet.
    table : DataFrame
    said : str, optional
        What a reader must know of it.
    choices : mapping of column to sequence of str, optional
        Columns for a person to fill in, with what may stand there (none: anything).
    bare : bool, optional
        Headings in the first row and nothing above them, as the templates have it.

    Returns
    -------
    Worksheet

    Examples
    --------
    >>> sheet = put_table(Workbook(), "A", pd.DataFrame({"x": ["=1"]}), said="rows")
    >>> sheet["A4"].value, sheet["A4"].data_type
    ("'=1", 's')
    """
    sheet: Worksheet = book.create_sheet(title[:31])
    top = 1 if bare else 3
    if not bare:
        sheet.cell(1, 1, title).font = TITLE
        sheet.cell(2, 1, said or None)
    names = [str(name) for name in table.columns]
    for at, name in enumerate(names, start=1):
        head = sheet.cell(top, at, name)
        head.font, head.fill, head.alignment = BOLD, HEAD, WRAP
    for line, row in enumerate(table.itertuples(index=False, name=None), start=top + 1):
        for at, value in enumerate(row, start=1):
            _put(sheet, line, at, cell_of(value))
    last = max(top + len(table), top + 1)
    for name, allowed in (choices or {}).items():
        _answers(sheet, names.index(name) + 1, top + 1, last, allowed)
    for at, name in enumerate(names, start=1):
        texts = [len(str(sheet.cell(line, at).value or "")) for line in range(top + 1, min(last, 200) + 1)]
        sheet.column_dimensions[get_column_letter(at)].width = min(WIDEST, max([len(name), 8, *texts]) + 2)
    sheet.freeze_panes = f"A{top + 1}"
    return sheet


def _put(sheet: Worksheet, line: int, at: int, held: str | float | None) -> None:
    cell = sheet.cell(line, at)
    if held is not None:
        cell.value = held
    if isinstance(held, str):
        cell.data_type = "s"  # never a formula
    elif isinstance(held, float):
        cell.number_format = "#,##0.##########"


def _answers(sheet: Worksheet, at: int, first: int, last: int, allowed: Sequence[str]) -> None:
    """Cells for a person to fill in, coloured; a list to choose from where only some words may stand."""
    for line in range(first, last + 1):
        sheet.cell(line, at).fill = ANSWER
    if allowed:
        rule = DataValidation(type="list", formula1=f'"{",".join(allowed)}"', allow_blank=True)
        sheet.add_data_validation(rule)
        rule.add(f"{get_column_letter(at)}{first}:{get_column_letter(at)}{last}")


def book_bytes(book: Workbook) -> bytes:
    """A workbook whose bytes are equal where its contents are.

    Parameters
    ----------
    book : Workbook

    Returns
    -------
    bytes

    Examples
    --------
    >>> book_bytes(Workbook()) == book_bytes(Workbook())
    True
    """
    raw, made = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return made.getvalue()


def write_book(path: Path, sheets: Iterable[tuple[str, pd.DataFrame, str]]) -> Path:
    """A workbook of tables.

    Parameters
    ----------
    path : Path
    sheets : iterable of (str, DataFrame, str)
        Title, table and what a reader must know of it.

    Returns
    -------
    Path

    Raises
    ------
    DataError
        It cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_book(Path(folder, "a.xlsx"), [("A", pd.DataFrame({"x": [1]}), "")]).stat().st_size > 1000
    True
    """
    book = new_book()
    for title, table, said in sheets:
        put_table(book, title, table, said=said)
    return write_whole(path, book_bytes(book))


def new_book() -> Workbook:
    """A workbook without sheets.

    Returns
    -------
    Workbook

    Examples
    --------
    >>> new_book().sheetnames
    []
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    return book
