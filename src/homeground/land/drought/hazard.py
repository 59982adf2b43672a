# SPDX-License-Identifier: Apache-2.0
"""The drought hazard of each year and of each four years, as UNCCD strategic objective 3 reports it."""

from __future__ import annotations

import numpy as np
import xarray as xr

from homeground.catalogue.classes import MISSING
from homeground.errors import DataError
from homeground.land.climate.aridity import aridity_class
from homeground.land.climate.months import complete_months, has_dates, way_out
from homeground.land.drought.spi_spei import DROUGHT_CLASSES, drought_class
from homeground.numbers.rounding import rounding
from homeground.numbers.units import require_units, same_grid

NOT_APPLICABLE = -1  # the index means nothing there; not the same as no drought (0) or missing (-128)
MOST_DRY = 0.5  # share of the calibration without rain above which rain itself is the exception


def drought_hazard(
    index: xr.DataArray,
    *,
    aridity: xr.DataArray | None = None,
    zero_share: xr.DataArray | None = None,
    month: int = 12,
    period: int = 4,
    first_year: int | None = None,
) -> xr.Dataset:
    """How strong the drought of each year was, and the strongest of each four years.

    Parameters
    ----------
    index : DataArray, dims (time, ...), dimensionless
        SPI-12 (SPEI-12 in arid zones), monthly.
    aridity : DataArray, dims (...), dimensionless, optional
        Aridity index; below 0.05 (hyper-arid) the class is "not applicable".
    zero_share : DataArray, dims (...), dimensionless, optional
        Share of the calibration's sums of that calendar month without rain, see `zero_rain_share`; above one half the
        class is "not applicable".
    month : int
        The month that stands for the year: 12 sums January to December.
    period : int
        Years that make up one period.
    first_year : int, optional
        First year of the first period, such as 2000. Left out: the first year of the index.

    Returns
    -------
    Dataset of int8
        ``hazard``, dims (year, ...): 0 none, 1 mild, 2 moderate, 3 severe, 4 extreme; -1 not applicable; -128 missing.
        ``worst``, dims (period_start, ...): the highest class of the known years among ``period`` years;
        ``known_years``: how many those are. A last period that the index does not fill is given, with fewer years.

    Raises
    ------
    DataError
        Wrong units or dates, grids that differ, a month that never comes, several values of one month of a year.

    Notes
    -----
    UNCCD PRAIS 4 reporting manual (2026), SO3-1: SPI-12 of December, worst class of 2000-2003, 2004-2007 and so on; all
    four years count, and a missing year does not blank the others.

    Examples
    --------
    >>> import pandas as pd, xarray as xr
    >>> time = pd.date_range("2000-12-01", periods=4, freq="12MS")
    >>> spi12 = xr.DataArray([0.3, float("nan"), -0.2, -2.1], {"time": time}, attrs={"units": "1"})
    >>> result = drought_hazard(spi12)
    >>> result.hazard.values.tolist(), result.worst.values.tolist(), result.known_years.values.tolist()
    ([0, -128, 1, 4], [4], [3])
    """
    if period < 1:
        raise DataError(f"period is {period}, a number of years from 1 was expected.")
    if not has_dates(index):
        raise DataError(f"{index.name or 'the index'} has no dates along 'time'. Decode or set them.{way_out(index)}")
    own = index.sel(time=index["time"].dt.month == month)
    year = own["time"].dt.year.values.astype(np.int64)
    if not year.size:
        raise DataError(f"{index.name or 'the index'} has no value of month {month}, one a year was expected.")
    if (np.diff(year) < 1).any():
        raise DataError(f"{index.name or 'the index'} has month {month} of a year more than once, or out of order.")
    start = int(year[0]) if first_year is None else first_year
    whole = np.arange(start, year[-1] + 1)
    if not whole.size:
        raise DataError(f"first_year is {first_year}, a year up to {year[-1]} was expected.")

    dated = own.assign_coords(time=year).rename(time="year")
    hazard = drought_class(dated).reindex(year=whole, fill_value=MISSING)
    hazard = hazard.where(~_not_applicable(hazard, aridity, zero_share), np.int8(NOT_APPLICABLE))
    starts = start + (whole - start) // period * period
    periods = hazard.assign_coords(period_start=("year", starts)).groupby("period_start")
    known = (hazard != MISSING).assign_coords(period_start=("year", starts)).groupby("period_start")
    result = xr.Dataset(
        {
            "hazard": hazard.transpose("year", ...),
            "worst": periods.max().astype(np.int8).transpose("period_start", ...),
            "known_years": known.sum().astype(np.int8).transpose("period_start", ...),
        }
    )
    named = {NOT_APPLICABLE: "not_applicable", **DROUGHT_CLASSES}
    for name, text in (("hazard", "drought class of the year"), ("worst", f"highest drought class of {period} years")):
        result[name].attrs = {
            "long_name": text,
            "flag_values": list(named),
            "flag_meanings": " ".join(named.values()),
            "missing": MISSING,
        }
    result["known_years"].attrs = {"long_name": "years with a class or not applicable", "units": "1"}
    return result.assign_attrs(month=month, period=period)


