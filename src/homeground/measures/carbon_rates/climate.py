# SPDX-License-Identifier: Apache-2.0
"""IPCC climate zone of planning units: the belt by the region's warmth and height, moist or dry by the unit's own rain."""

from __future__ import annotations

import math

import pandas as pd

from homeground.catalogue.classes import COVER_NAMES
from homeground.measures.suitability import ARIDITY

TROPICAL, WARM, COOL = 18.0, 10.0, 0.0  # degC, mean of the year above which land is in the belt
MONTANE = 1000.0  # m, above which the tropics are montane
WET, MOIST = 2000.0, 1000.0  # mm a year, above which the tropics are wet and moist
UNIT = ["region_id", "aridity_class", "cover_class"]


def zone_by_means(temperature_c: float, rain_mm: float, aridity_index: float, elevation_m: float) -> str:
    """IPCC climate zone of land of which only means of the year are known.

    Parameters
    ----------
    temperature_c, rain_mm, elevation_m : float
        Means of the year, mm/year and metres.
    aridity_index : float
        Rain over potential evapotranspiration.

    Returns
    -------
    str
        As in `homeground.measures.soil_carbon_factors`; empty where it cannot be told: something is missing, or it is so
        cold (0 degC and less) that boreal and polar land are told apart by single months.

    Notes
    -----
    The rule of `homeground.land.ipcc_climate_zone` (IPCC 2006, vol. 4, figure 3A.5.1), without days of frost.

    Examples
    --------
    >>> zone_by_means(28.0, 600.0, 0.3, 250.0), zone_by_means(19.0, 900.0, 0.6, 1800.0), zone_by_means(12.0, 400.0, 0.4, 300.0)
    ('tropical_dry', 'tropical_montane', 'warm_temperate_dry')
    """
    if math.isnan(temperature_c) or temperature_c <= COOL:
        return ""
    if temperature_c > TROPICAL:
        if math.isnan(elevation_m) or (elevation_m <= MONTANE and math.isnan(rain_mm)):
            return ""
        if elevation_m > MONTANE:
            return "tropical_montane"
        return "tropical_wet" if rain_mm > WET else "tropical_moist" if rain_mm > MOIST else "tropical_dry"
    if math.isnan(aridity_index):
        return ""
    belt = "warm" if temperature_c > WARM else "cool"
    return f"{belt}_temperate_{'moist' if aridity_index > 1 else 'dry'}"


def climate_zones(
    rows: pd.DataFrame, units: pd.DataFrame, temperature_c: pd.Series[float], elevation_m: pd.Series[float]
) -> pd.Series[str]:
    """IPCC climate zone of each row of a plan.

    Parameters
    ----------
    rows : DataFrame
        region_id, aridity_class and cover_class (names).
    units : DataFrame
        ``land_units.parquet``: region_id, aridity_class and cover_class (codes), area_km2, rain_mm, aridity_index.
    temperature_c, elevation_m : Series, index region_id
        Mean of the year, and mean height, of each region: of the belt only, so that a region lies in one belt.

    Returns
    -------
    Series of str, index of `rows`
        Empty where it cannot be told.

    Examples
    --------
    >>> plan = pd.DataFrame({"region_id": ["a"], "aridity_class": ["semi-arid"], "cover_class": ["cropland"]})
    >>> land = {"region_id": "a", "aridity_class": 2, "cover_class": 3, "area_km2": 1.0, "rain_mm": 500.0, "aridity_index": 0.3}
    >>> climate_zones(plan, pd.DataFrame([land]), pd.Series({"a": 27.0}), pd.Series({"a": 300.0})).tolist()
    ['tropical_dry']
    """
    named = units.assign(
        aridity_class=units["aridity_class"].map(dict(enumerate(ARIDITY))),
        cover_class=units["cover_class"].map(COVER_NAMES),
    )
    means = {}
    for name in ("rain_mm", "aridity_index"):
        known = named[named[name].notna()]
        sums = known.assign(of=known[name] * known["area_km2"]).groupby(UNIT)[["of", "area_km2"]].sum()
        means[name] = sums["of"] / sums["area_km2"].where(sums["area_km2"] > 0)
    of = pd.MultiIndex.from_frame(rows[UNIT])
    regions = rows["region_id"]
    columns = [regions.map(temperature_c), means["rain_mm"].reindex(of), means["aridity_index"].reindex(of)]
    columns.append(regions.map(elevation_m))
    zones = [zone_by_means(*map(float, each)) for each in zip(*columns, strict=True)]
    return pd.Series(zones, index=rows.index, dtype="str")
