# SPDX-License-Identifier: Apache-2.0
"""The one sentence that the finance stage found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.finance.steps.cashflow import NO_PLAN
from homeground.numbers.units import large_number
from homeground.running.tables import FINANCE_APPRAISAL, PLAN_FACTS


def finding(results: Path) -> str:
    """What the plan costs in present value, and what its farm benefits return for each USD."""
    table = pd.read_parquet(results / FINANCE_APPRAISAL)
    if table.empty:
        reason = json.loads((results / PLAN_FACTS).read_text(encoding="utf-8")).get("reason", "")
        return f"No appraisal: {reason or NO_PLAN}."
    row: Any = table[(table["scope"] == "plan") & (table["view"] == "financial") & table["study_rate"]].iloc[0]
    cost, low, high = (large_number(row[f"cost_usd{end}"]) for end in ("", "_low", "_high"))
    text = (
        f"At {100 * row['rate']:g} % over {row['horizon']} years the plan costs {cost} USD ({low} to {high}) of "
        f"{row['price_year']} in present value; "
    )
    if pd.isna(row["bcr"]):
        return f"{text}none of its farm benefits can be valued."
    return (
        f"{text}farm benefits, valued for {100 * row['benefit_cover']:.0f} % of it, return {row['bcr_p05']:.1f} to {row['bcr_p95']:.1f} per USD in nine of "
        f"ten draws (middle values: {row['bcr']:.1f}); {100 * row['unverified_benefit']:.0f} % of them rest on unverified defaults."
    )
