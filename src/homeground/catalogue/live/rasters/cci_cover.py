# SPDX-License-Identifier: Apache-2.0
"""ESA CCI land cover by STAC, 300 m: the years that change is read between, in the codes of its own legend."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.live.cut import warped, window, write_cog
from homeground.catalogue.live.job import Job, Landed, all_of
from homeground.catalogue.live.places import grid_around, near
from homeground.catalogue.live.protocols.ranged import opened
from homeground.catalogue.live.protocols.stac import Item, Signed, items
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError, RefusedError

NODATA = 0
SPENT = (401, 403, 409)  # a token that no longer holds


def fetch(job: Job) -> list[Landed]:
    """Land cover of each year, codes of ESA CCI; a band a year.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, years that it does not have, or another form.
    """
    collection, asset = job.source.item.split()
    grid = grid_around(job.box, job.source.degrees or 1 / 360)
    here, signed = near(job.shapes, grid), Signed(job.get, collection)
    found = {str(year): _tiles(job, collection, asset, year) for year in job.years}
    job.done()
    if absent := [year for year, tiles in found.items() if not tiles]:
        raise DamagedError(f"{job.source.address}: no map of {', '.join(absent)} in {collection}. {LATER}")

    def year(label: str) -> NDArray[Any]:
        whole = np.full((grid.rows, grid.columns), NODATA, "uint8")
        for item in found[label]:
            part = _part(job, signed, item, grid)
            whole = np.where(part != NODATA, part, whole)
        return np.where(here, whole, NODATA).astype("uint8")

    labels = list(found)
    file = write_cog(
        job.place(),
        all_of(job, labels, year, cells=grid.rows * grid.columns),
        labels,
        grid,
        nodata=NODATA,
        dtype="uint8",
        tags=job.tags(),
    )
    addresses = (f"{job.source.address}/collections/{collection}",)
    key, note = job.source.writes[0][0], "codes of ESA CCI"
    return [Landed(file, key, addresses, ", ".join(labels), "class", f"{grid.step:.5f} degrees", note)]


def _part(job: Job, signed: Signed, item: Item, grid: Grid) -> NDArray[Any]:
    """The part of a tile that lies in the grid; a spent token is renewed once."""
    for last in (False, True):
        try:
            with opened(job.get, signed(item.address), job.work) as source:
                if (
                    abs(source.transform.a - grid.step) > 1e-3 * grid.step
                ):  # another grid: nearest, classes are no means
                    return warped(source, grid, nodata=NODATA, dtype="uint8")
                return window(source, grid, item.address, nodata=NODATA).astype("uint8")
        except RefusedError as error:
            if last or error.status not in SPENT:
                raise
            signed.forget()
    raise AssertionError("the second try either reads or raises")


def _tiles(job: Job, collection: str, asset: str, year: int) -> list[Item]:
    span = f"{year}-01-01/{year}-12-31"
    found = items(job.get, job.source.address, collection, asset, job.box, span)
    return [item for item in found if item.date.startswith(str(year))]
