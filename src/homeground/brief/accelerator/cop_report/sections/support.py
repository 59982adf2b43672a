# SPDX-License-Identifier: Apache-2.0
"""II.A: the five actions, what Parties asked for, with whom they are supported, and the review of policies."""

from __future__ import annotations

from typing import Any

import pandas as pd

from homeground.accelerator.cooperation.asked import ACTIONS, ENDED, actions_without_row, overdue, undated, with_days
from homeground.accelerator.cooperation.policies import EFFECTS
from homeground.accelerator.cooperation.tables import gone
from homeground.brief.accelerator.cop_report.book import Book
from homeground.brief.accelerator.cop_report.content import Paragraph
from homeground.brief.accelerator.cop_report.rows import MOST, items, part_of, records
from homeground.brief.accelerator.cop_report.sections.background import DECISION
from homeground.brief.accelerator.cop_report.words import (
    cop,
    countries,
    day,
    joined,
    lacking,
    missing,
    of_row,
    of_table,
    plain,
    without_link,
    word,
)
from homeground.brief.policy_brief.content import BriefTable
from homeground.language.figures import listed
from homeground.language.messages import say, stated
from homeground.language.quantities import Text


def actions(book: Book) -> Paragraph:
    """What the tables hold on each of the five actions."""
    done, asked, laws = book.table("party_actions"), book.table("requests"), book.table("policies")
    rows = []
    empty = []
    for action in ACTIONS:
        of_action = {"party_actions": done[done["action"] == action], "requests": asked[asked["action"] == action]}
        of_action |= {"policies": laws} if action == "b" else {}
        numbers = [book.count(f"action_{action}_{name}", name, frame) for name, frame in of_action.items()]
        parties = _parties(book, of_action)
        party_fact = book.count_over(f"action_{action}_parties", of_action, parties)
        counts = [stated(n, book.code, unit=False) for n in (*numbers[:2], party_fact)]
        law = stated(numbers[2], book.code, unit=False) if action == "b" else cop("not_asked", book)
        rows.append((plain(f"({action})"), cop(f"action.{action}", book), *counts, law))
        empty += [] if any(len(frame) for frame in of_action.values()) else [f"({action})"]
    head = ("action", "what", "party_actions", "requests", "parties", "policies")
    grid = BriefTable(tuple(cop(f"head.{h}", book).plain for h in head), tuple(rows), (2, 3, 4, 5),
                      (0.08, 0.44, 0.12, 0.12, 0.12, 0.12))  # fmt: skip
    gaps = [cop("actions_empty", book, actions=listed(empty, book.code))] if empty else []
    lost = actions_without_row(book.tables)
    alike: dict[tuple[str, ...], list[str]] = {}
    for party, found in lost.items():
        alike.setdefault(tuple(found), []).append(party)
    told = [cop("actions_of", book, parties=countries(parties, book), actions=listed([f"({a})" for a in found], book.code))
            for found, parties in alike.items() if len(found) < len(ACTIONS)]  # fmt: skip
    gaps += told
    if none := alike.get(ACTIONS):
        gaps.append(cop("actions_of_none", book, parties=countries(none, book)))
    return Paragraph(
        (cop("actions", book, [book.stated("actions")], decision=DECISION),), missing(gaps, book), tables=(grid,)
    )


def _parties(book: Book, frames: dict[str, pd.DataFrame]) -> int:
    links = book.table("request_parties")
    asked = links[links["request"].isin(frames["requests"]["request"])]["iso3"]
    return len({*asked, *(c for n in ("party_actions", "policies") if n in frames for c in frames[n]["iso3"])})


def requests(book: Book) -> Paragraph:
    """What Parties asked for and what came of it."""
    asked = with_days(book.table("requests"))
    if asked.empty:
        return Paragraph((cop("requests_none", book),), missing(lacking(book, "requests", asked, ()), book))
    links = book.table("request_parties")
    whole = book.count("requests", "requests", asked)
    parties = book.count("requests_parties", "request_parties", links, links["iso3"].nunique())
    states = [cop("state_count", book, state=word(s, book), n=book.count(f"requests_{s}", "requests", rows))
              for s, rows in asked.groupby("state")]  # fmt: skip
    told = joined(states, say("ui.comma", {}, book.code).plain)
    said = [cop("requests", book, [whole, parties], states=told)]
    late = overdue(book.tables, book.on)
    said += [cop("overdue", book, n=book.count("overdue", "requests", late), day=day(book.on, book))]
    rows = [_request(row, book) for row in records(asked.head(MOST))]
    head = tuple(cop(f"head.{h}", book).plain for h in ("request", "parties", "state", "received", "days"))
    grid = BriefTable(head, tuple(rows), (4,), (0.32, 0.26, 0.12, 0.18, 0.12))
    gaps = lacking(book, "requests", asked, ("action", "received", "outcome"))
    gaps += without_link(book, "requests", asked, "request_parties", "request", "parties")
    ended = asked[asked["state"].isin(ENDED)]
    gaps += lacking(book, "requests", ended, ("answered",), "ended_") if len(ended) else []
    open_ones = undated(book.tables)
    gaps += [cop("undated_open", book, n=book.count("undated", "requests", open_ones))] if len(open_ones) else []
    return Paragraph(tuple(said), missing(gaps, book), items(book, requests=asked), (grid,))


