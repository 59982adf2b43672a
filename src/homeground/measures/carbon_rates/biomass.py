# SPDX-License-Identifier: Apache-2.0
"""Carbon in plants that a hectare gains under a measure, only where a rate of such land was seen."""

from __future__ import annotations

import math
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.measures.carbon_rates.soil import NaN, Rate
from homeground.measures.near import zone_of

ANY = "any"
NO_RATE = "no rate of biomass was seen for such land"
UNIT = "t C/ha/yr"
WITH_SOIL = "its rate holds the soil too"


@cache
def _shipped() -> pd.DataFrame:
    with (
        resources.files("homeground.measures.carbon_rates").joinpath("biomass_rates.csv").open(encoding="utf-8") as file
    ):
        return pd.read_csv(file, keep_default_na=False)


def biomass_rates() -> pd.DataFrame:
    """Rates of biomass with the land that each was seen on.

    Returns
    -------
    DataFrame
        measure; zones (of `homeground.measures.near`), climates (IPCC zones) and aridity, each divided by ; or "any"; low,
        mid, high, unit (t C/ha/yr), with_soil (yes: soil and plants together), source, seen_at, source_year, licence,
        quality (5: expert default, unverified), kind, note.

    Examples
    --------
    >>> biomass_rates().query("measure == 'exclosure'")["zones"].item()
    'horn'
    """
    return _shipped().copy()


def check_biomass_rates(table: pd.DataFrame) -> None:
    """Refuse rates that cannot be used, with every fault named.

    Parameters
    ----------
    table : DataFrame
        As from `biomass_rates`.

    Raises
    ------
    DataError
        A unit other than t C/ha/yr (no t CO2e), ends out of order, missing or not finite, a row without source, or two
        rows of a measure for the same land.

    Examples
    --------
    >>> check_biomass_rates(biomass_rates())
    >>> check_biomass_rates(biomass_rates().head(1).assign(unit="t CO2e/ha/yr"))
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: rates of biomass: farmer_managed_natural_regeneration has unit "t CO2e/ha/yr", "t C/ha/yr" was expected. Times 12/44.
    """
    problems = Problems("rates of biomass")
    for row in table.to_dict("records"):
        ends = [float(row[end]) for end in ("low", "mid", "high")]
        if row["unit"] != UNIT:
            problems.add(f'{row["measure"]} has unit "{row["unit"]}", "{UNIT}" was expected. Times 12/44.')
        if not (all(map(math.isfinite, ends)) and ends == sorted(ends)):
            problems.add(f"{row['measure']}: low <= mid <= high was expected, found {', '.join(map(str, ends))}.")
        if not str(row["source"]).strip():
            problems.add(f"{row['measure']} has no source. Name it.")
    for double in table.loc[table.duplicated(["measure", "zones", "climates", "aridity"]), "measure"].unique():
        problems.add(f"{double} is given twice for the same land. Keep one row.")
    problems.raise_if_any(DataError)


@cache
def _records() -> tuple[dict[Any, Any], ...]:
    return tuple(_shipped().to_dict("records"))


@cache
def biomass_rate(measure: str, iso3: str, climate: str, aridity: str) -> tuple[Rate, bool]:
    """Carbon in plants that a hectare gains a year under a measure, where a rate of such land was seen.

    Parameters
    ----------
    measure, iso3 : str
    climate : str
        IPCC climate zone; empty: not known, which only a rate of any climate serves.
    aridity : str
        Class, such as "semi-arid".

    Returns
    -------
    Rate, bool
        t C/ha/yr, NaN with the reason where none fits; whether the rate holds the soil too, which is then not added.

    Examples
    --------
    >>> biomass_rate("exclosure", "ETH", "tropical_montane", "dry sub-humid")[0].mid
    0.6218
    >>> biomass_rate("exclosure", "NER", "tropical_dry", "arid")[0].absent
    'no rate of biomass was seen for such land'
    """
    for row in _records():
        if row["measure"] == measure and _fits(row, zone_of(iso3), climate, aridity):
            ends = [float(row[end]) for end in ("low", "mid", "high")]
            said = str(row["source"]), int(row["quality"]), str(row["licence"]), str(row["kind"])
            return Rate(ends[0], ends[1], ends[2], "", *said), row["with_soil"] == "yes"
    return Rate(NaN, NaN, NaN, NO_RATE, "", 5), False


def _fits(row: dict[Any, Any], zone: str, climate: str, aridity: str) -> bool:
    asked = {"zones": zone, "climates": climate, "aridity": aridity}
    return all(row[name] == ANY or of in str(row[name]).split(";") for name, of in asked.items())
