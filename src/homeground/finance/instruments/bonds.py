# SPDX-License-Identifier: Apache-2.0
"""Bonds sold to people abroad: by a state (repaid from taxes) or for a project (repaid from what it earns)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.instruments.ledger import Payment, ledger, months_after, share, sum_of_money
from homeground.numbers.money import Money


def sovereign_bond(
    principal: Money,
    *,
    coupon: float,
    years: int,
    issued: date,
    per_year: int = 1,
    issue_price: float = 1.0,
    default_after: int | None = None,
    recovery: float = 0.0,
    prices: str = "nominal",
) -> pd.DataFrame:
    """A bullet bond of a state: buyers pay its price, get coupon x principal / k each period, the principal at the end.

    Parameters
    ----------
    principal : Money
        Face value, in the currency of issue.
    coupon : float
        Fraction of the face value a year.
    years : int
        To maturity, at least 1.
    issued : date
        Day on which buyers pay.
    per_year : int
        Coupons a year: 1, 2, 4 or 12.
    issue_price : float
        Fraction of the face value that buyers pay; below 1 is a discount, which buyers abroad were rarely given.
    default_after : int, optional
        Number of coupons paid before the state stops paying; buyers then get `recovery` of the principal on the day of
        the first coupon missed, and nothing after. Left out, all is paid.
    recovery : float
        Fraction of the principal.
    prices : str
        "nominal" (as bonds are) or "real".

    Returns
    -------
    DataFrame
        A table of `ledger`: migrants and the public budget.

    Raises
    ------
    DataError
        All that is wrong with the terms, at once.

    Notes
    -----
    Coupon coupon x P / k at the end of each period, bullet P at T. Bought at par and held to the end, the yearly return
    is the coupon (k = 1).

    Examples
    --------
    >>> nigeria = sovereign_bond(Money(300.0, "USD", 2017), coupon=0.05625, years=5, issued=date(2017, 6, 27))
    >>> nigeria["amount"].tolist()
    [300.0, 16.875, 16.875, 16.875, 16.875, 16.875, 300.0]
    """
    problems = Problems("bond")
    _terms(principal, coupon, years, per_year, problems)
    share(recovery, "recovery", problems)
    if not 0 < issue_price <= 2:
        problems.add(
            f"issue_price is {issue_price:g}: a fraction of the face value above 0 was expected. Write 98 % as 0.98."
        )
    count = years * per_year if years >= 1 and per_year >= 1 else 0
    if default_after is not None and not 0 <= default_after < max(count, 1):
        problems.add(f"default_after is {default_after}: 0 to {count - 1} coupons were expected.")
    problems.raise_if_any(DataError)
    face, step = principal.amount, 12 // per_year
    rows = [Payment(issued, "migrant", "public", "price of the bond", face * issue_price)]
    for number in range(1, count + 1):
        day = months_after(issued, number * step)
        if default_after is not None and number > default_after:
            rows.append(Payment(day, "public", "migrant", "recovered after default", face * recovery))
            break
        rows.append(Payment(day, "public", "migrant", "coupon", face * coupon / per_year))
        if number == count:
            rows.append(Payment(day, "public", "migrant", "principal", face))
    return ledger(rows, principal, prices=prices)


def project_bond(
    principal: Money,
    *,
    coupon: float,
    years: int,
    issued: date,
    earned: Sequence[float],
    guarantee: float = 0.0,
    prices: str = "nominal",
) -> pd.DataFrame:
    """A bond for one project: the money pays for works, buyers are paid from what the project earns, as far as it does.

    Parameters
    ----------
    principal : Money
        Face value, all spent on works on the day of issue.
    coupon : float
        Fraction of what is owed, a year; a coupon that could not be paid is owed and bears the coupon too.
    years : int
        Years after which the principal is due.
    issued : date
        Day on which buyers pay.
    earned : sequence of float
        What the project can pay at the end of year 1, 2, ... `years`, in the money of the principal. What is left over
        in a year is kept by the fund for the next; at the end the rest goes to land users.
    guarantee : float
        Fraction of the principal that the public pays at the end, at most, where the project cannot.
    prices : str
        "nominal" or "real".

    Returns
    -------
    DataFrame
        A table of `ledger`: migrants, fund, public, land users, outside. The fund ends with nothing.

    Raises
    ------
    DataError
        All that is wrong with the terms, at once.

    Examples
    --------
    >>> weak = project_bond(
    ...     Money(100.0, "EUR", 2026), coupon=0.05, years=2, issued=date(2026, 1, 1), earned=[5.0, 85.0], guarantee=0.1
    ... )
    >>> weak.loc[weak.payee == "migrant", ["payer", "what", "amount"]].values.tolist()
    [['fund', 'coupon', 5.0], ['fund', 'coupon', 5.0], ['fund', 'principal', 80.0], ['public', 'guarantee', 10.0]]
    """
    problems = Problems("project bond")
    _terms(principal, coupon, years, 1, problems)
    share(guarantee, "guarantee", problems)
    if len(earned) != years or any(not x >= 0 for x in earned):
        problems.add(f"earned: {years} sums of 0 or more, one a year, were expected, found {list(earned)}.")
    problems.raise_if_any(DataError)
    face = principal.amount
    rows = [
        Payment(issued, "migrant", "fund", "price of the bond", face),
        Payment(issued, "fund", "outside", "works", face),
    ]
    cash, arrears = 0.0, 0.0
    for year, income in enumerate(earned, start=1):
        day = months_after(issued, 12 * year)
        rows.append(Payment(day, "outside", "fund", "earned by the project", float(income)))
        cash += income
        due = (face + arrears) * coupon + arrears
        paid = min(cash, due)
        cash, arrears = cash - paid, due - paid
        rows.append(Payment(day, "fund", "migrant", "coupon", paid))
    day = months_after(issued, 12 * years)
    paid = min(cash, face)
    rows.append(Payment(day, "fund", "migrant", "principal", paid))
    rows.append(Payment(day, "public", "migrant", "guarantee", min(face - paid, guarantee * face)))
    rows.append(Payment(day, "fund", "land user", "left over", cash - paid))
    return ledger(rows, principal, prices=prices)


def refunded_sale(
    sold: Money, *, interest: float, sold_on: date, refunded_on: date, prices: str = "nominal"
) -> pd.DataFrame:
    """A sale that had to be undone: buyers get their money back with interest, as after one without registration.

    Parameters
    ----------
    sold : Money
        What buyers paid and get back.
    interest : float
        Interest paid with it, in the same money.
    sold_on, refunded_on : date
        Days of the sale and of the refund.
    prices : str
        "nominal" or "real".

    Returns
    -------
    DataFrame
        A table of `ledger`: migrants and the public.

    Raises
    ------
    DataError
        The refund lies before the sale, or a sum is negative.

    Notes
    -----
    The worked warning: bonds for the Ethiopian dam were sold to more than 3,100 people in the United States from 2011 to 2014
    without registration; in June 2016 the issuer gave back 5,847,804 USD and paid 601,050.87 USD of interest (SEC). Which rules hold
    where buyers live is a question before the first sale, not after.

    Examples
    --------
    >>> rows = refunded_sale(
    ...     Money(100.0, "USD", None), interest=10.0, sold_on=date(2012, 1, 1), refunded_on=date(2016, 6, 8)
    ... )
    >>> float(rows.loc[rows.payee == "migrant", "amount"].sum())
    110.0
    """
    problems = Problems("refunded sale")
    sum_of_money(sold, "sold", problems)
    if not interest >= 0:
        problems.add(f"interest: a sum of 0 or more was expected, found {interest}.")
    if refunded_on < sold_on:
        problems.add(f"refunded_on {refunded_on} lies before sold_on {sold_on}.")
    problems.raise_if_any(DataError)
    rows = [
        Payment(sold_on, "migrant", "public", "price of the bond", sold.amount),
        Payment(refunded_on, "public", "migrant", "given back", sold.amount),
        Payment(refunded_on, "public", "migrant", "interest on what is given back", interest),
    ]
    return ledger(rows, sold, prices=prices)


def _terms(principal: Money, coupon: float, years: int, per_year: int, problems: Problems) -> None:
    sum_of_money(principal, "principal", problems)
    share(coupon, "coupon", problems)
    if years < 1:
        problems.add(f"years is {years}: 1 or more was expected.")
    if per_year not in (1, 2, 4, 12):
        problems.add(f"per_year is {per_year}: 1, 2, 4 or 12 coupons a year were expected.")
