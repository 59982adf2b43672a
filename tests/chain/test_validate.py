# SPDX-License-Identifier: Apache-2.0
"""What `validate` tells of the tables beside a study: all faults of all files at once, and nothing later that it could have."""

from __future__ import annotations

import openpyxl
import pytest

from homeground.catalogue.given import given_table
from homeground.chain.checks import validate, validate_all
from homeground.errors import DataError, StudyError
from homeground.finance.steps.given import sources_of, unstated_prices, values_of
from homeground.finance.valuation import read_values, value_of
from homeground.measures.given import options_of
from homeground.measures.given import unstated_prices as unstated_measures
from homeground.study.opening import open_study

VALUES = "parameter,place,low,mid,high,unit,price_year,currency,source,licence,quality,kind,note\n"
OPTIONS = "measure,parameter,low,mid,high,unit,source,licence,price_year,currency\n"
SOURCES = "who,class,amount,currency,price_year,status,source,licence\n"
BUDGET = '[plan]\nbudget = { amount = "1e6 USD", price_year = 2023, years = [2024, 2030] }\n'


def study_of(folder, body="", countries='["GMB"]', **files):
    (folder / "study.toml").write_text(f'title = "T"\ncountries = {countries}\n{body}', encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return open_study(folder)


def said(study, error=DataError, **options):
    with pytest.raises(error) as caught:
        validate(study, **options)
    return str(caught.value)


def wage(place, high="300", year="2023", currency="USD"):
    return f"wage,{place},100,200,{high},USD/person-day,{year},{currency},me,none,3,published,\n"


def cost(high="170", year="2023", currency="USD", measure="zai"):
    return f"{measure},establishment_cost,100,160,{high},USD/ha,me,none,{year},{currency}\n"


@pytest.mark.parametrize("place", ["gmb", "Gambia", "gambia", "GMBB"])
def test_a_value_for_a_place_that_is_not_known_names_the_nearest(tmp_path, place):
    study = study_of(tmp_path, values=VALUES + wage(place))
    assert f'place: "{place}" (row 2) is not known. Did you mean GMB (Gambia)?' in said(study)
    with pytest.raises(DataError, match="is not known"):
        values_of(study)


def test_a_value_for_a_country_stands_whatever_blanks_are_around_its_code(tmp_path):
    study = study_of(tmp_path, values=VALUES + wage("GMB "))
    validate(study)
    values = values_of(study)
    assert value_of(values, "wage", "GMB").mid == 200
    assert value_of(values, "wage", "SEN") == value_of(read_values(), "wage", "SEN")
    assert "place: may not be empty; row 2" in said(study_of(tmp_path, values=VALUES + wage("")))
    assert "is not known" in said(study_of(tmp_path, values=VALUES + wage("NO")))


@pytest.mark.parametrize("high", ["inf", "1e400", "-inf"])
def test_money_without_end_is_refused_in_every_table(tmp_path, high):
    files = {
        "o": OPTIONS + cost(high),
        "values": VALUES + wage("GMB", high),
        "sources": SOURCES + f"Ministry,public,{high},USD,2023,paid,law,own\n",
        "c": f"region_id,year,population\nGM-B,2015,{high}\n",
    }
    study = study_of(tmp_path, '[data]\noptions = "o.csv"\ncity_people = "c.csv"\n' + BUDGET, **files)
    told = said(study)
    for where in ("data.options: o.csv: high: row 2", "values.csv: high: row 2", "sources.csv: amount: row 2"):
        assert where in told
    assert given_table(study_of(tmp_path, values=VALUES + wage("GMB")), "values.csv")["high"].tolist() == [300.0]
    with pytest.raises(DataError, match="population: row 2"):
        given_table(study, "data.city_people")


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    files = {
        "o": OPTIONS + cost("50") + cost() + cost(year="", measure="half_moons") + cost(currency="", measure="zaii"),
        "values": VALUES + wage("GMB", currency="") + "wages,GMB,1,2,3,USD/person-day,2023,USD,me,none,3,published,\n",
        "sources": SOURCES + "Ministry,publik,5,USDD,soon,paid,law,own\n",
        "p": "region_id,population,year,source\nBanjul,312.456,2020,census\n",
        "g": "indicator,value,unit,year,source\nNO,much,Mha,2030,a\n",
    }
    body = '[data]\noptions = "o.csv"\npopulation = "p.csv"\ngoals = "g.csv"\n' + BUDGET
    told = said(study_of(tmp_path, body, **files))
    for part in (
        "measure, parameter: each may stand once; row 2 (zai, establishment_cost), row 3 (zai, establishment_cost)",
        "zai establishment_cost (row 2): low <= mid <= high was expected, found 100.0, 160.0, 50.0",
        "half_moons establishment_cost (row 4) is money without a price year",
        "zaii establishment_cost (row 5) is money without a currency",
        "wage (GMB, row 2) has no currency, USD was expected",
        'parameter: "wages" (row 3) is not known. Did you mean wage?',
        "class: one of public, climate funds, private, household was expected; row 2 (publik)",
        'currency: "USDD" (row 2) is not known. Did you mean USD (US dollar)?',
        "price_year: a number, or one of as published, not stated was expected; row 2 (soon)",
        'region_id: "Banjul" (row 2) is not known. Did you mean GM-B (Banjul)?',
        "population: row 2 (312.456): a whole number was expected",
        "value: row 2 (much): a number was expected",
    ):
        assert part in told, part


def test_faults_of_the_study_and_of_its_tables_are_told_together(tmp_path):
    body = '[plan]\nbudget = { amount = "1e6 XOF", price_year = 2023, years = [2024, 2030] }\n'
    told = said(study_of(tmp_path, body, values=VALUES + wage("gmb")), StudyError)
    assert '"1e6 XOF" is not in USD' in told
    assert "Did you mean GMB" in told


def test_a_measure_that_is_nearly_one_that_ships_is_asked_about(tmp_path):
    told = said(study_of(tmp_path, '[data]\noptions = "o.csv"\n', o=OPTIONS + cost(measure="half_moon")))
    assert '"half_moon" (row 2) is not known. Did you mean half_moons?' in told


def test_the_year_of_a_price_may_be_said_not_to_be_stated(tmp_path):
    files = {
        "o": OPTIONS + cost(year="not stated"),
        "values": VALUES + wage("GMB", year="not stated"),
        "sources": SOURCES + "Ministry,public,1000,USD,not stated,committed,law,own\n",
    }
    study = study_of(tmp_path, '[data]\noptions = "o.csv"\n' + BUDGET, **files)
    validate(study)
    assert options_of(study).loc[("GMB", "zai"), ["establishment_cost_high", "price_year"]].tolist() == [170.0, 2023]
    assert unstated_measures(study) != []
    values = values_of(study)
    assert set(values.loc[values["unit"].str.startswith("USD"), "price_year"]) == {2023}
    assert unstated_prices(given_table(study, "values.csv"), "parameter") == ["wage"]
    assert unstated_prices(sources_of(study), "who") == ["Ministry"]
    assert unstated_prices(None, "who") == []


@pytest.mark.parametrize(
    ("sources", "says"),
    [
        ("Ministry,public,9e9,USD,2023,paid,law,own\n", "the budget is 7,000,000"),
        ("Ministry,public,1,EUR,2023,paid,law,own\n", "cannot add EUR of 2023 to USD of 2023"),
        ("Ministry,public,1,USD,2020,paid,law,own\n", "cannot add USD of 2020 to USD of 2023"),
        ("Diaspora fund,public,1,USD,2023,paid,law,own\n", "households' own"),
        ("", "has headings and no rows"),
    ],
)
def test_what_the_finance_would_refuse_is_told_before(tmp_path, sources, says):
    assert says in said(study_of(tmp_path, BUDGET, sources=SOURCES + sources))


def test_options_of_another_year_than_the_budget_are_told(tmp_path):
    body = '[data]\noptions = "o.csv"\n' + BUDGET.replace("2023", "2021")
    told = said(study_of(tmp_path, body, o=OPTIONS + cost()))
    assert "the budget is in prices of 2021, costs in prices of 2023" in told


def test_a_horizon_that_ends_before_the_plan_is_told(tmp_path):
    told = said(study_of(tmp_path, BUDGET + "[finance]\nhorizon = 5\n"), StudyError)
    assert "finance.horizon: 5 years, and the plan starts land until 1 year(s) after its end" in told
    validate(study_of(tmp_path, BUDGET + "[finance]\nhorizon = 6\n"))


def test_a_workbook_of_options_with_decimal_numbers_is_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(OPTIONS.strip().split(","))
    book.active.append(["zai", "establishment_cost", 100, 160.5, 170, "USD/ha", "TRUE", "NO", 2023, "USD"])
    book.save(tmp_path / "o.xlsx")
    study = study_of(tmp_path, '[data]\noptions = "o.xlsx"\n')
    validate(study)
    assert options_of(study).loc[("GMB", "zai"), "establishment_cost_mid"] == 160.5
    assert given_table(study, "data.options")[["source", "licence"]].values.tolist() == [["TRUE", "NO"]]


def test_faults_of_scenarios_are_told_with_those_of_the_study(tmp_path):
    body = '[[scenario]]\nname = "own"\ndata.options = "o.csv"\n[[scenario]]\nname = "other"\ndata.options = "q.csv"\n'
    study = study_of(tmp_path, body, o=OPTIONS + cost("inf"), q=OPTIONS + cost("50"))
    with pytest.raises(DataError) as caught:
        validate_all(study)
    assert "o.csv: high: row 2 (inf)" in str(caught.value)
    assert "q.csv: zai establishment_cost (row 2): low <= mid <= high" in str(caught.value)
