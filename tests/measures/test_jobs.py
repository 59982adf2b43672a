# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.measures import full_time_equivalents, options, person_days

AREAS = pd.DataFrame({"measure": ["zai", "half_moons"], "hectares": [2.0, 10.0], "region_id": ["BF1", "NE1"]})


def test_person_days_by_hand():
    table = person_days(AREAS, options(), years_after=3).set_index(["measure", "phase"])
    # Zai, days/ha once: 38, 47.5, 48.75, 50, 62, 100, 336, so 50; a year after: 21 and 104, so 62.5.
    assert table.loc[("zai", "establishment"), "mid"] == pytest.approx(100)
    assert table.loc[("zai", "upkeep"), "mid"] == pytest.approx(2 * 62.5 * 3)
    assert table.loc[("half_moons", "establishment"), ["low", "high"]].tolist() == [725.0, 5879.0]
    assert table.loc[("half_moons", "season"), "quality"] == 5
    assert table.loc[("zai", "season"), "region_id"] == "BF1"


def test_phases_stay_apart_and_years_column_wins():
    table = person_days(AREAS.assign(years_after=[0.0, 1.0]), options(), years_after=9)
    assert table["phase"].tolist() == ["establishment", "season", "upkeep"] * 2
    assert table.query("measure == 'zai' and phase != 'establishment'")["high"].eq(0).all()
    assert "jobs" not in table.columns


def test_full_time_needs_its_rule():
    table = person_days(AREAS, options())
    with pytest.raises(TypeError, match="days_per_year"):
        full_time_equivalents(table)
    years = full_time_equivalents(table, days_per_year=200)
    np.testing.assert_allclose(years["mid"] * 200, table["mid"])
    assert years["phase"].tolist() == table["phase"].tolist()
    assert set(years["rule"]) == {"person-days / 200 days a year"}


@pytest.mark.parametrize("days", [0, -1, 400, float("nan")])
def test_days_of_a_year_are_checked(days):
    with pytest.raises(DataError, match="days_per_year above 0"):
        full_time_equivalents(person_days(AREAS, options()), days_per_year=days)


def test_faulty_areas_are_refused():
    with pytest.raises(DataError, match="lacks hectares"):
        person_days(AREAS.drop(columns="hectares"), options())
    with pytest.raises(DataError, match="no options for dams"):
        person_days(AREAS.assign(measure="dams"), options())
    with pytest.raises(DataError, match="hectares of 0 or more"):
        person_days(AREAS.assign(hectares=[1.0, np.nan]), options())
    with pytest.raises(DataError, match="lacks phase"):
        full_time_equivalents(AREAS, days_per_year=200)


@settings(deadline=None, max_examples=30)
@given(st.floats(0, 1e7), st.floats(0, 30), st.sampled_from(options().index.tolist()))
def test_work_grows_in_proportion_to_land(hectares, years, measure):
    one = person_days(pd.DataFrame({"measure": [measure], "hectares": [1.0]}), options(), years_after=years)
    many = person_days(pd.DataFrame({"measure": [measure], "hectares": [hectares]}), options(), years_after=years)
    np.testing.assert_allclose(many["mid"], one["mid"] * hectares, atol=1e-12)
    assert (many["low"] <= many["high"]).all()
