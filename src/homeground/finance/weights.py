# SPDX-License-Identifier: Apache-2.0
"""Which rows of the tables of measures and values weigh most on what a plan returns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from homeground.finance.cashflow import cash_flow, product_of
from homeground.finance.valuation import read_products
from homeground.measures.options import rates_of

GENERAL = "general"


def what_weighs(
    schedule: pd.DataFrame,
    options: pd.DataFrame,
    values: pd.DataFrame,
    *,
    horizon: int,
    first_year: int,
    rate: float,
    products: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How much of the present value of a plan's costs and of its farm benefits hangs on each row of its tables.

    Parameters
    ----------
    schedule : DataFrame
        As for `cash_flow`: iso3, measure, year, cover_class, hectares.
    options, values, products : DataFrame
        As for `cash_flow`.
    horizon, first_year : int
        As there.
    rate : float
        Of discount, a fraction a year.

    Returns
    -------
    DataFrame
        side (cost or benefit); table (options or values), name (of the measure, or the place), parameter: the row; share:
        by how many per cent the present value of its side changes when the row's middle value changes by one per cent.
        The largest share first. Without rows where nothing is planned.

    Raises
    ------
    DataError
        As for `cash_flow`.

    Notes
    -----
    Costs are sums of rows, so the shares of costs add up to 1. A benefit is a product (gain x base yield x price x net
    share), so that each of its rows weighs as much as the benefits that it is a factor of: the shares of one parameter
    add up to 1 over its rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.finance import read_values
    >>> from homeground.measures import options
    >>> one = pd.DataFrame({"iso3": ["BFA"], "measure": ["zai"], "year": [2024], "hectares": [10.0]})
    >>> found = what_weighs(one, options(), read_values(), horizon=2, first_year=2024, rate=0.0)
    >>> found[found["side"] == "cost"].round(3).values.tolist()  # 3168 to establish, 2 x 350 to keep up
    [['cost', 'options', 'zai', 'establishment_cost', 0.819], ['cost', 'options', 'zai', 'upkeep_cost', 0.181]]
    """
    rules = read_products() if products is None else products
    known = set(zip(values["parameter"].astype(str), values["place"].astype(str), strict=True))
    rows: list[tuple[str, str, str, str, float]] = []
    cover = [schedule["cover_class"]] if "cover_class" in schedule else []
    for _, part in schedule.groupby([schedule["iso3"], schedule["measure"], *cover]):
        row = {str(key): value for key, value in part.iloc[0].items()}
        iso3, measure = str(row["iso3"]), str(row["measure"])
        flow = cash_flow(part, options, values, horizon=horizon, first_year=first_year, products=rules)
        worth = {
            name: float((flow[name] / (1 + rate) ** (flow["year"] - first_year)).sum())
            for name in ("establishment_usd", "upkeep_usd", "benefit_usd")
        }
        rows.append(("cost", "options", measure, "establishment_cost", worth["establishment_usd"]))
        rows.append(("cost", "options", measure, "upkeep_cost", worth["upkeep_usd"]))
        product = product_of(rules, row, rates_of(options, part).iloc[0])
        if product.absent or not np.isfinite(worth["benefit_usd"]):
            continue
        rows.append(("benefit", "options", measure, "yield_gain", worth["benefit_usd"]))
        for parameter in (f"base_yield_{product.base_yield}", f"price_{product.price}", "benefit_net_share"):
            place = iso3 if (parameter, iso3) in known else GENERAL
            rows.append(("benefit", "values", place, parameter, worth["benefit_usd"]))
    keys = ["side", "table", "name", "parameter"]
    found = pd.DataFrame(rows, columns=[*keys, "share"]).groupby(keys, sort=False)[["share"]].sum().reset_index()
    of_one = found["parameter"].isin(("establishment_cost", "upkeep_cost", "yield_gain"))  # each benefit has one gain
    whole = found[of_one].groupby("side")["share"].sum()
    found["share"] = found["share"] / found["side"].map(whole)
    return found.sort_values("share", ascending=False, kind="stable", ignore_index=True)
