# SPDX-License-Identifier: Apache-2.0
"""Every rule of a plan, checked again by plain sums."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from homeground.measures.options import rates_of
from homeground.measures.planning.result import Plan
from homeground.measures.planning.rules.asked import AMOUNTS, Rule
from homeground.measures.suitability import unit_key

_PHASES = ("establishment", "season", "upkeep")
HA = 100.0  # hectares in a km2
TOLERANCE = 1e-6  # a rule counts as kept if it is missed by less than this share
FINE_HA = 1e-3  # hectares of one measure in one place or year that a solver does not tell apart
FINE = {"hectares": FINE_HA, "person_days": 1.0, "water": 1.0}  # of a rule in its unit
FINE_MONEY = 1e-7  # the same for money, as a share of the whole budget


def recheck(result: Plan) -> pd.DataFrame:
    """Whether a plan keeps every rule, by plain sums over its own tables, apart from the solver.

    Parameters
    ----------
    result : Plan
        As `plan` gives it.

    Returns
    -------
    DataFrame
        rule, where, asked, found, unit, kept (missed by no more than one part in a million of what is asked, and by what
        solvers are no finer than: 10 m2, a ten-millionth of the whole budget). Rules, of which the tightest place is shown:
        no_land_below_zero, area (km2 = hectares), adoption_ceiling (of a unit and measure), land_of_a_unit (its part by
        ``land_ceiling``), first_year, last_year, schedule (hectares started = hectares allotted, by country and measure), starts (the same by region),
        pace (the same each year, where asked), budget (of each year), spending and cost (tables = sums), work, women_work
        and youth_work (the same), country_floor, women and youth (shares of the person-days of all phases).

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
    checks = _Checks([])
    _check_land(checks, result)
    _check_schedule(checks, result)
    _check_money_and_work(checks, result)
    return pd.DataFrame(checks.rows)


@dataclass
class _Checks:
    """Rules as they are held against the plan."""

    rows: list[dict[str, Any]]

    def at_most(self, rule: str, where: str, asked: float, found: float, unit: str, *, fine: float = 0.0) -> None:
        """A missing number is kept by nobody: it compares false."""
        self._add(rule, where, asked, found, unit, kept=found <= asked + _slack(asked, fine))

    def at_least(self, rule: str, where: str, asked: float, found: float, unit: str, *, fine: float = 0.0) -> None:
        self._add(rule, where, asked, found, unit, kept=found >= asked - _slack(asked, fine))

    def equal(self, rule: str, where: str, asked: float, found: float, unit: str, *, fine: float) -> None:
        self._add(rule, where, asked, found, unit, kept=abs(found - asked) <= _slack(asked, fine))

    def tightest(self, rule: str, places: dict[str, tuple[float, float]], unit: str, *, fine: float) -> None:
        """Of places with what is asked at most and what is found: the one nearest to its limit, or furthest beyond."""
        if places:
            over = {place: _over(found - asked, asked, fine) for place, (asked, found) in places.items()}
            where = max(over, key=over.__getitem__)
            self.at_most(rule, where, *places[where], unit, fine=fine)

    def furthest(self, rule: str, places: dict[str, tuple[float, float]], unit: str, *, fine: float) -> None:
        """Of places where two numbers should be equal the one where they are furthest apart."""
        if places:
            over = {place: _over(abs(found - asked), asked, fine) for place, (asked, found) in places.items()}
            where = max(over, key=over.__getitem__)
            self.equal(rule, where, *places[where], unit, fine=fine)

    def _add(self, rule: str, where: str, asked: float, found: float, unit: str, *, kept: bool) -> None:
        row = {"rule": rule, "where": where, "asked": float(asked), "found": float(found), "unit": unit}
        self.rows.append({**row, "kept": bool(kept)})


def _slack(asked: float, fine: float) -> float:
    return max(TOLERANCE * abs(asked), fine)


def _over(gap: float, asked: float, fine: float) -> float:
    """How far a limit is passed beyond what may be missed of it; without end where a number is missing."""
    return gap - _slack(asked, fine) if gap == gap else float("inf")  # noqa: PLR0124


