# SPDX-License-Identifier: Apache-2.0
"""The measures stage: what could be done where under the study's budget and rules, at what cost, with what work."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.inputs import region_inputs, table_inputs
from homeground.running.later import later
from homeground.running.steps import Stage, Step
from homeground.study.model import Study


def _inputs(study: Study) -> dict[str, Path]:
    return table_inputs(study, "options")


def _region_inputs(study: Study) -> dict[str, Path]:
    return region_inputs(study) | table_inputs(study, "options")


STAGE = Stage(
    "measures",
    (
        Step(
            "suitability",
            later("homeground.measures.steps:suitability"),
            ("suitable_areas.parquet",),
            settings=("plan.measures", "plan.trees_on_open_land"),
            needs=("land.regions",),
            inputs=_inputs,
        ),
        Step(
            "plan",
            later("homeground.measures.steps:make_plan"),
            (
                "plan.parquet",
                "plan_schedule.parquet",
                "plan_spending.parquet",
                "plan_prices.parquet",
                "plan_checks.parquet",
                "plan.json",
            ),
            settings=("plan",),
            needs=("land.regions",),
            inputs=_inputs,
        ),
        Step(
            "regions",
            later("homeground.measures.steps:regions"),
            ("regions/measures.parquet",),
            needs=("land.regions", "measures.plan"),
            inputs=_region_inputs,
        ),
    ),
    later("homeground.measures.finding:finding"),
)
