# SPDX-License-Identifier: Apache-2.0
"""Trends: by hand, with gaps and ties, the compiled loop against plain NumPy, and laws of symmetry."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from homeground.errors import DataError
from homeground.land import trend
from homeground.land.trends import kendall_tail


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
    slopes = np.sort((x[j] - x[i]) / (t[j] - t[i]))
    score = np.sign(x[j] - x[i]).sum()
    _, ties = np.unique(x, return_counts=True)
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
    lag1 = np.nansum(left[1:] * left[:-1]) / square if square > 1e-20 else np.nan
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
@given(VALUES, st.sampled_from([0.5, 2.0, 8.0]), st.integers(-20, 20))
def test_slope_follows_scale_and_added_line(values, factor, added):
    years = np.arange(values.size) + 2001
    before, after = trend(yearly(values)), trend(yearly(values * factor + added * (years - 2001)))
    for name in ("slope",):
        assert after[name].item() == pytest.approx(before[name].item() * factor + added, abs=1e-9)
    scaled = trend(yearly(values * factor + added))
    assert (scaled.s.item(), scaled.p.item()) == (before.s.item(), before.p.item())
