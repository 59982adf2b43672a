# SPDX-License-Identifier: Apache-2.0
"""What is planted in own land: cover, vegetation and rain of each cell and year, by what its district is made to do."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

YEARS = np.arange(2000, 2024)  # of the vegetation index
COVER_YEARS = np.arange(2001, 2023)
RAIN_YEARS = np.arange(1994, 2024)
PEOPLE_YEARS, PEOPLE_GROWTH = np.array([2010, 2015, 2020]), 0.035

# ESA CCI: rainfed cropland, shrubland, grassland, urban, bare, water.
CROPS, SHRUBS, GRASS, TOWN, BARE, LAKE = 10, 120, 130, 190, 200, 210
NDVI_OF = {CROPS: 0.34, SHRUBS: 0.32, GRASS: 0.28, TOWN: 0.18, BARE: 0.12}
CARBON_OF = {CROPS: 14.0, SHRUBS: 20.0, GRASS: 18.0, TOWN: 9.0, BARE: 6.0, LAKE: 0.0}  # t C/ha

# Dry and wet years that all districts share, 1994 to 2023, without a trend: the last three years of both assessments
# (2013-2015, 2021-2023) are usual ones. Little of it is in the vegetation: where all cells of a district rise and fall as one,
# no share of it can be told from chance, for it is all or nothing.
WEATHER = np.array([
    0.6, -0.4, 0.3, -1.0, 0.8, 0.2,
    -0.7, 0.4, -0.3, 0.9, -1.1, 0.6, 0.1, -0.5, 1.0, -1.2, 0.7, -0.1,
    0.5, 0.2, -0.2, 0.1, 0.8, -0.9, -0.3, 1.1, -0.6, 0.3, -0.1, 0.0,
])  # fmt: skip
WEATHER_ON_NDVI, WEATHER_ON_RAIN = 0.02, 0.15  # what one unit of it does, as a share
MILD, STRONG = 0.05, 0.30  # standard deviation of the noise of a cell and year, as a share of its NDVI
NORMAL_RAIN = (0, 0, 0, 3, 15, 45, 120, 160, 65, 8, 0, 0)  # mm/month in the middle of the box
DROUGHT_YEARS, DROUGHT_RAIN = (2011, 2014), 0.5
LAKE_IN = 8  # number of the district, from 0
LEFT_YEARS = (2012, 2015)  # fields are left in one of these years


def planted_cover(planted: NDArray[Any], district: NDArray[Any], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Land cover of each year: a mosaic that stays, but for fields that are left.

    Parameters
    ----------
    planted, district : arrays, dims (row, column)
        What is planted in each cell, and the number of its district.
    rng : numpy Generator

    Returns
    -------
    array of uint8, dims (year, row, column)
        Codes of ESA CCI, 2001 to 2022. In each district 45 % cropland, 30 % grassland, 17 % shrubs and 8 % bare, less a town
        of four cells; a lake in the ninth. Fields that are left turn to grassland.

    Examples
    --------
    >>> cover = planted_cover(np.full((8, 8), "abandoned"), np.zeros((8, 8), int), np.random.default_rng(1))
    >>> bool((cover[0] == CROPS).any()), bool((cover[-1] == CROPS).any())
    (True, False)
    """
    field = gaussian_filter(rng.normal(size=district.shape), 1.5)
    first = np.zeros(district.shape, "uint8")
    for one in np.unique(district):
        here = district == one
        rank = field[here].argsort().argsort() / here.sum()
        first[here] = np.select([rank < 0.45, rank < 0.75, rank < 0.92], [CROPS, GRASS, SHRUBS], BARE)
        row, column = (int(np.median(axis)) for axis in np.nonzero(here))
        first[row : row + 2, column : column + 2] = TOWN
        if one == LAKE_IN:
            first[row + 4 : row + 7, column - 6 : column - 1] = LAKE
    left = (first == CROPS) & (planted == "abandoned")
    since = np.where(left, rng.integers(*LEFT_YEARS, size=first.shape, endpoint=True), 9999)
    return np.where(COVER_YEARS[:, None, None] >= since, np.uint8(GRASS), first)


