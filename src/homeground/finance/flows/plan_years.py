# SPDX-License-Identifier: Apache-2.0
"""The years of a plan as a fund sees them: what is spent in each while land is begun, and what carbon and land bring."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.errors import DataError, Problems

NEEDED = ("year", "establishment_usd", "upkeep_usd", "benefit_usd", "carbon_revenue_usd", "price_year")


class PlanYears(NamedTuple):
    """`cost` by year of the plan (establishment and upkeep, from `first`, `years` of them); over all years of the flows
    `carbon` (sold) and `benefit` (what land gives, which stays with land users).
    """

    first: int
    years: int
    cost: NDArray[np.float64]
    carbon: NDArray[np.float64]
    benefit: NDArray[np.float64]
    currency: str
    price_year: int


def plan_years(cashflow: pd.DataFrame) -> PlanYears:
    """Costs of a plan in the years in which land is begun, and carbon and benefits in all years.

    Parameters
    ----------
    cashflow : DataFrame
        year, establishment_usd, upkeep_usd, benefit_usd, carbon_revenue_usd, price_year; currency where it is not USD.

    Returns
    -------
    PlanYears

    Raises
    ------
    DataError
        Columns or years are missing, a cost is negative, nothing is begun, or money is of several currencies or years.

    Examples
    --------
    >>> flows = pd.DataFrame({"year": [2024, 2025, 2026], "establishment_usd": [60.0, 30.0, 0.0], "upkeep_usd": [0.0, 5.0, 9.0],
    ...                       "benefit_usd": [0.0, 2.0, None], "carbon_revenue_usd": 0.0, "price_year": 2023})
    >>> plan = plan_years(flows)
    >>> plan.first, plan.cost.tolist(), plan.benefit.tolist()
    (2024, [60.0, 35.0], [0.0, 2.0, 0.0])
    """
    problems = Problems("cash flow of the plan")
    if missing := [name for name in NEEDED if name not in cashflow.columns]:
        problems.add(f"columns {', '.join(missing)} are missing. Expected: {', '.join(NEEDED)}.")
        problems.raise_if_any(DataError)
    money = cashflow["currency"] if "currency" in cashflow.columns else pd.Series("USD", index=cashflow.index)
    for what, seen, way in (
        ("currencies", money, "Convert to one first."),
        ("price years", cashflow["price_year"], "Deflate to one first."),
    ):
        found = sorted({str(x) for x in seen})
        if len(found) != 1:
            problems.add(f"{what} {' and '.join(found)} are mixed. {way}" if found else "there is no row.")
    sums = cashflow.groupby(cashflow["year"].astype(int))[list(NEEDED[1:5])].sum()
    have = {int(year) for year in sums.index}
    if gaps := [str(year) for year in range(min(have, default=0), max(have, default=0) + 1) if year not in have]:
        problems.add(f"years {', '.join(gaps)} are missing between its first and last. Give every year.")
    for name in NEEDED[1:3]:
        if (sums[name] < 0).any():
            problems.add(f"{name} is below 0 in {int(sums.index[sums[name] < 0][0])}: 0 or more was expected.")
    begun = sums.index[sums["establishment_usd"] > 0]
    if not len(begun):
        problems.add("no land is begun in any year, so there is nothing to finance.")
    problems.raise_if_any(DataError)
    first, last = int(begun.min()), int(begun.max())
    cost = sums.loc[first:last, ["establishment_usd", "upkeep_usd"]].sum(axis=1).to_numpy(dtype=float)
    carbon, benefit = (
        sums.loc[first:, name].fillna(0.0).to_numpy(dtype=float) for name in ("carbon_revenue_usd", "benefit_usd")
    )
    return PlanYears(
        first, cost.size, cost, carbon, benefit, str(money.iloc[0]), int(float(str(cashflow["price_year"].iloc[0])))
    )
