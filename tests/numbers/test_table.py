# SPDX-License-Identifier: Apache-2.0
"""Each kind of fault of a table is told with its row and value, all at once; a right table is told nothing."""

from __future__ import annotations

import math
import subprocess
import sys

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from homeground.errors import DataError
from homeground.numbers.table import FIELDS, declare, read_rows
from homeground.numbers.table_check import check


def column(name, type_="number", **more):
    row = dict.fromkeys(FIELDS, "") | {
        "table": "land",
        "column": name,
        "type": type_,
        "nullable": "no",
        "meaning": name,
    }
    return row | more


def table(*columns, key="", empty=""):
    about = {"table": "land", "key": key, "description": "made for the tests", "empty": empty}
    return declare([about], columns)["land"]


LAND = table(
    column("place", "text"),
    column("year", "integer", low="1900", high="2150"),
    column("km2", low="0", nullable="yes"),
    column("share", low="0", high="100"),
    column("seen", "boolean"),
    column("cover", "integer", values="-128|1|2"),
    column("when", "date"),
    column("drought", needs="[data].rain_series"),
    key="place year",
)


def right(**more) -> pd.DataFrame:
    given = {
        "place": ["a", "a", "b"],
        "year": [2000, 2001, 2000],
        "km2": [1.5, np.nan, 0.0],
        "share": [0.0, 100.0, 50.0],
        "seen": [True, False, True],
        "cover": [1, 2, -128],
        "when": pd.to_datetime(["2000-01-01"] * 3),
    }
    return pd.DataFrame(given | more)


def test_a_right_table_is_told_nothing_with_or_without_what_a_study_may_give():
    assert check(right(), LAND) == []
    assert check(right(drought=[1.0, 2.0, 3.0]), LAND) == []


def test_the_order_of_columns_and_the_index_are_no_part_of_a_table():
    turned = right()[["year", "when", "cover", "seen", "share", "km2", "place"]].set_index(pd.Index([7, 7, 7]))
    assert check(turned, LAND) == []


def test_columns_that_are_missing_not_declared_or_doubled():
    found = check(right().drop(columns=["km2", "seen"]).assign(area=1.0), LAND)
    assert found == ["lacks the column(s) km2, seen.", "holds the column(s) area, which are not declared."]
    twice = pd.concat([right(), right()[["km2"]]], axis=1)
    assert check(twice, LAND) == ["km2: stands twice."]


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("km2", ["1", "2", "3"], "km2: number was expected; row 1 (1), row 2 (2), row 3 (3)."),
        ("km2", [True, False, True], "km2: number was expected; row 1 (True), row 2 (False), row 3 (True)."),
        ("year", [2000.0, 2001.5, 2000.0], "year: integer was expected; row 2 (2001.5)."),
        ("place", ["a", 3, "b"], "place: text was expected; row 2 (3)."),
        ("seen", [1, 0, 1], "seen: boolean was expected; row 1 (1), row 2 (0), row 3 (1)."),
        ("when", ["2000-01-01"] * 3, "when: date was expected; row 1 (2000-01-01), row 2 (2000-01-01), row 3 (2000-01-01)."),
    ],
)  # fmt: skip
def test_a_wrong_type_is_told_with_rows_and_values(name, values, said):
    assert check(right(**{name: values}), LAND) == [said]


def test_whole_numbers_may_be_floats_and_numbers_may_be_whole():
    assert check(right(year=[2000.0, 2001.0, 2000.0], km2=[1, 2, 3]), LAND) == []
    assert check(right(km2=pd.array([1, None, 3], dtype="Int64")), LAND) == []
    assert check(right(seen=pd.array([True, False, True], dtype="boolean")), LAND) == []


def test_values_out_of_bounds():
    assert check(right(km2=[1.0, -2.5, 3.0]), LAND) == ["km2: 0 or more was expected; row 2 (-2.5)."]
    assert check(right(share=[-1.0, 50.0, 100.5]), LAND) == [
        "share: 0 to 100 was expected; row 1 (-1.0), row 3 (100.5)."
    ]
    assert check(right(year=[2000, 2001, 2200]), LAND) == ["year: 1900 to 2150 was expected; row 3 (2200)."]
    high = table(column("km2", high="5"))
    assert check(pd.DataFrame({"km2": [5.0, 6.0]}), high) == ["km2: at most 5 was expected; row 2 (6.0)."]


def test_the_last_digits_of_a_sum_are_not_out_of_bounds():
    assert check(right(share=[-1e-12, 100 + 1e-12, 50.0]), LAND) == []
    assert check(right(share=[0.0, 100 + 1e-6, 50.0]), LAND) != []


def test_infinities_are_told_even_where_no_bound_is():
    free = table(column("npv"), column("years", "integer"))
    found = check(pd.DataFrame({"npv": [1.0, math.inf, -math.inf], "years": [1.0, math.inf, 2.0]}), free)
    assert found == [
        "npv: a finite number was expected; row 2 (inf), row 3 (-inf).",
        "years: a finite number was expected; row 2 (inf).",
    ]


@pytest.mark.parametrize("gap", [None, np.nan, pd.NA])
def test_gaps_where_none_may_be(gap):
    place = pd.Series(["a", gap, "b"], dtype=object)
    assert check(right(place=place), LAND) == ["place: may not be empty; row 2."]
    assert check(right(share=pd.array([1.0, None, 2.0], dtype="Float64")), LAND) == ["share: may not be empty; row 2."]


