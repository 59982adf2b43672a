# SPDX-License-Identifier: Apache-2.0
"""The tables that results and exports are made of, from a registry, a folder of filled templates, or single files."""

from __future__ import annotations

import datetime
import importlib
import math
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.accelerator.exports.cells import unmarked
from homeground.accelerator.registry.declared import MONEY, Declared, registry_tables
from homeground.accelerator.results.goals import observatory
from homeground.accelerator.results.series import text_of
from homeground.catalogue.sheets import read_sheet, word
from homeground.catalogue.tables import read_given
from homeground.errors import DataError, Problems
from homeground.extras import advice
from homeground.numbers.money import to_minor
from homeground.numbers.table import Column, Table

SHEETS = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm"}
FACE = "homeground.accelerator"  # its open_registry needs a database: taken when a registry is named
SQLITE = b"SQLite format 3\x00"
Tables = dict[str, pd.DataFrame]


def read_tables(given: Iterable[str | Path]) -> Tables:
    """All declared tables: those that are given, and empty ones for the rest.

    Parameters
    ----------
    given : iterable of str or Path
        A registry (file or URL), folders of spreadsheets, or spreadsheets.

    Returns
    -------
    dict of DataFrame
        By the names of the registry; columns as declared, money in smallest units as ``<column>_minor``. Indicators of the
        Observatory's template are there too where none of the same name is given.

    Raises
    ------
    DataError
        Nothing to read, or all that is wrong with the files at once.
    """
    sources = [str(one) for one in given]
    found: dict[str, list[pd.DataFrame]] = {}
    problems = Problems("these tables")
    for source in sources:
        if is_registry(source):
            _of_registry(source, found)
        else:
            _of_files(Path(source), found, problems)
    problems.raise_if_any(DataError)
    if not any(len(frame) for frames in found.values() for frame in frames):
        raise DataError(f"no table of the registry with rows is in {', '.join(sources) or 'what was named'}. Give a registry, or a "
                        "folder with spreadsheets named by their tables, such as actuals.csv.")  # fmt: skip
    tables = {name: _joined(found.get(name, []), one) for name, one in registry_tables().items()}
    _money(tables, problems)
    problems.raise_if_any(DataError)
    return with_observatory(tables)


def is_registry(source: str) -> bool:
    """Whether a name is of a registry and not of spreadsheets.

    Parameters
    ----------
    source : str
        A URL or a path.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_registry("postgresql://here/registry"), is_registry("templates")
    (True, False)
    """
    if "://" in source:
        return True
    path = Path(source)
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(SQLITE)) == SQLITE


def with_observatory(tables: Mapping[str, pd.DataFrame]) -> Tables:
    """Tables with the indicators of the Observatory's template added, those that are given staying as they are.

    Parameters
    ----------
    tables : mapping of DataFrame

    Returns
    -------
    dict of DataFrame

    Examples
    --------
    >>> empty = {name: pd.DataFrame(columns=[key]) for name, key in (("indicators", "indicator"), ("frameworks", "framework"))}
    >>> "ggw.restored" in set(with_observatory(empty)["indicators"]["indicator"])
    True
    """
    found = dict(tables)
    for name, key in (("frameworks", "framework"), ("indicators", "indicator")):
        ours = observatory(name)
        more = ours[~ours[key].isin(set(found[name][key].astype(str)))]
        found[name] = pd.concat([found[name].astype("object"), more.astype("object")], ignore_index=True)
    return found


def empty_tables() -> Tables:
    """All declared tables without rows.

    Returns
    -------
    dict of DataFrame
        Columns as declared, money as ``<column>_minor``.

    Examples
    --------
    >>> empty_tables()["exchange_rates"].columns.tolist()
    ['currency', 'year', 'usd', 'source']
    """
    found: Tables = {}
    for name, declared in registry_tables().items():
        columns = [f"{c.column}_minor" if c.unit == MONEY else c.column for c in declared.table.columns]
        found[name] = pd.DataFrame(columns=columns, dtype="object")
    return found


def folder_of(sources: Iterable[str]) -> Path | None:
    """Where files lie that tables name, such as outlines of places: beside the first spreadsheet.

    Parameters
    ----------
    sources : iterable of str
        As `read_tables` takes them.

    Returns
    -------
    Path or None

    Examples
    --------
    >>> folder_of(["postgresql://here/registry"]) is None
    True
    """
    for source in sources:
        if "://" not in source:
            return Path(source) if Path(source).is_dir() else Path(source).parent
    return None


def read_comparison(path: Path) -> pd.DataFrame:
    """A table of places of projects against like places outside.

    Parameters
    ----------
    path : Path
        CSV or workbook: indicator, place, measure, inside, outside; low, high and source where known.

    Returns
    -------
    DataFrame

    Raises
    ------
    DataError
        All that is wrong with it.
    """
    texts = [_column("indicator"), _column("place"), _column("measure"), _column("source", needs="where known")]
    numbers = [_column(n, "number") for n in ("inside", "outside")]
    interval = [_column(n, "number", needs="where known") for n in ("low", "high")]
    return read_given(path, Table("comparison", (*texts, *numbers, *interval), (), "places against like places", ""))


def _column(name: str, kind: str = "text", *, needs: str = "") -> Column:
    return Column(name, (kind,), "", "", -math.inf, math.inf, (), bool(needs), needs, name)


