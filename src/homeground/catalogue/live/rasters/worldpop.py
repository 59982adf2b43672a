# SPDX-License-Identifier: Apache-2.0
"""WorldPop, 1 km, constrained, whole files by country and year: people of each cell, and people of each region of the study."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.grids.zonal import coverage
from homeground.catalogue.live.cut import window, write_cog
from homeground.catalogue.live.job import Job, Landed, all_of
from homeground.catalogue.live.places import grid_around
from homeground.catalogue.live.protocols.ranged import whole_raster
from homeground.catalogue.live.register import write_beside
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError

FILL = -99999.0


def address_of(job: Job, iso3: str, year: str) -> str:
    """Where the file of a country and year lies."""
    return job.source.address.format(year=year, iso3=iso3, lower=iso3.lower())


def fetch(job: Job) -> list[Landed]:
    """People of each cell, a band a year; and the last year's by region as a table.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or no raster of the known grid.
    """
    labels, countries = [str(year) for year in job.years], job.study.countries
    files = {(iso3, year): job.work / f"{iso3}-{year}.tif" for year in labels for iso3 in countries}
    first = files[countries[0], labels[0]]
    with whole_raster(job.get, address_of(job, countries[0], labels[0]), first) as source:
        grid = grid_around(job.box, job.source.degrees or 1 / 120, west=source.transform.c, north=source.transform.f)

    def year(label: str) -> NDArray[Any]:
        people = np.full((grid.rows, grid.columns), FILL, "float32")
        for iso3 in countries:
            address = address_of(job, iso3, label)
            with whole_raster(job.get, address, files[iso3, label]) as source:
                fill = FILL if source.nodata is None else source.nodata
                part = window(source, grid, address, nodata=fill)
            known = np.isfinite(part) & (part != fill) & (part >= 0)
            both = known & (people >= 0)  # a cell on the border has people of both countries
            people = np.where(known, np.where(both, people, 0) + np.where(known, part, 0), people).astype("float32")
        if not (people >= 0).any():
            raise DamagedError(f"{address_of(job, countries[0], label)}: no cell of it holds people. {LATER}")
        return people

    bands = list(all_of(job, labels, year, cells=grid.rows * grid.columns))
    inside = _land(job, grid)
    # Where nobody lives the source has no value: that is nobody, as long as it is land of the study.
    counts = [np.where((band < 0) & inside, 0.0, band) for band in bands]
    file = write_cog(job.place(0), counts, labels, grid, nodata=FILL, dtype="float32", units="persons", tags=job.tags())
    table = _by_region(job, counts[-1], labels[-1], grid)
    addresses = tuple(address_of(job, iso3, year) for year in (labels[0], labels[-1]) for iso3 in countries[:1])
    note = "modelled; cells of land without a value hold nobody"
    return [
        Landed(
            file, job.source.writes[0][0], addresses, ", ".join(labels), "persons", f"{grid.step:.5f} degrees", note
        ),
        Landed(table, job.source.writes[1][0], addresses[-1:], labels[-1], "persons", "region", "sums of the cells"),
    ]


def _weights(job: Job, grid: Grid) -> Any:
    """Share of each cell that each region covers."""
    return coverage(job.regions, grid, partly=True)


def _land(job: Job, grid: Grid) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.asarray(_weights(job, grid).sum(axis=0)).reshape(grid.rows, grid.columns) > 0
    return found


def _by_region(job: Job, people: NDArray[Any], year: str, grid: Grid) -> Path:
    """The table ``[data].population``: people of cells, by the share of each cell that a region covers."""
    weights = _weights(job, grid)  # km2
    areas = grid.row_areas
    counts = np.where(people >= 0, people, 0.0).astype("float64") / areas[:, None]
    rows = zip(job.regions["region_id"], weights @ counts.ravel(), strict=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["region_id", "population", "year", "source"])
    writer.writerows(
        [region, round(float(count)), year, f"{job.source.citation}; summed by region"] for region, count in rows
    )
    write_beside(job.place(1), text.getvalue())
    return job.place(1)
