# SPDX-License-Identifier: Apache-2.0
"""Potentials over tiles are those of the whole, to the last digit; so is the false-discovery threshold."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.land.productivity.potentials import (
    BINS_PER_UNIT,
    bins_to_search,
    coarse_histogram,
    exact_potentials,
    potentials,
    ratio_to_potential,
    values_in_bins,
)
from homeground.land.productivity.trend import fdr, fdr_threshold


def over_tiles(value, group, area, share, min_cells, cuts):
    parts = [np.array_split(one, cuts) for one in (value, group, area)]
    tiles = list(zip(*parts, strict=True))
    search = bins_to_search(pd.concat([coarse_histogram(*tile) for tile in tiles]), share)
    return exact_potentials(search, [values_in_bins(*tile, search) for tile in tiles], min_cells)


def plain(value, group, area, share, min_cells):
    """By sorting each stratum; areas are halves, so that sums are exact."""
    best = {}
    for name in sorted({g for v, g, a in zip(value, group, area, strict=True) if ok(v, g, a)}):
        cells = sorted((v, a) for v, g, a in zip(value, group, area, strict=True) if g == name and ok(v, g, a))
        total, upto = sum(a for _, a in cells), 0.0
        for v, a in cells:
            upto += a
            if upto >= share * total * (1 - 1e-12):
                best[name] = v if len(cells) >= min_cells else math.nan
                break
    return best


def ok(v, g, a):
    return math.isfinite(v) and v > 0 and g >= 0 and a > 0


@st.composite
def lands(draw):
    """Cells with few different values (ties), strata of one cell, missing values and strata, and several areas."""
    seed = draw(st.integers(0, 2**32 - 1))
    size, strata = draw(st.integers(1, 300)), draw(st.integers(1, 12))
    digits = draw(st.sampled_from([1, 2, 4, 7]))
    random = np.random.default_rng(seed)
    value = np.round(random.random(size), digits)
    value[random.random(size) < 0.1] = np.nan
    group = random.integers(-1, strata, size).astype(float)
    group[random.random(size) < 0.05] = np.nan
    area = random.integers(0, 4, size) / 2
    if draw(st.booleans()):
        area = np.ones(size)
    return value, group, area


@settings(max_examples=50)
@given(lands(), st.sampled_from([0.1, 0.5, 0.9, 1.0]), st.sampled_from([1, 3]), st.integers(1, 9))
def test_tiles_give_what_the_whole_gives(land, share, min_cells, cuts):
    value, group, area = land
    value = np.where(value > 0, value, np.nan)  # cells up to 0 are left out before either
    expected = plain(value, group, area, share, min_cells)
    names, best = potentials(value, group, area, share, min_cells)
    assert names.tolist() == list(expected)
    np.testing.assert_array_equal(best, list(expected.values()))
    found_names, found = over_tiles(value, group, area, share, min_cells, cuts)
    np.testing.assert_array_equal(found_names, names)
    np.testing.assert_array_equal(found, best)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(2, 9))
def test_areas_of_any_size_and_values_of_float32(seed, cuts):
    random = np.random.default_rng(seed)
    size = 700
    value = random.gamma(3, 0.15, size).astype("float32")
    group, area = random.integers(0, 5, size).astype(float), random.lognormal(0, 3, size)
    whole, tiled = (f(value, group, area, 0.9, 1, *more) for f, more in ((potentials, ()), (over_tiles, (cuts,))))
    np.testing.assert_array_equal(tiled[0], whole[0])
    np.testing.assert_array_equal(tiled[1], whole[1])


def test_all_values_in_one_bin_and_on_its_edge():
    edge = 3 / BINS_PER_UNIT
    value = np.array([edge, np.nextafter(edge, 0), np.nextafter(edge, 1), edge])
    found = over_tiles(value, np.zeros(4), np.ones(4), 0.5, 1, 2)[1]
    assert found.tolist() == [edge]


def test_ten_equal_cells_of_which_nine_lie_at_or_below():
    # 0.1 * 10 is not 1 in floating point: the tolerance keeps 90 % of ten cells at the ninth.
    value, group, area = np.arange(1, 11) / 10, np.zeros(10), np.full(10, 0.1)
    assert potentials(value, group, area, 0.9, 1)[1].tolist() == [0.9]
    assert over_tiles(value, group, area, 0.9, 1, 3)[1].tolist() == [0.9]


@pytest.mark.parametrize("value", [np.full(6, np.nan), np.zeros(6), np.full(6, -0.2)])
def test_nothing_to_compare_with(value):
    names, best = over_tiles(value, np.zeros(6), np.ones(6), 0.9, 1, 2)
    assert names.size == best.size == 0
    assert np.isnan(ratio_to_potential(value, np.zeros(6), names, best)).all()


def test_ratios_by_hand():
    value, group = np.array([0.2, 0.4, np.nan, 0.3, 0.6]), np.array([4.0, 4.0, 4.0, 9.0, np.nan])
    names, best = np.array([2.0, 4.0, 9.0]), np.array([0.7, 0.4, np.nan])
    found = ratio_to_potential(value, group, names, best)
    np.testing.assert_array_equal(found, [0.5, 1.0, np.nan, np.nan, np.nan])


@given(st.lists(st.integers(0, 200), min_size=1, max_size=120), st.sampled_from([0.01, 0.05, 0.2]), st.integers(1, 7))
def test_the_false_discovery_threshold_of_parts_is_that_of_the_whole(thousandths, alpha, cuts):
    import xarray as xr

    p = np.array(thousandths) / 1000
    p[::11] = np.nan
    parts = [np.unique(part[np.isfinite(part)], return_counts=True) for part in np.array_split(p, cuts)]
    threshold = fdr_threshold(parts, alpha)
    # Benjamini and Hochberg by their definition: the largest k with p(k) <= alpha k / m.
    known = sorted(p[np.isfinite(p)])
    passed = [v for k, v in enumerate(known, start=1) if v <= alpha * k / len(known)]
    assert threshold == passed[-1] if passed else math.isnan(threshold)
    found = fdr(xr.DataArray(p, dims="x"), alpha)
    np.testing.assert_array_equal(np.where(np.isfinite(p), p <= threshold, False), found.values == 1)
