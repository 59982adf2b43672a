# SPDX-License-Identifier: Apache-2.0
"""NOAA STAR: weekly smoothed NDVI of admin-1 units, in text; a mean for each year, drawn over the region that it is of.

Provinces are numbered as NOAA does; which one is which is told by the name in each answer, held against those of the study.
A region without such a name has no value, which is told. One value a region and year: never a map for SDG 15.3.1.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.features import rasterize

from homeground.catalogue.live.cut import write_cog
from homeground.catalogue.live.job import Job, Landed
from homeground.catalogue.live.places import grid_around
from homeground.catalogue.live.tables.tidy import Rows, write_table
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError, RefusedError, what_came

HEAD = re.compile(r"Province\s*=\s*(\d+)\s*:\s*([^,<]*?)\s*,")
WEEKS = 52
ENOUGH = 0.85  # share of a year's weeks that a mean needs
MOST_PROVINCES = 120
ALIKE = 0.8  # of two names
STEP = 0.05  # degrees, of the cells that regions are drawn in
NODATA, SCALE = -32768, 0.0001
GENERIC = re.compile(r"\b(region|province|governorate|state|oblast|district|prefecture|department|wilaya|county)s?\b")
COLUMNS = ("SMN", "SMT", "VCI", "TCI", "VHI")


@dataclass(frozen=True)
class Province:
    """A unit as NOAA numbers it, and its NDVI by year and week."""

    number: int
    name: str
    weeks: dict[tuple[int, int], float]


def parsed(text: str, address: str) -> Province | None:
    """A province from an answer; None where NOAA has none of that number.

    Parameters
    ----------
    text, address : str

    Returns
    -------
    Province or None

    Raises
    ------
    DamagedError
        The form changed.

    Examples
    --------
    >>> text = "Mean data for UKR  Province= 1: Cherkasy,  from 1982 to 1982<br><tt><pre>year,week, SMN,SMT,VCI,TCI,VHI<br>"
    >>> found = parsed(text + "1982, 1, 0.053,260.31, 45.01, 39.46, 42.23,", "x")
    >>> found.name, found.weeks
    ('Cherkasy', {(1982, 1): 0.053})
    """
    head = HEAD.search(text)
    if head is None or not head[2]:
        if head is None and "SMN" not in text and not re.search(r"(?i)no data|not found|province", text):
            came = what_came(text.encode()) or f"{len(text)} letters"
            raise DamagedError(f"{address}: a table of a province was expected, {came} came; the form changed. {LATER}")
        return None
    body = text[head.end() :]
    if "SMN" not in body:
        raise DamagedError(f"{address}: columns {', '.join(COLUMNS)} were expected; the form changed. {LATER}")
    order = [name for name in re.findall(r"[A-Z]{3}", body[body.index("SMN") :][:60]) if name in COLUMNS]
    place, weeks = order.index("SMN"), {}
    for line in re.split(r"<br>|\n", body):
        numbers = re.findall(r"-?\d+(?:\.\d+)?", line)
        if len(numbers) < 2 + len(order) or not re.match(r"\s*(?:<[^>]*>)*\s*(?:19|20)\d\d\b", line):
            continue
        value = float(numbers[-len(order) + place])
        if 0 <= value <= 1:  # -1 is no value
            weeks[int(numbers[0]), int(numbers[1])] = value
    return Province(int(head[1]), head[2], weeks)


def alike(name: str) -> str:
    """A name as it is compared: without accents, case, and words for what it is.

    Parameters
    ----------
    name : str

    Returns
    -------
    str

    Examples
    --------
    >>> alike("Tillabéri Region"), alike("N'Djamena")
    ('tillaberi', 'n djamena')
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    return " ".join(GENERIC.sub(" ", re.sub(r"[^a-z0-9]+", " ", bare)).split())


def fetch(job: Job) -> list[Landed]:
    """Mean NDVI of each year, drawn over regions, and the same as a table.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, another form, or no province that is called as a region of the study.
    """
    means: dict[str, dict[int, float]] = {}
    asked: list[str] = []
    for iso3, regions in job.regions.groupby("iso3"):
        names = {
            alike(str(name)): str(region) for region, name in zip(regions["region_id"], regions["name"], strict=True)
        }
        for province in _provinces(job, str(iso3), asked, len(names)):
            near = get_close_matches(alike(province.name), list(names), n=1, cutoff=ALIKE)
            if near:
                means[names.pop(near[0])] = _yearly(province, job.years)
            job.done()
    if not means:
        raise DamagedError(
            f"{asked[0]}: no province of NOAA's is called as a region of the study. Take another source: "
            "--layers vegetation=neo-ndvi, or vegetation=modis-ndvi."
        )
    absent = [
        str(name)
        for region, name in zip(job.regions["region_id"], job.regions["name"], strict=True)
        if region not in means
    ]
    note = "one value a region" + (
        f"; no value: {', '.join(absent[:12])}{', ...' if len(absent) > 12 else ''}" if absent else ""
    )
    labels = [str(year) for year in job.years]
    grid = grid_around(job.box, STEP)
    numbers = {region: n for n, region in enumerate(means)}
    drawn: NDArray[Any] = rasterize(
        [(shape, numbers[region]) for region, shape in zip(job.regions["region_id"], job.shapes, strict=True) if region in numbers],
        (grid.rows, grid.columns), fill=len(numbers), transform=grid.transform, dtype="int32", all_touched=True,
    )  # fmt: skip
    bands = (_band(drawn, [means[region].get(year) for region in numbers]) for year in job.years)
    file = write_cog(
        job.place(0), bands, labels, grid, nodata=NODATA, dtype="int16", units="1", scale=SCALE, tags=job.tags()
    )
    rows: Rows = [
        {"region_id": region, "year": year, "indicator": "mean NDVI", "value": round(value, 4), "unit": "1"}
        for region, values in means.items()
        for year, value in values.items()
    ]
    table = write_table(job.place(1), rows, job, where=asked[0], kind="observed")
    period, ends = f"{labels[0]} to {labels[-1]}", (asked[0], asked[-1])
    return [
        Landed(file, job.source.writes[0][0], ends, period, "1", "region", note),
        Landed(table, "", ends, period, "1", "region", note),
    ]


def _provinces(job: Job, iso3: str, asked: list[str], regions: int) -> Iterator[Province]:
    """Provinces of a country by their numbers, until there are no more."""
    seen, gone = set[str](), 0
    for number in range(1, MOST_PROVINCES):
        address = job.source.address.format(iso3=iso3, number=number, first=job.years[0], last=job.years[-1])
        asked.append(address)
        try:
            found = parsed(job.get.get(address).decode("utf-8", "replace"), address)
        except RefusedError as error:
            if error.status != 404:
                raise
            found = None
        if found is None or found.name in seen:
            gone += 1
            if gone > 1 or number > regions * 2 + 5:
                return
            continue
        seen.add(found.name)
        yield found


def _yearly(province: Province, years: tuple[int, ...]) -> dict[int, float]:
    """Means of years with at least 85 % of their weeks."""
    found = {}
    for year in years:
        values = [value for (of_year, _), value in province.weeks.items() if of_year == year]
        if len(values) >= ENOUGH * WEEKS:
            found[year] = float(np.mean(values))
    return found


def _band(drawn: NDArray[Any], values: list[float | None]) -> NDArray[Any]:
    stored = [NODATA if value is None else round(value / SCALE) for value in values]
    band: NDArray[np.int16] = np.array([*stored, NODATA], "int16")[drawn]
    return band
