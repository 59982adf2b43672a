# SPDX-License-Identifier: Apache-2.0
"""What more or less money, and other ceilings, would reach: plans beside the plan, each by itself and each built on the last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from homeground.measures.planning.model import HA, Problem, Solution, solve_cheapest
from homeground.measures.planning.programme import Floats
from homeground.measures.planning.rules.colliding import lower_floors, make_room

FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0)
CEILINGS = (0.5, 1.0)
MILLION, THOUSAND = 1e6, 1e3


def frontier(
    problem: Problem,
    *,
    land_ceiling: float,
    factors: Sequence[float] = FACTORS,
    ceilings: Sequence[float] = CEILINGS,
    of_pair: Mapping[str, Floats] | None = None,
    floors_give_way: bool = False,
) -> pd.DataFrame:
    """The plan again at other budgets and other land ceilings.

    Parameters
    ----------
    problem : Problem
        The plan's own.
    land_ceiling : float
        Share of a unit's land that it may take.
    factors : sequence of float
        Budgets, in parts of the plan's own.
    ceilings : sequence of float
        Land ceilings above the plan's own, which is always among them; at these only budgets from the plan's own on. Adoption
        ceilings stay as they are.
    of_pair : mapping of name to array, one for each pair, optional
        What a km2 gives, such as carbon: each becomes a column.
    floors_give_way : bool
        Whether country floors are lowered as far as it takes; else a plan that cannot keep them has no numbers.

    Returns
    -------
    DataFrame, one row for each land ceiling and budget
        land_ceiling; budget_factor; budget_usd_per_year; objective (weighted ha, or what the plan has most of);
        hectares; cost_usd; person_days; the columns of ``of_pair``; nested_objective: of the plan that keeps all that the
        next smaller budget planned and adds to it, under the plan's own land ceiling.

    Notes
    -----
    Plans that each stand by themselves may drop what a smaller budget would plan; whoever gets money in parts builds on
    what stands. The nested plan is never better.

    Examples
    --------
    1 km2 at 1 million USD gains 1; of 4 km2 a quarter, or all, may be taken.

    >>> pairs = pd.DataFrame({"unit": [0], "group": [0], "gain": [1.0], "ceiling_km2": [4.0]})
    >>> groups, one = pd.DataFrame({"iso3": ["NER"], "measure": ["a"]}), np.ones(1)
    >>> problem = Problem(pairs, one, groups, one, 0 * one, np.ones((1, 1)), {}, np.array([2.0]), {}, {})
    >>> found = frontier(problem, land_ceiling=0.25, factors=[0.25, 1.0], ceilings=[1.0])
    >>> found[["land_ceiling", "budget_factor", "objective"]].round(3).values.tolist()
    [[0.25, 0.25, 50.0], [0.25, 1.0, 100.0], [1.0, 1.0, 200.0]]
    """
    rows = []
    for ceiling in sorted({land_ceiling, *(c for c in ceilings if c > land_ceiling)}):
        at = replace(problem, unit_km2=problem.unit_km2 * (ceiling / land_ceiling))
        # With more land than the plan may take, less money than it has would not even use up its own.
        wanted = [factor for factor in sorted(factors) if ceiling == land_ceiling or factor >= 1]
        for factor, found, nested in _plans(at, wanted, floors_give_way, build=ceiling == land_ceiling):
            row: dict[str, Any] = {
                "land_ceiling": ceiling,
                "budget_factor": factor,
                "budget_usd_per_year": factor * float(problem.budget.mean()) * MILLION,
            }
            rows.append(row | _told(at, found, of_pair or {}) | {"nested_objective": nested})
    return pd.DataFrame(rows)


def _plans(
    problem: Problem, factors: Sequence[float], floors_give_way: bool, *, build: bool
) -> Iterator[tuple[float, Solution | None, float]]:
    """The plan of each budget, and what the plan gains that builds on that of the budget before."""
    stands: Floats | None = None
    for factor in factors:
        at = replace(problem, budget=problem.budget * factor)
        found = solve_cheapest(at)
        if found is None and floors_give_way:
            at = lower_floors(at)[0]
            found = solve_cheapest(at)
            if found is None:
                at = make_room(at)[0]
                found = solve_cheapest(at)
        if not build:
            yield factor, found, float("nan")
            continue
        if stands is None or found is None or (stands <= found.taken + 1e-9).all():
            nested = found  # it keeps all that stands
        else:
            on_top = replace(at, least=np.minimum(stands, _most(at)))
            nested = solve_cheapest(on_top)
            if nested is None and floors_give_way:  # what stands may leave a country no room for its floor
                nested = solve_cheapest(make_room(on_top)[0])
        # Floors that give way further must not make it better than the plan that stands alone.
        gain = (
            min(one.objective for one in (nested, found) if one is not None) * HA
            if nested is not None
            else float("nan")
        )
        yield factor, found, gain
        stands = nested.taken if nested is not None else stands


def _most(problem: Problem) -> Floats:
    """km2 that each pair may take at the most."""
    ceiling: Floats = problem.pairs["ceiling_km2"].to_numpy(float)
    most: Floats = np.minimum(ceiling, problem.unit_km2[problem.pairs["unit"].to_numpy(int)])
    return most


def _told(problem: Problem, found: Solution | None, of_pair: Mapping[str, Floats]) -> dict[str, float]:
    names = ("objective", "hectares", "cost_usd", "person_days", *of_pair)
    if found is None:
        return dict.fromkeys(names, float("nan"))
    return {
        "objective": found.objective * HA,
        "hectares": float(found.taken.sum()) * HA,
        "cost_usd": float((problem.cost * found.started).sum()) * MILLION,
        "person_days": float((problem.work * found.started).sum()) * THOUSAND,
        **{name: float(np.nansum(amount * found.taken)) for name, amount in of_pair.items()},
    }
