# SPDX-License-Identifier: Apache-2.0
"""Lines of a farm case: which item of which activity stands on which farm, and how much land has it in each year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ENDS = ("low", "mid", "high")
GAINS = ("output", "carbon")
LABOUR = ("hired", "family")
NOTHING = "none"  # an activity without budget: land that nothing is done on
NAMES = {"quantity_low": "quantity", "quantity_high": "quantity", "price_low": "price", "price_high": "price"}


def do_not_meet(tables: Mapping[str, pd.DataFrame], first_year: int, horizon: int) -> Iterator[str]:
    """What is wrong between tables that are each as declared, one sentence each.

    Parameters
    ----------
    tables : mapping of DataFrame
        budgets, farms, adoption, and programme where there is one.
    first_year, horizon : int

    Yields
    ------
    str
    """
    budgets, farms, adoption = (tables[name] for name in ("budgets", "farms", "adoption"))
    for name, table in tables.items():
        if table.empty:
            yield f"{name}: has no rows."
    money = pd.concat([table[["currency", "price_year"]] for table in tables.values() if "currency" in table])
    if len(found := sorted({str(one) for one in money["currency"]})) > 1:
        yield f"money of {', '.join(found)}. Convert all to one currency, and say at which rate."
    if len(years := sorted({int(one) for one in money["price_year"]})) > 1:
        yield f"prices of {', '.join(map(str, years))}. Bring all to one year."
    if lost := sorted(set(farms["activity"]) - set(budgets["activity"]) - {NOTHING}):
        yield f'farms: no budget for {", ".join(lost)}. Give it, or write "{NOTHING}" for land that nothing is done on.'
    if lost := sorted(set(adoption["farm"]) - set(farms["farm"])):
        yield f"adoption: {', '.join(lost)} stands not among the farms."
    for farm, part in farms.groupby("farm"):
        if lost := sorted({"with", "without"} - set(part["situation"])):
            yield f'farms: {farm} lacks its land {" and ".join(lost)} the programme ("{NOTHING}" where nothing is done).'
    for name in ("adoption", "programme"):
        if name in tables and not (inside := tables[name]["year"].between(first_year, first_year + horizon)).all():
            outside = sorted(set(tables[name].loc[~inside, "year"].astype(int)))
            yield f"{name}: {', '.join(map(str, outside))} is outside {first_year} to {first_year + horizon}."
    yield from _of_budgets(budgets)


def _of_budgets(budgets: pd.DataFrame) -> Iterator[str]:
    carbon = budgets["kind"] == "carbon"
    rows = budgets.index + 1  # as the check counts them
    if (wrong := carbon & budgets["price"].notna()).any():
        yield f"budgets: row {rows[wrong][0]}: carbon has no price here; its contract's is an option. Leave it empty."
    if (wrong := ~carbon & budgets["price"].isna()).any():
        yield f"budgets: row {rows[wrong][0]}: a price was expected; only carbon has none."
    below = budgets[["price_low", "price", "price_high"]].min(axis=1) < 0
    if (wrong := below & (budgets["kind"] != "transfer")).any():
        yield f"budgets: row {rows[wrong][0]}: a price of 0 or more was expected; only a transfer may be below 0 (a subsidy)."
    for what in ("quantity", "price"):
        low, mid, high = (budgets[name].fillna(budgets[what]) for name in (f"{what}_low", what, f"{what}_high"))
        if (wrong := (low > mid) | (mid > high)).any():
            yield f"budgets: row {rows[wrong][0]}: low <= {what} <= high was expected."
    if (wrong := budgets["to_age"] < budgets["from_age"]).any():
        yield f"budgets: row {rows[wrong][0]}: to_age comes before from_age."
    if (wrong := budgets["full"] < budgets["lag"].fillna(0.0)).any():
        yield f"budgets: row {rows[wrong][0]}: full comes before lag."
    priced = budgets[~carbon].groupby("item")[["price_low", "price", "price_high", "unit"]].nunique(dropna=False)
    if twice := sorted(priced.index[(priced > 1).any(axis=1)]):
        yield f"budgets: {', '.join(map(str, twice))}: one item has one price and unit. Tell two apart by their names."


def lines_of(budgets: pd.DataFrame, farms: pd.DataFrame) -> pd.DataFrame:
    """Every item of every activity of every farm, with what it counts for.

    Parameters
    ----------
    budgets, farms : DataFrame
        As declared, and meeting each other.

    Returns
    -------
    DataFrame
        Columns of both; quantity_mid and price_mid in place of quantity and price; ends filled; kept (part of the hectares
        that goes on by the calendar), sign, gain, constant, exchange, labour, quantity_chance and price_chance (names of
        their draws).
    """
    whole = budgets.assign(**{name: budgets[name].fillna(budgets[mid]) for name, mid in NAMES.items()})
    whole = whole.rename(columns={"quantity": "quantity_mid", "price": "price_mid"})
    apart = (" " + whole["purpose"].astype(str)).where(whole["purpose"] != "season", "")
    own = whole["activity"] + " " + whole["item"] + apart
    whole["quantity_chance"] = whole["drawn_as"].astype(str).where(whole["drawn_as"] != "", own)
    whole["price_chance"] = whole["item"] + " price"
    prices = [f"price_{end}" for end in ENDS]
    whole[prices] = whole[prices].fillna(0.0)  # of carbon, whose price is the contract's
    lines = farms.assign(kept=_kept(farms)).merge(whole, on="activity", how="inner")
    lines["sign"] = np.where(lines["situation"] == "with", 1.0, -1.0)
    lines["gain"] = lines["kind"].isin(GAINS)
    at_border = lines["economic_price"].notna() & (lines["price_mid"] > 0)
    goods = lines["kind"].isin(["output", "input"])
    share = lines["traded"].where(~at_border, 0.0).where(goods, 0.0).astype(float)
    rest = (lines["economic_price"] / lines["price_mid"].where(lines["price_mid"] > 0)).where(at_border, 1.0 - share)
    lines["constant"] = rest.where(goods, 0.0).astype(float)
    lines["exchange"] = share
    lines["labour"] = lines["kind"].isin(LABOUR).astype(float)
    return lines


def taken_up(adoption: pd.DataFrame, first_year: int, horizon: int) -> dict[str, Floats]:
    """New farms of each kind in each year of the table.

    Parameters
    ----------
    adoption : DataFrame
    first_year, horizon : int

    Returns
    -------
    dict of array
    """
    new: dict[str, Floats] = {}
    for row in adoption.itertuples(index=False):
        new.setdefault(str(row.farm), np.zeros(horizon + 1))[int(str(row.year)) - first_year] += float(str(row.farms))
    return new


def units_of(lines: pd.DataFrame, new: Mapping[str, Floats]) -> Floats:
    """Hectares of each line in each year, times its ramp and its trend.

    With the programme an item comes at the age of the farm's new practice; without it, it goes on by the calendar, and
    is given up by the farms that took the programme up. Hectares of an activity that a farm has in both go on by the
    calendar in both: the programme changes nothing there, however the land degrades.

    Parameters
    ----------
    lines : DataFrame
        From `lines_of`.
    new : mapping of array
        From `taken_up`.

    Returns
    -------
    array, lines x years
    """
    years = len(next(iter(new.values())))
    ages = np.arange(float(years))
    none = np.zeros(years)
    late = np.subtract.outer(np.arange(years), np.arange(years))  # year less year of adoption
    units = np.empty((len(lines), years))
    made: dict[tuple[object, ...], Floats] = {}
    names = ["farm", "from_age", "to_age", "lag", "full", "trend", "kept"]
    keys = lines[names].fillna(-1.0)
    for i, key in enumerate(keys.itertuples(index=False, name=None)):
        if key not in made:
            farm, first, last, lag, full, trend, kept = key
            shape = (1.0 + trend) ** ages * (ages >= first) * ((ages <= last) if last >= 0 else 1.0)
            shape *= ramp(ages, max(lag, 0.0), full) if full >= 0 or lag > 0 else 1.0
            start = new.get(farm, none)
            by_age = np.where(late >= 0, shape[np.maximum(late, 0)], 0.0) @ start
            made[key] = kept * np.cumsum(start) * shape + (1.0 - kept) * by_age
        units[i] = made[key]
    found: Floats = units * lines["hectares"].to_numpy(float)[:, None]
    return found


def _kept(farms: pd.DataFrame) -> Floats:
    """Part of the hectares of each row of farms that goes on by the calendar: all without, and with what is there anyway."""
    keys = ["farm", "activity"]
    sums = {
        situation: farms["hectares"]
        .where(farms["situation"] == situation, 0.0)
        .groupby([farms[k] for k in keys])
        .transform("sum")
        for situation in ("with", "without")
    }
    share = np.minimum(sums["without"], sums["with"]) / sums["with"].where(sums["with"] > 0)
    found: Floats = np.where(farms["situation"] == "with", share.fillna(1.0), 1.0)
    return found


def ramp(ages: Floats, lag: float, full: float) -> Floats:
    """Share of the full quantity at each age: nothing up to the lag, all from `full` on, a straight line between.

    Parameters
    ----------
    ages : array, years
    lag, full : float, years

    Returns
    -------
    array
    """
    if full <= lag:
        return (ages > lag).astype(float)
    found: Floats = np.clip((ages - lag) / (full - lag), 0.0, 1.0)
    return found
