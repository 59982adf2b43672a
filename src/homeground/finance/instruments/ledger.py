# SPDX-License-Identifier: Apache-2.0
"""Who pays whom on which day: every instrument gives such a table; none of the money is lost or made on the way."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.numbers.money import Money

# outside: who sells works and services, buys yields and credits, insures; the money market.
PARTIES = ("migrant", "family", "land user", "public", "fund", "outside")
COLUMNS = ("date", "payer", "payee", "what", "amount", "currency", "price_year", "prices")
PRICES = ("nominal", "real")


class Payment(NamedTuple):
    """One payment of an instrument, before its money is named."""

    day: date
    payer: str
    payee: str
    what: str
    amount: float


def ledger(payments: Iterable[Payment], money: Money, *, prices: str = "nominal") -> pd.DataFrame:
    """Payments as a table in order of dates; payments of nothing are left out.

    Parameters
    ----------
    payments : iterable of Payment
        day, payer, payee, what, amount (0 or more).
    money : Money
        Whose currency and price year the amounts are in.
    prices : str
        "nominal" (as paid on the day) or "real" (of the price year).

    Returns
    -------
    DataFrame
        date, payer, payee, what, amount, currency, price_year, prices.

    Raises
    ------
    DataError
        A party is unknown, pays itself, or an amount is negative or missing; prices are neither nominal nor real, or
        real without a price year.

    Examples
    --------
    >>> table = ledger([Payment(date(2026, 1, 1), "migrant", "family", "transfer", 5.0)], Money(0.0, "EUR", 2026))
    >>> table[["date", "payer", "payee", "amount", "currency"]].values.tolist()
    [[datetime.date(2026, 1, 1), 'migrant', 'family', 5.0, 'EUR']]
    """
    problems = Problems("payments")
    rows = [one for one in payments if one.amount != 0]
    for one in rows:
        if unknown := [name for name in (one.payer, one.payee) if name not in PARTIES]:
            problems.add(f"{one.what}: {', '.join(unknown)} is no party. Parties: {', '.join(PARTIES)}.")
        if one.payer == one.payee:
            problems.add(f"{one.what}: {one.payer} pays itself. Name who receives it.")
        if not (math.isfinite(one.amount) and one.amount > 0):
            problems.add(f"{one.what}: an amount of 0 or more was expected, found {one.amount}.")
    problems.extend(_prices_problems(money, prices))
    problems.raise_if_any(DataError)
    table = pd.DataFrame(rows, columns=["date", *COLUMNS[1:5]])
    table = table.sort_values("date", kind="stable", ignore_index=True)
    table["amount"] = table["amount"].astype(float)
    table["currency"], table["prices"] = money.currency, prices
    table["price_year"] = pd.array([money.price_year] * len(table), dtype="Int64")
    return table[list(COLUMNS)]


def by_party(payments: pd.DataFrame) -> pd.DataFrame:
    """What each party receives less what it pays, by date: the dated cash flow of each; rows add up to nothing.

    Parameters
    ----------
    payments : DataFrame
        A table of `ledger`, or several of one money joined.

    Returns
    -------
    DataFrame
        Index date, one column per party of `PARTIES`; money in is positive.

    Raises
    ------
    DataError
        The table mixes currencies, price years, or nominal with real prices.

    Examples
    --------
    >>> table = ledger([Payment(date(2026, 1, 1), "migrant", "family", "transfer", 5.0)], Money(0.0, "EUR", 2026))
    >>> by_party(table)[["migrant", "family"]].values.tolist()
    [[-5.0, 5.0]]
    """
    one_money(payments)
    received = payments.pivot_table(index="date", columns="payee", values="amount", aggfunc="sum", fill_value=0.0)
    paid = payments.pivot_table(index="date", columns="payer", values="amount", aggfunc="sum", fill_value=0.0)
    received, paid = (x.reindex(columns=list(PARTIES), fill_value=0.0) for x in (received, paid))
    out = received.sub(paid, fill_value=0.0)
    out.columns.name = None
    return out


def joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Several instruments of one money as one table, in order of dates.

    Parameters
    ----------
    tables : sequence of DataFrame
        Tables of `ledger`.

    Returns
    -------
    DataFrame
        The same columns.

    Raises
    ------
    DataError
        They differ in currency, price year, or nominal and real.

    Examples
    --------
    >>> day, pay = date(2026, 1, 1), "transfer"
    >>> one = ledger([Payment(day, "migrant", "family", pay, 5.0)], Money(0.0, "EUR", 2026))
    >>> two = ledger([Payment(day, "migrant", "family", pay, 5.0)], Money(0.0, "USD", 2026))
    >>> joined([one, two])
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: payments are in EUR and USD. Convert them to one currency first.
    """
    table = pd.concat([one for one in tables if len(one)], ignore_index=True) if any(map(len, tables)) else tables[0]
    one_money(table)
    return table.sort_values("date", kind="stable", ignore_index=True)


