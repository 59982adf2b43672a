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


# pymannkendall 1.4.3: score and p of original_test, p of hamed_rao_modification_test, score and p of
# trend_free_pre_whitening_modification_test, slope, intercept at the first value.
NILE = [1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140]
WAVES = [31, 35, 42, 40, 44, 49, 58, 53, 51, 45, 37, 36, 32, 30, 24, 27, 39, 47, 42, 54]
FALLS = [52, 49, 43, 40, 38, 41, 36, 30, 33, 35, 39, 42, 37, 31, 28, 22, 25, 21, 27, 24]
PYMANNKENDALL = [
    (
        NILE,
        -46,
        0.14330545886419643,
        0.14330545886419643,
        -41,
        0.16168621659204074,
        -7.142857142857143,
        1182.857142857143,
    ),
    (
        WAVES,
        -5,
        0.8966886680598936,
        0.901014912777881,
        -23,
        0.44148821101397306,
        -0.10989010989010989,
        42.043956043956044,
    ),
    (
        FALLS,
        -132,
        2.1357854571801838e-05,
        0.0014687215291246947,
        -121,
        2.6896353325200906e-05,
        -1.3038461538461539,
        47.886538461538464,
    ),
]


@pytest.mark.parametrize(("values", "s", "p", "p_rank", "s_white", "p_white", "slope", "intercept"), PYMANNKENDALL)
def test_the_figures_of_pymannkendall(values, s, p, p_rank, s_white, p_white, slope, intercept):
    series = xr.DataArray(np.array(values, float), {"year": np.arange(20)}, dims="year")
    plain = trend(series, significance="normal")
    by_rank = trend(series, significance="normal", autocorrelation="hamed-rao")
    white = trend(series, significance="normal", autocorrelation="pre-whiten")
    assert (plain.s.item(), white.s.item()) == (s, s_white)
    found = [plain.p.item(), by_rank.p.item(), white.p.item(), plain.slope.item(), plain.intercept.item()]
    assert found == pytest.approx([p, p_rank, p_white, slope, intercept], rel=1e-12)


def test_pymannkendall_itself():
    peer = pytest.importorskip("pymannkendall")
    values = np.random.default_rng(6).normal(size=(25, 40)).cumsum(axis=0)
    series = xr.DataArray(values, {"year": np.arange(25)}, dims=("year", "x"))
    for way, test in (
        ("none", peer.original_test),
        ("hamed-rao", peer.hamed_rao_modification_test),
        ("pre-whiten", peer.trend_free_pre_whitening_modification_test),
    ):
        result = trend(series, significance="normal", autocorrelation=way)
        for x in range(40):
            with np.errstate(invalid="ignore"):
                expected = test(values[:, x])
            assert result.p.values[x] == pytest.approx(expected.p, rel=1e-9, nan_ok=True)
            assert result.slope.values[x] == pytest.approx(expected.slope, rel=1e-12)


@pytest.mark.parametrize("file", ["bale3g_v1.npz", "kili3g_v0.npz"])
def test_real_vegetation(shared_data, file):
    with np.load(shared_data / "land" / "ndvi" / file) as archive:
        values = archive["raw"]  # half-months x pixels, float32
    first = 12  # half-months of 1981; whole years from 1982
    years = (values.shape[0] - first) // 24
    yearly = values[first : first + 24 * years].reshape(years, 24, -1).mean(axis=1)
    series = xr.DataArray(yearly, {"year": 1982 + np.arange(years)}, dims=("year", "x"))
    short, double = trend(series), trend(series.astype(float))
    for x in range(yearly.shape[1]):
        column = yearly[:, x].astype(float)
        ties = np.unique(column).size < years
        tau = kendalltau(np.arange(years), column, method="asymptotic" if ties else "exact")
        line = theilslopes(column, 1982 + np.arange(years))
        if not ties:
            assert double.p.values[x] == pytest.approx(tau.pvalue, rel=1e-9)
            assert double.s.values[x] == pytest.approx(tau.statistic * years * (years - 1) / 2)
        found = [double[name].values[x] for name in ("slope", "intercept", "slope_low", "slope_high")]
        assert found == pytest.approx([line.slope, line.intercept, line.low_slope, line.high_slope], rel=1e-9)
    assert np.mean([np.unique(column).size == years for column in yearly.T]) > 0.9  # most were compared
    np.testing.assert_array_equal(short.s, double.s)
    np.testing.assert_array_equal(short.p, double.p)
    np.testing.assert_allclose(short.slope, double.slope, rtol=1e-4, atol=1e-8)
