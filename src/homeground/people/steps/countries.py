# SPDX-License-Identifier: Apache-2.0
"""All country figures in one tidy table: population, births, deaths, migration, displacement, age, dependence."""

from __future__ import annotations

import pandas as pd

from homeground.catalogue import atlas, figures
from homeground.language.messages import Saying
from homeground.people.displacement import displacement_table
from homeground.people.groups import AFRICAN_UNION_YOUTH, age_shares
from homeground.people.migration import net_migration
from homeground.running.steps import Work
from homeground.running.tables import PEOPLE_COUNTRIES

YEAR = 2025  # the projection year nearest to now for which the atlas holds ages
# Published country figures that say how much people depend on farming, work and transfers.
PROFILE = [
    "agriculture_share",
    "agricultural_land_share",
    "youth_unemployment",
    "youth_unemployment_female",
    "youth_unemployment_male",
    "urban_share",
    "remittances_share",
    "poverty_share",
    "median_age",
]
# Figures whose absence for a country is said aloud, and how.
EXPECTED = ("net_migration", "idps_idmc", "agriculture_share", "youth_unemployment")  # a country without is named
TIDY = ["iso3", "year", "indicator", "value", "unit", "low", "high", "source", "licence", "kind", "note"]


def countries(work: Work) -> None:
    """All country figures in one tidy table: population, births, deaths, migration, displacement, age, dependence."""
    codes = work.study.countries
    published = figures.load("net_migration", iso3=codes)
    fled = displacement_table(figures.load("displacement", iso3=codes))
    fled = fled.assign(note=fled["note"].where(fled["note"] != "", fled["cause"] + "; " + fled["counted"]))
    profile = atlas.profile(codes)
    profile = profile[profile["indicator"].isin(PROFILE)]
    parts = [published, _implied(published), fled, profile, _ages(codes)]
    table = pd.concat([part.reindex(columns=TIDY) for part in parts], ignore_index=True)
    table = table.astype({"year": "int64", "value": "float64", "low": "float64", "high": "float64"})
    table.sort_values(["iso3", "indicator", "year", "source"], ignore_index=True).to_parquet(
        work.out / PEOPLE_COUNTRIES
    )
    _warn_of_gaps(work, table)


def _implied(published: pd.DataFrame) -> pd.DataFrame:
    """Net migration as the residual of the same source: a check of its arithmetic, no second witness."""
    if published.empty:  # the revision has no figures of some small places
        return pd.DataFrame(columns=TIDY)
    wide = published.pivot_table(index=["iso3", "year"], columns="indicator", values="value").dropna()
    # Growth counts from the start of the year, so the population at the start only sets the scale of the rate.
    start = wide["population_midyear"] - wide["population_change"] / 2
    residual = net_migration(start, start + wide["population_change"], wide["births"], wide["deaths"])
    return pd.DataFrame(residual["net_migration"]).rename(columns={"net_migration": "value"}).reset_index().assign(
        indicator="net_migration_implied",
        unit="persons",
        source="population change - births + deaths of the same UN revision",
        licence="CC BY 3.0 IGO",
        kind="modelled",
        note="implied by the UN's own accounting, not independent",
    )  # fmt: skip


def _ages(countries: list[str]) -> pd.DataFrame:
    """Shares of youth, women and working age in the national population of `YEAR`."""
    people = atlas.population(countries)
    people = people[people["year"] == YEAR].rename(columns={"age_group": "age", "persons": "population"})
    people = people[["iso3", "year", "sex", "age", "population"]]
    if people.empty:
        return pd.DataFrame(columns=TIDY)
    shares = age_shares(people)
    african = age_shares(people, youth=AFRICAN_UNION_YOUTH)
    shares["youth_share_african_union"] = african["youth_share"]
    names = ["youth_share", "youth_share_african_union", "women_share", "working_age_share", "young_women_share"]
    shares[names] *= 100
    tidy = shares.melt(["iso3", "year"], names, var_name="indicator")
    return tidy.assign(
        unit="% of population",
        source="UN WPP 2024, medium variant",
        licence="CC BY 3.0 IGO",
        kind="modelled",
        note=tidy["indicator"].map({"youth_share": "15-24", "youth_share_african_union": "15-35"}).fillna(""),
    )


def _warn_of_gaps(work: Work, table: pd.DataFrame) -> None:
    for indicator in EXPECTED:
        have = set(table.loc[table["indicator"] == indicator, "iso3"])
        if lacking := sorted(set(work.study.countries) - have):
            work.warn(Saying(f"warning.lacking.{indicator}", {"countries": lacking}))
    work.warn(Saying("warning.net_migration"))
