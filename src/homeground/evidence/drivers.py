# SPDX-License-Identifier: Apache-2.0
"""What may drive people to move, by its name: of what kind it is, and whether those who leave change it themselves."""

from __future__ import annotations

import csv
import difflib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from homeground.errors import DataError

KINDS = ("drought", "degradation", "desertification", "land", "climate", "other")
# Words and signs that part the names of two drivers, where the whole is no name of one.
_BETWEEN = re.compile(r"\s*(?:[/,;&+]|\b(?:and|or|with|plus)\b)\s*")


@dataclass(frozen=True)
class Driver:
    """One row of ``drivers.csv``."""

    term: str
    kind: str  # one of KINDS
    endogenous: bool  # people who leave change it: an instrument is needed to tell cause from company


@cache
def drivers() -> dict[str, Driver]:
    """All drivers that are known, by their term.

    Returns
    -------
    dict of str to Driver
        In the order of ``drivers.csv``.

    Raises
    ------
    DataError
        A kind is unknown, a term stands twice, or ``endogenous`` is neither yes nor no.

    Examples
    --------
    >>> drivers()["soil erosion"]
    Driver(term='soil erosion', kind='degradation', endogenous=True)
    """
    text = files("homeground.evidence").joinpath("drivers.csv").read_text(encoding="utf-8")
    found: dict[str, Driver] = {}
    for row in csv.DictReader(text.splitlines()):
        term, kind, endogenous = row["term"], row["kind"], row["endogenous"]
        if kind not in KINDS or endogenous not in ("yes", "no") or term in found or term != _plain(term):
            raise DataError(f"drivers.csv: {term!r} ({kind}, {endogenous}) is no driver, or stands twice.")
        found[term] = Driver(term, kind, endogenous == "yes")
    return found


def drivers_named(words: str) -> tuple[Driver, ...]:
    """The drivers that words name: one, or several where "and", "or", "with", a stroke or a comma parts them.

    Parameters
    ----------
    words : str
        A term of ``drivers.csv``, or several; capitals and spaces do not matter.

    Returns
    -------
    tuple of Driver

    Raises
    ------
    DataError
        A term is not known; the nearest that is known is named.

    Examples
    --------
    >>> [driver.term for driver in drivers_named("Drought and desertification")]
    ['drought', 'desertification']
    >>> drivers_named("soil errosion")
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: there is no driver 'soil errosion' in evidence/drivers.csv. Did you mean soil erosion?
    """
    known, whole = drivers(), _plain(words)
    parts = [whole] if whole in known else [part for part in _BETWEEN.split(whole) if part]
    strange = [part for part in parts if part not in known]
    if strange or not parts:
        asked = whole if len(strange) == len(parts) else strange[0]
        near = difflib.get_close_matches(asked, known, 1, cutoff=0.0)[0]
        raise DataError(f"there is no driver {asked!r} in evidence/drivers.csv. Did you mean {near}?")
    return tuple(known[part] for part in dict.fromkeys(parts))


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())