def zero_rain_share(
    precipitation: xr.DataArray, window: int = 12, *, month: int = 12, calibration: tuple[int, int] | None = None
) -> xr.DataArray:
    """How many of the usual years have no rain at all in the months that end with the given one.

    Parameters
    ----------
    precipitation : DataArray, dims (time, ...)
        Monthly rain, any unit; NaN is missing.
    window : int
        Months summed.
    month : int
        The calendar month of the index, 12 for the yearly hazard.
    calibration : (first year, last year), optional
        Left out: all years.

    Returns
    -------
    DataArray, dims (...), dimensionless
        Years without rain / years known. NaN where none is known.

    Raises
    ------
    DataError
        Months missing, doubled or out of order, rain below 0, a month that is none, or no such month in the
        calibration.

    Examples
    --------
    >>> import pandas as pd, xarray as xr
    >>> time = pd.date_range("2000-01-01", periods=24, freq="MS")
    >>> zero_rain_share(xr.DataArray([0.0] * 12 + [1.0] * 12, {"time": time}), 12).item()
    0.5
    """
    complete_months(precipitation, "the rain")
    name = precipitation.name or "the rain"
    if bool((precipitation < 0).any()):
        raise DataError(f"{name} falls below 0. Mark missing values as NaN, and check offsets.")
    # No rain in any month: a running sum can leave dust where it should come back to 0.
    largest = precipitation.rolling(time=window, min_periods=window).max() if window > 1 else precipitation
    own = (largest["time"].dt.month == month).values
    if calibration is not None:
        year = largest["time"].dt.year.values
        own &= (year >= calibration[0]) & (year <= calibration[1])
    if not own.any():
        raise DataError(f"{name} has no month {month} in the calibration {calibration or 'of all years'}. Check both.")
    largest = largest.isel(time=np.flatnonzero(own))
    known = largest.notnull().sum("time")
    share = (largest == 0).sum("time") / known.where(known > 0)
    return share.rename("zero_share").assign_attrs(units="1", long_name="share of years without rain")


def _not_applicable(
    hazard: xr.DataArray, aridity: xr.DataArray | None, zero_share: xr.DataArray | None
) -> xr.DataArray:
    beyond = xr.zeros_like(hazard, dtype=bool)
    for data in (aridity, zero_share):
        if data is not None:
            require_units(data, "1")
            same_grid(data, hazard)
    if aridity is not None:
        beyond = beyond | (aridity_class(aridity) == 0)
    if zero_share is not None:
        beyond = beyond | (zero_share > MOST_DRY * (1 + rounding(zero_share.dtype)))
    return beyond.transpose(*hazard.dims)
