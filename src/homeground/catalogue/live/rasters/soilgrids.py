# SPDX-License-Identifier: Apache-2.0
"""SoilGrids 2.0 by WCS: stock of organic carbon of 0 to 30 cm, t/ha, which the server brings to the cells asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.live.cut import warped, write_cog
from homeground.catalogue.live.job import Job, Landed, all_of
from homeground.catalogue.live.places import grid_around, near
from homeground.catalogue.live.protocols.ranged import whole_raster

NODATA = -32768
MOST_CELLS = 2000  # along one side of an answer; more is asked for in parts
DEGREES = "http://www.opengis.net/def/crs/EPSG/0/4326"
MOST_CARBON = 2000  # t/ha; a stock beyond is none


def address_of(job: Job, grid: Grid) -> str:
    """What is asked for: a box, and how many cells of it."""
    west, south, east, north = grid.bounds
    return (
        f"{job.source.address}&SERVICE=WCS&VERSION=2.0.1&REQUEST=GetCoverage&COVERAGEID={job.source.item}&FORMAT=image/tiff"
        f"&SUBSET=long({west:.6f},{east:.6f})&SUBSET=lat({south:.6f},{north:.6f})&SUBSETTINGCRS={DEGREES}&OUTPUTCRS={DEGREES}"
        f"&SCALESIZE=long({grid.columns}),lat({grid.rows})"
    )


def fetch(job: Job) -> list[Landed]:
    """One map, t C/ha.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or something that is no raster: a server of maps tells its errors with status 200.
    """
    grid = grid_around(job.box, job.degrees or job.source.degrees or 0.05)
    here = near(job.shapes, grid)
    parts = {
        f"{top}-{left}": Grid(
            grid.west + left * grid.step, grid.north - top * grid.step, grid.step,
            min(MOST_CELLS, grid.rows - top), min(MOST_CELLS, grid.columns - left),
        )
        for top in range(0, grid.rows, MOST_CELLS)
        for left in range(0, grid.columns, MOST_CELLS)
    }  # fmt: skip

    def part(label: str) -> NDArray[Any]:
        place = parts[label]
        with whole_raster(job.get, address_of(job, place), job.work / f"{label}.tif") as source:
            return warped(
                source,
                place,
                nodata=NODATA,
                dtype="int16",
                missing=source.nodata if source.nodata is not None else NODATA,
            )

    stock = np.full((grid.rows, grid.columns), NODATA, "int16")
    for label, values in zip(parts, all_of(job, list(parts), part), strict=True):
        top, left = map(int, label.split("-"))
        stock[top : top + values.shape[0], left : left + values.shape[1]] = values
    known = here & (stock > 0) & (stock < MOST_CARBON)
    file = write_cog(
        job.place(), [np.where(known, stock, NODATA)], ["SoilGrids 2.0"], grid, nodata=NODATA, dtype="int16",
        units="t C/ha", tags=job.tags(),
    )  # fmt: skip
    key, note = job.source.writes[0][0], "modelled; zero and below is taken as not known"
    return [Landed(file, key, (address_of(job, grid),), "one epoch", "t C/ha", f"{grid.step:g} degrees", note)]
