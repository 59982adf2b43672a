# SPDX-License-Identifier: Apache-2.0
"""Series on coarse global grids, which start where each likes: brought to rows from the north and longitudes from -180."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.live.job import Job, all_of
from homeground.catalogue.live.places import grid_around
from homeground.catalogue.live.protocols import opendap
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError

FILL = -9999.0
ENOUGH = 0.85  # share of a year's steps that a mean needs, as where a run reads a series
EPOCH = re.compile(r"(days|hours|months) since (\d{1,4})-(\d{1,2})-(\d{1,2})")


def frame_on(
    job: Job, longitudes: NDArray[np.float64], latitudes: NDArray[np.float64], address: str
) -> tuple[Grid, NDArray[Any], NDArray[Any]]:
    """The cells of a global grid that a study needs, and which columns and rows of the grid they are.

    Parameters
    ----------
    job : Job
    longitudes, latitudes : array
        Centres, from -180 or from 0, from either pole.
    address : str
        For what is told.

    Returns
    -------
    Grid, array of int, array of int
        The grid, places of its columns and of its rows.

    Raises
    ------
    DamagedError
        The steps are uneven, or the box is not reached.
    """
    step = float(abs(longitudes[1] - longitudes[0]))
    even = np.allclose(np.diff(longitudes), step, rtol=1e-3) and np.allclose(
        np.abs(np.diff(latitudes)), step, rtol=1e-3
    )
    if not even or abs(step - (job.source.degrees or step)) > 1e-3 * step:
        raise DamagedError(
            f"{address}: an even grid of {job.source.degrees:g} degrees was expected; the form changed. {LATER}"
        )
    turned = (longitudes + 180.0) % 360.0 - 180.0
    west = float(turned.min()) - step / 2
    north = float(latitudes.max()) + step / 2
    grid = grid_around(job.box, step, west=west, north=north)
    wanted_x = grid.west + step * (np.arange(grid.columns) + 0.5)
    wanted_y = grid.north - step * (np.arange(grid.rows) + 0.5)
    columns = np.array([int(np.abs(turned - x).argmin()) for x in wanted_x])
    rows = np.array([int(np.abs(latitudes - y).argmin()) for y in wanted_y])
    if np.abs(turned[columns] - wanted_x).max() > step / 4 or np.abs(latitudes[rows] - wanted_y).max() > step / 4:
        raise DamagedError(f"{address}: its grid does not reach the study. Take another source.")
    return grid, columns, rows


def month_of(value: float, units: str, address: str) -> str:
    """The month of a time as a number since an epoch.

    Parameters
    ----------
    value : float
    units : str
        Such as "days since 1800-01-01 00:00:0.0".
    address : str

    Returns
    -------
    str

    Raises
    ------
    DamagedError
        Units of another form.

    Examples
    --------
    >>> month_of(65378.0, "days since 1800-01-01 00:00:0.0", "x"), month_of(30, "days since 1900-01-01", "x")
    ('1979-01', '1900-01')
    """
    found = EPOCH.match(units.strip())
    if found is None:
        raise DamagedError(f'{address}: times since an epoch were expected, found "{units}". {LATER}')
    kind, year, month, day = found[1], int(found[2]), int(found[3]), int(found[4])
    if kind == "months":
        whole = year * 12 + month - 1 + int(value)
        return f"{whole // 12:04d}-{whole % 12 + 1:02d}"
    then = date(year, month, day) + timedelta(days=float(value) / (24 if kind == "hours" else 1))
    return then.isoformat()[:7]


def days_of(label: str) -> int:
    """Days of a month.

    Examples
    --------
    >>> days_of("2000-02")
    29
    """
    return calendar.monthrange(int(label[:4]), int(label[5:7]))[1]


def by_opendap(job: Job, address: str, variable: str, months: list[str]) -> tuple[Grid, Callable[[], Any], str]:
    """A variable on a THREDDS server at the cells of a study.

    Parameters
    ----------
    job : Job
    address, variable : str
    months : list of str

    Returns
    -------
    Grid, function, str
        The grid; what gives the months one after the other, unpacked, NaN where missing; the units.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, another form, or months that it does not have.
    """
    told = opendap.described(job.get, address, variable)
    time_units = opendap.described(job.get, address, "time").units
    times = opendap.axis(job.get, address, "time")
    grid, columns, rows = frame_on(
        job,
        opendap.axis(job.get, address, "lon", "longitude"),
        opendap.axis(job.get, address, "lat", "latitude"),
        address,
    )
    at = {month_of(value, time_units, address): i for i, value in enumerate(times)}
    if absent := [month for month in months if month not in at]:
        raise DamagedError(
            f"{address} has {min(at)} to {max(at)}; {absent[0]} is absent. Choose other years or another source."
        )
    low, high = int(rows.min()), int(rows.max())

    def year(label: str) -> NDArray[Any]:
        places = [at[month] for month in months if month.startswith(label)]
        parts = [
            opendap.read(job.get, address, variable, (places[0], places[-1]), (low, high), (int(run[0]), int(run[-1])))
            for run in np.split(columns, np.flatnonzero(np.diff(columns) != 1) + 1)
        ]
        stored = np.concatenate(parts, axis=2)[:, rows - low]
        missing = np.isin(stored, told.missing) | ~np.isfinite(stored) | (np.abs(stored) > 1e30)
        return np.where(missing, np.nan, stored * told.scale + told.offset).astype("float32")

    def bands() -> Any:
        for values in all_of(
            job, sorted({f"{variable}-{month[:4]}" for month in months}), lambda name: year(name[-4:])
        ):
            yield from values

    return grid, bands, told.units


def yearly_mean(values: NDArray[Any], most: int) -> NDArray[Any]:
    """Mean of a year where at least 85 % of its steps are known; NaN elsewhere: a mean of the steps that happen to be known
    would be of other seasons.

    Parameters
    ----------
    values : array, shape (steps, rows, columns)
        NaN where missing.
    most : int
        Steps of a whole year.

    Returns
    -------
    array, shape (rows, columns)

    Examples
    --------
    >>> import numpy as np
    >>> yearly_mean(np.array([[[0.2, 0.2]], [[0.4, np.nan]]]), 2)
    array([[0.3, nan]])
    """
    known = np.isfinite(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    found: NDArray[Any] = np.where(count >= ENOUGH * most, total / np.maximum(count, 1), np.nan)
    return found
