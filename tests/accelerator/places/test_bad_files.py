# SPDX-License-Identifier: Apache-2.0
"""Files of polygons cut and with bytes changed: read and checked, or one message; never another error."""

from __future__ import annotations

import random
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from homeground.accelerator.places.checks import check_places
from homeground.accelerator.places.reading import places_of_file
from homeground.accelerator.places.shapes import mending
from homeground.errors import DataError

TRIES = 10  # of each way; 120 of each kind of file were tried by hand


@pytest.mark.filterwarnings("ignore")  # readers warn of much in such files
@pytest.mark.parametrize("name", ["s.geojson", "s.gpkg", "s.parquet"])
def test_cut_and_changed_files_are_told(name: str, tmp_path: Path) -> None:
    sites = gpd.GeoDataFrame(
        {"place": ["a", "b"], "project": "P", "iso3": "NER", "practice": "zai", "declared_ha": [1.0, 2.0], "planted_on": "2021-06-01"},
        geometry=[shapely.box(2, 13.5, 2.01, 13.51), shapely.box(3, 13.5, 3.01, 13.51)], crs=4326,
    )  # fmt: skip
    whole = tmp_path / name
    (sites.to_parquet if name.endswith("parquet") else sites.to_file)(whole)
    raw, chance, told = whole.read_bytes(), random.Random(16), 0  # noqa: S311 (the same files every time)
    assert not [
        i for i in check_places(places_of_file(whole)) if i.severity == "error" and i.rule != "data completeness"
    ]
    for at in range(2 * TRIES):
        cut = bytearray(raw[: chance.randrange(len(raw))] if at % 2 else raw)
        if not at % 2:
            for _ in range(chance.randrange(1, 6)):
                cut[chance.randrange(len(cut))] = chance.randrange(256)
        path = tmp_path / f"x{whole.suffix}"
        path.write_bytes(bytes(cut))
        try:
            found = places_of_file(path)
        except DataError:
            told += 1
            continue
        check_places(found)
        mending(found)
    assert told > 0
