# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.finance import (
    annuity,
    benefit_cost_ratio,
    grant_element,
    internal_rates,
    irr,
    mirr,
    npv,
    payback,
    switching_value,
)

SLOW_START = settings(deadline=None)  # the first call imports scipy
RATES = st.floats(-0.5, 1.0)
FLOWS = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40)


def test_year_zero_is_not_discounted():
    assert npv(0.5, [100.0, 0.0]) == 100.0
    assert npv(0.10, [0.0, 110.0]) == pytest.approx(100.0)


def test_a_missing_flow_is_refused_and_named():
    with pytest.raises(DataError, match="flows of year 1 is nan"):
        npv(0.05, [-1.0, math.nan, 2.0])
    with pytest.raises(DataError, match="flows of year 2 is inf"):
        irr([-1.0, 0.0, math.inf])


@pytest.mark.parametrize("rate", [6, 1.01, -1.0, -6.0, math.nan])
def test_percent_is_refused_with_what_to_write(rate):
    for call in (
        lambda: npv(rate, [1.0, 1.0]),
        lambda: payback([1.0, 1.0], rate),
        lambda: annuity(rate, 3),
        lambda: benefit_cost_ratio([1.0], [1.0], rate),
        lambda: mirr([-1.0, 2.0], rate, 0.1),
        lambda: mirr([-1.0, 2.0], 0.1, rate),
        lambda: grant_element([1.0], face=1.0, rate=rate),
    ):
        with pytest.raises(DataError, match=r"Write 6 % as 0\.06"):
            call()


def test_the_old_order_is_refused_with_the_new_one():
    for flows in ([-100.0, 110.0], np.array([-100.0, 110.0])):
        with pytest.raises(DataError, match=r"the order is npv\(rate, flows\) now"):
            npv(flows, 0.1)
    with pytest.raises(DataError, match=r"the order is annuity\(rate, years\) now"):
        annuity([1.0, 1.0], 3)


def test_one_flow_is_too_few_and_words_are_no_numbers():
    for call in (lambda f: npv(0.1, f), irr, payback, lambda f: mirr(f, 0.1, 0.1)):
        with pytest.raises(DataError, match="at least 2 values were expected, found 1"):
            call([5.0])
        with pytest.raises(DataError, match="a row of numbers was expected"):
            call(["much", "little"])


def test_two_dimensions_are_refused():
    with pytest.raises(DataError, match=r"one row .* \(1, 2\)"):
        npv(0.05, [[1.0, 2.0]])


@given(FLOWS, FLOWS, RATES)
def test_npv_is_linear(a, b, rate):
    size = min(len(a), len(b))
    x, y = np.array(a[:size]), np.array(b[:size])
    scale = np.abs(np.concatenate([x, y])).max() * size * max(1.0, (1 + rate) ** -size) + 1.0
    assert npv(rate, x + 2 * y) == pytest.approx(npv(rate, x) + 2 * npv(rate, y), abs=1e-9 * scale)


@given(FLOWS, RATES)
def test_a_year_of_waiting_divides_by_one_plus_rate(flows, rate):
    scale = max(abs(f) for f in flows) * len(flows) * max(1.0, (1 + rate) ** -(len(flows) + 1)) + 1.0
    assert npv(rate, [0.0, *flows]) == pytest.approx(npv(rate, flows) / (1 + rate), abs=1e-9 * scale)


@SLOW_START
@given(st.lists(st.floats(-0.9, 3.0), min_size=1, max_size=6))
def test_irr_finds_every_root_it_was_made_of(roots):
    roots = sorted(roots)
    growth = np.log1p(np.array(roots))
    assume(len(roots) < 2 or np.diff(growth).min() > 0.05)
    flows = np.poly1d(1.0 + np.array(roots), r=True).coeffs  # product of (growth factor - root)
    found = internal_rates(flows)
    assert found.reason == ""
    assert list(found.roots) == pytest.approx(roots, rel=1e-5, abs=1e-6)


@SLOW_START
@given(st.lists(st.integers(-50, 50), min_size=2, max_size=30))
def test_irr_agrees_with_the_eigenvalues_of_the_companion_matrix(flows):
    """Another method: roots of the polynomial in the discount factor; only those well apart are compared."""
    trimmed = np.trim_zeros(np.array(flows, dtype=float))
    assume(trimmed.size > 1)
    every = np.roots(trimmed)  # in 1 + r
    real = np.sort(every[(np.abs(every.imag) < 1e-7) & (every.real > 1e-3)].real) - 1
    near = np.sort(np.abs(every.imag[(np.abs(every.imag) >= 1e-7) & (every.real > 0)]))
    assume(near.size == 0 or near[0] > 1e-3)
    assume(real.size < 2 or np.diff(real).min() > 1e-3)
    found = np.array(irr(flows))
    assert found[found > -0.999].tolist() == pytest.approx(real.tolist(), rel=1e-5, abs=1e-6)


