# SPDX-License-Identifier: Apache-2.0
"""What a reader of the ladder must know: money not divided, not linked, not converted, shares that do not sum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import pandas as pd

from homeground.accelerator.issues import Issue
from homeground.accelerator.ladder.grouping import sum_by
from homeground.accelerator.ladder.rows import OFFICIAL, STEPS, table_of
from homeground.accelerator.ladder.shares import UNALLOCATED, sums_of_shares
from homeground.numbers.money import from_minor


def notices_of(
    tables: Mapping[str, pd.DataFrame], rolled: pd.DataFrame, not_converted: pd.DataFrame
) -> tuple[Issue, ...]:
    """Notices and warnings on a ladder.

    Parameters
    ----------
    tables : mapping of DataFrame
    rolled : DataFrame
        Of `rollup`.
    not_converted : DataFrame
        currency, year, amount_minor.

    Returns
    -------
    tuple of Issue

    Examples
    --------
    >>> shares = pd.DataFrame({"project": ["P", "P"], "iso3": ["MLI", "NER"], "share": [70.0, 70.0]})
    >>> from homeground.accelerator.ladder.rollup import rollup
    >>> [n.rule for n in notices_of({"project_countries": shares}, rollup({}), pd.DataFrame())]
    ['shares']
    """
    found = [*_pledges(tables), *_shares(tables), *_overspent(rolled), *_parts(rolled)]
    for row in not_converted.to_dict("records"):
        year = f"of {row['year']}" if row["year"] else "without a year"
        text = f"{_money(row['amount_minor'], str(row['currency']))} {year} is not converted: no rate."
        found.append(_notice("exchange_rates", "rate", text, "Add the rate of that currency and year."))
    return tuple(found)


def _pledges(tables: Mapping[str, pd.DataFrame]) -> Iterator[Issue]:
    """Pledges of named donors that do not sum to what the host of the event printed: both stay as they are."""
    table = table_of(tables, "pledges")
    table = table[table["state"] != "withdrawn"]
    table = table.assign(amount_minor=table["amount_minor"].astype("int64"))
    official = table[table["donor"] == OFFICIAL]
    for row in official.to_dict("records"):
        same = (table["event"] == row["event"]) & (table["currency"] == row["currency"]) & (table["donor"] != OFFICIAL)
        total, printed = int(table.loc[same, "amount_minor"].sum()), int(row["amount_minor"])
        if total != printed:
            why = "donors may count the same money" if total > printed else "not all donors are named"
            text = f"{row['event']}: named pledges sum to {_money(total, row['currency'])}, the official total is "
            text += f"{_money(printed, row['currency'])}: {why}. Neither is changed."
            yield _notice(
                "pledges", "overlap", text, "Add an overlap with its reason where two donors tell of one sum."
            )


def _shares(tables: Mapping[str, pd.DataFrame]) -> Iterator[Issue]:
    for name, what in (("project_countries", "country"), ("project_pillars", "pillar")):
        for row in sums_of_shares(table_of(tables, name)).to_dict("records"):
            over = row["share"] > 100
            rest = "all of its money is unallocated" if over else "what they leave is unallocated"
            yield Issue(name, 0, "share", "shares", "warning" if over else "notice",
                        f"{row['project']}: the shares by {what} sum to {row['share']:g} %, so {rest}.",
                        "Write shares that sum to 100.")  # fmt: skip


def _overspent(rolled: pd.DataFrame) -> Iterator[Issue]:
    """A later step that exceeds an earlier one which is told at all, in one currency."""
    sums = sum_by(rolled, ["step", "currency"], ["amount_minor"])
    by = {(str(s), str(c)): int(a) for s, c, a in sums.itertuples(index=False)}
    for currency in dict.fromkeys(str(c) for c in sums["currency"]):
        told = [step for step in STEPS if by.get((step, currency), 0) > 0]
        for before, after in pairwise(told):
            if by[after, currency] > by[before, currency] and (before, after) != ("disbursed", "spent"):
                yield _notice(
                    "transactions", "order of steps",
                    f"{after} {_money(by[after, currency], currency)} is more than {before} "
                    f"{_money(by[before, currency], currency)}.",
                    f"Look for what was {before} and is not in the registry.",
                )  # fmt: skip


def _parts(rolled: pd.DataFrame) -> Iterator[Issue]:
    for step, currency, amount in sum_by(rolled, ["step", "currency"], ["residual_minor"]).itertuples(index=False):
        if amount:
            text = f"{step}: {_money(amount, str(currency))} may be told twice: it came from others, and no link shows "
            yield _notice("transactions", "links", text + "whether they tell of it too.",
                          "Name the activity that it comes from (donor_project).")  # fmt: skip
    for step, currency, amount in sum_by(rolled, ["step", "currency"], ["levels_minor"]).itertuples(index=False):
        if amount:
            text = (
                f"{step}: {_money(amount, str(currency))} is taken off, for a programme and what stands below it (or a "
            )
            yield _notice("project_links", "levels", text + "donor and its projects) both tell of that step.",
                          'Where it is separate money, write "separate money" as the evidence of the link.')  # fmt: skip
    lost = rolled[rolled["iso3"].astype("str") == UNALLOCATED]
    for step, currency, amount in sum_by(lost, ["step", "currency"], ["amount_minor"]).itertuples(index=False):
        if amount:
            yield _notice("transactions", "country", f"{step}: {_money(amount, str(currency))} has no country.",
                          "Give the country of the row, or shares of its project.")  # fmt: skip


def _money(minor: int, currency: str) -> str:
    return f"{from_minor(minor, currency):,} {currency}"


def _notice(file: str, rule: str, text: str, fix: str) -> Issue:
    return Issue(file, 0, "", rule, "notice", text, fix)
