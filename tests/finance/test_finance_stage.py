# SPDX-License-Identifier: Apache-2.0
"""The stage on a small plan made by hand for Albania and Kosovo, with figures of its own for the pits that are dug there."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from homeground.catalogue import atlas
from homeground.catalogue.columns import columns
from homeground.errors import DataError
from homeground.finance.stage import STAGE
from homeground.language.messages import tell
from homeground.measures import carbon_by_place, options
from homeground.numbers.table_check import check
from homeground.running.steps import Work
from homeground.running.tables.register import read_output, register
from homeground.study.opening import open_study

STUDY = """
title = "Two hillsides"
countries = ["ALB", "XKX"]
[data]
options = "options.csv"
[finance]
discount_rate = 0.05
horizon = 15
"""
OPTIONS = """measure,parameter,low,mid,high,unit,source,licence,price_year,currency,quality
zai,establishment_cost,80,160,240,USD/ha,our books,own,2023,USD,2
zai,upkeep_cost,15,35,60,USD/ha/yr,our books,own,2023,USD,2
zai,yield_gain,66,133.3,267,% of yield without,our books,own,,,2
"""
BUDGET = '[plan]\nbudget = { amount = "2000 USD", price_year = "as published", per = "year", years = [2025, 2026] }\n'


YIELD = (
    "parameter,place,low,mid,high,unit,source,licence,quality\n"
    "base_yield_cereal_degraded,general,0.2,0.3,0.4,t/ha/yr,Ministry,own,5\n"
)


def make(folder, *, planned=True, study=STUDY, **tables):
    home = folder / "two-hillsides"
    home.mkdir(parents=True)
    (home / "study.toml").write_text(study + (BUDGET if planned else ""), encoding="utf-8")
    for name, text in {"options": OPTIONS, **tables}.items():
        (home / f"{name}.csv").write_text(text, encoding="utf-8")
    results = folder / "results"
    results.mkdir()
    regions = atlas.regions(["ALB", "XKX"]).groupby("iso3").head(2)
    land = regions[["region_id", "iso3"]].assign(measure="zai", cover_class="cropland", hectares=[2.0, 3.0, 4.0, 1.0])
    schedule = pd.DataFrame({"iso3": ["ALB", "XKX"], "measure": "zai", "year": [2025, 2026], "hectares": 5.0})
    reason = {"planned": planned, "reason": "the study has no [plan].budget"}
    (results / "plan.json").write_text(json.dumps(reason), encoding="utf-8")
    (land if planned else pd.DataFrame()).to_parquet(results / "plan.parquet")
    (schedule if planned else pd.DataFrame()).to_parquet(results / "plan_schedule.parquet")
    placed = land.assign(aridity_class="dry sub-humid", climate_zone="warm_temperate_dry")
    (carbon_by_place(placed, options()) if planned else pd.DataFrame()).to_parquet(results / "plan_carbon.parquet")
    return open_study(home), results


def go(study, results):
    warnings = []
    for step in STAGE.steps:
        work = Work(study, results, results)
        step.run(work)
        for output in step.outputs:
            assert check(read_output(results / output), register()[output].table) == [], output
        warnings += work.warnings
    return warnings


def test_a_plan_becomes_a_finding(tmp_path):
    study, results = make(tmp_path, values=YIELD)
    warnings = go(study, results)
    table = pd.read_parquet(results / "finance_appraisal.parquet")
    assert set(table["rate"]) == {0.03, 0.05, 0.06, 0.10, 0.12}
    row = table[(table["scope"] == "plan") & (table["view"] == "financial") & table["study_rate"]].iloc[0]
    # 5 ha in 2025 and 5 in 2026: 160 to start, 35 a year until 2040, and half of 15 days at the wage of their zone, 29.25
    running = 35 + 15 * 29.25 / 2
    started = [160 + running * (1 - 1.05**-years) / 0.05 for years in (15, 14)]
    assert row["cost_usd"] == pytest.approx(5 * started[0] + 5 * started[1] / 1.05)
    # carbon: soil of warm temperate dry fields, low input to high with manure, on low-activity clay; no biomass of crops
    flows = pd.read_parquet(results / "cashflow.parquet")
    rate = 19 * 0.76 * (1.37 - 0.95) / 20 * 44 / 12
    assert flows[flows["year"] == 2040]["carbon_t_co2e"].tolist() == pytest.approx([5 * rate] * 2)
    finding = tell(STAGE.finding(results)).replace("\u00a0", " ")
    assert finding.startswith("At 5 per cent over 15 years the plan costs ")
    assert "100 per cent rests on unverified defaults" in finding
    assert any("fall after 2026" in text for text in warnings)
    assert any("as published" in text for text in warnings)


def test_regions_hold_the_documented_columns_and_add_up(tmp_path):
    study, results = make(tmp_path, values=YIELD)
    go(study, results)
    table = pd.read_parquet(results / "regions" / "finance.parquet")
    described = columns("finance")
    names = [c.column for c in described] + [bound for c in described for bound in (c.bounds or ())]
    assert set(names) == set(table.columns) - {"region_id"}
    assert sorted(table["region_id"]) == sorted(atlas.regions(["ALB", "XKX"])["region_id"])
    plan = pd.read_parquet(results / "finance_appraisal.parquet")
    row = plan[(plan["scope"] == "plan") & (plan["view"] == "financial") & plan["study_rate"]].iloc[0]
    for name in ("cost_usd", "benefit_usd", "npv_usd", "npv_usd_low", "npv_usd_high"):
        assert table[f"finance_{name}"].sum() == pytest.approx(row[name])
    assert (table["finance_cost_usd"] == 0).sum() == len(table) - 4


def test_without_a_plan_tables_are_empty_and_the_reason_is_said(tmp_path):
    study, results = make(tmp_path, planned=False)
    warnings = go(study, results)
    assert pd.read_parquet(results / "cashflow.parquet").empty
    assert pd.read_parquet(results / "finance_sources.parquet").empty
    assert pd.read_parquet(results / "regions" / "finance.parquet")["finance_cost_usd"].isna().all()
    # Remittances are known without a plan too.
    assert not pd.read_parquet(results / "finance_household.parquet").empty
    assert tell(STAGE.finding(results)) == "There is no appraisal: the study has no [plan].budget."
    assert "No cash flow: the study has no [plan].budget." in warnings


def test_own_prices_and_sources_win(tmp_path):
    values = (
        "parameter,place,low,mid,high,unit,price_year,currency,source,licence,quality,kind,note\n"
        "price_cereal,ALB,200,220,240,USD/t,2023,USD,Ministry,own,2,published,\n"
        "price_cereal,general,200,220,240,USD/t,2023,USD,Ministry,own,,published,\n"
        "base_yield_cereal_degraded,general,0.3,0.3,0.3,t/ha/yr,,,Ministry,own,2,published,\n"
    )
    sources = (
        "who,class,amount,currency,price_year,status,source,licence,iso3,basis,covers\n"
        "Ministry,public,1000,USD,as published,committed,budget law,own,,,plan\n"
        "Communes,public,9000,USD,as published,committed,bylaw,own,,,upkeep\n"
        "Village fund,household,50,USD,as published,committed,deed of gift,own,ALB,contract,\n"
    )
    study, results = make(tmp_path, values=values, sources=sources)
    go(study, results)
    for step in STAGE.steps[:2]:
        assert "values.csv" in step.inputs(study)
    stack = pd.read_parquet(results / "finance_sources.parquet")
    assert stack.set_index("class")["amount"].to_dict() == {"public": 1000.0, "not_committed": 3000.0}
    household = pd.read_parquet(results / "finance_household.parquet")
    assert household[household["what"] == "committed"].set_index("iso3")["value"].to_dict() == {"ALB": 50.0, "XKX": 0.0}
    flows = pd.read_parquet(results / "cashflow.parquet")
    last = flows[(flows["iso3"] == "ALB") & (flows["year"] == 2040)].iloc[0]
    assert last["benefit_usd"] == pytest.approx(5 * 1.333 * 0.3 * 220 * (1 - 0.086) * 0.7)  # less the world's loss
    upkeep = pd.read_parquet(results / "finance_upkeep.parquet").set_index("year")
    assert upkeep.index.tolist() == list(range(2027, 2041))  # after the plan's last year, to the end of the horizon
    assert (upkeep["upkeep_usd"] == 10 * 35).all()
    assert upkeep.loc[2027, "present_usd"] == pytest.approx(350 / 1.05**2)
    assert set(upkeep["payer"]) == {"Communes"}
    values = pd.read_parquet(results / "finance_values.parquet").set_index(["iso3", "parameter"])
    assert values.loc[("ALB", "price_cereal"), "how"] == "country"
    assert values.loc[("XKX", "base_yield_cereal_degraded"), "how"] == "general"
    assert values.loc[("XKX", "wage"), ["how", "places"]].tolist() == ["zone", "BIH"]


def test_without_a_yield_near_enough_the_benefit_is_absent_and_told(tmp_path):
    study, results = make(tmp_path)
    warnings = go(study, results)
    flows = pd.read_parquet(results / "cashflow.parquet")
    assert flows["benefit_usd"].isna().all()
    assert set(pd.read_parquet(results / "finance_upkeep.parquet")["payer"]) == {"not said"}
    assert pd.read_parquet(results / "finance_against.parquet").empty  # no published return is of this place
    assert any("no yield, price or wage is near enough for ALB and XKX" in text for text in warnings)
    assert "None of its farm benefits can be valued." in tell(STAGE.finding(results))


def test_remittances_as_public_money_stop_the_run(tmp_path):
    sources = (
        "who,class,amount,currency,price_year,status,source,licence\n"
        "Diaspora fund,public,1000,USD,as published,committed,press,own\n"
    )
    study, results = make(tmp_path, sources=sources)
    with pytest.raises(DataError, match="households' own"):
        go(study, results)


def test_a_horizon_shorter_than_the_plan_is_refused(tmp_path):
    study, results = make(tmp_path, study=STUDY.replace("horizon = 15", "horizon = 1"))
    schedule = pd.read_parquet(results / "plan_schedule.parquet")
    schedule.assign(year=[2025, 2027]).to_parquet(results / "plan_schedule.parquet")
    with pytest.raises(DataError, match="Lengthen the horizon"):
        go(study, results)
