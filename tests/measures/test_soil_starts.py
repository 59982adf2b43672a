# SPDX-License-Identifier: Apache-2.0
"""Gains of soil carbon start from the state the soil is in; where that is not known they span the states."""

from __future__ import annotations

import pytest

from homeground.errors import DataError, StudyError
from homeground.language.messages import Saying
from homeground.measures.given import options_of, spread_starts
from homeground.measures.options import options_at, read_options
from homeground.measures.soil_starts import STATES, soil_starts, starting_rate
from homeground.study.opening import open_study


def test_half_moons_from_each_state():
    # Stock of reference 9 (sandy), 19, 21 t C/ha; factors 0.70 and 0.90 against 1; 20 years.
    assert starting_rate("half_moons", "severely_degraded") == pytest.approx((0.135, 0.285, 0.315))
    assert starting_rate("half_moons", "high_intensity_grazing") == pytest.approx((0.045, 0.095, 0.105))
    assert starting_rate("half_moons", "nominally_managed") == (0.0, 0.0, 0.0)


def test_a_measured_share_starts_between_the_states():
    assert starting_rate("exclosure", 0.7) == pytest.approx(starting_rate("exclosure", "severely_degraded"))
    assert starting_rate("rangeland_reseeding", 0.5).mid == pytest.approx(19 * (1.17 - 0.5) / 20)


def test_soil_that_is_full_gains_nothing_and_loses_nothing():
    assert starting_rate("half_moons", 1.2) == (0.0, 0.0, 0.0)


def test_unknown_state_spans_all():
    for measure in soil_starts().index:
        every = [starting_rate(measure, state) for state in STATES]
        span = starting_rate(measure)
        assert span.low == min(min(rates) for rates in every)
        assert span.high == max(max(rates) for rates in every)
        assert span.low <= span.mid <= span.high


def test_the_shipped_rows_are_the_spans():
    rows = read_options().query("parameter == 'soil_carbon_rate'").set_index("measure")
    for measure in soil_starts().index:
        assert tuple(rows.loc[measure, ["low", "mid", "high"]]) == pytest.approx(
            tuple(starting_rate(measure)), abs=1e-6
        )


@pytest.mark.parametrize("state", ["severly_degraded", 0.0, -1.0, 70.0, float("nan")])
def test_bad_states_are_refused(state):
    with pytest.raises(DataError, match=r"Known: unknown, severely|a share of the stock of reference"):
        starting_rate("half_moons", state)


def test_a_measure_without_starts_is_refused_with_those_that_have_some():
    with pytest.raises(DataError, match="half_moons"):
        starting_rate("zai")


def study_with(folder, plan, data=""):
    folder.mkdir(exist_ok=True)
    text = f'title = "T"\ncountries = ["NER"]\n[plan]\n{plan}\n{data}'
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return open_study(folder)


def test_a_study_chooses_the_state_and_its_own_rates_stand(tmp_path):
    state = 'soil_state = "severely_degraded"'
    study = study_with(tmp_path / "s", state)
    assert options_of(study).loc[("NER", "half_moons"), "soil_carbon_rate_mid"] == pytest.approx(0.285)
    assert options_of(study).loc[("NER", "zai")].equals(options_at(["NER"]).loc[("NER", "zai")])
    assert spread_starts(study, ["half_moons"]) == []
    rows = read_options().query("measure == 'half_moons' and parameter == 'soil_carbon_rate'")
    rows.assign(low=0.01, mid=0.02, high=0.03).to_csv(tmp_path / "s" / "options.csv", index=False)
    table = '[data]\noptions = "options.csv"\n'
    own = options_of(study_with(tmp_path / "s", state, table))
    assert own.loc[("NER", "half_moons"), "soil_carbon_rate_mid"] == 0.02
    assert own.loc[("NER", "exclosure"), "soil_carbon_rate_mid"] == pytest.approx(0.285)
    told = spread_starts(study_with(tmp_path / "s", "", table), ["half_moons", "exclosure", "zai"])
    assert told == [Saying("measure.exclosure")]


def test_a_measured_share_in_a_study(tmp_path):
    assert study_with(tmp_path / "s", "soil_state = 0.7").plan.soil_state == 0.7


@pytest.mark.parametrize("state", ['"bare"', "0", "2.5", "true", "nan"])
def test_a_bad_state_in_a_study_is_refused(tmp_path, state):
    with pytest.raises(StudyError, match="soil_state"):
        study_with(tmp_path / "s", f"soil_state = {state}")
