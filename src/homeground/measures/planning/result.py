# SPDX-License-Identifier: Apache-2.0
"""A plan and everything that is needed to check it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from homeground.language.messages import Saying
from homeground.measures.planning.again.draws import Drawn
from homeground.measures.planning.model import Problem
from homeground.measures.planning.problem import country_floors
from homeground.measures.planning.rules.asked import Rule


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
    budget_usd, years, estimate, rules, options, areas, land_ceiling, even_pace
        What was asked: USD a year, first and last year, which costs, the rules (each of one place), the tables used, how
        much of a unit's land may be taken, and whether each measure of a region starts the same area every year.
    objective_unit : str
        Unit of objective and bound.
    engine : str
        highs, or whole_units.
    units : DataFrame
        What was planned on.
    starts : DataFrame
        The schedule by region: iso3, region_id, measure, year, hectares.
    binding : DataFrame
        From `homeground.measures.planning.binding.binding_table`: what holds the plan back in each region.
    drawn : Drawn or None
        The plan made again at drawn numbers.
    problem : Problem
        Its numbers, for `homeground.measures.planning.again.frontier.frontier`.
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
    rules: tuple[Rule, ...]
    options: pd.DataFrame
    areas: pd.DataFrame
    land_ceiling: float
    even_pace: bool
    objective_unit: str = "hectares weighted by need"
    engine: str = "highs"
    units: pd.DataFrame = field(default_factory=pd.DataFrame)
    starts: pd.DataFrame = field(default_factory=pd.DataFrame)
    binding: pd.DataFrame = field(default_factory=pd.DataFrame)
    drawn: Drawn | None = None
    problem: Problem | None = field(default=None, repr=False)

    @property
    def floors(self) -> dict[str, float]:
        """Parts of the whole budget that countries get at the least, after those that had to give way did."""
        return country_floors(self.rules)
