# SPDX-License-Identifier: Apache-2.0
"""What the measures stage does: land that each measure fits, the plan under budget and rules, and its sums by region."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from homeground.catalogue.regions import study_regions
from homeground.errors import PlanError
from homeground.language.messages import Saying, tell
from homeground.measures.carbon_rates.steps import carbon_of
from homeground.measures.given import options_of, spread_starts, unstated_prices
from homeground.measures.places import DRYLANDS, planning_units
from homeground.measures.planning.plan import plan
from homeground.measures.suitability import suitable_areas
from homeground.numbers.fact import Amount
from homeground.numbers.money import Money, parse_amount
from homeground.running.steps import Work
from homeground.running.tables import (
    LAND_UNITS,
    PLAN,
    PLAN_CARBON,
    PLAN_CHECKS,
    PLAN_FACTS,
    PLAN_PRICES,
    PLAN_SCHEDULE,
    PLAN_SPENDING,
    SUITABLE_AREAS,
    regions_of,
)

NOISE = "land_degraded_noise_high"
STATES = ("degraded", "stable", "improved", "unknown", "not_assessed")  # of land_units.parquet
PHASES = ("establishment", "season", "upkeep")
ENDS = ("", "_low", "_high")
PLAN_TABLES = (PLAN, PLAN_SCHEDULE, PLAN_SPENDING, PLAN_PRICES)
NO_BUDGET = "no_budget"  # code of the reason, see reason.no_budget of the findings


def _units(work: Work) -> tuple[pd.DataFrame, list[str]]:
    """Planning units where the study wants them, and the regions whose degraded share is not told apart from chance."""
    chosen = work.study.plan
    land = pd.read_parquet(work.results / regions_of("land"))
    by_chance: list[str] = []
    if {"land_degraded", NOISE} <= set(land.columns):
        by_chance = land.loc[land["land_degraded"] < land[NOISE], "region_id"].tolist()
    units = pd.read_parquet(work.results / LAND_UNITS)
    table = planning_units(units, where=chosen.where, drylands_only=chosen.drylands_only, by_chance=by_chance)
    if table.empty or table["area_km2"].sum() == 0:
        only = "in the drylands " if chosen.drylands_only else ""
        raise PlanError(f"there is no land {only}to plan on. Leave out [plan].drylands_only, or name other countries.")
    return table, by_chance


def suitability(work: Work) -> None:
    """Land that each measure fits, by region, aridity and cover."""
    options = options_of(work.study, chosen=True)
    areas = suitable_areas(_units(work)[0], options, trees_on_open_land=work.study.plan.trees_on_open_land)
    areas.to_parquet(work.out / SUITABLE_AREAS)
    if work.study.plan.trees_on_open_land:
        work.warn(Saying("warning.trees"))


def make_plan(work: Work) -> None:
    """The plan with its bound, gap, prices of rules and recheck; without a budget, the reason."""
    budget = work.study.plan.budget
    if budget is None:
        for name in PLAN_TABLES:
            pd.DataFrame().to_parquet(work.out / name)
        pd.DataFrame().to_parquet(work.out / PLAN_CHECKS)
        (work.out / PLAN_FACTS).write_text(json.dumps({"planned": False, "reason": NO_BUDGET}), encoding="utf-8")
        work.warn(Saying("warning.no_budget"))
        return
    amount, currency = parse_amount(budget.amount)
    years = budget.years[1] - budget.years[0] + 1
    per_year = amount if budget.per == "year" else amount / years
    price_year = None if budget.price_year == "as published" else budget.price_year
    rules = work.study.plan.rules
    options = options_of(work.study, chosen=True)
    units, by_chance = _units(work)
    result = plan(
        units,
        options,
        budget=Money(per_year, currency, price_year),
        years=budget.years,
        rules={k: v for k in ("women", "youth", "country_floor") if (v := getattr(rules, k)) > 0},
        trees_on_open_land=work.study.plan.trees_on_open_land,
        even_pace=work.study.plan.pace == "even",
        floors_up_to_capacity=rules.country_floor_up_to_capacity,
        land_ceiling=work.study.plan.land_ceiling,
    )
    if not result.checks["kept"].all():
        raise PlanError("the plan does not keep its rules on recheck. Please report this study.")
    tables = (result.allocation, result.schedule, result.spending, result.prices)
    for name, table in zip(PLAN_TABLES, tables, strict=True):
        table.to_parquet(work.out / name)
    result.checks.to_parquet(work.out / PLAN_CHECKS)
    facts = {
        "planned": True,
        "objective": result.objective,
        "objective_unit": "hectares weighted by need",
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
        "rules": result.rules,
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


def regions(work: Work) -> None:
    """Land, cost, work and carbon of the plan by region."""
    regions = study_regions(work.study)
    allocation = pd.read_parquet(work.results / PLAN)
    table = regions[["region_id"]].copy()
    if allocation.empty:
        sums = pd.DataFrame(index=regions["region_id"])
        pd.DataFrame().to_parquet(work.out / PLAN_CARBON)
    else:
        sums = carbon_of(work, allocation, regions).groupby("region_id").sum(numeric_only=True, min_count=1)
    names = [f"{what}{end}" for what in ("cost_usd", "carbon_t_co2e_per_year") for end in ENDS]
    names += [f"person_days_{phase}{end}" for phase in PHASES for end in ENDS]
    planned = not allocation.empty
    for name in ("hectares", *names):
        column: Any = sums[name].reindex(regions["region_id"]).to_numpy() if planned else float("nan")
        # A region that the plan leaves out gets zero; without a plan nothing is known.
        values = pd.Series(column, index=table.index, dtype="float64")
        # Land in the plan of which no carbon rate is known stays without one.
        left_out = ~regions["region_id"].isin(sums.index).to_numpy()
        table[f"measures_{name}"] = values.mask(left_out, 0.0) if planned else values
    # Of the same cells that the plan counts, so that a full region is full; ha / km2 is per cent.
    land = pd.read_parquet(work.results / LAND_UNITS).groupby("region_id")["area_km2"].sum()
    table["measures_share_of_region"] = (table["measures_hectares"] / table["region_id"].map(land)).round(6)
    (work.out / "regions").mkdir()
    table.to_parquet(work.out / regions_of("measures"))
    if spread := spread_starts(work.study, [] if allocation.empty else allocation["measure"].unique().tolist()):
        work.warn(Saying("warning.soil_state", {"measures": spread}))
