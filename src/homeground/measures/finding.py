# SPDX-License-Identifier: Apache-2.0
"""What the measures stage found: what the plan covers, costs and takes in work, and how good it is proven to be."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd

from homeground.language.messages import Saying, Word
from homeground.numbers.fact import Amount
from homeground.running.findings import reason
from homeground.running.tables import PLAN_FACTS, regions_of

NO_GAP = 1e-5  # below, a gap is the arithmetic of the solver
ENDS = ("", "_low", "_high")


def finding(results: Path) -> list[Saying]:
    """The plan's cost, land and work with their ranges, and its distance from the best; or why there is no plan.

    Parameters
    ----------
    results : Path
        A results folder in which the stage has run.

    Returns
    -------
    list of Saying
    """
    facts = json.loads((results / PLAN_FACTS).read_text(encoding="utf-8"))
    if not facts["planned"]:
        return [Saying("finding.measures.none", {"reason": reason(facts["reason"])})]
    regions = pd.read_parquet(results / regions_of("measures"))
    cost, low, high = (float(regions[f"measures_cost_usd{end}"].sum()) for end in ENDS)
    days, least, most = (float(regions[f"measures_person_days_establishment{end}"].sum()) for end in ENDS)
    words: dict[str, Word] = {
        "cost": Amount(cost, facts["currency"], low=low, high=high, kind="modelled"),
        "years": "–".join(dict.fromkeys(str(year) for year in facts["years"])),
        "land": Amount(float(regions["measures_hectares"].sum()), "ha", kind="modelled"),
        "days": Amount(days, "person-days", low=least, high=most, kind="modelled"),
    }
    gap = float(facts["gap"])
    far = Saying("finding.measures.gap", {"gap": gap_share(gap)})
    said = [Saying("finding.measures.plan", words), Saying("finding.measures.best") if gap <= NO_GAP else far]
    binds = facts["binding"]
    full = binds["land"] + binds["adoption"]
    if full > binds["money_or_rules"]:
        said.append(Saying("finding.measures.used_up", {"n": full, "all": sum(binds.values())}))
    return said


def gap_share(gap: float) -> Amount:
    """How far a plan is from the best at most, with two digits that are not zero.

    Parameters
    ----------
    gap : float
        Of the best that could be, as a fraction; below `NO_GAP` it is none.

    Returns
    -------
    Amount, %

    Examples
    --------
    >>> gap_share(0.000123).decimals, gap_share(1e-9).value
    (3, 0.0)
    """
    share = 100 * gap if gap > NO_GAP else 0.0
    return Amount(share, "%", max(0, 1 - math.floor(math.log10(share))) if share else 0)
