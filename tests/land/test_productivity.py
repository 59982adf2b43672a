# SPDX-License-Identifier: Apache-2.0
"""The gap to the potential: exact percentiles by stratum, by area, with gaps and thin strata."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.land import potential_gap


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
