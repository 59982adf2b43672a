# SPDX-License-Identifier: Apache-2.0
"""IDMC, Global Internal Displacement Database: people displaced inside their countries, by year; with a key."""

from __future__ import annotations

from homeground.catalogue.live.job import Job, Landed
from homeground.catalogue.live.tables.paged import number, pages, value_of
from homeground.catalogue.live.tables.tidy import Rows, write_table
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError

STEP = 1000
FIGURES = (
    "conflict_total_displacement", "conflict_new_displacement", "disaster_total_displacement", "disaster_new_displacement",
)  # fmt: skip


def fetch(job: Job) -> list[Landed]:
    """A row for each country, year and figure that has a value.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or another form.
    """

    def address_of(page: int) -> str:
        return job.source.address.format(countries=",".join(job.study.countries), key=job.key, start=(page - 1) * STEP)

    rows: Rows = []
    asked = []
    for address, found in pages(job, address_of, "results", lambda told, _: bool(told.get("next"))):
        asked.append(address)
        for one in found:
            iso3, year = value_of(one, ("iso3", "year"), address)
            told = [
                name for name in FIGURES if name in one
            ]  # a country without a figure lacks the column in some answers
            if not told:
                raise DamagedError(f"{address}: one of {', '.join(FIGURES)} was expected; the form changed. {LATER}")
            for name in told:
                amount = number(one[name], name, address)
                if amount is not None and iso3 in job.study.countries and int(year) in job.years:
                    rows.append(
                        {"iso3": iso3, "year": int(year), "indicator": name, "value": amount, "unit": "persons"}
                    )
        job.done()
    file = write_table(job.place(), rows, job, where=asked[0])
    period = f"{job.years[0]} to {job.years[-1]}"
    return [Landed(file, "", (asked[0],), period, "persons", "country", "total: people; new: movements")]
