# SPDX-License-Identifier: Apache-2.0
"""What `validate --values` tells: what a run would refuse of the values, and what it would find nothing in."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from homeground.catalogue.grids.grid import Grid
from homeground.chain.checks import validate
from homeground.errors import DataError


def said(study, *, values=True):
    with pytest.raises(DataError) as caught:
        validate(study, values=values)
    return str(caught.value)


def wrong_by_values_alone(study, says):
    validate(study)
    told = said(study)
    for one in says:
        assert one in told
    return told


def wrong_by_its_block(study, says):
    for values in (False, True):
        assert says in said(study, values=values)


def test_a_land_whose_values_are_right_is_valid(land):
    validate(land.study())
    validate(land.study(), values=True)


def test_values_beyond_what_a_layer_can_hold_are_told_of_every_layer(land):
    land.ndvi[3, 1, 1] = 2.0
    land.carbon[2, 2] = 9000.0
    study = land.study()
    first = said(study, values=False)  # of the index only the first step was read
    assert "soil_carbon reaches from 50 to 9000" in first
    assert "ndvi" not in first
    told = said(study)
    for says in ("soil_carbon reaches from 50 to 9000", "ndvi reaches from"):
        assert says in told
    with pytest.raises(DataError) as caught:
        land.run()
    assert str(caught.value).partition(" reaches")[0] in told


def test_a_code_that_the_legend_does_not_have_is_told(land):
    land.cover[0, 0, 0] = 9
    land.folder.mkdir()
    rows = "".join(f"{code},{code}\n" for code in range(1, 8))
    (land.folder / "own.csv").write_text("code,unccd_class\n" + rows, encoding="utf-8")
    study = land.study(cover_series='{ path = "cover.tif", first = "2000", legend = "own.csv" }')
    wrong_by_its_block(study, "codes that legend 'own.csv' does not have")


@pytest.mark.parametrize("layer", ["ndvi", "cover_series", "climate_zone"])
def test_a_layer_without_any_value_is_told(land, layer):
    if layer == "ndvi":
        land.ndvi[:] = np.nan
    elif layer == "cover_series":
        land.cover[:] = 0
    data = {}
    if layer == "climate_zone":
        data["climate_zone"] = '{ path = "zone.tif", nodata = 12 }'
    wrong_by_values_alone(land.study(**data), [f"{layer} has no value anywhere in the study"])


def test_a_series_too_short_for_its_periods_is_told_by_its_head(land):
    land.ndvi = land.ndvi[10:]
    told = said(land.study(ndvi='{ path = "ndvi.tif", first = "2010", scale = 0.0001 }'), values=False)
    assert "past years of the baseline, 2000 to 2012, the series has 2010-2012" in told


def monthly_rain(folder, years, lowest=10.0):
    time = np.arange(np.datetime64("1990-01"), np.datetime64("1990-01") + 12 * years).astype("datetime64[ns]")
    latitude, longitude = 13.975 - 0.05 * np.arange(8), -16.975 + 0.05 * np.arange(14)
    values = np.random.default_rng(1).gamma(4, 20, (time.size, 8, 14)) + lowest
    field = xr.DataArray(values, {"time": time, "latitude": latitude, "longitude": longitude}, name="pr")
    field.assign_attrs(units="mm/month").to_netcdf(folder / "rain.nc")


def test_rain_is_read_month_by_month_and_short_rain_told_by_its_head(land):
    land.folder.mkdir()
    monthly_rain(land.folder, 31)
    validate(land.study(rain_series='"rain.nc"'), values=True)
    monthly_rain(land.folder, 31, lowest=-400.0)
    wrong_by_its_block(land.study(rain_series='"rain.nc"'), "rain_series reaches from -")
    monthly_rain(land.folder, 20)
    assert "30 were expected. Give a longer series" in said(land.study(rain_series='"rain.nc"'), values=False)


def test_a_map_elsewhere_is_told_by_its_head(land):
    land.folder.mkdir()
    land.write("far.tif", np.full((8, 14), 12, "uint8"), grid=Grid(30.0, 14.0, 0.05, 8, 14))
    assert "climate_zone lies between 30.00 and 30.70 degrees east" in said(
        land.study(climate_zone='"far.tif"'), values=False
    )
    wrong = np.full((8, 14), 5.0, "float32")
    land.write("green.tif", wrong)
    wrong_by_its_block(land.study(vegetation_max='"green.tif"'), "vegetation_max reaches from 5")


def test_a_file_that_was_written_anew_is_looked_at_anew(land):
    land.folder.mkdir()
    monthly_rain(land.folder, 31)
    study = land.study(rain_series='"rain.nc"')
    validate(study)
    monthly_rain(land.folder, 20)
    assert "30 were expected. Give a longer series" in said(study, values=False)
