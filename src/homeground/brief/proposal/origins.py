# SPDX-License-Identifier: Apache-2.0
"""What is missing, told first; and where each number of a proposal comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from homeground.brief.accelerator.cop_report.annex import places
from homeground.brief.accelerator.cop_report.content import CopReport, Paragraph, Section
from homeground.brief.facts.sources import printed
from homeground.brief.policy_brief.content import BriefTable
from homeground.brief.proposal.ledger import Ledger
from homeground.language.messages import phrase, stated
from homeground.language.quantities import Run, Text
from homeground.numbers.fact import Fact


def told_missing(book: Ledger, gaps: Sequence[Text]) -> Text:
    if not gaps:
        return book.say("nothing_missing")
    mark = phrase("ui.semicolon", book.code)
    runs = [run for i, gap in enumerate(gaps) for run in ((Run(mark),) if i else ()) + gap.runs]
    facts = tuple(dict.fromkeys(f for gap in gaps for f in gap.facts))
    return book.say("missing", what=Text(tuple(runs), facts))


def missing_first(book: Ledger, lacking: Sequence[tuple[str, Text]]) -> Section:
    """What is missing in the whole proposal, each once with the paragraphs that it is missing in."""
    where: dict[str, list[str]] = {}
    texts: dict[str, Text] = {}
    for number, gap in lacking:
        where.setdefault(gap.plain, []).append(number)
        texts[gap.plain] = gap
    rows = tuple((texts[text], book.plain(", ".join(numbers))) for text, numbers in where.items())
    heads = tuple(book.say(f"head.{head}").plain for head in ("lacking", "paragraphs"))
    table = BriefTable(heads, rows, (1,), (0.84, 0.16))
    return Section(
        1, book.say("title.missing").plain, (Paragraph((book.say("missing_how"),), book.plain(""), (), (table,)),)
    )


def numbers_table(book: Ledger, used: Mapping[Fact, Sequence[int]]) -> BriefTable:
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
    for fact, at in places(report.paragraphs).items():
        for file, where in book.origins[fact].rows:
            rows.append(
                {
                    "paragraphs": " ".join(map(str, at)),
                    "number": fact.key,
                    "value": fact.value,
                    "low": "" if fact.low is None else fact.low,
                    "high": "" if fact.high is None else fact.high,
                    "unit": fact.unit,
                    "kind": fact.kind,
                    "period": printed(fact.period, "en"),
                    "table": file,
                    "row": where,
                    "source": printed(fact.source, "en"),
                }
            )
    return rows


def missing_of(report: CopReport) -> list[str]:
    """What the first section lists, as words."""
    table = report.sections[0].paragraphs[0].tables[0]
    return [row[0].plain for row in table.rows]
