# SPDX-License-Identifier: Apache-2.0
"""The trust fund in a proposal: its facts, what each part puts in and gets, and its books by date."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from homeground.brief.facts.sources import study_words
from homeground.brief.policy_brief.content import BriefTable
from homeground.brief.proposal.ledger import Ledger
from homeground.brief.proposal.tables_of_run import BUILDERS as OF_RUN
from homeground.brief.proposal.tables_of_run import Cell
from homeground.finance.trust_fund.books import IN, TrustFund, fund_books
from homeground.finance.trust_fund.summary import fund_layers, fund_ratios
from homeground.finance.trust_fund.terms import GRANT, TABLE, fund_terms
from homeground.finance.waterfall.tranches import ORDER
from homeground.language.messages import stated
from homeground.numbers.fact import Fact, counted_fact
from homeground.running.tables import CASHFLOW

BOOKS = f"study/{TABLE}"
WHAT: dict[str, Any] = {
    "kind": "modelled", "source": "proposal.fund_source", "licence": "licence.options", "no_interval": "proposal.fund_terms",
}  # fmt: skip


class Fund(NamedTuple):
    """The fund of a study over its run."""

    books: TrustFund
    parts: pd.DataFrame
    ratios: dict[str, float]


def fund_of(book: Ledger) -> Fund | None:
    """The fund that the study declares, over the run's cash flow; None where it declares none."""
    if "fund" not in book.memo:
        terms, flows = fund_terms(book.study), book.read(CASHFLOW)
        found = None
        if terms is not None and flows is not None:
            books = fund_books(flows, terms)
            found = Fund(books, fund_layers(books, flows), fund_ratios(books))
        book.memo["fund"] = found
    known: Fund | None = book.memo["fund"]
    return known


def add_fund(book: Ledger) -> None:
    """Facts of the fund; none where the study declares none."""
    found = fund_of(book)
    if found is None:
        return
    books, ratios = found.books, found.ratios
    period = _period(books)
    unverified = len(books.terms.unverified)
    if unverified:
        told = counted_fact("fund_unverified", unverified, "1", source="source.study", period=period)
        book.add(told, BOOKS, "rows of quality 5")
    else:
        book.add(
            counted_fact("fund_agreed", 1, "1", source="source.study", period=period), BOOKS, "every row has a source"
        )
    sums = {
        "size": books.size,
        "grants": books.grants,
        "back": books.paid_in - books.grants,
        "owed": ratios["owed_by_land"],
    }
    for name, amount in sums.items():
        if amount > 0:
            _add(book, f"fund_{name}", amount, books.currency, period, f"{CASHFLOW} by the terms: {name}")
    numbers = {name: (ratios[name], "1", 2) for name in ("dscr_least", "dscr_mean", "llcr")}
    numbers |= {name: (ratios[name], "1", 3) for name in ("private_per_public", "total_per_public")}
    numbers["owed_share"] = (100 * ratios["owed_share"], "%", 0)
    numbers["open"] = (100 * ratios["open"] / books.size, "%", 1)
    for name, (value, unit, decimals) in numbers.items():
        if math.isfinite(value) and not (name == "open" and value == 0):
            _add(book, f"fund_{name}", value, unit, period, f"{CASHFLOW} by the terms: {name}", decimals)


def fund_parts(book: Ledger) -> BriefTable | None:
    """What each part puts in, gets and returns."""
    found = fund_of(book)
    if found is None:
        return None
    period, currency = _period(found.books), found.books.currency
    rows: list[list[Cell]] = []
    for at, row in enumerate(found.parts.to_dict("records"), start=1):
        name = f"fund_part_{at}"
        cells: list[Cell] = [study_words(row["name"], book.code), book.say(f"fund_kind.{row['kind']}").plain]
        cells.append(_add(book, f"{name}_in", row["amount"], currency, period, f"{row['name']}: amount"))
        back = row["kind"] != GRANT
        cells.append(
            _add(book, f"{name}_gets", row["received"], currency, period, f"{row['name']}: received") if back else "–"
        )
        for column, decimals in (("irr", 2), ("grant_element_imf", 0)):
            value = float(row[column])
            where = f"{row['name']}: {column}"
            cells.append(
                _add(book, f"{name}_{column}", 100 * value, "%", period, where, decimals)
                if math.isfinite(value)
                else "–"
            )
        rows.append(cells)
    return _table(
        book, ("fund_part", "fund_kind", "fund_in", "fund_gets", "fund_return", "fund_element"), rows, 0.28, currency
    )


def fund_years(book: Ledger) -> BriefTable | None:
    """The fund by date: what comes in, what land gets, fees, what parts are paid, what is kept."""
    found = fund_of(book)
    if found is None:
        return None
    books, rows = found.books, []
    for row in books.by_date.to_dict("records"):
        day = row["date"].isoformat()
        sums = {
            "comes_in": sum(row[name] for name in IN), "to_land": row["to_land"] + row["lent"], "fees": row["fees"],
            "paid": sum(row[kind] for kind in ORDER), "kept": row["unspent"] + row["reserve"],
        }  # fmt: skip
        cells: list[Cell] = [day]
        for name, amount in sums.items():
            known = _add(book, f"fund_{day}_{name}", _whole(amount), books.currency, day, f"{day}: {name}")
            cells.append(known if _whole(amount) else "–")
        rows.append(cells)
    heads = ("fund_date", "fund_comes_in", "fund_to_land", "fund_fees", "fund_paid", "fund_kept")
    return _table(book, heads, rows, 0.15, books.currency)


def _table(
    book: Ledger, heads: Sequence[str], rows: Sequence[Sequence[Cell]], first: float, currency: str
) -> BriefTable:
    """Numbers without their unit, which stands in the head."""
    rest = (1 - first) / (len(heads) - 1)
    numbers = tuple(i for i in range(len(heads)) if any(isinstance(row[i], Fact) for row in rows))
    lines = tuple(
        tuple(stated(cell, book.code, unit=False) if isinstance(cell, Fact) else book.plain(cell) for cell in row)
        for row in rows
    )
    titles = tuple(book.say(f"head.{head}", currency=currency).plain for head in heads)
    return BriefTable(titles, lines, numbers, (first, *([rest] * (len(heads) - 1))))


def _whole(amount: float) -> float:
    return amount if abs(amount) >= 1 else 0.0


def _period(books: TrustFund) -> str:
    first, last = books.by_date["date"].iloc[0], books.by_date["date"].iloc[-1]
    return f"{first.year}–{last.year}"


def _add(book: Ledger, key: str, value: float, unit: str, period: str, rows: str, decimals: int = 0) -> Fact:
    return book.add(Fact(key, float(value), unit, period=period, decimals=decimals, **WHAT), CASHFLOW, rows)


BUILDERS: dict[str, Callable[[Ledger], BriefTable | None]] = {
    **OF_RUN,
    "fund_parts": fund_parts,
    "fund_years": fund_years,
}
