# SPDX-License-Identifier: Apache-2.0
"""MODIS 13A1 v061 by STAC: NDVI of 16 days, 500 m, read from the coarser copies in each file; a mean for each year.

Files are tiles of the sinusoidal grid: of each only the copy whose cells are about as large as those asked for travels.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.io import DatasetReader

from homeground.catalogue.live.cut import warped, write_cog
from homeground.catalogue.live.job import Job, Landed, all_of
from homeground.catalogue.live.places import grid_around, near
from homeground.catalogue.live.protocols.ranged import opened
from homeground.catalogue.live.protocols.stac import Item, Signed, items
from homeground.catalogue.live.rasters.months import yearly_mean
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError, RefusedError

FILL, SCALE = -3000, 0.0001  # of the product
NODATA = -32768
METRES = 111_320.0  # of a degree
WHOLE_YEAR = 23  # composites


def overview_for(source: DatasetReader, degrees: float) -> int | None:
    """The coarsest copy in a file whose cells are not larger than asked; None for the file itself.

    Parameters
    ----------
    source : open raster
    degrees : float

    Returns
    -------
    int or None
    """
    own = abs(source.transform.a) / (METRES if source.crs and source.crs.is_projected else 1.0)
    fits = [n for n, factor in enumerate(source.overviews(1)) if own * factor <= degrees * 1.001]
    return max(fits) if fits else None


def read_item(job: Job, signed: Signed, address: str, degrees: float, read: Any) -> Any:
    """What a function reads of an item's file, in the copy that fits; a spent token is renewed once.

    Parameters
    ----------
    job : Job
    signed : Signed
    address : str
    degrees : float
    read : function of an open raster

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or no raster.
    """
    for last in (False, True):
        try:
            with opened(job.get, signed(address), job.work) as source:
                level = overview_for(source, degrees)
                if level is None:
                    return read(source)
            with opened(job.get, signed(address), job.work, overview=level) as source:
                return read(source)
        except RefusedError as error:
            if last or error.status not in (401, 403, 409):
                raise
            signed.forget()
    raise AssertionError("the second try either reads or raises")


def fetch(job: Job) -> list[Landed]:
    """Mean NDVI of each year, from its 16-day composites.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, years without composites, or another form.
    """
    collection, asset = job.source.item.split()
    degrees = job.degrees or job.source.degrees or 0.05
    grid = grid_around(job.box, degrees)
    here, signed = near(job.shapes, grid), Signed(job.get, collection)
    found = {str(year): _composites(job, collection, asset, year) for year in job.years}
    if absent := [year for year, dates in found.items() if not dates]:
        raise DamagedError(f"{job.source.address}: no composites of {', '.join(absent[:5])} in {collection}. {LATER}")

    def year(label: str) -> NDArray[Any]:
        stack = []
        for tiles in found[label].values():
            whole = np.full((grid.rows, grid.columns), np.nan, "float32")
            for item in tiles:
                part = read_item(
                    job, signed, item.address, degrees,
                    lambda source: warped(source, grid, nodata=np.nan, dtype="float32", method="average", missing=FILL),
                )  # fmt: skip
                whole = np.where(np.isfinite(part) & (part > FILL), part * SCALE, whole)
            stack.append(np.where(here & (np.abs(whole) <= 1), whole, np.nan))
        return yearly_mean(np.stack(stack), min(len(stack), WHOLE_YEAR) if label == "2000" else WHOLE_YEAR)

    labels = list(found)
    bands = (
        np.where(np.isfinite(mean), np.nan_to_num(mean / SCALE).round(), NODATA) for mean in all_of(job, labels, year)
    )
    file = write_cog(
        job.place(), bands, labels, grid, nodata=NODATA, dtype="int16", units="1", scale=SCALE, tags=job.tags()
    )
    addresses = (f"{job.source.address}/collections/{collection}",)
    key = job.source.writes[0][0]
    return [Landed(file, key, addresses, f"{labels[0]} to {labels[-1]}", "1", f"{degrees:g} degrees, from overviews")]


def _composites(job: Job, collection: str, asset: str, year: int) -> dict[str, list[Item]]:
    """Tiles of each composite of a year, by its first day; those of Terra alone."""
    found: dict[str, list[Item]] = {}
    for item in items(job.get, job.source.address, collection, asset, job.box, f"{year}-01-01/{year}-12-31"):
        if Path(item.id).name.startswith("MYD") or not item.date.startswith(str(year)):
            continue  # Aqua begins in 2002 and would mix two sensors; a composite of the last days of the year before
        found.setdefault(item.date, []).append(item)
    return dict(sorted(found.items()))
