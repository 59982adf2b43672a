# SPDX-License-Identifier: Apache-2.0
"""Between the tables people read and the numbers of the linear programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from homeground.measures.jobs import PHASES, person_days
from homeground.measures.options import measures_in, rates_of
from homeground.measures.planning.model import HA, Problem, Solution, solve
from homeground.measures.rates.records import UNVERIFIED
from homeground.measures.suitability import unit_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

MILLION = 1e6


def build_problem(
    units: pd.DataFrame,
    options: pd.DataFrame,
    areas: pd.DataFrame,
    *,
    budget_usd: float,
    years: int,
    rules: Mapping[str, Any],
    value: Mapping[str, float],
    estimate: str,
    land_ceiling: float = 1.0,
    even_pace: bool = False,
) -> Problem:
    """Numbers of the programme, from the tables people read.

    Parameters
    ----------
    units, options : DataFrame
        As in `plan`.
    areas : DataFrame
        From `suitable_areas`: one block of measures per row of `units`, in the order of `units`.
    budget_usd : float, USD
        For one year.
    years : int
        How many years are planned.
    rules, value, estimate, land_ceiling, even_pace : as in `plan`

    Returns
    -------
    Problem
        Pairs with no land to take are left out, rules that ask for nothing too.

    Examples
    --------
    A tenth of the 50 km2 may be taken up; 213.4 USD/ha are 0.02134 million USD/km2.

    >>> from homeground.measures import options, suitable_areas
    >>> land = dict(region_id="NE1", iso3="NER", aridity_class="arid", cover_class="grassland")
    >>> units, bunds = pd.DataFrame([land | dict(area_km2=50.0, rain_mm=350.0)]), options().loc[["half_moons"]]
    >>> asked = dict(budget_usd=1e6, years=2, rules={}, value={}, estimate="mid")
    >>> problem = build_problem(units, bunds, suitable_areas(units, bunds), **asked)
    >>> problem.pairs["ceiling_km2"].tolist(), problem.establishment.round(6).tolist(), problem.budget.tolist()
    ([5.0], [0.02134], [1.0, 1.0])
    """
    measures = measures_in(options)
    unit_of = np.repeat(np.arange(len(units)), len(measures))
    need = units["need"].to_numpy(float) if "need" in units.columns else np.ones(len(units))
    worth = areas["measure"].map(lambda name: value.get(name, 1.0)).to_numpy(float)
    open_pair = areas["ceiling_km2"].to_numpy(float) > 0
    pairs = areas.loc[open_pair, ["iso3", "measure", "ceiling_km2"]].reset_index()
    pairs["unit"] = unit_of[open_pair]
    pairs["gain"] = (need[unit_of] * worth)[open_pair]
    group, keys = pd.factorize(pd.MultiIndex.from_frame(pairs[["iso3", "measure"]]))
    pairs["group"] = group
    groups = pd.DataFrame(list(keys), columns=["iso3", "measure"])
    per_hectare = rates_of(options, groups)

    def column(name: str) -> NDArray[np.float64]:
        return per_hectare[name].to_numpy(float)

    left = np.arange(years - 1, -1, -1, dtype=float)
    once = column(f"person_days_establishment_{estimate}")
    yearly = column(f"person_days_season_{estimate}") + column(f"person_days_upkeep_{estimate}")
    floor = rules.get("country_floor", 0.0)
    floors = floor if isinstance(floor, Mapping) else dict.fromkeys(sorted(set(units["iso3"])), float(floor))
    return Problem(
        pairs=pairs,
        unit_km2=units["area_km2"].to_numpy(float) * land_ceiling,
        groups=groups,
        even_pace=even_pace,
        establishment=column(f"establishment_cost_{estimate}") * HA / MILLION,
        upkeep=column(f"upkeep_cost_{estimate}") * HA / MILLION,
        work=(once[:, None] + yearly[:, None] * left[None, :]) * HA / 1e3,
        shares={"women": column("women_share_mid"), "youth": column("youth_share_mid")},
        budget=np.full(years, budget_usd / MILLION),
        share_rules={name: float(rules[name]) for name in ("women", "youth") if rules.get(name, 0.0) > 0},
        floors={iso3: float(share) for iso3, share in floors.items() if share > 0},
    )


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
    >>> asked = dict(budget_usd=1e6, years=2, rules={}, value={}, estimate="mid", even_pace=True)
    >>> areas = suitable_areas(units, bunds)
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
    group, year = np.nonzero(solution.started > 1e-9)
    return pd.DataFrame(
        {
            "iso3": problem.groups["iso3"].to_numpy()[group],
            "measure": problem.groups["measure"].to_numpy()[group],
            "year": year + first,
            "hectares": solution.started[group, year] * HA,
        }
    )


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


def price_table(problem: Problem, solution: Solution, first: int) -> pd.DataFrame:
    """What each rule costs in weighted hectares: at the margin, and against the plan without it.

    Parameters
    ----------
    problem : Problem
        From `build_problem`.
    solution : Solution
        Of that problem, with its prices.
    first : int
        First year of the plan.

    Returns
    -------
    DataFrame, one row per budget of a year, share rule and floor
        rule; where (year, country or "all"); shadow_price and its unit; objective_without: weighted ha of the plan
        without the rule; objective_lost: what the rule costs of these, lost_share the same as a share of them. NaN: no
        shadow_price of all floors together, and only that for a budget or a single floor.

    Examples
    --------
    At 213.4 USD/ha one million USD more, of which there is too little, restores 4 686 ha more.

    >>> from homeground.measures import options, suitable_areas
    >>> land = dict(region_id="NE1", iso3="NER", aridity_class="arid", cover_class="grassland")
    >>> units, bunds = pd.DataFrame([land | dict(area_km2=50.0, rain_mm=350.0)]), options().loc[["half_moons"]]
    >>> asked = dict(budget_usd=1e4, years=1, rules={}, value={}, estimate="mid")
    >>> problem = build_problem(units, bunds, suitable_areas(units, bunds), **asked)
    >>> price_table(problem, solve(problem, []), 2025)["shadow_price"].round(0).tolist()
    [4686.0]
    """
    whole = float(problem.budget.sum())
    work = float((problem.work * solution.started).sum())
    without = {"country_floor": [r for r in problem.rules() if not r.startswith("country_floor")]}
    without |= {name: [r for r in problem.rules() if r != name] for name in problem.share_rules}
    rows: list[dict[str, Any]] = []

    def add(rule: str, where: str, shadow: float, unit: str, freed: float = float("nan")) -> None:
        lost = max(freed - solution.objective * HA, 0.0) if freed > 0 else float("nan")
        rows.append(
            {
                "rule": rule,
                "where": where,
                "shadow_price": shadow * HA,
                "unit": unit,
                "objective_without": freed,
                "objective_lost": lost,
                "lost_share": lost / freed if freed > 0 else float("nan"),
            }
        )

    for year in range(problem.years):
        add(
            "budget", str(year + first), float(solution.prices[f"budget {year}"][0]), "weighted ha per million USD more"
        )
    point = "weighted ha per percentage point more"
    for name in problem.share_rules:
        freed = solve(problem, without[name])
        add(
            name,
            "all",
            float(solution.prices[name][0]) * work * 0.01,
            point,
            freed.objective * HA if freed else float("nan"),
        )
    if problem.floors:
        freed = solve(problem, without["country_floor"])
        add("country_floor", "all", float("nan"), point, freed.objective * HA if freed else float("nan"))
    for iso3 in problem.floors:
        add("country_floor", iso3, float(solution.prices[f"country_floor {iso3}"][0]) * whole * 0.01, point)
    return pd.DataFrame(rows)


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
