# SPDX-License-Identifier: Apache-2.0
"""Every fault of a study file is one clear sentence, and all of them come at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from homeground.errors import StudyError
from homeground.study.opening import open_study, schema, shipped_studies

GOOD = 'title = "Test"\ncountries = ["NER", "TCD"]\n'


def write(folder: Path, text: str) -> Path:
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path, text: str) -> str:
    with pytest.raises(StudyError) as caught:
        open_study(write(folder, text))
    return str(caught.value)


def test_a_study_opens_by_folder_file_and_id(tmp_path):
    folder = write(tmp_path, GOOD)
    assert open_study(folder).countries == ["NER", "TCD"]
    assert open_study(folder / "study.toml").id == tmp_path.name
    for name in shipped_studies():
        assert open_study(name).id == name


def test_unknown_key_is_refused_with_a_suggestion(tmp_path):
    message = refused(tmp_path, GOOD + "[plan]\n[plan.rules]\nwoman = 0.4\n")
    assert "unknown key plan.rules.woman" in message
    assert '"women"' in message


def test_all_problems_are_told_at_once(tmp_path):
    message = refused(tmp_path, 'titel = "x"\ncountries = ["NER", "NER", "Chad"]\nperiod = [2023, 2016]\n')
    for part in ("title is missing", 'unknown key titel. Did you mean "title"?', "countries.2", "[2016, 2023]"):
        assert part in message
    assert "problems:" in message


def test_wrong_type_names_key_and_value(tmp_path):
    message = refused(tmp_path, GOOD + 'baseline = "2000 to 2015"\n')
    assert "baseline" in message
    assert "2000 to 2015" in message


def test_broken_toml_names_the_line(tmp_path):
    message = refused(tmp_path, 'title = "Test\ncountries = []\n')
    assert "not valid TOML" in message
    assert "line 1" in message


def test_budget_without_currency_is_refused(tmp_path):
    budget = '[plan]\nbudget = { amount = "4.3e9", price_year = 2021, years = [2024, 2030] }\n'
    message = refused(tmp_path, GOOD + budget)
    assert 'expected a number and a currency such as "4.3e9 USD", found "4.3e9"' in message


def test_an_infinite_budget_is_refused(tmp_path):
    budget = '[plan]\nbudget = { amount = "1e400 USD", price_year = 2023, years = [2024, 2030] }\n'
    assert 'expected a finite amount of money, found "1e400 USD"' in refused(tmp_path, GOOD + budget)


def test_budget_without_price_year_is_refused(tmp_path):
    message = refused(tmp_path, GOOD + '[plan]\nbudget = { amount = "1e6 USD", years = [2024, 2030] }\n')
    assert "plan.budget.price_year is missing" in message


def test_country_floors_above_one_are_refused(tmp_path):
    message = refused(tmp_path, GOOD + "[plan]\nrules = { country_floor = 0.6 }\n")
    assert "1.20 of the budget" in message
    assert "0.500 or less" in message


def test_missing_input_file_is_named(tmp_path):
    assert 'no file "rain.tif"' in refused(tmp_path, GOOD + '[data]\nrain = "rain.tif"\n')


def test_scenario_overrides_are_merged_and_checked(tmp_path):
    text = (
        GOOD
        + '[plan]\nbudget = { amount = "1e6 USD", price_year = 2021, years = [2024, 2030] }\n'
        + '[[scenario]]\nname = "double"\nplan.budget.amount = "2e6 USD"\n'
    )
    folder = write(tmp_path, text)
    double = open_study(folder, "double")
    assert double.plan.budget is not None
    assert (double.plan.budget.amount, double.plan.budget.price_year, double.scenario_name) == (
        "2e6 USD",
        2021,
        "double",
    )
    assert open_study(folder).plan.budget.amount == "1e6 USD"  # type: ignore[union-attr]
    with pytest.raises(StudyError, match='no scenario "triple"; it declares: double'):
        open_study(folder, "triple")


def test_a_wrong_scenario_fails_before_anything_runs(tmp_path):
    message = refused(tmp_path, GOOD + '[[scenario]]\nname = "odd"\nfinance.discount_rate = "six"\n')
    assert "scenario odd" in message
    assert "finance.discount_rate" in message


def test_unknown_study_lists_the_shipped_ones():
    with pytest.raises(StudyError, match="great-green-wall"):
        open_study("no-such-study")


def test_schema_names_every_section():
    assert {"title", "countries", "data", "plan", "finance", "scenario"} <= set(schema()["properties"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('title = "x"\ncountries = ["Gambia"]\n', "such as \"GMB\" for the Gambia, found 'Gambia'"),
        ('title = "x"\ncountries = "GMB"\n', 'a list in square brackets was expected, such as ["GMB"]'),
        (GOOD + "[plan]\nrules = { women = 40 }\n", "For 40 % write 0.4."),
        (GOOD + '[scenario]\nname = "x"\n', "write [[scenario]] with two brackets"),
        (GOOD + '[brief]\nlanguages = ["en", "xx"]\n', "no brief in xx; there is: en, fr, zh"),
        ("title = “Test”\ncountries = []\n", 'Use straight quotes (")'),
        (GOOD + '[data]\nrain = "C:\\Users\\me\\rain.tif"\n', "Write paths with / instead of"),
    ],
)
def test_faults_are_told_in_words_of_the_file(tmp_path, text, said):
    assert said in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("amount", "said"), [("-4e6 USD", "without a minus"), ("4,000,000 USD", 'without commas: "4000000 USD"')]
)
def test_amounts_as_people_write_them_are_refused_with_the_right_form(tmp_path, amount, said):
    budget = f'[plan]\nbudget = {{ amount = "{amount}", price_year = 2021, years = [2024, 2030] }}\n'
    assert said in refused(tmp_path, GOOD + budget)


def test_byte_order_mark_before_a_study_is_no_fault(tmp_path):
    assert open_study(write(tmp_path, "\ufeff" + GOOD)).title == "Test"


def test_a_folder_without_a_study_and_a_missing_file_say_so(tmp_path):
    with pytest.raises(StudyError, match=r"holds no study\.toml"):
        open_study(tmp_path)
    with pytest.raises(StudyError, match="there is no file"):
        open_study(tmp_path / "other.toml")


def test_a_near_miss_is_suggested_and_not_offered_as_a_new_study():
    with pytest.raises(StudyError) as caught:
        open_study("great-gren-wall")
    assert 'Did you mean "great-green-wall"?' in str(caught.value)
    assert "homeground new" not in str(caught.value)


@pytest.mark.parametrize(("version", "says"), [(2, "Update homeground"), (0, "1 was expected")])
def test_a_form_of_study_that_is_not_known_is_refused(tmp_path, version, says):
    (tmp_path / "study.toml").write_text(f'schema_version = {version}\ntitle = "T"\ncountries = ["GMB"]\n')
    with pytest.raises(StudyError, match=says):
        open_study(tmp_path)


def test_a_study_without_a_form_is_of_the_first(tmp_path):
    (tmp_path / "study.toml").write_text('title = "T"\ncountries = ["GMB"]\n')
    assert open_study(tmp_path).schema_version == 1
