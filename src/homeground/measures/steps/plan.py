# SPDX-License-Identifier: Apache-2.0
"""The step that makes the plan: under the study's budget and rules, with its prices, what binds, and plans beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from homeground.catalogue.regions import study_regions
from homeground.errors import PlanError
from homeground.language.messages import Saying, tell
from homeground.measures.carbon_rates.steps import carbon_per_hectare
from homeground.measures.given import options_of, unstated_prices
from homeground.measures.places import DRYLANDS
from homeground.measures.planning.again.frontier import frontier
from homeground.measures.planning.binding import WHAT as BINDS
from homeground.measures.planning.model import HA
from homeground.measures.planning.plan import plan
from homeground.measures.planning.problem import is_country_floor
from homeground.measures.planning.result import Plan
from homeground.measures.planning.rules.asked import Rule, read_rules
from homeground.measures.steps.places import STATES, units_of
from homeground.measures.suitability import suitability_rules
from homeground.measures.work.steps import labour_rules
from homeground.numbers.fact import Amount
from homeground.numbers.money import Money, parse_amount
from homeground.running.steps import Work
from homeground.running.tables import (
    PLAN,
    PLAN_BINDING,
    PLAN_CHECKS,
    PLAN_DRAWN,
    PLAN_FACTS,
    PLAN_FRONTIER,
    PLAN_PRICES,
    PLAN_SCHEDULE,
    PLAN_SPENDING,
    PLAN_STARTS,
    regions_of,
)

if TYPE_CHECKING:
    from homeground.study.plan_section import Rules

PLAN_TABLES = (
    PLAN, PLAN_SCHEDULE, PLAN_SPENDING, PLAN_PRICES, PLAN_CHECKS, PLAN_STARTS, PLAN_BINDING, PLAN_DRAWN, PLAN_FRONTIER,
)  # fmt: skip
NO_BUDGET = "no_budget"  # code of the reason, see reason.no_budget of the findings
HALF = 0.5  # of what a price rests on that is an expert default: from there on the price is withheld
RANGES = ("shadow_price_p05", "shadow_price_p95", "money_lost_p05", "money_lost_p95")  # over the draws
PRICES = ("shadow_price", "objective_without", "objective_lost", "lost_share", "money_without", "money_lost")
ON = {"adoption_ceiling": "hectares"}  # of what is no rule of the study; else on the costs


def make_plan(work: Work) -> None:
    """The plan with its bound, gap, prices of rules and recheck; without a budget, the reason."""
    budget = work.study.plan.budget
    if budget is None:
        for name in PLAN_TABLES:
            pd.DataFrame().to_parquet(work.out / name)
        (work.out / PLAN_FACTS).write_text(json.dumps({"planned": False, "reason": NO_BUDGET}), encoding="utf-8")
        work.warn(Saying("warning.no_budget"))
        return
    amount, currency = parse_amount(budget.amount)
    years = budget.years[1] - budget.years[0] + 1
    per_year = amount if budget.per == "year" else amount / years
    price_year = None if budget.price_year == "as published" else budget.price_year
    rules = work.study.plan.rules
    options = options_of(work.study, chosen=True)
    units, by_chance = units_of(work)
    chosen = work.study.plan
    if chosen.objective == "people" or (isinstance(chosen.objective, dict) and "people" in chosen.objective):
        units = _with_people(work, units)
    result = plan(
        units,
        options,
        budget=Money(per_year, currency, price_year),
        years=budget.years,
        objective=chosen.objective,  # type: ignore[arg-type]  # a Literal is a str
        rules=[*asked_rules(rules), *labour_rules(work, units, budget.years)],
        draws=chosen.draws,
        trees_on_open_land=work.study.plan.trees_on_open_land,
        even_pace=work.study.plan.pace == "even",
        floors_up_to_capacity=rules.country_floor_up_to_capacity,
        land_ceiling=work.study.plan.land_ceiling,
    )
    if not result.checks["kept"].all():
        raise PlanError("the plan does not keep its rules on recheck. Please report this study.")
    drawn = pd.DataFrame() if result.drawn is None else result.drawn.regions
    beside = _frontier(work, result, floors_give_way=rules.country_floor_up_to_capacity)
    tables = (
        result.allocation, result.schedule, result.spending, _told_prices(result), result.checks, result.starts,
        result.binding, drawn, beside,
    )  # fmt: skip
    for name, table in zip(PLAN_TABLES, tables, strict=True):
        table.to_parquet(work.out / name)
    facts = {
        "planned": True,
        "objective": result.objective,
        "objective_unit": result.objective_unit,
        "objective_interval": list(result.objective_interval),
        "bound": result.bound,
        "gap": result.gap,
        "unverified": result.unverified,
        "notes": [tell([note]) for note in result.notes],
        "budget_per_year": per_year,
        "currency": currency,
        "price_year": budget.price_year,
        "years": list(budget.years),
        "budget_source": budget.source or "source.illustrative",
        "land_ceiling": work.study.plan.land_ceiling,
        "where": work.study.plan.where,
        **_placed(result.allocation, by_chance),
        "rules": _kept(result),
        "binding": {what: int((result.binding["binds"] == what).sum()) for what in BINDS},
        "drawn": _drawn(result),
        "rules_source": rules.source or "source.illustrative",
    }
    (work.out / PLAN_FACTS).write_text(json.dumps(facts, indent=1, default=float), encoding="utf-8")
    for note in result.notes:
        work.warn(note)
    if silent := unstated_prices(work.study):
        work.warn(Saying("warning.price_year_not_stated", {"what": silent, "year": str(options["price_year"].iloc[0])}))
    shares = [
        Saying(f"warning.share.{what}", {"share": Amount(100 * share, "%")})
        for what, share in result.unverified.items()
        if share == share  # noqa: PLR0124 (NaN is not itself)
    ]
    work.warn(Saying("warning.unverified", {"shares": shares}))
    work.warn(Saying("warning.ceiling", {"share": Amount(100 * work.study.plan.land_ceiling, "%")}))
    _warn_of_places(work, facts, float(result.allocation["hectares"].sum()))
    if unspent := _unspent(result.spending, currency, even_pace=work.study.plan.pace == "even"):
        work.warn(unspent)
    if rules.source is None and result.rules:
        work.warn(Saying("warning.illustrative"))


def _placed(allocation: pd.DataFrame, by_chance: list[str]) -> dict[str, Any]:
    """Hectares of a plan by the state of the land, outside the drylands, and in regions not told apart from chance."""
    degraded = allocation[allocation["state"] == "degraded"]
    by_state = allocation.groupby("state")["hectares"].sum()
    return {
        "hectares_by_state": {state: float(by_state.get(state, 0.0)) for state in STATES},
        "hectares_outside_drylands": float(
            allocation.loc[~allocation["aridity_class"].isin(DRYLANDS), "hectares"].sum()
        ),
        "hectares_by_chance": float(degraded.loc[degraded["region_id"].isin(by_chance), "hectares"].sum()),
    }


def _warn_of_places(work: Work, facts: dict[str, Any], hectares: float) -> None:
    """What of a plan lies where its reader may not look for it."""
    whole = Amount(hectares, "ha", kind="modelled")
    for name in ("outside_drylands", "by_chance"):
        if (part := facts[f"hectares_{name}"]) > 0:
            share = Amount(100 * part / hectares, "%")
            work.warn(
                Saying(
                    f"warning.plan_{name}",
                    {"part": Amount(part, "ha", kind="modelled"), "whole": whole, "share": share},
                )
            )
    known = [km2 for state, km2 in facts["hectares_by_state"].items() if state not in ("unknown", "not_assessed")]
    if facts["where"] == "degraded" and hectares > 0 and not any(known):
        work.warn(Saying("warning.plan_by_gap"))


def _unspent(spending: pd.DataFrame, currency: str, *, even_pace: bool) -> Saying | None:
    """How much of the budget the plan leaves, and what holds it back; None where it leaves next to none.

    Parameters
    ----------
    spending : DataFrame
        ``year, establishment_usd, upkeep_usd, budget_usd``.
    """
    spent = spending["establishment_usd"] + spending["upkeep_usd"]
    left = float((spending["budget_usd"] - spent).sum())
    if left <= 0.01 * float(spending["budget_usd"].sum()):
        return None
    money = Amount(left, currency, kind="modelled")
    full = spending.loc[spent > 0.999 * spending["budget_usd"], "year"]
    if len(full) and even_pace:
        return Saying("warning.unspent_pace", {"money": money, "years": [str(year) for year in full]})
    return Saying("warning.unspent_land", {"money": money})


def asked_rules(rules: Rules) -> list[Rule]:
    """The rules of a study as a plan takes them.

    Parameters
    ----------
    rules : Rules
        ``[plan.rules]`` of the study.

    Returns
    -------
    list of Rule

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> [rule.name for rule in asked_rules(open_study("great-green-wall").plan.rules)]
    ['women', 'youth', 'floor money iso3=None']
    """
    short = {name: share for name in ("women", "youth", "country_floor") if (share := getattr(rules, name)) > 0}
    return [*read_rules(short), *read_rules([rule.model_dump() for rule in rules.further])]


def _kept(result: Plan) -> dict[str, Any]:
    """The rules as they were kept: parts of the whole, or amounts in the unit of the rule."""
    out: dict[str, Any] = {
        rule.name: rule.part if rule.part is not None else rule.amount
        for rule in result.rules
        if not is_country_floor(rule)
    }
    return out | ({"country_floor": result.floors} if result.floors else {})


def _with_people(work: Work, units: pd.DataFrame) -> pd.DataFrame:
    """Units with the density of people of their region, as the people stage has it."""
    people = pd.read_parquet(work.results / regions_of("people"), columns=["region_id", "people_density"])
    density = units["region_id"].map(people.set_index("region_id")["people_density"])
    return units.assign(people_per_km2=density.fillna(0.0))


def _rests_on(rule: Rule) -> str:
    """Which figures the price of a rule rests on."""
    if rule.kind == "share":
        return "women_and_youth"
    return "person_days" if rule.of == "person_days" else "cost"


def _told_prices(result: Plan) -> pd.DataFrame:
    """Prices as they are published: with their range over draws, and withheld where they rest on expert defaults."""
    prices = result.prices.copy()
    on = {rule.name: _rests_on(rule) for rule in result.rules} | ON
    rests = [result.unverified.get(on.get(str(rule), "cost"), float("nan")) for rule in prices["rule"]]
    of_budget = prices["rule"] == "budget"
    withheld = pd.Series(rests, index=prices.index).gt(HALF) & ~of_budget
    prices["rests_on_defaults"] = rests
    prices["withheld"] = np.where(withheld, "defaults", "")
    for name in RANGES:
        prices[name] = float("nan")
    if result.drawn is not None:
        drawn = result.drawn.prices.set_index("rule")
        first = result.years[0]
        for row, rule, where in zip(prices.index, prices["rule"], prices["where"], strict=True):
            own = f"budget {int(where) - first}" if rule == "budget" else rule if where == "all" else f"{rule} {where}"
            if own in drawn.index:
                for name in RANGES[:2]:
                    prices.loc[row, name] = float(drawn[name][own])
        of_money = result.drawn.money.set_index("rule")
        whole = prices["where"] == "all"
        for name in RANGES[2:]:
            prices.loc[whole, name] = prices.loc[whole, "rule"].map(of_money[name]).to_numpy(float)
    prices.loc[withheld, [*PRICES, *RANGES]] = float("nan")
    return prices


def _drawn(result: Plan) -> dict[str, float]:
    """How the gain spreads over the draws, and in how many no plan keeps the rules."""
    if result.drawn is None:
        return {}
    gains = result.drawn.objective
    known = gains[np.isfinite(gains)]
    if not known.size:
        return {"draws": float(gains.size), "none": float(gains.size)}
    low, mid, high = (float(np.quantile(known, share)) for share in (0.05, 0.5, 0.95))
    return {"draws": float(gains.size), "none": float(gains.size - known.size), "p05": low, "p50": mid, "p95": high}


def _frontier(work: Work, result: Plan, *, floors_give_way: bool) -> pd.DataFrame:
    """What other budgets and land ceilings would reach; nothing for whole units, of which each plan takes long."""
    problem = result.problem
    if problem is None or result.engine != "highs":
        return pd.DataFrame()
    pairs = problem.pairs
    state = result.areas["state"].to_numpy()[pairs["index"].to_numpy(int)] if "state" in result.areas else None
    reverses = suitability_rules()["response"].eq("reverse")
    land = result.areas.iloc[pairs["index"].to_numpy(int)].reset_index(drop=True)
    of_pair = {
        "carbon_t_co2e_per_year": carbon_per_hectare(work, land, study_regions(work.study)).to_numpy(float) * HA,
        "restored_hectares": np.where(pairs["measure"].map(reverses), HA, 0.0),
    }
    if state is not None:
        of_pair["degraded_hectares"] = np.where(state == "degraded", HA, 0.0)
    return frontier(problem, land_ceiling=result.land_ceiling, of_pair=of_pair, floors_give_way=floors_give_way)
