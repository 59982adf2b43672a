# SPDX-License-Identifier: Apache-2.0
"""A proposal composed from tables: which sections a fund asks for, what each block says, and what is missing, first."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from homeground.brief.accelerator.cop_report.annex import places
from homeground.brief.accelerator.cop_report.content import CopReport, Paragraph, Section
from homeground.brief.facts.sources import study_words
from homeground.brief.policy_brief.content import BriefTable
from homeground.brief.proposal.figures_of_run import add_figures
from homeground.brief.proposal.fund_tables import BUILDERS, add_fund
from homeground.brief.proposal.ledger import HERE, Ledger, open_ledger
from homeground.brief.proposal.origins import missing_first, numbers_table, told_missing
from homeground.errors import StudyError
from homeground.finance.protection.reading import host_facts
from homeground.language import figures
from homeground.language.languages import language
from homeground.language.quantities import Text
from homeground.language.terms import term
from homeground.numbers.fact import Fact
from homeground.numbers.table import read_rows
from homeground.study.model import Study


def funds() -> tuple[str, ...]:
    """Funds that a proposal can be written for."""
    return tuple(dict.fromkeys(row["fund"] for row in read_rows(HERE / "funds.csv")))


def compose_proposal(
    results: Path,
    study: Study,
    fund: str,
    code: str,
    *,
    on: datetime.date,
    given: Mapping[str, pd.DataFrame] | None = None,
) -> tuple[CopReport, Ledger]:
    """What the proposal says in one language, and the ledger of its numbers.

    Raises
    ------
    StudyError
        The fund or the language is unknown.
    """
    language(code)
    if fund not in funds():
        raise StudyError(f'--fund is "{fund}"; one of {", ".join(funds())} was expected.')
    book = open_ledger(results, study, code, given or {})
    add_figures(book)
    add_fund(book)
    _warnings_of_others(book)
    sections, lacking = _sections(book, fund)
    gaps = missing_first(book, lacking)
    sections = [gaps, *sections]
    paragraphs = [one for section in sections for one in section.paragraphs]
    used = places(paragraphs)
    title = study_words(study.title, code)
    made = book.say("made", date=figures.date(on, code), version=version_of_homeground(), study=study.id).plain
    report = CopReport(
        language=code,
        title=book.say(f"title.{fund.replace('-', '_')}", title=title, initiative="3S").plain,
        subtitle=book.say("subtitle").plain,
        made=made,
        date=on.isoformat(),
        sections=tuple(sections),
        annexes=((book.say("title.numbers").plain, book.say("numbers_how").plain, numbers_table(book, used)),),
        notes=(f"* {term('note_kosovo', code)}",) if "XKX" in study.countries else (),
        origins=tuple((fact, book.origins[fact]) for fact in used),
        quoted=(title, study_words(study.question, code), made),
    )
    return report, book


def _warnings_of_others(book: Ledger) -> None:
    """The worked warning of investor protection, as facts."""
    for one in host_facts():
        if one.topic == "warning" and one.value is not None:
            decimals = 0 if one.value.is_integer() else 2
            fact = Fact(
                one.key,
                one.value,
                one.unit,
                one.source,
                one.kind,
                str(one.year),
                no_interval="why.source",
                decimals=decimals,
            )
            book.add(fact, "finance/protection/facts.csv", f"row {one.key}")


def _sections(book: Ledger, fund: str) -> tuple[list[Section], list[tuple[str, Text]]]:
    sections, lacking = [], []
    number = 2  # the first paragraph says what is missing
    for row in read_rows(HERE / "funds.csv"):
        if row["fund"] != fund:
            continue
        title = book.say(f"title.{row['title']}").plain
        paragraphs = []
        for block in row["blocks"].split():
            paragraph, gaps = _block(book, block)
            lacking += [(str(number), gap) for gap in gaps]
            paragraphs.append(paragraph)
            number += 1
        sections.append(Section(int(row["level"]), title, tuple(paragraphs)))
    return sections, lacking


def _block(book: Ledger, block: str) -> tuple[Paragraph, list[Text]]:
    """One paragraph: each sentence whose facts are known, its tables, and what is missing."""
    said: list[Text] = []
    tables: list[BriefTable] = []
    gaps: list[Text] = []
    for row in read_rows(HERE / "text.csv"):
        if row["block"] != block:
            continue
        absent = row["otherwise"]
        if row["part"] == "quote":
            said.append(book.plain(study_words(book.study.question, book.code)))
        elif row["part"] == "said":
            if book.has(row["name"]):
                said.append(book.say(row["name"]))
            elif absent:
                gaps.append(book.say(absent))
        elif row["part"] == "table":
            table = BUILDERS[row["name"]](book)
            if table is not None:
                tables.append(table)
            elif absent:
                gaps.append(book.say(absent))
        elif not _there(book, row["unless"]):
            gaps.append(book.say(row["name"]))
    gaps = list({gap.plain: gap for gap in gaps}.values())
    return Paragraph(tuple(said), told_missing(book, gaps), (), tuple(tables)), gaps


def _there(book: Ledger, unless: str) -> bool:
    keys = unless.split()
    return bool(keys) and all(
        key.removeprefix("given:") in book.given if key.startswith("given:") else key in book.facts for key in keys
    )


def version_of_homeground() -> str:
    try:
        return version("homeground")
    except PackageNotFoundError:
        return "0"
