# SPDX-License-Identifier: Apache-2.0
"""The register is true: it names every table that steps write, who reads it, and a step that breaks it is stopped in tests."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path

import pandas as pd
import pytest

from homeground.brief.workbook.sheets import SHEETS
from homeground.catalogue.columns import columns
from homeground.chain import order
from homeground.errors import DataError
from homeground.numbers.table_check import check
from homeground.running import tables
from homeground.running.fingerprints import PACKAGE
from homeground.running.steps import Stage, Step, run_stages
from homeground.running.tables.register import output_problems, read_output, register
from homeground.study.model import Study
from homeground.study.opening import open_study
from homeground.study.sections import Land

NAMES = {name: value for name, value in vars(tables).items() if name.isupper()}
TABLES = (".parquet", ".json")
STEPS = {f"{stage.name}.{step.name}": step for stage in order.stages() for step in stage.steps}
# The layers forbid the catalogue to import the register, and it reads two tables of the assessment: by their names.
CANNOT_IMPORT = {"catalogue.columns": {tables.DEGRADATION, tables.DEGRADATION_FACTS, tables.LAND_STATUS}}


def gives(**data: object) -> Study:
    return Study.model_validate({"title": "T", "countries": ["NER"], "data": data})


SERIES = ("ndvi", "population_grid", "soil_carbon", "climate_zone", "rain_series", "imperviousness")
EVERYTHING = gives(
    **{name: f"{name}.tif" for name in SERIES},
    cover_series={"path": "cover.tif", "legend": "unccd"},
    city_people="people.csv",
    reference_plots="plots.csv",
    trends_earth="job",
).model_copy(update={"land": Land(reporting=[(2004, 2019)])})


def writers(study: Study) -> dict[str, str]:
    return {path: key for key, step in STEPS.items() for path in step.writes(study) if path.endswith(TABLES)}


@pytest.mark.parametrize("study", [EVERYTHING, gives(), gives(ndvi="n.tif"), gives(rain_series="r.tif")])
def test_every_table_that_a_step_writes_is_declared_with_that_step(study):
    written = writers(study)
    assert {path: register()[path].written_by for path in written} == written


def test_every_declared_table_is_written_by_its_step_where_the_study_gives_what_it_needs():
    by_steps = {path for path, table in register().items() if table.written_by in STEPS}
    assert by_steps == set(writers(EVERYTHING))
    assert set(register()) - by_steps == {tables.RUN_RECORD}
    always = {path for path in by_steps if not register()[path].needs}
    assert always == set(writers(gives()))


def test_each_name_is_of_one_declared_table():
    by_part = {tables.regions_of(part) for part in order.REGION_STAGES}
    assert sorted([*NAMES.values(), *by_part]) == sorted(register())


def before(key: str) -> set[str]:
    """Steps whose change makes this one run again."""
    needs = set(STEPS[key].needs)
    return needs.union(*(before(need) for need in needs))


@pytest.mark.parametrize("path", register())
def test_readers_exist_and_run_again_when_the_table_changes(path):
    handed = register()[path]
    for reader in handed.read_by:
        if reader in STEPS:
            if handed.written_by not in STEPS:
                continue  # the record, which every step changes
            assert handed.written_by in before(reader), f"{reader} reads {path} and does not need {handed.written_by}"
        else:
            assert PACKAGE.joinpath(*reader.split(".")).with_suffix(".py").is_file(), reader
    if handed.written_by not in STEPS:
        assert PACKAGE.joinpath(*handed.written_by.split(".")).with_suffix(".py").is_file()


def modules() -> dict[str, ast.Module]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        if not name.startswith("running.tables"):
            found[name] = ast.parse(path.read_bytes())
    return found


def named(tree: ast.Module) -> set[str]:
    """Tables whose names a module takes from the register."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "homeground.running.tables":
            found |= {NAMES[alias.name] for alias in node.names if alias.name in NAMES}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "tables":
            found |= {NAMES[node.attr]} if node.attr in NAMES else set()
    return found


def test_the_parts_that_name_a_table_are_those_that_write_or_read_it():
    naming: dict[str, set[str]] = {path: set() for path in NAMES.values()}
    for name, tree in modules().items():
        for path in named(tree) | CANNOT_IMPORT.get(name, set()):
            naming[path].add(name.split(".")[0])
    declared = {
        path: {who.split(".")[0] for who in (register()[path].written_by, *register()[path].read_by)} for path in naming
    }
    assert naming.pop(tables.RUN_RECORD) <= declared.pop(tables.RUN_RECORD)  # others read it by `read_run`
    assert naming == declared


def test_no_module_repeats_the_name_of_a_table():
    for name, tree in modules().items():
        said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        told = said & set(register()) - CANNOT_IMPORT.get(name, set())
        if name.startswith("catalogue."):
            told -= {tables.REGIONS}  # the atlas has a file of this name
        assert told == set(), f"{name}: take {', '.join(told)} from homeground.running.tables"


def test_the_sheets_of_the_workbook_are_what_the_step_is_said_to_read():
    read = {path for path, table in register().items() if "brief.tables" in table.read_by}
    beside = {tables.REGIONS, tables.PLAN_FACTS, tables.DEGRADATION_FACTS, tables.RUN_RECORD}  # no sheets of their own
    assert {sheet.table for sheet in SHEETS} | beside == read


