# SPDX-License-Identifier: Apache-2.0
"""All tables as one workbook in the form of the templates: what is exported can be brought back as it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from homeground.accelerator.exports.writing import book_bytes, new_book, put_table, write_whole
from homeground.accelerator.registry.declared import MONEY, registry_tables
from homeground.accelerator.results.series import text_of
from homeground.numbers.money import from_minor


def as_given(name: str, table: pd.DataFrame, currencies: Mapping[str, str]) -> pd.DataFrame:
    """A table of the registry as people fill it in: columns as declared, amounts in whole units of their currency.

    Parameters
    ----------
    name : str
        Of the table.
    table : DataFrame
        Money in smallest units.
    currencies : mapping of project to currency
        For rows that name none.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> paid = pd.DataFrame({"transaction": ["t"], "project": "p", "amount_minor": [1250], "currency": None})
    >>> as_given("transactions", paid, {"p": "USD"})["amount"].tolist()
    [Decimal('12.50')]
    """
    found = {}
    for column in registry_tables()[name].table.columns:
        if column.unit == MONEY:
            cells = []
            for row in table.to_dict("records"):
                minor = row.get(f"{column.column}_minor")
                currency = text_of(row.get("currency")) or currencies.get(text_of(row.get("project")), "")
                known = minor is not None and not pd.isna(minor) and currency
                cells.append(from_minor(int(minor), currency) if known else None)  # type: ignore[arg-type]
            found[column.column] = cells
        else:
            found[column.column] = table[column.column].tolist() if column.column in table else [None] * len(table)
    return pd.DataFrame(found, dtype="object")


def write_tables(tables: Mapping[str, pd.DataFrame], path: Path) -> Path:
    """Write all tables that have rows, a sheet each, in the order of their keys.

    Parameters
    ----------
    tables : mapping of DataFrame
        As declared in the registry.
    path : Path
        Of the workbook.

    Returns
    -------
    Path

    Raises
    ------
    DataError
        It cannot be written.
    """
    book = new_book()
    currencies = {str(r["project"]): text_of(r.get("currency")) for r in tables["projects"].to_dict("records")}
    for name, declared in registry_tables().items():
        if len(tables[name]):
            given = as_given(name, tables[name], currencies)
            put_table(book, name, given.sort_values(list(declared.table.key), kind="stable"), bare=True)
    if not book.sheetnames:
        book.create_sheet("nothing")
    return write_whole(path, book_bytes(book))
