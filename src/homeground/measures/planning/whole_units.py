# SPDX-License-Identifier: Apache-2.0
"""A plan in which each unit of land takes one measure or none: for very many small units, such as cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from homeground.errors import PlanError
from homeground.measures.choice.choose import choose
from homeground.measures.planning.model import Problem, Solution
from homeground.measures.planning.programme import Floats

MANY = 300_000  # pairs of unit and measure above which units are taken whole
ENGINES = ("auto", "highs", "whole_units")


def engine_for(engine: str, pairs: int) -> str:
    """Which engine plans.

    Parameters
    ----------
    engine : {"auto", "highs", "whole_units"}
    pairs : int
        Of unit and measure.

    Returns
    -------
    str

    Raises
    ------
    PlanError
        There is no such engine.

    Examples
    --------
    >>> engine_for("auto", 1000), engine_for("auto", 1_000_000), engine_for("highs", 1_000_000)
    ('highs', 'whole_units', 'highs')
    """
    if engine not in ENGINES:
        raise PlanError(f'engine is "{engine}"; one of {", ".join(ENGINES)} was expected.')
    if engine != "auto":
        return engine
    return "whole_units" if pairs > MANY else "highs"


def solve_whole(problem: Problem, *, gap: float | None = None, time_limit: float = 60) -> Solution:
    """Most gain where each unit takes one measure, or none, on all that its ceilings leave.

    Parameters
    ----------
    problem : Problem
        At an even pace or of one year; its rules are country floors (of a plan of one year) and shares of all work.
    gap, time_limit : float
        As in `homeground.measures.choose`.

    Returns
    -------
    Solution
        Prices of the last year's budget, of floors and of shares.

    Raises
    ------
    PlanError
        A rule, or a pace, that parts of units would need; rules that collide.

    Notes
    -----
    At an even pace every year spends less than the next, for upkeep grows, so the last year's budget alone can bind; all
    others are held against it by the recheck. The bound is of parts of units under the same choice of one measure.

    Examples
    --------
    Of two units of 1 km2 the budget pays for one: the one that gains more.

    >>> pairs = pd.DataFrame({"unit": [0, 1], "group": [0, 0], "gain": [1.0, 2.0], "ceiling_km2": 1.0})
    >>> groups, one = pd.DataFrame({"iso3": ["NER"], "measure": ["a"]}), np.ones(1)
    >>> problem = Problem(pairs, np.ones(2), groups, one, one, np.ones((1, 1)), {}, np.array([1.5]), {}, {})
    >>> solve_whole(problem).taken.tolist()
    [0.0, 1.0]
    """
    _check(problem)
    asked = _Whole.of(problem)
    countries, codes = np.unique(asked.country, return_inverse=True)
    strangers = sorted(set(problem.floors) - set(countries.tolist()))
    if strangers:
        raise PlanError(
            f"country_floor names {', '.join(strangers)}, where no measure fits. Lower or leave out its floor."
        )
    floors = {int(np.flatnonzero(countries == iso3)[0]): part for iso3, part in problem.floors.items()}
    shares = {
        name: (part, asked.spread(problem.shares[name]) * asked.work) for name, part in problem.share_rules.items()
    }
    found = choose(
        asked.utility,
        asked.cost,
        budget=float(problem.budget[-1]),
        region=codes,
        floors=floors or None,
        work=asked.work,
        shares=shares or None,
        gap=gap,
        time_limit=time_limit,
    )
    chosen = found.choice[asked.row] == asked.column
    taken = np.where(chosen, asked.km2, 0.0)
    started = np.bincount(problem.pairs["group"].to_numpy(int), taken, len(problem.groups))
    prices = {f"budget {year}": np.zeros(1) for year in range(problem.years)} | {"land": np.zeros(1)}
    prices[f"budget {problem.years - 1}"] = np.array([found.prices["budget"]])
    for code, iso3 in enumerate(countries):
        if iso3 in problem.floors:
            prices[f"country_floor {iso3}"] = np.array([-found.prices.get(f"floor {code}", 0.0)])
    for name in problem.share_rules:
        prices[name] = np.array([-found.prices[f"share {name}"]])
    by_year = np.repeat(started[:, None] / problem.years, problem.years, axis=1)
    return Solution(taken, by_year, found.objective, found.bound, prices, 0.0)


@dataclass(frozen=True)
class _Whole:
    """Arrays of unit x measure, and where each pair lies in them."""

    utility: Floats
    cost: Floats  # million USD in the last year
    work: Floats
    row: np.ndarray
    column: np.ndarray
    km2: Floats
    group: np.ndarray
    country: np.ndarray

    @classmethod
    def of(cls, problem: Problem) -> _Whole:
        pairs, years = problem.pairs, problem.years
        unit, group = pairs["unit"].to_numpy(int), pairs["group"].to_numpy(int)
        rows, row = np.unique(unit, return_inverse=True)
        column, names = pd.factorize(problem.groups["measure"].to_numpy()[group])
        km2 = np.minimum(pairs["ceiling_km2"].to_numpy(float), problem.unit_km2[unit])
        last = (problem.establishment + problem.upkeep * (years - 1)) / years
        shape = (len(rows), len(names))
        utility, cost, work = np.full(shape, -np.inf), np.ones(shape), np.zeros(shape)
        utility[row, column] = pairs["gain"].to_numpy(float) * km2
        cost[row, column] = last[group] * km2
        work[row, column] = problem.work.mean(axis=1)[group] * km2
        country = np.empty(len(rows), object)
        country[row] = problem.groups["iso3"].to_numpy(object)[group]
        return cls(utility, cost, work, row, column, km2, group, country.astype(str))

    def spread(self, by_group: Floats) -> Floats:
        """Numbers by group in the shape of the arrays."""
        out = np.zeros(self.utility.shape)
        out[self.row, self.column] = by_group[self.group]
        return out


def _check(problem: Problem) -> None:
    if problem.more:
        raise PlanError(
            f"whole units cannot keep {', '.join(problem.more)}: country floors and shares of all work were expected. "
            'Plan with engine = "highs", or leave these rules out.'
        )
    if problem.years > 1 and not problem.even_pace:
        raise PlanError("whole units are started at an even pace, or in one year. Ask for an even pace.")
    if problem.years > 1 and problem.floors:
        raise PlanError(
            "whole units keep country floors in a plan of one year. Give the whole budget as that of one year, plan with "
            'engine = "highs", or leave the floors out.'
        )
    if problem.years > 1 and not np.allclose(problem.budget, problem.budget[0]):
        raise PlanError("whole units need the same budget every year.")
