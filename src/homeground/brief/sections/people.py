# SPDX-License-Identifier: Apache-2.0
"""The page's section on people: who lives where, who moves, who is displaced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.drawing.charts import small_multiples
from homeground.brief.page.content import Figure, Section, Table
from homeground.brief.sections.tables import by_country, country_head, country_table, map_layers
from homeground.language.figures import span, write_number
from homeground.language.messages import Saying, phrase
from homeground.language.wording import unit_name
from homeground.numbers.counts import limits_of
from homeground.running.tables import FLOWS, PEOPLE_COUNTRIES, regions_of
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

RECENT = 3  # years: an older figure does not say how things stand
LARGEST = 12  # flights that the page lists
HIDDEN = (1, 4)  # numbers that UNHCR hides
# Indicators by what their table is about; their headings are messages column.people.*.
DISPLACED = ("idps_idmc", "idps_unhcr", "refugees_by_origin", "refugees_by_asylum")
AGES = ("youth_share", "youth_share_african_union", "women_share", "agriculture_share", "youth_unemployment")


def section(results: Path, study: Study, table: pd.DataFrame, finding: str, code: str) -> Section:
    """Population by region, net migration by year, displacement and age by country."""
    import pandas as pd

    figures = pd.read_parquet(results / PEOPLE_COUNTRIES)
    flows = pd.read_parquet(results / FLOWS)
    return Section(
        "people",
        phrase("section.people.title", code),
        finding,
        body=(
            phrase("section.people.mobility", code),
            _population(study, code),
            phrase("section.people.net", code),
        ),
        maps=map_layers("people", code),
        charts=_net_migration(figures, code),
        tables=(
            country_table(
                "people", table, ["people_population", "people_density"], title=phrase("section.people.by_country", code),
                code=code,
            ),
            *latest(figures, DISPLACED, "displaced", "persons", 0, code),
            *latest(figures, AGES, "ages", "%", 1, code),
            *_largest_flows(flows, code),
        ),
    )  # fmt: skip


def _population(study: Study, code: str) -> str:
    """How people came to the regions of this study."""
    own = study.input("population")
    base = limits_of(regions_of("people"), "people_population")["round_to"]
    if own is not None:
        return phrase("section.people.own_table", code, file=own.name, base=base)
    if study.input("regions") is None:
        return phrase("section.people.placed_whole", code, base=base)
    return phrase("section.people.placed_parts", code)


def _net_migration(figures: pd.DataFrame, code: str) -> tuple[Figure, ...]:
    net = by_country(figures[figures["indicator"] == "net_migration_rate"], code)
    if net.empty:  # the United Nations give none for some small places
        return ()
    unit, title = unit_name("per 1000 people and year", code), phrase("section.people.net_migration", code)
    svg = small_multiples(net, panel="country", x="year", value="value", unit=unit, language=code, describe=title)
    shown = Figure(
        svg,
        title,
        phrase("section.people.net_migration_shows", code),
        span(net["year"].min(), net["year"].max()),
        "UN World Population Prospects 2024",
        "modelled",
        "CC BY 3.0 IGO",
        note=phrase("section.people.net_migration_note", code),
    )
    return (shown,)


def latest(
    figures: pd.DataFrame, indicators: tuple[str, ...], what: str, unit: str, decimals: int, code: str
) -> tuple[Table, ...]:
    """The newest figure of each indicator by country, no older than three years before the newest of all."""
    rows = figures[figures["indicator"].isin(list(indicators))].sort_values("year")
    if rows.empty:
        return ()
    last = rows[rows["year"] >= figures["year"].max() - RECENT]
    last = last.drop_duplicates(["iso3", "indicator"], keep="last")
    wide = last.pivot(index="iso3", columns="indicator", values="value").reindex(columns=list(indicators))
    frame = by_country(wide.rename_axis(None, axis=1).reset_index(), code)
    heads = {name: phrase(f"column.people.{name}", code) for name in indicators}
    years = [
        Saying("section.people.years", {"what": heads[name], "years": span(group["year"].min(), group["year"].max())})
        for name in indicators
        if len(group := last[last["indicator"] == name])
    ]
    sources = phrase("ui.semicolon", code).join(dict.fromkeys(last["source"]))
    note = phrase("section.people.latest_note", code, years=years, sources=sources)
    units, places = dict.fromkeys(indicators, unit_name(unit, code)), dict.fromkeys(indicators, decimals)
    return (Table(phrase(f"section.people.{what}", code), frame, country_head(code) | heads, units, note, places),)


def _largest_flows(flows: pd.DataFrame, code: str) -> tuple[Table, ...]:
    if flows.empty:
        return ()
    year = int(flows["year"].max())
    top = flows[flows["year"] == year].nlargest(LARGEST, "people")
    hidden = top["low"] < top["high"]
    frame = top.assign(people_low=top["low"].where(hidden), people_high=top["high"].where(hidden)).reset_index(
        drop=True
    )
    heads = {name: phrase(f"column.people.{name}", code) for name in ("origin", "destination", "people")}
    least, most = (write_number(n, 0, code) for n in HIDDEN)
    note = phrase("section.people.flights_note", code, standard="3166", least=least, most=most)
    title = phrase("section.people.flights", code, year=str(year))
    return (Table(title, frame, heads, {"people": unit_name("persons", code)}, note),)
