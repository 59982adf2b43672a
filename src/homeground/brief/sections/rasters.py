# SPDX-License-Identifier: Apache-2.0
"""Grids of classes as coarse as a page can show them; a large grid is read in strides and never whole."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST = 1200  # cells of the longer side of a picture


def coarse_raster(
    store: Path, field: str, *, longest: int = LONGEST
) -> tuple[NDArray[np.integer[Any]], tuple[float, float, float, float]]:
    """Every n-th cell of a field of classes, rows from north to south, and the outer edges in degrees.

    Parameters
    ----------
    store : Path
        Zarr group with latitude and longitude of cell centres.
    field : str
    longest : int
        Most cells of either side.

    Returns
    -------
    (array, (west, south, east, north))
        The class of the middle cell of each block of n x n; the edges are those of the blocks.
    """
    import numpy as np
    import xarray as xr

    from homeground.catalogue.grids.grid import grid_step

    data = xr.open_zarr(store, zarr_format=3, consolidated=False, chunks=None, mask_and_scale=False)
    with data:
        grid = data[field].transpose("latitude", "longitude")
        size = grid_step(grid)
        n = max(1, math.ceil(max(grid.shape) / longest))
        picked = grid[n // 2 :: n, n // 2 :: n] if min(grid.shape) > n // 2 else grid
        west, north = float(grid["longitude"][0]) - size / 2, float(grid["latitude"][0]) + size / 2
        values = np.asarray(picked.values)
    east, south = west + size * n * values.shape[1], north - size * n * values.shape[0]
    return values, (west, south, east, north)
