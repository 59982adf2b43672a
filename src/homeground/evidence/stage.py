# SPDX-License-Identifier: Apache-2.0
"""The evidence stage: what is published about land and mobility, read for each country; who lives in drylands."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.inputs import figure_inputs, region_inputs
from homeground.running.later import later
from homeground.running.steps import Stage, Step
from homeground.study.model import Study


def _inputs(_: Study) -> dict[str, Path]:
    return figure_inputs("effects")


STAGE = Stage(
    "evidence",
    (
        Step(
            "effects",
            later("homeground.evidence.steps:effects"),
            ("effects.parquet", "effects_pooled.parquet", "effects_moderators.parquet"),
            settings=(),
            inputs=_inputs,
        ),
        Step(
            "countries",
            later("homeground.evidence.steps:countries"),
            ("evidence_countries.parquet",),
            settings=("countries",),
            needs=("evidence.effects", "people.countries"),
        ),
        Step(
            "regions",
            later("homeground.evidence.steps:regions"),
            ("regions/evidence.parquet",),
            needs=("land.regions", "people.regions", "evidence.countries"),
            inputs=region_inputs,
        ),
    ),
    later("homeground.evidence.finding:finding"),
)
