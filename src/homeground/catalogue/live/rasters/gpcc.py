# SPDX-License-Identifier: Apache-2.0
"""GPCC: monthly rain from gauges in cells of a degree, 1891 to 2020; one NetCDF file for the globe."""

from __future__ import annotations

import numpy as np
import xarray as xr

from homeground.catalogue.live.cut import write_cog
from homeground.catalogue.live.job import Job, Landed, months_of
from homeground.catalogue.live.rasters.months import FILL, frame_on
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError, head_of, what_came
from homeground.errors import CatalogueError
from homeground.extras import advice


def fetch(job: Job) -> list[Landed]:
    """Rain of each month, mm/month.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or another form.
    CatalogueError
        The extra netcdf is not installed.
    """
    if missing := advice("netcdf"):
        raise CatalogueError(f"gpcc comes as NetCDF: {missing}")
    months, address = months_of(job.years), job.source.address
    path = job.get.whole(address, job.work / "gpcc.nc")
    job.done()
    try:
        data = xr.open_dataset(path, engine="h5netcdf", decode_timedelta=False)
    except (OSError, ValueError, KeyError) as error:
        came = what_came(head_of(path)) or f"{path.stat().st_size} bytes"
        path.unlink()
        raise DamagedError(f"{address}: NetCDF was expected, {came} came. It was thrown away. {LATER}") from error
    with data:
        if job.source.item not in data or not {"time", "lat", "lon"} <= set(data[job.source.item].dims):
            raise DamagedError(
                f"{address}: {job.source.item} by time, lat and lon was expected; the form changed. {LATER}"
            )
        rain = data[job.source.item]
        grid, columns, rows = frame_on(job, rain["lon"].to_numpy(), rain["lat"].to_numpy(), address)
        at = {str(when)[:7]: i for i, when in enumerate(rain["time"].to_numpy().astype("datetime64[M]"))}
        if absent := [month for month in months if month not in at]:
            raise DamagedError(f"{address} has no {absent[0]}. Choose other years or another source.")
        cut = rain.transpose("time", "lat", "lon").isel(lat=rows, lon=columns)
        bands = (cut.isel(time=at[month]).to_numpy() for month in months)
        values = (np.where(np.isfinite(band) & (band >= 0), band, FILL) for band in bands)
        file = write_cog(
            job.place(), values, months, grid, nodata=FILL, dtype="float32", units="mm/month", tags=job.tags()
        )
    key, period = job.source.writes[0][0], f"{months[0]} to {months[-1]}"
    note = "where few gauges report, normals stand in"
    return [Landed(file, key, (address,), period, "mm/month", "1 degree", note)]
