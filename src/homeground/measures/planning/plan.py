# SPDX-License-Identifier: Apache-2.0
"""Which measure where, under a yearly budget and rules; with bound, gap and the price of each rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from homeground.errors import DataError, PlanError, Problems

if TYPE_CHECKING:
    import pandas as pd

    from homeground.numbers.money import Money

RULES = ("women", "youth", "country_floor")
_UNIT = ["region_id", "iso3", "aridity_class", "cover_class"]
TOLERANCE = 1e-6  # a rule counts as kept if it is missed by less than this share


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
    notes : list of str
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
    notes: list[str]
    budget_usd: float
    years: tuple[int, int]
    estimate: str
    rules: dict[str, Any]
    options: pd.DataFrame
    areas: pd.DataFrame


def plan(
    units: pd.DataFrame,
    options: pd.DataFrame,
    *,
    budget: Money,
    years: tuple[int, int],
    rules: Mapping[str, Any] | None = None,
    value: Mapping[str, float] | None = None,
    trees_on_open_land: bool = False,
    estimate: str = "mid",
    with_interval: bool = True,
    floors_up_to_capacity: bool = False,
    land_ceiling: float = 1.0,
    even_pace: bool = False,
) -> Plan:
    """Which measures on how much of which land do most for land and livelihoods under a yearly budget and the rules.

    Parameters
    ----------
    units : DataFrame
        As in `suitable_areas`: region_id, iso3, aridity_class, cover_class, area_km2, rain_mm. Optional need, 0 to
        1: how much a hectare there needs restoring (for example the potential gap of productivity); left out, all
        count 1.
    options : DataFrame
        From `homeground.measures.options`; drop rows to leave measures out.
    budget : Money
        For one year, in the currency and price year of the options. price_year None (as published) is accepted and
        noted.
    years : tuple of int
        First and last year of spending.
    rules : mapping, optional
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
    >>> result = plan(pd.DataFrame([unit]), wide, budget=Money(16890.0, "USD", 2023), years=(2025, 2025))
    >>> round(result.objective, 3)
    100.0
    """
    from homeground.measures.planning import tables
    from homeground.measures.planning.model import HA, solve, solve_cheapest
    from homeground.measures.planning.rules import explain, lower_floors, make_room
    from homeground.measures.suitability import suitable_areas

    given = _checked_rules(rules or {}, units)
    if not 0 < land_ceiling <= 1:
        raise DataError(f"land_ceiling is {land_ceiling:g}; a share above 0 and up to 1 was expected, not per cent.")
    notes = _check_money(budget, options)
    _check_numbers(units, options, value or {}, years, estimate)
    areas = suitable_areas(units, options, trees_on_open_land=trees_on_open_land, ceiling=estimate)

    def problem_at(end: str) -> tuple[Any, dict[str, float]]:
        built = tables.build_problem(
            units,
            options,
            areas,
            budget_usd=budget.amount,
            years=years[1] - years[0] + 1,
            rules=given,
            value=value or {},
            estimate=end,
            land_ceiling=land_ceiling,
            even_pace=even_pace,
        )
        return lower_floors(built) if floors_up_to_capacity else (built, {})

    problem, lowered = problem_at(estimate)
    narrowed: dict[str, float] = {}
    solution = solve_cheapest(problem)
    if solution is None and floors_up_to_capacity:
        problem, narrowed = make_room(problem)
        solution = solve_cheapest(problem)
    by_land = {iso3: share for iso3, share in lowered.items() if iso3 not in narrowed}
    for told, by_what in (
        (by_land, "the suitable land of the country can take"),
        (narrowed, "the other rules leave room for"),
    ):
        if told:
            listed = ", ".join(f"{iso3} {share:.2%}" for iso3, share in told.items())
            notes.append(f"Country floors lowered to what {by_what}: {listed}.")
    if lowered or narrowed:
        given = {**given, "country_floor": dict(problem.floors)}
    if solution is None:
        raise explain(problem, floors_may_give_way=not floors_up_to_capacity)
    if solution.objective <= 0 and problem.share_rules:
        raise _nothing_left(problem)
    interval = [float("nan"), float("nan")]
    for place, end in enumerate(("high", "low") if with_interval else ()):
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
        prices=tables.price_table(problem, solution, years[0]),
        checks=allocation.iloc[:0],
        unverified=tables.unverified_table(allocation, options),
        notes=notes,
        budget_usd=budget.amount,
        years=years,
        estimate=estimate,
        rules=given,
        options=options,
        areas=areas,
    )
    checks = recheck(result)
    broken = checks.loc[~checks["kept"], "rule"].tolist()
    if broken:
        raise PlanError(f"the plan found breaks {', '.join(broken)} when checked again. Please report this study.")
    return replace(result, checks=checks)


def _nothing_left(problem: Any) -> PlanError:
    """Share rules that no measure can meet are kept by planning nothing at all, which nobody means."""
    lines = [
        f"  - {name}: {asked:.1%} of person-days asked, the measure with most gives {problem.shares[name].max():.1%}"
        for name, asked in problem.share_rules.items()
    ]
    listed = "\n".join(lines)
    return PlanError(f"the rules leave nothing to plan:\n{listed}\nLower a share, or add measures that give more.")


def recheck(result: Plan) -> pd.DataFrame:
    """Whether a plan keeps every rule, by plain sums over its own tables, apart from the solver.

    Parameters
    ----------
    result : Plan

    Returns
    -------
    DataFrame
        rule, where, asked, found, unit, kept (missed by no more than one part in a million of what is asked; a floor of
        a country, also by a ten-millionth of the whole budget, for solvers are no finer). Rules: adoption ceiling
        and land of a unit (the tightest place is shown), schedule (hectares started = hectares allotted), budget of
        each year, country floors, shares of women and youth in the person-days of all phases.

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.measures import options
    >>> from homeground.numbers.money import Money
    >>> unit = dict(region_id="NE1", iso3="NER", aridity_class="arid", cover_class="grassland")
    >>> unit |= dict(area_km2=9.0, rain_mm=350.0)
    >>> result = plan(pd.DataFrame([unit]), options(), budget=Money(1e4, "USD", 2023), years=(2025, 2026))
    >>> bool(recheck(result).kept.all())
    True
    """
    import pandas as pd

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
        add("adoption ceiling", where, over["ceiling_km2"], over["area_km2"], "km2")
        by_unit = taken.groupby(_UNIT, as_index=False).agg(area_km2=("area_km2", "sum"), land=("suitable_km2", "max"))
        over = by_unit.iloc[int((by_unit["area_km2"] - by_unit["land"]).to_numpy().argmax())]
        add("land of a unit", f"{over['region_id']} {over['cover_class']}", over["land"], over["area_km2"], "km2")
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


def _checked_rules(rules: Mapping[str, Any], units: pd.DataFrame) -> dict[str, Any]:
    problems = Problems("the rules of the plan")
    for name in rules:
        if name not in RULES:
            problems.add(f'rule "{name}" is unknown. Known: {", ".join(RULES)}.')
    floor = rules.get("country_floor", 0.0)
    countries = set(units["iso3"]) if "iso3" in units.columns else set()
    floors = dict(floor) if isinstance(floor, Mapping) else dict.fromkeys(countries, floor)
    for where, share in (*floors.items(), *((who, rules.get(who, 0.0)) for who in ("women", "youth"))):
        if not 0 <= share <= 1:
            problems.add(f"{where}: a share from 0 to 1 was expected, found {share}.")
    strangers = sorted(set(floors) - countries)
    if strangers:
        problems.add(f"country_floor names {', '.join(strangers)}, which have no units. Remove them.")
    problems.raise_if_any(DataError)
    total = sum(floors.values())
    if total > 1 + 1e-12:
        raise PlanError(
            f"the country floors of {len(floors)} countries add up to {total:.1%} of the budget, "
            f"{total - 1:.1%} more than all of it. Lower country_floor to {1 / len(floors):.4f} or less."
        )
    return dict(rules)


def _check_money(budget: Money, options: pd.DataFrame) -> list[str]:
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
        return [f"The budget is taken as published, without a price year; costs are in prices of {years[0]}."]
    return []


def _check_numbers(
    units: pd.DataFrame, options: pd.DataFrame, value: Mapping[str, float], years: tuple[int, int], estimate: str
) -> None:
    problems = Problems("the plan")
    if years[0] > years[1]:
        problems.add(f"years end before they start: {list(years)}. Write [{years[1]}, {years[0]}].")
    if estimate not in ("low", "mid", "high"):
        problems.add(f'estimate "{estimate}" is unknown: low, mid or high was expected.')
    if "need" in units.columns and not bool(units["need"].between(0, 1).all()):
        problems.add(
            "need from 0 to 1 was expected in every unit; some are missing or outside. Leave out or fill these."
        )
    strangers = sorted(set(value) - set(options.index))
    if strangers:
        problems.add(f"value names {', '.join(strangers)}, which are not among the options.")
    if any(not number >= 0 for number in value.values()):
        problems.add("value of 0 or more was expected for each measure.")
    problems.raise_if_any(DataError)
