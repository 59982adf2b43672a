# SPDX-License-Identifier: Apache-2.0
"""Amounts of the land on which a measure starts in one year: costs, work, forgone grazing, benefit and carbon, year by year."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from homeground.finance.valued.places import ENDS
from homeground.finance.valued.product import Find, Gain, Option, Product, gain_of, worth

Floats = NDArray[np.float64]

C_TO_CO2 = 44 / 12
CARBON_YEARS = 20  # Tier 1: a stock moves to its new level within 20 years
SUFFIX = {"low": "_low", "mid": "", "high": "_high"}
COSTS = ("establishment_usd", "upkeep_usd", "season_usd", "forgone_usd")
AMOUNTS = (*COSTS, "labour_usd", "benefit_usd", "carbon_revenue_usd", "carbon_t_co2e")
NO_WAGE = "no day wage is known near enough, so that season work is not counted"
NO_FORAGE = "no yield or price of forage is known near enough, so that forgone grazing is not counted"
LABOUR_IN_COSTS = tuple(f"{phase}_cash_{end}" for phase in ("establishment", "upkeep") for end in ENDS)


class Started(NamedTuple):
    """Amounts by year, how well costs and benefit are known, and why either is absent."""

    amounts: dict[str, Floats]
    cost_quality: float
    benefit_quality: float
    cost_absent: str
    benefit_absent: str


def one_start(row: dict[str, Any], option: Option, find: Find, product: Product, years: NDArray[np.int_]) -> Started:
    """All amounts of the hectares started in one year, and how well costs and benefits are known.

    Parameters
    ----------
    row : dict
        iso3, year and hectares.
    option : Series or dict
        The measure's row of the options at that place.
    find : callable
        From `homeground.finance.valued.places.finder`.
    product : Product
        Of `homeground.finance.valued.product.product_of`.
    years : array

    Returns
    -------
    Started
        Season work and forgone grazing are NaN, with the reason, where no wage or price is near enough.

    Examples
    --------
    >>> from homeground.finance import read_products, read_values
    >>> from homeground.finance.valued.places import finder
    >>> from homeground.finance.valued.product import product_of
    >>> from homeground.measures import options
    >>> plan = {"iso3": "ETH", "measure": "exclosure", "year": 2024, "hectares": 2.0}
    >>> closed, find = product_of(read_products(), plan), finder(read_values())
    >>> out = one_start(plan, options().loc["exclosure"], find, closed, np.arange(2024, 2028))
    >>> out.amounts["forgone_usd"].tolist()  # 2 ha x 0.25 t x 40 USD in each of the two years until grass may be cut
    [20.0, 20.0, 0.0, 0.0]
    """
    age = (years - row["year"]).astype(float)
    hectares, iso3 = float(row["hectares"]), str(row["iso3"])
    once, after = np.where(age == 0, hectares, 0.0), np.where(age > 0, hectares, 0.0)
    out: dict[str, Floats] = {}
    wage, share = find("wage", iso3), find("season_opportunity_share", iso3)
    for i, end in enumerate(ENDS):
        out[f"establishment_usd{SUFFIX[end]}"] = once * option[f"establishment_cost_{end}"]
        out[f"upkeep_usd{SUFFIX[end]}"] = after * option[f"upkeep_cost_{end}"]
        out[f"season_usd{SUFFIX[end]}"] = after * option[f"person_days_season_{end}"] * wage.ends[i] * share.ends[i]
        out[f"labour_usd{SUFFIX[end]}"] = _labour(option, end, once, after, wage.ends[i])
        carbon = option[f"soil_carbon_rate_{end}"] + option[f"biomass_carbon_rate_{end}"]
        out[f"carbon_t_co2e{SUFFIX[end]}"] = np.where(age <= CARBON_YEARS, after, 0.0) * carbon * C_TO_CO2
    absent = [] if not wage.absent else [NO_WAGE]
    forgone, reason = _forgone(option, find, product, iso3, age)
    out |= {name: hectares * amount for name, amount in forgone.items()}
    absent += [reason] if reason else []
    out |= _carbon_revenue(out, find, iso3)
    gain = gain_of(product, option, find, iso3)
    for i, end in enumerate(ENDS):
        out[f"benefit_usd{SUFFIX[end]}"] = (
            np.full(age.size, np.nan) if gain.absent else hectares * _benefit(gain, option, i, age)
        )
    cost_quality = float(max(option["establishment_cost_quality"], option["upkeep_cost_quality"]))
    return Started(out, cost_quality, math.nan if gain.absent else gain.quality, "; ".join(absent), gain.absent)


def _labour(option: Option, end: str, once: Floats, after: Floats, wage: float) -> Floats:
    """The part of the costs that is labour where options tell cash apart, else the plan's person-days at the wage."""
    if all(name in option for name in LABOUR_IN_COSTS):
        parts = [
            max(option[f"{phase}_cost_{end}"] - option[f"{phase}_cash_{end}"], 0.0)
            for phase in ("establishment", "upkeep")
        ]
        inside: Floats = once * parts[0] + after * parts[1]
        return inside
    work = once * option[f"person_days_establishment_{end}"]
    work = work + after * (option[f"person_days_season_{end}"] + option[f"person_days_upkeep_{end}"])
    labour: Floats = work * wage
    return labour


