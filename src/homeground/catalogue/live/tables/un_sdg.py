# SPDX-License-Identifier: Apache-2.0
"""United Nations SDG Global Database: reported values of SDG 15.3.1, page by page, by country."""

from __future__ import annotations

from homeground.catalogue import atlas_files
from homeground.catalogue.live.job import Job, Landed
from homeground.catalogue.live.tables.paged import number, pages, value_of
from homeground.catalogue.live.tables.tidy import Rows, write_table


def fetch(job: Job) -> list[Landed]:
    """A row for each country, year and dimension that has a value.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or another form.
    """
    codes = {row["iso3"]: str(int(row["m49"])) for row in atlas_files.rows("countries.csv") if row["m49"].isdecimal()}
    rows: Rows = []
    asked = []
    for iso3 in (one for one in job.study.countries if one in codes):

        def address_of(page: int, area: str = codes[iso3]) -> str:
            return job.source.address.format(series=job.source.item, area=area, page=page)

        asked.append(address_of(1))
        for address, found in pages(job, address_of, "data", lambda told, n: n < int(told.get("totalPages") or 1)):
            for one in found:
                area, year, value = value_of(one, ("geoAreaCode", "timePeriodStart", "value"), address)
                amount = number(value, "value", address)
                if str(area).lstrip("0") != codes[iso3] or amount is None:
                    continue
                told = one.get("dimensions") or {}
                rows.append(
                    {"iso3": iso3, "year": int(float(year)), "indicator": job.source.item, "value": amount, "unit": "%"}
                    | {"dimensions": "; ".join(f"{key}: {told[key]}" for key in sorted(told))}
                )
        job.done()
    file = write_table(job.place(), rows, job, where=(asked or [job.source.address])[0])
    return [Landed(file, "", tuple(asked), "as reported", "%", "country", "as countries reported")]
