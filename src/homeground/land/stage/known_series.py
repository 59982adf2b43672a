# SPDX-License-Identifier: Apache-2.0
"""The two real series in time among the published figures: trend, and a drought index for the rain."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from homeground.catalogue import figures
from homeground.land.drought.spi_spei import spi
from homeground.land.productivity.trend import trend
from homeground.land.stage.files import KNOWN_SERIES
from homeground.language.messages import Saying
from homeground.running.steps import Work
from homeground.running.tables import SERIES

RAIN_SERIES = "horn_rain"


def series(work: Work) -> None:
    """The two real series in time that lie in the study's countries: trend, and a drought index for the rain."""
    parts = []
    for table, name in KNOWN_SERIES:
        rows = figures.load(table, iso3=work.study.countries)
        if rows.empty:
            continue
        rows = rows.astype({"year": "int64"})
        cube = rows.set_index(["place", "year"])["value"].to_xarray().rename(name)
        fit = trend(cube, dim="year").to_dataframe().add_prefix("trend_")
        frame = rows[["iso3", "place", "year", "value", "unit", "source", "licence", "kind"]].assign(series=name)
        if table == RAIN_SERIES:
            index = _december_spi(cube).to_dataframe(dim_order=["place", "year"])[["drought_index"]]
            frame = frame.merge(index, left_on=["place", "year"], right_index=True, how="left")
        parts.append(frame.merge(fit, left_on="place", right_index=True, how="left"))
    columns = ["iso3", "place", "year", "value", "unit", "source", "licence", "kind", "series", "drought_index"]
    series = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    series.to_parquet(work.out / SERIES)
    if not parts:
        work.warn(Saying("warning.no_embedded_series"))


def _december_spi(totals: xr.DataArray) -> xr.DataArray:
    """SPI-2 of each December: the totals are those of November and December, one for each place and year."""
    years = totals["year"].to_numpy()
    months = np.arange(f"{years[0]}-01", f"{years[-1] + 1}-01", dtype="datetime64[M]").astype("datetime64[ns]")
    # The sum is known at its last month only; the index treats each calendar month by itself.
    rain = np.full((months.size, totals.sizes["place"]), np.nan)
    rain[12 * (years - years[0]) + 11] = totals.transpose("year", "place").to_numpy()
    coords = {"time": months, "place": totals["place"]}
    monthly = xr.DataArray(rain, coords, ("time", "place"), "rain", {"units": "mm"})
    index = spi(monthly, 1).isel(time=slice(11, None, 12))
    return index.assign_coords(time=index["time"].dt.year).rename(time="year").rename("drought_index")
