# SPDX-License-Identifier: Apache-2.0
"""The one sentence that the people stage found."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from homeground.numbers.units import large_number
from homeground.running.tables import LAND_COUNTRIES, LAND_UNITS, PEOPLE_COUNTRIES, regions_of


def finding(results: Path) -> str:
    """Who lives here, how many came or left in the newest year, and how many are displaced inside their country."""
    regions = pd.read_parquet(results / regions_of("people"))
    table = pd.read_parquet(results / PEOPLE_COUNTRIES)
    net = table[table["indicator"] == "net_migration"]
    year = int(net["year"].max())
    total = net.loc[net["year"] == year, "value"].sum()
    direction = "left" if total < 0 else "came"
    land = pd.read_parquet(results / LAND_UNITS)["area_km2"].sum()
    partly = land < 0.9 * pd.read_parquet(results / LAND_COUNTRIES)["area_km2"].sum()
    text = f"{large_number(regions['people_population'].sum())} people live here; by the UN's estimate a net "
    text += f"{large_number(abs(total))} {direction} in {year}"
    inside = table[table["indicator"] == "idps_idmc"]
    if len(inside):
        last = inside["year"].max()
        inside = inside[inside["year"] == last]
        displaced = large_number(inside["value"].sum())
        text += f", and {displaced} were displaced inside their country at the end of {last}"
        if len(inside) < (countries := table["iso3"].nunique()):
            text += f" (counted in {len(inside)} of {countries} countries)"
    return text + (" (both for the whole country)." if partly else ".")