@SLOW_START
@given(FLOWS)
def test_irr_has_at_most_as_many_roots_as_changes_of_sign(flows):
    paid = [f for f in flows if f != 0]
    changes = sum(a * b < 0 or (a < 0) != (b < 0) for a, b in pairwise(paid))
    assert len(irr(flows)) <= changes


@SLOW_START
@given(st.floats(1.0, 1e6), st.lists(st.floats(0.0, 1e5), min_size=1, max_size=60))
def test_one_outlay_and_gains_after_it_have_one_root(outlay, gains):
    assume(max(gains) > 1e-3)
    found = internal_rates([-outlay, *gains])
    assert len(found.roots) == 1


def test_irr_of_a_hundred_years_of_level_gains():
    # 1000 = 60 x annuity(100 years) solved by hand of the annuity formula
    (rate,) = irr([-1000.0, *[60.0] * 100])
    assert 60.0 * (1 - (1 + rate) ** -100) / rate == pytest.approx(1000.0, rel=1e-10)


@pytest.mark.parametrize(
    ("flows", "reason"),
    [
        ([0.0, 0.0], "all flows are zero"),
        ([-5.0, -1.0], "no year has a net benefit"),
        ([0.0, 3.0, 1.0], "no year has a net cost"),
        ([100.0, -100.0, 100.0], "above zero at every rate"),
        ([-100.0, 100.0, -100.0], "below zero at every rate"),
        ([1.0, -2.2, 1.21], r"touches zero at 0\.1 "),
    ],
)
def test_irr_says_why_there_is_none(flows, reason):
    found = internal_rates(flows)
    assert found.roots == ()
    assert re.search(reason, found.reason)


def test_irr_of_a_triple_root_crosses_once():
    assert irr([-1.0, 3.3, -3.63, 1.331]) == pytest.approx([0.1], abs=1e-3)


SCALES = st.integers(-15, 15).map(lambda e: 10.0**e)
TINY = st.tuples(st.floats(-1, 1), st.integers(-25, 6)).map(lambda p: round(p[0], 6) * 10.0 ** p[1])


@SLOW_START
@given(st.lists(TINY.map(abs), min_size=1, max_size=12), st.lists(TINY.map(abs), min_size=1, max_size=12), SCALES)
@example([1e-12], [1.2e-12], 1e15)
@example([1.0], [1.1, *[1e-16] * 9], 1e-15)
@example([1.0], [1e-10, *[0.0] * 30, 1e-17], 1e7)  # what comes back is the last year's, small as it is
def test_other_money_moves_no_rate(outlays, gains, scale):
    flows = np.array([*(-x for x in outlays), *gains])
    assume((flows < 0).any() and (flows > 0).any())
    small, other = internal_rates(flows), internal_rates(flows * scale)
    assert len(small.roots) == len(other.roots) <= 1
    growth = 1 + np.array(small.roots)
    assert (1 + np.array(other.roots)).tolist() == pytest.approx(growth.tolist(), rel=1e-12, abs=1e-12)


@SLOW_START
@given(st.lists(TINY, min_size=2, max_size=15), st.integers(-900, 900))
def test_twice_the_money_is_the_same_to_the_last_bit(flows, power):
    assert irr(np.ldexp(flows, power)) == irr(flows)


@pytest.mark.parametrize(
    ("flows", "roots"),
    [
        ([-1e-12, 1.2e-12], [0.2]),
        ([-1e-310, 1.5e-310], [0.5]),  # below what most arithmetic keeps
        ([-1.0, *[0.0] * 49, 1e-17], [1e-17**0.02 - 1]),  # fifty years: r = (1e-17)^(1/50) - 1
        ([-100.0, 110.0, 0.0, 0.0, -1e-14], [0.1]),  # dust of a sum makes no second rate
        ([1e-14, -100.0, 110.0], [0.1]),
    ],
)
def test_small_flows_count_and_dust_makes_no_rate(flows, roots):
    assert irr(flows) == pytest.approx(roots, rel=1e-9)


def test_a_rate_that_no_number_holds_is_none():
    for flows in ([1.0, -1e-30], [-1e-320, 1e300]):
        found = internal_rates(flows)
        assert found.roots == ()
        assert "no number can hold" in found.reason


def test_mirr_by_hand_and_without_a_sign():
    # costs 100 + 50 of year 1 brought back; gains 80 of year 2 grown by one year, and 200
    expected = ((80 * 1.2 + 200) / (100 + 50 / 1.1)) ** (1 / 3) - 1
    assert mirr([-100, -50, 80, 200], 0.1, 0.2) == pytest.approx(expected)
    assert math.isnan(mirr([1.0, 2.0], 0.1, 0.1))
    assert math.isnan(mirr([-1.0, -2.0], 0.1, 0.1))


@given(st.floats(-0.5, 0.9), st.integers(1, 30))
def test_mirr_of_one_outlay_and_one_gain_is_its_irr(rate, years):
    flows = [-1.0, *[0.0] * (years - 1), (1 + rate) ** years]
    assert mirr(flows, 0.07, 0.03) == pytest.approx(rate, abs=1e-9)