def test_a_code_that_may_not_stand_there():
    assert check(right(cover=[1, 7, -128]), LAND) == ["cover: one of -128, 1, 2 was expected; row 2 (7)."]
    assert check(right(cover=[1.0, 2.0, -128.0]), LAND) == []
    words = table(column("period", "text", values="baseline|period"))
    found = check(pd.DataFrame({"period": ["period", "Baseline"]}), words)
    assert found == ["period: one of baseline, period was expected; row 2 (Baseline)."]


def test_a_key_that_comes_twice_is_told_with_all_its_rows():
    found = check(right(year=[2000, 2000, 2000]), LAND)
    assert found == ["place, year: each may stand once; row 1 (a, 2000), row 2 (a, 2000)."]


def test_a_key_column_that_need_not_be_given_leaves_the_others_unique():
    matrix = table(
        column("zone", "integer", needs="several zones", nullable="yes"),
        column("initial", "integer"),
        key="zone initial",
    )
    assert check(pd.DataFrame({"initial": [1, 1]}), matrix) == ["initial: each may stand once; row 1 (1), row 2 (1)."]
    assert check(pd.DataFrame({"initial": [1, 1], "zone": [1, 2]}), matrix) == []
    assert check(pd.DataFrame({"zone": [1, 1]}), matrix) == ["lacks the column(s) initial."]


def test_a_gap_is_a_key_like_another():
    one = table(column("cover", "integer", nullable="yes"), key="cover")
    assert check(pd.DataFrame({"cover": [1.0, np.nan]}), one) == []
    assert check(pd.DataFrame({"cover": [np.nan, np.nan]}), one) == [
        "cover: each may stand once; row 1 (nan), row 2 (nan)."
    ]


def test_all_problems_are_told_at_once_and_long_lists_are_cut():
    wrong = pd.concat([right(km2=[-1.0, -1.0, -1.0])] * 3, ignore_index=True).drop(columns="seen")
    found = check(wrong, LAND)
    assert [text.split(":")[0] for text in found] == ["lacks the column(s) seen.", "km2", "place, year"]
    assert found[1].endswith("row 5 (-1.0) and 4 more.")


def test_rows_of_a_csv_are_counted_with_its_header():
    assert check(right(km2=[1.0, 2.0, -3.0]), LAND, first_row=2) == ["km2: 0 or more was expected; row 4 (-3.0)."]


def test_a_table_without_columns_only_where_it_may_be_empty():
    nothing = pd.DataFrame()
    assert check(nothing, table(column("km2"), empty="the study has no budget")) == []
    assert check(nothing, table(column("km2"))) == ["lacks the column(s) km2."]
    assert check(pd.DataFrame({"area": []}), table(column("km2"), empty="no budget")) != []
    assert check(pd.DataFrame(columns=["km2"]), table(column("km2"))) == []  # no rows: nothing is wrong in them


def test_shapes_and_what_stands_in_json():
    shapes = gpd.GeoDataFrame({"geometry": [shapely.box(0, 0, 1, 1)]}, crs="EPSG:4326")
    declared = table(column("geometry", "geometry"))
    assert check(shapes, declared) == []
    assert check(pd.DataFrame({"geometry": [shapes.geometry[0].wkb]}), declared) == []  # as Parquet holds it
    assert check(pd.DataFrame({"geometry": ["here"]}), declared) == ["geometry: geometry was expected; row 1 (here)."]
    record = table(column("years", "list"), column("rules", "object"), column("price_year", "integer or text"))
    right = {"years": [2024, 2030], "rules": {"women": 0.4}, "price_year": "as published"}
    assert check(pd.DataFrame([right]), record) == []
    assert check(pd.DataFrame([right | {"price_year": 2023}]), record) == []
    found = check(pd.DataFrame([right | {"price_year": 2023.5, "years": {}}]), record)
    assert found == [
        "years: list was expected; row 1 ({}).",
        "price_year: integer or text was expected; row 1 (2023.5).",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"type": "float"}, "the type float is none of"),
        ({"type": "number or words"}, "the type words is none of"),
        ({"kind": "guessed"}, "the kind guessed is none of"),
        ({"low": "none"}, "low is none; a number was expected"),
        ({"nullable": "maybe"}, "nullable is maybe"),
        ({"meaning": ""}, "it has no meaning"),
        ({"table": "people"}, "people has columns and is in no list of tables"),
    ],
)
def test_a_faulty_declaration_is_refused(wrong, said):
    with pytest.raises(DataError, match=said):
        table(column("km2"), column("other", **wrong))


def test_faults_of_a_list_of_tables_are_told_together():
    about = {"table": "land", "key": "place", "description": "", "empty": ""}
    with pytest.raises(DataError) as caught:
        declare([about, about], [column("km2"), column("km2")])
    for part in ("km2 is declared twice", "the key place is no column", "no description", "land is declared twice"):
        assert part in str(caught.value)


def test_reading_declarations_loads_no_heavy_library(tmp_path):
    path = tmp_path / "columns.csv"
    path.write_text(",".join(FIELDS) + "\nland,km2,number,km2,modelled,0,,,yes,,area\n", encoding="utf-8")
    assert read_rows(path)[0]["meaning"] == "area"
    script = (
        "import sys; from pathlib import Path; from homeground.numbers.table import declare, read_rows\n"
        f"rows = read_rows(Path({str(path)!r}))\n"
        "declare([{'table': 'land', 'key': '', 'description': 'd', 'empty': ''}], rows)\n"
        "print(sorted({'pandas', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
