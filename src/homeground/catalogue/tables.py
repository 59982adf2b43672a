# SPDX-License-Identifier: Apache-2.0
"""One reader for every table that people give: CSV in any of the ways that spreadsheets write it, and workbooks.

Comma, semicolon or tab; decimal point or comma; UTF-8 with or without a byte order mark, UTF-16 or Windows-1252. Cells are
read as text first, so that "NA", "NO", "TRUE" and leading zeros stay what they are where text is meant; what a column must
hold comes from its declaration. All that is wrong with a file is told at once, by its own rows and columns.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.catalogue.sheets import SPACES, THOUSANDS, number_of, read_sheet, word
from homeground.errors import DataError, Problems
from homeground.numbers.table import Column, Table
from homeground.numbers.table_check import check

NOTHING = {"", "na", "n/a", "nan", "null", "none", "-", "–", "…", ".."}  # of a number that is not known
MOST_TOLD = 8  # rows that one sentence names
Codes = Mapping[str, str]  # what may stand in a column, each with its name


def read_given(
    path: Path,
    declared: Table,
    *,
    known: Mapping[str, Codes] | None = None,
    more: bool = True,
    what: str = "",
    also: Callable[[pd.DataFrame], Iterable[str]] | None = None,
) -> pd.DataFrame:
    """A table that people give, as its declaration has it.

    Parameters
    ----------
    path : Path
        ``.csv``, ``.txt``, ``.tsv`` or ``.xlsx`` (its first sheet that has the columns).
    declared : Table
        Of `homeground.study.tables.given_tables`.
    known : mapping of column to mapping of code to name, optional
        Codes that a column may hold, such as regions or countries; an unknown one is refused with the nearest.
    more : bool, optional
        Whether columns beyond those declared are let pass (and kept as text); else they are refused.
    what : str, optional
        What the table is called in errors, such as "data.population".
    also : function, optional
        What else is wrong with the rows that are as declared, one sentence each, told with all other problems.

    Returns
    -------
    DataFrame
        Columns in the order of the declaration, under its names: text as str, whole numbers as int64 (Int64 with gaps),
        numbers as float64. Its index, called row, is the number of the row in the file.

    Raises
    ------
    DataError
        All problems at once, with row and column: see `check`; numbers that could be read in two ways; fractions of
        persons; unknown codes; no rows.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from homeground.study.tables import given_tables
    >>> people = given_tables()["data.population"].table
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "people.csv")
    ...     _ = file.write_bytes(b"Region_ID;Population;Year;Source" + bytes([10]) + b"007;31 301;2013;census")
    ...     read_given(file, people).values.tolist()
    [['007', 31301.0, 2013, 'census']]
    """
    where = f"{what}: {path.name}" if what else path.name
    problems = Problems(where)
    sheet = read_sheet(path, declared, where)
    names, faults = _named(sheet.headings, declared, more)
    problems.extend(faults)
    if not sheet.rows:
        problems.add("has headings and no rows. Fill it in, or leave it out of the study.")
    problems.raise_if_any(DataError)
    rows = pd.Index([number for number, _ in sheet.rows], name="row")
    columns = {c.column: c for c in declared.columns}
    found: dict[str, pd.Series[Any]] = {}
    wrong: dict[str, set[int]] = {}  # rows that cannot be read, by column
    for place, name in names.items():
        cells = pd.Series([row[place] if place < len(row) else "" for _, row in sheet.rows], rows, dtype="object")
        if name in columns:
            codes = (known or {}).get(name, {})
            found[name], unread = _typed(cells, columns[name], codes, comma=sheet.comma)
            wrong[name] = set(unread)
            problems.extend(_told(cells, unread, name))
        else:
            found[name] = cells.where(cells != "", None).astype("str")
    order = [c for c in columns if c in found] + [c for c in found if c not in columns]
    table = pd.DataFrame({name: found[name] for name in order}, index=rows)
    problems.extend(_against(table, declared, wrong))
    for name, codes in (known or {}).items():
        if name in table and "text" in columns[name].types:
            problems.extend(_unknown(table[name], codes, name))
    good = table.drop(list(set[int]().union(*wrong.values())))
    if also is not None and len(good):
        problems.extend(also(good))
    problems.raise_if_any(DataError)
    return table


def _against(table: pd.DataFrame, declared: Table, wrong: Mapping[str, set[int]]) -> Iterator[str]:
    """What is wrong with what could be read, held against the declaration, by the rows of the file."""
    for column in declared.columns:
        if column.column in table:
            part = table[[column.column]].drop(list(wrong[column.column]))
            yield from _checked(part, Table(declared.table, (column,), (), declared.description, ""))
    keys = [c for c in declared.columns if c.column in declared.key and c.column in table]
    part = table.drop(list(set[int]().union(*(wrong[c.column] for c in keys))))[[c.column for c in keys]]
    of_any = tuple(replace(c, low=-math.inf, high=math.inf, values=(), nullable=True) for c in keys)
    yield from _checked(part, Table(declared.table, of_any, tuple(c.column for c in keys), declared.description, ""))


def _checked(table: pd.DataFrame, declared: Table) -> Iterator[str]:
    """`check`, which counts rows from 0, with the numbers that the file gives them."""
    rows = table.index.tolist()
    for sentence in check(table.reset_index(drop=True), declared, first_row=0):
        yield re.sub(r"\brow (\d+)", lambda found: f"row {rows[int(found[1])]}", sentence)


def _named(headings: Sequence[str], declared: Table, more: bool) -> tuple[dict[int, str], list[str]]:
    """Which column of the file is which of the declaration, and what is wrong with the headings."""
    by_word = {word(c.column): c.column for c in declared.columns}
    names: dict[int, str] = {}
    problems: list[str] = []
    for place, heading in enumerate(headings):
        if not heading:
            continue
        name = by_word.get(word(heading), heading)
        if name in names.values():
            problems.append(f'has the column "{name}" twice. Keep one.')
        elif name == heading and word(heading) not in by_word and not more:
            near = difflib.get_close_matches(word(heading), list(by_word), n=1, cutoff=0.7)
            hint = f' Did you mean "{by_word[near[0]]}"?' if near else ""
            problems.append(f'has a column "{heading}" that is not known.{hint}')
        names[place] = name
    lost = [c for c in declared.always if c not in names.values()]
    for column in lost:
        near = difflib.get_close_matches(word(column), [word(h) for h in headings], n=1, cutoff=0.7)
        hint = f' Did you mean to call "{near[0]}" so?' if near else ""
        problems.append(f'lacks the column "{column}"; it has {", ".join(h for h in headings if h) or "none"}.{hint}')
    return names, problems


def _typed(
    cells: pd.Series[Any], column: Column, codes: Codes, *, comma: bool | None
) -> tuple[pd.Series[Any], dict[int, str]]:
    """The cells of a column in its type, and why those of some rows cannot be."""
    if not {"integer", "number"} & set(column.types):
        spelled = {value.lower(): value for value in column.values}  # "Degraded" is degraded
        found = cells.map(lambda cell: spelled.get(cell.lower(), cell))
        return found.where(found != "", None).astype("str"), {}
    words = "text" in column.types
    values: list[float | str | None] = []
    faults: dict[int, str] = {}
    for row, cell in cells.items():
        value = None if cell.lower() in NOTHING else number_of(cell, comma=comma)
        if cell.lower() in NOTHING or (value is None and words):
            values.append(None if cell.lower() in NOTHING else cell)
        elif fault := _number_fault(cell, value, column, comma):
            faults[int(str(row))] = fault + (_meant(cell, codes) if value is None else "")
            values.append(None)
        else:
            values.append(value)
    if words:
        plain = [int(v) if isinstance(v, float) and v.is_integer() else v for v in values]
        return pd.Series(plain, cells.index, dtype="object"), faults
    series = pd.Series([math.nan if v is None else v for v in values], cells.index, dtype="float64")
    if "number" not in column.types:
        return (series.astype("Int64") if series.isna().any() else series.astype("int64")), faults
    return series, faults


def _told(cells: pd.Series[Any], faults: Mapping[int, str], column: str) -> Iterator[str]:
    """One sentence for each kind of fault, with the rows and what stands there."""
    for fault in dict.fromkeys(faults.values()):
        rows = [f"row {row} ({cells[row]})" for row, one in faults.items() if one == fault]
        yield f"{column}: {_listed(rows)}: {fault}"


def _number_fault(cell: str, value: float | None, column: Column, comma: bool | None) -> str:
    """Why a cell is no number that the column may hold; "" where it is one."""
    if value is None:
        return "a number was expected."
    if value in (float("inf"), float("-inf")):
        return "a finite number was expected."
    whole = column.unit == "persons" or "number" not in column.types
    if whole and THOUSANDS.fullmatch(SPACES.sub("", cell)) and comma is None:
        plain = re.sub(r"[.,]", "", cell)
        return (
            f"a whole number was expected, and this could be read in two ways. Write it without marks, such as {plain}."
        )
    if whole and not value.is_integer():
        kind = "a count of persons has no decimals" if column.unit == "persons" else "a whole number was expected"
        return f"{kind}. If its point or comma parts thousands, write it without."
    if not whole and "," in cell and "." not in cell and comma is None and THOUSANDS.fullmatch(SPACES.sub("", cell)):
        return "this could be a decimal comma or a mark of thousands. Write it with a decimal point, or without marks."
    return ""


def _unknown(values: pd.Series[Any], codes: Codes, column: str) -> Iterator[str]:
    """Codes that are not among the known ones, each with the nearest."""
    for code in dict.fromkeys(str(v) for v in values.dropna() if str(v) not in codes):
        rows = _listed([f"row {row}" for row in values.index[values.astype("str") == code]])
        yield f'{column}: "{code}" ({rows}) is not known.{_meant(code, codes)}'


def _meant(found: str, codes: Codes) -> str:
    """The known code that what stands there may have been meant for, by code or name; some of the known where none is near."""
    if not codes:
        return ""
    words = {one.lower().replace("_", " "): code for code, name in codes.items() for one in (code, name)}
    near = difflib.get_close_matches(found.lower().replace("_", " "), list(words), n=1, cutoff=0.6)
    if not near:
        return f" Known: {', '.join(list(codes)[:MOST_TOLD])}{', ...' if len(codes) > MOST_TOLD else ''}."
    code = words[near[0]]
    return f" Did you mean {code}{f' ({codes[code]})' if codes[code] != code else ''}?"


def _listed(places: Sequence[str]) -> str:
    return ", ".join(places[:MOST_TOLD]) + (f" and {len(places) - MOST_TOLD} more" if len(places) > MOST_TOLD else "")
