# SPDX-License-Identifier: Apache-2.0
"""II.A: what was reached, by indicator.

Results are made by a public function of the accelerator; where it is not there, the report says so.
"""

from __future__ import annotations

from typing import Any

from homeground.accelerator.cooperation.tables import gone, table_of
from homeground.accelerator.registry.declared import registry_tables
from homeground.accelerator.results.report import results_of
from homeground.brief.accelerator.cop_report.book import UNDATED, Book
from homeground.brief.accelerator.cop_report.content import Paragraph
from homeground.brief.accelerator.cop_report.rows import MOST, records
from homeground.brief.accelerator.cop_report.words import cop, missing, of_row, plain
from homeground.brief.policy_brief.content import BriefTable
from homeground.errors import DataError
from homeground.language.figures import span
from homeground.language.messages import stated
from homeground.language.quantities import UNITS, Text
from homeground.numbers.fact import Fact


def results(book: Book) -> Paragraph:
    """What was reached, by indicator: approved results alone."""
    actuals = book.tables.get("actuals")
    if actuals is None or actuals.empty:
        return Paragraph((cop("results_none", book),), missing([cop("results_gap", book)], book))
    try:
        found = results_of({name: table_of(book.tables, name) for name in registry_tables()})
    except DataError as error:
        return Paragraph((cop("results_none", book),), missing([cop("results_unread", book, why=str(error))], book))
    rows: list[tuple[Text, ...]] = []
    gaps: list[str] = []
    for row in records(found.results.head(MOST)):
        title = of_row(row["title"], book)
        if gone(row["value"]):
            rows.append((plain(title), plain(str(row["unit"])), cop("not_said", book)))
            gaps.append(title)
            continue
        unit = str(row["unit"])
        fact = Fact(f"result_{row['indicator']}", float(row["value"]), unit if unit in UNITS else "1", "actuals",
                    "published", _span(row), no_interval="why.source")  # fmt: skip
        book.take(fact, (("actuals", name) for name in str(row["actuals"]).split()))
        rows.append((plain(title), plain("" if unit in UNITS else unit), stated(fact, book.code)))
    counted = [
        book.count("results_told", "actuals", actuals),
        book.count("results_counted", "actuals", actuals, found.counted),
    ]
    head = tuple(cop(f"head.{h}", book).plain for h in ("indicator", "unit", "actual"))
    told = [cop("actuals_missing", book, titles=gaps)] if gaps else []
    grid = BriefTable(head, tuple(rows), (2,), (0.5, 0.2, 0.3))
    return Paragraph((cop("results", book, counted),), missing([*told, cop("impact_gap", book)], book), tables=(grid,))


def _span(row: dict[Any, Any]) -> str:
    """Years that a result is of."""
    ends = [str(row[name])[:4] for name in ("start", "end") if not gone(row[name]) and str(row[name])]
    return span(ends[0], ends[-1]) if ends else UNDATED
