# SPDX-License-Identifier: Apache-2.0
"""Soil organic carbon under changes of land cover: factors of one named set, spread over twenty years."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING, WATER
from homeground.errors import DataError
from homeground.land.carbon._kernels import carbon_pixels
from homeground.land.classes import classes_of, described
from homeground.land.cover.land_cover import UNCCD_CLASSES
from homeground.land.neutrality.degradation import DEGRADATION_CLASSES
from homeground.numbers.units import require_units, same_grid, without_attrs

FACTOR_SETS = ("trends_earth", "ipcc2006", "ipcc2019")

# Codes of the climate-zone raster of IPCC (2006) as Trends.Earth ships it; 0 is no zone.
CLIMATE_ZONES: dict[int, str] = {
    1: "warm temperate, moist",
    2: "warm temperate, dry",
    3: "cool temperate, moist",
    4: "cool temperate, dry",
    5: "polar, moist",
    6: "polar, dry",
    7: "boreal, moist",
    8: "boreal, dry",
    9: "tropical montane",
    10: "tropical wet",
    11: "tropical moist",
    12: "tropical dry",
}


@lru_cache
def _table() -> pd.DataFrame:
    with (files("homeground.land.carbon") / "carbon_factors.csv").open(encoding="utf-8") as table:
        return pd.read_csv(table, dtype={"factor": "str"})


def carbon_factors(factor_set: str) -> pd.DataFrame:
    """The rows of one factor set: cropland's factor by climate zone, and the factor of each transition, with sources.

    Parameters
    ----------
    factor_set : {"trends_earth", "ipcc2006", "ipcc2019"}
        Whose factors; see `soil_carbon`.

    Returns
    -------
    DataFrame
        table (cropland, transition), climate_zone, climate, initial, final, factor (a number, ``f`` for that of
        cropland in the climate zone, or ``1/f``), source, licence, kind.

    Raises
    ------
    DataError
        The set is not one of ``FACTOR_SETS``.

    Examples
    --------
    >>> rows = carbon_factors("ipcc2019")
    >>> float(rows.loc[rows["climate"] == "tropical_dry", "factor"].iloc[0])
    0.92
    """
    if factor_set not in FACTOR_SETS:
        raise DataError(f"factor set {factor_set!r} is unknown; {', '.join(FACTOR_SETS)} were expected, never mixed.")
    table = _table()
    return table[table["factor_set"] == factor_set].drop(columns="factor_set").reset_index(drop=True)


def soil_carbon(
    stock: xr.DataArray,
    cover: xr.DataArray,
    climate_zone: xr.DataArray,
    *,
    factor_set: str = "trends_earth",
    cropland_factor: float | None = None,
    years: int = 20,
) -> xr.DataArray:
    """How much organic carbon the topsoil holds each year, as changes of land cover work on it.

    Parameters
    ----------
    stock : DataArray, t C/ha
        Stock 0-30 cm in the first year of ``cover``: a map such as SoilGrids, or the user's own. NaN missing.
    cover : DataArray with dimension ``year``
        Land cover of every year in the seven classes, -128 missing.
    climate_zone : DataArray
        Codes of `CLIMATE_ZONES`; 0, -128 or NaN where there is none.
    factor_set : {"trends_earth", "ipcc2006", "ipcc2019"}
        Whose factors; sets are never mixed. Tropical dry cropland keeps 58 % of the stock in the 2006 set and in
        Trends.Earth, 92 % in that of 2019.
    cropland_factor : float, optional
        The country's own factor of cropland instead of that of the climate zone.
    years : int
        Over how many years a change takes effect.

    Returns
    -------
    DataArray, t C/ha, with dimension ``year``
        NaN where the stock is missing, from a year of missing cover on, and from a transition on for which the set
        has no factor (the IPCC sets have none for wetland, other land and water: mineral soils under use only).

    Raises
    ------
    DataError
        Unknown set, units or classes, years that are not consecutive, grids that differ, or a factor not above 0.

    Notes
    -----
    At a transition with factor F the stock S changes by (S F - S) / 20 in each of the 20 years that follow. A new
    transition replaces the one that runs, from the stock reached. Management and input factors are 1.
    Source: Trends.Earth algorithms, soc.py; UNCCD PRAIS 4 reporting manual (2026), SO1-3; factors in
    ``carbon_factors.csv``, each with its source.

    Examples
    --------
    >>> import xarray as xr
    >>> stock = xr.DataArray([100.0], dims="x", attrs={"units": "t C/ha"})
    >>> cover = xr.DataArray([[1], [3], [3]], {"year": [2000, 2001, 2002]}, ("year", "x"))
    >>> soil_carbon(stock, cover, xr.DataArray([12], dims="x")).values.ravel().round(2).tolist()
    [100.0, 97.9, 95.8]
    """
    require_units(stock, "t C/ha")
    if "year" not in cover.dims or "year" not in cover.coords:
        raise DataError(f"cover has the dimensions {cover.dims}; a dimension and coordinate 'year' was expected.")
    when = cover["year"].values
    if when.size < 2 or not (np.diff(when) == 1).all():
        raise DataError(
            f"cover has the years {when.tolist()}; two or more years without gaps were expected. "
            "Fill the years between with the map that was last valid, and say so."
        )
    one = cover.isel(year=0, drop=True)
    same_grid(stock, one, climate_zone)
    same_grid(one, climate_zone)
    factors = _by_zone(factor_set, cropland_factor)

    def follow(start: NDArray[Any], series: NDArray[Any], zone: NDArray[Any]) -> NDArray[np.float64]:
        zones = classes_of(zone, (0, *CLIMATE_ZONES), "climate_zone")
        zones = np.where(zones == MISSING, 0, zones)
        kinds = classes_of(series, tuple(UNCCD_CLASSES), "cover", "Bring it there with to_unccd first.")
        shape = np.broadcast_shapes(start.shape, zones.shape, kinds.shape[:-1])
        size = int(np.prod(shape))
        rows = np.moveaxis(np.broadcast_to(kinds, (*shape, when.size)), -1, 0).reshape(when.size, size)
        out = np.empty((when.size, size))
        carbon_pixels(
            np.broadcast_to(start.astype("float64"), shape).reshape(size),
            np.ascontiguousarray(rows),
            np.broadcast_to(zones, shape).reshape(size).astype(np.int8),
            factors,
            years,
            out,
        )
        path = np.moveaxis(out.reshape(when.size, *shape), 0, -1)
        return path

    if cover.chunks is not None:
        cover = cover.chunk(year=-1)
    result: xr.DataArray = xr.apply_ufunc(
        follow,
        stock,
        cover,
        climate_zone,
        input_core_dims=[[], ["year"], []],
        output_core_dims=[["year"]],
        join="exact",
        dask="parallelized",
        output_dtypes=[np.float64],
    )
    return without_attrs(result.transpose("year", ...).rename("soil_carbon")).assign_attrs(
        units="t C/ha", long_name="soil organic carbon, 0-30 cm", factor_set=factor_set
    )


def soil_carbon_percent(initial: xr.DataArray, final: xr.DataArray) -> xr.DataArray:
    """By how many percent the soil's carbon stock changed between two years.

    Parameters
    ----------
    initial, final : DataArray, t C/ha, on one grid
        Stocks; NaN missing.

    Returns
    -------
    DataArray, %
        100 (final - initial) / initial; NaN where either is missing or the first is not above 0.

    Raises
    ------
    DataError
        Grids or units differ.

    Examples
    --------
    >>> import xarray as xr
    >>> a, b = (xr.DataArray([v], attrs={"units": "t C/ha"}) for v in (80.0, 70.0))
    >>> soil_carbon_percent(a, b).values.tolist()
    [-12.5]
    """
    require_units(initial, "t C/ha")
    require_units(final, "t C/ha")
    same_grid(initial, final)
    percent = 100 * (final - initial) / initial.where(initial > 0)
    return percent.rename("soil_carbon_change").assign_attrs(units="%", long_name="change of soil organic carbon")


def soil_carbon_change(
    initial: xr.DataArray, final: xr.DataArray, *, threshold: float = 10.0, water: xr.DataArray | None = None
) -> xr.DataArray:
    """Whether the change of the soil's carbon counts as degradation (-1), stable (0) or improvement (1).

    Parameters
    ----------
    initial, final : DataArray, t C/ha, on one grid
        Stocks of the two years, such as of `soil_carbon`; NaN missing.
    threshold : float, %
        A change of this much, or more, counts. 10 is the starting point that the manual suggests, not a finding.
    water : DataArray of bool, optional
        Water in the first year: no result there.

    Returns
    -------
    DataArray, int8
        -1, 0, 1; -128 missing.

    Raises
    ------
    DataError
        Grids or units differ, or the threshold is not positive.

    Notes
    -----
    Source: UNCCD PRAIS 4 reporting manual (2026), SO1-3.

    Examples
    --------
    >>> import xarray as xr
    >>> a, b = (xr.DataArray(v, attrs={"units": "t C/ha"}) for v in ([50.0, 50.0, 50.0], [45.0, 45.1, 55.0]))
    >>> soil_carbon_change(a, b).values.tolist()
    [-1, 0, 1]
    """
    return soil_carbon_change_percent(soil_carbon_percent(initial, final), threshold=threshold, water=water)


def soil_carbon_change_percent(
    percent: xr.DataArray, *, threshold: float = 10.0, water: xr.DataArray | None = None
) -> xr.DataArray:
    """As `soil_carbon_change`, from the change in percent.

    Parameters
    ----------
    percent : DataArray, %
        Of `soil_carbon_percent`; NaN missing.
    threshold : float, %
        A change of this much, or more, counts.
    water : DataArray of bool, on the same grid, optional
        Water in the first year: no result there.

    Returns
    -------
    DataArray, int8
        -1, 0, 1; -128 missing.

    Raises
    ------
    DataError
        Grids or units differ, or the threshold is not positive.

    Notes
    -----
    Source: UNCCD PRAIS 4 reporting manual (2026), SO1-3.

    Examples
    --------
    >>> import xarray as xr
    >>> soil_carbon_change_percent(xr.DataArray([-10.0, 9.9, 12.0], attrs={"units": "%"})).values.tolist()
    [-1, 0, 1]
    """
    require_units(percent, "%")
    if not threshold > 0:
        raise DataError(f"threshold is {threshold:g} %; a number above 0 was expected.")
    least = threshold - 1e-9  # exactly the threshold counts, whatever the rounding of the stocks
    sign = (percent >= least).astype(np.int8) - (percent <= -least).astype(np.int8)
    known = percent.notnull()
    if water is not None:
        same_grid(percent, water)
        known = known & ~water
    result = sign.where(known, MISSING).astype(np.int8)
    return described(result, "soil_carbon_change", "change of soil organic carbon", DEGRADATION_CLASSES).assign_attrs(
        threshold_percent=threshold
    )


@lru_cache
def _by_zone(factor_set: str, own: float | None) -> NDArray[np.float64]:
    """Factor of each transition by climate zone (13, 8, 8); NaN where the set has none."""
    rows = carbon_factors(factor_set)
    cropland = np.full(13, np.nan)
    zones = rows[rows["table"] == "cropland"]
    cropland[zones["climate_zone"].astype(int)] = zones["factor"].astype(float)
    if own is not None:
        if not own > 0:
            raise DataError(f"cropland_factor is {own:g}; a number above 0 was expected, such as 0.58.")
        cropland[:] = own
    factors = np.full((13, 8, 8), np.nan)
    moves = rows[rows["table"] == "transition"]
    for before, after, text in zip(moves["initial"], moves["final"], moves["factor"], strict=True):
        top, _, below = text.partition("/")
        upper = cropland if top == "f" else float(top)
        lower = cropland if below == "f" else float(below or 1)
        factors[:, int(before), int(after)] = upper / lower
    factors[:, range(1, WATER + 1), range(1, WATER + 1)] = 1.0
    return factors
