# SPDX-License-Identifier: Apache-2.0
"""What the plan is worth, who pays, and what households receive."""

from __future__ import annotations

import pandas as pd

from homeground.catalogue import figures
from homeground.errors import DataError
from homeground.finance.appraisal import RATES, appraise
from homeground.finance.draws import draw_returns
from homeground.finance.flows.against import against_published
from homeground.finance.flows.placed import options_where
from homeground.finance.flows.split import split_by_cover
from homeground.finance.flows.upkeep import upkeep_after
from homeground.finance.great_green_wall import GREAT_GREEN_WALL
from homeground.finance.sources import UPKEEP, household_money, source_stack
from homeground.finance.steps.given import own_values, sources_of, unstated_prices, values_of
from homeground.language.messages import Saying, Word
from homeground.measures.given import measure_of, options_of
from homeground.numbers.fact import Amount
from homeground.numbers.money import Money, parse_amount
from homeground.running.steps import Work
from homeground.running.tables import (
    CASHFLOW,
    FINANCE_AGAINST,
    FINANCE_APPRAISAL,
    FINANCE_HOUSEHOLD,
    FINANCE_PUBLISHED,
    FINANCE_SOURCES,
    FINANCE_UPKEEP,
    PLAN,
    PLAN_CARBON,
    PLAN_SCHEDULE,
)
from homeground.study.model import Study

APPRAISAL = (FINANCE_APPRAISAL, FINANCE_PUBLISHED, FINANCE_SOURCES, FINANCE_UPKEEP, FINANCE_AGAINST)


def appraisal(work: Work) -> None:
    """Worth of the plan at several rates, published returns beside it, who pays, and what households receive."""
    _household(work)
    flows = pd.read_parquet(work.results / CASHFLOW)
    if flows.empty:
        for name in APPRAISAL:
            pd.DataFrame().to_parquet(work.out / name)
        return
    study = work.study
    rate = study.finance.discount_rate
    table = appraise(flows, values_of(study), rates=sorted({*RATES, rate}))
    table = table.merge(_draws(work, sorted({*RATES, rate})), on=["scope", "view", "rate"], validate="one_to_one")
    table["study_rate"] = table["rate"] == rate
    table["horizon"] = study.finance.horizon
    table.to_parquet(work.out / FINANCE_APPRAISAL)
    if silent := unstated_prices(own_values(study), "parameter"):
        words: dict[str, Word] = {"what": silent, "year": str(table["price_year"].iloc[0])}
        work.warn(Saying("warning.price_year_not_stated", words))
    published = _published(work)
    published.to_parquet(work.out / FINANCE_PUBLISHED)
    beside = against_published(flows, table, rate=rate, horizon=study.finance.horizon)
    beside.iloc[: None if len(published) else 0].to_parquet(work.out / FINANCE_AGAINST)
    last = int(pd.read_parquet(work.results / PLAN_SCHEDULE)["year"].max())
    upkeep_after(flows, last=last, rate=rate, payers=_payers(study)).to_parquet(work.out / FINANCE_UPKEEP)
    _sources(work, table).to_parquet(work.out / FINANCE_SOURCES)
    work.warn(Saying("warning.ends", {"low": "p05", "high": "p95"}))
    for what, where in (("unvalued", flows["benefit_absent"] != ""), ("carbon_unknown", flows["carbon_t_co2e"].isna())):
        if where.any():
            names = [measure_of(name) for name in sorted(set(flows.loc[where, "measure"]))]
            work.warn(Saying(f"warning.{what}", {"measures": names}))
    work.warn(Saying("warning.carbon_price"))


def _draws(work: Work, rates: list[float]) -> pd.DataFrame:
    schedule = pd.read_parquet(work.results / PLAN_SCHEDULE)
    return draw_returns(
        split_by_cover(schedule, pd.read_parquet(work.results / PLAN)),
        options_where(options_of(work.study), schedule, pd.read_parquet(work.results / PLAN_CARBON)),
        values_of(work.study),
        horizon=work.study.finance.horizon,
        first_year=int(schedule["year"].min()),
        rates=rates,
    )


def _published(work: Work) -> pd.DataFrame:
    """Published returns beside ours: other costs, benefits and horizons, so never mixed in."""
    seen = figures.load("cited_facts", indicator="return_per_usd")
    here = any(iso3 in GREAT_GREEN_WALL for iso3 in work.study.countries)
    out = seen if here else seen.iloc[:0]
    return out.assign(
        compare_with="economic view, bcr: market and non-market benefits by another model; a published figure, not ours"
    )


def total_budget(study: Study) -> Money | None:
    """The whole budget of the plan, of all its years; None without a plan."""
    budget = study.plan.budget
    if budget is None:
        return None
    amount, currency = parse_amount(budget.amount)
    years = budget.years[1] - budget.years[0] + 1
    price_year = None if budget.price_year == "as published" else budget.price_year
    return Money(amount * (years if budget.per == "year" else 1), currency, price_year)


def _sources(work: Work, table: pd.DataFrame) -> pd.DataFrame:
    budget = total_budget(work.study)
    if budget is None:
        raise DataError("the results hold a plan and the study no budget. Run the measures stage again.")
    here = any(iso3 in GREAT_GREEN_WALL for iso3 in work.study.countries)
    pledges = figures.load("cited_facts", indicator="pledged") if here else None
    given = sources_of(work.study)
    stack = source_stack(budget, given, pledges=pledges)
    if silent := unstated_prices(given, "who"):
        year = budget.price_year or table["price_year"].iloc[0]
        work.warn(Saying("warning.price_year_not_stated", {"what": silent, "year": str(year)}))
    open_share = float(stack.loc[stack["class"] == "not_committed", "share"].iloc[0])
    work.warn(Saying("warning.committed", {"share": Amount(100 * open_share, "%")}))
    if budget.price_year is None:
        work.warn(Saying("warning.budget_prices", {"year": str(table["price_year"].iloc[0])}))
    return stack


def _payers(study: Study) -> list[str]:
    """Who is committed to pay upkeep after the plan, or has paid it."""
    given = sources_of(study)
    if given is None or "covers" not in given:
        return []
    named = given[(given["covers"] == UPKEEP) & (given["status"] != "pledged")]
    return list(dict.fromkeys(named["who"].astype(str)))


def _household(work: Work) -> None:
    wanted = ["remittances_received", "remittances_received_share"]
    seen = [figures.load(name, iso3=work.study.countries, indicator=wanted) for name in ("remittances", "cited_facts")]
    table = household_money(pd.concat(seen, ignore_index=True), sources_of(work.study))
    table.to_parquet(work.out / FINANCE_HOUSEHOLD)
    unseen = [iso3 for iso3 in work.study.countries if iso3 not in set(table["iso3"])]
    if unseen:
        work.warn(Saying("warning.remittances_unknown", {"countries": unseen}))
    work.warn(Saying("warning.remittances_private"))
