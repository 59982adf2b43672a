# SPDX-License-Identifier: Apache-2.0
"""How a number of which low, middle and high are known is drawn."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def strata(name: str, draws: int, seed: int) -> Floats:
    """Probabilities of the draws of one number: the same for the same name, wherever it is asked for.

    This is the one table of draws: whatever asks for "zai upkeep_cost", a plan, its carbon or its money, has the same
    column of it, so that what is dear in one is dear in all.

    Parameters
    ----------
    name : str
        What is drawn, such as "zai upkeep_cost".
    draws, seed : int

    Returns
    -------
    array
        A Latin hypercube: one in each of ``draws`` equal strata, in random order.

    Examples
    --------
    >>> found = strata("zai upkeep_cost", 4, 1)
    >>> sorted((found * 4).astype(int).tolist()), bool((found == strata("zai upkeep_cost", 4, 1)).all())
    ([0, 1, 2, 3], True)
    """
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    found: Floats = (rng.permutation(draws) + rng.random(draws)) / draws
    return found


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
