# SPDX-License-Identifier: Apache-2.0
"""Rows of partnerships, studies and events as items of a paragraph."""

from __future__ import annotations

from typing import Any

import pandas as pd

from homeground.brief.accelerator.cop_report.book import Book
from homeground.brief.accelerator.cop_report.words import cop, item, of_row, of_table, when, word
from homeground.language.quantities import Text

MOST = 30  # rows that a paragraph or table of the report shows; all stand in the tables


def part_of(book: Book, table: str, part: str) -> pd.DataFrame:
    """Rows that a section tells of; rows that name no section are told under sharing."""
    rows = book.table(table)
    told = rows["part"].fillna("sharing")
    return rows[told == part]


def records(rows: pd.DataFrame) -> list[dict[Any, Any]]:
    """Rows as dictionaries."""
    return rows.to_dict("records")


def items(book: Book, **tables: pd.DataFrame) -> tuple[Text, ...]:
    """Rows of several tables, one item each, in the order given."""
    makers = {"partnerships": _partnership, "studies": _study, "events": _event, "requests": _request}
    return tuple(makers[name](row, book) for name, rows in tables.items() for row in records(rows.head(MOST)))


def organisations(value: Any, book: Book) -> str:
    """Names divided by semicolons, as the language divides them."""
    told = of_row(value, book)
    return cop("list_mark", book).plain.join(
        part.strip() for part in told.replace("；", ";").split(";") if part.strip()
    )


def _partnership(row: dict[Any, Any], book: Book) -> Text:
    places = of_table(row, "partnership_countries", "partnership", book)
    with_ = cop("with", book, who=organisations(row["partners"], book)).plain
    tags = [word(row["kind"], book), when(row, book), word(row["state"], book)]
    said = [with_, of_row(row["purpose"], book), of_row(row["outcome"], book), _for(places, book)]
    return item(of_row(row["name"], book), tags, said, row["source"], book)


def _study(row: dict[Any, Any], book: Book) -> Text:
    places = of_table(row, "study_countries", "study", book)
    tags = [word(row["kind"], book), when(row, book), word(row["state"], book)]
    said = [_by(row["made_by"], row["funder"], book), of_row(row["findings"], book), _for(places, book)]
    return item(of_row(row["title"], book), tags, said, row["source"], book)


def _event(row: dict[Any, Any], book: Book) -> Text:
    tags = [word(row["kind"], book), when(row, book), of_row(row["place"], book)]
    said = [_by(row["organisers"], row["funder"], book), of_row(row["outcome"], book)]
    return item(of_row(row["title"], book), tags, said, row["source"], book)


def _request(row: dict[Any, Any], book: Book) -> Text:
    tags = [word(row["state"], book)]
    said = [_by(row["answered_by"], row["funder"], book), of_row(row["outcome"], book)]
    return item(of_row(row["title"], book), tags, said, row["source"], book)


def _for(places: str, book: Book) -> str:
    return cop("countries", book, places=places).plain if places else ""


def _by(who: object, funder: object, book: Book) -> str:
    """By whom it is done and who pays, as far as it is known."""
    made, paid = organisations(who, book), organisations(funder, book)
    if made and paid:
        return cop("by_paid", book, who=made, funder=paid).plain
    return cop("by", book, who=made).plain if made else cop("paid", book, funder=paid).plain if paid else ""
