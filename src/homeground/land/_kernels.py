# SPDX-License-Identifier: Apache-2.0
"""Loops over pixels, compiled where numba is installed (extra ``kernels``); without it they are right but slow.

Pixels go through in blocks of ``LANES``, one beside the other, so that one instruction works on many of them. The
slopes of all pairs are put in order by a network of comparisons that does not depend on the values (Batcher).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])
Floats = NDArray[np.float64]

LANES = 256  # a block of 190 float32 slopes takes 195 kB and stays in the second-level cache


def compiled(function: Function) -> Function:
    try:
        from numba import njit
    except ImportError:
        return function
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy")(function))


@compiled
def _exchange(low: Floats, high: Floats) -> None:
    for k in range(low.size):
        a, b = low[k], high[k]
        low[k] = a if a < b else b
        high[k] = b if a < b else a


@compiled
def _sort_lanes(a: Floats, rows: int) -> None:
    """Sort the columns of ``a`` (rows of LANES, one after the other); no NaN (Knuth, vol. 3, algorithm 5.2.2M)."""
    top = 1
    while 2 * top < rows:
        top *= 2
    p = top
    while p > 0:
        q, r, d = top, 0, p
        while True:
            for base in range(r, rows - d, 2 * p):
                end = min(base + p, rows - d)
                _exchange(a[base * LANES : end * LANES], a[(base + d) * LANES : (end + d) * LANES])
            if q == p:
                break
            d, q, r = q - p, q // 2, p
        p //= 2


@compiled
def _pair(early: Floats, late: Floats, step: Floats, slope: Floats, score: NDArray[np.int32]) -> None:
    """Slopes of one pair of years and what they add to Kendall's score; a missing value gives +inf and nothing."""
    for k in range(early.size):
        difference = late[k] - early[k]
        ratio = difference / step[k]
        slope[k] = ratio if ratio == ratio else np.inf  # noqa: PLR0124
        score[k] += np.int32(difference > 0) - np.int32(difference < 0)


@compiled
def _slopes(value: Floats, steps: Floats, years: int, slopes: Floats, score: NDArray[np.int32]) -> None:
    score[:] = 0
    pair = 0
    for a in range(years - 1):
        for b in range(a + 1, years):
            _pair(
                value[a * LANES : (a + 1) * LANES],
                value[b * LANES : (b + 1) * LANES],
                steps[pair * LANES : (pair + 1) * LANES],
                slopes[pair * LANES : (pair + 1) * LANES],
                score,
            )
            pair += 1


@compiled
def _variance(ordered: Floats) -> tuple[float, bool]:
    """Variance of Kendall's score without trend, and whether values are tied."""
    n = ordered.size
    whole = n * (n - 1.0) * (2 * n + 5)
    variance, start = whole, 0
    for a in range(1, n + 1):
        if a == n or ordered[a] != ordered[start]:
            t = a - start
            variance -= t * (t - 1.0) * (2 * t + 5)
            start = a
    return variance / 18, variance < whole


@compiled
def _chance(score: float, variance: float, exact: bool, n: int, tail: Floats) -> float:
    if score == 0:
        return 1.0
    if exact and n < tail.shape[0]:
        return float(tail[n, int(abs(score))])
    return math.erfc((abs(score) - 1) / math.sqrt(variance) / math.sqrt(2.0)) if variance > 0 else math.nan


@compiled
def _lag1(left: Floats, step: NDArray[np.int64], mean: float, scale: float) -> float:
    """Autocorrelation of neighbours among residuals; a gap parts neighbours. NaN if nothing but rounding is left."""
    n = left.size
    before = left[0] - mean
    square, product = before * before, 0.0
    for a in range(1, n):
        now = left[a] - mean
        square += now * now
        product += before * now if step[a] == step[a - 1] + 1 else 0.0
        before = now
    return product / square if square > n * (1e-12 * scale) ** 2 else math.nan


@compiled
def _hamed_rao(left: Floats, step: NDArray[np.int64], z: float) -> float:
    """Factor on Var(S) from the autocorrelations of the residuals' ranks that pass the ``z`` limit."""
    n = left.size
    rank, autocovariance = np.zeros(n), np.zeros(step[n - 1] - step[0] + 1)
    for a in range(n):
        for b in range(n):
            rank[a] += 1.0 if left[b] < left[a] else 0.0
            rank[a] += 0.5 if left[b] == left[a] else 0.0
        rank[a] -= 0.5 * n  # mean of the ranks so counted: half of each value's own tie included
    for a in range(n):
        for b in range(a, n):
            autocovariance[step[b] - step[a]] += rank[a] * rank[b]
    total = 0.0
    for lag in range(1, min(autocovariance.size, n)):
        correlation = autocovariance[lag] / autocovariance[0] if autocovariance[0] > 0 else 0.0
        if abs(correlation) > z / math.sqrt(n):
            total += (n - lag) * (n - lag - 1.0) * (n - lag - 2.0) * correlation
    return 1 + 2 / (n * (n - 1.0) * (n - 2.0)) * total


