# SPDX-License-Identifier: Apache-2.0
"""The farm model: what one farm earns, spends and works with the programme and without it, year by year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from homeground.finance.farm._lines import units_of
from homeground.finance.farm._streams import VIEWS, amounts
from homeground.finance.farm.case import FarmCase

LINES = {
    "output": ["output"],
    "carbon_contract": ["carbon"],
    "inputs": ["input"],
    "hired_labour": ["hired"],
    "transfers": ["transfer"],
    "family_labour": ["family"],
}


def farm_model(case: FarmCase) -> pd.DataFrame:
    """What one farm of each kind earns, spends and works in each year after it took the programme up.

    Parameters
    ----------
    case : FarmCase
        From `farm_case`.

    Returns
    -------
    DataFrame, one row a farm, situation and age
        farm, situation (with, without, difference), age (years since it took the programme up); output,
        carbon_contract, inputs, hired_labour, transfers (a tax above zero), family_labour (own work at the wage), all at
        market prices; cash = output + carbon - inputs - hired labour - transfers; net = cash - family labour;
        family_days; return_per_day = cash / family days, to set beside the wage (empty where no day is worked, or where
        the difference in days is not above zero); currency, price_year.

    Notes
    -----
    Land without the programme stands as it would in those years; output eaten at home counts as if sold. IFAD, Economic
    and Financial Analysis of Rural Investment Projects, vol. 1 (2015); Gittinger (1982), ch. 4.

    Examples
    --------
    >>> from homeground.finance.farm.case import EXAMPLE, farm_case
    >>> from homeground.finance.farm.given import read_farm_tables
    >>> table = farm_model(farm_case(**read_farm_tables(EXAMPLE), first_year=2025, horizon=3))
    >>> more = table[table["situation"] == "difference"].set_index("age")
    >>> more["net"].tolist()  # stones and work first; then half, then all of the gain
    [-115.0, 13.5, 63.5, 63.5]
    >>> float(more.loc[2, "return_per_day"].round(2))  # (100 - 10 - 4) / 15 days
    5.73
    """
    lines = case.lines
    start = np.eye(1, case.years)[0]  # one farm, in year 0
    units = units_of(lines, {str(name): start for name in lines["farm"].unique()})
    price = np.where(lines["kind"] == "carbon", case.carbon_contract, lines["price_mid"])
    quantity = lines["quantity_mid"].to_numpy(float)[:, None] * units
    money = price[:, None] * quantity
    parts = []
    for farm in lines["farm"].unique():
        both: dict[str, pd.DataFrame] = {}
        for situation in ("with", "without"):
            mine = ((lines["farm"] == farm) & (lines["situation"] == situation)).to_numpy()
            kinds = lines["kind"].to_numpy(object)
            sums = {name: money[mine & np.isin(kinds, of)].sum(axis=0) for name, of in LINES.items()}
            both[situation] = pd.DataFrame({**sums, "family_days": quantity[mine & (kinds == "family")].sum(axis=0)})
        both["difference"] = both["with"] - both["without"]
        for situation, table in both.items():
            parts.append(_told(table).assign(farm=farm, situation=situation, age=np.arange(case.years)))
    out = pd.concat(parts, ignore_index=True).assign(currency=case.currency, price_year=case.price_year)
    first = ["farm", "situation", "age"]
    return out[first + [name for name in out.columns if name not in first]]


def _told(table: pd.DataFrame) -> pd.DataFrame:
    costs = table[["inputs", "hired_labour", "transfers"]].sum(axis=1)
    cash = table["output"] + table["carbon_contract"] - costs
    days = table["family_days"].where(table["family_days"] > 0)
    return table.assign(cash=cash, net=cash - table["family_labour"], return_per_day=cash / days)


def farm_flows(case: FarmCase) -> pd.DataFrame:
    """Benefits and costs of a programme by year and line, in both views.

    Parameters
    ----------
    case : FarmCase
        From `farm_case`.

    Returns
    -------
    DataFrame, one row a view, line and year
        view, line (output, carbon, input, hired, family, transfer, each as with the programme less without it; upkeep
        of land by its own; programme), year, amount (benefits above zero, costs below), currency, price_year. The
        amounts of one view and year add up to its net flow.

    Examples
    --------
    >>> from homeground.finance.farm.case import EXAMPLE, farm_case
    >>> from homeground.finance.farm.given import read_farm_tables
    >>> case = farm_case(**read_farm_tables(EXAMPLE), first_year=2025, horizon=5)
    >>> flows = farm_flows(case)
    >>> flows[flows["view"] == "financial"].groupby("year")["amount"].sum().tolist()
    [-1300.0, -2265.0, 905.0, 1905.0, 1905.0, 1905.0]
    """
    kept = case.lines["purpose"] == "upkeep"
    line = case.lines["kind"].where(~kept, "upkeep").to_numpy(object)
    gain = case.lines["gain"].to_numpy()
    years = case.first_year + np.arange(case.years)
    parts = []
    for i, view in enumerate(VIEWS):
        each = case.access * amounts(case, view) * np.where(gain, 1.0, -1.0)[:, None]
        rows = [(name, each[line == name].sum(axis=0)) for name in dict.fromkeys(line)]
        rows.append(("programme", -case.programme[i]))
        parts += [pd.DataFrame({"view": view, "line": name, "year": years, "amount": flow}) for name, flow in rows]
    return pd.concat(parts, ignore_index=True).assign(currency=case.currency, price_year=case.price_year)
