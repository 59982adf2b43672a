# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.finance import MoneyRow, benefit_cost_ratio, irr, net_money, npv, real_rate, xirr, xnpv
from homeground.finance.dated import dated_rates

# Microsoft, "XNPV function" and "XIRR function": the printed results are 2086.65 and 0.373362535.
FLOWS = [-10000, 2750, 4250, 3250, 2750]
DAYS = ["2008-01-01", "2008-03-01", "2008-10-30", "2009-02-15", "2009-04-01"]


def test_the_example_of_a_spreadsheets_manual():
    assert xnpv(0.09, FLOWS, DAYS) == pytest.approx(2086.65, abs=0.005)
    assert xirr(FLOWS, DAYS) == pytest.approx((0.373362535,), abs=1e-8)


def test_years_of_365_days_are_years():
    first = dt.date(2021, 3, 1)
    days = [first + dt.timedelta(days=365 * t) for t in range(4)]
    flows = [-100.0, 20.0, 60.0, 70.0]
    assert xnpv(0.07, flows, days) == pytest.approx(npv(0.07, flows), rel=1e-14)
    assert xirr(flows, days) == pytest.approx(irr(flows), rel=1e-12)


def test_all_rates_of_flows_by_date_and_of_two_on_one_day():
    days = [dt.date(2021, 1, 1), dt.date(2022, 1, 1), dt.date(2023, 1, 1)]
    assert xirr([-100.0, 230.0, -132.0], days) == pytest.approx((0.1, 0.2))
    twice = [days[0], days[0], days[1]]  # -150 + 50 on one day, 110 a year later
    assert xirr([-150.0, 50.0, 110.0], twice) == pytest.approx((0.1,))
    assert xirr([-1.0, -2.0], days[:2]) == ()
    assert "no year has a net benefit" in dated_rates([-1.0, -2.0], days[:2]).reason


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-100_000, 100_000), st.integers(0, 900)), min_size=2, max_size=12))
def test_at_each_rate_found_the_flows_are_worth_nothing(pairs):
    start = dt.date(2020, 1, 1)
    days = np.cumsum([gap for _, gap in pairs])
    flows = [flow for flow, _ in pairs]
    dates = [start + dt.timedelta(days=int(day)) for day in days]
    for rate in (r for r in xirr(flows, dates) if r > -0.999999):  # nearer to -1 a number holds too few digits
        worth = np.array(flows) * (1.0 + rate) ** (-(days - days[0]) / 365.0)
        assert abs(worth.sum()) <= 1e-6 * np.abs(worth).sum()


def test_dates_that_cannot_be_used_are_told_at_once():
    with pytest.raises(DataError) as told:
        xnpv(0.05, [1.0, 2.0, 3.0, 4.0], ["2008-05-01", "soon", "2008-04-01"])
    text = str(told.value)
    assert "one for each of 4 flows was expected, found 3" in text
    assert 'number 2 is "soon"' in text
    assert "number 3, 2008-04-01, is before 2008-05-01" in text
    with pytest.raises(DataError, match=r"the order is xnpv\(rate, flows, dates\) now"):
        xnpv(FLOWS, DAYS, 0.09)
    with pytest.raises(DataError, match=r"Write 6 % as 0\.06"):
        xnpv(9, FLOWS, DAYS)
    with pytest.raises(DataError, match="at least 2"):
        xirr([1.0], DAYS[:1])
    with pytest.raises(DataError, match="flows of year 1 is nan"):
        xirr([1.0, float("nan")], DAYS[:2])


def test_money_says_what_it_is_or_is_refused():
    costs = MoneyRow([100.0, 5.0], "XOF", "real", 2023)
    gains = MoneyRow([0.0, 120.0], "XOF", "real", 2023)
    assert net_money(gains, costs).amounts == (-100.0, 115.0)
    assert irr(net_money(gains, costs)) == pytest.approx((0.15,))
    assert benefit_cost_ratio(gains, costs, 0.0) == pytest.approx(120 / 105)
    other = MoneyRow([0.0, 120.0], "EUR", "nominal")
    with pytest.raises(DataError) as told:
        benefit_cost_ratio(other, costs, 0.05)
    assert "currencies EUR and XOF" in str(told.value)
    assert "real and nominal" in str(told.value)
    with pytest.raises(DataError, match="prices of 2020 and 2023"):
        net_money(MoneyRow([0.0, 1.0], "XOF", "real", 2020), costs)
    with pytest.raises(DataError, match="2 years and costs 3"):
        net_money(gains, MoneyRow([1.0, 1.0, 1.0], "XOF", "real", 2023))
    with pytest.raises(DataError) as several:
        MoneyRow([1.0], "francs", "current", 2020)
    assert "three capital letters" in str(several.value)
    assert "real or nominal was expected" in str(several.value)
    with pytest.raises(DataError, match="needs the year"):
        MoneyRow([1.0], "XOF")
    with pytest.raises(DataError, match="has no price year"):
        MoneyRow([1.0], "XOF", "nominal", 2020)


@given(st.floats(-0.05, 0.5), st.floats(-0.05, 0.5), st.lists(st.floats(-1e4, 1e4), min_size=2, max_size=20))
def test_nominal_flows_at_a_nominal_rate_are_real_ones_at_the_real_rate(nominal, inflation, flows):
    grown = np.array(flows) * (1 + inflation) ** np.arange(len(flows))
    scale = np.abs(flows).max() * len(flows) * 4 + 1.0
    assert npv(nominal, grown) == pytest.approx(npv(real_rate(nominal, inflation), flows), abs=1e-9 * scale)


def test_percent_of_inflation_is_refused():
    with pytest.raises(DataError, match="inflation is 3"):
        real_rate(0.08, 3)
