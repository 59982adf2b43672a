# SPDX-License-Identifier: Apache-2.0
"""One reader for every table that people give: CSV in any of the ways that spreadsheets write it, and workbooks.

Comma, semicolon or tab; decimal point or comma; UTF-8 with or without a byte order mark, UTF-16 or Windows-1252. Cells are
read as text first, so that "NA", "NO", "TRUE" and leading zeros stay what they are where text is meant; what a column must
hold comes from its declaration. All that is wrong with a file is told at once, by its own rows and columns.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from homeground.errors import DataError, Problems
from homeground.numbers.table import Column, Table
from homeground.numbers.table_check import check

MARKS = (",", ";", "\t")
NOTHING = {"", "na", "n/a", "nan", "null", "none", "-", "–", "…", ".."}  # of a number that is not known
SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009'’](?=\d{3})")  # that part thousands
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.I)
THOUSANDS = re.compile(r"[+-]?\d{1,3}([.,]\d{3})+")
WORKBOOKS = {".xlsx", ".xlsm"}
NOT_STATED = "not stated"  # legal for the year of a price: it is told, and no deflator is made up
MOST_TOLD = 8  # rows that one sentence names


@dataclass(frozen=True)
class Sheet:
    """Cells of a file as text, with the number of each row in the file."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    comma: bool | None  # whether its numbers have a decimal comma; None where no cell tells