def _of_registry(source: str, found: dict[str, list[pd.DataFrame]]) -> None:
    with closing(opened(source)) as registry:
        for name in registry_tables():
            found.setdefault(name, []).append(registry.table(name))


def opened(source: str) -> Any:
    """A registry by its name.

    Parameters
    ----------
    source : str
        A file or a URL.

    Returns
    -------
    Registry

    Raises
    ------
    DataError
        What it needs is not installed.
    """
    try:
        return importlib.import_module(FACE).open_registry(source)
    except (ImportError, AttributeError) as error:
        raise DataError(f"a registry needs {error.name}. {advice('accelerator')}") from error


def _of_files(path: Path, found: dict[str, list[pd.DataFrame]], problems: Problems) -> None:
    if not path.exists():
        problems.add(f"{path} is not there. Look at its name.")
        return
    files = sorted(p for p in path.iterdir() if p.suffix.lower() in SHEETS) if path.is_dir() else [path]
    by_word = {word(name): name for name in registry_tables()}
    for file in files:
        named = by_word.get(word(file.stem))
        wanted = [named] if named else list(registry_tables()) if file.suffix.lower() in (".xlsx", ".xlsm") else []
        if not wanted:
            if file == path:
                problems.add(f"{file.name} is named by no table of the registry. Call it such as actuals.csv.")
            continue
        for name in wanted:
            try:
                frame = _read(file, registry_tables()[name].table, sure=named is not None)
            except DataError as error:
                problems.add(str(error))
                continue
            if frame is not None:
                found.setdefault(name, []).append(frame)


def _read(path: Path, declared: Table, *, sure: bool) -> pd.DataFrame | None:
    """One table of a file; None where the file does not hold it."""
    sheet = read_sheet(path, declared, path.name)
    headings = {word(one) for one in sheet.headings}
    if not sure and not {word(c.column) for c in declared.columns} <= headings:
        return None
    if not sheet.rows:
        return None
    asked = replace(declared, columns=tuple(_as_given(column) for column in declared.columns))
    table = read_given(path, asked, also=lambda rows: _day_faults(rows, declared))
    for column in declared.columns:
        if column.types == ("date",) and column.column in table:
            table[column.column] = pd.Series([_day(cell) for cell in table[column.column]], table.index, dtype="object")
        elif column.column not in table:
            table[column.column] = None
        elif column.types == ("text",):
            cells = table[column.column].astype("object")
            table[column.column] = cells.map(lambda cell: unmarked(cell) if isinstance(cell, str) else None)
    return table[[c.column for c in declared.columns]].astype({c.column: "object" for c in declared.columns})


def _as_given(column: Column) -> Column:
    """A column as a file may hold it: dates are read as text first, and what may be empty may be left out."""
    types = ("text",) if column.types == ("date",) else column.types
    return replace(column, types=types, needs="what is known" if column.nullable else "")


def _day_faults(rows: pd.DataFrame, declared: Table) -> Iterable[str]:
    for column in declared.columns:
        if column.types == ("date",) and column.column in rows:
            wrong = [(row, cell) for row, cell in rows[column.column].items() if text_of(cell) and _day(cell) is None]
            if wrong:
                told = ", ".join(f"row {row} ({cell})" for row, cell in wrong[:8])
                yield f"{column.column}: {told}: a day such as 2024-12-31 was expected; nobody can misread it."


def _day(cell: Any) -> datetime.date | None:
    text = text_of(cell).partition(" ")[0].partition("T")[0]
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _joined(frames: list[pd.DataFrame], declared: Declared) -> pd.DataFrame:
    held = [frame for frame in frames if len(frame)]
    if held:
        joined = pd.concat([frame.astype("object") for frame in held]) if len(held) > 1 else held[0]
        return joined.astype("object").where(joined.notna(), None)
    return pd.DataFrame(columns=[c.column for c in declared.table.columns], dtype="object")


def _money(tables: Tables, problems: Problems) -> None:
    """Amounts of spreadsheets in the smallest units of their currency; those of a registry are so already."""
    projects = tables["projects"].to_dict("records")
    of_project = {str(row["project"]): text_of(row.get("currency")) for row in projects}
    for name, declared in registry_tables().items():
        table = tables[name]
        for column in [c.column for c in declared.table.columns if c.unit == MONEY]:
            held = table[column + "_minor"].tolist() if column + "_minor" in table else [None] * len(table)
            minor = [None if pd.isna(value) else int(value) for value in held]
            for at, (row, cells) in enumerate(zip(table.index, table.to_dict("records"), strict=True)):
                value = cells.get(column)
                if minor[at] is not None or value is None or (isinstance(value, float) and math.isnan(value)):
                    continue
                currency = text_of(cells.get("currency")) or of_project.get(text_of(cells.get("project")), "")
                try:
                    if not currency:
                        raise DataError("no currency, and none of its project. Write a code such as XOF.")
                    minor[at] = to_minor(Decimal(repr(float(value))), currency)
                except DataError as error:
                    problems.add(f"{name}, row {row}, {column}: {error}")
            amounts = pd.Series(pd.array(minor, dtype="Int64"), table.index)
            tables[name] = table = table.drop(columns=column, errors="ignore").assign(**{f"{column}_minor": amounts})
