# SPDX-License-Identifier: Apache-2.0
"""FAOSTAT in bulk: a zipped table of all countries, of which the rows of the study are kept."""

from __future__ import annotations

import csv
import io
import zipfile

from homeground.catalogue import atlas_files
from homeground.catalogue.live.job import Job, Landed
from homeground.catalogue.live.tables.paged import number
from homeground.catalogue.live.tables.tidy import Rows, write_table
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError, head_of, what_came

NEEDED = {"Area Code (M49)", "Item", "Element", "Year", "Unit", "Value"}


def fetch(job: Job) -> list[Landed]:
    """A row for each country, item, element and year.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or another form.
    """
    address = job.source.address.format(item=job.source.item)
    path = job.get.whole(address, job.work / "faostat.zip")
    job.done()
    codes = {int(row["m49"]): row["iso3"] for row in atlas_files.rows("countries.csv") if row["m49"].isdecimal()}
    wanted = {code: iso3 for code, iso3 in codes.items() if iso3 in job.study.countries}
    rows: Rows = []
    try:
        with zipfile.ZipFile(path) as packed:
            name = next(name for name in packed.namelist() if name.endswith(f"{job.source.item}.csv"))
            with packed.open(name) as member:
                reader = csv.DictReader(io.TextIOWrapper(member, encoding="utf-8-sig", errors="replace"))
                if absent := NEEDED - set(reader.fieldnames or ()):
                    raise DamagedError(
                        f"{address}: columns {', '.join(sorted(absent))} were expected; the form changed. {LATER}"
                    )
                for one in reader:
                    iso3 = wanted.get(int(one["Area Code (M49)"].strip("' ") or 0))
                    value = None if iso3 is None else number(one["Value"], "Value", address)
                    if value is not None:
                        rows.append(
                            {"iso3": iso3, "year": int(one["Year"]), "indicator": f"{one['Item']}: {one['Element']}"}
                            | {"value": value, "unit": one["Unit"]}
                        )
    except (zipfile.BadZipFile, StopIteration, ValueError, EOFError) as error:
        came = what_came(head_of(path)) or str(error) or "another form"
        path.unlink(missing_ok=True)
        raise DamagedError(
            f"{address}: a zipped table was expected, {came} came. It was thrown away. {LATER}"
        ) from error
    file = write_table(job.place(), rows, job, where=address)
    years = [row["year"] for row in rows]
    return [Landed(file, "", (address,), f"{min(years)} to {max(years)}", "as column unit", "country")]
