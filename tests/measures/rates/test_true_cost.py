# SPDX-License-Identifier: Apache-2.0
"""Cash and work apart, work at the wage of the place, charged once; and what dies is planted again. All by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.measures.near import Near
from homeground.measures.rates.pool import NOTHING, ONE, Pooled, pool
from homeground.measures.rates.true_cost import surviving, true_cost

HERE = Near(("NER",), "country")
DAYS = Pooled((10.0, 20.0, 30.0), 3.0, "country", ("NER",), (), "")
WAGE = Pooled((2.0, 3.0, 4.0), 3.0, "country", ("NER",), (), "")


def costs(*totals_and_paid):
    rows = [
        {"place": "NER", "low": total, "mid": total, "high": total, "labour": paid, "quality": 3, "unit": "USD/ha"}
        for total, paid in totals_and_paid
    ]
    return pool(rows, HERE)


def test_paid_work_is_taken_out_and_charged_at_the_wage_of_the_place():
    # Cash 60 and 100; 10 x 2, 20 x 3, 30 x 4 USD of work.
    found = true_cost(costs((100.0, 40.0), (250.0, 150.0)), DAYS, WAGE)
    assert found.cash.tolist() == [60.0, 80.0, 100.0]
    assert found.cost.tolist() == [60.0 + 20, 80.0 + 60, 100.0 + 120]


def test_work_inside_a_total_is_not_charged_twice():
    found = true_cost(costs((100.0, np.nan), (130.0, np.nan)), DAYS, WAGE)
    # 20, 60 and 120 USD of work lie within 100 and 130, but for the 120 of the upper end in the 100.
    assert found.cost.tolist() == [100.0, 115.0, 130.0]
    assert found.cash[1] == 115.0 - 60.0
    assert found.labour_quality == 3.0  # of the totals: no work was added


def test_a_total_below_the_work_at_that_wage_is_raised_to_it():
    dear = WAGE._replace(ends=(10.0, 10.0, 10.0), quality=5.0)
    found = true_cost(costs((50.0, np.nan), (70.0, np.nan)), DAYS, dear)
    assert found.cost.tolist() == [100.0, 200.0, 300.0]
    assert found.cash.tolist() == [0.0, 0.0, 0.0]
    assert found.labour_quality == 5.0


def test_one_record_is_half_to_double_of_its_cash():
    only = costs((100.0, 40.0))
    assert only.note == ONE
    found = true_cost(only, DAYS, WAGE)
    assert found.cash.tolist() == [30.0, 60.0, 120.0]
    assert found.cost.tolist() == [50.0, 120.0, 240.0]


@pytest.mark.parametrize("wage", [None, NOTHING])
def test_without_a_wage_the_totals_stand_as_published(wage):
    found = true_cost(costs((100.0, 40.0), (250.0, 150.0)), DAYS, wage)
    assert found.cost.tolist() == [100.0, 175.0, 250.0]
    assert "as published" in found.note


def test_an_own_total_stands():
    own = costs((100.0, np.nan))._replace(ends=(90.0, 100.0, 110.0), how="own")
    found = true_cost(own, DAYS, WAGE._replace(ends=(9.0, 9.0, 9.0)), own=True)
    assert found.cost.tolist() == [90.0, 100.0, 110.0]
    assert found.cash.min() == 0.0


def test_the_cost_of_a_hectare_that_survives():
    planted = true_cost(costs((100.0, 40.0), (250.0, 150.0)), DAYS, WAGE)
    found = surviving(planted, Pooled((0.2, 0.5, 0.8), 4.0, "world", ("KAZ",), (), ""))
    assert found.cost.tolist() == [80 / 0.8, 140 / 0.5, 220 / 0.2]
    assert found.cash.tolist() == [60 / 0.8, 80 / 0.5, 100 / 0.2]
    assert found.quality == 4.0
    unknown = surviving(planted, NOTHING)
    assert unknown.cost.tolist() == planted.cost.tolist()
    assert unknown.note.endswith("as planted")


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.floats(1, 1e4), st.one_of(st.none(), st.floats(0, 1))), min_size=1, max_size=6),
    st.floats(0.1, 50),
    st.floats(0.1, 30),
)
def test_ends_rise_and_cost_is_never_below_the_work(rows, days, wage):
    known = [(total, np.nan if share is None else share * total) for total, share in rows]
    work = DAYS._replace(ends=(days / 2, days, days * 2))
    paid = WAGE._replace(ends=(wage / 2, wage, wage * 2))
    found = true_cost(costs(*known), work, paid)
    labour = np.array(work.ends) * np.array(paid.ends)
    assert (np.diff(found.cost) >= -1e-9 * found.cost.max()).all()
    assert (np.diff(found.cash) >= 0).all()
    assert (found.cost >= labour - 1e-9).all()
    assert found.cash[1] + labour[1] == pytest.approx(found.cost[1])
