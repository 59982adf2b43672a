# SPDX-License-Identifier: Apache-2.0
"""Tables of the registry from a folder of spreadsheets, without a database."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.accelerator.registry.declared import MONEY, Declared, registry_tables
from homeground.catalogue.sheets import WORKBOOKS
from homeground.catalogue.tables import read_given
from homeground.errors import DataError, Problems
from homeground.numbers.money import currencies, minor_digits, to_minor
from homeground.numbers.table import Table

SUFFIXES = {".csv", ".txt", ".tsv", *WORKBOOKS}


def read_folder(folder: Path) -> dict[str, pd.DataFrame]:
    r"""All tables of the registry that lie in a folder.

    Parameters
    ----------
    folder : Path
        CSV files named as the tables (``transactions.csv``), and workbooks whose sheets are named so.

    Returns
    -------
    dict of DataFrame
        By table: money as int64 in smallest units (``amount_minor``), dates as datetime64; columns that may be empty may
        be missing. Files of other names are left alone.

    Raises
    ------
    DataError
        No file of these names, or all that is wrong with any of them.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> text = "transaction;project;kind;date;amount;currency\nT1;P;disbursement;2024-03-01;1250,50;EUR\n"
    >>> with TemporaryDirectory() as place:
    ...     _ = Path(place, "transactions.csv").write_text(text, encoding="utf-8")
    ...     read_folder(Path(place))["transactions"]["amount_minor"].tolist()
    [125050]
    """
    problems = Problems(folder.name)
    found: dict[str, pd.DataFrame] = {}
    for name, path in _files(folder):
        try:
            table = read_table(path, registry_tables()[name])
        except DataError as error:
            problems.add(str(error))
            continue
        found[name] = pd.concat([found[name], table], ignore_index=True) if name in found else table
    problems.raise_if_any(DataError)
    if not found:
        known = ", ".join(f"{name}.csv" for name in registry_tables())
        raise DataError(f"{folder} holds no table of the registry. Name its files so: {known}.")
    return found


def read_table(path: Path, declared: Declared) -> pd.DataFrame:
    r"""One table of the registry from a spreadsheet.

    Parameters
    ----------
    path : Path
        CSV or workbook.
    declared : Declared
        Of `registry_tables`.

    Returns
    -------
    DataFrame

    Raises
    ------
    DataError
        All that is wrong with it, by rows and columns: what `read_given` finds, unknown currencies, decimals that a
        currency does not have, dates that are not written as 2024-03-01.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place:
    ...     _ = Path(place, "r.csv").write_text("currency,year,usd,source\nXOF,2024,0.00165,IMF\n", encoding="utf-8")
    ...     read_table(Path(place, "r.csv"), registry_tables()["exchange_rates"])["usd"].tolist()
    [0.00165]
    """
    table = declared.table
    dates = [c.column for c in table.columns if "date" in c.types]
    money = [c.column for c in table.columns if c.unit == MONEY]
    asked = tuple(
        replace(
            c, types=("text",) if c.column in dates else c.types, needs="a row that knows it" if c.nullable else c.needs
        )
        for c in table.columns
    )
    asked_table = Table(table.table, asked, table.key, table.description, table.empty)
    given = read_given(path, asked_table, known={"currency": currencies()})
    problems = Problems(path.name)
    for name in [d for d in dates if d in given]:
        given[name] = pd.Series(list(_days(given[name], problems)), given.index, dtype="datetime64[ns]")
    for name in money:
        given[f"{name}_minor"] = pd.Series(list(_minor(given, name, problems)), given.index, dtype="int64")
        given = given.drop(columns=name)
    problems.raise_if_any(DataError)
    texts = [c for c in given if isinstance(given[c].dtype, pd.StringDtype)]
    return given.astype(dict.fromkeys(texts, "object")).reset_index(drop=True)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in SUFFIXES or path.name.startswith("~$"):
            continue
        if path.suffix.lower() not in WORKBOOKS or path.stem in registry_tables():
            if path.stem in registry_tables():
                yield path.stem, path
            continue
        for sheet in _sheets(path):
            if sheet in registry_tables():
                yield sheet, path


def _sheets(path: Path) -> list[str]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except Exception as error:  # openpyxl raises many kinds
        raise DataError(f"{path.name} cannot be read ({error}). Save it anew as .xlsx or CSV.") from error
    try:
        return list(book.sheetnames)
    finally:
        book.close()


def _days(cells: pd.Series[Any], problems: Problems) -> Iterator[Any]:
    for row, cell in cells.items():
        if pd.isna(cell):
            yield pd.NaT
            continue
        try:
            yield pd.Timestamp(datetime.date.fromisoformat(str(cell).removesuffix(" 00:00:00")))
        except ValueError:
            problems.add(
                f'{cells.name}: row {row} ("{cell}"): a day such as 2024-03-01 was expected; other ways of writing it can be '
                "read in two ways. Write year, month and day so."
            )
            yield pd.NaT


def _minor(given: pd.DataFrame, name: str, problems: Problems) -> Iterator[int]:
    """Money in smallest units; where no row says the currency it cannot be told how small they are."""
    for row, (amount, currency) in zip(given.index, given[[name, "currency"]].to_numpy().tolist(), strict=True):
        if pd.isna(currency):
            problems.add(f"currency: row {row}: write the currency of the row, such as XOF.")
            yield 0
            continue
        try:
            yield to_minor(Decimal(repr(float(amount))).normalize(), str(currency))
        except DataError:
            digits = minor_digits(str(currency))
            problems.add(
                f"{name}: row {row} ({amount:g} {currency}): {currency} has {digits} decimals. Round the amount."
            )
            yield 0
