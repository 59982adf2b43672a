# SPDX-License-Identifier: Apache-2.0
"""The stages in the order in which they run, and the table that joins them."""

from __future__ import annotations

from homeground.brief.stage import STAGE as BRIEF
from homeground.catalogue.inputs import region_inputs
from homeground.chain.folders import REGION_STAGES
from homeground.evidence.stage import STAGE as EVIDENCE
from homeground.finance.stage import STAGE as FINANCE
from homeground.land.stage import STAGE as LAND
from homeground.measures.stage import STAGE as MEASURES
from homeground.people.stage import STAGE as PEOPLE
from homeground.risk.stage import STAGE as RISK
from homeground.running.later import later
from homeground.running.steps import Stage, Step
from homeground.running.tables import REGIONS

__all__ = ["REGION_STAGES", "TABLES", "stages"]

TABLES = Stage(
    "chain",
    (
        Step(
            "regions",
            later("homeground.chain.joining:join_regions"),
            outputs=(REGIONS,),
            needs=tuple(f"{stage}.regions" for stage in REGION_STAGES),
            inputs=region_inputs,
        ),
    ),
    later("homeground.chain.finding:finding"),
)


def stages() -> tuple[Stage, ...]:
    """All stages in the order in which they run; their modules are light, heavy libraries wait inside the steps.

    Returns
    -------
    tuple of Stage
        Those of `REGION_STAGES`, then ``chain``, which joins their tables, then ``brief``.
    """
    return (LAND, PEOPLE, EVIDENCE, MEASURES, FINANCE, RISK, TABLES, BRIEF)
