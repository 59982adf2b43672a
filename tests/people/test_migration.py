# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.people.migration import (
    balance_to_total,
    net_migration,
    net_migration_children,
    net_migration_survival,
)

counts = st.one_of(st.just(0.0), st.floats(0.001, 1e8))


def test_alabama_1960_to_1970():
    # published worked example, two census groups of Alabama
    index = ["white female", "white male"]
    found = net_migration(
        pd.Series([1_159_548.0, 1_124_061.0], index),
        pd.Series([1_298_342.0, 1_235_489.0], index),
        pd.Series([224_034.0, 236_481.0], index),
        pd.Series([86_880.0, 123_220.0], index),
        years=10,
    )
    assert found["change"].tolist() == [138_794, 111_428]
    assert found["natural_change"].tolist() == [137_154, 113_261]
    assert found["net_migration"].tolist() == [1_640, -1_833]
    assert found.loc["white female", "rate"] == pytest.approx(1000 * 1640 / 1_228_945 / 10)
    assert found["sd"].isna().all()
    assert found["distinguishable"].isna().all()


def test_errors_of_two_large_counts_drown_a_small_difference():
    # 2 % of 500 000 twice: sd = 10 000 * sqrt(2) = 14 142; 1.64 sd = 23 193
    found = net_migration(
        [500_000, 500_000], [523_000, 523_500], [10_000, 10_000], [10_000, 10_000], sd_start=10_000, sd_end=[1e4, 1e4]
    )
    assert found["sd"].round().tolist() == [14_142, 14_142]
    assert found["distinguishable"].tolist() == [False, True]
    assert found.loc[0, "low"] == pytest.approx(23_000 - 1.64 * 14_142.1356)


def test_missing_stays_missing():
    found = net_migration([1.0, np.nan], [2.0, 3.0], [0.0, 0.0], [0.0, 0.0], sd_end=1.0)
    assert found["net_migration"].isna().tolist() == [False, True]
    assert found["distinguishable"].isna().tolist() == [False, True]


def test_other_places_negative_counts_and_lengths_are_refused():
    a, b = pd.Series([1.0], ["x"]), pd.Series([1.0], ["y"])
    with pytest.raises(DataError, match="another index"):
        net_migration(a, b, a, a)
    with pytest.raises(DataError, match="deaths must not be negative"):
        net_migration([1.0], [1.0], [1.0], [-1.0])
    with pytest.raises(DataError, match="one length"):
        net_migration([1.0, 2.0], [1.0], [1.0], [1.0])
    with pytest.raises(DataError, match="sd_end"):
        net_migration([1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [1.0, 2.0], sd_end=[1.0, 2.0, 3.0])


@given(st.lists(st.tuples(counts, counts, counts, counts), min_size=1, max_size=20))
def test_population_is_accounted_for(rows):
    p0, p1, births, deaths = np.array(rows).T
    found = net_migration(p0, p1, births, deaths)
    explained = found["natural_change"] + found["net_migration"]
    assert explained.to_numpy() == pytest.approx(found["change"].to_numpy(), abs=1e-6)


def test_children_follow_women():
    assert net_migration_children(400, 1000, -50, weight=0.75) == -15
    with pytest.raises(DataError):
        net_migration_children(400, 0, -50, weight=0.75)


def test_survival_above_zero_is_needed():
    with pytest.raises(DataError, match="above 0"):
        net_migration_survival([10.0], [10.0], [0.0])


@given(counts, counts, st.floats(0.1, 1.0))
def test_reverse_is_forward_before_deaths(p0, p1, survival):
    found = net_migration_survival([p0], [p1], [survival]).iloc[0]
    assert found["forward"] == pytest.approx(survival * found["reverse"], abs=1e-4)


def test_balance_worked_example():
    # x, target 0: worked example of the field (S = 405)
    found = balance_to_total([-200, -30, -5, 0, 10, 20, 60, 80], 0)
    expected = [-172.340426, -25.851064, -4.308511, 0, 11.911765, 23.823529, 71.470588, 95.294118]
    assert found.tolist() == pytest.approx(expected, abs=1e-6)


def test_balance_refuses_what_would_turn_a_sign():
    with pytest.raises(DataError, match="without turning a sign"):
        balance_to_total([-5.0, 5.0], 11)
    with pytest.raises(DataError, match="without turning a sign"):
        balance_to_total([5.0, 5.0], -1)
    with pytest.raises(DataError, match="without turning a sign"):
        balance_to_total([0.0, 0.0], 1)


signed = st.one_of(st.just(0.0), st.floats(1, 1e6), st.floats(-1e6, -1))


@given(st.lists(signed, min_size=2, max_size=30), st.floats(-1, 1))
def test_balance_reaches_the_total_and_keeps_signs(values, part):
    moved = float(np.abs(values).sum())
    both = max(values) > 0 > min(values)
    total = part * moved if both else sum(values) * abs(part)
    found = balance_to_total([*values, np.nan], total)
    assert np.isnan(found.iloc[-1])
    assert np.nansum(found) == pytest.approx(total, abs=1e-6 * max(moved, 1))
    assert (found.iloc[:-1].to_numpy() * np.array(values) >= 0).all()
    if both:
        assert np.nansum(np.abs(found)) == pytest.approx(moved)