def planted_ndvi(planted: NDArray[Any], cover: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float64]:
    """NDVI of each year: what grows on its cover and place, times the weather, the planted course, and noise.

    Parameters
    ----------
    planted : array, dims (row, column)
    cover : array, dims (year, row, column)
        Of `planted_cover`.
    rng : numpy Generator

    Returns
    -------
    array, dims (year, row, column), dimensionless
        2000 to 2023; NaN on water and, as if clouded, in one of 200 values elsewhere.

    Examples
    --------
    >>> cover = np.full((22, 4, 4), GRASS, "uint8")
    >>> ndvi = planted_ndvi(np.full((4, 4), "loses"), cover, np.random.default_rng(1))
    >>> mean = np.nanmean(ndvi, axis=(1, 2))
    >>> bool(mean[-1] < 0.5 * mean[:12].mean())
    True
    """
    since = YEARS[:, None, None]
    weather = 1 + WEATHER_ON_NDVI * WEATHER[-YEARS.size :, None, None]
    usual = by_class(NDVI_OF | {LAKE: np.nan}, cover[0]) * places(planted.shape, rng)
    left_in = np.where(cover == cover[0], 9999, COVER_YEARS[:, None, None]).min(axis=0)
    course = np.select(
        [planted == "loses", planted == "recovers", left_in < 9999],
        [
            1 - 0.027 * (since - 2000),  # 38 % are left in 2023
            0.55 + 0.0225 * (since - 2000),
            1 + 0.04 * np.clip(since - left_in + 1, 0, None),
        ],
        1.0,
    )
    noise = np.where(planted == "noise", STRONG, MILD) * rng.normal(size=(YEARS.size, *planted.shape))
    ndvi: NDArray[np.float64] = np.clip(usual * weather * course * (1 + noise), 0.02, 0.95)
    return np.where(rng.random(ndvi.shape) < 0.005, np.nan, ndvi)


def planted_rain(planted: NDArray[Any], rng: np.random.Generator) -> NDArray[np.float64]:
    """Rain of each month: one rainy season, less in the north, the weather of the year, and the planted drought.

    Parameters
    ----------
    planted : array, dims (row, column)
    rng : numpy Generator

    Returns
    -------
    array, dims (month, row, column), mm/month
        January 1994 to December 2023.

    Examples
    --------
    >>> rain = planted_rain(np.array([["drought", "stable"]]), np.random.default_rng(1))
    >>> dry = rain[12 * 17 : 12 * 21].sum(axis=0) / 4  # 2011 to 2014
    >>> bool(dry[0, 0] < 0.7 * dry[0, 1])
    True
    """
    rows, columns = planted.shape
    north_to_south = np.linspace(0.75, 1.25, rows)[:, None]
    first, last = DROUGHT_YEARS
    dry = ((first <= RAIN_YEARS) & (last >= RAIN_YEARS))[:, None, None] & (planted == "drought")
    year = (1 + WEATHER_ON_RAIN * WEATHER)[:, None, None] * np.where(dry, DROUGHT_RAIN, 1.0) * north_to_south
    month = np.array(NORMAL_RAIN)[None, :, None, None] * rng.gamma(25, 1 / 25, (RAIN_YEARS.size, 12, rows, columns))
    rain: NDArray[np.float64] = (year[:, None] * month).reshape(-1, rows, columns)
    return rain


def planted_people(district: NDArray[Any], people: list[int]) -> NDArray[np.float64]:
    """People of each cell and year: as many in each district as its table says in 2020, most of them near its middle.

    Parameters
    ----------
    district : array of int, dims (row, column)
        Number of the district of each cell; -1 outside all.
    people : list of int
        Of each district in 2020.

    Returns
    -------
    array, dims (year, row, column), persons
        2010, 2015 and 2020; -1 outside all districts.

    Examples
    --------
    >>> planted_people(np.array([[0, 0, 1], [0, 0, -1]]), [900, 50])[-1].round().tolist()
    [[225.0, 225.0, 50.0], [225.0, 225.0, -1.0]]
    """
    found = np.full((PEOPLE_YEARS.size, *district.shape), -1.0)
    growth = np.power(1 + PEOPLE_GROWTH, PEOPLE_YEARS - PEOPLE_YEARS[-1]).reshape(-1, 1)
    for number, total in enumerate(people):
        here = district == number
        down, right = np.nonzero(here)
        away = np.hypot(down - down.mean(), right - right.mean())
        near = np.exp(-away / 4) + 0.1
        found[:, here] = growth * total * near / near.sum()
    return found


def places(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float64]:
    """Better and poorer places: a smooth field between 0.85 and 1.15 that vegetation and carbon are multiplied by.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns.
    rng : numpy Generator

    Returns
    -------
    array, dimensionless

    Examples
    --------
    >>> field = places((20, 30), np.random.default_rng(1))
    >>> bool((field >= 0.85).all() and (field <= 1.15).all())
    True
    """
    field = gaussian_filter(rng.normal(size=shape), 4.0)
    return np.asarray(1 + 0.05 * np.clip(field / field.std(), -3, 3))


def by_class(values: dict[int, float], cover: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The value of each cell by its cover; NaN where the class has none.

    Parameters
    ----------
    values : dict of int to float
        A value for each code of ESA CCI.
    cover : array of uint8

    Returns
    -------
    array, shape of ``cover``

    Examples
    --------
    >>> by_class({GRASS: 18.0}, np.array([GRASS, LAKE], "uint8")).tolist()
    [18.0, nan]
    """
    return np.select([cover == code for code in values], list(values.values()), np.nan)
