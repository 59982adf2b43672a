# SPDX-License-Identifier: Apache-2.0
"""The page's section on measures: the plan under the budget, its rules and their price."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.page.content import Section, Table
from homeground.brief.sections.tables import country_table, map_layers
from homeground.finance.stage import GREAT_GREEN_WALL
from homeground.running.tables import PLAN, PLAN_FACTS, PLAN_PRICES

if TYPE_CHECKING:
    import pandas as pd

PUBLISHED_USD_PER_HA = 524  # 4.3 billion USD a year for 8.2 million ha a year, Great Green Wall status report 2020
WORK = ("establishment", "season", "upkeep")


def section(results: Path, table: pd.DataFrame, finding: str) -> Section:
    """The plan by measure and country, what its rules cost, and what it rests on."""
    import pandas as pd

    facts = json.loads((results / PLAN_FACTS).read_text(encoding="utf-8"))
    title = "Measures: what would help, where, with how much work for whom?"
    if not facts["planned"]:
        return Section("measures", title, finding, body=("Give the study a [plan].budget to plan measures.",))
    allocation = pd.read_parquet(results / PLAN)
    cost = allocation["cost_usd"].sum() / allocation["hectares"].sum()
    unverified = ", ".join(
        f"{100 * share:.0f} % of the {what.replace('_', ' ')}" for what, share in facts["unverified"].items()
    )
    wall = set(table["iso3"]) <= set(GREAT_GREEN_WALL)
    published = f"; the Great Green Wall's own estimate implies {PUBLISHED_USD_PER_HA} USD" if wall else ""
    low, high = facts["objective_interval"]
    chosen = ["measures_hectares", "measures_share_of_region", "measures_cost_usd"]
    chosen += [f"measures_person_days_{phase}" for phase in WORK] + ["measures_carbon_t_co2e_per_year"]
    return Section(
        "measures",
        title,
        finding,
        body=(
            f"The plan takes land where the potential gap is wide and measures are cheap. It costs {cost:,.0f} USD a "
            f"hectare{published}. Cheap measures spread wide first: read it as an order of priority, not as a promise.",
            f"With all costs high and all costs low the weighted hectares are {low:,.0f} and {high:,.0f}, against "
            f"{facts['objective']:,.0f}; the bound proves that no plan under these rules beats {facts['bound']:,.0f}.",
            "Work is counted in person-days to establish, each season and to maintain. These are never added into "
            "one number of jobs: that needs a rule for how many days make a job.",
            f"Expert defaults that nobody has verified carry {unverified}. Trees stay off natural grassland, savanna "
            "and steppe unless a study switches them on. The effect of measures on mobility is not predicted.",
        ),
        maps=map_layers("measures"),
        tables=(
            _by_measure(allocation),
            country_table("measures", table, chosen, "The plan by country", ""),
            _prices(results),
        ),
    )


def _by_measure(allocation: pd.DataFrame) -> Table:
    sums = allocation.groupby("measure", as_index=False)[
        ["hectares", "cost_usd", "cost_usd_low", "cost_usd_high"]
    ].sum()
    frame = sums.sort_values("hectares", ascending=False, ignore_index=True)
    frame["measure"] = frame["measure"].str.replace("_", " ")
    numbers = ["hectares", "cost_usd", "cost_usd_low", "cost_usd_high"]
    # A study of a few districts plans thousands of hectares: millions would print as 0.0.
    land, name = (1e6, "million ha") if frame["hectares"].max() >= 1e6 else (1e3, "thousand ha")
    frame[numbers] = (frame[numbers] / [land, 1e6, 1e6, 1e6]).round(1)
    frame = frame.rename(
        columns={
            "measure": "Measure",
            "hectares": "Land",
            "cost_usd": "Cost",
            "cost_usd_low": "Cost_low",
            "cost_usd_high": "Cost_high",
        }
    )
    return Table(
        "The plan by measure",
        frame,
        {"Land": name, "Cost": "million USD"},
        "Costs of each measure, not of each country.",
    )


def _prices(results: Path) -> Table:
    import pandas as pd

    prices = pd.read_parquet(results / PLAN_PRICES)
    frame = prices[prices["objective_lost"].notna()]
    frame = frame[["rule", "where", "objective_lost", "lost_share"]].assign(
        lost_share=lambda t: (100 * t["lost_share"]).round(2)
    )
    frame = frame.round({"objective_lost": 0}).rename(
        columns={"rule": "Rule", "where": "Where", "objective_lost": "Lost", "lost_share": "Share lost"}
    )
    note = "How many weighted hectares the plan would gain without the rule. All prices stand in plan_prices.parquet."
    return Table("What each rule costs", frame.reset_index(drop=True), {"Lost": "weighted ha", "Share lost": "%"}, note)
