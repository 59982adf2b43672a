# SPDX-License-Identifier: Apache-2.0
"""`homeground finance returns FILE`: what it prints in three languages, for machines, and what it refuses."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from homeground.cli.app import app
from homeground.errors import DataError
from homeground.finance.flows.file import read_flows

# 100 out, then 60 and 66: at 10 % 60 / 1.1 + 66 / 1.21 = 109.09, so 9.09; 100 (1 + r)^2 = 60 (1 + r) + 66: r = 16.6 %.
BY_YEAR = "year;benefit;cost;currency;price_year\n2025;0;100;XOF;2023\n2026;60;0;XOF;2023\n2027;66;0;XOF;2023\n"
# The example of Microsoft's manual for XNPV and XIRR: 2086.65 and 0.373362535.
BY_DATE = "date,flow\n2008-01-01,-10000\n2008-03-01,2750\n2008-10-30,4250\n2009-02-15,3250\n2009-04-01,2750\n"


def run(tmp_path, text, *words):
    file = tmp_path / "flows.csv"
    file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["finance", "returns", str(file), *words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_flows_by_year(tmp_path):
    said = run(tmp_path, BY_YEAR, "--rate", "0.1")
    assert "3 flows, by year from 2025 to 2027; XOF in prices of 2023" in said
    for number in ("9.09", "1.09", "16.60"):
        assert number in said
    told = json.loads(run(tmp_path, BY_YEAR, "--rate", "0.1", "--json"))
    assert told["money"] == {"currency": "XOF", "terms": "real", "price_year": 2023}
    (row,) = told["at_rates"]
    assert row["npv"] == pytest.approx(60 / 1.1 + 66 / 1.21 - 100)
    assert row["yearly"] == pytest.approx(row["npv"] / (1 / 1.1 + 1 / 1.21))
    assert row["mirr"] == pytest.approx(((60 * 1.1 + 66) / 100) ** 0.5 - 1)
    (rate,) = told["internal_rates"]
    assert 100 * (1 + rate) ** 2 == pytest.approx(60 * (1 + rate) + 66)


def test_the_rates_of_the_modified_return_may_be_given(tmp_path):
    told = json.loads(run(tmp_path, BY_YEAR, "--rate", "0.1", "--reinvest-rate", "0.02", "--json"))
    assert told["at_rates"][0]["mirr"] == pytest.approx(((60 * 1.02 + 66) / 100) ** 0.5 - 1)


def test_flows_by_date_are_a_spreadsheets(tmp_path):
    said = run(tmp_path, BY_DATE, "--rate", "0.09")
    assert "2,086.65" in said
    assert "37.34" in said
    assert "money that is not named" in " ".join(said.split())


@pytest.mark.parametrize(
    ("language", "why"),
    [("en", "no year has a net cost"), ("fr", "Pas de taux de rendement interne"), ("zh", "没有内部收益率")],
)
def test_why_there_is_no_rate_is_said(tmp_path, language, why):
    assert why in run(tmp_path, "year,flow\n0,5\n1,6\n", "--language", language).replace("\n", " ")


def test_several_rates_are_all_said_and_none_is_the_return(tmp_path):
    said = run(tmp_path, "year,flow\n0,-100\n1,230\n2,-132\n")
    assert "10.00" in said
    assert "20.00" in said
    assert "read the present value" in " ".join(said.split())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("year,date,flow\n2025,2025-01-01,1\n2026,2026-01-01,2\n", ['both columns "year" and "date"']),
        ("flow,benefit\n1,2\n1,2\n", ['lacks a column "year" or "date"', 'either a column "flow"']),
        ("year,benefit\n2025,1\n2026,1\n", ['has "benefit" alone']),
        ("year,flow\n2025,1\n2027,2\n", ["2026 is left out"]),
        ("year,flow\n2026,1\n2025,2\n", ["out of order"]),
        ("year,flow\n2025,1\n2025,2\n", ["2025 stands twice"]),
        ("year,flow\n2025,1\n2026,\n", ["flow: empty in row 3"]),
        ("year,flow\n2025,1\n", ["at least two flows"]),
        (
            "year,flow,currency,price_year\n2025,1,USD,2023\n2026,2,EUR,2020\n",
            ["currency: one for all rows was expected, found EUR, USD", "price_year: one for all rows"],
        ),
    ],
)
def test_what_is_wrong_with_the_file_is_told(tmp_path, text, parts):
    file = tmp_path / "flows.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as told:
        read_flows(file)
    for part in parts:
        assert part in str(told.value)


def test_percent_and_days_out_of_order_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"Write 6 % as 0\.06"):
        run(tmp_path, BY_YEAR, "--rate", "6")
    with pytest.raises(DataError, match="Sort by date"):
        run(tmp_path, "date,flow\n2009-01-01,-1\n2008-01-01,2\n")
    with pytest.raises(DataError, match="one of en, fr, zh"):
        run(tmp_path, BY_YEAR, "--language", "de")


def test_a_rate_named_twice_is_told_once(tmp_path):
    said = run(tmp_path, "year,flow\n2025,-100\n2026,110\n", "--rate", "0.06", "--rate", "0.06")
    assert said.replace("\xa0", " ").count("at 6 per cent") == 1
