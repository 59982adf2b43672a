# SPDX-License-Identifier: Apache-2.0
"""What each rule of a plan costs: in what the plan wants most of, and in money for the same of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from homeground.measures.planning.model import HA, Problem, Solution, solve

MILLION = 1e6
NOTHING = 1e-12  # a price below this is none
LAND, ADOPTION, FLOOR = "land_ceiling", "adoption_ceiling", "country_floor"
POINT, OF_MONEY = "weighted ha per percentage point more", "weighted ha per million USD more"


def price_table(
    problem: Problem, solution: Solution, first: int, *, land_ceiling: float = 1.0, again: bool = True
) -> pd.DataFrame:
    """What each rule costs: at the margin, against the plan without it, and in money for a plan that gains as much.

    Parameters
    ----------
    problem : Problem
        From `build_problem`.
    solution : Solution
        Of that problem, with its prices.
    first : int
        First year of the plan.
    land_ceiling : float, optional
        Share of a unit's land that the plan may take; below 1 it is a rule too, as are the adoption ceilings.
    again : bool, optional
        Whether the plan is made again without each rule; else only prices at the margin are told.

    Returns
    -------
    DataFrame, one row per budget of a year, rule and floor
        rule; where (year, country or "all"); shadow_price and its unit; objective_without: weighted ha of the plan
        without the rule; objective_lost: what the rule costs of these, lost_share the same as a share of them;
        money_without: USD that a plan which gains as much costs at the least without the rule; money_lost: what the rule
        costs in money. NaN: no shadow_price of several rules together, and only that for a budget or a single floor.

    Notes
    -----
    A rule whose price is 0 costs nothing (duality of linear programmes), so nothing is solved again for it.

    Examples
    --------
    At 213.4 USD/ha one million USD more, of which there is too little, restores 4 686 ha more.

    >>> from homeground.measures import options, suitable_areas
    >>> from homeground.measures.planning.problem import build_problem
    >>> land = dict(region_id="NE1", iso3="NER", aridity_class="arid", cover_class="grassland")
    >>> units, bunds = pd.DataFrame([land | dict(area_km2=50.0, rain_mm=350.0)]), options().loc[["half_moons"]]
    >>> asked = dict(budget_usd=1e4, years=1, rules={}, estimate="mid")
    >>> problem = build_problem(units, bunds, suitable_areas(units, bunds), **asked)
    >>> price_table(problem, solve(problem, []), 2025)["shadow_price"].round(0).tolist()
    [4686.0, nan]
    """
    rows: list[dict[str, Any]] = []
    spent = float((problem.cost * solution.started).sum())
    for year in range(problem.years):
        rows.append(_row("budget", str(year + first), shadow_price(problem, solution, f"budget {year}"), OF_MONEY))
    for rule, names, other in without_each(problem, land_ceiling):
        price, unit = _price(problem, solution, names)
        row = _row(rule, "all", price, unit)
        if not again:
            rows.append(row)
            continue
        costs = [binds(solution.prices, names), binds(solution.money, names)]
        freed = solve(other, other.rules()) if costs[0] else None
        objective = solution.objective if freed is None else freed.objective
        cheap = solve(other, other.rules(), least_gain=solution.objective * (1 - 1e-9)) if costs[1] else None
        money = spent if cheap is None else float((other.cost * cheap.started).sum())
        rows.append(row | _lost(objective, solution.objective, min(money, spent), spent))
    for iso3 in problem.floors:
        rows.append(_row(FLOOR, iso3, shadow_price(problem, solution, f"{FLOOR} {iso3}"), POINT))
    return pd.DataFrame(rows)


def without_each(problem: Problem, land_ceiling: float) -> Iterator[tuple[str, Sequence[str], Problem]]:
    """Each rule, or rules of one kind, with the names of their rows and the problem without them.

    Parameters
    ----------
    problem : Problem
    land_ceiling : float
        Share of a unit's land that the plan may take.

    Yields
    ------
    (str, list of str, Problem)

    Examples
    --------
    >>> groups, one = pd.DataFrame({"iso3": ["NER"], "measure": ["a"]}), np.ones(1)
    >>> pairs = pd.DataFrame({"unit": [0], "group": [0], "gain": [2.0], "ceiling_km2": [4.0]})
    >>> asked = (9 * one, groups, one, 0 * one, np.ones((1, 1)), {}, np.array([3.0]), {}, {"NER": 0.1})
    >>> [(rule, rows, other.floors) for rule, rows, other in without_each(Problem(pairs, *asked), 1.0)][0]
    ('country_floor', ['country_floor NER'], {})
    """
    for name in problem.share_rules:
        kept = {rule: part for rule, part in problem.share_rules.items() if rule != name}
        yield name, [name], replace(problem, share_rules=kept)
    if problem.floors:
        yield FLOOR, [f"{FLOOR} {iso3}" for iso3 in problem.floors], replace(problem, floors={})
    for name in problem.more:
        yield name, [name], replace(problem, more={rule: row for rule, row in problem.more.items() if rule != name})
    if land_ceiling < 1:
        yield LAND, ["land"], replace(problem, unit_km2=problem.unit_km2 / land_ceiling)
    whole = problem.unit_km2[problem.pairs["unit"].to_numpy(int)]
    if (problem.pairs["ceiling_km2"].to_numpy(float) < whole * (1 - 1e-9)).any():
        yield ADOPTION, [], replace(problem, pairs=problem.pairs.assign(ceiling_km2=whole))


def _price(problem: Problem, solution: Solution, names: Sequence[str]) -> tuple[float, str]:
    """Of one row, what one more of it gains, and in which unit; of several rows none."""
    name = next(iter(names)) if len(names) == 1 else ""
    if name in problem.share_rules:
        return shadow_price(problem, solution, name), POINT
    if name in problem.more:
        return shadow_price(problem, solution, name), f"weighted ha per {problem.more[name].unit} more"
    return float("nan"), POINT


def shadow_price(problem: Problem, solution: Solution, rule: str) -> float:
    """What one more of a rule gains: of a share or a country's floor a percentage point, of a budget a million USD.

    Of a further rule one of its unit (ha, USD, person-day, m3). A budget takes floors and caps along that are parts of it.

    Parameters
    ----------
    problem : Problem
    solution : Solution
        Of that problem.
    rule : str
        Name of one row.

    Returns
    -------
    float
        In weighted km2.

    Examples
    --------
    >>> pairs = pd.DataFrame({"unit": [0], "group": [0], "gain": [2.0], "ceiling_km2": [4.0]})
    >>> groups, one = pd.DataFrame({"iso3": ["NER"], "measure": ["a"]}), np.ones(1)
    >>> problem = Problem(pairs, 9 * one, groups, one, 0 * one, np.ones((1, 1)), {}, np.array([3.0]), {}, {})
    >>> shadow_price(problem, solve(problem, []), "budget 0")
    2.0
    """
    price = solution.prices[rule].item()
    if rule in problem.share_rules:
        return price * float((problem.work * solution.started).sum()) * 0.01
    if rule in problem.more:
        return price / problem.more[rule].scale
    if rule.startswith(f"{FLOOR} "):
        return price * float(problem.budget.sum()) * 0.01
    # Floors and caps that are parts of the budget grow with it.
    grows = sum(share * solution.prices[f"{FLOOR} {iso3}"].item() for iso3, share in problem.floors.items())
    grows += sum(row.part * solution.prices[name].item() for name, row in problem.more.items() if row.part is not None)
    return float(price + grows)


def binds(prices: Mapping[str, Any], names: Sequence[str]) -> bool:
    """Whether rows have a price: a rule without one costs nothing, and the plan without it is the same.

    Parameters
    ----------
    prices : mapping of str to array
        Of a `Solution`, by name of rows; empty: they are not known, and any rule may bind.
    names : list of str
        Rows of one rule; ceilings of measures have none, and may always bind.

    Returns
    -------
    bool

    Examples
    --------
    >>> binds({"women": np.zeros(1)}, ["women"]), binds({"women": np.zeros(1)}, [])
    (False, True)
    """
    return not names or any((np.abs(prices[name]) > NOTHING).any() for name in names if name in prices) or not prices


def _row(rule: str, where: str, shadow: float, unit: str) -> dict[str, Any]:
    empty = dict.fromkeys(
        ("objective_without", "objective_lost", "lost_share", "money_without", "money_lost"), float("nan")
    )
    return {"rule": rule, "where": where, "shadow_price": shadow * HA, "unit": unit, **empty}


def _lost(freed: float, objective: float, money: float, spent: float) -> dict[str, float]:
    if not freed > 0:
        return {}
    lost = max(freed - objective, 0.0)
    return {
        "objective_without": freed * HA,
        "objective_lost": lost * HA,
        "lost_share": lost / freed,
        "money_without": money * MILLION,
        "money_lost": max(spent - money, 0.0) * MILLION,
    }
