# SPDX-License-Identifier: Apache-2.0
"""The exact choice of the few units that the prices leave open, with all others as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from homeground.errors import PlanError
from homeground.measures.choice._instance import Floats, Instance
from homeground.measures.choice._relaxed import Answer

FEASIBLE = 1e-9  # of a rule in its own scale
TURNS = 5
FEASIBLE_POINT = 2  # HiGHS's word for a solution that keeps the rows


def open_units(given: Instance, found: Answer, many: int) -> NDArray[np.int64]:
    """Units whose choice is nearest to another, over all and in each region that has a rule of its own."""
    units = len(found.margin)
    if many >= units:
        return np.arange(units)
    chosen = np.argpartition(found.margin, many)[:many]
    own = sorted({rule.region for rule in given.rules if rule.region >= 0})
    each = max(many // (2 * len(own)), 8) if own else 0
    parts = [chosen]
    for code in own:
        inside = np.flatnonzero(given.region == code)
        few = min(each, inside.size)
        parts.append(inside[np.argpartition(found.margin[inside], few - 1)[:few]])
    return np.unique(np.concatenate(parts))


def sums(given: Instance, choice: NDArray[np.int16]) -> tuple[float, Floats]:
    """Utility of a choice, and what it makes of each rule: costs in parts of the budget, or lift; by plain sums."""
    rows = np.flatnonzero(choice >= 0)
    what = (rows, choice[rows].astype(np.int64))
    cost, region = given.cost[what], given.region[rows]
    by_region = np.bincount(region, cost, given.regions)
    made, share = np.empty(len(given.rules)), 0
    for j, rule in enumerate(given.rules):
        if rule.kind == "share":
            made[j], share = float(given.lift[share][what].sum()), share + 1
        else:
            made[j] = cost.sum() if rule.kind == "budget" else by_region[rule.region]
    return float(given.utility[what].sum()), made


def left_over(given: Instance, made: Floats) -> Floats:
    """How much of each rule is left; below 0 where it is broken."""
    right = np.array([rule.right for rule in given.rules])
    at_least = np.array([rule.kind in ("floor", "share") for rule in given.rules])
    return np.where(at_least, made - right, right - made)


def exact(
    given: Instance, choice: NDArray[np.int16], rows: NDArray[np.int64], *, gap: float, seconds: float
) -> tuple[NDArray[np.int16] | None, float]:
    """The best choice of some units while the others keep theirs.

    Parameters
    ----------
    given : Instance
    choice : array, shape (units,)
        Of all units; those of ``rows`` are chosen anew.
    rows : array of int
    gap : float
        In utility: how far from the best the choice may be.
    seconds : float
        How long the solver may take; the best choice so far is taken then.

    Returns
    -------
    array or None, float
        The whole choice, none where no choice of these units keeps the rules or none was found in time; and what no choice
        of these units can exceed.

    Raises
    ------
    PlanError
        The solver failed.
    """
    fixed = choice.copy()
    fixed[rows] = -1
    so_much, made = sums(given, fixed)
    unit, measure = np.nonzero(given.utility[rows] > -np.inf)
    if not unit.size:
        return (fixed if (left_over(given, made) >= -FEASIBLE).all() else None), so_much
    problem = _problem(given, rows, unit, measure, made)
    most, tighter = -np.inf, np.zeros(len(given.rules))
    for turn in range(TURNS):
        solved = _solve(problem, tighter, rows.size, gap, seconds)
        if solved is None:
            return None, most
        values, dual_bound = solved
        most = dual_bound + so_much if turn == 0 else most
        if values is None:
            return None, most
        found = fixed.copy()
        found[rows[unit[values > 0.5]]] = measure[values > 0.5].astype(np.int16)
        left = left_over(given, sums(given, found)[1])
        if (left >= -FEASIBLE).all():
            return found, most
        # The solver lets a rule pass by its own tolerance: what is broken is asked for twice over.
        tighter += np.where(left < -FEASIBLE, -2 * left, 0.0)
    return None, most


@dataclass(frozen=True)
class _Problem:
    """Columns are the measures of the open units; rows the units, then the rules, each on the scale of its own numbers."""

    utility: Floats
    matrix: Any
    right: Floats  # of the rules
    scale: Floats
    at_least: NDArray[np.bool_]


def _problem(
    given: Instance, rows: NDArray[np.int64], unit: NDArray[np.int64], measure: NDArray[np.int64], made: Floats
) -> _Problem:
    columns, share = unit.size, 0
    blocks = [sp.csr_array((np.ones(columns), (unit, np.arange(columns))), shape=(rows.size, columns))]
    scale = np.ones(len(given.rules))
    for j, rule in enumerate(given.rules):
        if rule.kind == "share":
            values, share = given.lift[share][rows][unit, measure], share + 1
        else:
            own = np.ones(rows.size, bool) if rule.region < 0 else given.region[rows] == rule.region
            values = np.where(own[unit], given.cost[rows][unit, measure], 0.0)
        scale[j] = float(np.abs(values).max()) or 1.0
        blocks.append(sp.csr_array(values[None] / scale[j]))
    matrix = sp.csr_array(sp.vstack(blocks, format="csr"))
    matrix.eliminate_zeros()
    right = np.array([rule.right for rule in given.rules]) - made
    at_least = np.array([rule.kind in ("floor", "share") for rule in given.rules])
    return _Problem(given.utility[rows][unit, measure], matrix, right, scale, at_least)


def _solve(
    problem: _Problem, tighter: Floats, units: int, gap: float, seconds: float
) -> tuple[NDArray[np.float64] | None, float] | None:
    """Values of the columns, none where none was found in time, and the solver's bound; None where no choice keeps the rules."""
    import highspy

    columns = problem.utility.size
    lower = np.where(problem.at_least, (problem.right + tighter) / problem.scale, -np.inf)
    upper = np.where(problem.at_least, np.inf, (problem.right - tighter) / problem.scale)
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    # The tolerances stay as they are: at 1e-9 its presolve (1.15.1) was seen to drop the best choice of a small question.
    for name, value in (
        ("output_flag", False), ("time_limit", max(seconds, 0.1)), ("mip_abs_gap", gap), ("mip_rel_gap", 0.0),
    ):  # fmt: skip
        highs.setOptionValue(name, value)
    highs.addVars(columns, np.zeros(columns), np.ones(columns))
    places = np.arange(columns, dtype=np.int32)
    highs.changeColsCost(columns, places, problem.utility)
    highs.changeColsIntegrality(columns, places, np.full(columns, int(highspy.HighsVarType.kInteger), np.uint8))
    matrix = problem.matrix
    highs.addRows(
        matrix.shape[0], np.concatenate([np.full(units, -np.inf), lower]), np.concatenate([np.ones(units), upper]),
        matrix.nnz, matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data,
    )  # fmt: skip
    highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
    highs.run()
    status = highs.getModelStatus()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return None
    if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit):
        raise PlanError(f"the solver stopped without an answer ({highs.modelStatusToString(status)}).")
    values, info = np.asarray(highs.getSolution().col_value, float), highs.getInfo()
    known = values.size == columns and info.primal_solution_status == FEASIBLE_POINT
    return (values if known else None), float(info.mip_dual_bound)
