# SPDX-License-Identifier: Apache-2.0
"""Rows of data frames in the form of a file's rows, so that the same rules hold for both."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from homeground.accelerator.registry.declared import MONEY, registry_tables, stored_name
from homeground.accelerator.registry.quarantine.reading import Parsed
from homeground.accelerator.registry.quarantine.values import marked, typed
from homeground.accelerator.registry.schema import TRACES
from homeground.errors import DataError, Problems
from homeground.numbers.money import from_minor


def as_parsed(source: str, name: str, frame: pd.DataFrame) -> tuple[Parsed, list[int | None] | None, list[int | None]]:
    """Rows of a frame in the form of a file's, typed by the same rules; and the versions and lines of rows.

    Parameters
    ----------
    source : str
    name : str
        Of a table.
    frame : DataFrame
        In stored columns.

    Returns
    -------
    (Parsed, list of int or None, list of int)

    Raises
    ------
    DataError
        Columns that are not declared, or lack.

    Examples
    --------
    >>> rates = pd.DataFrame({"currency": ["EUR"], "year": [2021], "usd": [1.18], "source": ["made"]})
    >>> as_parsed("made", "exchange_rates", rates)[0].columns["usd"]
    [Decimal('1.18')]
    """
    declared = registry_tables()[name].table
    known = {stored_name(column): column for column in declared.columns}
    problems = Problems(f"{source}, {name}")
    if strange := [str(c) for c in frame.columns if c not in known and c not in TRACES]:
        problems.add(f"holds the column(s) {', '.join(strange)}, which are not declared.")
    if lost := [n for n, column in known.items() if n not in frame.columns and not column.nullable]:
        problems.add(f"lacks the column(s) {', '.join(lost)}.")
    problems.raise_if_any(DataError)
    n = len(frame)
    lines: list[int | None] = _numbers(frame["row_line"]) if "row_line" in frame.columns else [None] * n
    parsed = Parsed(source, name, [i if line is None else line for i, line in enumerate(lines, start=1)], {})
    codes = _cells(frame["currency"]) if "currency" in frame.columns else [None] * n
    for stored, column in known.items():
        if stored in frame.columns:
            cells = _cells(frame[stored])
            if column.unit == MONEY:
                cells = [_whole_units(c, codes[i]) for i, c in enumerate(cells)]
            parsed.columns[column.column], faults = typed(cells, column, False)
            for fault in faults:
                parsed.tell(fault, column.column)
    versions = _numbers(frame["row_version"]) if "row_version" in frame.columns else None
    return parsed, versions, lines


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Values of a column as cells: gaps None, numbers exact, text as it is (marked, so that nothing is taken off)."""
    gaps = column.isna().to_numpy("bool")
    return [None if gap else cell_of(value) for value, gap in zip(column.tolist(), gaps, strict=True)]


def _whole_units(value: Any, currency: Any) -> Any:
    try:
        return from_minor(int(value), str(currency)) if value is not None and currency is not None else value
    except DataError:
        return value  # an unknown currency, which is told where it stands


def _numbers(column: pd.Series[Any]) -> list[int | None]:
    return [None if pd.isna(value) else int(value) for value in column]


def cell_of(value: Any) -> Any:
    """A value of a frame as a cell of a file: numbers exact, text so that nothing of it is taken off.

    Parameters
    ----------
    value : object
        Not missing.

    Returns
    -------
    str, Decimal, bool or date

    Examples
    --------
    >>> cell_of(0.1), cell_of("=A1")
    (Decimal('0.1'), "'=A1")
    """
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, float, np.integer, np.floating)):
        return Decimal(repr(value.item() if isinstance(value, np.generic) else value))
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    return marked(str(value).replace("\r\n", "\n").replace("\r", "\n").strip())