def _check_land(checks: _Checks, result: Plan) -> None:
    land = result.allocation.merge(
        result.areas, on=[*unit_key(result.areas), "measure"], how="left", validate="one_to_one"
    )
    if not len(land):
        return
    smallest = min(land["hectares"].min(), land["area_km2"].min(), result.schedule["hectares"].min())
    checks.at_least("no_land_below_zero", "all", 0.0, smallest, "ha")
    rows = land.to_dict("records")
    place = {f"{r['region_id']} {r['aridity_class']}, {r['cover_class']}, {r['measure']}": r for r in rows}
    fine = FINE_HA / HA
    checks.furthest("area", {at: (r["area_km2"], r["hectares"] / HA) for at, r in place.items()}, "km2", fine=fine)
    ceilings = {at: (r["ceiling_km2"], r["hectares"] / HA) for at, r in place.items()}
    checks.tightest("adoption_ceiling", ceilings, "km2", fine=fine)
    by_unit = land.groupby(unit_key(land), as_index=False).agg(
        hectares=("hectares", "sum"), land=("suitable_km2", "max")
    )
    of_unit = {
        f"{r['region_id']} {r['aridity_class']}, {r['cover_class']}": (
            r["land"] * result.land_ceiling,
            r["hectares"] / HA,
        )
        for r in by_unit.to_dict("records")
    }
    checks.tightest("land_of_a_unit", of_unit, "km2", fine=fine)


def _check_schedule(checks: _Checks, result: Plan) -> None:
    first, last = result.years
    allotted, started = _hectares(result.allocation), _hectares(result.schedule)
    if len(result.schedule):
        checks.at_least("first_year", "all", first, result.schedule["year"].min(), "year")
        checks.at_most("last_year", "all", last, result.schedule["year"].max(), "year")
    both = {group: (allotted.get(group, 0.0), started.get(group, 0.0)) for group in sorted({*allotted, *started})}
    checks.furthest("schedule", both, "ha", fine=FINE_HA)
    by_region = _hectares(result.starts) if len(result.starts) else {}
    of_regions = {
        group: (started.get(group, 0.0), by_region.get(group, 0.0)) for group in sorted({*started, *by_region})
    }
    checks.furthest("starts", of_regions, "ha", fine=FINE_HA)
    if result.even_pace:
        each = {year: _hectares(result.schedule[result.schedule["year"] == year]) for year in range(first, last + 1)}
        paces = {
            f"{group}, {year}": (whole / len(each), of_year.get(group, 0.0))
            for group, whole in started.items()
            for year, of_year in each.items()
        }
        checks.furthest("pace", paces, "ha", fine=FINE_HA)


def _hectares(table: pd.DataFrame) -> dict[str, float]:
    """Hectares by country and measure."""
    sums = table["hectares"].groupby(table["iso3"] + " " + table["measure"]).sum()
    return {str(group): float(hectares) for group, hectares in sums.items()}


def _check_money_and_work(checks: _Checks, result: Plan) -> None:
    spent, by_country, work = _sums(result)
    whole = result.budget_usd * len(spent)
    fine = FINE_MONEY * whole
    for year, money in spent.items():
        checks.at_most("budget", str(year), result.budget_usd, money, "USD")
    table = result.spending.set_index("year")
    told = (table["establishment_usd"] + table["upkeep_usd"]).to_dict()
    checks.furthest("spending", {str(y): (money, told.get(y, 0.0)) for y, money in spent.items()}, "USD", fine=fine)
    costs = result.allocation.groupby("iso3")["cost_usd"].sum().to_dict()
    both = {iso3: (money, costs.get(iso3, 0.0)) for iso3, money in by_country.items()}
    checks.furthest("cost", both, "USD", fine=fine)
    days = {"all": result.allocation[[f"person_days_{phase}" for phase in _PHASES]].sum().sum()}
    days |= {who: result.allocation[f"{who}_person_days"].sum() for who in ("women", "youth")}
    for who, done in work.items():
        rule = "work" if who == "all" else f"{who}_work"
        checks.equal(rule, "all", done, float(days[who]), "person-days", fine=TOLERANCE * work["all"])
    _check_rules(checks, result, whole, fine)


