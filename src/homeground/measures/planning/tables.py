# SPDX-License-Identifier: Apache-2.0
"""Between the tables people read and the numbers of the linear programme."""

from __future__ import annotations

import numpy as np
import pandas as pd

from homeground.measures.jobs import PHASES, person_days
from homeground.measures.options import rates_of
from homeground.measures.planning.model import HA, Problem, Solution
from homeground.measures.rates.records import UNVERIFIED
from homeground.measures.suitability import unit_key

MILLION = 1e6


def allocation_table(
    problem: Problem, solution: Solution, areas: pd.DataFrame, options: pd.DataFrame, estimate: str
) -> pd.DataFrame:
    """How much land each measure gets in each unit, with money and work, low and high.

    Parameters
    ----------
    problem : Problem
        From `build_problem`.
    solution : Solution
        Of that problem.
    areas, options : DataFrame
        What the problem was built from.
    estimate : {"low", "mid", "high"}
        Which costs and person-days were planned with.

    Returns
    -------
    DataFrame, one row per unit and measure with land
        Columns as `Plan.allocation`, and years_after: years that follow the start, mean of the country's measure.

    Examples
    --------
    5 km2 are started, the half of them a year before the plan ends: 500 x (213.4 + 13.84 / 2) USD.

    >>> from homeground.measures import options, suitable_areas
    >>> land = dict(region_id="NE1", iso3="NER", aridity_class="arid", cover_class="grassland")
    >>> units, bunds = pd.DataFrame([land | dict(area_km2=50.0, rain_mm=350.0)]), options().loc[["half_moons"]]
    >>> asked = dict(budget_usd=1e6, years=2, rules={}, estimate="mid", even_pace=True)
    >>> areas = suitable_areas(units, bunds)
    >>> from homeground.measures.planning.model import solve
    >>> from homeground.measures.planning.problem import build_problem
    >>> problem = build_problem(units, bunds, areas, **asked)
    >>> table = allocation_table(problem, solve(problem, []), areas, bunds, "mid")
    >>> table[["hectares", "years_after", "cost_usd"]].round(6).values.tolist()
    [[500.0, 0.5, 110160.0]]
    """
    left = np.arange(problem.years - 1, -1, -1, dtype=float)
    started = solution.started.sum(axis=1)
    years_after = np.divide(solution.started @ left, started, out=np.zeros_like(started), where=started > 0)
    kept = solution.taken > 1e-9
    pairs = problem.pairs[kept]
    table = areas.loc[pairs["index"], [*unit_key(areas), "measure"]].reset_index(drop=True)
    table["area_km2"] = solution.taken[kept]
    table["hectares"] = table["area_km2"] * HA
    table["years_after"] = years_after[pairs["group"].to_numpy(int)]
    per_hectare = rates_of(options, table)
    for end, name in ((estimate, "cost_usd"), ("low", "cost_usd_low"), ("high", "cost_usd_high")):
        upkeep = per_hectare[f"upkeep_cost_{end}"] * table["years_after"]
        table[name] = table["hectares"] * (per_hectare[f"establishment_cost_{end}"] + upkeep)
    work = person_days(table[["iso3", "measure", "hectares", "years_after"]], options)
    total = pd.Series(0.0, table.index)
    for phase in PHASES:
        rows = work[work["phase"] == phase].reset_index(drop=True)
        for end, suffix in ((estimate, ""), ("low", "_low"), ("high", "_high")):
            table[f"person_days_{phase}{suffix}"] = rows[end]
        total = total + rows[estimate]
    for who in ("women", "youth"):
        table[f"{who}_person_days"] = total * per_hectare[f"{who}_share_mid"]
    return table


