# SPDX-License-Identifier: Apache-2.0
"""How unusual the water of the last months is for the place and the season: SPI, SPEI and their classes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING, class_names
from homeground.errors import DataError
from homeground.land.climate.months import complete_months
from homeground.land.drought._fits import spei_fit, spi_fit
from homeground.land.drought._tiles import LIMIT, ZEROS, Tiles, gamma_kernel, logistic_kernel
from homeground.numbers.rounding import limits_reached
from homeground.numbers.units import same_unit, water_rate, without_attrs

ENOUGH = 0.85  # share of years that must be known; the PRAIS 4 manual (2026) asks to fill gaps below it

DROUGHT_CLASSES: dict[int, str] = {code: name for code, name in class_names("drought").items() if code >= 0}

# Millimetres a month from other units: seconds-or-days factor, times the days of the month.
_PER_DAY = {"mm/day": 1.0, "mm/hour": 24.0, "kg m-2 s-1": 86_400.0}


def spi(
    precipitation: xr.DataArray,
    window: int,
    *,
    distribution: Literal["gamma", "pearson3"] = "gamma",
    method: Literal["thom", "ub-pwm"] = "thom",
    calibration: tuple[int, int] | None = None,
    zeros: Literal["classic", "center_of_mass", "mean_zero"] = "classic",
    min_years: int = 30,
    exact: bool = False,
) -> xr.DataArray:
    """How unusually wet (above 0) or dry (below 0) the last months were, in standard deviations of the same season.

    Parameters
    ----------
    precipitation : DataArray, dims (time, ...), units "mm/month" (or "mm", "mm/day", "kg m-2 s-1": converted)
        One value a month, every month from first to last; NaN is missing.
    window : int
        Months summed, up to and with the month itself: 1, 3, 6, 12, 24.
    distribution : {"gamma", "pearson3"}
        Of the sums above zero.
    method : {"thom", "ub-pwm"}
        Thom's maximum-likelihood approximation (gamma only), or unbiased probability-weighted moments, as R's SPEI
        package fits; Pearson III is always fitted by the latter, and the default then stands for it.
    calibration : (first year, last year), optional
        The years that say what is usual, such as (1981, 2010). Left out: all years.
    zeros : {"classic", "center_of_mass", "mean_zero"}
        Where months without rain lie on the scale: Phi^-1(p0), Phi^-1(p0 / 2) (Stagge et al. 2015), or so that the
        mean of the index is 0, -phi(Phi^-1(p0)) / p0 (Allen and Otero 2024); p0 is their share in the calibration.
    min_years : int
        Calibration years needed. WMO asks for 30; less makes the tails a guess.
    exact : bool
        Fit with SciPy's special functions throughout. Left out, compiled kernels (numba) look scores up within 1e-6
        of that (1e-8 for most places) and use SciPy only outside their tables.

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
    _one_of("distribution", distribution, ("gamma", "pearson3"))
    _one_of("method", method, ("thom", "ub-pwm"))
    _one_of("zeros", zeros, ZEROS)
    used = "ub-pwm" if distribution == "pearson3" else method
    kernel = None if exact or (distribution, used) != ("gamma", "thom") else gamma_kernel(zeros)
    name = str(precipitation.name or "precipitation")
    fit = spi_fit(distribution, used, zeros)
    index = _standardised(
        precipitation,
        window,
        lambda usual, enough: Tiles(fit, usual, enough, name, True, kernel),
        calibration,
        min_years,
    )
    return index.rename("spi").assign_attrs(
        long_name=f"standardized precipitation index, {window} months",
        distribution=distribution,
        method=used,
        zeros=zeros,
    )


