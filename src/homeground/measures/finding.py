# SPDX-License-Identifier: Apache-2.0
"""The one sentence that the measures stage found."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from homeground.measures.steps import ENDS
from homeground.numbers.units import large_number
from homeground.running.tables import PLAN_FACTS, regions_of

NO_GAP = 1e-5  # below, a gap is the arithmetic of the solver


def finding(results: Path) -> str:
    """What the plan costs, how much land it covers, how much work it takes, and how near to the best it is."""
    facts = json.loads((results / PLAN_FACTS).read_text(encoding="utf-8"))
    if not facts["planned"]:
        return f"No plan: {facts['reason']}."
    regions = pd.read_parquet(results / regions_of("measures"))
    years = facts["years"]
    cost = _range(regions, "measures_cost_usd")
    days = _range(regions, "measures_person_days_establishment")
    proof = (
        f"within {facts['gap']:.1e} of the best" if facts["gap"] > NO_GAP else "no plan under these rules does better"
    )
    return (
        f"For {cost} {facts['currency']} in {years[0]}-{years[1]} the plan covers "
        f"{large_number(regions['measures_hectares'].sum())} ha and takes {days} person-days to establish; {proof}."
    )


def _range(regions: pd.DataFrame, column: str) -> str:
    middle, low, high = (float(regions[f"{column}{end}"].sum()) for end in ENDS)
    return f"{large_number(middle)} ({large_number(low)} to {large_number(high)})"
