# SPDX-License-Identifier: Apache-2.0
"""What a trust fund gives each of its parts, and the ratios that lenders and givers ask for."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from homeground.finance.instruments.grant_element import GrantElement, grant_element
from homeground.finance.trust_fund.books import TrustFund, fund_books
from homeground.finance.trust_fund.lending import Lending, loan_book
from homeground.finance.trust_fund.terms import GRANT, PUBLIC
from homeground.finance.waterfall.paying import Waterfall, waterfall
from homeground.finance.waterfall.ratios import debt_cover, leverage, loan_life_cover, tranche_flows, tranche_irr
from homeground.finance.waterfall.tranches import Tranche

STANDARDS = (("grant_element_imf", "imf-wb", None), ("grant_element_oecd", "oecd-dac", "multilateral-other"))
COLUMNS = (
    "name", "kind", "whose", "amount", "share", "rate", "first_year", "last_year", "received", "irr", "irr_doubled", "lost",
    "still_owed", *(name for name, _, _ in STANDARDS),
)  # fmt: skip
LITTLE = 0.5  # half a unit of money: rounding


def fund_layers(fund: TrustFund, cashflow: pd.DataFrame) -> pd.DataFrame:
    """What each part puts in and gets: its return as paid, and if twice as many loans fail.

    Parameters
    ----------
    fund : TrustFund
        As `fund_books` gives it.
    cashflow : DataFrame
        The cash flow that it was made from.

    Returns
    -------
    DataFrame
        One row a part, grants first, then in the order in which they are paid: name, kind, whose, amount, share (of the
        fund), rate, first_year, last_year (0 for grants and equity), received (all payments), irr (a year, from what was
        paid; -1: nothing came back; NaN for grants), irr_doubled (if twice as many loans fail), lost (written off),
        still_owed at the end, grant_element_imf and grant_element_oecd (of debt, by its terms).

    Raises
    ------
    DataError
        As `fund_books`.

    Examples
    --------
    >>> from homeground.finance.trust_fund.terms import terms_of
    >>> flows = pd.DataFrame({"year": [2024, 2025], "establishment_usd": [100.0, 0.0], "upkeep_usd": 0.0,
    ...                       "benefit_usd": [0.0, 30.0], "carbon_revenue_usd": 0.0, "price_year": 2023})
    >>> rows = [{"name": "plan", "kind": "fund", "share": 1.0, "source": "made"},
    ...         {"name": "donors", "kind": "grant", "share": 0.8, "whose": "public", "source": "made"},
    ...         {"name": "state", "kind": "equity", "share": 0.2, "whose": "public", "source": "made"},
    ...         {"name": "loans", "kind": "lending", "rate": 0.1, "years": 1, "default": 0.0, "recovery": 0.0, "source": "made"}]
    >>> table = fund_layers(fund_books(flows, terms_of(pd.DataFrame(rows))), flows)
    >>> [round(float(x), 6) for x in table.loc[1, ["amount", "received", "irr"]]]
    [20.0, 22.0, 0.048809]
    """
    terms = fund.terms
    worse = None
    if terms.lending is not None:
        worse = fund_books(cashflow, terms, default=min(2 * terms.lending.default, 1.0))
    rows: list[dict[str, Any]] = []
    for one in (*terms.grants, *terms.layers):
        amount = fund.amounts[one.name]
        row: dict[str, Any] = dict.fromkeys(COLUMNS, math.nan) | {
            "name": one.name,
            "kind": one.kind,
            "whose": one.whose,
        }
        row |= {"amount": amount, "share": amount / fund.size, "rate": one.rate, "received": 0.0}
        row |= {"first_year": one.first_year, "last_year": one.last_year, "lost": 0.0, "still_owed": 0.0}
        if one.kind != GRANT and amount > 0:
            paid = fund.paid.payments[fund.paid.payments["name"] == one.name]
            row["received"] = sum(tranche_flows(fund.paid, one.name)[1:])
            row["irr"] = _return(fund.paid, one.name)
            row["irr_doubled"] = math.nan if worse is None else _return(worse.paid, one.name)
            row["lost"] = float(paid["lost"].sum())
            row["still_owed"] = 0.0 if one.kind == "equity" else _rest(float(paid["outstanding"].iloc[-1]))
            if one.kind != "equity":
                row |= _elements(fund.paid, one.name)
        rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def fund_ratios(fund: TrustFund) -> dict[str, float]:
    """Cover, leverage and what borrowers owe beside what their land gives.

    Parameters
    ----------
    fund : TrustFund

    Returns
    -------
    dict of str to float
        dscr_least, dscr_mean (senior debt, over years in which some is due, without the reserve), years_short (years in
        which it was not paid in full, with the reserve), llcr, private_per_public, total_per_public, household_per_public
        (grants count by whose they are), open (what no part covers), land_part (part of the plan's costs that reaches
        land), owed_by_land (interest and principal that borrowers owe, if none fails), land_gives (farm benefits of that
        part of the plan in the same years) and owed_share (owed over given). NaN where there is nothing to divide by.

    Examples
    --------
    >>> from homeground.finance.trust_fund.terms import terms_of
    >>> flows = pd.DataFrame({"year": [2024, 2025], "establishment_usd": [100.0, 0.0], "upkeep_usd": 0.0,
    ...                       "benefit_usd": [0.0, 30.0], "carbon_revenue_usd": 0.0, "price_year": 2023})
    >>> rows = [{"name": "plan", "kind": "fund", "share": 1.0, "source": "made"},
    ...         {"name": "donors", "kind": "grant", "share": 0.8, "whose": "public", "source": "made"},
    ...         {"name": "owners", "kind": "equity", "share": 0.2, "whose": "private", "source": "made"},
    ...         {"name": "loans", "kind": "lending", "rate": 0.1, "years": 1, "default": 0.0, "recovery": 0.0, "source": "made"}]
    >>> found = fund_ratios(fund_books(flows, terms_of(pd.DataFrame(rows))))
    >>> found["private_per_public"], found["total_per_public"], round(found["owed_share"], 4)
    (0.25, 1.25, 0.7333)
    """
    cover = debt_cover(fund.paid)
    due = cover[cover["due"] > LITTLE]
    senior = fund.paid.payments[fund.paid.payments["kind"] == "senior"]
    short = senior["interest"] + senior["principal"] < senior["due_interest"] + senior["due_principal"] - LITTLE
    out = {
        "dscr_least": float(due["dscr"].min()) if len(due) else math.nan,
        "dscr_mean": float(due["dscr"].mean()) if len(due) else math.nan,
        "years_short": float(short.sum()),
        "llcr": loan_life_cover(fund.paid),
        **leverage([*fund.paid.tranches, *_given(fund)]),
        "open": _rest(fund.size - fund.paid_in),
    }
    to_land = float(fund.by_date["to_land"].sum() + fund.by_date["lent"].sum())
    out["land_part"] = to_land / float(fund.plan.cost.sum())
    owed, gives = _owed(fund), math.nan
    if owed.size:
        benefit = np.pad(fund.plan.benefit, (0, max(owed.size - fund.plan.benefit.size, 0)))[: owed.size]
        gives = float(benefit.sum()) * out["land_part"]
    out |= {"owed_by_land": float(owed.sum()), "land_gives": gives}
    out["owed_share"] = out["owed_by_land"] / gives if gives > 0 else math.nan
    return out


def _given(fund: TrustFund) -> list[Tranche]:
    """Grants by whose they are, as leverage counts money."""
    return [
        Tranche(
            one.name, "equity", fund.amounts[one.name], public=one.whose in PUBLIC, household=one.whose == "household"
        )
        for one in fund.terms.grants
    ]


def _owed(fund: TrustFund) -> np.ndarray:
    """Interest and principal of all loans by year, if none fails."""
    terms = fund.terms.lending
    if terms is None or not fund.lent.sum() > 0:
        return np.zeros(0)
    book = loan_book(fund.lent.tolist(), Lending(terms.rate, terms.term, terms.grace))
    owed: np.ndarray = (book["interest"] + book["principal"]).to_numpy(dtype=float)
    return owed


def _return(paid: Waterfall, name: str) -> float:
    flows = tranche_flows(paid, name)
    if not sum(flows[1:]) > LITTLE * 1e-6:
        return -1.0
    roots = tranche_irr(paid, name)
    return roots[0] if len(roots) == 1 else math.nan


def _elements(paid: Waterfall, name: str) -> dict[str, GrantElement]:
    """Grant element of a tranche by two standards, from what its terms ask, not from what was paid."""
    one = next(layer for layer in paid.tranches if layer.name == name)
    plenty = waterfall([one.amount * (1 + one.rate) ** one.periods * 2] * one.periods, [one, _REST])
    service = tranche_flows(plenty, name)[1:]
    return {
        column: grant_element(service, face=one.amount, standard=standard, group=group)
        for column, standard, group in STANDARDS
    }


def _rest(amount: float) -> float:
    return amount if abs(amount) > LITTLE else 0.0


_REST = Tranche("rest", "equity", 0.0)  # takes what the terms do not ask for
