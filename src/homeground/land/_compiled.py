# SPDX-License-Identifier: Apache-2.0
"""Loops over pixels, compiled where numba is installed (extra ``kernels``); without it they are right but slow."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])
Floats = NDArray[np.float64]


def compiled(function: Function) -> Function:
    try:
        from numba import njit
    except ImportError:
        return function
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy")(function))


@compiled
def insert_sorted(a: Floats, n: int) -> None:
    """Sort the first ``n`` numbers in place; for fewer than some thirty this beats a general sort and its copy."""
    for i in range(1, n):
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
