# SPDX-License-Identifier: Apache-2.0
"""World Bank, World Development Indicators: a few indicators of the countries of a study, page by page."""

from __future__ import annotations

from typing import Any

from homeground.catalogue.live.job import Job, Landed
from homeground.catalogue.live.tables.tidy import Rows, write_table
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError

MOST_PAGES = 50
UNITS = {
    "BX.TRF.PWKR.DT.GD.ZS": "% of GDP",
    "SM.POP.NETM": "persons",
    "SL.UEM.1524.ZS": "% of labour force 15-24",
    "SL.AGR.EMPL.ZS": "% of employment",
    "SP.RUR.TOTL.ZS": "% of population",
}


def fetch(job: Job) -> list[Landed]:
    """A row for each country, indicator and year that has a value.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or another form.
    """
    rows: Rows = []
    addresses = []
    for indicator in job.source.item.split():
        first = ""
        for page in range(1, MOST_PAGES + 1):
            address = job.source.address.format(
                countries=";".join(job.study.countries),
                indicator=indicator,
                first=job.years[0],
                last=job.years[-1],
                page=page,
            )
            first = first or address
            meta, found = _page(job.get.json(address), address)
            rows += [_row(one, indicator, address) for one in found if one.get("value") is not None]
            if page >= int(meta.get("pages", 1)):
                break
        addresses.append(first)
        job.done()
    file = write_table(job.place(), rows, job, where=addresses[0])
    return [Landed(file, "", tuple(addresses), f"{job.years[0]} to {job.years[-1]}", "as column unit", "country")]


def _page(answer: Any, address: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a page says of itself, and its rows."""
    if isinstance(answer, list) and len(answer) == 2 and isinstance(answer[0], dict) and "pages" in answer[0]:
        return answer[0], answer[1] or []
    told = answer[0].get("message", "") if isinstance(answer, list) and answer and isinstance(answer[0], dict) else ""
    raise DamagedError(
        f"{address}: a head and rows were expected; the form changed ({str(told or answer)[:150]}). {LATER}"
    )


def _row(one: dict[str, Any], indicator: str, address: str) -> dict[str, Any]:
    try:
        return {
            "iso3": one["countryiso3code"], "year": int(one["date"]), "indicator": indicator, "value": float(one["value"]),
            "unit": UNITS[indicator],
        }  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedError(
            f"{address}: countryiso3code, date and value were expected; the form changed ({error!r}). {LATER}"
        ) from error
