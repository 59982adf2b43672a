# SPDX-License-Identifier: Apache-2.0
"""How unusual the water of the last months is for the place and the season: SPI, SPEI and their classes."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincc, ndtri

from homeground.errors import DataError, Problems
from homeground.units import same_unit

MISSING = -128
LIMIT = 8.21  # standard deviations; a chance of 1e-16, the last that differs from 0 beside 1 in float64
MIN_POSITIVE = 4  # sums above zero that a gamma needs; expert default
ENOUGH = 0.85  # share of years that must be known; the PRAIS 4 manual (2026) asks to fill gaps below it

DROUGHT_CLASSES: dict[int, str] = {0: "none", 1: "mild", 2: "moderate", 3: "severe", 4: "extreme"}

# Millimetres a month from other units: seconds-or-days factor, times the days of the month.
_PER_DAY = {"mm/day": 1.0, "mm d-1": 1.0, "mm day-1": 1.0, "kg m-2 s-1": 86_400.0, "kg/m2/s": 86_400.0}

Index = Callable[[NDArray[np.float64], NDArray[np.bool_], int], NDArray[np.float64]]


def spi(
    precipitation: xr.DataArray,
    window: int,
    *,
    distribution: Literal["gamma"] = "gamma",
    method: Literal["thom"] = "thom",
    calibration: tuple[int, int] | None = None,
    zeros: Literal["classic", "center_of_mass", "mean_zero"] = "classic",
    min_years: int = 30,
) -> xr.DataArray:
    """How unusually wet (above 0) or dry (below 0) the last months were, in standard deviations of the same season.

    Parameters
    ----------
    precipitation : DataArray, dims (time, ...), units "mm/month" (or "mm", "mm/day", "kg m-2 s-1": converted)
        One value a month, every month from first to last; NaN is missing.
    window : int
        Months summed, up to and with the month itself: 1, 3, 6, 12, 24.
    distribution, method : "gamma", "thom"
        Gamma by Thom's maximum-likelihood approximation.
    calibration : (first year, last year), optional
        The years that say what is usual, such as (1981, 2010). Left out: all years.
    zeros : {"classic", "center_of_mass", "mean_zero"}
        Where months without rain lie on the scale: Phi^-1(p0), Phi^-1(p0 / 2) (Stagge et al. 2015), or so that the
        mean of the index is 0, -phi(Phi^-1(p0)) / p0 (Allen and Otero 2024); p0 is their share in the calibration.
    min_years : int
        Calibration years needed. WMO asks for 30; less makes the tails a guess.

    Returns
    -------
    DataArray, dims and coordinates as ``precipitation``, dimensionless
        NaN in the first ``window - 1`` months, where a summed month is missing, and where a calendar month has too
        little to fit: sums in fewer than 85 % of ``min_years``, or fewer than 4 sums above zero. Held within -8.21 and
        8.21, so never infinite.

    Raises
    ------
    DataError
        Units missing or unknown, months missing or doubled, rain below 0, too few calibration years.

    Notes
    -----
    For each calendar month, over sums x > 0 of the calibration: A = ln(mean x) - mean(ln x);
    alpha = (1 + sqrt(1 + 4 A / 3)) / (4 A); beta = mean / alpha; H = p0 + (1 - p0) P(alpha, x / beta), P the
    regularised incomplete gamma function; SPI = Phi^-1(H). R's SPEI package fits by unbiased moments instead and
    leaves p0 out.

    Sources: McKee, Doesken and Kleist (1993); Thom (1958), Monthly Weather Review 86: 117-122; WMO (2012),
    Standardized Precipitation Index User Guide, WMO-No. 1090; Stagge et al. (2015), International Journal of
    Climatology 35: 4027-4040.

    Examples
    --------
    >>> import numpy as np, pandas as pd, xarray as xr
    >>> time = pd.date_range("1981-01-01", "2010-12-01", freq="MS")
    >>> mm = np.where(time.year % 5 == 0, 0.0, time.year - 1980)  # a fifth of the years are dry: Phi^-1(0.2)
    >>> rain = xr.DataArray(mm, {"time": time}, attrs={"units": "mm/month"})
    >>> spi(rain, 1).sel(time="2000-06").round(4).item()
    -0.8416
    """
    _one_of("distribution", distribution, ("gamma",))
    _one_of("method", method, ("thom",))
    _one_of("zeros", zeros, ("classic", "center_of_mass", "mean_zero"))
    index = _standardised(
        precipitation, window, partial(_gamma_thom, zeros=zeros), calibration, min_years, negative=False
    )
    return index.rename("spi").assign_attrs(
        long_name=f"standardized precipitation index, {window} months",
        distribution=distribution,
        method=method,
        zeros=zeros,
    )


def spei(
    water_balance: xr.DataArray,
    window: int,
    *,
    distribution: Literal["log-logistic"] = "log-logistic",
    method: Literal["ub-pwm"] = "ub-pwm",
    calibration: tuple[int, int] | None = None,
    min_years: int = 30,
) -> xr.DataArray:
    """How unusual the balance of rain less demand of the last months was, in standard deviations of the same season.

    Parameters
    ----------
    water_balance : DataArray, dims (time, ...), units "mm/month" (or "mm", "mm/day", "kg m-2 s-1": converted)
        Rain less potential evapotranspiration, every month from first to last; NaN is missing.
    window : int
        Months summed, up to and with the month itself.
    distribution, method : "log-logistic", "ub-pwm"
        Generalised logistic fitted by unbiased probability-weighted moments, the default of R SPEI.
    calibration : (first year, last year), optional
        The years that say what is usual. Left out: all years.
    min_years : int
        Calibration years needed.

    Returns
    -------
    DataArray, dims and coordinates as ``water_balance``, dimensionless
        NaN in the first ``window - 1`` months, where a summed month is missing, and where a calendar month has too
        little to fit: sums in fewer than 85 % of ``min_years``, or all the same. Held within -8.21 and 8.21: R gives
        infinity where a value lies beyond the support of the fit.

    Raises
    ------
    DataError
        Units missing or unknown, months missing or doubled, too few calibration years.

    Notes
    -----
    For each calendar month over the n sorted sums x_i, i = 0 to n-1: b0 = mean, b1 = sum x_i i / (n(n-1)),
    b2 = sum x_i i(i-1) / (n(n-1)(n-2)); l2 = 2 b1 - b0; k = -(6 b2 - 6 b1 + b0) / l2; g = pi k / sin(pi k); a = l2 / g;
    xi = b0 - a (1 - g) / k; y = -ln(1 - k (x - xi) / a) / k; F = 1 / (1 + exp(-y)); SPEI = Phi^-1(F).
    Sources: Vicente-Serrano, Beguería and López-Moreno (2010), Journal of Climate 23: 1696-1718; Beguería et al.
    (2014), International Journal of Climatology 34: 3001-3023; Hosking and Wallis (1997), Regional Frequency Analysis.

    Examples
    --------
    >>> import pandas as pd, xarray as xr
    >>> time = pd.date_range("1981-01-01", "2011-12-01", freq="MS")
    >>> years = xr.DataArray(time.year - 1996.0, {"time": time}, attrs={"units": "mm/month"})
    >>> abs(spei(years, 1).sel(time="1996-07").round(6).item())  # the middle of 31 even steps
    0.0
    """
    _one_of("distribution", distribution, ("log-logistic",))
    _one_of("method", method, ("ub-pwm",))
    index = _standardised(water_balance, window, _log_logistic, calibration, min_years, negative=True)
    return index.rename("spei").assign_attrs(
        long_name=f"standardized precipitation evapotranspiration index, {window} months",
        distribution=distribution,
        method=method,
    )


def drought_class(index: xr.DataArray) -> xr.DataArray:
    """How strong the drought of each month is: 0 none, 1 mild, 2 moderate, 3 severe, 4 extreme.

    Parameters
    ----------
    index : DataArray, dimensionless
        SPI or SPEI.

    Returns
    -------
    DataArray, int8
        0 above 0; 1 from 0 down to above -1; 2 from -1 to above -1.5; 3 from -1.5 to above -2; 4 at -2 and below; -128
        missing.

    Raises
    ------
    DataError
        Wrong units.

    Notes
    -----
    UNCCD PRAIS 4 reporting manual (2026), SO3: exactly -1.0 is moderate, -1.5 severe, -2.0 extreme. The code that makes
    the default maps puts these three values one class milder.

    Examples
    --------
    >>> import xarray as xr
    >>> drought_class(xr.DataArray([0.1, 0.0, -1.0, -1.5, -2.0], attrs={"units": "1"})).values.tolist()
    [0, 1, 2, 3, 4]
    """
    if not same_unit(str(index.attrs.get("units")), "1"):
        raise DataError(f'{index.name or "the index"} has units {index.attrs.get("units")!r}, "1" was expected.')
    limits = [-2.0, -1.5, -1.0, 0.0]

    def classify(values: NDArray[Any]) -> NDArray[np.int8]:
        return np.where(np.isnan(values), MISSING, 4 - np.digitize(values, limits, right=True)).astype(np.int8)

    classes: xr.DataArray = xr.apply_ufunc(classify, index, dask="parallelized", output_dtypes=[np.int8])
    return classes.rename("drought_class").assign_attrs(
        long_name="drought class",
        flag_values=list(DROUGHT_CLASSES),
        flag_meanings=" ".join(DROUGHT_CLASSES.values()),
        missing=MISSING,
    )


def _one_of(name: str, given: object, known: tuple[str, ...]) -> None:
    if given not in known:
        raise DataError(f"{name} is {given!r}; known: {', '.join(known)}.")


def _standardised(
    data: xr.DataArray,
    window: int,
    fit: Index,
    calibration: tuple[int, int] | None,
    min_years: int,
    *,
    negative: bool,
) -> xr.DataArray:
    """Sum over the window, then standardise each calendar month by itself."""
    if window < 1:
        raise DataError(f"window is {window}, a number of months from 1 was expected.")
    months = _complete_months(data)
    monthly, note = _millimetres(data if data.chunks is None else data.chunk({"time": -1}))
    year, month = months // 12, months % 12
    first, last = calibration or (int(year.min()), int(year.max()))
    usual = (year >= first) & (year <= last)
    years = np.unique(year[usual]).size
    if years < min_years:
        raise DataError(
            f"{data.name or 'the series'} has {years} years within the calibration {first} to {last}, at least "
            f"{min_years} were expected. Give a longer series, or accept weaker tails with min_years=."
        )
    enough = math.ceil(ENOUGH * min_years)

    def by_pixel(values: NDArray[Any]) -> NDArray[np.float64]:
        values = values.astype(np.float64)
        if not negative and (values < 0).any():
            raise DataError(
                f"{data.name or 'precipitation'} falls below 0 in {int((values < 0).sum())} values. "
                "Mark missing values as NaN, and check offsets."
            )
        result = np.full(values.shape, np.nan)
        sums = np.full(values.shape, np.nan)
        if values.shape[-1] >= window:
            windows = np.lib.stride_tricks.sliding_window_view(values, window, axis=-1)
            sums[..., window - 1 :] = windows.sum(axis=-1)
        for number in range(12):
            own = month == number
            result[..., own] = fit(sums[..., own], usual[own], enough)
        return result.clip(-LIMIT, LIMIT)

    index: xr.DataArray = xr.apply_ufunc(
        by_pixel,
        monthly.drop_attrs(deep=False),
        input_core_dims=[["time"]],
        output_core_dims=[["time"]],
        dask="parallelized",
        output_dtypes=[np.float64],
    )
    return index.transpose(*data.dims).assign_attrs(
        units="1",
        window=window,
        calibration=f"{first}-{last}",
        input_units=note,
        bounds=f"held within -{LIMIT} and {LIMIT}; values there lie at or beyond the reach of the fit",
    )


def _complete_months(data: xr.DataArray) -> NDArray[np.int64]:
    """Months since year 0; every one of them once and in order."""
    name = str(data.name or "the series")
    if "time" not in data.dims or not np.issubdtype(data["time"].dtype, np.datetime64):
        raise DataError(f"{name} has dimensions {tuple(data.dims)}, 'time' with dates was expected.")
    date = data["time"].dt
    months: NDArray[np.int64] = date.year.values.astype(np.int64) * 12 + date.month.values - 1
    found, count = np.unique(months, return_counts=True)
    gone = np.setdiff1d(np.arange(found[0], found[-1] + 1), found)
    problems = Problems(name)
    for words, which in (("months are missing", gone), ("months come more than once", found[count > 1])):
        if which.size:
            listed = ", ".join(f"{m // 12}-{m % 12 + 1:02d}" for m in which[:12])
            more = f" and {which.size - 12} more" if which.size > 12 else ""
            problems.add(f"{words}: {listed}{more}. Give every month once (NaN where nothing was measured).")
    if not problems.messages and not (np.diff(months) == 1).all():
        problems.add("months are not in order. Sort by time.")
    problems.raise_if_any(DataError)
    return months


def _millimetres(data: xr.DataArray) -> tuple[xr.DataArray, str]:
    """The data as monthly totals in mm, and what was done to get there."""
    name, unit = data.name or "the series", data.attrs.get("units")
    if unit is None:
        raise DataError(f'{name} has no units, "mm/month" was expected. Set attrs["units"].')
    if unit == "mm" or same_unit(str(unit), "mm/month"):
        return data, "mm/month"
    if unit not in _PER_DAY:
        known = ", ".join(["mm/month", "mm", *_PER_DAY])
        raise DataError(f'{name} has units "{unit}", one of {known} was expected. Convert it and set attrs["units"].')
    return data * (_PER_DAY[unit] * data["time"].dt.days_in_month), f"{unit}, converted to mm/month"


def _gamma_thom(sums: NDArray[np.float64], usual: NDArray[np.bool_], enough: int, *, zeros: str) -> NDArray[np.float64]:
    """Standardise one calendar month; years lie on the last axis."""
    known = usual & ~np.isnan(sums)
    rainy = known & (sums > 0)
    n, wet = (part.sum(axis=-1, keepdims=True) for part in (known, rainy))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(rainy, sums, 0).sum(axis=-1, keepdims=True) / wet
        log_mean = np.log(np.where(rainy, sums, 1)).sum(axis=-1, keepdims=True) / wet
        a = np.log(mean) - log_mean
        # Sums that are all alike leave only rounding in A, and no spread to measure by.
        a = np.where((n < enough) | (wet < MIN_POSITIVE) | (a < 1e-13), np.nan, a)
        alpha = (1 + np.sqrt(1 + 4 * a / 3)) / (4 * a)
        dry = (n - wet) / n
        scaled = np.where(sums > 0, sums, np.nan) / mean * alpha
        below, above = dry + (1 - dry) * gammainc(alpha, scaled), (1 - dry) * gammaincc(alpha, scaled)
        # Each tail from its own side: 1 - H would lose the digits of a very wet month.
        wet_index = np.where(below < 0.5, ndtri(below), -ndtri(above))
        if zeros == "classic":
            dry_index = ndtri(dry)
        elif zeros == "center_of_mass":
            dry_index = ndtri(dry / 2)
        else:
            at = ndtri(dry)
            dry_index = np.where(dry > 0, -np.exp(-(at**2) / 2) / np.sqrt(2 * np.pi) / dry, -np.inf)
    result: NDArray[np.float64] = np.where(sums == 0, np.where(np.isnan(a), np.nan, dry_index), wet_index)
    return result


def _log_logistic(sums: NDArray[np.float64], usual: NDArray[np.bool_], enough: int) -> NDArray[np.float64]:
    """Standardise one calendar month; years lie on the last axis."""
    known = usual & ~np.isnan(sums)
    n = known.sum(axis=-1, keepdims=True)
    ordered = np.sort(np.where(known, sums, np.nan), axis=-1)  # missing years last
    x = np.nan_to_num(ordered)
    i = np.arange(x.shape[-1])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        b0 = x.sum(axis=-1, keepdims=True) / n
        b1 = (x * i).sum(axis=-1, keepdims=True) / (n * (n - 1))
        b2 = (x * i * (i - 1)).sum(axis=-1, keepdims=True) / (n * (n - 1) * (n - 2))
        l2 = 2 * b1 - b0
        k = -(6 * b2 - 6 * b1 + b0) / l2
        # All years alike, or all but one: no spread to measure by.
        poor = (n < enough) | (l2 <= 1e-13 * np.abs(x).max(axis=-1, keepdims=True)) | (np.abs(k) > 1 - 1e-9)
        k = np.where(poor, np.nan, np.where(np.abs(k) < 1e-12, 1e-12, k))
        g = np.pi * k / np.sin(np.pi * k)
        a = l2 / g
        # Near k = 0 the difference 1 - g loses its digits; two terms of its series keep them.
        shift = np.where(np.abs(k) < 1e-4, -(np.pi**2) * k / 6, (1 - g) / k)
        z = k * (sums - b0 + a * shift) / a
        y = np.where(z < 1, -np.log1p(-np.minimum(z, 1)) / k, np.sign(k) * np.inf)
        y = np.where(np.isnan(z), np.nan, y)
        index = np.where(y < 0, ndtri(1 / (1 + np.exp(-y))), -ndtri(1 / (1 + np.exp(y))))
    result: NDArray[np.float64] = index
    return result
