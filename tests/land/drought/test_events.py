# SPDX-License-Identifier: Apache-2.0
"""Droughts as runs: counted by hand, joined, cut by gaps, and against a plain loop."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.land import drought_events


def index(values, **coords):
    values = np.asarray(values, float)
    time = pd.date_range("2001-01-01", periods=values.shape[-1], freq="MS")
    return xr.DataArray(values, {"time": time, **coords}, dims=(*coords, "time"), attrs={"units": "1"})


def rows(table, *columns):
    return table[list(columns)].to_numpy().tolist()


def test_by_hand():
    #         Jan  Feb   Mar   Apr  May   Jun   Jul  Aug
    table = drought_events(index([0.5, -1.0, -1.5, 0.2, -0.9, -2.5, -1.1, -0.1]))
    assert list(table["onset"].dt.month) == [2, 6]
    assert list(table["end"].dt.month) == [3, 7]
    assert list(table["peak_time"].dt.month) == [3, 6]
    assert rows(table, "duration", "peak") == [[2, -1.5], [2, -2.5]]
    np.testing.assert_allclose(table["severity"], [0.5, 1.6])
    np.testing.assert_allclose(table["intensity"], [0.25, 0.8])
    np.testing.assert_array_equal(table["interarrival"], [np.nan, 4])
    assert not table["open"].any()


def test_mckee_counts_from_the_first_month_below_zero():
    table = drought_events(index([0.5, -0.2, -1.0, -0.3, 0.0, -0.9, -0.5, 0.1, -1.4]), mode="mckee")
    assert list(table["onset"].dt.month) == [2, 9]  # June and July never reach -1
    assert rows(table, "duration", "peak") == [[3, -1.0], [1, -1.4]]
    np.testing.assert_allclose(table["severity"], [1.5, 1.4])
    assert table["open"].tolist() == [False, True]


def test_a_missing_month_ends_a_drought_and_joins_nothing():
    values = [-2.0, -2.0, np.nan, -2.0, 0.3, -2.0, 0.3, 0.3, -2.0]
    assert rows(drought_events(index(values)), "duration", "open") == [[2, True], [1, True], [1, False], [1, True]]
    joined = drought_events(index(values), max_gap=1)
    assert rows(joined, "duration", "severity") == [[2, 2.0], [3, 2.0], [1, 1.0]]
    assert rows(drought_events(index(values), max_gap=2), "duration") == [[2], [6]]
    assert drought_events(index([-2.0, np.nan, -2.0]), max_gap=5)["duration"].tolist() == [1, 1]


def test_short_droughts_are_left_out_after_joining():
    values = [-2.0, 0.1, -2.0, 0.1, 0.1, -2.0]
    assert drought_events(index(values), min_duration=2).empty
    table = drought_events(index(values), min_duration=2, max_gap=1)
    assert rows(table, "duration") == [[3]]


def test_places_keep_apart():
    values = np.array([[[-2.0, -2.0], [-2.0, 0.0]], [[0.0, 0.0], [0.0, -3.0]]])
    table = drought_events(index(values, y=[10.0, 20.0], x=[1.0, 2.0]), max_gap=3)
    assert rows(table, "y", "x", "duration") == [[10.0, 1.0, 2], [10.0, 2.0, 1], [20.0, 2.0, 1]]
    assert table["interarrival"].isna().all()
    turned = drought_events(index(values, y=[10.0, 20.0], x=[1.0, 2.0]).transpose("time", "y", "x"), max_gap=3)
    pd.testing.assert_frame_equal(table, turned)


def test_nothing_to_tell():
    for values in ([0.1] * 5, [np.nan, 0.1, np.nan]):
        table = drought_events(index(values), max_gap=1)
        assert table.empty
        assert {"onset", "severity", "interarrival", "open"} <= set(table.columns)


def test_no_value_at_all_is_not_no_drought():
    with pytest.raises(DataError, match="no value at all"):
        drought_events(index([np.nan] * 5))


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (index([0.0]).assign_attrs(units="mm"), {}, '"1" was expected'),
        (index([0.0] * 3).isel(time=[0, 2]), {}, "every month once"),
        (index([0.0] * 3).isel(time=[0, 1, 1, 2]), {}, "every month once"),
        (index([0.0]).rename(time="step"), {}, "'time' with dates"),
        (index([0.0]), {"mode": "runs"}, "mckee"),
        (index([0.0]), {"max_gap": -1}, "at least 0 and 1"),
        (index([0.0]), {"mode": "mckee", "threshold": 0.0}, "below 0 was expected"),
    ],
)
def test_wrong_input_is_refused(data, options, message):
    with pytest.raises(DataError, match=message):
        drought_events(data, **options)


VALUE = st.one_of(st.floats(-3, 3), st.just(float("nan")), st.just(-1.0))


@given(st.lists(VALUE, min_size=1, max_size=60).filter(lambda values: not np.isnan(values).all()))
def test_every_month_of_drought_is_in_one_run(values):
    found, run = [], []
    for month, value in enumerate([*values, float("nan")]):
        if value <= -1:
            run.append((month, value))
        elif run:
            found.append((run[0][0], len(run), sum(-1 - v for _, v in run), min(v for _, v in run)))
            run = []
    table = drought_events(index(values))
    months = (table["onset"].dt.year - 2001) * 12 + table["onset"].dt.month - 1
    assert list(zip(months, table["duration"], strict=True)) == [f[:2] for f in found]
    np.testing.assert_allclose(table["severity"], [f[2] for f in found], atol=1e-12)
    np.testing.assert_array_equal(table["peak"], [f[3] for f in found])
