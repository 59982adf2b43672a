# SPDX-License-Identifier: Apache-2.0
"""Months of growth of rain-fed crops, a layer of the embedded atlas: first and last month of each crop on half degrees.

The package is MIT, the calendar CC BY 4.0; its pin is the row ``growing_season`` of ``layers.csv``.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin
from scipy.ndimage import distance_transform_edt

CROPS = ("barley", "cotton", "groundnuts", "maize", "millet", "rice", "sorghum", "spring wheat", "winter wheat")
STEP, ROWS, COLUMNS = 0.5, 360, 720
REACH = 2  # cells: a coast that the calendar's cells miss has the months of the nearest


def month_of(day: NDArray[Any]) -> NDArray[np.uint8]:
    """Month of a day of a year of 365 days.

    Examples
    --------
    >>> month_of(np.array([1, 31, 32, 59, 60, 365])).tolist()
    [1, 1, 2, 2, 3, 12]
    """
    ends = np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    found: NDArray[np.uint8] = (np.searchsorted(ends, day) + 1).astype(np.uint8)
    return found


def bands(data: bytes) -> NDArray[np.uint8]:
    """First and last month of each crop, north first; 0 where nothing is known within two cells."""
    calendar = pd.read_parquet(io.BytesIO(data))
    rows = calendar[(calendar["system"] == "rf") & (calendar["season_id"] == 1)]
    out = np.zeros((2 * len(CROPS), ROWS, COLUMNS), np.uint8)
    for k, crop in enumerate(CROPS):
        own = rows[rows["crop_name"].str.lower() == crop]
        if own.empty or own.duplicated(["lat", "lon"]).any():
            raise ValueError(f"one rain-fed season of {crop} was expected for each cell")
        at = (
            ((90 - own["lat"].to_numpy("float64")) / STEP).astype(int),
            ((own["lon"].to_numpy("float64") + 180) / STEP).astype(int),
        )
        for band, column in ((2 * k, "planting_day"), (2 * k + 1, "maturity_day")):
            out[band][at] = month_of(own[column].to_numpy("int64"))
        far, (row, column_at) = distance_transform_edt(out[2 * k] == 0, return_indices=True)
        near = (far > 0) & (far <= REACH)
        for band in (2 * k, 2 * k + 1):
            out[band][near] = out[band][row[near], column_at[near]]
    return out


def write(file: Path, values: NDArray[np.uint8], row: dict[str, str]) -> None:
    profile: dict[str, Any] = {
        "driver": "GTiff", "dtype": "uint8", "count": len(values), "height": ROWS, "width": COLUMNS, "crs": "EPSG:4326",
        "transform": from_origin(-180, 90, STEP, STEP), "nodata": 0, "compress": "ZSTD", "zstd_level": 22,
        "tiled": True, "blockxsize": 256, "blockysize": 256, "interleave": "pixel",
    }  # fmt: skip
    with rasterio.open(file, "w", **profile) as target:
        target.write(values)
        target.descriptions = [f"{crop}, {end} month" for crop in CROPS for end in ("first", "last")]
        keys = ("source", "licence", "citation", "period", "kind", "caveat", "unit")
        target.update_tags(layer="growing_season", **{key: row[key] for key in keys})
