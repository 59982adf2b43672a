# SPDX-License-Identifier: Apache-2.0
"""What a table holds, declared in CSV that people can read, and what is wrong with a table held against its declaration.

A list of tables has the columns ``table, key, description, empty``; a list of their columns has ``table, column, type,
unit, kind, low, high, values, nullable, needs, meaning``. Rows of keys are unique; key columns are divided by blanks.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from homeground.errors import DataError, Problems

if TYPE_CHECKING:
    pass


TYPES = ("text", "integer", "number", "boolean", "date", "geometry", "list", "object")


KINDS = ("observed", "modelled", "published", "default", "mixed", "")  # "": names or orders rows and is no finding


FIELDS = ("table", "column", "type", "unit", "kind", "low", "high", "values", "nullable", "needs", "meaning")


@dataclass(frozen=True)
class Column:
    """One column of a table.

    ``types`` are one or more of `TYPES`: a number may be whole, whole numbers may be stored as floats (a column with
    gaps often is), list and object stand in JSON only. ``low`` and ``high`` are bounds that a value may reach.
    ``values`` are all that may stand there; empty: any. ``needs`` says what a study must give for the column to be
    there; empty: it always is. ``part`` names the part whose ``columns.csv`` describes the column; empty: this one does.
    """

    column: str
    types: tuple[str, ...]
    unit: str
    kind: str
    low: float
    high: float
    values: tuple[str, ...]
    nullable: bool
    needs: str
    meaning: str
    part: str = ""


@dataclass(frozen=True)
class Table:
    """One table: its columns, those that are unique together, and what it is.

    ``empty`` says when the table is there without any column or row; empty text: never.
    """

    table: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    description: str
    empty: str

    @property
    def always(self) -> tuple[str, ...]:
        """Names of the columns that may not be missing."""
        return tuple(column.column for column in self.columns if not column.needs)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV as text.

    Parameters
    ----------
    path : Path
        CSV in UTF-8 with a header.

    Returns
    -------
    list of dict
        By the names of the header; empty cells are "".

    Examples
    --------
    >>> read_rows(Path(__file__).parents[1] / "land" / "columns.csv")[0]["unit"]
    'mm/year'
    """
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def declare(tables: Iterable[Mapping[str, str]], columns: Iterable[Mapping[str, str]]) -> dict[str, Table]:
    """Tables by name, from a list of tables and a list of their columns.

    Parameters
    ----------
    tables : iterable of mapping
        ``table, key, description, empty``; more is left alone.
    columns : iterable of mapping
        `FIELDS`, and ``part`` where another table describes the column. Empty low and high: no bound.

    Returns
    -------
    dict of Table

    Raises
    ------
    DataError
        All faults of the declarations at once: an unknown type or kind, a bound that is no number, a table or column
        twice, a column of no table, a key that is no column, no meaning.

    Examples
    --------
    >>> table = {"table": "land.csv", "key": "place", "description": "land of places", "empty": ""}
    >>> km2 = dict.fromkeys(FIELDS, "") | {"table": "land.csv", "column": "km2", "type": "number", "unit": "km2"}
    >>> place = km2 | {"column": "place", "type": "text", "unit": "", "nullable": "no", "meaning": "its name"}
    >>> km2 |= {"kind": "modelled", "low": "0", "nullable": "yes", "meaning": "its area"}
    >>> declare([table], [place, km2])["land.csv"].columns[1].low
    0.0
    """
    problems, found = Problems("the declarations of tables"), {}
    by: dict[str, list[Column]] = {}
    for row in columns:
        where = f"{row['table']}, {row['column']}"
        problems.extend(f"{where}: {fault}" for fault in _faults(row))
        if not problems.messages:
            by.setdefault(row["table"], []).append(_column(row))
    problems.raise_if_any(DataError)
    for row in tables:
        name, key, own = row["table"], tuple(row["key"].split()), by.pop(row["table"], [])
        names = [c.column for c in own]
        if name in found:
            problems.add(f"{name} is declared twice.")
        problems.extend(f"{name}: {one} is declared twice." for one in sorted({n for n in names if names.count(n) > 1}))
        if lost := [one for one in key if one not in names]:
            problems.add(f"{name}: the key {', '.join(lost)} is no column of it.")
        if not own or not row["description"]:
            problems.add(f"{name}: no columns or no description.")
        found[name] = Table(name, tuple(own), key, row["description"], row["empty"])
    problems.extend(f"{name} has columns and is in no list of tables." for name in by)
    problems.raise_if_any(DataError)
    return found


def _faults(row: Mapping[str, str]) -> Iterator[str]:
    types = row["type"].split(" or ")
    if unknown := [one for one in types if one not in TYPES]:
        yield f"the type {', '.join(unknown)} is none of {', '.join(TYPES)}."
    if row["kind"] not in KINDS:
        yield f"the kind {row['kind']} is none of {', '.join(KINDS)}."
    for name in ("low", "high"):
        try:
            float(row[name] or 0)
        except ValueError:
            yield f"{name} is {row[name]}; a number was expected."
    if row["nullable"] not in ("yes", "no"):
        yield f"nullable is {row['nullable']}; yes or no was expected."
    if not row["meaning"]:
        yield "it has no meaning. Say it."


def _column(row: Mapping[str, str]) -> Column:
    low, high = (float(row[name]) if row[name] else sign * math.inf for name, sign in (("low", -1), ("high", 1)))
    types, values = tuple(row["type"].split(" or ")), tuple(row["values"].split("|")) if row["values"] else ()
    said = {name: row[name] for name in ("column", "unit", "kind", "needs", "meaning")}
    return Column(types=types, low=low, high=high, values=values, nullable=row["nullable"] == "yes",
                  part=row.get("part", ""), **said)  # fmt: skip
