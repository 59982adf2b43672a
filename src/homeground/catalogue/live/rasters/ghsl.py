# SPDX-License-Identifier: Apache-2.0
"""GHSL built-up surface, 30 arc seconds, every five years: zipped tiles of ten degrees, as the share of a cell that is built on."""

from __future__ import annotations

import io
import math
import zipfile
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.live.cut import window, write_cog
from homeground.catalogue.live.job import Job, Landed, all_of
from homeground.catalogue.live.places import Box, grid_around, near
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError, RefusedError, head_of, what_came

WEST, NORTH = -180.00791659, 89.09958363  # corner of tile R1_C1, from the corners of R5_C20
TILE = 10.0  # degrees
NODATA = 255.0
SEA = 404  # tiles without land were never made


def tiles_of(box: Box) -> list[tuple[int, int]]:
    """Rows and columns of the tiles that a box touches.

    Parameters
    ----------
    box : (west, south, east, north)

    Returns
    -------
    list of (row, column), from 1

    Examples
    --------
    >>> tiles_of((16.9, 45.2, 17.1, 45.4)), tiles_of((-132, 68, -128, 72))
    ([(5, 20)], [(2, 5), (2, 6), (3, 5), (3, 6)])
    """
    west, south, east, north = box
    columns = range(math.floor((west - WEST) / TILE) + 1, math.floor((east - WEST) / TILE) + 2)
    rows = range(max(math.floor((NORTH - north) / TILE) + 1, 1), math.floor((NORTH - south) / TILE) + 2)
    return [(row, column) for row in rows for column in columns]


def fetch(job: Job) -> list[Landed]:
    """Share of each cell that is built on, %, a band for each five years.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or another form.
    """
    step = job.source.degrees or 1 / 120
    grid = grid_around(job.box, step, west=WEST, north=NORTH)
    here, tiles = near(job.shapes, grid), tiles_of(job.box)
    cell = grid.row_areas[:, None] * 1e6  # m2

    def year(label: str) -> NDArray[Any]:
        built = np.full((grid.rows, grid.columns), np.nan)
        for row, column in tiles:
            part = _tile(job, grid, label, row, column)
            built = np.where(np.isfinite(part), part, built)
        share = np.minimum(100.0 * built / cell, 100.0)
        return np.where(here & np.isfinite(share), share.round(2), NODATA).astype("float32")

    labels = [str(year) for year in job.years]
    file = write_cog(
        job.place(),
        all_of(job, labels, year, cells=grid.rows * grid.columns),
        labels,
        grid,
        nodata=NODATA,
        dtype="float32",
        units="%",
        tags=job.tags(),
    )
    row, column = tiles[0]
    addresses = (job.source.address.format(year=labels[-1], row=row, column=column),)
    key, note = job.source.writes[0][0], "built-up surface: roads and yards are not in it"
    return [Landed(file, key, addresses, ", ".join(labels), "%", f"{step:.5f} degrees", note)]


def _tile(job: Job, grid: Grid, label: str, row: int, column: int) -> NDArray[Any]:
    """Built-up square metres of a tile in the grid; NaN where it does not reach or has no value."""
    nothing = np.full((grid.rows, grid.columns), np.nan)
    address = job.source.address.format(year=label, row=row, column=column)
    path = job.work / f"{label}-R{row}-C{column}.zip"
    try:
        job.get.whole(address, path)
    except RefusedError as error:
        if error.status == SEA:
            return nothing
        raise
    try:
        with zipfile.ZipFile(path) as packed:
            name = next(name for name in packed.namelist() if name.lower().endswith(".tif"))
            content = packed.read(name)
        with rasterio.open(io.BytesIO(content)) as source:
            fill = -200.0 if source.nodata is None else float(source.nodata)
            values = window(source, grid, address, nodata=fill).astype("float64")
    except (zipfile.BadZipFile, StopIteration, rasterio.errors.RasterioError) as error:
        came = what_came(head_of(path)) or "something else"
        path.unlink(missing_ok=True)
        raise DamagedError(
            f"{address}: a zipped raster was expected, {came} came. It was thrown away. {LATER}"
        ) from error
    return np.where((values != fill) & (values >= 0), values, np.nan)
