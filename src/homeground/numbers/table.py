# SPDX-License-Identifier: Apache-2.0
"""What a table holds, declared in CSV that people can read, and what is wrong with a table held against its declaration.

A list of tables has the columns ``table, key, description, empty``; a list of their columns has ``table, column, type,
unit, kind, low, high, values, nullable, needs, meaning``. Rows of keys are unique; key columns are divided by blanks.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.errors import DataError, Problems

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

TYPES = ("text", "integer", "number", "boolean", "date", "geometry", "list", "object")
KINDS = ("observed", "modelled", "published", "default", "mixed", "")  # "": names or orders rows and is no finding
FIELDS = ("table", "column", "type", "unit", "kind", "low", "high", "values", "nullable", "needs", "meaning")
DUST = 1e-9  # of a bound: sums of floats may lie so far beyond it
MOST_TOLD = 5  # rows that one problem names


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
    import numpy as np
    import pandas as pd

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
        other = ruled & ~_among(values, numbers, column.values)
        if other.any():
            yield f"{column.column}: one of {', '.join(column.values)} was expected; {told(other)}."


def _fits(values: pd.Series[Any], kind: str) -> NDArray[np.bool_]:
    """Which values are of a type; gaps are told apart before."""
    import numpy as np
    from pandas.api import types

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
    import datetime
    import numbers

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
    import numpy as np

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
