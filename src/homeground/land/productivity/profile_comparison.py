# SPDX-License-Identifier: Apache-2.0
"""What other sources (profiles) and other tests would have said of the same land."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
import xarray as xr

from homeground.catalogue.classes import MISSING
from homeground.errors import DataError
from homeground.land.productivity.direction import productivity_trend
from homeground.land.productivity.profiles import DEFAULT, PROFILES, Period, productivity_assessment
from homeground.land.productivity.trend import Autocorrelation
from homeground.numbers.units import require_units, same_grid, without_attrs


def profile_classes(
    ndvi: xr.DataArray,
    stratum: xr.DataArray,
    *,
    period: str | Period = "baseline",
    dim: str = "year",
    weights: xr.DataArray | None = None,
) -> xr.DataArray:
    """Degraded (-1), stable (0) or improved (1) productivity by every profile: one map beside the other.

    Parameters
    ----------
    ndvi : DataArray, dims (``dim``, ...), dimensionless
        Yearly vegetation index, about -1 to 1; years outside the period are not used.
    stratum : DataArray, dims (...), whole numbers
        Which cells are of one kind; see `productivity_performance`.
    period : str or Period
        "baseline", "report_1", "report_2" (``PERIODS``) or another (`period_ending`).
    dim : str
        The dimension of the years.
    weights : DataArray, dims (...), optional
        Cell areas in any one unit, for the percentile of performance.

    Returns
    -------
    DataArray of int8, dims ("profile", ...)
        -128 missing. ``classes.sel(profile="gpg2") != classes.sel(profile="prais4-2026")`` is the difference map.

    Raises
    ------
    DataError
        As `productivity_assessment`.

    Notes
    -----
    Source: those of the profiles.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> years = np.arange(2000, 2016)
    >>> values = np.where(years < 2013, 0.4 + 0.01 * (years % 2), 0.395)  # only the state is worse
    >>> ndvi = xr.DataArray(values[:, None], {"year": years}, dims=("year", "x"), attrs={"units": "1"})
    >>> classes = profile_classes(ndvi, xr.DataArray([1], dims="x"))
    >>> dict(zip(classes.profile.values.tolist(), classes.values[:, 0].tolist()))
    {'prais4-2026': -1, 'gpg2': 0, 'gpg1': 0, 'trends.earth-2.3': 0}
    """
    maps = [
        productivity_assessment(ndvi, stratum, profile=name, period=period, dim=dim, weights=weights)["productivity3"]
        for name in PROFILES
    ]
    both = xr.concat([without_attrs(m) for m in maps], dim=pd.Index(list(PROFILES), name="profile"))
    return both.rename("productivity3").assign_attrs(
        units="1", long_name="land productivity (-1 degraded, 0 stable, 1 improved)", nodata=MISSING
    )


def profile_difference(classes: xr.DataArray, area: xr.DataArray, *, profile: str = DEFAULT) -> pd.DataFrame:
    """How much land is of which class by one profile and by each of the others.

    Parameters
    ----------
    classes : DataArray, dims ("profile", ...)
        From `profile_classes`.
    area : DataArray, dims (...), "km2"
        Land area of each cell; a cell without a positive area is left out.
    profile : str
        The profile that the others are held against.

    Returns
    -------
    DataFrame
        ``profile, class, other_profile, other_class, area_km2``: one row for each pair of classes that occurs (-128
        missing, also counted), so that the areas of each ``other_profile`` add up to the whole land.

    Raises
    ------
    DataError
        Units are not km2, grids differ, or the profile is not among the classes.

    Notes
    -----
    Source: own tabulation of the two maps.

    Examples
    --------
    >>> import xarray as xr
    >>> both = xr.DataArray([[-1, 0], [0, 0]], {"profile": ["prais4-2026", "gpg1"]}, dims=("profile", "x"))
    >>> area = xr.DataArray([2.0, 3.0], dims="x", attrs={"units": "km2"})
    >>> profile_difference(both, area)[["class", "other_class", "area_km2"]].values.tolist()
    [[-1.0, 0.0, 2.0], [0.0, 0.0, 3.0]]
    """
    require_units(area, "km2")
    if "profile" not in classes.dims:
        raise DataError(f'The classes have dimensions {tuple(classes.dims)}, "profile" was expected among them.')
    names = [str(name) for name in classes["profile"].to_numpy()]
    if profile not in names:
        raise DataError(f"The profile {profile!r} is not among the classes ({', '.join(names)}).")
    grid = [dim for dim in classes.dims if dim != "profile"]
    same_grid(area, classes)
    if set(area.dims) != set(grid):
        raise DataError(f"The area has dimensions {tuple(area.dims)}, {tuple(grid)} were expected.")
    size = area.transpose(*grid).to_numpy().astype(float).ravel()
    land = size > 0
    own = classes.sel(profile=profile).transpose(*grid).to_numpy().ravel()[land]
    tables = []
    for name in names:
        if name == profile:
            continue
        other = classes.sel(profile=name).transpose(*grid).to_numpy().ravel()[land]
        table = pd.DataFrame({"class": own, "other_class": other, "area_km2": size[land]})
        table = table.groupby(["class", "other_class"])["area_km2"].sum().reset_index()
        table.insert(0, "profile", profile)
        table.insert(2, "other_profile", name)
        tables.append(table)
    if not tables:
        raise DataError("The classes hold one profile only; at least two were expected.")
    return pd.concat(tables, ignore_index=True)


def trend_tests(ndvi: xr.DataArray, area: xr.DataArray, *, dim: str = "year", alpha: float = 0.05) -> pd.DataFrame:
    """What share of the land falls or rises under each way to judge chance, so that the choice is seen.

    Parameters
    ----------
    ndvi : DataArray, dims (``dim``, ...)
        One value a year.
    area : DataArray, dims (...), "km2"
        Land area of each cell; a cell without a positive area does not count.
    dim : str
        The dimension of the years, in equal steps.
    alpha : float, 0 to 1
        Largest p that counts, or the share of false findings on the whole map; see `productivity_trend`.

    Returns
    -------
    DataFrame
        ``autocorrelation, false_discovery, falling, rising`` (shares of the land with a result, 0 to 1),
        ``area_km2`` (that land) and ``missing_km2``.

    Raises
    ------
    DataError
        As `productivity_trend`; units of the area are not km2, or grids differ.

    Notes
    -----
    Source: the tests of `trend` and `fdr`.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> ndvi = xr.DataArray(0.4 - 0.01 * np.arange(16.0), {"year": range(2000, 2016)}, dims="year")
    >>> trend_tests(ndvi, xr.DataArray(2.0, attrs={"units": "km2"})).falling.tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    """
    require_units(area, "km2")
    same_grid(area, ndvi)
    rows = []
    for autocorrelation in get_args(Autocorrelation):
        for false_discovery in (False, True):
            direction = productivity_trend(
                ndvi, dim, alpha=alpha, autocorrelation=autocorrelation, false_discovery=false_discovery
            )
            if set(area.dims) != set(direction.dims):
                raise DataError(f"The area has dimensions {tuple(area.dims)}, {tuple(direction.dims)} were expected.")
            land = area.transpose(*direction.dims).to_numpy().astype(float)
            land = np.where(land > 0, land, 0)
            found = direction.to_numpy()
            known = float(land[found != MISSING].sum())
            rows.append(
                {
                    "autocorrelation": autocorrelation,
                    "false_discovery": false_discovery,
                    "falling": float(land[found == -1].sum()) / known if known else np.nan,
                    "rising": float(land[found == 1].sum()) / known if known else np.nan,
                    "area_km2": known,
                    "missing_km2": float(land.sum()) - known,
                }
            )
    return pd.DataFrame(rows)
