# SPDX-License-Identifier: Apache-2.0
"""SDG 11.3.1 in both formulas with its guards, land take and sealing as two things."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.land import land_consumption, land_take, soil_sealing


def one(values):
    return xr.DataArray(np.asarray(values), dims="x")


def test_the_two_forms_of_the_same_growth():
    # +50 % in 5 years: 0.1000 linear and 0.0811 in logarithms.
    linear = land_consumption(100, 150, 1e6, 2e6, 5)
    logs = land_consumption(100, 150, 1e6, 2e6, 5, formula="logarithmic")
    assert linear["land_consumption_rate"].iloc[0] == pytest.approx(0.1)
    assert logs["land_consumption_rate"].iloc[0] == pytest.approx(0.0811, abs=5e-5)
    assert linear["formula"].iloc[0] == "metadata-2021"


def test_kampala_as_published():
    # Trends.Earth documentation: rates of land and people, and their ratio, for 2000-2005, 2005-2010, 2010-2015.
    published = [(0.053274, 0.069729, 0.764), (0.052114, 0.062004, 0.840), (0.031892, 0.050719, 0.629)]
    for land, people, ratio in published:
        found = land_consumption(1, math.exp(5 * land), 1, math.exp(5 * people), 5, formula="logarithmic")
        assert found["ratio"].iloc[0] == pytest.approx(ratio, abs=5e-4)


@given(st.floats(1, 1e3), st.floats(1, 1e3), st.integers(1, 30))
def test_the_forms_relate_as_they_must(start, end, years):
    linear, logs = (
        land_consumption(start, end, 1, 2, years, formula=f)["land_consumption_rate"].iloc[0]
        for f in ("metadata-2021", "logarithmic")
    )
    assert linear == pytest.approx((math.exp(logs * years) - 1) / years, abs=1e-9)


def test_no_ratio_where_it_would_say_nothing():
    start = pd.Series([100.0] * 6, index=list("abcdef"))
    found = land_consumption(
        start, start * [1.1, 1.1, 0.9, 0.9, np.nan, 1.1], start, start * [1.0, 0.9, 1.1, 0.9, 1.1, 0.0], 5
    )
    assert found["ratio"].isna().all()
    assert found["why_no_ratio"].tolist() == [
        "people hardly change", "people decline", "built-up land declines", "people decline",
        "missing, or nothing at the start", "missing, or nothing at the start",
    ]  # fmt: skip
    assert found["quadrant"].tolist() == [
        "both grow", "land grows, people decline", "land declines, people grow", "both decline", "", "",
    ]  # fmt: skip
    assert found["land_consumption_rate"].notna().tolist() == [True] * 4 + [False, True]
    assert found.index.tolist() == list("abcdef")
    assert found["built_per_person_start"].iloc[0] == 1e6


def test_bad_input_is_refused():
    with pytest.raises(DataError, match="lengths differ"):
        land_consumption([1, 2], [1], [1], [1], 5)
    with pytest.raises(DataError, match="negative"):
        land_consumption([-1], [1], [1], [1], 5)
    with pytest.raises(DataError, match="years"):
        land_consumption([1], [1], [1], [1], 0)
    with pytest.raises(DataError, match="formula"):
        land_consumption([1], [1], [1], [1], 5, formula="2018")
    with pytest.raises(DataError, match="other rows"):
        land_consumption(pd.Series([1.0], ["a"]), pd.Series([1.0], ["b"]), [1], [1], 5)


def test_land_take_counts_every_class_that_is_built_over():
    initial, final = one([1, 2, 3, 4, 6, 7, 5, 5, -128]), one([5, 5, 5, 5, 5, 5, 2, 7, 5])
    table = land_take(initial, final, one([1.0, 2, 4, 8, 16, 32, 64, 128, 256])).set_index("name")
    assert table["take_km2"].tolist() == [1, 2, 4, 8, 16, 31]
    assert table.loc["All", "return_km2"] == 64
    assert table.loc["All", "net_take_km2"] == -33
    assert table.loc["All", "take_of_artificial"] == pytest.approx(100 * 31 / 192)
    none = land_take(one([3]), one([5]), one([1.0]))
    assert none["take_of_artificial"].isna().all()


COVER = st.sampled_from([1, 2, 3, 4, 5, 6, -128])


@given(st.lists(st.tuples(COVER, COVER, st.integers(0, 50)), min_size=1))
def test_net_land_take_is_the_growth_of_artificial_land(cells):
    first, last, size = (one([c[i] for c in cells]) for i in range(3))
    row = land_take(first, last, size.astype(float)).iloc[-1]
    known = [c for c in cells if -128 not in c[:2]]
    if not sum(c[2] for c in known):
        assert pd.isna(row["net_take_km2"])
        return
    growth = sum(c[2] for c in known if c[1] == 5) - sum(c[2] for c in known if c[0] == 5)
    assert row["net_take_km2"] == growth
    assert row["take_km2"] == sum(c[2] for c in known if c[0] != 5 and c[1] == 5)


def test_sealing_is_a_mean_yearly_change():
    found = soil_sealing(one([10.0, 50.0, np.nan]), one([16.0, 44.0, 5.0]), 6)
    np.testing.assert_allclose(found, [1, -1, np.nan])
    with pytest.raises(DataError, match="outside 0 to 100"):
        soil_sealing(one([255.0]), one([1.0]), 3)
    with pytest.raises(DataError, match="years"):
        soil_sealing(one([1.0]), one([1.0]), 0)
    with pytest.raises(DataError, match="one grid"):
        soil_sealing(one([1.0]), one([1.0, 2.0]), 1)
