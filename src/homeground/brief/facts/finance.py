# SPDX-License-Identifier: Apache-2.0
"""What is stated of finance and remittances."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.results import read
from homeground.numbers.fact import Fact, known_interval
from homeground.running.tables import FINANCE_APPRAISAL, FINANCE_HOUSEHOLD, FINANCE_SOURCES

if TYPE_CHECKING:
    import pandas as pd

    from homeground.study.model import Study
from homeground.brief.facts.plan import ENDS


def finance_facts(results: Path, study: Study) -> Iterator[Fact]:
    table = read(results, FINANCE_APPRAISAL)
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
    yield from _at_the_rate(plan, what, given)
    stack = read(results, FINANCE_SOURCES)
    if stack is not None:
        share = stack.loc[stack["class"] == "not_committed", "share"]
        if len(share):
            own = what | {"source": "source.study", "no_interval": "why.share"}
            yield Fact("finance_open", 100 * float(share.iloc[0]), "%", **own)


def _at_the_rate(plan: pd.DataFrame, what: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Fact]:
    """What land users pay and get back at the rate of the study."""
    chosen = plan[plan["study_rate"] & (plan["view"] == "financial")]
    if len(chosen):
        row = chosen.iloc[0].to_dict()
        yield Fact("finance_rate", 100 * float(row["rate"]), "%", decimals=_places(row["rate"]), **given)
        if span := _ended(row, "cost_usd", ENDS):
            yield Fact("finance_cost", unit="USD", **span, **what)
        if span := _drawn(row, "bcr"):
            yield Fact("finance_bcr", unit="1", decimals=1, **span, **what)
        for column in ("benefit_cover", "unverified_benefit"):
            if math.isfinite(row[column]):
                yield Fact(f"finance_{column}", 100 * float(row[column]), "%", no_interval="why.share", **what)
        if math.isfinite(row.get("share_above_zero", math.nan)):
            gain = 100 * float(row["share_above_zero"])
            yield Fact("finance_above_zero", gain, "%", no_interval="why.is_interval", **what)


def remittance_facts(results: Path, study: Study) -> Iterator[Fact]:
    """What households received from abroad, by the source and year that covers most countries; sources never mix."""
    table = read(results, FINANCE_HOUSEHOLD)
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
    """Middle values, which add up over regions, and the ends of nine of ten draws; nothing where unknown.

    Without draws, or where costs are so skewed that nine of ten draws lie to one side, the ends are the envelope.
    """
    drawn = f"{column}_p05" in row and row[f"{column}_p05"] <= row[column] <= row[f"{column}_p95"]
    return _ended(row, column, ("", "_p05", "_p95") if drawn else ENDS)


def _ended(row: Mapping[Any, Any], column: str, ends: tuple[str, ...]) -> dict[str, Any]:
    value, low, high = (float(row[f"{column}{end}"]) for end in ends)
    return {"value": value} | known_interval(value, low, high) if all(map(math.isfinite, (value, low, high))) else {}


def _percent(rate: float) -> str:
    return f"{100 * rate:g}".replace(".", "_")


def _places(rate: float) -> int:
    return 0 if abs(100 * rate - round(100 * rate)) < 1e-9 else 1
