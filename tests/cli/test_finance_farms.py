# SPDX-License-Identifier: Apache-2.0
"""`homeground finance farms FOLDER`: what it prints in three languages, writes, and refuses."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest
from typer.testing import CliRunner

from homeground.cli.app import app
from homeground.errors import DataError
from homeground.finance.farm.case import EXAMPLE

# The example that docs/finance/appraisal.md works by hand: 1304.09 at market prices, 3635.14 to society.
OPTIONS = ("--horizon", "5", "--rate", "0.1", "--shadow-wage", "0.6", "--shadow-exchange", "1.2", "--draws", "200")


def run(*words):
    done = CliRunner().invoke(app, ["finance", "farms", *map(str, words), *OPTIONS])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_the_example_is_called_made_and_has_the_numbers_of_the_page():
    said = run()
    assert "made example, not real" in said
    for number in ("1,304", "3,635", "1.19", "1.78", "−90", "−1,141"):
        assert number in said
    assert "who pays it: not said" in " ".join(said.split())
    assert "Apart, and in no worth above" in said


def test_a_rate_named_twice_is_one_rate():
    assert run("--rate", "0.1") == run()  # OPTIONS names it too


@pytest.mark.parametrize(("code", "words"), [("fr", "L’entretien après 2026"), ("zh", "2026年之后的维护")])
def test_in_other_languages(code, words):
    said = run("--language", code, "--upkeep-payer", "land users")
    assert words in said
    assert "land users" in said


def test_a_folder_of_ones_own_and_its_tables(tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "mine")
    told = json.loads(run(tmp_path / "mine", "--json", "--to", tmp_path / "out", "--access", "0.5"))
    assert told["made"] is False
    assert set(told) == {"made", "worth", "flows", "farm_models", "tests", "switching_values", "draws", "tornado"}
    worth = pd.read_csv(tmp_path / "out" / "worth.csv").set_index(["scope", "view"])
    small = worth.loc["small", "financial"]
    assert small["npv"] == pytest.approx(1545.0025 / 2, rel=1e-6)  # half of the farms are reached
    assert len(list((tmp_path / "out").glob("*.csv"))) == 7


def test_budgets_of_another_year_have_no_shadow_carbon_and_it_is_said(tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "mine")
    for name in ("budgets", "programme"):
        file = tmp_path / "mine" / f"{name}.csv"
        file.write_text(file.read_text("utf-8").replace(",2023", ",2020"), encoding="utf-8")
    said = " ".join(run(tmp_path / "mine").split())
    assert "Carbon to society is not counted: it is known in USD in prices of 2023 only" in said
    assert "Apart, and in no worth above" not in said


def test_what_is_missing_is_told_at_once(tmp_path):
    with pytest.raises(DataError) as told:
        run(tmp_path)
    for name in ("budgets.csv", "farms.csv", "adoption.csv"):
        assert name in str(told.value)
    with pytest.raises(DataError, match="access is 50"):
        run("--access", "50")
    with pytest.raises(DataError, match="one of en, fr, zh"):
        run("--language", "de")
