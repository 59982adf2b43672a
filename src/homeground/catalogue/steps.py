# SPDX-License-Identifier: Apache-2.0
"""Which year or month each band of a layer holds: from what the study says, the bands, or the names of the files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

from homeground.errors import DataError

_DATE = re.compile(r"(?<!\d)((?:18|19|20|21)\d\d)(?:[-_.]?(0[1-9]|1[0-2])(?:[-_.]?([0-3]\d))?)?(?!\d)")
_FEWEST_YEARS = 3  # of a yearly layer counted in months: fewer are taken for years that were called months

Places = tuple[tuple[int, int], ...]


def date_of(text: str) -> str:
    """The date in a band's description or a file's name; "" where there is none, or more than one.

    Examples
    --------
    >>> date_of("NDVI_2001"), date_of("rain 1981-07"), date_of("ndvi"), date_of("2001_2015")
    ('2001', '1981-07', '', '')
    """
    found = _DATE.findall(text)
    return "-".join(part for part in found[0] if part) if len(found) == 1 else ""


def steps_of(
    name: str, every: str, path: str, first: str | None, files: Sequence[Path], bands: Sequence[Sequence[str]]
) -> tuple[tuple[str, ...], Places]:
    """Dates of all steps in order, and the file and band of each.

    Parameters
    ----------
    name, every : str
        Layer, and what its steps are: ``year``, ``month``, ``normal`` (twelve, January first) or "" for one map.
    path, first : str
        What the study says.
    files, bands
        The files, and what each says of the dates of its bands ("" where it does not).

    Raises
    ------
    DataError
        Steps are not known, doubled, not as many as expected, or lie in years to come.
    """
    places = [(f, band) for f, found in enumerate(bands) for band in range(len(found))]
    if every in ("", "normal"):
        wanted, what = (12, "twelve monthly normals, January first, were") if every else (1, "one map was")
        if len(places) != wanted:
            raise DataError(
                f"{name}: {len(places)} band{'s' * (len(places) != 1)}, {what} expected. Give one file of "
                f"{'twelve bands' if every else 'one band'}."
            )
        return ("",) * len(places), tuple(places)
    labels = [bands[f][band] for f, band in places]
    told = all(labels) and len(set(labels)) == len(labels)
    if not told and all(len(found) == 1 for found in bands) and all(named := [date_of(file.stem) for file in files]):
        labels = named
    # What the study says wins; where the files begin with the same date they also know of gaps.
    if first is not None and not (all(labels) and min(labels).startswith(first)):
        labels = _counted(name, every, first, len(places))
    if not all(labels) and len(places) == 1:
        return ("",), ((0, 0),)
    if not all(labels):
        raise DataError(
            f"{name}: the {every} of {sum(not label for label in labels)} of {len(labels)} bands is not known. Say the "
            f'first: {name} = {{ path = "{path}", first = "{"1981-01" if every == "month" else "2001"}" }}; or '
            "describe each band by its date, or write it into the files' names."
        )
    if every == "month" and not all(len(label) >= 7 for label in labels):
        raise DataError(
            f'{name}: dates such as {labels[0]} name no month. Say the first month (first = "{labels[0][:4]}-01").'
        )
    if late := sorted(label for label in labels if int(label[:4]) > date.today().year):
        raise DataError(
            f"{name}: {len(late)} of {len(labels)} steps lie in years to come, from {late[0]} to {late[-1]}; observed ones "
            "were expected. Mend the dates in the bands' descriptions or the files' names, or leave these steps out."
        )
    order = sorted(range(len(labels)), key=labels.__getitem__)
    cut = [labels[i][:7] if every == "month" else labels[i] for i in order]
    if doubled := sorted({a for a, b in pairwise(cut) if a == b}):
        raise DataError(f"{name}: {', '.join(doubled[:6])} come(s) more than once. Give each {every} once.")
    return tuple(cut), tuple(places[i] for i in order)


def _counted(name: str, every: str, first: str, count: int) -> list[str]:
    """Years or months from the first on; a count that only the other would explain is refused."""
    year, this_year = int(first[:4]), date.today().year
    if len(first) == 4:
        if every == "year" and year + count - 1 > this_year:
            raise DataError(
                f'{name}: first = "{first}" counts {count} bands as the years {year} to {year + count - 1}, beyond '
                f'{this_year}. If they are months, write first = "{first}-01"; else describe each band by its date.'
            )
        return [str(year + k) for k in range(count)]
    start = year * 12 + int(first[5:7]) - 1
    found = [f"{(start + k) // 12}-{(start + k) % 12 + 1:02d}" for k in range(count)]
    if every == "year" and 1 < count < 12 * _FEWEST_YEARS:
        raise DataError(
            f'{name}: first = "{first}" counts {count} bands as the months {first} to {found[-1]}, fewer than '
            f'{_FEWEST_YEARS} years. If they are years, write first = "{first[:4]}"; else describe each band by its date.'
        )
    if int(found[-1][:4]) > this_year:
        raise DataError(
            f'{name}: first = "{first}" counts {count} bands as the months {first} to {found[-1]}, beyond {this_year}. '
            "Mend first, or describe each band by its date."
        )
    return found
