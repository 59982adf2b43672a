# SPDX-License-Identifier: Apache-2.0
"""The loop over pixels that takes the mean of the known years."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeground.land._compiled import Floats, compiled


def mean_of_known(values: NDArray[Any]) -> Floats:
    """Mean over the first axis, in float64 and year after year; NaN where no year has a value."""
    total, known = np.zeros(values[0].size), np.zeros(values[0].size, np.int64)
    for year in values.reshape(len(values), -1):
        _add_known(year, total, known)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (total / known).reshape(values.shape[1:])


@compiled
def _add_known(year: NDArray[Any], total: Floats, known: NDArray[np.int64]) -> None:
    for k in range(year.size):
        x = float(year[k])
        sure = x == x  # noqa: PLR0124 (NaN is not itself)
        total[k] += x if sure else 0.0
        known[k] += np.int64(sure)
