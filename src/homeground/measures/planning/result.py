# SPDX-License-Identifier: Apache-2.0
"""Every rule of a plan, checked again by plain sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from homeground.language.messages import Saying

_UNIT = ["region_id", "iso3", "aridity_class", "cover_class"]
TOLERANCE = 1e-6  # a rule counts as kept if it is missed by less than this share


def recheck(result: Plan) -> pd.DataFrame:
    """Whether a plan keeps every rule, by plain sums over its own tables, apart from the solver.

    Parameters
    ----------
    result : Plan
        As `plan` gives it.

    Returns
    -------
    DataFrame
        rule, where, asked, found, unit, kept (missed by no more than one part in a million of what is asked; a floor of
        a country, also by a ten-millionth of the whole budget, for solvers are no finer). Rules: adoption_ceiling
        and land_of_a_unit (the tightest place is shown), schedule (hectares started = hectares allotted), budget (of
        each year), country_floor, women and youth (shares of the person-days of all phases).

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.measures import options, plan
    >>> from homeground.numbers.money import Money
    >>> unit = dict(region_id="NE1", iso3="NER", aridity_class="arid", cover_class="grassland")
    >>> unit |= dict(area_km2=9.0, rain_mm=350.0)
    >>> result = plan(pd.DataFrame([unit]), options(), budget=Money(1e4, "USD", 2023), years=(2025, 2026))
    >>> bool(recheck(result).kept.all())
    True
    """
    rows: list[dict[str, Any]] = []

    def add(
        rule: str, where: str, asked: float, found: float, unit: str, *, least: bool = False, fine: float = 0.0
    ) -> None:
        slack = max(TOLERANCE * max(abs(asked), 1.0), fine)
        kept = found >= asked - slack if least else found <= asked + slack
        row = {"rule": rule, "where": where, "asked": float(asked), "found": float(found), "unit": unit}
        rows.append({**row, "kept": bool(kept)})

    taken = result.allocation.merge(result.areas, on=[*_UNIT, "measure"], how="left", validate="one_to_one")
    if len(taken):
        over = taken.iloc[int((taken["area_km2"] - taken["ceiling_km2"]).to_numpy().argmax())]
        where = f"{over['region_id']} {over['measure']}"
        add("adoption_ceiling", where, over["ceiling_km2"], over["area_km2"], "km2")
        by_unit = taken.groupby(_UNIT, as_index=False).agg(area_km2=("area_km2", "sum"), land=("suitable_km2", "max"))
        over = by_unit.iloc[int((by_unit["area_km2"] - by_unit["land"]).to_numpy().argmax())]
        add("land_of_a_unit", f"{over['region_id']} {over['cover_class']}", over["land"], over["area_km2"], "km2")
    allotted = float(result.allocation["hectares"].sum())
    started = float(result.schedule["hectares"].sum())
    add("schedule", "all", allotted, started, "ha")
    add("schedule", "all", allotted, started, "ha", least=True)
    spent, by_country, work = _sums(result)
    for year, money in spent.items():
        add("budget", str(year), result.budget_usd, money, "USD")
    floor = result.rules.get("country_floor", 0.0)
    whole = result.budget_usd * len(spent)
    for iso3, money in by_country.items():
        share = floor.get(iso3, 0.0) if isinstance(floor, Mapping) else floor
        if share > 0:
            add("country_floor", iso3, share * whole, money, "USD", least=True, fine=1e-7 * whole)
    for who in ("women", "youth"):
        if result.rules.get(who, 0.0) > 0 and work["all"] > 0:
            add(who, "all", result.rules[who], work[who] / work["all"], "share of person-days", least=True)
    return pd.DataFrame(rows)


def _sums(result: Plan) -> tuple[dict[int, float], dict[str, float], dict[str, float]]:
    """Money by year and by country, and person-days, summed year by year from the schedule."""
    first, last = result.years
    spent = dict.fromkeys(range(first, last + 1), 0.0)
    by_country = dict.fromkeys(sorted(set(result.areas["iso3"])), 0.0)
    work = {"all": 0.0, "women": 0.0, "youth": 0.0}
    for row in result.schedule.to_dict("records"):
        per_hectare = result.options.loc[row["measure"]]

        def amount(name: str, row: Any = row, per_hectare: Any = per_hectare) -> float:
            return float(row["hectares"] * per_hectare[f"{name}_{result.estimate}"])

        days = amount("person_days_establishment")
        for year in range(row["year"], last + 1):
            money = amount("establishment_cost" if year == row["year"] else "upkeep_cost")
            spent[year] += money
            by_country[row["iso3"]] += money
            if year > row["year"]:
                days += amount("person_days_season") + amount("person_days_upkeep")
        work["all"] += days
        for who in ("women", "youth"):
            work[who] += days * float(per_hectare[f"{who}_share_mid"])
    return spent, by_country, work


@dataclass(frozen=True)
class Plan:
    """A plan and everything needed to check it.

    Attributes
    ----------
    allocation : DataFrame
        region_id, iso3, aridity_class, cover_class, measure, hectares, area_km2, cost_usd (establishment and upkeep
        within the years of the plan), cost_usd_low, cost_usd_high, and by phase person_days_establishment,
        person_days_season, person_days_upkeep with _low and _high, women_person_days, youth_person_days. Phases are
        never added up here.
    schedule : DataFrame
        iso3, measure, year, hectares started in that year.
    spending : DataFrame
        year, establishment_usd, upkeep_usd, budget_usd.
    objective, bound, gap : float
        Hectares weighted by need; a proven upper bound; (bound - objective) / objective.
    objective_interval : tuple of float
        The same with all costs high, and with all costs low; NaN where the rules cannot be kept at those costs.
    prices : DataFrame
        rule, where, shadow_price, unit, objective_without, objective_lost, lost_share.
    checks : DataFrame
        From `recheck`.
    unverified : dict
        Share of the cost, of the person-days and of the hectares (adoption ceiling) that rests on expert defaults.
    notes : list of Saying
        What a reader must be told.
    budget_usd, years, estimate, rules, options, areas
        What was asked: USD a year, first and last year, which costs, the rules, and the tables used.
    """

    allocation: pd.DataFrame
    schedule: pd.DataFrame
    spending: pd.DataFrame
    objective: float
    bound: float
    gap: float
    objective_interval: tuple[float, float]
    prices: pd.DataFrame
    checks: pd.DataFrame
    unverified: dict[str, float]
    notes: list[Saying]
    budget_usd: float
    years: tuple[int, int]
    estimate: str
    rules: dict[str, Any]
    options: pd.DataFrame
    areas: pd.DataFrame
