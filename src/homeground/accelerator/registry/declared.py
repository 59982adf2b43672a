# SPDX-License-Identifier: Apache-2.0
"""The tables of the registry, declared in CSV: database, templates, checks and exports all follow this one declaration.

``tables/tables.csv`` lists the tables; each other file in that folder holds columns of the tables of one subject.
``refers`` names the table and column that a value must stand in. A column in the unit "of currency" is kept in the
smallest units of its currency, as a whole number named ``<column>_minor``.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from homeground.errors import DataError
from homeground.numbers.table import Column, Table, declare, read_rows

HERE = Path(__file__).parent / "tables"
MONEY = "of currency"  # the unit of columns that hold money


@dataclass(frozen=True)
class Declared:
    """A table of the registry: its columns and key, the template it is filled in by, and what its columns refer to."""

    table: Table
    template: str
    refers: dict[str, tuple[str, str]]  # column: table and column that it must stand in


@cache
def registry_tables() -> dict[str, Declared]:
    """All tables of the registry, those that others refer to first.

    Returns
    -------
    dict of Declared
        By name.

    Raises
    ------
    DataError
        All faults of the declarations at once.

    Examples
    --------
    >>> registry_tables()["transactions"].refers
    {'project': ('projects', 'project')}
    """
    tables = read_rows(HERE / "tables.csv")
    columns = [row for path in sorted(HERE.glob("*.csv")) if path.name != "tables.csv" for row in read_rows(path)]
    refers: dict[str, dict[str, tuple[str, str]]] = {}
    for row in columns:
        if row["refers"]:
            table, column = row["refers"].split(".")
            refers.setdefault(row["table"], {})[row["column"]] = (table, column)
    declared = declare(tables, columns)
    return {
        row["table"]: Declared(declared[row["table"]], row["template"], refers.get(row["table"], {})) for row in tables
    }


def stored_name(column: Column) -> str:
    """What a declared column is called in the database and in tables read from it.

    Parameters
    ----------
    column : Column

    Returns
    -------
    str
        ``<column>_minor`` for money, in the smallest units of its currency; else the name itself.

    Examples
    --------
    >>> [stored_name(c) for c in registry_tables()["transactions"].table.columns][4:6]
    ['amount_minor', 'currency']
    """
    return f"{column.column}_minor" if column.unit == MONEY else column.column


def stored_names(name: str) -> tuple[str, ...]:
    """Columns of a table as the database has them, in the order of the declaration.

    Parameters
    ----------
    name : str
        Of a table of the registry.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> stored_names("exchange_rates")
    ('currency', 'year', 'usd', 'source')
    """
    return tuple(stored_name(column) for column in registry_tables()[name].table.columns)


def declared_table(name: str) -> Declared:
    """One table of the registry by its name.

    Parameters
    ----------
    name : str

    Returns
    -------
    Declared

    Raises
    ------
    DataError
        No such table; the nearest is named.

    Examples
    --------
    >>> declared_table("pledges").table.key
    ('pledge',)
    """
    tables = registry_tables()
    if name not in tables:
        near = difflib.get_close_matches(name, list(tables), n=1)
        hint = f' Did you mean "{near[0]}"?' if near else f" Tables: {', '.join(tables)}."
        raise DataError(f'"{name}" is no table of the registry.{hint}')
    return tables[name]


def row_key(values: Sequence[Any]) -> str:
    """The key of a row as one text.

    Parameters
    ----------
    values : sequence
        Of its key columns.

    Returns
    -------
    str
        The value itself where there is one column, else a list in JSON: two keys never give one text.

    Examples
    --------
    >>> row_key(["GGW-1"]), row_key(["GGW-1", 2024])
    ('GGW-1', '["GGW-1", 2024]')
    """
    return str(values[0]) if len(values) == 1 else json.dumps(list(values), ensure_ascii=False, default=str)
