# SPDX-License-Identifier: Apache-2.0
"""The commands on a trust fund and on diaspora money: in the terminal, as JSON, as sheets in three languages."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from homeground.brief.policy_brief.typesetting import page_count
from homeground.cli.app import app
from homeground.errors import DataError, HomegroundError

YEARS = list(range(2024, 2045))
LAND = [1e7] * 7 + [0.0] * 14


def run(*words):
    return CliRunner().invoke(app, list(words), catch_exceptions=True)


@pytest.fixture
def root(tmp_path):
    """Results of both studies, as far as the commands read them."""
    for study, gives in (("three-s", 4e6), ("western-balkans", float("nan"))):
        folder = tmp_path / "results" / study / "base"
        folder.mkdir(parents=True)
        pd.DataFrame(
            {
                "year": YEARS,
                "establishment_usd": LAND,
                "upkeep_usd": 1e6,
                "benefit_usd": gives,
                "carbon_revenue_usd": 0.0,
                "price_year": 2023,
            }
        ).to_parquet(folder / "cashflow.parquet")
    return str(tmp_path / "results")


def test_the_trust_fund_of_the_3s_study(root):
    told = run("finance", "trust-fund", "three-s", "--results", root)
    assert told.exit_code == 0, told.output
    plain = " ".join(told.output.split())
    # Seven years of 11 million: 77 million, of it 93.5 % given and 6.5 % to be paid back.
    assert "The fund is to pay 77 million US dollars" in plain
    assert "72 million US dollars are given, and 5 million US dollars must be paid back" in plain
    assert "11 of 11 rows of the fund’s terms are expert defaults, unverified" in plain
    content = json.loads(run("finance", "trust-fund", "three-s", "--results", root, "--json").stdout)
    assert abs(content["balance_gap"]) < 0.01
    assert content["paid_in"] == pytest.approx(77e6)
    # Private: impact fund 1 %; public: all else, the development bank too.
    assert content["ratios"]["private_per_public"] == pytest.approx(1 / 99)
    assert content["ratios"]["household_per_public"] == 0
    worse = json.loads(run("finance", "trust-fund", "three-s", "--results", root, "--json", "--default", "0.5").stdout)
    parts = [{row["name"]: row for row in one["parts"]} for one in (content, worse)]
    assert parts[1]["First loss of governments"]["lost"] > parts[0]["First loss of governments"]["lost"]


def test_a_study_without_a_fund_and_bad_rates_are_told(root):
    told = run("finance", "trust-fund", "western-balkans", "--results", root)
    assert isinstance(told.exception, DataError)
    assert "homeground template trust_fund" in str(told.exception)
    told = run("finance", "trust-fund", "three-s", "--results", root, "--default", "-0.1")
    assert "default is -0.1: a fraction from 0 to 1 was expected" in str(told.exception)
    told = run("finance", "trust-fund", "three-s", "--results", root + "-none")
    assert isinstance(told.exception, HomegroundError)
    assert "homeground run three-s" in str(told.exception)


def test_diaspora_money_of_the_western_balkans(root):
    told = run("finance", "diaspora", "western-balkans", "--results", root, "--on", "2026-11-30")
    assert told.exit_code == 0, told.output
    plain = " ".join(told.output.split())
    assert "no public, climate or aid money" in plain
    assert "no return can be promised from land" in plain
    assert "In none of the 8 countries that send most" in plain
    assert "Switzerland" in plain
    content = json.loads(run("finance", "diaspora", "western-balkans", "--results", root, "--json").stdout)
    assert "no public, climate or ODA finance" in content["is"]
    assert not any(row["ready"] for row in content["hosts"])
    assert [row["from_land"] for row in content["returns"]] == [0, 0, 0, 0]
    assert content["beside_plan"]["committed"] == 0
    # Latest total x rural half x a quarter x the uptake asked for, over all six; the plan costs 11 million a year.
    own = json.loads(
        run("finance", "diaspora", "western-balkans", "--results", root, "--json", "--uptake", "0.01").stdout
    )
    received = sum(row["received"] for row in own["countries"])
    assert own["beside_plan"]["investable"] == pytest.approx(1e6 * received * 0.5 * 0.25 * 0.01)
    assert own["beside_plan"]["share"] == pytest.approx(received * 0.00125 / 11)


def test_a_contract_in_euros_is_told_as_it_is(root, tmp_path):
    """Money bound in other money than dollars is not converted, and is never told as nothing."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "study.toml").write_text('title = "Own"\nquestion = "Which land?"\ncountries = ["MKD", "ALB"]\n')
    head = "who,class,amount,currency,price_year,status,iso3,basis,source,licence\n"
    row = "Association of Tetovo,household,2500000,EUR,2023,committed,MKD,contract,contract 1,own\n"
    (folder / "sources.csv").write_text(head + row)
    results = tmp_path / "results" / "own" / "base"
    results.mkdir(parents=True)
    made = tmp_path / "results" / "western-balkans" / "base" / "cashflow.parquet"
    (results / "cashflow.parquet").write_bytes(made.read_bytes())
    for words in (("remittances", str(folder)), ("diaspora", str(folder), "--results", root)):
        told = run("finance", *words)
        assert told.exit_code == 0, told.output
        plain = " ".join(told.output.split())
        assert "in other money, not converted and in no number above: North Macedonia 2,500,000 EUR." in plain
        assert "Nothing of it is known to be bound" not in plain


def test_an_unknown_instrument_is_told(root):
    told = run("finance", "diaspora", "western-balkans", "--results", root, "--instrument", "lottery")
    assert isinstance(told.exception, DataError)
    assert "project_bond" in str(told.exception)


@pytest.mark.parametrize("code", ["en", "fr", "zh"])
@pytest.mark.parametrize(
    ("command", "study"), [("trust-fund", "three-s"), ("diaspora", "western-balkans"), ("diaspora", "three-s")]
)
def test_sheets_are_written_in_three_languages(root, tmp_path, command, study, code):
    out = tmp_path / "sheets"
    told = run("finance", command, study, "--results", root, "--to", str(out), "--language", code, "--on", "2026-11-30")
    assert told.exit_code == 0, told.output
    page = (out / f"{command}-{study}-{code}.html").read_text(encoding="utf-8")
    assert f'lang="{code}"' in page
    assert "finance." not in page.replace("finance_values", "")  # no message without its words
    pdf = out / f"{command}-{study}-{code}.pdf"
    if pdf.is_file():  # where the typeface of the language is installed
        assert page_count(pdf.read_bytes()) <= 2
    tables = sorted(path.name for path in out.glob("*.csv"))
    ends = (
        ("parts", "payments", "years") if command == "trust-fund" else ("countries", "hosts", "instruments", "returns")
    )
    assert tables == [f"{command}-{study}-{end}.csv" for end in ends]
    if command == "trust-fund":
        payments = pd.read_csv(out / f"{command}-{study}-payments.csv")
        assert payments["date"].is_monotonic_increasing
        assert payments["date"].iloc[0] == "2024-12-31"
