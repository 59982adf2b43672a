# SPDX-License-Identifier: Apache-2.0
"""What the finance stage found: what the plan costs in present value, and what its farm benefits return."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.language.messages import Saying, Word
from homeground.numbers.fact import Amount
from homeground.running.findings import reason
from homeground.running.tables import FINANCE_APPRAISAL, PLAN_FACTS


def finding(results: Path) -> list[Saying]:
    """Cost of the plan at the study's rate and what its valued benefits return; or why there is no appraisal.

    Parameters
    ----------
    results : Path
        A results folder in which the stage has run.

    Returns
    -------
    list of Saying
    """
    table = pd.read_parquet(results / FINANCE_APPRAISAL)
    if table.empty:
        why = json.loads((results / PLAN_FACTS).read_text(encoding="utf-8")).get("reason") or "no_plan"
        return [Saying("finding.finance.none", {"reason": reason(why)})]
    row: Any = table[(table["scope"] == "plan") & (table["view"] == "financial") & table["study_rate"]].iloc[0]
    cost, low, high = (float(row[f"cost_usd{end}"]) for end in ("", "_low", "_high"))
    rate = f"{100 * row['rate']:g}"
    words: dict[str, Word] = {
        "rate": Amount(float(rate), "%", len(rate.partition(".")[2])),
        "years": Amount(float(row["horizon"]), "years"),
        "cost": Amount(cost, "USD", low=low, high=high, kind="modelled"),
        "price_year": str(int(row["price_year"])),
    }
    return [Saying("finding.finance.cost", words), *_benefit(row)]


def _benefit(row: Any) -> list[Saying]:
    if row["bcr"] != row["bcr"]:  # NaN: nothing could be valued
        return [Saying("finding.finance.unvalued")]
    returns = {
        name: Amount(float(row[column]), decimals=1)
        for name, column in (("low", "bcr_p05"), ("high", "bcr_p95"), ("middle", "bcr"))
    }
    cover = Amount(100 * float(row["benefit_cover"]), "%")
    unverified = Amount(100 * float(row["unverified_benefit"]), "%")
    return [
        Saying("finding.finance.benefit", {"cover": cover, **returns}),
        Saying("finding.finance.unverified", {"share": unverified}),
    ]
