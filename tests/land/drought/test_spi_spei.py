# SPDX-License-Identifier: Apache-2.0
"""SPI and SPEI: against scipy's distributions, dry months, gaps, units, months, and laws that must hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import gamma, norm

from homeground.errors import DataError
from homeground.land import drought_class, spei, spi

RNG = np.random.default_rng(7)


def monthly(values, start="1981-01-01", units="mm/month"):
    values = np.asarray(values, float)
    time = pd.date_range(start, periods=values.shape[0], freq="MS")
    return xr.DataArray(values, {"time": time}, dims=("time", "y", "x")[: values.ndim], attrs={"units": units})


def by_year(values):
    """A series whose twelve months are all the same within a year."""
    return monthly(np.repeat(np.asarray(values, float), 12))


def june(index):
    return index[index["time.month"] == 6].values


def test_gamma_by_thom_is_scipys_gamma_with_thoms_shape():
    rain = RNG.gamma(2.0, 30.0, 40)
    a = np.log(rain.mean()) - np.log(rain).mean()
    shape = (1 + np.sqrt(1 + 4 * a / 3)) / (4 * a)
    expected = norm.ppf(gamma.cdf(rain, shape, scale=rain.mean() / shape))
    np.testing.assert_allclose(june(spi(by_year(rain), 1)), expected, atol=1e-9)


def test_the_window_sums_the_months_behind():
    rain = RNG.gamma(2.0, 30.0, 480)
    sums = np.convolve(rain, np.ones(6))[:480]
    whole = spi(monthly(rain), 6)
    assert whole[:5].isnull().all()
    assert whole[5:].notnull().all()
    np.testing.assert_allclose(whole[12:], spi(monthly(sums)[12:], 1, min_years=30), atol=0.2)  # one year less to fit
    own = np.arange(5, 480, 12)
    np.testing.assert_allclose(whole[own], june(spi(by_year(sums[own]), 1)), atol=1e-9)


@pytest.mark.parametrize(
    ("zeros", "expected"),
    [
        ("classic", -0.841621),  # Phi^-1(0.2)
        ("center_of_mass", -1.281552),  # Phi^-1(0.1)
        ("mean_zero", -1.399810),  # -phi(-0.841621) / 0.2 = -0.279962 / 0.2
    ],
)
def test_dry_months_have_their_place(zeros, expected):
    rain = np.where(np.arange(30) % 5 == 0, 0.0, RNG.gamma(2.0, 30.0, 30))
    index = june(spi(by_year(rain), 1, zeros=zeros))
    np.testing.assert_allclose(index[rain == 0], expected, atol=1e-6)
    assert (index[rain > 0] > -0.841622).all()


def test_a_month_without_enough_rain_has_no_index():
    # Rain in three of thirty years only: nothing to fit; four: fitted, and months without rain are usual.
    three, four = np.zeros(30), np.zeros(30)
    three[[3, 9, 20]], four[[3, 9, 20, 25]] = [5, 9, 2], [5, 9, 2, 7]
    assert np.isnan(june(spi(by_year(three), 1))).all()
    np.testing.assert_allclose(june(spi(by_year(four), 1))[four == 0], norm.ppf(26 / 30))
    assert np.isnan(june(spi(by_year(np.full(30, 12.3)), 1))).all()  # no spread
    assert np.isnan(june(spei(by_year(np.full(30, -12.3)), 1))).all()


def test_never_infinite():
    rain = RNG.gamma(2.0, 30.0, 41)
    rain[30], rain[40] = 1e6, 0.0  # after the calibration: beyond anything known; dry where it never was
    index = june(spi(by_year(rain), 1, calibration=(1981, 2010)))
    assert (index[30], index[40]) == (8.21, -8.21)
    index = spei(by_year(np.append(RNG.normal(size=30), [1e9, -1e9])), 1, calibration=(1981, 2010))
    assert abs(index[-24:]).max() == 8.21
    assert index.notnull().all()
    assert "8.21" in index.attrs["bounds"]


def test_only_the_calibration_says_what_is_usual():
    rain = RNG.gamma(2.0, 30.0, 40)
    changed = rain.copy()
    changed[30:] *= 3
    first, second = (june(spi(by_year(v), 1, calibration=(1981, 2010))) for v in (rain, changed))
    np.testing.assert_array_equal(first[:30], second[:30])
    assert (second[30:] > first[30:]).all()


def test_missing_months_stay_missing_and_spoil_only_their_windows():
    values = RNG.gamma(2.0, 30.0, (480, 2, 1))
    values[100, 0, 0] = np.nan
    index = spi(monthly(values), 3)
    assert np.flatnonzero(index[:, 0, 0].isnull()).tolist() == [0, 1, 100, 101, 102]
    values[:200, 0, 0] = np.nan  # fewer than 26 years are left
    assert spi(monthly(values), 3)[:, 0, 0].isnull().all()
    assert spi(monthly(values), 3)[2:, 1, 0].notnull().all()
    assert spei(monthly(values), 3)[:, 0, 0].isnull().all()


def test_spei_ignores_gaps_as_if_the_years_were_not_there():
    balance = RNG.normal(0, 30, 40)
    gapped = balance.copy()
    gapped[[4, 11, 30]] = np.nan
    kept = ~np.isnan(gapped)
    np.testing.assert_allclose(june(spei(by_year(gapped), 1))[kept], june(spei(by_year(balance[kept]), 1)), atol=1e-12)


def test_units_are_converted_and_said():
    values = RNG.gamma(2.0, 30.0, 360)
    total = monthly(values)
    days = total["time"].dt.days_in_month
    daily = (total / days).assign_attrs(units="mm/day")
    flux = (total / days / 86_400).assign_attrs(units="kg m-2 s-1")
    for other in (daily, flux, total.assign_attrs(units="mm")):
        np.testing.assert_allclose(spi(other, 3), spi(total, 3), atol=1e-9)
    assert spi(daily, 3).attrs["input_units"] == "mm/day, converted to mm/month"


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (monthly(np.ones(360), units="m"), {}, '"m"'),
        (monthly(np.ones(360)).drop_attrs(), {}, "no units"),
        (monthly(np.ones(360)).drop_isel(time=[5, 17]), {}, "missing: 1981-06, 1982-06"),
        (monthly(np.ones(360)).isel(time=[*range(12), *range(11, 360)]), {}, "more than once: 1981-12"),
        (monthly(np.ones(360)).isel(time=slice(None, None, -1)), {}, "not in order"),
        (monthly(np.ones(240)), {}, "20 years within the calibration 1981 to 2000, at least 30"),
        (monthly(np.ones(480)), {"calibration": (1991, 2010)}, "20 years"),
        (monthly(-np.ones(360)), {}, "below 0 in 360 values"),
        (monthly(np.ones(360)), {"distribution": "pearson"}, "known: gamma"),
        (monthly(np.ones(360)), {"zeros": "lowest"}, "center_of_mass"),
        (monthly(np.ones(360)).rename(time="month"), {}, "'time' with dates"),
    ],
)
def test_wrong_input_is_refused(data, options, message):
    with pytest.raises(DataError, match=message):
        spi(data, 3, **options)


def test_fewer_years_if_asked_for():
    index = spi(monthly(RNG.gamma(2.0, 30.0, 252)), 3, min_years=20)
    assert index[2:].notnull().all()


@pytest.mark.parametrize("function", [spi, spei])
def test_chunked_equals_whole(function):
    rain = monthly(RNG.gamma(2.0, 30.0, (372, 4, 5)))
    chunked = function(rain.chunk({"time": 100, "y": 2, "x": 3}), 3)
    xr.testing.assert_identical(chunked.compute(), function(rain, 3))
    turned = function(rain.transpose("y", "x", "time"), 3)
    assert turned.dims == ("y", "x", "time")


def test_classes_at_their_limits():
    values = [3, 0.01, 0, -0.99, -0.9999, -1, -1.49, -1.5, -1.99, -2, -8.21, np.nan]
    classes = drought_class(xr.DataArray(values, attrs={"units": "1"}))
    assert classes.values.tolist() == [0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 4, -128]
    assert classes.dtype == np.int8
    for kind in (np.float32, np.float64):
        hairs = np.nextafter(np.array([-1.0, -1.5, -2.0], kind), kind(0))
        assert drought_class(xr.DataArray(hairs, attrs={"units": "1"})).values.tolist() == [2, 3, 4]
    with pytest.raises(DataError, match='"1" was expected'):
        drought_class(xr.DataArray(values, attrs={"units": "mm"}))


YEARS = st.lists(st.floats(0.1, 500), min_size=30, max_size=40, unique=True)


@settings(deadline=None, max_examples=50)
@given(YEARS, st.floats(0.01, 100))
def test_spi_does_not_depend_on_the_scale(rain, factor):
    rain = np.round(rain, 2)
    np.testing.assert_allclose(
        june(spi(by_year(rain * factor), 1)), june(spi(by_year(rain), 1)), atol=1e-5, equal_nan=True
    )


@settings(deadline=None, max_examples=50)
@given(YEARS, st.floats(0.1, 10), st.floats(-500, 500))
def test_spei_follows_no_scale_and_no_shift_and_keeps_the_order(balance, factor, shift):
    balance = np.round(balance, 2)
    before, after = june(spei(by_year(balance), 1)), june(spei(by_year(balance * factor + shift), 1))
    np.testing.assert_allclose(after, before, atol=1e-5, equal_nan=True)
    assert (np.diff(before[np.argsort(balance, kind="stable")]) >= -1e-12).all() or np.isnan(before).all()
    np.testing.assert_allclose(june(spei(by_year(-balance), 1)), -before, atol=1e-5, equal_nan=True)
