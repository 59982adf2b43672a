# SPDX-License-Identifier: Apache-2.0
"""IPCC climate zones by rule, where no map of them is given: from monthly climate and elevation."""

from __future__ import annotations

import xarray as xr

from homeground.catalogue.classes import MISSING
from homeground.errors import DataError
from homeground.numbers.units import in_celsius, require_units, same_grid, without_attrs

MONTHS = 12
TROPICAL, WARM, COOL = 18.0, 10.0, 0.0  # degC, mean of the year above which a place is in the belt
FROST = 7.0  # days a year; with more a place is not tropical
MONTANE = 1000.0  # metres, above which the tropics are montane
WET, MOIST = 2000.0, 1000.0  # mm a year, above which the tropics are wet and moist
GROWING = 10.0  # degC; where no month reaches it a cold place is polar


def ipcc_climate_zone(
    temperature: xr.DataArray,
    rain: xr.DataArray,
    pet: xr.DataArray,
    elevation: xr.DataArray,
    *,
    frost_days: xr.DataArray | None = None,
) -> xr.DataArray:
    """In which climate zone of the IPCC a place lies, whose factors of soil carbon hold there.

    Parameters
    ----------
    temperature : DataArray, dims (month, ...), degC
        Twelve monthly means.
    rain : DataArray, dims (month, ...), mm/month
        Twelve monthly totals.
    pet : DataArray, dims (month, ...), mm/month
        Potential evapotranspiration. The IPCC's own map took Penman-Monteith's; another one shifts the line between moist
        and dry.
    elevation : DataArray, m
        On the grid of the others.
    frost_days : DataArray, days/year, optional
        With more than seven a warm place is not tropical. Left out: no place is held to have more, which is said in the
        attribute ``frost``.

    Returns
    -------
    DataArray, int8
        Codes 1 to 12 of `CLIMATE_ZONES`; -128 where any of the inputs is missing.

    Raises
    ------
    DataError
        Units that are not the expected ones, other grids, or not twelve months.

    Notes
    -----
    IPCC (2006), volume 4, chapter 3, annex 3A.5, figure 3A.5.1, kept by the 2019 Refinement: tropical above 18 degC with
    at most seven days of frost, there montane above 1000 m, else wet, moist and dry by rain of 2000 and 1000 mm; warm
    temperate above 10, cool temperate above 0 degC; below, polar where no month reaches 10 degC, else boreal; outside the
    tropics moist where rain exceeds potential evapotranspiration.

    Examples
    --------
    >>> import numpy as np
    >>> from homeground.land import CLIMATE_ZONES
    >>> def place(values, units):
    ...     months = {"month": np.arange(1, 13)}
    ...     return xr.DataArray(np.outer(np.ones(12), values), months, ("month", "place"), attrs={"units": units})
    >>> temperature, rain = place([28.0, 20.0, 12.0, -5.0], "degC"), place([50.0, 90.0, 90.0, 30.0], "mm/month")
    >>> height = xr.DataArray([250.0, 1800.0, 100.0, 300.0], dims="place", attrs={"units": "m"})
    >>> zones = ipcc_climate_zone(temperature, rain, place([150.0, 90.0, 60.0, 20.0], "mm/month"), height)
    >>> [CLIMATE_ZONES[code] for code in zones.values.tolist()]
    ['tropical dry', 'tropical montane', 'warm temperate, moist', 'polar, moist']
    """
    same_grid(temperature, rain, pet)
    for values in (temperature, rain, pet):
        if "month" not in values.dims or values["month"].values.tolist() != list(range(1, MONTHS + 1)):
            raise DataError(
                f"{values.name or 'the array'}: twelve monthly normals along the dimension month, labelled 1 to 12, were "
                "expected. Give all months in order."
            )
    require_units(rain, "mm/month")
    require_units(pet, "mm/month")
    require_units(elevation, "m")
    warmth = without_attrs(in_celsius(temperature))
    mean, warmest = warmth.mean("month", skipna=False), warmth.max("month", skipna=False)
    water = without_attrs(rain).sum("month", min_count=MONTHS)
    demand = without_attrs(pet).sum("month", min_count=MONTHS)
    same_grid(mean, elevation)
    height = without_attrs(elevation)
    moist = water > demand
    warm = mean > TROPICAL
    known = mean.notnull() & water.notnull() & demand.notnull() & height.notnull()
    if frost_days is not None:
        require_units(frost_days, "days/year")
        same_grid(mean, frost_days)
        warm &= without_attrs(frost_days) <= FROST
        known &= without_attrs(frost_days).notnull()
    tropical = (mean * 0 + 12).where(~(water > MOIST), 11).where(~(water > WET), 10).where(~(height > MONTANE), 9)
    cold = (mean * 0 + 7).where(~(warmest < GROWING), 5)
    belt = cold.where(~(mean > COOL), 3).where(~(mean > WARM), 1) + (~moist).astype("int8")
    zones = belt.where(~warm, tropical)
    frost = "not judged" if frost_days is None else f"at most {FROST:g} days a year in the tropics"
    found: xr.DataArray = zones.where(known, MISSING).astype("int8").rename("climate_zone")
    return found.assign_attrs(units="1", frost=frost)
