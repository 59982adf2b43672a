# SPDX-License-Identifier: Apache-2.0
"""Rules that no choice keeps together: a smallest set of them, and how much each would have to give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from homeground.errors import PlanError
from homeground.measures.choice._dual import dual
from homeground.measures.choice._instance import Floats, Instance, Rule

BROKEN = 1e-6  # in the scale of a rule: less than this is the arithmetic, not a collision


def explain_collision(given: Instance) -> None:
    """Raise with the rules that collide; nothing where none do, even in parts of units.

    Raises
    ------
    PlanError
        Names a smallest set, and for each rule of it how much it alone would have to give.
    """
    capacity = np.bincount(given.region, np.where(given.utility > -np.inf, given.cost, 0.0).max(axis=1), given.regions)
    lines = [
        f"{rule.name} asks for {rule.right:.4g} of the budget, and all that can be done there costs {capacity[rule.region]:.4g}: "
        f"let it give {rule.right - capacity[rule.region]:.4g}."
        for rule in given.rules
        if rule.kind == "floor" and rule.right > capacity[rule.region] + BROKEN
    ]
    if lines:
        _raise(lines)
    rules = list(range(len(given.rules)))
    if _lack(given, rules, rules) <= BROKEN:
        return
    smallest = list(rules)
    for rule in rules:  # a rule whose absence leaves a collision is not part of this one
        without = [one for one in smallest if one != rule]
        if without and _lack(given, without, without) > BROKEN:
            smallest = without
    for rule in smallest:
        name, give = given.rules[rule].name, _lack(given, smallest, [rule])
        if not np.isfinite(give):
            lines.append(f"{name} alone cannot give enough.")
        elif given.rules[rule].kind == "share":
            lines.append(f"{name}: let go {give * _scale(given, rule):.4g} person-days of the group.")
        else:
            lines.append(f"{name}: let it give {give:.4g} of the budget.")
    _raise(lines)


def _lack(given: Instance, rules: list[int], give: list[int]) -> float:
    """By how much some of the rules would have to give in all, the others held, so that they can be kept; inf where never."""
    kept, lift = [given.rules[k] for k in rules], _lifts(given, rules)
    if not any(rule.kind == "budget" for rule in kept):  # a budget without end stands first, where the arrays have it
        kept, rules = [Rule("budget", "budget", -1, 1e9), *kept], [-1, *rules]
    part = replace(given, rules=tuple(kept), lift=lift)
    most = np.array([1.0 if k in give else np.inf for k in rules])
    try:
        found = dual(part, worth=0.0, most=most, start=np.zeros(len(rules)))
    except PlanError:
        return float("inf")
    return max(-found.bound, 0.0)


def _lifts(given: Instance, rules: list[int]) -> tuple[Floats, ...]:
    shares = [k for k, rule in enumerate(given.rules) if rule.kind == "share"]
    return tuple(given.lift[shares.index(k)] for k in rules if k in shares)


def _scale(given: Instance, rule: int) -> float:
    shares = [k for k, one in enumerate(given.rules) if one.kind == "share"]
    return given.scale_of_lift[shares.index(rule)]


def _raise(lines: list[str]) -> None:
    raise PlanError("no choice of measures keeps these rules together:\n" + "\n".join(f"  - {line}" for line in lines))
