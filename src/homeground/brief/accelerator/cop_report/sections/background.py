# SPDX-License-Identifier: Apache-2.0
"""I. Background: what was asked for, what this report rests on, how it is to be read."""

from __future__ import annotations

from homeground.accelerator.cooperation.tables import cooperation_tables
from homeground.brief.accelerator.cop_report.book import Book, years_of
from homeground.brief.accelerator.cop_report.content import Paragraph, Section
from homeground.brief.accelerator.cop_report.rows import MOST, items, part_of
from homeground.brief.accelerator.cop_report.words import NOTE, cop, lacking, missing, plain
from homeground.brief.policy_brief.content import BriefTable
from homeground.language.figures import listed
from homeground.language.messages import say, stated
from homeground.language.quantities import Text

DECISION, NOTE_OF = "22/COP.14", "COP15"
LINKS = ("partnership_countries", "request_parties", "study_countries")  # they only name countries


def background(book: Book) -> Section:
    """The first section."""
    title = cop("title.background", book).plain
    return Section(1, title, (*_agreed(book), _mandate(book), _ground(book), _reading(book)))


def _agreed(book: Book) -> tuple[Paragraph, ...]:
    """Agreements that the work rests on."""
    rows = part_of(book, "partnerships", "background")
    if rows.empty:
        return ()
    gaps = lacking(book, "partnerships", rows, ("year", "outcome"), "background_")
    said = cop("agreed", book, [book.count("agreed", "partnerships", rows)])
    return (Paragraph((said,), missing(gaps, book), items(book, partnerships=rows)),)


def _mandate(book: Book) -> Paragraph:
    strands, actions = book.stated("strands"), book.stated("actions")
    said = cop("mandate", book, [strands, actions], decision=DECISION)
    return Paragraph((said,), missing([cop("mandate_gap", book)], book))


def _ground(book: Book) -> Paragraph:
    """What tables there are, with their rows."""
    names = [n for n in cooperation_tables() if n not in LINKS]
    held = {n: book.table(n) for n in names if len(book.table(n))}
    of_note = {n: t[t["source"].astype("str").str.match(NOTE)] for n, t in held.items() if "source" in t}
    rows: list[tuple[Text, ...]] = []
    for name, table in held.items():
        years = years_of(table).dropna()
        last = plain(str(int(years.max()))) if len(years) else cop("not_said", book)
        book.quoted.append(last.plain)
        number = stated(book.count(f"all_{name}", name, table), book.code, unit=False)
        rows.append((cop(f"table.{name}", book), number, last))
    facts = (
        book.count_over("ground_rows", held),
        book.count_over("ground_tables", held, len(held)),
        book.count_over("ground_note", {n: t for n, t in of_note.items() if len(t)}),
    )
    said = [cop("ground", book, facts, cop=NOTE_OF)]
    if any(len(table) > MOST for table in held.values()):
        said.append(cop("first_rows", book, n=book.rule("most_rows", MOST)))
    return Paragraph(tuple(said), missing(_empty(book, names, list(held)), book), tables=(_grid(book, rows),))


def _empty(book: Book, names: list[str], held: list[str]) -> list[Text]:
    empty = [cop(f"table.{n}", book).plain for n in names if n not in held]
    return [cop("no_rows_in", book, tables=listed(empty, book.code))] if empty else []


def _grid(book: Book, rows: list[tuple[Text, ...]]) -> BriefTable:
    head = tuple(cop(f"head.{h}", book).plain for h in ("table", "rows", "latest"))
    return BriefTable(head, tuple(rows), (1, 2), (0.6, 0.2, 0.2))


def _reading(book: Book) -> Paragraph:
    said = (say("body.mobility", {}, book.code), cop("reading", book), cop("not_for", book))
    return Paragraph(said, missing([cop("reading_gap", book)], book))
