# SPDX-License-Identifier: Apache-2.0
"""A study that gives series and no normals: their mean months give aridity, their last map gives land cover."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from homeground.brief.facts.used_layers import layer_used
from homeground.catalogue.grids.grid import Grid
from homeground.errors import DataError
from homeground.land.stage.one_epoch import climate, cover
from homeground.running.steps import Work

WIDE = Grid(-17.0, 14.0, 0.05, 8, 16)
RAIN = '{ path = "rain.tif", first = "2001-01", units = "mm/month" }'


def made(new_land, where, tmp_path, series, **data):
    land = new_land(tmp_path / "made")
    land.folder.mkdir()
    land.layers = {}
    land.shapes = [where["columns"](0, 14)]
    for name, (values, grid) in series.items():
        land.write(name, values, grid=grid)
    study = land.study("", **data)
    out = tmp_path / "out"
    out.mkdir()
    return Work(study, out, out)


def fields(work, name):
    return xr.open_zarr(work.out / "land.zarr" / name, zarr_format=3, consolidated=False, chunks=None).load()


def months_of(years, grid=WIDE):
    """January of the first year 1 mm, then one more each month: a mean that can be told by hand."""
    n = 12 * years
    return np.broadcast_to(np.arange(1.0, n + 1)[:, None, None], (n, *grid.shape)).astype("float32").copy()


def test_rain_is_the_mean_of_each_month_over_whole_years(new_land, where, tmp_path):
    work = made(new_land, where, tmp_path, {"rain.tif": (months_of(3), WIDE)}, rain_series=RAIN)
    climate(work)
    # Months 1..36: the mean of month m is m + 12; the year's sum 78 + 144.
    assert np.unique(fields(work, "climate")["rain"]) == pytest.approx([222.0])
    (told,) = [one for one in work.warnings if "rain_series" in one]
    assert "3 whole years, 2001 to 2003" in told
    assert layer_used(work.study, "rain")[:2] == ("rain.tif", "2001–2003")


def test_a_year_cut_short_is_left_out(new_land, where, tmp_path):
    work = made(new_land, where, tmp_path, {"rain.tif": (months_of(3)[:30], WIDE)}, rain_series=RAIN)
    climate(work)
    assert np.unique(fields(work, "climate")["rain"]) == pytest.approx([78.0 + 12 * 6])


def test_less_than_a_year_is_refused(new_land, where, tmp_path):
    work = made(new_land, where, tmp_path, {"rain.tif": (months_of(1)[:11], WIDE)}, rain_series=RAIN)
    with pytest.raises(DataError, match="no whole year from January to December"):
        climate(work)


def test_a_place_with_a_missing_month_has_the_atlas(new_land, where, tmp_path):
    values = months_of(2)
    values[5, 2, 3] = np.nan
    work = made(new_land, where, tmp_path, {"rain.tif": (values, WIDE)}, rain_series=RAIN)
    climate(work)
    rain = fields(work, "climate")["rain"].values
    of_series = np.isclose(rain, 78.0 + 12 * 6)
    assert not of_series[2, 3]
    assert np.isfinite(rain[2, 3])
    assert of_series.sum() == rain.size - 1


def test_degrees_of_kelvin_become_celsius(new_land, where, tmp_path):
    warm = np.full((24, *WIDE.shape), 300.15, "float32")
    given = '{ path = "warm.tif", first = "2001-01", units = "K" }'
    work = made(new_land, where, tmp_path, {"warm.tif": (warm, WIDE)}, temperature_series=given)
    climate(work)
    assert np.unique(fields(work, "climate")["temperature"].values.round(3)) == pytest.approx([27.0])


def test_own_normals_win_over_the_series(new_land, where, tmp_path):
    normals = np.full((12, *WIDE.shape), 50.0, "float32")
    layers = {"rain.tif": (months_of(2), WIDE), "normals.tif": (normals, WIDE)}
    work = made(new_land, where, tmp_path, layers, rain_series=RAIN, rain='"normals.tif"')
    climate(work)
    assert np.unique(fields(work, "climate")["rain"]) == pytest.approx([600.0])
    assert layer_used(work.study, "rain")[0] == "normals.tif"


def test_cover_is_the_last_year_of_the_series_in_seven_classes(new_land, where, tmp_path):
    esa = np.full((4, *WIDE.shape), 130, "int16")  # grassland
    esa[-1, :, 4:] = 10  # cropland
    given = '{ path = "kinds.tif", first = "2017", legend = "esa-cci" }'
    work = made(new_land, where, tmp_path, {"kinds.tif": (esa, WIDE)}, cover_series=given)
    cover(work)
    found = fields(work, "cover")["cover"].values
    assert set(np.unique(found[:, :4])) == {2}
    assert set(np.unique(found[:, 4:])) == {3}
    assert layer_used(work.study, "cover")[:2] == ("kinds.tif", "2020")
    assert not [one for one in work.warnings if "0.05 degrees" in one]
