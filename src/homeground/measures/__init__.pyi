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
from .choice.choose import Choice, choose
from .jobs import full_time_equivalents, person_days
from .options import at_prices, options, options_at, rates_trail, read_options, unverified_share
from .places import planning_units
from .planning.plan import plan
from .planning.result import Plan
from .planning.rules.asked import Rule
from .planning.rules.recheck import recheck
from .rates.practices import practices
from .rates.records import read_records
from .suitability import suitability_rules, suitable, suitable_areas, unsuitable_reason

__all__ = [
    "Choice",
    "LandState",
    "Plan",
    "Rule",
    "at_prices",
    "biomass_carbon",
    "carbon_to_co2e",
    "choose",
    "full_time_equivalents",
    "options",
    "options_at",
    "person_days",
    "plan",
    "planning_units",
    "practices",
    "rates_trail",
    "read_options",
    "read_records",
    "recheck",
    "soil_carbon_change_rate",
    "soil_carbon_factors",
    "soil_carbon_path",
    "soil_carbon_stock",
    "suitability_rules",
    "suitable",
    "suitable_areas",
    "unsuitable_reason",
    "unverified_share",
]
