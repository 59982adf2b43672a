# SPDX-License-Identifier: Apache-2.0
"""Every reference file that a test reads is listed with its public place, licence and hash, and lies here unchanged."""

from __future__ import annotations

import ast
import csv
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

TESTS = Path(__file__).resolve().parents[1]
TOOLS = TESTS.parent / "tools"
COLUMNS = ["file", "place", "version", "path", "licence", "sha256", "bytes", "tests", "note"]


def listed() -> list[dict[str, str]]:
    with (TESTS / "parity" / "SOURCES.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = listed()


class Names:
    """What a module can spell: its constants, and what its f-strings make of them."""

    def __init__(self, path: Path) -> None:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        constants = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in inside]
        self.words = {str(value) for value in constants if isinstance(value, (str, int))}
        self.steps = {step for word in self.words for step in word.split("/")}
        self.patterns = [
            re.compile("".join(re.escape(p.value) if isinstance(p, ast.Constant) else "(.+)" for p in node.values))
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
        ]

    def spells(self, text: str, depth: int = 2) -> bool:
        """Whether the text is a constant, the end of a path, or an f-string of such."""
        if text in self.steps:
            return True
        found = (pattern.fullmatch(text) for pattern in self.patterns if depth)
        return any(all(self.spells(part, depth - 1) for part in match.groups()) for match in found if match)

    def reads(self, file: str) -> bool:
        """Whether the module names the file and the folder that it lies in."""
        path = PurePosixPath(file.removesuffix(".aux.xml"))  # GDAL reads it with the raster of that name
        return self.spells(path.name) and (not path.parent.name or self.spells(path.parent.name))


@cache
def readers() -> dict[str, list[Names]]:
    """Test modules that ask for the shared data, each with the tools that they load."""
    found = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if re.search(r"\bshared_data\b", text) and path != Path(__file__):
            tools = [
                tool
                for tool in sorted(TOOLS.glob("*.py"))
                if f'"{tool.name}"' in text or re.search(rf"from tools import .*\b{tool.stem}\b", text)
            ]
            found[path.relative_to(TESTS).as_posix()] = [Names(one) for one in (path, *tools)]
    return found


def reading(files: Iterable[str]) -> dict[str, list[str]]:
    """The test modules that read each file."""
    return {
        file: [test for test, modules in readers().items() if any(names.reads(file) for names in modules)]
        for file in files
    }


def test_the_table_is_well_formed():
    assert list(ROWS[0]) == COLUMNS
    files = [row["file"] for row in ROWS]
    assert files == sorted(set(files))
    for row in ROWS:
        assert None not in row, f"{row['file']}: more cells than columns"
        assert not PurePosixPath(row["file"]).is_absolute()
        assert row["licence"].strip(), f"{row['file']} has no licence"
        assert re.fullmatch(r"[0-9a-f]{64}", row["sha256"]), row["file"]
        assert int(row["bytes"]) > 0
        if not (row["place"] and row["version"] and row["path"]):
            assert "not recorded" in row["note"], f"{row['file']}: say what of its public place is not recorded"


def test_each_listed_file_is_read_by_the_tests_that_its_row_names():
    assert {row["file"]: row["tests"].split() for row in ROWS} == reading(row["file"] for row in ROWS)


def test_the_page_names_every_module_that_skips_without_the_files():
    page = (TESTS.parent / "docs" / "validation.md").read_text(encoding="utf-8")
    section = page.partition("## The reference files, and how to have them")[2].partition("\n## ")[0]
    skips = section.partition("these modules skip")[2]
    named = {f"parity/{name}" if "/" not in name else name for name in re.findall(r"`([\w/]*test_\w+\.py)`", skips)}
    assert named == {test for row in ROWS for test in row["tests"].split()}


def test_names_are_found_however_a_test_spells_them(tmp_path):
    path = tmp_path / "test_made.py"
    path.write_text(
        'a = folder / "land" / "r" / f"{name}.csv"\n'
        'b = f"spei_{window}_{kind}", 12, "vector"\n'
        'c = folder / "people/gdl/pop.csv.gz"\n'
    )
    names = Names(path)
    assert names.reads("land/r/spei_12_vector.csv")
    assert names.reads("people/gdl/pop.csv.gz")
    assert not names.reads("land/r/spei_12_matrix.csv")
    assert not names.reads("land/other/spei_12_vector.csv")
    assert not names.reads("people/gdl/shdi.csv.gz")


def test_every_file_that_a_test_reads_is_listed(shared_data: Path):
    here = (path.relative_to(shared_data).as_posix() for path in sorted(shared_data.rglob("*")) if path.is_file())
    read = {file for file, tests in reading(here).items() if tests}
    assert read - {row["file"] for row in ROWS} == set(), "add a row to tests/parity/SOURCES.csv"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_the_file_is_the_one_that_was_listed(row: dict[str, str], shared_data: Path):
    found = (shared_data / row["file"]).read_bytes()
    assert (len(found), hashlib.sha256(found).hexdigest()) == (int(row["bytes"]), row["sha256"])
