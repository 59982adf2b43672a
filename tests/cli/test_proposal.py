# SPDX-License-Identifier: Apache-2.0
"""The commands: the gate in the terminal, its empty form, the pack, and a proposal that refuses what has not run."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from homeground.cli.app import app
from homeground.errors import HomegroundError


def run(*words):
    return CliRunner().invoke(app, list(words), catch_exceptions=True)


def test_the_gate_warns_and_says_what_is_open():
    told = run("finance", "protection", "sovereign_bond", "--host", "USA", "--on", "2026-11-30")
    assert told.exit_code == 0
    assert "Nobody has signed" in told.output
    assert "601,050.87" in told.output
    assert "unverified: ask counsel" in told.output


def test_an_unknown_host_is_shut_in_words_and_in_json():
    told = run("finance", "protection", "sovereign_bond", "--host", "CHE", "--language", "fr")
    assert "Aucun" in told.output
    assert "on ne sait pas" in told.output
    content = json.loads(run("finance", "protection", "sovereign_bond", "--host", "CHE", "--json").output)
    assert (content["state"], content["ready"], content["unknown"]) == ("not_known", False, ["registration"])


def test_an_empty_form_signs_nothing_and_is_not_written_over(tmp_path):
    form = tmp_path / "signed.csv"
    words = ("finance", "protection", "crowd_lending", "--host", "GBR", "--form", str(form))
    assert run(*words).exit_code == 0
    rows = form.read_text().splitlines()
    assert rows[0].startswith("instrument,host,item,role,date")
    assert all(row.endswith(",,,,") for row in rows[1:])
    assert isinstance(run(*words).exception, HomegroundError)
    refused = run("finance", "protection", "crowd_lending", "--host", "GBR", "--signed", str(form))
    assert isinstance(refused.exception, HomegroundError)  # rows without a day are no signatures


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_pack_is_written_without_a_run(tmp_path, code):
    told = run("finance", "pilot", "three-s", "--to", str(tmp_path), "--language", code, "--json")
    assert told.exit_code == 0
    assert len(list(tmp_path.iterdir())) == len(json.loads(told.stdout))


def test_a_proposal_needs_a_run(tmp_path):
    told = run("proposal", "three-s", "--to", str(tmp_path), "--results", str(tmp_path / "none"))
    assert isinstance(told.exception, HomegroundError)
    assert "homeground run" in str(told.exception)


def test_a_day_that_is_none_is_told():
    assert "2026-11-30" in str(run("finance", "protection", "crowd_lending", "--host", "USA", "--on", "soon").exception)


def test_projects_of_a_registry_are_screened_by_their_countries(tmp_path):
    import pandas as pd
    from docx import Document

    from homeground.accelerator import open_registry

    where = tmp_path / "wall.db"
    with open_registry(where, create=True) as registry:
        rows = pd.DataFrame({"project": ["grove", "dunes"], "title": ["Grove", "Dunes"], "source": ["made", "made"]})
        registry.write("projects", rows, actor="analyst", source="made")
        places = pd.DataFrame({"project": ["grove", "dunes"], "iso3": ["GMB", "MAR"], "share": [100.0, 100.0]})
        registry.write("project_countries", places, actor="analyst", source="made")
    told = run("finance", "pilot", "three-s", "--projects", str(where), "--to", str(tmp_path / "out"))
    assert told.exit_code == 0, told.exception
    table = Document(str(tmp_path / "out" / "pilot-three-s-en.docx")).tables[2]
    verdicts = {row.cells[0].text: row.cells[1].text for row in table.rows}
    # Only the country is known: one lies elsewhere, of the other all else is to be asked.
    assert (verdicts["grove"], verdicts["dunes"]) == ("ask first", "does not fit")
