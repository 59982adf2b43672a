# SPDX-License-Identifier: Apache-2.0
"""Tables of the registry from a folder of spreadsheets, without a database.

Dates are days such as 2026-11-30. Money is read as text, never as a float, and kept in the smallest units of its currency.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from homeground.accelerator.cooperation.tables import cooperation_tables, gone, nothing_in
from homeground.accelerator.registry.declared import MONEY, registry_tables
from homeground.catalogue.sheets import WORKBOOKS, read_sheet
from homeground.catalogue.tables import read_given
from homeground.errors import DataError, Problems
from homeground.numbers.money import from_minor, to_minor
from homeground.numbers.table import Column

SUFFIXES = (".csv", ".tsv", ".txt", *sorted(WORKBOOKS))


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a folder of spreadsheets.

    Parameters
    ----------
    folder : Path
        Files named by their tables (``requests.csv``, ``events.xlsx``), and workbooks whose sheets are. Others are left alone.

    Returns
    -------
    dict of DataFrame
        By table of the registry, those alone that have rows. Dates are `datetime.date`; money is in the smallest units
        of its currency, whole numbers named ``<column>_minor``. The index is the row of the file.

    Raises
    ------
    DataError
        No file or sheet of the folder is named after a table of the registry, or some are not as declared: all problems at
        once, with row and column.

    Examples
    --------
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "request_parties.csv").write_text("request;iso3" + chr(10) + "seeds;NER", encoding="utf-8")
    ...     read_tables(Path(folder))["request_parties"].values.tolist()
    [['seeds', 'NER']]
    """
    found: dict[str, pd.DataFrame] = {}
    problems = Problems(f"the tables of {folder.name}")
    with TemporaryDirectory(prefix="homeground.") as sheets:
        files = [p for p in sorted(folder.glob("*")) if p.suffix.lower() in SUFFIXES and not p.name.startswith("~$")]
        named = [p for p in files if p.stem in registry_tables()]
        books = [p for p in files if p.suffix.lower() in WORKBOOKS and p not in named]
        named += [sheet for book in books for sheet in _sheets(book, Path(sheets), problems)]
        problems.raise_if_any(DataError)
        if not named:
            raise DataError(
                f"{folder} holds no table of the registry. Expected files such as requests.csv, events.csv or "
                f"partnerships.xlsx, or sheets of these names; tables: {', '.join(cooperation_tables())}."
            )
        currencies: dict[str, str] = {}  # of projects, which transactions without a currency have
        for path in sorted(named, key=lambda p: list(registry_tables()).index(p.stem)):
            if path.stem in found:
                problems.add(f"{path.stem} is there twice. Keep one file or sheet.")
                continue
            try:
                frame = read_table(path, currencies)
            except DataError as error:
                problems.add(str(error))
                continue
            if len(frame):
                found[path.stem] = frame
            if path.stem == "projects" and len(frame):
                told = frame[frame["currency"].notna()]
                currencies = dict(zip(told["project"].astype("str"), told["currency"].astype("str"), strict=True))
    problems.raise_if_any(DataError)
    return found


