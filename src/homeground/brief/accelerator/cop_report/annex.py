# SPDX-License-Identifier: Apache-2.0
"""Where each number comes from: the paragraphs it stands in, the rows it was made from, and the sources of those rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from homeground.accelerator.cooperation.shipped import stated_numbers
from homeground.accelerator.registry.declared import registry_tables
from homeground.brief.accelerator.cop_report.book import Book, row_ids
from homeground.brief.accelerator.cop_report.content import Paragraph
from homeground.brief.accelerator.cop_report.words import cop, joined, plain, source_words
from homeground.brief.facts.sources import printed
from homeground.brief.policy_brief.content import BriefTable
from homeground.language.messages import phrase, stated
from homeground.language.quantities import Text
from homeground.numbers.fact import Fact

MOST = 6  # rows that a line names; the file of numbers has all


def places(paragraphs: Sequence[Paragraph]) -> dict[Fact, list[int]]:
    """Numbers of the paragraphs that state each fact."""
    found: dict[Fact, list[int]] = {}
    for number, one in enumerate(paragraphs, start=1):
        cells = [cell for table in one.tables for row in table.rows for cell in row]
        for text in (*one.said, one.missing, *one.items, *cells):
            for fact in text.facts:
                at = found.setdefault(fact, [])
                at += [number] if number not in at else []
    return found


def numbers(book: Book, paragraphs: Sequence[Paragraph]) -> BriefTable:
    """Every number with its paragraph and its rows."""
    lines: dict[tuple[str, str], list[Text]] = {}
    for fact, at in places(paragraphs).items():
        origin = book.origins[fact].rows
        mark = " …" if len(origin) > MOST else ""
        text = printed(fact.source, book.code) if _of_run(origin) else _grouped(origin[:MOST], book) + mark
        line = (", ".join(map(str, at)), text or cop("no_row", book).plain)
        lines.setdefault(line, []).append(stated(fact, book.code))
    semicolon = phrase("ui.semicolon", book.code)
    rows = [(plain(where), joined(_once(told), semicolon), plain(text)) for (where, text), told in lines.items()]
    head = tuple(cop(f"head.{h}", book).plain for h in ("paragraph", "number", "made_from"))
    return BriefTable(head, tuple(rows), (1,), (0.1, 0.24, 0.66))


def _once(texts: Sequence[Text]) -> list[Text]:
    """Numbers that read alike, once."""
    return list({text.plain: text for text in texts}.values())


def _of_run(origin: tuple[tuple[str, str], ...]) -> bool:
    return bool(origin) and origin[0][0].startswith("results/")


def _grouped(origin: Iterable[tuple[str, str]], book: Book) -> str:
    by: dict[str, list[str]] = {}
    for table, row in origin:
        by.setdefault(table, []).append(row)
    colon = cop("colon", book).plain
    return "; ".join(f"{table}{colon}{', '.join(rows)}" for table, rows in by.items())


def sources(book: Book) -> BriefTable:
    """Every source with the rows that rest on it."""
    by: dict[str, list[tuple[str, str]]] = {}
    for source, table, row in _sourced(book):
        by.setdefault(source, []).append((table, row))
    lines = tuple((plain(source_words(source, book)), plain(_grouped(rows, book))) for source, rows in by.items())
    head = tuple(cop(f"head.{h}", book).plain for h in ("source", "table_rows"))
    return BriefTable(head, lines, (), (0.35, 0.65))


def _sourced(book: Book) -> Iterator[tuple[str, str, str]]:
    used = {row for origin in book.origins.values() for row in origin.rows}
    for key, number in stated_numbers().items():
        if ("stated_numbers", key) in used:
            yield number["source"], "stated_numbers", key
    for name in registry_tables():
        if name not in book.tables or "source" not in book.tables[name]:
            continue
        table = book.tables[name]
        for key, source in zip(row_ids(name, table), table["source"], strict=False):
            if (name, key) in used:
                yield str(source), name, key


def all_numbers(book: Book, paragraphs: Sequence[Paragraph]) -> Iterator[dict[str, object]]:
    """Rows of the file of numbers: each number once for each row that it was made from."""
    known = {(table, row): source for source, table, row in _sourced(book)}
    for fact, at in places(paragraphs).items():
        for table, row in book.origins[fact].rows or (("", ""),):
            yield {
                "paragraphs": " ".join(map(str, at)), "number": fact.key, "value": fact.value, "unit": fact.unit,
                "kind": fact.kind, "period": printed(fact.period, "en"), "table": table, "row": row,
                "source": known.get((table, row), fact.source if _of_run(book.origins[fact].rows) else ""),
            }  # fmt: skip
