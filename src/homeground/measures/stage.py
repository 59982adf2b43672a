# SPDX-License-Identifier: Apache-2.0
"""The measures stage: what could be done where under the study's budget and rules, at what cost, with what work."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.inputs import region_inputs, table_inputs
from homeground.running.later import later
from homeground.running.steps import Stage, Step
from homeground.running.tables import (
    MEASURE_RATES,
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
    SUITABLE_AREAS,
    regions_of,
)
from homeground.study.model import Study


def _inputs(study: Study) -> dict[str, Path]:
    return table_inputs(study, "options")


def _region_inputs(study: Study) -> dict[str, Path]:
    return region_inputs(study) | table_inputs(study, "options")


STAGE = Stage(
    "measures",
    (
        Step(
            "rates",
            later("homeground.measures.steps:rates"),
            (MEASURE_RATES,),
            settings=("countries", "plan.measures", "plan.soil_state"),
            inputs=_inputs,
        ),
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
            later("homeground.measures.making:make_plan"),
            (
                PLAN,
                PLAN_SCHEDULE,
                PLAN_SPENDING,
                PLAN_PRICES,
                PLAN_CHECKS,
                PLAN_STARTS,
                PLAN_BINDING,
                PLAN_DRAWN,
                PLAN_FRONTIER,
                PLAN_FACTS,
            ),
            settings=("plan",),
            needs=("land.regions", "people.regions"),
            inputs=_inputs,
        ),
        Step(
            "regions",
            later("homeground.measures.steps:regions"),
            (regions_of("measures"),),
            needs=("land.regions", "measures.plan"),
            inputs=_region_inputs,
        ),
    ),
    later("homeground.measures.finding:finding"),
)
