# SPDX-License-Identifier: Apache-2.0
"""The tables of cooperation, read from the starting set that ships or from a folder of spreadsheets.

Which columns they have is declared in ``accelerator/registry/tables/cooperation.csv``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from homeground.accelerator.registry.declared import MONEY, Declared, registry_tables
from homeground.catalogue.sheets import read_sheet
from homeground.catalogue.tables import read_given
from homeground.errors import DataError, Problems
from homeground.numbers.money import to_minor
from homeground.numbers.table import Column, read_rows

Tables: TypeAlias = Mapping[str, pd.DataFrame]

SHIPPED = Path(__file__).parent / "figures"
SUFFIXES = (".csv", ".xlsx", ".tsv", ".txt")
OF = ("cooperation", "knowledge")  # templates that the tables of cooperation are filled in by
NUMBERS = "stated_numbers"  # figures of the note that no table of the registry holds


def cooperation_tables() -> dict[str, Declared]:
    """Declarations of the tables of cooperation, those that others refer to first.

    Returns
    -------
    dict of Declared
        By name.

    Examples
    --------
    >>> list(cooperation_tables())[:3]
    ['partnerships', 'partnership_countries', 'requests']
    """
    return {name: one for name, one in registry_tables().items() if one.template in OF}


def gone(value: Any) -> bool:
    """Whether a cell is missing.

    Parameters
    ----------
    value : object
        A single value.

    Returns
    -------
    bool

    Examples
    --------
    >>> gone(None), gone(float("nan")), gone(""), gone(0)
    (True, True, False, False)
    """
    return value is None or bool(pd.isna(value))


def nothing_in(name: str) -> pd.DataFrame:
    """A table without rows, with all its columns.

    Parameters
    ----------
    name : str
        Of a table of the registry.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> nothing_in("request_parties").columns.tolist()
    ['request', 'iso3']
    """
    return pd.DataFrame({column: [] for column in _stored(registry_tables()[name])})


def table_of(tables: Tables, name: str) -> pd.DataFrame:
    """A table out of several; without rows, and with all its columns, where it is not among them.

    Parameters
    ----------
    tables : mapping of name to DataFrame
    name : str
        Of a table of the registry.

    Returns
    -------
    DataFrame
        With every declared column; those that were not given are empty.

    Examples
    --------
    >>> len(table_of({}, "events"))
    0
    """
    found = tables.get(name)
    if found is None:
        return nothing_in(name)
    lost = [c for c in _stored(registry_tables()[name]) if c not in found.columns]
    return found.assign(**dict.fromkeys(lost)) if lost else found


def shipped_tables() -> dict[str, pd.DataFrame]:
    """What the secretariat's note to the fifteenth Conference of the Parties itself says, in our words.

    Returns
    -------
    dict of DataFrame
        By table of the registry; each row has the paragraph of the note as its source.

    Examples
    --------
    >>> parties = shipped_tables()["request_parties"]
    >>> parties[parties["request"] == "central-asia"]["iso3"].tolist()
    ['KAZ', 'KGZ', 'TJK', 'TKM', 'UZB']
    """
    return {name: frame.copy() for name, frame in _shipped().items()}


def with_shipped(tables: Tables) -> dict[str, pd.DataFrame]:
    """Tables with the rows of the starting set beside them; of two rows with one key that of the tables stays.

    Parameters
    ----------
    tables : mapping of name to DataFrame

    Returns
    -------
    dict of DataFrame

    Examples
    --------
    >>> own = pd.DataFrame({"request": ["western-balkans"], "title": ["Ours"], "state": ["answered"], "source": ["letter"]})
    >>> both = with_shipped({"requests": own})["requests"]
    >>> both["request"].tolist(), both["title"].tolist()[0]
    (['western-balkans', 'central-asia'], 'Ours')
    """
    found = dict(tables)
    for name, rows in _shipped().items():
        if name in tables:
            key = list(registry_tables()[name].table.key)
            own = table_of(tables, name).astype("object")
            found[name] = pd.concat([own, rows.astype("object")], ignore_index=True).drop_duplicates(key, keep="first")
            found[name] = found[name].convert_dtypes()
        else:
            found[name] = rows.copy()
    return found


@cache
def _shipped() -> dict[str, pd.DataFrame]:
    return read_tables(SHIPPED)


@cache
def stated_numbers() -> dict[str, dict[str, str]]:
    """Numbers that the note states and no table of the registry holds, such as the targets of the Great Green Wall.

    Returns
    -------
    dict of dict
        By key: value, unit, period and source, as text.

    Examples
    --------
    >>> stated_numbers()["ggw_hectares"]["value"]
    '100000000'
    """
    return {row["key"]: row for row in read_rows(SHIPPED / f"{NUMBERS}.csv")}


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a folder of spreadsheets, each in a file of its own name (``requests.csv``, ``events.xlsx``).

    Parameters
    ----------
    folder : Path

    Returns
    -------
    dict of DataFrame
        By table of the registry, those alone that have rows. Dates are `datetime.date`; money is in the smallest units
        of its currency, whole numbers named ``<column>_minor``.

    Raises
    ------
    DataError
        No file of the folder is named after a table of the registry, or files are not as declared: all problems at once,
        with row and column.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "request_parties.csv").write_text("request;iso3" + chr(10) + "seeds;NER", encoding="utf-8")
    ...     read_tables(Path(folder))["request_parties"].values.tolist()
    [['seeds', 'NER']]
    """
    declared = registry_tables()
    files = [p for p in sorted(folder.glob("*")) if p.stem in declared and p.suffix.lower() in SUFFIXES]
    if not files:
        raise DataError(
            f"{folder} holds no table of the registry. Expected files such as requests.csv, events.csv or "
            f"partnerships.xlsx; tables: {', '.join(cooperation_tables())}."
        )
    found: dict[str, pd.DataFrame] = {}
    problems = Problems(f"the tables of {folder.name}")
    for path in files:
        if path.stem in found:
            problems.add(f"{path.stem} is there twice ({path.name}). Keep one file.")
            continue
        try:
            frame = read_table(path)
        except DataError as error:
            problems.add(str(error))
            continue
        if len(frame):
            found[path.stem] = frame
    problems.raise_if_any(DataError)
    return found


