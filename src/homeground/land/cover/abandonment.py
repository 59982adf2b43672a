# SPDX-License-Identifier: Apache-2.0
"""Cropland that lies out of use for years, and the greening that follows: not by itself an improvement of the land."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING
from homeground.errors import DataError
from homeground.land.classes import classes_of
from homeground.land.cover.land_cover import UNCCD_CLASSES
from homeground.numbers.units import same_grid

CROPLAND = 3
_LOST = (5, 7)  # built over or under water: another use, not abandonment


def abandoned_cropland(cover: xr.DataArray, *, least_years: int = 4) -> xr.Dataset:
    """Which cropland has gone out of use for years and is still so, by land cover.

    Parameters
    ----------
    cover : DataArray with dimension ``year``
        Land cover of every year in the seven classes, -128 missing.
    least_years : int
        Years without cropland, up to the last year, that count. Four or more tell abandonment from fallow.

    Returns
    -------
    Dataset
        ``abandoned``, int8: 1 abandoned, 0 not (also land that never was cropland, was built over, or lies under
        water), -128 if the last year, or all before it, are missing. ``since``: first year out of use, NaN elsewhere.

    Raises
    ------
    DataError
        Years with gaps, fewer than ``least_years`` + 1, or values that are no class.

    Notes
    -----
    Abandoned = cropland in some year, then tree cover, grassland, wetland or other land in each of the last
    ``least_years`` years or more. A missing year ends the run: what was not seen does not count as out of use. Maps of
    cover confuse fallow, grassland and cropland; check the result against places that are known.
    Four years is an expert default, unverified: a shorter rest is often a fallow in the rotation.

    Examples
    --------
    >>> import xarray as xr
    >>> found = abandoned_cropland(xr.DataArray([[3], [2], [2], [2], [2]], {"year": range(2018, 2023)}, ("year", "x")))
    >>> found["abandoned"].values.tolist(), found["since"].values.tolist()
    ([1], [2019.0])
    """
    years = _years(cover, least_years)

    def use(values: NDArray[Any]) -> NDArray[np.int8]:
        known = classes_of(values, tuple(UNCCD_CLASSES), "cover", "Bring it there with to_unccd first.")
        # 1 in use as cropland, 0 out of use, -1 another use, -128 missing
        return np.select([known == MISSING, known == CROPLAND, np.isin(known, _LOST)], [MISSING, 1, -1], 0).astype(
            np.int8
        )

    state: xr.DataArray = xr.apply_ufunc(use, cover, dask="parallelized", output_dtypes=[np.int8])
    return _runs(state, years, least_years)


def unused_cropland(
    ndvi_range: xr.DataArray, cropland: xr.DataArray, *, least_years: int = 4, share: float = 0.5, first_years: int = 3
) -> xr.Dataset:
    """Which cropland no longer shows the yearly rise and fall of a crop, by a vegetation index.

    Parameters
    ----------
    ndvi_range : DataArray with dimension ``year``
        Highest minus lowest NDVI within each year; NaN missing.
    cropland : DataArray of bool
        Cropland in the first years.
    least_years : int
        As in `abandoned_cropland`.
    share : float
        A year is out of use where its range is below this share of the mean range of the first years. 0.5 is an
        expert default, unverified.
    first_years : int
        How many years stand for cropping as it was.

    Returns
    -------
    Dataset
        ``abandoned`` and ``since`` as in `abandoned_cropland`; 0 outside ``cropland``.

    Raises
    ------
    DataError
        Years with gaps or too few, grids that differ, or a share outside 0 to 1.

    Notes
    -----
    Drought also flattens a year: a run of four dry years looks like abandonment. Read it beside the rain.

    Examples
    --------
    >>> import xarray as xr
    >>> span = xr.DataArray([[0.6], [0.6], [0.6], [0.1], [0.1], [0.2], [0.1]], {"year": range(2014, 2021)}, ("year", "x"))
    >>> unused_cropland(span, xr.DataArray([True], dims="x"))["since"].values.tolist()
    [2017.0]
    """
    years = _years(ndvi_range, least_years)
    if not 0 < share < 1:
        raise DataError(f"share is {share:g}; a number between 0 and 1 was expected.")
    if years.size < first_years + least_years:
        raise DataError(f"{years.size} years; at least {first_years} + {least_years} were expected.")
    same_grid(cropland, ndvi_range)
    usual = ndvi_range.isel(year=slice(0, first_years)).mean("year")
    low = (ndvi_range < share * usual).astype(np.int8)
    state = (1 - low).where(ndvi_range.notnull() & usual.notnull(), MISSING)
    early = xr.DataArray(np.arange(years.size) < first_years, {"year": years}, ("year",))
    state = state.where(~(early & cropland), 1)  # the first years are cropland by what was given
    return _runs(state.where(cropland, -1).astype(np.int8), years, least_years)


def not_improved_by_abandonment(
    change: xr.DataArray, abandoned: xr.DataArray, confirmed: xr.DataArray | None = None
) -> xr.DataArray:
    """Improvement without that which is only abandoned cropland turning green.

    Parameters
    ----------
    change : DataArray
        -1, 0, 1 of any sub-indicator or of `degradation`; -128 missing.
    abandoned : DataArray
        ``abandoned`` of `abandoned_cropland`: 1, 0, -128.
    confirmed : DataArray of bool, optional
        Where someone has confirmed that the land recovers (rewilding by plan, set-aside, restoration).

    Returns
    -------
    DataArray, int8
        As ``change``, but 0 (stable) where it was 1, the cropland is abandoned and nobody confirmed. Loss stays loss.

    Raises
    ------
    DataError
        Grids differ, or a value is not a class.

    Notes
    -----
    Shrubs on fields that people left look like recovery in NDVI; whether the land improved needs a judgement on the
    spot (a false positive in the terms of the UNCCD manual, SO1-4.T3).

    Examples
    --------
    >>> import xarray as xr
    >>> not_improved_by_abandonment(xr.DataArray([1, 1, -1]), xr.DataArray([1, 0, 1])).values.tolist()
    [0, 1, -1]
    """
    confirmed = xr.zeros_like(change, dtype=bool) if confirmed is None else confirmed
    same_grid(change, abandoned, confirmed)

    def judge(sign: NDArray[Any], left: NDArray[Any], sure: NDArray[Any]) -> NDArray[np.int8]:
        known = classes_of(sign, (-1, 0, 1), str(change.name or "change"))
        gone = classes_of(left, (0, 1), "abandoned") == 1
        return np.where((known == 1) & gone & ~sure.astype(bool), 0, known).astype(np.int8)

    result: xr.DataArray = xr.apply_ufunc(
        judge, change, abandoned, confirmed, join="exact", dask="parallelized", output_dtypes=[np.int8]
    )
    return result.rename(change.name).assign_attrs(
        {**change.attrs, "abandonment": "greening of abandoned cropland is stable"}
    )


def _years(series: xr.DataArray, least_years: int) -> NDArray[np.int64]:
    if "year" not in series.dims or "year" not in series.coords:
        raise DataError(f"the series has the dimensions {series.dims}; a dimension and coordinate 'year' was expected.")
    years: NDArray[np.int64] = series["year"].values
    if least_years < 1 or years.size < least_years + 1 or not (np.diff(years) == 1).all():
        raise DataError(f"years are {years.tolist()}; {least_years + 1} or more without gaps were expected.")
    return years


def _runs(state: xr.DataArray, years: NDArray[np.int64], least_years: int) -> xr.Dataset:
    """Runs of 0 at the end of each series, after a 1."""

    def follow(series: NDArray[np.int8]) -> NDArray[np.float64]:
        run = np.zeros(series.shape[:-1], np.int32)
        cropped = np.zeros(run.shape, bool)
        for k in range(series.shape[-1]):
            now = series[..., k]
            run = np.where((now == 0) & cropped, run + 1, 0)
            cropped = np.where(now == -1, False, cropped | (now == 1))
        since = np.where(run >= least_years, years[-1] - run + 1.0, 0.0)
        unknown = (series[..., -1] == MISSING) | (series[..., :-1] == MISSING).all(axis=-1)
        return np.where(unknown, np.nan, since)

    if state.chunks is not None:
        state = state.chunk(year=-1)
    found: xr.DataArray = xr.apply_ufunc(
        follow, state, input_core_dims=[["year"]], dask="parallelized", output_dtypes=[np.float64]
    )
    abandoned = (found > 0).astype(np.int8).where(found.notnull(), MISSING).astype(np.int8)
    attrs = {"long_name": "abandoned cropland", "flag_values": [0, 1], "flag_meanings": "no yes", "missing": MISSING}
    return xr.Dataset(
        {
            "abandoned": abandoned.assign_attrs(**attrs, least_years=least_years),
            "since": found.where(found > 0).assign_attrs(long_name="first year out of use", units="year"),
        }
    )
