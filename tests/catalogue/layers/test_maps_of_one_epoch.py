# SPDX-License-Identifier: Apache-2.0
"""Normals and maps of the user: packed, with gaps, in other units, finer or elsewhere; nothing is taken as it is stored."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from homeground.catalogue.grids.grid import Grid
from homeground.errors import DataError
from homeground.land.stage.fields import read_layer
from homeground.study.opening import open_study

GRID = Grid(-17.0, 14.0, 0.5, 4, 6)


def tiff(path, values, *, step=0.5, west=-17.0, units=None, scale=1.0, offset=0.0, **more):
    values = np.asarray(values)
    count, height, width = values.shape
    place = {"crs": "EPSG:4326", "transform": from_origin(west, 14.0, step, step)} | more
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=count, dtype=values.dtype, **place
    ) as file:
        file.write(values)
        file.scales, file.offsets = (scale,) * count, (offset,) * count
        if units:
            file.units = (units,) * count


@pytest.fixture
def read(tmp_path):
    """One layer of the user on the grid, or on another."""

    def make(name, values, *, grid=GRID, **said):
        tiff(tmp_path / "own.tif", values, **said)
        text = f'title = "t"\ncountries = ["GMB"]\n[data]\n{name} = "own.tif"\n'
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        return read_layer(open_study(tmp_path), name, grid.array(np.zeros(grid.shape), "grid"), method="linear")

    return make


def twelve(value, dtype):
    return np.full((12, *GRID.shape), value, dtype)


@pytest.mark.parametrize("fine", [1, 2])
def test_missing_cells_of_integers_are_missing_and_are_not_interpolated(read, fine):
    stored = twelve(100, "int16")
    stored[:, 1:3, 2:4] = -9999
    grid = Grid(-17.0, 14.0, 0.5 / fine, 4 * fine, 6 * fine)
    rain = read("rain", stored, nodata=-9999, grid=grid)
    assert rain.dims == ("month", "latitude", "longitude")
    assert rain["month"].values.tolist() == list(range(1, 13))
    assert rain.attrs["units"] == "mm/month"
    gone = np.isnan(rain.values)
    assert gone.sum() == 12 * 4 * fine**2  # two by two cells of the file, each month
    assert np.unique(rain.values[~gone]).tolist() == [100.0]


def test_large_unsigned_numbers_do_not_turn_negative(read):
    assert np.unique(read("rain", twelve(40_000, "uint16"), scale=0.1).values) == pytest.approx([4000.0])


def test_scale_offset_and_missing_value_of_the_file_are_applied(read):
    stored = twelve(2950, "uint16")  # as CHELSA has it: 2950 * 0.1 - 273.15 = 21.85
    stored[0, 0, 0] = 65535
    found = read("temperature", stored, scale=0.1, offset=-273.15, nodata=65535).values
    assert np.isnan(found[0, 0, 0])
    assert found[1:] == pytest.approx(21.85)
    index = np.full((1, *GRID.shape), 5000, "int16")
    index[0, 1] = -32768
    found = read("vegetation_max", index, scale=0.0001, nodata=-32768)
    assert found.dims == ("latitude", "longitude")
    assert found.values[:, 0].tolist() == pytest.approx([0.5, np.nan, 0.5, 0.5], nan_ok=True)


@pytest.mark.parametrize(
    ("name", "units", "stored", "january", "february", "april"),
    [
        ("temperature", "K", 295.0, 21.85, 21.85, 21.85),
        ("temperature", "Kelvin", 295.0, 21.85, 21.85, 21.85),
        ("temperature", "degrees Celsius", 21.0, 21.0, 21.0, 21.0),
        ("rain", "mm", 70.0, 70.0, 70.0, 70.0),
        ("rain", "mm/day", 2.0, 62.0, 56.5, 60.0),  # February of a mean year has 28.25 days
        ("rain", "kg m-2 s-1", 1e-5, 26.784, 24.408, 25.92),  # 0.864 mm a day
    ],
)
def test_units_of_the_file_are_converted(read, name, units, stored, january, february, april):
    found = read(name, twelve(stored, "float64"), units=units)
    assert found.values[[0, 1, 3], 0, 0].tolist() == pytest.approx([january, february, april])
    assert found.attrs["units"] == {"rain": "mm/month", "temperature": "degC"}[name]


@pytest.mark.parametrize(
    ("name", "values", "said", "match"),
    [
        ("rain", twelve(-9999, "float32"), {}, r"rain reaches from -9999 .*0 to 10000 was expected.*gdal_edit"),
        ("temperature", twelve(2950, "uint16"), {}, r"temperature reaches .*2950 degC, -90 to 60 .*gdal_edit"),
        ("vegetation_max", np.full((1, 4, 6), 5000, "int16"), {}, r"vegetation_max.*5000, -1.2 to 1.2 .*gdal_edit"),
        ("rain", twelve(3, "float32"), {"units": "inches"}, r'"inches", one of mm/month.*gdal_edit.py -units UNIT'),
        (
            "vegetation_max",
            np.ones((1, 4, 6)),
            {"units": "%"},
            r'"%", one of 1 was expected.*gdal_edit.py -units 1 FILE',
        ),
        ("rain", np.ones((11, 4, 6), "float32"), {}, "rain: 11 bands, twelve monthly normals, January first"),
        ("cover", np.ones((2, 4, 6), "uint8"), {}, "cover: 2 bands, one map was expected"),
        ("cover", np.full((1, 4, 6), 12.5, "float32"), {}, r"cover holds 12\.5; whole numbers"),
        ("cover", np.full((1, 4, 6), 4_294_967_295, "uint32"), {}, r"cover holds 4294967295; whole numbers"),
        ("rain", twelve(3, "float32"), {"west": 20.0}, "do not overlap"),
        ("rain", twelve(3, "float32"), {"crs": None}, "no coordinate system"),
    ],
)
def test_what_cannot_be_is_refused(read, name, values, said, match):
    with pytest.raises(DataError, match=match):
        read(name, values, **said)


def test_classes_keep_their_codes_and_of_finer_cells_the_most_frequent(read):
    fine = np.full((1, 8, 12), 12, "uint8")
    fine[0, ::2, ::2] = 16  # one of the four cells in each
    fine[0, :2, :2] = 255
    found = read("cover", fine, step=0.25, nodata=255)
    assert found.dtype == np.int32
    assert np.unique(found.values[1:]).tolist() == [12]
    assert found.values[0, :2].tolist() == [-128, 12]
    assert read("cover", np.full((1, 4, 6), 210, "uint8")).values[0, 0] == 210


def test_a_layer_that_is_not_given_comes_from_the_atlas(read, tmp_path):
    read("rain", twelve(100, "int16"))
    study = open_study(tmp_path)
    grid = Grid(-16.5, 13.5, 0.25, 2, 4)
    found = read_layer(study, "temperature", grid.array(np.zeros(grid.shape), "grid"), method="linear")
    assert found.attrs["source"].startswith("ERA5")
    assert 20 < float(found.mean()) < 32  # the Gambia
