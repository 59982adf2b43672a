# SPDX-License-Identifier: Apache-2.0
"""SDG 15.3.1 from files to files, tile by tile, beside the pure read and write of the same files.

A made study over the Sahel: yearly NDVI of twenty years, land cover of three years, soil carbon, climate zones. The side
is 4 000 cells; ``HOMEGROUND_SIDE=20000`` gives the stack of 400 million cells that a country at 250 m to 300 m has.
Everything runs in a process of its own, so that its peak memory is its own. Both go by turns, ``HOMEGROUND_TURNS`` times
(3), and the quickest turn of each counts: on a machine that others use, the slower ones tell of the others. It is the
clock that is compared, not CPU time: waiting for files is what this is about.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import Row

WEST, NORTH, WIDTH = -12.0, 20.0, 10.0
YEARS = range(2004, 2024)
STUDY = """title = "Made stack"
countries = ["MLI", "MRT", "SEN", "BFA"]
baseline = [2004, 2015]
period = [2016, 2023]
[data]
ndvi = {{ path = "ndvi.tif", first = "2004", scale = 0.0001 }}
cover_series = {{ path = "cover_*.tif", legend = "esa-cci" }}
soil_carbon = {{ path = "soil.tif", units = "t C/ha" }}
climate_zone = "zone.tif"
[land]
sensitivity = {sensitivity}
"""


def _raster(path: Path, side: int, bands: int, dtype: str, nodata: float | None) -> Any:
    import rasterio
    from rasterio.transform import from_origin

    step = WIDTH / side
    return rasterio.open(
        path, "w", driver="GTiff", width=side, height=side, count=bands, dtype=dtype, crs="EPSG:4326", nodata=nodata,
        transform=from_origin(WEST, NORTH, step, step), tiled=True, blockxsize=512, blockysize=512, compress="ZSTD",
        interleave="band", BIGTIFF="YES", num_threads=2,
    )  # fmt: skip


def make(folder: Path, side: int, *, sensitivity: bool) -> None:
    """Write the files of the study, strip by strip."""
    random = np.random.default_rng(5)
    strip = 512
    noise = random.normal(0, 250, (len(YEARS), strip, 1024)).astype("float32")
    with _raster(folder / "ndvi.tif", side, len(YEARS), "int16", -32768) as file:
        for top in range(0, side, strip):
            rows = min(strip, side - top)
            across = np.arange(side, dtype="float32") / side
            level = 2500 + 2500 * (top / side) + 1500 * np.sin(20 * across)
            slope = 60 * np.sin(9 * across + top / side * 7)
            shift = int(random.integers(1024))
            tiled = np.tile(np.roll(noise, shift, axis=2), (1, 1, side // 1024 + 1))[:, :rows, :side]
            for k in range(len(YEARS)):
                file.write((level + k * slope + tiled[k]).astype("int16"), k + 1, window=((top, top + rows), (0, side)))
    codes = np.array([10, 60, 120, 130, 130, 200, 180, 190, 210], "uint8")
    small = np.kron(random.integers(0, codes.size, (side // 100, side // 100)), np.ones((100, 100), "uint8"))
    cover = np.zeros((side, side), "uint8")
    cover[: small.shape[0], : small.shape[1]] = codes[small]
    cover[cover == 0] = 130
    for year in (2004, 2015, 2022):
        with _raster(folder / f"cover_{year}.tif", side, 1, "uint8", None) as file:
            file.write(cover, 1)
        lost = small == 1
        cover[: small.shape[0], : small.shape[1]][lost & (np.indices(small.shape)[1] % 3 == year % 3)] = 10
    with _raster(folder / "soil.tif", side, 1, "float32", -9999) as file:
        file.write((20 + cover % 50).astype("float32"), 1)
    with _raster(folder / "zone.tif", side, 1, "uint8", 0) as file:
        file.write(np.full((side, side), 12, "uint8"), 1)
    (folder / "study.toml").write_text(STUDY.format(sensitivity=str(sensitivity).lower()), encoding="utf-8")


RUN = """
import json, sys, time
from homeground.land.stage import STAGE
from homeground.running.steps import run_stages
from homeground.study.opening import open_study
from pathlib import Path
folder, out = map(Path, sys.argv[1:])
seconds, cpu, at = {}, {}, [time.perf_counter(), "", time.process_time()]
def tick(name):
    now, worked = time.perf_counter(), time.process_time()
    if at[1]:
        seconds[at[1]], cpu[at[1]] = now - at[0], worked - at[2]
    at[:] = [now, name, worked]