def _forgone(option: Option, find: Find, product: Product, iso3: str, age: Floats) -> tuple[dict[str, Floats], str]:
    """USD a hectare that herds cannot eat while land is closed, which is until its benefit begins; 0 where none is closed."""
    names = [f"forgone_usd{suffix}" for suffix in SUFFIX.values()]
    if not product.forgone:
        return {name: np.zeros(age.size) for name in names}, ""
    factors = [find(f"{what}_{product.forgone}", iso3) for what in ("base_yield", "price")]
    if any(found.absent for found in factors):
        return {name: np.full(age.size, np.nan) for name in names}, NO_FORAGE
    out = {}
    for i, end in enumerate(ENDS):
        out[f"forgone_usd{SUFFIX[end]}"] = (
            factors[0].ends[i] * factors[1].ends[i] * closed(age, float(option[f"benefit_lag_{end}"]))
        )
    return out, ""


def closed(age: Any, lag: Any) -> Any:
    """Share of a year that land of an age is closed: all until the benefit begins, none after.

    Parameters
    ----------
    age : array, years since the measure was started
    lag : float or array, years until the benefit begins

    Returns
    -------
    array, 0 to 1

    Examples
    --------
    >>> closed(np.array([-1.0, 0.0, 1.0, 2.0]), 1.5).tolist()
    [0.0, 1.0, 0.5, 0.0]
    """
    return np.where(age < 0, 0.0, np.clip(lag - age, 0.0, 1.0))


def _benefit(gain: Gain, option: Option, end: int, age: Floats) -> Floats:
    """USD a hectare and year by age of the measure: end 0 is the worst of all factors together, 2 the best."""
    money, other = worth(gain, end)
    slow = ENDS[2 - other]
    return money * ramp(age, float(option[f"benefit_lag_{slow}"]), float(option[f"benefit_full_{slow}"]))


def ramp(age: Floats, lag: float, full: float) -> Floats:
    """Share of the full benefit that land of an age bears.

    Parameters
    ----------
    age : array, years since the measure was started
    lag : float, years
        Until then nothing comes.
    full : float, years
        From then on all of it comes.

    Returns
    -------
    array, shape of `age`, 0 to 1

    Notes
    -----
    clip((age - lag) / (full - lag), 0, 1); a step where `full` is not above `lag`.

    Examples
    --------
    >>> ramp(np.array([0.0, 2.0, 3.0, 4.0, 6.0]), 2.0, 4.0).tolist()
    [0.0, 0.0, 0.5, 1.0, 1.0]
    """
    if full <= lag:
        return np.where(age >= max(full, lag), 1.0, 0.0)
    return np.clip((age - lag) / (full - lag), 0.0, 1.0)


def _carbon_revenue(amounts: dict[str, Floats], find: Find, iso3: str) -> dict[str, Floats]:
    """Money for carbon that is sold, after buffer and verification, paid late; nothing where nothing is sold."""
    names = ("sold_share", "sale_price", "buffer_share", "verification_share", "delay")
    sold, price, buffer, verification, delay = (find(f"carbon_{name}", iso3).ends for name in names)
    out = {}
    for i, end in enumerate(ENDS):
        tonnes = amounts[f"carbon_t_co2e{SUFFIX[end]}"]
        late = min(round(delay[2 - i]), tonnes.size)
        paid = np.concatenate([np.zeros(late), tonnes[: tonnes.size - late]])
        net = sold[i] * (1 - buffer[2 - i]) * price[i] * (1 - verification[2 - i])
        # Carbon that is not known earns nothing known, except where none is sold.
        out[f"carbon_revenue_usd{SUFFIX[end]}"] = np.zeros(paid.size) if sold[i] == 0 else paid * net
    return out
