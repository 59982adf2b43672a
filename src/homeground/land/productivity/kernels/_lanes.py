# SPDX-License-Identifier: Apache-2.0
"""What is the same for all pixels without a gap, done for ``LANES`` of them at a time, one beside the other.

One instruction works on many of them. Arrays of lanes hold a row of ``LANES`` for each year or pair of years, one row
behind the other; of a last, shorter block the first ``width`` lanes are worked on, a multiple of eight.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeground.land._compiled import Floats, compiled, insert_sorted

LANES = 128
BUCKETS = 128  # that slopes are counted in; the middle ones hold a handful each
LONG = 32  # more numbers than this are sorted by NumPy
MANY = 248  # rows that are counted in a byte, eight at a time
EIGHT = 8
NONE = 255  # a bucket that is none

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
def sort_lanes(a: Floats, rows: int) -> None:
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
def _pair(early: Floats, late: Floats, step: float, near: Floats, slope: Floats, score: Whole) -> None:
    """Slopes of one pair of years, and what they add to Kendall's score."""
    level = slope.dtype.type(0)
    for k in range(early.size):
        rise = late[k] - early[k]
        rise = rise if abs(rise) > near[k] else level
        slope[k] = rise / step
        score[k] += np.int32(rise > 0) - np.int32(rise < 0)


@compiled
def _add_ties(low: Floats, high: Floats, near: Floats, equal: Whole) -> None:
    for k in range(low.size):
        equal[k] += np.int32(high[k] - low[k] <= near[k])


