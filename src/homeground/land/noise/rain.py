# SPDX-License-Identifier: Apache-2.0
"""What the observed rain alone would give: vegetation as the rain of each year lets expect it, all else without signal."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.layers.alignment import read_some
from homeground.catalogue.layers.series import Series
from homeground.land.assessment.vegetation import yearly_water
from homeground.land.productivity.noise import NoSignal, no_signal
from homeground.land.productivity.restrend import rain_residual

AT_ONCE = 1 << 24  # values of months that are held at once: 64 MB of 4 bytes
MONTHS = 12


@dataclass(frozen=True)
class RainAlone:
    """Series that follow the observed rain, and how well the observed ones do."""

    null: NoSignal
    slope: NDArray[np.float64]  # change of the index per mm/year, 0 where no line could be laid
    explained: NDArray[np.float64]  # share of a cell's variance that rain explains, 0 to 1; NaN: no line could be laid
    unknown: NDArray[np.bool_]  # years in which no cell has rain


def rain_of(series: Series, part: Grid, years: NDArray[np.int64], cell: NDArray[np.int64]) -> NDArray[np.float32]:
    """Rain of each year at some cells of a tile, some years at a time.

    Parameters
    ----------
    series : Series
        Monthly rain.
    part : Grid
        The tile; rain comes to it as it does where the trend is of rain residuals.
    years : array of int, shape (years,)
    cell : array of int, shape (cells,)
        Numbers of the cells, row by row.

    Returns
    -------
    array, shape (years, cells), mm/year
        Sum of the calendar year; NaN where a month is missing.
    """
    out = np.full((years.size, cell.size), np.nan, np.float32)
    known = [int(year) for year in years if int(year) in series.calendar_years] if cell.size else []
    some = max(AT_ONCE // (MONTHS * part.shape[0] * part.shape[1]), 1)
    for first in range(0, len(known), some):
        block = known[first : first + some]
        steps = [step for year in block for step in series.within(year)]
        time = np.array([series.steps[step] for step in steps], "datetime64[M]").astype("datetime64[ns]")
        values, of = read_some(series, part, steps, cell), {"units": series.units}
        months = xr.DataArray(values, {"time": time}, ("time", "cell"), series.name, attrs=of)
        out[np.isin(years, block)] = yearly_water(months).values
    return out


def rain_alone(
    index: NDArray[np.floating], rain: NDArray[np.floating], years: NDArray[np.int64], seed: int
) -> RainAlone:
    """Take from each cell the line of its vegetation on its rain, and from the rest all that is signal in time.

    Parameters
    ----------
    index : array, shape (years, cells), dimensionless
        Yearly vegetation index; NaN is missing.
    rain : array, shape (years, cells), mm/year
        NaN is missing.
    years : array of int, shape (years,)
        Rising.
    seed : int
        As in `no_signal`.

    Returns
    -------
    RainAlone
        Its null is for `drawn`: what rain explains stays in its years, the rest of whole years comes in another order.

    Raises
    ------
    DataError
        As `no_signal`.

    Notes
    -----
    Least squares NDVI_t = a + b P_t over the years that have both. The course is b (P_t - mean P); what is left of NDVI
    is treated as `no_signal` treats NDVI itself: Sen line off, one memory for all cells, gaps filled. Three numbers are
    fitted to a cell, so residuals grow by sqrt(n / (n - 3)). A year without rain has the course 0, the mean. A cell of fewer
    than eight years of both, or whose rain does not vary, has b = 0. Source of the line: Evans and Geerken (2004), Journal of
    Arid Environments 57: 535-554, doi 10.1016/S0140-1963(03)00121-6; Wessels et al. (2007), Journal of Arid Environments
    68: 271-297, doi 10.1016/j.jaridenv.2006.05.015.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rain = rng.normal(500, 100, (24, 1)) + np.zeros((24, 200))
    >>> found = rain_alone(0.1 + 0.0005 * rain + rng.normal(0, 0.01, (24, 200)), rain, np.arange(2000, 2024), seed=1)
    >>> float(found.explained.mean()) > 0.9, bool(found.unknown.any()), found.null.course.shape
    (True, False, (24, 200))
    """
    of = ({"year": years}, ("year", "cell"))
    fit = rain_residual(
        xr.DataArray(index.astype(np.float64), *of, attrs={"units": "1"}),
        xr.DataArray(rain.astype(np.float64), *of, attrs={"units": "mm/year"}),
    )
    slope, explained = fit["rain_slope"].values, fit["r2"].values
    both = np.isfinite(index) & np.isfinite(rain)
    count = both.sum(axis=0)
    mean = np.where(both, rain, 0.0).sum(axis=0) / np.maximum(count, 1)
    follows = np.isfinite(slope)
    slope = np.where(follows, slope, 0.0)
    course = np.where(np.isfinite(rain) & follows, slope * (rain - mean), 0.0)
    null = no_signal(index - course, years, seed, taken=np.where(follows, 3, 2))
    explained = np.where(follows, np.where(np.isfinite(explained), explained, 0.0), np.nan)
    return RainAlone(replace(null, course=course), slope, explained, ~np.isfinite(rain).any(axis=1))
