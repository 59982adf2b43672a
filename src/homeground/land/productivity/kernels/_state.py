# SPDX-License-Identifier: Apache-2.0
"""The loop over pixels that finds the classes of the productivity state.

Pixels without a gap are worked on in blocks of ``LANES``, one beside the other (see `_lanes`); the others one by one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING
from homeground.land._compiled import Floats, compiled, insert_sorted
from homeground.land.productivity.kernels._lanes import LANES, sort_lanes


@compiled
def state_pixels(history: NDArray[Any], recent: NDArray[Any], min_history: int, min_recent: int, out: Floats) -> None:
    """Class of the recent and of the past mean among the deciles of the past, per column, into ``out`` (6, pixels).

    Rows of ``out``: mean of the past, its population standard deviation, mean of the recent years, number of them,
    class (1 to 10) of the past mean, class of the recent mean. NaN where years are too few.
    """
    past, late, pixels = history.shape[0], recent.shape[0], history.shape[1]
    value = np.empty(past + 2)
    enough = past >= max(min_history, 1) and late >= max(min_recent, 1)
    ordered, gaps = np.zeros(past * LANES, history.dtype), np.empty(LANES)
    block, edges = np.empty((6, LANES)), np.empty((2, LANES))
    for start in range(0, pixels, LANES):
        lanes = min(LANES, pixels - start)
        gaps[:] = 0
        if enough:
            _of_lanes(history[:, start : start + lanes], recent[:, start : start + lanes], ordered, gaps, edges, block)
            for row in range(6):
                out[row, start : start + lanes] = block[row, :lanes]
        for k in range(lanes):
            if not enough or gaps[k] != 0:  # NaN or infinite
                _of_one(history, recent, start + k, min_history, min_recent, value, out)


@compiled
def _add_row(row: NDArray[Any], total: Floats, gaps: Floats) -> None:
    for k in range(row.size):
        x = float(row[k])
        total[k] += x
        gaps[k] += x - x


@compiled
def _add_squares(row: NDArray[Any], mean: Floats, total: Floats) -> None:
    for k in range(row.size):
        away = float(row[k]) - mean[k]
        total[k] += away * away


@compiled
def _add_above(low: NDArray[Any], high: NDArray[Any], part: float, mean: Floats, late: Floats, classes: Floats) -> None:
    """To the classes of both means, whether they lie above a decile: between two values of the past in order."""
    for k in range(mean.size):
        lower = float(low[k])
        cut = lower + part * (float(high[k]) - lower)
        edge = cut + 1e-6 * abs(cut)  # on the decile is not above it, whatever float32 made of either
        classes[0, k] += 1.0 if mean[k] > edge else 0.0
        classes[1, k] += 1.0 if late[k] > edge else 0.0


@compiled
def _of_lanes(
    history: NDArray[Any], recent: NDArray[Any], ordered: NDArray[Any], gaps: Floats, edges: Floats, block: Floats
) -> None:
    """All rows of a block of pixels, right for those without a gap; ``gaps`` is not 0 for the others."""
    n, years, lanes = history.shape[0], recent.shape[0], history.shape[1]
    block[:] = 0
    block[4:] = 1
    mean, spread, late = block[0], block[1], block[2]
    for t in range(n):
        _add_row(history[t], mean, gaps)
        ordered[t * LANES : t * LANES + lanes] = history[t]
    for t in range(years):
        _add_row(recent[t], late, gaps)
    for k in range(LANES):
        mean[k] = mean[k] / n
        late[k] = late[k] / years
        block[3, k] = years
    for t in range(n):
        _add_squares(history[t], mean, spread)
    for k in range(LANES):
        spread[k] = math.sqrt(spread[k] / n)
    sort_lanes(ordered, n)
    for k in range(LANES):  # 5 % of the range are added at both ends
        low, high = float(ordered[k]), float(ordered[(n - 1) * LANES + k])
        edges[0, k], edges[1, k] = low - 0.05 * (high - low), high + 0.05 * (high - low)
    for decile in range(1, 10):
        place = decile * (n + 1) / 10
        whole = min(int(place), n)
        first, last = slice((whole - 1) * LANES, whole * LANES), slice(whole * LANES, (whole + 1) * LANES)
        if whole == 0:
            _add_above(edges[0], ordered[last], place, mean, late, block[4:])
        elif whole == n:
            _add_above(ordered[first], edges[1], place - whole, mean, late, block[4:])
        else:
            _add_above(ordered[first], ordered[last], place - whole, mean, late, block[4:])


@compiled
def _of_one(
    history: NDArray[Any], recent: NDArray[Any], i: int, min_history: int, min_recent: int, value: Floats, out: Floats
) -> None:
    """All rows of one pixel; ``value`` is room for its past and two values more."""
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
        return
    mean, square, low, high = total / n, 0.0, value[0], value[0]
    for t in range(n):
        square += (value[t] - mean) ** 2
        low, high = min(low, value[t]), max(high, value[t])
    value[n], value[n + 1] = low - 0.05 * (high - low), high + 0.05 * (high - low)
    insert_sorted(value, n + 2)
    late /= kept
    out[0, i], out[1, i], out[2, i], out[3, i] = mean, math.sqrt(square / n), late, kept
    out[4, i], out[5, i] = 1, 1
    for decile in range(1, 10):
        place = decile * (n + 1) / 10
        whole = min(int(place), n)
        cut = value[whole] + (place - whole) * (value[whole + 1] - value[whole])
        edge = cut + 1e-6 * abs(cut)  # on the decile is not above it, whatever float32 made of either
        out[4, i] += 1.0 if mean > edge else 0.0
        out[5, i] += 1.0 if late > edge else 0.0


@compiled
def classes_of_state(
    mean: Floats, now: Floats, first: Floats, second: Floats, deciles: bool, min_change: float, limit: float,
    out: NDArray[np.int8],
) -> None:  # fmt: skip
    """-1, 0, 1 of each pixel, -128 missing, from the means of the past and of the recent years.

    By ``deciles`` the classes of both means follow, which must differ by ``limit``; else the standard deviation of the past
    and the standard error of the recent mean, which must lie ``limit`` errors from the past one.
    """
    for i in range(mean.size):
        out[i] = MISSING
        least = 1e-9 * abs(mean[i])  # rounding is not a change
        if deciles:
            moved = second[i] - first[i]
            if abs(now[i] - mean[i]) > min_change + least and abs(moved) >= limit:
                out[i] = 1 if moved > 0 else -1
            elif mean[i] == mean[i]:
                out[i] = 0
        elif first[i] > least:
            z = (now[i] - mean[i]) / second[i]
            if z == z:  # noqa: PLR0124
                out[i] = 0 if abs(z) <= limit else 1 if z > 0 else -1
