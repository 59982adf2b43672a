# SPDX-License-Identifier: Apache-2.0
"""The risk stage: the land and people index by region, with rank intervals, class probability and what it rests on."""

from __future__ import annotations

from homeground.catalogue.inputs import region_inputs
from homeground.running.later import later
from homeground.running.steps import Stage, Step

STAGE = Stage(
    "risk",
    (
        Step(
            "regions",
            later("homeground.risk.steps:regions"),
            ("regions/risk.parquet", "risk_parts.parquet", "risk_weights.parquet", "risk_reliability.parquet"),
            needs=("land.regions", "people.countries", "people.regions"),
            inputs=region_inputs,
        ),
    ),
    later("homeground.risk.finding:finding"),
)
