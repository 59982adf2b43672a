# SPDX-License-Identifier: Apache-2.0
"""Maps written strip by strip are the same as in one piece: codes, colours, names, place and overviews."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest
import rasterio
import xarray as xr

from homeground.catalogue.grids import geotiff_maps as rasters
from homeground.catalogue.grids.geotiff_maps import write_class_map, write_value_map
from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.grids.tile_store import class_field, create_store, write_tile
from homeground.catalogue.grids.tiles import tiles
from homeground.errors import DataError

GRID = Grid(-17.0, 14.0, 0.01, 700, 600)
LEGEND = {-1: ("degraded", "#7c1b06"), 0: ("stable", "#ece5e0"), 1: ("improved <&>", "#023175")}


def codes():
    values = np.random.default_rng(5).integers(-1, 2, GRID.shape).astype("int8")
    values[100:180, 200:300] = -128
    return values


def read(path):
    with rasterio.open(path) as file:
        return file.read(1), file.profile, file.descriptions[0], file.colormap(1), file.overviews(1)


def test_strips_give_the_file_of_one_piece(tmp_path, monkeypatch):
    field = GRID.array(codes(), "sign", units="1", source="made", long_name="a sign")
    write_class_map(field, tmp_path / "whole.tif", legend=LEGEND, title="A sign", shift=2)
    monkeypatch.setattr(rasters, "_STRIP_CELLS", 256 * 600)  # three strips, the last of 188 rows
    write_class_map(field, tmp_path / "strips.tif", legend=LEGEND, title="A sign", shift=2)
    whole, strips = read(tmp_path / "whole.tif"), read(tmp_path / "strips.tif")
    np.testing.assert_array_equal(strips[0], whole[0])
    np.testing.assert_array_equal(strips[0], np.where(codes() == -128, 255, codes().astype("int16") + 2))
    assert strips[2:] == whole[2:]
    assert strips[2] == "A sign"
    assert strips[1]["nodata"] == 255
    assert strips[3][1] == (0x7C, 0x1B, 0x06, 255)
    assert whole[4]  # it has overviews
    assert not list(tmp_path.glob(".*"))


def test_a_store_is_read_in_strips_and_never_whole(tmp_path, monkeypatch):
    path = tmp_path / "a.zarr"
    create_store(path, GRID, (128, 600), {"sign": class_field("a sign", {-1: "a", 0: "b", 1: "c"})})
    for tile in tiles(GRID, (128, 600)):
        write_tile(path, tile, {"sign": codes()[tile.slices]})
    monkeypatch.setattr(rasters, "_STRIP_CELLS", 256 * 600)
    seen = []
    data = xr.open_zarr(path, zarr_format=3, consolidated=False, chunks=None, mask_and_scale=False)["sign"]
    plain = xr.DataArray.values.fget

    def watched(self):
        seen.append(self.size)
        return plain(self)

    monkeypatch.setattr(xr.DataArray, "values", property(watched))
    write_class_map(data, tmp_path / "m.tif", legend=LEGEND, title="t", shift=2)
    monkeypatch.undo()
    assert max(seen) == 256 * 600
    found = read(tmp_path / "m.tif")
    np.testing.assert_array_equal(found[0], np.where(codes() == -128, 255, codes().astype("int16") + 2))
    transform = found[1]["transform"]
    assert (transform.c, transform.f, transform.a, transform.e) == pytest.approx((-17.0, 14.0, 0.01, -0.01))


def test_names_and_colours_stand_beside_under_the_codes_of_the_file(tmp_path):
    write_class_map(GRID.array(codes(), "s"), tmp_path / "m.tif", legend=LEGEND, title="t", shift=2)
    entries = {e.get("value"): e for e in ET.parse(tmp_path / "m.qml").iter("paletteEntry")}  # noqa: S314
    assert {code: e.get("color") for code, e in entries.items()} == {"1": "#7c1b06", "2": "#ece5e0", "3": "#023175"}
    assert entries["3"].get("label") == "improved <&>"
    names = [e.text for e in ET.parse(tmp_path / "m.tif.aux.xml").iter("Category")]  # noqa: S314
    assert names == [None, "degraded", "stable", "improved <&>"]


def test_values_keep_their_gaps(tmp_path, monkeypatch):
    monkeypatch.setattr(rasters, "_STRIP_CELLS", 256 * 600)
    values = np.random.default_rng(6).random(GRID.shape).astype("float32")
    values[:3, :5] = np.nan
    field = GRID.array(values, "v", units="%")
    write_value_map(field, tmp_path / "v.tif", colours=["#000000", "#ffffff"], limits=(0, 1), title="t")
    with rasterio.open(tmp_path / "v.tif") as file:
        np.testing.assert_array_equal(file.read(1), values)
        assert file.units == ("%",)
        place = file.transform
    assert (place.c, place.f, place.a, place.e) == pytest.approx((-17.0, 14.0, 0.01, -0.01))


def test_a_map_that_fails_leaves_nothing(tmp_path):
    field = GRID.array(codes(), "s").assign_coords(latitude=np.sort(GRID.latitude))
    with pytest.raises(DataError, match="falling latitude"):
        write_class_map(field, tmp_path / "m.tif", legend=LEGEND, title="t", shift=2)

    def broken(_):
        raise RuntimeError("no")

    good = GRID.array(codes(), "s")
    with pytest.raises(RuntimeError):
        rasters._write(good, broken, tmp_path / "m.tif", dtype="uint8", title="t", nodata=255, colours=None)
    assert not list(tmp_path.iterdir())
