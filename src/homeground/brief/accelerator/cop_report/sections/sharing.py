# SPDX-License-Identifier: Apache-2.0
"""II.B and II.C: initiatives, what was shared across sectors, and what was learnt."""

from __future__ import annotations

from typing import Any

import pandas as pd

from homeground.accelerator.cooperation.knowledge import published_cards, unanswered
from homeground.accelerator.cooperation.tables import gone
from homeground.brief.accelerator.cop_report.book import UNDATED, Book, whole, years_of
from homeground.brief.accelerator.cop_report.content import Paragraph
from homeground.brief.accelerator.cop_report.rows import MOST, items, part_of, records
from homeground.brief.accelerator.cop_report.sections.support import told_of
from homeground.brief.accelerator.cop_report.words import (
    cop,
    countries,
    lacking,
    missing,
    of_row,
    plain,
    when,
    without_link,
    word,
)
from homeground.brief.policy_brief.content import BriefTable
from homeground.language.figures import listed
from homeground.language.messages import stated
from homeground.language.quantities import Text

TABLES = ("partnerships", "studies", "events")
APART = ("urban and rural", "climate and security")


def initiatives(book: Book) -> tuple[Paragraph, ...]:
    """Those in force, then those under preparation."""
    frames = {n: part_of(book, n, "initiatives") for n in TABLES}
    made = frames["partnerships"]
    ready = made[made["state"] != "under preparation"]
    coming = made[made["state"] == "under preparation"]
    said = told_of(book, "initiatives", frames, cop("initiatives", book))
    gaps = [
        cop("no_funds_raised", book),
        *_gaps(book, {"partnerships": ready, "events": frames["events"]}, "initiatives_"),
    ]
    first = Paragraph(said, missing(gaps, book), items(book, partnerships=ready, events=frames["events"]))
    if coming.empty:
        return (first,)
    gaps = [*lacking(book, "partnerships", coming, ("outcome",), "coming_"),
            *without_link(book, "partnerships", coming, "partnership_countries", "partnership", "iso3", "coming_"),
            *lacking(book, "studies", frames["studies"], ("year", "funder"), "coming_")]  # fmt: skip
    n = book.count("coming", "partnerships", coming)
    told = [cop("coming", book, [n])]
    if "3s-gcf" in set(coming["partnership"]):
        told.append(cop("coming_three", book, [book.stated("proposal_countries")]))
    return first, Paragraph(
        tuple(told), missing(gaps, book), items(book, partnerships=coming, studies=frames["studies"])
    )


def _gaps(book: Book, frames: dict[str, pd.DataFrame], where: str) -> list[Text]:
    found: list[Text] = []
    for name, rows in frames.items():
        columns = {"partnerships": ("outcome",), "studies": ("year", "made_by", "findings"),
                   "events": ("start", "persons", "outcome")}[name]  # fmt: skip
        found += lacking(book, name, rows, columns, where)
    return found


def shared(book: Book) -> Paragraph:
    """All meetings, by day."""
    events = book.table("events")
    if events.empty:
        return Paragraph((cop("events_none", book),), missing(lacking(book, "events", events, ()), book))
    rows = [
        (plain(when(r, book) or cop("not_said", book).plain), plain(of_row(r["title"], book)),
         plain(word(r["kind"], book)), plain(word(r["topic"], book)))
        for r in records(_by_time(events).head(MOST))
    ]  # fmt: skip
    head = tuple(cop(f"head.{h}", book).plain for h in ("when", "event", "kind", "topic"))
    grid = BriefTable(head, tuple(rows), (), (0.18, 0.48, 0.14, 0.2))
    said = cop("events", book, [book.count("events", "events", events)])
    gaps = lacking(book, "events", events, ("year", "iso3", "organisers", "persons", "outcome"), "all_")
    return Paragraph((said,), missing(gaps, book), tables=(grid,))


def _by_time(events: pd.DataFrame) -> pd.DataFrame:
    """Events by year and month; those of a year alone after its months."""
    month = pd.to_datetime(events["start"]).dt.month.astype("Int64").fillna(whole(events["month"])).fillna(13)
    order = pd.DataFrame({"y": years_of(events).fillna(0), "m": month}, events.index)
    return events.loc[order.sort_values(["y", "m"], kind="stable").index]


