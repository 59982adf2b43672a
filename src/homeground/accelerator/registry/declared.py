# SPDX-License-Identifier: Apache-2.0
"""The tables of the registry, declared in CSV: database, templates, checks and exports all follow this one declaration.

``tables/tables.csv`` lists the tables; each other file in that folder holds columns of the tables of one subject.
``refers`` names the table and column that a value must stand in. A column in the unit "of currency" is kept in the
smallest units of its currency, as a whole number named ``<column>_minor``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from homeground.numbers.table import Table, declare, read_rows

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
