# SPDX-License-Identifier: Apache-2.0
"""Commands take a registry, a folder or files in the same way, and say the same of each."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from homeground.cli.app import app

FILES = {
    "projects.csv": "project,title,currency\nP,Half-moons,XOF\n",
    "transactions.csv": "transaction,project,kind,date,amount,iso3\nT,P,disbursement,2024-03-01,1000,NER\n",
    "requests.csv": "request,title,state,source\nseeds,Seed banks,received,letter\n",
    "request_parties.csv": "request,iso3\nseeds,NER\n",
    "offers.csv": "profile,title,kind,countries,consent,active\nO,Field,land,NER,yes,yes\n",
    "needs.csv": "profile,title,kind,countries,consent,active\nN,Nursery,land,NER,yes,yes\n",
    "actuals.csv": "actual,indicator,project,start,end,counting,value,state,submitted_by,approved_by\n"
    "A,ggw.restored,P,2021-01-01,2021-12-31,per period,10,approved,editor,donor\n",
}


@pytest.fixture
def ways(tmp_path: Path) -> dict[str, list[str]]:
    pytest.importorskip("sqlalchemy", reason="a registry needs the extra accelerator")
    folder = tmp_path / "tables"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    files = [str(folder / name) for name in FILES]
    where = str(tmp_path / "wall.db")
    run("init", where)
    run("import", *files, "--registry", where)
    return {"registry": [where], "folder": [str(folder)], "files": files}


def run(*words: str) -> str:
    done = CliRunner().invoke(app, ["accelerator", *words])
    assert done.exit_code == 0, (words, done.output, done.exception)
    return done.stdout


@pytest.mark.parametrize(
    ("before", "after", "holds"),
    [
        (["ladder"], ["--by", "iso3", "--json"], '"amount_minor": 1000'),
        (["report"], ["--json"], '"amount_minor": 1000'),
        (["results"], ["--json"], '"ggw.restored"'),
        (["match"], ["--json"], '"offer": "O"'),
        (["cooperation"], ["--on", "2026-11-30", "--json"], '"NER"'),
    ],
)
def test_a_registry_a_folder_and_files_say_the_same(ways, before, after, holds) -> None:
    said = {name: run(*before, *where, *after) for name, where in ways.items()}
    assert holds in said["registry"]
    assert said["folder"] == said["registry"]
    assert said["files"] == said["registry"]


@pytest.mark.parametrize("kind", ["3w", "geojson"])
def test_exports_are_the_same(ways, kind, tmp_path) -> None:
    ends = {"3w": "csv", "geojson": "geojson"}[kind]
    made = []
    for name, where in ways.items():
        run("export", kind, *where, "--out", str(tmp_path / f"{name}.{ends}"))
        made.append((tmp_path / f"{name}.{ends}").read_bytes())
    assert made[0] == made[1] == made[2]


def test_sheets_are_the_same(ways, tmp_path) -> None:
    made = []
    for name, where in ways.items():
        run("sheet", "NER", *where, "--language", "en", "--out", str(tmp_path / name))
        made.append((tmp_path / name / "money-NER-en.html").read_text(encoding="utf-8"))
    assert "1,000" in made[0] or "1000" in made[0]
    assert made[0] == made[1] == made[2]


def test_what_is_not_taken_is_told_beside_the_answer(tmp_path) -> None:
    path = tmp_path / "transactions.csv"
    path.write_text("transaction,project,kind,date,amount,currency,donnor\nT,P,disbursement,2024-03-01,1,USD,Bank\n")
    done = CliRunner().invoke(app, ["accelerator", "ladder", str(path), "--json"])
    assert done.exit_code == 0
    assert '"donnor" is not known; 1 values of it' in " ".join(done.stderr.split())
    assert "donnor" not in done.stdout
