# SPDX-License-Identifier: Apache-2.0
"""The tool that changes one thing at a time: what it changes, and the list of changes that no result can tell."""

from __future__ import annotations

import csv
import importlib.util
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EQUAL = ROOT / "tools" / "mutants_equal.csv"


@pytest.fixture(scope="module")
def tool():
    found = importlib.util.spec_from_file_location("mutate", ROOT / "tools" / "mutate.py")
    module = importlib.util.module_from_spec(found)
    sys.modules["mutate"] = module  # dataclasses look there
    found.loader.exec_module(module)
    yield module
    del sys.modules["mutate"]


def made(tool, source):
    return {(mutant.line, mutant.what): mutant.text for mutant in tool.mutants(source)}


@pytest.mark.parametrize(
    ("source", "mutants"),
    [
        ("a < b", {"< to <=": "a <= b", "< to >=": "a >= b"}),
        ("a <= b < c", {"<= to <": "a < b < c", "<= to >": "a > b < c", "< to <=": "a <= b <= c",
                        "< to >=": "a <= b >= c"}),
        ("a is None", {"is to is not": "a is not None"}),
        ("a in b", {"in to not in": "a not in b"}),
        ("f(7)", {"7 to 8": "f(8)", "7 to 6": "f(6)"}),
        ("f(0.5)", {"0.5 to 1.5": "f(1.5)", "0.5 to -0.5": "f(-0.5)"}),
        ("f(True)", {}),
        ("a + b", {"+ to -": "a - b"}),
        ("a // b", {"// to *": "a * b"}),
        ("a and b", {"and to or": "a or b"}),
        ("a or b", {"or to and": "a and b"}),
        ("not a", {"not a without not": "not (not a)"}),
        ("-a", {"-a without -": "--a"}),
        ("min(a)", {"min to max": "max(a)"}),
        ("floor = ceil", {}),
        ("np.argmax(a)", {"argmax to argmin": "np.argmin(a)"}),
        ("a += b", {"+ to -": "a -= b"}),
        ("f('text', None)", {}),
        ("def f(a: Literal[3]) -> int:\n    '''Says 5.'''", {}),
        ("if TYPE_CHECKING:\n    a = 1", {}),
    ],
)  # fmt: skip
def test_what_is_changed(tool, source, mutants):
    found = {what: text for (_, what), text in made(tool, source).items()}
    assert {what: text.replace("(not a)", "not a") for what, text in found.items()} == {
        what: text.replace("(not a)", "not a") for what, text in mutants.items()
    }


def test_two_changes_of_one_kind_in_a_line_have_two_names(tool):
    assert list(made(tool, "a = 1\nb = f(2, 2)")) == [
        (1, "1 to 2"), (1, "1 to 0"), (2, "2 to 3"), (2, "2 to 1"), (2, "2 to 3 (2)"), (2, "2 to 1 (2)"),
    ]  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the tool branches processes")
@pytest.mark.slow
def test_a_mutant_lives_where_no_test_looks(tool, tmp_path, monkeypatch):
    package = tmp_path / "src" / "tried_out"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("def over(a, b):\n    return a > b\n")
    tests = tmp_path / "test_over.py"
    tests.write_text("import tried_out\n\ndef test_over():\n    assert tried_out.over(2, 1)\n")
    monkeypatch.setattr(tool, "SOURCES", tmp_path / "src")
    file = package / "__init__.py"
    mutants = list(tool.mutants(file.read_text()))
    alive = list(tool.lives(mutants, file, [str(tests), "-c", os.devnull], 120.0, 1))
    assert [mutant.what for mutant in alive] == ["> to >="]
    tests.write_text(tests.read_text() + "    assert not tried_out.over(1, 1)\n")
    assert list(tool.lives(mutants, file, [str(tests), "-c", os.devnull], 120.0, 2)) == []
    assert file.read_text() == "def over(a, b):\n    return a > b\n"  # only copies are changed


def test_every_listed_mutant_is_there_and_says_why():
    with EQUAL.open(encoding="utf-8", newline="") as rows:
        listed = list(csv.DictReader(rows))
    for row in listed:
        lines = (ROOT / row["file"]).read_text(encoding="utf-8").splitlines()
        assert row["code"] in [line.strip() for line in lines], row
        assert len(row["why"]) > 15, row
    keys = [(row["file"], row["code"], row["mutation"]) for row in listed]
    assert len(keys) == len(set(keys))
