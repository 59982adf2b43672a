# SPDX-License-Identifier: Apache-2.0
"""Words of the rows in the language of the report: names, states, countries, days, sources, and what is missing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from homeground.accelerator.cooperation.tables import gone
from homeground.brief.accelerator.cop_report.book import Book
from homeground.catalogue.atlas import country_names
from homeground.language import figures
from homeground.language.figures import listed
from homeground.language.languages import language
from homeground.language.messages import known, say
from homeground.language.quantities import Run, Text
from homeground.language.wording import slug, translation

NOTE = re.compile(r"^ICCD/COP\(15\), note by the secretariat, paragraphs? ([\d-]+)$")
OF_NOTE = "source.note."  # ids of the words of the starting set


def cop(name: str, book: Book, facts: Iterable[Any] = (), **words: Any) -> Text:
    """A message of this report with facts and words."""
    return say(f"accelerator.cop.{name}", {f.key: f for f in facts}, book.code, **words)


def plain(text: object) -> Text:
    """Words without numbers of ours."""
    return Text((Run(str(text)),))


def of_row(value: Any, book: Book) -> str:
    """Words that a row holds: those of the starting set in the language, a user's own as they are; "" where missing."""
    if gone(value):
        return ""
    text = str(value)
    told = text if book.code == "en" else translation(text, OF_NOTE, book.code) or text
    book.quoted.append(told)
    return told


def word(value: Any, book: Book) -> str:
    """What a value of a list is called; "" where missing."""
    if gone(value):
        return ""
    message = f"accelerator.cop.word.{slug(str(value))}"
    return say(message, {}, book.code).plain if known(message) else str(value)


def countries(codes: Iterable[Any], book: Book) -> str:
    """Names of countries in the order of the language."""
    names = country_names(book.code)
    told = [names.get(str(c), str(c)) for c in dict.fromkeys(codes) if not gone(c)]
    return listed(sorted(told, key=figures.in_order), book.code)


def of_table(row: dict[Any, Any], table: str, key: str, book: Book) -> str:
    """Names of the countries that a row of another table has in ``<table>``."""
    links = book.table(table)
    return countries(links[links[key] == row[key]]["iso3"], book)


def day(value: Any, book: Book) -> str:
    """A day in words; "" where missing."""
    if gone(value):
        return ""
    told = figures.date(pd.Timestamp(value).date(), book.code)
    book.quoted.append(told)
    return told


def when(row: dict[Any, Any], book: Book) -> str:
    """The day of a row, else its month and year, else its year; "" where none is known."""
    if not gone(row.get("start")):
        return day(row["start"], book)
    year: Any = row.get("year")
    month: Any = row.get("month")
    if gone(year):
        return ""
    told = str(int(year)) if gone(month) else month_of(int(year), int(month), book.code)
    book.quoted.append(told)
    return told


def month_of(year: int, month: int, code: str) -> str:
    """A month with its year: "July 2021", "juillet 2021", "2021年7月"."""
    told = figures.date(datetime.date(year, month, 1), code)
    return told.removesuffix("1日") if code == "zh" else told[1:].lstrip("er\u00a0 ")


def source_mark(source: object, book: Book) -> str:
    """Where a row is from, as it stands behind a sentence."""
    text = str(source)
    found = NOTE.match(text)
    told = say("accelerator.cop.note_mark", {}, book.code, p=found[1]).plain if found else text
    book.quoted.append(told)
    return told


def source_words(source: str, book: Book) -> str:
    """Where a row is from, in full."""
    found = NOTE.match(source)
    return say("accelerator.cop.note_source", {}, book.code, p=found[1], cop="COP15").plain if found else source


def sentence(text: str, book: Book) -> str:
    """Words with a capital and a full stop."""
    if not text:
        return ""
    stop = "。" if book.code == "zh" else "."
    return text[:1].upper() + text[1:] + ("" if text[-1] in ".。!?！？" else stop)


def item(name: str, tags: Sequence[str], said: Sequence[str], source: object, book: Book) -> Text:
    """One row as an item: its name, what it is in brackets, sentences, and the source."""
    gap = " " if language(book.code).spaced else ""
    comma = say("ui.semicolon", {}, book.code).plain
    told = [t for t in tags if t]
    head = say("accelerator.cop.item_head", {}, book.code, name=name, tags=comma.join(told)).plain if told else name
    body = gap.join([sentence(head, book), *(sentence(s, book) for s in said if s)])
    mark = say("accelerator.cop.item_source", {}, book.code, source=source_mark(source, book)).plain
    return Text((Run(body + gap), Run(mark, "interval")))


def joined(texts: Sequence[Text], mark: str) -> Text:
    """Texts with a mark between them."""
    runs = [run for i, t in enumerate(texts) for run in ((Run(mark),) if i else ()) + t.runs]
    return Text(tuple(runs), tuple(dict.fromkeys(f for t in texts for f in t.facts)))


def missing(parts: Sequence[Text], book: Book) -> Text:
    """The end of a paragraph: what is missing, or that nothing is."""
    if not parts:
        return cop("missing_none", book)
    return cop("missing", book, what=joined(parts, say("ui.semicolon", {}, book.code).plain))


def lacking(book: Book, table: str, rows: pd.DataFrame, columns: Sequence[str], where: str = "") -> list[Text]:
    """Which columns have gaps, in how many of the rows; that there is no row at all where there is none."""
    name = say(f"accelerator.cop.table.{table}", {}, book.code).plain
    if rows.empty:
        return [cop("lack_rows", book, table=name)]
    told = []
    for column in columns:
        gaps = rows[rows[column].isna()]
        if len(gaps):
            n = book.count(f"lack_{where}{table}_{column}", table, gaps)
            whole = book.count(f"rows_{where}{table}", table, rows)
            what = say(f"accelerator.cop.column.{column}", {}, book.code).plain
            told.append(cop("lack", book, what=what, table=name, n=n, all=whole))
    return told


def without_link(
    book: Book, table: str, rows: pd.DataFrame, link: str, key: str, what: str, where: str = ""
) -> list[Text]:
    """In how many rows of a table no row of another one names a country."""
    gaps = rows[~rows[key].isin(book.table(link)[key])]
    if gaps.empty:
        return []
    n, whole = book.count(f"lack_{where}{table}_{what}", table, gaps), book.count(f"rows_{where}{table}", table, rows)
    name = say(f"accelerator.cop.table.{table}", {}, book.code).plain
    said = say(f"accelerator.cop.column.{what}", {}, book.code).plain
    return [cop("lack", book, what=said, table=name, n=n, all=whole)]
