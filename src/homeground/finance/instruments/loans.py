# SPDX-License-Identifier: Apache-2.0
"""Concessional loans: what is paid back and when, by three ways of paying back."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.errors import DataError, Problems
from homeground.finance.instruments.ledger import Payment, ledger, months_after, share, sum_of_money
from homeground.numbers.money import Money

WAYS = ("equal principal", "annuity", "bullet")


def debt_service(
    face: float, *, rate: float, periods: int, grace: int = 0, way: str = "equal principal", per_year: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Interest and principal of a loan, at the end of each period.

    Parameters
    ----------
    face : float
        Amount lent, paid out at once.
    rate : float
        Interest a year as a fraction; a period bears rate / per_year.
    periods : int
        To the last payment.
    grace : int
        Periods at the start in which only interest is paid; the first principal falls in period grace + 1.
    way : str
        "equal principal", "annuity" (equal sums after grace) or "bullet" (principal at the end).
    per_year : int
        Periods a year.

    Returns
    -------
    (array, array)
        Interest and principal of period 1, 2, ..., `periods`. Principal adds up to the face value.

    Raises
    ------
    DataError
        Terms that no loan has, all at once.

    Examples
    --------
    >>> interest, principal = debt_service(100.0, rate=0.1, periods=3, grace=1)
    >>> interest.tolist(), principal.tolist()
    ([10.0, 10.0, 5.0], [0.0, 50.0, 50.0])
    """
    problems = Problems("loan")
    share(rate, "rate", problems)
    if not face > 0:
        problems.add(f"face: an amount above 0 was expected, found {face}.")
    if not 0 <= grace < periods:
        problems.add(f"grace is {grace} of {periods} periods: fewer than all were expected.")
    if way not in WAYS:
        problems.add(f"way is {way!r}: {', '.join(WAYS)} were expected.")
    if per_year < 1:
        problems.add(f"per_year is {per_year}: 1 or more was expected.")
    problems.raise_if_any(DataError)
    each, left = rate / per_year, periods - grace
    principal = np.zeros(periods)
    if way == "bullet":
        principal[-1] = face
    elif way == "equal principal" or each == 0:
        principal[grace:] = face / left
    else:
        first = face * each / math.expm1(left * math.log1p(each))
        principal[grace:] = first * (1 + each) ** np.arange(left)
    owed = face - np.concatenate([[0.0], np.cumsum(principal)[:-1]])
    return owed * each, principal


def concessional_loan(
    principal: Money,
    *,
    rate: float,
    years: int,
    grace: int,
    lent_on: date,
    way: str = "equal principal",
    per_year: int = 1,
    prices: str = "nominal",
) -> pd.DataFrame:
    """A public loan below the market's price, lent to the fund of the project and paid back from what land users pay in.

    Parameters
    ----------
    principal : Money
        Amount lent on `lent_on`, passed on to land users.
    rate : float
        Interest a year.
    years, grace : int
        To the last payment, and of them without principal.
    lent_on : date
        Day of lending.
    way : str
        "equal principal", "annuity" or "bullet".
    per_year : int
        Payments a year: 1, 2, 4 or 12.
    prices : str
        "nominal" or "real".

    Returns
    -------
    DataFrame
        A table of `ledger`: public, fund, land users. How much of it is a gift: `homeground.finance.grant_element`.

    Raises
    ------
    DataError
        Terms that no loan has.

    Examples
    --------
    >>> rows = concessional_loan(Money(100.0, "USD", 2026), rate=0.01, years=2, grace=1, lent_on=date(2026, 1, 1))
    >>> rows.loc[rows.payee == "public", ["what", "amount"]].values.tolist()
    [['interest', 1.0], ['interest', 1.0], ['principal', 100.0]]
    """
    problems = Problems("concessional loan")
    sum_of_money(principal, "principal", problems)
    if per_year not in (1, 2, 4, 12):
        problems.add(f"per_year is {per_year}: 1, 2, 4 or 12 payments a year were expected.")
    problems.raise_if_any(DataError)
    terms = {"periods": years * per_year, "grace": grace * per_year, "per_year": per_year}
    interest, repaid = debt_service(principal.amount, rate=rate, way=way, **terms)
    rows = [
        Payment(lent_on, "public", "fund", "loan", principal.amount),
        Payment(lent_on, "fund", "land user", "passed on", principal.amount),
    ]
    for number, (cost, back) in enumerate(zip(interest, repaid, strict=True), start=1):
        day = months_after(lent_on, number * (12 // per_year))
        rows += [
            Payment(day, "land user", "fund", "paid back", float(cost + back)),
            Payment(day, "fund", "public", "interest", float(cost)),
            Payment(day, "fund", "public", "principal", float(back)),
        ]
    return ledger(rows, principal, prices=prices)
