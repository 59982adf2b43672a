# SPDX-License-Identifier: Apache-2.0
"""Theil-Sen and Mann-Kendall of many pixels.

The slopes of all pairs of years are not put in order: they are counted in buckets about a rough slope, and only the few
in the buckets that hold the median and the limits are sorted. What is the same for all pixels without a gap (slopes,
buckets, the order of the values) is done for ``LANES`` of them at a time, one beside the other, so that one instruction
works on many; the others go one by one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeground.land._compiled import Floats, compiled, insert_sorted
from homeground.land.productivity._autocorrelation import chance, hamed_rao, lag1_of, pre_whitened, variance_of_score

LANES = 128
BUCKETS = 128  # that slopes are counted in; the middle ones hold a handful each
LONG = 32  # more numbers than this are sorted by NumPy

# A count in the upper half of 64 bits, a place in the lower.
ONE, LAST = 1 << 32, (1 << 32) - 1
COUNT = ~LAST
Bytes = NDArray[np.uint8]
Whole = NDArray[np.int32]
Long = NDArray[np.int64]


@compiled
def _exchange(low: Floats, high: Floats) -> None:
    for k in range(low.size):
        a, b = low[k], high[k]
        low[k] = a if a < b else b
        high[k] = b if a < b else a


@compiled
def _sort_lanes(a: Floats, rows: int) -> None:
    """Sort the columns of ``a`` (rows of LANES, one after the other), by comparisons that do not depend on the values.

    Batcher's network (Knuth, vol. 3, algorithm 5.2.2M). A column with NaN comes out in no order.
    """
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
def _pair(early: Floats, late: Floats, step: float, near: Floats, slope: Floats, score: Whole, equal: Whole) -> None:
    """Slopes of one pair of years, what they add to Kendall's score, and how many values are equal but for rounding."""
    level = slope.dtype.type(0)
    for k in range(early.size):
        rise = late[k] - early[k]
        rise = rise if abs(rise) > near[k] else level
        slope[k] = rise / step
        score[k] += np.int32(rise > 0) - np.int32(rise < 0)
        equal[k] += np.int32(rise == 0)


@compiled
def _bucket(slope: Floats, scale: Floats, shift: Floats, bucket: Bytes) -> None:
    least, most = slope.dtype.type(0), slope.dtype.type(BUCKETS - 1)
    for k in range(slope.size):
        place = slope[k] * scale[k] + shift[k]
        place = place if place > least else least
        place = place if place < most else most
        bucket[k] = np.uint8(np.int32(place))


@compiled
def _steps_about(value: Floats, at: Floats, n: int) -> tuple[float, float]:
    """Scale and shift that take a slope to its bucket: equal steps about a rough slope.

    They are such that the middle third of the slopes lies well within for noise about a line; where it does not, the
    outer buckets are full, and the result is as right but slower.
    """
    half, early, late, start, end = n // 2, 0.0, 0.0, 0.0, 0.0
    for i in range(half):
        early += value[i]
        start += at[i]
        late += value[n - 1 - i]
        end += at[n - 1 - i]
    rough = (late - early) / (end - start)
    level, spread = (early + late) / (2 * half) - rough * (start + end) / (2 * half), 0.0
    for i in range(n):
        spread += abs(value[i] - level - rough * at[i])
    reach = 10 * spread / n / (at[n - 1] - at[0])
    scale = BUCKETS / 2 / reach if reach > 0 else 0.0
    return scale, BUCKETS / 2 - rough * scale


@compiled
def _add(total: Floats, row: Floats) -> None:
    for k in range(total.size):
        total[k] += row[k]


@compiled
def _add_distance(total: Floats, row: Floats, level: Floats, rough: Floats, at: float) -> None:
    for k in range(total.size):
        total[k] += abs(row[k] - level[k] - rough[k] * at)


