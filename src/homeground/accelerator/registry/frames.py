# SPDX-License-Identifier: Apache-2.0
"""Rows of data frames in the form of a file's rows, so that the same rules hold for both."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from homeground.accelerator.registry.declared import MONEY, registry_tables, stored_name
from homeground.accelerator.registry.quarantine.reading import Parsed
from homeground.accelerator.registry.quarantine.values import LARGEST, Fault, marked, typed
from homeground.accelerator.registry.schema import TRACES
from homeground.errors import DataError, Problems
from homeground.numbers.table import Column


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
    for stored, column in known.items():
        if stored in frame.columns:
            values, faults = _minor(frame[stored], column) if column.unit == MONEY else _as_typed(frame[stored], column)
            parsed.columns[stored] = values
            for fault in faults:
                parsed.tell(fault, column.column)
    versions = _numbers(frame["row_version"]) if "row_version" in frame.columns else None
    return parsed, versions, lines


def _as_typed(values: pd.Series[Any], column: Column) -> tuple[list[Any], list[Fault]]:
    """A column by the rules of files: gaps None, numbers exact, text as it is (marked, so that nothing is taken off)."""
    gaps = values.isna().to_numpy("bool")
    if isinstance(values.dtype, pd.StringDtype):  # many rows, few words
        words: dict[Any, Any] = {word: cell_of(word) for word in values.dropna().unique().tolist()}
        cells = [words.get(value) for value in values.tolist()]
    else:
        cells = [None if gap else cell_of(value) for value, gap in zip(values.tolist(), gaps, strict=True)]
    return typed(cells, column, False)


def _minor(values: pd.Series[Any], column: Column) -> tuple[list[int | None], list[Fault]]:
    """Money, which is in its smallest units already."""
    found: list[int | None] = []
    faults: list[Fault] = []
    low = -LARGEST if column.low == -math.inf else math.ceil(column.low)
    for place, (value, gap) in enumerate(zip(values.tolist(), values.isna().tolist(), strict=True)):
        if gap:
            found.append(None)
            if not column.nullable:
                faults.append(Fault(place, "needed", "error", f"{column.column} is empty", "Write it."))
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or value % 1 != 0:
            faults.append(
                Fault(place, "number", "error", f"{value} is no whole number of smallest units", "Write one.")
            )
            found.append(None)
        else:
            found.append(int(value))
            if not low <= value <= LARGEST:
                faults.append(Fault(place, "bounds", "error", f"{value} is out of bounds", f"At least {low}."))
    return found, faults


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
    if isinstance(value, str):
        return marked(value.replace("\r\n", "\n").replace("\r", "\n").strip())
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, float, np.integer, np.floating)):
        return Decimal(repr(value.item() if isinstance(value, np.generic) else value))
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    return cell_of(str(value))
