# SPDX-License-Identifier: Apache-2.0
"""Loops over pixels, compiled where numba is installed (extra ``kernels``); without it they are right but slow.

The slopes of all pairs of years are not put in order: they are counted in buckets, and only the few in the buckets that
hold the median and the limits are sorted. Everything of one pixel stays in the first-level cache.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])
Floats = NDArray[np.float64]

BUCKETS = 128  # that slopes are counted in; the middle ones hold a handful each
ONES, HIGHS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
LONG = 32  # more numbers than this are sorted by NumPy


def compiled(function: Function) -> Function:
    try:
        from numba import njit
    except ImportError:
        return function
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy")(function))


@compiled
def _insert_sorted(a: Floats, n: int) -> None:
    """Sort the first ``n`` numbers in place; for fewer than some thirty this beats a general sort and its copy."""
    for i in range(1, n):
        x, j = a[i], i - 1
        while j >= 0 and a[j] > x:
            a[j + 1] = a[j]
            j -= 1
        a[j + 1] = x


@compiled
def _pairs(value: Floats, when: Floats, n: int, slopes: Floats) -> tuple[int, int]:
    """Slopes of all pairs of years, by their distance, into ``slopes``; returns Kendall's score and how many are 0."""
    first, score, equal = 0, np.int32(0), np.int32(0)
    for lag in range(1, n):
        for i in range(n - lag):
            rise = value[i + lag] - value[i]
            slopes[first + i] = rise / (when[i + lag] - when[i])
            score += np.int32(rise > 0) - np.int32(rise < 0)
            equal += np.int32(rise == 0)
        first += n - lag
    return int(score), int(equal)


@compiled
def _count(
    value: Floats, when: Floats, n: int, slopes: Floats, bucket: NDArray[np.uint8], counts: NDArray[np.int32]
) -> None:
    """Which of `BUCKETS` equal steps each slope lies in, about a rough slope, and how many lie in each.

    The steps are such that the middle third of the slopes lies well within for noise about a line; where it does not,
    the outer buckets are full and the result is as right, but slower.
    """
    kind, pairs = slopes.dtype.type, n * (n - 1) // 2
    half, early, late, start, end = n // 2, 0.0, 0.0, 0.0, 0.0
    for i in range(half):
        early += value[i]
        start += when[i]
        late += value[n - 1 - i]
        end += when[n - 1 - i]
    rough = (late - early) / (end - start)
    level, spread = (early + late) / (2 * half) - rough * (start + end) / (2 * half), 0.0
    for i in range(n):
        spread += abs(value[i] - level - rough * when[i])
    reach = 10 * spread / n / (when[n - 1] - when[0])
    scale = kind(BUCKETS / 2 / reach) if reach > 0 else kind(0)
    shift = kind(BUCKETS / 2) - kind(rough) * scale
    for i in range(pairs):
        place = slopes[i] * scale + shift
        place = place if place > 0 else kind(0)
        place = place if place < kind(BUCKETS - 1) else kind(BUCKETS - 1)
        bucket[i] = np.uint8(np.int32(place))
    for b in range(BUCKETS):
        counts[b] = 0
    for i in range(pairs):
        counts[bucket[i]] += 1


