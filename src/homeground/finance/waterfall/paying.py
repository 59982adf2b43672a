# SPDX-License-Identifier: Apache-2.0
"""The waterfall itself: cash of a period goes down the layers, losses go up them, and nothing is left unaccounted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from homeground.errors import DataError, Problems
from homeground.finance.instruments.loans import debt_service
from homeground.finance.returns import row_of
from homeground.finance.waterfall.tranches import ORDER, Tranche, check_tranches

Floats = NDArray[np.float64]


class Waterfall(NamedTuple):
    """What a structure paid: `periods` (one row a period) and `payments` (one row a period and layer).

    periods: period, cash (what came in), fees, paid (to all layers), reserve (at its end), loss, absorbed, unabsorbed,
    senior_due. payments: period, name, kind, interest, principal, distribution, due_interest, due_principal, lost,
    outstanding (at its end).
    """

    periods: pd.DataFrame
    payments: pd.DataFrame
    tranches: tuple[Tranche, ...]


def waterfall(
    cash: ArrayLike,
    tranches: list[Tranche] | tuple[Tranche, ...],
    *,
    fees: ArrayLike | float = 0.0,
    reserve_periods: float = 0.0,
    reserve_start: float = 0.0,
    losses: ArrayLike | float = 0.0,
    lock_up: float = 0.0,
    whole: float | None = None,
) -> Waterfall:
    """Pay fees, senior debt, the reserve, mezzanine, concessional debt and equity, in this order, period by period.

    Parameters
    ----------
    cash : array-like, one dimension
        Cash before debt service at the end of period 1, 2, ...: revenue less running costs and tax; 0 or more.
    tranches : sequence of Tranche
        One of each kind at most; amounts in the money of `cash`.
    fees : array-like or float
        Of each period: paid first, as far as cash goes.
    reserve_periods : float
        The debt service reserve holds this many periods of the senior debt service that is due next; 0 for none.
    reserve_start : float
        What lies in it at the start.
    losses : array-like or float
        Assets lost in each period, 0 or more: written off equity first, then concessional, mezzanine and senior, each up
        to what is outstanding.
    lock_up : float
        Equity is paid nothing in a period in which cash after fees is less than this many times the senior debt service
        due; the money waits in the reserve. 0 for none.
    whole : float, optional
        What is to be financed; layers may not be above it.

    Returns
    -------
    Waterfall
        `periods`, `payments` and the layers.

    Raises
    ------
    DataError
        Cash, fees or losses below 0 or of different length, or layers that cannot stand together.

    Notes
    -----
    In each period cash + reserve before = fees + interest + principal + distributions + reserve after. Senior debt may be
    paid from the reserve when cash is short; the reserve is filled up again before mezzanine is paid, and what it holds
    above its need (all, when senior debt is repaid) is cash of the period. Interest that is not paid is added to what is
    owed; principal that is not paid stays due. Concessional debt with way "bullet" defers its interest to the last period.
    Equity may be paid before deferred debt falls due. A loss lowers what is owed and, in proportion, what is due later. Losses beyond all layers stand in `unabsorbed`.

    Examples
    --------
    >>> layers = [Tranche("bank", "senior", 100.0, rate=0.1, periods=2), Tranche("owners", "equity", 50.0)]
    >>> paid = waterfall([80.0, 40.0], layers)
    >>> paid.payments.loc[paid.payments.kind == "senior", ["interest", "principal", "outstanding"]].values.tolist()
    [[10.0, 50.0, 50.0], [5.0, 35.0, 15.0]]
    >>> paid.payments.loc[paid.payments.kind == "equity", "distribution"].tolist()
    [20.0, 0.0]
    """
    check_tranches(tranches, whole=whole)
    came = row_of(cash, "cash")
    cost, gone = (_row(x, came.size, name) for x, name in ((fees, "fees"), (losses, "losses")))
    problems = Problems("waterfall")
    for row, name in ((came, "cash"), (cost, "fees"), (gone, "losses")):
        if (row < 0).any():
            period = int(np.flatnonzero(row < 0)[0]) + 1
            problems.add(f"{name} of period {period} is {row[period - 1]:g}: 0 or more was expected.")
    for value, name in ((reserve_periods, "reserve_periods"), (reserve_start, "reserve_start"), (lock_up, "lock_up")):
        if not value >= 0:
            problems.add(f"{name} is {value}: 0 or more was expected.")
    problems.raise_if_any(DataError)
    layers = [_Layer.of(one) for one in sorted(tranches, key=lambda one: ORDER.index(one.kind))]
    senior = layers[0] if layers[0].terms.kind == "senior" else None
    reserve, periods, payments = float(reserve_start), [], []
    for period in range(came.size):
        absorbed = _write_off(layers, float(gone[period]))
        fee = min(float(cost[period]), float(came[period]))
        before, left, rows, senior_due = reserve, float(came[period]) - fee, [], 0.0
        if senior is not None:
            senior_due = sum(senior.due(period))
            rows.append(senior.pay(period, left + reserve))
            from_cash = min(rows[0]["paid"], left)
            left, reserve = left - from_cash, reserve - (rows[0]["paid"] - from_cash)
        need = reserve_periods * sum(senior.due(period + 1)) if senior is not None else 0.0
        left, reserve = _fill(left, reserve, need)
        locked = float(came[period]) - fee < lock_up * senior_due * (1 - 1e-9)  # not by rounding
        for layer in layers[len(rows) :]:
            waits = layer.terms.kind == "equity" and (locked or period < layer.terms.grace)
            rows.append(layer.pay(period, 0.0 if waits else left))
            left -= rows[-1]["paid"]
        # What nobody may have yet (no equity, or it is locked up) waits in the reserve for the next period.
        reserve += left
        periods.append(
            {
                "period": period + 1,
                "cash": float(came[period]),
                "fees": fee,
                "paid": sum(row["paid"] for row in rows),
                "reserve_before": before,
                "reserve": reserve,
                "loss": float(gone[period]),
                "absorbed": absorbed,
                "unabsorbed": float(gone[period]) - absorbed,
                "senior_due": senior_due,
            }
        )
        payments += [{"period": period + 1, **row} for row in rows]
    columns = ["period", "name", "kind", "interest", "principal", "distribution", "due_interest", "due_principal"]
    table = pd.DataFrame(payments)[[*columns, "lost", "outstanding"]]
    return Waterfall(pd.DataFrame(periods), table, tuple(one.terms for one in layers))


@dataclass
class _Layer:
    """A tranche while it is paid: what is owed, and the schedule its principal follows."""

    terms: Tranche
    owed: float
    schedule: Floats  # what should be outstanding after each period
    lost: float = 0.0

    @classmethod
    def of(cls, terms: Tranche) -> _Layer:
        if terms.kind == "equity" or terms.amount == 0:
            return cls(terms, terms.amount, np.zeros(0))
        _, principal = debt_service(
            terms.amount, rate=terms.rate, periods=terms.periods, grace=terms.grace, way=terms.way
        )
        return cls(terms, terms.amount, np.maximum(terms.amount - np.cumsum(principal), 0.0))

    def _deferred(self, period: int) -> bool:
        bullet = self.terms.kind == "concessional" and self.terms.way == "bullet"
        return bullet and period < self.terms.periods - 1

    def due(self, period: int) -> tuple[float, float]:
        """Interest and principal due at the end of a period."""
        if self.terms.kind == "equity" or self.owed <= 0:
            return 0.0, 0.0
        interest = self.owed * self.terms.rate
        if self._deferred(period):
            return 0.0, 0.0
        scheduled = self.schedule[period] if period < self.schedule.size else 0.0
        return interest, max(self.owed - scheduled, 0.0)

    def pay(self, period: int, cash: float) -> dict[str, Any]:
        """Pay interest, then principal, as far as cash goes; the row that tells it."""
        due_interest, due_principal = self.due(period)
        accrued = 0.0 if self.terms.kind == "equity" else self.owed * self.terms.rate
        interest = min(due_interest, cash)
        principal = min(due_principal, cash - interest)
        equity = cash if self.terms.kind == "equity" else 0.0
        self.owed = self.owed + (accrued - interest) - principal
        lost, self.lost = self.lost, 0.0
        return {
            "name": self.terms.name, "kind": self.terms.kind, "interest": interest, "principal": principal,
            "distribution": equity, "due_interest": due_interest, "due_principal": due_principal, "lost": lost,
            "outstanding": self.owed, "paid": interest + principal + equity,
        }  # fmt: skip

    def write_off(self, loss: float) -> float:
        """Take a loss up to what is outstanding; later principal falls in proportion."""
        taken = min(loss, self.owed)
        if taken > 0:
            self.schedule = self.schedule * (1 - taken / self.owed)
            self.owed -= taken
            self.lost += taken
        return taken


def _write_off(layers: list[_Layer], loss: float) -> float:
    left = loss
    for layer in reversed(layers):
        left -= layer.write_off(left)
    return loss - left


def _fill(left: float, reserve: float, need: float) -> tuple[float, float]:
    """Bring the reserve to its need from cash, or free what it holds above."""
    moved = min(need - reserve, left)
    return left - moved, reserve + moved


def _row(values: ArrayLike | float, size: int, name: str) -> Floats:
    row = np.full(size, np.asarray(values, dtype=float)) if np.ndim(values) == 0 else row_of(values, name)
    if row.size != size:
        raise DataError(f"{name} has {row.size} periods, cash {size}. Give both for the same periods.")
    return row
