# SPDX-License-Identifier: Apache-2.0
"""The measures stage: what could be done where under the study's budget and rules, at what cost, with what work."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.inputs import atlas_inputs, region_inputs, table_inputs
from homeground.running.later import later
from homeground.running.steps import Stage, Step
from homeground.running.tables import (
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
from homeground.study.model import Study


def _inputs(study: Study) -> dict[str, Path]:
    return table_inputs(study, "options")


def _region_inputs(study: Study) -> dict[str, Path]:
    return region_inputs(study) | table_inputs(study, "options") | atlas_inputs("elevation.tif", "layers.csv")


STAGE = Stage(
    "measures",
    (
        Step(
            "suitability",
            later("homeground.measures.steps:suitability"),
            (SUITABLE_AREAS,),
            settings=tuple(
                f"plan.{name}" for name in ("measures", "soil_state", "trees_on_open_land", "where", "drylands_only")
            ),
            needs=("land.regions",),
            inputs=_inputs,
        ),
        Step(
            "plan",
            later("homeground.measures.steps:make_plan"),
            (
                PLAN,
                PLAN_SCHEDULE,
                PLAN_SPENDING,
                PLAN_PRICES,
                PLAN_CHECKS,
                PLAN_FACTS,
            ),
            settings=("plan",),
            needs=("land.regions",),
            inputs=_inputs,
        ),
        Step(
            "regions",
            later("homeground.measures.steps:regions"),
            (regions_of("measures"), PLAN_CARBON),
            settings=("plan.soil_state", "plan.measures"),
            needs=("land.regions", "measures.plan"),
            inputs=_region_inputs,
        ),
    ),
    later("homeground.measures.finding:finding"),
)
