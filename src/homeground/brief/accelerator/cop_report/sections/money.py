# SPDX-License-Identifier: Apache-2.0
"""II.A: what was promised, programmed, committed, paid and spent."""

from __future__ import annotations

from typing import Any

import pandas as pd

from homeground.accelerator.ladder.finance_ladder import finance_ladder
from homeground.brief.accelerator.cop_report.book import Book
from homeground.brief.accelerator.cop_report.content import Paragraph
from homeground.brief.accelerator.cop_report.rows import MOST, records
from homeground.brief.accelerator.cop_report.words import cop, missing, plain, word
from homeground.brief.policy_brief.content import BriefTable
from homeground.language.messages import stated
from homeground.language.quantities import Text

TABLES = ("pledges", "allocations", "transactions")
SOURCES = 3  # that a number of money names; the file of numbers has all


def money(book: Book) -> Paragraph:
    """What was promised, programmed, committed, paid and spent."""
    held = {n: book.tables[n] for n in TABLES if n in book.tables and len(book.tables[n])}
    if not held:
        return Paragraph((cop("money_none", book),), missing([cop("money_gap_rows", book)], book))
    told = [cop("money", book, [book.count_over("money_rows", held)])]
    ladder = finance_ladder(book.tables, by=("instrument",))
    rows = tuple(_step(book, row, ladder.rows) for row in records(ladder.cells.head(MOST)))
    head = tuple(cop(f"head.{h}", book).plain for h in ("step", "instrument", "amount", "gross"))
    grid = BriefTable(head, rows, (2, 3), (0.2, 0.2, 0.3, 0.3))
    gaps = [cop("unconfirmed", book, n=book.count("unconfirmed", "transactions", r)) for r in _unconfirmed(held)]
    if ladder.notices:
        gaps.append(cop("notices", book, n=book.count_over("ladder_notices", held, len(ladder.notices))))
    return Paragraph((*told, cop("ladder", book)), missing(gaps, book), tables=(grid,))


def _step(book: Book, row: dict[Any, Any], rows: pd.DataFrame) -> tuple[Text, ...]:
    """One cell of the ladder: what counts, and what the rows say before anything is taken off."""
    cell = {name: str(row[name]) for name in ("step", "instrument", "currency")}
    behind = rows[[all(str(one[n]) == v for n, v in cell.items()) for one in records(rows)]]
    source = "; ".join(list(dict.fromkeys(behind["source"].dropna().astype("str")))[:SOURCES]) or "transactions"
    told = []
    for name in ("amount_minor", "gross_minor"):
        fact = book.money(f"ladder_{name}_{'_'.join(cell.values())}", row[name], cell["currency"], source)
        book.take(fact, zip(behind["table"].astype("str"), behind["key"].astype("str"), strict=True))
        told.append(stated(fact, book.code))
    return (plain(word(cell["step"], book)), plain(word(cell["instrument"], book)), *told)


def _unconfirmed(held: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
    rows = held.get("transactions")
    if rows is None or "confirmed_by" not in rows:
        return [] if rows is None else [rows]
    found = rows[rows["confirmed_by"].isna()]
    return [found] if len(found) else []
