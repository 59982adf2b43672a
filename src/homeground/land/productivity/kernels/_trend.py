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
from homeground.land.productivity.kernels._autocorrelation import (
    chance,
    hamed_rao,
    lag1_of,
    pre_whitened,
    variance_of_score,
)
from homeground.land.productivity.kernels._lanes import (
    BUCKETS,
    LANES,
    LONG,
    NONE,
    finish_lanes,
    gather,
    look_at_pairs,
    slopes_of_ranks,
)

# A count in the upper half of 64 bits, a place in the lower.
ONE, LAST = 1 << 32, (1 << 32) - 1
COUNT = ~LAST
Bytes = NDArray[np.uint8]
Whole = NDArray[np.int32]
Long = NDArray[np.int64]


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
def _link(bucket: Bytes, pairs: int, chains: Long, following: Long) -> None:
    """How many slopes lie in each bucket (upper half of ``chains``), the last of them, and the one before each."""
    for b in range(BUCKETS):
        chains[b] = 0
    for i in range(pairs):
        chain = chains[bucket[i]]
        following[i] = chain & LAST
        chains[bucket[i]] = (chain & COUNT) + ONE + i


@compiled
def _ranked(slopes: Floats, chains: Long, following: Long, ranks: Long, few: Floats, found: Floats) -> None:
    """The slopes of rising ``ranks`` (from 0) into ``found``: only those of the buckets that hold them are sorted."""
    below, b, known, under = 0, 0, -1, 0  # ``few`` holds the slopes of bucket ``known``; ``under`` lie below it
    count = chains[0] >> 32
    for r in range(ranks.size):
        while below + count <= ranks[r]:
            below += count
            b += 1
            count = chains[b] >> 32
        if b != known:
            known, under, i = b, below, chains[b] & LAST
            for held in range(count):
                few[held] = slopes[i]
                i = following[i]
            if count > LONG:
                few[:count] = np.sort(few[:count])
            else:
                insert_sorted(few, count)
        found[r] = few[ranks[r] - under]


