# SPDX-License-Identifier: Apache-2.0
"""The workbook in each language: no English is left, numbers and names of columns are the same."""

from __future__ import annotations

import json

import openpyxl
import pandas as pd
import pytest
from tests.brief.english import left_in_english, words_of_tables

from homeground.accelerator.ladder.rows import STEPS
from homeground.accelerator.results.planned import cost_against_options, planned_against_reported
from homeground.brief.workbook.sheets import SHEETS
from homeground.brief.workbook.words import cell_words, heading, place_words, unit_words, value_id
from homeground.brief.workbook.write import write_tables
from homeground.catalogue import atlas, figures
from homeground.language.languages import LANGUAGES
from homeground.study.opening import open_study


def of_a_registry():
    """Money, land and costs of a registry beside a plan, with every word that the accelerator writes into them."""
    plan = pd.DataFrame(
        {"iso3": ["GMB", "GMB", "GMB"], "measure": ["zai", "terraces", "half_moons"], "hectares": [10.0, 10.0, 10.0]}
    )
    reported = pd.DataFrame(
        [("GMB", "zai", "restored", 5.0), ("GMB", "", "planted", 1.0), ("GMB", "mulching", "under management", 1.0), ("SEN", "zai", "restored", 1.0)],
        columns=["iso3", "practice", "quantity", "hectares"],
    )  # fmt: skip
    land = planned_against_reported(plan, reported).assign(first_year=2020, last_year=2021)
    places = pd.DataFrame([*((p, "zai") for p in "abcd"), ("several", "zai"), ("several", "terraces"), ("other", "mulching")],
                          columns=["project", "practice"])  # fmt: skip
    costs = pd.DataFrame(
        {
            "project": ["a", "b", "c", "d", "several", "other", "nowhere"],
            "usd_per_ha": [1.0, 200.0, 999.0, None, 1.0, 1.0, 1.0],
        }
    )
    option = pd.DataFrame({"measure": ["zai"], "parameter": "establishment_cost", "low": 100.0, "mid": 200.0, "high": 300.0,
                           "unit": "USD/ha", "price_year": "not stated"})  # fmt: skip
    beside = cost_against_options(costs, places, option).assign(quantity="restored")
    money = pd.DataFrame([("GMB", step, kind, "USD") for step in STEPS for kind in ("grant", "loan", "guarantee", "equity", "other", "not said")],
                         columns=["iso3", "money_step", "instrument", "currency"])  # fmt: skip
    money = money.assign(
        amount=1.0, suspended=0.0, cancelled=0.0, confirmed=0.0, rows=1, first_year=2020, last_year=2021
    )
    return {"ladder": money, "land": land, "costs": beside}


@pytest.fixture
def written(assessed_results, tmp_path):
    """One workbook in each language, of one study with series of its own."""
    regions = {"region_id": ["GM-A", "GM-B"], "iso3": "GMB", "name": ["A", "B"], "area_km2": [6000.0, 4500.0]}
    degraded = {"land_degraded": [40.0, 0.0], "land_degraded_low": [20.0, 0.0], "land_degraded_high": [60.0, 10.0]}
    pd.DataFrame({**regions, **degraded, "land_share_water": 3.0}).to_parquet(assessed_results / "regions.parquet")
    facts = {
        "planned": True, "objective_interval": [1.5, 2.5], "rules": {"country_floor": {"GMB": 0.5}},
        "objective_unit": "hectares weighted by need", "notes": [],
    }  # fmt: skip
    (assessed_results / "plan.json").write_text(json.dumps(facts))
    checks = {"rule": ["land of a unit", "schedule"], "where": ["GM-A grassland", "all"], "asked": [1.0, 0.4]}
    checks |= {"found": [1.0, float("inf")], "unit": ["km2", "share of person-days"], "kept": True}
    pd.DataFrame(checks).to_parquet(assessed_results / "plan_checks.parquet")
    for name, table in of_a_registry().items():
        table.to_parquet(assessed_results / f"registry_{name}.parquet")

    def write(code):
        (tmp_path / "study.toml").write_text(
            f'title = "Gambie"\nquestion = "Où ?"\ncountries = ["GMB"]\n[brief]\nlanguages = ["{code}", "en"]\n'
        )
        return openpyxl.load_workbook(write_tables(assessed_results, open_study(tmp_path), tmp_path / code))

    return write


@pytest.mark.parametrize("code", ["fr", "zh"])
def test_nothing_is_left_in_english(written, code):
    texts = list(words_of_tables(written(code)))
    assert len(texts) > 250
    assert left_in_english(texts, code) == []


