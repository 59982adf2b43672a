# SPDX-License-Identifier: Apache-2.0
"""Which rows of the tables of measures and values weigh most on what a plan returns."""

from __future__ import annotations

from typing import Any

import pandas as pd

from homeground.finance.flows.amounts import COSTS
from homeground.finance.flows.cash_flow import cash_flow
from homeground.finance.valuation import read_products
from homeground.finance.valued.places import Part, finder
from homeground.finance.valued.product import Product, gain_of, parts_of, product_of
from homeground.measures.options import rates_of

_OF_OPTIONS = {"establishment": "establishment_cost", "upkeep": "upkeep_cost", "season": "person_days_season"}


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
    Costs are a sum of establishment, upkeep, season work (days x wage x share) and forgone grazing (yield x price): one row
    of each, such as the days and not the wage, add up to 1. A benefit is a product (gain x base yield x price x what is
    not lost x net share), so that each of its rows weighs as much as the benefits that it is a factor of: yields (or
    measured differences) add up to 1 over their rows, and so do prices. A loss weighs against its benefit; of several
    places or crops only those weigh whose figure is the median.

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.finance import read_values
    >>> from homeground.measures import options
    >>> one = pd.DataFrame({"iso3": ["BFA"], "measure": ["zai"], "year": [2024], "hectares": [10.0]})
    >>> found = what_weighs(one, options(), read_values(), horizon=2, first_year=2024, rate=0.0)
    >>> costs = found[(found["side"] == "cost") & (found["table"] == "options")]
    >>> costs[["parameter", "share"]].round(3).values.tolist()  # 3168 to establish, 2 x 350 to keep up, 2 x 218.8 of work
    [['establishment_cost', 0.736], ['upkeep_cost', 0.163], ['person_days_season', 0.102]]
    """
    rules = read_products() if products is None else products
    find = finder(values)
    rows: list[tuple[str, str, str, str, float]] = []
    whole = {"cost": 0.0, "benefit": 0.0}
    cover = [schedule["cover_class"]] if "cover_class" in schedule else []
    for _, part in schedule.groupby([schedule["iso3"], schedule["measure"], *cover]):
        row = {str(key): value for key, value in part.iloc[0].items()}
        iso3, measure = str(row["iso3"]), str(row["measure"])
        flow = cash_flow(part, options, values, horizon=horizon, first_year=first_year, products=rules)
        factor = (1 + rate) ** (first_year - flow["year"])
        worth = {name: float((flow[name] * factor).sum()) for name in (*COSTS, "benefit_usd")}
        whole["cost"] += sum(worth[name] for name in COSTS)
        product = product_of(rules, row)
        rows += [("cost", "options", measure, name, worth[f"{what}_usd"]) for what, name in _OF_OPTIONS.items()]
        rows += [
            ("cost", *_row(one), one.share * worth[f"{line}_usd"]) for line, one in _cost_parts(find, product, iso3)
        ]
        gain = gain_of(product, rates_of(options, part).iloc[0], find, iso3)
        if gain.absent:
            continue
        whole["benefit"] += worth["benefit_usd"]
        if not gain.by_difference:
            rows.append(("benefit", "options", measure, "yield_gain", worth["benefit_usd"]))
        rows += [
            ("benefit", *_row(one), one.share * worth["benefit_usd"]) for one in parts_of(gain, product, find, iso3)
        ]
    keys = ["side", "table", "name", "parameter"]
    found = pd.DataFrame(rows, columns=[*keys, "share"]).groupby(keys, sort=False)[["share"]].sum().reset_index()
    found["share"] = found["share"] / found["side"].map(whole)
    found = found[found["share"] != 0]
    return found.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _row(part: Part) -> tuple[str, str, str]:
    return "values", part.place, part.parameter


def _cost_parts(find: Any, product: Product, iso3: str) -> list[tuple[str, Part]]:
    """Rows of the values that season work and forgone grazing hang on, with the line of costs."""
    wanted = [("season", name) for name in ("wage", "season_opportunity_share")]
    if product.forgone:
        wanted += [("forgone", f"{what}_{product.forgone}") for what in ("base_yield", "price")]
    return [(line, part) for line, name in wanted for part in find(name, iso3).parts]
