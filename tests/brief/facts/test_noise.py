# SPDX-License-Identifier: Apache-2.0
"""A share beside its range without change: the verdict of the whole study in words, ranges by country in columns."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from homeground.brief.facts.assessed.assessment import degraded_by_country, read_assessment
from homeground.brief.facts.assessed.noise import against_chance, noise_of_countries, read_noise
from homeground.brief.facts.land import assessed_facts
from homeground.brief.policy_brief.compose import _noise
from homeground.brief.sections import assessment as page
from homeground.cli import land_answers
from homeground.land.stage import finding
from homeground.language.languages import LANGUAGES, NBSP
from homeground.language.messages import say, tell
from homeground.running.tables import LAND_NOISE, LAND_RAIN_ALONE
from homeground.study.opening import open_study

LAND = SimpleNamespace(trend_of="index", growing_season=None)
STUDY = SimpleNamespace(baseline=(2000, 2015), period=(2016, 2023), language="en", land=LAND)


@pytest.fixture
def noise():
    shares = {
        "productivity_declining": (52.0, 40.0, 14.0, 80.0),
        "trend_falling": (6.0, 4.0, 2.0, 9.0),
        "state_falling": (48.0, 38.0, 12.0, 77.0),
        "degraded": (22.2, 5.0, 2.0, 9.4),
        "improved": (1.0, 5.0, 2.0, 9.0),
    }
    rows = [
        {"level": level, "place": place, "iso3": place, "measure": name, "observed": share, "median": median}
        | {"low": low, "high": high, "cells": 900, "draws": 199}
        for level, place in (("study", ""), ("country", "GMB"))
        for name, (share, median, low, high) in shares.items()
    ]
    return pd.DataFrame(rows)


def test_each_share_has_its_verdict(noise):
    text = tell(against_chance(noise), "en").replace(NBSP, " ")
    assert (
        "Land of declining productivity: 52 per cent; without any change in the land, series like these give 14 to 80"
        in text
    )
    assert "80 per cent: not told apart from chance." in text
    assert (
        "Degraded land: 22 per cent; without any change in the land, series like these give 2.0 to 9.4 per cent: more"
        in text
    )
    assert (
        "Improved land: 1.0 per cent; without any change in the land, series like these give 2.0 to 9.0 per cent: less"
        in text
    )
    assert "a falling trend, 6.0 per cent of the land (2.0 to 9.0 per cent without any change)" in text
    assert "a lower state, 48 per cent (12 to 77 per cent)" in text
    assert "Nothing is to be taken off" in text


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_every_language_says_all_numbers(noise, code):
    text = tell(against_chance(noise, code), code)
    for number in ("52", "14", "80", "22", "48", "12", "77"):
        assert number in text


def test_without_draws_nothing_is_said(assessed_results):
    found = read_assessment(assessed_results)
    assert found.noise is None
    assert against_chance(None) == against_chance(pd.DataFrame()) == []
    heads = [" ".join(head) for head, _ in land_answers.degraded(found, STUDY).columns]
    assert not any("without change" in head for head in heads)


def test_a_share_on_the_end_of_the_range_is_not_told_apart(noise):
    noise["observed"] = noise["high"]
    assert {said.message for said in against_chance(noise)[:3]} == {
        "noise.degraded.within", "noise.improved.within", "noise.productivity_declining.within",
    }  # fmt: skip


def test_ranges_of_countries_stand_beside_their_shares(noise, assessed_results):
    noise.to_parquet(assessed_results / LAND_NOISE)
    found = read_assessment(assessed_results)
    pd.testing.assert_frame_equal(read_noise(assessed_results), noise)
    row = degraded_by_country(found).set_index("iso3").loc["GMB"]
    assert row[["degraded_noise", "degraded_noise_low", "degraded_noise_high"]].tolist() == [5.0, 2.0, 9.4]
    answer = land_answers.degraded(found, STUDY)
    shown = {" ".join(head): cells for head, cells in answer.columns}
    assert shown["Degraded, without change (%)"] == ["2.0 to 9.4"]
    assert shown["Improved, without change (%)"] == ["2.0 to 9.0"]
    assert "more than chance" in answer.mind
    assert noise_of_countries(noise, "degraded", pd.Series(["XXX", "GMB"]))["low"].isna().tolist() == [True, False]


def test_the_page_and_the_brief_say_it(noise, assessed_results, tmp_path):
    noise.to_parquet(assessed_results / LAND_NOISE)
    found = read_assessment(assessed_results)
    (tmp_path / "ndvi.tif").touch()
    text = 'title = "Made"\ncountries = ["GMB"]\n[data]\nndvi = { path = "ndvi.tif", first = "2001" }\n'
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    study = open_study(tmp_path)
    found = replace(found, facts=found.facts | {"cover": {}})
    assert "more than chance" in page.body(found, study, "en")[-1]
    facts = {fact.key: fact for fact in assessed_facts(assessed_results, study)}
    fact = facts["land_degraded_noise"]
    assert (fact.value, fact.low, fact.high) == (5.0, 2.0, 9.4)
    assert _noise(facts) == ("body.land_noise_more",)
    assert _noise({}) == ()
    for code in LANGUAGES:
        assert {f.key for f in say("body.land_noise_more", facts, code).facts} == {
            "land_degraded",
            "land_degraded_noise",
        }


@pytest.fixture
def both(noise, assessed_results):
    """Chance gives 2.0 to 9.4 % of degraded land, the observed rain 18 to 25 %: the observed 22.2 % lie in the second alone."""
    ends = {
        "productivity_declining": (30.0, 20.0, 41.0),
        "trend_falling": (5.0, 3.0, 8.0),
        "state_falling": (46.0, 31.0, 60.0),
        "degraded": (21.0, 18.0, 25.0),
        "improved": (3.0, 2.5, 7.0),
    }
    rain = noise.assign(followed=880, explained=34.2, years_without_rain=2)
    rain[["median", "low", "high"]] = [ends[name] for name in rain["measure"]]
    noise.to_parquet(assessed_results / LAND_NOISE)
    rain.to_parquet(assessed_results / LAND_RAIN_ALONE)
    return read_noise(assessed_results)


def test_chance_and_rain_are_told_apart(both):
    said = against_chance(both)
    assert [one.message for one in said] == [
        "noise.degraded.more", "noise.rain.within", "noise.improved.less", "noise.rain.less",
        "noise.productivity_declining.within", "noise.rain.more",
        "noise.rules", "noise.rain.rules", "noise.kept", "noise.rain.how", "noise.rain.years",
    ]  # fmt: skip
    text = tell(said, "en").replace(NBSP, " ")
    assert (
        "2.0 to 9.4 per cent: more than chance. The observed rain alone would give 18 to 25 per cent: the share lies"
        in text
    )
    assert "a falling trend on 3.0 to 8.0 per cent of the land, a lower state on 31 to 60 per cent" in text
    assert "explains 34 per cent of its variance" in text
    assert "In 2 years of the series rain is not known" in text


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_every_language_says_what_rain_alone_gives(both, code):
    text = tell(against_chance(both, code), code)
    for number in ("18", "25", "20", "41", "31", "60", "34"):
        assert number in text


def test_a_share_that_reads_as_the_end_lies_within_it(both):
    both.loc[both["measure"] == "degraded", ["observed", "rain_high"]] = [25.4, 25.3]
    assert against_chance(both)[1].message == "noise.rain.within"


def test_countries_and_tables_have_both_ranges(both, assessed_results):
    found = read_assessment(assessed_results)
    row = degraded_by_country(found).set_index("iso3").loc["GMB"]
    assert row[["degraded_rain", "degraded_rain_low", "degraded_rain_high"]].tolist() == [21.0, 18.0, 25.0]
    assert row["degraded_noise_high"] == 9.4
    shown = {" ".join(head): cells for head, cells in land_answers.degraded(found, STUDY).columns}
    assert shown["Degraded, rain alone (%)"] == ["18.0 to 25.0"]
    assert shown["Improved, rain alone (%)"] == ["2.5 to 7.0"]
    assert noise_of_countries(both, "degraded", pd.Series(["XXX", "GMB"]), "rain")["rain_low"].isna().tolist() == [
        True,
        False,
    ]


def test_the_page_and_the_brief_say_what_rain_alone_gives(both, assessed_results, tmp_path):
    found = read_assessment(assessed_results)
    (tmp_path / "ndvi.tif").touch()
    text = 'title = "Made"\ncountries = ["GMB"]\n[data]\nndvi = { path = "ndvi.tif", first = "2001" }\n'
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    study = open_study(tmp_path)
    found = replace(found, facts=found.facts | {"cover": {}})
    assert "The observed rain alone would give" in page.body(found, study, "en")[-1]
    heads = page._countries(found, study, "en").heads
    assert heads["degraded_rain"] == "Degraded by the observed rain alone"
    facts = {fact.key: fact for fact in assessed_facts(assessed_results, study)}
    fact = facts["land_degraded_rain"]
    assert (fact.value, fact.low, fact.high) == (21.0, 18.0, 25.0)
    assert _noise(facts) == ("body.land_noise_more", "body.land_rain_within")
    for code in LANGUAGES:
        for verdict in ("within", "more", "less"):
            said = {f.key for f in say(f"body.land_rain_{verdict}", facts, code).facts}
            assert said == {"land_degraded", "land_degraded_rain"}


def test_the_run_tells_both(both, assessed_results):
    assert [one.message for one in finding._without_change(assessed_results)] == [
        "noise.degraded.more",
        "noise.rain.within",
    ]
    (assessed_results / LAND_RAIN_ALONE).unlink()
    assert [one.message for one in finding._without_change(assessed_results)] == ["noise.degraded.more"]
