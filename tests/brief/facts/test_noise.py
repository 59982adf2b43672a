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
from homeground.language.languages import LANGUAGES, NBSP
from homeground.language.messages import say, tell
from homeground.running.tables import LAND_NOISE
from homeground.study.opening import open_study

STUDY = SimpleNamespace(baseline=(2000, 2015), period=(2016, 2023), language="en")


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
