# SPDX-License-Identifier: Apache-2.0
"""Series with gaps: a year lacking inside, a year cut short, maps years apart, windows that are not full."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import rasterio
import xarray as xr
from rasterio.transform import from_origin

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.inputs import layer_inputs
from homeground.catalogue.layers.alignment import read_steps, read_years
from homeground.catalogue.layers.series import open_series
from homeground.errors import DataError, StudyError
from homeground.land import soil_carbon_change
from homeground.land.assessment.vegetation import vegetation
from homeground.land.stage.drought import DroughtInputs, _last_window, _years
from homeground.running.steps import Work
from homeground.study.opening import open_study

GRID = Grid(-17.0, 14.0, 0.5, 2, 3)


def study_of(folder, data, land=""):
    (folder / "study.toml").write_text(f'title = "t"\ncountries = ["GMB"]\n[data]\n{data}\n{land}', encoding="utf-8")
    return open_study(folder)


def write(path, values, *, mask=None, described=()):
    values = np.asarray(values, "float32")
    place = from_origin(GRID.west, GRID.north, GRID.step, GRID.step)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=3,
        height=2,
        count=len(values),
        dtype="float32",
        crs="EPSG:4326",
        transform=place,
    ) as file:
        file.write(values)
        for band, text in enumerate(described, start=1):
            file.set_band_description(band, text)
        if mask is not None:
            file.write_mask(mask)


def test_a_year_that_lacks_inside_stops_no_test(land):
    keep = [i for i, year in enumerate(range(2000, 2024)) if year != 2007]
    land.ndvi = land.ndvi[keep]
    study = land.study(land="")
    with rasterio.open(land.folder / "ndvi.tif", "r+") as file:
        for band, i in enumerate(keep, start=1):
            file.set_band_description(band, str(2000 + i))
    assert 2007 not in open_series(study, "ndvi").years
    out = land.folder / "out"
    out.mkdir()
    work = Work(study, out, out)
    vegetation(work)
    fields = xr.open_zarr(out / "land.zarr/vegetation", zarr_format=3, consolidated=False, mask_and_scale=False)
    for name in ("trend_exact_baseline", "trend_hamed-rao_baseline", "trend_pre-whiten_baseline"):
        assert fields[name].values[6, 0] == -1  # falls by 0.01 every year
    assert any("2007" in text for text in work.warnings)


def test_a_year_cut_short_is_left_out_and_not_averaged(tmp_path):
    months = [f"{year}-{month:02d}" for year in (2020, 2021, 2022) for month in range(1, 13 if year < 2022 else 4)]
    season = np.array([0.2 if int(m[5:]) < 7 else 0.6 for m in months])
    write(tmp_path / "n.tif", season[:, None, None] + np.zeros((1, 2, 3)), described=months)
    found = read_years(open_series(study_of(tmp_path, 'ndvi = "n.tif"'), "ndvi"), GRID, range(2020, 2023))
    assert found["year"].values.tolist() == [2020, 2021]  # three dry months of 2022 are no year
    assert found.values[:, 0, 0].tolist() == pytest.approx([0.4, 0.4])


def test_a_mask_inside_the_file_is_missing(tmp_path):
    mask = np.full((2, 3), 255, "uint8")
    mask[0, 0] = 0
    write(tmp_path / "n.tif", np.full((2, 2, 3), 0.3), mask=mask, described=("2001", "2002"))
    values = read_steps(open_series(study_of(tmp_path, 'ndvi = "n.tif"'), "ndvi"), GRID, [0, 1])
    assert np.isnan(values[:, 0, 0]).all()
    assert values[:, 0, 1].tolist() == pytest.approx([0.3, 0.3])


def test_a_netcdf_with_its_own_scale_is_not_scaled_twice(tmp_path):
    coords = {"year": [2001, 2002], "latitude": GRID.latitude, "longitude": GRID.longitude}
    data = xr.DataArray(np.full((2, 2, 3), 0.5), coords, ("year", "latitude", "longitude"), "ndvi", {"units": "1"})
    data.to_netcdf(tmp_path / "n.nc", encoding={"ndvi": {"dtype": "int16", "scale_factor": 1e-4, "_FillValue": -1}})
    with pytest.raises(DataError, match="states its own scale"):
        open_series(study_of(tmp_path, 'ndvi = { path = "n.nc", scale = 0.0001 }'), "ndvi")
    values = read_steps(open_series(study_of(tmp_path, 'ndvi = "n.nc"'), "ndvi"), GRID, [0])
    assert values[0, 0, 0] == pytest.approx(0.5)


def test_files_of_one_name_in_several_folders_are_all_inputs(tmp_path):
    for year in (2000, 2015):
        (tmp_path / str(year)).mkdir()
        write(tmp_path / str(year) / "map.tif", np.ones((1, 2, 3)))
    study = study_of(tmp_path, 'cover_series = { path = "*/map.tif", first = "2000", legend = "unccd" }')
    assert len(layer_inputs(study, "cover_series")) == 2


def test_classes_of_another_tool_come_for_both_periods(tmp_path):
    write(tmp_path / "p.tif", np.ones((1, 2, 3)))
    with pytest.raises(StudyError, match="belong together"):
        study_of(tmp_path, 'productivity_period = "p.tif"')


@pytest.mark.parametrize("stock", np.linspace(20, 120, 41))
def test_a_change_of_exactly_the_threshold_counts_whatever_the_rounding(stock):
    # Ten yearly steps of one per cent of the stock, up and down.
    up = down = stock
    for _ in range(10):
        up, down = up + stock * 0.01, down - stock * 0.01
    first, last = (xr.DataArray(v, attrs={"units": "t C/ha"}) for v in ([stock, stock], [up, down]))
    assert soil_carbon_change(first, last).values.tolist() == [1, -1]


@pytest.mark.parametrize(
    ("last", "years", "window"),
    [("2023-12", (2000, 2023), (2020, 2023)), ("2024-06", (2000, 2023), (2020, 2023)), ("2024-12", (2000, 2024), (2020, 2023))],
)  # fmt: skip
@pytest.mark.parametrize("month", [12, 6])
def test_the_last_window_of_drought_is_a_full_one(tmp_path, last, years, window, month):
    class Rain:
        steps = ("1981-01", last)

    if month == 6 and last == "2024-06":  # the month that stands for the year is there
        years = (2000, 2024)
    study = SimpleNamespace(land=SimpleNamespace(drought_month=month))
    sources = DroughtInputs(study, GRID, None, {"rain_series": Rain()}, tmp_path, tmp_path, 2000)
    assert (_years(sources)[0][0], _years(sources)[0][-1]) == years
    assert _last_window(sources) == window
