# SPDX-License-Identifier: Apache-2.0
"""Money shared out: within what is there and what is missing, by at most three, and never above the best that could be."""

from __future__ import annotations

import itertools
import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.accelerator.matching import made

from homeground.accelerator.matching.allocation import FUNDERS, Link, bound, greedy, value
from homeground.accelerator.matching.match import match

LINKS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.sampled_from([0.2, 0.5, 0.9]), st.sampled_from([0, 3, 6]), st.integers(6, 12)),
    max_size=12, unique_by=lambda link: link[:2],
).map(lambda rows: [Link(*row) for row in rows])  # fmt: skip
AMOUNTS = st.lists(st.integers(0, 20), min_size=5, max_size=5)


@settings(max_examples=30)
@given(LINKS, AMOUNTS, AMOUNTS)
def test_greedy_keeps_to_all_limits_and_stays_below_the_bound(links, gaps, budgets):
    found = greedy(links, gaps, budgets)
    for place, limits in (("need", gaps), ("offer", budgets)):
        for i, limit in enumerate(limits):
            assert sum(amount for k, amount in found.items() if getattr(links[k], place) == i) <= limit
    for i in range(5):
        assert sum(links[k].need == i for k in found) <= FUNDERS
    assert all(links[k].low <= amount <= links[k].high and amount > 0 for k, amount in found.items())
    assert value(links, found) <= bound(links, gaps, budgets).value + 1e-6


def best_of_all(links: list[Link], gaps: list[int], budgets: list[int]) -> float:
    """The best choice in whole units, by trying all amounts."""
    most = 0.0
    for amounts in itertools.product(*([0, *range(max(link.low, 1), link.high + 1)] for link in links)):
        chosen = {k: amount for k, amount in enumerate(amounts) if amount}
        fits = all(
            sum(a for k, a in chosen.items() if getattr(links[k], place) == i) <= limit
            for place, limits in (("need", gaps), ("offer", budgets))
            for i, limit in enumerate(limits)
        )
        if fits and all(sum(links[k].need == i for k in chosen) <= FUNDERS for i in range(len(gaps))):
            most = max(most, value(links, chosen))
    return most


@pytest.mark.parametrize("seed", range(6))
def test_the_bound_is_that_of_trying_all(seed):
    draw = random.Random(seed)  # noqa: S311 (a made question)
    links = [Link(i, j, draw.choice([0.3, 0.6, 0.9]), draw.choice([0, 2, 3]), draw.randint(3, 5)) for i in range(2) for j in range(2)]  # fmt: skip
    gaps, budgets = [draw.randint(2, 7) for _ in range(2)], [draw.randint(2, 7) for _ in range(2)]
    best = best_of_all(links, gaps, budgets)
    told = bound(links, gaps, budgets).value
    assert told >= best - 1e-6
    assert told <= best * 1.005 + 1e-6  # the gap at which the solver may stop


def test_four_willing_funders_are_three_too_many_for_one_more():
    links = [Link(0, j, 0.9 - j / 10, 0, 10) for j in range(4)]
    assert greedy(links, [100], [10] * 4) == {0: 10, 1: 10, 2: 10}


def test_no_bound_is_told_where_there_are_too_many_pairs():
    told = bound([Link(0, 0, 0.5, 0, 1)] * 4001, [1], [1])
    assert pd.isna(told.value)
    assert "4000" in told.said


@settings(max_examples=25)
@given(made.tables(), made.tables())
def test_what_match_shares_out_is_within_gaps_and_budgets(offers, needs):
    tables = match(offers, needs)
    given_ = tables["allocation"]
    for table, side in ((offers, "offer"), (needs, "need")):
        limits = table.set_index("profile")["total_minor"].fillna(table.set_index("profile")["largest_minor"])
        for name, amount in given_.groupby(side)["amount_minor"].sum().items():
            assert amount <= limits[name]
    assert (given_.groupby("need").size() <= FUNDERS).all()
    assert (
        given_["amount_minor"].sum()
        == tables["totals"]["amount_minor"].sum()
        == tables["open_needs"]["given_minor"].sum()
    )
    reached = (given_["amount_minor"] * given_["score"]).sum()
    assert len(tables["bounds"]) <= 1
    assert all(reached <= most + 1e-3 for most in tables["bounds"]["bound"])


def test_grants_and_loans_are_never_added_up():
    offers = made.table({"profile": "G"}, {"profile": "L", "instrument": "loan"})
    needs = made.table({"profile": "N", "instrument": "grant"}, {"profile": "M", "instrument": "loan"})
    totals = match(offers, needs)["totals"].set_index("instrument")["amount_minor"].to_dict()
    assert totals == {"grant": 1000_00, "loan": 1000_00}


def test_a_least_amount_does_not_become_less_by_changing_it_into_dollars():
    rates = pd.DataFrame({"currency": ["XOF"], "year": [2025], "usd": [0.0017]})
    needs = made.table({"currency": "XOF", "smallest_minor": 1001, "largest_minor": 9000})  # 1.7017 dollars at least
    offers = made.table({"currency": "USD", "smallest_minor": None, "largest_minor": 10_00, "total_minor": 1_70})
    assert not len(match(offers, needs, exchange_rates=rates)["allocation"])  # 1.70 are less
    enough = offers.assign(total_minor=1_71)
    assert match(enough, needs, exchange_rates=rates)["allocation"]["amount_minor"].tolist() == [1_71]


def test_money_without_a_rate_is_shared_out_in_its_own_currency():
    offers = made.table({"profile": "E"}, {"profile": "X", "currency": "XOF"}, {"profile": "U", "currency": "USD"})
    tables = match(offers, offers.assign(organisation=None))
    assert tables["allocation"][["need", "offer", "currency"]].values.tolist() == [
        ["E", "E", "EUR"], ["U", "U", "USD"], ["X", "X", "XOF"],
    ]  # fmt: skip
