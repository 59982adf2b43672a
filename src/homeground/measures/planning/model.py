# SPDX-License-Identifier: Apache-2.0
"""The linear programme behind a plan: its rows, its answer in the words of a plan, and the cheapest of the best.

Inside, land is in km2, money in million USD and work in thousand person-days, so that the numbers the solver sees
are of like size; outside they are hectares, USD and person-days.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from homeground.errors import PlanError
from homeground.measures.planning.programme import Floats, Programme, bound, run

HA = 100.0  # hectares in a km2


@dataclass(frozen=True)
class Row:
    """One rule of a plan: a sum over all that is started, and what it must reach, or may reach at most."""

    by_start: Floats  # by group x year of start
    sign: str  # ">" or "<"
    right: float
    scale: float = 1.0  # of one of the sum in its unit
    unit: str = ""
    part: float | None = None  # of the whole budget, where the right side grows with it


@dataclass(frozen=True)
class Problem:
    """All numbers of one plan. Pairs are unit x measure with land to take; groups are what is alike in all but its land."""

    pairs: pd.DataFrame  # unit, group, gain (weighted hectares per km2), ceiling_km2
    unit_km2: Floats  # land of each unit
    groups: pd.DataFrame  # iso3, measure, and what else tells them apart
    establishment: Floats  # by group, million USD per km2
    upkeep: Floats  # by group, million USD per km2 and year after the first
    work: Floats  # by group x year of start, thousand person-days per km2 until the end of the plan
    shares: dict[str, Floats]  # women, youth: by group
    budget: Floats  # by year, million USD
    share_rules: dict[str, float]
    floors: dict[str, float]  # country to least share of the whole budget
    even_pace: bool = False  # the same area is started every year
    more: dict[str, Row] = field(default_factory=dict)  # further rules, by their names
    least: Floats | None = None  # km2 by pair that are taken at the least
    # Further rules at other costs and days: from establishment, upkeep, days once and days a year, each by group.
    rows_for: Any = field(default=None, repr=False, compare=False)

    @property
    def years(self) -> int:
        return len(self.budget)

    @property
    def cost(self) -> Floats:
        """Million USD per km2 until the end of the plan, by group x year of start; upkeep from the next year."""
        left = np.arange(self.years - 1, -1, -1)
        return self.establishment[:, None] + self.upkeep[:, None] * left[None, :]

    def rules(self) -> list[str]:
        return [*(f"country_floor {iso3}" for iso3 in self.floors), *self.share_rules, *self.more]


@dataclass(frozen=True)
class Solution:
    taken: Floats  # km2 by pair
    started: Floats  # km2 by group x year
    objective: float
    bound: float
    prices: dict[str, Floats]  # by constraint: change of the objective per unit of its right-hand side
    slack: float  # breach of the rule that gives way, or part of the floors that is kept; else 0
    money: dict[str, Floats] = field(default_factory=dict)  # by constraint: change of the least cost, million USD
    basis: Any = field(default=None, repr=False, compare=False)


def solve(
    problem: Problem,
    rules: list[str],
    *,
    gives_way: str | None = None,
    shrink: Collection[str] = (),
    least_gain: float | None = None,
    start: Any = None,
) -> Solution | None:
    """Most gain under the named rules; None if no plan keeps them.

    Parameters
    ----------
    problem : Problem
        All numbers of the plan.
    rules : list of str
        Which rules of the problem to keep, as `Problem.rules` names them; land, ceilings and budget hold always.
    gives_way : str, optional
        One of the rules: find the least breach of it, in million USD for a floor, in thousand person-days for a share, in
        the unit of its sum for one of ``more``.
    shrink : collection of str
        Some of the floors: find the most, up to 1, that can be kept if each is asked at the same part of it.
    least_gain : float, optional
        In weighted km2: find the least cost of any plan that gains as much.
    start : optional
        The ``basis`` of the solution of a like problem, with the same pairs and rules: the solver begins there.

    Returns
    -------
    Solution or None
        km2 by pair and by start, gain in weighted km2 with its proven bound, prices of rules and budgets, and the
        breach, or the part of the floors that is kept.

    Raises
    ------
    PlanError
        There is nothing to plan, or the solver stopped without an answer.

    Examples
    --------
    A budget of 5 takes the 3 km2 of b, which gain twice as much, then 2 km2 of a: 3 x 2 + 2 = 8.

    >>> import pandas as pd
    >>> pairs = pd.DataFrame({"unit": 0, "group": [0, 1], "gain": [1.0, 2.0], "ceiling_km2": [6.0, 3.0]})
    >>> groups, one = pd.DataFrame({"iso3": "NER", "measure": ["a", "b"]}), np.ones(2)
    >>> problem = Problem(pairs, np.array([9.0]), groups, one, one, np.ones((2, 1)), {}, np.array([5.0]), {}, {})
    >>> found = solve(problem, [])
    >>> found.taken.round(6).tolist(), round(found.objective, 6)
    ([2.0, 3.0], 8.0)
    """
    if len(problem.pairs) == 0:
        raise PlanError(
            "no measure fits any unit, so there is nothing to plan. Check cover, aridity and rain of the units."
        )
    slack = gives_way is not None or bool(shrink)
    programme = _programme(problem, slack=slack)
    pairs = len(problem.pairs)
    gain = programme.c
    of_group = problem.groups["iso3"].to_numpy()
    inside = {iso3: (of_group == iso3).astype(float)[:, None] for iso3 in problem.floors}
    kept, by_slack = [_rule_row(problem, rule, inside) for rule in rules], np.zeros((len(rules), int(slack)))
    for at, (rule, row) in enumerate(zip(rules, kept, strict=True)):
        if rule == gives_way:
            by_slack[at] = 1.0 if row.sign == ">" else -1.0
        elif rule in shrink:
            by_slack[at], kept[at] = -row.right, replace(row, right=0.0)
    if kept:
        by_start = np.stack([row.by_start for row in kept])
        programme.add_each(
            rules, _of_starts(problem, by_start, by_slack), [r.sign for r in kept], [r.right for r in kept]
        )
    if slack:
        programme.ub[-1] = np.inf if gives_way is not None else 1.0
        programme.c, programme.most = np.append(np.zeros(len(gain) - 1), 1.0), gives_way is None
    elif least_gain is not None:
        programme.add("gain", gain[None, :], ">", least_gain)
        programme.c, programme.most = _of_starts(problem, problem.cost).toarray()[0], False
    programme.basis = start
    found = run(programme)
    if found is None:
        return None
    value, price = found
    taken = np.clip(value[:pairs], 0.0 if problem.least is None else problem.least, programme.ub[:pairs])
    if problem.even_pace:
        of_group = np.bincount(problem.pairs["group"].to_numpy(int), taken, len(problem.groups))
        started = np.repeat(of_group[:, None] / problem.years, problem.years, axis=1)
    else:
        started = value[pairs : pairs + problem.cost.size].reshape(problem.cost.shape)
    is_plan = not slack and least_gain is None
    return Solution(
        taken=taken,
        started=np.clip(started, 0.0, None),
        objective=float(gain[:pairs] @ taken),
        bound=bound(programme, price) if is_plan else float("nan"),
        prices={name: price[rows] for name, rows in programme.names.items()},
        slack=float(value[-1]) if slack else 0.0,
        basis=programme.basis,
    )


def _programme(problem: Problem, *, slack: bool) -> Programme:
    """Land, ceilings and budgets, which hold always. Columns: km2 by pair, by group and year of start, then the slack.

    At an even pace the years of start follow from the land that is taken, and have no columns.
    """
    pairs, groups, years = len(problem.pairs), len(problem.groups), problem.years
    ceiling, gains = (problem.pairs[name].to_numpy(float) for name in ("ceiling_km2", "gain"))
    group_of, unit_of = (problem.pairs[name].to_numpy(int) for name in ("group", "unit"))
    most = np.repeat(np.bincount(group_of, ceiling, groups), years) if not problem.even_pace else np.zeros(0)
    more = np.zeros(int(slack))
    programme = Programme(np.concatenate([ceiling, most, more]), np.concatenate([gains, np.zeros(len(most)), more]))
    unit, place = np.unique(unit_of, return_inverse=True)
    columns = len(programme.c)
    if problem.least is not None:
        programme.lb = np.concatenate([problem.least, np.zeros(columns - pairs)])
    programme.add("land", _ones(place, np.arange(pairs), (len(unit), columns)), "<", problem.unit_km2[unit])
    if not problem.even_pace:
        cells, in_group = np.arange(len(most)), np.repeat(np.arange(groups), years)
        taken = _ones(group_of, np.arange(pairs), (groups, columns))
        programme.add("link", taken - _ones(in_group, pairs + cells, (groups, columns)), "=", 0.0)
    for t in range(years):
        pays = np.zeros((groups, years))
        pays[:, t] = problem.establishment
        pays[:, :t] = problem.upkeep[:, None]
        programme.add(f"budget {t}", _of_starts(problem, pays, more), "<", problem.budget[t])
    return programme


def _ones(row: Any, column: Any, shape: tuple[int, int]) -> Any:
    return sp.csr_array((np.ones(len(row)), (row, column)), shape)


def _of_starts(problem: Problem, by_start: Floats, more: Any = ()) -> Any:
    """Rows from numbers by group and year of start, one or many, and from that of the slack where there is one."""
    many = by_start if by_start.ndim == 3 else by_start[None]
    slack = np.reshape(np.asarray(more, float), (len(many), -1))
    if problem.even_pace:
        return sp.csr_array(np.hstack([many.mean(axis=2)[:, problem.pairs["group"].to_numpy(int)], slack]))
    return sp.csr_array(np.hstack([np.zeros((len(many), len(problem.pairs))), many.reshape(len(many), -1), slack]))


def _rule_row(problem: Problem, rule: str, inside: Mapping[str, Floats]) -> Row:
    """A rule as a sum over what is started."""
    if rule in problem.more:
        row = problem.more[rule]
        return row if row.part is None else replace(row, right=row.part * float(problem.budget.sum()))
    if rule in problem.share_rules:
        surplus = problem.shares[rule] - problem.share_rules[rule]
        return Row(surplus[:, None] * problem.work, ">", 0.0)
    iso3 = rule.removeprefix("country_floor ")
    return Row(inside[iso3] * problem.cost, ">", problem.floors[iso3] * float(problem.budget.sum()))


def solve_cheapest(problem: Problem) -> Solution | None:
    """The plan of most gain, and of all those the one that costs least; bound and prices are those of the gain.

    ``money`` holds the prices of the second question: what one more on the right-hand side of a rule would change the
    least cost of the same gain by.

    Parameters
    ----------
    problem : Problem
        All numbers of the plan; all its rules are kept.

    Returns
    -------
    Solution or None
        As `solve`; None if no plan keeps all rules.

    Raises
    ------
    PlanError
        As `solve`.

    Examples
    --------
    The unit has 4 km2, which gain as much under a as under b; a costs half.

    >>> import pandas as pd
    >>> pairs = pd.DataFrame({"unit": 0, "group": [0, 1], "gain": 1.0, "ceiling_km2": 4.0})
    >>> groups, cost = pd.DataFrame({"iso3": "NER", "measure": ["a", "b"]}), np.array([1.0, 2.0])
    >>> problem = Problem(pairs, np.array([4.0]), groups, cost, cost, np.ones((2, 1)), {}, np.array([9.0]), {}, {})
    >>> solve_cheapest(problem).taken.round(6).tolist()
    [4.0, 0.0]
    """
    best = solve(problem, problem.rules())
    if best is None:
        return None
    cheapest = solve(problem, problem.rules(), least_gain=best.objective * (1 - 1e-9))
    # Rounding can put the floor on the gain a hair out of reach: then the first plan stands.
    return best if cheapest is None else replace(cheapest, bound=best.bound, prices=best.prices, money=cheapest.prices)