for event in run_stages(open_study(folder), [STAGE], out):
    tick(event.step if event.kind == "step" else "")
# Not ru_maxrss: a child begins with that of its parent, and here the parent made the files.
status = Path("/proc/self/status").read_text()
peak = int(status.partition("VmHWM:")[2].split()[0])
print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": peak / 1024}))
"""

COPY = """
import json, sys, time
from pathlib import Path
import rasterio
import zarr
folder, results, out = map(Path, sys.argv[1:])
began = time.perf_counter()
for path in sorted(folder.glob("*.tif")):
    with rasterio.open(path) as source:
        for _, window in source.block_windows(1):
            source.read(window=window)
for name in ("vegetation", "degradation"):
    group = zarr.open_group(results / "land.zarr" / name, mode="r")
    other = zarr.open_group(out / name, mode="w")
    for key, array in group.arrays():
        if array.ndim < 2:
            continue
        twin = other.create_array(key, shape=array.shape, chunks=array.chunks, dtype=array.dtype, fill_value=array.fill_value)
        for top in range(0, array.shape[0], array.chunks[0]):
            for left in range(0, array.shape[1], array.chunks[1]):
                at = (slice(top, top + array.chunks[0]), slice(left, left + array.chunks[1]))
                twin[at] = array[at]
for path in sorted((results / "maps").glob("*.tif")):
    with rasterio.open(path) as source:
        profile = source.profile
        with rasterio.open(out / path.name, "w", **(profile | {"driver": "GTiff", "tiled": True})) as target:
            for _, window in source.block_windows(1):
                target.write(source.read(window=window), window=window)
print(json.dumps({"seconds": time.perf_counter() - began, "cpu": time.process_time()}))
"""


def _python(code: str, *arguments: Path) -> dict[str, Any]:
    words = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 (our own words)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _walks(ours: dict[str, Any], what: str = "seconds") -> float:
    return float(ours[what]["vegetation"] + ours[what]["degradation"])


def run() -> list[Row]:
    side = int(os.environ.get("HOMEGROUND_SIDE", "4000"))
    sensitivity = bool(os.environ.get("HOMEGROUND_SENSITIVITY", ""))
    with tempfile.TemporaryDirectory(dir=os.environ.get("HOMEGROUND_SCRATCH")) as scratch:
        folder, results, copies = (Path(scratch) / name for name in ("made", "results", "copies"))
        folder.mkdir()
        began = time.perf_counter()
        make(folder, side, sensitivity=sensitivity)
        made = time.perf_counter() - began
        turns = []
        for _ in range(int(os.environ.get("HOMEGROUND_TURNS", "3"))):
            shutil.rmtree(results, ignore_errors=True)
            ours = _python(RUN, folder, results)
            copies.mkdir()
            turns.append((ours, _python(COPY, folder, results, copies)))
            shutil.rmtree(copies)
        ours = min((one for one, _ in turns), key=_walks)
        copied = min((one for _, one in turns), key=lambda one: one["seconds"])
        walks, theirs = _walks(ours), copied["seconds"]
        size = sum(path.stat().st_size for path in folder.glob("*.tif")) / 1e9
    cells = side * side / 1e6
    return [
        Row(
            what=(
                f"SDG 15.3.1 file to file, {side} x {side} cells, {len(YEARS)} years, {size:.1f} GB of files; peer: pure "
                "read of the inputs and copy of the outputs, wall clock"
            ),
            ours=cells / walks,
            peer=cells / theirs,
            ratio=theirs / walks,
            must=1 / 2.5,
            aim=1 / 1.5,
            unit="M cells/s",
            agreement=(
                f"{walks:.0f} s (vegetation {ours['seconds']['vegetation']:.0f}, degradation "
                f"{ours['seconds']['degradation']:.0f}) against {theirs:.0f} s: {walks / theirs:.2f} times; CPU "
                f"{_walks(ours, 'cpu'):.0f} against {copied['cpu']:.0f} s; peak memory "
                f"{ours['peak_mb'] / 1024:.2f} GB (must stay below 3 GB); files made in {made:.0f} s"
            ),
        )
    ]