def spei(
    water_balance: xr.DataArray,
    window: int,
    *,
    distribution: Literal["log-logistic", "pearson3", "gamma"] = "log-logistic",
    method: Literal["ub-pwm"] = "ub-pwm",
    calibration: tuple[int, int] | None = None,
    min_years: int = 30,
    exact: bool = False,
) -> xr.DataArray:
    """How unusual the balance of rain less demand of the last months was, in standard deviations of the same season.

    Parameters
    ----------
    water_balance : DataArray, dims (time, ...), units "mm/month" (or "mm", "mm/day", "kg m-2 s-1": converted)
        Rain less potential evapotranspiration, every month from first to last; NaN is missing.
    window : int
        Months summed, up to and with the month itself.
    distribution : {"log-logistic", "pearson3", "gamma"}
        The generalised logistic is the default of R SPEI; a gamma is refused where a sum is not above 0.
    method : "ub-pwm"
        Unbiased probability-weighted moments.
    calibration : (first year, last year), optional
        The years that say what is usual. Left out: all years.
    min_years : int
        Calibration years needed.
    exact : bool
        Fit with SciPy's special functions throughout. Left out, compiled kernels (numba) look scores up within 1e-9
        of that and use SciPy only outside their tables.

    Returns
    -------
    DataArray, dims and coordinates as ``water_balance``, dimensionless
        NaN in the first ``window - 1`` months, where a summed month is missing, and where a calendar month has too
        little to fit: sums in fewer than 85 % of ``min_years``, or all the same up to rounding. Held within -8.21 and
        8.21: R gives infinity where a value lies beyond the support of the fit.

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
    _one_of("distribution", distribution, ("log-logistic", "pearson3", "gamma"))
    _one_of("method", method, ("ub-pwm",))
    kernel = None if exact or distribution != "log-logistic" else logistic_kernel
    name = str(water_balance.name or "the water balance")
    fit = spei_fit(distribution)
    index = _standardised(
        water_balance,
        window,
        lambda usual, enough: Tiles(fit, usual, enough, name, False, kernel),
        calibration,
        min_years,
    )
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
    depths = [0.0, 1.0, 1.5, 2.0]

    def classify(values: NDArray[Any]) -> NDArray[np.int8]:
        return np.where(np.isnan(values), MISSING, limits_reached(-values, depths)).astype(np.int8)

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
    make: Callable[[NDArray[np.bool_], int], Tiles],
    calibration: tuple[int, int] | None,
    min_years: int,
) -> xr.DataArray:
    """Sum over the window, then standardise each calendar month by itself."""
    if window < 1:
        raise DataError(f"window is {window}, a number of months from 1 was expected.")
    months = complete_months(data)
    monthly, note = monthly_millimetres(data if data.chunks is None else data.chunk({"time": -1}))
    year = months // 12
    first, last = calibration or (int(year.min()), int(year.max()))
    usual = (year >= first) & (year <= last)
    years = np.unique(year[usual]).size
    if years < min_years:
        raise DataError(
            f"{data.name or 'the series'} has {years} years within the calibration {first} to {last}, at least "
            f"{min_years} were expected. Give a longer series, or accept weaker tails with min_years= "
            "(in a study [land].drought_min_years)."
        )
    tiles = make(usual, math.ceil(ENOUGH * min_years))
    kind = np.float32 if data.dtype == np.float32 else np.float64

    def by_pixel(values: NDArray[Any]) -> NDArray[Any]:
        rows = np.moveaxis(values, -1, 0)  # time first, as most files have it: a view
        index = np.empty(rows.shape, kind)
        tiles.standardise(rows.reshape(rows.shape[0], -1), window, index.reshape(rows.shape[0], -1))
        return np.moveaxis(index, 0, -1)

    index: xr.DataArray = xr.apply_ufunc(
        by_pixel,
        without_attrs(monthly),
        input_core_dims=[["time"]],
        output_core_dims=[["time"]],
        dask="parallelized",
        output_dtypes=[kind],
    )
    return index.transpose(*data.dims).assign_attrs(
        units="1",
        window=window,
        calibration=f"{first}-{last}",
        input_units=note,
        bounds=f"held within -{LIMIT} and {LIMIT}; values there lie at or beyond the reach of the fit",
    )


def monthly_millimetres(data: xr.DataArray) -> tuple[xr.DataArray, str]:
    """Monthly totals in mm, and what was done to get there; other units than those of `spi` are refused.

    Parameters
    ----------
    data : DataArray, dims (time, ...), units "mm/month", "mm", "mm/day" or "kg m-2 s-1"
        Rain, evapotranspiration or a balance of them by month. Rates of a day or second need dates along ``time``.

    Returns
    -------
    DataArray, dims of ``data``, mm/month
        As given, or the rate times the days (or seconds) of the month.
    str
        The unit found, and whether it was converted.

    Raises
    ------
    DataError
        Units missing or unknown.

    Examples
    --------
    >>> import pandas as pd, xarray as xr
    >>> time = pd.date_range("2001-01-01", periods=2, freq="MS")  # months of 31 and 28 days
    >>> mm, note = monthly_millimetres(xr.DataArray([2.0, 2.0], {"time": time}, attrs={"units": "mm/day"}))
    >>> mm.values.tolist(), note
    ([62.0, 56.0], 'mm/day, converted to mm/month')
    """
    name, unit = data.name or "the series", data.attrs.get("units")
    if unit is None:
        raise DataError(f'{name} has no units, "mm/month" was expected. Set attrs["units"].')
    if water_rate(str(unit)) in ("mm", "mm/month"):
        return data, "mm/month"
    unit = water_rate(str(unit)) or str(unit)
    if unit not in _PER_DAY:
        known = ", ".join(["mm/month", "mm", *_PER_DAY])
        raise DataError(f'{name} has units "{unit}", one of {known} was expected. Convert it and set attrs["units"].')
    return data * (_PER_DAY[unit] * data["time"].dt.days_in_month), f"{unit}, converted to mm/month"
