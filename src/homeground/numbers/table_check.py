# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a table held against its declaration."""

from __future__ import annotations

import datetime
import math
import numbers
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import types

from homeground.numbers.table import Column, Table

DUST = 1e-9  # of a bound: sums of floats may lie so far beyond it


MOST_TOLD = 5  # rows that one problem names


# An own check and not pandera's: that takes seconds to load, speaks to programmers, and its schemas stand in code;
# here the declaration is the document, and what is left of the check are the few rules below.
def check(table: pd.DataFrame, declared: Table, *, first_row: int = 1) -> list[str]:
    """Everything that is wrong with a table, one sentence each; an empty list where it is as declared.

    Parameters
    ----------
    table : DataFrame
        Its index is no part of it. A record of JSON is a table of one row.
    declared : Table
    first_row : int, optional
        What the first row is called: 2 for a CSV, whose header is line 1.

    Returns
    -------
    list of str
        Columns that are missing, doubled or not declared; values of another type, infinite, out of bounds or none of
        those that may stand there, and gaps where none may be, with their rows; keys that come twice, with their rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.numbers.table import FIELDS, declare
    >>> fields = dict.fromkeys(FIELDS, "") | {"table": "t", "column": "km2", "type": "number", "low": "0"}
    >>> fields |= {"nullable": "no", "meaning": "area"}
    >>> land = declare([{"table": "t", "key": "km2", "description": "areas", "empty": ""}], [fields])["t"]
    >>> check(pd.DataFrame({"km2": [1.5, -2.0]}), land)
    ['km2: 0 or more was expected; row 2 (-2.0).']
    """
    if declared.empty and table.shape == (0, 0):
        return []
    names = [str(name) for name in table.columns]
    problems = [f"{name}: stands twice." for name in sorted({n for n in names if names.count(n) > 1})]
    if problems:
        return problems
    known = {column.column for column in declared.columns}
    if lost := [name for name in declared.always if name not in names]:
        problems.append(f"lacks the column(s) {', '.join(lost)}.")
    if strange := [name for name in names if name not in known]:
        problems.append(f"holds the column(s) {', '.join(strange)}, which are not declared.")
    for column in declared.columns:
        if column.column in names:
            problems += _column_problems(table[column.column], column, first_row)
    key = [name for name in declared.key if name in names]  # without those that a study need not give
    if key and not {*declared.key} & {*declared.always} - {*names}:
        twice = table.duplicated(key, keep=False).to_numpy("bool")
        if twice.any():
            rows = table.loc[twice, key].itertuples(index=False, name=None)
            told = _told(twice, [", ".join(map(str, row)) for row in rows], first_row)
            problems.append(f"{', '.join(key)}: each may stand once; {told}.")
    return problems


def _column_problems(values: pd.Series[Any], column: Column, first_row: int) -> Iterator[str]:
    def told(wrong: NDArray[np.bool_]) -> str:
        return _told(wrong, values.to_numpy(object)[wrong].tolist(), first_row)

    gap = values.isna().to_numpy("bool")
    if gap.any() and not column.nullable:
        yield f"{column.column}: may not be empty; {_told(gap, [], first_row)}."
    fits = gap.copy()
    for kind in column.types:
        fits |= _fits(values, kind)
    if (~fits).any():
        yield f"{column.column}: {' or '.join(column.types)} was expected; {told(~fits)}."
    ruled = fits & ~gap
    if not {"integer", "number"} & set(column.types):
        numbers = np.full(len(values), np.nan)
    else:
        numbers = pd.to_numeric(values.where(ruled), errors="coerce").to_numpy("float64", na_value=np.nan)
    if np.isinf(numbers).any():
        yield f"{column.column}: a finite number was expected; {told(np.isinf(numbers))}."
    dust = [DUST * max(1.0, abs(bound)) if math.isfinite(bound) else 0.0 for bound in (column.low, column.high)]
    beyond = np.isfinite(numbers) & ((numbers < column.low - dust[0]) | (numbers > column.high + dust[1]))
    if beyond.any():
        yield f"{column.column}: {_span(column.low, column.high)} was expected; {told(beyond)}."
    if column.values:
        worded = "text" in column.types and {"integer", "number"} & set(column.types)
        # Of a column of numbers or words these are the words; its numbers have bounds.
        other = ruled & ~_among(values, numbers, column.values) & (np.isnan(numbers) if worded else True)
        if other.any():
            either = "a number, or " if worded else ""
            yield f"{column.column}: {either}one of {', '.join(column.values)} was expected; {told(other)}."


def _fits(values: pd.Series[Any], kind: str) -> NDArray[np.bool_]:
    """Which values are of a type; gaps are told apart before."""
    every = np.ones(len(values), "bool")
    stored = {"boolean": types.is_bool_dtype, "date": types.is_datetime64_any_dtype}.get(kind)
    if stored is not None and stored(values):
        return every
    if kind in ("integer", "number") and types.is_numeric_dtype(values) and not types.is_bool_dtype(values):
        if kind == "number" or types.is_integer_dtype(values):
            return every
        numbers = values.to_numpy("float64", na_value=np.nan)
        whole: NDArray[np.bool_] = np.isinf(numbers) | (numbers == np.trunc(numbers))
        return whole
    return np.array([_is(value, kind) for value in values.to_numpy(object)], "bool")


def _is(value: object, kind: str) -> bool:
    if kind in ("integer", "number"):
        number = isinstance(value, numbers.Real) and not isinstance(value, bool)
        return number and (kind == "number" or math.isinf(float(value)) or float(value) % 1 == 0)  # type: ignore[arg-type]
    if kind == "boolean":
        return type(value).__name__ in ("bool", "bool_")  # numpy's own is no bool
    if kind == "geometry":
        return isinstance(value, bytes) or hasattr(value, "geom_type")
    known = {"text": str, "date": datetime.date, "list": list, "object": dict}
    return isinstance(value, known[kind])


def _among(values: pd.Series[Any], numbers: NDArray[np.float64], known: Sequence[str]) -> NDArray[np.bool_]:
    """Which values are among those that may stand there, 3.0 being 3."""
    codes = [float(one) for one in known if one.lstrip("-").isdigit()]
    found: NDArray[np.bool_] = values.astype("str").isin(list(known)).to_numpy("bool")
    return found | np.isin(numbers, codes)


def _told(wrong: NDArray[np.bool_], values: Sequence[object], first_row: int) -> str:
    """The first rows that are wrong, with their values where these are given."""
    rows = wrong.nonzero()[0][:MOST_TOLD] + first_row
    said = [f"row {row}" + (f" ({values[i]})" if values else "") for i, row in enumerate(rows)]
    more = int(wrong.sum()) - len(said)
    return ", ".join(said) + (f" and {more} more" if more else "")


def _span(low: float, high: float) -> str:
    if math.isinf(high):
        return f"{low:g} or more"
    return f"at most {high:g}" if math.isinf(low) else f"{low:g} to {high:g}"
