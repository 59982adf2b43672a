# SPDX-License-Identifier: Apache-2.0
"""OPeNDAP, STAC and ranges, in the bytes of servers that are not ours."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.catalogue.live.providers import Answer, raster
from tests.catalogue.live.shapes import STAC, Stac

from homeground.catalogue.live.protocols import opendap, stac
from homeground.catalogue.live.protocols.ranged import opened
from homeground.catalogue.live.rasters.modis import overview_for
from homeground.catalogue.live.transfer import Transfer
from homeground.catalogue.live.troubles import DamagedError, RefusedError

AT = "https://thredds.example.org/dodsC/made.nc"
# Answers of pydap 3.5.9's own server for a made data set: precip[4][3][2] = 0, 1, 2 ..., packed = -3 ... 3 as Int16.
GRID = (
    b"Dataset {\n    Grid {\n        Array:\n            Float32 precip[time = 1][lat = 1][lon = 2];\n        Maps:\n"
    b"            Float64 time[time = 1];\n            Float32 lat[lat = 1];\n            Float32 lon[lon = 2];\n    } precip;\n"
    b"} precip%2Emon%2Emean%2Enc;\nData:\n\x00\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00\x00?\x80\x00\x00\x00\x00\x00\x01"
    b"\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01A4\x00\x00\x00\x00\x00\x02\x00\x00"
    b"\x00\x02?\xa0\x00\x00@p\x00\x00"
)
STRUCTURE = (
    b"Dataset {\n    Structure {\n        Float32 precip[time = 2][lat = 2][lon = 1];\n    } precip;\n} precip%2Emon%2Emean%2Enc;"
    b"\nData:\n\x00\x00\x00\x04\x00\x00\x00\x04@\xe0\x00\x00A\x10\x00\x00AP\x00\x00Ap\x00\x00"
)
PACKED = (
    b"Dataset {\n    Int16 packed[packed = 7];\n} precip%2Emon%2Emean%2Enc;\nData:\n\x00\x00\x00\x07\x00\x00\x00\x07\xff\xff\xff"
    b"\xfd\xff\xff\xff\xfe\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03"
)
DAS = (
    b'Attributes {\n    precip {\n        Float32 _FillValue -9.96921e+36;\n        Float64 scale_factor 1;\n        String units "mm/day";'
    b'\n    }\n    packed {\n        Float64 scale_factor 0.1;\n        String units "mm";\n    }\n}\n'
)


@pytest.fixture
def get(providers):
    return Transfer(sleep=lambda _: None)


def test_answers_of_another_server_are_read():
    grid = opendap.parsed(GRID, AT)
    assert grid["precip"].tolist() == [[[0.0, 1.0]]]
    assert grid["lat"].tolist() == [11.25]
    assert grid["lon"].tolist() == [1.25, 3.75]
    structure = opendap.parsed(STRUCTURE, AT)
    assert structure["precip"].tolist() == [[[7.0], [9.0]], [[13.0], [15.0]]]
    assert opendap.parsed(PACKED, AT)["packed"].tolist() == [-3, -2, -1, 0, 1, 2, 3]


def test_attributes_of_another_server_are_read(providers, get):
    providers.put(f"{AT}.das", Answer(DAS))
    told = opendap.described(get, AT, "packed")
    assert (told.units, told.scale, told.offset, told.missing) == ("mm", 0.1, 0.0, ())
    assert opendap.described(get, AT, "precip").missing == (-9.96921e36,)
    with pytest.raises(DamagedError, match="attributes of pet were expected"):
        opendap.described(get, AT, "pet")


@pytest.mark.parametrize("answer", [GRID[:-30], b"Error {\n    code = 404;\n};", b"<html>down</html>", b""], ids=str)
def test_an_answer_cut_short_or_of_another_form_is_told(answer):
    with pytest.raises(DamagedError, match=r"thredds\.example\.org"):
        opendap.parsed(answer, AT)


def test_a_window_asks_for_its_part_alone(providers, get):
    seen = []

    def answer(path, asked, body):
        seen.append(next(iter(asked)))
        return Answer(STRUCTURE)

    providers.put(f"{AT}.dods", answer)
    assert opendap.read(get, AT, "precip", (1, 2), (0, 1), (1, 1)).shape == (2, 2, 1)
    assert seen == ["precip[1:1:2][0:1:1][1:1:1]"]


CATALOGUE = "https://planetarycomputer.microsoft.com/api/stac/v1"


def test_all_pages_of_a_search_are_read_each_item_once(providers, get):
    catalogue = Stac(providers, page=2)
    for n in range(5):
        catalogue.add("cover", "map", f"tile-{n}", "2015-01-01", b"x", [n, 0, n + 1, 1])
    catalogue.add("cover", "map", "elsewhere", "2015-01-01", b"x", [50, 50, 51, 51])
    catalogue.add("cover", "map", "another-year", "2018-01-01", b"x", [0, 0, 1, 1])
    found = list(stac.items(get, CATALOGUE, "cover", "map", (0, 0, 10, 1), "2015-01-01/2015-12-31"))
    assert [item.id for item in found] == [f"tile-{n}" for n in range(5)]
    assert {item.date for item in found} == {"2015-01-01"}
    assert providers.asked[STAC] == 3


def test_items_of_another_form_are_told(providers, get):
    catalogue = Stac(providers)
    catalogue.add("cover", "renamed", "tile", "2015-01-01", b"x", [0, 0, 1, 1])
    with pytest.raises(DamagedError, match=r"items with the asset map were expected; the form changed"):
        list(stac.items(get, CATALOGUE, "cover", "map", (0, 0, 1, 1), "2015-01-01/2015-12-31"))


def test_a_catalogue_that_goes_round_is_left(providers, get, monkeypatch):
    monkeypatch.setattr(stac, "MOST_PAGES", 5)
    feature = {"id": "a", "properties": {"datetime": "2015-01-01"}, "assets": {"map": {"href": "https://x.org/a"}}}
    link = {"rel": "next", "href": f"{CATALOGUE}/search", "method": "POST", "body": {}}
    providers.routes[STAC] = Answer(json.dumps({"features": [feature], "links": [link]}).encode())
    with pytest.raises(DamagedError, match="goes round"):
        list(stac.items(get, CATALOGUE, "cover", "map", (0, 0, 1, 1), "2015-01-01/2015-12-31"))


def test_of_a_cloud_optimised_file_only_a_part_travels(providers, get, tmp_path):
    values = np.random.default_rng(4).integers(0, 30_000, (2048, 2048)).astype("int16")
    content = raster(values, 0, 40, 0.01, cog=True)
    at = "https://data.example.org/large.tif"
    providers.put(at, Answer(content))
    with opened(get, at, tmp_path) as source:
        assert overview_for(source, 0.05) == 1  # factors 2, 4, 8: cells of 0.04
        assert overview_for(source, 0.005) is None
        found = source.read(1, window=((100, 140), (200, 260)))
    np.testing.assert_array_equal(found, values[100:140, 200:260])
    assert get.received < len(content) / 10
    with opened(get, at, tmp_path, overview=1) as source:
        assert source.shape == (512, 512)


def test_a_missing_raster_tells_the_status_not_a_riddle_of_gdal(providers, get, tmp_path):
    with (
        pytest.raises(RefusedError, match="answered 404"),
        opened(get, "https://data.example.org/none.tif", tmp_path),
    ):
        pass


def test_a_raster_that_breaks_off_is_told(providers, get, tmp_path):
    values = np.random.default_rng(4).integers(0, 30_000, (600, 600)).astype("int16")
    content = raster(values, 0, 40, 0.01)
    at = "https://data.example.org/short.tif"
    providers.put(at, Answer(content[: len(content) // 2]))
    with pytest.raises(DamagedError, match=r"short\.tif"), opened(get, at, tmp_path) as source:
        source.read(1)
