# SPDX-License-Identifier: Apache-2.0
"""What keeping up the land costs each year after the plan's last one, and who pays it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from homeground.finance.flows.amounts import SUFFIX

NOT_SAID = "not said"


def upkeep_after(flows: pd.DataFrame, *, last: int, rate: float, payers: Sequence[str] = ()) -> pd.DataFrame:
    """Upkeep of the years after the plan's last one, as paid and in present value, with who pays it.

    Parameters
    ----------
    flows : DataFrame
        From `homeground.finance.cash_flow`.
    last : int
        Last year of the plan.
    rate : float
        Of discount, a fraction a year; the first year of the flows is not discounted.
    payers : sequence of str, optional
        Whom the study's sources name for it; left out, "not said".

    Returns
    -------
    DataFrame, one row a year
        year, upkeep_usd and present_usd with _low and _high, payer, price_year.

    Examples
    --------
    >>> from homeground.finance import cash_flow, read_values
    >>> from homeground.measures import options
    >>> one = pd.DataFrame({"iso3": ["BFA"], "measure": ["zai"], "year": [2024], "hectares": [10.0]})
    >>> flows = cash_flow(one, options(), read_values(), horizon=2, first_year=2024)
    >>> upkeep_after(flows, last=2024, rate=0.25)[["year", "upkeep_usd", "present_usd", "payer"]].values.tolist()
    [[2025, 350.0, 280.0, 'not said'], [2026, 350.0, 224.0, 'not said']]
    """
    names = [f"upkeep_usd{end}" for end in SUFFIX.values()]
    later = flows[flows["year"] > last]
    out = later.groupby("year", as_index=False)[names].sum()
    factor = (1 + rate) ** (int(flows["year"].min()) - out["year"])
    for end in SUFFIX.values():
        out[f"present_usd{end}"] = out[f"upkeep_usd{end}"] * factor
    out["payer"] = ", ".join(payers) or NOT_SAID
    out["price_year"] = flows["price_year"].iloc[0]
    return out
