# SPDX-License-Identifier: Apache-2.0
"""Remittances of which a part is sent to land by the sender's own choice: an account, savings, cover against drought."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.instruments.ledger import Payment, ledger, months_after, share
from homeground.numbers.money import Money

Transfers = Sequence[tuple[date, float]]


def channelled_remittance(
    transfers: Transfers,
    money: Money,
    *,
    part: float,
    fee: float,
    rebate: float = 0.0,
    released: Mapping[date, float],
    prices: str = "nominal",
) -> pd.DataFrame:
    """The provider routes a part of each transfer to an account for land, the rest to the family, and gives fee back.

    Parameters
    ----------
    transfers : sequence of (date, float)
        What the migrant sends, dates in order, before the fee.
    money : Money
        Currency and price year of the transfers; its amount is not used.
    part : float
        Fraction of what arrives that goes to the account. Only with the sender's consent, who may end it.
    fee : float
        Fraction of the transfer that the provider takes.
    rebate : float
        Fraction of the fee given back to the sender.
    released : mapping of date to float
        Fraction of the account paid to the land user on a day; on the last day 1 empties it.
    prices : str
        "nominal" or "real".

    Returns
    -------
    DataFrame
        A table of `ledger`: migrant, family, fund (the account), land user, outside (provider).

    Raises
    ------
    DataError
        Dates out of order, a share that is no fraction, money released before any came in.

    Examples
    --------
    >>> rows = channelled_remittance(
    ...     [(date(2026, 1, 1), 200.0)],
    ...     Money(0.0, "USD", 2026),
    ...     part=0.1,
    ...     fee=0.05,
    ...     rebate=0.5,
    ...     released={date(2026, 6, 1): 1.0},
    ... )
    >>> rows[["payer", "payee", "amount"]].values.tolist()
    [['migrant', 'outside', 10.0], ['outside', 'migrant', 5.0], ['migrant', 'family', 171.0], ['migrant', 'fund', 19.0], ['fund', 'land user', 19.0]]
    """
    problems = Problems("channelled remittance")
    _check_transfers(transfers, problems)
    for value, name in (
        (part, "part"),
        (fee, "fee"),
        (rebate, "rebate"),
        *((x, "released") for x in released.values()),
    ):
        share(value, name, problems)
    if not released or max(released) < max(day for day, _ in transfers) or released[max(released)] != 1:
        problems.add("the account is not emptied: release 1 (all of it) on a day after the last transfer.")
    problems.raise_if_any(DataError)
    rows: list[Payment] = []
    for day, sent in transfers:
        arrives = sent * (1 - fee)
        rows += [
            Payment(day, "migrant", "outside", "fee", sent * fee),
            Payment(day, "outside", "migrant", "fee given back", sent * fee * rebate),
            Payment(day, "migrant", "family", "transfer", arrives * (1 - part)),
            Payment(day, "migrant", "fund", "to the account for land", arrives * part),
        ]
    balance, seen = 0.0, 0
    events = sorted(
        [(day, 0, sent * (1 - fee) * part) for day, sent in transfers] + [(d, 1, x) for d, x in released.items()]
    )
    for day, out, amount in events:
        if not out:
            balance, seen = balance + amount, seen + 1
            continue
        if not seen:
            raise DataError(f"money is released on {day} before any came in. Release it after the first transfer.")
        rows.append(Payment(day, "fund", "land user", "released", balance * amount))
        balance -= balance * amount
    return ledger(rows, money, prices=prices)


def linked_savings(
    transfers: Transfers,
    money: Money,
    *,
    part: float,
    rate: float,
    until: date,
    bonus: float = 0.0,
    prices: str = "nominal",
) -> pd.DataFrame:
    """Savings from each transfer that bear interest and are paid out to the family for land, with a public bonus.

    Parameters
    ----------
    transfers : sequence of (date, float)
        What the migrant sends, dates in order.
    money : Money
        Currency and price year; its amount is not used.
    part : float
        Fraction of each transfer that is saved; the rest goes to the family at once.
    rate : float
        Interest a year, paid by the market at the end on each deposit's days (compound, 365 days).
    until : date
        Day of payment.
    bonus : float
        Fraction of the deposits that the public adds at the end.
    prices : str
        "nominal" or "real".

    Returns
    -------
    DataFrame
        A table of `ledger`: migrant, family, fund (the bank), public, outside.

    Raises
    ------
    DataError
        Dates out of order or after `until`, or a share that is no fraction.

    Examples
    --------
    >>> rows = linked_savings(
    ...     [(date(2026, 1, 1), 100.0)], Money(0.0, "USD", 2026), part=0.5, rate=0.04, until=date(2027, 1, 1), bonus=0.1
    ... )
    >>> rows.loc[rows.payee == "family", ["payer", "amount"]].values.tolist()
    [['migrant', 50.0], ['fund', 57.0]]
    """
    problems = Problems("savings")
    _check_transfers(transfers, problems)
    for value, name in ((part, "part"), (rate, "rate"), (bonus, "bonus")):
        share(value, name, problems)
    if transfers and until < max(day for day, _ in transfers):
        problems.add(f"until {until} lies before the last transfer.")
    problems.raise_if_any(DataError)
    rows = []
    saved = interest = 0.0
    for day, sent in transfers:
        rows.append(Payment(day, "migrant", "family", "transfer", sent * (1 - part)))
        rows.append(Payment(day, "migrant", "fund", "saved", sent * part))
        saved += sent * part
        interest += sent * part * ((1 + rate) ** ((until - day).days / 365) - 1)
    rows += [
        Payment(until, "outside", "fund", "interest", interest),
        Payment(until, "public", "fund", "bonus", saved * bonus),
        Payment(until, "fund", "family", "savings paid out", saved + interest + saved * bonus),
    ]
    return ledger(rows, money, prices=prices)


def index_insurance(
    index: Sequence[float],
    money: Money,
    *,
    premium: float,
    trigger: float,
    exit_at: float,
    start: date,
    public_share: float = 0.0,
    prices: str = "nominal",
) -> pd.DataFrame:
    """Cover against drought by an index, the premium taken from transfers: pays in a straight line from trigger to exit.

    Parameters
    ----------
    index : sequence of float
        The index (such as rain, % of usual) of season 1, 2, ...
    money : Money
        Sum insured a season, with currency and price year.
    premium : float
        Fraction of the sum insured, a season.
    trigger, exit_at : float
        Payment starts below the trigger and is whole at the exit, which lies below it.
    start : date
        Day of the first premium; the payout of a season falls a year later.
    public_share : float
        Fraction of the premium paid by the public.
    prices : str
        "nominal" or "real".

    Returns
    -------
    DataFrame
        A table of `ledger`: migrant and public pay the insurer (outside), who pays the land user.

    Raises
    ------
    DataError
        A share is no fraction, the exit lies above the trigger, or a season has no index.

    Notes
    -----
    payout = sum insured x min(1, max(0, (trigger - index) / (trigger - exit))). What the index misses is the basis risk: a
    loss without payment.

    Examples
    --------
    >>> rows = index_insurance(
    ...     [90.0, 60.0], Money(100.0, "USD", 2026), premium=0.1, trigger=80.0, exit_at=40.0, start=date(2026, 6, 1)
    ... )
    >>> rows[["payer", "payee", "amount"]].values.tolist()
    [['migrant', 'outside', 10.0], ['migrant', 'outside', 10.0], ['outside', 'land user', 50.0]]
    """
    problems = Problems("index insurance")
    share(premium, "premium", problems)
    share(public_share, "public_share", problems)
    if not money.amount > 0:
        problems.add(f"sum insured: a sum above 0 was expected, found {money.amount:g}.")
    if not exit_at < trigger:
        problems.add(f"exit_at {exit_at:g} must lie below trigger {trigger:g}.")
    if bad := [number for number, x in enumerate(index, start=1) if not math.isfinite(x)]:
        problems.add(f"season {bad[0]} has no index. Fill it; nothing is guessed.")
    problems.raise_if_any(DataError)
    rows = []
    for season, seen in enumerate(index):
        day, cost = months_after(start, 12 * season), money.amount * premium
        paid = money.amount * min(1.0, max(0.0, (trigger - seen) / (trigger - exit_at)))
        rows += [
            Payment(day, "migrant", "outside", "premium", cost * (1 - public_share)),
            Payment(day, "public", "outside", "premium, public part", cost * public_share),
            Payment(months_after(start, 12 * (season + 1)), "outside", "land user", "payout", paid),
        ]
    return ledger(rows, money, prices=prices)


def _check_transfers(transfers: Transfers, problems: Problems) -> None:
    if not transfers:
        problems.add("no transfer is named. Give (date, amount) of each.")
    for (first, _), (second, _) in pairwise(transfers):
        if second < first:
            problems.add(f"dates out of order: {second} stands after {first}. Sort them.")
    for day, amount in transfers:
        if not amount > 0:
            problems.add(f"transfer of {day}: an amount above 0 was expected, found {amount}.")
