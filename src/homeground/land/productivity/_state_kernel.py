# SPDX-License-Identifier: Apache-2.0
"""The loop over pixels that finds the classes of the productivity state."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeground.land._compiled import Floats, compiled, insert_sorted


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