@compiled
def _steps_of_lanes(value: Floats, at: Floats, n: int, scale: Floats, shift: Floats, work: Floats) -> None:
    """As `_steps_about`, of all lanes at once; ``work`` holds three rows of them."""
    kind, half, start, end = value.dtype.type, n // 2, 0.0, 0.0
    rough, level, spread = work[:LANES], work[LANES : 2 * LANES], work[2 * LANES :]
    work[:] = 0
    for i in range(half):
        _add(rough, value[i * LANES : (i + 1) * LANES])
        _add(level, value[(n - 1 - i) * LANES : (n - i) * LANES])
        start += at[i]
        end += at[n - 1 - i]
    run, middle, pair = kind(1 / (end - start)), kind((start + end) / (2 * half)), kind(1 / (2 * half))
    for k in range(LANES):
        early, late = rough[k], level[k]
        rough[k] = (late - early) * run
        level[k] = (early + late) * pair - rough[k] * middle
    for i in range(n):
        _add_distance(spread, value[i * LANES : (i + 1) * LANES], level, rough, at[i])
    reach = kind(10 / n / (at[n - 1] - at[0]))
    for k in range(LANES):
        step = reach * spread[k]
        scale[k] = kind(BUCKETS / 2) / step if step > 0 else kind(0)
        shift[k] = kind(BUCKETS / 2) - rough[k] * scale[k]


@compiled
def _link(bucket: Bytes, pairs: int, chains: Long, following: Long) -> None:
    """How many slopes lie in each bucket (upper half of ``chains``), the last of them, and the one before each."""
    for b in range(BUCKETS):
        chains[b] = 0
    for i in range(pairs):
        chain = chains[bucket[i]]
        following[i] = chain & LAST
        chains[bucket[i]] = (chain & COUNT) + ONE + i


@compiled
def _link_four(bucket: Bytes, pairs: int, k: int, chains: Long, following: Long) -> None:
    """As `_link`, of four neighbouring lanes: while one waits for its chain, the others go on."""
    for b in range(4 * BUCKETS):
        chains[b] = 0
    for i in range(pairs):
        at, to = i * LANES + k, 4 * i
        b0, b1 = np.int64(bucket[at]), BUCKETS + np.int64(bucket[at + 1])
        b2, b3 = 2 * BUCKETS + np.int64(bucket[at + 2]), 3 * BUCKETS + np.int64(bucket[at + 3])
        c0, c1, c2, c3 = chains[b0], chains[b1], chains[b2], chains[b3]
        following[to], following[to + 1] = c0 & LAST, c1 & LAST
        following[to + 2], following[to + 3] = c2 & LAST, c3 & LAST
        chains[b0], chains[b1] = (c0 & COUNT) + ONE + i, (c1 & COUNT) + ONE + i
        chains[b2], chains[b3] = (c2 & COUNT) + ONE + i, (c3 & COUNT) + ONE + i


@compiled
def _ranked(
    slopes: Floats, stride: int, k: int, chains: Long, following: Long, lane: int, ranks: Long, few: Floats,
    found: Floats,
) -> None:  # fmt: skip
    """The slopes of rising ``ranks`` (from 0) into ``found``: only those of the buckets that hold them are sorted.

    ``lane`` is -1 where chains are of one pixel, else which of the four they are taken from.
    """
    below, b, known, under = 0, 0, -1, 0  # ``few`` holds the slopes of bucket ``known``; ``under`` lie below it
    base, step, shift = (0, 1, 0) if lane < 0 else (lane * BUCKETS, 4, lane)
    count = chains[base] >> 32
    for r in range(ranks.size):
        while below + count <= ranks[r]:
            below += count
            b += 1
            count = chains[base + b] >> 32
        if b != known:
            known, under, i = b, below, chains[base + b] & LAST
            for held in range(count):
                few[held] = slopes[i * stride + k]
                i = following[i * step + shift]
            if count > LONG:
                few[:count] = np.sort(few[:count])
            else:
                insert_sorted(few, count)
        found[r] = few[ranks[r] - under]


