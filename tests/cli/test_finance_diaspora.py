# SPDX-License-Identifier: Apache-2.0
"""`homeground finance remittances`, `instruments` and `structure`: what they print, and what they refuse."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from homeground.chain.folders import results_folder
from homeground.cli.app import app
from homeground.errors import DataError
from homeground.running.tables import CASHFLOW
from homeground.study.opening import open_study

runner = CliRunner()


def said(*words):
    done = runner.invoke(app, ["finance", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_remittances_stand_apart_and_never_as_public_money():
    text = said("remittances", "western-balkans", "--fall", "DEU=0.2")
    assert text.startswith("Remittances are households’ own private money.")
    assert "12.7" in text
    assert "17.3" in text
    assert "Security Council" in text  # the note that belongs to Kosovo's mark
    assert "If these corridors fall" in text


def test_remittances_as_json_lead_back_to_their_source():
    found = json.loads(said("remittances", "central-asia", "--fall", "rus=0.3", "--uptake", "0.01", "--json"))
    assert found["used"]["uptake"] == [0.01, 0.01, 0.01]
    assert "no public, climate or ODA finance" in found["is"]
    shock = {row["iso3"]: row for row in found["shock"]}
    russia = {row["iso3"]: row["flow"] for row in found["corridors"] if row["sender"] == "RUS"}
    assert shock["TJK"]["lost"] == pytest.approx(0.3 * russia["TJK"])
    assert all(row["source"] for row in found["corridors"])
    assert {row["iso3"] for row in found["summary"]} == set(open_study("central-asia").countries)


@pytest.mark.parametrize("language", ["fr", "zh"])
def test_other_languages(language):
    assert "Remittances are" not in said("remittances", "three-s", "--language", language)
    assert "Instruments that" not in said("instruments", "--language", language)


def test_bad_falls_and_shares_are_told():
    with pytest.raises(DataError, match=r"'RUS': a sending country and a fraction"):
        said("remittances", "central-asia", "--fall", "RUS")
    with pytest.raises(DataError, match=r"Write 30 % as 0\.3"):
        said("remittances", "central-asia", "--fall", "RUS=30")
    with pytest.raises(DataError, match="uptake is 5"):
        said("remittances", "central-asia", "--uptake", "5")


def test_instruments_are_listed_with_what_became_of_them():
    text = said("instruments")
    for word in (
        "israel",
        "india-1998",
        "ethiopia-millennium",
        "ethiopia-dam",
        "nigeria-2017",
        "mexico-3x1",
        "moldova-pare",
    ):
        assert word in text
    assert "5,847,804" in text
    assert "601,050.87" in text
    assert "No instrument is ready until a person" in text
    found = json.loads(said("instruments", "--json"))
    assert {one["preset"] for one in found["became"]} == {row["preset"] for row in found["parameters"]}


def test_one_instrument_has_a_dated_cash_flow_by_party():
    found = json.loads(said("instruments", "nigeria-2017", "--json"))
    assert [row["migrant"] for row in found["by_party"]] == pytest.approx([-300e6, *[16.875e6] * 4, 316.875e6])
    assert "each row adds up to nothing" in said("instruments", "mexico-3x1").replace("\n", " ")
    assert "was not published" in said("instruments", "israel").replace("\n", " ")
    with pytest.raises(DataError, match="is no preset"):
        said("instruments", "kenya")


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """Results of a study with a small cash flow, and a table of sources."""
    monkeypatch.chdir(tmp_path)
    folder = results_folder(open_study("three-s"), tmp_path / "results")
    folder.mkdir(parents=True)
    flows = pd.DataFrame(
        {
            "year": [2024, 2025, 2026], "establishment_usd": [2e6, 0.0, 0.0], "upkeep_usd": [0.0, 1e5, 1e5],
            "benefit_usd": [0.0, 1.21e6, 1.21e6], "carbon_revenue_usd": 0.0, "price_year": 2023,
        }
    )  # fmt: skip
    flows.to_parquet(folder / CASHFLOW)
    table = tmp_path / "sources.csv"
    table.write_text("name,kind,most,hurdle,until,last\ngrant,grant,5e6,,,2\nbond,household,5e6,0.1,2,0\n")
    return table


def test_the_mix_of_sources_of_a_plan(ran):
    words = ("structure", "three-s", "--sources", str(ran), "--captured", "0.5", "--upkeep", "0", "--dscr", "1")
    found = json.loads(said(*words, "--json"))
    # 605,000 in years 1 and 2 at 10 %: 1.05 million from the bond, 0.95 million from the public.
    assert found["public_money"] == pytest.approx(0.95e6)
    assert {row["source"]: row["drawn"] for row in found["mix"]} == pytest.approx({"grant": 0.95e6, "bond": 1.05e6})
    text = said(*words, "--incentive-to", "bond")
    assert "0.95 million USD of 2023" in text.replace("\n", " ")
    assert "migrants’ own money" in text
    assert "expert default" in text


def test_what_is_missing_for_the_mix_is_told(ran):
    with pytest.raises(DataError, match="has no cash flow"):
        said("structure", "central-asia", "--sources", str(ran), "--captured", "0.5")
    with pytest.raises(DataError, match="does not exist"):
        said("structure", "three-s", "--sources", "none.csv", "--captured", "0.5")
    ran.write_text("name,kind,most,until\nbond,household,much,1.5\n")
    with pytest.raises(DataError) as told:
        said("structure", "three-s", "--sources", str(ran), "--captured", "0.5")
    assert "row 2, most: a number was expected, found 'much'" in str(told.value)
    assert "row 2, until: a whole year was expected, found '1.5'" in str(told.value)
    ran.write_text("name,type\nbond,debt\n")
    with pytest.raises(DataError, match="columns kind, most are missing"):
        said("structure", "three-s", "--sources", str(ran), "--captured", "0.5")
