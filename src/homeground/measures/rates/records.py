# SPDX-License-Identifier: Apache-2.0
"""The shipped records: one figure of one source at one place each, none of them a mean of several."""

from __future__ import annotations

from importlib import resources

import pandas as pd

# Parameter, its one unit, and whether a measure is incomplete without it.
PARAMETERS: dict[str, tuple[str, bool]] = {
    "establishment_cost": ("USD/ha", True),
    "upkeep_cost": ("USD/ha/yr", True),
    "person_days_establishment": ("person-days/ha", True),
    "person_days_season": ("person-days/ha/yr", True),
    "person_days_upkeep": ("person-days/ha/yr", True),
    "women_share": ("1", True),
    "youth_share": ("1", True),
    "yield_gain": ("% of yield without", False),
    "soil_carbon_rate": ("t C/ha/yr", False),
    "biomass_carbon_rate": ("t C/ha/yr", False),
    "survival": ("1", False),
    "benefit_lag": ("yr", False),
    "benefit_full": ("yr", False),
    "adoption_ceiling": ("1", True),
}
WAGE, ANY = "wage", "any"  # a day's wage is of a place, not of a measure: its rows name the measure "any"
UNITS = {name: unit for name, (unit, _) in PARAMETERS.items()} | {WAGE: "USD/person-day"}
COSTS = {"establishment_cost": "person_days_establishment", "upkeep_cost": "person_days_upkeep"}  # and their work
MONEY = (*COSTS, WAGE)
UNVERIFIED = 5  # quality 1 peer-reviewed ... 4 secondary page, 5 expert default, unverified
ENDS = ("low", "mid", "high")
KEYS = ["iso3", "measure"]  # of options by place; else the measure alone
DEFAULT = "default"  # kind of an expert default, which serves only where no record does
# A wage, a yield or a rate of the soil or of growth of another zone says nothing: beyond it such a figure is absent.
WITHIN_ZONE = (WAGE, "yield_gain", "soil_carbon_rate", "biomass_carbon_rate")


def read_records() -> pd.DataFrame:
    """The shipped records of costs, work, yields, carbon, survival, shares and wages.

    Returns
    -------
    DataFrame
        measure (a wage is of "any"), parameter, place (ISO 3166-1 alpha-3 code, name of a zone, or "world"), low, mid,
        high (the three are one where the source gives one figure), labour (what of ``mid`` the source counts as paid work,
        USD; missing: work is inside the total, or not known), unit, price_year (or "not stated"), currency, source,
        seen_at, source_year, licence, quality (1 best to 5 expert default), kind (published, modelled, default), note.

    Examples
    --------
    >>> records = read_records()
    >>> dug = records.query("measure == 'trenches' and parameter == 'establishment_cost' and place == 'UZB'")
    >>> dug[["mid", "price_year"]].values.tolist()
    [[666.7, 'not stated']]
    """
    with resources.files("homeground.measures.rates").joinpath("records.csv").open(encoding="utf-8") as file:
        return pd.read_csv(
            file, dtype={"unit": "str", "note": "str", "price_year": "str", "seen_at": "str", "source_year": "Int64"}
        )
