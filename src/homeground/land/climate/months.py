# SPDX-License-Identifier: Apache-2.0
"""The months of a series: dates of the calendar we live by, every month once and in order."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.errors import DataError, Problems


def has_dates(data: xr.DataArray) -> bool:
    """Whether ``data`` has dates of the standard calendar along ``time``."""
    return "time" in data.dims and np.issubdtype(data["time"].dtype, np.datetime64)


def way_out(data: xr.DataArray) -> str:
    """What to do about dates of another calendar, which are objects to xarray; else nothing."""
    if "time" in data.coords and data["time"].dtype == object:
        return ' Bring another calendar to dates with .convert_calendar("standard", align_on="date").'
    return ""


def complete_months(data: xr.DataArray, name: str = "") -> NDArray[np.int64]:
    """Months since year 0 along ``time``.

    Raises
    ------
    DataError
        No dates, none at all, or a month that is missing, doubled or out of order; the months are listed.
    """
    name = str(data.name or name or "the series")
    if not has_dates(data):
        raise DataError(f"{name} has dimensions {tuple(data.dims)}, 'time' with dates was expected.{way_out(data)}")
    date = data["time"].dt
    months: NDArray[np.int64] = date.year.values.astype(np.int64) * 12 + date.month.values - 1
    if not months.size:
        raise DataError(f"{name} has no months, a series was expected. Check the years that were selected.")
    found, count = np.unique(months, return_counts=True)
    gone = np.setdiff1d(np.arange(found[0], found[-1] + 1), found)
    problems = Problems(name)
    for words, which in (("months are missing", gone), ("months come more than once", found[count > 1])):
        if which.size:
            listed = ", ".join(f"{m // 12}-{m % 12 + 1:02d}" for m in which[:12])
            more = f" and {which.size - 12} more" if which.size > 12 else ""
            problems.add(f"{words}: {listed}{more}. Give every month once (NaN where nothing was measured).")
    if not problems.messages and not (np.diff(months) == 1).all():
        problems.add("months are not in order. Sort by time.")
    problems.raise_if_any(DataError)
    return months
