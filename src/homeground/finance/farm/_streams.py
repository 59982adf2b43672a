# SPDX-License-Identifier: Apache-2.0
"""Benefits and costs of a farm case by year, seen by farms at market prices and by society at shadow prices."""

from __future__ import annotations

import numpy as np
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


def late(row: Floats, years: int) -> Floats:
    """A row that comes some years later; what then falls after the last year is lost."""
    return row if years == 0 else np.concatenate([np.zeros(years), row[: max(row.size - years, 0)]])[: row.size]
