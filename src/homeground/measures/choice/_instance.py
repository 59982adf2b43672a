# SPDX-License-Identifier: Apache-2.0
"""A question of choice as arrays of one scale: what each measure is worth and costs in each unit, and the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from homeground.errors import PlanError, Problems

Floats = NDArray[np.float64]
MOST_RULES = 200  # the dual is solved by a small programme whose size grows with the rules


@dataclass(frozen=True)
class Rule:
    """One row that holds over all units.

    Attributes
    ----------
    name : str
        Such as "budget", "floor 3", "cap 3" or "share women".
    kind : str
        "budget", "floor", "cap" or "share".
    region : int
        Code of its region; -1 for all.
    right : float
        Of costs in parts of the budget: at most (budget, cap), at least (floor); 0 for a share.
    """

    name: str
    kind: str
    region: int
    right: float


@dataclass(frozen=True)
class Instance:
    """Checked arrays. Costs are in parts of the budget; ``lift`` holds group's work less its least share of all work.

    Attributes
    ----------
    utility, cost : arrays, shape (units, measures)
        Utility is -inf where a measure cannot be taken.
    region : array of int, shape (units,)
        0 to regions - 1.
    lift : tuple of arrays, shape (units, measures)
        One for each share rule, in parts of ``scale_of_lift``.
    rules : tuple of Rule
        Budget first, then floors, caps, shares.
    """

    utility: Floats
    cost: Floats
    region: NDArray[np.int64]
    regions: int
    lift: tuple[Floats, ...]
    rules: tuple[Rule, ...]
    money: float  # the budget
    scale_of_lift: tuple[float, ...]

    def some(self, rows: NDArray[np.int64]) -> Instance:
        """The same question of some units, with rules in proportion to their number."""
        part = rows.size / len(self.utility)
        rules = tuple(Rule(one.name, one.kind, one.region, one.right * part) for one in self.rules)
        lift = tuple(one[rows] for one in self.lift)
        given = (self.utility[rows], self.cost[rows], self.region[rows], self.regions, lift, rules)
        return Instance(*given, self.money, self.scale_of_lift)


def instance(
    utility: ArrayLike,
    cost: ArrayLike,
    *,
    budget: float,
    region: ArrayLike | None,
    floors: Mapping[int, float] | None,
    caps: Mapping[int, float] | None,
    work: ArrayLike | None,
    shares: Mapping[str, tuple[float, ArrayLike]] | None,
) -> Instance:
    """Check what `choose` was given, and bring it to one scale; all problems are told at once.

    Raises
    ------
    PlanError
        Shapes that differ, costs that are not above 0 and finite, utilities that are no number, rules that cannot be.
    """
    problems = Problems("the choice of measures")
    u, c = (np.ascontiguousarray(one, np.float64) for one in (utility, cost))
    if u.ndim != 2 or u.shape != c.shape or not u.size:
        raise PlanError(
            f"the choice of measures: utility has shape {u.shape} and cost {c.shape}; units by measures, the same for both, was "
            "expected. Give one row for each unit."
        )
    if not (np.isfinite(budget) and budget > 0):
        problems.add(f"the budget is {budget}; a number above 0 was expected.")
    wrong = np.isnan(u) | (u == np.inf)
    if wrong.any():
        problems.add(f"utility {_first(u, wrong)}; a number was expected, or -inf where a measure cannot be taken.")
    taken = u > -np.inf
    free = taken & ~(np.isfinite(c) & (c > 0))
    if free.any():
        problems.add(
            f"cost {_first(c, free)}; a finite number above 0 was expected. Where a measure cannot be taken give utility -inf."
        )
    codes = np.zeros(len(u), np.int64) if region is None else np.asarray(region)
    if codes.shape != (len(u),) or codes.dtype.kind not in "iu" or (codes.size and codes.min() < 0):
        problems.add(
            f"region has shape {codes.shape} of {codes.dtype}; one whole number from 0 for each unit was expected."
        )
        problems.raise_if_any(PlanError)
    codes = codes.astype(np.int64)
    known = set(np.unique(codes).tolist())
    for kind, given in (("floor", floors or {}), ("cap", caps or {})):
        if strangers := sorted(set(given) - known):
            problems.add(f"{kind}s name regions {strangers[:5]}, of which there is no unit.")
        if bad := [code for code, part in given.items() if not 0 <= part <= 1]:
            problems.add(f"{kind}s of regions {bad[:5]} are no part of the budget from 0 to 1.")
    lift, scales, rows = _lifts(problems, u.shape, taken, work, shares or {})
    rules = [Rule("budget", "budget", -1, 1.0)]
    rules += [
        Rule(f"floor {code}", "floor", int(code), float(part)) for code, part in (floors or {}).items() if part > 0
    ]
    rules += [Rule(f"cap {code}", "cap", int(code), float(part)) for code, part in (caps or {}).items()]
    if len(rules) + len(rows) > MOST_RULES:
        problems.add(f"{len(rules) + len(rows)} rules; at most {MOST_RULES} were expected. Join regions.")
    problems.raise_if_any(PlanError)
    safe = np.where(taken, c, 1.0) / budget
    return Instance(u, safe, codes, int(codes.max()) + 1, lift, (*rules, *rows), float(budget), scales)


def _lifts(
    problems: Problems,
    shape: tuple[int, ...],
    taken: NDArray[np.bool_],
    work: ArrayLike | None,
    shares: Mapping[str, tuple[float, ArrayLike]],
) -> tuple[tuple[Floats, ...], tuple[float, ...], list[Rule]]:
    lift, scales, rows = [], [], []
    whole = None if work is None else np.asarray(work, np.float64)
    if shares and whole is None:
        problems.add("shares need work, the person-days of each unit and measure.")
    if whole is not None and (whole.shape != shape or not (whole[taken] >= 0).all() or np.isinf(whole[taken]).any()):
        problems.add(f"work has shape {whole.shape}; finite numbers from 0 of shape {shape} were expected.")
        return (), (), []
    if whole is None:
        return (), (), []
    for name, (part, given) in shares.items():
        group = np.asarray(given, np.float64)
        if not 0 <= part <= 1:
            problems.add(f"share {name} is {part}; a part of all work from 0 to 1 was expected.")
        elif group.shape != shape or not (group[taken] >= 0).all() or (group[taken] > whole[taken] * (1 + 1e-9)).any():
            problems.add(f"work of {name} has shape {group.shape}; from 0 to all work, of shape {shape}, was expected.")
        else:
            own = np.where(taken, group - part * whole, 0.0)
            scale = float(np.abs(own).max()) or 1.0
            lift.append(np.ascontiguousarray(own / scale))
            scales.append(scale)
            rows.append(Rule(f"share {name}", "share", -1, 0.0))
    return tuple(lift), tuple(scales), rows


def _first(values: Floats, wrong: NDArray[np.bool_]) -> str:
    """The first wrong cell and how many there are."""
    row, column = np.argwhere(wrong)[0]
    more = f", and {int(wrong.sum()) - 1} more" if wrong.sum() > 1 else ""
    return f"is {values[row, column]} in unit {row}, measure {column}{more}"
