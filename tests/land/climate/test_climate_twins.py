# SPDX-License-Identifier: Apache-2.0
"""Demand for water month by month in plain arithmetic, and laws of climate that must hold."""

from __future__ import annotations

import math
from calendar import monthrange

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from homeground.land import aridity_index, pet_hargreaves, pet_penman_monteith, pet_thornthwaite

DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
SEED = st.integers(0, 2**32 - 1)


def normals(values, units):
    return xr.DataArray(np.asarray(values, float), {"month": range(1, 13)}, attrs={"units": units})


def monthly(values, units, first="2000-01-01"):
    time = pd.date_range(first, periods=len(values), freq="MS")
    return xr.DataArray(np.asarray(values, float), {"time": time}, attrs={"units": units})


def sun(day, latitude):
    """Hours of day, and sunlight at the top of the air (MJ/m2), FAO-56 equations 21 to 25 and 34 in short form."""
    phi, tilt = math.radians(latitude), 0.409 * math.sin(0.0172 * day - 1.39)
    sunset = math.acos(max(-1.0, min(1.0, -math.tan(phi) * math.tan(tilt))))
    height = sunset * math.sin(phi) * math.sin(tilt) + math.cos(phi) * math.cos(tilt) * math.sin(sunset)
    return 24 / math.pi * sunset, 37.6 * (1 + 0.033 * math.cos(0.0172 * day)) * height


def vapour(t):
    return 0.6108 * math.exp(17.27 * t / (t + 237.3))


@settings(deadline=None, max_examples=40)
@given(SEED, st.floats(-80, 80), st.sampled_from(["thornthwaite", "willmott"]))
def test_thornthwaite_month_by_month(seed, latitude, hot):
    rng = np.random.default_rng(seed)
    t = rng.uniform(-15, 35) + rng.uniform(0, 12) * np.cos(np.arange(12) * np.pi / 6)
    heat = sum((max(x, 0) / 5) ** 1.514 for x in t)
    power = 6.75e-7 * heat**3 - 7.71e-5 * heat**2 + 1.792e-2 * heat + 0.49239
    expected = []
    for m in range(12):
        day = sum(DAYS[:m]) + 15
        tilt = 0.4093 * math.sin(2 * math.pi * day / 365 - 1.405)
        hours = 24 / math.pi * math.acos(max(-1, min(1, -math.tan(math.radians(latitude)) * math.tan(tilt))))
        standard = 16 * (10 * max(t[m], 0) / heat) ** power if heat else 0.0
        if hot == "willmott" and t[m] > 26.5:
            held = min(t[m], 32.24 / 0.86)
            standard = -415.85 + 32.24 * held - 0.43 * held**2
        expected.append(standard * hours / 12 * DAYS[m] / 30)
    found = pet_thornthwaite(normals(t, "degC"), latitude, hot=hot)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


@settings(deadline=None, max_examples=40)
@given(SEED, st.floats(-80, 80))
def test_hargreaves_month_by_month_of_real_years(seed, latitude):
    rng = np.random.default_rng(seed)
    low = rng.uniform(-20, 25, 26)
    high, mean = low + rng.uniform(0, 20, 26), low + rng.uniform(0, 10, 26)
    expected = []
    for k in range(26):
        year, m = 2000 + k // 12, k % 12 + 1
        days = monthrange(year, m)[1]
        day = pd.Timestamp(year, m, 14 if days == 28 else 15).day_of_year
        _, above = sun(day, latitude)
        expected.append(max(0.0, 0.0023 * 0.408 * above * (mean[k] + 17.8) * math.sqrt(high[k] - low[k])) * days)
    found = pet_hargreaves(*(monthly(t, "degC") for t in (low, high)), latitude, tmean=monthly(mean, "degC"))
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10)


