# SPDX-License-Identifier: Apache-2.0
"""Sources of money that could close a gap, and the plan that has it; both checked before anything is worked out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.instruments.ledger import share
from homeground.numbers.money import Money

KINDS = ("grant", "concessional", "debt", "household", "equity")
COVENANTED = ("debt", "household")  # paid as debt: cover of debt service is asked for these
PUBLIC = ("grant", "concessional")


class Source(NamedTuple):
    """One source: the most it gives, what it must earn, and until when it is paid back.

    `kind` is grant, concessional (public loan), debt (bank, fund), household (migrants' own money, paid as debt: a bond or
    crowd loan) or equity. `hurdle` is the return a year as a fraction; a grant has none. It is paid back from year
    `grace` + 1 to year `until`. `first` and `last` are the years in which it can be drawn.

    Examples
    --------
    >>> Source("bond to migrants", "household", 20.0, hurdle=0.04, until=7).kind
    'household'
    """

    name: str
    kind: str
    most: float
    hurdle: float = 0.0
    until: int = 0
    grace: int = 0
    first: int = 0
    last: int = 0


def check_sources(sources: Sequence[Source], years: int) -> None:
    """Refuse sources that no plan can use, all problems at once.

    Parameters
    ----------
    sources : sequence of Source
    years : int
        Years of the plan, year 0 included.

    Raises
    ------
    DataError
        A kind is unknown, a name stands twice, a sum or rate is negative, years lie outside the plan, or a grant is to be
        paid back.

    Examples
    --------
    >>> check_sources([Source("bank", "debt", 10.0, hurdle=8, until=5)], 6)
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: sources: hurdle of bank is 8: a fraction from 0 to 1 was expected. Write 8 % as 0.08.
    """
    problems = Problems("sources")
    if not sources:
        problems.add("none is named. Give at least one.")
    names = [one.name for one in sources]
    if doubled := sorted({x for x in names if names.count(x) > 1}):
        problems.add(f"{', '.join(doubled)} stands twice. Give each source once.")
    for one in sources:
        if one.kind not in KINDS:
            problems.add(f"{one.name} is of kind {one.kind!r}: {', '.join(KINDS)} were expected.")
        if not (math.isfinite(one.most) and one.most >= 0):
            problems.add(f"{one.name}: a finite sum of 0 or more was expected, found {one.most}.")
        share(one.hurdle, f"hurdle of {one.name}", problems)
        if not 0 <= one.first <= one.last < years:
            problems.add(
                f"{one.name} is drawn in years {one.first} to {one.last}: within 0 to {years - 1} was expected."
            )
        if one.kind == "grant":
            if one.hurdle or one.until:
                problems.add(
                    f"{one.name} is a grant and is not paid back. Call it concessional, or leave out its terms."
                )
        elif not max(one.last, one.grace) < one.until < years:
            problems.add(f"{one.name} is paid back until year {one.until}: after year {max(one.last, one.grace)} and "
                         f"by year {years - 1} was expected.")  # fmt: skip
    problems.raise_if_any(DataError)


def plan_flows(cashflow: pd.DataFrame, *, captured: float, upkeep: float = 1.0) -> pd.DataFrame:
    """A plan's years as money that must be paid and money that can pay back: what `structure` needs.

    Parameters
    ----------
    cashflow : DataFrame
        year, establishment_usd, upkeep_usd, benefit_usd, carbon_revenue_usd, price_year, as `homeground.finance.cash_flow`
        has them, one row a country, measure and year.
    captured : float
        Fraction of farm benefits that comes to the vehicle and can pay back (fees, shares of harvest): land users keep
        the rest. It is a decision, so there is no default.
    upkeep : float
        Fraction of upkeep that the vehicle pays; the rest is left to land users, who must be able to bear it.

    Returns
    -------
    DataFrame
        year (0, 1, ...), cost (establishment), upkeep, income, currency, price_year; a benefit that could not be valued
        brings nothing here.

    Raises
    ------
    DataError
        Columns are missing, the share is no fraction, or money is of several price years.

    Examples
    --------
    >>> rows = pd.DataFrame({"year": [2024, 2025], "establishment_usd": [100.0, 0.0], "upkeep_usd": [0.0, 5.0],
    ...                      "benefit_usd": [0.0, 80.0], "carbon_revenue_usd": [0.0, 0.0], "price_year": [2023, 2023]})
    >>> plan_flows(rows, captured=0.5)[["cost", "upkeep", "income"]].values.tolist()
    [[100.0, 0.0, 0.0], [0.0, 5.0, 40.0]]
    """
    needed = ("year", "establishment_usd", "upkeep_usd", "benefit_usd", "carbon_revenue_usd", "price_year")
    problems = Problems("cash flow of the plan")
    if missing := [name for name in needed if name not in cashflow.columns]:
        problems.add(f"columns {', '.join(missing)} are missing. Expected: {', '.join(needed)}.")
        problems.raise_if_any(DataError)
    share(captured, "captured", problems)
    share(upkeep, "upkeep", problems)
    if (years := sorted({str(x) for x in cashflow["price_year"]})) and len(years) > 1:
        problems.add(f"price years {' and '.join(years)} are mixed. Deflate to one first.")
    problems.raise_if_any(DataError)
    parts = pd.DataFrame({"year": cashflow["year"].astype(int), "cost": cashflow["establishment_usd"]})
    parts["upkeep"] = upkeep * cashflow["upkeep_usd"]
    parts["income"] = captured * cashflow["benefit_usd"].fillna(0.0) + cashflow["carbon_revenue_usd"].fillna(0.0)
    out = parts.groupby("year").sum()
    out = out.reindex(range(int(out.index.min()), int(out.index.max()) + 1), fill_value=0.0)
    out = out.reset_index(drop=True).rename_axis("year").reset_index()
    return out.assign(currency="USD", price_year=int(float(years[0])))


def checked_plan(plan: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray, Money]:
    """Cost, upkeep and income by year, and the money they are in.

    Parameters
    ----------
    plan : DataFrame
        year (0, 1, ... in order), cost, upkeep, income (all 0 or more), currency, price_year.

    Returns
    -------
    (array, array, array, Money)

    Raises
    ------
    DataError
        Columns are missing, years are out of order, a value is missing or negative, or money is of two kinds.

    Examples
    --------
    >>> plan = pd.DataFrame({"year": [0, 1], "cost": [9.0, 0.0], "upkeep": 0.0, "income": [0.0, 5.0]})
    >>> checked_plan(plan.assign(currency="USD", price_year=2023))[3].currency
    'USD'
    """
    problems = Problems("the plan")
    needed = ("year", "cost", "upkeep", "income", "currency", "price_year")
    if missing := [name for name in needed if name not in plan.columns]:
        problems.add(f"columns {', '.join(missing)} are missing. Expected: {', '.join(needed)}.")
        problems.raise_if_any(DataError)
    if plan["year"].tolist() != list(range(len(plan))) or len(plan) < 2:
        problems.add("years 0, 1, 2, ... in order, at least two, were expected. Sort them and fill the gaps.")
    for name in ("cost", "upkeep", "income"):
        if not (plan[name] >= 0).all():
            problems.add(f"{name}: sums of 0 or more in each year were expected.")
    for name in ("currency", "price_year"):
        if plan[name].nunique() != 1:
            problems.add(f"money of several kinds of {name}. Convert to one first.")
    problems.raise_if_any(DataError)
    cost, upkeep, income = (plan[name].to_numpy(dtype=float) for name in ("cost", "upkeep", "income"))
    return cost, upkeep, income, Money(0.0, str(plan["currency"].iloc[0]), int(plan["price_year"].iloc[0]))
