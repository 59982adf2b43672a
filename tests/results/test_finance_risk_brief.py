# SPDX-License-Identifier: Apache-2.0
"""Finance, risk and the brief on the Western Balkans, and all five studies: sums, separations, and what each must say."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from tests.brief.english import left_in_english, words_of_form, words_of_tables

from homeground.brief.prais.answers import write_prais
from homeground.brief.workbook.write import write_tables
from homeground.catalogue.columns import columns
from homeground.chain import order
from homeground.chain import run as chain
from homeground.chain.status import warnings_of
from homeground.running.findings import findings
from homeground.study.opening import in_language, open_study, shipped_studies


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    return chain.run("western-balkans", root=tmp_path_factory.mktemp("results"))


def test_cash_flow_within_the_plan_is_what_the_plan_spends(results):
    flow = pd.read_parquet(results / "cashflow.parquet")
    spending = pd.read_parquet(results / "plan_spending.parquet").set_index("year")
    inside = flow[flow["year"].between(spending.index.min(), spending.index.max())]
    sums = inside.groupby("year")[["establishment_usd", "upkeep_usd"]].sum()
    for column in sums:
        assert sums[column].to_numpy() == pytest.approx(spending[column].to_numpy(), rel=1e-6, abs=1.0)


def test_the_study_is_appraised_at_every_rate_in_two_views(results):
    table = pd.read_parquet(results / "finance_appraisal.parquet")
    plan = table[table["scope"] == "plan"]
    assert {0.03, 0.06, 0.10, 0.12} <= set(plan["rate"])
    assert set(plan["view"]) == {"financial", "economic"}
    wide = plan.pivot(index="rate", columns="view", values="benefit_usd")
    assert (wide["economic"] > 0).all()  # the shadow price of carbon is in one view only
    # No yield of these measures is known near enough, and none of the Sahel stands in for it.
    assert wide["financial"].isna().all()
    values = pd.read_parquet(results / "finance_values.parquet")
    assert (values.loc[values["parameter"].str.startswith("base_yield"), "how"] == "none").all()
    assert set(values.loc[values["parameter"] == "wage", "places"]) == {"BIH"}


def test_households_money_never_enters_the_sources(results):
    sources = pd.read_parquet(results / "finance_sources.parquet")
    assert not sources["class"].str.contains("remittance|diaspora|household", case=False).any()
    household = pd.read_parquet(results / "finance_household.parquet")
    assert set(household["iso3"]) == set(open_study("western-balkans").countries)
    assert (household.loc[household["what"] == "committed", "value"] == 0).all()
    # Kosovo 2024: 12.7 % of GDP by Eurostat, 17.3 % by the World Bank; both stand.
    kosovo = household[(household["iso3"] == "XKX") & (household["year"] == 2024) & (household["unit"] == "% of GDP")]
    assert sorted(kosovo["value"]) == [12.7, 17.3]


@pytest.mark.parametrize("code", ["fr", "zh"])
def test_workbook_and_forms_hold_no_english(results, tmp_path, code):
    study = in_language(open_study("western-balkans"), code)
    study = study.model_copy(update={"countries": ["XKX"]})  # one form says what all say
    tables = load_workbook(write_tables(results, study, tmp_path))
    assert left_in_english(words_of_tables(tables), code) == []
    (form,) = write_prais(results, study, tmp_path)
    assert left_in_english(words_of_form(load_workbook(form)), code) == []


def test_regions_share_the_national_money(results):
    regions = pd.read_parquet(results / "regions.parquet")
    table = pd.read_parquet(results / "finance_appraisal.parquet")
    row = table[(table["scope"] == "plan") & (table["view"] == "financial") & table["study_rate"]].iloc[0]
    assert regions["finance_cost_usd"].sum() == pytest.approx(row["cost_usd"], rel=1e-6)


def test_ranks_are_ranges_and_classes_carry_a_probability(results):
    table = pd.read_parquet(results / "regions.parquet").dropna(subset=["risk_rank"])
    assert (table["risk_rank_low"] <= table["risk_rank"]).all()
    assert (table["risk_rank"] <= table["risk_rank_high"]).all()
    assert table["risk_rank_low"].min() >= 1
    assert table["risk_rank_high"].max() <= len(table)
    assert table["risk_class_probability"].between(0, 1).all()
    tree = pd.read_parquet(results / "risk_weights.parquet")
    assert not tree["node"].str.contains("15_3_1|net_migration|unemployment").any()


@pytest.mark.parametrize("language", ["en", "fr", "zh"])
def test_briefs_have_two_to_four_pages_embedded_fonts_and_the_note_on_kosovo(results, language):
    reader = PdfReader(results / f"brief-{language}.pdf")
    assert 2 <= len(reader.pages) <= 4
    text = "".join(page.extract_text() for page in reader.pages)
    assert "1244" in text
    assert "\ufffd" not in text
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            below = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(below.get_object())


def test_the_five_studies_are_there_and_each_says_what_it_cannot():
    assert set(shipped_studies()) == {
        "great-green-wall",
        "central-asia",
        "western-balkans",
        "three-s",
        "ethiopia-coffee",
    }
    for name in shipped_studies():
        study = open_study(name)
        assert study.question.endswith("?")
        assert study.cannot_say


def test_every_interval_holds_its_number_and_every_column_is_described(results):
    for stage in order.REGION_STAGES:
        table = pd.read_parquet(results / "regions" / f"{stage}.parquet")
        # The embedded study gives no series of its own: columns that need one are absent.
        described = [column for column in columns(stage) if not column.needs]
        assert set(table) == {"region_id"} | {n for c in described for n in (c.column, *(c.bounds or ()))}
        for column in described:
            value = table[column.column].dropna()
            if column.unit == "%":
                assert value.between(-1e-9, 100 + 1e-6).all(), column.column
            if column.bounds is None:
                assert column.interval.startswith("no interval")
                continue
            low, high = (table.loc[value.index, bound] for bound in column.bounds)
            assert ((low <= value + 1e-9) & (value <= high + 1e-9)).all(), column.column


def test_words_fit_land_that_is_no_savanna_and_money_that_is_used_up(results):
    page = (results / "index.html").read_text(encoding="utf-8")
    assert "Great Green Wall" not in page
    assert "3 % and 97 %" not in page  # what two countries of the Sahel report
    said = " ".join(warnings_of(results))
    spending = pd.read_parquet(results / "plan_spending.parquet")
    spent = spending[["establishment_usd", "upkeep_usd"]].sum(axis=1)
    assert (spent > 0.999 * spending["budget_usd"]).tolist() == [False] * 6 + [True]
    assert "the budget is used up in 2030 only" in said
    assert "counted in 2 of 6 countries" in findings(results)["people"]  # Bosnia and Herzegovina, Serbia


def test_illustrative_sites_say_so_and_do_not_hold_the_nation(tmp_path):
    results = chain.run("ethiopia-coffee", root=tmp_path)
    regions = pd.read_parquet(results / "regions.parquet")
    assert regions["name"].str.contains("illustrative").all()
    people = regions["people_population"].sum()
    assert 1e6 < people < 0.2 * 135e6  # four half-degree squares among 135 million people
    page = (results / "index.html").read_text(encoding="utf-8")
    assert "illustrative, not the pilot sites" in page
    assert "sum to the national figure exactly" not in page
    # The sites are the study's own; only the country and its neighbours, drawn around them, are of Natural Earth.
    assert all(
        "Outlines of countries by Natural Earth" in part for part in re.findall(r"[^.]*Natural Earth[^.]*", page)
    )
    assert "The 4 regions that rank highest" in page
    assert "4 are too few for fifths" in page
    assert "4 are too few for 5 classes" in " ".join(warnings_of(results))
    areas = pd.read_parquet(results / "suitable_areas.parquet").groupby("measure")["suitable_km2"].sum()
    assert areas["shade_coffee"] > 0
    assert areas["agroforestry"] > areas["shade_coffee"]  # coffee asks for 1000 mm of rain


def test_three_s_has_its_promises_beside_the_plan(tmp_path):
    results = chain.run("three-s", root=tmp_path, only=["land", "people"])
    assert set(pd.read_parquet(results / "regions" / "land.parquet")["region_id"].str[:2]) >= {"GM", "GH", "ML"}
    goals = Path(str(open_study("three-s").input("goals"))).read_text(encoding="utf-8")
    assert "10,Mha,2025" in goals


def test_a_scenario_has_its_own_folder_and_budget(tmp_path):
    results = chain.run("great-green-wall", only=None, scenario="double-budget", root=tmp_path)
    assert results == tmp_path / "great-green-wall" / "double-budget"
    assert json.loads((results / "plan.json").read_text())["budget_per_year"] == 8.6e9
