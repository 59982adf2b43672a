# SPDX-License-Identifier: Apache-2.0
"""The one sentence that the land stage found."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from homeground.catalogue.regions import COVERED
from homeground.numbers.units import counted, large_number
from homeground.running.tables import DEGRADATION, DEGRADATION_FACTS, LAND_UNITS


def finding(results: Path) -> str:
    """The stage's one sentence: the dryland, and the degraded land where it could be judged."""
    units = pd.read_parquet(results / LAND_UNITS)
    total = units["area_km2"].sum()
    dry = units.loc[units["aridity_class"].between(1, 3), "area_km2"].sum()
    hyper = units.loc[units["aridity_class"] == 0, "area_km2"].sum()
    where = counted(units["iso3"].nunique(), "country", "countries")
    beyond = f"; another {100 * hyper / total:.0f} % is hyper-arid" if hyper / total > 0.005 else ""
    facts = (
        json.loads((results / DEGRADATION_FACTS).read_text("utf-8")) if (results / DEGRADATION_FACTS).is_file() else {}
    )
    degraded = ""
    if "degraded_share" in facts:
        low, high = facts.get("degraded_low"), facts.get("degraded_high")
        span = "" if low is None else f" ({low:.0f} to {high:.0f} under other choices)"
        areas = pd.read_parquet(results / DEGRADATION, columns=["period", "area_km2"])
        seen = 100 * areas.loc[areas["period"] == "period", "area_km2"].sum() / total
        where_seen = f"{seen:.0f} % of the land that your series cover" if seen < COVERED else "land"
        degraded = f" Degraded by SDG 15.3.1 is {facts['degraded_share']:.0f} % of the {where_seen}{span}."
    return (
        f"Drylands cover {100 * dry / total:.0f} % of the land looked at in {where} ({large_number(dry)} of "
        f"{large_number(total)} km²){beyond}.{degraded}"
    )
