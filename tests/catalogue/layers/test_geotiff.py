# SPDX-License-Identifier: Apache-2.0
"""GeoTIFFs that are cut short, run from 0 to 360 degrees, or say different things of each band."""

from __future__ import annotations

import os

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.layers.alignment import native_grid, read_steps
from homeground.catalogue.layers.series import open_series
from homeground.errors import DataError
from homeground.study.opening import open_study

GLOBE = np.arange(72.0, dtype="float32").reshape(1, 1, 72).repeat(3, 1) / 100  # each column has a value of its own


def study_of(folder, said, layer="ndvi"):
    text = f'title = "t"\ncountries = ["GMB"]\n[data]\n{layer} = {said}\n'
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return open_study(folder)


def tiff(path, values, *, west=0.0, step=5.0, **more):
    count, height, width = values.shape
    place = {"crs": "EPSG:4326", "transform": from_origin(west, 15.0, step, step)} | more
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=count, dtype=values.dtype, **place
    ) as file:
        file.write(values)


@pytest.mark.parametrize("masked", [False, True])
def test_columns_from_0_to_360_lie_on_both_sides_of_greenwich(tmp_path, masked):
    tiff(tmp_path / "n_2001.tif", GLOBE)
    if masked:
        with rasterio.open(tmp_path / "n_2001.tif", "r+") as file:
            mask = np.full((3, 72), 255, "uint8")
            mask[1, 71] = 0  # 355 to 360 degrees: just west of Greenwich
            file.write_mask(mask)
    series = open_series(study_of(tmp_path, '"n_2001.tif"'), "ndvi")
    assert native_grid(series).bounds == (-180.0, 0.0, 180.0, 15.0)
    found = read_steps(series, Grid(-10.0, 15.0, 5.0, 3, 4), [0])[0]
    assert found[0].tolist() == pytest.approx([0.70, 0.71, 0.00, 0.01])
    assert np.isnan(found).sum() == masked
    assert np.isnan(found[1, 1]) == masked
    ends = read_steps(series, native_grid(series), [0])[0, 0, [0, -1]]
    assert ends.tolist() == pytest.approx([0.36, 0.35])  # 180 to 185 lies at -180, 175 to 180 at its end


def test_cell_centres_on_greenwich_and_a_part_west_of_it(tmp_path):
    tiff(tmp_path / "n_2001.tif", GLOBE, west=-2.5)  # centres 0, 5, ... 355
    series = open_series(study_of(tmp_path, '"n_2001.tif"'), "ndvi")
    assert native_grid(series).west == pytest.approx(-182.5)
    found = read_steps(series, Grid(-12.5, 15.0, 5.0, 3, 4), [0])[0, 0]
    assert found.tolist() == pytest.approx([0.70, 0.71, 0.00, 0.01])
    tiff(tmp_path / "n_2001.tif", GLOBE[:, :, :4], west=340.0)
    series = open_series(study_of(tmp_path, '"n_2001.tif"'), "ndvi")
    assert native_grid(series) == Grid(-20.0, 15.0, 5.0, 3, 4)
    found = read_steps(series, Grid(-15.0, 15.0, 5.0, 3, 4), [0])[0, 0]
    assert found.tolist() == pytest.approx([0.01, 0.02, 0.03, np.nan], nan_ok=True)


@pytest.mark.parametrize("west", [-10.0, -185.0, -360.0, 180.0])
def test_the_globe_from_anywhere_is_put_in_order(tmp_path, west):
    tiff(tmp_path / "n_2001.tif", GLOBE, west=west)  # the first column, 0.00, begins at west
    series = open_series(study_of(tmp_path, '"n_2001.tif"'), "ndvi")
    assert native_grid(series).bounds == (-180.0, 0.0, 180.0, 15.0)
    found = read_steps(series, Grid(-180.0, 15.0, 5.0, 3, 72), [0])[0, 0]
    first = round((west + 180) % 360 / 5)  # how many columns of 5 degrees lie between -180 and west
    assert found[first] == 0
    assert found[(first + 1) % 72] == pytest.approx(0.01)
    assert found[first - 1] == pytest.approx(0.71)


