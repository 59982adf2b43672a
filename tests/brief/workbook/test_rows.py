# SPDX-License-Identifier: Apache-2.0
"""Rows written as text are what openpyxl writes cell by cell: held against it, and read back by it."""

import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from homeground.brief.workbook.cells import INDENT, WRAP, put, save_workbook
from homeground.brief.workbook.rows import Book

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r")).filter(
    lambda text: not ILLEGAL_CHARACTERS_RE.search(text)
)
VALUE = st.one_of(st.none(), TEXT, st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False))


def sheet_of(path, number=1):
    with zipfile.ZipFile(path) as file:
        return file.read(f"xl/worksheets/sheet{number}.xml")


def alike(sheet):
    """XML in its one form: openpyxl spells it by lxml where that is installed, and else by Python's own writer."""
    # Of an empty text it says that it is a text, and then none; of one of blanks alone only lxml says that they are kept.
    text = ElementTree.canonicalize(sheet.decode())
    return text.replace(' t="inlineStr"></c>', "></c>").replace(' xml:space="preserve"', "")


@settings(max_examples=200, deadline=None)
@example([["\x85", " ", " a", "\n"]])
@given(st.lists(st.lists(VALUE, min_size=1, max_size=30), min_size=1, max_size=4))
def test_a_row_is_written_as_its_cells_would_be(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("rows")
    by_row, by_cell = Book(), openpyxl.Workbook()
    for book in (by_row, by_cell):
        put(book.worksheets[0], 2, 1, "between")
        book.worksheets[0].row_dimensions[2].height = 30.0
    # A first cell that is never empty: openpyxl leaves out rows and columns without any.
    rows = [["first", *row, "last"] for row in rows]
    indent = by_row.look("indent", {"alignment": INDENT})
    for at, row in enumerate(rows):
        number = 1 if at == 0 else at + 2
        looks = [indent if isinstance(value, str) else 0 for value in row]
        by_row.add_row(by_row.worksheets[0], number, row, looks, 22.5)
        for column, value in enumerate(row, start=1):
            put(by_cell.worksheets[0], number, column, value)
        by_cell.worksheets[0].row_dimensions[number].height = 22.5
    one, two = (save_workbook(book, folder / name) for book, name in ((by_row, "a.xlsx"), (by_cell, "b.xlsx")))
    assert alike(sheet_of(one)) == alike(sheet_of(two))
    read, held = (openpyxl.load_workbook(path).worksheets[0] for path in (one, two))
    assert [[c.value for c in row] for row in read] == [[c.value for c in row] for row in held]
    assert read["A1"].alignment.indent == 1


def test_sheets_keep_to_their_own_rows(tmp_path):
    book = Book()
    other = book.create_sheet("other")
    wrapped = book.look("wrapped", {"alignment": WRAP})
    book.add_row(other, 3, ["=1+1", None, 2], [0, wrapped, 0])
    put(book.worksheets[0], 1, 1, "alone")
    path = save_workbook(book, tmp_path / "book.xlsx")
    read = openpyxl.load_workbook(path)
    assert [[c.value for c in row] for row in read.worksheets[0]] == [["alone"]]
    assert [c.value for c in read["other"][3]] == ["=1+1", None, 2]
    assert read["other"]["A3"].data_type == "s"  # never a formula
    assert read["other"]["B3"].alignment.wrap_text
    assert b'<dimension ref="A1:C3"' in sheet_of(path, 2)


def test_a_row_given_twice_is_refused(tmp_path):
    book = Book()
    put(book.worksheets[0], 2, 5, "single")
    book.add_row(book.worksheets[0], 2, ["whole"], [0])
    with pytest.raises(ValueError, match="row 2 of Sheet"):
        save_workbook(book, tmp_path / "book.xlsx")
