# SPDX-License-Identifier: Apache-2.0
"""Many small tickets in one vehicle: crowd-lending to land users, and a fund with a manager who shares in the gain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.instruments.ledger import Payment, ledger, months_after, share, sum_of_money
from homeground.numbers.money import Money


def crowd_lending(
    ticket: Money,
    *,
    lenders: int,
    rate: float,
    years: int,
    lent_on: date,
    fee: float = 0.0,
    default: float = 0.0,
    recovery: float = 0.0,
    prices: str = "nominal",
) -> pd.DataFrame:
    """Equal yearly instalments from land users through a platform to those who lent; some stop paying.

    Parameters
    ----------
    ticket : Money
        What one lender lends.
    lenders : int
        How many lend.
    rate : float
        Interest land users pay on what they owe, a year.
    years : int
        Instalments, one a year.
    lent_on : date
        Day of lending.
    fee : float
        Fraction of each payment that the platform keeps.
    default : float
        Fraction of loans that stop paying, each year, of those still paying.
    recovery : float
        Fraction of what is owed that comes back in the year of the default.
    prices : str
        "nominal" or "real".

    Returns
    -------
    DataFrame
        A table of `ledger`: migrants, fund (the platform), land users, outside (who is paid the fee).

    Raises
    ------
    DataError
        A sum or number is not above 0, or a rate is negative or looks like percent.

    Notes
    -----
    Instalment = principal x rate / (1 - (1 + rate)^-years). In year t, (1 - default)^t of loans pay it; those that stop in
    t pay recovery x what they owe before that instalment.

    Examples
    --------
    >>> rows = crowd_lending(
    ...     Money(50.0, "EUR", 2026), lenders=2, rate=0.0, years=2, lent_on=date(2026, 1, 1), fee=0.1, default=0.5
    ... )
    >>> rows.loc[rows.payee == "migrant", "amount"].tolist()
    [22.5, 11.25]
    """
    problems = Problems("crowd-lending")
    sum_of_money(ticket, "ticket", problems)
    for value, name in ((rate, "rate"), (fee, "fee"), (default, "default"), (recovery, "recovery")):
        share(value, name, problems)
    if lenders < 1 or years < 1:
        problems.add(f"lenders is {lenders} and years {years}: 1 or more of each were expected.")
    problems.raise_if_any(DataError)
    lent = ticket.amount * lenders
    instalment = lent / years if rate == 0 else lent * rate / -math.expm1(-years * math.log1p(rate))
    rows = [
        Payment(lent_on, "migrant", "fund", "tickets", lent),
        Payment(lent_on, "fund", "land user", "loans", lent),
    ]
    owed, alive = lent, 1.0
    for year in range(1, years + 1):
        due, stops = owed * (1 + rate), alive * default
        alive -= stops
        paid = alive * instalment + stops * due * recovery
        day = months_after(lent_on, 12 * year)
        rows += [
            Payment(day, "land user", "fund", "instalments", paid),
            Payment(day, "fund", "outside", "fee of the platform", paid * fee),
            Payment(day, "fund", "migrant", "instalments", paid - paid * fee),
        ]
        owed = due - instalment
    return ledger(rows, ticket, prices=prices)


def pooled_fund(
    raised: Money,
    *,
    earned: Sequence[float],
    started: date,
    management_fee: float,
    carried_interest: float = 0.0,
    hurdle: float = 0.0,
    grant: float = 0.0,
    prices: str = "nominal",
) -> pd.DataFrame:
    """A fund that invests tickets and a grant in land, pays a manager, and shares what is above a hurdle with him.

    Parameters
    ----------
    raised : Money
        Tickets of migrants.
    earned : sequence of float
        What investments pay back at the end of year 1, 2, ..., in the money of `raised`.
    started : date
        Day of the tickets.
    management_fee : float
        Fraction of tickets and grant, a year, taken from what was earned in the year as far as it goes.
    carried_interest : float
        Fraction of the gain above the hurdle that the manager gets, on the last day.
    hurdle : float
        Yearly return that investors get before any carried interest.
    grant : float
        Public grant to the fund, invested like tickets; it is not paid back.
    prices : str
        "nominal" or "real".

    Returns
    -------
    DataFrame
        A table of `ledger`: migrants, fund, public, land users (who are invested in), outside (manager).

    Raises
    ------
    DataError
        A sum is negative, no year is given, or a rate looks like percent.

    Notes
    -----
    What is left after fees is paid to investors each year. In the last year, what they got in all above the hurdle (tickets
    grown at it, less payments so grown) is shared by carried interest, as far as that year's money goes. No catch-up.

    Examples
    --------
    >>> rows = pooled_fund(
    ...     Money(100.0, "EUR", 2026), earned=[130.0], started=date(2026, 1, 1), management_fee=0.05, carried_interest=0.2,
    ...     hurdle=0.05,
    ... )
    >>> rows.loc[rows.payer == "fund", ["payee", "amount"]].values.tolist()
    [['land user', 100.0], ['outside', 5.0], ['outside', 4.0], ['migrant', 121.0]]
    """
    problems = Problems("fund")
    sum_of_money(raised, "raised", problems)
    for value, name in ((management_fee, "management_fee"), (carried_interest, "carried_interest"), (hurdle, "hurdle")):
        share(value, name, problems)
    if not earned or any(not x >= 0 for x in earned):
        problems.add(f"earned: sums of 0 or more, one a year, were expected, found {list(earned)}.")
    if not grant >= 0:
        problems.add(f"grant: a sum of 0 or more was expected, found {grant}.")
    problems.raise_if_any(DataError)
    whole = raised.amount + grant
    rows = [
        Payment(started, "migrant", "fund", "tickets", raised.amount),
        Payment(started, "public", "fund", "grant", grant),
        Payment(started, "fund", "land user", "invested", whole),
    ]
    wanted = raised.amount
    for year, income in enumerate(earned, start=1):
        day, fee = months_after(started, 12 * year), min(income, whole * management_fee)
        left, wanted = income - fee, wanted * (1 + hurdle)
        carry = min(carried_interest * max(left - wanted, 0.0), left) if year == len(earned) else 0.0
        wanted -= left - carry
        rows += [
            Payment(day, "land user", "fund", "paid back and earned", float(income)),
            Payment(day, "fund", "outside", "management fee", fee),
            Payment(day, "fund", "outside", "carried interest", carry),
            Payment(day, "fund", "migrant", "paid to investors", left - carry),
        ]
    return ledger(rows, raised, prices=prices)
