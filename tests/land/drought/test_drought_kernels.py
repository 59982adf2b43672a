# SPDX-License-Identifier: Apache-2.0
"""The compiled tiles against the SciPy path they stand for, where fits are easy, hard and impossible."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from homeground.land import spei, spi
from homeground.land.drought import _tiles as _drought_tiles
from homeground.land.drought._fits import gamma_score

kernels = pytest.importorskip("homeground.land.drought._kernels", reason="numba is not installed")
tables = pytest.importorskip("homeground.land.drought._normal_tables")


def monthly(values):
    time = pd.date_range("1981-01-01", periods=values.shape[0], freq="MS")
    return xr.DataArray(values, {"time": time}, dims=("time", "cell"), attrs={"units": "mm/month"})


def rain(cells, seed=3, months=480, lowest=0.05, highest=400):
    """From deserts to places where every year is the same."""
    random = np.random.default_rng(seed)
    shape = np.geomspace(lowest, highest, cells)
    return random.gamma(shape, 1.0, (months, cells)) * 30


def both(function, data, window, **options):
    quick, exact = (function(data, window, exact=choice, **options).values for choice in (False, True))
    np.testing.assert_array_equal(np.isnan(quick), np.isnan(exact))
    return np.nanmax(np.abs(quick - exact))


@pytest.mark.parametrize("window", [1, 3, 12, 24])
def test_spi_is_that_of_scipy(window):
    assert both(spi, monthly(rain(150)), window) < 1e-6


@pytest.mark.parametrize("zeros", ["classic", "center_of_mass", "mean_zero"])
@pytest.mark.parametrize("share", [0.02, 0.4, 0.97])
def test_dry_months_are_those_of_scipy(zeros, share):
    values = rain(130, lowest=0.3)
    values[np.random.default_rng(1).random(values.shape) < share] = 0.0
    values[:, 7] = 0.0
    assert both(spi, monthly(values), 1, zeros=zeros) < 1e-6


def test_gaps_are_those_of_scipy():
    values = rain(70, lowest=0.5)
    values[np.random.default_rng(2).random(values.shape) < 0.03] = np.nan
    values[:, 3] = np.nan  # a cell of sea
    values[:, 4] = 12.5  # a constant
    assert both(spi, monthly(values), 3) < 1e-6
    assert both(spei, monthly(values - 40), 3) < 1e-9
    assert np.isnan(spi(monthly(values), 3)[:, 3:5]).all()


@pytest.mark.parametrize("window", [1, 12])
@pytest.mark.parametrize("calibration", [None, (1985, 2014)])
def test_spei_is_that_of_scipy(window, calibration):
    values = rain(150, lowest=0.3) - np.linspace(0, 300, 150)
    values[:, 20:40] *= -1  # skewed to the other side
    assert both(spei, monthly(values), window, calibration=calibration) < 1e-9


def test_values_beyond_the_tables_are_left_to_scipy():
    values = rain(20, lowest=0.8)
    values[400:, :3] *= 1e4
    values[450:, 3:6] = 1e-12
    for function in (spi, spei):
        assert both(function, monthly(values), 1, calibration=(1981, 2010)) < 1e-6
    assert np.nanmax(spi(monthly(values), 1, calibration=(1981, 2010))) == 8.21


def test_a_cell_does_not_hang_on_its_neighbours():
    values = rain(97)
    for function in (spi, spei):
        whole = function(monthly(values), 3).values
        alone = np.hstack([function(monthly(values[:, [i]]), 3).values for i in (0, 40, 96)])
        np.testing.assert_array_equal(whole[:, [0, 40, 96]], alone)


@pytest.mark.parametrize("function", [spi, spei])
def test_without_numba_the_answers_are_the_same(function, monkeypatch):
    data = monthly(rain(40, lowest=0.5))
    with_numba = function(data, 6)
    monkeypatch.setitem(sys.modules, "homeground.land.drought._kernels", None)
    monkeypatch.delattr("homeground.land.drought._kernels", raising=False)
    assert _drought_tiles._kernels() is None
    np.testing.assert_allclose(function(data, 6), with_numba, atol=1e-6)


def test_float32_gives_float32_of_the_float64_arithmetic():
    single = monthly(rain(10, lowest=1).astype(np.float32))
    index = spi(single, 3)
    assert index.dtype == np.float32
    np.testing.assert_array_equal(index, spi(single.astype(np.float64), 3).astype(np.float32))


@settings(deadline=None, max_examples=100)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=70))
def test_the_network_sorts(values):
    rows = np.repeat(np.array(values)[:, None], kernels.CELLS, axis=1)
    kernels._sort_rows(rows, tables.sorting_network(len(values)))
    np.testing.assert_array_equal(rows[:, 5], np.sort(values))


def test_logarithm_and_quantile():
    x = np.geomspace(1e-300, 1e300, kernels.CELLS)
    mantissa, result = np.empty(kernels.CELLS), np.empty(kernels.CELLS)
    kernels.logarithm(x.view(np.int64), mantissa.view(np.int64), mantissa, result)
    np.testing.assert_allclose(result, np.log(x), rtol=3e-16, atol=1e-15)
    near = np.linspace(0.5, 2, kernels.CELLS)
    kernels.logarithm(near.view(np.int64), mantissa.view(np.int64), mantissa, result)
    np.testing.assert_allclose(result, np.log(near), rtol=1e-15, atol=3e-16)
    for p in (1e-300, 1e-12, 0.01, 0.0749, 0.0751, 0.5, 0.8, 0.999999):
        assert kernels.normal_quantile(p) == pytest.approx(ndtri(p), rel=1e-13, abs=1e-15)


def test_tables_are_near_at_and_between_their_nodes():
    table = tables.gamma_table()
    row = 40
    alpha = (table.q_low + row * table.step) ** -2
    series, middle, half = table.rows[row, :-2], table.rows[row, -2], table.rows[row, -1]
    t = np.linspace(-1, 1, 301)
    x = alpha * np.exp((middle + half * t) / np.sqrt(alpha))
    np.testing.assert_allclose(np.polynomial.chebyshev.chebval(t, series), gamma_score(alpha, x), atol=1e-10)
    np.testing.assert_allclose(
        np.polyval(tables.logistic_table()[24][::-1], 0.0), -ndtri(1 / (1 + np.exp(24.5 / 8))), atol=1e-12
    )
