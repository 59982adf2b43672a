# SPDX-License-Identifier: Apache-2.0
"""III: what the tables show, and conclusions and recommendations with where each stands."""

from __future__ import annotations

from homeground.accelerator.cooperation.asked import ACTIONS, ENDED
from homeground.brief.accelerator.cop_report.book import Book
from homeground.brief.accelerator.cop_report.content import Paragraph
from homeground.brief.accelerator.cop_report.rows import MOST, records
from homeground.brief.accelerator.cop_report.words import cop, item, lacking, missing, of_row, word
from homeground.language.quantities import Text


def conclusions(book: Book) -> tuple[Paragraph, ...]:
    """From the tables, then those on record, then what the next report needs."""
    return _shown(book), _recorded(book), _next(book)


def _shown(book: Book) -> Paragraph:
    asked, made, held = book.table("requests"), book.table("partnerships"), book.table("events")
    still = asked[~asked["state"].isin(ENDED)]
    done = book.table("party_actions")
    frames = {"party_actions": done, "requests": asked[asked["action"].notna()], "policies": book.table("policies")}
    told = {*done["action"], *frames["requests"]["action"], *(["b"] if len(frames["policies"]) else [])}
    empty = book.count_over("actions_empty", frames, len([a for a in ACTIONS if a not in told]))
    facts = [
        book.count("shown_open", "requests", still), book.count("shown_requests", "requests", asked),
        book.count("shown_outcome", "partnerships", made[made["outcome"].notna()]),
        book.count("shown_partnerships", "partnerships", made),
        book.count("shown_persons", "events", held[held["persons"].notna()]), book.count("shown_events", "events", held),
        empty, book.stated("actions"),
    ]  # fmt: skip
    items: list[Text] = []
    items += [cop("shown_requests", book, facts)] if len(asked) else []
    items += [cop("shown_actions", book, facts)]
    items += [cop("shown_partnerships", book, facts)] if len(made) else []
    items += [cop("shown_events", book, facts)] if len(held) else []
    return Paragraph((cop("shown", book),), missing([cop("shown_gap", book)], book), tuple(items))


def _recorded(book: Book) -> Paragraph:
    rows = book.table("recommendations")
    if rows.empty:
        return Paragraph((cop("recorded_none", book),), missing(lacking(book, "recommendations", rows, ()), book))
    told = [
        item(of_row(r["text"], book), [of_row(r["addressed_to"], book), word(r["state"], book)],
             [of_row(r["outcome"], book)], r["source"], book)
        for r in records(rows.head(MOST))
    ]  # fmt: skip
    gaps = lacking(book, "recommendations", rows, ("state", "outcome"))
    said = cop("recorded", book, [book.count("recommendations", "recommendations", rows)])
    return Paragraph((said,), missing(gaps, book), tuple(told))


def _next(book: Book) -> Paragraph:
    needs = ["needs"] if book.table("learning_needs").empty else []
    wanted = ["requests_dates", "party_actions", "policies", *needs, "outcomes"]
    items = [cop(f"next.{one}", book) for one in wanted]
    return Paragraph((cop("next", book),), missing([cop("next_gap", book)], book), tuple(items))
