# SPDX-License-Identifier: Apache-2.0
"""What changed between two runs, as a workbook with all values and a page that opens without internet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
import pandas as pd
from markupsafe import Markup
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from homeground.brief.page.render import TEMPLATES
from homeground.brief.workbook.cells import BOLD, HEAD, WRAP, put, save_workbook, text_width, write_lines
from homeground.running.writing import writes_to

HERE = Path(__file__).parent
WIDEST = 48.0
NAME = 31  # letters that the name of a sheet may have
NOT_IN_NAMES = str.maketrans("", "", "[]:*?/\\'")


@dataclass(frozen=True)
class Side:
    """One part of a comparison: a sentence, a table as it is read (first column: what; cells are text), and its values."""

    title: str
    said: str
    table: pd.DataFrame
    values: pd.DataFrame


def write_comparison(folder: Path, name: str, title: str, sides: Sequence[Side], code: str) -> list[Path]:
    """Write ``name.xlsx`` and ``name.html`` into a folder.

    Parameters
    ----------
    folder : Path
        Made where it is not there.
    name : str
        Of the files, without ending.
    title : str
        What is compared.
    sides : sequence of Side
    code : str
        Language.

    Returns
    -------
    list of Path

    Raises
    ------
    DataError
        A file is open in another program, or there is no right to write.
    """
    book, page = folder / f"{name}.xlsx", folder / f"{name}.html"
    with writes_to(folder, "the comparison"):
        folder.mkdir(parents=True, exist_ok=True)
        _workbook(title, sides, code, book)
        page.write_text(_page(title, sides, code), encoding="utf-8")
    return [book, page]


def _workbook(title: str, sides: Sequence[Side], code: str, path: Path) -> None:
    book = Workbook()
    first = book.worksheets[0]
    lines = [(title, ""), *((side.title, side.said) for side in sides)]
    write_lines(first, lines)
    for side in sides:
        if side.values.empty:
            continue
        sheet = book.create_sheet(side.title.translate(NOT_IN_NAMES)[:NAME])
        for at, column in enumerate(side.values.columns, start=1):
            head = put(sheet, 1, at, str(column), code)
            head.font, head.fill, head.alignment = BOLD, HEAD, WRAP
            cells = [
                put(sheet, row, at, value, code) for row, value in enumerate(side.values[column].tolist(), start=2)
            ]
            widest = max([text_width(str(cell.value)) for cell in cells if cell.value is not None] + [len(str(column))])
            sheet.column_dimensions[get_column_letter(at)].width = min(widest + 2.0, WIDEST)
        sheet.freeze_panes = "B2"
    save_workbook(book, path)


def _page(title: str, sides: Sequence[Side], code: str) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    css = Markup((TEMPLATES / "page.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return environment.get_template("comparison.html.j2").render(title=title, sides=sides, css=css, code=code)
