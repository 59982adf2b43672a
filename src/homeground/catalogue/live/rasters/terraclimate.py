# SPDX-License-Identifier: Apache-2.0
"""TerraClimate: monthly rain and potential evapotranspiration in cells of 1/24 degree, since 1958, all of the land."""

from __future__ import annotations

import numpy as np

from homeground.catalogue.live.cut import write_cog
from homeground.catalogue.live.job import Job, Landed, months_of
from homeground.catalogue.live.places import near
from homeground.catalogue.live.rasters.months import FILL, by_opendap
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError


def fetch(job: Job) -> list[Landed]:
    """Rain and potential evapotranspiration of each month, mm/month.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or another form.
    """
    months, landed = months_of(job.years), []
    for n, variable in enumerate(job.source.item.split()):
        address = job.source.address.format(variable=variable)
        grid, bands, units = by_opendap(job, address, variable, months)
        if units != "mm":
            raise DamagedError(f'{address}: mm of the month was expected, found "{units}". {LATER}')
        here = near(job.shapes, grid)
        values = (np.where(np.isfinite(band) & here, band, FILL).round(1) for band in bands())
        file = write_cog(
            job.place(n), values, months, grid, nodata=FILL, dtype="float32", units="mm/month", tags=job.tags()
        )
        key, period = job.source.writes[n][0], f"{months[0]} to {months[-1]}"
        landed.append(Landed(file, key, (address,), period, "mm/month", f"{grid.step:.4g} degrees"))
    return landed
