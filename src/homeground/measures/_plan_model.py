# SPDX-License-Identifier: Apache-2.0
"""The linear programme behind a plan: built with linopy, solved by HiGHS, its bound checked by our own arithmetic.

Inside, land is in km2, money in million USD and work in thousand person-days, so that the numbers the solver sees
are of like size; outside they are hectares, USD and person-days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from homeground.errors import PlanError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

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
    duals: dict[str, Floats]
    slack: dict[str, float]


def solve(problem: Problem, rules: list[str], *, elastic: bool = False) -> Solution | None:
    """Most gain under the named rules; None if no plan keeps them. Elastic: least breach of the rules instead."""
    import linopy
    import pandas as pd
    import xarray as xr

    if len(problem.pairs) == 0:
        raise PlanError(
            "no measure fits any unit, so there is nothing to plan. Check cover, aridity and rain of the units."
        )
    with linopy.options as settings:
        settings["semantics"] = "v1"
        pair, group = pd.RangeIndex(len(problem.pairs), name="pair"), pd.RangeIndex(len(problem.groups), name="group")
        year = pd.RangeIndex(problem.years, name="year")
        by_start = [group, year]
        ceiling = problem.pairs["ceiling_km2"].to_numpy(float)
        group_of, unit_of = (problem.pairs[name].to_numpy(int) for name in ("group", "unit"))
        most = np.bincount(group_of, ceiling, len(group))

        model = linopy.Model()
        x = model.add_variables(lower=0, upper=xr.DataArray(ceiling, coords=[pair]), name="x")
        y = model.add_variables(
            lower=0, upper=xr.DataArray(np.repeat(most[:, None], problem.years, 1), coords=by_start), name="y"
        )
        land = x.groupby(xr.DataArray(unit_of, coords=[pair], name="unit")).sum()
        used_units = np.unique(unit_of)
        model.add_constraints(
            land <= xr.DataArray(problem.unit_km2[used_units], coords=[pd.Index(used_units, name="unit")]), name="land"
        )
        taken = x.groupby(xr.DataArray(group_of, coords=[pair], name="group")).sum()
        model.add_constraints(taken - y.sum("year") == 0, name="link")
        for t in range(problem.years):
            pays = np.zeros((len(group), problem.years))
            pays[:, t] = problem.establishment
            pays[:, :t] = problem.upkeep[:, None]
            model.add_constraints(
                (y * xr.DataArray(pays, coords=by_start)).sum() <= problem.budget[t], name=f"budget {t}"
            )

        breaches = []
        for rule in rules:
            row, need, scale = _rule_row(problem, rule)
            left = (y * xr.DataArray(row, coords=by_start)).sum()
            if elastic:
                short = model.add_variables(lower=0, name=f"short {rule}")
                breaches.append(short * (1.0 / scale))
                left = left + short
            model.add_constraints(left >= need, name=rule)
        if elastic:
            model.add_objective(sum(breaches[1:], breaches[0] * 1.0))
        else:
            gain = xr.DataArray(problem.pairs["gain"].to_numpy(float), coords=[pair])
            model.add_objective((x * gain).sum(), sense="max")
        status, condition = model.solve(solver_name="highs", io_api="direct", output_flag=False, progress=False)
        if condition in ("infeasible", "infeasible_or_unbounded"):
            return None
        if status != "ok":
            raise PlanError(
                f"the solver stopped without an answer ({condition}). Make the units coarser or leave out a rule."
            )
        names = list(model.constraints)
        return Solution(
            taken=np.clip(x.solution.to_numpy(), 0.0, ceiling),
            started=np.clip(y.solution.transpose("group", "year").to_numpy(), 0.0, None),
            objective=float(model.objective.value or 0.0),
            bound=float("nan") if elastic else _bound(model),
            duals={} if elastic else {name: np.atleast_1d(model.constraints[name].dual.to_numpy()) for name in names},
            slack={rule: float(model.variables[f"short {rule}"].solution) for rule in rules} if elastic else {},
        )


def _rule_row(problem: Problem, rule: str) -> tuple[Floats, float, float]:
    """Coefficients by group x year of start, what they must reach at least, and a scale for breaches."""
    if rule in problem.share_rules:
        surplus = problem.shares[rule] - problem.share_rules[rule]
        return surplus[:, None] * problem.work, 0.0, float(problem.budget.sum())
    iso3 = rule.removeprefix("country_floor ")
    inside = (problem.groups["iso3"] == iso3).to_numpy(float)
    whole = float(problem.budget.sum())
    return inside[:, None] * problem.cost, problem.floors[iso3] * whole, whole


def _bound(model: Any) -> float:
    """A proven upper bound on the objective by weak duality, from the multipliers and the raw matrix.

    For max c'z with Az <= b, 0 <= z <= u and any multipliers of the right sign: b'l + sum(max(0, c - A'l) u).
    """
    m = model.matrices
    sense = np.array([str(s) for s in m.sense])
    price = np.where(np.isnan(m.dual), 0.0, m.dual)
    price = np.where(sense == "<", np.clip(price, 0, None), np.where(sense == ">", np.clip(price, None, 0), price))
    reduced = m.c - m.A.T @ price
    return float(m.b @ price + np.clip(reduced, 0, None) @ m.ub)


def explain(problem: Problem) -> PlanError:
    """Which rules collide, and by how much the least breach misses them."""
    rules = problem.rules()
    core = list(rules)
    for rule in rules:  # deletion filter: what is left cannot lose one rule more and stay infeasible
        fewer = [name for name in core if name != rule]
        if solve(problem, fewer) is None:
            core = fewer
    found = solve(problem, core, elastic=True)
    if found is None:  # pragma: no cover - with all rules elastic the empty plan is feasible
        raise PlanError("no plan exists even without rules. Check that budget and areas are not negative.")
    whole = float(problem.budget.sum())
    work = float((problem.work * found.started).sum())
    lines = []
    for rule in core:
        if rule in problem.share_rules:
            reached = (
                float((problem.shares[rule][:, None] * problem.work * found.started).sum()) / work if work else 0.0
            )
            text = f"{rule}: {problem.share_rules[rule]:.1%} of person-days asked"
            lines.append(f"{text}, {reached:.1%} reached" if found.slack[rule] > 1e-7 else f"{text}, kept")
        else:
            asked = problem.floors[rule.removeprefix("country_floor ")] * whole
            text = f"{rule}: {asked * 1e6:,.0f} USD asked"
            short = found.slack[rule]
            lines.append(f"{text}, short by {short * 1e6:,.0f} USD" if short > 1e-7 else f"{text}, kept")
    listed = "\n".join(f"  - {line}" for line in lines)
    return PlanError(
        f"no plan keeps all rules. These collide under this budget and this suitable land; "
        f"at the least breach:\n{listed}\nLower one of them, or raise the budget or the adoption ceilings."
    )
