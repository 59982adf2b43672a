# SPDX-License-Identifier: Apache-2.0
"""Which measure where, under a yearly budget and rules; with bound, gap and the price of each rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from homeground.errors import DataError, PlanError, Problems
from homeground.language.messages import Saying
from homeground.measures.options import measures_in
from homeground.measures.planning import tables
from homeground.measures.planning.again.draws import draw_plans
from homeground.measures.planning.binding import binding_table
from homeground.measures.planning.model import HA, solve, solve_cheapest
from homeground.measures.planning.objective import unit_of
from homeground.measures.planning.problem import build_problem, columns_of, country_floors, is_country_floor
from homeground.measures.planning.result import Plan
from homeground.measures.planning.rules.asked import Rule, for_each, read_rules
from homeground.measures.planning.rules.colliding import explain, lower_floors, make_room
from homeground.measures.planning.rules.prices import price_table
from homeground.measures.planning.rules.recheck import recheck
from homeground.measures.planning.whole_units import engine_for, solve_whole
from homeground.measures.suitable_land import suitable_areas
from homeground.numbers.fact import Amount
from homeground.numbers.money import Money

NEED = 4  # most that a hectare counts: degraded, as far below its like as can be, and twice where a study looks first


def plan(
    units: pd.DataFrame,
    options: pd.DataFrame,
    *,
    budget: Money,
    years: tuple[int, int],
    objective: str | Mapping[str, float] = "restored",
    rules: Sequence[Rule | Mapping[str, Any]] | Mapping[str, Any] | pd.DataFrame | None = None,
    value: Mapping[str, float] | None = None,
    trees_on_open_land: bool = False,
    estimate: str = "mid",
    with_interval: bool = True,
    floors_up_to_capacity: bool = False,
    land_ceiling: float = 1.0,
    even_pace: bool = False,
    draws: int = 0,
    seed: int = 1,
    engine: str = "auto",
) -> Plan:
    """Which measures on how much of which land do most for land and livelihoods under a yearly budget and the rules.

    Parameters
    ----------
    units : DataFrame
        As in `suitable_areas`: region_id, iso3, aridity_class, cover_class, area_km2, rain_mm. Optional need, 0 or
        more: how much a hectare there needs restoring (see `homeground.measures.planning_units`); left out, all count 1.
    options : DataFrame
        From `homeground.measures.options`; drop rows to leave measures out.
    budget : Money
        For one year, in the currency and price year of the options. price_year None (as published) is accepted and
        noted.
    years : tuple of int
        First and last year of spending.
    objective : str or mapping of str to weight, optional
        What the plan has most of: restored (hectares weighted by need), hectares, work, carbon, people or worth, or
        weights of these; see `homeground.measures.planning.objective.per_hectare`.
    rules : list of Rule or mapping, DataFrame, or mapping, optional
        Rules as data, each a floor, a cap or a share over any column; see `homeground.measures.Rule`. Or the short form:
        women, youth: least share of all person-days; country_floor: least share of the whole budget for each
        country, one number or a mapping of iso3 to share.
    value : mapping of measure to number, optional
        What a hectare of a measure counts in the objective; left out, 1 for each. Survival of plants is not applied.
    trees_on_open_land : bool
        Allow planted trees on natural grassland, savanna and steppe.
    estimate : {"low", "mid", "high"}
        Which costs, person-days and adoption ceilings to plan with. Shares of women and youth stay at mid.
    with_interval : bool
        Also plan with all costs high and all costs low.
    floors_up_to_capacity : bool
        Lower a country's floor to what its suitable land can take and, where no plan keeps all rules even so, to what
        the other rules leave room for (all floors by one factor, then up again for those that can); say so in the
        notes.
    land_ceiling : float
        Share of a unit's land, 0 to 1, that all measures together may take. Adoption ceilings hold for each measure
        alone, and several measures could else cover a whole region within a few years.
    even_pace : bool
        Each measure of a country starts the same area every year. Without it the last year, whose upkeep falls after
        the plan, draws the cheap measures.
    draws : int
        How often costs, days and adoption ceilings are drawn from their ranges and the plan is made again; 0: never.
    seed : int
        Of the draws.
    engine : {"auto", "highs", "whole_units"}
        highs: parts of units, by the linear programme. whole_units: each unit takes one measure, or none, on all that its
        ceilings leave, by `homeground.measures.choose`; for a million cells. auto: whole units above 300 000 pairs of
        unit and measure.

    Returns
    -------
    Plan

    Raises
    ------
    DataError
        Units, options, budget or rules are faulty; money of two currencies or years.
    PlanError
        No plan keeps the rules: names those that collide and by how much they are missed.

    Notes
    -----
    Linear programme in hectares x of unit and measure and hectares y started by country, measure and year:
    max sum need value x, with sum over measures of x at most the land of the unit, x at most the adoption ceiling,
    sum of y over years = sum of x over units, and in each year t: sum(establishment y_t + upkeep sum_{s<t} y_s) at
    most the budget of that year (money is not carried over). Upkeep is paid from the year after the start until the
    last year. Season and upkeep work likewise. Shares: sum((share - S) person-days) >= 0. Which unit of a country
    comes first is not told by the model; cost of a unit uses the mean start of its country and measure. The bound is
    computed from the multipliers by weak duality, apart from the solver. Of all plans with that gain the cheapest is
    taken (a second programme: least cost with at least 1 - 1e-9 of the gain). Source: methods of linear programming;
    prioritizr and ROOT pose the same kind of problem.

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.measures import options
    >>> from homeground.numbers.money import Money
    >>> unit = dict(region_id="NE1", iso3="NER", aridity_class="arid", cover_class="grassland")
    >>> unit |= dict(area_km2=100.0, rain_mm=350.0)
    >>> wide = options().loc[["half_moons"]]
    >>> result = plan(pd.DataFrame([unit]), wide, budget=Money(21340.0, "USD", 2023), years=(2025, 2025))
    >>> round(result.objective, 3)
    100.0
    """
    measures = measures_in(options)
    asked = for_each(read_rules({} if rules is None else rules), columns_of(units, options, measures))
    _check_floors(asked)
    _check_years(asked, years)
    if not 0 < land_ceiling <= 1:
        raise DataError(f"land_ceiling is {land_ceiling:g}; a share above 0 and up to 1 was expected, not per cent.")
    notes = check_money(budget, options)
    _check_numbers(units, options, value or {}, years, estimate)
    areas = suitable_areas(units, options, trees_on_open_land=trees_on_open_land, ceiling=estimate)

    def problem_at(end: str) -> tuple[Any, dict[str, float]]:
        built = build_problem(
            units,
            options,
            areas,
            budget_usd=budget.amount,
            years=years[1] - years[0] + 1,
            rules=asked,
            objective=objective,
            value=value or {},
            estimate=end,
            land_ceiling=land_ceiling,
            even_pace=even_pace,
            first_year=years[0],
        )
        return lower_floors(built) if floors_up_to_capacity else (built, {})

    problem, lowered = problem_at(estimate)
    as_asked = country_floors(asked)
    narrowed: dict[str, float] = {}
    by = engine_for(engine, len(problem.pairs))
    solution = solve_whole(problem) if by == "whole_units" else solve_cheapest(problem)
    if solution is None and floors_up_to_capacity:
        problem, narrowed = make_room(problem)
        solution = solve_cheapest(problem)
    by_land = {iso3: share for iso3, share in lowered.items() if iso3 not in narrowed}
    for told, by_what in (
        (by_land, "land"),
        (narrowed, "rules"),
    ):
        if told:
            floors = [
                Saying("warning.floor", {"country": iso3, "share": Amount(100 * share, "%", 2)})
                for iso3, share in told.items()
            ]
            notes.append(Saying(f"warning.floors_{by_what}", {"floors": floors}))
    asked = [replace(rule, part=problem.floors[str(rule.where)]) if is_country_floor(rule) else rule for rule in asked]
    if solution is None:
        raise explain(problem, floors_may_give_way=not floors_up_to_capacity)
    if solution.objective <= 0 and problem.share_rules:
        raise _nothing_left(problem)
    interval = [float("nan"), float("nan")]
    for place, end in enumerate(("high", "low") if with_interval and by == "highs" else ()):
        at_end = problem_at(end)[0]
        other = solve(at_end, problem.rules())
        if other is None and floors_up_to_capacity:
            other = solve(make_room(at_end)[0], problem.rules())
        if other is not None:
            interval[place] = other.objective * HA
    allocation = tables.allocation_table(problem, solution, areas, options, estimate)
    result = Plan(
        allocation=allocation,
        schedule=tables.schedule_table(problem, solution, years[0]),
        spending=tables.spending_table(problem, solution, years[0]),
        objective=solution.objective * HA,
        bound=solution.bound * HA,
        gap=max(solution.bound - solution.objective, 0.0) / max(abs(solution.objective), 1e-12),
        objective_interval=(interval[0], interval[1]),
        prices=_in_unit(
            price_table(problem, solution, years[0], land_ceiling=land_ceiling, again=by == "highs"), objective
        ),
        checks=allocation.iloc[:0],
        unverified=tables.unverified_table(allocation, options),
        notes=notes,
        budget_usd=budget.amount,
        years=years,
        estimate=estimate,
        rules=tuple(asked),
        options=options,
        areas=areas,
        land_ceiling=land_ceiling,
        even_pace=even_pace,
        objective_unit=unit_of(objective),
        engine=by,
        problem=replace(problem, floors=as_asked),  # other budgets and draws may keep what this one could not
        units=units,
        starts=tables.starts_table(problem, solution, years[0]),
        binding=binding_table(problem, solution, areas),
        drawn=draw_plans(
            replace(problem, floors=as_asked),
            options,
            draws=draws if by == "highs" else 0,
            seed=seed,
            estimate=estimate,
            floors_give_way=floors_up_to_capacity,
            land_ceiling=land_ceiling,
        ),
    )
    checks = recheck(result)
    broken = checks.loc[~checks["kept"], "rule"].tolist()
    if broken:
        raise PlanError(f"the plan found breaks {', '.join(broken)} when checked again. Please report this study.")
    return replace(result, checks=checks)


def _in_unit(prices: pd.DataFrame, objective: str | Mapping[str, float]) -> pd.DataFrame:
    """Prices in the unit of what the plan has most of."""
    if objective == "restored":
        return prices
    return prices.assign(unit=prices["unit"].str.replace("weighted ha", unit_of(objective), regex=False))


def _check_years(rules: Sequence[Rule], years: tuple[int, int]) -> None:
    problems = Problems("the rules of the plan")
    for rule in rules:
        if rule.year is not None and not years[0] <= rule.year <= years[1]:
            problems.add(f"{rule.name}: the year {rule.year} lies outside the plan, {years[0]} to {years[1]}.")
    problems.raise_if_any(DataError)


def _nothing_left(problem: Any) -> PlanError:
    """Share rules that no measure can meet are kept by planning nothing at all, which nobody means."""
    lines = [
        f"  - {name}: {asked:.1%} of person-days asked, the measure with most gives {problem.shares[name].max():.1%}"
        for name, asked in problem.share_rules.items()
    ]
    listed = "\n".join(lines)
    return PlanError(f"the rules leave nothing to plan:\n{listed}\nLower a share, or add measures that give more.")


def _check_floors(rules: Sequence[Rule]) -> None:
    floors = country_floors(rules)
    total = sum(floors.values())
    if total > 1 + 1e-12:
        raise PlanError(
            f"the country floors of {len(floors)} countries add up to {total:.1%} of the budget, "
            f"{total - 1:.1%} more than all of it. Lower country_floor to {1 / len(floors):.4f} or less."
        )


def check_money(budget: Money, options: pd.DataFrame) -> list[Saying]:
    """Refuse a budget that the costs of measures cannot be held against, and say what is taken for granted.

    Parameters
    ----------
    budget : Money
    options : DataFrame
        From `homeground.measures.options`.

    Returns
    -------
    list of Saying
        A note where the budget is taken as published.

    Raises
    ------
    DataError
        Money of two currencies or years, or a budget that is not above 0.

    Examples
    --------
    >>> from homeground.measures import options
    >>> check_money(Money(1e6, "USD", 2023), options())
    []
    """
    problems = Problems("the money of the plan")
    years = sorted(set(options["price_year"]))
    currencies = sorted(set(options["currency"]))
    if len(years) != 1 or len(currencies) != 1:
        problems.add(
            f"options are in {', '.join(map(str, currencies))} of {', '.join(map(str, years))}; one was expected."
        )
    if not budget.amount > 0:
        problems.add(f"a budget above 0 was expected, found {budget.amount}.")
    if budget.currency not in currencies:
        problems.add(f"the budget is in {budget.currency}, costs are in {', '.join(currencies)}. Convert one.")
    if budget.price_year is not None and budget.price_year not in years:
        problems.add(
            f"the budget is in prices of {budget.price_year}, costs in prices of {', '.join(map(str, years))}. "
            'Give the budget in that year\'s prices or write price_year = "as published"; '
            "in Python, homeground.measures.at_prices moves the costs."
        )
    problems.raise_if_any(DataError)
    if budget.price_year is None:
        return [Saying("warning.as_published", {"year": str(years[0])})]
    return []


def _check_numbers(
    units: pd.DataFrame, options: pd.DataFrame, value: Mapping[str, float], years: tuple[int, int], estimate: str
) -> None:
    problems = Problems("the plan")
    if years[0] > years[1]:
        problems.add(f"years end before they start: {list(years)}. Write [{years[1]}, {years[0]}].")
    if estimate not in ("low", "mid", "high"):
        problems.add(f'estimate "{estimate}" is unknown: low, mid or high was expected.')
    if "need" in units.columns and not bool(units["need"].between(0, NEED).all()):
        problems.add(
            f"need from 0 to {NEED} was expected in every unit; some are missing or outside. Leave out or fill these."
        )
    strangers = sorted(set(value) - set(measures_in(options)))
    if strangers:
        problems.add(f"value names {', '.join(strangers)}, which are not among the options.")
    if any(not number >= 0 for number in value.values()):
        problems.add("value of 0 or more was expected for each measure.")
    problems.raise_if_any(DataError)
