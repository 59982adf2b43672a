# SPDX-License-Identifier: Apache-2.0
"""The rates at which a row of yearly flows is worth nothing: all of them, or the reason why there is none."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from homeground.finance.returns import ZERO, row_of

Floats = NDArray[np.float64]

DUST = 1e-15  # a flow this small beside the largest makes no rate where others do


class InternalRates(NamedTuple):
    """All internal rates of return, lowest first, and the reason where there is none."""

    roots: tuple[float, ...]
    reason: str


def irr(flows: ArrayLike) -> tuple[float, ...]:
    """Every internal rate of return of a row of yearly flows: none, one or several.

    Parameters
    ----------
    flows : array-like, one dimension, two years or more
        Benefits less costs of year 0, 1, 2 ...

    Returns
    -------
    tuple of float
        Fractions a year above -1, lowest first; () for flows of one sign and wherever no rate brings them to zero
        (`internal_rates` says why). With more than one none of them is "the" return: read the present value.

    Raises
    ------
    DataError
        A flow is missing or infinite, flows are not one row, or fewer than two.

    Notes
    -----
    As in `internal_rates`.

    Examples
    --------
    >>> [round(rate, 4) for rate in irr([-100.0, 230.0, -132.0])]
    [0.1, 0.2]
    >>> irr([-100.0, -10.0])
    ()
    """
    return internal_rates(flows).roots


def internal_rates(flows: ArrayLike) -> InternalRates:
    """All rates at which the present value of a row of flows crosses zero, and the reason where there is none.

    Parameters
    ----------
    flows : array-like, one dimension, two years or more
        Benefits less costs of year 0, 1, 2 ...

    Returns
    -------
    InternalRates
        roots: fractions a year above -1, lowest first. reason: why there is none, else "". A rate at which the
        present value only touches zero is no root, and where other rates solve it, neither is one that hangs on flows
        of less than 1e-15 of the largest alone: they are rounding of a file, not money. With more than one root none of
        them is "the" return: read the NPV.

    Raises
    ------
    DataError
        A flow is missing or infinite, flows are not one row, or fewer than two.

    Notes
    -----
    With s = ln(1 + r) the present value is f(s) = sum c_t e^(-st). It has at most as many zeros as its flows change
    sign. f(s) e^(ps), with p between two years at a change of sign, turns only where a like sum with one change fewer
    is zero; those places, found first, part the line into stretches with at most one zero each. So no root is missed
    and no start value is needed. Flows enter by their logarithms beside the largest: the money they are counted in
    moves no rate, and none is so small that it drops out.

    Examples
    --------
    >>> [round(r, 4) for r in internal_rates([-100.0, 230.0, -132.0]).roots]
    [0.1, 0.2]
    >>> internal_rates([-100.0, -10.0])
    InternalRates(roots=(), reason='no year has a net benefit: no rate brings the flows to zero')
    """
    values = row_of(flows, "flows", least=2)
    return rates_between(values, np.arange(float(values.size)))


def rates_between(values: Floats, times: Floats) -> InternalRates:
    """All internal rates of flows at any rising times.

    Parameters
    ----------
    values : array of float
        Benefits less costs.
    times : array of float
        Years from the first flow, each later than the one before.

    Returns
    -------
    InternalRates
        As from `internal_rates`.

    Examples
    --------
    >>> [round(r, 4) for r in rates_between(np.array([-100.0, 144.0]), np.array([0.0, 0.5])).roots]
    [1.0736]
    """
    years, paid = times[values != 0], values[values != 0]
    if paid.size == 0:
        return InternalRates((), "all flows are zero: every rate solves it")
    if (paid > 0).all() or (paid < 0).all():
        kind = "benefit" if paid[0] < 0 else "cost"
        return InternalRates((), f"no year has a net {kind}: no rate brings the flows to zero")
    mantissas, exponents = np.frexp(np.abs(paid))
    signs, logs = np.sign(paid), np.log(mantissas) + (exponents - exponents.max()) * math.log(2)
    places, touches = _crossings(years, signs, logs)
    roots = tuple(rate for s in _without_dust(places, years, signs, logs) if (rate := _rate(s)) is not None)
    if roots:
        return InternalRates(roots, "")
    if places:
        return InternalRates((), "the flows are zero only at a rate that no number can hold")
    if touched := [rate for s in touches if (rate := _rate(s)) is not None]:
        return InternalRates((), f"the present value touches zero at {touched[0]:.4g} and does not cross it")
    side = "above" if paid[0] > 0 else "below"
    return InternalRates((), f"the present value is {side} zero at every rate")


def _rate(place: float) -> float | None:
    """The rate of s = ln(1 + r); None where it cannot be told from -1, or is beyond all numbers."""
    rate = math.expm1(place) if place < 709 else math.inf
    return rate if -1 < rate < math.inf else None


def _without_dust(places: list[float], years: Floats, signs: Floats, logs: Floats) -> list[float]:
    """The places that do not hang on dust alone, if there are any."""
    dust = logs < logs.max() + math.log(DUST)
    made = []
    for place in places:
        terms = signs * _terms(place, years, logs)
        made.append(np.abs(terms[dust]).sum() > 0.5 * terms[terms > 0].sum())
    return [place for place, hangs in zip(places, made, strict=True) if not hangs] or places


def _terms(place: float, years: Floats, logs: Floats) -> Floats:
    """Size of each flow at e^(-s years), beside the largest of them."""
    powers = logs - place * years
    found: Floats = np.exp(powers - powers.max())
    return found


def _crossings(years: Floats, signs: Floats, logs: Floats) -> tuple[list[float], list[float]]:
    """Places s where sum of flows e^(-s years) crosses zero, and where it only touches; flows by sign and logarithm."""
    changes = np.flatnonzero(signs[:-1] != signs[1:])
    if changes.size == 0:
        return [], []
    before_pivot = 0.5 * (years[changes[0]] + years[changes[0] + 1]) - years
    at, flat = _crossings(years, signs * np.sign(before_pivot), logs + np.log(np.abs(before_pivot)))

    def scaled(s: float) -> float:
        return float(signs @ _terms(s, years, logs))

    def sign(s: float) -> float:
        total = scaled(s)
        return 0.0 if abs(total) <= ZERO else float(np.sign(total))

    # Beyond these ends the last, or the first, flow outweighs all others together.
    size = logs.max() + math.log(np.exp(logs - logs.max()).sum())
    low = -1.0 - (size - logs[-1]) / (years[-1] - years[-2])
    high = 1.0 + (size - logs[0]) / (years[1] - years[0])
    roots: list[float] = []
    touches: list[float] = []
    before, side, zeros = low, sign(low), []
    for place in (*sorted(s for s in (*at, *flat) if low < s < high), high):
        now = sign(place)
        if now == 0:
            zeros.append(place)
            continue
        if now != side:
            roots.append(zeros[0] if zeros else float(brentq(scaled, before, place, xtol=1e-15, rtol=1e-14)))
        else:
            touches += zeros
        before, side, zeros = place, now, []
    return roots, touches
