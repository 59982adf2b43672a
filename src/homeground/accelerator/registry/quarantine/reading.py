# SPDX-License-Identifier: Apache-2.0
"""A file in quarantine: its rows by table, typed, with everything that is wrong; nothing of it is in the registry yet."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from homeground.accelerator.issues import Issue
from homeground.accelerator.registry.declared import Declared, registry_tables
from homeground.accelerator.registry.quarantine.values import Cell, Fault, decimal_comma, typed
from homeground.accelerator.registry.quarantine.workbooks import Grid, read_grids
from homeground.catalogue.sheets import word
from homeground.errors import DataError
from homeground.numbers.table import Column

AMBIGUOUS = "Its columns are those of "  # what begins the advice on a sheet that could be of several tables


@dataclass
class Parsed:
    """Rows of one table from one file: values by declared column; ``left_out`` are the positions of rows with errors."""

    file: str
    table: str
    lines: list[int]
    columns: dict[str, list[Any]]
    left_out: set[int] = field(default_factory=set)
    twice: set[int] = field(default_factory=set)  # the same row again, which says nothing new
    issues: list[Issue] = field(default_factory=list)
    keeps: frozenset[str] = frozenset()  # columns in which what is empty takes nothing away from what stands

    def tell(self, fault: Fault, column: str) -> None:
        """Add an issue of a row (or of the whole column); an error leaves the row out."""
        line = self.lines[fault.place] if fault.place >= 0 else 0
        self.issues.append(Issue(self.file, line, column, fault.rule, fault.severity, fault.message, fault.fix))
        if fault.severity == "error":
            self.left_out.add(fault.place)

    def good(self) -> list[int]:
        """Positions of the rows that are taken."""
        return [place for place in range(len(self.lines)) if place not in self.left_out and place not in self.twice]


def read_file(path: Path, table: str = "") -> tuple[list[Parsed], list[Issue]]:
    """Rows of a spreadsheet by table, and what is wrong with the file as a whole; it never raises for what a file holds.

    Parameters
    ----------
    path : Path
        CSV (a table, named by it or told by its columns) or workbook (a sheet for each table).
    table : str, optional
        What the file is, whatever its name: of a workbook with several sheets that one alone is read.

    Returns
    -------
    (list of Parsed, list of Issue)

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "rates.csv")
    ...     _ = file.write_text("currency,year,usd,source" + chr(10) + "EUR,2021,1.18,made", encoding="utf-8")
    ...     parsed, issues = read_file(file)
    >>> parsed[0].table, parsed[0].columns["usd"], issues
    ('exchange_rates', [Decimal('1.18')], [])
    """
    issues: list[Issue] = []
    try:
        grids = read_grids(path)
    except (DataError, MemoryError, RecursionError) as error:
        said = str(error) or "it does not fit into memory"
        return [], [Issue(path.name, 0, "", "file", "critical", said, "Mend the file and bring it again.")]
    found: list[Parsed] = []
    if table:
        grids = grids if len(grids) == 1 else [grid for grid in grids if word(grid.name) == word(table)]
    for grid in grids:
        name, hint = (table, "") if table else _table_of(grid, path.stem, lone=len(grids) == 1)
        if name is None:
            lone = len(grids) == 1
            fix = hint or f"Name it by its table: {', '.join(list(registry_tables())[:12])}, ..."
            said = f'"{grid.name}" is no table of the registry and {len(grid.rows)} rows of it were not read'
            issues.append(Issue(path.name, 0, grid.name, "table", "critical" if lone else "warning", said, fix))
        elif faults := list(_lost(grid, registry_tables()[name])):
            where = name if word(grid.name) == word(name) else f"{name}: {grid.name}"
            issues += [Issue(path.name, 0, where, "columns", "critical", *fault) for fault in faults]
        else:
            found.append(_parsed(path.name, grid, registry_tables()[name]))
    if not grids:
        said = f"it has no sheet {table}" if table else "it is empty"
        issues.append(Issue(path.name, 0, "", "file", "critical", said, "Fill a template in."))
    return found, issues


def _table_of(grid: Grid, stem: str, *, lone: bool) -> tuple[str | None, str]:
    """The table that a sheet is of: by its name, else by its columns and that of the file; and what may have been meant."""
    tables = registry_tables()
    by_word = {word(name): name for name in tables}
    if word(grid.name) in by_word:
        return by_word[word(grid.name)], ""
    headings = {word(one) for one in grid.headings if one}
    fitting: dict[str, int] = {}
    for name, one in tables.items():
        own = {word(c.column) for c in one.table.columns}
        needed = {word(c.column) for c in one.table.columns if not c.nullable}
        if needed <= headings:
            fitting[name] = len(own & headings) - len(headings - own)
    best = [name for name, score in fitting.items() if score == max(fitting.values())]
    of_file = by_word.get(word(stem))
    if of_file is not None and (of_file in fitting or lone):
        return of_file, ""
    if len(best) == 1:
        return best[0], ""
    if best:
        return None, f"{AMBIGUOUS}{' and of '.join(best)}: name it by one of them."
    near = difflib.get_close_matches(word(grid.name), by_word, n=1)
    return None, f'Did you mean "{by_word[near[0]]}"?' if near else ""


def _lost(grid: Grid, declared: Declared) -> Iterator[tuple[str, str]]:
    """Columns that must be there and are not, or are there twice: none of the sheet can be read."""
    words = [word(one) for one in grid.headings]
    for column in declared.table.columns:
        own = word(column.column)
        if own not in words and not column.nullable:
            near = difflib.get_close_matches(own, words, n=1, cutoff=0.7)
            fix = f'Did you mean to call "{near[0]}" so?' if near else f"Add it: {column.meaning}."
            yield f'{len(grid.rows)} rows were not read: the column "{column.column}" is missing', fix
        if words.count(own) > 1:
            yield f'{len(grid.rows)} rows were not read: the column "{column.column}" stands twice', "Keep one."


def _parsed(file: str, grid: Grid, declared: Declared) -> Parsed:
    words = [word(one) for one in grid.headings]
    places = {c.column: words.index(word(c.column)) for c in declared.table.columns if word(c.column) in words}
    parsed = Parsed(file, declared.table.table, grid.lines, {})
    if grid.letters:
        said = f"the letters are no UTF-8 and were read as {grid.letters}"
        parsed.tell(Fault(-1, "letters", "notice", said, "Look at letters with accents; save as UTF-8."), "")
    _tell_unknown(parsed, grid, set(places.values()), [c.column for c in declared.table.columns])
    by_place = dict(zip(range(len(grid.headings)), zip(*grid.rows, strict=False), strict=False))  # of no rows: none
    numeric = [c.column for c in declared.table.columns if {"integer", "number"} & set(c.types) and c.column in places]
    comma = decimal_comma(cell for name in numeric for cell in by_place.get(places[name], ()))
    if comma:
        said = "numbers are read with a decimal comma, as some of them show"
        parsed.tell(Fault(-1, "decimal comma", "notice", said, "Nothing, if that is so."), "")
    for column in declared.table.columns:
        if column.column in places:
            cells: tuple[Cell, ...] = by_place.get(places[column.column], ())
            parsed.columns[column.column], faults = typed(cells, column, comma)
            for fault in faults:
                parsed.tell(fault, column.column)
            _tell_formulas(parsed, grid, places[column.column], column)
    return parsed


def _tell_unknown(parsed: Parsed, grid: Grid, known: set[int], names: list[str]) -> None:
    """Columns that are not declared, values beyond the headings, and remarks: what is not taken is told."""
    by_word = {word(name): name for name in names}
    for place, heading in enumerate(grid.headings):
        held = sum(1 for row in grid.rows if row[place] is not None and row[place] != "")
        if place not in known and (heading or held):
            near = difflib.get_close_matches(word(heading), by_word, n=1, cutoff=0.7)
            fix = f'Did you mean "{by_word[near[0]]}"?' if near else "Move what matters to a column of the template."
            said = f'the column "{heading}" is not known; {held} values of it were not taken'
            parsed.tell(Fault(-1, "columns", "warning", said, fix), heading or f"column {place + 1}")
    wide = len(grid.headings)
    for position, row in enumerate(grid.rows):
        if len(row) > wide and any(cell is not None and cell != "" for cell in row[wide:]):
            only = all(cell is None or cell == "" for cell in row[:wide])
            fault = "a value stands beyond the last heading and was not taken"
            severity = "error" if only else "warning"
            parsed.tell(Fault(position, "columns", severity, fault, "Look whether cells have slipped."), "")
    if grid.remarks:
        said = f"{len(grid.remarks)} lines that begin with # are remarks and were not read (line {grid.remarks[0]})"
        parsed.tell(Fault(-1, "remarks", "notice", said, "Put ' before the # where it is no remark."), "")


def _tell_formulas(parsed: Parsed, grid: Grid, at: int, column: Column) -> None:
    """Formulas in a column: their last results are taken and told; one without a result leaves its row out."""
    cells = [row[at] for row in grid.rows]
    worded = "text" in column.types and any(isinstance(cell, str) and cell[:1] == "=" for cell in cells)
    if not grid.formulas and not worded:
        return
    taken = Counter[str]()
    first = 0
    for position, line in enumerate(grid.lines):
        formula = grid.formulas.get((line, at))
        cell = grid.rows[position][at]
        if formula is not None and (cell is None or cell == ""):
            said = f"the formula {formula[:40]} has no result"
            fix = "Open the file in a spreadsheet and save it, or write the value."
            parsed.tell(Fault(position, "formula", "error", said, fix), column.column)
        elif formula is not None or (isinstance(cell, str) and cell.startswith("=") and "text" in column.types):
            first = first if taken else position
            taken["result" if formula is not None else "text"] += 1
    if taken:
        kept = "the last result of each was taken" if taken["result"] else "kept as text"
        said = f"{taken.total()} cells hold formulas: {kept}"
        parsed.tell(Fault(first, "formula", "warning", said, "Write the values themselves."), column.column)
