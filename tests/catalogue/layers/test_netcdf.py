# SPDX-License-Identifier: Apache-2.0
"""NetCDF and Zarr as they come: axes in any direction, packed values, other coordinate systems, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from pyproj import CRS

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.layers.alignment import native_grid, read_map, read_months, read_steps, read_years
from homeground.catalogue.layers.series import open_series
from homeground.errors import DataError
from homeground.study.opening import open_study

GRID = Grid(-17.0, 14.0, 0.5, 3, 4)
YEARS = [2001, 2002, 2003]
# Every cell of every year has a value of its own, so that any turn or shift shows.
TRUTH = (np.arange(36.0).reshape(3, 3, 4) / 100).astype("float32")


def field(values=TRUTH, *, time=YEARS, grid=GRID, names=("time", "latitude", "longitude"), **attrs):
    coords = dict(zip(names, (time, grid.latitude, grid.longitude), strict=True))
    return xr.DataArray(values, coords, names, "ndvi", {"units": "1"} | attrs)


def write(data, path, **options):
    if path.suffix == ".zarr":
        data.to_zarr(path, consolidated=False, **options)
    else:
        data.to_netcdf(path, **options)


@pytest.fixture
def given(tmp_path):
    def make(data, layer="ndvi", *, name="x.nc", said="", **options):
        write(data, tmp_path / name, **options)
        text = f'title = "t"\ncountries = ["GMB"]\n[data]\n{layer} = {{ path = "{name}"{said} }}\n'
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        return open_series(open_study(tmp_path), layer)

    return make


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("x.nc", {"engine": "h5netcdf"}),
        ("x.nc", {"engine": "scipy", "format": "NETCDF3_CLASSIC"}),
        ("x.zarr", {"zarr_format": 2}),
        ("x.zarr", {"zarr_format": 3}),
    ],
)
def test_every_kind_of_file_gives_the_same_values(given, name, options):
    series = given(field(), name=name, **options)
    assert series.years == (2001, 2002, 2003)
    assert native_grid(series) == GRID
    np.testing.assert_array_equal(read_years(series, GRID, YEARS).values, TRUTH)
    part = GRID.window(1, 1, 2, 2)
    np.testing.assert_array_equal(read_years(series, part, [2002]).values[0], TRUTH[1, 1:, 1:3])


@pytest.mark.parametrize("turn", ["latitude", "longitude", "time"])
def test_axes_that_run_the_other_way(given, turn):
    series = given(field().isel({turn: slice(None, None, -1)}))
    assert native_grid(series) == GRID
    np.testing.assert_array_equal(read_years(series, GRID, YEARS).values, TRUTH)
    part = GRID.window(0, 1, 2, 3)
    np.testing.assert_array_equal(read_years(series, part, YEARS).values, TRUTH[:, :2, 1:])


def test_any_order_of_dimensions_and_names(given):
    data = field(names=("year", "lat", "lon")).transpose("lon", "year", "lat")
    np.testing.assert_array_equal(read_years(given(data), GRID, YEARS).values, TRUTH)


@pytest.mark.parametrize("names", [("time", "latitude", "longitude"), ("time", "y", "x")])
def test_longitudes_from_0_to_360_cross_greenwich(given, names):
    globe = Grid(0.0, 15.0, 5.0, 3, 72)
    values = np.arange(216.0, dtype="float32").reshape(1, 3, 72) / 200
    data = field(values, time=[2001], grid=globe, names=names)
    data[names[1]].attrs["units"], data[names[2]].attrs["units"] = "degrees_north", "degrees_east"
    series = given(data)
    here = Grid(-10.0, 15.0, 5.0, 3, 4)  # 350 to 360 and 0 to 10
    expected = values[0][:, [70, 71, 0, 1]]
    np.testing.assert_array_equal(read_years(series, here, [2001]).values[0], expected)
    assert native_grid(series).bounds == (-180.0, 0.0, 180.0, 15.0)
    west_of_greenwich = field(grid=Grid(343.0, 14.0, 0.5, 3, 4))
    assert native_grid(given(west_of_greenwich, name="w.nc")) == GRID


def test_packed_values_are_unpacked_once(given):
    data = field().copy()
    data[0, 0, 0] = np.nan
    packing = {"dtype": "int16", "scale_factor": 0.0001, "add_offset": 0.5, "_FillValue": -32768}
    found = read_years(given(data, encoding={"ndvi": packing}), GRID, YEARS).values
    assert np.isnan(found[0, 0, 0])
    assert np.isnan(found).sum() == 1
    np.testing.assert_allclose(found.ravel()[1:], TRUTH.ravel()[1:], atol=6e-5)


def test_stored_value_that_the_study_calls_missing(given):
    raw = np.full(TRUTH.shape, 4000, "int16")
    raw[0, 0, 0] = -3000
    series = given(field(raw), said=", nodata = -3000, scale = 0.0001")
    found = read_years(series, GRID, YEARS).values
    assert np.isnan(found[0, 0, 0])
    assert found[0, 0, 1] == pytest.approx(0.4)


def test_months_and_bounds_beside_the_field(given):
    months = pd.date_range("1981-11-01", periods=3, freq="MS")
    data = field(TRUTH * 100, time=months).rename("pre").assign_attrs(units="mm/month").to_dataset()
    data["time"].encoding["units"] = "days since 1900-01-01"
    data["time"].attrs["bounds"] = "time_bnds"
    data["time_bnds"] = (("time", "nv"), np.stack([months, months + pd.offsets.MonthBegin()], axis=1))
    found = read_months(given(data, "rain_series"), GRID)
    assert found["time"].values.astype("datetime64[M]").astype(str).tolist() == ["1981-11", "1981-12", "1982-01"]
    np.testing.assert_allclose(found.values, TRUTH * 100, rtol=1e-6)


@pytest.mark.parametrize("name", ["x.nc", "x.zarr"])
@pytest.mark.parametrize("stamp", ["first day", "middle", "end"])
def test_months_are_those_of_their_bounds_wherever_the_stamp_lies(given, stamp, name):
    starts = pd.date_range("1981-11-01", periods=3, freq="MS")
    ends = starts + pd.offsets.MonthBegin()
    stamps = {"first day": starts, "middle": starts + (ends - starts) / 2, "end": ends}[stamp]
    data = field(TRUTH * 100, time=stamps).rename("pre").assign_attrs(units="mm/month").to_dataset()
    data["time"].encoding["units"] = "hours since 1900-01-01"
    data["time"].attrs["bounds"] = "time_bnds"
    data["time_bnds"] = (("time", "nv"), np.stack([starts, ends], axis=1))
    series = given(data, "rain_series", name=name)
    assert series.steps == ("1981-11", "1981-12", "1982-01")
    np.testing.assert_allclose(read_months(series, GRID).values, TRUTH * 100, rtol=1e-6)


def test_bounds_that_do_not_hold_their_stamp_leave_it(given):
    months = pd.date_range("1981-11-01", periods=3, freq="MS")
    data = field(TRUTH, time=months).rename("pre").assign_attrs(units="mm/month").to_dataset()
    data["time"].encoding["units"] = "days since 1900-01-01"
    data["time"].attrs["bounds"] = "time_bnds"
    data["time_bnds"] = (("time", "nv"), np.full((3, 2), np.datetime64("1900-01-01", "ns")))
    assert given(data, "rain_series").steps == ("1981-11", "1981-12", "1982-01")


def test_one_packed_file_among_others_is_not_scaled_twice(given, tmp_path):
    raw = field(np.full((1, 3, 4), 4000, "int16"), time=[2001])
    study = given(raw, name="a_2001.nc", said=", scale = 0.0001")
    assert read_steps(study, GRID, [0])[0, 0, 0] == pytest.approx(0.4)
    packing = {"dtype": "int16", "scale_factor": 0.0001, "_FillValue": -32768}
    field(np.full((1, 3, 4), 0.5), time=[2002]).to_netcdf(tmp_path / "a_2002.nc", encoding={"ndvi": packing})
    text = 'title = "t"\ncountries = ["GMB"]\n[data]\nndvi = { path = "a_*.nc", scale = 0.0001 }\n'
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"a_2002\.nc states its own scale"):
        open_series(open_study(tmp_path), "ndvi")


def test_values_that_are_damaged_name_the_file(given, tmp_path):
    series = given(field(), name="x.zarr", zarr_format=3)
    for chunk in (tmp_path / "x.zarr" / "ndvi" / "c").rglob("*"):
        if chunk.is_file():
            chunk.write_bytes(chunk.read_bytes()[:20])
    with pytest.raises(DataError, match=r"ndvi: the values of x\.zarr cannot be read.*fetch or copy it again"):
        read_steps(series, GRID, [0])


def test_codes_with_a_fill_value_are_classes(given):
    codes = np.array([[1, 2, 3, 200], [255, 5, 6, 7], [1, 1, 1, 1]], "uint8")
    data = xr.DataArray(codes, {"latitude": GRID.latitude, "longitude": GRID.longitude}, ("latitude", "longitude"), "z")
    found = read_map(given(data, "soil_type", encoding={"z": {"_FillValue": 255}}), GRID).values
    assert found.tolist() == [[1, 2, 3, 200], [-128, 5, 6, 7], [1, 1, 1, 1]]
    assert found.dtype == np.int32


def test_codes_between_whole_numbers_are_refused(given):
    data = field()[0] * 0 + 12.5
    with pytest.raises(DataError, match=r"soil_type holds 12\.5; whole numbers were expected"):
        read_map(given(data.drop_vars("time"), "soil_type"), GRID)


@pytest.mark.parametrize("falling", [True, False])
def test_a_projected_grid_with_its_mapping(given, falling):
    crs = CRS.from_epsg(32628)
    east, north = 300_000 + 1000 * np.arange(40.0), 1_480_000 - 1000 * np.arange(30.0)
    from pyproj import Transformer

    longitude, latitude = Transformer.from_crs(crs, 4326, always_xy=True).transform(*np.meshgrid(east, north))
    values = (0.5 + (longitude + 16) / 10 + (latitude - 13) / 10).astype("float32")  # a plane in degrees
    data = xr.DataArray(values[None], {"time": [2001], "y": north, "x": east}, ("time", "y", "x"), "ndvi")
    data = (data if falling else data.isel(y=slice(None, None, -1))).to_dataset()
    data["utm"] = ((), np.int32(0), crs.to_cf())
    data["ndvi"].attrs |= {"grid_mapping": "utm", "units": "1"}
    series = given(data)
    place = Grid(-16.7, 13.3, 0.01, 10, 10)
    found = read_years(series, place, [2001]).values[0]
    expected = 0.5 + (place.longitude + 16) / 10 + ((place.latitude - 13) / 10)[:, None]
    # Bilinear between the centres of 1 km cells of a plane: the plane itself, up to float32 and the curve of the grid.
    np.testing.assert_allclose(found, expected, atol=2e-5)


def broken(kind):
    if kind == "uneven":
        return field().assign_coords(longitude=[-16.75, -16.25, -15.0, -14.9])
    if kind == "nameless":
        return field().rename(latitude="a", longitude="b")
    if kind == "metres":
        return field().rename(latitude="y", longitude="x")
    if kind == "beyond":
        return field().assign_coords(latitude=[120.0, 119.5, 119.0])
    if kind == "levels":
        return field().expand_dims(level=2)
    return xr.Dataset({"a": field(), "b": field()})


@pytest.mark.parametrize(
    ("kind", "match"),
    [
        ("uneven", "longitude is not in equal steps"),
        ("nameless", "coordinates named latitude and longitude"),
        ("metres", "states no coordinate system.*CF grid mapping"),
        ("beyond", "beyond the globe"),
        ("levels", "at most one of time"),
        ("two", r"holds a, b; one variable was expected.*variable ="),
    ],
)
def test_grids_that_cannot_be_read_say_why(given, kind, match):
    with pytest.raises(DataError, match=match) as caught:
        given(broken(kind))
    assert "ndvi" in str(caught.value)


def test_a_variable_by_name(given):
    data = xr.Dataset({"a": field(TRUTH + 1), "b": field()})
    np.testing.assert_array_equal(read_steps(given(data, said=', variable = "b"'), GRID, [0])[0], TRUTH[0])
    with pytest.raises(DataError, match='holds a, b; there is no variable "evi"'):
        given(data, said=', variable = "evi"', name="y.nc")


def test_other_calendars_and_broken_files_are_refused(given, tmp_path):
    days = xr.date_range("2001-01-01", periods=3, freq="YS", calendar="360_day", use_cftime=True)
    with pytest.raises(DataError, match="calendar"):
        given(field(time=days))
    (tmp_path / "x.nc").write_text("nothing")
    with pytest.raises(DataError, match=r"ndvi: cannot read x\.nc"):
        open_series(open_study(tmp_path), "ndvi")
