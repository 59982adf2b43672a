# SPDX-License-Identifier: Apache-2.0
"""How a plan changes when costs, days and adoption ceilings are drawn from their ranges and it is made again and again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from homeground.measures.options import rates_of
from homeground.measures.planning.model import HA, Problem, Solution, solve
from homeground.measures.planning.programme import Floats
from homeground.measures.planning.rules.colliding import lower_floors, make_room
from homeground.measures.planning.rules.prices import binds, shadow_price, without_each
from homeground.numbers.chance import strata, triangular

ENDS = ("low", "mid", "high")
DRAWN = (
    "establishment_cost", "upkeep_cost", "person_days_establishment", "person_days_season", "person_days_upkeep",
    "adoption_ceiling",
)  # fmt: skip
QUANTILES = {"p05": 0.05, "p50": 0.5, "p95": 0.95}
MILLION = 1e6
MANY = 100  # further rules that are made again for each draw
IN_MONEY = 10  # draws for which what rules cost in money is worked out too: a plan for each rule that is left out


@dataclass(frozen=True)
class Drawn:
    """Plans made again.

    Attributes
    ----------
    objective : array, one for each draw
        Weighted hectares, or what the plan has most of; NaN where no plan keeps the rules at those numbers.
    regions : DataFrame
        region_id; chosen: share of the draws whose plan takes land there; hectares_p05, hectares_p50, hectares_p95.
    prices : DataFrame
        rule (name of its row), shadow_price_p05, p50 and p95 in the unit of the prices of the plan.
    money : DataFrame
        rule (or rules of one kind), money_lost_p05, p50 and p95: USD, of the first `IN_MONEY` draws.
    """

    objective: Floats
    regions: pd.DataFrame
    prices: pd.DataFrame
    money: pd.DataFrame


def chances(measures: pd.Series[str], parameter: str, draws: int, seed: int) -> Floats:
    """Probabilities of each draw, the same for a measure wherever it stands: dear in one country is dear in each.

    Parameters
    ----------
    measures : Series of str
    parameter : str
    draws, seed : int

    Returns
    -------
    array, draws x measures
        A Latin hypercube: each of ``draws`` equal strata once.

    Examples
    --------
    >>> found = chances(pd.Series(["zai", "zai"]), "upkeep_cost", 4, 1)
    >>> bool((found[:, 0] == found[:, 1]).all()), sorted((found[:, 0] * 4).astype(int).tolist())
    (True, [0, 1, 2, 3])
    """
    made: dict[str, Floats] = {}
    for name in measures.unique():
        made[name] = strata(f"{name} {parameter}", draws, seed)
    return np.stack([made[name] for name in measures], axis=1)


def draw_plans(
    problem: Problem,
    options: pd.DataFrame,
    *,
    draws: int,
    seed: int,
    estimate: str = "mid",
    floors_give_way: bool = False,
    land_ceiling: float = 1.0,
) -> Drawn | None:
    """The plan again at drawn costs, days and adoption ceilings, each triangular over its range.

    Parameters
    ----------
    problem : Problem
        With ceilings at the estimate.
    options : DataFrame
        What it was built from.
        All its rules are kept, at the drawn costs and days; where there are more than `MANY` further rules, these stay at
        the costs and days of the plan. What the plan has most of stays as it is (of work: the days of the plan).
    draws : int
        0: none.
    seed : int
    estimate : {"low", "mid", "high"}
        Which ceilings the problem holds.
    floors_give_way : bool, optional
        Whether floors of countries that cannot be kept at drawn numbers are lowered as far as it takes.
    land_ceiling : float, optional
        Share of a unit's land that the plan may take, which is a rule too where it is below 1.

    Returns
    -------
    Drawn or None

    Examples
    --------
    >>> from homeground.measures import options, suitable_areas
    >>> from homeground.measures.planning.problem import build_problem
    >>> land = dict(region_id="NE1", iso3="NER", aridity_class="arid", cover_class="grassland")
    >>> units, bunds = pd.DataFrame([land | dict(area_km2=50.0, rain_mm=350.0)]), options().loc[["half_moons"]]
    >>> asked = dict(budget_usd=1e4, years=1, rules={}, estimate="mid")
    >>> problem = build_problem(units, bunds, suitable_areas(units, bunds), **asked)
    >>> found = draw_plans(problem, bunds, draws=20, seed=1)
    >>> dear, cheap = (1e4 / float(bunds[f"establishment_cost_{end}"].iloc[0]) for end in ("high", "low"))
    >>> bool((found.objective > dear).all() and (found.objective < cheap).all())
    True
    """
    if draws <= 0:
        return None
    table, share = _rates(problem, options, draws, seed, estimate)
    objective = np.full(draws, np.nan)
    regions = pd.Index(problem.pairs["region_id"].unique(), name="region_id")
    of_pair = regions.get_indexer(problem.pairs["region_id"])
    taken = np.zeros((draws, len(regions)))
    rules = problem.rules()
    names = [f"budget {year}" for year in range(problem.years)] + rules
    prices = np.full((draws, len(names)), np.nan)
    start = None
    lost: list[dict[str, float]] = []
    cheapest: dict[str, Any] = {}
    for k, at in enumerate(_problems(problem, table, share)):
        if floors_give_way:
            at = lower_floors(at)[0]  # noqa: PLW2901 (the same plan, as far as its land can take floors)
        found = solve(at, rules, start=start)
        if found is None and floors_give_way:
            found = solve(make_room(at)[0], rules)
        if found is None:
            continue
        start = found.basis
        objective[k] = found.objective * HA
        taken[k] = np.bincount(of_pair, found.taken, len(regions)) * HA
        prices[k] = [shadow_price(at, found, name) * HA for name in names]
        if k < IN_MONEY:
            lost.append(_lost(at, found, land_ceiling, cheapest))
    known = np.isfinite(objective)
    told = pd.DataFrame({"region_id": regions, "chosen": (taken[known] > 1e-3).mean(axis=0) if known.any() else np.nan})
    of_rules = pd.DataFrame({"rule": names})
    for name, chance in QUANTILES.items():
        told[f"hectares_{name}"] = np.quantile(taken[known], chance, axis=0) if known.any() else np.nan
        of_rules[f"shadow_price_{name}"] = np.quantile(prices[known], chance, axis=0) if known.any() else np.nan
    of_money = pd.DataFrame({"rule": sorted({rule for row in lost for rule in row})})
    for name, chance in QUANTILES.items():
        of_money[f"money_lost_{name}"] = [
            float(np.quantile([row[rule] for row in lost if rule in row], chance)) for rule in of_money["rule"]
        ]
    return Drawn(objective, told, of_rules, of_money)


def _lost(problem: Problem, found: Solution, land_ceiling: float, cheapest: dict[str, Any]) -> dict[str, float]:
    """USD that each rule costs: what the cheapest plan of as much gain spends with it, and without."""

    def least(name: str, of: Problem) -> tuple[float, Solution] | None:
        answer = solve(of, of.rules(), least_gain=found.objective * (1 - 1e-9), start=cheapest.get(name))
        if answer is None:
            return None
        cheapest[name] = answer.basis
        return float((of.cost * answer.started).sum()) * MILLION, answer

    kept = least("", problem)
    if kept is None:
        return {}
    spent, plan = kept
    lost = {}
    for rule, names, other in without_each(problem, land_ceiling):
        free = least(rule, other) if binds(plan.prices, names) else kept
        if free is not None:
            lost[rule] = max(spent - free[0], 0.0)
    return lost


def _rates(
    problem: Problem, options: pd.DataFrame, draws: int, seed: int, estimate: str
) -> tuple[Mapping[str, Floats], Floats]:
    """Drawn numbers by draw and group, and how the adoption ceilings differ from those of the problem."""
    rates = rates_of(options, problem.groups)
    measures = problem.groups["measure"].astype("str")
    table = {
        name: triangular(
            chances(measures, name, draws, seed), *(rates[f"{name}_{end}"].to_numpy(float)[None, :] for end in ENDS)
        )
        for name in DRAWN
    }
    planned = rates[f"adoption_ceiling_{estimate}"].to_numpy(float)[None, :]
    share = np.divide(
        table["adoption_ceiling"], planned, out=np.ones_like(table["adoption_ceiling"]), where=planned > 0
    )
    return table, share


def _problems(problem: Problem, table: Mapping[str, Floats], share: Floats) -> Iterator[Problem]:
    left = np.arange(problem.years - 1, -1, -1, dtype=float)[None, :]
    group = problem.pairs["group"].to_numpy(int)
    ceiling = problem.pairs["ceiling_km2"].to_numpy(float)
    for k in range(len(share)):
        once, yearly = (
            table["person_days_establishment"][k],
            table["person_days_season"][k] + table["person_days_upkeep"][k],
        )
        establishment, upkeep = (table[f"{name}_cost"][k] * HA / MILLION for name in ("establishment", "upkeep"))
        again = problem.rows_for is not None and len(problem.more) <= MANY
        yield replace(
            problem,
            more=problem.rows_for(establishment, upkeep, once, yearly) if again else problem.more,
            pairs=problem.pairs.assign(ceiling_km2=ceiling * share[k][group]),
            establishment=establishment,
            upkeep=upkeep,
            work=(once[:, None] + yearly[:, None] * left) * HA / 1e3,
        )
