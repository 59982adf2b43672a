# SPDX-License-Identifier: Apache-2.0
"""Abandoned cropland: four years or more, gaps that do not count, and greening that is not improvement."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.land import abandoned_cropland, not_improved_by_abandonment, unused_cropland


def series(*cells, first=2010):
    values = np.array(cells).T
    return xr.DataArray(values, {"year": first + np.arange(values.shape[0])}, ("year", "x"))


def test_four_years_and_still_so():
    found = abandoned_cropland(
        series(
            [3, 3, 2, 2, 2, 2],  # four years of grass
            [3, 3, 3, 2, 2, 2],  # three: fallow
            [3, 2, 2, 2, 2, 3],  # cropped again
            [2, 2, 2, 2, 2, 2],  # never cropland
            [3, 5, 5, 5, 5, 5],  # built over
            [3, 1, 1, 6, 4, 2],  # five years of other cover
            [3, 5, 2, 2, 2, 2],  # built over first: no cropland left to abandon
            [3, 2, 2, -128, 2, 2],  # a year not seen
            [3, 2, 2, 2, 2, -128],
        )
    )
    assert found["abandoned"].values.tolist() == [1, 0, 0, 0, 0, 1, 0, 0, -128]
    np.testing.assert_array_equal(found["since"], [2012] + [np.nan] * 4 + [2011] + [np.nan] * 3)


@given(st.lists(st.sampled_from([1, 2, 3, 5, 7, -128]), min_size=5, max_size=12), st.integers(1, 4))
def test_against_a_plain_search_from_the_end(cover, least):
    found = abandoned_cropland(series(cover), least_years=least)["abandoned"].item()
    if cover[-1] == -128 or set(cover[:-1]) == {-128}:
        assert found == -128
        return
    run = 0
    while run < len(cover) and cover[-1 - run] in (1, 2):
        run += 1
    before = cover[: len(cover) - run]
    # Cropland anywhere before, with nothing built over or flooded since. A year not seen cuts the run.
    last_other = max((i for i, kind in enumerate(before) if kind in (5, 7)), default=-1)
    cropped = [i for i, kind in enumerate(before) if kind == 3 and i > last_other]
    if cropped:
        assert found == int(run >= least)
    else:
        assert found == 0


def test_by_the_rise_and_fall_of_ndvi():
    spans = series(
        [0.6, 0.5, 0.7, 0.2, 0.2, 0.1, 0.2],
        [0.6, 0.5, 0.7, 0.2, 0.2, 0.5, 0.2],
        [0.6, 0.5, 0.7, 0.2, 0.2, 0.1, 0.2],
        [0.6, 0.5, 0.7, 0.2, np.nan, 0.1, 0.2],
        [np.nan] * 7,
    )
    found = unused_cropland(spans, xr.DataArray([True, True, False, True, True], dims="x"))
    assert found["abandoned"].values[:4].tolist() == [1, 0, 0, 0]
    assert found["since"].values[0] == 2013
    assert found["abandoned"].values[4] == -128


def test_greening_is_no_improvement_unless_confirmed():
    change = xr.DataArray(np.array([1, 1, 0, -1, -128], np.int8), dims="x")
    gone, sure = xr.DataArray([1, 1, 1, 1, 1], dims="x"), xr.DataArray([False, True, True, True, True], dims="x")
    assert not_improved_by_abandonment(change, gone).values.tolist() == [0, 0, 0, -1, -128]
    assert not_improved_by_abandonment(change, gone, sure).values.tolist() == [0, 1, 0, -1, -128]
    assert not_improved_by_abandonment(change, gone * -128).values.tolist() == change.values.tolist()


def test_bad_input_is_refused():
    with pytest.raises(DataError, match="without gaps"):
        abandoned_cropland(series([3, 2, 2, 2, 2]).assign_coords(year=[2000, 2001, 2002, 2003, 2010]))
    with pytest.raises(DataError, match="5 or more"):
        abandoned_cropland(series([3, 2]))
    with pytest.raises(DataError, match="'year'"):
        abandoned_cropland(xr.DataArray([3, 2]))
    with pytest.raises(DataError, match="cover holds 12"):
        abandoned_cropland(series([12] * 6))
    with pytest.raises(DataError, match="between 0 and 1"):
        unused_cropland(series([0.5] * 8), xr.DataArray([True], dims="x"), share=2)
    with pytest.raises(DataError, match="3 \\+ 4"):
        unused_cropland(series([0.5] * 6), xr.DataArray([True], dims="x"))


def test_in_chunks_as_in_one_piece():
    pytest.importorskip("dask")
    draw = np.random.default_rng(2)
    cover = xr.DataArray(
        draw.choice([2, 3, -128], (8, 9, 10), p=[0.7, 0.25, 0.05]), {"year": range(2000, 2008)}, ("year", "y", "x")
    )
    whole, parts = abandoned_cropland(cover), abandoned_cropland(cover.chunk(year=3, y=4))
    xr.testing.assert_identical(whole, parts.compute())
    span = xr.DataArray(draw.uniform(0, 1, (8, 9, 10)), {"year": range(2000, 2008)}, ("year", "y", "x"))
    field = xr.DataArray(draw.random((9, 10)) < 0.8, dims=("y", "x"))
    by_ndvi = unused_cropland(span.chunk(year=3, y=4), field.chunk(y=4), least_years=2).compute()
    xr.testing.assert_identical(unused_cropland(span, field, least_years=2), by_ndvi)
    assert int((whole["abandoned"] == 1).sum()) > 0
