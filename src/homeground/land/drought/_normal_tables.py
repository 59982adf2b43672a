# SPDX-License-Identifier: Apache-2.0
"""What the drought kernels look up: normal scores of the gamma and logistic distributions, made from SciPy on first use.

The gamma's score z is a smooth function of ln x. For each of a row of shapes alpha, evenly spaced in
q = 1 / sqrt(alpha), it is held as a Chebyshev series over ln x between the scores -5 and 5; between the rows the
coefficients are interpolated. That is nearer than 1e-9 to the incomplete gamma function for alpha above 0.6 and 1e-7 at
the smallest alpha held; what lies outside is left to SciPy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray
from scipy.special import gammainccinv, gammaincinv, ndtr, ndtri

from homeground.land.drought._fits import gamma_score
from homeground.land.drought._kernels import DEGREE, STEPS, TERMS, Y_HIGH

Array = NDArray[np.float64]

REACH = 5.0  # scores held
Q_LOW, Q_HIGH, ROWS = 0.012, 1.58, 160  # alpha from 0.40 to 6900


class GammaTable(NamedTuple):
    """Rows q; columns 0 to DEGREE the series, then the middle and half width of its range of ln(x) sqrt(alpha)."""

    rows: Array
    q_low: float
    step: float


@lru_cache
def gamma_table() -> GammaTable:
    """Series of the score against (ln x - ln alpha) sqrt(alpha), x in units of the gamma's scale."""
    q = np.linspace(Q_LOW, Q_HIGH, ROWS)
    rows = np.empty((ROWS, DEGREE + 3))
    node = np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))
    tail = ndtr(-REACH)
    for row, alpha in zip(rows, q**-2.0, strict=True):
        ends = np.log([gammaincinv(alpha, tail), gammainccinv(alpha, tail)])
        middle, half = ends.mean(), np.ptp(ends) / 2
        scores = gamma_score(alpha, np.exp(middle + half * node))
        row[: DEGREE + 1] = chebyshev.chebfit(node, scores, DEGREE)
        row[DEGREE + 1 :] = (middle - np.log(alpha)) * np.sqrt(alpha), half * np.sqrt(alpha)
    rows.setflags(write=False)
    return GammaTable(rows, Q_LOW, (Q_HIGH - Q_LOW) / (ROWS - 1))


@lru_cache
def logistic_table() -> Array:
    """Score of 1 / (1 + exp(-y)) for y from 0 on: a polynomial in -1 to 1 for each piece, lowest power first."""
    pieces = int(Y_HIGH * STEPS)
    node = np.cos(np.pi * (np.arange(TERMS) + 0.5) / TERMS)
    rows = np.empty((pieces, TERMS))
    for piece in range(pieces):
        y = (piece + (node + 1) / 2) / STEPS
        rows[piece] = chebyshev.cheb2poly(chebyshev.chebfit(node, -ndtri(1 / (1 + np.exp(y))), TERMS - 1))
    rows.setflags(write=False)
    return rows


@lru_cache
def sorting_network(n: int) -> NDArray[np.int64]:
    """Pairs of places to compare and swap, one after another, so that any ``n`` values end in order (Batcher 1968).

    Examples
    --------
    >>> sorting_network(3).tolist()
    [[0, 2], [0, 1], [1, 2]]
    """
    pairs = []
    p = 1 << max(n - 1, 1).bit_length() - 1
    top = p
    while p > 0:  # merge exchange: Knuth, The Art of Computer Programming, volume 3, algorithm 5.2.2 M
        q, r, d = top, 0, p
        while True:
            pairs += [(i, i + d) for i in range(n - d) if i & p == r]
            if q == p:
                break
            d, q, r = q - p, q // 2, p
        p //= 2
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)
