# SPDX-License-Identifier: Apache-2.0
"""Numbers that a proposal asks for and a brief does not: lifetime carbon, women's and youth's work, who has committed what."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from homeground.brief.proposal.ledger import Ledger
from homeground.numbers.fact import Fact, counted_fact, known_interval
from homeground.running.tables import CASHFLOW, FINANCE_APPRAISAL, FINANCE_SOURCES, PLAN, PLAN_FACTS

MODEL: dict[str, Any] = {"kind": "modelled", "licence": "licence.options"}
SPANS = ((1951, 1980), (1991, 2020))  # thirty years each: climatological normals of the WMO
PHASES = ("establishment", "season", "upkeep")


def add_figures(book: Ledger) -> None:
    """All that the run's tables hold of them; what they do not hold stays absent."""
    _carbon(book)
    _work(book)
    _money(book)
    _rates(book)


def _carbon(book: Ledger) -> None:
    flows = book.read(CASHFLOW)
    if flows is None or flows["carbon_t_co2e"].isna().all():
        return
    mid, low, high = (float(flows[f"carbon_t_co2e{end}"].sum()) for end in ("", "_low", "_high"))
    years = f"{int(flows['year'].min())}–{int(flows['year'].max())}"
    what = MODEL | {"source": "source.options", "period": years}
    total = Fact("carbon_lifetime", mid, "t CO2e", **known_interval(mid, low, high), **what)
    book.add(total, CASHFLOW, "sum of carbon_t_co2e, _low, _high")
    budget, span = book.facts.get("plan_budget"), book.facts.get("plan_years")
    cost = book.facts.get("plan_cost")
    if cost is not None and mid > 0 and budget is not None and span is not None:
        per = Fact("cost_per_tonne", cost.value / mid, cost.unit, decimals=2, no_interval="why.plan", **what)
        book.add(per, PLAN, f"cost_usd summed, over carbon_t_co2e of {CASHFLOW}")
        book.add(
            Fact("budget_whole", budget.value * span.value, budget.unit, budget.source, "published", budget.period,
                 no_interval="why.given"), PLAN_FACTS, "budget_per_year times years")  # fmt: skip


def _work(book: Ledger) -> None:
    plan = book.read(PLAN)
    if plan is None:
        return
    years = book.facts["plan_hectares"].period
    what = MODEL | {"source": "source.options", "period": years, "no_interval": "why.plan"}
    whole = float(plan[[f"person_days_{phase}" for phase in PHASES]].to_numpy(dtype=float).sum())
    if not whole > 0:
        return
    rows = "person_days_establishment + _season + _upkeep, all rows"
    book.add(Fact("days_all", whole, "person-days", **what), PLAN, rows)
    for group in ("women", "youth"):
        column = f"{group}_person_days"
        if column in plan and plan[column].notna().any():
            days = float(plan[column].sum())
            book.add(Fact(f"days_{group}", days, "person-days", **what), PLAN, f"sum of {column}")
            share = what | {"no_interval": "why.share"}
            book.add(
                Fact(f"days_{group}_share", 100 * days / whole, "%", **share), PLAN, f"sum of {column} over {rows}"
            )


def _money(book: Ledger) -> None:
    """What is committed, by class; leverage in both definitions only where public money is there to be divided by."""
    stack = book.read(FINANCE_SOURCES)
    if stack is None:
        return
    counted = stack[stack["counted"].astype(bool) & (stack["class"] != "not_committed")]
    what = {"kind": "published", "source": "source.study", "no_interval": "why.source"}
    sums = counted.groupby("class")["amount"].sum().to_dict()
    currency = str(stack["currency"].iloc[0])
    for name, amount in sums.items():
        told = Fact(f"committed_{str(name).replace(' ', '_')}", float(amount), currency, period=_year(stack), **what)  # type: ignore[arg-type]
        book.add(told, FINANCE_SOURCES, f"counted rows, class {name}")
    public = float(sums.get("public", 0.0)) + float(sums.get("climate funds", 0.0))
    private = float(sums.get("private", 0.0))
    if public > 0:
        ratio = what | {"kind": "modelled", "period": _year(stack)}
        rows = "counted rows: private over public and climate funds"
        book.add(Fact("leverage_private", private / public, "1", decimals=2, **ratio), FINANCE_SOURCES, rows)  # type: ignore[arg-type]
        rows = "counted rows: all over public and climate funds"
        whole = (private + public) / public
        book.add(Fact("leverage_total", whole, "1", decimals=2, **ratio), FINANCE_SOURCES, rows)  # type: ignore[arg-type]
    pledges = stack[stack["status"] == "pledged"]
    if len(pledges):
        told = counted_fact("pledges", len(pledges), "1", source="source.study", period=_year(stack))
        book.add(told, FINANCE_SOURCES, "status pledged: not counted")


