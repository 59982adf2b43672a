# SPDX-License-Identifier: Apache-2.0
"""Rasters of the embedded atlas, read by window: one file holds the land of the globe, a study asks for its own degrees."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import rasterio
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue import atlas_files
from homeground.catalogue.classes import MISSING
from homeground.errors import CatalogueError

BESIDE = 2  # cells read beyond the bounds, so that values between centres can be told up to them
SAID = ("source", "licence", "citation", "period", "kind", "caveat")


def layer(name: str, bounds: Sequence[float]) -> xr.DataArray:
    """One raster of the atlas with its unit, source, licence, period, kind and caveat.

    Parameters
    ----------
    name : str
        "rain" (mm/month), "temperature" (degC), "cover" (IGBP class), "vegetation_max", "vegetation_min" (NDVI),
        "elevation" (m).
    bounds : (west, south, east, north), degrees
        What is asked for; two cells more on every side are read. Longitudes may run beyond 180 degrees or -180, as they do
        in a country on both sides of that meridian.

    Returns
    -------
    DataArray, dims (month, latitude, longitude) or (latitude, longitude)
        Cell centres in degrees, latitude from north to south; month 1 to 12. NaN where missing; land cover is int8
        with -128 where missing (attribute ``_FillValue``).

    Raises
    ------
    CatalogueError
        No such layer, or the bounds lie wholly beyond its ends at 60 degrees south and 84 north.

    Examples
    --------
    >>> rain = layer("rain", (0.0, 11.0, 16.0, 24.0))
    >>> rain.dims, rain.attrs["units"]
    (('month', 'latitude', 'longitude'), 'mm/month')
    >>> niamey = rain.sel(latitude=13.5, longitude=2.1, method="nearest")
    >>> bool(450 < niamey.sum() < 650)
    True
    """
    rasters = {row["layer"]: row for row in atlas_files.rows("layers.csv") if row["file"].endswith(".tif")}
    if name not in rasters:
        raise CatalogueError(f"the embedded atlas has no layer {name!r}; layers are {', '.join(rasters)}.")
    row = rasters[name]
    with rasterio.open(atlas_files.path(row["file"])) as source:
        stored, west, north, cell = _window(source, name, bounds)
        nodata, scale, offset = source.nodata, source.scales[0], source.offsets[0]
        tags = source.tags()
    missing = stored == nodata
    if name == "cover":
        values = np.where(missing, MISSING, stored.astype("int16")).astype("int8")
    else:
        # Rounding takes away the noise of a decimal scale: 123 x 0.1 is 12.3, not 12.300000000000001.
        # NDVI is stored by codes, whose values stand in the file: fine steps where it is low.
        table = np.array([float(value) for value in tags.get("values", "").split()])
        told = table[np.where(missing, 0, stored)] if table.size else np.round(stored * scale + offset, 6)
        values = np.where(missing, np.nan, told)
    rows, columns = values.shape[1:]
    coordinates = {
        "latitude": np.round(north - cell * (np.arange(rows) + 0.5), 7),
        "longitude": np.round(west + cell * (np.arange(columns) + 0.5), 7),
    }
    attrs: dict[str, object] = {"units": row["unit"], "long_name": tags["long_name"], **{key: row[key] for key in SAID}}
    if name == "cover":
        attrs["_FillValue"] = MISSING
    if len(values) == 12:
        months = {"month": np.arange(1, 13)} | coordinates
        return xr.DataArray(values, months, ("month", "latitude", "longitude"), name=name, attrs=attrs)
    return xr.DataArray(values[0], coordinates, ("latitude", "longitude"), name=name, attrs=attrs)


def _window(source: Any, name: str, bounds: Sequence[float]) -> tuple[NDArray[Any], float, float, float]:
    """What the file holds of the bounds, with the outer edges to the west and north and the size of a cell."""
    west, south, east, north = bounds
    place = source.transform
    cell = place.a
    top = max(math.floor(round((place.f - north) / cell, 6)) - BESIDE, 0)
    bottom = min(math.ceil(round((place.f - south) / cell, 6)) + BESIDE, source.height)
    left = math.floor(round((west - place.c) / cell, 6)) - BESIDE
    right = math.ceil(round((east - place.c) / cell, 6)) + BESIDE
    if bottom - top <= BESIDE or right <= left:
        lowest = place.f - cell * source.height
        raise CatalogueError(
            f"the embedded atlas holds {name} from latitude {lowest:g} to {place.f:g}; {south:g} to {north:g} was asked "
            "for. Give your own layers in [data] of the study file."
        )
    pieces = [source.read(window=((top, bottom), (start, stop))) for start, stop in _around(left, right, source.width)]
    return np.concatenate(pieces, axis=2), place.c + left * cell, place.f - top * cell, cell


def _around(left: int, right: int, width: int) -> Iterator[tuple[int, int]]:
    """Columns of a file that goes once around the globe, for a window that may run past its edge.

    Examples
    --------
    >>> list(_around(5, 9, 10)), list(_around(8, 13, 10)), list(_around(-2, 3, 10))
    ([(5, 9)], [(8, 10), (0, 3)], [(8, 10), (0, 3)])
    """
    at = left
    while at < right:
        start = at % width
        stop = min(start + right - at, width)
        yield start, stop
        at += stop - start
