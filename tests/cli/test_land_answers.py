# SPDX-License-Identifier: Apache-2.0
"""What show prints of an assessed study: shares worked by hand, the balance of every land type, lines of 80 characters."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from homeground.brief.facts.assessed import assessment as assessed
from homeground.cli import land_answers as told
from homeground.cli.place_answers import places
from homeground.language.layout import WIDTH, blocks, width

LAND = SimpleNamespace(hotspot_km2=100.0, growing_season=None, trend_of="index", noise_draws=199)
STUDY = SimpleNamespace(baseline=(2000, 2015), period=(2016, 2023), language="en", land=LAND)


@pytest.fixture
def found(assessed_results):
    return assessed.read_assessment(assessed_results)


def cells(answer, *head):
    return next(cells for lines, cells in answer.columns if " ".join(lines) == " ".join(head))


def test_degraded_land_is_a_share_of_land_without_water_with_its_range(found):
    answer = told.degraded(found, STUDY)
    # 2,000 of the 8,000 km2 with a verdict; before 1,000; improved 1,000 + 3,000; 1,000 without a verdict are in no share.
    assert cells(answer, "Degraded", "(%)") == ["25.0"]
    assert cells(answer, "low to high") == ["15.0 to 30.0"]
    assert cells(answer, "Baseline", "(%)") == ["12.5"]
    assert cells(answer, "Improved", "(%)") == ["50.0"]
    assert cells(answer, "No verdict", "(km²)") == ["1,000"]
    assert "5 choices of method" in answer.mind
    assert "not a confidence interval" in answer.mind


def test_gains_of_one_land_type_do_not_make_up_for_another(found):
    (answer,) = told.balances(found, STUDY)
    assert answer.rows == ["Tree-covered", "Grassland", "Cropland"]
    assert cells(answer, "Gains less losses", "(km²)") == ["−1,000", "0", "3,000"]
    assert answer.mind.startswith("Not balanced.")
    kept = found.balance.assign(balanced=True)
    assert assessed.neutral(kept) is True
    assert assessed.neutral(found.balance.assign(land_km2=0.0)) is None


def test_the_sum_of_all_land_and_land_without_a_type_have_a_name(found):
    """The balance ends in a row without a number of a land type."""
    one = found.balance.query("iso3 == 'GMB'").iloc[[0]].assign(land_km2=1.0)
    more = [one.assign(land_type=pd.NA, name=name) for name in ("No land type", "All land")]
    answer = told.balances(replace(found, balance=pd.concat([one, *more])), STUDY)[0]
    assert answer.rows[1:] == ["No land type", "All land"]


def test_other_rules_are_told_in_km2_with_their_look_up(found):
    answer = told.other_rules(found)
    assert answer.rows == ["period: gpg1"]
    assert cells(answer, "look-up") == ["gpg1"]
    assert cells(answer, "differs", "(km²)") == ["500"]
    assert cells(answer, "differs", "(%)") == ["6.2"]  # of the 8,000 km2 that have a class
    assert cells(answer, "only", "there", "(km²)") == ["0"]


def test_choices_stand_in_the_order_of_their_range(found):
    answer = told.choices(found)
    assert answer.rows == ["profile", "trend test", "soil carbon threshold (%)"]
    assert cells(answer, "lowest", "(%)") == ["15.0", "25.0", "25.0"]
    assert cells(answer, "highest", "(%)") == ["25.0", "30.0", "25.0"]


def test_droughts_are_shares_of_the_area_that_has_a_class(assessed_results):
    answer = told.droughts(assessed.read_drought(assessed_results), STUDY)
    # 0, 6,000 of 10,500, 3,000 of 6,000 and 0 of 6,000 km2; in the window 3,000 of 10,500 severe or worse.
    assert [c for _, c in answer.columns] == [["26.8"], ["57.1 in 2021"], ["28.6"]]


def test_of_equally_dry_years_the_worse_is_named(assessed_results):
    # All 10 km2 are dry in two years or more of four. Of these the worse is named, then the later; of all alike, none.
    found = assessed.read_drought(assessed_results)
    for classes, said in (((0, 2, 4, 2), "100.0 in 2021"), ((0, 2, 2, 0), "100.0 in 2021"), ((2, 2, 2, 2), "100.0")):
        rows = [("GM-A", "GMB", 2019 + n, code, 10.0) for n, code in enumerate(classes)]
        years = pd.DataFrame(rows, columns=["region_id", "iso3", "year", "drought_class", "area_km2"])
        same = assessed.Drought(found.facts, years, found.periods)
        assert cells(told.droughts(same, STUDY), "Most in", "one year", "(%)") == [said]


@pytest.mark.parametrize("code", ["en", "fr", "zh"])
def test_every_table_of_an_assessed_study_fits_80_columns(assessed_results, code):
    study = SimpleNamespace(**vars(STUDY) | {"language": code})
    answers = told.land_answers(assessed_results, study)
    assert len(answers) == 9
    for answer in answers:
        for block in blocks(answer.rows, answer.columns):
            assert max(map(width, block.splitlines())) <= WIDTH


def test_choices_and_verdicts_are_in_the_language_of_the_study(found):
    assert told.choices(found, "fr").rows == ["profil", "test de tendance", "seuil du carbone du sol (%"]
    assert cells(told.choices(found, "zh"), "最高（%）") == ["25.0", "30.0", "25.0"]
    (answer,) = told.balances(found, STUDY, "zh")
    assert answer.mind == "不平衡。只有每种土地类型都平衡才算平衡：一种不能抵补另一种。"
    assert cells(answer, "平衡") == ["否", "是", "是"]
    assert told.degraded(found, STUDY, "fr").mind.startswith(
        "De bas à haut\u00a0: le minimum et le maximum sur 5 choix"
    )


def test_each_country_has_the_range_that_was_worked_out_for_it(found):
    areas = found.areas.assign(iso3=["GMB" if r == "GM-A" else "SEN" for r in found.areas["region_id"]])
    status = found.status.assign(iso3=["GMB" if r == "GM-A" else "SEN" for r in found.status["region_id"]])
    ranges = {"GMB": {"degraded": 40.0, "low": 20.0, "high": 60.0}, "SEN": {"degraded": 0.0, "low": 0.0, "high": 10.0}}
    facts = found.facts | {"countries": ranges}
    two = assessed.Assessment(**{**vars(found), "areas": areas, "status": status, "facts": facts})
    table = assessed.degraded_by_country(two).set_index("iso3")
    assert table["degraded"].to_dict() == pytest.approx({"GMB": 40.0, "SEN": 0.0})
    assert table["degraded_high"].to_dict() == pytest.approx({"GMB": 60.0, "SEN": 10.0})


def test_without_other_choices_no_range_is_claimed(found):
    facts = {k: v for k, v in found.facts.items() if k not in ("degraded_low", "degraded_high")}
    one = assessed.Assessment(**{**vars(found), "facts": facts, "choices": found.choices.head(1)})
    answer = told.degraded(one, STUDY)
    assert ["low to high"] not in [lines for lines, _ in answer.columns]
    assert answer.mind.startswith("No range")
    assert told.choices(one) is None


def test_a_study_without_series_has_no_answers(tmp_path):
    assert told.land_answers(tmp_path, STUDY) == []


def test_land_that_floods_is_a_transition_too(found):
    flooded = pd.DataFrame(found.areas.iloc[[0]]).assign(final=7, area_km2=10.0)
    more = assessed.Assessment(**{**vars(found), "areas": pd.concat([found.areas, flooded])})
    table = assessed.transitions(more)
    assert table[["period", "initial", "final", "area_km2"]].values.tolist() == [
        ["baseline", 1, 3, 1000.0],
        ["baseline", 2, 3, 1000.0],
        ["baseline", 2, 7, 10.0],
        ["period", 2, 5, 1000.0],
    ]
    assert table["degraded_km2"].tolist() == [1000.0, 0.0, 0.0, 1000.0]


def test_the_pace_between_both_states_is_told_as_no_forecast(found):
    # 100 km2 more in eight years, from 2,000 to 2,100: 12.5 a year, 87.5 more by 2030.
    pace = {
        "annual_km2": 12.5,
        "projected_km2": 2187.5,
        "target_km2": 2000.0,
        "shortfall_km2": 187.5,
        "target_year": 2030,
    }
    one = assessed.Assessment(**{**vars(found), "facts": found.facts | {"business_as_usual": pace}})
    mind = told.balances(one, STUDY)[-1].mind.replace("\u00a0", " ")
    assert "+12 km² of degraded land a year" in mind
    assert "2030 would see 2,188 km² degraded, 188 km² short" in mind
    assert "no forecast" in mind


def test_regions_and_patches_are_told_by_name_and_in_one_list_each(found, assessed_results):
    degraded, improved, patches, parts = places(found, assessed_results, STUDY)
    assert (degraded.rows, improved.rows) == (["GM-A"], ["GM-B"])  # of 5,000 km2 40 % degraded; of 3,000 all improved
    assert [cells for _, cells in degraded.columns] == [["40.0"], ["200,000"]]  # no range was drawn, none is told
    assert [cells for _, cells in patches.columns][1] == ["80,000", "12,000"]
    assert parts.columns[0][1] == ["25.0", "11.1", "25.0"]
