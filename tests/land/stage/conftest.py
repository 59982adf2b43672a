# SPDX-License-Identifier: Apache-2.0
"""A land whose truth is known by design: blocks of columns that fall, rise, stay, and a forest that is cut."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr
from rasterio.transform import from_origin
from shapely.geometry import box, mapping
from tests.land.stage.trends_earth_jobs import Job

from homeground.catalogue.grids.grid import Grid
from homeground.land.assessment.degradation import degradation
from homeground.land.assessment.vegetation import vegetation
from homeground.numbers.table_check import check
from homeground.running.steps import Work
from homeground.running.tables.register import read_output, register
from homeground.study.opening import open_study

GRID = Grid(-17.0, 14.0, 0.05, 8, 14)
YEARS = np.arange(2000, 2024)
# Columns of each block, all rows. The study ends in the middle of column 12, and before its last two rows.
BLOCKS = {
    "falling": slice(0, 2),
    "rising": slice(2, 4),
    "flat": slice(4, 6),
    "poor": slice(6, 8),
    "dipped": slice(8, 10),
    "cut": slice(10, 12),
    "edge": slice(12, 14),
}
GAP, WATER = (slice(0, 2), slice(4, 6)), (slice(2, 4), slice(4, 6))  # rows and columns inside the flat block
EARLY, LATE = (slice(0, 4), slice(10, 12)), (slice(4, 8), slice(10, 12))  # cut in 2010 and in 2012
TREES, GRASS, CROPS, LAKE = 1, 2, 3, 7
LAYERS = {
    "ndvi": '{ path = "ndvi.tif", first = "2000", scale = 0.0001 }',
    "cover_series": '{ path = "cover.tif", first = "2000", legend = "unccd" }',
    "soil_carbon": '{ path = "carbon.tif", units = "t/ha" }',
    "climate_zone": '"zone.tif"',
}


def columns(left, right, top=0, bottom=GRID.rows):
    """The polygon of some columns and rows."""
    west, north = GRID.west + left * GRID.step, GRID.north - top * GRID.step
    return box(west, GRID.north - bottom * GRID.step, GRID.west + right * GRID.step, north)


def planted_ndvi():
    values = np.full((YEARS.size, *GRID.shape), 0.5)
    since = (YEARS - 2000)[:, None, None]
    values[..., BLOCKS["falling"]] = 0.6 - 0.01 * since
    values[..., BLOCKS["rising"]] = 0.4 + 0.01 * since
    values[..., BLOCKS["poor"]] = 0.1
    # Rises for thirteen years, then three low ones: S = 78 - 39 + 1 = 40 of 120, below the 46 that 5 % ask of 16 years.
    dipped = [*(0.5 + 0.01 * np.arange(13)), 0.45, 0.44, 0.46, *np.full(8, 0.5)]
    values[..., BLOCKS["dipped"]] = np.array(dipped)[:, None, None]
    values[:, *GAP] = np.nan
    return values


def planted_cover():
    values = np.full((YEARS.size, *GRID.shape), GRASS, "uint8")
    values[..., BLOCKS["cut"]] = TREES
    values[10:, *EARLY] = CROPS
    values[12:, *LATE] = CROPS
    values[:, *WATER] = LAKE
    return values


@dataclass
class Results:
    """What a run left, ready to look at."""

    out: Path
    warnings: list[str]

    def table(self, name):
        return pd.read_parquet(self.out / f"{name}.parquet")

    def facts(self, name):
        return json.loads((self.out / f"{name}.json").read_text(encoding="utf-8"))

    def field(self, name, store="degradation"):
        path = self.out / "land.zarr" / store
        with xr.open_zarr(path, zarr_format=3, consolidated=False, chunks=None, mask_and_scale=False) as data:
            return data[name].values

    def map(self, name):
        with rasterio.open(self.out / "maps" / f"{name}.tif") as file:
            return file.read(1)

    @property
    def tables(self):
        return {path.name: pd.read_parquet(path) for path in sorted(self.out.glob("*.parquet"))}


@dataclass
class Land:
    """A folder of layers and the study that reads them; change the arrays, then `study` or `run`."""

    folder: Path
    ndvi: np.ndarray = field(default_factory=planted_ndvi)
    cover: np.ndarray = field(default_factory=planted_cover)
    carbon: np.ndarray = field(default_factory=lambda: np.full(GRID.shape, 50.0, "float32"))
    zone: np.ndarray = field(default_factory=lambda: np.full(GRID.shape, 12, "uint8"))
    layers: dict[str, str] = field(default_factory=lambda: dict(LAYERS))
    shapes: list = field(default_factory=lambda: [columns(0, 6), columns(6, 12.5) - columns(12, 12.5, 6, 8)])

    def write(self, name, values, nodata=None, units=None, grid=GRID):
        values = values if values.ndim == 3 else values[None]
        with rasterio.open(
            self.folder / name, "w", driver="GTiff", width=values.shape[2], height=values.shape[1], nodata=nodata,
            count=len(values), dtype=values.dtype, crs="EPSG:4326",
            transform=from_origin(grid.west, grid.north, grid.step, grid.step),
        ) as file:  # fmt: skip
            file.write(values)
            if units:
                file.units = [units] * len(values)

    def polygons(self, file, shapes, **properties):
        """A GeoJSON; each property is a list with one value for each shape."""
        rows = [{k: values[i] for k, values in properties.items()} for i in range(len(shapes))]
        features = [
            {"type": "Feature", "properties": row, "geometry": mapping(shape)}
            for row, shape in zip(rows, shapes, strict=True)
        ]
        content = {"type": "FeatureCollection", "features": features}
        (self.folder / file).write_text(json.dumps(content), encoding="utf-8")

    def study(self, land="sensitivity = false", **data):
        self.folder.mkdir(exist_ok=True)
        self.write(
            "ndvi.tif", np.where(np.isnan(self.ndvi), -32768, np.round(self.ndvi * 10_000)).astype("int16"), -32768
        )
        self.write("cover.tif", self.cover, 0)
        self.write("carbon.tif", self.carbon)
        self.write("zone.tif", self.zone)
        self.polygons("regions.geojson", self.shapes, region_id=["A", "B"], iso3=["GMB", "SEN"], name=["a", "b"])
        given = "\n".join(f"{name} = {said}" for name, said in (self.layers | data).items() if said)
        text = (
            f'title = "made"\ncountries = {json.dumps(["GMB", "SEN"][: len(self.shapes)])}\nregions = "custom"\n'
            '[data]\nregions = "regions.geojson"\n'
            f"{given}\n[land]\n{land}\n"
        )
        (self.folder / "study.toml").write_text(text, encoding="utf-8")
        return open_study(self.folder)

    def run(self, land="sensitivity = false", *, out="out", **data):
        study, folder = self.study(land, **data), self.folder / out
        folder.mkdir()
        work = Work(study, folder, folder)
        vegetation(work)
        degradation(work)
        for path in (*folder.glob("*.parquet"), *folder.glob("*.json")):
            assert check(read_output(path), register()[path.name].table) == [], path.name
        return Results(folder, work.warnings)


@pytest.fixture(autouse=True, scope="module")
def _made_land_lies_where_it_was_made():
    """Regions must lie in their country; this land is made, and the countries lend it their codes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("homeground.catalogue.regions._outside_country", lambda _: [])
        yield


