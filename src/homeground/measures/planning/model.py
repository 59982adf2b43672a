# SPDX-License-Identifier: Apache-2.0
"""The linear programme behind a plan: built with linopy, solved by HiGHS, its bound checked by our own arithmetic.

Inside, land is in km2, money in million USD and work in thousand person-days, so that the numbers the solver sees
are of like size; outside they are hectares, USD and person-days.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from homeground.errors import PlanError

Floats = NDArray[np.float64]
Lookup = Callable[[Any], Floats]

HA = 100.0  # hectares in a km2


@dataclass(frozen=True)
class Problem:
    """All numbers of one plan. Pairs are unit x measure with land to take; groups are country x measure."""

    pairs: pd.DataFrame  # unit, group, gain (weighted hectares per km2), ceiling_km2
    unit_km2: Floats  # land of each unit
    groups: pd.DataFrame  # iso3, measure
    establishment: Floats  # by group, million USD per km2
    upkeep: Floats  # by group, million USD per km2 and year after the first
    work: Floats  # by group x year of start, thousand person-days per km2 until the end of the plan
    shares: dict[str, Floats]  # women, youth: by group
    budget: Floats  # by year, million USD
    share_rules: dict[str, float]
    floors: dict[str, float]  # country to least share of the whole budget
    even_pace: bool = False  # the same area is started every year

    @property
    def years(self) -> int:
        return len(self.budget)

    @property
    def cost(self) -> Floats:
        """Million USD per km2 until the end of the plan, by group x year of start; upkeep from the next year."""
        left = np.arange(self.years - 1, -1, -1)
        return self.establishment[:, None] + self.upkeep[:, None] * left[None, :]

    def rules(self) -> list[str]:
        return [*(f"country_floor {iso3}" for iso3 in self.floors), *self.share_rules]


@dataclass(frozen=True)
class Solution:
    taken: Floats  # km2 by pair
    started: Floats  # km2 by group x year
    objective: float
    bound: float
    prices: dict[str, Floats]  # by constraint: change of the objective per unit of its right-hand side
    slack: float  # breach of the rule that gives way, or part of the floors that is kept; else 0


def solve(
    problem: Problem,
    rules: list[str],
    *,
    gives_way: str | None = None,
    shrink: Collection[str] = (),
    least_gain: float | None = None,
) -> Solution | None:
    """Most gain under the named rules; None if no plan keeps them.

    Parameters
    ----------
    problem : Problem
        All numbers of the plan.
    rules : list of str
        Which rules of the problem to keep, as `Problem.rules` names them; land, ceilings and budget hold always.
    gives_way : str, optional
        One of the rules: find the least breach of it, in million USD for a floor, in thousand person-days for a share.
    shrink : collection of str
        Some of the floors: find the most, up to 1, that can be kept if each is asked at the same part of it.
    least_gain : float, optional
        In weighted km2: find the least cost of any plan that gains as much.

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
    import linopy

    if len(problem.pairs) == 0:
        raise PlanError(
            "no measure fits any unit, so there is nothing to plan. Check cover, aridity and rain of the units."
        )
    pair, group = pd.RangeIndex(len(problem.pairs), name="pair"), pd.RangeIndex(len(problem.groups), name="group")
    by_start = [group, pd.RangeIndex(problem.years, name="year")]
    ceiling = problem.pairs["ceiling_km2"].to_numpy(float)
    group_of, unit_of = (problem.pairs[name].to_numpy(int) for name in ("group", "unit"))
    most = np.repeat(np.bincount(group_of, ceiling, len(group))[:, None], problem.years, axis=1)
    unit = np.unique(unit_of)
    with linopy.options as settings:
        settings["semantics"] = "v1"
        model = linopy.Model()
        x = model.add_variables(lower=0, upper=xr.DataArray(ceiling, coords=[pair]), name="x")
        y = model.add_variables(lower=0, upper=xr.DataArray(most, coords=by_start), name="y")
        land = xr.DataArray(problem.unit_km2[unit], coords=[pd.Index(unit, name="unit")])
        model.add_constraints(x.groupby(xr.DataArray(unit_of, coords=[pair], name="unit")).sum() <= land, name="land")
        taken = x.groupby(xr.DataArray(group_of, coords=[pair], name="group")).sum()
        started = problem.years * y if problem.even_pace else y.sum("year")
        model.add_constraints(taken - started == 0, name="link")
        for t in range(problem.years):
            pays = np.zeros_like(most)
            pays[:, t] = problem.establishment
            pays[:, :t] = problem.upkeep[:, None]
            model.add_constraints(
                (y * xr.DataArray(pays, coords=by_start)).sum() <= problem.budget[t], name=f"budget {t}"
            )
        slack = _add_rules(model, y, problem, rules, gives_way, shrink)
        gains = problem.pairs["gain"].to_numpy(float)
        gain = (x * xr.DataArray(gains, coords=[pair])).sum()
        if slack is not None:
            model.add_objective(1 * slack, sense="max" if shrink else "min")
        elif least_gain is not None:
            model.add_constraints(gain >= least_gain, name="gain")
            model.add_objective((y * xr.DataArray(problem.cost, coords=by_start)).sum())
        else:
            model.add_objective(gain, sense="max")
        found = _run(model)
        if found is None:
            return None
        value, price = found
        m = model.matrices
        taken_km2 = np.clip(value(x.labels.to_numpy()), 0.0, ceiling)
        is_plan = slack is None and least_gain is None
        return Solution(
            taken=taken_km2,
            started=np.clip(value(y.labels.transpose("group", "year").to_numpy()), 0.0, None),
            objective=float(gains @ taken_km2),
            bound=_bound(m, price(np.asarray(m.clabels))) if is_plan else float("nan"),
            prices={name: np.atleast_1d(price(row.labels.to_numpy())) for name, row in model.constraints.items()},
            slack=0.0 if slack is None else float(value(slack.labels.to_numpy())),
        )


