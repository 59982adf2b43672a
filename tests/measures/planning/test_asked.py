# SPDX-License-Identifier: Apache-2.0
"""Rules as they are asked for: what may be asked, and how a place that is not there is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.measures.planning.rules.asked import Rule, for_each, read_rules, row_of


@pytest.mark.parametrize("amount", [0, 0.5, 1e9])
def test_a_cap_may_be_of_nothing_or_of_any_amount(amount):
    assert read_rules([{"kind": "cap", "of": "hectares", "amount": amount}])[0].amount == amount


@pytest.mark.parametrize("amount", [-0.5, np.inf, np.nan])
def test_an_amount_below_nothing_or_without_end_is_refused(amount):
    with pytest.raises(DataError, match="an amount of 0 or more was expected"):
        read_rules([{"kind": "cap", "of": "hectares", "amount": amount}])


def test_a_place_that_is_not_there_is_told_with_eight_that_are():
    columns = {"region_id": [f"R{n}" for n in range(1, 10)]}
    with pytest.raises(DataError) as told:
        for_each([Rule("cap", amount=1.0, over="region_id", where="R0")], columns)
    assert "name one of R1, R2, R3, R4, R5, R6, R7, R8." in str(told.value)


def test_a_share_of_one_place_is_of_the_work_there():
    """Of 2 and 4 person-days a km2 women do four tenths and one tenth; in Niger three tenths are asked."""
    by_start = {"women_share": np.array([0.4, 0.1]), "person_days": np.array([[2.0], [4.0]])}
    groups = pd.DataFrame({"iso3": ["NER", "MLI"]})
    row = row_of(Rule("share", part=0.3, group="women", over="iso3", where="NER"), groups, by_start, 9.0)
    assert row.by_start == pytest.approx(np.array([[0.1 * 2], [0.0]]))
    assert (row.sign, row.right, row.scale, row.unit) == (">", 0.0, 1e3, "person-days")
    everywhere = row_of(Rule("share", part=0.3, group="women"), groups, by_start, 9.0)
    assert everywhere.by_start == pytest.approx(np.array([[0.1 * 2], [-0.2 * 4]]))


def test_a_cap_of_no_part_leaves_nothing():
    groups, by_start = pd.DataFrame({"iso3": ["NER", "MLI"]}), {"money": np.array([[2.0], [3.0]])}
    row = row_of(Rule("cap", part=0.0, over="iso3", where="MLI"), groups, by_start, 9.0)
    assert (row.by_start.tolist(), row.sign, row.right, row.part) == ([[0.0], [3.0]], "<", 0.0, 0.0)


def test_parts_of_money_are_of_the_budget_and_parts_of_land_of_all_land():
    groups = pd.DataFrame({"iso3": ["NER", "MLI"]})
    by_start = {"money": np.array([[2.0], [3.0]]), "hectares": np.array([[1.0, 2.0], [1.0, 4.0]])}
    money = row_of(Rule("floor", part=0.25, over="iso3", where="NER"), groups, by_start, 8.0)
    assert (money.by_start.tolist(), money.sign, money.right, money.part) == ([[2.0], [0.0]], ">", 2.0, 0.25)
    land = row_of(Rule("cap", "hectares", part=0.25, over="iso3", where="NER"), groups, by_start, 8.0)
    assert (land.by_start.tolist(), land.right, land.part) == ([[0.75, 1.5], [-0.25, -1.0]], 0.0, None)


@pytest.mark.parametrize(
    ("of", "amount", "right", "scale", "unit"),
    [
        ("money", 3e6, 3.0, 1e6, "USD"),  # million USD
        ("hectares", 3e4, 300.0, 100.0, "ha"),  # km2
        ("person_days", 3e4, 30.0, 1e3, "person-days"),  # thousands
        ("water", 3e6, 3.0, 1e6, "m3"),  # million m3
    ],
)
def test_an_amount_is_brought_to_what_the_programme_counts_in(of, amount, right, scale, unit):
    row = row_of(Rule("cap", of, amount=amount), pd.DataFrame({"iso3": ["NER"]}), {of: np.array([[5.0]])}, 9.0)
    assert (row.right, row.scale, row.unit) == (right, scale, unit)
    assert row.by_start.tolist() == [[5.0]]


def test_a_rule_asked_for_twice_is_told_and_once_is_not():
    once = Rule("cap", amount=1.0, over="iso3", where="NER")
    assert for_each([once], {"iso3": ["NER"]}) == [once]
    with pytest.raises(DataError, match="iso3=NER is asked for twice"):
        for_each([once, Rule("cap", amount=2.0, over="iso3", where="NER")], {"iso3": ["NER"]})
