# SPDX-License-Identifier: Apache-2.0
"""What the risk stage found: how many regions are surely in the highest class, and how far ranks move."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from homeground.language.messages import Saying
from homeground.numbers.fact import Amount
from homeground.running.tables import RISK_PARTS, regions_of

CLASSES, DRAWS = 5, 1000  # of the stage
SURE = 0.6  # a class below this probability is no finding


def finding(results: Path) -> list[Saying]:
    """Regions in the highest class whatever the method, and how far ranks move; or why there are none.

    Parameters
    ----------
    results : Path
        A results folder in which the stage has run.

    Returns
    -------
    list of Saying
    """
    whole = pd.read_parquet(results / regions_of("risk"))
    table = whole.dropna(subset="risk_rank")
    n = len(table)
    if n == 0:
        return [Saying("finding.risk.unknown")]
    more = len(whole) - n
    unknown = [Saying("finding.risk.without", {"n": more})] if more else []
    parts = pd.read_parquet(results / RISK_PARTS, filters=[("node", "==", "people_in_drylands")])
    if parts["value"].max() == 0:
        return [Saying("finding.risk.nobody", {"n": n}), *unknown]
    if n < CLASSES:
        return [Saying("finding.risk.few", {"n": n, "draws": DRAWS}), *unknown]
    sure = int(((table["risk_class"] == CLASSES) & (table["risk_class_probability"] >= SURE)).sum())
    middle = table[table["risk_rank"].between(n / 4, 3 * n / 4)]
    moves = float(((middle["risk_rank_high"] - middle["risk_rank_low"]) / 2).median()) if len(middle) else 0.0
    return [
        Saying("finding.risk.sure", {"n": sure, "sure": Amount(100 * SURE, "%"), "all": n}),
        Saying("finding.risk.moves", {"n": Amount(moves)}),
        *unknown,
    ]
