# SPDX-License-Identifier: Apache-2.0
"""Loops over pixels, compiled where numba is installed (extra ``kernels``); without it they are right but slow."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    try:
        from numba import njit
    except ImportError:
        return function
    return cast(Function, njit(cache=True, nogil=True)(function))


@compiled
def _slopes(value: NDArray[np.float64], time: NDArray[np.float64], slopes: NDArray[np.float64]) -> tuple[float, int]:
    """Fill ``slopes`` with those of all pairs; Kendall's score and the number of pairs."""
    score, pairs = 0, 0
    for a in range(value.size - 1):
        for b in range(a + 1, value.size):
            difference = value[b] - value[a]
            score += int(difference > 0) - int(difference < 0)
            slopes[pairs] = difference / (time[b] - time[a])
            pairs += 1
    return float(score), pairs


@compiled
def _select(a: NDArray[np.float64], left: int, right: int, k: int) -> float:
    """Value of rank ``k`` within ``a[left : right + 1]``, which is parted around it (Hoare's FIND)."""
    while left < right:
        pivot, i, j = a[k], left, right
        while i <= j:
            while a[i] < pivot:
                i += 1
            while a[j] > pivot:
                j -= 1
            if i <= j:
                a[i], a[j] = a[j], a[i]
                i += 1
                j -= 1
        if j < k:
            left = i
        if k < i:
            right = j
    return float(a[k])


@compiled
def _spread(value: NDArray[np.float64]) -> tuple[float, bool]:
    """Standard deviation of Kendall's score without trend, and whether values are tied."""
    n = value.size
    variance = n * (n - 1.0) * (2 * n + 5)
    ordered = np.sort(value)
    start = 0
    for a in range(1, n + 1):
        if a == n or ordered[a] != ordered[start]:
            t = a - start
            variance -= t * (t - 1.0) * (2 * t + 5)
            start = a
    return math.sqrt(variance / 18), variance < n * (n - 1.0) * (2 * n + 5)


@compiled
def _lag1(left: NDArray[np.float64], step: NDArray[np.int64], scale: float) -> float:
    """Autocorrelation of neighbours among residuals; a gap parts neighbours. NaN if nothing but rounding is left."""
    left = left - left.mean()
    square = (left * left).sum()
    product = 0.0
    for a in range(left.size - 1):
        if step[a + 1] == step[a] + 1:
            product += left[a] * left[a + 1]
    return product / square if square > left.size * (1e-12 * scale) ** 2 else math.nan


@compiled
def trend_pixels(
    series: NDArray[np.float64],
    time: NDArray[np.float64],
    tail: NDArray[np.float64],
    normal: bool,
    min_n: int,
    z: float,
    out: NDArray[np.float64],
) -> None:
    """Theil-Sen and Mann-Kendall of every row of ``series`` (pixels, times) into ``out`` (pixels, 8).

    ``tail[n, s]`` is the exact two-sided P(|S| >= s) of n values without ties; columns of ``out`` are
    slope, intercept, slope_low, slope_high, s, p, lag1, n.
    """
    slopes = np.empty(time.size * (time.size - 1) // 2)
    for i in range(series.shape[0]):
        step = np.flatnonzero(~np.isnan(series[i]))
        n = step.size
        out[i, :7] = np.nan
        out[i, 7] = n
        if n < min_n:
            continue
        value, when = series[i][step], time[step]
        score, pairs = _slopes(value, when, slopes)
        middle, end = (pairs - 1) // 2, pairs - 1
        slope = _select(slopes, 0, end, middle)
        if pairs % 2 == 0:
            slope = 0.5 * (slope + _select(slopes, middle + 1, end, middle + 1))
        spread, ties = _spread(value)
        if score == 0:
            p = 1.0
        elif normal or ties or n >= tail.shape[0]:
            p = math.erfc((abs(score) - 1) / spread / math.sqrt(2.0))
        else:
            p = tail[n, int(abs(score))]
        # Sen (1968): the limits are themselves slopes, found by rank; rounded as scipy and R do.
        low = max(int(np.rint((pairs - z * spread) / 2)) - 1, 0)
        high = min(int(np.rint((pairs + z * spread) / 2)), end)
        out[i, 0], out[i, 1] = slope, np.median(value) - np.median(when) * slope
        out[i, 2], out[i, 3] = _select(slopes, 0, middle, low), _select(slopes, middle, end, high)
        out[i, 4], out[i, 5] = score, p
        out[i, 6] = _lag1(value - slope * (when - when[0]), step, np.abs(value).max())