@pytest.mark.parametrize("part", order.REGION_STAGES)
def test_published_columns_are_described_once_in_the_part(part):
    published = columns(part)
    ends = {end for c in published for end in c.bounds or ()}
    own = register()[tables.regions_of(part)].table.columns
    assert own[0].column == "region_id"
    assert {c.column for c in own[1:]} == {c.column for c in published} | ends
    assert {c.part for c in own[1:]} == {part}
    joined = [c for c in register()[tables.REGIONS].table.columns if c.part == part]
    assert joined == list(own[1:])
    for column in published:
        found = next(c for c in own if c.column == column.column)
        assert (found.unit, found.kind, found.needs) == (column.unit, column.kind, column.needs)


def test_made_results_of_an_assessment_are_as_the_register_says(assessed_results):
    for path in sorted(assessed_results.iterdir()):
        assert check(read_output(path), register()[path.name].table) == [], path.name


SPENDING = pd.DataFrame({"year": [2024, 2025], "establishment_usd": 5.0, "upkeep_usd": [0.0, 1.0], "budget_usd": 9.0})


def written(folder: Path, **found: pd.DataFrame) -> Path:
    for name, table in found.items():
        table.to_parquet(folder / f"{name}.parquet")
    return folder


def test_files_whose_form_others_set_are_no_tables_and_a_table_of_their_name_elsewhere_is(tmp_path):
    for name in ("prais/drought-NER.json", "drought-NER.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    assert output_problems("brief.prais", tmp_path, {"prais"}) == [
        "drought-NER.json: is not declared in running/tables."
    ]


def test_what_a_step_may_not_write(tmp_path):
    out = written(tmp_path, plan_spending=SPENDING, secret=SPENDING)
    assert output_problems("measures.plan", out, {"plan_spending.parquet", "secret.parquet"}) == [
        "secret.parquet: is not declared in running/tables."
    ]
    (out / "secret.parquet").unlink()
    assert output_problems("measures.plan", out, {"plan_spending.parquet"}) == []
    assert output_problems("finance.cashflow", out, {"plan_spending.parquet"}) == [
        "plan_spending.parquet: finance.cashflow writes it; measures.plan is declared to."
    ]
    assert output_problems("measures.plan", out, ()) == [
        "plan_spending.parquet: measures.plan writes it and does not name it among its outputs."
    ]


def test_what_stands_in_a_table_of_parquet_and_of_json(tmp_path):
    out = written(tmp_path, plan_spending=SPENDING.assign(year=2024, budget_usd=[-9.0, 9.0]))
    (out / "plan.json").write_text(json.dumps({"planned": "yes", "reason": "none"}), encoding="utf-8")
    assert output_problems("measures.plan", out, {"plan_spending.parquet", "plan.json"}) == [
        "plan.json: planned: boolean was expected; row 1 (yes).",
        "plan_spending.parquet: budget_usd: 0 or more was expected; row 1 (-9.0).",
        "plan_spending.parquet: year: each may stand once; row 1 (2024), row 2 (2024).",
    ]


def test_a_plan_without_a_budget_is_an_empty_table_and_a_reason(tmp_path):
    out = written(tmp_path, plan_spending=pd.DataFrame())
    (out / "plan.json").write_text(json.dumps({"planned": False, "reason": "no budget"}), encoding="utf-8")
    assert output_problems("measures.plan", out, {"plan_spending.parquet", "plan.json"}) == []
    (tmp_path / "other").mkdir()
    other = written(tmp_path / "other", effects=pd.DataFrame())
    assert output_problems("evidence.effects", other, {"effects.parquet"}) != []  # the library is never empty


def test_what_lies_in_a_store_of_arrays_is_no_table(tmp_path):
    (tmp_path / "land.zarr" / "cover").mkdir(parents=True)
    (tmp_path / "land.zarr" / "cover" / "zarr.json").write_text("{}", encoding="utf-8")
    assert output_problems("land.cover", tmp_path, {"land.zarr/cover"}) == []


@pytest.fixture
def study(tmp_path) -> Study:
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "study.toml").write_text('title = "T"\ncountries = ["NER"]\n', encoding="utf-8")
    return open_study(folder)


def wrong(work) -> None:
    SPENDING.drop(columns="budget_usd").assign(upkeep_usd=-1.0).to_parquet(work.out / "plan_spending.parquet")


@pytest.mark.parametrize("checked", [True, False])
def test_a_step_that_breaks_the_register_is_stopped_where_tables_are_checked(study, tmp_path, monkeypatch, checked):
    monkeypatch.setenv("HOMEGROUND_CHECK_TABLES", "1" if checked else "")
    stages = (Stage("measures", (Step("plan", wrong, ("plan_spending.parquet",)),), lambda _: ""),)
    results = tmp_path / "results"
    if not checked:
        assert [event.kind for event in run_stages(study, stages, results)] == ["step", "stage"]
        return
    with pytest.raises(RuntimeError, match=r"measures\.plan wrote tables that are not as declared") as caught:
        list(run_stages(study, stages, results))
    assert "lacks the column(s) budget_usd" in str(caught.value)
    assert "upkeep_usd: 0 or more was expected; row 1 (-1.0), row 2 (-1.0)" in str(caught.value)
    assert not (results / "plan_spending.parquet").exists()


def test_tests_check_tables():
    assert os.environ["HOMEGROUND_CHECK_TABLES"] == "1"


def test_a_faulty_register_says_what_is_wrong_with_it(tmp_path, monkeypatch):
    from homeground.running.tables import register as module

    (tmp_path / "tables.csv").write_text("table,key,written_by,read_by,needs,empty,description\na.parquet,,x,,,,made\n")
    monkeypatch.setattr(module, "HERE", tmp_path)
    with pytest.raises(DataError, match=r"a\.parquet: no columns"):
        module.register.__wrapped__()
