# SPDX-License-Identifier: Apache-2.0
"""What the evidence stage does: the library of effects, its reading for each country, and who lives in drylands."""

from __future__ import annotations

import numpy as np
import pandas as pd

from homeground.catalogue import figure_files
from homeground.catalogue.classes import COVER_NAMES
from homeground.catalogue.regions import study_regions
from homeground.evidence.effects import check_effects, country_reading, moderators_of
from homeground.evidence.exposure import people_by_aridity
from homeground.evidence.synthesis import synthesise
from homeground.language.messages import Saying
from homeground.numbers.counts import limits_of
from homeground.numbers.disclosure import protect_part
from homeground.people.population import RURAL_WEIGHTS
from homeground.running.steps import Work
from homeground.running.tables import (
    EFFECTS,
    EFFECTS_MODERATORS,
    EFFECTS_POOLED,
    EVIDENCE_COUNTRIES,
    LAND_UNITS,
    PEOPLE_COUNTRIES,
    regions_of,
)

DRYLANDS = (1, 2, 3)
# Moderators that the literature names: how a country stands is shown beside the studies, never multiplied into them.
CONTEXT = {"agriculture_share": "agriculture_share_gdp", "poverty_share": "poverty_share"}


def effects(work: Work) -> None:
    """The checked library, and for each group the pooled effect or the reason why it is not pooled."""
    raw = pd.read_csv(figure_files.path("effects"), dtype=str, keep_default_na=False)
    effects = check_effects(raw)
    effects.to_parquet(work.out / EFFECTS)
    groups = synthesise(effects)
    groups.to_parquet(work.out / EFFECTS_POOLED)
    held = effects.drop_duplicates("source")[["source", "licence", "kind"]]
    moderators = moderators_of(effects).merge(held, on="source", how="left", validate="many_to_one")
    moderators.to_parquet(work.out / EFFECTS_MODERATORS)
    pooled = int(groups["pooled"].sum())
    if not pooled:
        work.warn(Saying("warning.none_pooled", {"n": len(groups)}))


def countries(work: Work) -> None:
    """Sign, range and level of evidence for each country; never a number of people."""
    effects = pd.read_parquet(work.results / EFFECTS)
    moderators = _context(work)
    readings = [country_reading(effects, iso3, moderators) for iso3 in work.study.countries]
    pd.concat(readings, ignore_index=True).to_parquet(work.out / EVIDENCE_COUNTRIES)


def _context(work: Work) -> pd.DataFrame:
    table = pd.read_parquet(work.results / PEOPLE_COUNTRIES)
    table = (
        table[table["indicator"].isin(list(CONTEXT))]
        .sort_values("year")
        .drop_duplicates(["iso3", "indicator"], keep="last")
    )
    wide = table.pivot(index="iso3", columns="indicator", values="value").rename(columns=CONTEXT)
    return wide.reindex(work.study.countries).rename_axis("iso3").rename_axis(None, axis=1).reset_index()


def regions(work: Work) -> None:
    """People in drylands by region, and how many studies name its country."""
    regions = study_regions(work.study)
    people = pd.read_parquet(work.results / regions_of("people"))
    people = people.rename(
        columns={"people_population": "population", "people_population_low": "low", "people_population_high": "high"}
    )
    units = pd.read_parquet(work.results / LAND_UNITS)
    weights = {code: RURAL_WEIGHTS[name] for code, name in COVER_NAMES.items()}
    exposed = people_by_aridity(people, units, DRYLANDS, weights=weights)
    limits = limits_of(regions_of("evidence"), "evidence_people_dryland")
    placed = people[["population", "low", "high"]].astype("float64")
    shown = exposed[["region_id"]].assign(
        exposed=protect_part(exposed["exposed"], placed["population"], **limits),
        low=protect_part(exposed["low"], placed["low"], towards="down", **limits),
        high=protect_part(exposed["high"], placed["high"], towards="up", **limits),
    )
    reading = pd.read_parquet(work.results / EVIDENCE_COUNTRIES)
    named = reading[(reading["coverage"] == "country") & (reading["stance"] == "environment")]
    studies = _studies_of(named, pd.read_parquet(work.results / EFFECTS))
    level = named.groupby("iso3")["evidence_level"].max()
    table = pd.DataFrame(
        {
            "region_id": shown["region_id"],
            "evidence_people_dryland": shown["exposed"],
            "evidence_people_dryland_low": shown["low"],
            "evidence_people_dryland_high": shown["high"],
        }
    )
    # Each end of its own people: how many live in a region says nothing of where in it they live.
    of_people = people.set_index("region_id").loc[table["region_id"]]
    for end, column in (("", "population"), ("_low", "low"), ("_high", "high")):
        whole = of_people[column].to_numpy("float64")
        dry = table[f"evidence_people_dryland{end}"].to_numpy("float64")
        table[f"evidence_share_dryland{end}"] = np.minimum(100 * dry / np.where(whole > 0, whole, np.nan), 100)
    ends = [f"evidence_share_dryland{end}" for end in ("", "_low", "_high")]
    table[ends[1]], table[ends[2]] = table[ends].min(axis=1), table[ends].max(axis=1)
    iso3 = table["region_id"].map(regions.set_index("region_id")["iso3"])
    table["evidence_studies"] = iso3.map(studies).fillna(0).astype("int64")
    table["evidence_level"] = iso3.map(level).astype("float64")
    (work.out / "regions").mkdir()
    table.to_parquet(work.out / regions_of("evidence"))


def _studies_of(named: pd.DataFrame, effects: pd.DataFrame) -> dict[str, int]:
    """Independent studies (clusters) that name a country."""
    cluster = effects.set_index("effect_id")["cluster"]
    found: dict[str, set[str]] = {}
    for iso3, ids in zip(named["iso3"], named["effect_ids"], strict=True):
        found.setdefault(iso3, set()).update(cluster[i] for i in str(ids).split(";") if i in cluster.index)
    return {iso3: len(clusters) for iso3, clusters in found.items()}