def _year(stack: pd.DataFrame) -> str:
    years = [str(y) for y in stack["price_year"].dropna().unique() if str(y).isdigit()]
    return "–".join(dict.fromkeys((min(years), max(years)))) if years else "accelerator.cop.undated"


def _rates(book: Ledger) -> None:
    table = book.read(FINANCE_APPRAISAL)
    if table is None:
        return
    rows = table[(table["scope"] == "plan") & table["study_rate"].astype(bool)]
    if rows.empty:
        return
    what = MODEL | {"source": "source.finance", "period": str(int(table["price_year"].iloc[0]))}
    _carbon_share(book, float(rows["rate"].iloc[0]), what)
    for row in rows.to_dict("records"):
        view = row["view"]
        where = f"scope plan, view {view}, rate {row['rate']:g}"
        if math.isfinite(row["irr"]):
            rate = Fact(f"irr_{view}", 100 * float(row["irr"]), "%", decimals=1, no_interval="why.plan", **what)
            book.add(rate, FINANCE_APPRAISAL, f"{where}: irr")
        for column, unit, decimals in (("npv_usd", "USD", 0), ("bcr", "1", 2)):
            value, low, high = (float(row[f"{column}{end}"]) for end in ("", "_low", "_high"))
            if math.isfinite(value):
                told = Fact(f"{column.removesuffix('_usd')}_{view}", value, unit, decimals=decimals,
                            **known_interval(value, low, high), **what)  # fmt: skip
                book.add(told, FINANCE_APPRAISAL, f"{where}: {column}, _low, _high")
        for name in ("switching_cost", "switching_benefit"):
            if math.isfinite(row[name]):
                told = Fact(f"{name}_{view}", float(row[name]), "1", decimals=2, no_interval="why.plan", **what)
                book.add(told, FINANCE_APPRAISAL, f"{where}: {name}")
        if math.isfinite(row.get("share_above_zero", math.nan)):
            gain = 100 * float(row["share_above_zero"])
            told = Fact(f"above_zero_{view}", gain, "%", no_interval="why.is_interval", **what)
            book.add(told, FINANCE_APPRAISAL, f"{where}: share_above_zero")
        # The worth at middle values may lie outside of nine of ten draws, where costs are far from even about their middle.
        middle, low, high = (float(row.get(f"npv_usd_{end}", math.nan)) for end in ("p50", "p05", "p95"))
        if math.isfinite(middle):
            told = Fact(f"drawn_{view}", middle, "USD", decimals=0, low=low, high=high, **what)
            book.add(told, FINANCE_APPRAISAL, f"{where}: npv_usd_p50, _p05, _p95")


def _carbon_share(book: Ledger, rate: float, what: dict[str, Any]) -> None:
    """How much of the economic benefits is the shadow value of carbon: the rest is what farms yield."""
    flows, table = book.read(CASHFLOW), book.read(FINANCE_APPRAISAL)
    if flows is None or table is None:
        return
    chosen = table[(table["scope"] == "plan") & (table["view"] == "economic") & (table["rate"] == rate)]
    whole = float(chosen["benefit_usd"].iloc[0])
    factor = (1.0 + rate) ** -(flows["year"] - flows["year"].min()).astype(float)
    farm = float((flows["benefit_usd"].fillna(0.0) * factor).sum())
    if whole > 0 and 0 <= farm <= whole:
        told = Fact("carbon_share", 100 * (1 - farm / whole), "%", no_interval="why.share", **what)
        book.add(
            told,
            CASHFLOW,
            f"benefit_usd discounted at {rate:g}, beside benefit_usd of {FINANCE_APPRAISAL}, view economic",
        )
