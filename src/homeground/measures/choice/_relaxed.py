# SPDX-License-Identifier: Apache-2.0
"""The question without its rules: each unit alone takes what is worth most at the prices of the rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from homeground.measures.choice._instance import Floats, Instance

CHUNK = 8192  # units at a time: their arrays stay in the cache


@dataclass(frozen=True)
class Answer:
    """What the units take, and its sums by region.

    Attributes
    ----------
    choice : array of int8 or int16, shape (units,)
        Measure; -1 for none.
    margin : array, shape (units,)
        How much better it is than the next best.
    utility, cost : arrays, shape (regions,)
    lift : array, shape (shares, regions)
    value : float
        Of the relaxed question at these prices: a bound on the objective.
    """

    choice: NDArray[np.int16]
    margin: Floats
    utility: Floats
    cost: Floats
    lift: Floats
    value: float


def relaxed(given: Instance, prices: Floats, *, worth: float = 1.0) -> Answer:
    """Solve every unit alone at given prices of the rules.

    Parameters
    ----------
    given : Instance
    prices : array, one from 0 for each rule
        In utility for a part of the budget, or for a lift.
    worth : float
        What a unit of utility counts: 0 asks only whether the rules can be kept.

    Returns
    -------
    Answer

    Notes
    -----
    Unit i takes the measure m of the largest u_im - q_r c_im + sum_k p_k w_imk, with q of its region the price of the budget
    and of its cap less that of its floor, or none where all are below 0. By weak duality
    sum of these + sum_j p_j b_j (floors with a minus) is a bound for any prices (Geoffrion 1974, Mathematical Programming
    Study 2: 82-114).
    """
    units, measures = given.utility.shape
    of_cost = np.zeros(given.regions)
    of_lift = [float(price) for rule, price in zip(given.rules, prices, strict=True) if rule.kind == "share"]
    right = 0.0
    for rule, price in zip(given.rules, prices, strict=True):
        sign = -1.0 if rule.kind == "floor" else 1.0
        right += sign * price * rule.right
        if rule.kind == "budget":
            of_cost += price
        elif rule.kind != "share":
            of_cost[rule.region] += sign * price
    choice, margin = np.empty(units, np.int16), np.empty(units)
    utility, cost, lift = np.zeros(given.regions), np.zeros(given.regions), np.zeros((len(of_lift), given.regions))
    inner = 0.0
    for start in range(0, units, CHUNK):
        part = slice(start, start + CHUNK)
        u, region = given.utility[part], given.region[part]
        value = u * worth if worth else np.where(u > -np.inf, 0.0, -np.inf)
        value = value - of_cost[region][:, None] * given.cost[part]
        for price, w in zip(of_lift, given.lift, strict=True):
            if price:
                value += price * w[part]
        rows = np.arange(len(u))
        best = value.argmax(axis=1)
        top = value[rows, best]
        taken = top > 0
        value[rows, best] = -np.inf
        second = np.maximum(value.max(axis=1), 0.0) if measures > 1 else np.zeros(len(u))
        choice[part] = np.where(taken, best, -1)
        margin[part] = np.where(taken, top - second, -top)
        inner += float(top[taken].sum())
        where, what = region[taken], (rows[taken], best[taken])
        utility += np.bincount(where, u[what], given.regions)
        cost += np.bincount(where, given.cost[part][what], given.regions)
        for k, w in enumerate(given.lift):
            lift[k] += np.bincount(where, w[part][what], given.regions)
    return Answer(choice, margin, utility, cost, lift, inner + right)
