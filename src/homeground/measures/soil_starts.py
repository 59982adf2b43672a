# SPDX-License-Identifier: Apache-2.0
"""Where the soil stands before a measure: carbon gains start from its state, and where that is not known span the states."""

from __future__ import annotations

from importlib import resources
from typing import NamedTuple, cast

import pandas as pd

from homeground.errors import DataError
from homeground.measures.carbon import TRANSITION_YEARS, LandState, soil_carbon_factors, soil_carbon_stock

UNKNOWN = "unknown"
STATES = ("severely_degraded", "high_intensity_grazing", "nominally_managed")  # of grassland, from low to high stock
MIDDLE = "high_intensity_grazing"
SOILS = ("sandy_soils", "low_activity_clay_soils", "high_activity_clay_soils")  # stock of reference rises
HIGHEST = 1.5  # of the stock of reference: a share above it is a slip of units


class Rate(NamedTuple):
    """Soil carbon gain, t C/ha/yr."""

    low: float
    mid: float
    high: float


def soil_starts() -> pd.DataFrame:
    """Measures whose gain of soil carbon hangs on the state they find, and the state they lead to.

    Returns
    -------
    DataFrame, index measure
        soil_climate, land_use, management_after, carbon_input_after (categories of `soil_carbon_factors`), source, why.
        Measures that are not in it start from the management that they change (as ``note`` of the options says).

    Examples
    --------
    >>> soil_starts().loc["rangeland_reseeding", "management_after"]
    'improved_grassland'
    """
    with resources.files("homeground.measures").joinpath("soil_starts.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, index_col="measure")


def starting_rate(measure: str, state: str | float = UNKNOWN) -> Rate:
    """Soil carbon that a hectare gains a year under a measure, from the state of its soil before.

    Parameters
    ----------
    measure : str
        One of `soil_starts`.
    state : str or float
        A management state of grassland (`STATES`); or the measured stock over the stock of reference of the same soil
        and climate (1, above 0 to 1.5); or "unknown".

    Returns
    -------
    Rate, t C/ha/yr
        Of a known state: sandy, low-activity clay and high-activity clay soil. Of an unknown one the interval over
        states and soils: low is the least of all, mid the middle state on low-activity clay, high the most of all. A soil
        that holds as much as the measure leads to gains nothing; it does not lose by the measure.

    Raises
    ------
    DataError
        Unknown measure or state, or a share out of bounds.

    Notes
    -----
    (SOC_after - SOC_before) / 20 years, 0-30 cm; IPCC (2006, 2019) vol. 4, eq. 2.25. A flag of change such as the
    status of SDG 15.3.1 says nothing of the stock, so it chooses no state.

    Examples
    --------
    >>> [round(rate, 4) for rate in starting_rate("half_moons", "severely_degraded")]
    [0.135, 0.285, 0.315]
    >>> [round(rate, 4) for rate in starting_rate("half_moons")]
    [0.0, 0.095, 0.315]
    >>> round(starting_rate("half_moons", 0.8).mid, 4)
    0.19
    """
    table = soil_starts()
    if measure not in table.index:
        raise DataError(f'the soil under "{measure}" has no table of starts. Known: {", ".join(table.index)}.')
    row = cast("pd.Series[str]", table.loc[measure])
    if state == UNKNOWN:
        every = [_gains(row, start) for start in STATES]
        middle = every[STATES.index(MIDDLE)][SOILS.index("low_activity_clay_soils")]
        return Rate(min(min(gains) for gains in every), middle, max(max(gains) for gains in every))
    return Rate(*_gains(row, state))


def _gains(row: pd.Series[str], state: str | float) -> list[float]:
    """Gain on each of `SOILS`, never below 0."""
    factors = soil_carbon_factors(row["soil_climate"])
    after = LandState(row["land_use"], row["management_after"], row["carbon_input_after"])
    found = []
    for soil in SOILS:
        if isinstance(state, str):
            if state not in STATES:
                raise DataError(f'the state "{state}" is unknown. Known: {", ".join((UNKNOWN, *STATES))}, or a share.')
            before = soil_carbon_stock(factors, soil, LandState(row["land_use"], state))
        else:
            if not 0 < state <= HIGHEST:
                raise DataError(
                    f"a share of the stock of reference above 0 and up to {HIGHEST} was expected, found {state}."
                )
            before = state * soil_carbon_stock(factors, soil, LandState("native"))
        found.append(max(0.0, (soil_carbon_stock(factors, soil, after) - before) / TRANSITION_YEARS))
    return found
