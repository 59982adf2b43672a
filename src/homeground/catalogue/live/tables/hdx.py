# SPDX-License-Identifier: Apache-2.0
"""Humanitarian Data Exchange (CKAN): which official borders and tables it holds of each country, with their addresses."""

from __future__ import annotations

from homeground.catalogue.live.job import Job, Landed
from homeground.catalogue.live.tables.paged import value_of
from homeground.catalogue.live.tables.tidy import Rows, write_table
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError

ROWS = 50
MOST = 20  # pages


def fetch(job: Job) -> list[Landed]:
    """A row for each file that HDX lists.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or another form.
    """
    rows: Rows = []
    asked = []
    for iso3 in job.study.countries:
        for page in range(MOST):
            address = job.source.address.format(lower=iso3.lower(), start=page * ROWS)
            if not page:
                asked.append(address)
            answer = job.get.json(address)
            if not isinstance(answer, dict) or not answer.get("success") or "results" not in answer.get("result", {}):
                raise DamagedError(f"{address}: success and result of CKAN were expected; the form changed. {LATER}")
            found = answer["result"]["results"]
            for one in found:
                title, licence, files = value_of(one, ("title", "license_title", "resources"), address)
                rows += [
                    {"iso3": iso3, "data_set": title, "file": file.get("name"), "format": file.get("format")}
                    | {
                        "address": file.get("url"),
                        "changed": str(file.get("last_modified") or "")[:10],
                        "terms": licence,
                    }
                    for file in files
                ]
            if (page + 1) * ROWS >= int(answer["result"].get("count", 0)) or not found:
                break
        job.done()
    file = write_table(job.place(), rows, job, where=asked[0])
    return [Landed(file, "", tuple(asked), "", "", "country", "a listing: the files are taken by hand")]