def test_annuity_by_its_sum_and_by_a_printed_payment():
    for rate, years in ((0.0, 7), (0.06, 20), (-0.02, 5), (1e-12, 30)):
        assert annuity(rate, years) == pytest.approx(sum((1 + rate) ** -t for t in range(1, years + 1)), rel=1e-12)
    # numpy-financial, pmt: 200 000 over 15 years of months at 7.5 % a year are -1854.0247200054619 a month
    assert 200_000 / annuity(0.075 / 12, 12 * 15) == pytest.approx(1854.0247200054619, rel=1e-12)
    with pytest.raises(DataError, match="whole numbers"):
        annuity(0.05, 2.5)


def test_payback_needs_to_last():
    assert payback([-10.0, 20.0, -15.0, 6.0]) == pytest.approx(2 + 5 / 6)  # not 0.5: year 2 falls below again
    assert math.isnan(payback([-10.0, 20.0, -15.0]))
    assert payback([5.0, 1.0]) == 0.0
    assert payback([-3.0, 1.0, 1.0, 1.0]) == 3.0


@given(FLOWS, st.floats(0.0, 0.5))
def test_payback_exists_exactly_where_npv_is_not_negative(flows, rate):
    worth = npv(rate, flows)
    assume(abs(worth) > 1e-6 * max(1.0, *(abs(f) for f in flows)))
    assert math.isnan(payback(flows, rate)) == (worth < 0)


@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=2, max_size=30),
    st.floats(0.0, 0.5),
)
def test_ratio_above_one_is_npv_above_zero(pairs, rate):
    gains, costs = (np.array(side) for side in zip(*pairs, strict=True))
    assume(npv(rate, costs) > 1.0)
    worth = npv(rate, gains - costs)
    assert benefit_cost_ratio(gains, costs, rate) - 1 == pytest.approx(worth / npv(rate, costs), abs=1e-9)


def test_ratio_refuses_what_has_no_meaning():
    with pytest.raises(DataError, match="negative"):
        benefit_cost_ratio([1.0], [-1.0], 0.05)
    with pytest.raises(DataError, match="all costs are zero"):
        benefit_cost_ratio([1.0], [0.0], 0.05)
    with pytest.raises(DataError, match="2 years and costs 1"):
        benefit_cost_ratio([1.0, 1.0], [1.0], 0.05)


def test_switching_value_is_the_nearest_of_several():
    def worth(x):
        return (x - 1.0) * (x - 4.0) * (x - 9.0)

    assert switching_value(worth, 5.0, bracket=(0.0, 10.0)) == pytest.approx(4.0)
    assert switching_value(worth, 8.0, bracket=(0.0, 10.0)) == pytest.approx(9.0)
    assert math.isnan(switching_value(lambda x: 1.0 + x, 1.0, bracket=(0.0, 5.0)))
    with pytest.raises(DataError, match="does not enclose"):
        switching_value(worth, 11.0, bracket=(0.0, 10.0))
    with pytest.raises(DataError, match="not a number"):
        switching_value(lambda x: math.nan, 1.0, bracket=(0.0, 5.0))


@SLOW_START
@given(st.floats(1.0, 1e4), st.floats(0.01, 100.0), st.floats(1.0, 100.0))
def test_switching_value_of_a_linear_parameter_has_a_closed_form(cost, slope, value):
    at, zero = -cost + slope * value, -cost
    expected = value * (1 - at / (at - zero))
    assume(0 < expected < 200 * value)
    found = switching_value(lambda x: -cost + slope * x, value, bracket=(0.0, 200 * value))
    assert found == pytest.approx(expected, rel=1e-6)


def loan(face, rate, grace, years):
    """Interest on what is owed, equal principal in the years after grace; one payment a year."""
    owed, paid = face, []
    for year in range(1, years + 1):
        principal = face / (years - grace) if year > grace else 0.0
        paid.append(owed * rate + principal)
        owed -= principal
    return paid


@given(st.floats(0.0, 0.2), st.integers(0, 10), st.integers(1, 30))
def test_a_loan_at_the_discount_rate_holds_no_gift(rate, grace, more):
    assert grant_element(loan(100.0, rate, grace, grace + more), face=100.0, rate=rate) == pytest.approx(0.0, abs=1e-9)


def test_grant_element_of_a_gift_and_of_half_years():
    assert grant_element([0.0], face=10.0, rate=0.05) == 1.0
    yearly = grant_element([0.0, 110.25], face=100.0, rate=0.05)
    halves = grant_element([0.0, 0.0, 0.0, 110.25], face=100.0, rate=0.05, per_year=2)
    assert yearly == pytest.approx(0.0, abs=1e-12)
    assert halves == pytest.approx(0.0, abs=1e-12)
    with pytest.raises(DataError, match="face value"):
        grant_element([1.0], face=0.0, rate=0.05)
    with pytest.raises(DataError, match="negative"):
        grant_element([-1.0], face=1.0, rate=0.05)
    with pytest.raises(DataError, match="per_year"):
        grant_element([1.0], face=1.0, rate=0.05, per_year=0)
