# SPDX-License-Identifier: Apache-2.0
"""A record that nobody can try numbers against: what a run says of a user's own tables."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

import pytest

from homeground.errors import DataError
from homeground.running.fingerprints import PACKAGE, code_hash, file_hash, text_hash
from homeground.running.keyed import SALT_FILE, digest_of, input_facts, may_hold_people
from homeground.running.record import read_run
from homeground.running.steps import Stage, Step, run_stages, state_of
from homeground.study.opening import open_study

TABLE = "region_id,population\na,{}\nb,40000\n"


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "study.toml").write_text('title = "T"\ncountries = ["NER"]\n', encoding="utf-8")
    return open_study(folder)


@pytest.fixture
def table(tmp_path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(TABLE.format(7))
    return path


def stages(table, ran=None):
    def step(work):
        (work.out / "a.txt").write_text("done")
        if ran is not None:
            ran.append("ran")

    steps = (
        Step("first", step, ("a.txt",), settings=("countries",), inputs=lambda _: {table.name: table}),
        Step("second", lambda work: (work.out / "b.txt").write_text("too"), ("b.txt",), needs=("land.first",)),
    )
    return (Stage("land", steps, lambda _: ""),)


def run(study, table, results, ran=None):
    list(run_stages(study, stages(table, ran), results))
    return (results / "run.json").read_text()


def states(study, table, results):
    return [state for _, _, state, _ in state_of(study, stages(table), results)]


def test_nobody_can_try_the_counts_that_a_hidden_one_could_be(study, table, tmp_path):
    written = run(study, table, tmp_path / "results" / "base")
    record = json.loads(written)["steps"]["land.first"]
    for people in range(1, 10):
        table.write_text(TABLE.format(people))
        tried = file_hash(table)
        fingerprint = text_hash({"countries": ["NER"]}, {"people.csv": tried}, {}, code_hash("land"))
        assert tried not in written
        assert fingerprint not in written
        assert text_hash(tried) not in written
        assert hashlib.sha256(tried.encode()).hexdigest() not in written
    assert list(record["inputs"]) == ["people.csv"]
    assert set(record["inputs"]["people.csv"]) == {"hmac_sha256"}  # neither size nor time: 7 is shorter than 10


def test_that_attack_works_on_a_plain_hash(study, tmp_path):
    series = tmp_path / "ndvi.tif"  # no table: its plain hash says which file was used
    series.write_text(TABLE.format(7))
    written = run(study, series, tmp_path / "results" / "base")
    found = [n for n in range(1, 10) if hashlib.sha256(TABLE.format(n).encode()).hexdigest() in written]
    assert found == [7]


def test_a_table_that_stays_is_not_worked_on_again_and_one_that_changes_is(study, table, tmp_path):
    results, ran = tmp_path / "results" / "base", []
    run(study, table, results, ran)
    assert states(study, table, results) == ["done", "done"]
    run(study, table, results, ran)
    assert ran == ["ran"]
    table.write_text(TABLE.format(8))
    assert states(study, table, results) == ["outdated", "outdated"]
    run(study, table, results, ran)
    assert ran == ["ran", "ran"]


def test_the_key_lies_beside_the_results_and_is_its_owners_alone(study, table, tmp_path):
    results = tmp_path / "results" / "base"
    run(study, table, results)
    key = tmp_path / "results" / SALT_FILE
    assert len(key.read_bytes()) == 32
    assert not list(results.rglob(SALT_FILE))
    if sys.platform != "win32":
        assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_bytes().hex() not in (results / "run.json").read_text()
    run(study, table, tmp_path / "results" / "other")
    both = [read_run(tmp_path / "results" / name)["steps"]["land.first"]["inputs"] for name in ("base", "other")]
    assert both[0] == both[1]  # one key for the scenarios of a study
    run(study, table, tmp_path / "elsewhere" / "base")
    assert read_run(tmp_path / "elsewhere" / "base")["steps"]["land.first"]["inputs"] != both[0]


def test_without_the_key_the_step_runs_again_and_looking_draws_none(study, table, tmp_path):
    results, ran = tmp_path / "results" / "base", []
    run(study, table, results, ran)
    (tmp_path / "results" / SALT_FILE).unlink()
    assert states(study, table, results) == ["outdated", "outdated"]
    assert not (tmp_path / "results" / SALT_FILE).exists()
    run(study, table, results, ran)
    assert ran == ["ran", "ran"]
    assert states(study, table, results) == ["done", "done"]


def test_what_the_package_holds_and_maps_keep_their_plain_hash(tmp_path):
    own = tmp_path / "regions.GeoJSON"
    own.write_text("{}")
    assert may_hold_people(own)
    assert not may_hold_people(tmp_path / "rain.nc")
    embedded = next((PACKAGE / "catalogue" / "atlas").glob("*.parquet"))
    assert not may_hold_people(embedded)
    facts = input_facts(embedded, {}, tmp_path / "base")
    assert facts["sha256"] == digest_of(facts) == file_hash(embedded)
    assert not (tmp_path / SALT_FILE).exists()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is closed to this user")
def test_a_key_of_somebody_else_is_told(study, table, tmp_path):
    results = tmp_path / "results" / "base"
    run(study, table, results)
    (tmp_path / "results" / SALT_FILE).chmod(0)
    with pytest.raises(DataError, match="ask for access"):
        states(study, table, results)


def test_a_key_that_cannot_be_read_is_told(study, table, tmp_path):
    (tmp_path / "results" / SALT_FILE).mkdir(parents=True)
    with pytest.raises(DataError, match="holds the key of the hashes of your tables"):
        run(study, table, tmp_path / "results" / "base")