def _add_rules(
    model: Any, y: Any, problem: Problem, rules: list[str], gives_way: str | None, shrink: Collection[str]
) -> Any:
    """Add the rules to the programme; the variable by which one or some of them give way, None where all are kept."""
    slack: Any = None
    if gives_way is not None:
        slack = model.add_variables(lower=0, name="short")
    elif shrink:
        slack = model.add_variables(lower=0, upper=1, name="kept")
    for rule in rules:
        row, need = _rule_row(problem, rule)
        left = (y * xr.DataArray(row, coords=[y.indexes["group"], y.indexes["year"]])).sum()
        if rule == gives_way:
            left = left + slack
        elif rule in shrink:
            left, need = left - need * slack, 0.0
        model.add_constraints(left >= need, name=rule)
    return slack


def _run(model: Any) -> tuple[Lookup, Lookup] | None:
    """Solve with HiGHS; values by variable label and prices by constraint label, or None if infeasible.

    HiGHS is called here and not through linopy, which starts it before it can be told to be silent.
    """
    import highspy

    m = model.matrices
    rows = m.A.tocsr()
    sense = np.array([str(s) for s in m.sense])
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.addVars(len(m.vlabels), m.lb, m.ub)
    highs.changeColsCost(len(m.c), np.arange(len(m.c), dtype=np.int32), np.asarray(m.c))
    lower, upper = np.where(sense == "<", -np.inf, m.b), np.where(sense == ">", np.inf, m.b)
    highs.addRows(rows.shape[0], lower, upper, rows.nnz, rows.indptr, rows.indices, rows.data)
    if model.objective.sense == "max":
        highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
    highs.run()
    status = highs.getModelStatus()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return None
    if status != highspy.HighsModelStatus.kOptimal:
        raise PlanError(
            f"the solver stopped without an answer ({highs.modelStatusToString(status)}). "
            "Make the units coarser or leave out a rule."
        )
    solution = highs.getSolution()
    return _lookup(m.vlabels, solution.col_value), _lookup(m.clabels, solution.row_dual)


def _lookup(labels: Any, values: Any) -> Lookup:
    table = np.zeros(int(np.max(labels)) + 1)
    table[np.asarray(labels)] = np.asarray(values, float)
    return lambda wanted: table[wanted]


def _rule_row(problem: Problem, rule: str) -> tuple[Floats, float]:
    """Coefficients by group x year of start, and what their sum must reach at least."""
    if rule in problem.share_rules:
        surplus = problem.shares[rule] - problem.share_rules[rule]
        return surplus[:, None] * problem.work, 0.0
    iso3 = rule.removeprefix("country_floor ")
    inside = (problem.groups["iso3"] == iso3).to_numpy(float)
    return inside[:, None] * problem.cost, problem.floors[iso3] * float(problem.budget.sum())


def _bound(m: Any, prices: Floats) -> float:
    """A proven upper bound on the objective by weak duality, from the multipliers and the raw matrix.

    For max c'z with Az <= b, 0 <= z <= u and any multipliers of the right sign: b'l + sum(max(0, c - A'l) u).
    """
    sense = np.array([str(s) for s in m.sense])
    price = np.where(sense == "<", np.clip(prices, 0, None), np.where(sense == ">", np.clip(prices, None, 0), prices))
    reduced = m.c - m.A.T @ price
    return float(m.b @ price + np.clip(reduced, 0, None) @ m.ub)


def solve_cheapest(problem: Problem) -> Solution | None:
    """The plan of most gain, and of all those the one that costs least; bound and prices are those of the gain.

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
    return best if cheapest is None else replace(cheapest, bound=best.bound, prices=best.prices)
