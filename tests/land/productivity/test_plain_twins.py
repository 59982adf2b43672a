# SPDX-License-Identifier: Apache-2.0
"""Slow twins, one cell and one step at a time, of what works on whole arrays."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from homeground.land import (
    drought_events,
    drought_hazard,
    hotspots,
    not_improved_by_abandonment,
    productivity_performance,
    productivity_state,
    response_map,
    soil_carbon_change,
    unused_cropland,
    zero_rain_share,
)

SEED = st.integers(0, 2**32 - 1)


def monthly(values, units):
    time = pd.date_range("2000-01-01", periods=len(values), freq="MS")
    return xr.DataArray(np.asarray(values, float), {"time": time}, attrs={"units": units})


def one(values):
    return xr.DataArray(np.asarray(values), dims="x")


@settings(deadline=None, max_examples=60)
@given(SEED, st.integers(1, 9), st.integers(1, 9), st.floats(0, 4))
def test_patches_are_those_of_a_flood(seed, rows, columns, least):
    rng = np.random.default_rng(seed)
    field = rng.choice([-1, -1, 0, -128], (rows, columns)).astype(np.int8)
    size = rng.uniform(0.5, 2, (rows, columns))
    seen, patches = set(), []
    for start in zip(*np.nonzero(field == -1), strict=True):
        flood, wet = [start], []
        while flood:
            y, x = flood.pop()
            if (y, x) in seen or not (0 <= y < rows and 0 <= x < columns) or field[y, x] != -1:
                continue
            seen.add((y, x))
            wet.append((y, x))
            flood += [(y + i, x + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        if wet and sum(size[c] for c in wet) >= least:
            patches.append((sum(size[c] for c in wet), sorted(wet)))
    dims = ("y", "x")
    patch, table = hotspots(xr.DataArray(field, dims=dims), xr.DataArray(size, dims=dims), least_km2=least)
    found = [
        (area, sorted(zip(*np.nonzero(patch.values == number), strict=True)))
        for number, area in zip(table["patch"], table["area_km2"], strict=True)
    ]
    assert [cells for _, cells in found] == [cells for _, cells in sorted(patches, key=lambda p: -p[0])]
    assert [area for area, _ in found] == pytest.approx([area for area, _ in sorted(patches, key=lambda p: -p[0])])


@given(st.lists(st.sampled_from([-2.1, -1.0, -0.4, 0.0, 0.6, math.nan]), min_size=1, max_size=50))
def test_droughts_of_mckee_by_a_walk_through_the_months(values):
    assume(not np.isnan(values).all())
    found, run = [], []
    for month, value in enumerate([*values, 0.0]):
        if value < 0:
            run.append((month, value))
            continue
        if run and min(v for _, v in run) <= -1:
            found.append((run[0][0], len(run), round(-sum(v for _, v in run), 9)))
        run = []
    table = drought_events(monthly(values, "1"), mode="mckee")
    onset = (table["onset"].dt.year - 2000) * 12 + table["onset"].dt.month - 1
    assert list(zip(onset, table["duration"], table["severity"].round(9), strict=True)) == found


@given(st.lists(st.sampled_from([0.3, 0.0, -0.99, -1.0, -1.5, -1.99, -2.0, math.nan]), min_size=1, max_size=14),
       st.integers(1, 5), st.integers(-2, 0))  # fmt: skip
def test_hazard_year_by_year(values, period, shift):
    index = monthly(np.repeat(values, 12), "1")
    classes = [-128 if math.isnan(v) else 0 if v > 0 else 1 if v > -1 else 2 if v > -1.5 else 3 if v > -2 else 4
               for v in values]  # fmt: skip
    years = [*[-128] * -shift, *classes]
    periods = [years[i : i + period] for i in range(0, len(years), period)]
    found = drought_hazard(index, period=period, first_year=2000 + shift)
    assert found.hazard.values.tolist() == years
    assert found.worst.values.tolist() == [max(p) for p in periods]
    assert found.known_years.values.tolist() == [sum(c != -128 for c in p) for p in periods]


@given(SEED, st.sampled_from([1, 3, 12]), st.integers(1, 12))
def test_share_of_dry_seasons_counted(seed, window, month):
    rng = np.random.default_rng(seed)
    rain = rng.choice([0.0, 0.0, 0.0, 0.0, 4.0, math.nan], 96, p=[0.3, 0.3, 0.2, 0.1, 0.05, 0.05])
    sums = [rain[t - window + 1 : t + 1].sum() for t in range(month - 1, 96, 12) if t >= window - 1]
    known = [s for s in sums if not math.isnan(s)]
    found = zero_rain_share(monthly(rain, "mm/month"), window, month=month).item()
    assert found == pytest.approx(np.mean([s == 0 for s in known]) if known else math.nan, nan_ok=True)


@settings(deadline=None, max_examples=60)
@given(SEED)
def test_state_by_z_is_that_of_plain_numpy(seed):
    rng = np.random.default_rng(seed)
    values = rng.uniform(0.1, 0.8, (16, 30)) + rng.choice([0, 0.3], 30) * (np.arange(16) > 12)[:, None]
    values[rng.random(values.shape) < 0.15] = math.nan
    expected = []
    for column in values.T:
        past, late = (part[np.isfinite(part)] for part in (column[:13], column[13:]))
        z = (late.mean() - past.mean()) / (past.std() / math.sqrt(late.size)) if past.size >= 8 and late.size > 1 else 0
        expected.append(-128 if past.size < 8 or late.size < 2 else int(np.sign(z)) if abs(z) > 1.96 else 0)
    ndvi = xr.DataArray(values, {"year": np.arange(2000, 2016)}, ("year", "x"), attrs={"units": "1"})
    assert productivity_state(ndvi, (2000, 2012), (2013, 2015), method="z-score").values.tolist() == expected


@given(SEED, st.sampled_from(["stable", "degraded"]))
def test_performance_by_counting_areas(seed, at_half):
    rng = np.random.default_rng(seed)
    mean, kind, area = (
        rng.choice([0.2, 0.3, 0.4, 0.6, 0.8, 0.0, math.nan], 60),
        rng.integers(-1, 3, 60),
        rng.integers(1, 4, 60),
    )
    expected = []
    for value, own in zip(mean, kind, strict=True):
        of_kind = sorted((v, a) for v, k, a in zip(mean, kind, area, strict=True) if k == own and v > 0)
        if own < 0 or not value > 0:
            expected.append(-128)
            continue
        whole = sum(a for _, a in of_kind)
        best = min(v for v, _ in of_kind if 10 * sum(a for w, a in of_kind if w <= v) >= 9 * whole)
        ratio = value / best
        expected.append(-1 if ratio < 0.5 or (ratio == 0.5 and at_half == "degraded") else 0)
    found = productivity_performance(
        one(mean).assign_attrs(units="1"), one(kind), at_half=at_half, weights=one(area * 1.0)
    )
    assert found.values.tolist() == expected


@given(st.lists(st.tuples(st.sampled_from([-1, 0, 1, -128]), st.sampled_from([1, 2, 3, 4, 5, -128]), st.booleans(),
                          st.sampled_from([0, 1, -128])), min_size=1))  # fmt: skip
def test_response_and_abandonment_cell_by_cell(cells):
    sign, five, risk, left = (one([c[i] for c in cells]) for i in range(4))
    expected = [-128 if s == -128 else 3 if s == -1 else 2 if f == 3 or r else 1 for s, f, r, _ in cells]
    assert response_map(sign, five, risk).values.tolist() == expected
    expected = [0 if s == 1 and gone == 1 and not r else s for s, _, r, gone in cells]
    assert not_improved_by_abandonment(sign, left, risk).values.tolist() == expected


@given(SEED, st.sampled_from([5.0, 10.0, 15.0]))
def test_carbon_against_its_threshold(seed, threshold):
    rng = np.random.default_rng(seed)
    before, after = (
        rng.choice([50.0, 80.0, 0.0, math.nan], 40),
        rng.choice([40.0, 45.0, 50.0, 55.0, 88.0, math.nan], 40),
    )
    expected = []
    for a, b in zip(before, after, strict=True):
        change = 100 * (b - a) / a if a > 0 else math.nan
        expected.append(-128 if math.isnan(change) else -1 if change <= -threshold else 1 if change >= threshold else 0)
    stocks = [one(v).assign_attrs(units="t C/ha") for v in (before, after)]
    assert soil_carbon_change(*stocks, threshold=threshold).values.tolist() == expected


@given(st.lists(st.sampled_from([0.1, 0.29, 0.31, 0.6, math.nan]), min_size=8, max_size=14), st.integers(1, 4))
def test_fields_out_of_use_year_by_year(spans, least):
    data = xr.DataArray(np.array(spans)[:, None], {"year": 2000 + np.arange(len(spans))}, ("year", "x"))
    found = unused_cropland(data, one([True]), least_years=least)
    first = [v for v in spans[:3] if not math.isnan(v)]
    run = 0
    while first and run < len(spans) - 3 and spans[-1 - run] < 0.5 * np.mean(first):
        run += 1
    if not first or math.isnan(spans[-1]):
        assert found["abandoned"].item() == -128
    else:
        assert found["abandoned"].item() == int(run >= least)
        if run >= least:
            assert found["since"].item() == 2000 + len(spans) - run
