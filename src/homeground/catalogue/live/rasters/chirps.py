# SPDX-License-Identifier: Apache-2.0
"""CHIRPS v3.0: monthly rain from 60S to 60N in cells of 0.05 degrees, a cloud-optimised file a month."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeground.catalogue.live.cut import window, write_cog
from homeground.catalogue.live.job import Job, Landed, all_of, months_of
from homeground.catalogue.live.places import grid_around, near
from homeground.catalogue.live.protocols.ranged import opened

FILL = -9999.0  # stands in the files without a tag that says so
NORTH = 60.0


def address_of(job: Job, month: str) -> str:
    """Where a month lies."""
    return job.source.address.format(year=month[:4], month=int(month[5:]))


def fetch(job: Job) -> list[Landed]:
    """Rain of each month, mm/month.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or no raster of the known grid.
    """
    west, south, east, north = job.box
    grid = grid_around((west, max(south, -NORTH), east, min(north, NORTH)), job.source.degrees or 0.05)
    months, here = months_of(job.years), near(job.shapes, grid)

    def month(label: str) -> NDArray[Any]:
        address = address_of(job, label)
        with opened(job.get, address, job.work) as source:
            values = window(source, grid, address, nodata=FILL)
        rain = np.where(np.isfinite(values) & (values >= 0) & here, values, FILL)
        return rain.round(1).astype("float32")

    file = write_cog(
        job.place(), all_of(job, months, month), months, grid, nodata=FILL, dtype="float32", units="mm/month",
        tags=job.tags(),
    )  # fmt: skip
    addresses = (address_of(job, months[0]), address_of(job, months[-1]))
    return [
        Landed(file, job.source.writes[0][0], addresses, f"{months[0]} to {months[-1]}", "mm/month", "0.05 degrees")
    ]
