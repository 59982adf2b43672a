# SPDX-License-Identifier: Apache-2.0
"""What a row of yearly flows is worth: present value, modified rate, payback, ratios, annuity, switching value.

One convention throughout: the first flow falls in year 0 and is not discounted, as in numpy-financial (a spreadsheet's
NPV discounts it by one year). The rate stands first where a spreadsheet has it first. Rates are fractions a year: 0.06
is 6 %.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from homeground.errors import DataError
from homeground.finance.flows.money import same_money

Floats = NDArray[np.float64]

ZERO = 1e-12  # a sum this small beside its terms is rounding, not money
STEPS = 400  # places looked at between the ends of a bracket


def npv(rate: float, flows: ArrayLike) -> float:
    """What a row of yearly flows is worth in year 0, the year of the first flow.

    Parameters
    ----------
    rate : float
        Discount rate as a fraction a year, above -1 and at most 1. It stands first, as in a spreadsheet; real for flows
        in prices of one year, nominal for flows in the prices of their own years.
    flows : array-like, one dimension, two years or more
        Benefits less costs of year 0, 1, 2 ..., in one money (`MoneyRow` says which).

    Returns
    -------
    float
        In the money of the flows. The first flow is not discounted; a spreadsheet's NPV(rate; all flows) is this
        divided by 1 + rate.

    Raises
    ------
    DataError
        A flow is missing or infinite, flows are not one row or fewer than two, the rate looks like percent, or flows
        stand where the rate belongs (the order was npv(flows, rate) once).

    Notes
    -----
    sum over t of flow_t / (1 + rate)^t. Gittinger (1982), Economic Analysis of Agricultural Projects, ch. 9, which
    discounts the first year as well.

    Examples
    --------
    >>> round(npv(0.10, [-100.0, 60.0, 60.0]), 4)
    4.1322
    >>> npv(6, [-100.0, 60.0, 60.0])
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: rate is 6: a fraction above -1 and at most 1 was expected. Write 6 % as 0.06.
    """
    rate_first(rate, "npv(rate, flows)")
    values = row_of(flows, "flows", least=2)
    return float(values @ _discount_factors(fraction(rate, "rate"), values.size))


def mirr(flows: ArrayLike, finance_rate: float, reinvest_rate: float) -> float:
    """The yearly return when benefits are reinvested, and costs financed, at rates that are said aloud.

    Parameters
    ----------
    flows : array-like, one dimension, two years or more
        Benefits less costs of year 0, 1, 2 ...
    finance_rate, reinvest_rate : float
        Fractions a year: what money for negative flows costs, what positive flows earn until the last year.

    Returns
    -------
    float
        Fraction a year; NaN if no flow is negative or none is positive.

    Raises
    ------
    DataError
        A flow is missing or infinite, there are fewer than two, or a rate looks like percent.

    Notes
    -----
    (future value of positive flows / -present value of negative flows)^(1/(n - 1)) - 1, n flows.

    Examples
    --------
    >>> round(mirr([-100.0, 0.0, 121.0], 0.05, 0.0), 6)
    0.1
    """
    values = row_of(flows, "flows", least=2)
    gains, losses = np.where(values > 0, values, 0.0), np.where(values < 0, -values, 0.0)
    costs = float(losses @ _discount_factors(fraction(finance_rate, "finance_rate"), values.size))
    growth = 1.0 + fraction(reinvest_rate, "reinvest_rate")
    ends = float(gains @ growth ** np.arange(values.size - 1, -1, -1.0))
    if costs == 0 or ends == 0:
        return math.nan
    return float((ends / costs) ** (1.0 / (values.size - 1)) - 1.0)


def payback(flows: ArrayLike, rate: float = 0.0) -> float:
    """After how many years the flows have paid back what was put in, for good.

    Parameters
    ----------
    flows : array-like, one dimension, two years or more
        Benefits less costs of year 0, 1, 2 ...
    rate : float
        0 gives the simple payback, a discount rate the discounted one.

    Returns
    -------
    float
        Years from year 0, with a part of a year by a straight line within the year. NaN if the sum is below zero in
        the last year. A sum that rises above zero and falls below it again has not paid back yet.

    Raises
    ------
    DataError
        A flow is missing or infinite, there are fewer than two, or the rate looks like percent.

    Examples
    --------
    >>> payback([-100.0, 40.0, 40.0, 40.0])
    2.5
    >>> round(payback([-100.0, 40.0, 40.0, 40.0], rate=0.05), 3)
    2.742
    """
    values = row_of(flows, "flows", least=2)
    sums = np.cumsum(values * _discount_factors(fraction(rate, "rate"), values.size))
    sums[np.abs(sums) <= ZERO * np.abs(values).max()] = 0.0
    below = np.flatnonzero(sums < 0)
    if below.size == 0:
        return 0.0
    last = int(below[-1])
    if last == values.size - 1:
        return math.nan
    return float(last - sums[last] / (sums[last + 1] - sums[last]))


def benefit_cost_ratio(benefits: ArrayLike, costs: ArrayLike, rate: float) -> float:
    """How much one unit of money spent brings back, both in present value.

    Parameters
    ----------
    benefits, costs : array-like, one dimension
        Of year 0, 1, 2 ..., both as positive numbers, equally long. A benefit below zero is a loss.
    rate : float
        Discount rate as a fraction a year.

    Returns
    -------
    float
        Money per money.

    Raises
    ------
    DataError
        A cost is below zero, all costs are zero, lengths differ, a value is missing, the rate looks like percent, or
        benefits and costs are two `MoneyRow` of different currency, price year or terms.

    Notes
    -----
    PV(benefits) / PV(costs). All costs stand below the line; netting upkeep from benefits gives another ratio.

    Examples
    --------
    >>> round(benefit_cost_ratio([0.0, 66.0, 60.5], [100.0, 0.0, 0.0], 0.10), 6)
    1.1
    """
    same_money(benefits, costs)
    gain, cost = row_of(benefits, "benefits"), row_of(costs, "costs")
    if gain.size != cost.size:
        raise DataError(f"benefits have {gain.size} years and costs {cost.size}. Give both for the same years.")
    if (cost < 0).any():
        raise DataError("costs of 0 or more were expected, found negative ones. Give costs as positive numbers.")
    factors = _discount_factors(fraction(rate, "rate"), gain.size)
    below = float(cost @ factors)
    if below == 0:
        raise DataError("all costs are zero: a ratio to nothing has no meaning. Give the costs.")
    return float(gain @ factors) / below


def annuity(rate: float, years: int) -> float:
    """What one unit of money at the end of each of some years is worth in year 0.

    Parameters
    ----------
    rate : float
        Discount rate as a fraction a year.
    years : int
        How many yearly payments, the first after one year.

    Returns
    -------
    float
        Money per money a year. A present value over it is the equal yearly amount that is worth the same.

    Raises
    ------
    DataError
        Years are not a whole number of 1 or more, or the rate looks like percent.

    Notes
    -----
    (1 - (1 + r)^-n) / r, or n where r is 0. As -PV(rate, years, 1) of a spreadsheet and -pv(rate, years, 1) of
    numpy-financial.

    Examples
    --------
    >>> round(annuity(0.06, 20), 4), round(1000 / annuity(0.06, 20), 2)
    (11.4699, 87.18)
    """
    rate_first(rate, "annuity(rate, years)")
    if years != int(years) or years < 1:
        raise DataError(f"years in whole numbers, 1 or more, were expected, found {years}.")
    if (share := fraction(rate, "rate")) == 0:
        return float(years)
    return -math.expm1(-years * math.log1p(share)) / share


def switching_value(npv_of: Callable[[float], float], value: float, *, bracket: tuple[float, float]) -> float:
    """The value of one parameter at which the present value turns, the one nearest to the value assumed.

    Parameters
    ----------
    npv_of : callable
        Present value as a function of the parameter, all else unchanged.
    value : float
        What is assumed now.
    bracket : tuple of float
        Lowest and highest value that make sense; they enclose `value`.

    Returns
    -------
    float
        In the unit of the parameter; NaN if the present value does not change sign within the bracket. The change
        that may happen before the verdict turns is switching value / value - 1.

    Raises
    ------
    DataError
        The bracket does not enclose the value, or the present value is not a number somewhere within.

    Notes
    -----
    Root of npv_of by Brent's method on the stretch with a change of sign that is nearest to `value`, of 400 stretches.
    For a parameter that acts linearly it is value x (1 - NPV / (NPV - NPV at zero)).

    Examples
    --------
    >>> round(switching_value(lambda price: -100.0 + 2.0 * price, 80.0, bracket=(0.0, 200.0)), 9)
    50.0
    """
    low, high = bracket
    if not (math.isfinite(low) and math.isfinite(high) and low <= value <= high and low < high):
        raise DataError(f"the bracket {low} to {high} does not enclose the value {value}. Widen it.")
    places = np.unique(np.append(np.linspace(low, high, STEPS + 1), value))
    worth = np.array([npv_of(float(x)) for x in places])
    if not np.isfinite(worth).all():
        raise DataError(f"the present value is not a number at {places[~np.isfinite(worth)][0]:g}. Narrow the bracket.")
    found = [float(x) for x in places[worth == 0]]
    for i in np.flatnonzero(worth[:-1] * worth[1:] < 0):
        found.append(float(brentq(npv_of, places[i], places[i + 1], xtol=1e-14 * max(abs(low), abs(high)), rtol=1e-14)))
    return min(found, key=lambda x: abs(x - value)) if found else math.nan


def row_of(values: ArrayLike, name: str, *, least: int = 1) -> Floats:
    """Yearly values as one row of numbers; nothing missing is guessed.

    Parameters
    ----------
    values : array-like, one dimension, of year 0, 1, 2 ...
    name : str, what the error calls them
    least : int, how many there must be

    Returns
    -------
    array of float

    Raises
    ------
    DataError
        A value is missing or infinite, there are too few, they are not numbers, or not one row.

    Examples
    --------
    >>> row_of([-100, 60], "flows").tolist()
    [-100.0, 60.0]
    """
    try:
        row = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise DataError(f"{name}: a row of numbers was expected ({error}).") from error
    if row.ndim != 1 or row.size == 0:
        raise DataError(f"{name}: one row of yearly values was expected, found shape {row.shape}.")
    if row.size < least:
        raise DataError(f"{name}: at least {least} values were expected, found {row.size}. Give every year, zeros too.")
    if not np.isfinite(row).all():
        missing = np.flatnonzero(~np.isfinite(row))
        raise DataError(
            f"{name} of year {missing[0]} is {row[missing[0]]}. Fill it or shorten the row; nothing is guessed."
        )
    return row


def fraction(rate: float, name: str) -> float:
    """The rate itself; a DataError where it looks like percent.

    Parameters
    ----------
    rate : float, a year, as a fraction above -1 and at most 1: 0.06 is 6 %
    name : str, what the error calls it

    Returns
    -------
    float

    Examples
    --------
    >>> fraction(0.06, "rate")
    0.06
    """
    if np.ndim(rate) != 0:
        raise DataError(f"{name}: one number was expected, found a row of shape {np.shape(rate)}.")
    if not -1 < rate <= 1:
        raise DataError(f"{name} is {rate}: a fraction above -1 and at most 1 was expected. Write 6 % as 0.06.")
    return float(rate)


def rate_first(rate: object, order: str) -> None:
    """Refuse a row of flows where the rate belongs: the order changed to that of spreadsheets.

    Parameters
    ----------
    rate : object, what was given first
    order : str, how the call is written

    Raises
    ------
    DataError

    Examples
    --------
    >>> rate_first([-100.0, 110.0], "npv(rate, flows)")
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: flows stand where the rate belongs: the order is npv(rate, flows) now, as in Excel and numpy-financial.
    """
    if np.ndim(rate) != 0:  # type: ignore[arg-type]
        raise DataError(
            f"flows stand where the rate belongs: the order is {order} now, as in Excel and numpy-financial."
        )


def _discount_factors(rate: float, years: int) -> Floats:
    """What one unit of money in year 0, 1, 2 ... is worth in year 0."""
    factors: Floats = (1.0 + rate) ** -np.arange(float(years))
    return factors
