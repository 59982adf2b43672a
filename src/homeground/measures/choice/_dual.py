# SPDX-License-Identifier: Apache-2.0
"""Prices of the rules at which the relaxed question is nearest to the real one: cutting planes in a moving box."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from homeground.errors import PlanError
from homeground.measures.choice._instance import Floats, Instance
from homeground.measures.choice._relaxed import Answer, relaxed
from homeground.measures.planning.programme import Programme, run

TOLERANCE, MOST_STEPS = 1e-7, 200
SAMPLE = 20_000  # units whose prices the search starts from
FARTHEST = 1e6  # a price beyond it, in parts of all utility, is no price
WIDER = 6  # times that a box without better prices is made wider
NOTHING = 1e-3  # a bound smaller than this is nothing: utility is on a scale of 1e4, a lack of rules on one of 1


@dataclass(frozen=True)
class Dual:
    """The best prices, what the units take at them, and the least bound."""

    prices: Floats
    answer: Answer
    bound: float
    steps: int


def dual(given: Instance, *, worth: float = 1.0, most: Floats | None = None, start: Floats | None = None) -> Dual:
    """The least bound over all prices.

    Parameters
    ----------
    given : Instance
    worth : float
        As in `relaxed`.
    most : array, optional
        Largest price of each rule; none means no limit.
    start : array, optional
        Prices to begin with; left out, those of a sample of the units.

    Returns
    -------
    Dual

    Raises
    ------
    PlanError
        No prices were found in 200 steps.

    Notes
    -----
    The bound D(p) is convex and piecewise linear. Each region's part has its own cuts (multi-cut, Birge and Louveaux 1988,
    European Journal of Operational Research 34: 384-392); the next prices are the least of the model in a box about the best
    so far, which grows when they are better and shrinks when not (Marsten, Hogan and Blankenship 1975, Operations
    Research 23: 389-405). It ends where the model is within 1e-7 of the best and the box does not bind.
    """
    rules = len(given.rules)
    upper = np.full(rules, np.inf) if most is None else most
    units = len(given.utility)
    if start is None and units > 2 * SAMPLE and worth:
        rows = np.sort(np.random.default_rng(1).choice(units, SAMPLE, replace=False))
        try:
            start = dual(given.some(rows), worth=worth, most=most).prices
        except PlanError:
            start = None
    reach = float(np.where(np.isfinite(given.utility), np.abs(given.utility), 0.0).sum()) / 4 if worth else 1.0
    first_box = max(reach, 1e-12) if start is None else 0.02 * max(float(start.max()), 1e-3 * reach, 1e-12)
    lowest = -4 * reach if worth else -np.inf  # no choice is worth less: a bound below it is of rules that collide
    centre = np.zeros(rules) if start is None else np.minimum(start, upper)
    box = np.full(rules, first_box)
    best = relaxed(given, centre, worth=worth)
    cuts, wider = [_cut(given, best, worth)], 0
    for step in range(1, MOST_STEPS + 1):
        low, high = np.maximum(centre - box, 0.0), np.minimum(centre + box, upper)
        prices, model = _model(given, cuts, low, high)
        held = ((prices <= low * (1 + 1e-12)) & (low > 0)) | ((prices >= high * (1 - 1e-12)) & (high < upper))
        near = TOLERANCE * max(abs(best.value), NOTHING)
        if best.value - model <= near:
            # The bound is convex: no better prices in a box about these, and none in wider ones, are none at all.
            if not held.any() or wider == WIDER:
                return Dual(centre, best, best.value, step)
            box, wider = box * 3.0, wider + 1
            continue
        if prices.max() > FARTHEST * max(reach, 1.0):
            raise PlanError("the rules collide: their prices grow without end.")
        found = relaxed(given, prices, worth=worth)
        cuts.append(_cut(given, found, worth))
        if found.value < lowest - near:
            raise PlanError("the rules collide: the bound falls below what any choice is worth.")
        if found.value < best.value:
            centre, best, box, wider = prices, found, box * np.where(held, 3.0, 1.0), 0
        else:
            box = box * 0.5
    raise PlanError(f"no prices of the rules were found in {MOST_STEPS} steps. Leave out a rule, or join regions.")


def _cut(given: Instance, found: Answer, worth: float) -> tuple[Floats, Floats]:
    """What one answer says of any prices, a row for each region: theta_r + block @ prices is at least its utility."""
    block, share = np.zeros((given.regions, len(given.rules))), 0
    for j, rule in enumerate(given.rules):
        if rule.kind == "share":
            block[:, j], share = -found.lift[share], share + 1
        elif rule.kind == "budget":
            block[:, j] = found.cost
        else:
            block[rule.region, j] = found.cost[rule.region] * (-1 if rule.kind == "floor" else 1)
    return block, found.utility * worth if worth else np.zeros(given.regions)


def _model(given: Instance, cuts: list[tuple[Floats, Floats]], low: Floats, high: Floats) -> tuple[Floats, float]:
    """The least of the cuts over a box of prices: a small programme of the prices and one number for each region."""
    rules, regions = len(given.rules), given.regions
    right = np.array([-rule.right if rule.kind == "floor" else rule.right for rule in given.rules])
    reach = np.concatenate([high - low, np.full(regions, np.inf)])
    programme = Programme(reach, np.concatenate([right, np.ones(regions)]), most=False)
    block = np.concatenate([cut[0] for cut in cuts])
    of_region = (np.ones(len(block)), (np.arange(len(block)), np.tile(np.arange(regions), len(cuts))))
    rows = sp.hstack([sp.csr_array(block), sp.csr_array(of_region)], format="csr")
    programme.add("cut", rows, ">", np.concatenate([cut[1] for cut in cuts]) - block @ low)
    solved = run(programme)
    if solved is None:
        raise PlanError("the model of the prices has no answer: a number of the units is out of scale.")
    prices: Floats = np.clip(low + solved[0][:rules], low, high)
    return prices, float(right @ prices + solved[0][rules:].sum())
