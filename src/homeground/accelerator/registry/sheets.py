# SPDX-License-Identifier: Apache-2.0
"""Templates to fill in, and all tables as CSV or one workbook: what is written comes back exactly when it is brought in.

No spreadsheet takes a text for a formula: CSV cells that begin with = + - @ (or a tab) get a ', which the import takes off;
in workbooks they are cells of text, marked as quoted.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.accelerator.registry.declared import MONEY, Declared, registry_tables, stored_name
from homeground.accelerator.registry.quarantine.values import FORMULA, marked
from homeground.errors import DataError
from homeground.numbers.money import from_minor
from homeground.numbers.table import Column

DIGITS = 15  # that a spreadsheet keeps of a number; longer ones are written as text
SHEET_NAME = 31  # letters


def csv_text(name: str, frame: pd.DataFrame) -> str:
    """A table as the text of its CSV template.

    Parameters
    ----------
    name : str
        Of a table of the registry.
    frame : DataFrame
        As the registry gives it.

    Returns
    -------
    str
        Money in whole units, dates as 2024-12-31, lines ended by a line feed.

    Examples
    --------
    >>> rates = pd.DataFrame({"currency": ["EUR"], "year": [2021], "usd": [1.18], "source": ["=made"]})
    >>> csv_text("exchange_rates", rates).splitlines()
    ['currency,year,usd,source', "EUR,2021,1.18,'=made"]
    """
    columns = registry_tables()[name].table.columns
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow([column.column for column in columns])
    for row in _rows(columns, frame):
        lines.writerow([_as_text(value) for value in row])
    return out.getvalue()


def write_csvs(tables: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    """All tables as CSV, one file each, named by the table; empty ones are left out.

    Parameters
    ----------
    tables : mapping of DataFrame
    folder : Path
        Made where it is not there.

    Returns
    -------
    list of Path
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, frame in tables.items():
        if len(frame):
            path = folder / f"{name}.csv"
            path.write_bytes(csv_text(name, frame).encode("utf-8"))
            written.append(path)
    return written


def write_workbook(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """All tables as one workbook, one sheet each, named by the table; empty ones are left out.

    Parameters
    ----------
    tables : mapping of DataFrame
    path : Path
    """
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    for name, frame in tables.items():
        if not len(frame) and len(tables) > 1:
            continue
        columns = registry_tables()[name].table.columns
        sheet = book.create_sheet(name[:SHEET_NAME])
        sheet.append([column.column for column in columns])
        for row in _rows(columns, frame):
            sheet.append([_as_cell(value, lambda held: WriteOnlyCell(sheet, held)) for value in row])  # noqa: B023
    if not book.worksheets:
        book.create_sheet("empty")
    book.save(path)


def templates() -> dict[str, list[str]]:
    """Tables by the template that they are filled in by.

    Returns
    -------
    dict of list of str

    Examples
    --------
    >>> templates()["projects"][:3]
    ['organisations', 'projects', 'participants']
    """
    found: dict[str, list[str]] = {}
    for name, one in registry_tables().items():
        found.setdefault(one.template, []).append(name)
    return found


def write_templates(folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """Templates as workbooks, with what each column means and lists of what may stand there; and each table as CSV.

    Parameters
    ----------
    folder : Path
    names : sequence of str, optional
        Of templates; empty: all.

    Returns
    -------
    list of Path
    """
    known = templates()
    if unknown := [name for name in names if name not in known]:
        raise DataError(f"{', '.join(unknown)} is no template. Templates: {', '.join(known)}.")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for template in names or known:
        path = folder / f"{template}.xlsx"
        _template_workbook([registry_tables()[name] for name in known[template]], path)
        written.append(path)
        for name in known[template]:
            columns = registry_tables()[name].table.columns
            out = io.StringIO()
            lines = csv.writer(out, lineterminator="\n")
            lines.writerow([f"# {_meaning(columns[0])}", *map(_meaning, columns[1:])])
            lines.writerow([column.column for column in columns])
            written.append(folder / f"{name}.csv")
            written[-1].write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode("utf-8"))
    return written


def _template_workbook(tables: Iterable[Declared], path: Path) -> None:
    import openpyxl
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for one in tables:
        columns = one.table.columns
        sheet = book.create_sheet(one.table.table[:SHEET_NAME])
        sheet.append([f"# {_meaning(columns[0])}", *map(_meaning, columns[1:])])
        sheet.append([column.column for column in columns])
        for place, column in enumerate(columns, start=1):
            letter = get_column_letter(place)
            sheet.column_dimensions[letter].width = 22
            sheet.cell(1, place).alignment = Alignment(wrap_text=True, vertical="top")
            sheet.cell(1, place).font = Font(italic=True, size=9, color="666666")
            sheet.cell(2, place).font = Font(bold=True)
            sheet.cell(2, place).fill = PatternFill("solid", fgColor="EEEEEE" if column.nullable else "DDE8D5")
            choices = ",".join(column.values)
            if choices and len(choices) < 250:  # what a workbook holds in one list
                listed = DataValidation("list", formula1=f'"{choices}"', allow_blank=column.nullable)
                sheet.add_data_validation(listed)
                listed.add(f"{letter}3:{letter}5000")
            if column.types == ("date",):
                for row in range(3, 203):
                    sheet.cell(row, place).number_format = "yyyy-mm-dd"
        sheet.freeze_panes = "A3"
    book.save(path)


def _meaning(column: Column) -> str:
    said = column.meaning
    if column.unit and column.unit != MONEY:
        said += f" ({column.unit})"
    if column.values:
        said += f": {', '.join(column.values)}"
    return said if column.nullable else f"{said} (needed)"


def _rows(columns: Sequence[Column], frame: pd.DataFrame) -> Iterable[tuple[Any, ...]]:
    """Rows in declared columns: gaps None, money as Decimal in whole units."""
    held: list[list[Any]] = []
    codes = _plain(frame["currency"]) if "currency" in frame else []
    for column in columns:
        values = _plain(frame[stored_name(column)]) if stored_name(column) in frame else [None] * len(frame)
        if column.unit == MONEY:
            values = [None if v is None else from_minor(v, c) for v, c in zip(values, codes, strict=True)]
        held.append(values)
    return zip(*held, strict=True)


def _plain(column: pd.Series[Any]) -> list[Any]:
    return [None if gap else value for value, gap in zip(column.tolist(), column.isna().tolist(), strict=True)]


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return marked(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return repr(value) if isinstance(value, float) else f"{value:f}" if hasattr(value, "as_tuple") else str(value)


def _as_cell(value: Any, cell: Any) -> Any:
    """A value as a cell of a workbook: text stays text, and digits that a spreadsheet would lose are text too."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and float(f"{value:.15g}") != value:
        return repr(value)
    if not isinstance(value, (str, float)) and hasattr(value, "as_tuple") and len(value.as_tuple().digits) > DIGITS:
        return f"{value:f}"
    if isinstance(value, int) and len(str(abs(value))) > DIGITS:
        return str(value)
    if isinstance(value, str) and FORMULA.match(value):
        made = cell(value)
        made.data_type = "s"
        made.quotePrefix = True
        return made
    return value