@compiled
def trend_pixels(  # noqa: C901, PLR0912, PLR0915 (every branch is one of what may be asked of a pixel)
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
    kind, pairs = scratch.dtype.type, years * (years - 1) // 2
    value, ordered = np.zeros(years * LANES, scratch.dtype), np.empty(years * LANES, scratch.dtype)
    slopes, few = np.empty(pairs * LANES, scratch.dtype), np.empty(pairs * LANES, scratch.dtype)
    bucket, marks = np.full((pairs + 7) // 8 * 8 * LANES, NONE, np.uint8), np.empty(pairs * LANES, np.uint8)
    score, equal, known = np.empty(LANES, np.int32), np.empty(LANES, np.int32), np.zeros(LANES, np.int32)
    work, near = np.empty(5 * LANES, scratch.dtype), np.empty(LANES, scratch.dtype)
    bytes_room, room = np.empty((4, LANES), np.uint8), np.empty((3, LANES), np.int32)
    of_ranks, rank = np.zeros((4, LANES), scratch.dtype), np.zeros((4, LANES), np.int32)
    whole, variance = np.zeros(LANES, np.bool_), np.empty(LANES)
    residuals, block = np.empty(years * LANES), np.empty((out.shape[0], LANES))
    at, own, own_at = np.empty(years, scratch.dtype), np.empty(years, scratch.dtype), np.empty(years, scratch.dtype)
    own_slopes, own_bucket = np.empty(pairs, scratch.dtype), np.empty(pairs, np.uint8)
    chains, following = np.empty(BUCKETS, np.int64), np.empty(pairs, np.int64)
    found, ranks, result = np.empty(4, scratch.dtype), np.empty(4, np.int64), np.empty(out.shape[0])
    left, when, step = np.empty(years), np.empty(years), np.empty(years, np.int64)
    some = slice(0 if limits else 1, 4 if limits else 3)
    spread = years * (years - 1.0) * (2 * years + 5) / 18
    rank[1], rank[2] = (pairs - 1) // 2, pairs // 2
    for t in range(years):
        at[t] = kind(time[t] - time[0])
    for start in range(0, pixels, LANES):
        lanes = min(LANES, pixels - start)
        width = (lanes + 7) // 8 * 8
        known[:] = 0
        gather(series, start, lanes, rounding, value, near, known)
        look_at_pairs(value, at, years, width, near, slopes, bucket, score, equal, work, ordered)
        for k in range(width):
            whole[k] = known[k] == years and years >= min_n
            variance[k] = spread
            if whole[k] and equal[k] > 0:
                for t in range(years):
                    own[t] = ordered[t * LANES + k]
                variance[k] = variance_of_score(own, years, near[k])
            if limits:
                _limits(variance[k], pairs, z, ranks)
                rank[0, k], rank[3, k] = ranks[0], ranks[3]
        slopes_of_ranks(
            slopes, bucket, pairs, width, whole, rank[1], rank[2], bytes_room, room, marks, few, of_ranks[1], of_ranks[2]
        )  # fmt: skip
        if limits:
            for r in (0, 3):
                slopes_of_ranks(
                    slopes, bucket, pairs, width, whole, rank[r], rank[r], bytes_room, room, marks, few, of_ranks[r],
                    of_ranks[r],
                )  # fmt: skip
        if correction == 0:
            finish_lanes(value, ordered, time, of_ranks[1], of_ranks[2], near, least_squares, residuals, block)
        for k in range(lanes):
            n = known[k]
            if whole[k] and correction == 0:
                block[4, k] = score[k]
                block[5, k] = chance(float(score[k]), variance[k], not normal and equal[k] == 0, n, tail)
                block[7, k] = n
                if not least_squares:
                    block[8, k] = np.nan
                sure = limits and block[5, k] == block[5, k]  # where p is missing, so are the limits
                block[2, k] = of_ranks[0, k] if sure else np.nan
                block[3, k] = of_ranks[3, k] if sure else np.nan
                continue
            result[:] = np.nan
            result[7] = n
            if n >= min_n:
                if whole[k]:
                    for t in range(years):
                        left[t], own[t], when[t], step[t] = value[t * LANES + k], ordered[t * LANES + k], time[t], t
                    for r in range(4):
                        found[r] = of_ranks[r, k]
                    s, ties, scatter, here = float(score[k]), equal[k] > 0, variance[k], pairs
                    if limits and correction == 1:
                        for t in range(pairs):
                            own_slopes[t], own_bucket[t] = slopes[t * LANES + k], bucket[t * LANES + k]
                else:
                    here = n * (n - 1) // 2
                    _compact(value, k, years, time, at, left, own, own_at, when, step)
                    s, ties = _one_by_one(own, own_at, n, near[k], own_slopes, own_bucket)
                    insert_sorted(own, n)
                    scatter = variance_of_score(own, n, near[k]) if ties else n * (n - 1.0) * (2 * n + 5) / 18
                    _limits(scatter, here, z, ranks)
                    _link(own_bucket, here, chains, following)
                    _ranked(own_slopes, chains, following, ranks[some], few, found[some])
                factor = _finish(
                    left, when, step, own, n, 0.5 * (float(found[1]) + float(found[2])), float(s), scatter, ties,
                    tail, normal, correction, least_squares, z, float(near[k]), result,
                )  # fmt: skip
                if limits and correction == 1 and factor > 0:
                    _limits(scatter * factor, here, z, ranks)
                    _link(own_bucket, here, chains, following)
                    _ranked(own_slopes, chains, following, ranks, few, found)
                if limits and result[5] == result[5]:
                    result[2], result[3] = found[0], found[3]
            for row in range(result.size):
                block[row, k] = result[row]
        for row in range(
            out.shape[0]
        ):  # row by row: nine places far apart for each pixel would cost more than the rest
            out[row, start : start + lanes] = block[row, :lanes]


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
