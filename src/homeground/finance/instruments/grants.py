# SPDX-License-Identifier: Apache-2.0
"""Public money that follows migrants' own: n to one for common works, and one to one for a family's firm or farm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.instruments.ledger import Payment, ledger, same_money, sum_of_money
from homeground.numbers.money import Money


def matching_grant(
    own: Money,
    *,
    matches: Mapping[str, float],
    paid_on: date,
    cap: Money | None = None,
    prices: str = "nominal",
) -> pd.DataFrame:
    """Common works of migrants' associations that public bodies match n to one, each up to a cap a project.

    Parameters
    ----------
    own : Money
        What migrants put in, for one project.
    matches : mapping of str to float
        Who matches, and with how much per unit of migrants' money: {"federal": 1, "state": 1, "municipal": 1} is 3 x 1.
    paid_on : date
        Day on which all pay and the works are bought.
    cap : Money, optional
        Most that each body pays for one project; left out, none.
    prices : str
        "nominal" or "real".

    Returns
    -------
    DataFrame
        A table of `ledger`: migrants and the public pay the fund of the project, which buys the works.

    Raises
    ------
    DataError
        A sum or a match is negative, nobody matches, or the cap is in other money.

    Notes
    -----
    Each body pays min(own x match, cap): above the cap every further unit of migrants' money is matched less.

    Examples
    --------
    >>> rows = matching_grant(
    ...     Money(1000.0, "MXN", 2010),
    ...     matches={"federal": 1, "state": 1, "municipal": 1},
    ...     paid_on=date(2010, 6, 1),
    ...     cap=Money(800.0, "MXN", 2010),
    ... )
    >>> rows[["payer", "what", "amount"]].values.tolist()[1:3], float(rows["amount"].iloc[-1])
    ([['public', 'match, federal', 800.0], ['public', 'match, state', 800.0]], 3400.0)
    """
    problems = Problems("matching grant")
    sum_of_money(own, "own", problems)
    _check_matches(matches, problems)
    if cap is not None:
        sum_of_money(cap, "cap", problems)
        same_money(own, cap, "cap", problems)
    problems.raise_if_any(DataError)
    most = float("inf") if cap is None else cap.amount
    given = {who: min(own.amount * match, most) for who, match in matches.items()}
    rows = [Payment(paid_on, "migrant", "fund", "own contribution", own.amount)]
    rows += [Payment(paid_on, "public", "fund", f"match, {who}", amount) for who, amount in given.items()]
    rows.append(Payment(paid_on, "fund", "outside", "works", own.amount + sum(given.values())))
    return ledger(rows, own, prices=prices)


def remittance_grant(
    own: Money,
    *,
    match: float,
    cap: Money,
    paid_on: date,
    other: float = 0.0,
    prices: str = "nominal",
) -> pd.DataFrame:
    """A grant to a returned migrant's or a family's own firm: min(own remittances x match, cap), on proof of origin.

    Parameters
    ----------
    own : Money
        Remittances put into the firm, their origin proved.
    match : float
        Grant per unit of own money: 1 for "1 + 1", 2 for "1 + 2".
    cap : Money
        Most that one firm gets.
    paid_on : date
        Day of the investment.
    other : float
        What the land user puts in beside (savings, loans), in the same money.
    prices : str
        "nominal" or "real".

    Returns
    -------
    DataFrame
        A table of `ledger`: migrant, land user (who runs the firm), public, outside.

    Raises
    ------
    DataError
        A sum is negative, or the cap is in other money.

    Examples
    --------
    >>> rows = remittance_grant(
    ...     Money(400_000.0, "MDL", 2018), match=1, cap=Money(250_000.0, "MDL", 2018), paid_on=date(2018, 5, 1)
    ... )
    >>> rows[["payer", "payee", "amount"]].values.tolist()[1:]
    [['public', 'land user', 250000.0], ['land user', 'outside', 650000.0]]
    """
    problems = Problems("grant on remittances")
    sum_of_money(own, "own", problems)
    sum_of_money(cap, "cap", problems)
    same_money(own, cap, "cap", problems)
    _check_matches({"the grant": match}, problems)
    if not other >= 0:
        problems.add(f"other: a sum of 0 or more was expected, found {other}.")
    problems.raise_if_any(DataError)
    grant = min(own.amount * match, cap.amount)
    rows = [
        Payment(paid_on, "migrant", "land user", "own remittances", own.amount),
        Payment(paid_on, "public", "land user", "grant", grant),
        Payment(paid_on, "land user", "outside", "investment", own.amount + grant + other),
    ]
    return ledger(rows, own, prices=prices)


def raised_per_grant(payments: pd.DataFrame) -> dict[str, float]:
    """How much private money stands beside each unit of public money: both definitions, for they are mixed up.

    Parameters
    ----------
    payments : DataFrame
        A table of `ledger`.

    Returns
    -------
    dict of str to float
        private_per_public (private money / public money) and total_per_public (all money / public money); NaN where the
        public paid nothing. Public money is all that the public pays; all money is what is spent outside (works, investment);
        private is the difference.

    Notes
    -----
    total / public = 1 + private / public. Moldova's "3.17" is total investment over grants; Mexico's "2.78" is public over
    migrants' money, its inverse is what this gives.

    Examples
    --------
    >>> rows = remittance_grant(
    ...     Money(100.0, "MDL", 2018), match=1, cap=Money(50.0, "MDL", 2018), paid_on=date(2018, 5, 1)
    ... )
    >>> raised_per_grant(rows)
    {'private_per_public': 2.0, 'total_per_public': 3.0}
    """
    public = float(payments.loc[payments["payer"] == "public", "amount"].sum())
    invested = float(payments.loc[(payments["payee"] == "outside"), "amount"].sum())
    if public == 0:
        return {"private_per_public": float("nan"), "total_per_public": float("nan")}
    return {"private_per_public": invested / public - 1, "total_per_public": invested / public}


def _check_matches(matches: Mapping[str, float], problems: Problems) -> None:
    if not matches:
        problems.add("nobody matches. Name who does, such as {'federal': 1}.")
    for who, match in matches.items():
        if not 0 <= match <= 20:
            problems.add(f"{who}: a match of 0 to 20 per unit of migrants' money was expected, found {match:g}.")
