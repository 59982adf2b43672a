# SPDX-License-Identifier: Apache-2.0
"""Offers and needs taken apart: one schema for both (tables ``offers`` and ``needs`` of the registry).

Cells that hold several words divide them by semicolons.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from homeground.catalogue import atlas_files

PILLARS = range(1, 6)
SHARE = re.compile(r"(\d+)(?:\s*:\s*(\d+(?:[.,]\d+)?)\s*%?)?")


@dataclass(frozen=True)
class Profile:
    """One offer or need, taken apart. Bounds that nobody gave are NaN; words that nobody gave are empty."""

    profile: str
    title: str
    organisation: str
    kind: str
    countries: tuple[str, ...]
    places: tuple[str, ...]  # parts of countries, and the countries of which no part is named
    pillars: dict[int, float]
    practices: tuple[str, ...]
    instruments: tuple[str, ...]
    low: float  # least of one partner: minor units of money, else units
    high: float
    total: float
    unit: str  # currency of money, else unit
    start: float  # ordinal of the day
    end: float
    beneficiaries: tuple[str, ...]
    languages: tuple[str, ...]
    involves: tuple[str, ...]
    exclusions: tuple[str, ...]
    consent: bool
    active: bool
    text: str
    in_dollars: float = math.nan  # dollars for its smallest unit of money, where a rate is given

    @property
    def words(self) -> str:
        """Title and text in one."""
        return ". ".join(part for part in (self.title, self.text) if part)


def parts(cell: object) -> tuple[str, ...]:
    """Words of a cell that are divided by semicolons, each once.

    Parameters
    ----------
    cell : object
        Text; anything missing has no words.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> parts("NER; MLI ;NER"), parts(None)
    (('NER', 'MLI'), ())
    """
    if not isinstance(cell, str):
        return ()
    return tuple(dict.fromkeys(word.strip() for word in cell.split(";") if word.strip()))


def pillar_weights(cell: object) -> dict[int, float]:
    """Weights of pillars as written in a cell.

    Parameters
    ----------
    cell : object
        Such as "2: 70; 5: 30", or "2; 5" where they count alike.

    Returns
    -------
    dict of int to float

    Raises
    ------
    ValueError
        No such pillar, a weight that is not above zero, or some with and some without weight.

    Examples
    --------
    >>> pillar_weights("2: 70; 5: 30"), pillar_weights("2;5")
    ({2: 70.0, 5: 30.0}, {2: 1.0, 5: 1.0})
    """
    found: dict[int, float] = {}
    given = []
    for word in parts(cell):
        match = SHARE.fullmatch(word)
        if match is None or int(match[1]) not in PILLARS or int(match[1]) in found:
            raise ValueError(f'"{word}" is no pillar with its weight. Write each once, such as 2: 70; 5: 30.')
        given.append(match[2] is not None)
        found[int(match[1])] = float(match[2].replace(",", ".")) if match[2] else 1.0
    if len(set(given)) > 1 or any(weight <= 0 for weight in found.values()):
        raise ValueError("give every pillar a weight above zero, or none of them one.")
    return found


@cache
def country_codes() -> dict[str, str]:
    """Countries of the atlas by the two codes that begin the code of a part of them.

    Returns
    -------
    dict of str to str
        ISO 3166-1 alpha-3 by alpha-3 and alpha-2.

    Examples
    --------
    >>> country_codes()["NE"], country_codes()["NER"]
    ('NER', 'NER')
    """
    table = atlas_files.rows("countries.csv")
    return {row[code]: row["iso3"] for row in table for code in ("iso2", "iso3") if row[code]}


def country_of(place: str) -> str:
    """The country that a place is or lies in.

    Parameters
    ----------
    place : str
        Code of a country, or of a part of one, which begins with that of the country.

    Returns
    -------
    str
        ISO 3166-1 alpha-3; empty where it is of no known country.

    Examples
    --------
    >>> country_of("NE-6"), country_of("NER"), country_of("6")
    ('NER', 'NER', '')
    """
    return country_codes().get(re.split(r"[-._]", place)[0], "")


def profiles(table: pd.DataFrame) -> list[Profile]:
    """Offers or needs taken apart, in the order of their short names.

    Parameters
    ----------
    table : DataFrame
        As the registry keeps them, without faults (see `faults`).

    Returns
    -------
    list of Profile

    Examples
    --------
    >>> made = {"profile": ["A"], "title": ["Fund"], "kind": ["money"], "countries": ["NER; MLI"], "admin_units": ["NE-6"]}
    >>> profiles(pd.DataFrame(made | {"consent": ["yes"], "active": ["yes"]}))[0].places
    ('NE-6', 'MLI')
    """
    rows = ({str(k): v for k, v in row.items()} for row in table.to_dict("records"))
    return sorted((_profile(row) for row in rows), key=lambda found: found.profile)


def _profile(row: dict[str, Any]) -> Profile:
    text: Callable[[str], str] = lambda name: "" if gone(row.get(name)) else str(row[name])  # noqa: E731 (a word for a long call)
    countries, units = parts(row.get("countries")), parts(row.get("admin_units"))
    money = row["kind"] == "money"
    low, high = ("smallest_minor", "largest_minor") if money else ("least", "most")
    total = first(row, "total_minor") if money else math.nan
    days = [None if gone(row.get(name)) else day_of(row[name]) for name in ("start", "end")]
    return Profile(
        profile=row["profile"], title=text("title"), organisation=text("organisation"), kind=row["kind"],
        countries=countries, places=(*units, *(c for c in countries if c not in {country_of(u) for u in units})),
        pillars=pillar_weights(row.get("pillars")), practices=parts(row.get("practices")),
        instruments=parts(row.get("instrument")), low=first(row, low), high=first(row, high),
        total=first(row, high) if math.isnan(total) else total, unit=text("currency" if money else "unit"),
        start=days[0].toordinal() if days[0] else math.nan, end=days[1].toordinal() if days[1] else math.nan,
        beneficiaries=parts(row.get("beneficiaries")), languages=parts(row.get("languages")),
        involves=parts(row.get("involves")), exclusions=parts(row.get("exclusions")),
        consent=row["consent"] == "yes", active=row["active"] == "yes", text=text("text"),
    )  # fmt: skip


def gone(value: Any) -> bool:
    """Whether a cell holds nothing.

    Parameters
    ----------
    value : object

    Returns
    -------
    bool

    Examples
    --------
    >>> gone(None), gone(float("nan")), gone(""), gone("no")
    (True, True, True, False)
    """
    return value is None or value is pd.NA or value is pd.NaT or value == "" or bool(pd.isna(value))


def first(row: dict[str, Any], *names: str) -> float:
    """The first number that is given under one of some names; NaN where none is.

    Parameters
    ----------
    row : dict
    *names : str

    Returns
    -------
    float

    Examples
    --------
    >>> first({"least": None, "most": 4}, "least", "most")
    4.0
    """
    return next((float(row[name]) for name in names if not gone(row.get(name))), math.nan)


def day_of(value: Any) -> datetime.date | None:
    """A day, of text, a date or a time; None where it is no day.

    Parameters
    ----------
    value : object

    Returns
    -------
    date or None

    Examples
    --------
    >>> day_of("2026-05-31"), day_of("soon")
    (datetime.date(2026, 5, 31), None)
    """
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value.strip().removesuffix(" 00:00:00"))
        except ValueError:
            return None
    return pd.Timestamp(value).date()