@compiled
def trend_pixels(  # noqa: PLR0912 (every branch is one of what may be asked of a pixel)
    series: NDArray[Any],
    time: Floats,
    tail: Floats,
    normal: bool,
    correction: int,
    min_n: int,
    least_squares: bool,
    limits: bool,
    z: float,
    rounding: float,
    scratch: Floats,
    out: Floats,
) -> None:
    """Theil-Sen and Mann-Kendall of every column of ``series`` (times, pixels) into ``out`` (9, pixels).

    ``tail[n, s]`` is the exact two-sided P(|S| >= s) of n values without ties; ``correction`` is 0 (none), 1 (Hamed
    and Rao) or 2 (trend-free pre-whitening); values that differ by less than ``rounding`` of the largest are equal;
    ``scratch`` is empty and of the type to compute in. Rows of ``out``: slope, intercept, where asked ``limits``
    slope_low and slope_high, s, p, lag1, n, and where asked the slope of the least-squares line.
    """
    years, pixels = series.shape
    kind, whole = scratch.dtype.type, years * (years - 1) // 2
    value, ordered = np.zeros(years * LANES, scratch.dtype), np.empty(years * LANES, scratch.dtype)
    slopes, bucket = np.empty(whole * LANES, scratch.dtype), np.empty(whole * LANES, np.uint8)
    score, equal, known = np.empty(LANES, np.int32), np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    work, near = np.empty(5 * LANES, scratch.dtype), np.empty(LANES, scratch.dtype)
    at, own, own_at = np.empty(years, scratch.dtype), np.empty(years, scratch.dtype), np.empty(years, scratch.dtype)
    own_slopes, own_bucket = np.empty(whole, scratch.dtype), np.empty(whole, np.uint8)
    chains, following = np.empty(4 * BUCKETS, np.int64), np.empty(4 * whole, np.int64)
    own_chains, own_following = np.empty(BUCKETS, np.int64), np.empty(whole, np.int64)
    few = np.empty(whole, scratch.dtype)
    found, ranks, result = np.empty(4, scratch.dtype), np.empty(4, np.int64), np.empty(out.shape[0])
    left, when, step = np.empty(years), np.empty(years), np.empty(years, np.int64)
    for t in range(years):
        at[t] = kind(time[t] - time[0])
    for start in range(0, pixels, LANES):
        lanes = min(LANES, pixels - start)
        _gather(series, start, lanes, rounding, value, near, known)
        _lanes(value, at, years, near, slopes, bucket, score, equal, work, ordered)
        for k in range(lanes):
            n = known[k]
            if k % 4 == 0:
                _link_four(bucket, whole, k, chains, following)
            result[:] = np.nan
            result[7] = n
            if n >= min_n:
                pairs = n * (n - 1) // 2
                if n == years:
                    for t in range(years):
                        left[t], own[t], when[t], step[t] = value[t * LANES + k], ordered[t * LANES + k], time[t], t
                    s, ties = score[k], equal[k] > 0
                else:
                    _compact(value, k, years, time, at, left, own, own_at, when, step)
                    s, ties = _one_by_one(own, own_at, n, near[k], own_slopes, own_bucket)
                    insert_sorted(own, n)
                    _link(own_bucket, pairs, own_chains, own_following)
                variance = variance_of_score(own, n, near[k]) if ties else n * (n - 1.0) * (2 * n + 5) / 18
                _limits(variance, pairs, z, ranks)
                some = slice(0 if limits else 1, 4 if limits else 3)
                if n == years:
                    _ranked(slopes, LANES, k, chains, following, k % 4, ranks[some], few, found[some])
                else:
                    _ranked(own_slopes, 1, 0, own_chains, own_following, -1, ranks[some], few, found[some])
                factor = _finish(
                    left, when, step, own, n, 0.5 * (float(found[1]) + float(found[2])), float(s), variance, ties,
                    tail, normal, correction, least_squares, z, float(near[k]), result,
                )  # fmt: skip
                if limits and correction == 1 and factor > 0:
                    _limits(variance * factor, pairs, z, ranks)
                    if n == years:
                        _ranked(slopes, LANES, k, chains, following, k % 4, ranks, few, found)
                    else:
                        _ranked(own_slopes, 1, 0, own_chains, own_following, -1, ranks, few, found)
                if limits and result[5] == result[5]:  # where p is missing, so are the limits
                    result[2], result[3] = found[0], found[3]
            for row in range(result.size):
                out[row, start + k] = result[row]


@compiled
def _gather(
    series: NDArray[Any], start: int, lanes: int, rounding: float, value: Floats, near: Floats, known: Whole
) -> None:
    """Values of a block of pixels, infinite ones missing too, how many each has, and what is rounding beside them."""
    least = near.dtype.type(rounding)
    known[:] = 0
    near[:] = 0
    for t in range(series.shape[0]):
        for k in range(lanes):
            x = series[t, start + k]
            good = x - x == 0
            value[t * LANES + k] = x if good else np.nan
            known[k] += np.int32(good)
            size = abs(value[t * LANES + k]) * least
            near[k] = size if size > near[k] else near[k]


