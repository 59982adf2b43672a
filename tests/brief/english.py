# SPDX-License-Identifier: Apache-2.0
"""Finds what was left in English in an output of another language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from openpyxl import Workbook

from homeground.brief.prais.form import KEY_COLUMN
from homeground.brief.workbook.words import NAMES
from homeground.language.catalogues import PLACEHOLDER, catalogue
from homeground.language.languages import LANGUAGES
from homeground.language.messages import phrase
from homeground.language.terms import term

# Words that no French text has but in names; Chinese text has none of them either.
FUNCTION_WORDS = re.compile(
    r"\b(the|of|and|is|are|was|were|with|without|for|by|from|to|its|which|that|this|not|has|have|where|each|your|they)\b"
)


def cells(book: Workbook) -> Iterator[tuple[str, str]]:
    """Where each text of a workbook stands, and the text; the names of the sheets too."""
    for sheet in book:
        yield sheet.title, sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    yield f"{sheet.title}!{cell.coordinate}", cell.value


def words_of_tables(book: Workbook) -> Iterator[tuple[str, str]]:
    """Texts of ``tables.xlsx`` but for the names of columns, cells of names and codes, and citations; they are taken out."""
    readme = book.worksheets[0]
    labels = [readme.cell(row, 1).value for row in range(1, readme.max_row + 1)]
    sources = {phrase("workbook.sources", code) for code in LANGUAGES}
    start = next(i for i, label in enumerate(labels, start=1) if label in sources)
    end = next(i for i in range(start + 1, len(labels) + 1) if labels[i - 1] is None)
    readme.delete_rows(start + 1, end - start - 1)
    readme.delete_rows(3, 2)  # names of study and scenario
    for sheet in book.worksheets[1:]:
        held = {cell.value for cell in sheet[3]}
        names = {*NAMES, "source"} | ({"name"} if "region_id" in held else set())
        for column in range(sheet.max_column, 0, -1):
            if sheet.cell(3, column).value in names:
                sheet.delete_cols(column)
        sheet.delete_rows(3)
    yield from cells(book)


def words_of_form(book: Workbook) -> Iterator[tuple[str, str]]:
    """Texts of a PRAIS workbook but for the hidden codes and for citations; they are taken out."""
    readme = book.worksheets[0]
    labels = [readme.cell(row, 1).value for row in range(1, readme.max_row + 1)]
    sources = {phrase("workbook.sources", code) for code in LANGUAGES}
    start = next(i for i, label in enumerate(labels, start=1) if label in sources)
    readme.delete_rows(start + 1, readme.max_row)
    for sheet in book.worksheets[1:]:
        sheet.delete_cols(KEY_COLUMN)
    yield from cells(book)


@cache
def _messages(code: str) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Forms of messages that stand alone, and a pattern for each that something is put into: that may be anything."""
    whole, patterns = set(), []
    for key, message in catalogue(code).items():
        if code == "en" and message.forms == catalogue("fr")[key].forms:
            continue
        for form in message.forms:
            parts = PLACEHOLDER.split(form)
            literal = re.sub(r"[^A-Za-z\u3400-\u9fff]", "", "".join(parts[::2]))
            if len(parts) == 1:
                whole.add(form)
            elif len(literal) >= 3:
                pattern = "".join(re.escape(p) if i % 2 == 0 else _filled(p, code) for i, p in enumerate(parts))
                patterns.append(re.compile(pattern, re.DOTALL))
    return frozenset(whole), tuple(patterns)


def _filled(name: str, code: str) -> str:
    kind, _, which = name.partition(":")
    return re.escape(term(which, code)) if kind.lower() == "term" else ".+"


@cache
def _is_message(text: str, code: str) -> bool:
    whole, patterns = _messages(code)
    return text in whole or any(pattern.fullmatch(text) for pattern in patterns)


def left_in_english(texts: Iterable[tuple[str, str]], code: str) -> list[tuple[str, str]]:
    """Texts that are an English message whose translation differs, or that hold words of English sentences."""
    found = []
    for where, raw in dict(texts).items():
        text = raw.replace("\u00a0", " ").replace("\u202f", " ")
        translated = _is_message(raw, code) or _is_message(text, code)
        if FUNCTION_WORDS.search(text) or (_is_message(text, "en") and not translated):
            found.append((where, raw))
    return found