def schedule_table(problem: Problem, solution: Solution, first: int) -> pd.DataFrame:
    """Hectares started by country, measure and year.

    Parameters
    ----------
    problem : Problem
        Read are its countries and measures.
    solution : Solution
        Of that problem.
    first : int
        First year of the plan.

    Returns
    -------
    DataFrame, columns iso3, measure, year, hectares
        Only where land is started.

    Examples
    --------
    >>> groups, one = pd.DataFrame({"iso3": ["NER"], "measure": ["zai"]}), np.ones(1)
    >>> problem = Problem(groups, one, groups, one, one, np.ones((1, 2)), {}, np.ones(2), {}, {})
    >>> solution = Solution(np.array([5.0]), np.array([[0.0, 5.0]]), 5.0, 5.0, {}, 0.0)  # 5 km2 in the second year
    >>> schedule_table(problem, solution, 2025).values.tolist()
    [['NER', 'zai', 2026, 500.0]]
    """
    starts = starts_table(problem, solution, first)
    return starts.groupby(["iso3", "measure", "year"], as_index=False, sort=False)[["hectares"]].sum()


def starts_table(problem: Problem, solution: Solution, first: int) -> pd.DataFrame:
    """Hectares started by region, measure and year.

    Parameters
    ----------
    problem : Problem
        Read are its groups.
    solution : Solution
        Of that problem.
    first : int
        First year of the plan.

    Returns
    -------
    DataFrame, the columns of the problem's groups (iso3, region_id, measure, what rules are over), year, hectares
        Only where land is started.

    Examples
    --------
    >>> groups, one = pd.DataFrame({"iso3": ["NER"], "region_id": ["NE1"], "measure": ["zai"]}), np.ones(1)
    >>> problem = Problem(groups, one, groups, one, one, np.ones((1, 2)), {}, np.ones(2), {}, {})
    >>> solution = Solution(np.array([5.0]), np.array([[0.0, 5.0]]), 5.0, 5.0, {}, 0.0)
    >>> starts_table(problem, solution, 2025).values.tolist()
    [['NER', 'NE1', 'zai', 2026, 500.0]]
    """
    group, year = np.nonzero(solution.started > 1e-9)
    keys = list(problem.groups.columns)
    starts = problem.groups.iloc[group].reset_index(drop=True)
    starts["year"] = year + first
    starts["hectares"] = solution.started[group, year] * HA
    return starts.groupby([*keys, "year"], as_index=False, sort=False, dropna=False)[["hectares"]].sum()


def spending_table(problem: Problem, solution: Solution, first: int) -> pd.DataFrame:
    """Money by year: what is started, and upkeep of what was started before.

    Parameters
    ----------
    problem : Problem
        Read are its costs and its budget.
    solution : Solution
        Of that problem.
    first : int
        First year of the plan.

    Returns
    -------
    DataFrame, one row a year
        year, establishment_usd, upkeep_usd, budget_usd.

    Examples
    --------
    3 km2 are started in 2025 and 1 km2 in 2026, at 2 million USD each and 0.5 million a year after.

    >>> groups, one = pd.DataFrame({"iso3": ["NER"], "measure": ["zai"]}), np.ones(1)
    >>> problem = Problem(groups, one, groups, 2 * one, 0.5 * one, np.ones((1, 2)), {}, np.array([9.0, 9.0]), {}, {})
    >>> solution = Solution(np.array([4.0]), np.array([[3.0, 1.0]]), 4.0, 4.0, {}, 0.0)
    >>> spending_table(problem, solution, 2025).values.tolist()
    [[2025.0, 6000000.0, 0.0, 9000000.0], [2026.0, 2000000.0, 1500000.0, 9000000.0]]
    """
    before = np.cumsum(solution.started, axis=1) - solution.started
    return pd.DataFrame(
        {
            "year": np.arange(problem.years) + first,
            "establishment_usd": problem.establishment @ solution.started * MILLION,
            "upkeep_usd": problem.upkeep @ before * MILLION,
            "budget_usd": problem.budget * MILLION,
        }
    )


