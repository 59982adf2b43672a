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
from homeground.land.productivity.trend import kendall_tail

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
TRENDS_EARTH_95 = {
    10: (19, 0.108),
    13: (26, 0.129),
    15: (33, 0.114),
    16: (36, 0.116),
    20: (50, 0.113),
    24: (66, 0.107),
    30: (93, 0.101),
}
# Its scores for 90, 95 and 99 % from 4 years on, as read in its code.
TRENDS_EARTH = [
    [4, 6, 7, 9, 10, 12, 15, 17, 18, 22, 23, 27, 28, 32, 35, 37, 40, 42, 45, 49, 52, 56, 59, 61, 66, 68, 73, 75, 80, 84],
    [4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 31, 33, 36, 40, 43, 47, 50, 54, 59, 63, 66, 70, 75, 79, 84, 88, 93, 97, 102,
     106],
    [6, 8, 11, 18, 22, 25, 29, 34, 38, 41, 47, 50, 56, 61, 65, 70, 76, 81, 87, 92, 98, 105, 111, 116, 124, 129, 135, 142,
     150, 155],
]  # fmt: skip


@pytest.mark.parametrize("n", THRESHOLDS)
def test_exact_thresholds(n):
    tail = kendall_tail()[n]
    for level, threshold in zip((0.10, 0.05, 0.01), THRESHOLDS[n], strict=True):
        assert tail[threshold] <= level < tail[threshold - 2]  # scores of one n are all even or all odd


@pytest.mark.parametrize("n", TRENDS_EARTH_95)
def test_what_trends_earth_calls_95_per_cent(n):
    score, p = TRENDS_EARTH_95[n]
    assert kendall_tail()[n, score] == pytest.approx(p, abs=5e-4)


def order_of_score(n, score):
    """Values 0 to n - 1 in an order of this S: so many neighbours turned, one pair each."""
    falls, order = (n * (n - 1) // 2 - score) // 2, list(range(n))
    while falls:
        for k in range(n - 1):
            if falls and order[k] < order[k + 1]:
                order[k], order[k + 1] = order[k + 1], order[k]
                falls -= 1
    return np.array(order, float)


@pytest.mark.parametrize("n", range(8, 34))
def test_levels_of_trends_earth_at_each_of_its_scores(n):
    critical, odd = [scores[n - 4] for scores in TRENDS_EARTH], n * (n - 1) // 2 % 2
    reach = range(odd, n * (n - 1) // 2 + 1, 2)  # scores of one n are all even or all odd
    chosen = sorted({s for k in critical for s in (k - 2, k - 1, k, k + 1) if s in reach})
    series = np.stack([order_of_score(n, s) for s in chosen], axis=1)
    result = trend(xr.DataArray(series, {"year": np.arange(n)}, ("year", "x")), significance="trends.earth")
    assert result.s.values.tolist() == chosen
    # The first score is to be passed, the others to be reached.
    expected = [0 if s <= critical[0] else sum(s >= k for k in critical) for s in chosen]
    assert abs(result.level).values.tolist() == expected
    assert set(expected) >= {0, 3}
    for x, values in enumerate(series.T):
        assert result.ols_slope.values[x] == pytest.approx(np.polyfit(np.arange(n), values, 1)[0], abs=1e-12)


def test_the_least_squares_slope_leaves_out_missing_years():
    rng = np.random.default_rng(3)
    values, years = rng.normal(size=(20, 30)), np.cumsum(rng.integers(1, 4, 20)) + 1990
    values[rng.random(values.shape) < 0.2] = np.nan
    series = xr.DataArray(values, {"year": years}, ("year", "x"))
    found = trend(series, significance="trends.earth").ols_slope.values
    for x in range(30):
        kept = np.isfinite(values[:, x])
        assert found[x] == pytest.approx(np.polyfit(years[kept], values[kept, x], 1)[0], rel=1e-9)


def test_a_score_is_not_called_a_mean():
    # Trends.Earth algorithms, productivity.py: the second band, named Productivity_ann_mean, holds Kendall's S.
    years = np.arange(2000, 2016)
    ndvi = xr.DataArray(0.3 + 0.01 * (years - 2000), {"year": years}, attrs={"units": "1"})
    score = int(np.sign(np.subtract.outer(ndvi.values, ndvi.values))[np.tril_indices(16, -1)].sum())
    theirs = {"Productivity_trend": 0.01, "Productivity_ann_mean": score, "Productivity_significance": 3}
    assert theirs["Productivity_ann_mean"] == 120 != pytest.approx(float(ndvi.mean()))
    result = trend(ndvi, significance="trends.earth")
    assert (result.s.item(), result.s.attrs["long_name"]) == (120, "Kendall score S")
    assert result.intercept.item() + result.slope.item() * years.mean() == pytest.approx(float(ndvi.mean()))
    assert not [name for name in result if "mean" in str(name) + str(result[name].attrs)]


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
    peer = pytest.importorskip("pymannkendall", reason="peer: group peers of pyproject.toml")
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
    np.testing.assert_allclose(short.slope, double.slope, rtol=1e-4, atol=1e-8)
    # The files hold ten-thousandths: summed as whole numbers they say which years are equal. The means do not: float32 parts
    # some of them in the last bit.
    whole = np.rint(10_000 * values[first : first + 24 * years].astype(float)).reshape(years, 24, -1).sum(axis=1)
    exact = trend(series.copy(data=whole))
    np.testing.assert_array_equal(short.s, exact.s)
    np.testing.assert_array_equal(short.p, exact.p)
