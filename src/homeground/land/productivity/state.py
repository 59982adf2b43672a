# SPDX-License-Identifier: Apache-2.0
"""Whether the last years of productivity differ from the years before: deciles or standard errors of the past."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING
from homeground.errors import DataError
from homeground.land._compiled import for_values
from homeground.land.productivity.direction import Z_LIMIT
from homeground.land.productivity.kernels._state import classes_of_state, state_pixels
from homeground.numbers.units import require_units, without_attrs

StateMethod = Literal["percentile", "z-score"]


def productivity_state(
    ndvi: xr.DataArray,
    history: tuple[int, int],
    recent: tuple[int, int],
    *,
    dim: str = "year",
    method: StateMethod = "percentile",
    min_change: float = 0.0,
    min_history: int = 8,
    min_recent: int = 2,
) -> xr.DataArray:
    """Whether the last years were less productive (-1), about as productive (0) or more productive (1) than before.

    Parameters
    ----------
    ndvi : DataArray, dims (``dim``, ...), dimensionless
        A vegetation index, one value a year; NaN is missing.
    history, recent : (first, last), years
        Both ends included; the recent years come after the past ones.
    dim : str
        The dimension of the years.
    method : {"percentile", "z-score"}
        The mean of the recent years must move two or more decile classes of the past years, or lie more than 1.96
        standard errors from their mean.
    min_change : float, units of ``ndvi``
        A difference of the means up to this is no change (percentile method).
    min_history, min_recent : int
        Years that must have a value. Expert defaults.

    Returns
    -------
    DataArray of int8, dims (...)
        -1, 0, 1; -128 where too few years have a value or, with z-scores, past years are all the same.

    Raises
    ------
    DataError
        Units are not "1", years overlap or are too few, or the method is unknown.

    Notes
    -----
    Percentile: to the past values (range R) are added min - 0.05 R and max + 0.05 R; deciles of all these by linear
    interpolation; class of a mean = 1 + the number of deciles below it. z = (recent mean - past mean) / (sigma /
    sqrt(recent years)), sigma with divisor n; exactly 1.96 is no change.
    Source: UNCCD PRAIS 4 reporting manual 2026, SO1 (default data); z: openforis SEPAL documentation of SDG 15.3.1,
    which restates Good Practice Guidance version 2.

    Examples
    --------
    >>> import xarray as xr
    >>> past = [0.30, 0.32, 0.34, 0.36, 0.38, 0.40, 0.42, 0.44, 0.46, 0.48, 0.50, 0.52, 0.54]
    >>> ndvi = xr.DataArray([*past, 0.31, 0.33, 0.32], {"year": range(2000, 2016)}, attrs={"units": "1"})
    >>> productivity_state(ndvi, (2000, 2012), (2013, 2015)).item()
    -1
    """
    found = state_statistics(ndvi, history, recent, dim=dim, min_history=min_history, min_recent=min_recent)
    return state_class(found, method=method, min_change=min_change)


def state_statistics(
    ndvi: xr.DataArray,
    history: tuple[int, int],
    recent: tuple[int, int],
    *,
    dim: str = "year",
    min_history: int = 8,
    min_recent: int = 2,
) -> xr.Dataset:
    """What the state of productivity is judged by: means of the past and of the recent years, and their decile classes.

    Parameters
    ----------
    ndvi : DataArray, dims (``dim``, ...), dimensionless
        A vegetation index, one value a year; NaN is missing.
    history, recent : (first, last), years
        Both ends included; the recent years come after the past ones.
    dim : str
        The dimension of the years.
    min_history, min_recent : int
        Years that must have a value. Expert defaults.

    Returns
    -------
    Dataset of float64, dims (...)
        ``past`` and ``spread`` (mean and population standard deviation of the past years), ``now`` (mean of the recent
        years), ``years`` (how many those are), ``past_class`` and ``recent_class`` (1 to 10). NaN where too few years
        have a value.

    Raises
    ------
    DataError
        As `productivity_state`.

    Notes
    -----
    Source: as `productivity_state`.

    Examples
    --------
    >>> import xarray as xr
    >>> ndvi = xr.DataArray([*[0.3, 0.5] * 4, 0.2, 0.2], {"year": range(2000, 2010)}, attrs={"units": "1"})
    >>> found = state_statistics(ndvi, (2000, 2007), (2008, 2009))
    >>> round(found.past.item(), 2), found.recent_class.item()
    (0.4, 1.0)
    """
    require_units(ndvi, "1")
    if history[1] >= recent[0]:
        raise DataError(f"The past years {history} overlap the recent years {recent}. Let the past end before.")
    past, late = (_window(ndvi, dim, span) for span in (history, recent))
    for years, least, name in ((past, min_history, "past"), (late, min_recent, "recent")):
        if years.sizes[dim] < least:
            raise DataError(f"{years.sizes[dim]} {name} years were found, at least {least} were expected.")

    def by_pixel(before: NDArray[Any], after: NDArray[Any]) -> tuple[NDArray[np.float64], ...]:
        columns = [np.moveaxis(a, -1, 0).reshape(a.shape[-1], -1) for a in (before, after)]
        out = np.empty((6, columns[0].shape[1]))
        state_pixels(columns[0], columns[1], min_history, min_recent, out)
        return tuple(row.reshape(before.shape[:-1]) for row in out)

    past, late = without_attrs(past), without_attrs(late)
    if past.chunks is not None:
        past, late = past.chunk({dim: -1}), late.chunk({dim: -1})
    names = ("past", "spread", "now", "years", "past_class", "recent_class")
    rows: tuple[xr.DataArray, ...] = xr.apply_ufunc(
        by_pixel,
        past.rename({dim: "_past"}),
        late.rename({dim: "_late"}),
        input_core_dims=[["_past"], ["_late"]],
        output_core_dims=[[] for _ in names],
        dask="parallelized",
        output_dtypes=[np.float64] * len(names),
    )
    return xr.Dataset(dict(zip(names, rows, strict=True))).assign_attrs(history=list(history), recent=list(recent))


def state_class(found: xr.Dataset, *, method: StateMethod = "percentile", min_change: float = 0.0) -> xr.DataArray:
    """As `productivity_state`, from its statistics.

    Parameters
    ----------
    found : Dataset, dims (...)
        Of `state_statistics`.
    method : {"percentile", "z-score"}
        How much counts: two decile classes, or 1.96 standard errors; see `productivity_state`.
    min_change : float, units of the index
        A difference of the means up to this is no change (percentile method).

    Returns
    -------
    DataArray of int8, dims (...)
        -1, 0, 1; -128 missing.

    Raises
    ------
    DataError
        The method is unknown.

    Notes
    -----
    Source: as `productivity_state`.

    Examples
    --------
    >>> import xarray as xr
    >>> numbers = {"past": 0.4, "spread": 0.1, "now": 0.2, "years": 3.0, "past_class": 5.0, "recent_class": 1.0}
    >>> found = xr.Dataset({name: xr.DataArray(value) for name, value in numbers.items()})
    >>> state_class(found).item(), state_class(found, method="z-score").item()
    (-1, -1)
    """
    if method not in get_args(StateMethod):
        raise DataError(f"method is {method!r}, one of {get_args(StateMethod)} was expected.")

    def by_cell(*numbers: Any) -> NDArray[np.int8]:
        mean, sigma, now, years, old, new = (np.asarray(one, np.float64).ravel() for one in numbers)
        out = np.empty(mean.size, np.int8)
        kernel = for_values(classes_of_state, mean.size)
        if method == "percentile":
            kernel(mean, now, old, new, True, min_change, 2.0, out)
        else:
            with np.errstate(invalid="ignore", divide="ignore"):
                error = sigma / np.sqrt(years)
            kernel(mean, now, sigma, error, False, min_change, Z_LIMIT, out)
        return out.reshape(np.shape(numbers[0]))

    fields = [found[n] for n in ("past", "spread", "now", "years", "past_class", "recent_class")]
    result: xr.DataArray = xr.apply_ufunc(by_cell, *fields, dask="parallelized", output_dtypes=[np.int8])
    return result.rename("productivity_state").assign_attrs(
        units="1",
        long_name="state of land productivity (-1 less, 0 same, 1 more than before)",
        method=method,
        history=found.attrs.get("history", []),
        recent=found.attrs.get("recent", []),
        min_change=min_change,
        nodata=MISSING,
    )


def _window(series: xr.DataArray, dim: str, span: tuple[int, int]) -> xr.DataArray:
    if dim not in series.dims or dim not in series.coords:
        raise DataError(
            f"{series.name or 'the series'} has dimensions {tuple(series.dims)}; {dim!r} with years as labels was expected."
        )
    years = series[dim].to_numpy()
    if np.unique(years).size != years.size:
        raise DataError(f"{series.name or 'the series'} has a year twice along {dim!r}. Drop doubles.")
    chosen = np.flatnonzero((years >= span[0]) & (years <= span[1]))
    if chosen.size and chosen[-1] - chosen[0] + 1 == chosen.size:  # a view, not a copy
        return series.isel({dim: slice(int(chosen[0]), int(chosen[-1]) + 1)})
    return series.isel({dim: chosen})