def one_money(payments: pd.DataFrame) -> None:
    """Refuse a table in several currencies, price years, or in nominal and real prices at once.

    Parameters
    ----------
    payments : DataFrame
        currency, price_year, prices.

    Raises
    ------
    DataError
        Which of them is mixed, all at once.

    Examples
    --------
    >>> one_money(ledger([], Money(0.0, "EUR", 2026)))
    """
    problems = Problems("payments")
    said = {
        "currency": "Convert them to one currency first.",
        "price_year": "Deflate them to one price year first.",
        "prices": "Deflate the nominal ones first.",
    }
    for name, hint in said.items():
        found = sorted({str(x) for x in payments[name]})
        if len(found) > 1:
            problems.add(f"payments are in {' and '.join(found)}. {hint}")
    if len(problems.messages) == 1:
        raise DataError(problems.messages[0])
    problems.raise_if_any(DataError)


def months_after(day: date, months: int) -> date:
    """The same day some months later; the last of the month where that month is shorter.

    Parameters
    ----------
    day : date
    months : int

    Returns
    -------
    date

    Examples
    --------
    >>> months_after(date(2026, 1, 31), 1), months_after(date(2026, 11, 1), 14)
    (datetime.date(2026, 2, 28), datetime.date(2028, 1, 1))
    """
    moved = pd.Timestamp(day) + pd.DateOffset(months=months)
    return date(moved.year, moved.month, moved.day)


def share(value: float, name: str, problems: Problems, *, most: float = 1.0) -> None:
    """Add a problem where a share or rate is not a fraction from 0 to `most`; percent gets a hint.

    Parameters
    ----------
    value : float
    name : str
    problems : Problems
    most : float

    Examples
    --------
    >>> found = Problems("bond")
    >>> share(6, "coupon", found)
    >>> found.messages
    ['coupon is 6: a fraction from 0 to 1 was expected. Write 6 % as 0.06.']
    """
    if not (math.isfinite(value) and 0 <= value <= most):
        hint = f" Write {value:g} % as {value / 100:g}." if value > most else ""
        problems.add(f"{name} is {value:g}: a fraction from 0 to {most:g} was expected.{hint}")


def sum_of_money(money: Money, name: str, problems: Problems) -> None:
    """Add a problem where a sum is not above nothing.

    Parameters
    ----------
    money : Money
    name : str
    problems : Problems

    Examples
    --------
    >>> found = Problems("bond")
    >>> sum_of_money(Money(-1.0, "USD", 2026), "principal", found)
    >>> found.messages
    ['principal: a sum above 0 was expected, found -1 USD.']
    """
    if not (math.isfinite(money.amount) and money.amount > 0):
        problems.add(f"{name}: a sum above 0 was expected, found {money.amount:g} {money.currency}.")


def same_money(first: Money, second: Money, name: str, problems: Problems) -> None:
    """Add a problem where two sums are of different currencies or price years.

    Parameters
    ----------
    first, second : Money
    name : str, what the second is called
    problems : Problems

    Examples
    --------
    >>> found = Problems("grant")
    >>> same_money(Money(1.0, "MXN", 2020), Money(1.0, "USD", 2020), "cap", found)
    >>> found.messages
    ['cap is in USD of 2020, the rest in MXN of 2020. Convert both to one currency and price year.']
    """
    if (first.currency, first.price_year) != (second.currency, second.price_year):
        problems.add(
            f"{name} is in {second.currency} of {second.price_year or 'an unstated year'}, the rest in "
            f"{first.currency} of {first.price_year or 'an unstated year'}. Convert both to one currency and price year."
        )


def _prices_problems(money: Money, prices: str) -> list[str]:
    if prices not in PRICES:
        return [f"prices are {prices!r}: nominal or real was expected."]
    if prices == "real" and money.price_year is None:
        return ["real prices need a price year. Name it in the money."]
    return []
