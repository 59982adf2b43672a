# SPDX-License-Identifier: Apache-2.0
"""Facts of the plan, its money and the risk, read from the tables of a results folder."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.numbers.fact import Fact, read

if TYPE_CHECKING:
    from homeground.study.opening import Study

PHASES = ("establishment", "season", "upkeep")
ENDS = ("", "_low", "_high")


def plan_facts(results: Path, study: Study) -> Iterator[Fact]:
    allocation = read(results, "plan.parquet")
    if allocation is None or not (results / "plan.json").is_file():
        return
    notes = json.loads((results / "plan.json").read_text(encoding="utf-8"))
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
    weighted = _span(float(notes["objective"]), low, high, "why.plan_bounds")
    yield Fact("plan_objective", float(notes["objective"]), "ha", **weighted, **what)
    # The solver stops at such a distance from its proven bound that more digits would say nothing.
    yield Fact("plan_gap", max(100 * float(notes["gap"]), 0.01), "%", decimals=2, no_interval="why.proven", **what)
    carbon = read(results, "regions/measures.parquet")
    if carbon is not None and "measures_carbon_t_co2e_per_year" in carbon:
        value, least, most = (float(carbon[f"measures_carbon_t_co2e_per_year{end}"].sum()) for end in ENDS)
        yield Fact("plan_carbon", value, "t CO2e/year", **_span(value, least, most), **what)
    for key, column in (("plan_cost", "cost_usd"), *((f"plan_work_{p}", f"person_days_{p}") for p in PHASES)):
        value, least, most = (float(allocation[f"{column}{end}"].sum()) for end in ENDS)
        unit = notes["currency"] if key == "plan_cost" else "person-days"
        yield Fact(key, value, unit, **_span(value, least, most), **what)
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
    prices = read(results, "plan_prices.parquet")
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


def finance_facts(results: Path, study: Study) -> Iterator[Fact]:
    table = read(results, "finance_appraisal.parquet")
    if table is None:
        return
    plan = table[table["scope"] == "plan"]
    rates = plan.drop_duplicates("rate").sort_values("rate")
    price_year = str(int(plan["price_year"].iloc[0]))
    what: dict[str, Any] = {"source": "source.finance", "kind": "modelled", "period": price_year}
    what["licence"] = "licence.options"
    given = what | {"source": "source.study", "kind": "default", "no_interval": "why.given"}
    horizon = float(plan["horizon"].iloc[0])
    yield Fact("finance_horizon", horizon, "years", **given)
    for rate in rates["rate"]:
        yield Fact(f"finance_rate_{_percent(rate)}", 100 * float(rate), "%", decimals=_places(rate), **given)
    for row in plan.to_dict("records"):
        name = f"{row['view']}_{_percent(row['rate'])}"
        for column, unit, decimals in (("npv_usd", "USD", 0), ("bcr", "1", 1)):
            if span := _drawn(row, column):
                key = f"finance_{column.removesuffix('_usd')}_{name}"
                yield Fact(key, unit=unit, decimals=decimals, **span, **what)
    chosen = plan[plan["study_rate"] & (plan["view"] == "financial")]
    if len(chosen):
        row = chosen.iloc[0].to_dict()
        yield Fact("finance_rate", 100 * float(row["rate"]), "%", decimals=_places(row["rate"]), **given)
        if span := _drawn(row, "bcr"):
            yield Fact("finance_bcr", unit="1", decimals=1, **span, **what)
        for column in ("benefit_cover", "unverified_benefit"):
            if math.isfinite(row[column]):
                yield Fact(f"finance_{column}", 100 * float(row[column]), "%", no_interval="why.share", **what)
        if math.isfinite(row.get("share_above_zero", math.nan)):
            gain = 100 * float(row["share_above_zero"])
            yield Fact("finance_above_zero", gain, "%", no_interval="why.is_interval", **what)
    stack = read(results, "finance_sources.parquet")
    if stack is not None:
        share = stack.loc[stack["class"] == "not committed", "share"]
        if len(share):
            own = what | {"source": "source.study", "no_interval": "why.share"}
            yield Fact("finance_open", 100 * float(share.iloc[0]), "%", **own)


def remittance_facts(results: Path, study: Study) -> Iterator[Fact]:
    """What households received from abroad, by the source and year that covers most countries; sources never mix."""
    table = read(results, "finance_household.parquet")
    if table is None:
        return
    rows = table[(table["what"] == "received") & (table["unit"] == "USD million") & table["value"].notna()]
    if rows.empty:
        return
    covered = rows.groupby(["source", "year"])["iso3"].nunique().reset_index()
    best = covered.sort_values(["iso3", "year", "source"]).iloc[-1]
    rows = rows[(rows["source"] == best["source"]) & (rows["year"] == best["year"])].drop_duplicates("iso3")
    what: dict[str, Any] = {
        "source": str(best["source"]),
        "period": str(best["year"]),
        "licence": str(rows["licence"].iloc[0]),
    }
    what["kind"] = str(rows["kind"].iloc[0])
    yield Fact("remittances", 1e6 * float(rows["value"].sum()), "USD", no_interval="why.source", **what)
    yield Fact("remittances_countries", float(len(rows)), "countries", no_interval="why.count", **what)


def _drawn(row: Mapping[Any, Any], column: str) -> dict[str, Any]:
    """Middle and ends of nine of ten draws; without draws, the middle and the envelope; nothing where unknown."""
    ends = ("_p50", "_p05", "_p95") if f"{column}_p50" in row else ENDS
    value, low, high = (float(row[f"{column}{end}"]) for end in ends)
    return {"value": value} | _span(value, low, high) if all(map(math.isfinite, (value, low, high))) else {}


def _percent(rate: float) -> str:
    return f"{100 * rate:g}".replace(".", "_")


def _places(rate: float) -> int:
    return 0 if abs(100 * rate - round(100 * rate)) < 1e-9 else 1


SURE = 0.6  # a class below this probability is not a finding, here as on maps
CLASSES = 5


def risk_facts(results: Path, study: Study) -> Iterator[Fact]:
    table = read(results, "regions/risk.parquet")
    if table is None:
        return
    table = table[table["risk_rank"].notna()]
    if table.empty:
        return
    what: dict[str, Any] = {"source": "source.risk", "kind": "modelled", "period": "period.risk"}
    what["licence"] = "licence.inputs"
    sure = (table["risk_class"] == CLASSES) & (table["risk_class_probability"] >= SURE)
    yield Fact("risk_high", float(sure.sum()), "regions", no_interval="why.probability", **what)
    yield Fact("risk_regions", float(len(table)), "regions", no_interval="why.count", **what)
    rule: dict[str, Any] = {
        "source": "source.rule",
        "kind": "default",
        "period": "period.rule",
        "no_interval": "why.rule",
    }
    yield Fact("risk_sure", 100 * SURE, "%", **rule)
    n = len(table)
    middle = table[table["risk_rank"].between(n / 4, 3 * n / 4)]
    if len(middle):
        moves = float(((middle["risk_rank_high"] - middle["risk_rank_low"]) / 2).median())
        yield Fact("risk_moves", moves, "1", no_interval="why.is_interval", **what)


def _span(value: float, low: float, high: float, why: str = "why.plan") -> dict[str, Any]:
    """The interval if it is known and holds the value, else the reason."""
    slack = 1e-6 * abs(value)  # of a solver
    if math.isfinite(low) and math.isfinite(high) and low - slack <= value <= high + slack:
        return {"low": min(low, value), "high": max(high, value)}
    return {"no_interval": why}
