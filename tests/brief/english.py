# SPDX-License-Identifier: Apache-2.0
"""Finds what was left in English in an output of another language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from openpyxl import Workbook

from homeground.language.catalogues import PLACEHOLDER, catalogue
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


@cache
def _patterns(code: str) -> tuple[re.Pattern[str], ...]:
    """One pattern for each form of each message: what is put in may be anything."""
    found = []
    for key, message in catalogue(code).items():
        if code == "en" and message.forms == catalogue("fr")[key].forms:
            continue
        for form in message.forms:
            parts = PLACEHOLDER.split(form)
            literal = re.sub(r"[^A-Za-z\u3400-\u9fff]", "", "".join(parts[::2]))
            if len(literal) >= 3:
                pattern = "".join(re.escape(p) if i % 2 == 0 else _filled(p, code) for i, p in enumerate(parts))
                found.append(re.compile(pattern, re.DOTALL))
    return tuple(found)


def _filled(name: str, code: str) -> str:
    kind, _, which = name.partition(":")
    return re.escape(term(which, code)) if kind.lower() == "term" else ".+"


def left_in_english(texts: Iterable[tuple[str, str]], code: str) -> list[tuple[str, str]]:
    """Texts that are an English message whose translation differs, or that hold words of English sentences."""
    found = []
    for where, raw in dict(texts).items():
        text = raw.replace("\u00a0", " ").replace("\u202f", " ")
        english = any(p.fullmatch(text) for p in _patterns("en"))
        own = english and any(p.fullmatch(raw) or p.fullmatch(text) for p in _patterns(code))
        if (english and not own) or FUNCTION_WORDS.search(text):
            found.append((where, raw))
    return found
