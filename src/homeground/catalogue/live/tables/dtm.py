# SPDX-License-Identifier: Apache-2.0
"""IOM Displacement Tracking Matrix: displaced people by admin-1 unit and round; with a key."""

from __future__ import annotations

from functools import partial
from typing import Any

from homeground.catalogue import atlas_files
from homeground.catalogue.live.job import Job, Landed
from homeground.catalogue.live.tables.paged import number, pages, value_of
from homeground.catalogue.live.tables.tidy import Rows, write_table

HEADER = "Ocp-Apim-Subscription-Key"
NEEDED = ("admin1Name", "admin1Pcode", "reportingDate", "operation", "roundNumber", "numPresentIdpInd")


def _same(address: str, _page: int) -> str:
    return address


def _last(_told: dict[str, Any], _page: int) -> bool:
    return False  # the answer has no pages


def fetch(job: Job) -> list[Landed]:
    """A row for each unit, date and operation.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or another form.
    """
    names = {row["iso3"]: row["name_en"] for row in atlas_files.rows("countries.csv")}
    rows: Rows = []
    asked = []
    for iso3 in job.study.countries:
        address = job.source.address.format(name=names.get(iso3, iso3), first=job.years[0], last=job.years[-1])
        asked.append(address)
        for where, found in pages(job, partial(_same, address), "result", _last, headers={HEADER: job.key}):
            for one in found:
                unit, code, day, operation, round_number, people = value_of(one, NEEDED, where)
                amount = number(people, "numPresentIdpInd", where)
                if amount is not None:
                    rows.append(
                        {
                            "iso3": iso3,
                            "unit_name": unit,
                            "unit_code": code,
                            "date": str(day)[:10],
                            "operation": operation,
                        }
                        | {"round": round_number, "indicator": "displaced people", "value": amount, "unit": "persons"}
                    )
        job.done()
    file = write_table(job.place(), rows, job, where=asked[0], kind="observed")
    return [Landed(file, "", tuple(asked), f"{job.years[0]} to {job.years[-1]}", "persons", "region")]