def read_table(path: Path) -> pd.DataFrame:
    """One table of the registry from a spreadsheet named after it.

    Parameters
    ----------
    path : Path
        ``.csv`` or ``.xlsx``, the name of the table before the dot.

    Returns
    -------
    DataFrame
        As of `read_tables`; its index is the row of the file. Headings without any row give no rows.

    Raises
    ------
    DataError
        All problems at once, with row and column.

    Examples
    --------
    >>> read_table(SHIPPED / "learning_needs.csv").empty
    True
    """
    declared = registry_tables()[path.stem]
    # Dates and money are read as text: the first have no number, the second no float.
    plain = tuple(replace(c, types=("text",), low=float("-inf"), high=float("inf")) if _as_text(c) else c
                  for c in declared.table.columns)  # fmt: skip
    needed = {c.column for c in declared.table.columns if not c.nullable}
    plain = tuple(replace(c, needs="" if c.column in needed else "what may be left out") for c in plain)
    table = replace(declared.table, columns=plain)
    if not read_sheet(path, table, path.name).rows:
        return nothing_in(path.stem)
    frame = read_given(path, table)
    problems = Problems(path.name)
    for column in declared.table.columns:
        if column.column not in frame:
            frame[column.column] = None
        elif "date" in column.types:
            frame[column.column] = [_day(problems, column.column, r, v) for r, v in frame[column.column].items()]
        elif column.unit == MONEY:
            frame[column.column] = pd.array(
                [_minor(problems, column.column, row, frame) for row in frame.index], dtype="Int64"
            )
    problems.raise_if_any(DataError)
    money = {c.column: f"{c.column}_minor" for c in declared.table.columns if c.unit == MONEY}
    more = [c for c in frame.columns if c not in {c.column for c in declared.table.columns}]
    return frame[[c.column for c in declared.table.columns] + more].rename(columns=money)


def _as_text(column: Column) -> bool:
    return "date" in column.types or column.unit == MONEY


def _stored(declared: Declared) -> Iterator[str]:
    """Columns as tables of reading have them."""
    for column in declared.table.columns:
        yield f"{column.column}_minor" if column.unit == MONEY else column.column


def _day(problems: Problems, column: str, row: object, value: Any) -> datetime.date | None:
    if gone(value):
        return None
    try:
        return datetime.date.fromisoformat(str(value)[:10])
    except ValueError:
        problems.add(f"{column}: row {row} ({value}): a day such as 2026-11-30 was expected.")
        return None


def _minor(problems: Problems, column: str, row: Any, frame: pd.DataFrame) -> int | None:
    value: Any = frame.at[row, column]
    currency: Any = frame.at[row, "currency"] if "currency" in frame else None
    if gone(value):
        return None
    if gone(currency):
        problems.add(f"{column}: row {row} ({value}): the currency is missing. Write one, such as XOF.")
        return None
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+", str(value).strip()):
        problems.add(
            f"{column}: row {row} ({value}): this could be a decimal comma or a mark of thousands. Write a point."
        )
        return None
    try:
        return to_minor(Decimal(str(value).replace(" ", "").replace(",", ".")), str(currency))
    except ArithmeticError:
        problems.add(f"{column}: row {row} ({value}): no amount. Write a number, such as 1250.50.")
    except DataError as error:
        problems.add(f"{column}: row {row} ({value}): {error}")
    return None
