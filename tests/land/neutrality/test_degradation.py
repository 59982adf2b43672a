# SPDX-License-Identifier: Apache-2.0
"""SDG 15.3.1: every row of the tables, nodata, areas that sum to the same land, patches."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.land import area_table, degradation, fold_status, hotspots, status
from homeground.land.neutrality.degradation import DEGRADATION_CLASSES, STATUS_CLASSES


def one(values):
    return xr.DataArray(np.asarray(values), dims="x")


SIGNS = st.lists(st.sampled_from([-1, 0, 1, -128]), min_size=1, max_size=60)


def test_all_missing_gives_all_missing_and_no_shares():
    gap = one([-128, -128])
    result = degradation(gap, gap, gap)
    assert result.values.tolist() == [-128, -128]
    table = area_table(result, one([3.0, 4.0]))
    assert table["area_km2"].tolist() == [0, 0, 0, 7, 0]
    assert table["share_of_known"].isna().all()
    assert table["share_of_land"].tolist()[:4] == [0, 0, 0, 100]


def test_judged_by_what_is_known_only_when_asked():
    p, c, s = one([-1, -128, 1.0, -128]), one([np.nan, 0, 0, np.nan]), one([0, 1, -128, -128])
    assert degradation(p, c, s).values.tolist() == [-128] * 4
    assert degradation(p, c, s, missing="all").values.tolist() == [-1, 1, 1, -128]


def test_five_classes_are_folded_only_when_they_say_so():
    five = one([1, 2, 3, 4, 5, -128]).assign_attrs(classes=5)
    still = one([0] * 6)
    assert degradation(five, still, still).values.tolist() == [-1, -1, 0, 0, 1, -128]
    with pytest.raises(DataError, match=r"productivity holds 2 \(1 cells\).*fold_classes"):
        degradation(five.drop_attrs(), still, still)


def test_grids_that_differ_are_refused():
    a = xr.DataArray([0, 0], {"x": [0, 1]}, ("x",))
    b = xr.DataArray([0, 0], {"x": [5, 6]}, ("x",))
    for layers in ((a, b, a), (a, a, b), (b, a, a)):
        with pytest.raises(DataError, match="one grid"):
            degradation(*layers)
    with pytest.raises(DataError, match="one grid"):
        status(a, b)


@given(st.data())
def test_one_out_all_out_against_a_plain_loop(data):
    p = data.draw(SIGNS)
    c, s = (data.draw(st.lists(st.sampled_from([-1, 0, 1, -128]), min_size=len(p), max_size=len(p))) for _ in range(2))

    def twin(*three):
        if -128 in three:
            return -128
        return -1 if -1 in three else max(three)

    expected = [twin(*three) for three in zip(p, c, s, strict=True)]
    assert degradation(one(p), one(c), one(s)).values.tolist() == expected


def test_in_chunks_as_in_one_piece():
    pytest.importorskip("dask")
    draw = np.random.default_rng(5)
    layers = [xr.DataArray(draw.choice([-1, 0, 1, -128], (30, 40)).astype(np.int8), dims=("y", "x")) for _ in range(3)]
    whole, parts = degradation(*layers), degradation(*(layer.chunk(y=7, x=11) for layer in layers))
    assert parts.chunks is not None
    xr.testing.assert_identical(whole, parts.compute())
    again = status(layers[0].chunk(y=7), layers[1].chunk(y=7)).compute()
    xr.testing.assert_identical(status(*layers[:2]), again)


def test_status_folds_to_three():
    assert fold_status(one([1, 2, 3, 4, 5, 6, 7, np.nan])).values.tolist() == [
        -1, -1, -1, 0, 1, 1, 1, -128,
    ]  # fmt: skip
    with pytest.raises(DataError, match="holds 9"):
        fold_status(one([9]))


def test_areas_come_from_the_ellipsoid():
    latitude, longitude = np.array([0.05, -0.05]), np.array([10.05, 10.15, 10.25])
    field = xr.DataArray(
        np.zeros((2, 3), np.int8), {"latitude": latitude, "longitude": longitude}, ("latitude", "longitude")
    )
    table = area_table(field, names=DEGRADATION_CLASSES)
    # 0.1 degree at the equator: 11.05743 km of meridian times 11.13195 km of parallel.
    assert table["area_km2"].sum() == pytest.approx(6 * 11.05743 * 11.13195, rel=1e-5)


@given(SIGNS, st.data())
def test_every_table_sums_to_the_same_land_area(codes, data):
    n = len(codes)
    other = data.draw(st.lists(st.sampled_from([-1, 0, 1, -128]), min_size=n, max_size=n))
    wet = one(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    size = one(data.draw(st.lists(st.floats(0, 1e3), min_size=n, max_size=n)))
    first, second = one(codes), one(other)
    tables = [
        area_table(first, size, water=wet, names=DEGRADATION_CLASSES),
        area_table(second, size, water=wet, names=DEGRADATION_CLASSES),
        area_table(status(first, second), size, water=wet),
    ]
    for table in tables:
        assert table["area_km2"].sum() == pytest.approx(float(size.sum()))
        land = table.loc[table["name"] != "Water", "area_km2"].sum()
        assert land == pytest.approx(float(size.where(~wet, 0).sum()))


def test_no_data_is_in_the_land_but_can_be_left_out():
    # Half of the land has no data: 1 of 4 km2 is degraded of all land, 1 of 2 of what is known.
    table = area_table(one([-1, 0, -128, -128]), one([1.0] * 4), names=DEGRADATION_CLASSES).set_index("name")
    assert table.loc["Degraded", ["share_of_land", "share_of_known"]].tolist() == [25, 50]
    assert table.loc["No data", "area_km2"] == 2


def test_the_study_area_cuts_cells():
    table = area_table(one([-1, 0]), one([10.0, 10.0]), inside=one([0.25, 1.0]), names=DEGRADATION_CLASSES)
    assert table["area_km2"].tolist() == [2.5, 10, 0, 0, 0]


def test_areas_that_are_missing_are_refused():
    with pytest.raises(DataError, match="missing or negative"):
        area_table(one([0]), one([np.nan]), names=DEGRADATION_CLASSES)
    with pytest.raises(DataError, match="no coordinate latitude"):
        area_table(one([0]), names=DEGRADATION_CLASSES)
    with pytest.raises(DataError, match="flag_values"):
        area_table(one([0]), one([1.0]))


def test_hotspots_touch_by_corners_and_are_sorted_by_area():
    field = xr.DataArray(
        [[-1, 0, 0, -1], [0, -1, 0, -1], [0, 0, 0, -1], [-128, -128, 0, -1]],
        {"latitude": [3.0, 2.0, 1.0, 0.0], "longitude": [0.0, 1.0, 2.0, 3.0]},
        ("latitude", "longitude"),
    )
    size = xr.full_like(field, 50.0, dtype=float)
    patch, table = hotspots(field, size, least_km2=100)
    assert patch.values.tolist() == [[2, 0, 0, 1], [0, 2, 0, 1], [0, 0, 0, 1], [0, 0, 0, 1]]
    assert table["area_km2"].tolist() == [200, 100]
    assert table["latitude"].tolist() == [1.5, 2.5]
    assert table["longitude"].tolist() == [3.0, 0.5]
    assert hotspots(field, size, least_km2=201)[1].empty
    bright, _ = hotspots(-field.where(field > -100, 0), size, codes=(1,), least_km2=200, kind="brightspot")
    assert bright.values.sum() == 4
    with pytest.raises(DataError, match="two dimensions"):
        hotspots(one([1]), one([1.0]))


@pytest.mark.parametrize(("before", "now"), list(product((-1, 0, 1), repeat=2)))
def test_status_missing_in_either(before, now):
    result = status(one([before, -128, before]), one([now, now, np.nan]))
    assert result.values[0] in STATUS_CLASSES
    assert result.values[1:].tolist() == [-128, -128]