def test_the_search_for_english_finds_it(written):
    found = {text for _, text in left_in_english(words_of_tables(written("en")), "fr")}
    assert {"Land cover", "Degradation", "Hotspots", "Abandoned cropland"} <= found
    assert len(found) > 100


def test_numbers_and_names_of_columns_are_the_same_in_every_language(written):
    def numbers(book):
        found = {}
        for key, name in book.defined_names.items():
            sheet = book[next(iter(name.destinations))[0]]
            values = [c.value for row in sheet.iter_rows(min_row=4) for c in row if isinstance(c.value, int | float)]
            found[key] = ([c.value for c in sheet[3]], values, [c.number_format for c in sheet[4]])
        return found

    books = {code: numbers(written(code)) for code in LANGUAGES}
    assert books["fr"] == books["en"] == books["zh"]
    assert set(books["en"]) > {"degradation", "drought_periods", "plan_checks", "plan_facts", "columns", "countries"}


def test_words_of_cells_are_those_of_the_language(written):
    book = written("fr")
    sheet = book[next(iter(book.defined_names["plan_checks"].destinations))[0]]
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=4)]
    assert [r[0] for r in rows] == ["terres d’une unité", "calendrier"]
    assert [r[1] for r in rows] == ["GM-A prairies", "ensemble"]
    assert [r[3] for r in rows] == [1, "sans limite"]
    assert [r[5] for r in rows] == ["oui", "oui"]
    facts = book[next(iter(book.defined_names["plan_facts"].destinations))[0]]
    told = {row[0].value: (row[1].value.replace("\u00a0", " "), row[2].value) for row in facts.iter_rows(min_row=4)}
    assert told["rules.country_floor.GMB"] == ("Règles : part minimale de chaque pays : GMB", 0.5)
    assert told["objective_unit"][1] == "hectares pondérés par le besoin"


def test_tables_of_a_registry_are_in_the_language(written):
    book = written("fr")
    money = book[next(iter(book.defined_names["registry_ladder"].destinations))[0]]
    heads = [cell.value for cell in money[1]]
    assert "Étape de l’argent" in heads
    assert [cell.value for cell in money[4]][1:3] == ["promis", "don"]
    costs = book[next(iter(book.defined_names["registry_costs"].destinations))[0]]
    told = {str(cell.value).replace("\u00a0", " ") for row in costs.iter_rows(min_row=4) for cell in row}
    assert {"plusieurs pratiques ; Terrasses ; Zaï", "dans la fourchette", "au-dessus", "en dessous"} <= told


def test_names_and_words_of_the_user_stand():
    assert cell_words("location_name", "grassland", "fr") == "grassland"
    assert cell_words("note", "a word of nobody", "fr") == "a word of nobody"
    assert heading("my_own_column", "zh") == "my_own_column"
    assert place_words("GMB", "fr") == "GMB"


def test_numbers_of_a_remark_are_written_by_the_language():
    text = "inconsistent as published: male 21.1, female 23.1"
    assert value_id(text) == "sheet.value.inconsistent_as_published_male_female"
    assert cell_words("note", text, "en") == text
    assert cell_words("note", text, "fr").replace("\u00a0", " ") == (
        "incohérent tel que publié : hommes 21,1, femmes 23,1"
    )
    several = f"data include Kosovo; {text}; not of this table"
    assert (
        cell_words("note", several, "fr").replace("\u00a0", " ").startswith("les données comprennent le Kosovo ; inc")
    )
    assert cell_words("note", several, "fr").endswith("not of this table")


def test_what_the_library_of_effects_says_of_a_study_is_told_in_each_language():
    effects = pd.read_csv(figures.path("effects"), dtype=str, keep_default_na=False)
    for column in ("unit_of_analysis", "driver_measure", "outcome_measure", "why_not_pooled", "note"):
        for text in set(effects[column]) - {""}:
            for code in ("fr", "zh"):
                assert left_in_english([(column, cell_words(column, text, code))], code) == []
    assert cell_words("note", "sign +; value not visible", "zh") != cell_words(
        "note", "sign -; value not visible", "zh"
    )


def test_every_indicator_of_people_has_words():
    names = {*figures.load("net_migration")["indicator"], *figures.load("displacement")["indicator"]}
    names |= set(atlas.profile(atlas.countries()["iso3"])["indicator"])
    for name in names:
        assert len({cell_words("indicator", str(name), code) for code in LANGUAGES}) == 3, name


def test_units_have_words():
    for sheet in SHEETS:
        for unit in set(sheet.units.values()) - {"% of land", "degrees", "t C", "%"}:
            assert unit_words(unit, "fr") != unit or unit in ("fraction",), unit
