# SPDX-License-Identifier: Apache-2.0
"""The layout of the PRAIS workbooks: which cells a table has, where a focal point answers, in the study's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from openpyxl.styles import Alignment, Border, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from homeground.brief.facts.sources import Said, words_of
from homeground.brief.prais.tables import (
    DECISIONS,
    MEANING,
    Key,
    PraisAnswer,
    PraisTable,
    key_words,
    unit_words,
)
from homeground.brief.workbook.cells import (
    BOLD,
    HEAD,
    INDENT,
    SMALL,
    WRAP,
    height_of,
    number_format,
    plain,
    print_wide,
    put,
)
from homeground.brief.workbook.rows import Book, Value
from homeground.language.messages import phrase

COLUMNS = {  # column -> width; the last three are for the focal point
    "table": 10,
    "year": 12,
    "row": 20,
    "column": 20,
    "value": 14,
    "unit": 17,
    "low": 12,
    "high": 12,
    "source": 30,
    "period": 12,
    "kind": 17,
    "note": 30,
    "decision": 14,
    "yours": 14,
    "comment": 30,
}
KEY_COLUMN = len(COLUMNS) + 1  # hidden: the codes of each row, by which a form is read back in any language
KEY_MARK = "homeground"  # in the heading of that column
FORM_ROW = 4  # the heading row of a form; rows above say what the form is
ANSWER = PatternFill("solid", fgColor="F3F7FA")
LINE = Border(bottom=Side(style="hair", color="9AA5AE"))
LIST_COMMAND = "homeground data list"
NEED_COVER = ("CP-1.T1", "SO1-1.T4")  # filled for some years only; for the others data are missing


@dataclass
class Filled:
    """Answers, what to know of all values of a table, why tables stay empty, and notes on cells."""

    answers: dict[Key, PraisAnswer] = field(default_factory=dict)
    caveats: dict[str, Said] = field(default_factory=dict)
    why: dict[str, Said] = field(default_factory=dict)
    notes: dict[Key, Said] = field(default_factory=dict)

    def over(self, other: Filled) -> Filled:
        """Both together; where both say something, the other wins."""
        pairs = ((vars(self)[name], vars(other)[name]) for name in vars(self))
        return Filled(*(mine | theirs for mine, theirs in pairs))


def key_text(key: Key) -> str:
    """The codes of a cell as the hidden column holds them.

    Examples
    --------
    >>> key_text(("CP-1.T1", "2019", "land_area", ""))
    'CP-1.T1|2019|land_area|'
    """
    return "|".join(key)


def headings(code: str) -> list[str]:
    """The heading row in a language."""
    return [phrase(f"form.column.{name}", code) for name in COLUMNS]


def write_form(book: Book, sheet: Worksheet, tables: list[PraisTable], filled: Filled, code: str) -> None:
    """One form: its tables below each other, one row a cell, the three answers of the focal point to the right."""
    widths = list(COLUMNS.values())
    put(sheet, 1, 1, phrase("form.title", code, form=tables[0].form)).font = BOLD
    readme = phrase("form.sheet.readme", code)
    put(sheet, 2, 1, phrase("form.how", code, readme=readme)).font = SMALL
    for column, (name, width) in enumerate(zip(headings(code), widths, strict=True), start=1):
        cell = put(sheet, FORM_ROW, column, name)
        cell.font, cell.fill, cell.alignment = BOLD, HEAD if column <= len(widths) - 3 else ANSWER, WRAP
        sheet.column_dimensions[get_column_letter(column)].width = width
    put(sheet, FORM_ROW, KEY_COLUMN, KEY_MARK)
    hidden = sheet.column_dimensions[get_column_letter(KEY_COLUMN)]
    hidden.hidden, hidden.width = True, 1
    sheet.row_dimensions[FORM_ROW].height = 45
    row = FORM_ROW
    for table in tables:
        row += 2
        put(sheet, row, 1, table.code).font = BOLD
        put(sheet, row, 2, table.words("title", code)).font = BOLD
        cells = list(_with_own_year(table, filled.answers))
        for text in _about(table, filled, all(key in filled.answers for key, _ in cells), code):
            row += 1
            put(sheet, row, 2, text).font = SMALL
        first = row + 1
        for key, unit in cells:
            row += 1
            facts = _facts(filled.answers.get(key), filled.notes.get(key, ""), unit, code)
            _write_row(book, sheet, row, [*key_words(key, code), *facts], key_text(key), unit, widths)
        _ask(sheet, first, row, table, code)
    sheet.freeze_panes = f"{get_column_letter(5)}{FORM_ROW + 1}"
    # Without a password: it keeps fingers off the keys of the rows, and may be lifted.
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.autoFilter = False
    print_wide(sheet, f"{FORM_ROW}:{FORM_ROW}")


def _with_own_year(table: PraisTable, answers: Mapping[Key, PraisAnswer]) -> Iterator[tuple[Key, str]]:
    """The cells of a table, with those of years that the form does not ask for but the user's map or periods have."""
    asked = dict(table.cells())
    units = {key[2:]: unit for key, unit in asked.items()}
    beside = {key: units[key[2:]] for key in answers if key[0] == table.code and key not in asked}
    yield from sorted((asked | beside).items(), key=lambda cell: cell[0][1])


