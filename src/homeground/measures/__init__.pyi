# SPDX-License-Identifier: Apache-2.0
from .carbon import (
    LandState,
    biomass_carbon,
    carbon_to_co2e,
    soil_carbon_change_rate,
    soil_carbon_factors,
    soil_carbon_path,
    soil_carbon_stock,
)
from .carbon_rates.place import carbon_by_place, rates_by_measure
from .carbon_rates.soil import soil_rate
from .choice.choose import Choice, choose
from .jobs import full_time_equivalents, person_days
from .options import at_prices, options, read_options, unverified_share
from .places import planning_units
from .planning.plan import plan
from .planning.result import Plan, recheck
from .suitability import suitability_rules, suitable, suitable_areas, unsuitable_reason

__all__ = [
    "Choice",
    "LandState",
    "Plan",
    "at_prices",
    "biomass_carbon",
    "carbon_by_place",
    "carbon_to_co2e",
    "choose",
    "full_time_equivalents",
    "options",
    "person_days",
    "plan",
    "planning_units",
    "rates_by_measure",
    "read_options",
    "recheck",
    "soil_carbon_change_rate",
    "soil_carbon_factors",
    "soil_carbon_path",
    "soil_carbon_stock",
    "soil_rate",
    "suitability_rules",
    "suitable",
    "suitable_areas",
    "unsuitable_reason",
    "unverified_share",
]
