# SPDX-License-Identifier: Apache-2.0
"""From the tables that people read to the numbers of the programme: pairs, groups, costs, work and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from homeground.errors import DataError, PlanError, Problems
from homeground.measures.options import measures_in, rates_of
from homeground.measures.planning.model import HA, Problem, Row
from homeground.measures.planning.objective import per_hectare as per_hectare_of
from homeground.measures.planning.rules.asked import Rule, for_each, read_rules, row_of

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
    rules: Sequence[Rule] | Mapping[str, Any],
    estimate: str,
    value: Mapping[str, float] | None = None,
    objective: str | Mapping[str, float] = "restored",
    land_ceiling: float = 1.0,
    even_pace: bool = False,
    first_year: int = 0,
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
    first_year : int, optional
        The first of them, where a rule names a year.
    rules, value, objective, estimate, land_ceiling, even_pace : as in `plan`

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
    >>> asked = dict(budget_usd=1e6, years=2, rules={}, estimate="mid")
    >>> problem = build_problem(units, bunds, suitable_areas(units, bunds), **asked)
    >>> problem.pairs["ceiling_km2"].tolist(), problem.establishment.round(6).tolist(), problem.budget.tolist()
    ([5.0], [0.02134], [1.0, 1.0])
    """
    if not len(units):
        raise PlanError("there are no units, so there is nothing to plan. Give one row for each piece of land.")
    measures = measures_in(options)
    unit_of = np.repeat(np.arange(len(units)), len(measures))
    open_pair = areas["ceiling_km2"].to_numpy(float) > 0
    pairs = areas.loc[open_pair, ["iso3", "region_id", "measure", "ceiling_km2"]].reset_index()
    pairs["unit"] = unit_of[open_pair]
    worth = pairs["measure"].map(lambda name: (value or {}).get(name, 1.0)).to_numpy(float)
    pairs["gain"] = per_hectare_of(objective, units, options, pairs) * worth
    asked = for_each(read_rules(rules), columns_of(units, options, measures))
    groups = _groups(pairs, units, options, asked)
    per_hectare = rates_of(options, groups)

    def column(name: str) -> NDArray[np.float64]:
        return per_hectare[name].to_numpy(float)

    left = np.arange(years - 1, -1, -1, dtype=float)
    once = column(f"person_days_establishment_{estimate}")
    yearly = column(f"person_days_season_{estimate}") + column(f"person_days_upkeep_{estimate}")
    _check_columns(asked, options)
    shares = {
        who: column(f"{who}_share_mid")
        for who in dict.fromkeys(["women", "youth", *(r.group for r in asked if r.group)])
    }
    problem = Problem(
        pairs=pairs,
        unit_km2=units["area_km2"].to_numpy(float) * land_ceiling,
        groups=groups,
        even_pace=even_pace,
        establishment=column(f"establishment_cost_{estimate}") * HA / MILLION,
        upkeep=column(f"upkeep_cost_{estimate}") * HA / MILLION,
        work=(once[:, None] + yearly[:, None] * left[None, :]) * HA / 1e3,
        shares=shares,
        budget=np.full(years, budget_usd / MILLION),
        share_rules={rule.group: float(rule.part or 0) for rule in asked if _is_share(rule)},
        floors=country_floors(asked),
    )
    further = [rule for rule in asked if not _is_share(rule) and not is_country_floor(rule)]
    if not further:
        return problem

    def rows_for(establishment: Any, upkeep: Any, days_once: Any, days_yearly: Any) -> dict[str, Row]:
        at = replace(problem, establishment=establishment, upkeep=upkeep)
        return {rule.name: _row(rule, at, column, days_yearly, days_once, first_year) for rule in further}

    more = rows_for(problem.establishment, problem.upkeep, once, yearly)
    return replace(problem, more=more, rows_for=rows_for)


def _check_columns(rules: Sequence[Rule], options: pd.DataFrame) -> None:
    """Refuse rules on what the options do not say."""
    problems = Problems("the rules of the plan")
    for rule in rules:
        if rule.group and f"{rule.group}_share_mid" not in options.columns:
            problems.add(f"{rule.name}: the options have no share of {rule.group} in the work. Known: women, youth.")
        if rule.of == "water" and "water_mid" not in options.columns:
            problems.add(f"{rule.name}: the options have no water_mid, m3 a hectare and year. Add this column.")
    problems.raise_if_any(DataError)


