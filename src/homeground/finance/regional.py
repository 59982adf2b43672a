# SPDX-License-Identifier: Apache-2.0
"""Costs and benefits of a plan by region: a country's results shared by the hectares each region has in the plan."""

from __future__ import annotations

import pandas as pd

from homeground.errors import DataError
from homeground.finance.appraisal import present_values
from homeground.finance.flows.amounts import SUFFIX

_KEYS = ["iso3", "measure"]
_AGAINST = {"_low": "_high", "": "", "_high": "_low"}


def share_by_region(flows: pd.DataFrame, allocation: pd.DataFrame, *, rate: float) -> pd.DataFrame:
    """What the plan costs and brings in each region, in present value, as land users see it.

    Parameters
    ----------
    flows : DataFrame
        From `cash_flow`.
    allocation : DataFrame
        Allocation of the same plan: region_id, iso3, measure, hectares.
    rate : float
        Discount rate as a fraction a year.

    Returns
    -------
    DataFrame, index region_id
        cost_usd, benefit_usd (NaN where no measure of the region has a benefit that can be valued), npv_usd, each with
        _low and _high; benefit_cover (% of the cost that belongs to land with a valued benefit).

    Raises
    ------
    DataError
        A country and measure has land in one of the two tables only.

    Notes
    -----
    Each region gets hectares of the measure / hectares of the measure in the country of the country's present values:
    a year of start, a yield and a price of its own it does not have. Sums over regions equal the plan. NPV is
    benefits less all costs, also of measures whose benefit cannot be valued; low is benefits low and costs high.

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.finance import cash_flow, read_values
    >>> from homeground.measures import options
    >>> one = pd.DataFrame({"iso3": ["BFA"], "measure": ["zai"], "year": [2024], "hectares": [10.0]})
    >>> flows = cash_flow(one, options(), read_values(), horizon=1, first_year=2024)
    >>> land = pd.DataFrame({"region_id": ["A", "B"], "iso3": "BFA", "measure": "zai", "hectares": [4.0, 6.0]})
    >>> share_by_region(flows, land, rate=0.0)["cost_usd"].round(1).tolist()  # of 3168 + 350 + 218.8 of season work
    [1494.7, 2242.1]
    """
    worth = present_values(flows, rate)
    worth["valued_share"] = flows.groupby(_KEYS)["valued_share"].first()
    land = allocation.groupby(["region_id", *_KEYS], as_index=False)["hectares"].sum()
    total = land.groupby(_KEYS)["hectares"].transform("sum")
    land["share"] = land["hectares"] / total
    both = land.merge(worth.reset_index(), on=_KEYS, how="outer", indicator=True)
    lone = both.loc[both["_merge"] != "both", _KEYS].astype(str).agg(" ".join, axis=1)
    if len(lone):
        raise DataError(f"{', '.join(sorted(set(lone))[:5])} has land or money, not both. Give both of one plan.")
    parts = pd.DataFrame({"region_id": both["region_id"]})
    for suffix in SUFFIX.values():
        parts[f"cost_usd{suffix}"] = both[f"cost_usd{suffix}"] * both["share"]
        sold = both[f"carbon_revenue_usd{suffix}"] * both["share"]
        farm = both[f"benefit_usd{suffix}"] * both["share"]
        parts[f"benefit_usd{suffix}"] = farm.where(sold == 0, farm.fillna(0.0) + sold)
    parts["covered"] = parts["cost_usd"] * both["valued_share"]
    out = parts.groupby("region_id").sum(min_count=1)
    for suffix in SUFFIX.values():
        out[f"npv_usd{suffix}"] = out[f"benefit_usd{suffix}"].fillna(0.0) - out[f"cost_usd{_AGAINST[suffix]}"]
    out["benefit_cover"] = 100 * out.pop("covered") / out["cost_usd"]
    return out
