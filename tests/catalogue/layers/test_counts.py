# SPDX-License-Identifier: Apache-2.0
"""Counts on another grid: none lost, none made, and each in the cells that its own cell lies in."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import box

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.layers.counts import counts_on, missed
from homeground.catalogue.layers.series import open_series
from homeground.errors import DataError
from homeground.study.opening import open_study

MOLLWEIDE = "ESRI:54009"


@pytest.fixture
def people(tmp_path):
    def make(values, *, west=-17.0, north=14.0, step=0.1, crs="EPSG:4326"):
        values = np.asarray(values, "float32")
        with rasterio.open(
            tmp_path / "people.tif", "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1,
            dtype="float32", crs=crs, transform=from_origin(west, north, step, step), nodata=-1,
        ) as file:  # fmt: skip
            file.write(values, 1)
        text = 'title = "t"\ncountries = ["GMB"]\n[data]\npopulation_grid = { path = "people.tif", first = "2020" }\n'
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        return open_series(open_study(tmp_path), "population_grid")

    return make


def test_a_coarse_cell_is_shared_by_area_and_its_gaps_add_nothing(people):
    series = people([[100.0, -1.0], [40.0, 8.0]])
    found, known = counts_on(series, Grid(-17.0, 14.0, 0.05, 4, 4), [0])
    assert found.sum() == pytest.approx(148.0)
    assert found[0, :2, :2].sum() == pytest.approx(100.0)
    assert (found[0, :2, 2:] == 0).all()
    assert (known[0, :2, 2:] == 0).all()
    assert found[0, 0, 0] == pytest.approx(found[0, 0, 1])
    assert found[0, 0, 0] < found[0, 1, 0]  # the southern half of a cell is larger


@pytest.mark.parametrize("step", [0.03, 0.07, 0.25])
def test_no_person_is_lost_or_made_on_a_grid_that_fits_nowhere(people, step):
    counts = np.random.default_rng(3).uniform(0, 500, (20, 30))
    series = people(counts)
    found, known = counts_on(series, Grid(-17.011, 14.013, step, int(2.2 / step) + 1, int(3.2 / step) + 1), [0])
    assert found.sum() == pytest.approx(counts.sum(), rel=1e-6)
    whole = Grid(-17.0, 14.0, 0.1, 20, 30)
    assert known.sum() == pytest.approx(30 * whole.row_areas.sum(), rel=1e-9)


def test_people_of_a_projected_grid_stay_the_same_number(people):
    counts = np.full((40, 40), 7.0)
    series = people(counts, west=-1_650_000.0, north=1_700_000.0, step=2000.0, crs=MOLLWEIDE)
    found, known = counts_on(series, Grid(-18.0, 15.0, 0.05, 60, 60), [0])
    assert found.sum() == pytest.approx(counts.sum())
    assert known.sum() == pytest.approx(40 * 40 * 4.0)


def test_regions_that_the_grid_does_not_reach_are_named(people):
    series = people(np.ones((10, 10)))  # 17 to 16 degrees west, 13 to 14 north
    shapes = [box(-16.9, 13.1, -16.5, 13.5), box(-16.2, 13.1, -15.8, 13.5)]
    regions = gpd.GeoDataFrame({"region_id": ["A", "B"], "name": ["In", "Half"]}, geometry=shapes, crs="EPSG:4326")
    assert missed(series, regions) == ["Half (B)"]


def test_a_count_below_zero_is_refused(people):
    with pytest.raises(DataError, match="population_grid reaches from -3"):
        counts_on(people([[-3.0, 5.0]]), Grid(-17.0, 14.0, 0.1, 1, 2), [0])
