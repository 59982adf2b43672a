# SPDX-License-Identifier: Apache-2.0
"""What is stated of the plan."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.results import read
from homeground.measures.planning.objective import AMOUNTS, OBJECTIVES
from homeground.numbers.fact import Fact, known_interval
from homeground.running.tables import PLAN, PLAN_FACTS, PLAN_PRICES, regions_of

if TYPE_CHECKING:
    from homeground.study.model import Study


PHASES = ("establishment", "season", "upkeep")
ENDS = ("", "_low", "_high")


def plan_facts(results: Path, study: Study) -> Iterator[Fact]:
    allocation = read(results, PLAN)
    if allocation is None or not (results / PLAN_FACTS).is_file():
        return
    notes = json.loads((results / PLAN_FACTS).read_text(encoding="utf-8"))
    years = "–".join(dict.fromkeys(str(y) for y in notes["years"]))
    what: dict[str, Any] = {
        "source": "source.options",
        "kind": "modelled",
        "period": years,
        "licence": "licence.options",
    }
    given: dict[str, Any] = {"kind": "published", "period": years, "no_interval": "why.given"}
    given["source"] = notes.get("budget_source") or "source.study"
    span = notes["years"][1] - notes["years"][0] + 1
    yield Fact("plan_budget", float(notes["budget_per_year"]), notes["currency"], **given)
    yield Fact("plan_years", float(span), "years", **given)
    yield Fact("plan_hectares", float(allocation["hectares"].sum()), "ha", no_interval="why.plan", **what)
    low, high = (float(v) for v in notes["objective_interval"])
    weighted = known_interval(float(notes["objective"]), low, high, "why.plan_bounds")
    yield Fact(
        "plan_objective",
        float(notes["objective"]),
        AMOUNTS.get(notes.get("objective_unit", OBJECTIVES["restored"]), "1"),
        **weighted,
        **what,
    )
    # The solver stops at such a distance from its proven bound that more digits would say nothing.
    yield Fact("plan_gap", max(100 * float(notes["gap"]), 0.01), "%", decimals=2, no_interval="why.proven", **what)
    carbon = read(results, regions_of("measures"))
    if carbon is not None and "measures_carbon_t_co2e_per_year" in carbon:
        value, least, most = (float(carbon[f"measures_carbon_t_co2e_per_year{end}"].sum()) for end in ENDS)
        yield Fact("plan_carbon", value, "t CO2e/year", **known_interval(value, least, most), **what)
    for key, column in (("plan_cost", "cost_usd"), *((f"plan_work_{p}", f"person_days_{p}") for p in PHASES)):
        value, least, most = (float(allocation[f"{column}{end}"].sum()) for end in ENDS)
        unit = notes["currency"] if key == "plan_cost" else "person-days"
        yield Fact(key, value, unit, **known_interval(value, least, most), **what)
    unspent = float(notes["budget_per_year"]) * span - float(allocation["cost_usd"].sum())
    if unspent > 0.01 * span * float(notes["budget_per_year"]) and "land_ceiling" in notes:
        yield Fact("plan_unspent", unspent, notes["currency"], no_interval="why.plan", **what)
        ceiling: dict[str, Any] = {"source": "source.ceiling", "kind": "default", "no_interval": "why.given"}
        yield Fact("plan_ceiling", 100 * float(notes["land_ceiling"]), "%", period=years, **ceiling)
    for name in ("cost", "person_days", "hectares", "women_and_youth"):
        share = notes["unverified"].get(name)
        if share is not None and math.isfinite(share):
            yield Fact(f"plan_unverified_{name}", 100 * float(share), "%", no_interval="why.share", **what)
    yield from _rules(results, study, what)


def _rules(results: Path, study: Study, what: dict[str, Any]) -> Iterator[Fact]:
    prices = read(results, PLAN_PRICES)
    for rule in ("women", "youth", "country_floor"):
        given = getattr(study.plan.rules, rule)
        if not given:
            continue
        source = study.plan.rules.source or "source.illustrative"
        own: dict[str, Any] = {
            "source": source,
            "kind": "default",
            "period": what["period"],
            "no_interval": "why.given",
        }
        yield Fact(f"rule_{rule}", 100 * float(given), "%", **own)
        if prices is None:
            continue
        row = prices[(prices["rule"] == rule) & prices["lost_share"].notna()]
        if len(row):
            lost = 100 * float(row["lost_share"].iloc[0])
            yield Fact(f"plan_price_{rule}", lost, "%", decimals=1, no_interval="why.plan", **what)


SURE = 0.6  # a class below this probability is not a finding, here as on maps
CLASSES = 5
