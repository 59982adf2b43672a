# SPDX-License-Identifier: Apache-2.0
"""The measures stage: what could be done where under the study's budget and rules, at what cost, with what work."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.inputs import atlas_inputs, region_inputs, table_inputs
from homeground.running.later import later
from homeground.running.steps import Stage, Step
from homeground.running.tables import (
    LABOUR,
    MEASURE_RATES,
    PLAN,
    PLAN_BINDING,
    PLAN_CARBON,
    PLAN_CHECKS,
    PLAN_DRAWN,
    PLAN_FACTS,
    PLAN_FRONTIER,
    PLAN_PRICES,
    PLAN_SCHEDULE,
    PLAN_SPENDING,
    PLAN_STARTS,
    RIGHTS,
    RIGHTS_FACTS,
    SUITABLE_AREAS,
    WORK_DENSITY,
    WORK_FACTS,
    WORK_REGIONS,
    regions_of,
)
from homeground.study.model import Study


def _inputs(study: Study) -> dict[str, Path]:
    # Polygons of access, and caps on the work of regions, are laid on the regions themselves.
    laid = study.data.access is not None or study.work.cap_by_supply != "none"
    return table_inputs(study, "options", "access") | (region_inputs(study) if laid else {})


def _region_inputs(study: Study) -> dict[str, Path]:
    return region_inputs(study) | table_inputs(study, "options") | atlas_inputs("elevation.tif", "layers.csv")


def _plan_inputs(study: Study) -> dict[str, Path]:
    return _inputs(study) | _region_inputs(study)


def _rights_inputs(study: Study) -> dict[str, Path]:
    return region_inputs(study) | table_inputs(study, "rights", "screening")


STAGE = Stage(
    "measures",
    (
        Step(
            "rates",
            later("homeground.measures.steps.places:rates"),
            (MEASURE_RATES,),
            settings=("countries", "plan.measures", "plan.soil_state"),
            inputs=_inputs,
        ),
        Step(
            "suitability",
            later("homeground.measures.steps.places:suitability"),
            (SUITABLE_AREAS,),
            settings=(
                *(
                    f"plan.{name}"
                    for name in ("measures", "soil_state", "trees_on_open_land", "where", "drylands_only")
                ),
                *("work.look_first", "data.access"),
            ),
            needs=("land.regions", "people.countries"),
            inputs=_inputs,
        ),
        Step(
            "plan",
            later("homeground.measures.steps.plan:make_plan"),
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
            settings=(
                *("plan", "data.access", "work.look_first", "work.cap_by_supply"),
                *("work.share_of_workers", "work.off_season_days"),
            ),
            needs=("land.regions", "people.countries", "people.regions"),
            inputs=_plan_inputs,
        ),
        Step(
            "regions",
            later("homeground.measures.steps.regions:regions"),
            (regions_of("measures"), PLAN_CARBON),
            settings=("plan.soil_state", "plan.measures"),
            needs=("land.regions", "measures.plan"),
            inputs=_region_inputs,
        ),
        Step(
            "work",
            later("homeground.measures.work.steps:work"),
            (WORK_REGIONS, LABOUR, WORK_DENSITY, WORK_FACTS),
            settings=("countries", "regions", "work"),
            needs=("measures.plan", "people.countries", "people.regions"),
            inputs=region_inputs,
        ),
        Step(
            "rights",
            later("homeground.measures.rights.steps:rights"),
            (RIGHTS, RIGHTS_FACTS),
            needs=("measures.regions",),
            inputs=_rights_inputs,
        ),
    ),
    later("homeground.measures.finding:finding"),
)
