# SPDX-License-Identifier: Apache-2.0
"""The gate is tested by an attack of its own: a reader with all shown numbers, unrounded, and all shown totals."""

import itertools
import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from shapely.geometry import Point, box

from homeground.errors import DataError
from homeground.numbers.disclosure import PERSONAL, protect, refuse_personal
from homeground.people import protect as protect_of_people

K = 10


def attack(table, shown, record, counts, margins, sums=None):
    """Least and most of every hidden cell, from all that is published. Written apart from the gate."""
    numbers = {key: i for i, key in enumerate(itertools.product(range(len(table)), counts))}
    known = []  # (members with signs, total)
    for name in counts:
        for row in range(len(table)):
            if not shown[f"{name}_hidden"].iloc[row]:
                known.append(({(row, name): 1}, table[name].iloc[row]))
        groups = {f"{name} of the whole table": np.arange(len(table))}
        for margin in margins:
            groups |= {f"{name} of {margin} {key}": np.flatnonzero(table[margin] == key) for key in set(table[margin])}
        for label, rows in groups.items():
            if label not in record.totals_withheld:
                known.append(({(row, name): 1 for row in rows}, table[name].iloc[rows].sum()))
    for (whole, parts), row in itertools.product((sums or {}).items(), range(len(table))):
        known.append(({(row, whole): 1} | {(row, part): -1 for part in parts}, 0))
    matrix = np.zeros((len(known), len(numbers)))
    for line, (members, _) in zip(matrix, known, strict=True):
        for member, sign in members.items():
            line[numbers[member]] = sign
    equal = {"A_eq": matrix, "b_eq": [total for _, total in known]} if known else {}

    for (row, name), i in numbers.items():
        if shown[f"{name}_hidden"].iloc[row]:
            goal = np.eye(len(numbers))[i]
            low, high = linprog(goal, bounds=(0, None), **equal), linprog(-goal, bounds=(0, None), **equal)
            assert low.status == 0
            assert high.status in {0, 3}  # solved, or without bound
            yield table[name].iloc[row], low.fun, -high.fun if high.status == 0 else np.inf


few = st.one_of(st.integers(0, 14), st.integers(15, 500))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), few), min_size=1, max_size=14))
def test_attack_on_regions_in_countries(rows):
    table = pd.DataFrame(rows, columns=["iso3", "people"])
    shown, record = protect(table, counts="people", groups="iso3", threshold=K)
    assert (table["people"].between(1, K - 1) <= shown["people_hidden"]).all()
    for true, least, most in attack(table, shown, record, ["people"], ["iso3"]):
        assert least - 1e-6 <= true <= most + 1e-6
        assert most - least >= K - 1e-6


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 5), st.integers(2, 5), st.data())
def test_attack_on_origins_by_destinations(n, m, data):
    table = pd.DataFrame(
        [(o, d, data.draw(few)) for o in range(n) for d in range(m)], columns=["origin", "destination", "people"]
    )
    shown, record = protect(table, counts="people", groups=["origin", "destination"], threshold=K)
    for true, least, most in attack(table, shown, record, ["people"], ["origin", "destination"]):
        assert least - 1e-6 <= true <= most + 1e-6
        assert most - least >= K - 1e-6


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), few, few), min_size=1, max_size=8))
def test_attack_by_subtracting_women_from_people(rows):
    table = pd.DataFrame(rows, columns=["iso3", "women", "men"])
    table["people"] = table["women"] + table["men"]
    names, sums = ["people", "women", "men"], {"people": ["women", "men"]}
    shown, record = protect(table, counts=names, groups="iso3", sums=sums, threshold=K)
    for true, least, most in attack(table, shown, record, names, ["iso3"], sums):
        assert least - 1e-6 <= true <= most + 1e-6
        assert most - least >= K - 1e-6


def test_large_table_is_audited_in_seconds():
    rng = np.random.default_rng(0)
    values = np.where(rng.random(3600) < 0.5, np.floor(rng.lognormal(3, 2, 3600)), 0)
    table = pd.DataFrame({"origin": np.repeat(range(60), 60), "destination": np.tile(range(60), 60), "people": values})
    start = time.perf_counter()
    shown, record = protect(table, counts="people", groups=["origin", "destination"])
    assert time.perf_counter() - start < 20
    assert record.hidden_small == ((values > 0) & (values < 10)).sum()
    # every row with a hidden cell has another, in both directions
    for margin in ("origin", "destination"):
        assert not shown.groupby(margin)["people_hidden"].sum().eq(1).any()


