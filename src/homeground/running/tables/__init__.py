# SPDX-License-Identifier: Apache-2.0
"""Names of the tables that steps hand each other in a results folder; what stands in each is declared in CSV beside.

``tables.csv`` says of each who writes and who reads it, ``land.csv`` and its kin what its columns are. A part takes the name of
a table that it writes or reads from here.
"""

REGIONS = "regions.parquet"
RUN_RECORD = "run.json"

LAND_UNITS = "land_units.parquet"
LAND_COUNTRIES = "land_countries.parquet"
SERIES = "series.parquet"
COUNTRY_CLIMATE = "country_climate.parquet"
VEGETATION_FACTS = "vegetation.json"
VEGETATION_POTENTIALS = "vegetation_potentials.parquet"
DEGRADATION = "degradation.parquet"
DEGRADATION_FACTS = "degradation.json"
LAND_STATUS = "land_status.parquet"
LAND_NOISE = "land_noise.parquet"
LAND_NOISE_FACTS = "land_noise.json"
LAND_RAIN_ALONE = "land_rain_alone.parquet"
LAND_REFERENCE = "land_reference.parquet"
LAND_REFERENCE_MATRIX = "land_reference_matrix.parquet"
AGAINST_TRENDS_EARTH = "land_against_trends_earth.parquet"
AGAINST_TRENDS_EARTH_CELLS = "land_against_trends_earth_cells.parquet"
AGAINST_TRENDS_EARTH_CAUSES = "land_against_trends_earth_causes.parquet"
AGAINST_TRENDS_EARTH_SETTINGS = "land_against_trends_earth_settings.parquet"
LAND_CHANGES = "land_changes.parquet"
LAND_REPORTS = "land_reports.parquet"
LAND_PEOPLE = "land_people.parquet"
LDN_BALANCE = "ldn_balance.parquet"
CARBON_STOCKS = "carbon_stocks.parquet"
PROFILE_DIFFERENCE = "profile_difference.parquet"
SENSITIVITY = "sensitivity.parquet"
TORNADO = "tornado.parquet"
HOTSPOTS = "hotspots.parquet"
LAND_CORRECTIONS = "land_corrections.parquet"
LAND_TAKE = "land_take.parquet"
ALIGNMENT = "alignment.parquet"
LAND_CONSUMPTION = "land_consumption.parquet"
SOIL_SEALING = "soil_sealing.parquet"
DROUGHT = "drought.parquet"
DROUGHT_PERIODS = "drought_periods.parquet"
DROUGHT_EVENTS = "drought_events.parquet"
DROUGHT_ALIGNMENT = "drought_alignment.parquet"
DROUGHT_PEOPLE = "drought_people.parquet"
DROUGHT_FACTS = "drought.json"

PEOPLE_COUNTRIES = "people_countries.parquet"
FLOWS = "flows.parquet"

EFFECTS = "effects.parquet"
EFFECTS_POOLED = "effects_pooled.parquet"
EFFECTS_MODERATORS = "effects_moderators.parquet"
EVIDENCE_COUNTRIES = "evidence_countries.parquet"

MEASURE_RATES = "measure_rates.parquet"
SUITABLE_AREAS = "suitable_areas.parquet"
PLAN = "plan.parquet"
PLAN_SCHEDULE = "plan_schedule.parquet"
PLAN_SPENDING = "plan_spending.parquet"
PLAN_PRICES = "plan_prices.parquet"
PLAN_CHECKS = "plan_checks.parquet"
PLAN_STARTS = "plan_starts.parquet"
PLAN_BINDING = "plan_binding.parquet"
PLAN_DRAWN = "plan_drawn.parquet"
PLAN_FRONTIER = "plan_frontier.parquet"
PLAN_FACTS = "plan.json"
WORK_REGIONS = "work_regions.parquet"
LABOUR = "labour.parquet"
WORK_DENSITY = "work_density.parquet"
WORK_FACTS = "work.json"
RIGHTS = "rights.parquet"
RIGHTS_FACTS = "rights.json"
PLAN_CARBON = "plan_carbon.parquet"

CASHFLOW = "cashflow.parquet"
FINANCE_APPRAISAL = "finance_appraisal.parquet"
FINANCE_PUBLISHED = "finance_published.parquet"
FINANCE_SOURCES = "finance_sources.parquet"
FINANCE_HOUSEHOLD = "finance_household.parquet"
VALUE_CHAIN = "value_chain.parquet"
RURAL_INDUSTRY = "rural_industry.parquet"
FINANCE_VALUES = "finance_values.parquet"
FINANCE_UPKEEP = "finance_upkeep.parquet"
FINANCE_AGAINST = "finance_against.parquet"

RISK_PARTS = "risk_parts.parquet"
RISK_WEIGHTS = "risk_weights.parquet"
RISK_RELIABILITY = "risk_reliability.parquet"


def regions_of(part: str) -> str:
    """Name of the table in which a part publishes its columns by region.

    Parameters
    ----------
    part : str
        Such as ``land``.

    Returns
    -------
    str

    Examples
    --------
    >>> regions_of("land")
    'regions/land.parquet'
    """
    return f"regions/{part}.parquet"


REGISTRY_LADDER = "registry_ladder.parquet"
REGISTRY_LAND = "registry_land.parquet"
REGISTRY_COSTS = "registry_costs.parquet"
