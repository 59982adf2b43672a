# SPDX-License-Identifier: Apache-2.0
"""II.A: what a study of homeground finds of the land, the people and the plan, in the words of its brief."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from homeground.brief.accelerator.cop_report.book import Book
from homeground.brief.accelerator.cop_report.content import Paragraph
from homeground.brief.accelerator.cop_report.words import cop, missing
from homeground.brief.facts.collect import collect
from homeground.brief.facts.sources import study_words
from homeground.brief.policy_brief.compose import PARTS, compose
from homeground.language.messages import needs, say
from homeground.language.quantities import Run, Text
from homeground.study.model import Study


def studied(book: Book, runs: Sequence[tuple[Path, Study]]) -> tuple[Paragraph, ...]:
    """One paragraph a study; one that says what to do where none was given."""
    if not runs:
        return (Paragraph((cop("runs_none", book),), missing([cop("runs_gap", book, three="3S")], book)),)
    return tuple(_paragraph(book, results, study) for results, study in runs)


def _paragraph(book: Book, results: Path, study: Study) -> Paragraph:
    report = compose(results, study, book.code)
    colon = say("ui.colon", {}, book.code).plain
    items = []
    for part, text in report.findings:
        for fact in text.facts:
            book.take(fact, [(f"results/{study.id}/{study.scenario_name}", fact.key)])
        items.append(Text((Run(part + colon), *text.runs), text.facts))
    facts = collect(results, study)
    more = ["body.plan_unverified"] + (["limit.kosovo"] if "XKX" in study.countries and "idps" in facts else [])
    for text in (say(one, facts, book.code) for one in more if needs(one) <= set(facts)):
        for fact in text.facts:
            book.take(fact, [(f"results/{study.id}/{study.scenario_name}", fact.key)])
        items.append(text)
    book.quoted.extend([*report.quoted, *(text.plain for text in report.limits.paragraphs)])
    told = {part for part, _ in report.findings}
    absent = [name for p in PARTS if (name := say(f"part.{p}", {}, book.code).plain) not in told]
    gaps = [cop("runs_absent", book, parts=absent)] if absent else []
    gaps.append(cop("runs_limits", book))
    title = study_words(study.title, book.code)
    book.quoted.append(title)
    return Paragraph((cop("runs", book, title=title),), missing(gaps, book), tuple(items))
