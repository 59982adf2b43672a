# SPDX-License-Identifier: Apache-2.0
"""Who sends how much to whom, what sending costs, and what a country no longer receives if a corridor falls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from homeground.catalogue import figures
from homeground.errors import DataError, Problems
from homeground.finance.remittances.given import Range, range_of

CORRIDOR = ("iso3", "sender", "year", "flow", "unit", "cost", "cost_year", "cost_of", "source", "licence", "kind")
# Regions whose price of sending is known when a corridor's is not.
SUB_SAHARAN = frozenset(["BFA", "TCD", "ERI", "ETH", "MLI", "MRT", "NER", "NGA", "SEN", "SDN", "GMB", "GHA", "SOM"])


def corridor_matrix(countries: Iterable[str]) -> pd.DataFrame:
    """What each country received in 2017 from each other, and what sending there costs.

    Parameters
    ----------
    countries : iterable of str
        Receiving countries, ISO 3166 alpha-3 (Kosovo is XKX).

    Returns
    -------
    DataFrame
        iso3 (receives), sender, year, flow, unit (USD million, nominal), cost (fraction of the amount sent), cost_year,
        cost_of (corridor, Sub-Saharan Africa or world: whose price it is), source, licence, kind. A country the World
        Bank estimated nothing for has no row.

    Notes
    -----
    World Bank/KNOMAD, Bilateral Remittance Estimates 2017: a model that spreads reported totals by migrants and incomes
    (Ratha and Shaw 2007). Prices of corridors are of the third quarter of 2020, those of regions of 2023 (Remittance
    Prices Worldwide, 200 USD).

    Examples
    --------
    >>> kosovo = corridor_matrix(["XKX"])
    >>> kosovo[["sender", "flow"]].head(2).values.tolist()
    [['DEU', 388.6], ['CHE', 310.2]]
    """
    wanted = list(countries)
    rows = figures.load("remittance_corridors", iso3=wanted)
    flows = rows[rows["indicator"] == "remittances_by_corridor"].rename(columns={"place": "sender", "value": "flow"})
    prices = rows[rows["indicator"] == "sending_cost"].rename(columns={"place": "sender", "year": "cost_year"})
    prices = prices.assign(cost=prices["value"] / 100)[["iso3", "sender", "cost", "cost_year"]]
    out = flows.merge(prices, on=["iso3", "sender"], how="left")
    known = out["cost"].notna()
    african = out["iso3"].isin(list(SUB_SAHARAN))
    regional = np.where(african, range_of("cost_sub_saharan")[1], range_of("cost_world")[1])
    out["cost_of"] = np.where(known, "corridor", np.where(african, "Sub-Saharan Africa", "world"))
    out["cost"] = out["cost"].where(known, pd.Series(regional, index=out.index))
    out["cost_year"] = out["cost_year"].where(known, 2023).astype("Int64")
    ordered = out.sort_values(["iso3", "flow", "sender"], ascending=[True, False, True], ignore_index=True)
    return ordered.reindex(columns=list(CORRIDOR))


def saving_pool(corridors: pd.DataFrame, *, target: float | None = None) -> pd.DataFrame:
    """What senders would keep if sending cost no more than the target: flow x (cost - target), never below 0.

    Parameters
    ----------
    corridors : DataFrame
        iso3, sender, flow, cost (fraction of the amount sent) as `corridor_matrix` has them.
    target : float, optional
        Fraction; 0.03 (SDG 10.c) if left out.

    Returns
    -------
    DataFrame
        iso3, flow, paid (what sending costs now), cost (mean price weighted by flow), pool, at_target (share of the
        flow that already costs no more than the target); in the unit of `flow`.

    Raises
    ------
    DataError
        A column is missing, or a price looks like percent.

    Notes
    -----
    pool = sum over corridors of flow x max(cost - target, 0). A corridor below the target saves nothing; it does not
    make up for a dear one.

    Examples
    --------
    >>> two = pd.DataFrame({"iso3": ["A", "A"], "sender": ["B", "C"], "flow": [100.0, 100.0], "cost": [0.08, 0.01]})
    >>> saving_pool(two)[["paid", "pool", "at_target"]].round(6).values.tolist()
    [[9.0, 5.0, 0.5]]
    """
    _check(corridors, ("iso3", "sender", "flow", "cost"))
    aim = range_of("target_cost", target)[1]
    flow, cost = corridors["flow"].astype(float), corridors["cost"].astype(float)
    if bad := sorted({f"{x:g}" for x in cost[~cost.between(0, 1)]}):
        raise DataError(
            f"cost of sending: fractions from 0 to 1 were expected, found {', '.join(bad)}. Write 6 % as 0.06."
        )
    parts = corridors[["iso3"]].assign(
        flow=flow, paid=flow * cost, pool=flow * (cost - aim).clip(lower=0), at_target=flow.where(cost <= aim, 0.0)
    )
    out = parts.groupby("iso3", as_index=False).sum()
    out["cost"] = out["paid"] / out["flow"]
    out["at_target"] = out["at_target"] / out["flow"]
    return out[["iso3", "flow", "paid", "cost", "pool", "at_target"]]


def corridor_shock(
    corridors: pd.DataFrame, falls: Mapping[str, float], *, consumed: Range | float | None = None
) -> pd.DataFrame:
    """What reaches a country when sending countries send less, and what households there no longer consume.

    Parameters
    ----------
    corridors : DataFrame
        iso3, sender, flow as `corridor_matrix` has them.
    falls : mapping of str to float
        Sending country to the fraction by which its flow falls: {"RUS": 0.3} is 30 % less.
    consumed : float or (low, middle, high), optional
        Part of remittances that households consume; left out, 1 less what is left over (IFAD).

    Returns
    -------
    DataFrame
        iso3, before, after, lost, lost_share, consumption_lost_low, consumption_lost, consumption_lost_high, and
        largest_sender with its share: how much hangs on one country.

    Raises
    ------
    DataError
        A fall is not a fraction from 0 to 1, or a sender is in no corridor.

    Notes
    -----
    after = sum of flow x (1 - fall). Nothing is assumed to move to other corridors, and no one to come home; both
    happen, so this is the first round only.

    Examples
    --------
    >>> two = pd.DataFrame({"iso3": ["A", "A"], "sender": ["B", "C"], "flow": [80.0, 20.0]})
    >>> corridor_shock(two, {"B": 0.5}, consumed=0.75)[["after", "lost_share", "consumption_lost"]].values.tolist()
    [[60.0, 0.4, 30.0]]
    """
    _check(corridors, ("iso3", "sender", "flow"))
    problems = Problems("fall of corridors")
    for sender, fall in falls.items():
        if not 0 <= fall <= 1:
            problems.add(f"{sender} falls by {fall:g}: a fraction from 0 to 1 was expected. Write 30 % as 0.3.")
        if sender not in set(corridors["sender"]):
            problems.add(
                f"{sender} sends to none of these countries. Senders: {', '.join(sorted(set(corridors['sender'])))}."
            )
    problems.raise_if_any(DataError)
    left = range_of("left_over")
    low, middle, high = range_of("consumed", consumed) if consumed is not None else tuple(1 - x for x in reversed(left))
    flow = corridors["flow"].astype(float)
    fall_of = corridors["sender"].map(dict(falls)).fillna(0.0).astype(float)
    parts = corridors[["iso3", "sender"]].assign(before=flow, lost=flow * fall_of)
    out = parts.groupby("iso3", as_index=False)[["before", "lost"]].sum()
    out["after"] = out["before"] - out["lost"]
    out["lost_share"] = out["lost"] / out["before"]
    for name, share in (("_low", low), ("", middle), ("_high", high)):
        out[f"consumption_lost{name}"] = out["lost"] * share
    top = parts.sort_values(["before", "sender"], ascending=[False, True]).drop_duplicates("iso3").set_index("iso3")
    out["largest_sender"] = out["iso3"].map(top["sender"])
    out["largest_share"] = out["iso3"].map(top["before"]) / out["before"]
    return out


def _check(corridors: pd.DataFrame, needed: tuple[str, ...]) -> None:
    problems = Problems("corridors of remittances")
    missing = [name for name in needed if name not in corridors.columns]
    if missing:
        problems.add(f"columns {', '.join(missing)} are missing. Expected: {', '.join(needed)}.")
        problems.raise_if_any(DataError)
    if corridors[list(needed)].isna().any(axis=None):
        problems.add("values are missing. Leave out a corridor that is not known; nothing is guessed.")
    if (corridors["flow"] < 0).any():
        problems.add("a flow is below 0. Give what is sent as positive numbers.")
    if doubled := corridors.duplicated(["iso3", "sender"]).sum():
        problems.add(f"{doubled} corridors stand twice. Give each pair of countries once.")
    if "unit" in corridors and corridors["unit"].nunique() > 1:
        problems.add(
            f"money of several units ({', '.join(sorted(set(corridors['unit'])))}) cannot be added. Convert first."
        )
    problems.raise_if_any(DataError)
