# SPDX-License-Identifier: Apache-2.0
"""The evidence stage: what is published about land and mobility, read for each country; who lives in drylands."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.inputs import atlas_inputs, figure_inputs, region_inputs
from homeground.running.later import later
from homeground.running.steps import Stage, Step
from homeground.running.tables import EFFECTS, EFFECTS_MODERATORS, EFFECTS_POOLED, EVIDENCE_COUNTRIES, regions_of
from homeground.study.model import Study


def _sub_regions(_: Study) -> dict[str, Path]:
    return atlas_inputs("countries.csv")


def _inputs(_: Study) -> dict[str, Path]:
    return figure_inputs("effects")


STAGE = Stage(
    "evidence",
    (
        Step(
            "effects",
            later("homeground.evidence.steps:effects"),
            (EFFECTS, EFFECTS_POOLED, EFFECTS_MODERATORS),
            settings=(),
            inputs=_inputs,
        ),
        Step(
            "countries",
            later("homeground.evidence.steps:countries"),
            (EVIDENCE_COUNTRIES,),
            settings=("countries",),
            needs=("evidence.effects", "people.countries"),
            inputs=_sub_regions,
        ),
        Step(
            "regions",
            later("homeground.evidence.steps:regions"),
            (regions_of("evidence"),),
            needs=("land.regions", "people.regions", "evidence.countries"),
            inputs=region_inputs,
        ),
    ),
    later("homeground.evidence.finding:finding"),
)
