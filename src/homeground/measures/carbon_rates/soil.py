# SPDX-License-Identifier: Apache-2.0
"""Soil carbon that a hectare gains under a measure, by climate zone, soil, state and use of the land (IPCC Tier 1)."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import pandas as pd

from homeground.errors import DataError
from homeground.measures.carbon import TRANSITION_YEARS, LandState, soil_carbon_factors, soil_carbon_stock
from homeground.measures.soil_starts import HIGHEST, MIDDLE, SOILS, STATES, UNKNOWN

CROPLAND = ("cropland", "cropland_mosaic")
LOW_ACTIVITY = "low_activity_clay_soils"  # what is taken as the middle of an unknown soil
LICENCE = "MIT (factors by way of hestia-earth-models)"
NO_CHANGE = "no change of use or management of the soil is known for it"
NO_CLIMATE = "its climate zone cannot be told"
NaN = float("nan")


class Rate(NamedTuple):
    """t C/ha/yr; NaN with a reason where none fits."""

    low: float
    mid: float
    high: float
    absent: str
    source: str
    quality: int
    licence: str = ""
    kind: str = ""


def soil_changes() -> pd.DataFrame:
    """What use, management and carbon input a measure finds, and what it leads to.

    Returns
    -------
    DataFrame
        measure, land (any, cropland, other), land_use, management and input before and after (categories of
        `homeground.measures.soil_carbon_factors`; management "unknown": how bare the grass was is not known), times
        (factor on the stock of after), source, why.

    Examples
    --------
    >>> soil_changes().query("measure == 'zai'")["input_after"].item()
    'cropland_high_with_manure'
    """
    with (
        resources.files("homeground.measures.carbon_rates").joinpath("soil_changes.csv").open(encoding="utf-8") as file
    ):
        return pd.read_csv(file)


@cache
def _factors(climate: str) -> pd.DataFrame:
    return soil_carbon_factors(climate)


@cache
def soil_rate(
    measure: str, climate: str, cover: str = "cropland", *, state: str | float = UNKNOWN, soil: str = UNKNOWN
) -> Rate:
    """Soil carbon that a hectare gains a year under a measure where it lies.

    Parameters
    ----------
    measure : str
    climate : str
        IPCC climate zone; empty: not known.
    cover : str
        Class of land cover: the use of the land before.
    state : str or float
        Of grassland before, where the measure does not say it itself: "severely_degraded", "high_intensity_grazing",
        "nominally_managed", the measured stock over the stock of reference (above 0 to 1.5), or "unknown".
    soil : str
        "high_activity_clay_soils", "low_activity_clay_soils" or "sandy_soils"; "unknown": all three.

    Returns
    -------
    Rate, t C/ha/yr
        low, mid and high are the least, the middle (low-activity clay, and the middle state) and the most over soils and
        states that are not known; NaN with the reason where no change is known or the climate zone is not.

    Raises
    ------
    DataError
        Unknown state or soil, or a share out of bounds.

    Notes
    -----
    (SOC_after - SOC_before) / 20 years, 0-30 cm; IPCC (2006, 2019) vol. 4, eq. 2.25. The status of SDG 15.3.1 is a change
    since 2000 and says nothing of the stock, so it chooses no state. From an unknown state a soil that holds as much as
    the measure leads to gains nothing; it does not lose by the measure.

    Examples
    --------
    >>> rate = soil_rate("exclosure", "tropical_dry", state="severely_degraded", soil="high_activity_clay_soils")
    >>> round(rate.mid * 44 / 12, 3)
    1.155
    >>> soil_rate("tree_planting", "").absent
    'its climate zone cannot be told'
    """
    if soil not in (UNKNOWN, *SOILS):
        raise DataError(f'the soil "{soil}" is unknown. Known: {", ".join((UNKNOWN, *SOILS))}.')
    table = soil_changes()
    land = "cropland" if cover in CROPLAND else "other"
    rows = table[(table["measure"] == measure) & table["land"].isin(("any", land))]
    if rows.empty:
        return Rate(NaN, NaN, NaN, NO_CHANGE, "", 5)
    if not climate:
        return Rate(NaN, NaN, NaN, NO_CLIMATE, "", 5)
    row: Any = rows.iloc[0]
    states: tuple[str | float, ...] = (state,) if row["management_before"] == UNKNOWN else (row["management_before"],)
    if states == (UNKNOWN,):
        states = STATES
    soils = SOILS if soil == UNKNOWN else (soil,)
    gains = {(one, of): _gain(row, climate, one, of) for one in soils for of in states}
    middle = gains[LOW_ACTIVITY if soil == UNKNOWN else soil, MIDDLE if len(states) > 1 else states[0]]
    return Rate(min(gains.values()), middle, max(gains.values()), "", str(row["source"]), 2, LICENCE, "modelled")


@cache
def _stock(climate: str, soil: str, state: LandState) -> float:
    return float(soil_carbon_stock(_factors(climate), soil, state))


def _gain(row: Any, climate: str, soil: str, state: str | float) -> float:
    after = LandState(row["land_use_after"], row["management_after"], row["input_after"])
    if isinstance(state, str):
        if row["management_before"] == UNKNOWN and state not in STATES:
            raise DataError(f'the state "{state}" is unknown. Known: {", ".join((UNKNOWN, *STATES))}, or a share.')
        before = _stock(climate, soil, LandState(row["land_use_before"], state, row["input_before"]))
    else:
        if not 0 < state <= HIGHEST:
            raise DataError(
                f"a share of the stock of reference above 0 and up to {HIGHEST} was expected, found {state}."
            )
        before = state * _stock(climate, soil, LandState("native"))
    gain = (_stock(climate, soil, after) * float(row["times"]) - before) / TRANSITION_YEARS
    return max(0.0, gain) if row["management_before"] == UNKNOWN else gain
