# SPDX-License-Identifier: Apache-2.0
"""The gate is tested by an attack of its own: a reader with all shown numbers, unrounded, and all shown totals."""

import itertools
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from homeground.land.stage import built
from homeground.numbers.disclosure import protect

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
    lists = [(whole, parts) for whole, several in (sums or {}).items() for parts in several]
    for (whole, parts), row in itertools.product(lists, range(len(table))):
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
    for true, least, most in attack(table, shown, record, names, ["iso3"], {"people": [["women", "men"]]}):
        assert least - 1e-6 <= true <= most + 1e-6
        assert most - least >= K - 1e-6


BOTH = {"people": [["women", "men"], ["young", "old"]]}
NAMES = ["people", "women", "men", "young", "old"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), few, few, st.floats(0, 1)), min_size=1, max_size=6))
@example([("a", 12, 0, 0.0), ("a", 3, 20, 0.5)])
def test_attack_with_two_tables_that_share_their_totals(rows):
    table = pd.DataFrame(rows, columns=["iso3", "women", "men", "young"])
    table["people"] = table["women"] + table["men"]
    table["young"] = np.floor(table["young"] * table["people"]).astype(int)
    table["old"] = table["people"] - table["young"]
    shown, record = protect(table, counts=NAMES, groups="iso3", sums=BOTH, threshold=K)
    for true, least, most in attack(table, shown, record, NAMES, ["iso3"], BOTH):
        assert least - 1e-6 <= true <= most + 1e-6
        assert most - least >= K - 1e-6


def test_two_tables_that_pass_the_gate_one_by_one_give_a_count_away():
    # 12 women and no man in the first place: the table by sex hides its total, the table by age prints it. So 12 women
    # are known, and of 15 women 3 are left for the second place.
    table = pd.DataFrame({"women": [12, 3, 400], "men": [0, 20, 400], "young": [0, 11, 300]})
    table["people"] = table["women"] + table["men"]
    table["old"] = table["people"] - table["young"]
    by_sex, told = protect(table, counts=NAMES[:3], sums={"people": ["women", "men"]})
    by_age, _ = protect(table, counts=[NAMES[0], *NAMES[3:]], sums={"people": ["young", "old"]})
    both = by_sex.assign(**{f"{name}_hidden": by_age[f"{name}_hidden"] for name in NAMES[3:]})
    both["people_hidden"] = by_sex["people_hidden"] & by_age["people_hidden"]
    withheld = tuple(set(told.totals_withheld) - {t for t in told.totals_withheld if t.startswith("people")})
    found = list(attack(table, both, replace(told, totals_withheld=withheld), NAMES, [], BOTH))
    assert min(most - least for _, least, most in found) == pytest.approx(0)
    shown, record = protect(table, counts=NAMES, sums=BOTH)
    found = list(attack(table, shown, record, NAMES, [], BOTH))
    assert found
    assert min(most - least for _, least, most in found) >= K - 1e-6


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(few, st.booleans()), min_size=2, max_size=9))
@example([(4, True), (40, True), (300, False), (500, False)])
def test_attack_with_a_census_and_a_table_of_its_towns(rows):
    """Two tables of the same people, one of some of the places only, as `land.stage.built` lets them pass."""
    ids = [f"p{number}" for number in range(len(rows))]
    places = pd.DataFrame({"region_id": ids, "iso3": "NER"})
    census = pd.Series([people for people, _ in rows], index=ids, dtype=float)
    towns = census.where(pd.Series([town for _, town in rows], index=ids))
    table = places.assign(people=census.to_numpy())
    shown, record = protect(table, counts="people", groups="iso3", threshold=K)
    with (
        patch.object(built, "study_regions", lambda _: places),
        patch.object(built, "_census", lambda *_: [census]),
    ):
        passed = built._behind_the_gate(None, {2020: towns.dropna()})[2020]
    known = shown["people_hidden"].to_numpy() & passed.isna().to_numpy()
    assert (known == shown["people_hidden"]).all()  # what the census hides, the table of towns does not show
    for true, least, most in attack(table, shown.assign(people_hidden=known), record, ["people"], ["iso3"]):
        assert least - 1e-6 <= true <= most + 1e-6
        assert most - least >= K - 1e-6
    assert (passed.dropna() % 5 == 0).all()


def test_hiding_small_counts_alone_would_not_do():
    table = pd.DataFrame({"iso3": ["a"] * 3, "people": [3, 400, 80]})
    naive = table.assign(people_hidden=[True, False, False])
    _, record = protect(table.assign(people=50), counts="people", groups="iso3")
    (found,) = attack(table, naive, record, ["people"], ["iso3"])
    assert found == pytest.approx((3, 3, 3))  # the attack of these tests does find what is badly hidden
    shown, record = protect(table, counts="people", groups="iso3")
    assert shown["people_hidden"].tolist() == [True, False, True]  # the second smallest goes too
    assert (record.hidden_small, record.hidden_beside, record.totals_withheld) == (1, 1, ())
