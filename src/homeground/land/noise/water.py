# SPDX-License-Identifier: Apache-2.0
"""Rain or evapotranspiration that the trend is read beside: its years come in the order of the draw, or as they were."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from homeground.land.noise.rain import RainAlone, rain_alone
from homeground.land.productivity.noise import NoSignal


@dataclass(frozen=True)
class Water:
    """Rain or evapotranspiration of the cells in the draws.

    Attributes
    ----------
    trend_of : str
        What the trend is of: "rain-residual", "rain-use" or "water-use".
    yearly : array, shape (years, cells), mm/year
        As observed; NaN is missing.
    steps : array, shape (steps, cells), mm/year, optional
        All years from the first to the last without gaps, to be put in order; none where years stay as they were.
    slope : array, shape (cells,), per mm/year
        How the index follows it; 0 where no line could be laid.
    """

    trend_of: str
    yearly: NDArray[np.float64]
    steps: NDArray[np.float64] | None
    slope: NDArray[np.float64]


def bound(
    index: NDArray[np.floating], yearly: NDArray[np.floating], years: NDArray[np.int64], trend_of: str, seed: int
) -> tuple[NoSignal, Water]:
    """Index and water without signal in time, and with the bond between the two.

    Parameters
    ----------
    index : array, shape (years, cells), dimensionless
        Yearly vegetation index; NaN is missing.
    yearly : array, shape (years, cells), mm/year
        Rain or evapotranspiration; NaN is missing.
    years : array of int, shape (years,)
        Rising.
    trend_of : str
        As in `Water`.
    seed : int
        As in `no_signal`.

    Returns
    -------
    NoSignal, Water
        For `draw`.

    Raises
    ------
    DataError
        As `no_signal`.

    Notes
    -----
    NDVI_t = a + b P_t + e_t as in `rain_alone`. The residual e is treated as `no_signal` treats the index itself; whole
    years of P come in the same new order as the years of its innovations, and carry b (P - mean P) with them. So a
    year keeps its rain, its vegetation and its neighbours in space, and only time is lost. Values of P are those of
    the source, so none falls below 0; a gap takes the mean anomaly of the other cells of its year, in standard
    deviations, for the time of the draw, and a year that no cell has those of another year.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rain = rng.normal(500, 100, (24, 200))
    >>> index = 0.1 + 0.0005 * rain + rng.normal(0, 0.01, rain.shape)
    >>> null, water = bound(index, rain, np.arange(2000, 2024), "rain-residual", seed=1)
    >>> bool(abs(water.slope.mean() - 0.0005) < 1e-5), bool((np.sort(water.steps, axis=0) == np.sort(rain, axis=0)).all())
    (True, True)
    """
    found = rain_alone(index, yearly, years, seed)
    values = yearly.astype(np.float64)
    steps = np.full((years[-1] - years[0] + 1, values.shape[1]), np.nan)
    steps[years - years[0]] = values
    whole = _filled(steps, np.random.default_rng(seed))
    return replace(found.null, course=None), Water(trend_of, values, whole, found.slope)


def as_it_was(found: RainAlone, yearly: NDArray[np.floating], trend_of: str) -> Water:
    """The water of what rain alone would give: each year its own."""
    return Water(trend_of, yearly.astype(np.float64), None, found.slope)


def water_drawn(
    water: Water, years: NDArray[np.int64], orders: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64] | float]:
    """Water of each draw, and what it adds to the index.

    Parameters
    ----------
    water : Water
    years : array of int, shape (years,)
    orders : array of int, shape (draws, steps)
        Those of `drawn`, so that a year keeps its water.

    Returns
    -------
    water, added : arrays, shape (years, draws, cells), mm/year and dimensionless
        Water is NaN where it is missing as observed; 0 is added where the years stay as they were.

    Examples
    --------
    >>> rain = np.array([[100.0], [200.0], [np.nan]])
    >>> given = Water("rain-use", rain, np.array([[100.0], [200.0], [300.0]]), np.array([0.001]))
    >>> values, added = water_drawn(given, np.array([2000, 2001, 2002]), np.array([[2, 0, 1]]))
    >>> values.ravel().tolist(), added.ravel().round(3).tolist()
    ([300.0, 100.0, nan], [0.1, -0.1, 0.0])
    """
    if water.steps is None:
        return np.repeat(water.yearly[:, None], len(orders), axis=1), 0.0
    there = np.swapaxes(water.steps[orders], 0, 1)[years - years[0]]
    added = water.slope * (there - water.steps.mean(axis=0))
    # A cell without any rain has no line either.
    return np.where(np.isfinite(water.yearly)[:, None], there, np.nan), np.where(np.isfinite(added), added, 0.0)


def _filled(steps: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    known = np.isfinite(steps)
    count = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, steps, 0.0).sum(axis=0) / count
        spread = np.sqrt((np.where(known, steps - mean, 0.0) ** 2).sum(axis=0) / count)
        standard = np.where(known & (spread > 0), (steps - mean) / spread, np.nan)
        year = np.nansum(standard, axis=1) / np.maximum(np.isfinite(standard).sum(axis=1), 1)
    whole = np.where(known, steps, np.maximum(mean + spread * year[:, None], 0.0))
    empty, full = np.flatnonzero(~known.any(axis=1)), np.flatnonzero(known.any(axis=1))
    if full.size:
        whole[empty] = whole[rng.choice(full, empty.size)]
    return whole
