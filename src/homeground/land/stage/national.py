# SPDX-License-Identifier: Apache-2.0
"""What is published of the climate of whole countries, year by year: rain, temperature, and how unusual each year was."""

from __future__ import annotations

from homeground.catalogue import figures
from homeground.land.stage.files import NATIONAL
from homeground.running.steps import Work
from homeground.running.tables import COUNTRY_CLIMATE

COLUMNS = {
    "rain_year": "rain_mm",
    "temperature_year": "temperature_c",
    "spi12_december": "spi12",
    "spei12_december": "spei12",
}


def national(work: Work) -> None:
    """One row a country and year; a number that is not known (the source repeats its climatology) is absent."""
    rows = figures.load(NATIONAL, iso3=work.study.countries)
    table = rows.pivot_table(index=["iso3", "year"], columns="indicator", values="value").reindex(columns=list(COLUMNS))
    first = rows.drop_duplicates(["iso3"])[["iso3", "source", "licence", "kind"]]
    found = table.rename(columns=COLUMNS).reset_index().merge(first, on="iso3", how="left")
    found.astype({"year": "int64"}).to_parquet(work.out / COUNTRY_CLIMATE)
