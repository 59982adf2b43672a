# SPDX-License-Identifier: Apache-2.0
"""What resembling neighbours do to the test of a trend: loops over the years of one pixel.

``near`` is what rounding may have made of equal values: numbers no further apart are ties.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from homeground.land._compiled import Floats, compiled


@compiled
def variance_of_score(ordered: Floats, n: int, near: float) -> float:
    """Variance of Kendall's score without trend, of values of which some are tied."""
    variance, start = n * (n - 1.0) * (2 * n + 5), 0
    for a in range(1, n + 1):
        if a == n or ordered[a] - ordered[a - 1] > near:
            t = a - start
            variance -= t * (t - 1.0) * (2 * t + 5)
            start = a
    return variance / 18


@compiled
def chance(score: float, variance: float, exact: bool, n: int, tail: Floats) -> float:
    if score == 0:
        return 1.0
    if exact and n < tail.shape[0]:
        return float(tail[n, int(abs(score))])
    return math.erfc((abs(score) - 1) / math.sqrt(variance) / math.sqrt(2.0)) if variance > 0 else math.nan


@compiled
def lag1_of(left: Floats, step: NDArray[np.int64], n: int, mean: float, near: float) -> float:
    """Autocorrelation of neighbours among residuals; a gap parts neighbours. NaN if nothing but rounding is left."""
    before = left[0] - mean
    square, product = before * before, 0.0
    for a in range(1, n):
        now = left[a] - mean
        square += now * now
        product += before * now if step[a] == step[a - 1] + 1 else 0.0
        before = now
    return product / square if square > n * near**2 else math.nan


@compiled
def hamed_rao(left: Floats, step: NDArray[np.int64], z: float, near: float) -> float:
    """Factor on Var(S) from the autocorrelations of the residuals' ranks that pass the ``z`` limit."""
    n = left.size
    rank, autocovariance = np.zeros(n), np.zeros(step[n - 1] - step[0] + 1)
    for a in range(n):
        for b in range(n):
            rank[a] += 1.0 if left[b] < left[a] - near else 0.0
            rank[a] += 0.5 if abs(left[b] - left[a]) <= near else 0.0
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
def pre_whitened(
    left: Floats, step: NDArray[np.int64], slope: float, lag1: float, exact: bool, near: float, tail: Floats
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
            rise = white[b] - white[a]
            score += (1.0 if rise > near else 0.0) - (1.0 if rise < -near else 0.0)
    if n < 4:
        return score, math.nan
    variance = variance_of_score(np.sort(white), n, near)
    return score, chance(score, variance, exact and variance == n * (n - 1.0) * (2 * n + 5) / 18, n, tail)
