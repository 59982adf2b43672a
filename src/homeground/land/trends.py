# SPDX-License-Identifier: Apache-2.0
"""Whether a yearly series rises or falls, how fast, and how easily chance alone would do that."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import ndtri

from homeground.errors import DataError
from homeground.land._kernels import trend_pixels

EXACT_UP_TO = 60  # values; beyond, the normal approximation of S is closer than p needs
MIN_YEARS = 8

_OUTPUTS = ("slope", "intercept", "slope_low", "slope_high", "s", "p", "lag1", "n")
_NAMES = {
    "slope": "Theil-Sen slope",
    "intercept": "value of the line at year 0",
    "slope_low": "lower 95 % limit of the slope",
    "slope_high": "upper 95 % limit of the slope",
    "s": "Kendall score S",
    "p": "two-sided p of Mann-Kendall",
    "lag1": "lag-1 autocorrelation about the line",
    "n": "years with a value",
}


@lru_cache
def kendall_tail(largest: int = EXACT_UP_TO) -> NDArray[np.float64]:
    """Chance that |S| of Mann-Kendall reaches s in n values without trend or ties: ``table[n, s]``, exact.

    Parameters
    ----------
    largest : int
        Largest n.

    Returns
    -------
    ndarray, shape (largest + 1, largest (largest - 1) / 2 + 1), dimensionless
        P(|S| >= s). 0 beyond the reach of n.

    Notes
    -----
    The number of discordant pairs of n values is the sum of independent whole numbers, uniform on 0 to k - 1 for k = 2
    to n; their distributions are convolved. Source: Kendall (1975), Rank Correlation Methods, 4th edition, chapter 5.

    Examples
    --------
    >>> float(kendall_tail()[4, 6].round(6))  # 2 of 24 orders
    0.083333
    """
    reach = largest * (largest - 1) // 2
    table = np.zeros((largest + 1, reach + 1))
    table[:2, 0] = 1
    discordant = np.ones(1)
    for n in range(2, largest + 1):
        discordant = np.convolve(discordant, np.full(n, 1 / n))
        pairs = n * (n - 1) // 2
        scores = np.abs(pairs - 2 * np.arange(pairs + 1))
        chance = np.bincount(scores, weights=discordant, minlength=pairs + 1)
        # Summed from the far tail inwards, so that small chances keep their digits.
        table[n, : pairs + 1] = np.cumsum(chance[::-1])[::-1]
    table.setflags(write=False)
    return table


def trend(series: xr.DataArray, dim: str = "year", *, significance: Literal["exact", "normal"] = "exact") -> xr.Dataset:
    """How fast each cell rises or falls a year, and how likely chance alone gives as clear an order of years.

    Parameters
    ----------
    series : DataArray, dims (``dim``, ...)
        One value a year; steps may be unequal, NaN is a missing year.
    dim : str
        The dimension of the years; its labels are the times (numbers, rising).
    significance : {"exact", "normal"}
        The exact distribution of S up to 60 values without ties (with ties or more values: normal), or the normal
        approximation throughout.

    Returns
    -------
    Dataset of float64 (n: int16), dims (...)
        ``slope``, ``slope_low``, ``slope_high`` (units of ``series`` a year; 95 % limits), ``intercept`` (units of
        ``series``, at year 0), ``s`` (Kendall score), ``p`` (two-sided), ``lag1`` (autocorrelation of neighbouring
        residuals) and ``n`` (years with a value). NaN where fewer than 8 years have a value.

    Raises
    ------
    DataError
        ``dim`` is absent, its labels are not rising numbers, or there are fewer than 8 of them.

    Notes
    -----
    slope = median of (x_j - x_i) / (t_j - t_i) over pairs i < j; intercept = median(x) - slope median(t).
    S = (pairs that rise) - (pairs that fall); Var(S) = [n(n-1)(2n+5) - sum over ties t(t-1)(2t+5)] / 18. Normal:
    p = 2 (1 - Phi((|S| - 1) / sd)), 1 if S = 0. Limits: the slopes of rank (N - C) / 2 and (N + C) / 2 + 1 among
    N pairs, C = 1.96 sd(S), ranks rounded. lag1 is of the residuals about the line; where it is well above 0, p is
    too small and the limits are too narrow, because neighbouring years are not independent. One cell's p is not the
    map's: of many cells some reach 0.05 by chance.

    Sources: Mann (1945), Econometrica 13: 245-259; Kendall (1975); Theil (1950); Sen (1968), Journal of the American
    Statistical Association 63: 1379-1389; Gilbert (1987), Statistical Methods for Environmental Pollution Monitoring,
    chapter 16.

    Examples
    --------
    >>> import xarray as xr
    >>> ndvi = xr.DataArray([3, 4, 2, 6, 5, 7, 9, 8, 10], {"year": range(2001, 2010)}, attrs={"units": "1"})
    >>> result = trend(ndvi)
    >>> result.slope.item(), result.s.item(), round(result.p.item(), 6)
    (1.0, 28.0, 0.002425)
    """
    if significance not in ("exact", "normal"):
        raise DataError(f'significance is {significance!r}, "exact" or "normal" was expected.')
    time = _times(series, dim)
    whole = series.drop_attrs(deep=False)
    if whole.chunks is not None:
        whole = whole.chunk({dim: -1})
    z, tail, normal = float(ndtri(0.975)), kendall_tail(), significance == "normal"

    def by_pixel(values: NDArray[Any]) -> NDArray[np.float64]:
        rows = np.ascontiguousarray(values, dtype=np.float64).reshape(-1, time.size)
        out = np.empty((rows.shape[0], len(_OUTPUTS)))
        trend_pixels(rows, time, tail, normal, MIN_YEARS, z, out)
        return out.reshape(*values.shape[:-1], len(_OUTPUTS))

    both: xr.DataArray = xr.apply_ufunc(
        by_pixel,
        whole,
        input_core_dims=[[dim]],
        output_core_dims=[["_output"]],
        dask="parallelized",
        output_dtypes=[np.float64],
        dask_gufunc_kwargs={"output_sizes": {"_output": len(_OUTPUTS)}},
    )
    result = xr.Dataset({name: both.isel(_output=i) for i, name in enumerate(_OUTPUTS)})
    result["n"] = result["n"].astype(np.int16)
    unit = str(series.attrs.get("units", ""))
    units = {"slope": f"{unit} year-1".strip(), "intercept": unit}
    units |= {"slope_low": units["slope"], "slope_high": units["slope"]}
    for name in _OUTPUTS:
        result[name] = result[name].assign_attrs(units=units.get(name, "1"), long_name=_NAMES[name])
    return result.assign_attrs(
        significance=significance, first=float(time[0]), last=float(time[-1]), min_years=MIN_YEARS
    )


def _times(series: xr.DataArray, dim: str) -> NDArray[np.float64]:
    name = series.name or "the series"
    if dim not in series.dims:
        raise DataError(f"{name} has dimensions {tuple(series.dims)}, {dim!r} was expected. Name the years with dim=.")
    if dim not in series.coords or not np.issubdtype(series[dim].dtype, np.number):
        raise DataError(f"{name} has no numbers as labels of {dim!r}. Label the years, such as 2001 to 2020.")
    time = series[dim].to_numpy().astype(np.float64)
    if time.size < MIN_YEARS:
        raise DataError(f"{name} has {time.size} years, at least {MIN_YEARS} were expected. Give a longer series.")
    if not (np.diff(time) > 0).all():
        raise DataError(f"{name} has years that do not rise along {dim!r}. Sort them and drop doubles.")
    return time
