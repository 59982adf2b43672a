# SPDX-License-Identifier: Apache-2.0
"""Legends and transitions of land cover: every code, the whole matrix, arrays of the caller stay whole."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.land import TRANSITION_MATRIX, UNCCD_CLASSES, land_cover_change, to_unccd, transition_areas

# PRAIS 4 reporting manual (2026), SO1 Table 9, as printed: from tree, grass, crop, wetland, artificial, other, water.
TABLE_9 = """
0 - - - - - 0
+ 0 + - - - 0
+ - 0 - - - 0
- - - 0 - - 0
+ + + + 0 + 0
+ + + + - 0 0
0 0 0 0 0 0 0
"""
SIGN = {"-": -1, "0": 0, "+": 1}
ESA_CCI = {
    1: [50, 60, 61, 62, 70, 71, 72, 80, 81, 82, 90, 100],
    2: [110, 120, 121, 122, 130, 140, 150, 151, 152, 153],
    3: [10, 11, 12, 20, 30, 40],
    4: [160, 170, 180],
    5: [190],
    6: [200, 201, 202, 220],
    7: [210],
}
IGBP = {1: [1, 2, 3, 4, 5, 8], 2: [6, 7, 9, 10], 3: [12, 14], 4: [11], 5: [13], 6: [15, 16], 7: [0, 17]}


@pytest.mark.parametrize(("legend", "nesting"), [("esa-cci", ESA_CCI), ("igbp", IGBP)])
def test_every_code_of_a_legend(legend, nesting):
    pairs = [(code, number) for number, codes in nesting.items() for code in codes]
    codes, expected = zip(*pairs, strict=True)
    result = to_unccd(xr.DataArray(np.array(codes, np.int16)), legend)
    assert result.values.tolist() == list(expected)
    assert result.dtype == np.int8


def test_the_nesting_of_esa_cci_is_that_of_the_default_data(shared_data):
    path = shared_data / "land" / "trends_earth" / "land_cover_nesting_unccd_esa.json"
    nesting = json.loads(path.read_text(encoding="utf-8"))["nesting"]
    for number, codes in nesting.items():
        if int(number) > 0:
            assert set(to_unccd(xr.DataArray(codes), "esa-cci").values.tolist()) == {int(number)}


def test_missing_stays_missing():
    assert to_unccd(xr.DataArray([12.0, np.nan])).values.tolist() == [3, -128]
    assert to_unccd(xr.DataArray(np.array([255, 12], np.uint8))).values.tolist() == [-128, 3]
    assert to_unccd(xr.DataArray([0, 190]), "esa-cci").values.tolist() == [-128, 5]
    assert to_unccd(xr.DataArray(np.array([-128, 7], np.int8)), "unccd").values.tolist() == [-128, 7]


def test_a_code_without_a_row_is_named_with_its_cells():
    with pytest.raises(DataError, match=r"18 \(2 cells\), 99 \(1 cells\)"):
        to_unccd(xr.DataArray([18, 99, 18, 1]))
    with pytest.raises(DataError, match="esa-cci, igbp, unccd"):
        to_unccd(xr.DataArray([1]), "corine")
    with pytest.raises(DataError, match=r"12\.5"):
        to_unccd(xr.DataArray([12.5]))


def test_all_49_transitions():
    expected = [[SIGN[sign] for sign in row.split()] for row in TABLE_9.strip().splitlines()]
    pairs = np.array(list(product(range(1, 8), repeat=2)), np.int8)
    change = land_cover_change(xr.DataArray(pairs[:, 0]), xr.DataArray(pairs[:, 1]))
    assert change.values.reshape(7, 7).tolist() == expected
    assert change.dtype == np.int8


def test_the_matrix_is_that_of_the_default_data(shared_data):
    path = shared_data / "land" / "trends_earth" / "land_cover_transition_matrix_unccd.json"
    transitions = json.loads(path.read_text(encoding="utf-8"))["definitions"]["transitions"]
    words = {-1: "degradation", 0: "stable", 1: "improvement"}
    assert len(transitions) == 49
    for row in transitions:
        assert words[TRANSITION_MATRIX.loc[row["initial"]["code"], row["final"]["code"]]] == row["meaning"]


def test_missing_in_either_year():
    first = xr.DataArray([1, -128, 3, -128], dims="x").astype(np.int8)
    last = xr.DataArray([np.nan, 1.0, 3.0, np.nan], dims="x")
    assert land_cover_change(first, last).values.tolist() == [-128, -128, 0, -128]


def test_the_arrays_of_the_caller_stay_as_they_were():
    # The reference tool recodes them in place, one class after the other.
    first, last = xr.DataArray([1, 2, 3]), xr.DataArray([2, 3, 4])
    first.values.setflags(write=False)
    before = (first.copy(deep=True), last.copy(deep=True), TRANSITION_MATRIX.copy())
    once, twice = land_cover_change(first, last), land_cover_change(first, last)
    xr.testing.assert_identical(once, twice)
    xr.testing.assert_identical(first, before[0])
    xr.testing.assert_identical(last, before[1])
    pd.testing.assert_frame_equal(TRANSITION_MATRIX, before[2])


def test_a_country_may_judge_otherwise():
    own = TRANSITION_MATRIX.copy()
    own.loc[1, 3] = 0
    assert land_cover_change(xr.DataArray([1]), xr.DataArray([3]), own).item() == 0
    shuffled = own.loc[::-1, ::-1]
    assert land_cover_change(xr.DataArray([2]), xr.DataArray([1]), shuffled).item() == 1
    with pytest.raises(DataError, match="other than -1, 0 and 1"):
        land_cover_change(xr.DataArray([1]), xr.DataArray([3]), own * 2)
    with pytest.raises(DataError, match="classes 1 to 7"):
        land_cover_change(xr.DataArray([1]), xr.DataArray([3]), own.iloc[:6])


def test_wrong_classes_and_grids_are_refused():
    with pytest.raises(DataError, match="final land cover holds 12"):
        land_cover_change(xr.DataArray([1]), xr.DataArray([12]))
    with pytest.raises(DataError, match="differ along 'x'"):
        land_cover_change(xr.DataArray([1, 2], {"x": [0, 1]}), xr.DataArray([1, 2], {"x": [0, 2]}))


def test_chunked_equals_whole():
    rng = np.random.default_rng(2)
    first, last = (xr.DataArray(rng.integers(0, 17, (7, 9)), dims=("y", "x")) for _ in range(2))
    whole = land_cover_change(to_unccd(first), to_unccd(last))
    chunked = land_cover_change(to_unccd(first.chunk(3)), to_unccd(last.chunk(3)))
    xr.testing.assert_identical(chunked.compute(), whole)


@given(st.sampled_from(list(UNCCD_CLASSES)))
def test_no_change_is_stable(number):
    assert land_cover_change(xr.DataArray([number]), xr.DataArray([number])).item() == 0


def test_a_legend_of_ones_own_nests_in_the_seven():
    own = {3: 1, 15: 2, 33: 7, 0: -128}
    cover = xr.DataArray(np.array([3, 15, 33, 0, -128], np.int16), dims="x")
    found = to_unccd(cover, own)
    assert found.values.tolist() == [1, 2, 7, -128, -128]
    assert found.attrs["legend"] == "given"
    with pytest.raises(DataError, match=r"legend 'given' does not have: 4 \(1 cells\)"):
        to_unccd(xr.DataArray([3, 4]), own)
    with pytest.raises(DataError, match="nests 3 in 9"):
        to_unccd(cover, {3: 9})


def test_the_nesting_of_mapbiomas_is_read_as_given(shared_data):
    path = shared_data / "land" / "trends_earth" / "land_cover-legend-mapbiomas.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    own = {row["lcc"]["code"]: row["parent"]["code"] for row in rows}
    assert len(own) == len(rows) > 5
    found = to_unccd(xr.DataArray(list(own)), own)
    assert found.values.tolist() == [row["parent"]["code"] for row in rows]


def test_matrices_by_zone():
    strict = TRANSITION_MATRIX.copy()
    strict.loc[2, 3] = -1
    initial, final = xr.DataArray([2, 2, 2, 2, -128], dims="x"), xr.DataArray([3, 3, 3, 3, 3], dims="x")
    zones = xr.DataArray([7.0, 9.0, np.nan, -128.0, 7.0], dims="x")
    found = land_cover_change(initial, final, matrix_by_zone={7: TRANSITION_MATRIX, 9: strict}, zones=zones)
    assert found.values.tolist() == [1, -1, -128, -128, -128]
    assert found.attrs["matrix"] == "2 by zone"
    with pytest.raises(DataError, match=r"zones holds 9.*matrix for each zone"):
        land_cover_change(initial, final, matrix_by_zone={7: strict}, zones=zones)
    with pytest.raises(DataError, match="6 matrices"):
        land_cover_change(initial, final, matrix_by_zone=dict.fromkeys(range(6), strict), zones=zones)
    for wrong in ({"zones": zones}, {"matrix_by_zone": {7: strict}}):
        with pytest.raises(DataError, match="either one matrix"):
            land_cover_change(initial, final, **wrong)
    with pytest.raises(DataError, match="either one matrix"):
        land_cover_change(initial, final, strict, matrix_by_zone={7: strict}, zones=zones)


def test_matrices_by_zone_in_chunks():
    pytest.importorskip("dask")
    draw = np.random.default_rng(3)
    first, last = (xr.DataArray(draw.choice([1, 2, 3, 7, -128], (20, 30)), dims=("y", "x")) for _ in range(2))
    zones = xr.DataArray(draw.choice([1, 2], (20, 30)), dims=("y", "x"))
    by = {1: TRANSITION_MATRIX, 2: -TRANSITION_MATRIX}
    whole = land_cover_change(first, last, matrix_by_zone=by, zones=zones)
    cut = [layer.chunk(y=7, x=8) for layer in (first, last, zones)]
    parts = land_cover_change(cut[0], cut[1], matrix_by_zone=by, zones=cut[2])
    assert parts.chunks is not None
    xr.testing.assert_identical(whole, parts.compute())
    one = np.where((first == -128) | (last == -128), -128, land_cover_change(first, last) * zones.where(zones == 1, -1))
    np.testing.assert_array_equal(whole, one)


@given(
    st.lists(st.tuples(st.sampled_from([*range(1, 8), -128]), st.sampled_from([*range(1, 8), -128]), st.floats(0, 99)))
)
def test_transition_areas_conserve_area_and_match_a_loop(cells):
    first, last, size = (xr.DataArray(np.array([c[i] for c in cells]), dims="x") for i in range(3))
    table = transition_areas(first, last, size)
    assert len(table) == 50
    assert table["area_km2"].sum() == pytest.approx(sum(c[2] for c in cells))
    for row in table.itertuples():
        twin = [c[2] for c in cells if c[:2] == (row.initial, row.final) or (row.initial == -128 and -128 in c[:2])]
        assert row.area_km2 == pytest.approx(sum(twin))
        assert row.change == (-128 if row.initial == -128 else TRANSITION_MATRIX.loc[row.initial, row.final])