@compiled
def _bucket(slope: Floats, scale: Floats, shift: Floats, bucket: Bytes) -> None:
    least, most = slope.dtype.type(0), slope.dtype.type(BUCKETS - 1)
    for k in range(slope.size):
        place = slope[k] * scale[k] + shift[k]
        place = place if place > least else least
        place = place if place < most else most
        bucket[k] = np.uint8(np.int32(place))


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
def gather(
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
def look_at_pairs(
    value: Floats, at: Floats, years: int, width: int, near: Floats, slopes: Floats, bucket: Bytes, score: Whole,
    equal: Whole, work: Floats, ordered: Floats,
) -> None:  # fmt: skip
    """Slopes with their buckets, Kendall's score, the values in order, and how many neighbours of these are equal but for
    rounding, of a block of pixels without gaps.
    """
    score[:] = 0
    equal[:] = 0
    scale, shift = work[:LANES], work[LANES : 2 * LANES]
    _steps_of_lanes(value, at, years, scale, shift, work[2 * LANES :])
    pair = 0
    for a in range(years - 1):
        for b in range(a + 1, years):
            here = slopes[pair * LANES : pair * LANES + width]
            early, late = value[a * LANES : a * LANES + width], value[b * LANES : b * LANES + width]
            _pair(early, late, at[b] - at[a], near, here, score)
            _bucket(here, scale, shift, bucket[pair * LANES : pair * LANES + width])
            pair += 1
    ordered[:] = value
    sort_lanes(ordered, years)
    for a in range(years - 1):
        _add_ties(ordered[a * LANES : (a + 1) * LANES], ordered[(a + 1) * LANES : (a + 2) * LANES], near, equal)


@compiled
def _add_below(rows: Bytes, level: Bytes, count: Bytes) -> None:
    """To the count of each lane, how many of eight rows lie below its level: eight at once halve what a loop costs twice."""
    for k in range(LANES):
        most = level[k]
        count[k] += (
            np.uint8(rows[k] < most)
            + np.uint8(rows[k + LANES] < most)
            + np.uint8(rows[k + 2 * LANES] < most)
            + np.uint8(rows[k + 3 * LANES] < most)
            + np.uint8(rows[k + 4 * LANES] < most)
            + np.uint8(rows[k + 5 * LANES] < most)
            + np.uint8(rows[k + 6 * LANES] < most)
            + np.uint8(rows[k + 7 * LANES] < most)
        )


@compiled
def _add_below_some(rows: Bytes, level: Bytes, count: Bytes, width: int) -> None:
    """The same for the first lanes alone: a handful of series is read without the compiler, where idle lanes cost time."""
    for row in range(EIGHT):
        count[:width] += (rows[row * LANES : row * LANES + width] < level[:width]).astype(np.uint8)


@compiled
def _buckets_of(
    bucket: Bytes, rank: Whole, found: Bytes, below: Whole, level: Bytes, few: Bytes, count: Whole, width: int
) -> None:  # fmt: skip
    """The bucket that holds the slope of a rank (from 0), lane by lane, and how many slopes lie in those below it."""
    found[:] = 0
    below[:] = 0
    bit, pairs = BUCKETS // 2, bucket.size // LANES
    while bit > 0:
        for k in range(width):
            level[k] = found[k] + np.uint8(bit)
        count[:] = 0
        for first in range(0, pairs, MANY):
            few[:] = 0
            for pair in range(first, min(first + MANY, pairs), EIGHT):
                if width == LANES:
                    _add_below(bucket[pair * LANES : (pair + EIGHT) * LANES], level, few)
                else:
                    _add_below_some(bucket[pair * LANES : (pair + EIGHT) * LANES], level, few, width)
            for k in range(width):
                count[k] += np.int32(few[k])
        for k in range(width):
            if count[k] <= rank[k]:
                found[k], below[k] = level[k], count[k]
        bit //= 2


@compiled
def _mark(bucket: Bytes, first: Bytes, last: Bytes, marks: Bytes) -> None:
    for k in range(bucket.size):
        marks[k] = np.uint8((bucket[k] == first[k]) | (bucket[k] == last[k]))


@compiled
def slopes_of_ranks(
    slopes: Floats, bucket: Bytes, pairs: int, width: int, whole: NDArray[np.bool_], low: Whole, high: Whole,
    bytes_room: NDArray[np.uint8], room: NDArray[np.int32], marks: Bytes, few: Floats, least: Floats, most: Floats,
) -> None:  # fmt: skip
    """The slopes of two ranks (from 0; the same, or neighbours) of each lane without a gap into ``least`` and ``most``.

    Only those of the buckets that hold them are sorted. ``bucket`` has a multiple of eight rows, the last ones `NONE`. ``bytes_room`` and ``room`` hold four and three rows of lanes,
    ``marks`` and ``few`` as many as ``slopes``.
    """
    first, last, level, short = bytes_room[0], bytes_room[1], bytes_room[2], bytes_room[3]
    below, count, have = room[0], room[1], room[2]
    _buckets_of(bucket, high, last, below, level, short, count, width)
    _buckets_of(bucket, low, first, below, level, short, count, width)
    for k in range(width):
        if not whole[k]:
            first[k], last[k] = NONE - 1, NONE - 1
    for pair in range(pairs):
        _mark(bucket[pair * LANES : pair * LANES + width], first, last, marks[pair * LANES : pair * LANES + width])
    have[:] = 0
    eights = marks.view(np.uint64)  # most of them hold no mark at all
    for pair in range(pairs):
        for eight in range(pair * LANES // 8, (pair * LANES + width) // 8):
            if eights[eight] != 0:
                for place in range(8 * eight, 8 * eight + 8):
                    if marks[place] != 0:
                        k = place - pair * LANES
                        few[k * pairs + have[k]] = slopes[place]
                        have[k] += 1
    for k in range(width):
        if have[k] > 0:
            own = few[k * pairs : k * pairs + have[k]]
            if have[k] > LONG:
                own[:] = np.sort(own)
            else:
                insert_sorted(own, have[k])
            least[k], most[k] = own[low[k] - below[k]], own[high[k] - below[k]]


@compiled
def _squares(total: Floats, row: Floats, mean: Floats) -> None:
    for k in range(total.size):
        now = row[k] - mean[k]
        total[k] += now * now


@compiled
def _products(total: Floats, before: Floats, row: Floats, mean: Floats) -> None:
    for k in range(total.size):
        total[k] += (before[k] - mean[k]) * (row[k] - mean[k])


@compiled
def _subtract_line(row: Floats, value: Floats, slope: Floats, run: float, total: Floats) -> None:
    for k in range(row.size):
        row[k] = float(value[k]) - slope[k] * run
        total[k] += row[k]


@compiled
def _add_times(total: Floats, row: Floats, factor: float) -> None:
    for k in range(total.size):
        total[k] += factor * float(row[k])


@compiled
def finish_lanes(
    value: Floats, ordered: Floats, when: Floats, least: Floats, most: Floats, near: Floats, least_squares: bool,
    left: Floats, block: Floats,
) -> None:  # fmt: skip
    """Slope, intercept, lag-1 autocorrelation and least-squares slope of a block of pixels without gaps.

    Into rows 0, 1, 6 and 8 of ``block``; rows 2 and 3 are its room. ``left`` gets the residuals, not about their mean.
    """
    n = when.size
    centre = 0.5 * (when[(n - 1) // 2] + when[n // 2])
    middle, upper = ordered[(n - 1) // 2 * LANES :], ordered[n // 2 * LANES :]
    slope, lag1, total, square = block[0], block[6], block[2], block[3]
    for k in range(LANES):
        slope[k] = 0.5 * (float(least[k]) + float(most[k]))
        block[1, k] = 0.5 * (float(middle[k]) + float(upper[k])) - centre * slope[k]
    if least_squares:
        mean, along = 0.0, 0.0
        for a in range(n):
            mean += when[a] / n
        block[8] = 0
        for a in range(n):
            _add_times(block[8], value[a * LANES : (a + 1) * LANES], when[a] - mean)
            along += (when[a] - mean) ** 2
        for k in range(LANES):
            block[8, k] = block[8, k] / along
    total[:] = 0
    for a in range(n):
        here = slice(a * LANES, (a + 1) * LANES)
        _subtract_line(left[here], value[here], slope, when[a] - when[0], total)
    for k in range(LANES):
        total[k] = total[k] / n
    square[:] = 0
    lag1[:] = 0
    for a in range(n):
        _squares(square, left[a * LANES : (a + 1) * LANES], total)
    for a in range(1, n):
        _products(lag1, left[(a - 1) * LANES : a * LANES], left[a * LANES : (a + 1) * LANES], total)
    for k in range(LANES):
        lag1[k] = lag1[k] / square[k] if square[k] > n * float(near[k]) ** 2 else math.nan
