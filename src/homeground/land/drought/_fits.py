# SPDX-License-Identifier: Apache-2.0
"""Fits of one calendar month with SciPy's special functions: the exact path, of which the kernels are quick copies.

Each takes the sums (cells, years), which years are usual, and how many of them must be known, and returns the index,
which is infinite beyond the support of the fit and NaN where there is nothing to fit.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincc, gammaln, ndtr, ndtri

from homeground.errors import DataError
from homeground.numbers.rounding import equal_up_to_rounding

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Fit = Callable[[Array, Mask, int], Array]

SYMMETRIC = 1e-8  # L-skewness below which a Pearson III is normal within 1e-7 standard deviations
MIN_POSITIVE = 4  # sums above zero that a distribution of rain needs; expert default


def spi_fit(distribution: str, method: str, zeros: str) -> Fit:
    """Rain: a share of months without rain, and a distribution of the others."""

    def fit(sums: Array, usual: Mask, enough: int) -> Array:
        known = usual & ~np.isnan(sums)
        rainy = known & (sums > 0)
        n, wet = (part.sum(axis=-1, keepdims=True) for part in (known, rainy))
        poor = (n < enough) | (wet < MIN_POSITIVE)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            score = _SCORES[distribution, method](np.where(sums > 0, sums, np.nan), rainy, poor)
            dry = np.where(poor, np.nan, (n - wet) / n)
            mixed = _add_dry(score, dry)
            fitted = np.isfinite(score).any(axis=-1, keepdims=True)
            at_zero = np.where(fitted, _dry_score(dry, zeros), np.nan)
        result: Array = np.where(sums == 0, at_zero, mixed)
        return result

    return fit


def spei_fit(distribution: str) -> Fit:
    """Balances of rain and demand, of either sign."""

    def fit(sums: Array, usual: Mask, enough: int) -> Array:
        if distribution == "gamma" and (sums <= 0).any():
            raise DataError(
                f"{int((sums <= 0).sum())} sums of the water balance are not above 0, where a gamma distribution ends. "
                'Use distribution="log-logistic" or "pearson3".'
            )
        known = usual & ~np.isnan(sums)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return _SCORES[distribution, "ub-pwm"](sums, known, known.sum(axis=-1, keepdims=True) < enough)

    return fit


def gamma_score(alpha: Array, x: Array) -> Array:
    """Phi^-1 of the gamma distribution function with scale 1; each tail from its own side."""
    below, above = gammainc(alpha, x), gammaincc(alpha, x)
    score: Array = np.where(below < 0.5, ndtri(below), -ndtri(above))
    return score


def _add_dry(score: Array, dry: Array) -> Array:
    """Score of H = dry + (1 - dry) F, each tail from its own side: 1 - H would lose the digits of a wet month."""
    below, above = dry + (1 - dry) * ndtr(score), (1 - dry) * ndtr(-score)
    mixed = np.where(below < 0.5, ndtri(below), -ndtri(above))
    result: Array = np.where(dry > 0, mixed, score)
    return result


def _dry_score(dry: Array, zeros: str) -> Array:
    """Where a month without rain lies."""
    result: Array
    if zeros == "classic":
        result = ndtri(dry)
    elif zeros == "center_of_mass":
        result = ndtri(dry / 2)
    else:
        result = np.where(dry > 0, -np.exp(-(ndtri(dry) ** 2) / 2) / np.sqrt(2 * np.pi) / dry, -np.inf)
    return result


def _moments(sums: Array, known: Mask) -> tuple[Array, Array, Array, Array]:
    """L-moments 1 and 2 and L-skewness by unbiased probability-weighted moments, and each sum less L-moment 1.

    All are taken from the lowest sum: where a level is large beside the spread, sums of it would lose the spread's digits.
    NaN where all sums are equal up to rounding.
    """
    n = known.sum(axis=-1, keepdims=True)
    low = np.where(known, sums, np.inf).min(axis=-1, keepdims=True)
    high = np.where(known, sums, -np.inf).max(axis=-1, keepdims=True)
    spread = np.where(equal_up_to_rounding(low, high), np.nan, 1)
    x = np.nan_to_num(np.sort(np.where(known, sums - low, np.nan), axis=-1))  # missing years last, weighing nothing
    i = np.arange(x.shape[-1])
    b0 = x.sum(axis=-1, keepdims=True) / n
    b1 = (x * i).sum(axis=-1, keepdims=True) / (n * (n - 1))
    b2 = (x * i * (i - 1)).sum(axis=-1, keepdims=True) / (n * (n - 1) * (n - 2))
    l2 = (2 * b1 - b0) * spread
    return low + b0, l2, (6 * b2 - 6 * b1 + b0) / l2, (sums - low) - b0


def _gamma_thom(sums: Array, known: Mask, poor: Mask) -> Array:
    count = known.sum(axis=-1, keepdims=True)
    mean = np.where(known, sums, 0).sum(axis=-1, keepdims=True) / count
    a = np.log(mean) - np.log(np.where(known, sums, 1)).sum(axis=-1, keepdims=True) / count
    a = np.where(poor | (a < 1e-13), np.nan, a)  # sums all alike leave rounding only
    alpha = (1 + np.sqrt(1 + 4 * a / 3)) / (4 * a)
    return gamma_score(alpha, sums / mean * alpha)


def _gamma_moments(sums: Array, known: Mask, poor: Mask) -> Array:
    """Hosking (1996), IBM research report RC 20525, routine PELGAM."""
    l1, l2, _, _ = _moments(sums, known)
    cv = np.where(poor, np.nan, l2 / l1)
    low, high = np.pi * cv**2, 1 - cv
    alpha = np.where(
        cv < 0.5,
        (1 - 0.3080 * low) / (low * (1 + low * (-0.05812 + low * 0.01765))),
        high * (0.7213 - high * 0.5947) / (1 + high * (-2.1817 + high * 1.2113)),
    )
    return gamma_score(alpha, sums / l1 * alpha)


def _pearson3(sums: Array, known: Mask, poor: Mask) -> Array:
    """Hosking (1996), routine PELPE3: rational approximations of the shape from the L-skewness."""
    _, l2, t3, distance = _moments(sums, known)
    t3 = np.where(poor, np.nan, t3)
    size = np.abs(t3)
    low, high = 3 * np.pi * size**2, 1 - size
    alpha = np.where(
        size < 1 / 3,
        (1 + 0.2906 * low) / (low * (1 + low * (0.1882 + low * 0.0442))),
        high
        * (0.36067 + high * (-0.59567 + high * 0.25361))
        / (1 + high * (-2.78861 + high * (2.56096 - high * 0.77045))),
    )
    root = np.sqrt(alpha)
    # The difference of two large logarithms loses its digits; the series of the ratio keeps them.
    ratio = np.where(
        alpha > 1000, 1 + 1 / (8 * alpha) + 1 / (128 * alpha**2), root * np.exp(gammaln(alpha) - gammaln(alpha + 0.5))
    )
    spread = l2 * np.sqrt(np.pi) * ratio
    t = np.sign(t3) * distance / spread
    y = alpha + root * t
    skewed = np.where(y > 0, gamma_score(alpha, np.maximum(y, 0)), np.where(np.isnan(y), np.nan, -np.inf))
    result: Array = np.where(size < SYMMETRIC, distance / (l2 * np.sqrt(np.pi)), np.sign(t3) * skewed)
    return result


def _log_logistic(sums: Array, known: Mask, poor: Mask) -> Array:
    """Hosking (1996), routine PELGLO: the generalised logistic."""
    _, l2, t3, distance = _moments(sums, known)
    k = np.where(poor | ~(np.abs(t3) < 1 - 1e-9), np.nan, -t3)
    k = np.where(np.abs(k) < 1e-12, 1e-12, k)
    g = np.pi * k / np.sin(np.pi * k)
    a = l2 / g
    # Near k = 0 the difference 1 - g loses its digits; its series keeps them.
    shift = np.where(np.abs(k) < 1e-4, -(np.pi**2) * k / 6, (1 - g) / k)
    z = k * (distance + a * shift) / a
    y = np.where(z < 1, -np.log1p(-np.minimum(z, 1)) / k, np.sign(k) * np.inf)
    y = np.where(np.isnan(z), np.nan, y)
    result: Array = np.where(y < 0, ndtri(1 / (1 + np.exp(-y))), -ndtri(1 / (1 + np.exp(y))))
    return result


_SCORES: dict[tuple[str, str], Callable[[Array, Mask, Mask], Array]] = {
    ("gamma", "thom"): _gamma_thom,
    ("gamma", "ub-pwm"): _gamma_moments,
    ("pearson3", "ub-pwm"): _pearson3,
    ("log-logistic", "ub-pwm"): _log_logistic,
}
