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
from .options import at_prices, options, options_at, rates_trail, read_options, unverified_share
from .places import planning_units
from .planning.plan import plan
from .planning.result import Plan
from .planning.rules.asked import Rule
from .planning.rules.recheck import recheck
from .rates.practices import practices
from .rates.records import read_records
from .rights.overlays import land_and_rights
from .rights.screening import Screening, screen, screening_questions
from .rights.targeting import gap_between_groups, geographic_targeting, self_selected, targeting_errors
from .suitability import suitability_rules, suitable, unsuitable_reason
from .suitable_land import suitable_areas
from .work.access import Reach, accessible
from .work.covered import access_under, shares_covered
from .work.density import job_density, published_densities
from .work.kinds import convert_jobs, jobs_by_kind
from .work.movement import movement_weights
from .work.programmes import public_works, training
from .work.supply import beside_supply, days_by_year, labour_caps, labour_supply

__all__ = [
    "Choice",
    "LandState",
    "Plan",
    "Reach",
    "Rule",
    "Screening",
    "access_under",
    "accessible",
    "at_prices",
    "beside_supply",
    "biomass_carbon",
    "carbon_by_place",
    "carbon_to_co2e",
    "choose",
    "convert_jobs",
    "days_by_year",
    "full_time_equivalents",
    "gap_between_groups",
    "geographic_targeting",
    "job_density",
    "jobs_by_kind",
    "labour_caps",
    "labour_supply",
    "land_and_rights",
    "movement_weights",
    "options",
    "options_at",
    "person_days",
    "plan",
    "planning_units",
    "practices",
    "public_works",
    "published_densities",
    "rates_by_measure",
    "rates_trail",
    "read_options",
    "read_records",
    "recheck",
    "screen",
    "screening_questions",
    "self_selected",
    "shares_covered",
    "soil_carbon_change_rate",
    "soil_carbon_factors",
    "soil_carbon_path",
    "soil_carbon_stock",
    "soil_rate",
    "suitability_rules",
    "suitable",
    "suitable_areas",
    "targeting_errors",
    "training",
    "unsuitable_reason",
    "unverified_share",
]
