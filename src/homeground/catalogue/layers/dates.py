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
        What the study says; ``first`` counts where the files do not say a date of their own for each step.
    files, bands
        The files, and what each says of the dates of its bands ("" where it does not).

    Raises
    ------
    DataError
        Steps are not known, doubled, not as many as expected, or lie in years to come; or files and study contradict
        each other.
    """
    places = [(f, band) for f, found in enumerate(bands) for band in range(len(found))]
    if every in ("", "normal"):
        wanted, what = (12, "twelve monthly normals, January first, were") if every else (1, "one map was")
        if len(places) != wanted:
            raise DataError(
                f"{name}: {len(places)} band{'s' * (len(places) != 1)}, {what} expected. Give one file of "
                f"{'twelve bands' if every else 'one band'}."
            )
        labels = _labels(files, bands)
        return ("",) * len(places), tuple(_by_month(name, labels, places) if any(map(_month, labels)) else places)
    labels = _labels(files, bands)
    if first is not None:
        if not _sure(every, labels):
            labels = _counted(name, every, first, len(places))
        elif not (min(labels).startswith(first) or first.startswith(min(labels))):
            raise DataError(
                f'{name}: the study says first = "{first}", the files themselves say {min(labels)} to {max(labels)}. If '
                "the files are right, leave first out; else mend the dates in the bands' descriptions, the time axis or "
                "the files' names."
            )
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
    # Steps of years to come are projections: left out, as a file to 2050 may well hold what was observed.
    order = sorted((i for i, at in enumerate(labels) if int(at[:4]) <= date.today().year), key=labels.__getitem__)
    if not order:
        raise DataError(
            f"{name}: all {len(labels)} steps lie in years to come, from {min(labels)} to {max(labels)}; observed ones "
            "were expected. Mend the dates in the bands' descriptions or the files' names, or give another file."
        )
    cut = [labels[i][:7] if every == "month" else labels[i] for i in order]
    if doubled := sorted({a for a, b in pairwise(cut) if a == b}):
        raise DataError(f"{name}: {', '.join(doubled[:6])} come(s) more than once. Give each {every} once.")
    return tuple(cut), tuple(places[i] for i in order)


def _labels(files: Sequence[Path], bands: Sequence[Sequence[str]]) -> list[str]:
    """The date of each band by itself, or of each file of one band by its name; "" where neither says."""
    labels = [label for found in bands for label in found]
    told = all(labels) and len(set(labels)) == len(labels)
    if not told and all(len(found) == 1 for found in bands) and all(named := [date_of(file.stem) for file in files]):
        return named
    return labels


def _month(label: str) -> str:
    return label[5:7]


def _sure(every: str, labels: Sequence[str]) -> bool:
    """Whether each step has a date of its own, as fine as the layer asks for."""
    cut = [label[:7] if every == "month" else label for label in labels]
    return all(len(label) >= (7 if every == "month" else 4) for label in cut) and len(set(cut)) == len(cut)


def _by_month(name: str, labels: Sequence[str], places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Normals whose bands are dated, January first whatever month the file begins with."""
    if sorted(map(_month, labels)) != [f"{month:02d}" for month in range(1, 13)]:
        said = ", ".join(label or "no date" for label in labels)
        raise DataError(
            f"{name}: the twelve bands are of {said}; each month from January to December was expected once. Mend the "
            "dates in the bands' descriptions, the time axis or the files' names, or take them away: then January is first."
        )
    return [places[i] for i in sorted(range(12), key=lambda i: _month(labels[i]))]


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
