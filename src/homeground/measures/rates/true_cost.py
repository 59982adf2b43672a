# SPDX-License-Identifier: Apache-2.0
"""What a hectare that survives costs at a place: cash, and the work at the wage that is paid there, charged once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from homeground.measures.rates.pool import Pooled
from homeground.measures.rates.records import ENDS

Floats = NDArray[np.float64]
_TAKE: tuple[Callable[[Floats], Any], ...] = (np.min, np.median, np.max)  # of the records: least, middle, greatest


class TrueCost(NamedTuple):
    """USD a hectare, each low, mid, high: the cost, and what of it is cash and what is work."""

    cost: Floats
    cash: Floats
    cash_quality: float
    labour_quality: float  # of the days and the wage; that of the total where no work was added to it
    note: str
    replanted: float = 0.0  # share of the cost that goes into planting again what died, at mid
    survival_quality: float = 1.0

    @property
    def quality(self) -> float:
        """Of the cost as a whole: that of its weakest part."""
        return max(self.cash_quality, self.labour_quality, self.survival_quality)


def true_cost(cost: Pooled, days: Pooled, wage: Pooled | None, *, own: bool = False) -> TrueCost:
    """Cost of a hectare as planted, in cash and work at the wage of a place.

    Parameters
    ----------
    cost : Pooled
        Totals as published, USD/ha; its records say in labour what of each is paid work.
    days : Pooled
        Person-days/ha of the same phase.
    wage : Pooled, optional
        USD/person-day of the place; None or "none": no wage is near enough.
    own : bool
        The cost is the study's own and stands as it is given.

    Returns
    -------
    TrueCost

    Notes
    -----
    Of a record whose paid work is known: cash = total - paid work, cost = cash + days x wage. Of one whose work is inside
    the total: cash = max(total - days x wage, 0), so cost = max(total, days x wage) and the work is not charged twice. Then the
    median, the least and the greatest over the records. Without a wage the totals stand as published, all of it told
    as cash.

    Examples
    --------
    Of 100 USD 40 were paid for work; at another place the same 20 days cost 3 USD each: 60 + 20 x 3.

    >>> paid = dict(low=100.0, mid=100.0, high=100.0, labour=40.0)
    >>> one = Pooled((100.0, 100.0, 100.0), 3.0, "country", ("NER",), [paid], "")
    >>> days, wage = one._replace(ends=(10.0, 20.0, 30.0)), one._replace(ends=(2.0, 3.0, 4.0))
    >>> found = true_cost(one, days, wage)
    >>> found.cost.tolist(), found.cash.tolist()
    ([80.0, 120.0, 180.0], [60.0, 60.0, 60.0])
    >>> true_cost(one._replace(records=[paid | {"labour": np.nan}]), days, wage).cost.tolist()  # work is inside the 100
    [100.0, 100.0, 120.0]
    """
    totals = np.array(cost.ends)
    if wage is None or wage.how == "none":
        return TrueCost(totals, totals, cost.quality, cost.quality, "no wage near enough: total as published")
    work = np.array(days.ends) * np.array(wage.ends)
    if own:
        return TrueCost(totals, _in_order(np.maximum(totals - work, 0.0)), cost.quality, cost.quality, "own total")
    records = np.array([[row[end] for end in ENDS] for row in cost.records], dtype=float)
    paid = np.array([row.get("labour", np.nan) for row in cost.records], dtype=float)
    if cost.note:  # one value, taken as half to double
        records = np.array([cost.ends])
        paid = paid[:1]
    inside = np.isnan(paid)
    share = 1 - np.nan_to_num(paid) / records[:, 1]
    apart = records * share[:, None]
    cash = np.where(inside[:, None], np.maximum(records - work, 0.0), apart)
    ends = np.array([take(cash[:, i]) for i, take in enumerate(_TAKE)])
    covered = bool(inside.all() and (records[:, 1] >= work[1]).all())  # the totals hold the work already
    labour_quality = cost.quality if covered else max(days.quality, wage.quality)
    note = "work inside the total" if covered else "cash and work at the wage of the place"
    return TrueCost(ends + work, _in_order(ends), cost.quality, labour_quality, note)


def _in_order(ends: Floats) -> Floats:
    """Low, mid and high of cash, of which what is inside a total falls where work is dearer; mid stays mid."""
    return np.array([ends.min(), ends[1], ends.max()])


def surviving(planted: TrueCost, survival: Pooled | None) -> TrueCost:
    """Cost of a hectare that survives: what dies is planted again.

    Parameters
    ----------
    planted : TrueCost
        From `true_cost`.
    survival : Pooled, optional
        Share of what is planted that lives; None: not known, the cost of a hectare as planted stands.

    Returns
    -------
    TrueCost

    Examples
    --------
    >>> ends = np.array([80.0, 120.0, 180.0])
    >>> lives = Pooled((0.4, 0.5, 0.8), 4.0, "country", ("SEN",), (), "")
    >>> found = surviving(TrueCost(ends, ends, 3.0, 3.0, ""), lives)
    >>> found.cost.tolist(), found.quality, found.replanted
    ([100.0, 240.0, 450.0], 4.0, 0.5)
    """
    if survival is None or survival.how == "none":
        return planted._replace(note=f"{planted.note}; as planted")
    alive = np.array(survival.ends)[::-1]  # least cost where most lives
    return TrueCost(
        planted.cost / alive,
        planted.cash / alive,
        planted.cash_quality,
        planted.labour_quality,
        f"{planted.note}; over survival",
        float(1 - alive[1]),
        survival.quality,
    )
