# SPDX-License-Identifier: Apache-2.0
"""The same numbers as R SPEI 1.8.1 (sbegueria/SPEI, tests/testthat/data); SPI as climate-indices 3.1.0."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.special import gammainc, ndtri

from homeground.land import pet_hargreaves, pet_penman_monteith, pet_thornthwaite, spei, spi
from homeground.land.climate.aridity import MONTH_DAYS, _thornthwaite

WICHITA = 37.6475  # degrees north


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "land" / "r_spei"


@pytest.fixture(scope="module")
def wichita(folder):
    table = pd.read_csv(folder / "wichita.txt", sep=" ")
    time = pd.to_datetime({"year": table["YEAR"], "month": table["MONTH"], "day": 1})
    return table.set_index(pd.DatetimeIndex(time, name="time"))


def published(folder, name):
    return pd.read_csv(folder / f"{name}.csv").drop(columns="i").to_numpy().squeeze()


def series(table, column, units):
    return xr.DataArray(table[column], attrs={"units": units})


def test_thornthwaite_of_a_dated_series(folder, wichita):
    pet = pet_thornthwaite(series(wichita, "TMED", "degC"), WICHITA)
    np.testing.assert_allclose(pet, published(folder, "thornthwaite_out_ts"), rtol=1e-10, atol=0)


def test_thornthwaite_in_the_year_of_365_days(folder, wichita):
    # R gives an undated vector the year that our normals have: the ratio to the standard month is the day length.
    temperature = series(wichita, "TMED", "degC")
    normals = temperature.groupby("time.month").mean().assign_attrs(units="degC")
    heat = ((normals.clip(min=0) / 5) ** 1.514).sum()
    factor = (pet_thornthwaite(normals, WICHITA) / _thornthwaite(normals, heat)).fillna(0)
    pet = _thornthwaite(temperature, heat) * factor.sel(month=temperature["time.month"])
    expected = published(folder, "thornthwaite_out")
    known = factor.sel(month=temperature["time.month"]).values > 0
    assert known.sum() > 300
    np.testing.assert_allclose(pet.values[known], expected[known], rtol=1e-10, atol=0)


R_LATITUDE = np.rad2deg(WICHITA / 57.2957795)  # R writes the degrees of a radian with ten digits: 4e-10 of the result


def test_hargreaves_of_a_dated_series(folder, wichita):
    low, high = series(wichita, "TMIN", "degC"), series(wichita, "TMAX", "degC")
    expected = published(folder, "hargreaves_out_ts")
    np.testing.assert_allclose(pet_hargreaves(low, high, R_LATITUDE), expected, rtol=1e-13, atol=0)
    np.testing.assert_allclose(pet_hargreaves(low, high, WICHITA), expected, rtol=1e-9, atol=0)


def test_hargreaves_in_the_year_of_365_days(folder, wichita):
    # R gives an undated vector the year that our normals have: each year is a column of normals.
    def by_year(column):
        values = wichita[column].to_numpy()[:372].reshape(31, 12).T
        return xr.DataArray(values, {"month": range(1, 13)}, ("month", "year"), attrs={"units": "degC"})

    pet = pet_hargreaves(by_year("TMIN"), by_year("TMAX"), R_LATITUDE)
    expected = published(folder, "hargreaves_out_lat")[:372]
    np.testing.assert_allclose(pet.transpose("year", "month").values.ravel(), expected, rtol=1e-13, atol=0)


@pytest.mark.parametrize("window", [1, 12])
@pytest.mark.parametrize("kind", ["vector", "tsvector"])
def test_spei_of_wichita(folder, wichita, window, kind):
    # R subtracts the demand it gives an undated vector.
    balance = series(wichita, "PRCP", "mm/month") - published(folder, "thornthwaite_out")
    compare(spei(balance.assign_attrs(units="mm/month"), window), published(folder, f"spei_{window}_{kind}"))


@pytest.mark.parametrize(
    ("name", "result", "close"),
    [
        ("balance", "spei_1_matrix", 1e-9),
        # The text of this grid is rounded: equal values of one month have R indices that differ by 1e-7.
        ("cruts4", "spei_1_array", 1e-6),
    ],
)
def test_spei_of_many_sites_at_once(folder, name, result, close):
    values = pd.read_csv(folder / f"{name}.txt", sep=" ").to_numpy()
    time = pd.date_range("1900-01-01", periods=len(values), freq="MS")
    balance = xr.DataArray(values, {"time": time}, dims=("time", "site"), attrs={"units": "mm/month"})
    compare(spei(balance, 1), published(folder, result), close)


@pytest.mark.parametrize("window", [1, 12])
@pytest.mark.parametrize("kind", ["vector", "tsvector", "matrix", "array"])
def test_spi_of_wichita_where_no_month_of_the_season_is_dry(folder, wichita, window, kind):
    # R SPEI 1.8.1 leaves out the share of dry months, and gives -Inf for them: where there are some, we differ on purpose.
    rain = series(wichita, "PRCP", "mm/month")
    theirs = published(folder, f"spi_{window}_{kind}").reshape(rain.size, -1)  # a matrix repeats the station
    ours = spi(rain, window, method="ub-pwm").values
    sums = rain.rolling(time=window).sum()
    dry = (sums < 1e-9).groupby("time.month").any().sel(month=rain["time.month"]).values
    # Within 3e-8 only, because of its pi: see the next test.
    for column in theirs.T:
        np.testing.assert_allclose(ours[~dry], column[~dry], rtol=0, atol=1e-7)
        assert np.isneginf(column).sum() == (4 if window == 1 else 0)
    assert np.isfinite(ours[window - 1 :]).all()


@pytest.mark.parametrize(("pi", "close"), [(3.1415927, 1e-13), (np.pi, 1e-7)])
def test_why_spi_by_moments_agrees_with_r_to_eight_digits_only(folder, wichita, pi, close):
    # With 3.1415927 for pi in the shape of the gamma their figures come out to the last digit.
    theirs = published(folder, "spi_12_vector")
    sums = wichita["PRCP"].rolling(12).sum().to_numpy()
    for month in range(12):
        x, expected = sums[12 + month :: 12], theirs[12 + month :: 12]
        whole = x if month < 11 else np.append(sums[11], x)  # the first sum is that of the first December
        n, i = whole.size, np.arange(whole.size)
        mean, b1 = whole.mean(), (np.sort(whole) * i).mean() / (n - 1)
        z = pi * ((2 * b1 - mean) / mean) ** 2  # Hosking (1996), PELGAM, below an L-CV of one half
        alpha = (1 - 0.3080 * z) / (z * (1 + z * (-0.05812 + z * 0.01765)))
        found = ndtri(gammainc(alpha, x * alpha / mean))
        np.testing.assert_allclose(found, expected, rtol=0, atol=close)
        assert close < 1e-12 or np.abs(found - expected).max() > 1e-10


def test_penman_monteith_of_cabinda(folder):
    # Published by FAO, to 0.1 mm a day and from rounded inputs; the air's moisture there is taken at the mean
    # temperature, without the heat of the soil. So 0.16 mm a day is as near as one can be expected to come.
    table = pd.read_csv(folder / "cabinda.txt", sep=r"\s+")

    def normals(column, units):
        return xr.DataArray(table[column].to_numpy(float), {"month": range(1, 13)}, ("month",), attrs={"units": units})

    pet = pet_penman_monteith(
        normals("Tmin", "degC"),
        normals("Tmax", "degC"),
        -5.33,
        wind=normals("U2", "m s-1"),
        elevation=20.0,
        sunshine=normals("tsun", "h/day"),
        humidity=normals("RH", "%"),
    )
    days = pet["month"].copy(data=MONTH_DAYS)
    np.testing.assert_allclose(pet / days, table["ET0"] / MONTH_DAYS, atol=0.16)
    given = pet_penman_monteith(
        normals("Tmin", "degC"),
        normals("Tmax", "degC"),
        -5.33,
        wind=normals("U2", "m s-1"),
        elevation=20.0,
        radiation=normals("Rs", "MJ m-2 day-1"),
        humidity=normals("RH", "%"),
    )
    np.testing.assert_allclose(given / days, table["ET0"] / MONTH_DAYS, atol=0.16)


def compare(index, expected, close=1e-9):
    """Where R is infinite, beyond the support of its fit, ours is held at 8.21."""
    expected = np.where(np.isinf(expected), np.sign(expected) * 8.21, expected)
    assert np.isfinite(expected).mean() > 0.9
    np.testing.assert_allclose(index, expected, rtol=0, atol=close)


# What climate-indices 3.1.0 gives for the rain of Wichita 1980-2010, all years as calibration: window, month, SPI.
CLIMATE_INDICES = [
    (1, 11, 0.9468984870515142),
    (1, 50, 2.095257052860106),
    (1, 72, -1.84859629),  # one January of 31 without rain
    (1, 118, -1.84859629),  # one November
    (1, 133, -1.51792916),  # one of two Februaries
    (1, 371, -1.5556152367180562),
    (3, 11, -0.32516239645177947),
    (3, 50, 1.4915647763637587),
    (3, 371, -1.3596065740483845),
    (12, 11, -1.7677280105483568),
    (12, 101, -0.3969251165352828),
    (12, 371, -0.5009399148265017),
]


@pytest.mark.parametrize(("window", "month", "expected"), CLIMATE_INDICES)
def test_thoms_spi_is_that_of_climate_indices(wichita, window, month, expected):
    index = spi(series(wichita, "PRCP", "mm/month")[:372], window)
    assert index.values[month] == pytest.approx(expected, abs=1e-8)
