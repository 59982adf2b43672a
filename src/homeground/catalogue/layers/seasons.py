# SPDX-License-Identifier: Apache-2.0
"""One value a year of a series of numbers: the mean of the months in which plants grow."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.layers.alignment import read_steps
from homeground.catalogue.layers.growing import Months
from homeground.catalogue.layers.series import ENOUGH, Series


def season_steps(series: Series, year: int, first: int, last: int) -> list[int]:
    """Numbers of the steps of a season that ends in a year.

    Parameters
    ----------
    series : Series
    year : int
        The year of the last month.
    first, last : int
        Months, 1 to 12; where the first comes after the last, it is of the year before.

    Returns
    -------
    list of int
        In the order of time.
    """
    begin = (year - (first > last), first)
    return [
        number
        for number, step in enumerate(series.steps)
        if step and begin <= (int(step[:4]), int(step[5:7])) <= (year, last)
    ]


def read_seasons(series: Series, grid: Grid, years: Iterable[int], months: Months) -> xr.DataArray:
    """Mean of the growing season of each year, dims (year, latitude, longitude), in the units of the series.

    Parameters
    ----------
    series : Series
        Numbers, several steps a year, each with its month.
    grid : Grid
    years : iterable of int
        A season that passes the turn of the year is of the year in which it ends. Years that `read_years` leaves out are
        left out here too.
    months : pair of arrays of int8, shape of the grid
        Of `growing_months`; 0 gives NaN.

    Returns
    -------
    DataArray
        NaN where fewer than 85 % of the season's steps are known; they are counted in the year that has the most.
    """
    first, last = months
    kinds = np.unique(np.stack([first.ravel(), last.ravel()]), axis=1).T.tolist()
    kinds = [(a, b) for a, b in kinds if a]
    known = [year for year in years if year in series.whole_years]
    of = {kind: {year: season_steps(series, year, *kind) for year in series.years} for kind in kinds}
    most = {kind: max(map(len, by_year.values()), default=0) for kind, by_year in of.items()}
    out = np.full((len(known), *grid.shape), np.nan, np.float32)
    for row, year in enumerate(known):
        needed = sorted({step for kind in kinds for step in of[kind][year]})
        if not needed:
            continue
        values, at = read_steps(series, grid, needed), {step: k for k, step in enumerate(needed)}
        for kind in kinds:
            chosen = values[[at[step] for step in of[kind][year]]]
            count = np.isfinite(chosen).sum(axis=0)
            total = np.where(np.isfinite(chosen), chosen, 0).sum(axis=0, dtype=np.float64)
            here = (first == kind[0]) & (last == kind[1]) & (count >= max(ENOUGH * most[kind], 1))
            out[row][here] = (total[here] / count[here]).astype(np.float32)
    return grid.array(out, series.name, units=series.units).assign_coords(year=known)
