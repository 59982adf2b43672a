# SPDX-License-Identifier: Apache-2.0
"""Land productivity by the rules of one named source (a profile)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar, cast

import numpy as np
import xarray as xr

from homeground.errors import DataError
from homeground.land.productivity.classes import fold_classes, land_productivity
from homeground.land.productivity.direction import TrendTest, productivity_trend
from homeground.land.productivity.performance import AtHalf, productivity_performance
from homeground.land.productivity.state import StateMethod, productivity_state
from homeground.land.productivity.trend import Autocorrelation
from homeground.numbers.units import require_units

Rules = TypeVar("Rules")

DEFAULT = "prais4-2026"


@dataclass(frozen=True)
class Profile:
    """How one source tells degraded productivity: a row of ``productivity_profiles.csv``."""

    profile: str
    significance: TrendTest
    alpha: float
    min_slope: float  # NDVI a year that counts as no trend
    state_method: StateMethod
    state_min_change: float  # NDVI that counts as no change
    at_half: AtHalf  # what exactly half of the potential is
    lookup: str
    kind: str  # published | second-hand
    source: str
    note: str


@dataclass(frozen=True)
class Period:
    """The years that one assessment uses; both ends belong to it."""

    name: str
    trend: tuple[int, int]  # performance uses the same years
    history: tuple[int, int]
    recent: tuple[int, int]
    cover: tuple[int, int]  # land cover and carbon: first and last year


# UNCCD PRAIS 4 reporting manual 2026, SO1, Table 12. Embedded NDVI of MODIS starts in 2001.
PERIODS: Mapping[str, Period] = MappingProxyType(
    {
        "baseline": Period("baseline", (2000, 2015), (2000, 2012), (2013, 2015), (2000, 2015)),
        "report_1": Period("report_1", (2004, 2019), (2004, 2016), (2017, 2019), (2015, 2019)),
        "report_2": Period("report_2", (2008, 2023), (2008, 2020), (2021, 2023), (2015, 2023)),
    }
)


def period_ending(last: int) -> Period:
    """The years of an assessment that ends in ``last``: 16 for trend and performance, 13 + 3 for state.

    Parameters
    ----------
    last : int
        The last year.

    Returns
    -------
    Period
        Its land-cover years are the first and last of the sixteen.

    Notes
    -----
    Source: UNCCD PRAIS 4 reporting manual 2026, SO1, step 5.

    Examples
    --------
    >>> period_ending(2015).history
    (2000, 2012)
    """
    return Period(f"to {last}", (last - 15, last), (last - 15, last - 3), (last - 2, last), (last - 15, last))


def _profiles() -> dict[str, Profile]:
    text = files("homeground.land.productivity").joinpath("productivity_profiles.csv").read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        found[row["profile"]] = Profile(
            profile=row["profile"],
            significance=cast(TrendTest, row["significance"]),
            alpha=float(row["alpha"]),
            min_slope=float(row["min_slope"]),
            state_method=cast(StateMethod, row["state_method"]),
            state_min_change=float(row["state_min_change"]),
            at_half=cast(AtHalf, row["at_half"]),
            lookup=row["lookup"],
            kind=row["kind"],
            source=row["source"],
            note=row["note"],
        )
    return found


PROFILES: Mapping[str, Profile] = MappingProxyType(_profiles())


def productivity_assessment(
    ndvi: xr.DataArray,
    stratum: xr.DataArray,
    *,
    profile: str = DEFAULT,
    period: str | Period = "baseline",
    dim: str = "year",
    weights: xr.DataArray | None = None,
    autocorrelation: Autocorrelation = "none",
    false_discovery: bool = False,
) -> xr.Dataset:
    """Trend, state, performance and the classes of land productivity, by the rules of one profile.

    Parameters
    ----------
    ndvi : DataArray, dims (``dim``, ...), dimensionless
        Yearly vegetation index, about -1 to 1; years outside the period are not used.
    stratum : DataArray, dims (...), whole numbers
        As in `productivity_performance`.
    profile : str
        "prais4-2026", "gpg2", "gpg1" or "trends.earth-2.3" (``PROFILES``).
    period : str or Period
        "baseline", "report_1", "report_2" (``PERIODS``) or another (`period_ending`).
    dim : str
        The dimension of the years.
    weights : DataArray, dims (...), optional
        Cell areas for the percentile of performance.
    autocorrelation : {"none", "hamed-rao", "pre-whiten"}
        What is done about years that resemble their neighbours (see `trend`); for profiles that judge by p.
    false_discovery : bool
        As in `productivity_trend`; for profiles that judge by p.

    Returns
    -------
    Dataset of int8, dims (...)
        ``trend``, ``state``, ``performance``, ``productivity3`` (-1, 0, 1) and, where the profile's table has five
        classes, ``productivity5`` (1 to 5); -128 missing. attrs: the profile with its rules and source, the look-up, the
        period, the years that were found and missing.

    Raises
    ------
    DataError
        The profile or period is unknown, fewer than 8 years of the period are found, none of its recent years is,
        values are not an index of about -1 to 1, or no cell has a value.

    Notes
    -----
    Source: that of the profile (``attrs["source"]``); periods: UNCCD PRAIS 4 reporting manual 2026, SO1, Table 12.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> years = np.arange(2000, 2016)
    >>> values = np.stack([0.6 - 0.01 * (years - 2000), np.full(16, 0.4)], axis=1)
    >>> ndvi = xr.DataArray(values, {"year": years}, dims=("year", "x"), attrs={"units": "1"})
    >>> result = productivity_assessment(ndvi, xr.DataArray([1, 1], dims="x"))
    >>> result.productivity5.values.tolist(), result.attrs["lookup"]
    ([1, 4], 'pm2026')
    """
    rules = _of(PROFILES, profile, "profile")
    span = period if isinstance(period, Period) else _of(PERIODS, period, "period")
    require_units(ndvi, "1")
    series = _years(ndvi, dim, span)
    _plausible(series)
    trend = productivity_trend(
        series,
        dim,
        significance=rules.significance,
        alpha=rules.alpha,
        autocorrelation=autocorrelation,
        false_discovery=false_discovery,
        min_slope=rules.min_slope,
    )
    state = productivity_state(
        series, span.history, span.recent, dim=dim, method=rules.state_method, min_change=rules.state_min_change
    )
    performance = productivity_performance(series, stratum, dim=dim, at_half=rules.at_half, weights=weights)
    result = xr.Dataset({"trend": trend, "state": state, "performance": performance})
    five = rules.lookup == "pm2026"
    if five:
        result["productivity5"] = land_productivity(trend, state, performance, lookup=rules.lookup)
        result["productivity3"] = fold_classes(result["productivity5"])
    else:
        result["productivity3"] = land_productivity(trend, state, performance, lookup=rules.lookup, classes=3)
    known = set(series[dim].to_numpy().tolist())
    missing = [year for year in range(span.trend[0], span.trend[1] + 1) if year not in known]
    told = asdict(rules) | {f"period_{name}": list(years) for name, years in asdict(span).items() if name != "name"}
    return result.assign_attrs(
        told,
        period=span.name,
        years=len(known),
        years_missing=missing,
        autocorrelation=autocorrelation,
        false_discovery=int(false_discovery),
    )


def _of(known: Mapping[str, Rules], name: str, what: str) -> Rules:
    if name not in known:
        raise DataError(f"{what} is {name!r}, one of {', '.join(known)} was expected.")
    return known[name]


def _years(ndvi: xr.DataArray, dim: str, span: Period) -> xr.DataArray:
    if dim not in ndvi.dims or dim not in ndvi.coords:
        raise DataError(f"The index has dimensions {tuple(ndvi.dims)}; {dim!r} with years as labels was expected.")
    years = ndvi[dim].to_numpy()
    series = ndvi.isel({dim: np.flatnonzero((years >= span.trend[0]) & (years <= span.trend[1]))})
    if series.sizes[dim] < 8:
        raise DataError(
            f"{series.sizes[dim]} years from {span.trend[0]} to {span.trend[1]} were found (period {span.name}), "
            "at least 8 were expected. Give a longer series or another period."
        )
    return series


def _plausible(series: xr.DataArray) -> None:
    low, high = float(series.min()), float(series.max())
    if np.isnan(low):
        raise DataError("No cell of the index has a value in the period. Check nodata and the grid.")
    if low < -2 or high > 2:
        raise DataError(
            f"The index reaches from {low:g} to {high:g}, about -1 to 1 was expected. Divide NDVI x 10000 by 10000 and "
            "make its nodata value NaN."
        )