@settings(deadline=None, max_examples=40)
@given(SEED, st.floats(-60, 60), st.floats(0, 4000), st.booleans())
def test_penman_month_by_month(seed, latitude, height, dated):
    rng = np.random.default_rng(seed)
    n = 14 if dated else 12
    low, wind, moist = rng.uniform(-5, 20, n), rng.uniform(0, 6, n), rng.uniform(0.2, 1, n)
    bright = rng.uniform(0, 1, n)  # of the day, and a little beyond it, as files round
    high = low + rng.uniform(2, 15, n)
    mean, expected = (low + high) / 2, []
    for k in range(n):
        m = k % 12
        days = DAYS[m]  # 2001 and 2002 have no 29 February
        day = sum(DAYS[:m]) + (14 if dated and days == 28 else 15)
        hours, above = sun(day, latitude)
        bright[k] = bright[k] * (hours + 0.09)
        got = (0.25 + 0.5 * min(bright[k] / hours, 1)) * above
        es = (vapour(low[k]) + vapour(high[k])) / 2
        ea = moist[k] * es
        clear = min(got / ((0.75 + 2e-5 * height) * above), 1)
        heat = 4.903e-9 * ((low[k] + 273.16) ** 4 + (high[k] + 273.16) ** 4) / 2
        net = 0.77 * got - heat * (0.34 - 0.14 * math.sqrt(ea)) * (1.35 * clear - 0.35)
        if dated and k == 0:
            soil = 0.14 * (mean[1] - mean[0])
        elif dated and k == n - 1:
            soil = 0.14 * (mean[k] - mean[k - 1])
        else:
            soil = 0.07 * (mean[(k + 1) % n] - mean[k - 1])
        slope = 4098 * vapour(mean[k]) / (mean[k] + 237.3) ** 2
        g = 0.665e-3 * 101.3 * ((293 - 0.0065 * height) / 293) ** 5.26
        top = 0.408 * slope * (net - soil) + g * 900 / (mean[k] + 273) * wind[k] * (es - ea)
        expected.append(max(0.0, top / (slope + g * (1 + 0.34 * wind[k]))) * days)

    def make(values, units):
        return monthly(values, units, "2001-01-01") if dated else normals(values, units)

    found = pet_penman_monteith(
        make(low, "degC"), make(high, "degC"), latitude, wind=make(wind, "m s-1"), elevation=height,
        sunshine=make(bright, "h/day"), humidity=make(moist, "1"),
    )  # fmt: skip
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@given(st.floats(-60, 60), st.floats(0, 25), st.floats(1, 20), st.floats(0.1, 8))
def test_dry_wind_and_heat_ask_for_more_water(latitude, low, reach, wind):
    def demand(low=low, reach=reach, wind=wind, moist=0.5):
        return pet_penman_monteith(
            normals([low] * 12, "degC"), normals([low + reach] * 12, "degC"), latitude, elevation=100.0,
            wind=normals([wind] * 12, "m s-1"), radiation=normals([18.0] * 12, "W m-2"),
            humidity=normals([moist] * 12, "1"),
        )  # fmt: skip

    # Less moisture lets more heat out, but dries more where there is wind enough.
    assume(wind > 2)
    assert (demand(moist=0.3) >= demand(moist=0.9) - 1e-9).all()
    assert (demand(wind=wind * 2, moist=0.2) >= demand(moist=0.2) - 1e-9).all()
    tmin, tmax = normals([low] * 12, "degC"), normals([low + reach] * 12, "degC")
    assert (pet_hargreaves(tmin, (tmax + 1).assign_attrs(units="degC"), latitude)
            >= pet_hargreaves(tmin, tmax, latitude)).all()  # fmt: skip


@given(SEED)
def test_aridity_is_a_ratio_of_plain_sums(seed):
    rng = np.random.default_rng(seed)
    rain, demand = rng.uniform(0, 200, 12), rng.uniform(1, 200, 12)
    found = aridity_index(normals(rain, "mm/month"), normals(demand, "mm/month"))
    assert found.item() == pytest.approx(math.fsum(rain) / math.fsum(demand), rel=1e-12)
