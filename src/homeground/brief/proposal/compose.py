# SPDX-License-Identifier: Apache-2.0
"""A proposal composed from tables: which sections a fund asks for, what each block says, and what is missing, first."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from homeground.brief.accelerator.cop_report.content import CopReport, Paragraph, Section
from homeground.brief.facts.sources import printed, study_words
from homeground.brief.policy_brief.content import BriefTable
from homeground.brief.proposal.figures_of_run import add_figures
from homeground.brief.proposal.ledger import HERE, Ledger, open_ledger
from homeground.brief.proposal.tables_of_run import BUILDERS
from homeground.errors import StudyError
from homeground.finance.protection.reading import host_facts
from homeground.language import figures
from homeground.language.languages import language
from homeground.language.messages import phrase, stated
from homeground.language.quantities import Run, Text
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
    _warnings_of_others(book)
    sections, lacking = _sections(book, fund)
    gaps = _first(book, lacking)
    sections = [gaps, *sections]
    paragraphs = [one for section in sections for one in section.paragraphs]
    used = _used(paragraphs)
    title = study_words(study.title, code)
    made = book.say("made", date=figures.date(on, code), version=_version(), study=study.id).plain
    report = CopReport(
        language=code,
        title=book.say(f"title.{fund.replace('-', '_')}", title=title).plain,
        subtitle=book.say("subtitle").plain,
        made=made,
        date=on.isoformat(),
        sections=tuple(sections),
        annexes=((book.say("title.numbers").plain, book.say("numbers_how").plain, _numbers(book, used)),),
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
            fact = Fact(one.key, one.value, one.unit, one.source, one.kind, str(one.year), no_interval="why.source", decimals=decimals)
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
    return Paragraph(tuple(said), _told(book, gaps), (), tuple(tables)), gaps


def _there(book: Ledger, unless: str) -> bool:
    keys = unless.split()
    return bool(keys) and all(
        key.removeprefix("given:") in book.given if key.startswith("given:") else key in book.facts for key in keys
    )


def _told(book: Ledger, gaps: Sequence[Text]) -> Text:
    if not gaps:
        return book.say("nothing_missing")
    mark = phrase("ui.semicolon", book.code)
    runs = [run for i, gap in enumerate(gaps) for run in ((Run(mark),) if i else ()) + gap.runs]
    facts = tuple(dict.fromkeys(f for gap in gaps for f in gap.facts))
    return book.say("missing", what=Text(tuple(runs), facts))


def _first(book: Ledger, lacking: Sequence[tuple[str, Text]]) -> Section:
    """What is missing in the whole proposal, each once with the paragraphs that it is missing in."""
    where: dict[str, list[str]] = {}
    texts: dict[str, Text] = {}
    for number, gap in lacking:
        where.setdefault(gap.plain, []).append(number)
        texts[gap.plain] = gap
    rows = tuple((texts[text], book.plain(", ".join(numbers))) for text, numbers in where.items())
    heads = tuple(book.say(f"head.{head}").plain for head in ("lacking", "paragraphs"))
    table = BriefTable(heads, rows, (1,), (0.84, 0.16))
    return Section(1, book.say("title.missing").plain, (Paragraph((book.say("missing_how"),), book.plain(""), (), (table,)),))


def _used(paragraphs: Sequence[Paragraph]) -> dict[Fact, list[int]]:
    """Numbers of the paragraphs that state each fact, in the order in which they are stated."""
    found: dict[Fact, list[int]] = {}
    for number, one in enumerate(paragraphs, start=1):
        cells = [cell for table in one.tables for row in table.rows for cell in row]
        for text in (*one.said, one.missing, *one.items, *cells):
            for fact in text.facts:
                at = found.setdefault(fact, [])
                at += [number] if number not in at else []
    return found


def _numbers(book: Ledger, used: Mapping[Fact, Sequence[int]]) -> BriefTable:
    """Every number with its paragraphs, its file and rows, and its source."""
    lines: dict[tuple[str, str, str], list[Text]] = {}
    for fact, at in used.items():
        files = ", ".join(dict.fromkeys(file.rsplit("/", 1)[-1] for file, _ in book.origins[fact].rows))
        lines.setdefault((", ".join(map(str, at)), files, printed(fact.source, book.code)), []).append(
            stated(fact, book.code)
        )
    mark = phrase("ui.semicolon", book.code)
    rows = []
    for (where, files, source), told in lines.items():
        once = list({text.plain: text for text in told}.values())
        runs = tuple(run for i, t in enumerate(once) for run in ((Run(mark),) if i else ()) + t.runs)
        rows.append((book.plain(where), Text(runs), book.plain(files), book.plain(source)))
    heads = tuple(book.say(f"head.{head}").plain for head in ("paragraphs", "number", "file", "source"))
    return BriefTable(heads, tuple(rows), (1,), (0.1, 0.34, 0.2, 0.36))


def all_numbers(book: Ledger, report: CopReport) -> list[dict[str, object]]:
    """Rows of the file of numbers: each number with its paragraphs, file, rows and source."""
    rows: list[dict[str, object]] = []
    for fact, at in _used(report.paragraphs).items():
        for file, where in book.origins[fact].rows:
            rows.append(
                {
                    "paragraphs": " ".join(map(str, at)), "number": fact.key, "value": fact.value,
                    "low": "" if fact.low is None else fact.low, "high": "" if fact.high is None else fact.high,
                    "unit": fact.unit, "kind": fact.kind, "period": printed(fact.period, "en"), "table": file,
                    "row": where, "source": printed(fact.source, "en"),
                }  # fmt: skip
            )
    return rows


def missing_of(report: CopReport) -> list[str]:
    """What the first section lists, as words."""
    table = report.sections[0].paragraphs[0].tables[0]
    return [row[0].plain for row in table.rows]


def _version() -> str:
    try:
        return version("homeground")
    except PackageNotFoundError:
        return "0"


