# SPDX-License-Identifier: Apache-2.0
"""Who bears the first loss, and who pays for carbon before it is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.instruments.ledger import Payment, ledger, months_after, share, sum_of_money
from homeground.numbers.money import Money


def first_loss_guarantee(
    portfolio: Money,
    *,
    share_covered: float,
    fee: float,
    losses: Sequence[float],
    started: date,
    prices: str = "nominal",
) -> pd.DataFrame:
    """A public guarantor pays the first losses of a portfolio up to a limit; investors bear what is beyond.

    Parameters
    ----------
    portfolio : Money
        What migrants have lent.
    share_covered : float
        Limit as a fraction of the portfolio.
    fee : float
        Fraction of the limit that is left, paid to the guarantor at the start of each year from what the portfolio earns.
    losses : sequence of float
        Loss at the end of year 1, 2, ..., 0 or more, in the money of the portfolio.
    started : date
        First day.
    prices : str
        "nominal" or "real".

    Returns
    -------
    DataFrame
        A table of `ledger`: public pays migrants min(loss, what is left of the limit); the fund's fee comes from outside.

    Raises
    ------
    DataError
        Losses below 0 or above the portfolio, or a rate that is no fraction.

    Examples
    --------
    >>> rows = first_loss_guarantee(
    ...     Money(100.0, "EUR", 2026), share_covered=0.2, fee=0.01, losses=[15.0, 15.0], started=date(2026, 1, 1)
    ... )
    >>> rows.loc[rows.what == "first loss", "amount"].tolist()
    [15.0, 5.0]
    """
    problems = Problems("guarantee")
    sum_of_money(portfolio, "portfolio", problems)
    share(share_covered, "share_covered", problems)
    share(fee, "fee", problems)
    if any(not x >= 0 for x in losses):
        problems.add(f"losses of 0 or more were expected, found {list(losses)}. Give losses as positive numbers.")
    elif sum(losses) > portfolio.amount * (1 + 1e-12):
        problems.add(f"losses of {sum(losses):g} are more than the portfolio, {portfolio.amount:g}.")
    problems.raise_if_any(DataError)
    left, rows = portfolio.amount * share_covered, []
    for year, loss in enumerate(losses):
        day = months_after(started, 12 * year)
        rows.append(Payment(day, "outside", "fund", "earned by the portfolio", left * fee))
        rows.append(Payment(day, "fund", "public", "fee of the guarantee", left * fee))
        paid = min(loss, left)
        rows.append(Payment(months_after(started, 12 * (year + 1)), "public", "migrant", "first loss", paid))
        left -= paid
    return ledger(rows, portfolio, prices=prices)


def carbon_prepurchase(
    price: Money,
    *,
    agreed: Sequence[float],
    delivered: Sequence[float],
    discount: float,
    prepaid_on: date,
    to_land_users: float = 1.0,
    refund: float = 1.0,
    prices: str = "nominal",
) -> pd.DataFrame:
    """A buyer pays for carbon before it is there, at a discount; what is not delivered is given back as far as agreed.

    Parameters
    ----------
    price : Money
        Of one tonne of CO2 equivalent, on delivery.
    agreed, delivered : sequence of float
        Tonnes of year 1, 2, ...: what was sold, and what was verified. More than agreed is not paid here.
    discount : float
        Fraction off the price for paying beforehand.
    prepaid_on : date
        Day of payment.
    to_land_users : float
        Fraction that reaches land users; the rest buys verification and works.
    refund : float
        Fraction of what was prepaid for missing tonnes that the public gives back (0: the buyer bears it).
    prices : str
        "nominal" or "real".

    Returns
    -------
    DataFrame
        A table of `ledger`: outside (buyer, verifier), fund, land users, public. Tonnes are not in it: they are no money.

    Raises
    ------
    DataError
        A share is no fraction, tonnes are negative, or years differ.

    Notes
    -----
    Prepaid = price x (1 - discount) x sum of tonnes agreed. A shortfall of year t gives back refund x price x
    (1 - discount) x (agreed - delivered), without interest.

    Examples
    --------
    >>> rows = carbon_prepurchase(
    ...     Money(10.0, "USD", 2026), agreed=[10.0], delivered=[6.0], discount=0.2, prepaid_on=date(2026, 1, 1)
    ... )
    >>> rows[["payer", "payee", "amount"]].values.tolist()
    [['outside', 'fund', 80.0], ['fund', 'land user', 80.0], ['public', 'outside', 32.0]]
    """
    problems = Problems("carbon bought beforehand")
    sum_of_money(price, "price", problems)
    for value, name in ((discount, "discount"), (to_land_users, "to_land_users"), (refund, "refund")):
        share(value, name, problems)
    if len(agreed) != len(delivered) or not agreed:
        problems.add(f"agreed has {len(agreed)} years and delivered {len(delivered)}. Give both for the same years.")
    if any(not x >= 0 for x in (*agreed, *delivered)):
        problems.add("tonnes of 0 or more were expected.")
    problems.raise_if_any(DataError)
    unit = price.amount * (1 - discount)
    whole = unit * sum(agreed)
    rows = [
        Payment(prepaid_on, "outside", "fund", "carbon paid beforehand", whole),
        Payment(prepaid_on, "fund", "land user", "for land users", whole * to_land_users),
        Payment(prepaid_on, "fund", "outside", "works and verification", whole - whole * to_land_users),
    ]
    for year, (wanted, came) in enumerate(zip(agreed, delivered, strict=True), start=1):
        missing = max(wanted - came, 0.0)
        rows.append(
            Payment(months_after(prepaid_on, 12 * year), "public", "outside", "tonnes missing", refund * unit * missing)
        )
    return ledger(rows, price, prices=prices)
