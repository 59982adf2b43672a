# SPDX-License-Identifier: Apache-2.0
"""The share of degraded land under other thresholds and matrices: computed anew each time, widest first."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.land import (
    TRANSITION_MATRIX,
    degradation,
    land_cover_change,
    sensitivity,
    share_degraded,
    soil_carbon_change,
    tornado,
)


def one(values, **attrs):
    return xr.DataArray(np.asarray(values), dims="x", attrs=attrs)


def test_thresholds_and_matrices_of_a_small_land():
    # Ten cells of 1 km2: carbon falls by 2, 4 ... 20 %; two cells go from grassland to cropland.
    areas = one([1.0] * 10)
    before, after = one([100.0] * 10, units="t C/ha"), one(100 - np.arange(2.0, 22, 2), units="t C/ha")
    initial, final = one([2] * 10), one([3, 3] + [2] * 8)
    strict = TRANSITION_MATRIX.copy()
    strict.loc[2, 3] = -1

    def share(threshold, matrix):
        cover = land_cover_change(initial, final, matrix)
        carbon = soil_carbon_change(before, after, threshold=threshold)
        return share_degraded(degradation(one([0] * 10), cover, carbon), areas)

    table = sensitivity(
        share,
        {"threshold": 10.0, "matrix": TRANSITION_MATRIX},
        {"threshold": [5.0, 15.0], "matrix": {"grassland kept": strict}},
    )
    assert table["result"].tolist() == [60, 80, 30, 80]
    bars = tornado(table)
    assert bars["setting"].tolist() == ["threshold", "matrix"]
    assert bars["span"].tolist() == [50, 20]
    assert bars.loc[0, ["low_value", "high_value"]].tolist() == ["15.0", "5.0"]
    assert bars.loc[1, "low_value"] == "base"


def test_a_choice_without_result_is_counted_not_guessed():
    table = sensitivity(lambda a: {1: 20.0, 2: np.nan, 3: 25.0}[a], {"a": 1}, {"a": [2, 3]})
    assert table["result"].isna().tolist() == [False, True, False]
    bars = tornado(table)
    assert bars.loc[0, ["low", "high", "missing"]].tolist() == [20, 25, 1]


NUMBERS = st.lists(st.one_of(st.integers(-50, 50).map(float), st.just(float("nan"))), min_size=1, max_size=5)


@given(st.integers(-50, 50), st.dictionaries(st.sampled_from("abc"), NUMBERS, min_size=1))
def test_bars_hold_the_base_and_the_widest_comes_first(base, variants):
    # The result is the setting itself, so that each bar is known.
    def result(**settings):
        return next((v for v in settings.values() if v != float(base)), float(base))

    bars = tornado(sensitivity(result, dict.fromkeys(variants, float(base)), variants))
    assert sorted(bars["setting"]) == sorted(variants)
    assert (np.diff(bars["span"]) <= 0).all()
    for row in bars.itertuples():
        known = [float(base), *(v for v in variants[row.setting] if not np.isnan(v))]
        assert (row.low, row.high, row.base) == (min(known), max(known), base)
        assert row.missing == len(variants[row.setting]) + 1 - len(known)


def test_bad_input_is_refused():
    with pytest.raises(DataError, match="no setting named b"):
        sensitivity(lambda a: a, {"a": 1}, {"b": [2]})
    with pytest.raises(DataError, match="base settings is missing"):
        sensitivity(lambda a: np.nan, {"a": 1}, {"a": [2]})


def test_share_of_land_without_data():
    assert share_degraded(one([-1, -128]), one([1.0, 3.0])) == 25
    assert np.isnan(share_degraded(one([-128]), one([1.0])))
    assert share_degraded(one([-1, 0, -128]), one([1.0, 1.0, 8.0]), water=one([False, False, True])) == 50
