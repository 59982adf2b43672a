# SPDX-License-Identifier: Apache-2.0
"""Trends: by hand, with gaps and ties, the compiled loop against plain NumPy, and laws of symmetry."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import lfilter
from scipy.stats import false_discovery_control, norm, rankdata

from homeground.errors import DataError
from homeground.land import fdr, trend
from homeground.land.productivity.trend import kendall_tail

WAYS = ("none", "hamed-rao", "pre-whiten")


def yearly(values, years=None, units="1"):
    values = np.asarray(values, float)
    years = np.arange(2001, 2001 + values.shape[0]) if years is None else years
    dims = ("year", "y", "x")[: values.ndim]
    return xr.DataArray(values, {"year": years}, dims=dims, attrs={"units": units})


def plain(values, years, table):
    """The same in NumPy, one pixel, planes of pairs instead of loops."""
    kept = ~np.isnan(values)
    x, t, n = values[kept], years[kept].astype(float), int(kept.sum())
    if n < 8:
        return [np.nan] * 7 + [n]
    i, j = np.triu_indices(n, 1)
    rise, near = x[j] - x[i], 1e-12 * np.abs(x).max()
    rise[np.abs(rise) <= near] = 0  # equal but for the last bits
    slopes = np.sort(rise / (t[j] - t[i]))
    score = np.sign(rise).sum()
    starts = np.flatnonzero(np.diff(np.sort(x), prepend=-np.inf) > near)
    ties = np.diff(starts, append=n)
    spread = np.sqrt((n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18)
    if score == 0:
        p = 1.0
    elif (ties > 1).any() or n > 60:
        p = 2 * norm.sf((abs(score) - 1) / spread)
    else:
        p = table[n, int(abs(score))]
    slope = np.median(slopes)
    reach = norm.ppf(0.975) * spread
    low = slopes[max(int(np.round((slopes.size - reach) / 2)) - 1, 0)]
    high = slopes[min(int(np.round((slopes.size + reach) / 2)), slopes.size - 1)]
    left = np.full(values.size, np.nan)
    left[kept] = x - slope * t
    left -= np.nanmean(left)
    square = np.nansum(left**2)  # rounding alone is not autocorrelation
    lag1 = np.nansum(left[1:] * left[:-1]) / square if square > n * near**2 else np.nan
    return [slope, np.median(x) - np.median(t) * slope, low, high, score, p, lag1, n]


def test_by_hand():
    # 36 pairs, four of them fall (3,2 4,2 6,5 9,8): S = 28. Orders of nine values with at most four falling pairs:
    # 1 + 8 + 35 + 111 + 285 = 440 of 362 880, twice for both sides: p = 0.0024250.
    result = trend(yearly([3, 4, 2, 6, 5, 7, 9, 8, 10]))
    assert result.s.item() == 28
    assert result.p.item() == pytest.approx(880 / 362_880, rel=1e-12)
    assert result.slope.item() == 1
    assert result.intercept.item() == 6 - 2005
    assert result.n.item() == 9
    assert result.slope.attrs["units"] == "1 year-1"


def test_a_straight_line():
    result = trend(yearly(0.5 * np.arange(10) + 3))
    assert [result[k].item() for k in ("slope", "slope_low", "slope_high", "s")] == [0.5, 0.5, 0.5, 45]
    assert result.p.item() == pytest.approx(2 / 3_628_800, rel=1e-12)  # one order of 10! on each side


def test_the_years_count_as_they_are_labelled():
    years = np.array([2000, 2001, 2003, 2004, 2010, 2011, 2012, 2020])
    result = trend(yearly(2.0 * years, years))
    assert result.slope.item() == pytest.approx(2)
    assert result.intercept.item() == pytest.approx(0, abs=1e-9)


def test_all_the_same():
    result = trend(yearly(np.full(12, 0.3)))
    assert [result[k].item() for k in ("slope", "slope_low", "slope_high", "s", "p")] == [0, 0, 0, 0, 1]
    assert np.isnan(result.lag1.item())


LAST_BITS = [0.1 + 0.2, 0.3, 0.6 / 2, 3 * 0.1] * 3  # some are 0.30000000000000004
SINGLE_BITS = [np.float32(0.3), np.nextafter(np.float32(0.3), np.float32(1))] * 6


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("gap", [False, True])
@pytest.mark.parametrize("values", [LAST_BITS, SINGLE_BITS], ids=["double", "single"])
def test_the_same_but_for_the_last_bits_is_no_trend(values, gap, way):
    assert len(set(values)) == 2
    series = yearly(values).astype(np.asarray(values).dtype)
    if gap:
        series[3] = np.nan
    result = trend(series, autocorrelation=way)
    assert [result[k].item() for k in ("slope", "slope_low", "slope_high", "s", "p")] == [0, 0, 0, 0, 1]
    assert np.isnan(result.lag1.item())


def test_ties_that_differ_in_the_last_bits_are_ties_by_hand():
    # 1 2 2 3 3 4 5 6 tenths, written twice: of 28 pairs two are equal, the others rise. S = 26; Var(S) = (8 * 7 * 21
    # - 2 * 2 * 1 * 9) / 18 = 190 / 3; p = 2 (1 - Phi(25 / sqrt(190 / 3))) = erfc(2.2213) = 0.001682.
    result = trend(yearly([0.1, 0.2, 0.1 + 0.1, 0.1 + 0.2, 0.3, 0.4, 0.5, 0.6]))
    assert result.s.item() == 26
    assert result.p.item() == pytest.approx(math.erfc(25 / math.sqrt(190 / 3) / math.sqrt(2)), rel=1e-12)


def test_missing_years_leave_the_rest():
    values = np.array([3, np.nan, 4, 2, 6, 5, np.nan, 7, 9, 8, 10, np.nan])
    grid = np.stack([values, np.where(np.arange(12) < 6, np.nan, values)], axis=1)[:, None, :]
    result = trend(yearly(grid))
    assert result.n.values.tolist() == [[9, 4]]
    assert result.n.dtype == np.int16
    assert result.s.values[0, 0] == 28
    assert all(np.isnan(result[k].values[0, 1]) for k in result if k != "n")


def test_lag1_by_hand():
    # About a flat line the residuals are +1 -1 +1 -1 ...: eleven products of -1 over twelve squares of 1.
    assert trend(yearly([1.0, -1.0] * 6)).lag1.item() == pytest.approx(-11 / 12, abs=0.02)


def test_normal_and_exact_differ_a_little():
    values = np.array([3, 4, 2, 6, 5, 7, 9, 8, 10.0])
    exact, normal = trend(yearly(values)), trend(yearly(values), significance="normal")
    # Var(S) = 9 * 8 * 23 / 18 = 92; Z = 27 / sqrt(92) = 2.81494; p = 0.0048784.
    assert normal.p.item() == pytest.approx(0.0048784, abs=5e-7)
    assert exact.p.item() < normal.p.item()
    assert normal.attrs["significance"] == "normal"


def test_chunked_equals_whole():
    rng = np.random.default_rng(4)
    whole = yearly(rng.normal(size=(15, 4, 6)))
    xr.testing.assert_identical(trend(whole.chunk({"y": 2, "x": 3})).compute(), trend(whole))


@pytest.mark.parametrize(
    ("series", "message"),
    [
        (yearly(np.arange(5.0)), "at least 8"),
        (yearly(np.arange(9.0)).rename(year="time"), "'year' was expected"),
        (yearly(np.arange(9.0)).drop_vars("year"), "no numbers as labels"),
        (yearly(np.arange(9.0), [2001, 2001, *range(2002, 2009)]), "do not rise"),
    ],
)
def test_wrong_input_is_refused(series, message):
    with pytest.raises(DataError, match=message):
        trend(series)
    with pytest.raises(DataError, match="exact"):
        trend(yearly(np.arange(9.0)), significance="seasonal")


@pytest.mark.parametrize(("length", "rounding"), [(8, 6), (20, 6), (20, 1), (33, 6), (70, 6)])
def test_the_compiled_loop_equals_plain_numpy(length, rounding):
    rng = np.random.default_rng(length)
    years = np.cumsum(rng.integers(1, 4, length)) + 1980
    values = np.round(rng.normal(size=(length, 5, 8)) + 0.1 * np.arange(length)[:, None, None], rounding)
    values[rng.random(values.shape) < 0.1] = np.nan
    values *= 1 + rng.integers(-2, 3, values.shape) * np.finfo(float).eps
    result = trend(yearly(values, years))
    table = kendall_tail()
    for y, x in np.ndindex(5, 8):
        expected = plain(values[:, y, x], years, table)
        np.testing.assert_allclose([result[k].values[y, x] for k in result], expected, rtol=1e-9, atol=1e-9)


VALUES = arrays(float, st.integers(8, 25), elements=st.integers(-50, 50).map(lambda v: v / 8))


@settings(deadline=None)
@given(VALUES)
def test_time_turned_round_turns_the_score(values):
    forward, backward = trend(yearly(values)), trend(yearly(values[::-1]))
    assert forward.s.item() == -backward.s.item()
    assert forward.p.item() == pytest.approx(backward.p.item(), rel=1e-12)
    assert forward.slope.item() == pytest.approx(-backward.slope.item(), abs=1e-12)
    assert forward.slope_low.item() <= forward.slope.item() <= forward.slope_high.item()


@settings(deadline=None)
@given(
    VALUES, st.integers(0, 2**32 - 1), st.sampled_from(WAYS), st.sampled_from([np.float32, np.float64]), st.booleans()
)
def test_the_last_bits_change_nothing(values, seed, way, kind, gap):
    if gap:
        values[2] = np.nan
    bits = np.random.default_rng(seed).integers(-2, 3, values.size) * np.finfo(kind).eps
    before = trend(yearly(values).astype(kind), autocorrelation=way)
    after = trend(yearly(values * (1 + bits)).astype(kind), autocorrelation=way)
    assert after.s.item() == pytest.approx(before.s.item(), nan_ok=True)
    assert after.p.item() == pytest.approx(before.p.item(), rel=1e-4, nan_ok=True)
    assert (after.slope.item() > 1e-5) == (before.slope.item() > 1e-5)


@settings(deadline=None)
@given(VALUES, st.sampled_from([0.5, 2.0, 8.0]), st.integers(-20, 20))
def test_slope_follows_scale_and_added_line(values, factor, added):
    years = np.arange(values.size) + 2001
    before, after = trend(yearly(values)), trend(yearly(values * factor + added * (years - 2001)))
    for name in ("slope",):
        assert after[name].item() == pytest.approx(before[name].item() * factor + added, abs=1e-9)
    scaled = trend(yearly(values * factor + added))
    assert (scaled.s.item(), scaled.p.item()) == (before.s.item(), before.p.item())


def acf(values, steps):
    """Autocorrelation by lag of values at whole steps, gaps left out."""
    centred = values - values.mean()
    lags = steps[None, :] - steps[:, None]
    products = np.outer(centred, centred)
    return np.array([products[lags == k].sum() for k in range(lags.max() + 1)]) / (centred**2).sum()


def hamed_rao(values, years):
    kept = np.flatnonzero(~np.isnan(values))
    x, t, n = values[kept], years[kept], kept.size
    i, j = np.triu_indices(n, 1)
    left = x - np.median((x[j] - x[i]) / (t[j] - t[i])) * (t - t[0])
    r = acf(rankdata(np.round(left, 9)), kept)  # where the slope is that of one pair, its residuals are equal
    lags = np.flatnonzero(np.abs(r) > norm.ppf(0.975) / np.sqrt(n))
    lags = lags[(lags > 0) & (lags < n)]
    factor = 1 + 2 / (n * (n - 1) * (n - 2)) * ((n - lags) * (n - lags - 1) * (n - lags - 2) * r[lags]).sum()
    score = np.sign(x[j] - x[i]).sum()
    if factor <= 0:
        return np.nan
    return min(1.0, 2 * norm.sf((abs(score) - 1) / np.sqrt(n * (n - 1) * (2 * n + 5) / 18 * factor)))


def test_limits_are_missing_where_the_correction_fails():
    # Twelve rising years whose neighbours alternate: Hamed and Rao's variance of S falls below 0.
    values = [0.353, 0.387, 0.397, 0.363, 0.420, 0.394, 0.411, 0.432, 0.408, 0.454, 0.416, 0.474]
    assert np.isnan(hamed_rao(np.array(values), np.arange(12)))
    gaps = [np.nan, *values]
    series = yearly(np.array([[*values, np.nan], gaps]).T[:, None])
    result = trend(series, autocorrelation="hamed-rao")
    for name in ("p", "slope_low", "slope_high"):
        assert np.isnan(result[name]).all(), name
    assert np.isnan(trend(yearly(values), autocorrelation="hamed-rao").slope_low.item())  # without a gap too
    plain = trend(series)
    assert (result.slope == plain.slope).all()
    assert (plain.slope_low < plain.slope_high).all()


def pre_whitened(values, years, table):
    kept = np.flatnonzero(~np.isnan(values))
    x, t, n = values[kept], years[kept], kept.size
    i, j = np.triu_indices(n, 1)
    slope = np.median((x[j] - x[i]) / (t[j] - t[i]))
    line = slope * t
    follows = np.flatnonzero(np.diff(kept) == 1)
    white = (x - line)[follows + 1] - acf(x - line, kept)[1] * (x - line)[follows] + line[follows + 1]
    i, j = np.triu_indices(white.size, 1)
    score = int(np.sign(white[j] - white[i]).sum())
    return score, table[white.size, abs(score)]


@pytest.mark.parametrize(("length", "gaps"), [(12, 0.0), (16, 0.0), (16, 0.2), (40, 0.1)])
def test_corrections_for_autocorrelation_equal_plain_numpy(length, gaps):
    rng = np.random.default_rng(length)
    years = np.arange(2001, 2001 + length)
    values = lfilter([1], [1, -0.6], rng.normal(size=(length, 40)), axis=0) + 0.1 * np.arange(length)[:, None]
    values[rng.random(values.shape) < gaps] = np.nan
    series = xr.DataArray(values, {"year": years}, dims=("year", "x"))
    by_rank, white = trend(series, autocorrelation="hamed-rao"), trend(series, autocorrelation="pre-whiten")
    table, tested = kendall_tail(), 0
    for x in range(40):
        if np.isfinite(values[:, x]).sum() < 8:
            continue
        tested += 1
        assert by_rank.p.values[x] == pytest.approx(hamed_rao(values[:, x], years), rel=1e-9, nan_ok=True)
        assert (white.s.values[x], white.p.values[x]) == pytest.approx(pre_whitened(values[:, x], years, table))
    assert tested > 30
    assert by_rank.attrs["autocorrelation"] == "hamed-rao"


def test_no_correction_makes_sixteen_dependent_years_safe():
    rng = np.random.default_rng(12)
    values = lfilter([1], [1, -0.6], rng.normal(size=(36, 2000)), axis=0)[20:]  # no trend at all
    series = xr.DataArray(values, {"year": np.arange(16)}, dims=("year", "x"))
    share = {way: float((trend(series, autocorrelation=way).p <= 0.05).mean()) for way in WAYS}
    assert min(share.values()) > 0.15  # three times what 5 % promises: what the docstring warns of
    independent = xr.DataArray(rng.normal(size=(16, 4000)), {"year": np.arange(16)}, dims=("year", "x"))
    assert float((trend(independent).p <= 0.05).mean()) == pytest.approx(0.0413, abs=0.012)  # P(|S| >= 46)


def test_constants_survive_the_corrections():
    for way in ("hamed-rao", "pre-whiten"):
        result = trend(yearly(np.full(12, 0.3)), autocorrelation=way)
        assert (result.s.item(), result.p.item(), result.slope.item()) == (0, 1, 0)


def test_unequal_steps_cannot_be_corrected():
    series = yearly(np.arange(9.0), [2000, 2001, 2002, 2003, 2004, 2005, 2006, 2008, 2009])
    assert trend(series).s.item() == 36
    with pytest.raises(DataError, match="equal steps"):
        trend(series, autocorrelation="hamed-rao")
    with pytest.raises(DataError, match="autocorrelation is 'ar1'"):
        trend(yearly(np.arange(9.0)), autocorrelation="ar1")


def test_levels_of_trends_earth():
    # 16 years: 28, 36, 56. A rising series has |S| = 120; swapping neighbours takes 2 each, turning blocks more.
    rising = np.arange(16.0)
    series = np.stack([rising, -rising, np.zeros(16), np.full(16, np.nan)], axis=1)
    result = trend(xr.DataArray(series, {"year": np.arange(16)}, dims=("year", "x")), significance="trends.earth")
    assert result.level.values.tolist() == [3, -3, 0, -128]
    np.testing.assert_allclose(result.ols_slope.values[:3], [1, -1, 0])
    assert result.p.values[0] == pytest.approx(2 / 20_922_789_888_000, rel=1e-12)


@pytest.mark.parametrize(("falls", "level"), [(46, 0), (45, 1), (42, 2), (32, 3)])
def test_the_first_score_of_trends_earth_must_be_passed(falls, level):
    # S = 120 - 2 falls: 28 (reached, not passed), 30, 36, 56. Falling pairs are made one by one by neighbour swaps.
    order = list(range(16))
    while falls:
        for k in range(15):
            if falls and order[k] < order[k + 1]:
                order[k], order[k + 1] = order[k + 1], order[k]
                falls -= 1
    result = trend(yearly(order), significance="trends.earth")
    assert abs(result.level.item()) == level
    assert np.sign(result.level.item()) in (0, np.sign(result.ols_slope.item()))


def test_trends_earth_refuses_what_it_does_not_know():
    with pytest.raises(DataError, match="4 to 59"):
        trend(yearly(np.arange(60.0)), significance="trends.earth")
    with pytest.raises(DataError, match="no correction"):
        trend(yearly(np.arange(16.0)), significance="trends.earth", autocorrelation="hamed-rao")


def test_short_types_give_the_same_to_their_precision():
    rng = np.random.default_rng(8)
    values = rng.integers(-2000, 9000, (20, 300)).astype(np.int16)
    double = trend(xr.DataArray(values.astype(float), {"year": np.arange(20)}, dims=("year", "x")))
    for short in (values, values.astype(np.float32)):
        result = trend(xr.DataArray(short, {"year": np.arange(20)}, dims=("year", "x")))
        for name in ("s", "p", "n"):
            np.testing.assert_array_equal(result[name], double[name])
        for name in ("slope", "slope_low", "slope_high", "lag1"):
            np.testing.assert_allclose(result[name], double[name], rtol=1e-5, atol=1e-5)


def test_infinite_values_are_missing_and_time_may_come_last():
    values = np.array([3, 4, 2, 6, np.inf, 5, 7, 9, 8, -np.inf, 10])
    result = trend(xr.DataArray([values], {"year": np.arange(11)}, dims=("x", "year")))
    assert (result.s.item(), result.n.item()) == (28, 9)


def test_a_p_on_its_limit_counts_whatever_the_rounding():
    # The limit of the fifth of six is 0.05 * 5 / 6, which a computer puts a hair below 5 / 6 / 20.
    for found, tests in ((5, 6), (13, 22), (12, 20)):
        p = xr.DataArray([found / tests / 20] * found + [0.9] * (tests - found))
        assert int(fdr(p).sum()) == found
        assert int(fdr(p * 1.0001).sum()) == 0


def test_false_discovery_rate_by_hand():
    # Limits 0.01, 0.02, 0.03, 0.04, 0.05 of five tests: 0.035 misses 0.03 but 0.04 reaches its own and takes it along.
    p = xr.DataArray([0.04, np.nan, 0.035, 0.005, 0.9, 0.012])
    result = fdr(p, 0.05)
    assert result.values.tolist() == [True, False, True, True, False, True]
    assert (result.attrs["threshold"], result.attrs["tests"]) == (0.04, 5)
    assert not fdr(xr.DataArray([np.nan, np.nan])).any()
    assert not fdr(xr.DataArray([0.2, 0.3])).any()
    with pytest.raises(DataError, match="0 to 1"):
        fdr(xr.DataArray([0.2, 1.3]))
    with pytest.raises(DataError, match="alpha"):
        fdr(p, 5)


@settings(deadline=None)
@given(arrays(float, st.integers(1, 40), elements=st.integers(0, 1000).map(lambda v: v / 1000)), st.integers(0, 5))
def test_false_discovery_rate_is_scipys(p, holes):
    padded = np.concatenate([p, np.full(holes, np.nan)])
    expected = false_discovery_control(p, method="bh")
    clear = np.abs(expected - 0.05) > 1e-12  # equality hangs on rounding
    np.testing.assert_array_equal(fdr(xr.DataArray(padded)).values[: p.size][clear], (expected <= 0.05)[clear])
