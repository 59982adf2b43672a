# SPDX-License-Identifier: Apache-2.0
"""What diaspora money could carry of a plan: how much there could be, what land could pay back, what may be lost.

A possibility and no promise: only what is bound by contract or consent counts for land. It is households' own private
money, never public, climate or ODA finance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from homeground.errors import DataError, PlanError, Problems
from homeground.finance.flows.plan_years import plan_years
from homeground.finance.instruments.ledger import share
from homeground.finance.instruments.loans import debt_service
from homeground.finance.internal_rates import irr
from homeground.finance.remittances.given import Range, range_of
from homeground.finance.structure.least_public import structure
from homeground.finance.structure.sources_of_money import Source, plan_flows

RATES = (0.0, 0.02, 0.04, 0.06)  # promised a year, net of inflation
YEARS = 10  # of equal yearly payments
LITTLE = 1e-6


def plan_beside(cashflow: pd.DataFrame, summary: pd.DataFrame) -> dict[str, float]:
    """A plan's yearly cost beside what households could invest a year, and what land is valued to give.

    Parameters
    ----------
    cashflow : DataFrame
        As `homeground.finance.cash_flow` gives it.
    summary : DataFrame
        Of `homeground.finance.remittance_summary`; countries without a figure are left out.

    Returns
    -------
    dict of str to float
        cost_a_year, benefit (farm benefits of all years together), received, investable_low, investable, investable_high,
        committed (all a year, in units of the currency, but benefit), share_low, share, share_high (investable over cost),
        countries (with a figure).

    Raises
    ------
    DataError
        No plan, or mixed money or years.

    Examples
    --------
    >>> flows = pd.DataFrame({"year": [2024, 2025], "establishment_usd": [4e6, 4e6], "upkeep_usd": 0.0, "benefit_usd": 0.0,
    ...                       "carbon_revenue_usd": 0.0, "price_year": 2023})
    >>> seen = pd.DataFrame({"received": [100.0], "investable_low": [0.5], "investable": [1.0], "investable_high": [2.0],
    ...                      "committed": [float("nan")]})
    >>> found = plan_beside(flows, seen)
    >>> found["cost_a_year"], found["share_low"], found["share"], found["share_high"], found["committed"]
    (4000000.0, 0.125, 0.25, 0.5, 0.0)
    """
    plan = plan_years(cashflow)
    cost = float(plan.cost.mean())
    out = {"cost_a_year": cost, "benefit": float(plan.benefit.sum())}
    for name in ("received", "investable_low", "investable", "investable_high", "committed"):
        out[name] = 1e6 * float(summary[name].sum(min_count=0))
    for end in ("_low", "", "_high"):
        out[f"share{end}"] = out[f"investable{end}"] / cost
    out["countries"] = float(summary["received"].notna().sum())
    return out


def investor_return(
    promised: float, *, years: int = YEARS, default: Range | float | None = None, recovery: Range | float | None = None
) -> tuple[float, float, float]:
    """What investors may expect a year if a part of the money invested fails.

    Parameters
    ----------
    promised : float
        Return a year as a fraction, paid with the principal in equal sums at the end of each year.
    years : int
        Number of payments.
    default, recovery : float or (low, middle, high), optional
        Part of the money invested that fails, and what of it comes back; left out, shipped expert defaults.

    Returns
    -------
    (float, float, float)
        Low (most fails, least comes back), middle and high, as fractions a year.

    Raises
    ------
    DataError
        A rate or share is no fraction, or years are not above 0.

    Notes
    -----
    What fails pays nothing; what is recovered of it is paid at the end of the first year. Convention, as nobody knows when
    money fails: 1 = (1 - default) a sum_t (1 + r)^-t + default x recovery / (1 + r), a the equal payment of one unit at
    the promised rate.

    Examples
    --------
    >>> investor_return(0.05, default=0.0)
    (0.05, 0.05, 0.05)
    >>> round(investor_return(0.0, years=1, default=0.2, recovery=0.5)[1], 6)
    -0.1
    """
    problems = Problems("return of investors")
    share(promised, "promised", problems)
    if not years >= 1:
        problems.add(f"years is {years}: 1 or more was expected.")
    problems.raise_if_any(DataError)
    fails, back = range_of("default", default), range_of("recovery", recovery)
    interest, principal = debt_service(1.0, rate=promised, periods=years, way="annuity")
    service = interest + principal
    found = []
    for lost, kept in zip(reversed(fails), back, strict=True):
        flows = (1 - lost) * service
        flows[0] += lost * kept
        roots = irr([-1.0, *flows.tolist()]) if flows.sum() > LITTLE else (-1.0,)
        found.append(round(float(roots[0]), 12) if len(roots) == 1 else math.nan)
    return found[0], found[1], found[2]


def carried(
    cashflow: pd.DataFrame,
    most: float,
    *,
    rates: Sequence[float] = RATES,
    years: int = YEARS,
    dscr: float = 1.2,
    default: Range | float | None = None,
    recovery: Range | float | None = None,
) -> pd.DataFrame:
    """By promised return: what land could pay back, what each million costs who pays, what investors may expect.

    Parameters
    ----------
    cashflow : DataFrame
        As `homeground.finance.cash_flow` gives it.
    most : float
        What households could invest over the years of the plan, in units of its currency.
    rates : sequence of float
        Returns promised a year, as fractions, net of inflation.
    years : int
        Equal yearly payments of an investment.
    dscr : float
        Income of land over what investors are paid, at the least.
    default, recovery : float or (low, middle, high), optional
        As of `investor_return`.

    Returns
    -------
    DataFrame
        promised, from_land (most that land could pay back if land users handed over all that it gives and bore upkeep
        themselves: an upper bound), of_investable (from_land over `most`), a_year_per_million (equal payment that whoever
        promises must make), expected_low, expected, expected_high.

    Raises
    ------
    DataError
        The plan, a rate or a share is not what is needed.

    Notes
    -----
    from_land is what the linear programme of `homeground.finance.structure` draws of households' money at that hurdle,
    from the plan's first to its last year, paid back by the last year of the flows, beside a grant without limit.

    Examples
    --------
    >>> flows = pd.DataFrame({"year": [2024, 2025], "establishment_usd": [100.0, 0.0], "upkeep_usd": 0.0,
    ...                       "benefit_usd": [0.0, 66.0], "carbon_revenue_usd": 0.0, "price_year": 2023})
    >>> carried(flows, 80.0, rates=(0.1,), dscr=1.2)[["from_land", "of_investable"]].round(6).values.tolist()
    [[50.0, 0.625]]
    """
    if not (math.isfinite(most) and most >= 0):
        raise DataError(f"a sum of 0 or more that could be invested was expected, found {most}.")
    plan, spent = plan_flows(cashflow, captured=1.0, upkeep=0.0), plan_years(cashflow)
    last_draw = min(spent.years - 1, len(plan) - 2)
    gives = float(plan["income"].sum())
    rows: list[dict[str, Any]] = []
    for rate in rates:
        low, middle, high = investor_return(rate, years=years, default=default, recovery=recovery)
        interest, principal = debt_service(1e6, rate=rate, periods=years, way="annuity")
        from_land = 0.0
        if gives > 0 and most > 0:
            own = Source("households", "household", most, hurdle=rate, until=len(plan) - 1, first=0, last=last_draw)
            gift = Source("grant", "grant", 2 * float(plan["cost"].sum()), last=len(plan) - 1)
            try:
                mix = structure(plan, [gift, own], public_rate=0.05, dscr=dscr, shadow=False).mix
                from_land = float(mix.loc[mix["source"] == "households", "drawn"].sum())
            except PlanError as error:  # a grant without limit always pays
                raise DataError(f"what land could pay back could not be worked out: {error}") from error
        rows.append(
            {
                "promised": rate,
                "from_land": from_land if from_land > LITTLE * most else 0.0,
                "of_investable": from_land / most if most > 0 else math.nan,
                "a_year_per_million": float(interest[0] + principal[0]),
                "expected_low": low,
                "expected": middle,
                "expected_high": high,
            }
        )
    return pd.DataFrame(rows)