def columns_of(units: pd.DataFrame, options: pd.DataFrame, measures: list[str]) -> dict[str, Any]:
    """Columns that rules may be over, with their values: of the units, and of the measures.

    Parameters
    ----------
    units, options : DataFrame
        As in `plan`.
    measures : list of str

    Returns
    -------
    dict of str to values

    Examples
    --------
    >>> from homeground.measures import options
    >>> sorted(columns_of(pd.DataFrame({"iso3": ["NER"], "area_km2": [1.0]}), options(), ["zai"]))
    ['currency', 'iso3', 'measure']
    """
    of_units = {str(name): units[name] for name in units.columns if not pd.api.types.is_float_dtype(units[name])}
    of_measures = {
        str(name): options[name] for name in options.columns if not pd.api.types.is_numeric_dtype(options[name])
    }
    return {**of_measures, **of_units, "measure": measures}


def is_country_floor(rule: Rule) -> bool:
    """Whether a rule is a country's least part of the budget, which may give way.

    Parameters
    ----------
    rule : Rule

    Returns
    -------
    bool

    Examples
    --------
    >>> is_country_floor(Rule("floor", part=0.1, over="iso3", where="NER"))
    True
    """
    of = (rule.kind, rule.of, rule.over, rule.year)
    return of == ("floor", "money", "iso3", None) and rule.part is not None


def country_floors(rules: Sequence[Rule]) -> dict[str, float]:
    """The least parts of the whole budget that rules ask for countries.

    Parameters
    ----------
    rules : list of Rule

    Returns
    -------
    dict of iso3 to float

    Examples
    --------
    >>> country_floors([Rule("floor", part=0.1, over="iso3", where="NER"), Rule("share", part=0.4, group="women")])
    {'NER': 0.1}
    """
    return {str(rule.where): float(rule.part) for rule in rules if rule.part is not None and is_country_floor(rule)}


def _is_share(rule: Rule) -> bool:
    return rule.kind == "share" and not rule.over and rule.year is None


def _groups(pairs: pd.DataFrame, units: pd.DataFrame, options: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """What is alike in all but its land: country, region and measure, and the columns that rules are over."""
    unit = pairs["unit"].to_numpy(int)
    for name in dict.fromkeys(rule.over for rule in rules if rule.over and rule.over not in pairs.columns):
        of_pair = units[name].to_numpy()[unit] if name in units.columns else rates_of(options, pairs)[name].to_numpy()
        pairs[name] = of_pair
    keys = [name for name in pairs.columns if name not in ("index", "unit", "gain", "ceiling_km2", "measure")]
    group, found = pd.factorize(pd.MultiIndex.from_frame(pairs[[*keys, "measure"]]))
    pairs["group"] = group
    return pd.DataFrame(list(found), columns=[*keys, "measure"])


def _row(rule: Rule, problem: Problem, column: Any, yearly: Any, once: Any, first: int) -> Row:
    """A further rule as a row, with the sums that it is about."""
    years, one = problem.years, np.ones(len(problem.groups))
    at = None if rule.year is None else rule.year - first
    began = np.ones((1, years)) if at is None else np.eye(years)[[at]]
    left = np.arange(years - 1, -1, -1, dtype=float)[None, :]
    goes_on = left if at is None else (np.arange(years)[None, :] < at).astype(float)

    def sums(first: Any, after: Any) -> Any:
        return first[:, None] * began + after[:, None] * goes_on

    by_start = {
        "money": sums(problem.establishment, problem.upkeep),
        "hectares": sums(one, 0 * one),
        "person_days": sums(once, yearly) * HA / 1e3,
        f"{rule.group}_share": problem.shares.get(rule.group, one),
    }
    if rule.of == "water":
        by_start["water"] = sums(column("water_mid"), 0 * one) * HA / MILLION
    return row_of(rule, problem.groups, by_start, float(problem.budget.sum()))
