# SPDX-License-Identifier: Apache-2.0
"""The page's section on people: who lives where, who moves, who is displaced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.drawing.charts import small_multiples
from homeground.brief.page.content import Figure, Section, Table
from homeground.brief.sections.tables import country_names, country_table, map_layers
from homeground.running.tables import FLOWS, PEOPLE_COUNTRIES
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

RECENT = 3  # years: an older figure does not say how things stand
DISPLACED = {
    "idps_idmc": "Displaced inside (IDMC)",
    "idps_unhcr": "Displaced inside (UNHCR)",
    "refugees_by_origin": "Refugees from here",
    "refugees_by_asylum": "Refugees hosted",
}
AGES = {
    "youth_share": "Youth 15-24",
    "youth_share_african_union": "Youth 15-35 (African Union)",
    "women_share": "Women",
    "agriculture_share": "Farming, share of GDP",
    "youth_unemployment": "Youth unemployed",
}


def section(results: Path, study: Study, table: pd.DataFrame, finding: str) -> Section:
    """Population by region, net migration by year, displacement and age by country."""
    import pandas as pd

    figures = pd.read_parquet(results / PEOPLE_COUNTRIES)
    flows = pd.read_parquet(results / FLOWS)
    return Section(
        "people",
        "People: who lives here, and who moves?",
        finding,
        body=(
            "Mobility is not a fault: seasonal and regular movement, return and remittances help people adapt. "
            "Displacement and being unable to move are the vulnerable ends.",
            _population(study),
            "Net migration is the difference of two directions; a small net can hide large moves. It is the United "
            "Nations' own estimate, and the residual of births and deaths only repeats its accounting.",
        ),
        maps=map_layers("people"),
        charts=(_net_migration(figures),),
        tables=(
            country_table("people", table, ["people_population", "people_density"], "Population by country", ""),
            _latest(figures, DISPLACED, "Displaced people, latest year of each source", "persons", 0),
            _latest(figures, AGES, "Age, sex and dependence on farming", "%", 1),
            _largest_flows(flows),
        ),
    )


def _population(study: Study) -> str:
    """How people came to the regions of this study."""
    own = study.input("population")
    if own is not None:
        return f"Population by region is your table {own.name}, taken as it is."
    said = (
        "Population by region is modelled: the national figure of the United Nations, placed by city populations and "
        "habitable land. "
    )
    if study.input("regions") is None:
        return f"{said}Regions sum to the national figure exactly."
    return f"{said}It is placed over the whole country; your regions hold what falls into them."


def _net_migration(figures: pd.DataFrame) -> Figure:
    names = country_names("en")
    net = figures[figures["indicator"] == "net_migration_rate"]
    frame = net.assign(country=net["iso3"].map(names)).sort_values(["country", "year"])
    svg = small_multiples(frame, panel="country", x="year", value="value", unit="per 1000 people and year")
    years = f"{frame['year'].min()}-{frame['year'].max()}"
    return Figure(
        svg,
        "Net migration by year",
        "People who came less people who left, per 1000 people and year; below zero more left.",
        years,
        "UN World Population Prospects 2024",
        "modelled",
        "CC BY 3.0 IGO",
        note="No interval: the United Nations publish none for past estimates.",
    )


def _latest(figures: pd.DataFrame, indicators: dict[str, str], title: str, unit: str, decimals: int) -> Table:
    import pandas as pd

    names = country_names("en")
    rows = figures[figures["indicator"].isin(list(indicators))].sort_values("year")
    newest = figures["year"].max()
    last = rows[rows["year"] >= newest - RECENT].drop_duplicates(["iso3", "indicator"], keep="last")
    wide = last.pivot(index="iso3", columns="indicator", values="value").reindex(columns=list(indicators))
    frame = wide.round(decimals).rename(columns=indicators).rename_axis(None, axis=1)
    out = pd.concat(
        [frame.index.map(names).rename("Country").to_frame(index=False), frame.reset_index(drop=True)], axis=1
    )
    years = "; ".join(
        f"{label} {'-'.join(dict.fromkeys(str(year) for year in (group['year'].min(), group['year'].max())))}"
        for key, label in indicators.items()
        if len(group := last[last["indicator"] == key])
    )
    sources = ", ".join(dict.fromkeys(last["source"]))
    note = f"Years: {years}. Sources: {sources}. An empty cell is no figure, not zero. No interval is published."
    return Table(title, out.sort_values("Country", ignore_index=True), dict.fromkeys(indicators.values(), unit), note)


def _largest_flows(flows: pd.DataFrame) -> Table:
    year = int(flows["year"].max())
    top = flows[flows["year"] == year].nlargest(12, "people")
    hidden = top["low"] < top["high"]
    top = top.assign(low=top["low"].where(hidden), high=top["high"].where(hidden))
    frame = top.rename(
        columns={"origin": "From", "destination": "To", "people": "People", "low": "People_low", "high": "People_high"}
    )
    return Table(
        f"Largest flights across borders in {year}",
        frame[["From", "To", "People", "People_low", "People_high"]].reset_index(drop=True),
        {"People": "persons"},
        "Refugees, asylum-seekers and people in like situations as UNHCR counts them (CC BY 4.0); ISO 3166 codes. A range "
        "stands where the source hides numbers of 1 to 4.",
    )
