# SPDX-License-Identifier: Apache-2.0
"""A PRAIS workbook read back: the answers of a focal point, by the codes of the cells, whatever the form's language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pandas as pd
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from homeground.brief.prais.form import COLUMNS, FORM_ROW, KEY_COLUMN, KEY_MARK, headings, numeric
from homeground.brief.prais.tables import DECISIONS, MEANING, Key, code_of, key_words, prais_tables
from homeground.errors import DataError, Problems
from homeground.language.languages import LANGUAGES
from homeground.language.messages import phrase

MEANINGS = tuple(MEANING.values())


def read_prais(path: Path) -> pd.DataFrame:
    """Read a workbook that a focal point filled in.

    Parameters
    ----------
    path : Path
        A workbook made by `write_prais`, in any language; answers may be missing, the rows may not.

    Returns
    -------
    DataFrame
        One row a cell: ``iso3, table, year, row, column, value, unit, decision, your_value, comment``; table, year, row,
        column and unit are codes (see `homeground.brief.prais.tables`). ``decision`` is confirm, correct, reject, provide
        (a value where homeground had none) or "" where nothing was answered.

    Raises
    ------
    DataError
        No such workbook, or all that is wrong in it: changed rows, a decision that is none of the three, a correction
        without a value, a value without a decision, text where a number belongs.
    """
    try:
        book = load_workbook(path)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise DataError(
            f"cannot read {path.name} as a workbook: {error}. Give the .xlsx that was filled in."
        ) from error
    problems = Problems(path.name)
    iso3 = _country_of(book)
    if not iso3:
        problems.add("no sheet names the country code. Fill in a workbook written by homeground.")
    rows: list[dict[str, Any]] = []
    forms = dict.fromkeys(table.form for table in prais_tables())
    for form in forms:
        if form in book.sheetnames:
            rows += _read_form(book[form], problems)
        else:
            problems.add(f"has no sheet {form}. Put it back, also where it is empty.")
    found = [(r["table"], r["year"], r["row"], r["column"]) for r in rows]
    here = [key for table in prais_tables() if table.form in book.sheetnames for key, _ in table.cells()]
    if lost := sorted(set(here) - set(found)):
        such = " | ".join(part for part in lost[0] if part)
        problems.add(f"lacks {len(lost)} row(s), such as {such}. Put them back; an answer may stay empty.")
    if doubled := sorted({key for key in found if found.count(key) > 1}):
        problems.add(f"has {len(doubled)} row(s) twice, such as {' | '.join(doubled[0])}. Keep one of each.")
    problems.raise_if_any(DataError)
    table = pd.DataFrame(rows)
    table.insert(0, "iso3", iso3)
    return table


def _country_of(book: Workbook) -> str:
    """The country code of the sheet that explains the workbook."""
    names = {phrase("form.sheet.readme", code) for code in LANGUAGES} & set(book.sheetnames)
    labels = {phrase("form.readme.country_code", code) for code in LANGUAGES}
    rows = [row for name in names for row in book[name].iter_rows(max_row=10, max_col=2, values_only=True)]
    return next((str(text) for label, text in rows if label in labels), "")


def _read_form(sheet: Worksheet, problems: Problems) -> Iterator[dict[str, Any]]:
    heading = [sheet.cell(FORM_ROW, i + 1).value for i in range(len(COLUMNS))]
    code = next((one for one in LANGUAGES if headings(one) == heading), None)
    if code is None or sheet.cell(FORM_ROW, KEY_COLUMN).value != KEY_MARK:
        problems.add(f"{sheet.title}: the headings in row {FORM_ROW} were changed. Put them back.")
        return
    units = {key[0:1] + key[2:]: unit for table in prais_tables() for key, unit in table.cells()}
    for number, values in enumerate(sheet.iter_rows(min_row=FORM_ROW + 1, values_only=True), start=FORM_ROW + 1):
        value, held = values[4], values[KEY_COLUMN - 1]
        labels = tuple("" if v is None else str(v) for v in values[:4])
        if held is None and not labels[2]:  # the title of a table, or an empty line
            continue
        where = f"{sheet.title}, row {number} ({labels[0]} {labels[2]})"
        key = _key(held)
        unit = units.get((key[0], key[2], key[3]))
        if unit is None or key_words(key, code) != labels:
            problems.add(f"{where}: no such cell in the form. Take the row out, or mend its first four columns.")
            continue
        decision, given, comment = values[len(COLUMNS) - 3 : len(COLUMNS)]
        yield {
            "table": key[0],
            "year": key[1],
            "row": key[2],
            "column": key[3],
            "value": code_of("form.meaning", MEANINGS, str(value)) if unit == "meaning" and value else value,
            "unit": unit,
            "decision": _decision(decision, given, value is not None, where, problems),
            "your_value": _given(given, unit, where, problems),
            "comment": "" if comment is None else str(comment).strip(),
        }


def _key(held: Any) -> Key:
    parts = str(held or "").split("|")
    return (parts[0], parts[1], parts[2], parts[3]) if len(parts) == 4 else ("", "", "", "")


def _decision(decision: Any, given: Any, has_value: bool, where: str, problems: Problems) -> str:
    text = "" if decision is None else str(decision).strip()
    chosen = code_of("form.decision", DECISIONS, text) if text else ""
    empty = given is None or str(given).strip() == ""
    if chosen is None:
        problems.add(f'{where}: "{decision}" is no decision. Choose Confirm, Correct or Reject.')
        return ""
    if not has_value:
        if chosen in ("confirm", "reject") or (chosen == "correct" and empty):
            problems.add(f"{where}: {text}, but there is no value. Write yours, or leave the row empty.")
        return "" if empty else "provide"
    if chosen == "correct" and empty:
        problems.add(f"{where}: {text}, but Your value is empty. Write it, or choose Reject.")
    if chosen in ("", "confirm") and not empty:
        problems.add(f"{where}: Your value is {given}, but the decision is {text or 'empty'}. Choose Correct.")
    return chosen


def _given(given: Any, unit: str, where: str, problems: Problems) -> float | str | None:
    if given is None or str(given).strip() == "":
        return None
    if not numeric(unit):
        text = str(given).strip()
        if unit == "text":
            return text
        meaning = code_of("form.meaning", MEANINGS, text)
        if meaning is None:
            problems.add(f'{where}: "{text}" was found, one of {", ".join(MEANINGS)} was expected.')
        return meaning
    if isinstance(given, bool) or not isinstance(given, int | float):
        problems.add(f'{where}: "{given}" is text, a number in {unit} was expected. Write it without spaces or unit.')
        return None
    if given < 0 or (unit == "%" and given > 100):
        problems.add(f"{where}: {given} is out of range for {unit}.")
    return float(given)
