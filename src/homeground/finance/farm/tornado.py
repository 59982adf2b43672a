# SPDX-License-Identifier: Apache-2.0
"""Which number a programme's worth hangs on most: each moved over its range alone, and its bond with the worth over draws."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.finance.farm._streams import VIEWS, late, price_factor, streams
from homeground.finance.farm._sums import Ranges, benefits_and_costs, check_ranges, draw_sums, weights
from homeground.finance.farm.case import FarmCase
from homeground.finance.returns import fraction, npv
from homeground.numbers.chance import strata

Floats = NDArray[np.float64]


def farm_tornado(
    case: FarmCase,
    *,
    rate: float,
    view: str = "economic",
    ranges: Ranges | None = None,
    draws: int = 0,
    seed: int = 1,
) -> pd.DataFrame:
    """How far the present value moves when one number goes over its range and all others stay, the widest first.

    Parameters
    ----------
    case : FarmCase
        From `farm_case`.
    rate : float
        Discount rate as a fraction a year.
    view : str
        "financial" or "economic".
    ranges : mapping of (low, mid, high), optional
        Of the programme as a whole, as in `draw_farms`.
    draws, seed : int
        100 or more: the bond of each number with the worth over draws, beside it.

    Returns
    -------
    DataFrame, one row a number that has a range and moves the present value
        name (of its draw), npv_low and npv_high: present value with the number at its low and its high end, swing:
        the distance of the two; rank_correlation with the present value over draws (Spearman; empty without draws).

    Raises
    ------
    DataError
        As in `draw_farms`.

    Notes
    -----
    A quantity that stands in several activities, and a price, move everywhere at once. Numbers of the programme as a
    whole move from the case's own value where no range is given a middle.

    Examples
    --------
    >>> from homeground.finance.farm.case import EXAMPLE, farm_case
    >>> from homeground.finance.farm.given import read_farm_tables
    >>> case = farm_case(**read_farm_tables(EXAMPLE), first_year=2025, horizon=5)
    >>> table = farm_tornado(case, rate=0.10, view="financial")
    >>> table["name"].head(2).tolist()
    ['millet with stone lines grain', 'day of work price']
    """
    given = dict(ranges or {})
    check_ranges(given, max(draws, 100))
    rows = [*_of_lines(case, view, fraction(rate, "rate")), *_of_whole(case, view, rate, given)]
    table = pd.DataFrame(rows, columns=["name", "npv_low", "npv_high"])
    table["swing"] = (table["npv_high"] - table["npv_low"]).abs()
    table = table[table["swing"] > 1e-9 * table["npv_low"].abs()].reset_index(drop=True)  # rounding moves nothing
    table["rank_correlation"] = np.nan
    if draws:
        gain, cost = benefits_and_costs(case, view, draw_sums(case, [rate], given, draws, seed), given, draws, seed)
        ranks = _ranks((gain - cost)[:, 0])
        table["rank_correlation"] = [_bond(name, ranks, draws, seed) for name in table["name"]]
    return table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)


def _of_lines(case: FarmCase, view: str, rate: float) -> list[tuple[str, float, float]]:
    """Present value with each quantity, and each price, of the budgets at its ends."""
    lines = case.lines
    each = weights(case, [rate], 0)
    part = np.where(lines["gain"], 1.0, -1.0) * case.access * price_factor(case, view)
    unit = (each.gains[:, 0, 0, 0] + each.gains[:, 3, 0, 0] + each.costs[:, 0, 0]) * part
    carbon = (lines["kind"] == "carbon").to_numpy()
    if view == "financial":
        unit = np.where(carbon, unit * case.carbon_contract, unit)
    benefits, costs = streams(case, view)
    worth = npv(rate, benefits - costs)
    rows: list[tuple[str, float, float]] = []
    for what, other in (("quantity", "price"), ("price", "quantity")):
        beside = lines[f"{other}_mid"].where(~carbon, 1.0) if other == "price" else lines["quantity_mid"]
        names = lines[f"{what}_chance"]
        has = (lines[f"{what}_high"] > lines[f"{what}_low"]) & ((what == "quantity") | ~carbon)
        moved = {
            end: (unit * beside * (lines[f"{what}_{end}"] - lines[f"{what}_mid"])).groupby(names).sum()
            for end in ("low", "high")
        }
        for name in dict.fromkeys(names[has]):
            rows.append((str(name), worth + float(moved["low"][name]), worth + float(moved["high"][name])))
    return rows


def _of_whole(case: FarmCase, view: str, rate: float, given: Ranges) -> list[tuple[str, float, float]]:
    """Present value with each number of the whole programme at its ends."""
    rows: list[tuple[str, float, float]] = []
    spent = case.programme[VIEWS.index(view)]
    for name, (low, _, high) in given.items():
        ends: list[float] = []
        for end in (low, high):
            changed: dict[str, Any] = {name: end} if hasattr(case, name) else {}
            moved = replace(case, **changed)
            gain, cost = streams(moved, view)
            if name == "adoption":
                gain, cost = end * gain, end * (cost - spent) + spent
            elif name == "spending":
                cost = cost + (end - 1.0) * spent
            if name == "delay":
                below = int(end)
                worth = [npv(rate, late(gain, years) - cost) for years in (below, below + 1)]
                ends.append(worth[0] + (end - below) * (worth[1] - worth[0]))
            else:
                ends.append(npv(rate, gain - cost))
        rows.append((f"programme {name}", ends[0], ends[1]))
    return rows


def _ranks(values: Floats) -> Floats:
    found: Floats = np.argsort(np.argsort(values)).astype(float)
    return found


def _bond(name: str, ranks: Floats, draws: int, seed: int) -> float:
    """Spearman's correlation of a number with the worth: its value rises with its probability, so their ranks are one."""
    own = np.floor(strata(name, draws, seed) * draws)
    return float(np.corrcoef(own, ranks)[0, 1]) if ranks.std() > 0 else np.nan
