# SPDX-License-Identifier: Apache-2.0
"""Productivity: gap to the potential, trend, state, performance; by hand, in plain NumPy, with gaps and thin strata."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.land import (
    fold_classes,
    land_productivity,
    potential_gap,
    productivity_from_layer,
    productivity_performance,
    productivity_state,
    productivity_trend,
)


def grid(values, units="1"):
    values = np.asarray(values)
    return xr.DataArray(values, dims=("y", "x")[-values.ndim :], attrs={"units": units})


def test_two_strata_by_hand():
    # Ninth of ten values is the potential: 0.9 in stratum 1, 0.45 in stratum 7.
    ndvi = grid(np.array([np.arange(1, 11) / 10, np.arange(1, 11) / 20]))
    stratum = grid(np.array([[1] * 10, [7] * 10]))
    gap = potential_gap(ndvi, stratum, min_cells=10)
    expected = np.maximum(0, 1 - np.arange(1, 11) / 9)
    np.testing.assert_allclose(gap, [expected, expected], atol=1e-15)
    assert gap.attrs["comment"] == "a potential gap, not degradation"


def test_area_weights_move_the_potential():
    # Cells 0.2, 0.4, 0.8 with 1, 8, 1 km2: nine tenths of the area lie at or below 0.4.
    ndvi, stratum = grid([0.2, 0.4, 0.8]), grid([0, 0, 0])
    gap = potential_gap(ndvi, stratum, weights=grid([1.0, 8.0, 1.0]), min_cells=1)
    np.testing.assert_allclose(gap, [0.5, 0.0, 0.0])
    gap = potential_gap(ndvi, stratum, weights=grid([1.0, 7.9, 1.1]), min_cells=1)
    np.testing.assert_allclose(gap, [0.75, 0.5, 0.0])


def test_missing_cells_and_thin_strata():
    ndvi = grid([0.2, np.nan, 0.8, 0.5, 0.5, -0.2, -0.1, 0.3])
    stratum = grid([1, 1, 1, -128, 2, 3, 3, np.nan])
    gap = potential_gap(ndvi, stratum, min_cells=2)
    np.testing.assert_allclose(gap, [0.75, np.nan, 0, np.nan, np.nan, np.nan, np.nan, np.nan])
    no_area = potential_gap(grid([0.2, 0.8]), grid([1, 1]), weights=grid([1.0, np.nan]), min_cells=1)
    np.testing.assert_allclose(no_area, [0.0, 0.0])


def test_dimensions_may_come_in_another_order():
    rng = np.random.default_rng(3)
    ndvi, stratum = grid(rng.uniform(0, 1, (6, 8))), grid(rng.integers(0, 3, (6, 8)))
    turned = potential_gap(ndvi, stratum.transpose("x", "y"), min_cells=3)
    xr.testing.assert_identical(turned, potential_gap(ndvi, stratum, min_cells=3))
    chunked = potential_gap(ndvi.chunk(3), stratum.chunk(4), min_cells=3)
    xr.testing.assert_identical(chunked, potential_gap(ndvi, stratum, min_cells=3))


def test_wrong_input_is_refused():
    ndvi = grid([0.2, 0.8])
    with pytest.raises(DataError, match='"1" was expected'):
        potential_gap(grid([2000, 8000], "1e-4"), grid([0, 0]))
    with pytest.raises(DataError, match="fractions"):
        potential_gap(ndvi, grid([0.0, 0.5]))
    with pytest.raises(DataError, match="differ along 'x'"):
        potential_gap(ndvi, grid([0, 0, 0]))
    with pytest.raises(DataError, match="dimensions"):
        potential_gap(grid([[0.2, 0.8]]), grid([0, 0]))
    with pytest.raises(DataError, match="0 to 100"):
        potential_gap(ndvi, grid([0, 0]), percentile=900)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([10, 50, 90, 99, 100]), st.booleans())
def test_the_potential_is_numpys_inverted_distribution(seed, percentile, weighted):
    rng = np.random.default_rng(seed)
    value, stratum = rng.integers(1, 40, 200) / 40, rng.integers(0, 4, 200)
    area = rng.uniform(0.5, 2, 200) if weighted else np.ones(200)
    gap = potential_gap(
        grid(value), grid(stratum), percentile=percentile, weights=grid(area) if weighted else None, min_cells=1
    )
    for number in np.unique(stratum):
        own = stratum == number
        potential = np.percentile(value[own], percentile, weights=area[own], method="inverted_cdf")
        np.testing.assert_allclose(gap.values[own], np.maximum(0, 1 - value[own] / potential), atol=1e-12)


@given(st.floats(0.01, 100))
def test_the_gap_does_not_depend_on_the_scale(factor):
    value = np.linspace(0.05, 0.95, 40)
    stratum = grid(np.arange(40) % 2)
    np.testing.assert_allclose(
        potential_gap(grid(value * factor), stratum, min_cells=5),
        potential_gap(grid(value), stratum, min_cells=5),
        atol=1e-9,
    )


YEARS = np.arange(2000, 2016)
PAST = np.array([0.30, 0.32, 0.34, 0.36, 0.38, 0.40, 0.42, 0.44, 0.46, 0.48, 0.50, 0.52, 0.54])  # mean 0.42
SPANS = ((2000, 2012), (2013, 2015))


def cube(*columns, years=YEARS):
    values = np.stack([np.asarray(column, float) for column in columns], axis=1)
    return xr.DataArray(values, {"year": years}, dims=("year", "x"), attrs={"units": "1"})


def plain_state(column, min_change=0.0):
    """The percentile method for one pixel, in NumPy."""
    past, late = column[:13], column[13:]
    past, late = past[np.isfinite(past)], late[np.isfinite(late)]
    if past.size < 8 or late.size < 2:
        return -128
    reach = np.ptp(past)
    cuts = np.percentile([*past, past.min() - 0.05 * reach, past.max() + 0.05 * reach], range(10, 100, 10))
    edges = cuts + 1e-6 * np.abs(cuts)  # on a decile is not above it
    moved = (late.mean() > edges).sum() - (past.mean() > edges).sum()
    if abs(late.mean() - past.mean()) <= min_change or abs(moved) < 2:
        return 0
    return int(np.sign(moved))


def test_trend_classes_and_what_is_missing():
    up, short = 0.2 + 0.01 * (YEARS - 2000), np.where(YEARS < 2009, np.nan, 0.3)
    result = productivity_trend(cube(up, -up, np.full(16, 0.3), short))
    assert result.values.tolist() == [1, -1, 0, -128]
    assert result.dtype == np.int8


def test_a_slope_too_small_to_matter():
    up = 0.2 + 0.0009 * (YEARS - 2000)
    assert productivity_trend(cube(up)).item() == 1
    assert productivity_trend(cube(up), min_slope=0.001).item() == 0
    # Exactly 0.01 a year, by steps that are a hair more or less: 0.31 - 0.30 = 0.010000000000000009.
    assert productivity_trend(cube(0.3 + 0.01 * (YEARS - 2000)), min_slope=0.01).item() == 0
    assert productivity_trend(cube(0.3 + 0.01001 * (YEARS - 2000)), min_slope=0.01).item() == 1
    with pytest.raises(DataError, match="units"):
        productivity_trend(cube(up).assign_attrs(units="1e-4"), min_slope=0.001)


def test_z_of_sixteen_years():
    # z = S / sqrt(16 * 15 * 37 / 18) = S / 22.211: S = 42 gives 1.891, S = 44 gives 1.981.
    rng = np.random.default_rng(1)
    for falls, expected in ((39, 0), (38, 1)):
        order, left = list(range(16)), falls
        while left:
            k = int(rng.integers(15))
            if order[k] < order[k + 1]:
                order[k], order[k + 1] = order[k + 1], order[k]
                left -= 1
        assert productivity_trend(cube(np.array(order) / 100), significance="z").item() == expected


def test_false_discoveries_thin_out_chance_findings():
    rng = np.random.default_rng(2)
    noise = xr.DataArray(rng.normal(size=(16, 3000)), {"year": YEARS}, dims=("year", "x"))
    assert (productivity_trend(noise) != 0).sum() > 80
    assert (productivity_trend(noise, false_discovery=True) != 0).sum() <= 3
    with pytest.raises(DataError, match="no p of its own"):
        productivity_trend(noise, significance="z", false_discovery=True)


def test_state_by_hand():
    # Range 0.24: pseudo-values 0.288 and 0.552. The past mean 0.42 is the median of 15 values, in class 5 (its cut is
    # not passed). Fifteen values: deciles lie at ranks 1.4, 2.8, 4.2, 5.6, 7.0, 8.4 ...: 0.308, 0.336, 0.364, 0.392, 0.42,
    # 0.448, 0.476. A mean of 0.365 lies in class 4 (no change), 0.363 in class 3 (worse); 0.449 in class 7 (better).
    def state(late):
        return productivity_state(cube([*PAST, *late]), *SPANS).item()

    assert state([0.365] * 3) == 0
    assert state([0.363] * 3) == -1
    assert state([0.447] * 3) == 0
    assert state([0.449] * 3) == 1
    assert state([0.46, np.nan, 0.46]) == 1
    assert state([0.46, np.nan, np.nan]) == -128


def test_state_z_by_hand():
    # sigma = 0.02 sqrt(14) = 0.074833 (divisor 13); its standard error over three years 0.043205; 1.96 of them 0.084682.
    def state(late):
        return productivity_state(cube([*PAST, *late]), *SPANS, method="z-score").item()

    assert state([0.42 - 0.0846] * 3) == 0
    assert state([0.42 - 0.0848] * 3) == -1
    assert state([0.42 + 0.0848] * 3) == 1
    assert productivity_state(cube([0.3] * 16), *SPANS, method="z-score").item() == -128  # no spread, no z


def test_state_of_constants_and_small_changes():
    assert productivity_state(cube([0.3] * 16), *SPANS).item() == 0
    late = [0.429] * 3
    flat = np.where(np.arange(13) % 2, 0.4201, 0.4199)
    assert productivity_state(cube([*flat, *late]), *SPANS).item() == 1
    assert productivity_state(cube([*flat, *late]), *SPANS, min_change=0.01).item() == 0
    # From 0.60 to 0.65 is 0.05, though the computer makes 0.050000000000000044 of it.
    assert 0.65 - 0.6 > 0.05
    assert productivity_state(cube([0.59, 0.61] * 6 + [0.6] + [0.65] * 3), *SPANS, min_change=0.05).item() == 0
    assert productivity_state(cube([0.59, 0.61] * 6 + [0.6] + [0.65] * 3), *SPANS, min_change=0.0499).item() == 1


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.01]))
@example(3162918, 0.0)  # a mean within a millionth of a decile
def test_state_is_that_of_plain_numpy(seed, min_change):
    rng = np.random.default_rng(seed)
    values = rng.uniform(0.1, 0.8, (16, 30))
    values[rng.random(values.shape) < 0.15] = np.nan
    result = productivity_state(cube(*values.T), *SPANS, min_change=min_change)
    assert result.values.tolist() == [plain_state(column, min_change) for column in values.T]


def test_exactly_half_goes_by_the_profile():
    mean, one = grid([0.2, 0.4, 0.8, 0.8, 0.0]), grid([1, 1, 1, 1, 1])
    assert productivity_performance(mean, one).values.tolist() == [-1, 0, 0, 0, -128]
    assert productivity_performance(mean, one, at_half="degraded").values.tolist() == [-1, -1, 0, 0, -128]
    # Half of 0.6 is 0.3, also where years of 0.1 to 0.5 make a hair more or less of it, in single precision too.
    for kind in (np.float32, np.float64):
        years = np.array([[0.1, 0.2, 0.3, 0.4, 0.5], [0.6] * 5, [0.1, 0.2, 0.3, 0.4, 0.49]], kind)
        ndvi, one = xr.DataArray(years, dims=("x", "year"), attrs={"units": "1"}), xr.DataArray([1, 1, 1], dims="x")
        assert productivity_performance(ndvi, one).values.tolist() == [0, 0, -1]
        assert productivity_performance(ndvi, one, at_half="degraded").values.tolist() == [-1, 0, -1]


def test_performance_uses_the_mean_of_all_years_and_each_stratum():
    ndvi = cube([0.1, 0.3] * 8, [0.9] * 16, [0.1] * 16, [np.nan] * 16, [0.2] * 16)
    stratum = xr.DataArray([1, 1, 2, 2, -1], dims="x")
    assert productivity_performance(ndvi, stratum).values.tolist() == [-1, 0, 0, -128, -128]
    assert productivity_performance(ndvi, stratum, min_cells=2).values.tolist() == [-1, 0, -128, -128, -128]
    areas = xr.DataArray([9.5, 0.5, 1.0, 1.0, 1.0], dims="x")
    assert productivity_performance(ndvi, stratum, weights=areas).values.tolist()[:2] == [0, 0]


def test_missing_metrics_stay_missing_and_strange_values_are_refused():
    trend, state, performance = (xr.DataArray(v) for v in ([1.0, np.nan, 0], [1, 0, -128], [0, 0, 0]))
    assert land_productivity(trend, state, performance).values.tolist() == [5, -128, -128]
    with pytest.raises(DataError, match="performance holds 1"):
        land_productivity(trend, state, xr.DataArray([1, 0, 0]))
    with pytest.raises(DataError, match="trend holds 2"):
        land_productivity(xr.DataArray([2, 0, 0]), state, performance)
    with pytest.raises(DataError, match="differ along"):
        land_productivity(trend, state, xr.DataArray([0, 0]))
    with pytest.raises(DataError, match="gpg1, pm2026, sepal_gpg2"):
        land_productivity(trend, state, performance, lookup="gpg3")
    with pytest.raises(DataError, match="classes is 4"):
        land_productivity(trend, state, performance, classes=4)


def test_layers_of_others():
    layer = xr.DataArray([1, 2, 3, 4, 5, 0, 15, -32768, np.nan])
    assert productivity_from_layer(layer).values.tolist() == [1, 2, 3, 4, 5, -128, -128, -128, -128]
    with pytest.raises(DataError, match="holds 7"):
        productivity_from_layer(xr.DataArray([7]))
    assert fold_classes(productivity_from_layer(layer)).values[5:].tolist() == [-128] * 4


def test_wrong_state_input_is_refused():
    whole = cube([0.3] * 16)
    with pytest.raises(DataError, match="overlap"):
        productivity_state(whole, (2000, 2013), (2013, 2015))
    with pytest.raises(DataError, match="5 past years"):
        productivity_state(whole, (2008, 2012), (2013, 2015))
    with pytest.raises(DataError, match="0 recent years"):
        productivity_state(whole, (2000, 2012), (2020, 2022))
    with pytest.raises(DataError, match="units"):
        productivity_state(whole.assign_attrs(units="1e-4"), *SPANS)
    with pytest.raises(DataError, match="method is"):
        productivity_state(whole, *SPANS, method="median")
    with pytest.raises(DataError, match="year twice"):
        productivity_state(cube([0.3] * 16, years=[2000, *range(2000, 2015)]), *SPANS)


def test_chunked_metrics_equal_whole():
    rng = np.random.default_rng(5)
    whole = xr.DataArray(rng.uniform(0, 1, (16, 7, 9)), {"year": YEARS}, dims=("year", "y", "x"), attrs={"units": "1"})
    stratum = xr.DataArray(rng.integers(0, 3, (7, 9)), dims=("y", "x"))
    pieces = whole.chunk({"year": 4, "y": 3, "x": 4})
    for test in ("exact", "trends.earth", "z"):
        xr.testing.assert_identical(
            productivity_trend(pieces, significance=test).compute(), productivity_trend(whole, significance=test)
        )
    xr.testing.assert_identical(productivity_state(pieces, *SPANS).compute(), productivity_state(whole, *SPANS))
    np.testing.assert_array_equal(productivity_performance(pieces, stratum), productivity_performance(whole, stratum))
    metrics = (
        productivity_trend(pieces),
        productivity_state(pieces, *SPANS),
        productivity_performance(pieces, stratum),
    )
    assert set(np.unique(land_productivity(*metrics).compute())) <= {1, 2, 3, 4, 5}


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize(("recent", "expected"), [((46, 46, 46), 0), ((51, 55, 36), 1)])
def test_a_mean_on_a_decile_is_not_above_it_whatever_the_rounding(kind, recent, expected):
    # In hundredths: 21.3 23 24 25 35 42 42 46 49 49 50 51 53 57 58.7 with both ends. The fourth decile (place 5.6) is 42,
    # which is the mean of the past: class 4. The fifth (place 7) is 46, the sixth (8.4) 49: 46 is class 5, 47.3 class 6.
    past = (49, 57, 50, 25, 23, 53, 42, 51, 49, 24, 35, 42, 46)
    series = np.array([*past, *recent], kind) / np.asarray(100, kind)
    ndvi = xr.DataArray(series, {"year": range(2000, 2016)}, dims="year", attrs={"units": "1"})
    assert productivity_state(ndvi, (2000, 2012), (2013, 2015)).item() == expected
