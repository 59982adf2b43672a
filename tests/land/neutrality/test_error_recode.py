# SPDX-License-Identifier: Apache-2.0
"""Corrections by polygon: the real files, tests on the original value, overlaps and every other fault refused."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.land import error_polygons, recode_errors


def box(west, south, east, north, **properties):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    given = {
        "uuid": f"{west}-{south}", "location_name": f"at {west}", "periods_affected": ["baseline"],
        "recode_deg_to": None, "recode_stable_to": None, "recode_imp_to": None, "basis_for_judgement": "seen there",
        **properties,
    }  # fmt: skip
    return {"type": "Feature", "properties": given, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


GRID = {"latitude": [0.25, -0.25], "longitude": [0.25, 0.75, 1.25, 1.75]}


def field(values):
    return xr.DataArray(np.array(values, np.int8), GRID, ("latitude", "longitude"))


def test_each_rule_looks_at_the_original_value():
    # In sequence on the changed map, degraded would go to stable and on to improved.
    polygons = error_polygons(collection(box(0, -0.5, 1, 0.5, recode_deg_to=0, recode_stable_to=1, recode_imp_to=-1)))
    before = field([[-1, 0, -1, 0], [1, -128, 1, 0]])
    kept = before.copy(deep=True)
    after, table = recode_errors(before, polygons, "baseline", xr.full_like(before, 2.0, dtype=float))
    assert after.values.tolist() == [[0, 1, -1, 0], [-1, -128, 1, 0]]
    assert table[["before", "after", "area_km2"]].values.tolist() == [[-1, 0, 2], [0, 1, 2], [1, -1, 2]]
    xr.testing.assert_identical(before, kept)


def test_only_the_period_is_changed_and_no_data_is_a_target():
    polygons = error_polygons(collection(box(0, -0.5, 1, 0.5, recode_deg_to=-32768, periods_affected=["report_2"])))
    before = field([[-1, -1, -1, -1], [0, 0, 0, 0]])
    assert recode_errors(before, polygons, "baseline")[0].values.tolist() == before.values.tolist()
    after, table = recode_errors(before, polygons, "report_2")
    assert after.values.tolist() == [[-128, -128, -1, -1], [0, 0, 0, 0]]
    # Two cells of half a degree just north of the equator: 55.29 km by 55.66 km each.
    assert table["area_km2"].iloc[0] == pytest.approx(2 * 55.287 * 55.66, rel=1e-3)
    with pytest.raises(DataError, match="one of baseline"):
        recode_errors(before, polygons, "2023")


def test_a_place_with_two_judgements_is_refused_unless_in_other_periods():
    one, other = box(0, -0.5, 1, 0.5, recode_deg_to=0), box(0.5, -0.5, 1.5, 0.5, recode_deg_to=1)
    degraded = field([[-1] * 4] * 2)
    with pytest.raises(DataError, match=r"'at 0' and 'at 0\.5' judge 2 cell\(s\) differently. Cut one"):
        recode_errors(degraded, error_polygons(collection(one, other)), "baseline")
    other["properties"]["periods_affected"] = ["report_1"]
    after, _ = recode_errors(degraded, error_polygons(collection(one, other)), "baseline")
    assert after.values.tolist() == [[0, 0, -1, -1]] * 2


def test_all_problems_are_told_at_once():
    wrong = collection(
        box(0, 0, 1, 1),
        box(2, 0, 3, 1, recode_deg_to=5, periods_affected=["2015"], basis_for_judgement=""),
        {"type": "Feature", "properties": None, "geometry": None},
    )
    with pytest.raises(DataError) as told:
        error_polygons(wrong)
    message = str(told.value)
    for part in ("nothing is recoded", r"[5, None, None]", "['2015']", "basis_for_judgement", "no valid polygon"):
        assert part in message
    with pytest.raises(DataError, match="no features"):
        error_polygons("{}")
    twice = collection(box(0, 0, 1, 1, recode_deg_to=0), box(4, 0, 5, 1, recode_deg_to=0, uuid="0-0"))
    with pytest.raises(DataError, match="uuid"):
        error_polygons(twice)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1))
def test_every_cell_by_its_centre(seed):
    rng = np.random.default_rng(seed)
    step, rows, columns = 0.25, 8, 12
    latitude, longitude = 4 - step / 2 - step * np.arange(rows), 10 + step / 2 + step * np.arange(columns)
    values = rng.choice([-1, 0, 1, -128], (rows, columns)).astype(np.int8)
    before = xr.DataArray(values, {"latitude": latitude, "longitude": longitude}, ("latitude", "longitude"))
    # Edges between centres, never on one; the two boxes lie left and right of the middle.
    west, south = 10 + rng.uniform(0, 0.1), 2 + rng.uniform(0, 0.1)
    names = ("recode_deg_to", "recode_stable_to", "recode_imp_to")
    boxes = [(west, south, west + rng.uniform(0.5, 1.3), 3.9), (11.6, south, 12.9, south + rng.uniform(0.5, 1.7))]
    rules = [
        dict(zip(names, rng.choice([None, -32768, -1, 0, 1], 3), strict=True)) | {"recode_deg_to": 0} for _ in boxes
    ]
    rules = [{name: None if to is None else int(to) for name, to in rule.items()} for rule in rules]
    polygons = error_polygons(collection(*(box(*b, **rule) for b, rule in zip(boxes, rules, strict=True))))
    after, table = recode_errors(before, polygons, "baseline", xr.ones_like(before, dtype=float))
    expected, changed = values.copy(), 0
    for y, x in np.ndindex(rows, columns):
        for (w, s, e, n), rule in zip(boxes, rules, strict=True):
            to = {-1: rule[names[0]], 0: rule[names[1]], 1: rule[names[2]]}.get(int(values[y, x]))
            if w < longitude[x] < e and s < latitude[y] < n and to is not None:
                expected[y, x] = -128 if to == -32768 else to
                changed += expected[y, x] != values[y, x]
    np.testing.assert_array_equal(after, expected)
    assert table["area_km2"].sum() == changed


def test_polygons_beyond_the_map_are_named():
    polygons = error_polygons(collection(box(50, 0, 51, 1, recode_deg_to=0)))
    with pytest.raises(DataError, match="'at 50' holds no cell's centre"):
        recode_errors(field([[0] * 4] * 2), polygons, "baseline")


@pytest.mark.parametrize("country", ["kenya", "turkmenistan", "colombia"])
def test_real_files(shared_data, country):
    path = shared_data / "land" / "trends_earth" / f"error_polygons_{country}.geojson"
    polygons = error_polygons(path.read_text(encoding="utf-8"))
    assert len(polygons) >= 1
    west, south, east, north = polygons.total_bounds
    step = 0.01
    longitude, latitude = np.arange(west, east + step, step), np.arange(north, south - step, -step)
    draw = np.random.default_rng(1)
    values = draw.choice([-1, 0, 1, -128], (latitude.size, longitude.size)).astype(np.int8)
    before = xr.DataArray(values, {"latitude": latitude, "longitude": longitude}, ("latitude", "longitude"))
    for period in ("baseline", "report_1", "report_2"):
        after, table = recode_errors(before, copy.deepcopy(polygons), period)
        assert ((after == -128) >= (before == -128)).all()
        changed = float(table["area_km2"].sum())
        assert (changed > 0) == bool((after != before).any())


def test_a_real_file_whose_polygons_lie_over_each_other_is_taken_where_they_do_not_disagree(shared_data):
    path = shared_data / "land" / "trends_earth" / "error_polygons_antigua_barbuda.geojson"
    polygons = error_polygons(path.read_text(encoding="utf-8"))
    west, south, east, north = polygons.total_bounds
    place = {"latitude": np.arange(north, south - 0.001, -0.001), "longitude": np.arange(west, east + 0.001, 0.001)}
    stable = xr.DataArray(np.zeros([len(axis) for axis in place.values()], np.int8), place)
    _, table = recode_errors(stable, polygons, "baseline")
    changed = table.groupby("after")["area_km2"].sum()
    assert changed.index.tolist() == [1]  # one polygon turns stable into improved; the other speaks of degraded land
    with pytest.raises(DataError, match=r"'Restoration success not captured' judge \d+ cell\(s\) differently"):
        recode_errors(stable - np.int8(1), polygons, "baseline")


def test_polygons_that_lie_over_each_other_and_agree_count_a_place_once():
    drawn = collection(box(0, -0.5, 1, 0.5, recode_deg_to=0), box(0.5, -0.5, 1.5, 0.5, recode_deg_to=0))
    after, table = recode_errors(field([[-1] * 4] * 2), error_polygons(drawn), "baseline", field([[1.0] * 4] * 2))
    assert after.values.tolist() == [[0, 0, 0, -1]] * 2
    assert table["area_km2"].tolist() == [4.0, 2.0]  # the cells of both count for the first
