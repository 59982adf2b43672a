# SPDX-License-Identifier: Apache-2.0
"""How a number of which low, middle and high are known is drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def triangular(chance: Floats, low: ArrayLike, mid: ArrayLike, high: ArrayLike) -> Floats:
    """Values of triangular distributions at given probabilities, element by element; mid where low equals high.

    Parameters
    ----------
    chance : array, 0 to 1
    low, mid, high : array, broadcast with it

    Returns
    -------
    array

    Examples
    --------
    >>> triangular(np.array([0.0, 0.125, 0.5, 1.0]), np.zeros(4), np.ones(4), np.full(4, 2.0)).tolist()
    [0.0, 0.5, 1.0, 2.0]
    """
    low, mid, high = (np.asarray(end, np.float64) for end in (low, mid, high))
    span = np.where(high > low, high - low, 1.0)
    rising = low + np.sqrt(chance * span * (mid - low))
    falling = high - np.sqrt((1 - chance) * span * (high - mid))
    return np.where(high > low, np.where(chance < (mid - low) / span, rising, falling), mid)
