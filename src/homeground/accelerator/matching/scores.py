# SPDX-License-Identifier: Apache-2.0
"""One score of many fits: a weighted mean of what is known, seen from both sides and joined by the harmonic mean."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from homeground.accelerator.matching.features import FEATURES, Fits
from homeground.accelerator.matching.filters import Floats
from homeground.accelerator.matching.practices import default_weights
from homeground.errors import DataError, Problems


@dataclass(frozen=True)
class Scores:
    """Scores of need x offer: as each side sees the other, joined, and which part of the weights was known."""

    need: Floats
    offer: Floats
    both: Floats
    completeness: Floats  # of the side that knows less


def checked_weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    """Weights of all features, summing to one.

    Parameters
    ----------
    weights : mapping of str to float, optional
        Features left out count nothing; without any, the defaults. Only their proportions matter.

    Returns
    -------
    dict of str to float

    Raises
    ------
    DataError
        No such feature, a weight below zero or no number, or all are zero.

    Examples
    --------
    >>> checked_weights({"geography": 3, "text": 1})["geography"]
    0.75
    """
    given = default_weights() if weights is None else dict(weights)
    problems = Problems("weights")
    for name, value in given.items():
        if name not in FEATURES:
            problems.add(f"{name} is no feature. Known: {', '.join(FEATURES)}.")
        elif not math.isfinite(value) or value < 0:
            problems.add(f"{name} is {value}; a number of zero or more was expected.")
    problems.raise_if_any(DataError)
    total = math.fsum(given.values())
    if total <= 0:
        raise DataError("weights: all are zero. Give at least one feature a weight.")
    return {name: given.get(name, 0.0) / total for name in FEATURES}


def view(fit: Mapping[str, Floats], weights: Mapping[str, float]) -> tuple[Floats, Floats]:
    """Weighted mean of the features that are known, and which part of the weights they hold.

    Parameters
    ----------
    fit : mapping of str to array
        NaN where it is not known.
    weights : mapping of str to float
        Summing to one.

    Returns
    -------
    (array, array)
        Score (NaN where nothing is known) and completeness, both 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> made = {"geography": np.array([1.0]), "size": np.array([0.5]), "text": np.array([np.nan])}
    >>> [float(a[0]) for a in view(made, {"geography": 0.25, "size": 0.25, "text": 0.5})]
    [0.75, 0.5]
    """
    names = [name for name in weights if weights[name] > 0]
    values = np.stack([fit[name] for name in names])
    known = ~np.isnan(values)
    w = np.array([weights[name] for name in names]).reshape(-1, *[1] * (values.ndim - 1))
    part = (known * w).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        score = (np.where(known, values, 0.0) * w).sum(axis=0) / part
    return np.where(part > 0, score, np.nan), part


def scored(fit: Fits, weights: Mapping[str, float]) -> Scores:
    """Scores of all pairs.

    Parameters
    ----------
    fit : Fits
    weights : mapping
        Of `checked_weights`.

    Returns
    -------
    Scores
        Joined: 2ab / (a + b), which is low where either side's is low; 0 where one is 0.

    Examples
    --------
    >>> import numpy as np
    >>> one, half = {"text": np.array([[1.0]])}, {"text": np.array([[0.5]])}
    >>> round(float(scored(Fits(one, half, np.zeros((1, 1), bool)), {"text": 1.0}).both[0, 0]), 3)
    0.667
    """
    (a, known_a), (b, known_b) = view(fit.need, weights), view(fit.offer, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        both = np.where(a + b > 0, 2 * a * b / (a + b), np.where(np.isnan(a + b), np.nan, 0.0))
    return Scores(a, b, both, np.minimum(known_a, known_b))