@pytest.fixture
def land(tmp_path, monkeypatch):
    """A planted land whose runs write no maps: these are tested elsewhere and take their time."""
    monkeypatch.setattr("homeground.land.assessment.degradation.write_maps", lambda *_: None)
    return Land(tmp_path / "made")


@pytest.fixture(scope="session")
def new_land():
    """Makes a planted land in a folder."""
    return Land


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The planted land with all layers, run once with the sensitivity."""
    found = Land(tmp_path_factory.mktemp("stage") / "made")
    return found.run(land="")


@pytest.fixture(scope="session")
def where():
    """Names of places on the grid, and the grid itself."""
    return {
        "grid": GRID, "years": YEARS, "blocks": BLOCKS, "gap": GAP, "water": WATER, "early": EARLY, "late": LATE,
        "columns": columns, "layers": LAYERS,
    }  # fmt: skip


@pytest.fixture(scope="module")
def judged(new_land, tmp_path_factory):
    """The planted land, judged once."""
    made = new_land(tmp_path_factory.mktemp("against") / "made")
    return made, made.run()


@pytest.fixture
def job(judged, tmp_path):
    """The planted land with an empty folder for a job."""
    made, results = judged
    folder = made.folder / "job"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return Job(made, results, tmp_path / "out", folder)
