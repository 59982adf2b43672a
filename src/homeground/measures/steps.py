# SPDX-License-Identifier: Apache-2.0
"""What the measures stage does: land that each measure fits, the plan under budget and rules, and its sums by region."""

from __future__ import annotations

from typing import Any

import pandas as pd

from homeground.catalogue.regions import study_regions
from homeground.errors import PlanError
from homeground.language.messages import Saying
from homeground.measures.carbon_rates.steps import carbon_of
from homeground.measures.given import options_of, spread_starts, trail_of
from homeground.measures.places import planning_units
from homeground.measures.suitability import suitable_areas
from homeground.measures.work.steps import reached
from homeground.running.steps import Work
from homeground.running.tables import (
    LAND_UNITS,
    MEASURE_RATES,
    PLAN,
    PLAN_CARBON,
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


def units_of(work: Work) -> tuple[pd.DataFrame, list[str]]:
    """Planning units where the study wants them, and the regions whose degraded share is not told apart from chance."""
    chosen = work.study.plan
    land = pd.read_parquet(work.results / regions_of("land"))
    by_chance: list[str] = []
    if {"land_degraded", NOISE} <= set(land.columns):
        by_chance = land.loc[land["land_degraded"] < land[NOISE], "region_id"].tolist()
    units = pd.read_parquet(work.results / LAND_UNITS)
    table = planning_units(units, where=chosen.where, drylands_only=chosen.drylands_only, by_chance=by_chance)
    table = reached(work, table)
    if table.empty or table["area_km2"].sum() == 0:
        only = "in the drylands " if chosen.drylands_only else ""
        raise PlanError(f"there is no land {only}to plan on. Leave out [plan].drylands_only, or name other countries.")
    return table, by_chance


def rates(work: Work) -> None:
    """Whose figure each number of the measures is, and why one is absent."""
    trail_of(work.study).to_parquet(work.out / MEASURE_RATES)


def suitability(work: Work) -> None:
    """Land that each measure fits, by region, aridity and cover."""
    options = options_of(work.study, chosen=True)
    areas = suitable_areas(units_of(work)[0], options, trees_on_open_land=work.study.plan.trees_on_open_land)
    areas.to_parquet(work.out / SUITABLE_AREAS)
    if work.study.plan.trees_on_open_land:
        work.warn(Saying("warning.trees"))


def regions(work: Work) -> None:
    """Land, cost, work and carbon of the plan by region."""
    regions = study_regions(work.study)
    allocation = pd.read_parquet(work.results / PLAN)
    table = regions[["region_id"]].copy()
    if allocation.empty:
        sums = pd.DataFrame(index=regions["region_id"])
        pd.DataFrame().to_parquet(work.out / PLAN_CARBON)
    else:
        carbon = carbon_of(work, allocation, regions)
        sums = carbon.groupby("region_id").sum(numeric_only=True, min_count=1)
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