def _request(row: dict[Any, Any], book: Book) -> tuple[Text, ...]:
    none = cop("not_said", book)
    places = of_table(row, "request_parties", "request", book)
    days = none
    if not gone(row["days"]):
        one = book.table("requests")
        days = stated(book.count(f"days_{row['request']}", "requests", one[one["request"] == row["request"]],
                                 int(row["days"])), book.code, unit=False)  # fmt: skip
    received = day(row["received"], book)
    return (plain(of_row(row["title"], book)), plain(places) if places else none, plain(word(row["state"], book)),
            plain(received) if received else none, days)  # fmt: skip


def partners(book: Book) -> Paragraph:
    """With whom Parties are supported, the Great Green Wall apart."""
    frames = {n: part_of(book, n, "support") for n in ("partnerships", "studies", "events")}
    frames = {n: rows[rows["topic"] != "restoration"] for n, rows in frames.items()}
    said = told_of(book, "support", frames, cop("partners", book))
    gaps = lacking(book, "partnerships", frames["partnerships"], ("outcome",), "support_")
    gaps += lacking(book, "studies", frames["studies"], ("year", "findings"), "support_")
    gaps += without_link(book, "studies", frames["studies"], "study_countries", "study", "iso3", "support_")
    gaps += lacking(book, "events", frames["events"], ("start", "persons"), "support_")
    return Paragraph(said, missing(gaps, book), items(book, **frames))


def told_of(book: Book, where: str, frames: dict[str, pd.DataFrame], *lead: Text) -> tuple[Text, ...]:
    """How many rows there are and what leads to them; that there are none."""
    if not any(len(rows) for rows in frames.values()):
        return (cop("nothing_here", book),)
    return (counted(book, where, frames), *lead)


def counted(book: Book, where: str, frames: dict[str, pd.DataFrame]) -> Text:
    """How many partnerships, studies and events a paragraph tells of."""
    told = [
        cop("count_of", book, table=cop(f"table.{n}", book).plain, n=book.count(f"{where}_{n}", n, rows))
        for n, rows in frames.items()
    ]
    return cop("counted", book, told=joined(told, say("ui.semicolon", {}, book.code).plain))


def policies(book: Book) -> Paragraph:
    """The register of laws and policies that were looked at (action b)."""
    laws = book.table("policies")
    if laws.empty:
        return Paragraph((cop("policies_none", book),), missing(lacking(book, "policies", laws, ()), book))
    hinder = {e: laws[laws[e].isin(["hinders", "mixed"])] for e in EFFECTS}
    facts = [book.count("policies", "policies", laws),
             book.count("policies_countries", "policies", laws, laws["iso3"].nunique()),
             book.count("policies_proposed", "policies", laws[laws["proposed_change"].notna()]),
             book.count("policies_adopted", "policies", laws[laws["state"] == "change adopted"]),
             *(book.count(f"policies_{e}", "policies", rows) for e, rows in hinder.items())]  # fmt: skip
    rows = [
        (
            plain(countries([r["iso3"]], book)),
            plain(": ".join(t for t in (of_row(r["title"], book), of_row(r["article"], book)) if t)),
            *(plain(word(r[e], book)) if word(r[e], book) else cop("not_said", book) for e in EFFECTS),
            plain(of_row(r["proposed_change"], book)),
            plain(word(r["state"], book)),
        )
        for r in records(laws.head(MOST))
    ]
    head = tuple(cop(f"head.{h}", book).plain for h in ("country", "law", *EFFECTS, "change", "state"))
    grid = BriefTable(head, tuple(rows), (), (0.12, 0.2, 0.12, 0.11, 0.12, 0.21, 0.12))
    gaps = lacking(book, "policies", laws, ("article", *EFFECTS, "evidence", "proposed_change", "reviewed"))
    return Paragraph((cop("policies", book, facts),), missing(gaps, book), tables=(grid,))
