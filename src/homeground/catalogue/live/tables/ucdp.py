# SPDX-License-Identifier: Apache-2.0
"""UCDP Georeferenced Events: organised violence within the box of a study; with a token.

Places of events are kept to the admin-1 unit that the source names, not to the point.
"""

from __future__ import annotations

from collections import defaultdict

from homeground.catalogue.live.job import Job, Landed
from homeground.catalogue.live.tables.paged import number, pages, value_of
from homeground.catalogue.live.tables.tidy import Rows, write_table
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError

HEADER = "x-ucdp-access-token"
MOST_PAGES = 60  # more would be the whole world: the box was not understood
NEEDED = ("year", "country", "adm_1", "latitude", "longitude", "best", "type_of_violence")
KINDS = {1: "state-based", 2: "non-state", 3: "one-sided"}


def fetch(job: Job) -> list[Landed]:
    """Events and deaths by country, unit, year and kind.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or another form.
    """
    west, south, east, north = job.box
    box = f"{south:.2f}%20{west:.2f},{north:.2f}%20{east:.2f}"

    def address_of(page: int) -> str:
        return job.source.address.format(page=page, first=job.years[0], last=job.years[-1], box=box)

    events: dict[tuple[str, str, int, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    asked = []
    for address, found in pages(
        job, address_of, "Result", lambda told, n: n + 1 < int(told.get("TotalPages") or 0), first=0,
        headers={HEADER: job.key},
    ):  # fmt: skip
        asked.append(address)
        if len(asked) > MOST_PAGES:
            raise DamagedError(f"{address}: more than {MOST_PAGES} pages; the box was not understood. {LATER}")
        for one in found:
            year, country, unit, latitude, longitude, best, kind = value_of(one, NEEDED, address)
            at = float(longitude), float(latitude)
            if not (west <= at[0] <= east and south <= at[1] <= north):
                continue
            deaths = number(best, "best", address) or 0.0
            sums = events[str(country), str(unit or ""), int(year), KINDS.get(int(kind), str(kind))]
            sums[0] += 1
            sums[1] += deaths
        job.done()
    rows: Rows = [
        {
            "country": country,
            "unit_name": unit,
            "year": year,
            "violence": kind,
            "indicator": name,
            "value": value,
            "unit": what,
        }
        for (country, unit, year, kind), sums in events.items()
        for name, value, what in zip(("events", "deaths, best estimate"), sums, ("events", "persons"), strict=True)
    ]
    file = write_table(job.place(), rows, job, where=asked[0])
    period, note = f"{job.years[0]} to {job.years[-1]}", "summed by unit; neighbours within the box too"
    return [Landed(file, "", (asked[0],), period, "as column unit", "region", note)]
