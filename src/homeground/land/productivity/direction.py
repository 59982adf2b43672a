# SPDX-License-Identifier: Apache-2.0
"""The direction of land productivity: whether it falls, stands or rises."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING
from homeground.errors import DataError
from homeground.land.productivity.trend import Autocorrelation, fdr_threshold, trend
from homeground.numbers.rounding import rounding
from homeground.numbers.units import require_units, without_attrs

Z_LIMIT = 1.96  # |z| beyond which a change counts (two-sided 5 %)
TrendTest = Literal["exact", "normal", "trends.earth", "z"]


def productivity_trend(
    ndvi: xr.DataArray,
    dim: str = "year",
    *,
    significance: TrendTest = "exact",
    alpha: float = 0.05,
    autocorrelation: Autocorrelation = "none",
    false_discovery: bool = False,
    min_slope: float = 0.0,
) -> xr.DataArray:
    """Whether yearly productivity falls (-1), shows no clear trend (0) or rises (1) in each cell.

    Parameters
    ----------
    ndvi : DataArray, dims (``dim``, ...)
        A vegetation index, or residuals or a rain-use efficiency made from it, one value a year; NaN is missing.
    dim : str
        The dimension of the years.
    significance : {"exact", "normal", "trends.earth", "z"}
        How chance is judged: p of Mann-Kendall at most ``alpha`` ("exact", "normal"), the 95 % score of Trends.Earth,
        or z = tau 3 sqrt(n(n-1)) / sqrt(2(2n+5)) beyond 1.96 ("z").
    alpha : float, 0 to 1
        For "exact" and "normal".
    autocorrelation : {"none", "hamed-rao", "pre-whiten"}
        See `trend`; for "exact" and "normal".
    false_discovery : bool
        Let ``alpha`` be the share of false findings on the whole map instead of the chance in each cell (see `fdr`).
    min_slope : float, units of ``ndvi`` a year
        A slope up to this is no trend. Above 0 it needs an index with units "1".

    Returns
    -------
    DataArray of int8, dims (...)
        -1, 0, 1; -128 where fewer than 8 years have a value.

    Raises
    ------
    DataError
        As `trend`; or an option that the test cannot use.

    Notes
    -----
    The direction is that of S; with "trends.earth" of the least-squares slope, as there.
    Source: UNCCD PRAIS 4 reporting manual 2026, SO1, step 5; the others as told in `trend` and `profiles`.

    Examples
    --------
    >>> import xarray as xr
    >>> ndvi = xr.DataArray([0.3, 0.4, 0.2, 0.6, 0.5, 0.7, 0.9, 0.8, 1.0], {"year": range(2001, 2010)})
    >>> productivity_trend(ndvi).item(), productivity_trend(-ndvi, alpha=0.001).item()
    (1, 0)
    """
    if significance not in get_args(TrendTest):
        raise DataError(f"significance is {significance!r}, one of {get_args(TrendTest)} was expected.")
    if not 0 < alpha < 1:
        raise DataError(f"alpha is {alpha}, a number between 0 and 1 was expected.")
    if significance in ("z", "trends.earth") and (autocorrelation != "none" or false_discovery):
        raise DataError(
            f"significance={significance!r} has no p of its own; autocorrelation and false_discovery need "
            '"exact" or "normal".'
        )
    if min_slope > 0:
        require_units(ndvi, "1")
    result = trend(
        ndvi,
        dim,
        significance="exact" if significance == "z" else significance,
        autocorrelation=autocorrelation,
        limits=False,
    )
    threshold = alpha
    if false_discovery:
        p = result["p"].to_numpy()
        threshold = fdr_threshold([np.unique(p[~np.isnan(p)], return_counts=True)], alpha)
    return trend_direction(result, significance=significance, alpha=threshold, min_slope=min_slope).assign_attrs(
        alpha=alpha, autocorrelation=autocorrelation, false_discovery=int(false_discovery)
    )


def trend_direction(
    result: xr.Dataset, *, significance: TrendTest = "exact", alpha: float = 0.05, min_slope: float = 0.0
) -> xr.DataArray:
    """Whether a trend that was worked out counts as falling (-1), none (0) or rising (1).

    Parameters
    ----------
    result : Dataset
        Of `trend`; with ``significance="trends.earth"`` made by the same.
    significance : {"exact", "normal", "trends.earth", "z"}
        How chance is judged; see `productivity_trend`.
    alpha : float, 0 to 1, or NaN
        Largest p that counts; with a false-discovery rate that of `fdr_threshold`, where NaN lets none count.
    min_slope : float, units of the series a year
        A slope up to this, give or take the rounding of float32, is no trend.

    Returns
    -------
    DataArray of int8, dims (...)
        -1, 0, 1; -128 where fewer than 8 years have a value.

    Notes
    -----
    Source: as `productivity_trend`.

    Examples
    --------
    >>> import xarray as xr
    >>> rising = trend(xr.DataArray(range(10), {"year": range(2001, 2011)}))
    >>> trend_direction(rising).item(), trend_direction(rising, significance="z").item()
    (1, 1)
    """
    earth = significance == "trends.earth"

    def by_cell(score: Any, n: Any, p: Any, slope: Any, pace: Any) -> NDArray[np.int8]:
        if earth:
            found = abs(score) >= 2
        elif significance == "z":
            n = n.astype(float)
            with np.errstate(invalid="ignore", divide="ignore"):
                # tau = S / (n(n-1)/2) turns 3 tau sqrt(n(n-1)) / sqrt(2(2n+5)) into S over its standard deviation.
                found = abs(score) / np.sqrt(n * (n - 1) * (2 * n + 5) / 18) > Z_LIMIT
        else:
            found = p <= alpha
        if min_slope > 0:
            found = found & (abs(pace) > min_slope * (1 + rounding(np.float32)))
        direction = (score > 0).astype(np.int8) - (score < 0).astype(np.int8)
        missing = np.isnan(slope) | np.isnan(p)
        return np.where(missing, np.int8(MISSING), direction * found)

    score, pace = ("level", "ols_slope") if earth else ("s", "slope")
    fields = [result[name] for name in (score, "n", "p", "slope", pace)]
    direction: xr.DataArray = xr.apply_ufunc(by_cell, *fields, dask="parallelized", output_dtypes=[np.int8])
    return without_attrs(direction.rename("productivity_trend")).assign_attrs(
        units="1",
        long_name="trend of land productivity (-1 falls, 0 none, 1 rises)",
        significance=significance,
        alpha=alpha,
        min_slope=min_slope,
        nodata=MISSING,
    )