@compiled
def _ranked(
    slopes: Floats, pairs: int, bucket: NDArray[np.uint8], words: NDArray[np.uint64], counts: NDArray[np.int32],
    ranks: NDArray[np.int64], few: Floats, found: Floats,
) -> None:  # fmt: skip
    """The slopes of rising ``ranks`` (from 0) into ``found``: only those of the buckets that hold them are sorted.

    ``words`` are the buckets of eight slopes at a time; a word without the byte sought is passed over.
    """
    below, b = 0, 0
    known, under = -1, 0  # which bucket ``few`` holds, and how many slopes lie below it
    for r in range(ranks.size):
        while below + counts[b] <= ranks[r]:
            below += counts[b]
            b += 1
        if b != known:
            known, under, held = b, below, 0
            sought = np.uint64(b) * ONES
            for w in range((pairs + 7) // 8):
                zero = words[w] ^ sought
                if (zero - ONES) & ~zero & HIGHS:  # some byte of the word is 0
                    for i in range(8 * w, min(8 * w + 8, pairs)):
                        few[held] = slopes[i]
                        held += 1 if bucket[i] == b else 0
            if held > LONG:
                few[:held] = np.sort(few[:held])
            else:
                _insert_sorted(few, held)
        found[r] = few[ranks[r] - under]


@compiled
def _variance(ordered: Floats, n: int) -> float:
    """Variance of Kendall's score without trend, of values of which some are tied."""
    variance, start = n * (n - 1.0) * (2 * n + 5), 0
    for a in range(1, n + 1):
        if a == n or ordered[a] != ordered[start]:
            t = a - start
            variance -= t * (t - 1.0) * (2 * t + 5)
            start = a
    return variance / 18


@compiled
def _chance(score: float, variance: float, exact: bool, n: int, tail: Floats) -> float:
    if score == 0:
        return 1.0
    if exact and n < tail.shape[0]:
        return float(tail[n, int(abs(score))])
    return math.erfc((abs(score) - 1) / math.sqrt(variance) / math.sqrt(2.0)) if variance > 0 else math.nan


@compiled
def _lag1(left: Floats, step: NDArray[np.int64], n: int, mean: float, scale: float) -> float:
    """Autocorrelation of neighbours among residuals; a gap parts neighbours. NaN if nothing but rounding is left."""
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
    variance = _variance(np.sort(white), n)
    return score, _chance(score, variance, exact and variance == n * (n - 1.0) * (2 * n + 5) / 18, n, tail)


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
    kind = scratch.dtype.type
    value, ordered = np.empty(years, scratch.dtype), np.empty(years, scratch.dtype)
    at = np.empty(years, scratch.dtype)
    slopes, few = np.empty(years * (years - 1) // 2, scratch.dtype), np.empty(years * years, scratch.dtype)
    bucket, counts = np.zeros((slopes.size + 7) // 8 * 8, np.uint8), np.empty(BUCKETS, np.int32)
    words = bucket.view(np.uint64)
    left, when, step = np.empty(years), np.empty(years), np.empty(years, np.int64)
    ranks, found, result = np.empty(4, np.int64), np.empty(4, scratch.dtype), np.empty(out.shape[0])
    for pixel in range(pixels):
        n = 0
        for t in range(years):
            x = series[t, pixel]
            if x - x == 0:  # infinite is missing too
                value[n], when[n], step[n] = x, time[t], t
                left[n], ordered[n], at[n] = x, x, kind(time[t] - time[0])
                n += 1
        for k in range(result.size):
            result[k] = np.nan
        result[7] = n
        if n >= min_n:
            pairs = n * (n - 1) // 2
            score, equal = _pairs(value, at, n, slopes)
            _count(value, at, n, slopes, bucket, counts)
            _insert_sorted(ordered, n)
            ties = equal > 0
            variance = _variance(ordered, n) if ties else n * (n - 1.0) * (2 * n + 5) / 18
            _limits(variance, pairs, z, ranks)
            ranks[1], ranks[2] = (pairs - 1) // 2, pairs // 2
            _ranked(slopes, pairs, bucket, words, counts, ranks, few, found)
            factor = _finish(
                left, when, step, ordered, n, 0.5 * (float(found[1]) + float(found[2])), float(score), variance, ties,
                tail, normal, correction, least_squares, z, result,
            )  # fmt: skip
            if correction == 1:
                _limits(variance * max(factor, 0.0), pairs, z, ranks)
                _ranked(slopes, pairs, bucket, words, counts, ranks, few, found)
            result[2], result[3] = found[0], found[3]
        for k in range(result.size):
            out[k, pixel] = result[k]


@compiled
def _finish(
    left: Floats, when: Floats, step: NDArray[np.int64], ordered: Floats, n: int, slope: float, score: float,
    variance: float, ties: bool, tail: Floats, normal: bool, correction: int, least_squares: bool, z: float, out: Floats,
) -> float:  # fmt: skip
    """Statistics of one pixel from its values (``left``, overwritten by the residuals); returns the factor on Var(S)."""
    centre = 0.5 * (when[(n - 1) // 2] + when[n // 2])
    middle = 0.5 * (float(ordered[(n - 1) // 2]) + float(ordered[n // 2]))
    scale, across, along = max(abs(float(ordered[0])), abs(float(ordered[n - 1]))), 0.0, 0.0
    if least_squares:
        mean = 0.0
        for a in range(n):
            mean += when[a] / n
        for a in range(n):
            across += (when[a] - mean) * left[a]
            along += (when[a] - mean) ** 2
        out[8] = across / along
    mean = 0.0
    for a in range(n):
        left[a] -= slope * (when[a] - when[0])
        mean += left[a]
    lag1 = _lag1(left, step, n, mean / n, scale)
    factor = 1.0
    if correction == 1:
        factor = _hamed_rao(left[:n], step[:n], z)
        p = _chance(score, variance * factor, False, n, tail) if factor > 0 else math.nan
    elif correction == 2 and lag1 == lag1:  # noqa: PLR0124
        pace = slope * (when[n - 1] - when[0]) / (step[n - 1] - step[0])
        score, p = _pre_whitened(left[:n], step[:n], pace, lag1, not normal, tail)
    else:
        p = _chance(score, variance, not normal and not ties, n, tail)
    out[0], out[1], out[4], out[5], out[6] = slope, middle - centre * slope, score, p, lag1
    return factor


@compiled
def _limits(variance: float, pairs: int, z: float, ranks: NDArray[np.int64]) -> None:
    """Ranks of the 95 % limits among the slopes (Sen 1968), rounded as SciPy and R do, into the first and last place."""
    reach = z * math.sqrt(variance)
    ranks[0] = max(int(np.rint((pairs - reach) / 2)) - 1, 0)
    ranks[3] = min(int(np.rint((pairs + reach) / 2)), pairs - 1)


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
        _insert_sorted(value, n + 2)
        late /= kept
        out[0, i], out[1, i], out[2, i], out[3, i] = mean, math.sqrt(square / n), late, kept
        out[4, i], out[5, i] = 1, 1
        for decile in range(1, 10):
            place = decile * (n + 1) / 10
            whole = min(int(place), n)
            cut = value[whole] + (place - whole) * (value[whole + 1] - value[whole])
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
