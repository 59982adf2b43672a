# SPDX-License-Identifier: Apache-2.0
"""Money of offers given to needs: the best fits first, and beside it the most that any choice could reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

FUNDERS = 3  # most offers that pay for one need
MOST_PAIRS = 4000  # beyond which the bound is not worked out
GAP, NODES = 0.005, 2000  # where the solver stops; counted in nodes and not in time, so that it ends alike everywhere


@dataclass(frozen=True)
class Link:
    """A pair that money could go through: bounds of what one partner gives or takes, in one currency's smallest units."""

    need: int
    offer: int
    score: float
    low: int
    high: int


@dataclass(frozen=True)
class Bound:
    """What no choice can beat (NaN where it was not worked out), and why."""

    value: float
    said: str


def greedy(
    links: Sequence[Link], gaps: Sequence[int], budgets: Sequence[int], funders: int = FUNDERS
) -> dict[int, int]:
    """Money through links, the best scores first.

    Parameters
    ----------
    links : sequence of Link
    gaps, budgets : sequence of int
        What is missing of each need and there of each offer, smallest units.
    funders : int
        Most offers that pay for one need.

    Returns
    -------
    dict of int to int
        Amount by place of the link, smallest units. Each link gets as much as gap, budget and its upper bound allow, or
        nothing where that is below its lower bound.

    Examples
    --------
    >>> two = [Link(0, 0, 0.9, 10, 60), Link(1, 0, 0.5, 50, 100)]
    >>> greedy(two, [100, 100], [100])  # 40 are left, which the second does not take
    {0: 60}
    """
    gap, budget, paying = list(gaps), list(budgets), [0] * len(gaps)
    found = {}
    for k in sorted(range(len(links)), key=lambda k: (-links[k].score, links[k].need, links[k].offer)):
        link = links[k]
        amount = min(gap[link.need], budget[link.offer], link.high)
        if amount <= 0 or amount < link.low or paying[link.need] >= funders:
            continue
        found[k] = amount
        gap[link.need] -= amount
        budget[link.offer] -= amount
        paying[link.need] += 1
    return dict(sorted(found.items()))


def value(links: Sequence[Link], amounts: dict[int, int]) -> float:
    """Money weighted by how well it fits, in smallest units.

    Parameters
    ----------
    links : sequence of Link
    amounts : dict of int to int

    Returns
    -------
    float

    Examples
    --------
    >>> value([Link(0, 0, 0.5, 0, 60)], {0: 60})
    30.0
    """
    return float(sum(links[k].score * amount for k, amount in amounts.items()))


def bound(links: Sequence[Link], gaps: Sequence[int], budgets: Sequence[int], funders: int = FUNDERS) -> Bound:
    """The most weighted money that any choice can reach, by HiGHS.

    Parameters
    ----------
    links, gaps, budgets, funders
        As of `greedy`.

    Returns
    -------
    Bound

    Notes
    -----
    max sum of s x over links, with low y <= x <= high y, sums of x within gaps and budgets, at most ``funders`` y a need, y 0
    or 1. What is told is the bound of the solver, not its best choice, so that nothing can be above it.

    Examples
    --------
    >>> two = [Link(0, 0, 0.9, 10, 60), Link(1, 0, 0.5, 50, 100)]
    >>> round(bound(two, [100, 100], [100]).value, 3)  # 50 x 0.9 + 50 x 0.5, above 60 x 0.9
    70.0
    """
    if not links:
        return Bound(0.0, "there is nothing to give")
    if len(links) > MOST_PAIRS:
        return Bound(float("nan"), f"not worked out for more than {MOST_PAIRS} pairs")
    n, unit = len(links), float(max(1, *budgets))
    low, high = (np.array([getattr(link, name) for link in links], "float64") / unit for name in ("low", "high"))
    need, offer = (np.array([getattr(link, name) for link in links]) for name in ("need", "offer"))
    score = np.array([link.score for link in links])
    limit = np.minimum(high, np.minimum(np.array(gaps, "float64")[need], np.array(budgets, "float64")[offer]) / unit)
    one = sp.eye_array(n)

    def sums(of: np.ndarray, size: int) -> sp.csr_array:
        return sp.csr_array((np.ones(n), (of, np.arange(n))), shape=(size, n))

    no_needs, no_offers = sp.csr_array((len(gaps), n)), sp.csr_array((len(budgets), n))
    rows = [
        (sp.hstack([one, -sp.diags_array(limit)]), 0.0),
        (sp.hstack([-one, sp.diags_array(low)]), 0.0),
        (sp.hstack([sums(need, len(gaps)), no_needs]), np.array(gaps, "float64") / unit),
        (sp.hstack([sums(offer, len(budgets)), no_offers]), np.array(budgets, "float64") / unit),
        (sp.hstack([no_needs, sums(need, len(gaps))]), float(funders)),
    ]
    found = milp(
        -np.concatenate([score, np.zeros(n)]),
        constraints=[LinearConstraint(matrix, -np.inf, most) for matrix, most in rows],
        bounds=Bounds(0, np.concatenate([np.maximum(limit, 0), np.ones(n)])),
        integrality=np.concatenate([np.zeros(n), np.ones(n)]),
        options={"mip_rel_gap": GAP, "node_limit": NODES},
    )
    if found.mip_dual_bound is None or not np.isfinite(found.mip_dual_bound):
        return Bound(float("nan"), "the solver found none")
    return Bound(-float(found.mip_dual_bound) * unit, f"bound of HiGHS, gap {GAP:g}, at most {NODES} nodes")
