# SPDX-License-Identifier: Apache-2.0
"""What the brief says of assessed land: shares worked by hand, in three languages, nothing where nothing was assessed."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from homeground.brief.facts.land import assessed_facts
from homeground.brief.policy_brief.compose import _series_findings
from homeground.language.languages import LANGUAGES, NBSP
from homeground.language.messages import say
from homeground.study.opening import open_study

STUDY = """title = "Made"
countries = ["GMB"]
[data]
ndvi = { path = "ndvi.tif", first = "2001" }
cover_series = { path = "lc_*.tif", legend = "esa-cci" }
soil_carbon = { path = "soc.tif", units = "t/ha" }
climate_zone = "zone.tif"
rain_series = { path = "rain.tif", first = "1991-01", units = "mm/month" }
"""


@pytest.fixture
def study(tmp_path):
    for name in ("ndvi.tif", "lc_2000.tif", "lc_2015.tif", "lc_2022.tif", "soc.tif", "zone.tif", "rain.tif"):
        (tmp_path / name).touch()
    (tmp_path / "study.toml").write_text(STUDY)
    return open_study(tmp_path)


@pytest.fixture
def facts(assessed_results, study):
    return {fact.key: fact for fact in assessed_facts(assessed_results, study)}


def test_facts_are_those_worked_out_by_hand(facts):
    share = facts["land_degraded"]
    assert (share.value, share.low, share.high) == pytest.approx((2000 / 80, 15.0, 30.0))
    assert facts["land_degraded_before"].value == pytest.approx(100 / 8)
    assert facts["land_degraded_choices"].value == 5
    assert facts["land_drought"].value == pytest.approx((0 + 6000 / 105 + 50 + 0) / 4)
    assert (facts["land_drought_most"].value, facts["land_drought_most"].period) == (pytest.approx(6000 / 105), "2021")
    area = facts["land_degraded_area"]
    assert (area.value, area.low, area.high) == pytest.approx((2000.0, 1200.0, 2400.0))
    assert share.source == "ndvi.tif, lc_2000.tif … lc_2022.tif, soc.tif, zone.tif"
    assert share.licence == "licence.own"


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_each_language_states_the_same_facts(facts, code):
    for name in (*_series_findings(facts), "body.land_degraded_range"):
        assert {f.key for f in say(name, facts, code).facts} == {f.key for f in say(name, facts, "en").facts}


def test_the_sentence_comes_first_and_follows_the_change(facts):
    degraded, drought = _series_findings(facts)
    text = say(degraded, facts, "en").plain.replace(NBSP, " ")
    assert (
        text == "More land is degraded than in the baseline: 25 per cent (15 to 30) of the land, "
        "2,000 km² (1,200 to 2,400), against 12 per cent."
    )
    assert say(drought, facts, "en").plain.startswith("On average over 2020–2023, 27")
    changed = {**facts, "land_degraded_before": facts["land_degraded"]}
    assert _series_findings(changed)[0] == "finding.land_degraded_same"


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_a_part_of_the_land_is_never_told_as_the_whole(assessed_results, study, code):
    regions = pd.DataFrame({"iso3": ["GMB"], "area_km2": [10_500 / 0.54]})
    regions.to_parquet(assessed_results / "regions.parquet")
    facts = {fact.key: fact for fact in assessed_facts(assessed_results, study)}
    told = _series_findings(facts)
    assert told[:2] == ("finding.land_degraded_more", "finding.land_covered")
    assert told[-1] == "finding.land_drought_covered"
    for name in ("finding.land_covered", "limit.land_covered", "finding.land_drought_covered"):
        assert "54" in say(name, facts, code).plain
    regions.assign(area_km2=10_500.0).to_parquet(assessed_results / "regions.parquet")
    facts = {fact.key: fact for fact in assessed_facts(assessed_results, study)}
    assert not [key for key in facts if key.endswith("_covered")]


def test_where_all_years_are_alike_no_year_is_the_driest(assessed_results, study):
    rows = [(year, 2, 10.0) for year in (2020, 2021, 2022, 2023)]
    years = pd.DataFrame(rows, columns=["year", "drought_class", "area_km2"])
    years.assign(iso3="GMB", region_id="GM-A", index="SPI-12").to_parquet(assessed_results / "drought.parquet")
    facts = {fact.key: fact for fact in assessed_facts(assessed_results, study)}
    assert "land_drought_most" not in facts
    assert _series_findings(facts)[-1] == "finding.land_drought_alike"
    assert (
        say("finding.land_drought_alike", facts, "en")
        .plain.replace(NBSP, " ")
        .startswith("On average over 2020–2023, 100 per cent of the area was in moderate drought")
    )
    none = {**facts, "land_drought": replace(facts["land_drought"], value=0.0)}
    assert _series_findings(none)[-1] == "finding.land_drought_none"


def test_a_single_choice_has_a_reason_instead_of_a_range(assessed_results, study):
    path = assessed_results / "sensitivity.parquet"
    pd.read_parquet(path).head(1).to_parquet(path)
    facts = json.loads((assessed_results / "degradation.json").read_text())
    facts = {k: v for k, v in facts.items() if k not in ("degraded_low", "degraded_high")}
    (assessed_results / "degradation.json").write_text(json.dumps(facts))
    found = {fact.key: fact for fact in assessed_facts(assessed_results, study)}
    assert found["land_degraded"].no_interval == "why.choices"
    assert "land_degraded_choices" not in found


def test_without_a_verdict_or_series_nothing_is_said(assessed_results, study, tmp_path):
    assert list(assessed_facts(tmp_path, study)) == []
    facts = json.loads((assessed_results / "degradation.json").read_text())
    lacking = {k: v for k, v in facts.items() if not k.startswith("degraded")}
    (assessed_results / "degradation.json").write_text(json.dumps(lacking))
    assert [f.key for f in assessed_facts(assessed_results, study)] == ["land_drought", "land_drought_most"]
    assert _series_findings({}) == ()
