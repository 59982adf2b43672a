# SPDX-License-Identifier: Apache-2.0
"""What each source gets back when a plan earns less than was thought, by the mix that was found for what was thought."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from homeground.errors import DataError
from homeground.finance.internal_rates import irr
from homeground.finance.structure.least_public import Structure
from homeground.finance.structure.sources_of_money import Source, checked_plan

ORDER = ("debt", "household", "concessional", "equity")  # paid in this order


def under_stress(found: Structure, plan: pd.DataFrame, sources: Sequence[Source], *, income: float) -> pd.DataFrame:
    """What investors really get when income is a fraction of what the mix was made for.

    Parameters
    ----------
    found : Structure
        The mix and its schedule.
    plan : DataFrame
        The plan it was made for.
    sources : sequence of Source
        Those it was made of.
    income : float
        Fraction of each year's income that comes: 0.8 is a fifth less.

    Returns
    -------
    DataFrame
        One row a source that is paid back: source, kind, hurdle, drawn, due (by the schedule), paid, short (due less paid,
        0 or more), return (a year, of what it really got; NaN where nothing came back or several rates solve it). One row
        more, kind "upkeep", has what of costs and upkeep could not be paid.

    Raises
    ------
    DataError
        The fraction is not 0 to 2.

    Notes
    -----
    Costs and upkeep of a year are paid first, then loans, migrants, the public loan and equity by the schedule; within a
    kind in proportion. What could not be paid is due again the next year, without interest on it.

    Examples
    --------
    >>> from homeground.finance.structure.least_public import structure
    >>> plan = pd.DataFrame({"year": [0, 1], "cost": [100.0, 0.0], "upkeep": 0.0, "income": [0.0, 110.0]})
    >>> plan = plan.assign(currency="USD", price_year=2023)
    >>> sources = [Source("grant", "grant", 100.0), Source("bond", "household", 100.0, hurdle=0.1, until=1)]
    >>> found = structure(plan, sources, public_rate=0.05, dscr=1.0, shadow=False)
    >>> under_stress(found, plan, sources, income=0.5).loc[0, ["due", "paid", "short", "return"]].round(6).tolist()
    [110.0, 55.0, 55.0, -0.45]
    """
    if not 0 <= income <= 2:
        raise DataError(f"income is {income:g}: a fraction from 0 to 2 was expected. Write 80 % as 0.8.")
    cost, upkeep, earned, _ = checked_plan(plan)
    table = found.schedule.pivot_table(index="year", columns="source", values=["drawn", "paid"], aggfunc="sum")
    paying = sorted((one for one in sources if one.kind != "grant"), key=lambda one: ORDER.index(one.kind))
    flows: dict[str, list[float]] = {one.name: [] for one in paying}
    owed, got = dict.fromkeys(flows, 0.0), dict.fromkeys(flows, 0.0)
    cash = unpaid = 0.0
    for year in range(len(plan)):
        cash += income * float(earned[year]) + float(table["drawn"].loc[year].sum())
        spent = min(cash, float(cost[year] + upkeep[year]))
        unpaid += float(cost[year] + upkeep[year]) - spent
        cash -= spent
        for kind in ORDER:
            own = [one.name for one in paying if one.kind == kind]
            for name in own:
                owed[name] += float(table["paid"].loc[year, name])
            due = sum(owed[name] for name in own)
            part = min(1.0, cash / due) if due > 0 else 0.0
            for name in own:
                paid = owed[name] * part
                owed[name] -= paid
                got[name] += paid
                cash -= paid
                flows[name].append(paid - float(table["drawn"].loc[year, name]))
    rows: list[dict[str, Any]] = [
        {
            "source": one.name, "kind": one.kind, "hurdle": one.hurdle,
            "drawn": float(table["drawn"][one.name].sum()), "due": float(table["paid"][one.name].sum()),
            "paid": got[one.name], "short": owed[one.name], "return": _return(flows[one.name]),
        }
        for one in paying
    ]  # fmt: skip
    whole = float((cost + upkeep).sum())
    rows.append({"source": "", "kind": "upkeep", "hurdle": math.nan, "drawn": math.nan, "due": whole,
                 "paid": whole - unpaid, "short": unpaid, "return": math.nan})  # fmt: skip
    return pd.DataFrame(rows)


def _return(flows: list[float]) -> float:
    found = irr(flows)
    roots = tuple(getattr(found, "roots", found))
    return float(roots[0]) if len(roots) == 1 else math.nan
