# SPDX-License-Identifier: Apache-2.0
"""The commands as people type them: what they say, how they end."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from homeground.cli.app import app
from homeground.errors import DataError


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["accelerator", *arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOMEGROUND_REGISTRY", raising=False)
    Path("projects.csv").write_text("project,title,currency\nP1,Wall,XOF\n")
    Path("transactions.csv").write_text(
        "transaction,project,kind,date,amount\nT1,P1,commitment,2024-03-04,1200\nT2,P2,commitment,2024-03-04,5\n"
    )
    return tmp_path


def test_from_templates_to_a_backup(folder: Path) -> None:
    assert isinstance(run("import", "projects.csv").exception, DataError)  # nothing is made by mistake
    assert run("init").exit_code == 0
    done = run("import", "projects.csv", "transactions.csv", "--by", "focal point: NER")
    assert done.exit_code == 3
    assert "transactions.csv (import 3): 2 rows: 1 added, 1 left out" in done.stdout
    assert "error, line 3, project" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert run("import", "projects.csv").stdout.startswith("projects.csv: brought before, as import 2")
    told = run("audit", "--last", "0")
    assert told.exit_code == 0
    assert "focal point: NER" in told.stdout
    assert "as they were written" in told.stdout
    held = json.loads(run("audit", "--json", "--table", "transactions").stdout)
    assert [(c["key"], c["what"], c["after"]["amount_minor"]) for c in held["changes"]] == [("T1", "added", 1200)]
    assert run("tables", "all.xlsx").exit_code == 0
    assert openpyxl.load_workbook("all.xlsx").sheetnames == ["projects", "transactions", "frameworks", "indicators"]
    assert run("backup", "copy.db").exit_code == 0
    assert "1 rows taken out" in run("undo", "3").stdout
    assert isinstance(run("restore", "copy.db").exception, DataError)
    assert run("restore", "copy.db", "--replace").exit_code == 0
    assert "T1" in run("audit").stdout


def test_the_registry_may_stand_before_the_last_word(folder: Path) -> None:
    assert run("init", "wall.db").exit_code == 0
    assert run("import", "projects.csv", "--registry", "wall.db").exit_code == 0
    assert "projects.csv" in run("audit", "wall.db").stdout
    assert run("tables", "wall.db", "out").exit_code == 0
    assert Path("out", "projects.csv").is_file()
    assert run("backup", "wall.db", "copy.db").exit_code == 0
    assert "1 rows taken out" in run("undo", "wall.db", "2").stdout
    assert run("undo", "wall.db", "copy.db").exit_code == 2  # no number
    assert run("tables", "wall.db", "out", "more").exit_code == 2


def test_validate_ends_with_0_or_3(folder: Path) -> None:
    assert run("validate", "projects.csv").exit_code == 0
    assert run("validate", "transactions.csv").exit_code == 0  # projects were not given: told, and no fault
    both = run("validate", "projects.csv", "transactions.csv", "--json")
    assert both.exit_code == 3
    found = json.loads(both.stdout)
    assert [report["clean"] for report in found] == [True, False]
    assert found[1]["issues"][0]["rule"] == "reference"
    run("init")
    assert run("validate", "transactions.csv", "--registry", "registry.db").exit_code == 3
    assert run("validate", "nothing.csv").exit_code == 3
    Path("broken.xml").write_text("<no")
    assert run("validate", "broken.xml").exit_code == 3


def test_an_audit_that_finds_meddling_ends_with_3(folder: Path) -> None:
    import sqlite3

    run("init")
    run("import", "projects.csv")
    with sqlite3.connect("registry.db") as connection:
        connection.execute("UPDATE projects SET title = 'Mine'")
    told = run("audit")
    assert told.exit_code == 3
    assert "projects: P1: not what the log says" in told.stdout


def test_templates_say_what_is_written(folder: Path) -> None:
    done = run("template", "forms", "--only", "projects")
    assert done.exit_code == 0
    assert {Path(line).name for line in done.stdout.splitlines()} >= {"projects.xlsx", "projects.csv"}
