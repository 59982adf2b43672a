# SPDX-License-Identifier: Apache-2.0
"""Months in which plants grow: said by the study for all its land, or those of a rain-fed crop at each place."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import rasterio
from numpy.typing import NDArray

from homeground.catalogue import atlas_files
from homeground.catalogue.grids.grid import Grid
from homeground.errors import CatalogueError

FILE, STEP = "growing_season.tif", 0.5
Months = tuple[NDArray[np.int8], NDArray[np.int8]]


@lru_cache(maxsize=1)
def crops() -> tuple[str, ...]:
    """Rain-fed crops whose months of growth are embedded.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> "millet" in crops(), len(crops())
    (True, 9)
    """
    with rasterio.open(atlas_files.path(FILE)) as source:
        return tuple(text.removesuffix(", first month") for text in source.descriptions if text.endswith("first month"))


def growing_months(season: str | tuple[int, int], grid: Grid) -> Months:
    """First and last month of growth at each cell of a grid in degrees.

    Parameters
    ----------
    season : str or (int, int)
        One of `crops`, or the first and the last month (1 to 12) of all land; a first after the last passes the turn of
        the year.
    grid : Grid
        Cells of 0.5 degrees or finer; larger ones take the months at their centre.

    Returns
    -------
    first, last : arrays of int8, shape of the grid
        Months, 1 to 12; 0 where the calendar has none (sea, ice).

    Raises
    ------
    CatalogueError
        No such crop, or a month that is none.

    Notes
    -----
    Planting and maturity of one rain-fed season: GGCMI phase 3 crop calendar (Jägermeyr et al. 2021, Nature Food 2: 873-885,
    doi 10.1038/s43016-021-00400-y), also where the crop is not grown. The month of a day, both ends counted.

    Examples
    --------
    >>> niamey = Grid(2.1, 13.6, 0.1, 1, 1)
    >>> [int(months[0, 0]) for months in growing_months("millet", niamey)]
    [6, 11]
    >>> growing_months((10, 4), niamey)[0].tolist()
    [[10]]
    """
    if isinstance(season, str):
        if season not in crops():
            raise CatalogueError(
                f"the embedded calendar has no crop {season!r}; it has {', '.join(crops())}. Name one, or the first and "
                "the last month, such as [6, 10]."
            )
        world = _calendar(season)
        latitude = grid.north - grid.step * (np.arange(grid.rows) + 0.5)
        longitude = grid.west + grid.step * (np.arange(grid.columns) + 0.5)
        row = ((90 - latitude) / STEP).astype(int).clip(0, world.shape[1] - 1)
        column = np.floor((longitude + 180) / STEP).astype(int) % world.shape[2]  # grids may pass the antimeridian
        first, last = world[:, row[:, None], column]
        return first, last
    if not all(1 <= month <= 12 for month in season):
        raise CatalogueError(f"months of growth are {list(season)}; 1 to 12 was expected of both.")
    return np.full(grid.shape, season[0], np.int8), np.full(grid.shape, season[1], np.int8)


@lru_cache(maxsize=4)
def _calendar(crop: str) -> NDArray[np.int8]:
    """First and last month of a crop on all half degrees, north first, from 180 W on; a band is 260 kB."""
    band = 2 * crops().index(crop) + 1
    with rasterio.open(atlas_files.path(FILE)) as source:
        values: NDArray[np.int8] = source.read([band, band + 1]).astype(np.int8)
    return values
