# SPDX-License-Identifier: Apache-2.0
"""Files that are not what they should be: each is told, none breaks the program, none takes its memory."""

from __future__ import annotations

import datetime
import io
import json
import random
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from homeground.accelerator.registry.importing import FileReport, validate_files
from homeground.accelerator.registry.opening import Registry, open_registry
from homeground.accelerator.registry.quarantine import workbooks
from homeground.accelerator.registry.quarantine.workbooks import read_grids

HEAD = ["transaction", "project", "kind", "date", "amount", "currency"]
PROJECTS: list[list[Any]] = [["project", "title", "currency"], ["P1", "Wall", "XOF"]]


def book(path: Path, **sheets: list[list[Any]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def validated(path: Path) -> FileReport:
    return validate_files([path])[0]


@pytest.fixture
def opened(tmp_path: Path) -> Any:
    with open_registry(tmp_path / "wall.db", create=True) as registry:
        yield registry


def test_a_workbook_with_one_sheet_for_each_table(opened: Registry, tmp_path: Path) -> None:
    day = datetime.datetime(2024, 3, 4)
    money = [
        HEAD,
        ["T1", "P1", "disbursement", day, 0.1 + 0.2, "USD"],
        ["T2", "P1", "disbursement", "2024-03-05", 1200, None],
    ]
    path = book(tmp_path / "all.xlsx", transactions=money, projects=PROJECTS, Notes=[["read me"], ["please"]])
    report = opened.import_file(path, "analyst")
    assert (report.rows, report.added) == (3, 3)
    assert [(i.path, i.severity) for i in report.issues] == [("Notes", "warning")]
    table = opened.table("transactions")
    # 0.1 + 0.2 is 0.30000000000000004 to a computer and 0.3 to a spreadsheet
    assert table["amount_minor"].tolist() == [30, 1200]
    assert table["date"].tolist() == [datetime.date(2024, 3, 4), datetime.date(2024, 3, 5)]


def test_formulas_are_told(opened: Registry, tmp_path: Path) -> None:
    opened.import_file(book(tmp_path / "p.xlsx", projects=PROJECTS), "analyst")
    rows = [
        HEAD,
        ["T1", "P1", "disbursement", "2024-03-04", "=1+1", "XOF"],
        ["T2", "P1", "disbursement", "2024-03-04", 5, "XOF"],
    ]
    path = book(tmp_path / "f.xlsx", transactions=rows)
    report = opened.import_file(path, "analyst")  # openpyxl works nothing out: the formula has no result
    assert [(i.line, i.rule, i.severity) for i in report.issues if i.rule == "formula"] == [(2, "formula", "error")]
    assert (report.added, report.left_out) == (1, 1)
    # with a result, as a spreadsheet saves it
    content = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(
                part.filename,
                old.read(part.filename)
                .replace(b"<v></v>", b"<v>2</v>")
                .replace(b"<v />", b"<v>2</v>")
                .replace(b"<v/>", b"<v>2</v>"),
            )
    path.write_bytes(content.getvalue())
    report = opened.import_file(path, "analyst")
    assert [(i.line, i.rule, i.severity) for i in report.issues] == [(2, "formula", "warning")]
    assert opened.table("transactions")["amount_minor"].tolist() == [2, 5]
    text = tmp_path / "transactions.csv"
    text.write_text(
        ",".join([*HEAD, "description"])
        + "\nT3,P1,disbursement,2024-03-04,=1+1,XOF,\nT4,P1,interest,2024-01-01,1,XOF,=HYPERLINK(1)\n"
    )
    report = opened.import_file(text, "analyst")
    assert sorted((i.line, i.rule, i.severity) for i in report.issues) == [
        (2, "formula", "error"),
        (3, "formula", "warning"),
    ]


def test_cells_at_the_far_corner_take_neither_memory_nor_time(tmp_path: Path) -> None:
    path = book(tmp_path / "projects.xlsx", projects=PROJECTS)
    made = openpyxl.load_workbook(path)
    made["projects"]["XFD1048576"] = "far"
    made.save(path)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    report = validated(path)
    assert time.process_time() - start < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kB
    assert (report.rows, report.left_out) == (2, 1)
    assert [(i.line, i.rule, i.severity) for i in report.issues if i.line] == [
        (1048576, "columns", "error"), (1048576, "needed", "error"), (1048576, "needed", "error"),
    ]  # fmt: skip


def zipped(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts.items():
            out.writestr(name.replace("__", "/"), content)
    return path


def test_bombs_are_refused_before_they_unpack(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "bomb.xlsx", xl__worksheets__sheet1=bytes(288_000_000))
    assert bomb.stat().st_size < 1_000_000
    start = time.process_time()
    report = validated(bomb)
    assert time.process_time() - start < 2
    assert (report.issues[0].severity, "unpack to 288 MB" in report.issues[0].message) == ("critical", True)
    many = zipped(tmp_path / "many.xlsx", **{f"part{i}": b"" for i in range(2001)})
    assert "parts" in validated(many).issues[0].message
    inner = zipped(tmp_path / "inner.zip", a=b"a").read_bytes()
    assert "another ZIP" in validated(zipped(tmp_path / "nested.xlsx", xl=inner)).issues[0].message
    told = validated(zipped(tmp_path / "typed.xlsx", xl=b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'))
    assert "document type" in told.issues[0].message


def test_a_bomb_that_lies_about_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "LARGEST", 1_000_000)
    path = zipped(tmp_path / "liar.xlsx", part=bytes(2_000_000))
    content = path.read_bytes()
    path.write_bytes(content.replace((2_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    assert validated(path).issues[0].severity == "critical"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""), ("nul.csv", b"project,title\nP1,\x00"), ("quote.csv", b'project,title\nP1,"' + b"x\n" * 90_000),
        ("book.csv", b"PK\x03\x04 rest"), ("text.xlsx", b"project,title"), ("half.xlsx", b"PK\x03\x04 rest"),
        ("picture.png", b"\x89PNG"), ("noise.csv", random.Random(1).randbytes(2000)), ("none.csv", None),  # noqa: S311
        ("blank.xlsx", b""), ("head.csv", b"project,title"), ("utf16.csv", "project,title\nP1,Forêt".encode("utf-16")),
        ("bad16.csv", b"\xff\xfeabc"), ("wide.csv", b"project,title" + b",x" * 5000 + b"\nP1,Wall"),
    ],
)  # fmt: skip
def test_any_file_is_told_without_a_traceback(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    report = validated(path)
    assert report.clean == (name in ("head.csv", "utf16.csv"))
    command = [sys.executable, "-m", "homeground.cli.app", "accelerator", "validate", str(path), "--json"]
    if name in ("nul.csv", "none.csv", "half.xlsx", "utf16.csv"):  # a process each takes a second
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert (done.returncode, done.stderr) == (0 if report.clean else 3, "")
        assert json.loads(done.stdout)[0]["clean"] == report.clean


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert validated(tmp_path).issues[0].severity == "critical"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_cut_and_flipped_files(tmp_path: Path, kind: str) -> None:
    rows = [[f"T{i}", "P1", "disbursement", f"2024-03-{i % 28 + 1:02d}", i, "USD"] for i in range(60)]
    whole = tmp_path / f"transactions.{kind}"
    if kind == "xlsx":
        book(whole, transactions=[HEAD, *rows])
    else:
        whole.write_text("\n".join(",".join(map(str, row)) for row in [HEAD, *rows]))
    content = whole.read_bytes()
    draw = random.Random(2)  # noqa: S311
    for _ in range(20):
        at = draw.randrange(len(content))
        whole.write_bytes(content[:at])
        validated(whole)
        flipped = bytearray(content)
        flipped[at] ^= 1 << draw.randrange(8)
        whole.write_bytes(bytes(flipped))
        report = validated(whole)
        assert report.left_out + report.same <= report.rows


def test_signs_that_no_file_can_keep(opened: Registry, tmp_path: Path) -> None:
    path = tmp_path / "projects.csv"
    path.write_bytes(b"project,title\nP1,a\x07b\nP2,ok\n")
    report = opened.import_file(path, "analyst")
    assert [(i.line, i.rule) for i in report.issues] == [(2, "signs")]
    assert report.added == 1


def test_amounts_beyond_what_is_kept(opened: Registry, tmp_path: Path) -> None:
    opened.import_file(book(tmp_path / "p.xlsx", projects=PROJECTS), "analyst")
    path = tmp_path / "transactions.csv"
    rows = [
        "A,9223372036854775.807",
        "B,92233720368547758070",
        "C,1e400",
        "D,nan",
        "E,inf",
        "F,9007199254740993",
        "G,-0",
    ]
    lines = [f"{row.split(',')[0]},P1,disbursement,2024-01-01,{row.split(',')[1]},USD" for row in rows]
    path.write_text("\n".join([",".join(HEAD), *lines]))
    report = opened.import_file(path, "analyst")
    kept = dict(
        zip(opened.table("transactions")["transaction"], opened.table("transactions")["amount_minor"], strict=True)
    )
    # F is beyond what a float keeps whole: 2^53 + 1 dollars are so many cents, exactly
    assert kept == {"F": 900719925474099300, "G": 0}
    assert report.added + report.left_out == report.rows


def test_lines_of_a_file_with_cells_of_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "projects.csv"
    path.write_text('project,title\nP1,"two\nlines"\nP2,\n')
    assert [(i.line, i.rule) for i in validated(path).issues] == [(4, "needed")]
    assert read_grids(path)[0].lines == [2, 4]
