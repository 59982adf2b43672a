# SPDX-License-Identifier: Apache-2.0
"""The tables that people give are declared once: what is asked of them when a study opens, and what ships keeps to it."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest

from homeground.catalogue.given import given_table
from homeground.errors import DataError
from homeground.numbers.table_check import check
from homeground.running.fingerprints import PACKAGE
from homeground.study.opening import SHIPPED, open_study
from homeground.study.sections import Data
from homeground.study.tables import given_tables

CSV = [name.removeprefix("data.") for name, given in given_tables().items() if given.format.startswith("CSV")]
NAMED = [name for name in CSV if name in Data.model_fields]


def test_every_table_that_a_study_names_is_declared_and_no_other():
    asked = {name for name, field in Data.model_fields.items() if str(field.description).startswith("CSV")}
    assert set(NAMED) == asked
    polygons = {"regions", "matrix_zones", "error_polygons", "abandonment_confirmed", "degraded_register"}
    assert {
        name.removeprefix("data.") for name, given in given_tables().items() if given.format == "polygons"
    } == polygons
    assert polygons <= set(Data.model_fields)
    assert set(CSV) - set(NAMED) == {"cover_series.legend", "values.csv", "sources.csv", "trust_fund.csv"}


@pytest.mark.parametrize("name", NAMED)
def test_each_column_that_may_not_be_missing_is_asked_for(tmp_path, name):
    columns = given_tables()[f"data.{name}"].table.always
    (tmp_path / "study.toml").write_text(
        f'title = "T"\ncountries = ["GMB"]\n[data]\n{name} = "table.csv"\n', encoding="utf-8"
    )
    table = tmp_path / "table.csv"
    table.write_text("nothing\n", encoding="utf-8")
    study = open_study(tmp_path)
    for lost in columns:
        table.write_text(",".join(c for c in columns if c != lost) + "\n1,1\n", encoding="utf-8")
        with pytest.raises(DataError, match=rf'data\.{name}: table\.csv.* lacks the column "{lost}"'):
            given_table(study, f"data.{name}")


SHIP = [
    *(("data.goals", path) for path in sorted(SHIPPED.glob("*/goals.csv"))),
    ("data.options", PACKAGE / "measures" / "options.csv"),
    ("values.csv", PACKAGE / "finance" / "values.csv"),
    ("trust_fund.csv", SHIPPED / "three-s" / "trust_fund.csv"),
]


@pytest.mark.parametrize(
    ("name", "path"), SHIP, ids=lambda value: getattr(getattr(value, "parent", None), "name", value)
)
def test_tables_that_ship_are_as_declared(name, path):
    assert check(pd.read_csv(path), given_tables()[name].table, first_row=2) == []


def test_polygons_that_ship_are_as_declared():
    path = SHIPPED / "ethiopia-coffee" / "sites.geojson"
    declared = given_tables()["data.regions"].table
    sites = gpd.read_file(path)
    assert check(sites[[c.column for c in declared.columns]], declared) == []


def test_a_matrix_of_one_s_own_is_held_against_its_declaration():
    declared = given_tables()["data.matrix"].table
    rows = pd.DataFrame([(a, b, 0) for a in range(1, 8) for b in range(1, 8)], columns=["initial", "final", "change"])
    assert check(rows, declared, first_row=2) == []
    wrong = rows.assign(change=rows["change"].where(rows.index != 3, 2), final=rows["final"].where(rows.index != 8, 1))
    assert check(wrong, declared, first_row=2) == [
        "change: one of -1, 0, 1 was expected; row 5 (2).",
        "initial, final: each may stand once; row 9 (2, 1), row 10 (2, 1).",
    ]
