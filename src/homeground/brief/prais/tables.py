# SPDX-License-Identifier: Apache-2.0
"""The tables of the PRAIS forms: which cells each has, by code, and what people read for a code.

A cell is known by four codes (table, year, row, column); they lie beside each row of a form in a hidden column, so that a
form is read back whatever its language.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from homeground.brief.facts.sources import Said
from homeground.catalogue.classes import COVER_NAMES
from homeground.language.languages import LANGUAGES
from homeground.language.messages import known, phrase
from homeground.language.wording import slug, wording

# Class of land cover -> column of the regions with its share.
SHARES = ("tree", "grassland", "cropland", "wetland", "artificial", "other", "water")
COVER = {name: f"land_share_{share}" for name, share in zip(COVER_NAMES.values(), SHARES, strict=True)}
LISTS = {
    "@cover": tuple(COVER),
    "@three": ("degraded", "stable", "improved"),
    "@dynamics": ("declining", "moderate_decline", "stressed", "stable", "increasing", "no_data"),
}
MEANING = {"+": "improvement", "0": "stable", "-": "degradation"}
DECISIONS = ("confirm", "correct", "reject")
OWN_YEAR = "own"  # a map of the user whose year the study does not say

Key = tuple[str, str, str, str]  # codes of table, year or period, row, column


@dataclass(frozen=True)
class PraisTable:
    """One table of a form; ``units`` has one unit for each column."""

    code: str
    title: str
    years: tuple[str, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    units: tuple[str, ...]
    denominator: str
    status: str  # filled, empty (data are missing) or country (only the country can say)
    filled_from: str
    reason_empty: str

    @property
    def form(self) -> str:
        """The form that the table stands in, such as SO1-1."""
        return self.code.partition(".")[0]

    def cells(self) -> Iterator[tuple[Key, str]]:
        """Each cell of the table with its unit."""
        for year in self.years:
            for row in self.rows:
                for column, unit in zip(self.columns, self.units, strict=True):
                    yield (self.code, year, row, column), unit

    def words(self, what: str, code: str) -> str:
        """Its title, denominator, filled_from or reason_empty, in a language."""
        return wording(f"form.{slug(self.code)}.{what}", getattr(self, what), code)


@dataclass(frozen=True)
class PraisAnswer:
    """What homeground puts into one cell."""

    value: float | Said
    source: Said
    period: Said
    kind: str
    low: float | None = None
    high: float | None = None


@cache
def prais_tables() -> tuple[PraisTable, ...]:
    """The tables in the order of the forms.

    Examples
    --------
    >>> [t.code for t in prais_tables() if t.form == "SO2-3"]
    ['SO2-3.T1', 'SO2-3.T2']
    >>> sum(1 for _ in next(t for t in prais_tables() if t.code == "CP-1.T2").cells())
    72
    """
    with Path(__file__).with_name("prais_tables.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = []
    for row in rows:
        names = _names(row["columns"])
        units = tuple(row["unit"].split(";"))
        found.append(
            PraisTable(
                row["table"],
                row["title"],
                _years(row["years"]),
                _names(row["rows"]),
                names,
                units * len(names) if len(units) == 1 else units,
                row["denominator"],
                row["status"],
                row["filled_from"],
                row["reason_empty"],
            )
        )
    return tuple(found)


def _names(text: str) -> tuple[str, ...]:
    """Codes between semicolons; a word that begins with @ stands for a list."""
    return tuple(name for part in text.split(";") for name in LISTS.get(part, (part,)))


def _years(text: str) -> tuple[str, ...]:
    first, colon, last = text.partition(":")
    return tuple(map(str, range(int(first), int(last) + 1))) if colon else tuple(text.split(";"))


def key_words(key: Key, code: str) -> tuple[str, str, str, str]:
    """The four codes of a cell as people read them.

    Examples
    --------
    >>> key_words(("SO1-4.T1", "2000-2015/2016-2023", "degraded", "stable"), "fr")
    ('SO1-4.T1', '2000-2015 et 2016-2023', 'Dégradées', 'Stables')
    """
    table, year, row, column = key
    return table, year_words(year, code), cell_words(row, code), cell_words(column, code)


def year_words(year: str, code: str) -> str:
    """A year or period; two periods are joined, and a year that nobody stated is named."""
    if year == OWN_YEAR:
        return phrase("form.own_year", code)
    first, slash, last = year.partition("/")
    return phrase("form.both_periods", code, first=first, last=last) if slash else year


def cell_words(name: str, code: str) -> str:
    """A row or column by its code; "" of none."""
    return phrase(f"form.cell.{name}", code) if name else ""


def unit_words(unit: str, code: str) -> str:
    """A unit as it stands in a form."""
    return phrase(f"form.unit.{unit}", code) if known(f"form.unit.{unit}") else unit


def code_of(prefix: str, codes: tuple[str, ...], text: str) -> str | None:
    """Which of some codes a word stands for, in any language; a code stands for itself. None: for none of them.

    Examples
    --------
    >>> code_of("form.decision", DECISIONS, " Confirmer"), code_of("form.decision", DECISIONS, "Maybe")
    ('confirm', None)
    """
    return _words(prefix, codes).get(text.strip().casefold())


@cache
def _words(prefix: str, codes: tuple[str, ...]) -> Mapping[str, str]:
    said = {phrase(f"{prefix}.{one}", language).casefold(): one for one in codes for language in LANGUAGES}
    return said | {one: one for one in codes}