@pytest.mark.parametrize("west", [-185.0, -182.5, -180.0])
def test_a_column_that_is_repeated_beyond_180_is_no_turn(tmp_path, west):
    columns = round((-2 * west + 1e-9) / 5)  # 74, 73, 72: as far to the east
    tiff(tmp_path / "n_2001.tif", np.resize(GLOBE[0, 0], (1, 3, columns)), west=west)
    series = open_series(study_of(tmp_path, '"n_2001.tif"'), "ndvi")
    assert native_grid(series).west == west
    # The column at -5 to 0 is the 35th, 35.5th or 36th from the edge: with the cells of -182.5 between two of them.
    assert read_steps(series, Grid(-5.0, 15.0, 5.0, 1, 1), [0]).item() == pytest.approx((-5 - west) / 500)


def test_columns_beyond_180_that_do_not_go_around_are_refused(tmp_path):
    tiff(tmp_path / "n_2001.tif", GLOBE[:, :, :70])
    with pytest.raises(DataError, match=r"n_2001\.tif: its longitudes run from 0 to 350; -180 to 180 .*gdalwarp"):
        open_series(study_of(tmp_path, '"n_2001.tif"'), "ndvi")
    tiff(tmp_path / "n_2001.tif", GLOBE[:, :, :69], west=-10.0)
    with pytest.raises(DataError, match=r"longitudes run from -10 to 335; -180 to 180 .*gdalwarp"):
        open_series(study_of(tmp_path, '"n_2001.tif"'), "ndvi")
    tiff(tmp_path / "n_2001.tif", np.concatenate([GLOBE, GLOBE[:, :, :1]], axis=2), west=-182.5)
    assert open_series(study_of(tmp_path, '"n_2001.tif"'), "ndvi").look.west == -182.5  # centres from -180 to 180


@pytest.mark.parametrize("layer", ["ndvi", "vegetation_max"])
def test_a_file_that_was_cut_short_is_named_with_what_to_do(tmp_path, layer):
    noise = np.random.default_rng(1).random((1, 400, 400)).astype("float32")
    tiff(tmp_path / "n_2001.tif", noise, step=0.1, west=-20.0, tiled=True, compress="deflate")
    os.truncate(tmp_path / "n_2001.tif", (tmp_path / "n_2001.tif").stat().st_size // 2)
    series = open_series(study_of(tmp_path, '"n_2001.tif"', layer), layer)
    with pytest.raises(DataError, match=rf"{layer}: the values of n_2001\.tif cannot be read .*fetch or copy it again"):
        read_steps(series, native_grid(series), [0])


@pytest.mark.parametrize(
    ("what", "value", "said", "match"),
    [
        ("scales", (0.01, 0.1), "", r"bands of n\.tif differ in scale \(0\.01, 0\.1\).*gdal_translate -unscale"),
        ("offsets", (0.0, 1.0), "", r"differ in offset \(0\.0, 1\.0\)"),
        ("offsets", (0.0, 1.0), ", scale = 0.01", r"differ in offset"),
        ("units", ("1", "%"), "", r"differ in units \(1, %\)"),
        ("scales", (0.01, 0.1), ", scale = 0.001", ""),  # what the study says is one for all
        ("units", ("1", "%"), ', units = "1"', ""),
        ("units", ("1", ""), "", ""),  # on the first band alone, as many programs write it
    ],
)
def test_bands_that_differ_in_what_is_one_for_all(tmp_path, what, value, said, match):
    tiff(tmp_path / "n.tif", np.ones((2, 3, 4), "int16"))
    with rasterio.open(tmp_path / "n.tif", "r+") as file:
        setattr(file, what, value)
    study = study_of(tmp_path, f'{{ path = "n.tif", first = "2001"{said} }}')
    if match:
        with pytest.raises(DataError, match=match):
            open_series(study, "ndvi")
    else:
        scale = 0.001 if "scale" in said else 1.0
        assert read_steps(open_series(study, "ndvi"), Grid(0.0, 15.0, 5.0, 3, 4), [0, 1])[1, 0, 0] == pytest.approx(
            scale
        )
