# SPDX-License-Identifier: Apache-2.0
"""Two scenarios side by side: differences are those of the tables, and each is laid to the settings that reach it."""

import json
import subprocess
import sys

import pandas as pd
import pytest
from openpyxl import load_workbook

from homeground.chain import run as chain
from homeground.chain.comparison import ALL, compare
from homeground.chain.folders import REGION_STAGES
from homeground.chain.settings_apart import Apart, reached, settings_apart
from homeground.errors import DataError, StudyError
from homeground.study.opening import open_study

STUDY = """\
title = "Two"
countries = ["GMB", "SEN"]
[plan]
budget = { amount = "5e6 USD", price_year = 2023, per = "year", years = [2024, 2026] }
[[scenario]]
name = "less"
plan.budget.amount = "2e6 USD"
[[scenario]]
name = "one"
countries = ["SEN"]
[[scenario]]
name = "far"
countries = ["NER"]
[[scenario]]
name = "words"
title = "Another name"
finance.discount_rate = 0.1
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two") / "two"
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    for scenario in ("base", "less", "one"):
        chain.run(folder, only=list(REGION_STAGES), scenario=scenario, root=folder.parent / "results")
    return folder


def both(ran, b, a="base"):
    return open_study(ran, a), open_study(ran, b)


@pytest.fixture(scope="module")
def less(ran):
    return compare(*both(ran, "less"), ran.parent / "results")


def test_settings_that_differ_are_named_and_words_alone_are_not(ran):
    assert settings_apart(*both(ran, "words")) == [Apart("finance.discount_rate", "0.06", "0.1")]
    one = settings_apart(*both(ran, "one"))
    assert one == [Apart("countries", "['GMB', 'SEN']", "['SEN']")]
    assert all(keys == ("countries",) for stage, keys in reached(one, *both(ran, "one")).items() if stage != "brief")


def test_less_money_reaches_plan_and_worth_and_no_land(less):
    assert less.reach["land"] == less.reach["people"] == less.reach["evidence"] == ()
    assert less.reach["measures"] == less.reach["finance"] == ("plan.budget.amount",)
    changed = less.rows[less.rows["change"].abs() > 1e-9 * less.rows["a"].abs()]
    assert set(changed["stage"]) == {"measures", "finance"}


def test_changes_are_the_differences_of_the_plans(less, ran):
    plans = {name: pd.read_parquet(ran.parent / "results" / "two" / name / "plan.parquet") for name in ("base", "less")}
    rows = less.rows.set_index(["place", "column"])
    for place in ("GMB", "SEN", ALL):
        parts = {name: plan if place == ALL else plan[plan["iso3"] == place] for name, plan in plans.items()}
        for column in ("hectares", "cost_usd"):
            a, b = (parts[name][column].sum() for name in ("base", "less"))
            row = rows.loc[(place, f"measures_{column}")]
            assert (row["a"], row["b"]) == pytest.approx((a, b))
            assert row["change"] == pytest.approx(b - a)
    cost = rows.loc[(ALL, "measures_cost_usd")]
    assert cost["b"] <= 6e6 * (1 + 1e-9) < cost["a"] <= 15e6 * (1 + 1e-9)  # three years of 2 and of 5 million
    assert not rows.index.duplicated().any()
    sums = less.measures[["hectares_a", "hectares_b"]].sum()
    assert sums.tolist() == pytest.approx([plans["base"]["hectares"].sum(), plans["less"]["hectares"].sum()])


def test_worth_is_that_of_the_study_rate(less, ran):
    table = pd.read_parquet(ran.parent / "results" / "two" / "less" / "finance_appraisal.parquet")
    wanted = table[(table["scope"] == "plan") & (table["rate"] == 0.06)].set_index("view")
    row = less.rows.set_index("column").loc["financial_npv_usd"]
    assert row["b"] == pytest.approx(wanted.loc["financial", "npv_usd"])
    assert (row["b_low"], row["b_high"]) == pytest.approx(
        tuple(wanted.loc["financial", ["npv_usd_low", "npv_usd_high"]])
    )


def test_countries_of_one_alone_are_named_and_nothing_is_summed_over_unlike_regions(ran):
    found = compare(*both(ran, "one"), ran.parent / "results")
    assert found.missing == ("GMB",)
    assert found.regions.empty
    land = found.rows[found.rows["stage"] == "land"]
    assert set(land["place"]) == {"SEN"}
    assert (
        land["change"].abs().max() <= 1e-9 * land["a"].abs().max()
    )  # the same land, looked at with or without a neighbour


@pytest.mark.parametrize(
    ("names", "error", "told"),
    [
        (("base", "base"), StudyError, "compared with itself"),
        (("base", "far"), StudyError, "nothing in common: GMB, SEN and NER"),
        (("base", "words"), DataError, "homeground run"),
    ],
)
def test_what_cannot_be_compared_is_told(ran, names, error, told):
    with pytest.raises(error, match=told):
        compare(*both(ran, names[1], names[0]), ran.parent / "results")


@pytest.mark.parametrize("code", ["en", "fr", "zh"])
def test_terminal_workbook_and_page_say_the_same(ran, code, tmp_path):
    words = ["compare", str(ran), "base", "less", "--results", str(ran.parent / "results"), "--to", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "homeground.cli.app", *words, "--language", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "compare-base-less.html").read_text(encoding="utf-8")
    book = load_workbook(tmp_path / "compare-base-less.xlsx")
    for text in ("plan.budget.amount", "2e6 USD"):
        assert text in done.stdout
        assert text in page
    assert any("plan.budget.amount" in str(cell.value) for row in book.worksheets[1].iter_rows() for cell in row)
    assert f'lang="{code}"' in page


def test_machines_read_rows(ran, tmp_path):
    words = [
        "compare",
        str(ran),
        "base",
        "less",
        "--results",
        str(ran.parent / "results"),
        "--to",
        str(tmp_path),
        "--json",
    ]
    done = subprocess.run([sys.executable, "-m", "homeground.cli.app", *words], capture_output=True, text=True)
    sides = json.loads(done.stdout)
    assert sides[0]["rows"] == [{"key": "plan.budget.amount", "a": "5e6 USD", "b": "2e6 USD"}]
