# SPDX-License-Identifier: Apache-2.0
"""A dryer, a mill or a store as a business: what it must earn, at which price and use it pays, what it is worth."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from homeground.errors import DataError
from homeground.finance.returns import npv, payback


class BusinessCase(NamedTuple):
    """What equipment earns and where it begins to pay.

    ``needed_a_year`` is the yearly margin before upkeep that pays capital and upkeep back; ``break_even_utilisation`` is
    missing where a unit earns nothing, and may be above 1: then no use of it pays.
    """

    output: float
    margin: float
    npv: float
    payback: float
    needed_a_year: float
    break_even_price: float
    break_even_utilisation: float
    energy_kwh: float
    person_days: float


def yearly_need(capital: float, life: int, rate: float, *, upkeep: float = 0.0) -> float:
    """What equipment must earn each year to pay back its capital over its life, and its upkeep.

    Parameters
    ----------
    capital : float
        Paid in year 0.
    life : int
        Years that it earns, from year 1.
    rate : float
        Discount rate, a fraction a year.
    upkeep : float
        Money a year.

    Returns
    -------
    float
        Money a year.

    Raises
    ------
    DataError
        Capital or upkeep is negative, life is not 1 or more, the rate looks like percent.

    Notes
    -----
    capital / sum over t = 1..life of (1 + rate)^-t, and upkeep.

    Examples
    --------
    >>> yearly_need(1000.0, 4, 0.0, upkeep=50.0)
    300.0
    """
    if not (math.isfinite(capital) and capital >= 0 and math.isfinite(upkeep) and upkeep >= 0):
        raise DataError(f"capital and upkeep of 0 or more were expected, found {capital} and {upkeep}.")
    if life != int(life) or life < 1:
        raise DataError(f"life in whole years, 1 or more, was expected, found {life}.")
    return capital / npv(rate, np.concatenate([[0.0], np.ones(int(life))])) + upkeep


def business_case(
    *,
    capital: float,
    capacity: float,
    utilisation: float,
    price: float,
    running_cost: float,
    energy: float,
    energy_price: float,
    life: int,
    rate: float,
    upkeep: float = 0.0,
    person_days: float = 0.0,
) -> BusinessCase:
    """What a dryer, mill or store earns, at which price and use it begins to pay, and what it is worth.

    Parameters
    ----------
    capital : float
        Money in year 0.
    capacity : float
        Units a year at full use, such as kg dried.
    utilisation : float
        Part of it that is used, above 0 and at most 1.
    price : float
        Money per unit that the user pays, or by which the product is worth more.
    running_cost : float
        Money per unit without energy: raw material that is bought, packing, work.
    energy, energy_price : float
        kWh per unit, money per kWh.
    life : int
        Years that it lasts; nothing is left after them.
    rate : float
        Discount rate, a fraction a year.
    upkeep : float
        Money a year whatever the use.
    person_days : float
        Days of work per unit.

    Returns
    -------
    BusinessCase
        output (units a year), margin (money a year after running cost, energy and upkeep), npv, payback (years; missing where
        it never pays), needed_a_year, break_even_price (money per unit at this use), break_even_utilisation (at this price),
        energy_kwh and person_days a year.

    Raises
    ------
    DataError
        A number is missing, negative or out of bounds.

    Notes
    -----
    margin = output x (price - running cost - energy x energy price) - upkeep; npv by `homeground.finance.npv` with capital in
    year 0 and the margin in years 1 to life. Break-even: capital + upkeep of a year, as of `yearly_need`, over the output.

    Examples
    --------
    >>> case = business_case(capital=1000, capacity=500, utilisation=0.8, price=2.0, running_cost=1.0, energy=0.5,
    ...     energy_price=0.4, life=4, rate=0.0, upkeep=50, person_days=0.1)
    >>> case.margin, case.npv, case.break_even_price, case.break_even_utilisation, case.person_days
    (270.0, 80.0, 1.95, 0.75, 40.0)
    """
    least = {
        "capital": capital, "price": price, "running_cost": running_cost, "energy": energy, "energy_price": energy_price,
        "upkeep": upkeep, "person_days": person_days,
    }  # fmt: skip
    for name, value in least.items():
        if not (math.isfinite(value) and value >= 0):
            raise DataError(f"{name} of 0 or more was expected, found {value}.")
    if not (math.isfinite(capacity) and capacity > 0):
        raise DataError(f"capacity above 0 was expected, found {capacity}.")
    if not 0 < utilisation <= 1:
        raise DataError(f"utilisation above 0 and at most 1 was expected, found {utilisation}. Write 80 % as 0.8.")
    needed = yearly_need(capital, life, rate, upkeep=upkeep)
    output, unit_cost = capacity * utilisation, running_cost + energy * energy_price
    margin = output * (price - unit_cost) - upkeep
    flows = np.concatenate([[-float(capital)], np.full(int(life), margin)])
    earned = price - unit_cost
    return BusinessCase(
        output=output,
        margin=margin,
        npv=npv(rate, flows),
        payback=payback(flows),
        needed_a_year=needed,
        break_even_price=unit_cost + needed / output,
        break_even_utilisation=needed / (capacity * earned) if earned > 0 else math.nan,
        energy_kwh=output * energy,
        person_days=output * person_days,
    )
