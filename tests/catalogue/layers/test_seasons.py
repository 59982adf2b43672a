# SPDX-License-Identifier: Apache-2.0
"""The mean of the months of growth, cell by cell, also over the turn of the year and with months missing."""

from __future__ import annotations

import numpy as np
import pytest

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.layers.seasons import read_seasons, season_steps
from homeground.catalogue.layers.series import need_series
from homeground.study.opening import open_study

GRID = Grid(0.0, 10.0, 0.5, 2, 3)
YEARS = range(2001, 2004)


@pytest.fixture
def monthly(tmp_path):
    """Three years of months; the value is 0.01 x month + 0.1 x (year - 2000), so means are known by hand."""
    import rasterio
    from rasterio.transform import from_origin

    values = np.stack(
        [np.full(GRID.shape, 0.01 * month + 0.1 * (year - 2000), "float32") for year in YEARS for month in range(1, 13)]
    )

    def write(changed=values):
        profile = {"driver": "GTiff", "dtype": "float32", "count": len(changed), "height": 2, "width": 3}
        profile |= {"crs": "EPSG:4326", "transform": from_origin(0, 10, 0.5, 0.5), "nodata": -9999.0}
        with rasterio.open(tmp_path / "ndvi.tif", "w", **profile) as target:
            target.write(np.where(np.isnan(changed), -9999, changed).astype("float32"))
        text = 'title = "Made"\ncountries = ["NER"]\n[data]\nndvi = { path = "ndvi.tif", first = "2001-01" }\n'
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        return need_series(open_study(tmp_path), "ndvi")

    return write, values.copy()


def months(first, last):
    return np.full(GRID.shape, first, np.int8), np.full(GRID.shape, last, np.int8)


def test_by_hand_june_to_october(monthly):
    write, _ = monthly
    found = read_seasons(write(), GRID, YEARS, months(6, 10))
    np.testing.assert_allclose(found.values[:, 0, 0], [0.18, 0.28, 0.38], atol=1e-6)  # mean of 6 to 10 is 8
    assert found["year"].values.tolist() == [2001, 2002, 2003]


def test_a_season_over_the_turn_of_the_year_is_of_the_year_in_which_it_ends(monthly):
    write, _ = monthly
    series = write()
    assert season_steps(series, 2002, 11, 2) == [10, 11, 12, 13]
    found = read_seasons(series, GRID, YEARS, months(11, 2)).values[:, 1, 1]
    assert np.isnan(found[0])  # November and December of 2000 are not there
    by_hand = (0.11 + 0.12 + 0.1 * 2 + 0.01 + 0.02 + 0.2 * 2) / 4
    assert found[1] == pytest.approx(by_hand, abs=1e-6)


def test_each_cell_has_its_own_months_and_where_there_are_none_nothing(monthly):
    write, _ = monthly
    first, last = months(6, 10)
    first[0, 1], last[0, 1], first[1, 2], last[1, 2] = 1, 3, 0, 0
    found = read_seasons(write(), GRID, YEARS, (first, last)).values
    np.testing.assert_allclose(found[:, 0, 1], [0.12, 0.22, 0.32], atol=1e-6)
    np.testing.assert_allclose(found[:, 0, 0], [0.18, 0.28, 0.38], atol=1e-6)
    assert np.isnan(found[:, 1, 2]).all()


def test_a_season_with_too_few_months_is_missing_and_one_lost_of_eight_is_left_out(monthly):
    write, values = monthly
    values[5, 0, 0] = np.nan  # June 2001
    found = read_seasons(write(values), GRID, YEARS, months(6, 10)).values
    assert np.isnan(found[0, 0, 0])  # four of five are fewer than 85 %
    assert np.isfinite(found[0, 0, 1])
    eight = read_seasons(write(values), GRID, YEARS, months(4, 11)).values
    assert eight[0, 0, 0] == pytest.approx(0.1 + 0.01 * (4 + 5 + 7 + 8 + 9 + 10 + 11) / 7, abs=1e-6)


def test_all_months_of_the_year_are_the_yearly_mean(monthly):
    from homeground.catalogue.layers.alignment import read_years

    write, _ = monthly
    series = write()
    whole = read_years(series, GRID, YEARS).values
    np.testing.assert_allclose(read_seasons(series, GRID, YEARS, months(1, 12)).values, whole, atol=1e-6)


def test_a_part_of_the_grid_reads_as_the_whole(monthly):
    write, _ = monthly
    series, part = write(), Grid(0.5, 9.5, 0.5, 1, 2)
    whole = read_seasons(series, GRID, YEARS, months(11, 2)).values[:, 1:, 1:]
    np.testing.assert_array_equal(
        read_seasons(series, part, YEARS, tuple(m[1:, 1:] for m in months(11, 2))).values, whole
    )
