# SPDX-License-Identifier: Apache-2.0
"""Balances that are constant or nearly so: both paths must say the same, and what they say must be right."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.stats import norm

from homeground.land import spei, spi
from homeground.numbers.rounding import rounding

kernels = pytest.importorskip("homeground.land.drought._kernels", reason="numba is not installed")
YEARS = 40


def monthly(values):
    time = pd.date_range("1981-01-01", periods=values.shape[0], freq="MS")
    return xr.DataArray(values, {"time": time}, dims=("time", "cell"), attrs={"units": "mm/month"})


def nearly_constant(rng, cells):
    """A level by calendar month, and about it noise of any size, dust, one or a few other years, two levels, gaps."""
    made = []
    for _ in range(cells):
        level = rng.choice([0.0, 1e-3, 1.0, -40.0, 250.0, -250.0, 1e4, 1e7]) * rng.uniform(0.5, 2, 12)
        size = np.abs(level) + (level == 0)
        noise = 10.0 ** rng.uniform(-17, 1, 12) * rng.choice([1, 1, 0], 12) * size
        x = np.tile(level, (YEARS, 1))
        kind = rng.integers(0, 6)
        if kind == 0:
            x *= 1 + np.finfo(float).eps * rng.integers(-3, 4, x.shape)
        elif kind in (1, 2):
            x += noise * rng.normal(size=x.shape)
        elif kind == 3:
            x += noise * rng.integers(0, 2, x.shape)
        elif kind == 4:
            x -= noise * rng.pareto(0.7, x.shape)
        else:
            x += rng.normal(0, 30, x.shape)
        if kind in (0, 2):
            others = rng.random(x.shape) < 0.03
            x[others] += (rng.normal(size=x.shape) * 10.0 ** rng.uniform(-12, 4))[others]
        x[rng.random(x.shape) < rng.choice([0, 0, 0.08])] = np.nan
        made.append(x.ravel())
    return np.array(made).T


@pytest.mark.parametrize("window", [1, 2, 12])
def test_both_paths_say_the_same(window):
    values = nearly_constant(np.random.default_rng(window), 700)
    quick, exact = (spei(monthly(values), window, exact=choice).values for choice in (False, True))
    np.testing.assert_array_equal(np.isnan(quick), np.isnan(exact))
    np.testing.assert_allclose(quick, exact, rtol=0, atol=1e-9)
    rain = np.abs(values)
    rain[:, ::5] *= np.random.default_rng(4).random(rain[:, ::5].shape) < 0.5
    quick, exact = (spi(monthly(rain), window, exact=choice).values for choice in (False, True))
    np.testing.assert_array_equal(np.isnan(quick), np.isnan(exact))
    np.testing.assert_allclose(quick, exact, rtol=0, atol=1e-6)


def score(x):
    """SPEI of one calendar month by the formulas of its docstring, with moments as exact fractions."""
    x = [Fraction(float(v)) for v in x]
    ordered, n = sorted(x), len(x)
    b0 = sum(ordered) / n
    b1 = sum(v * i for i, v in enumerate(ordered)) / (n * (n - 1))
    b2 = sum(v * i * (i - 1) for i, v in enumerate(ordered)) / (n * (n - 1) * (n - 2))
    l2 = 2 * b1 - b0
    k = float(-(6 * b2 - 6 * b1 + b0) / l2)
    g = math.pi * k / math.sin(math.pi * k)
    # 1 - k (x - xi) / a with xi = b0 - a (1 - g) / k and a = l2 / g.
    y = np.array([-math.log(g - k * g * float((v - b0) / l2)) / k for v in x])
    return norm.ppf(1 / (1 + np.exp(-y)))


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("spread", [1e-1, 1e-4, 1e-7, 1e-10])
def test_a_large_level_does_not_cost_the_digits_of_the_spread(spread, exact):
    # The same years about 0 and about 250 mm; at 1e-10 of the level the sums of the level alone had one digit left.
    years = np.random.default_rng(5).gumbel(size=(YEARS, 1))
    values = np.repeat(-250 * (1 + spread * years), 12, axis=0)
    june = spei(monthly(values), 1, exact=exact)[5::12, 0].values
    np.testing.assert_allclose(june, score(values[5::12, 0]), atol=1e-9)


def test_what_differs_by_rounding_only_has_no_index():
    assert rounding(float) == kernels.EQUAL
    level = -123.4
    alike = np.full((YEARS * 12, 1), level)
    bits = alike * (1 + np.finfo(float).eps * np.random.default_rng(0).integers(-9, 10, alike.shape))
    for values in (alike, bits, alike - 1e-11):
        for exact in (False, True):
            assert np.isnan(spei(monthly(values), 1, exact=exact)).all()
            assert np.isnan(spei(monthly(values), 1, exact=exact, distribution="pearson3")).all()
    wider = np.where(np.arange(YEARS * 12)[:, None] // 12 % 3 == 0, level, level * (1 + 1e-10))
    assert np.isfinite(spei(monthly(wider), 1)).all()
