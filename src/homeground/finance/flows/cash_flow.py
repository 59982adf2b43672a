# SPDX-License-Identifier: Apache-2.0
"""What a plan costs and brings, year by year, by country and measure; what cannot be valued is absent, never zero."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd

from homeground.finance.flows.amounts import AMOUNTS, SUFFIX, one_start
from homeground.finance.flows.checks import check_cash_flow
from homeground.finance.valuation import price_year, read_products
from homeground.finance.valued.places import ENDS, finder
from homeground.finance.valued.product import Product, product_of
from homeground.measures.options import rates_of

KEYS = ["iso3", "measure", "year"]
SAID = [
    "cost_quality",
    "benefit_quality",
    "benefit_absent",
    "benefit_partly",
    "valued_share",
    "cost_absent",
    "price_year",
]


def cash_flow(
    schedule: pd.DataFrame,
    options: pd.DataFrame,
    values: pd.DataFrame,
    *,
    horizon: int,
    first_year: int,
    products: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What a plan costs and what land users gain, year by year, by country and measure, each with low and high.

    Parameters
    ----------
    schedule : DataFrame
        iso3, measure, year, hectares started in that year; cover_class where the product differs between cropland and
        other land (see `split_by_cover`).
    options : DataFrame, index measure
        From `homeground.measures.options`: costs in USD/ha and USD/ha/yr, person-days/ha, yield gain in % of the yield
        without, carbon in t C/ha/yr, lag and full benefit in years.
    values : DataFrame
        As from `read_values`: base yields, prices, wage, carbon.
    horizon : int
        Years after `first_year` that are looked at; the table has horizon + 1 years, year 0 being `first_year`.
    first_year : int
        The year that all is brought back to.
    products : DataFrame, optional
        As from `read_products`.

    Returns
    -------
    DataFrame, one row per iso3, measure and year
        hectares started; establishment_usd, upkeep_usd (of all land started before: it goes on to the end of the
        horizon), season_usd (land users' own field work at its opportunity: day wage x share, from nothing to the whole
        wage), forgone_usd (what herds cannot eat while land is closed), labour_usd (the part of establishment and upkeep
        that is labour where the options tell cash apart, else the plan's person-days at the wage: no cost of its own),
        benefit_usd (NaN with benefit_absent where it cannot be valued), carbon_revenue_usd (net; nothing unless sold),
        carbon_t_co2e: each with _low and _high; cost_quality, benefit_quality (5: expert default, unverified);
        valued_share of the hectares whose benefit is valued, benefit_partly (why not of the rest), cost_absent (which cost
        is not known there), price_year.

    Raises
    ------
    DataError
        Columns or rows are missing, hectares are negative, a year lies outside the horizon, money of two years.

    Notes
    -----
    Benefit of land t years after its start = ramp(t) x gain x price x (1 - loss) x net share, with ramp(t) =
    clip((t - lag) / (full - lag), 0, 1); the gain is a yield difference measured in t/ha where one is near enough, else
    gain/100 x base yield. Yields, prices, losses and wages are the country's own or those of the nearest place that may
    serve; see `trail`. Harvesting the gain is in the net share and not in the season's days. Carbon = (soil + biomass)
    rate x 44/12 for 20 years after the start; survival of plants is not applied. Low benefits take all factors at their
    worse end at once, high all at their better, so the interval is an envelope and wider than one of 95 %. What is started
    late has fewer years to pay back.

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.finance import read_values
    >>> from homeground.measures import options
    >>> one = pd.DataFrame({"iso3": ["BFA"], "measure": ["zai"], "year": [2024], "hectares": [10.0]})
    >>> flow = cash_flow(one, options(), read_values(), horizon=2, first_year=2024)
    >>> flow[["establishment_usd", "upkeep_usd", "season_usd", "benefit_usd"]].round(1).values.tolist()
    [[3168.0, 0.0, 0.0, 0.0], [0.0, 350.0, 218.8, 1043.4], [0.0, 350.0, 218.8, 1043.4]]
    """
    rules = read_products() if products is None else products
    check_cash_flow(schedule, options, values, rules, horizon, first_year)
    years = np.arange(first_year, first_year + horizon + 1)
    find = finder(values)
    parts: list[dict[str, Any]] = []
    product: dict[tuple[str, str], Product] = {}
    rates = rates_of(options, schedule).to_dict("records")
    for row, option in zip(cast("list[dict[str, Any]]", schedule.to_dict("records")), rates, strict=True):
        land = (str(row["measure"]), str(row.get("cover_class")))
        if land not in product:
            product[land] = product_of(rules, row)
        start = one_start(row, option, find, product[land], years)
        same = {"iso3": row["iso3"], "measure": row["measure"], "benefit_absent": start.benefit_absent}
        same |= {name: getattr(start, name) for name in ("cost_quality", "benefit_quality", "cost_absent")}
        part = {name: np.full(years.size, value, dtype=object) for name, value in same.items()}
        started = np.where(years == row["year"], row["hectares"], 0.0)
        parts.append({**part, "year": years, "hectares": started, **start.amounts})
    names = ["hectares", *(f"{a}{SUFFIX[e]}" for a in AMOUNTS for e in ENDS)]
    if not parts:
        return pd.DataFrame(columns=[*KEYS, *names, *SAID])
    long = pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]}).infer_objects()
    by = long.groupby(KEYS, as_index=False)
    out = by[names].sum(min_count=1)
    out[["cost_quality", "benefit_quality"]] = by[["cost_quality", "benefit_quality"]].max().iloc[:, -2:]
    out["cost_absent"] = by["cost_absent"].first()["cost_absent"]
    out = out.merge(_valued(long), on=KEYS[:2])
    out["price_year"] = price_year(values)
    return out


def _valued(long: pd.DataFrame) -> pd.DataFrame:
    """Of each country and measure the share of the land with a valued benefit, and why none, or not all, has one."""
    known = long.assign(valued=long["hectares"].where(long["benefit_absent"] == "", 0.0))
    by = known.groupby(KEYS[:2])
    sums = by[["hectares", "valued"]].sum()
    any_valued = by["benefit_absent"].agg(lambda said: bool((said == "").any()))
    reason = by["benefit_absent"].agg(lambda said: "; ".join(dict.fromkeys(text for text in said if text)))
    # No hectares at all: then all or nothing, as the land that is named.
    share = (sums["valued"] / sums["hectares"].where(sums["hectares"] > 0)).fillna(any_valued.astype(float))
    found = pd.DataFrame({"valued_share": share, "benefit_absent": reason.where(~any_valued, "")})
    return found.assign(benefit_partly=reason.where(any_valued, "")).reset_index()