@compiled
def _lanes(
    value: Floats, at: Floats, years: int, near: Floats, slopes: Floats, bucket: Bytes, score: Whole, equal: Whole,
    work: Floats, ordered: Floats,
) -> None:  # fmt: skip
    """Slopes with their buckets, Kendall's score and the values in order, of a block of pixels without gaps."""
    score[:] = 0
    equal[:] = 0
    scale, shift = work[:LANES], work[LANES : 2 * LANES]
    _steps_of_lanes(value, at, years, scale, shift, work[2 * LANES :])
    pair = 0
    for a in range(years - 1):
        for b in range(a + 1, years):
            here = slopes[pair * LANES : (pair + 1) * LANES]
            early, late = value[a * LANES : (a + 1) * LANES], value[b * LANES : (b + 1) * LANES]
            _pair(early, late, at[b] - at[a], near, here, score, equal)
            _bucket(here, scale, shift, bucket[pair * LANES : (pair + 1) * LANES])
            pair += 1
    ordered[:] = value
    _sort_lanes(ordered, years)


@compiled
def _compact(
    value: Floats, k: int, years: int, time: Floats, at: Floats, left: Floats, own: Floats, own_at: Floats,
    when: Floats, step: Long,
) -> None:  # fmt: skip
    """The known values of one pixel of a block and their times, one behind the other."""
    n = 0
    for t in range(years):
        x = value[t * LANES + k]
        if x == x:  # noqa: PLR0124
            left[n], own[n], own_at[n], when[n], step[n] = x, x, at[t], time[t], t
            n += 1


@compiled
def _one_by_one(value: Floats, at: Floats, n: int, near: float, slopes: Floats, bucket: Bytes) -> tuple[int, bool]:
    """Slopes and buckets of one pixel with gaps; returns Kendall's score and whether values are equal up to rounding."""
    kind, score, equal, pair = slopes.dtype.type, 0, False, 0
    scale, shift = _steps_about(value, at, n)
    for a in range(n - 1):
        for b in range(a + 1, n):
            rise = value[b] - value[a]
            rise = rise if abs(rise) > near else kind(0)
            slope = rise / (at[b] - at[a])
            slopes[pair] = slope
            score += 1 if rise > 0 else -1 if rise < 0 else 0
            equal = equal or rise == 0
            place = min(max(slope * kind(scale) + kind(shift), kind(0)), kind(BUCKETS - 1))
            bucket[pair] = np.uint8(np.int32(place))
            pair += 1
    return score, equal


@compiled
def _finish(
    left: Floats, when: Floats, step: NDArray[np.int64], ordered: Floats, n: int, slope: float, score: float,
    variance: float, ties: bool, tail: Floats, normal: bool, correction: int, least_squares: bool, z: float, near: float,
    out: Floats,
) -> float:  # fmt: skip
    """Statistics of one pixel from its values (``left``, overwritten by the residuals); returns the factor on Var(S)."""
    centre = 0.5 * (when[(n - 1) // 2] + when[n // 2])
    middle = 0.5 * (float(ordered[(n - 1) // 2]) + float(ordered[n // 2]))
    across, along = 0.0, 0.0
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
    lag1 = lag1_of(left, step, n, mean / n, near)
    factor = 1.0
    if correction == 1:
        factor = hamed_rao(left[:n], step[:n], z, near)
        p = chance(score, variance * factor, False, n, tail) if factor > 0 else math.nan
    elif correction == 2 and lag1 == lag1:  # noqa: PLR0124
        pace = slope * (when[n - 1] - when[0]) / (step[n - 1] - step[0])
        score, p = pre_whitened(left[:n], step[:n], pace, lag1, not normal, near, tail)
    else:
        p = chance(score, variance, not normal and not ties, n, tail)
    out[0], out[1], out[4], out[5], out[6] = slope, middle - centre * slope, score, p, lag1
    return factor


@compiled
def _limits(variance: float, pairs: int, z: float, ranks: Long) -> None:
    """Ranks of the median and of the 95 % limits among the slopes (Sen 1968), rounded as SciPy and R do."""
    ranks[1], ranks[2] = (pairs - 1) // 2, pairs // 2
    reach = z * math.sqrt(variance)
    ranks[0] = max(int(np.rint((pairs - reach) / 2)) - 1, 0)
    ranks[3] = min(int(np.rint((pairs + reach) / 2)), pairs - 1)