def read_given(
    path: Path,
    declared: Table,
    *,
    known: Mapping[str, Mapping[str, str]] | None = None,
    more: bool = True,
    what: str = "",
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

    Returns
    -------
    DataFrame
        Columns in the order of the declaration, under its names: text as str, whole numbers as int64 (Int64 with gaps),
        numbers as float64. Its index is the number of the row in the file.

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
    sheet = _sheet(path, declared, where)
    names, faults = _named(sheet.headings, declared, more)
    problems.extend(faults)
    problems.raise_if_any(DataError)
    if not sheet.rows:
        raise DataError(f"{where}: has headings and no rows. Fill it in, or leave it out of the study.")
    numbers = [number for number, _ in sheet.rows]
    columns = {c.column: c for c in declared.columns}
    found: dict[str, pd.Series[Any]] = {}
    for place, name in names.items():
        cells = [row[place] if place < len(row) else "" for _, row in sheet.rows]
        if name in columns:
            found[name], faults = _typed(cells, numbers, columns[name], comma=sheet.comma)
            problems.extend(faults)
        else:
            found[name] = pd.Series(cells, index=numbers, dtype="str")
    problems.raise_if_any(DataError)
    order = [c for c in columns if c in found] + [c for c in found if c not in columns]
    table = pd.DataFrame({name: found[name] for name in order}, index=numbers)
    told = check(table[[c for c in columns if c in table]].reset_index(drop=True), declared, first_row=0)
    problems.extend(_rows_of_file(sentence, numbers) for sentence in told)
    for column, codes in (known or {}).items():
        if column in table:
            problems.extend(_unknown(table[column], codes, column))
    problems.raise_if_any(DataError)
    return table


def decode(content: bytes) -> str:
    """Text of a file, whatever a spreadsheet wrote it in.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    str

    Examples
    --------
    >>> [decode("forêt".encode(how)) for how in ("utf-8", "utf-8-sig", "utf-16", "cp1252")]
    ['forêt', 'forêt', 'forêt', 'forêt']
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def number_of(text: str, *, comma: bool | None = None) -> float | None:
    """The number that a cell holds; None where it is none.

    Parameters
    ----------
    text : str
    comma : bool, optional
        Whether the file has a decimal comma.

    Returns
    -------
    float or None

    Examples
    --------
    >>> number_of("1 234,5", comma=True), number_of("1,234.5"), number_of("1e6"), number_of("0,5"), number_of("many")
    (1234.5, 1234.5, 1000000.0, 0.5, None)
    """
    plain = SPACES.sub("", text.strip().replace("\u2212", "-"))
    if comma is None:
        comma = _comma(plain)
    if comma:
        plain = plain.replace(".", "").replace(",", ".")
    else:
        plain = plain.replace(",", "") if THOUSANDS.match(plain.split(".")[0]) else plain
    return float(plain) if PLAIN.fullmatch(plain) else None


def _comma(text: str) -> bool | None:
    """Whether a cell shows a decimal comma; None where it could be either or has none."""
    points, commas = text.count("."), text.count(",")
    if points and commas:
        return text.rindex(",") > text.rindex(".")
    if points > 1 or commas > 1:
        return points > 1
    if commas and not THOUSANDS.fullmatch(text):
        return True
    if points and not THOUSANDS.fullmatch(text):
        return False
    return None


def _sheet(path: Path, declared: Table, where: str) -> Sheet:
    try:
        if path.suffix.lower() in WORKBOOKS:
            return _of_workbook(path, declared)
        text = decode(path.read_bytes())
    except OSError as error:
        raise DataError(f"{where} cannot be read ({error.strerror}). Close it in other programs.") from error
    except Exception as error:  # openpyxl raises many kinds
        raise DataError(f"{where} cannot be read ({error}). Save it anew as .xlsx or CSV.") from error
    if "\x00" in text:
        raise DataError(f"{where} is no table of text. Save it as CSV or .xlsx.")
    mark = _mark(text, declared)
    lines = csv.reader(io.StringIO(text), delimiter=mark)
    return _laid_out(((i, tuple(row)) for i, row in enumerate(lines, start=1)), decimal_comma_by=mark)


def _mark(text: str, declared: Table) -> str:
    """What parts the cells: the mark under which most declared headings are found."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    wanted = {_word(c.column) for c in declared.columns}

    def found(mark: str) -> tuple[int, int]:
        words = {_word(one) for one in next(csv.reader([line], delimiter=mark), [])}
        return len(words & wanted), len(words)

    return max(MARKS, key=found)


def _of_workbook(path: Path, declared: Table) -> Sheet:
    """The first sheet that has the columns; the first one where none has."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    wanted = {_word(name) for name in declared.always}
    sheets = []
    for sheet in book.worksheets:
        rows = ((i, tuple(_cell(value) for value in row)) for i, row in enumerate(sheet.iter_rows(values_only=True), 1))
        sheets.append(_laid_out(rows, decimal_comma_by=""))
        if wanted <= {_word(name) for name in sheets[-1].headings}:
            return sheets[-1]
    return sheets[0]


def _cell(value: Any) -> str:
    """A cell of a workbook as text; whole numbers without a fraction, as they are shown."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)


def _laid_out(lines: Iterable[tuple[int, tuple[str, ...]]], *, decimal_comma_by: str) -> Sheet:
    """Headings and rows, blank ones left out, and whether the numbers show a decimal comma."""
    held = [(number, row) for number, row in lines if any(cell.strip() for cell in row)]
    headings = tuple(cell.strip() for cell in held[0][1]) if held else ()
    rows = tuple((number, tuple(cell.strip() for cell in row)) for number, row in held[1:])
    numeric = [
        SPACES.sub("", cell) for _, row in rows for cell in row if re.fullmatch(r"[+-]?[\d., \u00a0\u202f'’]+", cell)
    ]
    shown = {_comma(cell) for cell in numeric} - {None}
    comma = shown.pop() if len(shown) == 1 else None
    return Sheet(headings, rows, comma)


def _word(heading: str) -> str:
    return re.sub(r"[\s_]+", " ", heading.replace("\ufeff", "").strip().lower())


def _named(headings: Sequence[str], declared: Table, more: bool) -> tuple[dict[int, str], list[str]]:
    """Which column of the file is which of the declaration, and what is wrong with the headings."""
    by_word = {_word(c.column): c.column for c in declared.columns}
    names: dict[int, str] = {}
    problems: list[str] = []
    for place, heading in enumerate(headings):
        if not heading:
            continue
        name = by_word.get(_word(heading), heading)
        if name in names.values():
            problems.append(f'has the column "{name}" twice. Keep one.')
        elif name == heading and _word(heading) not in by_word and not more:
            near = difflib.get_close_matches(_word(heading), list(by_word), n=1, cutoff=0.7)
            hint = f' Did you mean "{by_word[near[0]]}"?' if near else ""
            problems.append(f'has a column "{heading}" that is not known.{hint}')
        names[place] = name
    lost = [c for c in declared.always if c not in names.values()]
    for column in lost:
        near = difflib.get_close_matches(_word(column), [_word(h) for h in headings], n=1, cutoff=0.7)
        hint = f' Did you mean to call "{near[0]}" so?' if near else ""
        problems.append(f'lacks the column "{column}"; it has {", ".join(h for h in headings if h) or "none"}.{hint}')
    return names, problems


def _typed(
    cells: Sequence[str], rows: Sequence[int], column: Column, *, comma: bool | None
) -> tuple[pd.Series[Any], list[str]]:
    """The cells of a column in its type, and those that cannot be."""
    if not {"integer", "number"} & set(column.types):
        return pd.Series([cell or None for cell in cells], index=list(rows), dtype="str"), []
    words = "text" in column.types
    values: list[float | str | None] = []
    wrong: dict[str, list[str]] = {}
    for row, cell in zip(rows, cells, strict=True):
        if cell.lower() in NOTHING:
            values.append(None)
            continue
        value = number_of(cell, comma=comma)
        fault = "" if value is None and words else _number_fault(cell, value, column, comma)
        if fault:
            wrong.setdefault(fault, []).append(f"row {row} ({cell})")
        values.append(cell if value is None else value)
    problems = [f"{column.column}: {_listed(at)}: {fault}" for fault, at in wrong.items()]
    if problems:
        return pd.Series(dtype="float64"), problems
    if words:
        return pd.Series(
            [int(v) if isinstance(v, float) and v.is_integer() else v for v in values], index=list(rows), dtype="object"
        ), []
    series = pd.Series([float("nan") if v is None else v for v in values], index=list(rows), dtype="float64")
    if "number" not in column.types:
        return (series.astype("Int64") if series.isna().any() else series.astype("int64")), []
    return series, []


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


def _unknown(values: pd.Series[Any], codes: Mapping[str, str], column: str) -> Iterable[str]:
    """Codes that are not among the known ones, each with the nearest."""
    words = {word.lower(): code for code, name in codes.items() for word in (code, name)}
    for code in dict.fromkeys(str(v) for v in values.dropna() if str(v) not in codes):
        near = difflib.get_close_matches(code.lower(), list(words), n=1, cutoff=0.6)
        rows = _listed([f"row {row}" for row in values.index[values.astype("str") == code]])
        some = ", ".join(list(codes)[:MOST_TOLD]) + (", ..." if len(codes) > MOST_TOLD else "")
        hint = f" Did you mean {words[near[0]]} ({codes[words[near[0]]]})?" if near else f" Known: {some}."
        yield f'{column}: "{code}" ({rows}) is not known.{hint}'


def _rows_of_file(sentence: str, numbers: Sequence[int]) -> str:
    """A sentence of `check`, which counts rows from 0, with the numbers that the file gives them."""
    return re.sub(r"\brow (\d+)", lambda found: f"row {numbers[int(found[1])]}", sentence)


def _listed(places: Sequence[str]) -> str:
    return ", ".join(places[:MOST_TOLD]) + (f" and {len(places) - MOST_TOLD} more" if len(places) > MOST_TOLD else "")
