# SPDX-License-Identifier: Apache-2.0
"""`homeground accelerator cop-report` and `cooperation` as people call them."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from homeground import accelerator
from homeground.accelerator.registry.given import empty_tables
from homeground.cli.accelerator import cooperation_tables
from homeground.cli.app import app
from homeground.errors import DataError, StudyError

REQUESTS = """request,title,action,state,received,due,answered,source
seeds,Seed banks,a,answered,2025-01-10,2025-03-31,2025-03-01,letter
solar,Solar pumps,c,accepted,2025-05-01,2025-06-30,,letter
"""


def call(*words):
    return CliRunner().invoke(app, ["accelerator", *words])


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "register"
    made.mkdir()
    (made / "requests.csv").write_text(REQUESTS, encoding="utf-8")
    (made / "request_parties.csv").write_text("request,iso3\nseeds,NER\nsolar,NER\n", encoding="utf-8")
    return made


def test_what_ships_is_told_without_a_registry():
    said = call("cooperation", "--on", "2026-11-30")
    assert said.exit_code == 0, said.output
    assert "KAZ - under way" in said.output
    assert "open without a promised day: 2" in said.output
    assert max(map(len, said.output.splitlines())) <= 80


def test_a_folder_is_told_for_people_and_machines(folder):
    said = call("cooperation", str(folder), "--on", "2025-07-01")
    assert said.exit_code == 0, said.output
    assert "solar: Solar pumps; days late: 1" in said.output
    told = json.loads(call("cooperation", str(folder), "--on", "2025-07-01", "--json").output)
    assert [row["request"] for row in told["overdue"]] == ["solar"]
    assert [row["days_median"] for row in told["requests"] if row["action"] == "a"] == [50]
    assert told["actions"] == [{"iso3": "NER", "a": 1, "b": 0, "c": 1, "d": 0, "e": 0}]


def test_the_report_is_written_from_a_folder_with_the_note_beside_it(folder, tmp_path):
    said = call("cop-report", str(folder), "--with-note", "--language", "fr", "--to", str(tmp_path / "out"), "--json")
    assert said.exit_code == 0, said.output
    names = [path.rpartition("/")[2] for path in json.loads(said.output)]
    assert names == ["cop-report-fr.docx", "cop-report-fr.pdf", "cop-report-fr-numbers.csv"]
    numbers = (tmp_path / "out" / "cop-report-fr-numbers.csv").read_text(encoding="utf-8")
    assert ",requests,solar,letter" in numbers
    assert ",requests,central-asia," in numbers


def test_persons_and_bad_references_are_refused_by_row(folder):
    (folder / "request_parties.csv").write_text("request,iso3\nseeds,NER\nlost,NER\n", encoding="utf-8")
    (folder / "contacts.csv").write_text(
        "contact,role,organisation,about\nner,focal point,Ministry,amina@example.org\n", encoding="utf-8"
    )
    with pytest.raises(DataError) as told:
        cooperation_tables.given_tables([str(folder)], with_note=False)
    assert 'request_parties.csv, row 3, request: "lost" is not among the requests' in str(told.value)
    assert "contacts.csv, row 2, about: about holds an e-mail address" in str(told.value)
    assert "amina" not in str(told.value)


@pytest.mark.parametrize(
    ("words", "error", "why"),
    [
        (("cooperation", "nowhere.db"), DataError, "nowhere.db is not there. Give a registry, a folder of tables"),
        (("cooperation", "--on", "30/11/2026"), StudyError, "a day such as"),
        (("cop-report", "--results", "nowhere"), DataError, "no results folder"),
    ],
)
def test_what_cannot_be_opened_is_told(words, error, why):
    said = call(*words)
    assert isinstance(said.exception, error)
    assert why in str(said.exception)


def test_results_of_a_study_of_ones_own_need_it_named(tmp_path, small_run):
    with pytest.raises(StudyError, match="does not ship"):
        cooperation_tables._run(small_run, {})


@pytest.fixture
def small_run(tmp_path):
    from homeground.running.record import RESULTS_VERSION, write_run

    folder = tmp_path / "two-rivers" / "base"
    folder.mkdir(parents=True)
    write_run(
        folder,
        {"schema_version": RESULTS_VERSION, "steps": {}, "stages": {}, "study": "two-rivers", "scenario": "base"},
    )
    return folder


class MadeRegistry:
    """What `open_registry` gives, as far as the commands read it."""

    closed = False

    def tables(self):
        rows = {"requests": [("seeds", "Seed banks", "received", "letter")], "request_parties": [("seeds", "NER")]}
        columns = {"requests": ["request", "title", "state", "source"], "request_parties": ["request", "iso3"]}
        return empty_tables() | {name: pd.DataFrame(rows[name], columns=columns[name]) for name in rows}

    def close(self):
        MadeRegistry.closed = True


def test_a_registry_is_read_and_closed(tmp_path, monkeypatch):
    path = tmp_path / "registry.db"
    path.write_bytes(b"SQLite format 3\x00")
    monkeypatch.setattr(accelerator, "open_registry", lambda where: MadeRegistry(), raising=False)
    said = call("cooperation", str(path), "--json")
    assert said.exit_code == 0, said.output
    assert [row["iso3"] for row in json.loads(said.output)["requests"]] == ["NER"]
    assert MadeRegistry.closed
