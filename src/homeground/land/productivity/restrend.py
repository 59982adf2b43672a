# SPDX-License-Identifier: Apache-2.0
"""What vegetation does beyond what rain explains: residual trends, and yield per unit of rain or of water used."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.errors import DataError
from homeground.land.productivity.trend import MIN_YEARS, Autocorrelation, Significance, trend
from homeground.numbers.rounding import rounding
from homeground.numbers.units import require_units, same_grid, without_attrs

_YEARLY = ("mm/year", "mm year-1", "mm yr-1", "mm/yr", "mm a-1", "mm per year")


def rain_residual(ndvi: xr.DataArray, rain: xr.DataArray, dim: str = "year") -> xr.Dataset:
    """How much greener or barer each year was than that year's rain lets expect, cell by cell.

    Parameters
    ----------
    ndvi : DataArray, dims (``dim``, ...), dimensionless
        A vegetation index, one value a year.
    rain : DataArray, same grid and years, "mm/year"
        Rain of the year or of the growing season.
    dim : str
        The dimension of the years.

    Returns
    -------
    Dataset of float64
        ``residual`` (dims of ``ndvi``, dimensionless), ``rain_slope`` (index per mm/year), ``rain_intercept`` (index)
        and ``r2`` (share of the variance that rain explains, 0 to 1). A year without one of the two is left out; NaN
        where fewer than 8 years are left or rain is the same every year (``r2`` also where the index is).

    Raises
    ------
    DataError
        Units, grids or years differ from what is expected, or there are fewer than 8 years.

    Notes
    -----
    Least squares NDVI_t = a + b P_t; residual_t = NDVI_t - a - b P_t, 0 where nothing but rounding is left. Where
    degradation also weakens the answer to rain, the residuals hide part of it: look at ``r2`` before trusting them.
    Source: Evans and Geerken (2004), Journal of Arid Environments 57: 535-554; Wessels, van den Bergh and Scholes
    (2012), Remote Sensing of Environment 125: 10-22.

    Examples
    --------
    >>> import xarray as xr
    >>> years = {"year": range(2001, 2009)}
    >>> rain = xr.DataArray([100.0, 200, 300, 400, 100, 200, 300, 400], years, attrs={"units": "mm/year"})
    >>> ndvi = (0.1 + 0.001 * rain).assign_attrs(units="1")
    >>> fit = rain_residual(ndvi, rain)
    >>> round(fit.rain_slope.item(), 6), round(fit.r2.item(), 6), bool((abs(fit.residual) < 1e-12).all())
    (0.001, 1.0, True)
    """
    require_units(ndvi, "1")
    _yearly(rain)
    for series in (ndvi, rain):
        if dim not in series.dims:
            raise DataError(f"{series.name or 'a series'} has dimensions {tuple(series.dims)}, {dim!r} was expected.")
    same_grid(ndvi, rain)
    if ndvi.sizes[dim] < MIN_YEARS:
        raise DataError(
            f"{ndvi.name or 'the index'} has {ndvi.sizes[dim]} years, at least {MIN_YEARS} were expected. Give a longer "
            "series."
        )
    if set(rain.dims) - set(ndvi.dims):
        raise DataError(f"Rain has dimensions {tuple(rain.dims)}, those of the index are {tuple(ndvi.dims)}.")

    def by_cell(y: NDArray[Any], x: NDArray[Any]) -> tuple[NDArray[np.float64], ...]:
        near_y, near_x = rounding(y.dtype), rounding(x.dtype)
        y, x = (a.astype(np.float64) for a in np.broadcast_arrays(y, x))
        known = np.isfinite(y) & np.isfinite(x)
        n = known.sum(axis=-1)
        n = np.where(n >= MIN_YEARS, n, np.nan)
        x, y = np.where(known, x, 0), np.where(known, y, 0)
        # Rounding alone is neither rain that varies, nor an index that does, nor a residual.
        near_x, near_y = (near * np.abs(a).max(axis=-1) for near, a in ((near_x, x), (near_y, y)))
        x_mean, y_mean = x.sum(axis=-1) / n, y.sum(axis=-1) / n
        dx = np.where(known, x - x_mean[..., None], 0)
        dy = np.where(known, y - y_mean[..., None], 0)
        xx, yy, xy = (dx * dx).sum(axis=-1), (dy * dy).sum(axis=-1), (dx * dy).sum(axis=-1)
        xx = np.where(xx > n * near_x**2, xx, np.nan)
        yy = np.where(yy > n * near_y**2, yy, np.nan)
        slope = xy / xx
        residual = dy - slope[..., None] * dx
        residual = np.where(np.abs(residual) <= near_y[..., None], 0, residual)
        return np.where(known, residual, np.nan), slope, y_mean - slope * x_mean, xy * xy / (xx * yy)

    whole = [without_attrs(series) for series in (ndvi, rain)]
    whole = [series.chunk({dim: -1}) if series.chunks is not None else series for series in whole]
    parts = xr.apply_ufunc(
        by_cell,
        *whole,
        input_core_dims=[[dim], [dim]],
        output_core_dims=[[dim], [], [], []],
        dask="parallelized",
        output_dtypes=[np.float64] * 4,
    )
    names = {
        "residual": ("1", "vegetation index beyond what rain explains"),
        "rain_slope": ("year mm-1", "change of the index per mm of rain a year"),
        "rain_intercept": ("1", "index without rain, by the line"),
        "r2": ("1", "share of the variance that rain explains"),
    }
    result = xr.Dataset(dict(zip(names, parts, strict=True)))
    result["residual"] = result["residual"].transpose(*ndvi.dims)
    for name, (unit, words) in names.items():
        result[name] = result[name].assign_attrs(units=unit, long_name=words)
    return result


def restrend(
    ndvi: xr.DataArray,
    rain: xr.DataArray,
    dim: str = "year",
    *,
    significance: Significance = "exact",
    autocorrelation: Autocorrelation = "none",
) -> xr.Dataset:
    """Whether vegetation falls or rises once the part that rain explains is taken off (RESTREND).

    Parameters
    ----------
    ndvi : DataArray, dims (``dim``, ...), dimensionless
        A vegetation index, one value a year.
    rain : DataArray, same grid and years, "mm/year"
        Rain of the year or of the growing season.
    dim : str
        The dimension of the years.
    significance : {"exact", "normal", "trends.earth"}
        Where p comes from; see `trend`.
    autocorrelation : {"none", "hamed-rao", "pre-whiten"}
        What is done about years that resemble their neighbours; see `trend`.

    Returns
    -------
    Dataset
        As `trend`, of the residuals, with ``rain_slope``, ``rain_intercept`` and ``r2`` of the fit beside it.

    Raises
    ------
    DataError
        As `rain_residual` and `trend`.

    Notes
    -----
    The residuals come from a fit to the same years, so p does not count the fit's own error: a description, not proof
    of a cause. Source: Evans and Geerken (2004), Journal of Arid Environments 57: 535-554.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> years = np.arange(2001, 2013)
    >>> rain = xr.DataArray(300 + 50.0 * (-1) ** years, {"year": years}, attrs={"units": "mm/year"})
    >>> ndvi = xr.DataArray(0.001 * rain - 0.005 * (years - 2001), attrs={"units": "1"})
    >>> round(restrend(ndvi, rain).slope.item(), 4)
    -0.005
    """
    fit = rain_residual(ndvi, rain, dim)
    result = trend(fit["residual"], dim, significance=significance, autocorrelation=autocorrelation)
    return result.assign({name: fit[name] for name in ("rain_slope", "rain_intercept", "r2")})


def rain_use_efficiency(ndvi: xr.DataArray, rain: xr.DataArray) -> xr.DataArray:
    """Vegetation index per metre of rain, year by year.

    Parameters
    ----------
    ndvi : DataArray, any dims, dimensionless
        A vegetation index, one value a year.
    rain : DataArray, same grid and years, "mm/year"
        Rain of the year or of the growing season.

    Returns
    -------
    DataArray, "year m-1"
        NaN where there was no rain.

    Raises
    ------
    DataError
        Units or grids differ.

    Notes
    -----
    NDVI / (P / 1000). Source: trends.earth-algorithms (2026-08), te_algorithms/gee/productivity.py, ``ue``; Le Houerou
    (1984), Journal of Arid Environments 7: 213-247.

    Examples
    --------
    >>> import xarray as xr
    >>> rain = xr.DataArray([250.0, 0.0], attrs={"units": "mm/year"})
    >>> rain_use_efficiency(xr.DataArray([0.25, 0.25], attrs={"units": "1"}), rain).values.tolist()
    [1.0, nan]
    """
    return _per_metre(ndvi, rain).assign_attrs(long_name="rain-use efficiency")


def water_use_efficiency(ndvi: xr.DataArray, evapotranspiration: xr.DataArray) -> xr.DataArray:
    """Vegetation index per metre of water that evaporated and transpired, year by year.

    Parameters
    ----------
    ndvi : DataArray, any dims, dimensionless
        A vegetation index, one value a year.
    evapotranspiration : DataArray, same grid and years, "mm/year"
        Actual, not potential. Satellite products are scaled whole numbers: convert them first.

    Returns
    -------
    DataArray, "year m-1"
        NaN where there was none.

    Raises
    ------
    DataError
        Units or grids differ.

    Notes
    -----
    NDVI / (ET / 1000). Source: trends.earth-algorithms (2026-08), te_algorithms/gee/productivity.py, ``ue``.

    Examples
    --------
    >>> import xarray as xr
    >>> et = xr.DataArray([500.0], attrs={"units": "mm/year"})
    >>> water_use_efficiency(xr.DataArray([0.25], attrs={"units": "1"}), et).item()
    0.5
    """
    return _per_metre(ndvi, evapotranspiration).assign_attrs(long_name="water-use efficiency")


def _per_metre(ndvi: xr.DataArray, water: xr.DataArray) -> xr.DataArray:
    require_units(ndvi, "1")
    _yearly(water)
    same_grid(ndvi, water)
    return (ndvi / (water.where(water > 0) / 1000)).assign_attrs(units="year m-1")


def _yearly(water: xr.DataArray) -> None:
    if water.attrs.get("units") not in _YEARLY:
        require_units(water, "mm/year")
