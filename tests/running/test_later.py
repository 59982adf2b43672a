# SPDX-License-Identifier: Apache-2.0
"""A function named as text is imported when it is called, and the code behind it counts in the fingerprint of a part."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from homeground.running import fingerprints
from homeground.running.later import later

# A part whose stage names a step of another folder; the step imports a rule, and the rule reads tables beside it.
TREE = {
    "walkers/stage.py": 'from homeground.running.later import later\nSTEP = later("homeground.walks.steps:count")\n',
    "walks/steps.py": "from homeground.walks.rules import rule\n\n\ndef count(work):\n    return rule(work)\n",
    "walks/rules.py": 'TABLES = "limits.csv", "names.csv"\n\n\ndef rule(work):\n    return work\n',
    "walks/limits.csv": "name,limit\na,1\n",
    "walks/places/names.csv": "name\na\n",
    "walks/unused.py": "NOTHING = 0\n",
    "running/later.py": "def later(name):\n    return name\n",
}


@pytest.fixture
def tree(tmp_path, monkeypatch) -> Path:
    for name, text in TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(fingerprints, "PACKAGE", tmp_path)
    return tmp_path


def code_hash(part: str) -> str:
    """The hash as a new process would make it."""
    for kept in (fingerprints._imports, fingerprints._tables, fingerprints._hash_once):
        kept.cache_clear()
    return fingerprints.code_hash.__wrapped__(part)


@pytest.mark.parametrize("name", [name for name in TREE if name != "walks/unused.py"])
def test_a_change_behind_a_name_changes_the_fingerprint_of_the_part(tree, name):
    before = code_hash("walkers")
    with (tree / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert code_hash("walkers") != before


def test_a_change_beside_what_is_named_changes_nothing(tree):
    before = code_hash("walkers")
    (tree / "walks" / "unused.py").write_text("NOTHING = 1\n", encoding="utf-8")
    assert code_hash("walkers") == before


def test_a_text_that_names_no_module_is_no_import(tree):
    (tree / "walkers" / "stage.py").write_text('A, B = "homeground.walks.gone:x", "homeground."\n', encoding="utf-8")
    assert [path.name for path in fingerprints._imports(tree / "walkers" / "stage.py")] == []


def test_nothing_is_imported_before_the_call():
    code = (
        "import sys; from homeground.running.later import later\n"
        "read = later('homeground.catalogue.atlas:population')\n"
        "assert 'homeground.catalogue.atlas' not in sys.modules\n"
        "assert len(read(['NER']))\n"
        "assert 'homeground.catalogue.atlas' in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_what_is_given_and_returned_passes_through():
    assert later("homeground.numbers.money:parse_amount")("3.5e6 EUR") == (3_500_000.0, "EUR")


@pytest.mark.parametrize("name", ["homeground.people.gone:steps", "homeground.numbers.money:gone"])
def test_a_name_that_leads_nowhere_fails_when_it_is_called(name):
    named = later(name)
    with pytest.raises((ImportError, AttributeError), match="gone"):
        named()