def test_hiding_small_counts_alone_would_not_do():
    table = pd.DataFrame({"iso3": ["a"] * 3, "people": [3, 400, 80]})
    naive = table.assign(people_hidden=[True, False, False])
    _, record = protect(table.assign(people=50), counts="people", groups="iso3")
    (found,) = attack(table, naive, record, ["people"], ["iso3"])
    assert found == pytest.approx((3, 3, 3))  # the attack of these tests does find what is badly hidden
    shown, record = protect(table, counts="people", groups="iso3")
    assert shown["people_hidden"].tolist() == [True, False, True]  # the second smallest goes too
    assert (record.hidden_small, record.hidden_beside, record.totals_withheld) == (1, 1, ())


def test_small_total_is_withheld_with_another():
    table = pd.DataFrame({"iso3": ["a", "a", "b", "b", "c"], "people": [3, 4, 50, 60, 900]})
    shown, record = protect(table, counts="people", groups="iso3")
    assert shown["people"].isna().tolist() == [True, True, True, False, False]
    assert record.totals_withheld == ("people of iso3 a", "people of iso3 b")
    assert "of 5 counts of people are hidden: below 10" in record.warning
    assert "larger areas" in record.warning


def test_rounding_and_ranges_and_missing():
    table = pd.DataFrame(
        {"people": [12.0, 12.5, 1003.0, np.nan, 0.0], "low": [11.0, 9, 1001, np.nan, 0], "high": [13.0, 14, 1006, 2, 0]}
    )
    shown, record = protect(table, counts="people", intervals={"people": ("low", "high")})
    assert shown["people"].tolist() == [10, 15, 1005, pd.NA, 0]
    assert shown["people_hidden"].tolist() == [False] * 5
    assert shown["low"].tolist()[:3] == [10, 5, 1000]
    assert shown["high"].tolist()[:3] == [15, 15, 1010]
    assert (record.cells, record.share_hidden, record.warning) == (3, 0, "")


def test_range_of_a_hidden_count_is_hidden():
    table = pd.DataFrame({"people": [4, 30, 50], "low": [3.0, 20, 40], "high": [5.0, 40, 60]})
    shown, _ = protect(table, counts="people", intervals={"people": ("low", "high")})
    assert shown["low"].isna().tolist() == shown["high"].isna().tolist() == [True, True, False]


def test_input_is_left_as_it_was():
    table = pd.DataFrame({"people": [4, 30, 50]}, index=["x", "y", "z"])
    before = table.copy()
    shown, _ = protect(table, counts="people")
    pd.testing.assert_frame_equal(table, before)
    assert shown.index.tolist() == ["x", "y", "z"]


@pytest.mark.parametrize(
    "name", ["name_of_person", "Phone", "motherPhone", "beneficiary name", "household_id", "GPS", "e-mail", "Latitude"]
)
def test_personal_columns_are_refused(name):
    with pytest.raises(DataError, match="persons or households"):
        protect(pd.DataFrame({"people": [50], name: ["x"]}), counts="people")


def test_names_of_places_and_polygons_pass():
    table = gpd.GeoDataFrame({"name": ["Diffa"], "mobile_money": [0.2], "people": [50]}, geometry=[box(0, 0, 1, 1)])
    refuse_personal(table)
    with pytest.raises(DataError, match="points"):
        refuse_personal(table.set_geometry([Point(0, 0)]))
    assert all(name == name.lower() for name in PERSONAL)


def test_faults_are_refused():
    table = pd.DataFrame({"iso3": ["a", "b"], "net": [-5, 20], "women": [20, 30], "people": [40, 50]})
    with pytest.raises(DataError, match="negative"):
        protect(table, counts="net")
    with pytest.raises(DataError, match="men"):
        protect(table, counts=["people", "women"], sums={"people": ["women", "men"]})
    with pytest.raises(DataError, match="add up"):
        protect(table, counts=["people", "women"], sums={"people": ["women"]})
    with pytest.raises(DataError, match="region"):
        protect(table, counts="people", groups="region")


def test_the_gate_of_people_is_this_gate():
    assert protect_of_people is protect
