# SPDX-License-Identifier: Apache-2.0
"""A million of diaspora money by each instrument: who pays it back, what the public pays, what its owners may expect."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.diaspora.carrying import YEARS, investor_return
from homeground.finance.instruments.bonds import sovereign_bond
from homeground.finance.instruments.cover import first_loss_guarantee
from homeground.finance.instruments.grants import matching_grant
from homeground.finance.instruments.ledger import by_party, share
from homeground.finance.remittances.given import Range, range_of
from homeground.numbers.money import Money

MILLION = 1e6
PUBLIC_RATE = 0.05  # as homeground finance structure counts public money
COVER = 0.2  # of a portfolio; expert default, unverified
COLUMNS = (
    "instrument",
    "paid_back_by",
    "public_money",
    "promised",
    "expected_low",
    "expected",
    "expected_high",
    "worst",
)


def ways_to_carry(
    promised: float = 0.04,
    *,
    years: int = YEARS,
    cover: float = COVER,
    match: float = 1.0,
    public_rate: float = PUBLIC_RATE,
    default: Range | float | None = None,
    recovery: Range | float | None = None,
) -> pd.DataFrame:
    """What a million put in by migrants means by four instruments.

    Parameters
    ----------
    promised : float
        Return a year where one is promised, as a fraction, net of inflation.
    years : int
        To the last payment.
    cover : float
        First losses that a public guarantor bears, as a fraction of the money invested.
    match : float
        Public money per unit of migrants' money, of a matching grant.
    public_rate : float
        Rate at which public money is counted, as a fraction a year.
    default, recovery : float or (low, middle, high), optional
        As of `homeground.finance.investor_return`; a state that fails is not in them.

    Returns
    -------
    DataFrame
        One row an instrument: crowd_lending (to land users, unguarded), first_loss_guarantee (the same with first losses
        borne by the public), sovereign_bond (the state pays, land owes nothing), matching_grant (a gift that public money
        doubles): paid_back_by (land, public, nobody), public_money (present value of what the public pays for a million,
        in the middle case), promised, expected_low, expected, expected_high and worst (returns a year; -1: all is lost; NaN
        where none can be said).

    Raises
    ------
    DataError
        A rate or share is no fraction, or a match is negative.

    Notes
    -----
    Loss of the middle case: default x (1 - recovery), at the end of the first year; the guarantor pays min(loss, cover).

    Examples
    --------
    >>> table = ways_to_carry(0.05, years=10, default=0.2, recovery=0.5, cover=0.2).set_index("instrument")
    >>> [round(float(x)) for x in table["public_money"]]
    [0, 95238, 1000000, 1000000]
    """
    problems = Problems("ways to carry")
    for name, value in (("promised", promised), ("cover", cover), ("public_rate", public_rate)):
        share(value, name, problems)
    if not match > 0:
        problems.add(f"match is {match:g}: public money above 0 per unit of migrants' money was expected.")
    problems.raise_if_any(DataError)
    fails, back = range_of("default", default), range_of("recovery", recovery)
    money, day = Money(MILLION, "USD", None), date(2026, 1, 1)
    plain = investor_return(promised, years=years, default=fails, recovery=back)
    losses = [lost * (1 - kept) for lost, kept in zip(fails, reversed(back), strict=True)]  # low, middle, high
    guarantee = first_loss_guarantee(money, share_covered=cover, fee=0.0, losses=[losses[1] * MILLION], started=day)
    covered = tuple(
        _covered(promised, years, lost, loss, cover)
        for lost, loss in zip(reversed(fails), reversed(losses), strict=True)
    )
    bond = sovereign_bond(money, coupon=promised, years=years, issued=day)
    gift = matching_grant(money, matches={"public": match}, paid_on=day)
    nothing: dict[str, Any] = dict.fromkeys(COLUMNS, math.nan)
    worst_covered = investor_return(promised, years=years, default=1.0, recovery=min(cover, 1.0))[1]
    rows = [
        nothing | _way("crowd_lending", "land", 0.0, promised, plain, -1.0),
        nothing
        | _way("first_loss_guarantee", "land", _public(guarantee, public_rate, day), promised, covered, worst_covered),
        nothing | _way("sovereign_bond", "public", _public(bond, public_rate, day), promised, None, -1.0),
        nothing | _way("matching_grant", "nobody", _public(gift, public_rate, day), math.nan, (-1.0, -1.0, -1.0), -1.0),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _way(
    name: str, payer: str, public: float, promised: float, expected: tuple[float, ...] | None, worst: float
) -> dict[str, Any]:
    low, middle, high = expected if expected is not None else (math.nan,) * 3
    return {
        "instrument": name, "paid_back_by": payer, "public_money": public, "promised": promised,
        "expected_low": low, "expected": middle, "expected_high": high, "worst": worst,
    }  # fmt: skip


def _covered(promised: float, years: int, lost: float, loss: float, cover: float) -> float:
    """Return where the guarantor pays first losses: what comes back of what fails is recovery and cover together."""
    if lost <= 0:
        return investor_return(promised, years=years, default=0.0)[1]
    kept = 1 - (loss - min(loss, cover)) / lost
    return investor_return(promised, years=years, default=lost, recovery=kept)[1]


def _public(payments: pd.DataFrame, rate: float, first: date) -> float:
    """Present value of what the public pays; what it receives from migrants goes to land."""
    flows = by_party(payments)["public"].reset_index()
    worth = 0.0
    for row in flows[flows["public"] < 0].to_dict("records"):
        worth -= float(row["public"]) / (1 + rate) ** round((row["date"] - first).days / 365.25)
    return worth
