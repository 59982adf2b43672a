# SPDX-License-Identifier: Apache-2.0
"""The months of a series: dates of the calendar we live by, every month once and in order."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.errors import DataError, Problems


def has_dates(data: xr.DataArray) -> bool:
    """Whether ``data`` has dates of the standard calendar along ``time``.

    Parameters
    ----------
    data : DataArray, any dims
        What may be a series of months.

    Returns
    -------
    bool
        False without a dimension ``time``, and where its labels are numbers, texts or dates of another calendar.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> has_dates(xr.DataArray([5.0], {"time": np.array(["2001-01-01"], "datetime64[ns]")}, "time"))
    True
    >>> has_dates(xr.DataArray([5.0], {"time": [2001]}, "time"))
    False
    """
    return "time" in data.dims and np.issubdtype(data["time"].dtype, np.datetime64)


def way_out(data: xr.DataArray) -> str:
    """What to do about dates of another calendar, which are objects to xarray; else nothing.

    Parameters
    ----------
    data : DataArray, any dims
        A series without dates of the standard calendar.

    Returns
    -------
    str
        The last sentence of an error, with a space before it; empty where the labels are no dates at all.

    Examples
    --------
    >>> import datetime
    >>> import xarray as xr
    >>> odd = xr.DataArray([5.0], {"time": np.array([datetime.date(2001, 1, 30)])}, "time")  # objects, not datetime64
    >>> way_out(odd)
    ' Bring another calendar to dates with .convert_calendar("standard", align_on="date").'
    >>> way_out(xr.DataArray([5.0], {"time": [2001]}, "time"))
    ''
    """
    if "time" in data.coords and data["time"].dtype == object:
        return ' Bring another calendar to dates with .convert_calendar("standard", align_on="date").'
    return ""


def complete_months(data: xr.DataArray, name: str = "") -> NDArray[np.int64]:
    """Which month each step of a series is, counted from January of year 0; refuses a series with gaps.

    Parameters
    ----------
    data : DataArray, dims (time, ...)
        A series with one date in each month.
    name : str
        What the series is called in the error where it has no name of its own.

    Returns
    -------
    array of int64, shape (time,), months
        12 times the year, and 0 for January to 11 for December.

    Raises
    ------
    DataError
        No dates, none at all, or a month that is missing, doubled or out of order; the months are listed.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> time = np.array(["2000-12-01", "2001-01-01"], "datetime64[ns]")
    >>> complete_months(xr.DataArray([5.0, 6.0], {"time": time}, "time")).tolist()  # 12 x 2000 + 11, 12 x 2001
    [24011, 24012]
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
