# SPDX-License-Identifier: Apache-2.0
"""The tables of SDG 15.3.1 as printed: 27 rows of one out, all out, 9 of status, 49 of cover; and where Trends.Earth slips."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest
import xarray as xr

from homeground.land import (
    degradation,
    error_polygons,
    fold_classes,
    land_cover_change,
    recode_errors,
    status,
    to_unccd,
)


def one(values):
    return xr.DataArray(np.asarray(values), dims="x")


# Manual, SO1 1.4: productivity, cover, carbon -> result; written out row by row.
ONE_OUT_ALL_OUT = """
- - - : -
- - 0 : -
- - + : -
- 0 - : -
- 0 0 : -
- 0 + : -
- + - : -
- + 0 : -
- + + : -
0 - - : -
0 - 0 : -
0 - + : -
0 0 - : -
0 0 0 : 0
0 0 + : +
0 + - : -
0 + 0 : +
0 + + : +
+ - - : -
+ - 0 : -
+ - + : -
+ 0 - : -
+ 0 0 : +
+ 0 + : +
+ + - : -
+ + 0 : +
+ + + : +
"""
# Baseline, period -> class of SO1-4.T1.
STATUS = {
    (-1, -1): 1, (-1, 0): 3, (-1, 1): 6,
    (0, -1): 2, (0, 0): 4, (0, 1): 6,
    (1, -1): 2, (1, 0): 5, (1, 1): 7,
}  # fmt: skip
SIGN = {"-": -1, "0": 0, "+": 1}


def test_27_rows_of_one_out_all_out():
    rows = [line.replace(":", "").split() for line in ONE_OUT_ALL_OUT.split("\n") if line]
    table = np.array([[SIGN[sign] for sign in row] for row in rows])
    assert {tuple(row[:3]) for row in table.tolist()} == set(product((-1, 0, 1), repeat=3))
    result = degradation(one(table[:, 0]), one(table[:, 1]), one(table[:, 2]))
    assert result.values.tolist() == table[:, 3].tolist()


def test_9_rows_of_status():
    before, now = zip(*STATUS, strict=True)
    assert status(one(before), one(now)).values.tolist() == list(STATUS.values())


def test_49_transitions_are_those_of_trends_earth(shared_data):
    path = shared_data / "land" / "trends_earth" / "land_cover_transition_matrix_unccd.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["definitions"]["transitions"]
    meaning = {"degradation": -1, "stable": 0, "improvement": 1}
    assert len(rows) == 49
    found = land_cover_change(
        one([row["initial"]["code"] for row in rows]), one([row["final"]["code"] for row in rows])
    )
    assert found.values.tolist() == [meaning[row["meaning"]] for row in rows]


def test_recoding_does_not_run_in_place_or_in_sequence():
    # Trends.Earth algorithms 35b2b7d, calc_lc_trans: the caller's bands [1, 2, 3] -> [2, 3, 4] are recoded one code
    # after the other in place, so that codes that are also targets end as 44, 44, 44 instead of 12, 23, 34.
    def theirs(first, last, codes):
        for band in (first, last):
            for position, code in enumerate(codes):
                band[band == code] = position + 2  # a legend whose positions overlap its codes
        return first * 10 + last

    shifted = theirs(np.array([1, 2, 3]), np.array([2, 3, 4]), [1, 2, 3])
    assert shifted.tolist() == [44, 44, 44]
    cover = xr.DataArray(np.array([1, 2, 3], np.int16), dims="x")
    legend = {1: 2, 2: 3, 3: 4}
    assert to_unccd(cover, legend).values.tolist() == [2, 3, 4]
    assert to_unccd(cover, legend).values.tolist() == [2, 3, 4]
    assert cover.values.tolist() == [1, 2, 3]
    land_cover_change(cover, cover)
    assert cover.values.tolist() == [1, 2, 3]


@pytest.mark.parametrize("shape", [(1,), (1, 1), (0,)])
def test_one_cell_and_none(shape):
    # Trends.Earth algorithms, calc_deg_lc: the meaning of a code is looked up as an array of one element and put into
    # one cell, which NumPy 2.4 refuses.
    def theirs(code, known, meaning):
        out = np.zeros(1, np.int8)
        out[0] = meaning[known == code]
        return out

    with pytest.raises((TypeError, ValueError)):
        theirs(13, np.array([11, 13]), np.array([0, -1]))
    cover = xr.DataArray(np.full(shape, 1, np.int8))
    crop = xr.DataArray(np.full(shape, 3, np.int8))
    assert (land_cover_change(cover, crop).values == -1).all()
    assert land_cover_change(cover, crop).shape == shape


def test_a_sub_indicator_is_corrected_too():
    # Trends.Earth algorithms, land_deg.py: the nine arguments of the correction are nine only for the indicator itself;
    # for the map of productivity it is called with two of them.
    def recode(layer, rows, baseline, report, periods, degraded, stable, improved, nodata):
        return layer

    with pytest.raises(TypeError, match="missing 7 required"):
        recode(np.array([-1]), "rows")
    ring = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    told = {
        "uuid": "a", "location_name": "here", "periods_affected": ["report_1"], "recode_deg_to": 1,
        "basis_for_judgement": "seen there",
    }  # fmt: skip
    shape = {"type": "Polygon", "coordinates": [ring]}
    polygons = error_polygons(
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": told, "geometry": shape}]}
    )
    grid = {"latitude": [0.75, 0.25], "longitude": [0.25, 0.75, 1.25]}
    five = xr.DataArray(np.array([[1, 4, 2], [2, -128, 5]], np.int8), grid, tuple(grid)).assign_attrs(classes=5)
    after, table = recode_errors(fold_classes(five), polygons, "report_1", xr.ones_like(five, dtype=float))
    assert after.values.tolist() == [[1, 0, -1], [1, -128, 1]]
    assert table[["before", "after", "area_km2"]].values.tolist() == [[-1, 1, 2]]
