# SPDX-License-Identifier: Apache-2.0
"""The tables that people give beside a study, declared in CSV: what each column holds, in which unit, within which bounds.

Columns beyond those declared are left alone. A table whose name begins with ``data.`` is named by that key of the study;
the others are read by their own name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from homeground.numbers.table import Table, declare, read_rows

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Given:
    """A table that people give: its declaration and its format, ``CSV`` or ``polygons`` (their attributes are columns)."""

    table: Table
    format: str


@cache
def given_tables() -> dict[str, Given]:
    """All tables that a study may name or that may lie beside it.

    Returns
    -------
    dict of Given
        By name: a key of the study file such as ``data.goals``, or a file such as ``sources.csv``.

    Raises
    ------
    DataError
        All faults of the declarations at once.

    Examples
    --------
    >>> given_tables()["data.city_people"].table.key
    ('region_id', 'year')
    """
    rows = read_rows(HERE / "tables.csv")
    tables = declare(rows, read_rows(HERE / "columns.csv"))
    return {row["table"]: Given(tables[row["table"]], row["format"]) for row in rows}
