# SPDX-License-Identifier: Apache-2.0
"""Series as the observed ones would be if time carried no signal: same levels, spread, memory, gaps and common years.

The shares that a judgement gives on such series say how much decline or gain chance alone brings to a map.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.errors import DataError
from homeground.land.productivity.trend import MIN_YEARS, trend

MOST_MEMORY = 0.9  # a lag-1 autocorrelation nearer to 1 would let a short series wander without end


@dataclass(frozen=True)
class NoSignal:
    """What series without signal are drawn from.

    Attributes
    ----------
    years : array of int, shape (years,)
        The years that the observed series have.
    level : array, shape (cells,), units of the series
        Mean of each cell.
    innovations : array, shape (steps, cells), units of the series
        What each year brings that the year before does not explain; steps are all years from the first to the last.
    known : array of bool, shape (years, cells)
        Where the observed series has a value.
    memory : float
        Lag-1 autocorrelation of all cells together, corrected for its bias.
    common : float
        Mean correlation of the residuals of two cells: the part of the noise that the whole land shares.
    course : array, shape (years, cells), units of the series, optional
        What stays in its years in every draw, beside the level.
    """

    years: NDArray[np.int64]
    level: NDArray[np.float64]
    innovations: NDArray[np.float64]
    known: NDArray[np.bool_]
    memory: float
    common: float
    course: NDArray[np.float64] | None = None


def no_signal(
    series: NDArray[np.floating], years: NDArray[np.int64], seed: int, taken: int | NDArray[np.int64] = 2
) -> NoSignal:
    """Take from each cell its Sen line, and from the rest its memory of the year before.

    Parameters
    ----------
    series : array, shape (years, cells), any unit
        One value a year; NaN is missing.
    years : array of int, shape (years,)
        Rising; years may be left out.
    seed : int
        Of the cells that lend their residual to a gap.
    taken : int or array of int, shape (cells,)
        How many numbers were fitted to each cell: two of the line, and those that a caller has fitted before.

    Returns
    -------
    NoSignal
        For `drawn`.

    Raises
    ------
    DataError
        Fewer than eight years, or years that do not rise.

    Notes
    -----
    Residuals are those of the Theil-Sen line of the whole series, enlarged by sqrt(n / (n - k)) for the k numbers that
    were fitted, two of the line alone. A gap is filled for the time of the draw with the residual of another cell in the same year, in
    standard deviations, so that the common climate of the year stays; a year that no cell has with another year's
    residuals of opposite sign. Memory r is the mean product of neighbouring residuals over their mean square, cells
    standardised and pooled; residuals of a line make it too low by about (2 + 4 r) / n, so (n r + 2) / (n - 4) is taken,
    between -0.9 and 0.9. Innovations are u_t = e_t - r e_(t-1), of the first year e_1 sqrt(1 - r^2).
    Sources: Sen (1968), Journal of the American Statistical Association 63: 1379-1389; Marriott and Pope (1954),
    Biometrika 41: 390-402, and Kendall (1954), Biometrika 41: 403-404, for the bias about a mean, (1 + 3 r) / n; van
    Giersbergen (2005), Economics Letters 89: 75-82, for that about a line.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> found = no_signal(rng.normal(0.4, 0.05, (24, 500)), np.arange(2000, 2024), seed=1)
    >>> found.innovations.shape, abs(found.memory) < 0.05, abs(found.common) < 0.05
    ((24, 500), True, True)
    """
    if years.size < MIN_YEARS or (np.diff(years) <= 0).any():
        raise DataError(f"{years.size} years; at least {MIN_YEARS} rising ones were expected.")
    values = np.where(np.isfinite(series), series, np.nan).astype(np.float64)
    known = np.isfinite(values)
    count = known.sum(axis=0)
    slope = trend(xr.DataArray(values, {"year": years}, dims=("year", "cell")), limits=False)["slope"].values
    slope = np.where(np.isfinite(slope), slope, 0.0)
    level = _mean(values, count)
    left = values - slope * (years - years.mean())[:, None]
    left -= _mean(left, count)
    left *= np.sqrt(count / np.maximum(count - taken, 1))
    spread = np.sqrt(_mean(left**2, count))
    with np.errstate(invalid="ignore", divide="ignore"):
        standard = np.where(spread > 0, left / spread, np.nan)
    steps = np.full((years[-1] - years[0] + 1, level.size), np.nan)
    steps[years - years[0]] = standard
    memory, common = _memory(steps), _common(steps)
    whole = _filled(steps, np.random.default_rng(seed)) * np.where(np.isfinite(spread), spread, 0.0)
    innovations = np.concatenate([whole[:1] * np.sqrt(1 - memory**2), whole[1:] - memory * whole[:-1]])
    return NoSignal(years, level, innovations, known, memory, common)


def drawn(null: NoSignal, orders: NDArray[np.int64]) -> NDArray[np.float64]:
    """Series in which whole years of innovations come in another order, the same for all cells.

    Parameters
    ----------
    null : NoSignal
        Of `no_signal`.
    orders : array of int, shape (draws, steps)
        Each row a permutation of the steps, such as those of `orders_of`.

    Returns
    -------
    array, shape (years, draws, cells), units of the series
        Without trend; NaN where the observed series is missing.

    Notes
    -----
    x_1 = level + u_1 / sqrt(1 - r^2), x_t = level + r (x_(t-1) - level) + u_t, and the course of each
    year on top where there is one. The years in their own order give back
    the observed series without its line. Years are put in order and not drawn with replacement, for years that come
    twice would be ties, which change the test.

    Examples
    --------
    >>> import numpy as np
    >>> values = np.array([3.0, 5, 4, 2, 1, 6, 5, 4, 3, 5])[:, None]
    >>> null = no_signal(values, np.arange(2000, 2010), seed=1)
    >>> sorted(drawn(null, orders_of(null, 1, seed=7)).shape)
    [1, 1, 10]
    """
    steps, cells = null.innovations.shape
    out = np.empty((null.years.size, len(orders), cells))
    row = np.full(steps, -1)
    row[null.years - null.years[0]] = np.arange(null.years.size)
    now = null.innovations[orders[:, 0]] / np.sqrt(1 - null.memory**2)
    for step in range(steps):
        if step:
            now = null.memory * now + null.innovations[orders[:, step]]
        if row[step] >= 0:
            out[row[step]] = now
    out += null.level
    if null.course is not None:
        out += null.course[:, None, :]
    return np.where(null.known[:, None, :], out, np.nan)


def orders_of(null: NoSignal, draws: int, seed: int) -> NDArray[np.int64]:
    """Seeded orders of the years.

    Parameters
    ----------
    null : NoSignal
        Of `no_signal`.
    draws, seed : int
        How many, and where the random numbers start.

    Returns
    -------
    array of int, shape (draws, steps)
        Each row a permutation.

    Examples
    --------
    >>> null = no_signal(np.random.default_rng(1).normal(0.4, 0.05, (24, 20)), np.arange(2000, 2024), seed=1)
    >>> orders = orders_of(null, 199, seed=1)
    >>> orders.shape, bool((np.sort(orders, axis=1) == np.arange(24)).all())
    ((199, 24), True)
    """
    steps = np.tile(np.arange(len(null.innovations)), (draws, 1))
    return np.random.default_rng(seed).permuted(steps, axis=1)


def _mean(values: NDArray[np.float64], count: NDArray[np.int64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):
        return np.where(count > 0, np.nansum(values, axis=0) / np.maximum(count, 1), np.nan)


def _memory(steps: NDArray[np.float64]) -> float:
    """Lag-1 autocorrelation of all cells together, corrected for the line that was taken."""
    pairs, known = steps[1:] * steps[:-1], np.isfinite(steps)
    enough = known.sum(axis=0) >= MIN_YEARS
    pairs = pairs[:, enough]
    if not np.isfinite(pairs).any():
        return 0.0
    n = float(known[:, enough].sum(axis=0).mean())
    r = float(np.nanmean(pairs) / np.nanmean(steps[:, enough] ** 2))
    return float(np.clip((n * r + 2) / (n - 4), -MOST_MEMORY, MOST_MEMORY))


def _common(steps: NDArray[np.float64]) -> float:
    """Mean correlation of two cells: from the sum of a year over all cells, less what each cell has with itself."""
    known = np.isfinite(steps)
    several = known.sum(axis=1) > 1
    if not several.any():
        return 0.0
    values, m = np.where(known, steps, 0.0)[several], known[several].sum(axis=1)
    own = (values**2).sum(axis=1)
    return float(np.sum(values.sum(axis=1) ** 2 - own) / np.sum(own * (m - 1)))


def _filled(steps: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Gaps take the residual of another cell in the same year; years without any those of another year, turned over."""
    whole, known = steps.copy(), np.isfinite(steps)
    for step in np.flatnonzero(known.any(axis=1)):
        gaps, givers = np.flatnonzero(~known[step]), np.flatnonzero(known[step])
        if gaps.size:
            whole[step, gaps] = steps[step, rng.choice(givers, gaps.size)]
    empty, full = np.flatnonzero(~known.any(axis=1)), np.flatnonzero(known.any(axis=1))
    if full.size == 0:
        return np.zeros_like(whole)
    lent = rng.permutation(full)
    for k, step in enumerate(empty):
        whole[step] = -whole[lent[k % lent.size]]
    return whole
