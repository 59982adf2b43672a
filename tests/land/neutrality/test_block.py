# SPDX-License-Identifier: Apache-2.0
"""The one-pass kernel against the single functions and a plain loop; tables that all sum to the same land."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.land import TRANSITION_MATRIX, area_table, assess, assess_tables, degradation, land_cover_change

DIMS = ("y", "x")

# Trend, state, performance (-1 degraded, 0 not) and the class. Source: UNCCD PRAIS 4 manual (2026), SO1 Table 13.
LOOKUP = (
    (1, 1, 0, 5), (1, 1, -1, 5), (1, 0, 0, 5), (1, 0, -1, 5), (1, -1, 0, 5), (1, -1, -1, 2),
    (0, 1, 0, 4), (0, 1, -1, 4), (0, 0, 0, 4), (0, 0, -1, 3), (0, -1, 0, 2), (0, -1, -1, 1),
    (-1, 1, 0, 1), (-1, 1, -1, 1), (-1, 0, 0, 1), (-1, 0, -1, 1), (-1, -1, 0, 1), (-1, -1, -1, 1),
)  # fmt: skip


def made(rows, columns, seed):
    """Random layers with all classes and gaps, carbon at and around its thresholds."""
    draw = np.random.default_rng(seed)
    signs, performance, covers = [-1, 0, 1, -128], [-1, 0, -128], [1, 2, 3, 4, 5, 6, 7, -128]
    kinds = [signs, signs, performance, covers, covers]
    layers = [xr.DataArray(draw.choice(k, (rows, columns)).astype(np.int8), dims=DIMS) for k in kinds]
    carbon = draw.choice([-30, -10, -9.99, 0, 9.99, 10, 30, np.nan], (rows, columns)).astype(np.float32)
    return [*layers, xr.DataArray(carbon, dims=DIMS)], xr.DataArray(draw.uniform(0.5, 2, rows), dims="y")


def twin(trend, state, performance, first, last, carbon, matrix):
    """One cell by if and else."""
    lookup = {row[:3]: row[3] for row in LOOKUP}
    five = -128 if -128 in (trend, state, performance) else lookup[trend, state, performance]
    cover = -128 if -128 in (first, last) else int(matrix.loc[first, last])
    soil = -128 if np.isnan(carbon) else -1 if carbon <= -10 else 1 if carbon >= 10 else 0
    if -128 in (five, cover, soil) or first == 7:
        return five, cover, soil, -128
    three = (-1 if five <= 2 else 0 if five <= 4 else 1, cover, soil)
    return five, cover, soil, -1 if -1 in three else max(three)


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 999))
def test_every_cell_and_area_against_a_loop(rows, columns, seed):
    layers, areas = made(rows, columns, seed)
    zones = xr.DataArray(np.random.default_rng(seed).choice([-1, 0, 1], (rows, columns)).astype(np.int8), dims=DIMS)
    by = {0: TRANSITION_MATRIX, 1: -TRANSITION_MATRIX}
    maps, table = assess(*layers, areas=areas, zones=zones, matrix_by_zone=by)
    found = {}
    for i in range(rows):
        for j in range(columns):
            z = int(zones[i, j])
            cell = [layer.values[i, j].item() for layer in layers]
            five, cover, soil, verdict = (-128,) * 4 if z < 0 else twin(*cell, by[z])
            assert (maps["productivity"].values[i, j], maps["degradation"].values[i, j]) == (five, verdict)
            if z >= 0:
                key = (z, five, cell[3], cell[4], cover, soil, verdict)
                found[key] = found.get(key, 0.0) + float(areas[i])
    ours = {tuple(row[:-1]): row[-1] for row in table.itertuples(index=False)}
    assert ours.keys() == found.keys()
    for key, area in found.items():
        assert ours[key] == pytest.approx(area, rel=1e-12)


def test_the_same_as_the_single_functions():
    layers, areas = made(60, 70, 1)
    maps, table = assess(*layers, areas=areas)
    carbon = layers[5]
    soil = xr.where(carbon <= -10, -1, xr.where(carbon >= 10, 1, 0)).where(carbon.notnull() & (layers[3] != 7), -128)
    cover = land_cover_change(layers[3], layers[4])
    expected = degradation(maps["productivity"], cover, soil)
    np.testing.assert_array_equal(maps["degradation"], expected)
    shown = area_table(expected, areas, water=layers[3] == 7).set_index("code")["area_km2"]
    ours = assess_tables(table)["degradation"].set_index("degradation")["area_km2"]
    for code in (-1, 0, 1, -128):
        assert ours[code] == pytest.approx(shown[code])


def test_all_tables_have_the_same_land_and_tiles_add_up():
    layers, areas = made(40, 50, 2)
    _, table = assess(*layers, areas=areas)
    tables = assess_tables(table)
    water = tables.pop("water")["area_km2"].sum()
    land = {name: t["area_km2"].sum() if "area_km2" in t else t.to_numpy().sum() for name, t in tables.items()}
    assert land == pytest.approx(dict.fromkeys(land, areas.values.sum() * 50 - water))
    tiles = [
        assess(*(a.isel(y=cut) for a in layers), areas=areas.isel(y=cut))[1] for cut in (slice(0, 13), slice(13, 40))
    ]
    joined = assess_tables(pd.concat(tiles))
    for name, one in tables.items():
        pd.testing.assert_frame_equal(joined[name], one)


def test_inputs_are_not_changed_and_planted_gaps_stay():
    layers, areas = made(20, 20, 3)
    before = [layer.copy(deep=True) for layer in layers]
    for layer in layers[:5]:
        layer[3, 4] = -128
    maps, _ = assess(*layers, areas=areas)
    assert maps["degradation"].values[3, 4] == -128
    for layer, old in zip(layers, before, strict=True):
        layer[3, 4] = old[3, 4]
        xr.testing.assert_identical(layer, old)


@pytest.mark.parametrize(("which", "value"), [(0, 2), (1, 9), (2, 1), (3, 8), (4, 0), (3, -1)])
def test_values_without_a_class_are_named(which, value):
    layers, areas = made(5, 5, 4)
    layers[which][2, 2] = value
    name = ("trend", "state", "performance", "initial", "final")[which]
    with pytest.raises(DataError, match=rf"{name} holds {value} \(1 cells\)"):
        assess(*layers, areas=areas)


def test_grids_types_and_zones_that_differ_are_refused():
    layers, areas = made(4, 4, 5)
    with pytest.raises(DataError, match="one grid"):
        assess(layers[0], layers[1].isel(x=slice(0, 2)), *layers[2:], areas=areas)
    with pytest.raises(DataError, match="int16; int8"):
        assess(layers[0].astype("int16"), *layers[1:], areas=areas)
    with pytest.raises(DataError, match="int8; float"):
        assess(*layers[:5], layers[0], areas=areas)
    with pytest.raises(DataError, match="one value in km2 per row"):
        assess(*layers, areas=-areas)
    with pytest.raises(DataError, match="one matrix"):
        assess(*layers, areas=areas, zones=xr.ones_like(layers[0]), matrix_by_zone={0: TRANSITION_MATRIX})
    with pytest.raises(DataError, match="no 5 classes"):
        assess(*layers, areas=areas, lookup="gpg1")
    with pytest.raises(DataError, match="two"):
        assess(*(layer.isel(x=0) for layer in layers), areas=areas)


def test_all_missing_and_constants():
    layers, areas = made(6, 7, 6)
    empty = [xr.full_like(layer, -128) for layer in layers[:5]] + [xr.full_like(layers[5], np.nan)]
    maps, table = assess(*empty, areas=areas)
    assert (maps["degradation"] == -128).all()
    assert len(table) == 1
    assert table["area_km2"].iloc[0] == pytest.approx(7 * float(areas.sum()))
    same = [xr.full_like(layer, 0) for layer in layers[:3]] + [xr.full_like(layer, 2) for layer in layers[3:5]]
    maps, table = assess(*same, xr.zeros_like(layers[5]), areas=areas)
    assert (maps["degradation"] == 0).all()
    assert assess_tables(table)["degradation"]["share"].tolist() == pytest.approx([100])
    flooded = assess(*same[:3], xr.full_like(same[3], 7), same[4], xr.zeros_like(layers[5]), areas=areas)[1]
    assert assess_tables(flooded)["degradation"].empty
    assert assess_tables(flooded)["water"]["area_km2"].sum() == pytest.approx(7 * float(areas.sum()))


def test_chunked_layers_give_the_same():
    pytest.importorskip("dask")
    layers, areas = made(20, 30, 7)
    maps, table = assess(*layers, areas=areas)
    again, rows = assess(*(layer.chunk(y=7, x=8) for layer in layers), areas=areas)
    xr.testing.assert_identical(maps, again.compute())
    pd.testing.assert_frame_equal(table, rows)


def test_nothing_the_size_of_the_input_is_made_beside_the_two_maps():
    side = 1000
    layers, areas = made(side, side, 8)
    assess(*layers, areas=areas)  # compiled before it is measured
    tracemalloc.start()
    maps, _ = assess(*layers, areas=areas)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert maps.nbytes == 2 * side * side
    assert peak < 2 * side * side + 700_000  # two maps of one byte; an input layer would be 1 000 000 more


def test_exactly_the_threshold_counts_as_in_the_single_function():
    # Ten years of a change to 80 % in twenty: a tenth, stored with the dust of ten subtractions.
    stock = 61.0
    for _ in range(10):
        stock -= 61.0 * 0.2 / 20
    percent = xr.DataArray([[100 * (stock - 61.0) / 61.0]], dims=DIMS)
    assert percent.item() > -10
    same = [xr.DataArray(np.zeros((1, 1), np.int8), dims=DIMS)] * 3
    covers = [xr.DataArray(np.full((1, 1), 3, np.int8), dims=DIMS)] * 2
    maps, _ = assess(*same, *covers, percent, areas=xr.DataArray([1.0], dims="y"))
    assert maps["degradation"].item() == -1
