# SPDX-License-Identifier: Apache-2.0
"""The page's section on measures: the plan under the budget, its rules and their price."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.page.content import Section, Table
from homeground.brief.sections.beside import beyond
from homeground.brief.sections.beside.beyond import money_range
from homeground.brief.sections.beside.said import beside_plan
from homeground.brief.sections.tables import country_table, map_layers
from homeground.catalogue.atlas import country_names
from homeground.finance.stage import GREAT_GREEN_WALL
from homeground.language.messages import Saying, Word, phrase
from homeground.language.wording import named, unit_name
from homeground.measures.planning.objective import AMOUNTS, OBJECTIVES
from homeground.numbers.fact import Amount
from homeground.running.tables import PLAN, PLAN_FACTS, PLAN_PRICES

if TYPE_CHECKING:
    import pandas as pd

    from homeground.study.model import Study

PUBLISHED_USD_PER_HA = 524  # 4.3 billion USD a year for 8.2 million ha a year, Great Green Wall status report 2020
WORK = ("establishment", "season", "upkeep")
MILLION, THOUSAND = 1e6, 1e3
CHOSEN = ("measures_hectares", "measures_share_of_region", "measures_cost_usd")


def section(study: Study, results: Path, table: pd.DataFrame, finding: str, code: str) -> Section:
    """The plan by measure and country, what its rules cost, and what it rests on."""
    import pandas as pd

    facts = json.loads((results / PLAN_FACTS).read_text(encoding="utf-8"))
    title = phrase("section.measures.title", code)
    if not facts["planned"]:
        return Section("measures", title, finding, body=(phrase("section.measures.no_budget", code),))
    allocation = pd.read_parquet(results / PLAN)
    prices, frontier = pd.read_parquet(results / PLAN_PRICES), beyond.frontier_of(results)
    further = [*beyond.sayings(facts, prices, code), *beyond.reach(study, frontier, facts)]
    chosen = [*CHOSEN, *(f"measures_person_days_{phase}" for phase in WORK), "measures_carbon_t_co2e_per_year"]
    sayings = [*_body(facts, allocation, table), *beside_plan(results)]
    return Section(
        "measures",
        title,
        finding,
        body=tuple(phrase(said.message, code, **said.words) for said in (*sayings, *further)),
        maps=map_layers("measures", code),
        charts=() if frontier.empty else beyond.frontier_chart(frontier, facts, code),
        tables=(
            _by_measure(allocation, code),
            country_table("measures", table, chosen, title=phrase("section.measures.by_country", code), code=code),
            _prices(prices, facts["objective_unit"], code),
            *(() if frontier.empty else (beyond.frontier_table(frontier, code),)),
        ),
    )


def _body(facts: dict[str, Any], allocation: pd.DataFrame, table: pd.DataFrame) -> list[Saying]:
    cost = Amount(float(allocation["cost_usd"].sum() / max(allocation["hectares"].sum(), 1e-9)), "USD")
    wall = set(table["iso3"]) <= set(GREAT_GREEN_WALL)
    order = Saying("section.measures.order", {"cost": cost})
    if wall:
        order = Saying("section.measures.order_wall", {"cost": cost, "published": Amount(PUBLISHED_USD_PER_HA, "USD")})
    low, high = facts["objective_interval"]
    weighted = {"low": low, "high": high, "objective": facts["objective"], "bound": facts["bound"]}
    restored = facts["objective_unit"] == OBJECTIVES["restored"]
    gain = Saying(*_bound(weighted)) if restored else _gain(facts)
    shares = [
        Saying(f"section.measures.unverified_{what}", {"share": Amount(100 * share, "%")})
        for what, share in facts["unverified"].items()
        if math.isfinite(share)
    ]
    return [
        *([order] if restored else []),
        gain,
        Saying("section.measures.work"),
        Saying("section.measures.unverified", {"shares": shares}),
    ]


def _gain(facts: dict[str, Any]) -> Saying:
    """What the plan has most of, where that is not land by need, with its proven bound."""
    unit = AMOUNTS.get(facts["objective_unit"], "1")
    words = {name: Amount(float(facts[name]), unit, kind="modelled") for name in ("objective", "bound")}
    return Saying("section.measures.gain", {**words})


def _bound(weighted: dict[str, float]) -> tuple[str, dict[str, Word]]:
    """The gain with its proven bound; its ends only where there is a plan at low and at high costs."""
    ends = math.isfinite(weighted["low"]) and math.isfinite(weighted["high"])
    said = {name: round(float(value)) for name, value in weighted.items() if math.isfinite(value)}
    return f"section.measures.bound{'' if ends else '_alone'}", {**said}


def _by_measure(allocation: pd.DataFrame, code: str) -> Table:
    sums = ["hectares", "cost_usd", "cost_usd_low", "cost_usd_high"]
    frame = allocation.groupby("measure", as_index=False)[sums].sum()
    frame = frame.sort_values("hectares", ascending=False, ignore_index=True)
    frame["measure"] = [named("measure", name, code) for name in frame["measure"]]
    # A study of a few districts plans thousands of hectares: millions would print as 0.0.
    land, unit = (MILLION, "million ha") if frame["hectares"].max() >= MILLION else (THOUSAND, "thousand ha")
    frame[sums] = frame[sums] / [land, MILLION, MILLION, MILLION]
    heads = {name: phrase(f"column.measures.{name}", code) for name in ("measure", "hectares", "cost_usd")}
    units = {"hectares": unit_name(unit, code), "cost_usd": unit_name("million USD", code)}
    note = phrase("section.measures.by_measure_note", code)
    return Table(phrase("section.measures.by_measure", code), frame, heads, units, note)


def _prices(prices: pd.DataFrame, objective: str, code: str) -> Table:
    restored = objective == OBJECTIVES["restored"]
    unit = unit_name("weighted ha" if restored else AMOUNTS.get(objective, "1"), code)
    rows = prices[prices["objective_lost"].notna()]
    low, high = money_range(rows)
    names = country_names(code) | {"all": phrase("section.measures.everywhere", code)}
    frame = rows.assign(
        rule=[named("rule", rule, code) for rule in rows["rule"]],
        where=[names.get(place, place) for place in rows["where"]],
        objective_lost=rows["objective_lost"],
        lost_share=100 * rows["lost_share"],
        money_lost=rows["money_lost"] / MILLION,
        money_lost_low=low / MILLION,
        money_lost_high=high / MILLION,
    ).reset_index(drop=True)
    heads = {
        name: phrase(f"column.measures.{name}", code)
        for name in ("rule", "where", "objective_lost", "lost_share", "money_lost")
    }
    units = {
        "objective_lost": unit,
        "lost_share": "%",
        "money_lost": unit_name("million USD", code),
    }
    note = phrase(f"section.measures.prices_note{'' if restored else '_gain'}", code)
    return Table(phrase("section.measures.prices", code), frame, heads, units, note)
