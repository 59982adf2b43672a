# SPDX-License-Identifier: Apache-2.0
"""Residual trends and use efficiencies: by hand, against numpy.polyfit, with gaps and constants."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import linregress

from homeground.errors import DataError
from homeground.land import rain_residual, rain_use_efficiency, restrend, trend, water_use_efficiency

YEARS = np.arange(2001, 2017)


def series(values, units):
    values = np.asarray(values, float)
    return xr.DataArray(values, {"year": YEARS}, dims=("year", "y", "x")[: values.ndim], attrs={"units": units})


def test_residuals_are_those_of_linear_regression():
    rng = np.random.default_rng(1)
    rain = rng.gamma(4, 100, (16, 3, 4))
    ndvi = 0.1 + 0.0005 * rain + rng.normal(0, 0.02, rain.shape)
    ndvi[3, 1, 1] = rain[5, 1, 1] = np.nan
    fit = rain_residual(series(ndvi, "1"), series(rain, "mm/year"))
    for y, x in np.ndindex(3, 4):
        kept = np.isfinite(ndvi[:, y, x] + rain[:, y, x])
        line = linregress(rain[kept, y, x], ndvi[kept, y, x])
        found = [fit[name].values[y, x] for name in ("rain_slope", "rain_intercept", "r2")]
        assert found == pytest.approx([line.slope, line.intercept, line.rvalue**2], rel=1e-9)
        expected = ndvi[:, y, x] - line.intercept - line.slope * rain[:, y, x]
        np.testing.assert_allclose(fit.residual.values[:, y, x], expected, atol=1e-12)
    assert fit.residual.dims == ("year", "y", "x")


def test_a_fall_that_rain_hides():
    # Rain rises and lifts the index; what is left once rain is taken off falls.
    rng = np.random.default_rng(7)
    rain = 300 + 10.0 * (YEARS - 2001) + rng.normal(0, 120, 16)
    ndvi = series(0.1 + 0.001 * rain - 0.008 * (YEARS - 2001), "1")
    hidden, shown = trend(ndvi), restrend(ndvi, series(rain, "mm/year"))
    assert hidden.p.item() > 0.05
    assert shown.p.item() < 0.01
    assert shown.slope.item() < 0
    assert {"rain_slope", "rain_intercept", "r2"} <= set(shown)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(-0.01, 0.01), st.floats(0.1, 10))
def test_what_rain_explains_does_not_touch_the_rest(seed, answer, scale):
    # More that follows rain goes into the slope on rain; other units of rain change that slope alone.
    rng = np.random.default_rng(seed)
    rain, ndvi = rng.gamma(4, 100, 16), rng.uniform(0, 1, 16)
    before = restrend(series(ndvi, "1"), series(rain, "mm/year"))
    after = restrend(series(ndvi + answer * rain, "1"), series(rain, "mm/year"))
    assert after.rain_slope.item() == pytest.approx(before.rain_slope.item() + answer, abs=1e-9)
    assert after.slope.item() == pytest.approx(before.slope.item(), abs=1e-9)
    scaled = rain_residual(series(ndvi, "1"), series(rain * scale, "mm/year"))
    np.testing.assert_allclose(
        scaled.residual, rain_residual(series(ndvi, "1"), series(rain, "mm/year")).residual, atol=1e-9
    )
    assert scaled.rain_slope.item() * scale == pytest.approx(before.rain_slope.item(), abs=1e-9)


def test_constant_rain_and_too_few_years_give_nothing():
    rain = np.full((16, 3), 300.0)
    rain[:, 1] = YEARS
    rain[:9, 1] = np.nan  # seven years left
    rain[:, 2] = YEARS
    ndvi = np.tile(np.linspace(0.2, 0.4, 16)[:, None], (1, 3))
    ndvi[:, 2] = 0.3
    fit = rain_residual(series(ndvi, "1").rename(y="x"), series(rain, "mm/year").rename(y="x"))
    assert np.isnan(fit.rain_slope.values).tolist() == [True, True, False]
    assert np.isnan(fit.residual.values[:, :2]).all()
    assert fit.rain_slope.values[2] == 0
    assert np.isnan(fit.r2.values).all()


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_what_rain_explains_to_the_last_bit_leaves_no_trend(kind):
    rain = np.random.default_rng(2).uniform(100, 900, (16, 1, 40)).astype(kind)
    ndvi = (kind(0.0007) * rain + kind(0.1)).astype(kind)
    result = restrend(series(ndvi, "1").astype(kind), series(rain, "mm/year").astype(kind))
    assert (result.slope == 0).all()
    assert (result.p == 1).all()
    noise = 300 * (1 + np.finfo(kind).eps * np.random.default_rng(3).integers(-2, 3, (16, 1, 40)))
    constant = rain_residual(series(ndvi, "1"), series(noise, "mm/year").astype(kind))
    assert constant.rain_slope.isnull().all()


def test_one_rain_series_for_all_cells_and_chunks():
    rng = np.random.default_rng(3)
    rain, ndvi = series(rng.gamma(4, 100, 16), "mm/year"), series(rng.uniform(0, 1, (16, 4, 5)), "1")
    whole = restrend(ndvi, rain)
    xr.testing.assert_allclose(restrend(ndvi.chunk({"year": 5, "x": 2}), rain).compute(), whole)
    each = restrend(ndvi, rain.broadcast_like(ndvi).transpose(*ndvi.dims).assign_attrs(units="mm/year"))
    xr.testing.assert_allclose(each, whole)


def test_use_efficiencies_by_hand():
    ndvi = series(np.full(16, 0.3), "1")
    water = series([600.0, 0.0, np.nan, *[300.0] * 13], "mm/year")
    for result in (rain_use_efficiency(ndvi, water), water_use_efficiency(ndvi, water)):
        np.testing.assert_allclose(result.values[:4], [0.5, np.nan, np.nan, 1.0])
        assert result.attrs["units"] == "year m-1"


def test_wrong_input_is_refused():
    ndvi, rain = series(np.full(16, 0.3), "1"), series(np.full(16, 300.0), "mm/year")
    for wrong in (rain.assign_attrs(units="mm/month"), rain.drop_attrs()):
        for function in (rain_residual, rain_use_efficiency, water_use_efficiency):
            with pytest.raises(DataError, match="mm/year"):
                function(ndvi, wrong)
    with pytest.raises(DataError, match="units"):
        rain_residual(ndvi.assign_attrs(units="1e-4"), rain)
    with pytest.raises(DataError, match="differ along"):
        rain_residual(ndvi, rain.isel(year=slice(1, None)))
    with pytest.raises(DataError, match="'year' was expected"):
        rain_residual(ndvi.rename(year="time"), rain)
