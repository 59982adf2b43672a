# SPDX-License-Identifier: Apache-2.0
"""NASA Earth Observations: monthly NDVI of the globe in cells of 0.1 degrees, a plain file a month; a mean for each year."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeground.catalogue.live.cut import window, write_cog
from homeground.catalogue.live.job import Job, Landed, all_of, months_of
from homeground.catalogue.live.places import grid_around, near
from homeground.catalogue.live.protocols.ranged import opened
from homeground.catalogue.live.rasters.months import yearly_mean
from homeground.catalogue.live.troubles import RefusedError

FILL = 99999.0  # in the files, without a tag
NODATA, SCALE = -32768, 0.0001
MISSING = 404


def fetch(job: Job) -> list[Landed]:
    """Mean NDVI of each year that has at least 85 % of its months.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or no raster of the known grid.
    """
    grid = grid_around(job.box, job.source.degrees or 0.1)
    here, months = near(job.shapes, grid), months_of(job.years)

    def address_of(label: str) -> str:
        return job.source.address.format(year=label[:4], month=int(label[5:]))

    def month(label: str) -> NDArray[Any]:
        address = address_of(label)
        try:
            with opened(job.get, address, job.work) as source:
                values = window(source, grid, address, nodata=FILL)
        except RefusedError as error:
            if error.status == MISSING:  # a month that was never made: its year may do without it
                return np.full((grid.rows, grid.columns), np.nan, "float32")
            raise
        return np.where(here & (np.abs(values) <= 1), values, np.nan).astype("float32")

    def years() -> Any:
        waiting: list[NDArray[Any]] = []
        for values in all_of(job, months, month):
            waiting.append(values)
            if len(waiting) == 12:
                mean = yearly_mean(np.stack(waiting), 12)
                yield np.where(np.isfinite(mean), np.nan_to_num(mean / SCALE).round(), NODATA)
                waiting.clear()

    labels = [str(year) for year in job.years]
    file = write_cog(
        job.place(), years(), labels, grid, nodata=NODATA, dtype="int16", units="1", scale=SCALE, tags=job.tags()
    )
    addresses = (address_of(months[0]), address_of(months[-1]))
    key = job.source.writes[0][0]
    return [Landed(file, key, addresses, f"{labels[0]} to {labels[-1]}", "1", f"{grid.step:g} degrees")]
