# SPDX-License-Identifier: Apache-2.0
"""The exact Mann-Kendall distribution against published thresholds, scipy, and counting every order."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import numpy as np
import pytest
import xarray as xr
from scipy.stats import kendalltau, theilslopes

from homeground.land import trend
from homeground.land.trends import kendall_tail

# n: smallest |S| with a two-sided p of at most 0.10, 0.05, 0.01.
THRESHOLDS = {
    10: (21, 23, 29),
    13: (28, 34, 44),
    15: (35, 41, 53),
    16: (38, 46, 58),
    20: (52, 62, 80),
    24: (68, 80, 104),
    30: (95, 111, 145),
}
# The "95 %" scores of Trends.Earth and the two-sided p they really have.
TRENDS_EARTH_95 = {10: (19, 0.108), 13: (26, 0.129), 16: (36, 0.116), 20: (50, 0.113), 24: (66, 0.107), 30: (93, 0.101)}


@pytest.mark.parametrize("n", THRESHOLDS)
def test_exact_thresholds(n):
    tail = kendall_tail()[n]
    for level, threshold in zip((0.10, 0.05, 0.01), THRESHOLDS[n], strict=True):
        assert tail[threshold] <= level < tail[threshold - 2]  # scores of one n are all even or all odd


@pytest.mark.parametrize("n", TRENDS_EARTH_95)
def test_what_trends_earth_calls_95_per_cent(n):
    score, p = TRENDS_EARTH_95[n]
    assert kendall_tail()[n, score] == pytest.approx(p, abs=5e-4)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 7])
def test_every_order_counted(n):
    i, j = np.triu_indices(n, 1)
    orders = np.array(list(permutations(range(n))))
    scores = Counter(np.abs(np.sign(orders[:, j] - orders[:, i]).sum(axis=1)).tolist())
    for s in range(n * (n - 1) // 2 + 1):
        chance = sum(count for score, count in scores.items() if score >= s) / len(orders)
        assert kendall_tail()[n, s] == pytest.approx(chance, abs=1e-15)


@pytest.mark.parametrize("n", [8, 12, 16, 25, 40, 60])
def test_p_and_score_are_those_of_scipy(n):
    rng = np.random.default_rng(n)
    values = rng.normal(size=(n, 30)) + 0.03 * np.arange(n)[:, None]
    result = trend(xr.DataArray(values, {"year": np.arange(n)}, dims=("year", "x")))
    for x in range(30):
        tau = kendalltau(np.arange(n), values[:, x], method="exact")
        assert result.s.values[x] == pytest.approx(tau.statistic * n * (n - 1) / 2)
        assert result.p.values[x] == pytest.approx(tau.pvalue, rel=1e-9)


@pytest.mark.parametrize("rounding", [1, 6])
def test_slope_and_limits_are_those_of_scipy(rounding):
    rng = np.random.default_rng(rounding)
    years = np.cumsum(rng.integers(1, 3, 22)) + 1990
    values = np.round(rng.normal(size=(22, 50)) + 0.05 * np.arange(22)[:, None], rounding)
    result = trend(xr.DataArray(values, {"year": years}, dims=("year", "x")))
    for x in range(50):
        slope, intercept, low, high = theilslopes(values[:, x], years, alpha=0.95)
        found = [result[k].values[x] for k in ("slope", "intercept", "slope_low", "slope_high")]
        np.testing.assert_allclose(found, [slope, intercept, low, high], rtol=1e-12, atol=1e-12)


def test_real_vegetation_of_the_bale_mountains(shared_data):
    with np.load(shared_data / "land" / "ndvi" / "bale3g_v1.npz") as archive:
        values = archive["raw"].astype(float)  # 828 half-months, 36 pixels
    first = 12  # half-months from July 1981; whole years from 1982
    years = (values.shape[0] - first) // 24
    yearly = values[first : first + 24 * years].reshape(years, 24, -1).mean(axis=1)
    result = trend(xr.DataArray(yearly, {"year": 1982 + np.arange(years)}, dims=("year", "x")))
    for x in range(yearly.shape[1]):
        tau = kendalltau(np.arange(years), yearly[:, x], method="exact")
        assert result.p.values[x] == pytest.approx(tau.pvalue, rel=1e-9)
        assert result.slope.values[x] == pytest.approx(
            theilslopes(yearly[:, x], 1982 + np.arange(years)).slope, rel=1e-9
        )
