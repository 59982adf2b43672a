# SPDX-License-Identifier: Apache-2.0
"""What the evidence stage found: who lives in drylands, and whether studies of these countries were read."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from homeground.evidence.exposure import dryland_columns, total_exposed
from homeground.language.messages import Saying
from homeground.numbers.fact import Amount
from homeground.running.tables import EFFECTS, EVIDENCE_COUNTRIES, LAND_UNITS, regions_of

OF_THE_COUNTRY = ("country", "this country")  # how a table says so; the second is of an older version


def finding(results: Path) -> list[Saying]:
    """People in drylands with their range, studies read, and of how many countries here some of them are.

    Parameters
    ----------
    results : Path
        A results folder in which the stage has run.

    Returns
    -------
    list of Saying
    """
    regions = pd.read_parquet(results / regions_of("evidence"))
    reading = pd.read_parquet(results / EVIDENCE_COUNTRIES)
    effects = pd.read_parquet(results / EFFECTS)
    environment = reading[reading["stance"] == "environment"]
    covered = int(environment.loc[environment["coverage"].isin(OF_THE_COUNTRY), "iso3"].nunique())
    countries = int(reading["iso3"].nunique())
    people_of = pd.read_parquet(results / regions_of("people"))
    land = pd.read_parquet(results / LAND_UNITS, columns=["region_id", "iso3"]).drop_duplicates("region_id")
    value, low, high = total_exposed(
        dryland_columns(regions.merge(people_of, on="region_id").merge(land, on="region_id"))
    )
    people = Amount(value, "persons", low=low, high=high, kind="modelled")
    studies = {"studies": int(effects["cluster"].nunique())}
    if not covered:
        read = Saying("finding.evidence.none", studies)
    elif countries == 1:
        read = Saying("finding.evidence.this", studies)
    else:
        read = Saying("finding.evidence.some", studies | {"covered": covered, "all": countries})
    return [Saying("finding.evidence.drylands", {"people": people}), read]
