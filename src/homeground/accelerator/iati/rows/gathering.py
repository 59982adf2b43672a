# SPDX-License-Identifier: Apache-2.0
"""What was read so far, kept small: a transaction takes some hundred bytes until its table is asked for."""

from __future__ import annotations

import datetime
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from homeground.accelerator.iati.rows.words import spaced, stray
from homeground.accelerator.registry.declared import MONEY, registry_tables

FACTS = ("iso3", "aliases")  # of an organisation, in the order of `Gathered.organisations`
OWN = "urn:homeground:registry"  # namespace of what the registry holds and the standard has no place for
NO_DAY = 0
TRANSACTION = (
    "kind", "currency", "donor", "donor_project", "receiver", "receiver_project", "iso3", "pillar", "instrument",
    "confirmed_by", "confirmed_on", "description", "source",
)  # fmt: skip  # what many rows have in common: kept once


COLUMNS = {  # columns of the rows of each table, transactions apart
    "participants": ("project", "organisation", "role"),
    "project_countries": ("project", "iso3", "share"),
    "project_pillars": ("project", "pillar", "share", "method"),
    "project_sectors": ("project", "vocabulary", "code", "share"),
    "project_links": ("project", "relation", "other", "evidence"),
    "project_markers": ("project", "marker", "significance"),
    "budgets": (
        "budget", "project", "organisation", "kind", "iso3", "receiver", "start", "end", "amount_minor", "currency",
        "value_date", "status", "source",
    ),
}  # fmt: skip


PILLARS = ("1", "2", "3", "4", "5")


@dataclass
class Gathered:
    """Rows of the tables of the registry, from one file."""

    source: str
    today: int  # day of reading and day the file was made, as ordinals: what is later is to come
    made: int
    own: bool = False  # whether the file holds columns in the namespace of the registry
    organisations: dict[str, list[str | None]] = field(default_factory=dict)  # name, type, iso3, aliases, key
    seen: set[str] = field(default_factory=set)  # identifiers
    projects: list[tuple[Any, ...]] = field(default_factory=list)
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    texts: dict[str, str] = field(default_factory=dict)  # each text that comes again and again, once
    names: list[str] = field(default_factory=list)
    amounts: array[int] = field(default_factory=lambda: array("q"))
    dates: array[int] = field(default_factory=lambda: array("i"))
    value_dates: array[int] = field(default_factory=lambda: array("i"))
    projects_of: array[int] = field(default_factory=lambda: array("i"))  # places in projects
    shared: array[int] = field(default_factory=lambda: array("i"))  # places in known
    known: dict[tuple[Any, ...], int] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    sides: dict[tuple[str | None, str | None], str] = field(default_factory=dict)  # givers and takers without a fault
    sound: set[str] = field(default_factory=set)  # references that were looked at and are written as they should be
    own_names: set[str] = field(default_factory=set)
    budgets: dict[str, int] = field(default_factory=dict)  # names, and how often each came

    def day(self, text: str) -> int:
        """Ordinal of a day of XML, whose time zone says nothing here; 0: a day that cannot be kept."""
        found = self.days.get(text)
        if found is None:
            try:
                found = datetime.date.fromisoformat(text.strip()[:10]).toordinal()
            except ValueError:
                found = NO_DAY
            self.days[text] = found
        return found

    def organisation(self, ref: str | None, name: str | None, kind: str | None) -> str | None:
        """Key of an organisation, which is kept: its reference, else its name."""
        key = ref or name
        if not key:
            return None
        held = self.organisations.get(key)
        if held is None:
            self.organisations[key] = [name or ref, kind, None, None, key]
            return key
        if name and held[0] == key != name:
            held[0] = name
        if kind and not held[1]:
            held[1] = kind
        return held[4]  # the key that is kept already

    def is_sound(self, ref: str) -> bool:
        """Whether a reference is written without stray characters; the same ones come again and again."""
        if ref in self.sound:
            return True
        if fine := not (stray(ref) or spaced(ref)):
            self.sound.add(ref)
        return fine

    def once(self, text: str) -> str:
        """The same text, as it is kept already."""
        return self.texts.setdefault(text, text)

    def transaction(self, name: str, amount: int, date: int, value_date: int, rest: tuple[Any, ...]) -> None:
        """Keep a transaction of the last project."""
        index = self.known.get(rest)
        if index is None:
            index = self.known[rest] = len(self.known)
        self.names.append(name)
        self.amounts.append(amount)
        self.dates.append(date)
        self.value_dates.append(value_date)
        self.projects_of.append(len(self.projects) - 1)
        self.shared.append(index)


def dates_of(ordinals: array[int] | list[int]) -> np.ndarray:
    """Days as pandas keeps them, from ordinals of which 0 is none."""
    numbers = np.asarray(ordinals, dtype=np.int64)
    days = (numbers - datetime.date(1970, 1, 1).toordinal()).astype("datetime64[D]")
    days[numbers == NO_DAY] = np.datetime64("NaT")
    return days.astype("datetime64[s]")


def transactions_of(gathered: Gathered) -> pd.DataFrame:
    """The table of transactions."""
    shared = np.asarray(gathered.shared, dtype=np.int64)
    projects = np.array([row[0] for row in gathered.projects], dtype=object)
    columns: dict[str, Any] = {
        "transaction": np.array(gathered.names, dtype=object),
        "project": projects[np.asarray(gathered.projects_of, dtype=np.int64)],
    }
    for place, name in enumerate(TRANSACTION):
        values = np.empty(len(gathered.known), dtype=object)
        values[:] = [rest[place] for rest in gathered.known]
        columns[name] = values[shared]
    columns["amount_minor"] = np.array(gathered.amounts, dtype=np.int64)
    columns["date"] = dates_of(gathered.dates)
    columns["value_date"] = dates_of(gathered.value_dates)
    confirmed = [NO_DAY if value is None else value for value in columns["confirmed_on"]]
    columns["confirmed_on"] = dates_of(confirmed)
    return pd.DataFrame(columns)


def keep_facts(element: Any, key: str | None, out: Gathered) -> None:
    """What the registry wrote of an organisation at an element that names it, in a file of its own."""
    if key is not None:
        for place, name in enumerate(FACTS, 2):
            out.organisations[key][place] = attribute(element, name) or out.organisations[key][place]


def attribute(element: Any, name: str) -> str | None:
    """A column of the registry that stands at an element in the registry's own namespace."""
    value: str | None = element.get(f"{{{OWN}}}{name}")
    return value or None


def listed(element: Any, name: str, table: str, column: str) -> str | None:
    """The same, where it is one of the words that the registry declares for a column."""
    value = attribute(element, name)
    known = next(one.values for one in registry_tables()[table].table.columns if one.column == column)
    return value if value in known else None


def declared(name: str, rows: Mapping[str, Any]) -> pd.DataFrame:
    """A table with the columns the registry declares, in that order; money in smallest units."""
    columns = registry_tables()[name].table.columns
    size = max((len(values) for values in rows.values()), default=0)
    found = {}
    for column in columns:
        named = f"{column.column}_minor" if column.unit == MONEY else column.column
        values = pd.Series(rows.get(named, [None] * size), dtype=None if named in rows else object)
        if column.types == ("text",):
            values = values.astype("str")
        elif column.types == ("integer",):
            values = values.astype("Int64")
        elif column.types == ("date",):
            values = values.astype("datetime64[s]")
        else:
            values = values.astype("int64" if column.unit == MONEY else "float64")
        found[named] = values
    return pd.DataFrame(found)
