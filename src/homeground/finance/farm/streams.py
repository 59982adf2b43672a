# SPDX-License-Identifier: Apache-2.0
"""Benefits and costs of a farm case by year, seen by farms at market prices and by society at shadow prices."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.finance.farm.case import FarmCase

Floats = NDArray[np.float64]

VIEWS = ("financial", "economic")


def price_factor(case: FarmCase, view: str) -> Floats:
    """What each line's price counts for in a view: 1 at the market; constant, exchange and labour to society.

    Carbon has no price of its own: it is the contract's in the financial view, and apart from all else in the economic.

    Parameters
    ----------
    case : FarmCase
    view : str

    Returns
    -------
    array, one a line
    """
    lines = case.lines
    if view == "financial":
        return np.ones(len(lines))
    found: Floats = (
        lines["constant"] + lines["exchange"] * case.shadow_exchange + lines["labour"] * case.shadow_wage
    ).to_numpy(float)
    return found


def amounts(case: FarmCase, view: str) -> Floats:
    """Money of each line in each year at middle values: with the programme above zero, without it below.

    Parameters
    ----------
    case : FarmCase
    view : str

    Returns
    -------
    array, lines x years
        Outputs and sold carbon as benefits, all else as costs; before access.
    """
    lines = case.lines
    price = lines["price_mid"].to_numpy(float) * price_factor(case, view)
    if view == "financial":
        price = np.where(lines["kind"] == "carbon", case.carbon_contract, price)
    each: Floats = (lines["sign"] * lines["quantity_mid"] * price).to_numpy(float)[:, None] * case.units
    return each


def streams(case: FarmCase, view: str, *, farm: str | None = None) -> tuple[Floats, Floats]:
    """Benefits and costs by year that the programme makes: with it less without it.

    Parameters
    ----------
    case : FarmCase
    view : str
        "financial" or "economic".
    farm : str, optional
        One kind of farm, without what the programme spends; left out: all, with it.

    Returns
    -------
    benefits, costs : array
    """
    rows = np.ones(len(case.lines), bool) if farm is None else (case.lines["farm"] == farm).to_numpy()
    each, gain = amounts(case, view), case.lines["gain"].to_numpy()
    benefits = case.access * each[rows & gain].sum(axis=0)
    costs = case.access * each[rows & ~gain].sum(axis=0)
    if farm is None:
        costs = costs + case.programme[VIEWS.index(view)]
    return benefits, costs


def tonnes(case: FarmCase, *, farm: str | None = None) -> Floats:
    """Carbon that the programme makes by year, t CO2e: with it less without it.

    Parameters
    ----------
    case : FarmCase
    farm : str, optional

    Returns
    -------
    array
    """
    lines = case.lines
    rows = (lines["kind"] == "carbon").to_numpy() & (True if farm is None else (lines["farm"] == farm).to_numpy())
    each = (lines["sign"] * lines["quantity_mid"]).to_numpy(float)[:, None] * case.units
    found: Floats = case.access * each[rows].sum(axis=0)
    return found


def family_days(case: FarmCase, *, farm: str | None = None) -> Floats:
    """Person-days of farms' own people by year that the programme takes beside what they worked without it.

    Parameters
    ----------
    case : FarmCase
    farm : str, optional

    Returns
    -------
    array
    """
    lines = case.lines
    rows = (lines["kind"] == "family").to_numpy() & (True if farm is None else (lines["farm"] == farm).to_numpy())
    each = (lines["sign"] * lines["quantity_mid"]).to_numpy(float)[:, None] * case.units
    found: Floats = case.access * each[rows].sum(axis=0)
    return found


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
