# SPDX-License-Identifier: Apache-2.0
"""The land of a country with and without the ranges that series without change, and rain alone, would give.

Made data on Niger's box at 0.02 degrees: 24 years of vegetation, 22 maps of cover, 396 months of rain, 66 districts. What is
asked: no more than twice the run without ranges, below 2 GB; the aim is 90 CPU-seconds.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.transform import from_origin

from benchmarks import Row
from benchmarks.main_job import job
from homeground.catalogue.regions import load_regions

WEST, SOUTH, EAST, NORTH = 0.0, 11.6, 16.1, 23.6
STEP, RAIN_STEP, DISTRICT = 0.02, 0.1, 1.35  # degrees
SLIVER = 0.25  # square degrees; smaller pieces of districts at the border are left out
MOST_TIMES, MOST_MB, AIM_SECONDS = 2.0, 2000, 90.0
STUDY = """title = "made, not real"
countries = ["NER"]
regions = "custom"
[data]
regions = "regions.gpkg"
ndvi = { path = "ndvi.tif", scale = 0.0001, first = "2000" }
cover_series = { path = "cover.tif", first = "2001", legend = "unccd" }
soil_carbon = { path = "carbon.tif", units = "t C/ha" }
climate_zone = "zone.tif"
rain_series = { path = "rain.tif", units = "mm/month", first = "1991-01" }
[land]
noise_draws = DRAWS
"""


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        runs = {name: _study(place / name, draws) for name, draws in (("with", 199), ("without", 0))}
        for study in runs.values():  # compiled and read once before
            job(str(study), place / "first" / study.name, place, "--only", "land")
        taken = {name: job(str(study), place / "r", place, "--only", "land") for name, study in runs.items()}
        record = json.loads((place / "r" / "with" / "base" / "run.json").read_text(encoding="utf-8"))
        memory = max(step["peak_mb"] or 0 for step in record["steps"].values())
    if memory > MOST_MB:
        raise SystemExit(f"the run with ranges took {memory:.0f} MB; {MOST_MB} MB were asked for")
    allowed = MOST_TIMES * taken["without"]
    times = taken["with"] / taken["without"]
    return [
        Row(
            what=f"land of 66 made districts with ranges; peer: {MOST_TIMES:g} runs without",
            ours=1 / taken["with"],
            peer=1 / allowed,
            ratio=allowed / taken["with"],
            must=1.0,
            aim=None,
            unit="runs/CPU-s",
            agreement=f"{taken['with']:.1f} CPU-seconds (aim {AIM_SECONDS:g}), {times:.2f} times the run without; {memory:.0f} MB",
        )
    ]


def _study(folder: Path, draws: int) -> Path:
    """The made country in a folder."""
    folder.mkdir()
    rng = np.random.default_rng(1)
    rows, columns = round((NORTH - SOUTH) / STEP), round((EAST - WEST) / STEP)
    green = np.broadcast_to(0.15 + 0.3 * np.linspace(0, 1, rows)[:, None], (rows, columns))
    common = rng.normal(0, 0.05, 24)
    index = np.stack([green * (1 + one + rng.normal(0, 0.1, green.shape)) for one in common])
    _save(folder / "ndvi.tif", np.round(index * 10_000), "int16", nodata=-32768)
    cover = np.where(green > 0.35, 3, np.where(green > 0.22, 2, 6))
    _save(folder / "cover.tif", np.stack([cover] * 22), "uint8", nodata=0)
    _save(folder / "carbon.tif", np.full((1, *green.shape), 20.0), "float32", nodata=-1)
    _save(folder / "zone.tif", np.where(green > 0.2, 9, 10)[None], "int16", nodata=-1)
    season = np.clip(np.sin((np.arange(396) % 12 - 4) / 6 * np.pi), 0, None)[:, None, None]
    wet = 200 * np.linspace(0.05, 1, round((NORTH - SOUTH) / RAIN_STEP))[None, :, None]
    noise = rng.gamma(4, 0.25, (396, wet.shape[1], round((EAST - WEST) / RAIN_STEP)))
    _save(folder / "rain.tif", wet * season * noise, "float32", nodata=-1, step=RAIN_STEP)
    _districts().to_file(folder / "regions.gpkg")
    (folder / "study.toml").write_text(STUDY.replace("DRAWS", str(draws)), encoding="utf-8")
    return folder


def _districts() -> gpd.GeoDataFrame:
    whole = shapely.union_all(load_regions(["NER"]).geometry.to_numpy())
    corners = ((x, y) for x in np.arange(WEST, EAST, DISTRICT) for y in np.arange(SOUTH, NORTH, DISTRICT))
    pieces = [shapely.box(x, y, x + DISTRICT, y + DISTRICT).intersection(whole) for x, y in corners]
    kept = [piece for piece in pieces if piece.area > SLIVER]
    names = [f"district-{n}" for n in range(len(kept))]
    return gpd.GeoDataFrame({"region_id": names, "name": names, "iso3": "NER"}, geometry=kept, crs="EPSG:4326")


def _save(path: Path, bands: NDArray[Any], dtype: str, *, nodata: float, step: float = STEP) -> None:
    count, height, width = bands.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=count, dtype=dtype, nodata=nodata, tiled=True,
        crs="EPSG:4326", transform=from_origin(WEST, NORTH, step, step), compress="deflate",
    ) as file:  # fmt: skip
        file.write(bands.astype(dtype))
