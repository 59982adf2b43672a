# SPDX-License-Identifier: Apache-2.0
"""Potential evapotranspiration and aridity: numbers worked by hand, gaps, wrong units, laws that must hold."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.land import (
    ARIDITY_CLASSES,
    aridity_class,
    aridity_index,
    pet_hargreaves,
    pet_thornthwaite,
)

MONTH = {"month": range(1, 13)}
DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def normals(values, units="degC", **coords):
    values = np.asarray(values, float)
    dims = ("month", *coords)
    return xr.DataArray(values, {**MONTH, **coords}, dims=dims, attrs={"units": units})


def test_thornthwaite_by_hand_at_the_equator():
    # J = 12 * 5^1.514 = 137.22; c = 3.2436; 16 * (250 / 137.22)^3.2436 = 111.99 mm in 30 days of 12 hours.
    pet = pet_thornthwaite(normals([25.0] * 12), 0.0)
    np.testing.assert_allclose(pet, 111.99 * DAYS / 30, rtol=1e-4)
    assert pet.attrs["units"] == "mm/month"


def test_frost_has_no_demand():
    pet = pet_thornthwaite(normals([-10, -5, 0, 5, 10, 15, 20, 15, 10, 5, 0, -5]), 50.0)
    assert (pet.sel(month=[1, 2, 3, 11, 12]) == 0).all()
    assert (pet.sel(month=slice(4, 10)) > 0).all()
    assert (pet_thornthwaite(normals([-3.0] * 12), 50.0) == 0).all()


def test_hot_months_follow_the_willmott_polynomial():
    # -415.85 + 32.24 * 30 - 0.43 * 900 = 164.35 mm in a standard month.
    hot = normals([30.0] * 12)
    np.testing.assert_allclose(pet_thornthwaite(hot, 0.0, hot="willmott"), 164.35 * DAYS / 30, rtol=1e-12)
    assert (pet_thornthwaite(hot, 0.0) > pet_thornthwaite(hot, 0.0, hot="willmott")).all()
    edge = normals([26.5] * 12)
    xr.testing.assert_equal(
        pet_thornthwaite(edge, 0.0),
        pet_thornthwaite(edge, 0.0, hot="willmott").assign_attrs(pet_thornthwaite(edge, 0.0).attrs),
    )
    # The parabola peaks at 37.49 degC: -415.85 + 32.24^2 / (4 * 0.43) = 188.4626; hotter months do not get less.
    very_hot = pet_thornthwaite(normals([42.0] * 12), 0.0, hot="willmott")
    np.testing.assert_allclose(very_hot, 188.4626 * DAYS / 30, rtol=1e-6)


def test_latitude_comes_from_the_grid_and_gaps_stay_gaps():
    values = np.full((12, 2, 2), 20.0)
    values[4, 0, 1] = np.nan
    grid = normals(values, y=[10.0, -10.0], x=[0.0, 1.0])
    pet = pet_thornthwaite(grid)
    assert pet.dims == grid.dims
    assert pet[:, 0, 1].isnull().all()  # without all twelve months there is no heat index
    assert pet.isel(x=0).notnull().all()
    june, december = pet.sel(month=6, x=0.0), pet.sel(month=12, x=0.0)
    assert june.sel(y=10.0) > june.sel(y=-10.0)
    assert december.sel(y=10.0) < december.sel(y=-10.0)
    np.testing.assert_allclose(pet_thornthwaite(grid.isel(y=0, x=0), 10.0), pet.isel(y=0, x=0))


def test_a_series_uses_its_own_long_term_heat_index_and_calendar():
    time = pd.date_range("2000-01-01", periods=24, freq="MS")
    series = xr.DataArray([25.0] * 24, {"time": time}, attrs={"units": "degC"})
    pet = pet_thornthwaite(series, 0.0)
    assert pet[1] / pet[13] == pytest.approx(29 / 28)  # leap year
    np.testing.assert_allclose(pet[12:], pet_thornthwaite(normals([25.0] * 12), 0.0), rtol=1e-12)
    with pytest.raises(DataError, match="never holds December"):
        pet_thornthwaite(series[:11], 0.0)


def test_chunked_equals_whole():
    rng = np.random.default_rng(1)
    grid = normals(rng.uniform(-10, 35, (12, 4, 6)), y=np.linspace(-40, 40, 4), x=np.arange(6.0))
    chunked = grid.chunk({"y": 2, "x": 3})
    xr.testing.assert_allclose(
        pet_thornthwaite(chunked, hot="willmott").compute(), pet_thornthwaite(grid, hot="willmott"), rtol=1e-14
    )
    index = xr.DataArray(rng.uniform(0, 1, (4, 6)), dims=("y", "x"), attrs={"units": "1"})
    xr.testing.assert_identical(aridity_class(index.chunk(2)).compute(), aridity_class(index))


@pytest.mark.parametrize(
    ("data", "latitude", "message"),
    [
        (normals([68.0] * 12, "degF"), 0.0, '"degC" was expected'),
        (normals([20.0] * 12).isel(month=slice(0, 5)), 0.0, "missing: June"),
        (normals([20.0] * 12), None, "latitude"),
        (normals([20.0] * 12), 500_000.0, "between -90 and 90"),
        (normals([20.0] * 12).rename(month="band"), 0.0, "'month'"),
    ],
)
def test_wrong_input_is_refused(data, latitude, message):
    with pytest.raises(DataError, match=message):
        pet_thornthwaite(data, latitude)


def test_hargreaves_by_hand():
    # 15 March at the equator: Ra 37.92 MJ/m2/day; 0.0023 * 0.408 * 37.92 * 35.8 * 4 = 5.0956 mm/day; 31 days.
    low, high = normals([10.0] * 12), normals([26.0] * 12)
    pet = pet_hargreaves(low, high, 0.0)
    assert pet.sel(month=3) == pytest.approx(157.96, abs=0.02)
    warmer = pet_hargreaves(low, high, 0.0, tmean=normals([20.0] * 12))
    np.testing.assert_allclose(warmer / pet, 37.8 / 35.8)
    with pytest.raises(DataError, match="above tmax"):
        pet_hargreaves(high, low, 0.0)


def test_aridity_index_is_the_ratio_of_sums_not_the_mean_of_ratios():
    rain, pet = np.zeros((12, 3)), np.full((12, 3), 100.0)
    rain[6:9, 0] = [100, 200, 60]
    rain[:, 1], rain[3, 1] = 50.0, np.nan
    pet[:, 2] = 0.0
    index = aridity_index(normals(rain, "mm/month", site=[1, 2, 3]), normals(pet, "mm/month", site=[1, 2, 3]))
    assert index[0] == pytest.approx(0.3)
    assert index[1:].isnull().all()  # a missing month; no demand
    with pytest.raises(DataError, match="mm/month"):
        aridity_index(normals([1.0] * 12, "m"), normals([1.0] * 12, "mm/month"))
    with pytest.raises(DataError, match="differ along 'site'"):
        aridity_index(normals(rain, "mm/month", site=[1, 2, 3]), normals(pet, "mm/month", site=[1, 2, 4]))


def test_the_result_does_not_carry_the_encoding_of_its_input():
    warm = normals([25.0] * 12).assign_attrs(_FillValue=-9999, long_name="air temperature")
    assert set(pet_thornthwaite(warm, 0.0).attrs) == {"units", "long_name"}
    index = aridity_index(pet_thornthwaite(warm, 0.0), pet_thornthwaite(warm, 0.0))
    assert index.attrs == {"units": "1", "long_name": "aridity index"}
    assert "units" not in aridity_class(index).attrs


def test_limits_belong_to_the_wetter_class():
    values = [0.0, 0.0499, 0.05, 0.1999, 0.20, 0.4999, 0.50, 0.6499, 0.65, 3.0, np.nan]
    classes = aridity_class(xr.DataArray(values, attrs={"units": "1"}))
    assert classes.values.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, -128]
    assert classes.dtype == np.int8


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_hair_below_a_limit_is_on_it(kind):
    limits = np.array([0.05, 0.2, 0.5, 0.65], kind)
    hair, clear = np.nextafter(limits, kind(0)), limits * kind(1 - 1e-4)
    classes = [aridity_class(xr.DataArray(v, attrs={"units": "1"})).values.tolist() for v in (hair, clear)]
    assert classes == [[1, 2, 3, 4], [0, 1, 2, 3]]
    assert [name for name, _, _ in ARIDITY_CLASSES] == ["hyper-arid", "arid", "semi-arid", "dry sub-humid", "humid"]
    assert all(a[2] == b[1] for a, b in pairwise(ARIDITY_CLASSES))


@given(st.lists(st.floats(0, 500), min_size=12, max_size=12), st.floats(0.01, 100))
def test_aridity_does_not_depend_on_the_scale_of_both(rain, factor):
    pet = normals(np.linspace(20, 200, 12), "mm/month")
    rain = normals(rain, "mm/month")
    scaled = aridity_index((rain * factor).assign_attrs(rain.attrs), (pet * factor).assign_attrs(pet.attrs))
    assert float(scaled) == pytest.approx(float(aridity_index(rain, pet)), rel=1e-12, abs=1e-300)


@given(st.floats(0.1, 40), st.floats(-90, 90), st.sampled_from(["thornthwaite", "willmott"]))
def test_north_and_south_share_the_day(mean, latitude, hot):
    # Day lengths at opposite latitudes add to 24 hours, so the demands add to twice that of the equator.
    warm = normals([mean] * 12)
    both = pet_thornthwaite(warm, latitude, hot=hot) + pet_thornthwaite(warm, -latitude, hot=hot)
    np.testing.assert_allclose(both, 2 * pet_thornthwaite(warm, 0.0, hot=hot), rtol=1e-9)
