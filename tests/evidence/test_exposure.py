# SPDX-License-Identifier: Apache-2.0
"""People exposed in all regions: a country keeps its sum while its regions move within their intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from homeground.evidence.exposure import total_exposed


def regions(rows):
    columns = ["iso3", "population", "population_low", "population_high", "exposed", "exposed_low", "exposed_high"]
    return pd.DataFrame(rows, columns=columns)


def test_a_country_that_is_dry_throughout_has_as_many_as_it_has_people():
    dry = [("MNG", 30, 12, 75, 30, 12, 75), ("MNG", 70, 28, 175, 70, 28, 175)]
    assert total_exposed(regions(dry)) == (100, 100, 100)


def test_countries_keep_their_own_sums_and_a_hidden_count_is_none():
    rows = [
        ("A", 10, 5, 20, 10, 5, 20),
        ("B", 10, 5, 20, 0, 0, 0),
        ("B", np.nan, np.nan, np.nan, np.nan, np.nan, np.nan),
    ]
    assert total_exposed(regions(rows)) == (10, 10, 10)


part = st.tuples(*[st.floats(0.01, 1000), st.floats(1, 3), st.floats(1, 3), st.floats(0, 1), st.floats(0, 1)])


@given(st.lists(part, min_size=1, max_size=6))
def test_ends_are_those_of_a_linear_programme(parts):
    """The most and the least of the shares times the people, whose sum is the country's, by another hand."""
    rows = []
    for people, below, above, a, b in parts:
        least, most, (low, high) = people / below, people * above, sorted((a, b))
        rows.append(("A", people, least, most, people * (low + high) / 2, least * low, most * high))
    table = regions(rows)
    value, low, high = total_exposed(table)
    bounds = list(zip(table["population_low"], table["population_high"], strict=True))
    ones, whole = np.ones((1, len(rows))), [table["population"].sum()]
    shares = {end: table[f"exposed_{end}"] / table[f"population_{end}"] for end in ("low", "high")}
    by_hand = {
        end: linprog(sign * shares[end], A_eq=ones, b_eq=whole, bounds=bounds).fun * sign
        for end, sign in (("low", 1), ("high", -1))
    }
    assert low == pytest.approx(min(by_hand["low"], value), rel=1e-6, abs=1e-6)
    assert high == pytest.approx(max(by_hand["high"], value), rel=1e-6, abs=1e-6)
    assert high <= whole[0] * (1 + 1e-9)
