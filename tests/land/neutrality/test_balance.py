# SPDX-License-Identifier: Apache-2.0
"""Neutrality by land type, the response hierarchy, and business as usual with the right gap of years."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.land import area_table, business_as_usual, fold_status, ldn_balance, response_map, transition_areas


def one(values):
    return xr.DataArray(np.asarray(values), dims="x")


def test_a_gain_in_one_type_does_not_offset_a_loss_in_another():
    # Trees gain 10 of nothing lost, grassland loses 1: more is gained than lost, yet the land is not neutral.
    table = ldn_balance(one([6, 2]), one([1, 2]), one([10.0, 1.0])).set_index("name")
    assert table.loc["All land", "balance_km2"] == 9
    assert not table.loc["All land", "balanced"]
    assert table["balanced"].isna()["Wetland"]
    even = ldn_balance(one([7, 1]), one([1, 1]), one([2.0, 2.0])).set_index("name")
    assert even.loc["All land", "balanced"]
    assert even.loc["Tree-covered", "balance_km2"] == 0


def test_all_missing_is_not_neutral():
    table = ldn_balance(one([-128, -128]), one([1, -128]), one([2.0, 3.0])).set_index("name")
    assert table["balanced"].isna().all()
    assert table.loc["All land", ["land_km2", "no_data_km2"]].tolist() == [5, 5]
    assert table.loc["No land type", "no_data_km2"] == 3


CELLS = st.lists(
    st.tuples(st.sampled_from([*range(1, 8), -128]), st.sampled_from([*range(1, 8), -128]), st.floats(0, 100)),
    min_size=1,
)


@given(CELLS)
def test_area_is_conserved_and_a_loop_agrees(cells):
    state, kind, size = (one([c[i] for c in cells]) for i in range(3))
    table = ldn_balance(state, kind, size).set_index("name")
    parts = table[["no_data_km2", "losses_km2", "neutral_km2", "gains_km2"]].sum(axis=1)
    np.testing.assert_allclose(parts, table["land_km2"], atol=1e-9)
    assert table.loc["All land", "land_km2"] == pytest.approx(sum(c[2] for c in cells if c[1] != 7))
    for number, name in ((1, "Tree-covered"), (6, "Other land")):
        gains = sum(c[2] for c in cells if c[1] == number and c[0] in (6, 7))
        losses = sum(c[2] for c in cells if c[1] == number and c[0] in (1, 2))
        assert table.loc[name, "balance_km2"] == pytest.approx(gains - losses, abs=1e-9)
    judged = table.drop("All land")["balanced"].dropna()
    whole = table.loc["All land", "balanced"]
    assert pd.isna(whole) if judged.empty else whole == judged.all()


def test_land_types_of_the_country():
    table = ldn_balance(one([6, 1]), one([30, 40]), one([1.0, 2.0]), names={30: "Steppe", 40: "Oasis"})
    assert table["name"].tolist() == ["Steppe", "Oasis", "All land"]
    with pytest.raises(DataError, match="land_type holds 50"):
        ldn_balance(one([6]), one([50]), one([1.0]), names={30: "Steppe"})
    with pytest.raises(DataError, match="one grid"):
        ldn_balance(one([6]), one([1, 1]), one([1.0]))


def test_reverse_reduce_avoid():
    degraded, five = one([-1, 0, 0, 1, -128, 0]), one([5, 3, 4, 4, 1, -128])
    assert response_map(degraded, five).values.tolist() == [3, 2, 1, 1, -128, 1]
    risk = one([True, False, True, False, True, False])
    assert response_map(degraded, five, risk).values.tolist() == [3, 2, 2, 1, -128, 1]


def test_the_pace_is_between_the_two_states():
    # From 2015 to 2023 are 8 years. Trends.Earth divides by the 15 years of the baseline (ldn_planning.py).
    ours = business_as_usual(1000, 1080, baseline_year=2015, year=2023)
    theirs = 1080 + (1080 - 1000) / (2015 - 2000) * (2030 - 2023)
    assert ours["annual_km2"] == 10
    assert ours["projected_km2"] == 1150
    assert theirs == pytest.approx(1117.33, abs=0.01)
    better = business_as_usual(1000, 900, baseline_year=2015, year=2023)
    assert better["shortfall_km2"] == 0
    assert business_as_usual(100, 1, baseline_year=2015, year=2016)["projected_km2"] == 0
    with pytest.raises(DataError, match="after the one before"):
        business_as_usual(1, 1, baseline_year=2015, year=2015)
    with pytest.raises(DataError, match="from 0"):
        business_as_usual(np.nan, 1, baseline_year=2015, year=2016)


def test_chunked_tables_are_the_same():
    pytest.importorskip("dask")
    draw = np.random.default_rng(4)
    state, kind = (xr.DataArray(draw.choice([*range(1, 8), -128], (20, 30)), dims=("y", "x")) for _ in range(2))
    size = xr.DataArray(draw.uniform(0, 2, 20), dims="y")
    whole = ldn_balance(state, kind, size)
    pd.testing.assert_frame_equal(whole, ldn_balance(state.chunk(y=7), kind.chunk(y=7), size))
    degraded = fold_status(state)
    pd.testing.assert_frame_equal(area_table(degraded, size), area_table(degraded.chunk(y=7, x=9), size))
    pd.testing.assert_frame_equal(
        transition_areas(kind, state, size), transition_areas(kind.chunk(y=7), state.chunk(y=7), size)
    )
