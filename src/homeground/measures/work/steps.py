# SPDX-License-Identifier: Apache-2.0
"""The steps of work: what the plan takes by region, year and season, who could do it, and what others publish beside it."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from homeground.catalogue.regions import study_regions
from homeground.errors import PlanError
from homeground.language.messages import Saying, Word
from homeground.measures.work.access import PUBLISHED_AFTER, PUBLISHED_BEFORE, Reach, accessible
from homeground.measures.work.density import job_density
from homeground.measures.work.movement import movement_weights
from homeground.measures.work.places import access_of
from homeground.measures.work.programmes import public_works, training
from homeground.measures.work.ranges import ENDS, Range, default_range
from homeground.measures.work.supply import beside_supply, days_by_year, labour_caps, labour_supply
from homeground.numbers.fact import Amount
from homeground.running.steps import Work
from homeground.running.tables import (
    LABOUR,
    PEOPLE_COUNTRIES,
    PLAN,
    PLAN_STARTS,
    WORK_DENSITY,
    WORK_FACTS,
    WORK_REGIONS,
    regions_of,
)
from homeground.study.work_section import WorkSection

MOVED = ["left_per_1000", "hosted_per_1000", "weight_origin", "weight_host"]


def work(work: Work) -> None:
    """Work by region, year and season beside the labour of the region; density; training and public works if asked."""
    regions, figures = study_regions(work.study), pd.read_parquet(work.results / PEOPLE_COUNTRIES)
    asked = work.study.work
    share, days = _asked(asked)
    supply = labour_supply(_people(work, regions, figures), share=share, days=days)
    allocation = pd.read_parquet(work.results / PLAN)
    planned = not allocation.empty
    needed = days_by_year(allocation, pd.read_parquet(work.results / PLAN_STARTS)) if planned else None
    labour = pd.DataFrame() if needed is None else beside_supply(needed, supply)
    labour.to_parquet(work.out / LABOUR)
    table = _by_region(regions, supply, labour, asked.days_per_year)
    table = table.merge(movement_weights(regions, figures)[["region_id", *MOVED]], on="region_id")
    table.to_parquet(work.out / WORK_REGIONS)
    density = _density(labour, float(allocation["hectares"].sum()) if planned else 0.0, asked.days_per_year)
    density.to_parquet(work.out / WORK_DENSITY)
    facts = {
        "planned": planned,
        "days_per_year": asked.days_per_year,
        "share_of_workers": list(share),
        "off_season_days": list(days),
        "defaults": [name for name in ("share_of_workers", "off_season_days") if getattr(asked, name) is None],
        "look_first": asked.look_first,
        "training": _training(asked.training_seats),
        "public_works": _public_works(asked.public_works),
    }
    (work.out / WORK_FACTS).write_text(json.dumps(facts, indent=1, default=float), encoding="utf-8")
    _warn(work, table, density, facts)


def labour_rules(work: Work, units: pd.DataFrame, years: tuple[int, int]) -> list[dict[str, Any]]:
    """Caps on the work of each region where the study asks for them; none else."""
    asked = work.study.work
    if asked.cap_by_supply == "none":
        return []
    share, days = _asked(asked)
    regions, figures = study_regions(work.study), pd.read_parquet(work.results / PEOPLE_COUNTRIES)
    supply = labour_supply(_people(work, regions, figures), share=share, days=days)
    supply = supply[supply["region_id"].isin(units["region_id"])]
    unknown = int(supply[f"person_days_a_year_{asked.cap_by_supply}"].isna().sum())
    work.warn(Saying("warning.labour_cap", {"n": len(supply) - unknown, "whole": len(supply)}))
    return labour_caps(supply, years=years, end=asked.cap_by_supply).to_dict(orient="records")  # type: ignore[return-value]


def _asked(asked: WorkSection) -> tuple[Range, Range]:
    """Share of workers and days outside the main season, of the study or by default."""
    share, days = asked.share_of_workers, asked.off_season_days
    return share or default_range("share_of_workers"), days or default_range("off_season_days")


def _people(work: Work, regions: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """People of each region as the gate let them through, with the shares of their country."""
    people = pd.read_parquet(work.results / regions_of("people"))
    names = {f"people_{name}": name for name in ("population_low", "population", "population_high")}
    table = regions[["region_id", "iso3"]].merge(people[["region_id", *names]].rename(columns=names), on="region_id")
    newest = figures.dropna(subset="value").sort_values("year").groupby(["iso3", "indicator"])["value"].last()

    def of(indicator: str) -> pd.Series[Any]:
        known = newest[newest.index.get_level_values("indicator") == indicator].droplevel("indicator")
        return table["iso3"].map(known).astype(float) / 100

    return table.assign(working_age_share=of("working_age_share"), rural_share=1 - of("urban_share"))


def _by_region(
    regions: pd.DataFrame, supply: pd.DataFrame, labour: pd.DataFrame, days_per_year: float | None
) -> pd.DataFrame:
    table = regions[["region_id", "iso3"]].merge(supply, on="region_id")
    for season in ("off", "main"):
        for end in ENDS:
            name = f"person_days_{season}_{end}"
            table[name] = float("nan")
            if len(labour):
                sums = labour[labour["season"] == season].groupby("region_id")[end].sum()
                table[name] = table["region_id"].map(sums).fillna(0.0)
    for end in ENDS:
        table[f"full_time_years_{end}"] = table[f"person_days_off_{end}"] / (days_per_year or float("nan"))
    table["busiest_year"] = pd.array([None] * len(table), dtype="Int64")
    table["held"] = "not_known"
    if len(labour):
        off = labour[(labour["season"] == "off") & (labour["mid"] > 0)]
        busiest = off.loc[off.groupby("region_id")["mid"].idxmax()].set_index("region_id")
        table["busiest_year"] = table["region_id"].map(busiest["year"]).astype("Int64")
        known = table["person_days_a_year_mid"].notna()
        table["held"] = table["region_id"].map(busiest["held"]).where(known, "not_known").fillna("within")
    return table


def _density(labour: pd.DataFrame, hectares: float, days_per_year: float | None) -> pd.DataFrame:
    """Full-time years of off-season work per hectare beside published jobs; none without a stated length of the year."""
    if hectares <= 0 or days_per_year is None:
        return pd.DataFrame()
    sums = labour.loc[labour["season"] == "off", list(ENDS)].sum() / days_per_year
    ends: Range = (float(sums["low"]), float(sums["mid"]), float(sums["high"]))
    return job_density(ends, hectares, kind="full_time_years")


def _training(seats: dict[str, float]) -> list[dict[str, Any]]:
    return json.loads(training(seats).to_json(orient="records")) if seats else []


def _public_works(asked: Any) -> dict[str, float] | None:
    return None if asked is None else public_works(**asked.model_dump())


def _warn(work: Work, table: pd.DataFrame, density: pd.DataFrame, facts: dict[str, Any]) -> None:
    if facts["defaults"]:
        share = [100 * end for end in facts["share_of_workers"]]
        days = facts["off_season_days"]
        by_default = {
            "share": Amount(share[1], "%", low=share[0], high=share[2], kind="default"),
            "days": Amount(days[1], "1", low=days[0], high=days[2], kind="default"),
        }
        work.warn(Saying("warning.labour_default", by_default))
    if not facts["planned"]:
        return
    above = table["held"].isin(["above_mid", "above_high"])
    if above.any():
        words = {"n": int(above.sum()), "whole": len(table), "sure": int((table["held"] == "above_high").sum())}
        work.warn(Saying("warning.labour_above", words))
    if facts["days_per_year"] is None:
        work.warn(Saying("warning.no_work_year"))
    elif density["outside"].any():
        own = density.iloc[0]
        said: dict[str, Word] = {
            "own": Amount(
                float(own["own_mid"]), "1", 3, low=float(own["own_low"]), high=float(own["own_high"]), kind="modelled"
            ),
            "published": f"{density['low'].min():.3f}–{density['high'].max():.2f}",
            "n": int(density["outside"].sum()),
            "whole": len(density),
            "days": Amount(float(facts["days_per_year"]), "1"),
        }
        work.warn(Saying("warning.work_density", said))


def reached(work: Work, units: pd.DataFrame) -> pd.DataFrame:
    """Units as far as they can be reached, and what that costs in land told; need weighed where the study asks for it."""
    access = access_of(work.study)
    found = accessible(units, access)
    for said in _told(found, access is not None):
        work.warn(said)
    if found.units.empty and len(units):
        raise PlanError("no land can be reached: [data].access bars all of it. Give the chance of access of some land.")
    return _weighed(work, found.units)


def _told(found: Reach, given: bool) -> list[Saying]:
    if not given:
        return [Saying("warning.access_not_known")]
    low, mid, high = found.reached
    published: dict[str, Word] = {
        "from": Amount(PUBLISHED_BEFORE, "ha"),
        "to": Amount(PUBLISHED_AFTER, "ha"),
        "source": "Mirzabaev et al. 2022",
    }
    said = [
        Saying(
            "warning.access",
            {
                "before": Amount(found.hectares, "ha", kind="modelled"),
                "after": Amount(mid, "ha", low=low, high=high, kind="modelled"),
                **published,
            },
        )
    ]
    if found.unknown:
        said.append(Saying("warning.access_unknown_regions", {"n": len(found.unknown)}))
    return said


def _weighed(work: Work, units: pd.DataFrame) -> pd.DataFrame:
    """Need x (1 + weight) where the study looks first at where people left from or found refuge."""
    first = work.study.work.look_first
    if first == "none":
        return units
    figures = pd.read_parquet(work.results / PEOPLE_COUNTRIES)
    places = units[["region_id", "iso3"]].drop_duplicates()
    weights = movement_weights(places, figures).set_index("region_id")[f"weight_{first}"]
    work.warn(Saying(f"warning.look_first_{first}"))
    return units.assign(need=units["need"] * (1 + units["region_id"].map(weights).fillna(0.0)))
