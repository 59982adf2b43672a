# SPDX-License-Identifier: Apache-2.0
"""What a stage answers by country or for the whole plan, beside its columns by region: who moves, what is known, worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd
from homeground.cli.answer import Answer

# Indicators of people who moved or fled: title above the cells.
MOVED = {
    "net_migration": ["Net", "migration", "(persons", "a year)"],
    "refugees_by_origin": ["Refugees", "from here", "(persons)"],
    "refugees_by_asylum": ["Refugees", "hosted", "(persons)"],
    "idps_idmc": ["Displaced", "inside, IDMC", "(persons)"],
    "idps_unhcr": ["Displaced", "inside, UNHCR", "(persons)"],
}
RECENT = 3  # years before the newest figure of all; an older one is no state of today


def answers(stage: str, results: Path, study: Study) -> list[Answer]:
    """Tables that answer a stage's question where its columns by region do not; none for most stages."""
    import pandas as pd

    if stage == "land":
        from homeground.cli.land_answers import land_answers

        return land_answers(results, study)
    if stage == "measures":
        return _before_any_plan(results)
    if stage == "people":
        return [moved(pd.read_parquet(results / "people_countries.parquet"))]
    if stage == "evidence":
        return [known(pd.read_parquet(results / "evidence_countries.parquet"))]
    if stage == "finance":
        table = pd.read_parquet(results / "finance_appraisal.parquet")
        return [worth(table)] if len(table) else []
    return []


def moved(figures: pd.DataFrame) -> Answer:
    """Newest figure of each indicator of movement by country, with its year: years differ between sources."""
    countries = sorted(figures["iso3"].unique())
    last = int(figures.loc[figures["indicator"].isin(MOVED), "year"].max())
    columns = []
    for indicator, head in MOVED.items():
        fresh = (figures["year"] >= last - RECENT) & figures["value"].notna()
        rows = figures[fresh & (figures["indicator"] == indicator)].sort_values("year").groupby("iso3").tail(1)
        found = {
            str(iso3): (_count(value, low, high), str(year))
            for iso3, value, low, high, year in zip(
                *(rows[name] for name in ("iso3", "value", "low", "high", "year")), strict=True
            )
        }
        cells, years = zip(*(found.get(c, ("no data", "")) for c in countries), strict=True)
        columns += [(head, list(cells)), (["year"], list(years))]
    mind = (
        "Net migration is the UN's estimate: those who came less those who left. Counts of two sources stand side by "
        f"side and are not added. Figures from before {last - RECENT} are left out. No interval is "
        "published, but for counts below 5, which UNHCR hides."
    )
    return Answer("Who moved and who fled, newest figure of each source:", countries, columns, mind)


def known(reading: pd.DataFrame) -> Answer:
    """What studies of the country itself found on its environment: counts of studies by sign, and their level."""
    rows = reading[(reading["coverage"] == "country") & (reading["stance"] == "environment")]
    titles = {"studies": "studies", "positive": "up", "zero": "none", "negative": "down", "depends": "depends"}
    columns: list[tuple[list[str], list[str]]] = [
        ([title], [str(value) for value in rows[name]]) for name, title in titles.items()
    ]
    columns.append((["level of evidence"], [str(value) for value in rows["evidence"]]))
    keys = zip(rows["iso3"], rows["driver"], rows["outcome"], strict=True)
    names = [f"{iso3} {driver}: {outcome}"[:36] for iso3, driver, outcome in keys]
    lacking = sorted(set(reading["iso3"]) - set(rows["iso3"]))
    mind = "Sign of movement when there is more of the driver; one study can count twice; never a number of people."
    if lacking:
        mind += f" No study of its own: {', '.join(lacking)}."
    return Answer("What studies of the country itself found:", names, columns, mind)


def _before_any_plan(results: Path) -> list[Answer]:
    """Why there is no plan, if there is none, and which measure fits where."""
    import pandas as pd

    plan, areas = results / "plan.json", results / "suitable_areas.parquet"
    facts = json.loads(plan.read_text(encoding="utf-8")) if plan.is_file() else {"planned": True}
    said = [] if facts["planned"] else [Answer("", [], [], f"No data above: {facts['reason']}.")]
    return [*said, *([fitting(pd.read_parquet(areas))] if areas.is_file() else [])]


def fitting(areas: pd.DataFrame) -> Answer:
    """Land that each measure fits, by country; there is one whether or not anything is planned."""
    land = areas.groupby(["measure", "iso3"])["suitable_km2"].sum().unstack("iso3").fillna(0.0)
    land = land[land.max(axis=1) > 0]
    columns = [([str(iso3), "(km2)"], [f"{value:,.0f}" for value in land[iso3]]) for iso3 in land.columns]
    mind = (
        "By aridity, land cover and rain of places, before any budget. Measures fit the same land, so rows do not add up; "
        "a plan takes a part of it only (adoption ceilings, land_ceiling). No interval: the rules have none."
        if len(land)
        else "No measure fits any land here, by aridity, land cover and rain."
    )
    return Answer("Land that each measure fits:", [str(name) for name in land.index], columns, mind)


def worth(appraisal: pd.DataFrame) -> Answer:
    """Worth of the whole plan in both views at each rate, with its envelope."""
    rows = appraisal[appraisal["scope"] == "plan"]

    def span(low: str, high: str, scale: float, decimals: int) -> list[str]:
        return [
            f"{a / scale:,.{decimals}f} to {b / scale:,.{decimals}f}"
            for a, b in zip(rows[low], rows[high], strict=True)
        ]

    def number(name: str, scale: float, decimals: int) -> list[str]:
        return [_or_none(value, scale, decimals) for value in rows[name]]

    columns = [
        (["NPV", "(million USD)"], number("npv_usd", 1e6, 0)),
        (["low to high"], span("npv_usd_low", "npv_usd_high", 1e6, 0)),
        (["benefit /", "cost"], number("bcr", 1, 2)),
        (["low to high"], span("bcr_low", "bcr_high", 1, 2)),
    ]
    names = [f"{view} at {100 * rate:g} %" for view, rate in zip(rows["view"], rows["rate"], strict=True)]
    mind = (
        f"Prices of {rows['price_year'].iloc[0]}. Low and high take all factors at their worse or better end at once. The "
        "shadow price of carbon stands in the economic view only."
    )
    return Answer("Worth of the whole plan:", names, columns, mind)


def _count(value: float, low: float, high: float) -> str:
    return f"{low:,.0f} to {high:,.0f}" if value <= 5 and low < high else f"{value:,.0f}"


def _or_none(value: Any, scale: float, decimals: int) -> str:
    return "no data" if value != value else f"{value / scale:,.{decimals}f}"  # noqa: PLR0124
