# SPDX-License-Identifier: Apache-2.0
"""The risk stage: the land and people index by region, with rank intervals, class probability and what it rests on."""

from __future__ import annotations

from homeground.catalogue.inputs import region_inputs
from homeground.running.later import later
from homeground.running.steps import Stage, Step
from homeground.running.tables import RISK_PARTS, RISK_RELIABILITY, RISK_WEIGHTS, regions_of

STAGE = Stage(
    "risk",
    (
        Step(
            "regions",
            later("homeground.risk.steps:regions"),
            (regions_of("risk"), RISK_PARTS, RISK_WEIGHTS, RISK_RELIABILITY),
            needs=("land.drought", "land.people", "land.regions", "people.countries", "people.regions"),
            settings=("period",),
            inputs=region_inputs,
        ),
    ),
    later("homeground.risk.finding:finding"),
)