@compiled
def _pre_whitened(
    left: Floats, step: NDArray[np.int64], slope: float, lag1: float, exact: bool, tail: Floats
) -> tuple[float, float]:
    """Kendall's score and p once lag-1 dependence is taken from the residuals and the line is put back."""
    white, n = np.empty(left.size), 0
    for a in range(1, left.size):
        if step[a] == step[a - 1] + 1:
            white[n] = left[a] - lag1 * left[a - 1] + slope * step[a]
            n += 1
    white = white[:n]
    score = 0.0
    for a in range(n - 1):
        for b in range(a + 1, n):
            score += (1.0 if white[b] > white[a] else 0.0) - (1.0 if white[b] < white[a] else 0.0)
    if n < 4:
        return score, math.nan
    variance, ties = _variance(np.sort(white))
    return score, _chance(score, variance, exact and not ties, n, tail)


@compiled
def trend_pixels(
    series: NDArray[Any],
    time: Floats,
    tail: Floats,
    normal: bool,
    correction: int,
    min_n: int,
    least_squares: bool,
    z: float,
    scratch: Floats,
    out: Floats,
) -> None:
    """Theil-Sen and Mann-Kendall of every column of ``series`` (times, pixels) into ``out`` (9, pixels).

    ``tail[n, s]`` is the exact two-sided P(|S| >= s) of n values without ties; ``correction`` is 0 (none), 1 (Hamed
    and Rao) or 2 (trend-free pre-whitening); ``scratch`` is empty and of the type to compute in. Rows of ``out``:
    slope, intercept, slope_low, slope_high, s, p, lag1, n, and where asked the slope of the least-squares line.
    """
    years, pixels = series.shape
    pairs = years * (years - 1) // 2
    value = np.empty(years * LANES, scratch.dtype)
    ordered, score = np.empty_like(value), np.empty(LANES, np.int32)
    slopes, steps = np.empty(pairs * LANES, scratch.dtype), np.empty(pairs * LANES, scratch.dtype)
    pair = 0
    for a in range(years - 1):
        for b in range(a + 1, years):
            steps[pair * LANES : (pair + 1) * LANES] = time[b] - time[a]
            pair += 1
    left, when, step = np.empty(years), np.empty(years), np.empty(years, np.int64)
    value[:] = np.nan
    for first in range(0, pixels, LANES):
        lanes = min(LANES, pixels - first)
        for t in range(years):
            for k in range(lanes):
                x = series[t, first + k]
                value[t * LANES + k] = x if x - x == 0 else np.nan  # infinite is missing too
        _slopes(value, steps, years, slopes, score)
        for k in range(value.size):
            ordered[k] = value[k] if value[k] == value[k] else np.inf
        _sort_lanes(slopes, pairs)
        _sort_lanes(ordered, years)
        for k in range(lanes):
            n = 0
            for t in range(years):
                if value[t * LANES + k] == value[t * LANES + k]:
                    left[n], when[n], step[n] = value[t * LANES + k], time[t], t
                    n += 1
            out[7, first + k] = n
            if n < min_n:
                out[:7, first + k] = np.nan
                out[8:, first + k] = np.nan
            else:
                _finish(
                    left[:n],
                    when[:n],
                    step[:n],
                    ordered[k::LANES][:n],
                    slopes[k::LANES][: n * (n - 1) // 2],
                    float(score[k]),
                    tail,
                    normal,
                    correction,
                    least_squares,
                    z,
                    out[:, first + k],
                )


@compiled
def _finish(
    left: Floats,
    when: Floats,
    step: NDArray[np.int64],
    ordered: Floats,
    slopes: Floats,
    score: float,
    tail: Floats,
    normal: bool,
    correction: int,
    least_squares: bool,
    z: float,
    out: Floats,
) -> None:
    """Statistics of one pixel from its values (``left``, overwritten by the residuals) and its slopes in order."""
    n, pairs = left.size, slopes.size
    slope = 0.5 * (float(slopes[(pairs - 1) // 2]) + float(slopes[pairs // 2]))
    centre = 0.5 * (when[(n - 1) // 2] + when[n // 2])
    variance, ties = _variance(ordered)
    exact = not normal and not ties
    middle = 0.5 * (float(ordered[(n - 1) // 2]) + float(ordered[n // 2]))
    scale, across, along = max(abs(float(ordered[0])), abs(float(ordered[n - 1]))), 0.0, 0.0
    if least_squares:
        mean = when.sum() / n
        for a in range(n):
            across += (when[a] - mean) * left[a]
            along += (when[a] - mean) ** 2
        out[8] = across / along
    mean = 0.0
    for a in range(n):
        left[a] -= slope * (when[a] - when[0])
        mean += left[a]
    lag1 = _lag1(left, step, mean / n, scale)
    out[0], out[1] = slope, middle - centre * slope
    out[6] = lag1
    if correction == 1:
        factor = _hamed_rao(left, step, z)
        p = _chance(score, variance * factor, False, n, tail) if factor > 0 else math.nan
        variance *= max(factor, 0.0)
    elif correction == 2 and lag1 == lag1:  # noqa: PLR0124
        score, p = _pre_whitened(
            left, step, slope * (when[n - 1] - when[0]) / (step[n - 1] - step[0]), lag1, not normal, tail
        )
    else:
        p = _chance(score, variance, exact, n, tail)
    # Sen (1968): the limits are themselves slopes, found by rank; rounded as scipy and R do.
    reach = z * math.sqrt(variance)
    low = max(int(np.rint((pairs - reach) / 2)) - 1, 0)
    high = min(int(np.rint((pairs + reach) / 2)), pairs - 1)
    out[2], out[3] = slopes[low], slopes[high]
    out[4], out[5] = score, p


@compiled
def _insert_sorted(a: Floats) -> None:
    """Sort a handful of numbers in place; for fewer than some twenty this beats a general sort and its copy."""
    for i in range(1, a.size):
        x, j = a[i], i - 1
        while j >= 0 and a[j] > x:
            a[j + 1] = a[j]
            j -= 1
        a[j + 1] = x


@compiled
def state_pixels(history: NDArray[Any], recent: NDArray[Any], min_history: int, min_recent: int, out: Floats) -> None:
    """Class of the recent and of the past mean among the deciles of the past, per column, into ``out`` (6, pixels).

    Rows of ``out``: mean of the past, its population standard deviation, mean of the recent years, number of them,
    class (1 to 10) of the past mean, class of the recent mean. NaN where years are too few.
    """
    value = np.empty(history.shape[0] + 2)
    for i in range(history.shape[1]):
        out[:, i] = np.nan
        n, total = 0, 0.0
        for t in range(history.shape[0]):
            x = float(history[t, i])
            if x - x == 0:
                value[n] = x
                total += x
                n += 1
        kept, late = 0, 0.0
        for t in range(recent.shape[0]):
            x = float(recent[t, i])
            if x - x == 0:
                late += x
                kept += 1
        if n < min_history or kept < min_recent:
            continue
        mean, square, low, high = total / n, 0.0, value[0], value[0]
        for t in range(n):
            square += (value[t] - mean) ** 2
            low, high = min(low, value[t]), max(high, value[t])
        value[n], value[n + 1] = low - 0.05 * (high - low), high + 0.05 * (high - low)
        ordered = value[: n + 2]
        _insert_sorted(ordered)
        late /= kept
        out[0, i], out[1, i], out[2, i], out[3, i] = mean, math.sqrt(square / n), late, kept
        out[4, i], out[5, i] = 1, 1
        for decile in range(1, 10):
            place = decile * (n + 1) / 10
            whole = min(int(place), n)
            cut = ordered[whole] + (place - whole) * (ordered[whole + 1] - ordered[whole])
            out[4, i] += 1.0 if mean > cut else 0.0
            out[5, i] += 1.0 if late > cut else 0.0


@compiled
def carbon_pixels(
    stock: Floats, cover: NDArray[np.int8], zone: NDArray[np.int8], factors: Floats, years: int, out: Floats
) -> None:
    """Stock of every year (rows of ``out``) per column, from the first year's and the cover of each year (years, pixels).

    ``factors[zone, before, after]`` with 0 for missing cover; a change takes ``years`` years, and a new one replaces it.
    """
    for i in range(stock.size):
        now, step, left = stock[i], 0.0, 0
        before = max(cover[0, i], 0)
        if before == 0:
            now = np.nan
        out[0, i] = now
        for k in range(1, cover.shape[0]):
            after = max(cover[k, i], 0)
            if before != after or after == 0:
                step, left = now * (factors[zone[i], before, after] - 1) / years, years
            if left > 0:
                now += step
                left -= 1
            out[k, i] = now
            before = after