def unverified_table(allocation: pd.DataFrame, options: pd.DataFrame) -> dict[str, float]:
    """Shares of the plan that rest on expert defaults.

    Parameters
    ----------
    allocation : DataFrame
        From `allocation_table`.
    options : DataFrame
        From `homeground.measures.options` or `homeground.measures.options_at`: quality of each parameter; 5 is an expert default.

    Returns
    -------
    dict of str to float, 0 to 1
        cost: of establishment and of upkeep within the plan, each by its own grade, and where options tell work apart from
        cash, the work by that of its days and of the wage, and what is planted again by that of survival; person_days: each phase by its own grade; benefit: of the hectares
        whose yields gain, by the grade of the gain; carbon: of the tonnes, soil and biomass each by its own; hectares: by
        that of the adoption ceiling; women_and_youth: of the person-days, by that of the shares. NaN where there is none.

    Examples
    --------
    Half moons: sources give 100 person-days/ha to dig them and 1.5 to keep them up; the 6 of a season are a default.

    >>> from homeground.measures import options
    >>> row = dict(measure="half_moons", hectares=1.0, cost_usd=213.4)
    >>> days = dict(person_days_establishment=100.0, person_days_season=12.0, person_days_upkeep=16.0)
    >>> found = unverified_table(pd.DataFrame([row | days]), options())
    >>> found["cost"], found["person_days"], found["hectares"]
    (0.0, 0.09375, 1.0)
    """
    per_hectare = rates_of(options, allocation)
    hectares = allocation["hectares"]
    after = allocation["years_after"] if "years_after" in allocation else pd.Series(0.0, allocation.index)
    days = {phase: allocation[f"person_days_{phase}"] for phase in PHASES}
    total = sum(days.values(), pd.Series(0.0, allocation.index))
    money = [
        (once * hectares * amount, grade)
        for phase, once in (("establishment", 1.0), ("upkeep", after))
        for amount, grade in _parts_of_cost(per_hectare, phase)
    ]
    pools = ("soil_carbon_rate", "biomass_carbon_rate")
    shares = [(total, per_hectare[f"{who}_share_quality"]) for who in ("women", "youth")]
    return {
        "cost": _resting(money),
        "person_days": _resting([(work, per_hectare[f"person_days_{phase}_quality"]) for phase, work in days.items()]),
        "benefit": _resting([(hectares, per_hectare["yield_gain_quality"])]),
        "carbon": _resting([(hectares * per_hectare[f"{p}_mid"].abs(), per_hectare[f"{p}_quality"]) for p in pools]),
        "hectares": _resting([(hectares, per_hectare["adoption_ceiling_quality"])]),
        "women_and_youth": _resting(shares),
    }


def _parts_of_cost(per_hectare: pd.DataFrame, phase: str) -> list[tuple[pd.Series[float], pd.Series[float]]]:
    """What a hectare costs in a phase, USD, and how well that is known: cash and work where they are told apart."""
    cost = per_hectare[f"{phase}_cost_mid"]
    if f"{phase}_cash_mid" not in per_hectare:
        return [(cost, per_hectare[f"{phase}_cost_quality"])]
    again = per_hectare[f"{phase}_replanted_share"]
    cash = per_hectare[f"{phase}_cash_mid"].clip(upper=cost)
    return [
        (cash * (1 - again), per_hectare[f"{phase}_cash_quality"]),
        ((cost - cash) * (1 - again), per_hectare[f"{phase}_labour_quality"]),
        (cost * again, per_hectare["survival_quality"]),
    ]


def _resting(parts: list[tuple[pd.Series[float], pd.Series[float]]]) -> float:
    """Share of all amounts whose grade is that of an expert default; what has no grade is no part of the finding."""
    whole = sum(float(amount[grade.notna()].sum()) for amount, grade in parts)
    return (
        sum(float(amount[grade >= UNVERIFIED].sum()) for amount, grade in parts) / whole if whole > 0 else float("nan")
    )
