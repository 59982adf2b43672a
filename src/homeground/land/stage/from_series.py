# SPDX-License-Identifier: Apache-2.0
"""Maps of one epoch out of a study's own series: mean months of rain and temperature, the newest land cover."""

from __future__ import annotations

import numpy as np
import xarray as xr

from homeground.catalogue.grids.grid import grid_of
from homeground.catalogue.layers.alignment import alignment, read_steps
from homeground.catalogue.layers.series import Series, need_series
from homeground.errors import DataError
from homeground.land.assessment.covers import cover_of
from homeground.land.drought.spi_spei import monthly_millimetres
from homeground.study.model import Study

MONTHS = 12


def series_for(study: Study, name: str) -> Series | None:
    """The series that stands for a map of one epoch: where the study gives the series and not the map.

    Raises
    ------
    DataError
        The files cannot be read as a series.
    """
    source = study.series_instead(name)
    return None if source is None else need_series(study, source)


def mean_months(series: Series, grid: xr.DataArray) -> xr.DataArray:
    """The mean of each calendar month over the whole years of a series, on a grid.

    Parameters
    ----------
    series : Series
        Monthly rain or temperature.
    grid : DataArray, dims (latitude, longitude)

    Returns
    -------
    DataArray, dims (month, latitude, longitude)
        mm/month, or the unit of the series (degC). Missing where any month of any of these years is: a mean over the
        years that happen to be known would be drier or wetter than the place.

    Raises
    ------
    DataError
        No whole year, or a series that does not reach the grid.
    """
    place = grid_of(grid)
    alignment(series, place)  # refuses a series that lies elsewhere
    years = series.calendar_years
    if not years:
        raise DataError(f"{series.name}: no whole year from January to December; a mean year needs one at least.")
    at = {step[:7]: i for i, step in enumerate(series.steps)}
    months = []
    for month in range(1, MONTHS + 1):  # a month at a time: a twelfth of the series in memory
        steps = [f"{year}-{month:02d}" for year in years]
        values = place.array(read_steps(series, place, [at[step] for step in steps]), series.name, units=series.units)
        values = values.rename(year="time").assign_coords(
            time=np.array(steps, "datetime64[M]").astype("datetime64[ns]")
        )
        if series.name == "rain_series":
            values, _ = monthly_millimetres(values)
        months.append(values.mean("time", skipna=False))
    found = xr.concat(months, xr.DataArray(np.arange(1, MONTHS + 1), dims="month", name="month"))
    return found.assign_attrs(units="mm/month" if series.name == "rain_series" else series.units)


def newest_cover(study: Study, series: Series, grid: xr.DataArray) -> xr.DataArray:
    """The last year of the study's own land cover, in the seven classes."""
    place = grid_of(grid)
    alignment(series, place)
    return cover_of(study, series, place, max(series.years))
