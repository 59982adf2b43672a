# SPDX-License-Identifier: Apache-2.0
"""What a stage answers by country or for the whole plan, beside its columns by region: who moves, what is known, worth."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from homeground.cli.answer import Answer, digits, head, in_brackets, number, numbers, spans, word
from homeground.cli.land_answers import land_answers
from homeground.language.layout import clip
from homeground.language.messages import phrase, say, write_range
from homeground.numbers.fact import Amount
from homeground.running.findings import reason
from homeground.running.tables import (
    EVIDENCE_COUNTRIES,
    FINANCE_APPRAISAL,
    PEOPLE_COUNTRIES,
    PLAN_FACTS,
    SUITABLE_AREAS,
)
from homeground.study.model import Study

# Indicators of people who moved or fled.
MOVED = ("net_migration", "refugees_by_origin", "refugees_by_asylum", "idps_idmc", "idps_unhcr")
RECENT = 3  # years before the newest figure of all; an older one is no state of today
HIDDEN = 5  # UNHCR hides smaller counts
COUNTED = ("studies", "positive", "zero", "negative", "depends")
LEVELS = {1: "described", 2: "associated", 3: "consistent", 4: "trial"}


def answers(stage: str, results: Path, study: Study) -> list[Answer]:
    """Tables that answer a stage's question where its columns by region do not; none for most stages."""
    code = study.language
    if stage == "land":
        return land_answers(results, study)
    if stage == "measures":
        return _before_any_plan(results, code)
    if stage == "people":
        return [moved(pd.read_parquet(results / PEOPLE_COUNTRIES), code)]
    if stage == "evidence":
        return [studied(pd.read_parquet(results / EVIDENCE_COUNTRIES), code)]
    if stage == "finance":
        table = pd.read_parquet(results / FINANCE_APPRAISAL)
        return [worth(table, code, view=view) for view in ("financial", "economic")] if len(table) else []
    return []


def moved(figures: pd.DataFrame, code: str = "en") -> Answer:
    """Newest figure of each indicator of movement by country, with its year: years differ between sources."""
    countries = sorted(figures["iso3"].unique())
    last = int(figures.loc[figures["indicator"].isin(MOVED), "year"].max())
    none = (phrase("terminal.no_data", code), "")
    columns = []
    for indicator in MOVED:
        fresh = (figures["year"] >= last - RECENT) & figures["value"].notna()
        rows = figures[fresh & (figures["indicator"] == indicator)].sort_values("year").groupby("iso3").tail(1)
        found = {
            str(iso3): (_count(value, low, high, code), str(year))
            for iso3, value, low, high, year in zip(
                *(rows[name] for name in ("iso3", "value", "low", "high", "year")), strict=True
            )
        }
        cells, years = zip(*(found.get(c, none) for c in countries), strict=True)
        columns += [(head(f"terminal.people.{indicator}", code), list(cells))]
        columns += [(head("terminal.year", code), list(years))]
    mind = phrase("terminal.people.mind", code, year=str(last - RECENT), hidden=HIDDEN)
    return Answer(phrase("terminal.people.title", code), countries, columns, mind)


def studied(reading: pd.DataFrame, code: str = "en") -> Answer:
    """What studies of the country itself found on its environment: counts of studies by sign, and their level."""
    rows = reading[(reading["coverage"] == "country") & (reading["stance"] == "environment")]
    columns = [(head(f"terminal.evidence.{name}", code), numbers(rows[name], 0, code)) for name in COUNTED]
    levels = [phrase(f"level.{LEVELS[int(level)]}", code) for level in rows["evidence_level"]]
    columns.append((head("terminal.evidence.level", code), levels))
    keys = zip(rows["iso3"], rows["driver"], rows["outcome"], strict=True)
    names = [
        phrase(
            "terminal.evidence.row", code, country=str(iso3), driver=word("driver", driver, code),
            outcome=word("outcome", outcome, code),
        )
        for iso3, driver, outcome in keys
    ]  # fmt: skip
    mind = [say("terminal.evidence.mind", code=code).plain]
    if lacking := sorted(set(reading["iso3"]) - set(rows["iso3"])):
        mind.append(phrase("terminal.evidence.lacking", code, countries=", ".join(lacking)))
    return Answer(phrase("terminal.evidence.title", code), [clip(n, 36) for n in names], columns, " ".join(mind))


def _before_any_plan(results: Path, code: str) -> list[Answer]:
    """Why there is no plan, if there is none, and which measure fits where."""
    plan, areas = results / PLAN_FACTS, results / SUITABLE_AREAS
    facts = json.loads(plan.read_text(encoding="utf-8")) if plan.is_file() else {"planned": True}
    said = []
    if not facts["planned"]:
        said = [Answer("", [], [], phrase("terminal.measures.no_data", code, reason=reason(str(facts["reason"]))))]
    return [*said, *([fitting(pd.read_parquet(areas), code)] if areas.is_file() else [])]


def fitting(areas: pd.DataFrame, code: str = "en") -> Answer:
    """Land that each measure fits, by country; there is one whether or not anything is planned."""
    land = areas.groupby(["measure", "iso3"])["suitable_km2"].sum().unstack("iso3").fillna(0.0)
    land = land[land.max(axis=1) > 0]
    columns = [([str(iso3), in_brackets("km2", code)], numbers(land[iso3], 0, code)) for iso3 in land.columns]
    mind = phrase("terminal.measures.mind" if len(land) else "terminal.measures.none", code)
    names = [word("measure", str(name), code) for name in land.index]
    return Answer(phrase("terminal.measures.title", code), names, columns, mind)


def worth(appraisal: pd.DataFrame, code: str = "en", *, view: str = "financial") -> Answer:
    """Worth of the whole plan in one view at each rate, with its envelope: markets first, shadow carbon apart from them."""
    rows = appraisal[(appraisal["scope"] == "plan") & (appraisal["view"] == view)]
    low_to_high = head("terminal.low_to_high", code)
    columns = [
        (head("terminal.finance.npv", code), numbers(rows["npv_usd"] / 1e6, 0, code)),
        (low_to_high, spans(rows["npv_usd_low"] / 1e6, rows["npv_usd_high"] / 1e6, 0, code)),
        (head("terminal.finance.bcr", code), numbers(rows["bcr"], 2, code)),
        (low_to_high, spans(rows["bcr_low"], rows["bcr_high"], 2, code)),
    ]
    names = [
        phrase(f"terminal.finance.{view}", code, rate=share(100 * rate))
        for view, rate in zip(rows["view"], rows["rate"], strict=True)
    ]
    said = "" if view == "financial" else "_shadow"
    mind = phrase(f"terminal.finance.mind{said}", code, year=str(int(rows["price_year"].iloc[0])))
    return Answer(phrase(f"terminal.finance.title{said}", code), names, columns, mind)


def share(value: float) -> Amount:
    """A share in per cent with the digits that it was given with.

    Examples
    --------
    >>> share(7.5).decimals, share(100 * 0.07).decimals
    (1, 0)
    """
    return Amount(value, "%", digits(value))


def _count(value: float, low: float, high: float, code: str) -> str:
    hidden = value <= HIDDEN and low < high
    return write_range(low, high, 0, code) if hidden else number(value, 0, code)
