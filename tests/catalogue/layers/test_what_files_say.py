# SPDX-License-Identifier: Apache-2.0
"""What a raster says of itself is read by all its keys or refused: masks, bands, calendars, grid mappings, spellings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr
from rasterio.enums import ColorInterp
from rasterio.transform import from_origin

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.layers.alignment import read_steps
from homeground.catalogue.layers.geotiff import require_room
from homeground.catalogue.layers.series import open_series
from homeground.errors import DataError
from homeground.numbers.units import water_rate
from homeground.study.opening import open_study

GRID = Grid(-17.0, 13.9, 0.05, 18, 66)
YEARS = [f"NDVI_{year}" for year in range(2001, 2004)]


def study(folder, data):
    folder.mkdir(exist_ok=True)
    (folder / "study.toml").write_text(f'title = "T"\ncountries = ["GMB"]\n[data]\n{data}\n', encoding="utf-8")
    return open_study(folder)


def tif(path, values, names=YEARS, *, nodata=None, mask=None, roles=None, crs="EPSG:4326", **more):
    values = np.asarray(values)
    place = from_origin(GRID.west, GRID.north, GRID.step, GRID.step)
    shape = {"count": len(values), "height": values.shape[1], "width": values.shape[2], "dtype": values.dtype}
    with rasterio.open(path, "w", driver="GTiff", crs=crs, transform=place, nodata=nodata, **shape, **more) as file:
        file.write(values)
        for band, name in enumerate(names, start=1):
            file.set_band_description(band, name)
        if mask is not None:
            file.write_mask(mask)
        if roles is not None:
            file.colorinterp = roles


def ndvi(value=0.45, dtype="float32"):
    return np.full((3, *GRID.shape), value, dtype)


def rain(**more):
    time = more.pop("time", pd.date_range("1990-01-01", periods=36, freq="MS"))
    lat, lon = more.pop("lat", np.arange(13.75, 13, -0.25)), more.pop("lon", np.arange(-16.875, -13.7, 0.25))
    values = more.pop("values", np.arange(36.0)[:, None, None] * np.ones((36, lat.size, lon.size)))
    field = (("time", "lat", "lon"), values.astype("float32"), {"units": more.pop("units", "mm/month")})
    return xr.Dataset({"pr": field}, {"time": time, "lat": lat, "lon": lon})


def values_of(folder, data, name, steps=(0,)):
    series = open_series(study(folder, data), name)
    return series, read_steps(series, GRID, list(steps))


def test_a_fill_that_no_index_can_have_is_refused_with_its_stored_value(tmp_path):
    values = ndvi(4500, "int16")
    values[:, :9, :9] = -15000
    tif(tmp_path / "a.tif", values)
    with pytest.raises(DataError, match=r"81 cells hold -15000 as stored: is it missing\? Then say nodata = -15000"):
        values_of(tmp_path, 'ndvi = { path = "a.tif", scale = 0.0001 }', "ndvi")
    _, read = values_of(tmp_path, 'ndvi = { path = "a.tif", scale = 0.0001, nodata = -15000 }', "ndvi")
    assert np.isnan(read[0, :9, :9]).all()
    assert read[0, 9:, 9:] == pytest.approx(0.45)


def test_the_fill_of_modis_lies_within_the_limits_and_is_found_all_the_same(tmp_path):
    values = np.random.default_rng(1).integers(1000, 8000, (3, *GRID.shape)).astype("int16")
    values[:, :9, :9] = -3000
    tif(tmp_path / "a.tif", values)
    with pytest.raises(DataError, match=r"7 % of the cells hold the same -0.3 \(-3000 as stored\)"):
        values_of(tmp_path, 'ndvi = { path = "a.tif", scale = 0.0001 }', "ndvi")
    _, read = values_of(tmp_path, 'ndvi = { path = "a.tif", scale = 0.0001, nodata = -32768 }', "ndvi")
    assert read[0, 0, 0] == pytest.approx(-0.3)  # whoever says another missing value means what stands there


def test_a_mask_counts_beside_a_value_for_missing(tmp_path):
    mask = np.full(GRID.shape, 255, "uint8")
    mask[0, 0] = 0
    values = ndvi()
    values[:, 1, 1] = -9
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        tif(tmp_path / "a.tif", values, nodata=-9, mask=mask)
    _, read = values_of(tmp_path, 'ndvi = "a.tif"', "ndvi")
    assert np.isnan(read[0, [0, 1], [0, 1]]).all()
    assert np.isfinite(read).sum() == read.size - 2


def test_a_band_of_transparency_is_no_step_but_hides_cells(tmp_path):
    values = np.stack([ndvi()[0], np.full(GRID.shape, 255, "float32")])
    values[1, 0, 0] = 0
    tif(tmp_path / "a.tif", values, YEARS[:1], alpha="YES")
    series, read = values_of(tmp_path, 'ndvi = "a.tif"', "ndvi")
    assert series.steps == ("2001",)
    assert np.isnan(read[0, 0, 0])
    assert np.isfinite(read).sum() == read.size - 1


def test_pictures_and_complex_numbers_are_no_values(tmp_path):
    rgb = [ColorInterp.red, ColorInterp.green, ColorInterp.blue]
    tif(tmp_path / "rgb.tif", ndvi(120, "uint8"), [], roles=rgb, photometric="RGB")
    tif(tmp_path / "complex.tif", ndvi(1, "complex64"))
    tif(tmp_path / "palette.tif", ndvi(1, "uint8")[:1], YEARS[:1])
    with rasterio.open(tmp_path / "palette.tif", "r+") as file:
        file.write_colormap(1, {1: (0, 120, 0, 255)})
    for name, says in (
        ("rgb", "red, green and blue"),
        ("complex", "complex numbers"),
        ("palette", "colours of a palette"),
    ):
        with pytest.raises(DataError, match=says):
            open_series(study(tmp_path, f'ndvi = "{name}.tif"'), "ndvi")
    cover = open_series(study(tmp_path, 'cover_series = { path = "palette.tif", legend = "unccd" }'), "cover_series")
    assert read_steps(cover, GRID, [0])[0, 0, 0] == 1  # classes are often drawn with colours


def test_one_band_of_files_that_hold_several_things(tmp_path):
    for year in (2001, 2002):
        tif(tmp_path / f"v_{year}.tif", np.stack([ndvi(0.9)[0], ndvi(year - 2000.8)[0]]), [])
    series, read = values_of(tmp_path, 'ndvi = { path = "v_*.tif", band = 2 }', "ndvi", steps=(0,))
    assert series.steps == ("2001", "2002")
    assert read[0, 0, 0] == pytest.approx(0.2)
    with pytest.raises(DataError, match=r"has 2 band\(s\), no band 3"):
        open_series(study(tmp_path, 'ndvi = { path = "v_*.tif", band = 3 }'), "ndvi")


def test_a_virtual_raster_reads_what_the_study_lists(tmp_path):
    tif(tmp_path / "part.tif", ndvi())
    bands = "".join(
        f'<VRTRasterBand dataType="Float32" band="{b}"><Description>NDVI_{2000 + b}</Description><SimpleSource>'
        f'<SourceFilename relativeToVRT="1">{{where}}</SourceFilename><SourceBand>{b}</SourceBand></SimpleSource>'
        "</VRTRasterBand>"
        for b in (1, 2, 3)
    )
    head = (
        f'<VRTDataset rasterXSize="{GRID.columns}" rasterYSize="{GRID.rows}"><SRS>EPSG:4326</SRS>'
        f"<GeoTransform>{GRID.west}, {GRID.step}, 0, {GRID.north}, 0, -{GRID.step}</GeoTransform>"
    )
    (tmp_path / "a.vrt").write_text(head + bands.format(where="part.tif") + "</VRTDataset>")
    with pytest.raises(DataError, match=r"virtual raster that reads .*part\.tif.*List what it may read"):
        open_series(study(tmp_path, 'ndvi = "a.vrt"'), "ndvi")
    _, read = values_of(tmp_path, 'ndvi = { path = "a.vrt", sources = ["part.tif"] }', "ndvi")
    assert read == pytest.approx(0.45)
    for where in ("/vsicurl/http://127.0.0.1:9/x.tif", "http://127.0.0.1:9/x.tif", "NETCDF:x.nc:pr"):
        (tmp_path / "far.vrt").write_text(head + bands.format(where=where).replace('"1">/', '"0">/') + "</VRTDataset>")
        with pytest.raises(DataError, match="files beside the study were expected"):
            open_series(study(tmp_path, 'ndvi = { path = "far.vrt", sources = ["*.tif"] }'), "ndvi")
    (tmp_path / "wms.tif").write_text("<GDAL_WMS><Service name='TMS'/></GDAL_WMS>")
    with pytest.raises(DataError, match="describes data that lie elsewhere"):
        open_series(study(tmp_path, 'ndvi = "wms.tif"'), "ndvi")


def test_an_error_page_saved_as_a_map_is_called_so(tmp_path):
    (tmp_path / "a.tif").write_text("\n <!DOCTYPE HTML><html><title>403 Forbidden</title></html>")
    with pytest.raises(DataError, match=r"a\.tif is a web page, not a raster"):
        open_series(study(tmp_path, 'ndvi = "a.tif"'), "ndvi")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("mm/d", "mm/day"), ("mm d-1", "mm/day"), ("mm day^-1", "mm/day"), ("kg m**-2 s**-1", "kg m-2 s-1"),
        ("kg m-2 s-1", "kg m-2 s-1"), ("kg/m2/s", "kg m-2 s-1"), ("mm s-1", "kg m-2 s-1"), ("mm/mon", "mm/month"),
        ("mm month-1", "mm/month"), ("mm per month", "mm/month"), ("mm/hr", "mm/hour"), ("mm", "mm"), ("kg m-2", "mm"),
        ("m s-1", None), ("m", None), ("mm/year", None), ("mm2/day", None), ("kg m-2 s-2", None), ("K", None),
    ],
)  # fmt: skip
def test_fluxes_are_known_however_they_are_spelled(text, unit):
    assert water_rate(text) == unit


@pytest.mark.parametrize(
    ("unit", "factor"), [("mm/d", 31), ("kg m**-2 s**-1", 31 * 86_400), ("mm/hr", 31 * 24), ("mm/mon", 1)]
)
def test_a_flux_becomes_the_total_of_its_month(tmp_path, unit, factor):
    from homeground.catalogue.layers.alignment import read_months
    from homeground.land.drought.spi_spei import monthly_millimetres

    rain(units=unit, values=np.full((36, 3, 13), 2.0 / factor)).to_netcdf(tmp_path / "r.nc")
    series = open_series(study(tmp_path, 'rain_series = "r.nc"'), "rain_series")
    months, _ = monthly_millimetres(read_months(series, Grid(-17.0, 13.875, 0.25, 3, 13)))
    assert float(months[0, 0, 0]) == pytest.approx(2.0, rel=1e-6)  # January


def test_an_unknown_unit_is_never_advised_to_be_called_by_a_wrong_one(tmp_path):
    rain(units="m s-1").to_netcdf(tmp_path / "r.nc")
    with pytest.raises(DataError, match='units = "UNIT" in the study'):
        open_series(study(tmp_path, 'rain_series = { path = "r.nc" }'), "rain_series")


def test_time_in_months_and_calendars_without_leap_years(tmp_path):
    counted = rain(time=np.arange(36) + 0.5)
    counted.time.attrs["units"] = "months since 1990-01-01"
    counted.to_netcdf(tmp_path / "months.nc")
    noleap = xr.date_range("1990-01-01", periods=36, freq="MS", calendar="noleap", use_cftime=True)
    rain(time=noleap).to_netcdf(tmp_path / "noleap.nc")
    for name in ("months", "noleap"):
        steps = open_series(study(tmp_path, f'rain_series = "{name}.nc"'), "rain_series").steps
        assert (steps[0], steps[25], steps[-1]) == ("1990-01", "1992-02", "1992-12")
    short = xr.date_range("1990-01-01", periods=36, freq="MS", calendar="360_day", use_cftime=True)
    odd = rain(time=short)
    odd.to_netcdf(tmp_path / "short.nc")
    with pytest.raises(DataError, match=r'"360_day".*convert_calendar\("standard", align_on="date"\)'):
        open_series(study(tmp_path, 'rain_series = "short.nc"'), "rain_series")
    odd.convert_calendar("standard", align_on="date").to_netcdf(tmp_path / "mended.nc")  # the advice, followed
    assert len(open_series(study(tmp_path, 'rain_series = "mended.nc"'), "rain_series").steps) == 36


def test_a_meridian_that_stands_twice_counts_once(tmp_path):
    lat, lon = np.arange(20.0, 9, -1), np.arange(0.0, 361)
    values = np.broadcast_to((lon % 360)[None, None, :], (36, lat.size, lon.size))
    rain(lat=lat, lon=lon, values=values).to_netcdf(tmp_path / "r.nc")
    series = open_series(study(tmp_path, 'rain_series = "r.nc"'), "rain_series")
    assert series.look.columns == 360
    read = read_steps(series, Grid(-17.5, 14.5, 1.0, 2, 20), [0])
    assert read[0, 0].tolist() == [float(west % 360) for west in range(-17, 3)]  # over the doubled column, in order


def test_a_grid_mapping_is_read_by_its_name(tmp_path):
    x, y = np.arange(300_000.0, 400_000, 5000), np.arange(1_550_000.0, 1_450_000, -5000)
    field = rain(lat=y, lon=x, values=np.ones((36, y.size, x.size))).rename(lat="y", lon="x")
    field["crs"] = ((), 0, {
        "grid_mapping_name": "transverse_mercator", "latitude_of_projection_origin": 0.0,
        "longitude_of_central_meridian": -15.0, "scale_factor_at_central_meridian": 0.9996, "false_easting": 500_000.0,
        "false_northing": 0.0, "semi_major_axis": 6378137.0, "inverse_flattening": 298.257223563,
    })  # fmt: skip
    field["pr"].attrs["grid_mapping"] = "crs"
    field.to_netcdf(tmp_path / "utm.nc")
    series = open_series(study(tmp_path, 'rain_series = "utm.nc"'), "rain_series")
    read = read_steps(series, Grid(-16.2, 13.6, 0.05, 2, 2), [0])
    assert np.isfinite(read).all()
    field["crs"].attrs = {"grid_mapping_name": "rotated_sinusoidal_of_my_own"}
    field.to_netcdf(tmp_path / "odd.nc")
    with pytest.raises(DataError, match="grid of the kind rotated_sinusoidal_of_my_own"):
        open_series(study(tmp_path, 'rain_series = "odd.nc"'), "rain_series")


def test_rain_just_below_zero_is_zero_and_that_is_said(tmp_path):
    rain(values=np.full((36, 3, 13), -1e-9)).to_netcdf(tmp_path / "r.nc")
    series = open_series(study(tmp_path, 'rain_series = "r.nc"'), "rain_series")
    assert (read_steps(series, Grid(-17.0, 13.875, 0.25, 3, 13), [0]) == 0).all()
    assert series.said == {"warning.below_zero"}
    rain(values=np.full((36, 3, 13), -5.0)).to_netcdf(tmp_path / "wrong.nc")
    with pytest.raises(DataError, match="reaches from -5 to -5 mm/month, 0 to 10000 was expected"):
        values_of(tmp_path, 'rain_series = "wrong.nc"', "rain_series")


def test_a_pattern_in_a_folder_whose_name_holds_marks_of_patterns(tmp_path):
    folder = tmp_path / "étude [v2]"
    folder.mkdir()
    for year in (2001, 2002):
        tif(folder / f"ndvi_{year}.tif", ndvi()[:1], [])
    assert open_series(study(folder, 'ndvi = "ndvi_*.tif"'), "ndvi").steps == ("2001", "2002")


def test_what_is_larger_than_the_machine_is_told_before_it_is_read():
    require_room(10**6, "a.tif")
    with pytest.raises(DataError, match=r"a\.tif is written in blocks of 1,000,000,000 GB"):
        require_room(10**18, "a.tif")
