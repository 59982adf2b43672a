# SPDX-License-Identifier: Apache-2.0
"""II.A: the Great Green Wall and its Accelerator, what was promised and paid, and what was reached.

The ladder and the results come from their own parts of the accelerator, as functions of the tables. `LADDER` gives columns
step, instrument, currency, amount_minor and rows (keys, divided by blanks); `RESULTS` gives indicator, unit, target, actual,
year and rows. None: that part is not there, and the report says so.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from homeground.accelerator.cooperation.tables import Tables, gone
from homeground.brief.accelerator.cop_report.book import Book, row_ids
from homeground.brief.accelerator.cop_report.content import Paragraph
from homeground.brief.accelerator.cop_report.rows import MOST, items, part_of, records
from homeground.brief.accelerator.cop_report.sections.support import told_of
from homeground.brief.accelerator.cop_report.words import cop, lacking, missing, of_row, plain, word
from homeground.brief.policy_brief.content import BriefTable
from homeground.language.messages import stated
from homeground.language.quantities import UNITS
from homeground.numbers.fact import Fact
from homeground.numbers.money import from_minor

LADDER: Callable[[Tables], pd.DataFrame] | None = None
RESULTS: Callable[[Tables], pd.DataFrame] | None = None
STEPS = ("pledges", "allocations", "transactions")
TARGETS = ("ggw_hectares", "ggw_carbon", "ggw_jobs", "ggw_pillars")


def great_green_wall(book: Book) -> Paragraph:
    """The initiative, its targets and its Accelerator."""
    frames = {n: part_of(book, n, "support") for n in ("partnerships", "studies", "events")}
    frames = {n: rows[rows["topic"] == "restoration"] for n, rows in frames.items()}
    said = (cop("wall", book, [book.stated(k) for k in TARGETS]), *told_of(book, "wall", frames))
    gaps = [cop("wall_gap", book), *lacking(book, "partnerships", frames["partnerships"], ("outcome",), "wall_")]
    return Paragraph(said, missing(gaps, book), items(book, **frames))


def money(book: Book) -> Paragraph:
    """What was promised, programmed, committed, paid and spent."""
    held = {n: book.tables[n] for n in STEPS if n in book.tables and len(book.tables[n])}
    if not held:
        return Paragraph((cop("money_none", book),), missing([cop("money_gap_rows", book)], book))
    told = [cop("money", book, [book.count_over("money_rows", held)])]
    if LADDER is None:
        grids = (_pledges(book, held["pledges"]),) if "pledges" in held else ()
        told += [cop("pledges_single", book)] if grids else []
        return Paragraph(tuple(told), missing([cop("money_gap_ladder", book)], book), tables=grids)
    ladder = LADDER(book.tables)
    rows = []
    for row in records(ladder.head(MOST)):
        fact = _money(
            f"ladder_{row['step']}_{row['instrument']}_{row['currency']}", row["amount_minor"], row["currency"]
        )
        book.take(fact, [("transactions", r) for r in str(row["rows"]).split()])
        instrument = plain(word(row["instrument"], book)) if not gone(row["instrument"]) else cop("not_said", book)
        rows.append((plain(word(row["step"], book)), instrument, stated(fact, book.code)))
    head = tuple(cop(f"head.{h}", book).plain for h in ("step", "instrument", "amount"))
    gaps = [
        cop("unconfirmed", book, n=book.count("unconfirmed", "transactions", rows_)) for rows_ in _unconfirmed(held)
    ]
    return Paragraph((*told, cop("ladder", book)), missing(gaps, book),
                     tables=(BriefTable(head, tuple(rows), (2,), (0.3, 0.3, 0.4)),))  # fmt: skip


def _unconfirmed(held: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
    rows = held.get("transactions")
    if rows is None or "confirmed_by" not in rows:
        return [] if rows is None else [rows]
    found = rows[rows["confirmed_by"].isna()]
    return [found] if len(found) else []


def _pledges(book: Book, pledges: pd.DataFrame) -> BriefTable:
    """Each pledge as it was published: nothing is added up."""
    rows = []
    for row, key in zip(records(pledges.head(MOST)), row_ids("pledges", pledges.head(MOST)), strict=True):
        fact = _money(f"pledge_{key}", row["amount_minor"], row["currency"], str(row["source"]))
        book.take(fact, [("pledges", key)])
        rows.append((plain(of_row(row["donor"], book)), stated(fact, book.code), plain(of_row(row["source"], book))))
    head = tuple(cop(f"head.{h}", book).plain for h in ("donor", "amount", "source"))
    return BriefTable(head, tuple(rows), (1,), (0.3, 0.25, 0.45))


def _money(key: str, minor: int, currency: str, source: str = "transactions") -> Fact:
    amount = float(from_minor(int(minor), currency))
    return Fact(key, amount, currency, source, "published", "accelerator.cop.undated", no_interval="why.source")


def results(book: Book) -> Paragraph:
    """What was reached, by indicator."""
    table = RESULTS(book.tables) if RESULTS is not None else None
    if table is None or table.empty:
        return Paragraph((cop("results_none", book),), missing([cop("results_gap", book)], book))
    rows, gaps = [], 0
    for row in records(table.head(MOST)):
        cells = []
        for what in ("target", "actual"):
            if gone(row[what]):
                gaps += what == "actual"
                cells.append(cop("not_said", book))
                continue
            unit = row["unit"] if row["unit"] in UNITS else "1"
            fact = Fact(f"result_{row['indicator']}_{what}", float(row[what]), unit, "results", "published",
                        str(row["year"]), no_interval="why.source")  # fmt: skip
            book.take(fact, [("results", r) for r in str(row["rows"]).split()])
            cells.append(stated(fact, book.code))
        rows.append((plain(of_row(row["indicator"], book)), *cells))
    head = tuple(cop(f"head.{h}", book).plain for h in ("indicator", "target", "actual"))
    told = [cop("actuals_missing", book)] if gaps else []
    return Paragraph((cop("results", book),), missing([*told, cop("impact_gap", book)], book),
                     tables=(BriefTable(head, tuple(rows), (1, 2), (0.5, 0.25, 0.25)),))  # fmt: skip
