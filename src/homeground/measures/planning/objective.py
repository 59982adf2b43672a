# SPDX-License-Identifier: Apache-2.0
"""What a plan wants most of: what a hectare of a measure counts on a unit of land, by name or by weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from homeground.errors import DataError
from homeground.measures.options import rates_of
from homeground.measures.planning.programme import Floats

C_TO_CO2 = 44 / 12
# By name: what a hectare counts, and its unit.
OBJECTIVES = {
    "restored": "hectares weighted by need",
    "hectares": "hectares",
    "work": "person-days",
    "carbon": "t CO2e a year",
    "people": "people",
    "worth": "USD",
}


def unit_of(objective: str | Mapping[str, float]) -> str:
    """Unit of what a plan has most of.

    Parameters
    ----------
    objective : str or mapping
        As in `per_hectare`.

    Returns
    -------
    str

    Examples
    --------
    >>> unit_of("restored"), unit_of({"restored": 1.0, "work": 0.01})
    ('hectares weighted by need', '1 x restored + 0.01 x work')
    """
    if isinstance(objective, str):
        return OBJECTIVES[objective]
    return " + ".join(f"{weight:g} x {name}" for name, weight in objective.items())


# The unit as numbers are written with it; of weights there is none.
AMOUNTS = {
    "hectares weighted by need": "ha", "hectares": "ha", "person-days": "person-days", "t CO2e a year": "t CO2e/year",
    "people": "persons", "USD": "USD",
}  # fmt: skip


def per_hectare(
    objective: str | Mapping[str, float], units: pd.DataFrame, options: pd.DataFrame, pairs: pd.DataFrame
) -> Floats:
    """What a hectare of each pair of unit and measure counts.

    Parameters
    ----------
    objective : str or mapping of str to weight
        restored: the need of the land (all land 1 where units give none); hectares: 1; work: person-days to establish
        and of one year after; carbon: t CO2e a year; people: units' people_per_km2; worth: options' worth_mid, USD. With
        weights each counts in its own unit, so that two studies are weighed alike: nothing is scaled by its spread.
    units, options : DataFrame
        As in `plan`.
    pairs : DataFrame
        unit (place in ``units``), iso3, measure.

    Returns
    -------
    array, one for each pair
        Carbon that is not known counts nothing.

    Raises
    ------
    DataError
        An unknown name, a negative weight, or a column that the objective needs.

    Examples
    --------
    >>> from homeground.measures import options
    >>> units = pd.DataFrame({"iso3": ["NER"], "need": [1.3]})
    >>> pairs = pd.DataFrame({"unit": [0], "iso3": ["NER"], "measure": ["half_moons"]})
    >>> per_hectare({"restored": 1.0, "hectares": 0.5}, units, options(), pairs).tolist()
    [1.8]
    """
    weights = {objective: 1.0} if isinstance(objective, str) else dict(objective)
    if strangers := sorted(set(weights) - set(OBJECTIVES)):
        raise DataError(f"the objective names {', '.join(strangers)}. Known: {', '.join(OBJECTIVES)}.")
    if not weights or any(not (np.isfinite(w) and w >= 0) for w in weights.values()):
        raise DataError(f"weights of 0 or more were expected in the objective, found {weights}.")
    total = np.zeros(len(pairs))
    for name, weight in weights.items():
        total += weight * _one(name, units, options, pairs)
    return total


def _one(name: str, units: pd.DataFrame, options: pd.DataFrame, pairs: pd.DataFrame) -> Floats:
    unit = pairs["unit"].to_numpy(int)
    if name == "hectares" or (name == "restored" and "need" not in units.columns):
        return np.ones(len(pairs))
    if name == "restored":
        need: Floats = units["need"].to_numpy(float)[unit]
        return need
    if name == "people":
        if "people_per_km2" not in units.columns:
            raise DataError(
                "the objective people needs the column people_per_km2 of the units. Add it, or name another."
            )
        people: Floats = units["people_per_km2"].to_numpy(float)[unit] / 100
        return people
    rates = rates_of(options, pairs)
    if name == "work":
        return sum(
            (rates[f"person_days_{phase}_mid"].to_numpy(float) for phase in ("establishment", "season", "upkeep")),
            start=np.zeros(len(pairs)),
        )
    if name == "carbon":
        soil, biomass = (rates[f"{what}_carbon_rate_mid"].fillna(0.0) for what in ("soil", "biomass"))
        return np.asarray((soil + biomass) * C_TO_CO2, float)
    if "worth_mid" not in options.columns:
        raise DataError(
            "the objective worth needs the column worth_mid (USD/ha) of the options. Add it, or name another."
        )
    return rates["worth_mid"].fillna(0.0).to_numpy(float)
