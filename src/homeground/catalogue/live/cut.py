# SPDX-License-Identifier: Apache-2.0
"""What was fetched, as a compact GeoTIFF on the box of the study: dated bands, units, a missing value that is said."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.io import DatasetReader
from rasterio.transform import Affine
from rasterio.warp import Resampling, reproject, transform_bounds

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.live.troubles import DamagedError

TILE = 256
WARPING = Lock()  # rasterio mutes a warning of its own meanwhile, for all threads


def write_cog(
    path: Path,
    bands: Iterable[NDArray[Any]],
    labels: Sequence[str],
    grid: Grid,
    *,
    nodata: float,
    dtype: str,
    units: str = "",
    scale: float = 1.0,
    tags: dict[str, str] | None = None,
) -> Path:
    """Write bands as a cloud-optimised GeoTIFF; until it is whole it lies under another name.

    Parameters
    ----------
    path : Path
    bands : iterable of array, shape (rows, columns)
        Stored values, one after the other.
    labels : sequence of str
        Date of each band, such as "1994-01".
    grid : Grid
    nodata : float
        Stored value that means missing.
    dtype, units, scale
        Of the stored values; ``scale`` is what they are multiplied by.
    tags : dict, optional
        What else the file says of itself, such as its source.

    Returns
    -------
    Path
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    raw, whole = path.with_name(path.name + ".raw.part"), path.with_name(path.name + ".part")
    # Three or four bands of bytes would be taken for a picture.
    side = {"blockxsize": TILE, "blockysize": TILE, "photometric": "MINISBLACK", "alpha": "NO"}
    try:
        with rasterio.open(
            raw, "w", driver="GTiff", width=grid.columns, height=grid.rows, count=len(labels), dtype=dtype,
            nodata=nodata, crs="EPSG:4326", transform=grid.transform, tiled=True, compress="deflate", zlevel=1,
            interleave="band", bigtiff="if_safer", sparse_ok=True, **side,
        ) as file:  # fmt: skip
            for n, band in enumerate(bands, start=1):
                file.write(band.astype(dtype, copy=False), n)
            file.descriptions = tuple(labels)
            if units:
                file.units = [units] * len(labels)
            if scale != 1.0:
                file.scales = [scale] * len(labels)
            file.update_tags(**(tags or {}))
        # The driver COG mixes all bands into one block, which makes a series slow to read: its layout, written by GTiff.
        rasterio.shutil.copy(
            raw, whole, driver="GTiff", copy_src_overviews="YES", tiled="YES", interleave="BAND", compress="DEFLATE",
            zlevel=9, predictor=3 if dtype.startswith("float") else 2, bigtiff="IF_SAFER", **side,
        )  # fmt: skip
        whole.replace(path)
    finally:
        raw.unlink(missing_ok=True)
        whole.unlink(missing_ok=True)
    return path


def window(source: DatasetReader, grid: Grid, address: str, *, nodata: float, band: int = 1) -> NDArray[Any]:
    """Stored values of a raster of longitude and latitude at the cells of a grid on the same grid.

    Cells of the grid that the raster does not reach are missing.

    Raises
    ------
    DamagedError
        It is of another grid than the source is known to have: its form changed.
    """
    t = source.transform
    off = (grid.west - t.c) / grid.step, (t.f - grid.north) / grid.step
    geographic = source.crs is None or source.crs.is_geographic
    if not geographic or abs(t.a - grid.step) > 1e-4 * grid.step or any(abs(x - round(x)) > 0.02 for x in off):
        raise DamagedError(
            f"{address}: cells of {grid.step:.6g} degrees on the known grid were expected, found {t.a:.6g} from "
            f"{t.c:.6g}, {t.f:.6g}. The provider changed it; report it, and give the layer yourself."
        )
    left, top = round(off[0]), round(off[1])
    columns = slice(max(left, 0), min(left + grid.columns, source.width))
    rows = slice(max(top, 0), min(top + grid.rows, source.height))
    found = np.full((grid.rows, grid.columns), nodata, source.dtypes[band - 1])
    if rows.start < rows.stop and columns.start < columns.stop:
        place = np.s_[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
        found[place] = source.read(band, window=((rows.start, rows.stop), (columns.start, columns.stop)))
    return found


def warped(
    source: DatasetReader,
    grid: Grid,
    *,
    nodata: float,
    dtype: str,
    method: str = "nearest",
    missing: float | None = None,
) -> NDArray[Any]:
    """Values of the first band of a raster of any coordinate system at the cells of a grid.

    Parameters
    ----------
    source : open raster
    grid : Grid
    nodata : float
        Of the result.
    dtype : str
        Of the result.
    method : str
        Of `rasterio.warp.Resampling`.
    missing : float, optional
        Of the source, where it does not say itself.
    """
    found = np.full((grid.rows, grid.columns), nodata, dtype)
    crs, t = source.crs or "EPSG:4326", source.transform
    west, south, east, north = transform_bounds("EPSG:4326", crs, *grid.bounds, densify_pts=51)
    edge = 2  # cells around, so that a mean on the border has all of its cells
    left, right = math.floor((west - t.c) / t.a) - edge, math.ceil((east - t.c) / t.a) + edge
    top, bottom = math.floor((north - t.f) / t.e) - edge, math.ceil((south - t.f) / t.e) + edge
    left, right = max(left, 0), min(right, source.width)
    top, bottom = max(top, 0), min(bottom, source.height)
    if left >= right or top >= bottom:
        return found
    # Read first: a file that is still being fetched is read by one thread at a time, warping has several.
    values = source.read(1, window=((top, bottom), (left, right)))
    with WARPING:
        reproject(
            values, found, src_transform=t * Affine.translation(left, top), src_crs=crs, dst_transform=grid.transform,
            dst_crs="EPSG:4326", dst_nodata=nodata, src_nodata=source.nodata if missing is None else missing,
            resampling=Resampling[method],
        )  # fmt: skip
    return found
