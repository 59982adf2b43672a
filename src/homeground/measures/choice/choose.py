# SPDX-License-Identifier: Apache-2.0
"""Which measure each of very many units takes, under a budget and rules, with a bound that proves how good the choice is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from homeground.errors import PlanError
from homeground.measures.choice._collisions import explain_collision
from homeground.measures.choice._dual import dual
from homeground.measures.choice._instance import Instance, instance
from homeground.measures.choice._open_units import exact, left_over, open_units, sums

FEW, WIDE_GAP, NARROW_GAP = 20_000, 1e-4, 1e-5  # the gap of whole units falls as their number grows
WHOLE, CORE, MOST_CORE = (
    400,
    400,
    1600,
)  # so few units are chosen exactly at once; else as many that the prices leave open
SCALE = 1e4  # of the utility that all units could have: what the solver's tolerances are made for


@dataclass(frozen=True)
class Choice:
    """A measure for each unit.

    Attributes
    ----------
    choice : array of int, shape (units,)
        Position of the measure; -1 for none.
    objective, bound : float
        Utility of the choice, and what none can exceed.
    gap : float
        (bound - objective) / |bound|.
    prices : dict of rule to float
        Utility that one more unit of money gives in the budget or a cap, or one less in a floor; of a share, one more
        person-day of the group that is let go. 0 where the rule does not bind.
    """

    choice: NDArray[np.int64]
    objective: float
    bound: float
    gap: float
    prices: dict[str, float]


def choose(
    utility: ArrayLike,
    cost: ArrayLike,
    *,
    budget: float,
    region: ArrayLike | None = None,
    floors: Mapping[int, float] | None = None,
    caps: Mapping[int, float] | None = None,
    work: ArrayLike | None = None,
    shares: Mapping[str, tuple[float, ArrayLike]] | None = None,
    gap: float | None = None,
    time_limit: float = 60,
) -> Choice:
    """One measure or none for each unit: the most utility under a budget, floors and caps by region, and shares of work.

    Parameters
    ----------
    utility, cost : arrays, shape (units, measures)
        What a measure is worth in a unit (-inf: cannot be taken there), and its cost (above 0), any money.
    budget : float
        Money for all.
    region : array of int, shape (units,), optional
        Code of each unit's region, from 0.
    floors, caps : mapping of region to a part of the budget, optional
        Least and most that is spent there.
    work : array, shape (units, measures), optional
        Person-days.
    shares : mapping of name to (least part of all work, that group's work as an array), optional
        Such as ``{"women": (0.4, women)}``.
    gap : float, optional
        How far from the bound the choice may be; left out, 1e-4 below 20,000 units and 1e-5 from there on.
    time_limit : float
        Seconds; the best choice so far is given then, with its gap.

    Returns
    -------
    Choice
        Every rule holds by plain sums within 1e-9 of its scale.

    Raises
    ------
    PlanError
        Arrays that are no question, or rules that collide: a smallest set of them, and how much each would have to give.

    Notes
    -----
    The rules are taken into the objective at prices (Lagrangian relaxation: Geoffrion 1974, Mathematical Programming Study
    2: 82-114; Fisher 1981, Management Science 27: 1-18), so each unit decides alone; the prices that give the least
    bound are found by cutting planes, and the units that they leave open are chosen exactly by HiGHS (a core problem: Balas
    and Zemel 1980, Operations Research 28: 1130-1154). The bound is that of the linear programme, found without it.

    Examples
    --------
    >>> import numpy as np
    >>> found = choose([[3.0, 6.0], [2.0, 2.5], [4.0, 1.0]], [[1.0, 2.0], [1.0, 2.0], [2.0, 1.0]], budget=4.0)
    >>> found.choice.tolist(), round(found.objective, 6)
    ([1, -1, 0], 10.0)
    """
    began = time.monotonic()
    raw = instance(utility, cost, budget=budget, region=region, floors=floors, caps=caps, work=work, shares=shares)
    best = np.where(raw.utility > -np.inf, raw.utility, 0.0).max(axis=1)
    scale = float(np.maximum(best, 0.0).sum()) / SCALE or 1.0
    given = replace(raw, utility=raw.utility / scale)
    units = len(given.utility)
    wanted = gap if gap is not None else WIDE_GAP if units < FEW else NARROW_GAP
    try:
        priced = dual(given)
    except PlanError:
        explain_collision(given)
        raise
    bound = priced.bound
    many = units if units <= WHOLE else CORE
    found: NDArray[np.int16] | None = None
    value = -np.inf
    while True:
        left = time_limit - (time.monotonic() - began)
        rows = open_units(given, priced.answer, many)
        some, most = exact(given, priced.answer.choice, rows, gap=max(0.3 * wanted * abs(bound), 1e-9), seconds=left)
        if some is not None and (now := sums(given, some)[0]) > value:
            found, value = some, now
        if rows.size == units:  # the solver's own bound is of whole units, and below that of parts of them
            bound = min(bound, max(most, value))
        if (
            (found is not None and bound - value <= wanted * max(abs(bound), 1e-9))
            or rows.size == units
            or many >= MOST_CORE
            or left <= 0
        ):
            break
        many *= 2
    if found is None:
        explain_collision(given)
        raise PlanError(
            f"no choice that keeps all rules was found in {time_limit:g} seconds, though none of them is known to collide. "
            "Give more time, or ease a rule."
        )
    if not (left_over(given, sums(given, found)[1]) >= -1e-9).all():
        raise AssertionError("a rule is broken")
    return _told(given, found, value * scale, bound * scale, scale, priced.prices)


def _told(
    given: Instance, found: NDArray[np.int16], objective: float, bound: float, scale: float, prices: NDArray[np.float64]
) -> Choice:
    told, share = {}, 0
    for rule, price in zip(given.rules, prices, strict=True):
        if rule.kind == "share":
            of, share = given.scale_of_lift[share], share + 1
        else:
            of = given.money
        told[rule.name] = float(price) * scale / of
    short = (bound - objective) / max(abs(bound), 1e-300)
    return Choice(found.astype(np.int64), objective, bound, max(short, 0.0), told)
