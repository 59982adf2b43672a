# SPDX-License-Identifier: Apache-2.0
"""`homeground accelerator iati`: what is printed for people and for machines, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.accelerator.iati.made_activities import SOUND, TODAY, document, spoilt
from typer.testing import CliRunner

from homeground.accelerator.iati import read_iati
from homeground.accelerator.iati.counting import by_country
from homeground.cli.app import app


def run(*words: str | Path):
    return CliRunner().invoke(app, ["accelerator", "iati", *map(str, words)])


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.xml"
    path.write_bytes(document(SOUND))
    return path


def test_a_sound_file_ends_with_0_and_is_counted(sound: Path):
    done = run(sound)
    assert done.exit_code == 0, done.output
    assert "sound.xml: 1 of 1 activities taken, 0 refused" in done.output
    assert [line.split() for line in done.output.split("\n") if "disbursement" in line] == [
        ["several", "disbursement", "2", "0", "1"]
    ]
    assert all(len(line) <= 80 for line in done.output.split("\n"))


def test_what_is_left_out_ends_with_3_and_is_shown_by_line(tmp_path: Path):
    path = tmp_path / "bad.xml"
    path.write_bytes(document(spoilt('role="4"', 'role="9"')))
    done = run(path)
    assert done.exit_code == 3
    assert "error read.role iati-activity/participating-org/@role" in done.output


def test_json_holds_all(sound: Path, tmp_path: Path):
    other = tmp_path / "other.xml"
    other.write_bytes(document(SOUND))
    done = run(sound, other, "--json")
    told = json.loads(done.output)
    assert [file["accepted"] for file in told["files"]] == [1, 1]
    assert told["files"][0]["transactions"] == {"commitment": 1, "disbursement": 2}
    assert [issue["rule"] for issue in told["files"][0]["issues"]] == ["read.reversal", "read.zero"]
    assert [row["identifier"] for row in told["duplicates"]] == ["XX-9-ZAI", "XX-9-ZAI"]


def test_a_stranger_cannot_write_on_the_terminal(tmp_path: Path):
    path = tmp_path / "bad.xml"
    path.write_bytes(document(spoilt('code="31166"', 'code="&#x9b;31mred"')))
    assert "\x9b" not in run(path).output


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04xl/", b"<a/>", b"\x00\x01\x02", b"<iati-activities version='2.03'>"])
def test_whatever_the_file_is_there_is_no_traceback(tmp_path: Path, data: bytes):
    path = tmp_path / "any.xml"
    path.write_bytes(data)
    done = run(path)
    assert done.exit_code == 3
    assert "critical" in done.output
    assert "Traceback" not in done.output


def test_countries_are_those_of_the_transaction_before_those_of_the_project(tmp_path: Path):
    own = spoilt('<finance-type code="421"/>', '<recipient-country code="ML"/><finance-type code="421"/>')
    path = tmp_path / "own.xml"
    path.write_bytes(document(own))
    counted = by_country(read_iati(path, today=TODAY).tables)
    assert counted[["country", "kind", "transactions"]].to_numpy().tolist() == [
        ["MLI", "commitment", 1],
        ["several", "disbursement", 2],
    ]
