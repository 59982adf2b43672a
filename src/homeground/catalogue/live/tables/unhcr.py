# SPDX-License-Identifier: Apache-2.0
"""UNHCR: people of concern by country of origin and of asylum, page by page; once for each side of the border."""

from __future__ import annotations

from typing import Any

from homeground.catalogue.live.job import Job, Landed
from homeground.catalogue.live.tables.tidy import Rows, write_table
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError

MOST_PAGES = 200
GROUPS = ("refugees", "asylum_seekers", "returned_refugees", "idps", "returned_idps", "stateless", "ooc", "oip")
SIDES = (("coo", "coa"), ("coa", "coo"))  # of origin here, and of asylum here


def fetch(job: Job) -> list[Landed]:
    """A row for each year, pair of countries and group of people.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or another form.
    """
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    addresses = []
    for which, other in SIDES:
        for page in range(1, MOST_PAGES + 1):
            address = job.source.address.format(
                page=page, first=job.years[0], last=job.years[-1], which=which, other=other,
                countries=",".join(job.study.countries),
            )  # fmt: skip
            if page == 1:
                addresses.append(address)
            answer = job.get.json(address)
            if not isinstance(answer, dict) or not isinstance(answer.get("items"), list) or "maxPages" not in answer:
                raise DamagedError(f"{address}: items and maxPages were expected; the form changed. {LATER}")
            for one in answer["items"]:
                for row in _rows(one, address):
                    rows[row["iso3_origin"], row["iso3_asylum"], row["year"], row["indicator"]] = row
            if page >= int(answer["maxPages"] or 1):
                break
        job.done()
    found: Rows = list(rows.values())
    file = write_table(job.place(), found, job, where=addresses[0])
    note = "cells of 1 to 4 are published as 5"
    return [Landed(file, "", tuple(addresses), f"{job.years[0]} to {job.years[-1]}", "persons", "country", note)]


def _rows(one: dict[str, Any], address: str) -> Rows:
    try:
        pair = {"iso3_origin": one["coo_iso"], "iso3_asylum": one["coa_iso"], "year": int(one["year"])}
        found = {group: one[group] for group in GROUPS if one.get(group) not in (None, "", "-")}
        return [pair | {"indicator": group, "value": float(value), "unit": "persons"} for group, value in found.items()]
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedError(
            f"{address}: coo_iso, coa_iso, year and counts were expected; the form changed ({error!r}). {LATER}"
        ) from error
