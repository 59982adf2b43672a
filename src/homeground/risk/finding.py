# SPDX-License-Identifier: Apache-2.0
"""The one sentence that the risk stage found."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from homeground.numbers.units import counted
from homeground.risk.steps import CLASSES, DRAWS, SURE
from homeground.running.tables import RISK_PARTS, regions_of


def finding(results: Path) -> str:
    """How many regions are surely in the highest class, and by how much ranks move."""
    table = pd.read_parquet(results / regions_of("risk")).dropna(subset="risk_rank")
    n = len(table)
    if n == 0:
        return "No region has enough known indicators for a risk index."
    parts = pd.read_parquet(results / RISK_PARTS, filters=[("node", "==", "people_in_drylands")])
    if parts["value"].max() == 0:
        return f"Nobody lives in drylands in these {n} regions: the risk index is nil by its own definition."
    if n < CLASSES:
        return f"{n} regions are too few for classes: they are ranked among themselves only, by the medians of {DRAWS} draws."
    sure = ((table["risk_class"] == CLASSES) & (table["risk_class_probability"] >= SURE)).sum()
    middle = table[table["risk_rank"].between(n / 4, 3 * n / 4)]
    moves = ((middle["risk_rank_high"] - middle["risk_rank_low"]) / 2).median() if len(middle) else 0.0
    return (
        f"{counted(int(sure), 'region is', 'regions are')} in the highest class with at least {100 * SURE:.0f} % probability "
        f"(of {n}, compared with each other only); ranks of the middle half move by ±{moves:.0f} places."
    )
