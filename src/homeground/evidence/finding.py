# SPDX-License-Identifier: Apache-2.0
"""The one sentence that the evidence stage found."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from homeground.numbers.units import counted, large_number
from homeground.running.tables import EFFECTS, EVIDENCE_COUNTRIES, regions_of


def finding(results: Path) -> str:
    """How many people live in drylands, and how many published studies are read on the countries here."""
    regions = pd.read_parquet(results / regions_of("evidence"))
    reading = pd.read_parquet(results / EVIDENCE_COUNTRIES)
    effects = pd.read_parquet(results / EFFECTS)
    environment = reading[reading["stance"] == "environment"]
    covered = environment.loc[environment["coverage"] == "this country", "iso3"].nunique()
    column = "evidence_people_dryland"
    low, middle, high = (large_number(regions[c].sum()) for c in (f"{column}_low", column, f"{column}_high"))
    where = f"{covered} of {counted(reading['iso3'].nunique(), 'country', 'countries')}"
    own = f"some of them of {where} here" if covered else "none of them of a country here"
    return (
        f"About {middle} people ({low} to {high}) live in drylands. {effects['cluster'].nunique()} published studies "
        f"are read, {own}; signs differ: no single effect."
    )