def on_topic(book: Book, topic: str) -> Paragraph:
    """Partnerships, studies and events of one topic."""
    key = topic.replace(" ", "_")
    frames = {n: rows[rows["topic"] == topic] for n in TABLES for rows in (part_of(book, n, "sharing"),)}
    pilot = "unep-ethiopia" in set(frames["partnerships"]["partnership"])
    sites = [cop("pilot_sites", book, [book.stated("pilot_sites")])] if pilot else []
    said = told_of(book, key, frames, *sites, cop(key, book))
    return Paragraph(said, missing(_gaps(book, frames, f"{key}_"), book), items(book, **frames))


def others(book: Book) -> tuple[Paragraph, ...]:
    """What was shared on any other topic; nothing where there is no such row."""
    frames = {n: part_of(book, n, "sharing") for n in TABLES}
    frames = {n: rows[~rows["topic"].isin(APART)] for n, rows in frames.items()}
    if not any(len(rows) for rows in frames.values()):
        return ()
    said = told_of(book, "others", frames, cop("others", book))
    return (Paragraph(said, missing(_gaps(book, frames, "others_"), book), items(book, **frames)),)


def learnt(book: Book) -> Paragraph:
    """Practice cards, lessons, questions and needs."""
    cards, lessons = published_cards(book.tables), book.table("lessons")
    asked, needs = book.table("questions"), book.table("learning_needs")
    waiting = book.table("practices")
    if waiting.empty and lessons.empty and asked.empty and needs.empty:
        names = [cop(f"table.{n}", book).plain for n in ("practices", "lessons", "questions", "learning_needs")]
        gaps = [cop("no_rows_in", book, tables=listed(names, book.code)), cop("needs_elsewhere", book)]
        return Paragraph((cop("learnt_none", book),), missing(gaps, book))
    waiting = waiting[waiting["state"] == "submitted"]
    facts = [book.count("cards", "practices", cards), book.count("cards_waiting", "practices", waiting),
             book.count("lessons", "lessons", lessons), book.count("questions", "questions", asked),
             book.count("questions_open", "questions", unanswered(book.tables)),
             book.count("needs", "learning_needs", needs)]  # fmt: skip
    rows = [
        (
            plain(of_row(r["title"], book)),
            plain(countries([r["iso3"]], book)) if not gone(r["iso3"]) else cop("not_said", book),
            plain(word(r["degradation"], book)),
            plain(word(r["measure"], book)),
            *(_cost(book, r, what) for what in ("establishment", "maintenance")),
            plain(str(r["licence"])) if not gone(r["licence"]) else cop("not_said", book),
        )
        for r in records(cards.head(MOST))
    ]
    head = tuple(
        cop(f"head.{h}", book).plain
        for h in ("practice", "country", "degradation", "measure", "establishment", "maintenance", "licence")
    )
    grid = (BriefTable(head, tuple(rows), (4, 5), (0.2, 0.12, 0.16, 0.12, 0.15, 0.13, 0.12)),) if rows else ()
    said = [plain(of_row(r["text"], book)) for r in records(lessons.head(MOST))]
    gaps = [g for n, t, columns in (
        ("practices", cards, ("establishment_minor", "maintenance_minor", "grade", "licence")),
        ("lessons", lessons, ("grade", "iso3")), ("questions", asked, ()), ("learning_needs", needs, ("domain",)))
        for g in lacking(book, n, t, columns, "learnt_")]  # fmt: skip
    if needs.empty:
        gaps.append(cop("needs_elsewhere", book))
    return Paragraph((cop("learnt", book, facts),), missing(gaps, book), tuple(said), grid)


def _cost(book: Book, row: dict[Any, Any], what: str) -> Text:
    """What a hectare costs by a card, with the year of the price."""
    if gone(row[f"{what}_minor"]) or gone(row["currency"]):
        return cop("not_said", book)
    year = "" if gone(row["price_year"]) else str(int(row["price_year"]))
    fact = book.money(f"card_{row['practice']}_{what}", row[f"{what}_minor"], str(row["currency"]), str(row["source"]),
                      year or UNDATED)  # fmt: skip
    book.take(fact, [("practices", str(row["practice"]))])
    if not year:
        return stated(fact, book.code)
    book.quoted.append(year)
    return cop("price", book, amount=stated(fact, book.code), year=year)
