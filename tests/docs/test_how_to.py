# SPDX-License-Identifier: Apache-2.0
"""The how-to pages: their tables are read, their notebook runs, their PowerShell names only what there is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

from homeground.catalogue.tables import read_given
from homeground.cli.app import app
from homeground.cli.own.from_codes import new_study
from homeground.measures.options import PARAMETERS, options
from homeground.study.opening import open_study, shipped_studies
from homeground.study.tables import given_tables

ROOT = Path(__file__).resolve().parents[2]
HOW_TO = ROOT / "docs" / "how-to"
NOTEBOOK = HOW_TO / "first-look.ipynb"
# Verbs of PowerShell itself, the launcher of python.org's installer, and what stands in an environment's Scripts.
POWERSHELL = {"Set-Location", "Start-Process", "Get-Content", "Copy-Item", "py", "homeground", r".venv\Scripts\python"}
RUN_CELLS = """
import json, sys
cells = json.load(open(sys.argv[1], encoding="utf-8"))["cells"]
names = {}
for cell in cells:
    if cell["cell_type"] == "code":
        *lines, last = (text := "".join(cell["source"])).splitlines()
        try:
            whole = compile(last, cell["id"], "eval")
        except SyntaxError:
            exec(compile(text, cell["id"], "exec"), names)
            continue
        exec(compile("\\n".join(lines), cell["id"], "exec"), names)
        value = eval(whole, names)
        print(cell["id"], (getattr(value, "_repr_html_", None) or value.__repr__)().replace("\\n", " "))
"""


def blocks(name: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", (HOW_TO / name).read_text(encoding="utf-8"), re.S | re.M)


def test_the_notebook_is_one_that_jupyter_opens_and_holds_no_results():
    book = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])
    for cell in book["cells"]:
        assert set(cell) == {"cell_type", "id", "metadata", "source"} | (
            {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        )
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.slow
def test_every_cell_of_the_notebook_runs(tmp_path):
    env = {**os.environ, "MPLBACKEND": "Agg"}
    words = [sys.executable, "-c", RUN_CELLS, str(NOTEBOOK)]
    done = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    shown = dict(line.partition(" ")[::2] for line in done.stdout.splitlines() if " " in line)
    assert "<table" in shown["study"]
    assert "<table" in shown["results"]
    assert "Banjul" in shown["regions"]
    assert "Banjul" in shown["people"]
    assert sum(json.loads(shown["classes"].replace("'", '"')).values()) == 360 - 11  # months with twelve behind them
    assert 'no study "gambai"' in done.stdout
    assert (tmp_path / "results" / "gambia" / "base" / "run.json").is_file()


@pytest.mark.parametrize("page", sorted(path.name for path in HOW_TO.glob("*.md")))
def test_powershell_names_only_commands_that_there_are(page):
    commands = {command.name or command.callback.__name__ for command in app.registered_commands} | {"data"}
    for line in (line.strip() for block in blocks(page, "powershell") for line in block.splitlines()):
        if re.fullmatch(r'\$env:[A-Z0-9]+ = ".*"', line):
            continue
        first, *words = line.split()
        assert first in POWERSHELL, line
        if first == "homeground":
            assert words[0] in commands
        if "-m" in words:
            assert find_spec(words[words.index("-m") + 1]), line
        for word in words:
            if word.startswith("results\\"):
                _, study, scenario, _ = word.split("\\")
                assert study in {*shipped_studies(), "my-study"}
                assert scenario == "base"


def test_powershell_is_shown_for_install_run_and_signs():
    text = "\n".join(blocks("windows.md", "powershell"))
    for words in ("-m venv .venv", "-m pip install", "homeground run", 'PYTHONUTF8 = "1"', "index.html"):
        assert words in text


def test_tests_that_the_windows_page_names_exist():
    named = re.findall(r"`(tests/[a-z_/]+\.py)`", (HOW_TO / "windows.md").read_text(encoding="utf-8"))
    assert len(named) > 5
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_the_census_of_the_page_is_taken(tmp_path):
    new_study(["GMB"], tmp_path / "my-study")
    (table,) = blocks("own-census.md", "csv")
    (tmp_path / "my-study" / "population.csv").write_text(table, encoding="utf-8")
    uncomment(tmp_path / "my-study", "population")
    study = open_study(tmp_path / "my-study")
    rows = read_given(study.input("population"), given_tables()["data.population"].table)
    assert len(rows) == 6
    assert rows["population"].sum() == 31000 + 90000 + 240000 + 250000 + 260000 + 1400000


def test_the_measures_of_the_page_are_taken(tmp_path):
    (table,) = blocks("own-measures.md", "csv")
    (tmp_path / "options.csv").write_text(table, encoding="utf-8")
    rows = read_given(tmp_path / "options.csv", given_tables()["data.options"].table)
    own, shipped = options(rows), options()
    assert own.loc["half_moons", "establishment_cost_mid"] == 240
    assert own.loc["half_moons", "person_days_establishment_high"] == 55
    assert own.loc["zai"].equals(shipped.loc["zai"])


def test_the_page_of_measures_names_every_parameter_with_its_unit():
    text = (HOW_TO / "own-measures.md").read_text(encoding="utf-8")
    told = {
        name: unit
        for names, unit in re.findall(r"^\| (`.*?`) \| (.*?) \|$", text, re.M)
        for name in re.findall("`(.*?)`", names)
    }
    assert told == {name: unit for name, (unit, _) in PARAMETERS.items()}


@pytest.mark.parametrize(
    "path", [*HOW_TO.glob("*.md"), ROOT / "docs" / "tutorial" / "your-own-country.md"], ids=lambda p: p.stem
)
def test_toml_of_the_pages_has_keys_of_a_study(path, tmp_path):
    from homeground.study.model import Study

    for block in re.findall(r"^```toml\n(.*?)^```", path.read_text(encoding="utf-8"), re.S | re.M):
        Study.model_validate({"title": "x", "countries": ["NER"], **tomllib.loads(block)})


def uncomment(folder: Path, key: str) -> None:
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8")
    assert f"# {key} = " in text
    file.write_text(text.replace(f"# {key} = ", f"{key} = "), encoding="utf-8")