def _about(table: PraisTable, filled: Filled, full: bool, code: str) -> Iterator[str]:
    """Lines below a title: what shares are shares of, what to know of the values, why cells are empty."""
    if table.denominator:
        yield phrase("form.share_of", code, what=table.words("denominator", code))
    if table.code in filled.caveats:
        yield words_of(filled.caveats[table.code], code)
    if full:
        return
    if table.code in filled.why:
        yield phrase("form.empty", code, reason=words_of(filled.why[table.code], code))
        return
    reason = table.words("reason_empty", code)
    if table.status == "empty" or table.code in NEED_COVER:
        yield phrase("form.empty_needs_data", code, reason=reason, command=LIST_COMMAND)
    else:
        yield phrase("form.empty", code, reason=reason)


def _facts(answer: PraisAnswer | None, note: Said, unit: str, code: str) -> list[Any]:
    """What stands to the right of the keys: value, unit, low, high, source, period, kind, note."""
    said = words_of(note, code) or None
    if answer is None:
        return [None, unit_words(unit, code), None, None, None, None, None, said]
    value = answer.value
    if unit == "meaning":
        value = phrase(f"form.meaning.{value}", code)
    elif not isinstance(value, int | float):
        value = words_of(value, code)
    source, period = words_of(answer.source, code), words_of(answer.period, code)
    kind = phrase(f"kind.{answer.kind}", code)
    return [value, unit_words(unit, code), answer.low, answer.high, source, period, kind, said]


def _write_row(
    book: Book, sheet: Worksheet, row: int, texts: list[Any], key: str, unit: str, widths: list[int]
) -> None:
    values: list[Value] = []
    looks: list[int] = []
    asked = number_format(_places(unit))
    for column, given in enumerate(texts, start=1):
        year = column == 2 and str(given).isdigit()
        value = int(given) if year else plain(given) if given != "" else None
        words = isinstance(value, str)
        look = (year or words, column > 5, "" if year or words else asked)
        values.append(value)
        looks.append(book.look(("text", *look), _text(*look)))
    yours = asked if numeric(unit) else "@"
    answers = [book.look(("answer", form), _answer(form)) for form in ("", yours, "")]
    height = height_of([t if isinstance(t, str) else "" for t in texts], widths[: len(texts)])
    looks += [*answers, book.look("key", {"alignment": INDENT})]
    book.add_row(sheet, row, [*values, *(None for _ in answers), key], looks, height)


@cache
def _text(left: bool, indent: bool, form: str) -> dict[str, Any]:
    """The look of a cell that says something."""
    side = "left" if left else None
    look = {"alignment": Alignment(wrap_text=True, vertical="top", horizontal=side, indent=int(indent))}
    return look | ({"number_format": form} if form else {})


@cache
def _answer(form: str) -> dict[str, Any]:
    """The look of a cell where a focal point answers."""
    look = {"fill": ANSWER, "protection": Protection(locked=False), "alignment": WRAP, "border": LINE}
    return look | ({"number_format": form} if form else {})


def numeric(unit: str) -> bool:
    """Whether an answer in this unit is a number."""
    return unit not in ("text", "meaning")


def _places(unit: str) -> int:
    return {"thousand_persons": 3, "persons": 0}.get(unit, 1)


def _ask(sheet: Worksheet, first: int, last: int, table: PraisTable, code: str) -> None:
    """Drop-down lists and checks for the answers to one table."""
    decision, value = (get_column_letter(len(COLUMNS) - k) for k in (2, 1))
    choose = _list([phrase(f"form.decision.{one}", code) for one in DECISIONS])
    choose.error = phrase("form.ask.decision", code)
    choose.add(f"{decision}{first}:{decision}{last}")
    sheet.add_data_validation(choose)
    if table.units[0] == "meaning":
        check = _list([phrase(f"form.meaning.{one}", code) for one in MEANING.values()])
        check.error = phrase("form.ask.meaning", code)
    elif numeric(table.units[0]):
        check = DataValidation("decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
        check.error = phrase("form.ask.number", code)
    else:
        return
    check.showErrorMessage = True
    check.add(f"{value}{first}:{value}{last}")
    sheet.add_data_validation(check)


def _list(words: list[str]) -> DataValidation:
    """A drop-down list; Excel parts its entries by commas in every language."""
    return DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=True)
