# SPDX-License-Identifier: Apache-2.0
"""Whose figures the measures have, and the land that each of them fits."""

from __future__ import annotations

import pandas as pd

from homeground.errors import PlanError
from homeground.language.messages import Saying
from homeground.measures.given import options_of, trail_of
from homeground.measures.places import planning_units
from homeground.measures.suitable_land import suitable_areas
from homeground.measures.work.steps import reached
from homeground.running.steps import Work
from homeground.running.tables import (
    LAND_UNITS,
    MEASURE_RATES,
    SUITABLE_AREAS,
    regions_of,
)

NOISE = "land_degraded_noise_high"
STATES = ("degraded", "stable", "improved", "unknown", "not_assessed")  # of land_units.parquet


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
