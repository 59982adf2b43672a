# SPDX-License-Identifier: Apache-2.0
"""The progress report from the tables, section by section as the secretariat's note has them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from homeground.brief.accelerator.cop_report import annex
from homeground.brief.accelerator.cop_report.book import Book
from homeground.brief.accelerator.cop_report.content import CopReport, Section
from homeground.brief.accelerator.cop_report.sections.background import DECISION, NOTE_OF, background
from homeground.brief.accelerator.cop_report.sections.conclusions import conclusions
from homeground.brief.accelerator.cop_report.sections.money import money
from homeground.brief.accelerator.cop_report.sections.reached import results
from homeground.brief.accelerator.cop_report.sections.runs import studied
from homeground.brief.accelerator.cop_report.sections.sharing import initiatives, learnt, on_topic, others, shared
from homeground.brief.accelerator.cop_report.sections.support import actions, partners, policies, requests
from homeground.brief.accelerator.cop_report.sections.wall import great_green_wall
from homeground.brief.accelerator.cop_report.words import cop
from homeground.language import figures
from homeground.language.languages import language
from homeground.language.terms import term
from homeground.study.model import Study


def compose_report(
    tables: Mapping[str, pd.DataFrame],
    code: str,
    *,
    on: datetime.date,
    made_from: str = "",
    runs: Sequence[tuple[Path, Study]] = (),
) -> tuple[CopReport, Book]:
    """What the report says in one language, and the book of its numbers.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Tables of the registry; those that are not given are told as missing.
    code : str
        en, fr or zh.
    on : date
        The day that the report is made on: what is overdue depends on it.
    made_from : str
        What the tables are called, such as the name of the folder; empty: the starting set that ships.
    runs : sequence of (results folder, study)
        Studies that have run, for what is found of land, people and plan.

    Returns
    -------
    (CopReport, Book)

    Raises
    ------
    StudyError
        The language is unknown.
    """
    language(code)
    book = Book(dict(tables), code, on)
    sections = (
        background(book),
        Section(1, cop("title.progress", book, decision=DECISION).plain),
        Section(
            2,
            cop("title.support", book).plain,
            (
                *(actions(book), requests(book), partners(book), great_green_wall(book), money(book), results(book)),
                *studied(book, runs),
                policies(book),
            ),
        ),
        Section(2, cop("title.initiatives", book).plain, initiatives(book)),
        Section(2, cop("title.sharing", book).plain, (shared(book),)),
        Section(3, cop("title.urban", book).plain, (on_topic(book, "urban and rural"),)),
        Section(3, cop("title.climate", book).plain, (on_topic(book, "climate and security"),)),
        Section(3, cop("title.learnt", book).plain, (*others(book), learnt(book))),
        Section(1, cop("title.conclusions", book).plain, conclusions(book)),
    )
    paragraphs = [one for section in sections for one in section.paragraphs]
    annexes = (
        (cop("title.numbers", book).plain, cop("annex_numbers", book).plain, annex.numbers(book, paragraphs)),
        (cop("title.sources", book).plain, cop("annex_sources", book).plain, annex.sources(book)),
    )
    source = made_from or cop("made_from_note", book, cop=NOTE_OF).plain
    made = cop("made", book, date=figures.date(on, code), version=_version(), source=source)
    used = annex.places(paragraphs)
    report = CopReport(
        language=code,
        title=cop("title", book, decision=DECISION).plain,
        subtitle=cop("subtitle", book, cop=NOTE_OF).plain,
        made=made.plain,
        date=on.isoformat(),
        sections=sections,
        annexes=annexes,
        notes=_notes(book, runs),
        origins=tuple((fact, book.origins[fact]) for fact in used),
        quoted=tuple(dict.fromkeys([*book.quoted, made.plain])),
    )
    return report, book


def _notes(book: Book, runs: Sequence[tuple[Path, Study]]) -> tuple[str, ...]:
    """The footnote on Kosovo where it is named."""
    codes = {c for t in book.tables.values() if "iso3" in t for c in t["iso3"].dropna()}
    codes |= {c for _, study in runs for c in study.countries}
    return (f"* {term('note_kosovo', book.code)}",) if "XKX" in codes else ()


def _version() -> str:
    try:
        return version("homeground")
    except PackageNotFoundError:
        return "0"