def read_table(path: Path, currencies: Mapping[str, str] | None = None) -> pd.DataFrame:
    """One table of the registry from a spreadsheet named after it.

    Parameters
    ----------
    path : Path
        ``.csv`` or ``.xlsx``, the name of the table before the dot.
    currencies : mapping of project to currency, optional
        Which currency money of a project is in where its row says none.

    Returns
    -------
    DataFrame
        As of `read_tables`. Headings without any row give no rows.

    Raises
    ------
    DataError
        All problems at once, with row and column.

    Examples
    --------
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "exchange_rates.csv")
    ...     _ = path.write_text("currency,year,usd,source" + chr(10) + "EUR,2021,1.18,a bank", encoding="utf-8")
    ...     read_table(path)["usd"].tolist()
    [1.18]
    """
    declared = registry_tables()[path.stem].table
    table = replace(declared, columns=tuple(_as_given(column) for column in declared.columns))
    if not read_sheet(path, table, path.name).rows:
        return nothing_in(path.stem)
    frame = read_given(path, table)
    problems = Problems(path.name)
    for column in declared.columns:
        name = column.column
        if name not in frame:
            frame[name] = None
        elif "date" in column.types:
            frame[name] = pd.Series(
                [_day(problems, name, r, v) for r, v in frame[name].items()], frame.index, dtype="object"
            )
        elif column.unit == MONEY:
            told = [_minor(problems, column, row, frame, currencies or {}) for row in frame.index]
            frame[name] = pd.array(told, dtype="Int64")
    problems.raise_if_any(DataError)
    money = {c.column: f"{c.column}_minor" for c in declared.columns if c.unit == MONEY}
    more = [c for c in frame.columns if c not in {c.column for c in declared.columns}]
    return frame[[c.column for c in declared.columns] + more].rename(columns=money)


def _as_given(column: Column) -> Column:
    """A column as a file may hold it: what may be empty may be left out; days and money are read as text first."""
    needs = "what may be left out" if column.nullable else ""
    if "date" in column.types or column.unit == MONEY:
        return replace(column, types=("text",), low=float("-inf"), high=float("inf"), needs=needs)
    return replace(column, needs=needs)


def _sheets(book: Path, folder: Path, problems: Problems) -> Iterator[Path]:
    """Sheets of a workbook that are named by tables, each as a CSV of the same rows."""
    import openpyxl

    try:
        opened = openpyxl.load_workbook(book, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises many kinds
        problems.add(f"{book.name} cannot be read ({error}). Save it anew as .xlsx or CSV.")
        return
    with closing(opened):
        for sheet in opened.worksheets:
            if sheet.title not in registry_tables():
                continue
            path = folder / f"{sheet.title}.csv"
            if path.exists():
                problems.add(f"{sheet.title} is in several workbooks. Keep one sheet.")
                continue
            with path.open("w", encoding="utf-8", newline="") as file:
                rows = csv.writer(file)
                rows.writerows([_cell(value) for value in row] for row in sheet.iter_rows(values_only=True))
            yield path


def _cell(value: Any) -> Any:
    return value.date().isoformat() if isinstance(value, datetime.datetime) else value


def _day(problems: Problems, column: str, row: object, value: Any) -> datetime.date | None:
    if gone(value):
        return None
    try:
        return datetime.date.fromisoformat(str(value).removesuffix(" 00:00:00"))
    except ValueError:
        problems.add(f"{column}: row {row} ({value}): a day such as 2026-11-30 was expected.")
        return None


def _minor(
    problems: Problems, column: Column, row: Any, frame: pd.DataFrame, currencies: Mapping[str, str]
) -> int | None:
    """An amount in the smallest units of the currency of its row, or of its project."""
    value: Any = frame.at[row, column.column]
    currency: Any = frame.at[row, "currency"] if "currency" in frame else None
    if gone(value):
        return None
    where = f"{column.column}: row {row} ({value}): "
    if gone(currency):
        currency = currencies.get(str(frame.at[row, "project"])) if "project" in frame else None
    if currency is None:
        problems.add(f"{where}the currency is missing. Write one, such as XOF.")
        return None
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+", str(value).strip()):
        problems.add(f"{where}this could be a decimal comma or a mark of thousands. Write a point.")
        return None
    try:
        minor = to_minor(Decimal(re.sub(r"\s", "", str(value)).replace(",", ".")), str(currency))
    except ArithmeticError:
        problems.add(f"{where}no amount. Write a number, such as 1250.50.")
        return None
    except DataError as error:
        problems.add(f"{where}{error}")
        return None
    if from_minor(minor, str(currency)) < column.low:
        problems.add(f"{where}{column.low:g} or more was expected.")
    return minor
