# SPDX-License-Identifier: Apache-2.0
"""The cash flow of the plan."""

from __future__ import annotations

import json

import pandas as pd

from homeground.finance.flows.cash_flow import cash_flow
from homeground.finance.flows.placed import options_where
from homeground.finance.flows.split import split_by_cover
from homeground.finance.steps.given import values_of
from homeground.finance.valuation import read_products
from homeground.finance.valued.places import trail
from homeground.finance.valued.product import asked
from homeground.language.messages import Saying
from homeground.measures.given import measure_of, options_of
from homeground.numbers.fact import Amount
from homeground.running.findings import reason as reason_of
from homeground.running.steps import Work
from homeground.running.tables import CASHFLOW, FINANCE_VALUES, PLAN, PLAN_CARBON, PLAN_FACTS, PLAN_SCHEDULE

NO_PLAN = "no_plan"  # code of the reason, see reason.no_plan of the findings


def cashflow(work: Work) -> None:
    """Costs and benefits of the plan by year, measure and land cover."""
    allocation = pd.read_parquet(work.results / PLAN)
    if allocation.empty:
        for name in (CASHFLOW, FINANCE_VALUES):
            pd.DataFrame().to_parquet(work.out / name)
        reason = json.loads((work.results / PLAN_FACTS).read_text(encoding="utf-8")).get("reason", "")
        work.warn(Saying("warning.no_cashflow", {"reason": reason_of(reason or NO_PLAN)}))
        return
    schedule = pd.read_parquet(work.results / PLAN_SCHEDULE)
    first, last = int(schedule["year"].min()), int(schedule["year"].max())
    values = values_of(work.study)
    flows = cash_flow(
        split_by_cover(schedule, allocation),
        options_where(options_of(work.study), schedule, pd.read_parquet(work.results / PLAN_CARBON)),
        values,
        horizon=work.study.finance.horizon,
        first_year=first,
    )
    flows.to_parquet(work.out / CASHFLOW)
    found = trail(values, asked(read_products(), schedule)).drop(columns="note")
    found.to_parquet(work.out / FINANCE_VALUES)
    _warn_of_places(work, found)
    end = int(flows["year"].max())
    after = float(flows.loc[flows["year"] > last, "upkeep_usd"].sum())
    money = Amount(after, "USD", kind="modelled")
    work.warn(Saying("warning.upkeep", {"end": str(end), "money": money, "last": str(last)}))
    work.warn(Saying("warning.started_late", {"end": str(end)}))
    _warn_of_labour(work, flows)


def _warn_of_places(work: Work, found: pd.DataFrame) -> None:
    """Countries for which a yield, price or wage is known nowhere near enough."""
    absent = found[found["how"] == "none"]
    if len(absent):
        work.warn(Saying("warning.no_value", {"countries": list(dict.fromkeys(absent["iso3"]))}))


def _warn_of_labour(work: Work, flows: pd.DataFrame) -> None:
    """Say where costs cannot hold the land users' own work: the wage of the person-days is above the whole cost."""
    names = ["establishment_usd", "upkeep_usd", "season_usd", "labour_usd"]
    sums = flows.groupby("measure")[names].sum()
    short = sums.index[sums["labour_usd"] > sums[names[:3]].sum(axis=1)]
    if len(short):
        work.warn(Saying("warning.labour", {"measures": [measure_of(name) for name in short]}))
