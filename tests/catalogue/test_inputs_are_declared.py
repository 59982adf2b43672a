# SPDX-License-Identifier: Apache-2.0
"""Each step names the files of the catalogue that it reads, and the register the tables, so that a change runs on."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from homeground.catalogue import atlas_files, figure_files, figures
from homeground.chain import order
from homeground.chain import run as chain
from homeground.chain.folders import results_folder
from homeground.chain.status import status
from homeground.numbers.table_check import check
from homeground.running.fingerprints import code_hash
from homeground.running.tables.register import read_output, register
from homeground.study.opening import open_study

# Which box a country lies in only chooses the file of a layer, and that file is an input; names of countries are
# checked before a run, and the brief, which prints them, has them as an input.
CHOOSING = {"boxes.csv", "countries.csv"}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    (folder / "study.toml").write_text(
        'title = "T"\ncountries = ["DJI", "ERI"]\n[plan]\n'
        'budget = { amount = "1e6 USD", price_year = "as published", per = "year", years = [2024, 2026] }\n',
        encoding="utf-8",
    )
    return open_study(folder)


@pytest.fixture(scope="module")
def ran(study, tmp_path_factory):
    return chain.run(study, root=tmp_path_factory.mktemp("results"))


def test_every_step_declares_the_catalogue_files_and_the_tables_it_reads(study, tmp_path, monkeypatch):
    read: dict[str, set[str]] = {}
    handed: dict[str, set[str]] = {}
    now = [""]
    atlas_path, figures_path, figures_read = atlas_files.path, figure_files.path, figures._read

    def note(name, found):
        read.setdefault(now[0], set()).add(name)
        return found

    monkeypatch.setattr(atlas_files, "path", lambda file: note(file, atlas_path(file)))
    monkeypatch.setattr(figure_files, "path", lambda table: note(f"{table}.csv", figures_path(table)))
    monkeypatch.setattr(figures, "_read", lambda table: note(f"{table}.csv", figures_read(table)))
    inputs = {
        f"{stage.name}.{step.name}": {p.name for p in step.inputs(study).values()}
        for stage in order.stages()
        for step in stage.steps
    }
    read.clear()

    def on_event(event):
        # Between two events the mechanism asks for the inputs of the next step too: only what a step itself reads counts.
        now[0] = f"{event.stage}.{event.step}" if event.kind == "step" else ""

    def note_table(path):
        inside = Path(path).is_relative_to(results) and Path(path).suffix in (".parquet", ".json")
        name = Path(path).relative_to(results).as_posix() if inside else ""
        if name and not name.startswith("."):  # what a step just wrote lies in a hidden folder, where it is checked
            handed.setdefault(now[0], set()).add(name)

    results = results_folder(study, tmp_path)
    with monkeypatch.context() as patch:
        _only_while_running(patch, now)
        for owner, name in ((pd, "read_parquet"), (gpd, "read_parquet"), (Path, "read_text")):
            patch.setattr(owner, name, _told(getattr(owner, name), note_table))
        chain.run(study, root=tmp_path, on_event=on_event)
    read.pop("", None)
    assert len(read) > 5
    hidden = {step: names - inputs[step] - CHOOSING for step, names in read.items()}
    assert {step: names for step, names in hidden.items() if names} == {}
    handed.pop("", None)
    assert handed["measures.plan"] == {"land_units.parquet", "regions/land.parquet"}
    secret = {step: {n for n in names if step not in register()[n].read_by} for step, names in handed.items()}
    assert {step: names for step, names in secret.items() if names} == {}


def _told(read, note):
    """The same function, which tells of each path that it is given first."""

    def told(path, *words, **options):
        note(path)
        return read(path, *words, **options)

    return told


def _only_while_running(patch, now):
    """Forget the step's name as soon as it has run."""
    from homeground.running import steps as stages

    run_step = stages._run_step

    def run(*words):
        done = run_step(*words)
        now[0] = ""
        return done

    patch.setattr(stages, "_run_step", run)


def test_all_that_a_run_leaves_is_declared_and_as_declared(ran):
    paths = [path for path in ran.rglob("*") if path.suffix in (".parquet", ".json") and "land.zarr" not in path.parts]
    assert len(paths) > 25
    for path in paths:
        name = path.relative_to(ran).as_posix()
        assert check(read_output(path), register()[name].table) == [], name


def outdated(study, root):
    return {f"{stage}.{step}" for stage, step, state, _ in status(study, root.parent.parent) if state != "done"}


def test_a_new_title_touches_the_brief_only(study, ran):
    other = study.model_copy(update={"title": "U"})
    other._folder = study.folder
    assert {step.split(".")[0] for step in outdated(other, ran)} == {"brief"}


def test_a_changed_table_of_a_part_runs_that_part_and_what_rests_on_it(study, ran, monkeypatch):
    """options.csv of the measures: land, people and evidence stand."""
    from homeground.running import steps as stages

    assert outdated(study, ran) == set()
    monkeypatch.setattr(stages, "code_hash", lambda part: code_hash(part) + ("x" if part == "measures" else ""))
    found = {step.split(".")[0] for step in outdated(study, ran)}
    assert found == {"measures", "finance", "chain", "brief"}
