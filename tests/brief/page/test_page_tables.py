# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from homeground.brief.page.tables import TableColumn, columns_of, lay_out


def test_interval_columns_stand_beside_their_number():
    frame = pd.DataFrame({"kind": ["x"], "jobs": [1500.0], "jobs_low": [900.0], "jobs_high": [2100.0], "id": [7]})
    frame["name"] = "A"
    heads = {"name": "Name", "jobs": "Work", "kind": "Kind"}  # their order counts, what has no heading is not shown
    grid = lay_out(columns_of(frame, heads, {"jobs": "person-days"}))
    assert [(h.text, h.unit, h.cell, h.span) for h in grid.headers] == [
        ("Name", "", 0, 1), ("Work", "person-days", 1, 2), ("Kind", "", 3, 1)
    ]  # fmt: skip
    assert [(c.text, c.style) for c in grid.rows[0]] == [
        ("A", "text"), ("1,500", "number"), ("900 to 2,100", "interval"), ("x", "text")
    ]  # fmt: skip


def test_missing_is_said_and_sorts_apart_from_zero():
    grid = lay_out([TableColumn("v", [0.0, float("nan")])], language="es")
    assert [(c.text, c.sort) for (c,) in grid.rows] == [("0", "0"), ("sin datos", "")]


def test_years_are_not_grouped_and_counts_are():
    frame = pd.DataFrame({"year": [2015], "people": [2015]})
    grid = lay_out(columns_of(frame, {"year": "Année", "people": "Personnes"}), language="fr")
    assert [c.text for c in grid.rows[0]] == ["2015", "2\u202f015"]


def test_decimals_show_three_digits_of_the_largest():
    grid = lay_out([TableColumn("share", [12.345, 0.5]), TableColumn("index", [0.1234, 0.05])])
    assert [[c.text for c in row] for row in grid.rows] == [["12.3", "0.123"], ["0.5", "0.050"]]


def test_decimals_that_a_table_asks_for_hold_for_the_number_and_its_interval():
    frame = pd.DataFrame({"share": [6.896], "share_low": [6.896], "share_high": [10.53], "area": [1242.5486]})
    grid = lay_out(columns_of(frame, {"share": "Share", "area": "Area"}, decimals={"share": 1}))
    assert [cell.text for cell in grid.rows[0]] == ["6.9", "6.9 to 10.5", "1,243"]


@given(st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), min_size=1, max_size=20))
def test_every_row_has_as_many_cells_as_the_headings_span(values):
    grid = lay_out([TableColumn("a", values, low=values, high=values), TableColumn("b", ["x"] * len(values))])
    assert len(grid.rows) == len(values)
    assert {len(row) for row in grid.rows} == {sum(h.span for h in grid.headers)}
