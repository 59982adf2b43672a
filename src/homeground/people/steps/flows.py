# SPDX-License-Identifier: Apache-2.0
"""Who fled from where to where, as UNHCR counts it."""

from __future__ import annotations

import pandas as pd

from homeground.catalogue import figures
from homeground.language.messages import Saying
from homeground.numbers.counts import limits_of
from homeground.numbers.disclosure import protect
from homeground.running.steps import Work
from homeground.running.tables import FLOWS


def flows(work: Work) -> None:
    """Who fled from where to where: UNHCR's yearly flows between countries, with hidden small numbers as intervals."""
    fled = figures.load("refugee_flows")
    countries = work.study.countries
    fled = fled[fled["iso3"].isin(countries) | fled["place"].isin(countries)]
    exact = fled["low"].isna()
    table = pd.DataFrame(
        {
            "origin": fled["iso3"],
            "destination": fled["place"],
            "year": fled["year"].astype("int64"),
            "people": fled["value"].astype("int64"),
            "low": fled["low"].where(~exact, fled["value"]).astype("int64"),
            "high": fled["high"].where(~exact, fled["value"]).astype("int64"),
            "what": "flight in the year: refugees, asylum-seekers and people in like situations",
            "source": fled["source"],
            "licence": fled["licence"],
            "kind": fled["kind"],
        }
    )
    # Published elsewhere: the list of counts says by whom, and why they pass unrounded.
    limits = limits_of(FLOWS, "people", source="UNHCR")
    shown, _ = protect(table.reset_index(drop=True), counts="people", intervals={"people": ("low", "high")}, **limits)
    shown.drop(columns="people_hidden").to_parquet(work.out / FLOWS)
    work.warn(Saying("warning.flows"))
