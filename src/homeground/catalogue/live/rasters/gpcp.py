# SPDX-License-Identifier: Apache-2.0
"""GPCP: monthly rain of the globe in cells of 2.5 degrees; kilobytes, and no more than a hint for a region."""

from __future__ import annotations

import numpy as np

from homeground.catalogue.live.cut import write_cog
from homeground.catalogue.live.job import Job, Landed, months_of
from homeground.catalogue.live.rasters.months import FILL, by_opendap, days_of
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError


def fetch(job: Job) -> list[Landed]:
    """Rain of each month, mm/month, from means in mm/day and the days of the month.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or another form.
    """
    months, address = months_of(job.years), job.source.address
    grid, bands, units = by_opendap(job, address, job.source.item, months)
    if units != "mm/day":
        raise DamagedError(f'{address}: mm/day was expected, found "{units}". {LATER}')
    totals = (
        np.where(np.isfinite(band) & (band >= 0), band * days_of(month), FILL).round(2)
        for month, band in zip(months, bands(), strict=True)
    )
    file = write_cog(job.place(), totals, months, grid, nodata=FILL, dtype="float32", units="mm/month", tags=job.tags())
    key, period = job.source.writes[0][0], f"{months[0]} to {months[-1]}"
    return [Landed(file, key, (address,), period, "mm/month", f"{grid.step:g} degrees", "cells of 280 km")]