def _sums(result: Plan) -> tuple[dict[int, float], dict[str, float], dict[str, float]]:
    """Money by year and by country, and person-days, summed year by year from the schedule."""
    first, last = result.years
    spent = dict.fromkeys(range(first, last + 1), 0.0)
    by_country = dict.fromkeys(sorted({*result.areas["iso3"], *result.schedule["iso3"]}), 0.0)
    work = {"all": 0.0, "women": 0.0, "youth": 0.0}
    rates = rates_of(result.options, result.schedule)
    for row, (_, per_hectare) in zip(result.schedule.to_dict("records"), rates.iterrows(), strict=True):

        def amount(name: str, row: Any = row, per_hectare: Any = per_hectare) -> float:
            return float(row["hectares"] * per_hectare[f"{name}_{result.estimate}"])

        days = amount("person_days_establishment")
        for year in range(max(row["year"], first), last + 1):
            money = amount("establishment_cost" if year == row["year"] else "upkeep_cost")
            spent[year] += money
            by_country[row["iso3"]] += money
            if year > row["year"]:
                days += amount("person_days_season") + amount("person_days_upkeep")
        work["all"] += days
        for who in ("women", "youth"):
            work[who] += days * float(per_hectare[f"{who}_share_mid"])
    return spent, by_country, work


def _check_rules(checks: _Checks, result: Plan, whole: float, fine: float) -> None:
    """Each rule of the plan, from what is started where and when."""
    if "hectares" not in result.starts:
        result = replace(result, starts=result.schedule.assign(region_id=""))
    rates = rates_of(result.options, result.starts)
    for rule in result.rules:
        everywhere = _amounts(rule, result.starts, rates, result)
        inside = pd.Series(data=True, index=result.starts.index)
        if rule.over:
            inside = _column(rule.over, result.starts, rates).astype("str") == rule.where
        found, all_found = float(everywhere[inside].sum()), float(everywhere.sum())
        country = (rule.kind, rule.of, rule.over, rule.year) == ("floor", "money", "iso3", None)
        name, where = ("country_floor", str(rule.where)) if country else (rule.name, str(rule.where or "all"))
        if rule.kind == "share":
            if found > 0:
                done = float((everywhere * rates[f"{rule.group}_share_mid"])[inside].sum()) / found
                checks.at_least(name, where, float(rule.part or 0), done, "share of person-days", fine=TOLERANCE)
            continue
        part_of = whole if rule.of == "money" else all_found
        asked = rule.amount if rule.amount is not None else float(rule.part or 0) * part_of
        held = checks.at_most if rule.kind == "cap" else checks.at_least
        slack = fine if rule.of == "money" else FINE[rule.of] if rule.part is None else TOLERANCE * all_found
        held(name, where, asked, found, AMOUNTS[rule.of], fine=slack)


def _column(name: str, starts: pd.DataFrame, rates: pd.DataFrame) -> pd.Series[Any]:
    return starts[name] if name in starts.columns else rates[name]


def _amounts(rule: Rule, starts: pd.DataFrame, rates: pd.DataFrame, result: Plan) -> pd.Series[float]:
    """What a rule sums, of each start: in its year, or until the end of the plan."""
    first, last = (rule.year, rule.year) if rule.year is not None else result.years
    begins = starts["year"].between(first, last).astype(float)
    later = (last - starts["year"].clip(lower=first - 1)).clip(lower=0).astype(float)
    per = {name: rates[name].astype(float) for name in rates.columns if name.endswith(f"_{result.estimate}")}

    def of(name: str) -> pd.Series[float]:
        return per[f"{name}_{result.estimate}"]

    what = "person_days" if rule.kind == "share" else rule.of
    if what == "money":
        return starts["hectares"] * (of("establishment_cost") * begins + of("upkeep_cost") * later)
    if what == "hectares":
        return starts["hectares"] * begins
    if what == "water":
        return starts["hectares"] * begins * rates["water_mid"].astype(float)
    yearly = of("person_days_season") + of("person_days_upkeep")
    return starts["hectares"] * (of("person_days_establishment") * begins + yearly * later)
