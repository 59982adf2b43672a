# SPDX-License-Identifier: Apache-2.0
"""A small run of one country: ten hectares of zai, a study that names its budget and its sources."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from homeground.finance import appraise, cash_flow, read_values
from homeground.finance.sources import source_stack
from homeground.measures import options
from homeground.numbers.money import Money
from homeground.study.opening import open_study

STUDY = """title = "Made"
question = "What would ten hectares bring?"
countries = ["BFA"]
[plan]
budget = { amount = "10000 USD", price_year = 2023, per = "total", years = [2024, 2025] }
rules = { women = 0.40, youth = 0.40 }
[finance]
discount_rate = 0.06
horizon = 12
"""
RATES = (0.03, 0.06, 0.10)


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY)
    return open_study(folder)


def flows_of(hectares=10.0):
    schedule = pd.DataFrame(
        {"iso3": ["BFA"] * 2, "measure": ["zai"] * 2, "year": [2024, 2025], "hectares": [hectares / 2] * 2}
    )
    return cash_flow(schedule, options(), read_values(), horizon=12, first_year=2024)


def appraisal_of(flows):
    table = appraise(flows, read_values(), rates=RATES)
    table["study_rate"], table["horizon"], table["share_above_zero"] = table["rate"] == 0.06, 12, 0.75
    # Draws of a plan whose costs lie far above their middle: all are worth less than the middle values together.
    for name, less in (("p05", 3e6), ("p50", 2e6), ("p95", 1e6)):
        table[f"npv_usd_{name}"] = table["npv_usd"] - less
    return table


@pytest.fixture
def results(tmp_path):
    """Tables as a run writes them: those that a proposal reads."""
    folder = tmp_path / "results"
    folder.mkdir()
    flows = flows_of()
    flows.to_parquet(folder / "cashflow.parquet")
    appraisal_of(flows).to_parquet(folder / "finance_appraisal.parquet")
    given = pd.DataFrame(
        [
            ("a ministry", "public", 2000.0, "committed", "letter 1"),
            ("a climate fund", "climate funds", 1000.0, "paid", "letter 2"),
            ("a firm", "private", 1500.0, "committed", "letter 3"),
            ("a promise", "private", 9000.0, "pledged", "a speech"),
        ],
        columns=["who", "class", "amount", "status", "source"],
    ).assign(currency="USD", price_year=2023, licence="own")
    source_stack(Money(10_000.0, "USD", 2023), given).to_parquet(folder / "finance_sources.parquet")
    days = {"establishment": 400.0, "season": 300.0, "upkeep": 300.0}
    plan = {"region_id": ["BF-1"], "iso3": ["BFA"], "measure": ["zai"], "hectares": [10.0], "cost_usd": [4000.0],
            "cost_usd_low": [3000.0], "cost_usd_high": [6000.0], "women_person_days": [450.0], "youth_person_days": [400.0]}  # fmt: skip
    for phase, value in days.items():
        plan |= {f"person_days_{phase}{end}": [value * times] for end, times in (("", 1), ("_low", 0.5), ("_high", 2))}
    pd.DataFrame(plan).to_parquet(folder / "plan.parquet")
    pd.DataFrame({"year": [2024, 2025], "establishment_usd": [1800.0, 1800.0], "upkeep_usd": [0.0, 400.0]}).to_parquet(
        folder / "plan_spending.parquet"
    )
    pd.DataFrame(
        {"iso3": ["BFA"] * 2, "measure": ["zai"] * 2, "year": [2024, 2025], "hectares": [5.0, 5.0]}
    ).to_parquet(folder / "plan_schedule.parquet")
    notes = {
        "years": [2024, 2025], "budget_per_year": 5000.0, "currency": "USD", "objective": 10.0,
        "objective_unit": "hectares", "objective_interval": [10.0, 10.0], "gap": 0.0, "unverified": {},
    }  # fmt: skip
    (folder / "plan.json").write_text(json.dumps(notes))
    years = np.arange(1951, 2021)
    climate = pd.DataFrame({"iso3": "BFA", "year": years, "rain_mm": np.where(years <= 1980, 900.0, 800.0)})
    climate["temperature_c"] = np.where(years <= 1980, 27.0, np.where(years >= 1991, 28.5, 27.5))
    climate.assign(source="a survey", licence="CC0", kind="observed").to_parquet(folder / "country_climate.parquet")
    (folder / "run.json").write_text(json.dumps({"steps": {}}))
    return folder
