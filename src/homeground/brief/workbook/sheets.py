# SPDX-License-Identifier: Apache-2.0
"""Which tables of the results become sheets of the workbook, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from homeground.running import tables

OWN = "From your own series; as you hold them; modelled."
COVER = "Cover: 1 tree-covered, 2 grassland, 3 cropland, 4 wetland, 5 artificial, 6 other land, 7 water."
GRID = {"step": "see column step_unit", "grid_step": "degrees", "bounds_covered": "fraction"}


@dataclass(frozen=True)
class Sheet:
    """A table of the results folder to be written; ``count`` counts persons, within each group of ``by``.

    ``units`` are those of columns whose name does not tell it. ``coordinates``: latitude and longitude are of patches of land
    and of nobody's home, so the gate lets them through.
    """

    table: str
    about: str
    count: str = ""
    by: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    coordinates: bool = False

    @property
    def name(self) -> str:
        """Name of the sheet: that of the table."""
        return self.table.removesuffix(".parquet")


SHEETS = (
    Sheet(
        tables.PEOPLE_COUNTRIES,
        "Published and derived figures of countries, one a row.",
        "value",
        ("indicator", "year"),
    ),
    Sheet(tables.FLOWS, "People who went from one country to another, by year.", "people", ("what", "year")),
    Sheet(tables.EFFECTS, "Published effects of environment and measures on mobility, one a row, each study cited."),
    Sheet(tables.EFFECTS_POOLED, "Groups of published effects: pooled, or the reason why they are not."),
    Sheet(tables.EFFECTS_MODERATORS, "What published studies say makes effects larger or smaller."),
    Sheet(tables.EVIDENCE_COUNTRIES, "What published studies say for each country: signs, ranges, level of evidence."),
    Sheet(tables.PLAN, "The plan: land, money and work by region, land type and measure. A proposal, not a decision."),
    Sheet(tables.PLAN_SCHEDULE, "Hectares started, by country, measure and year."),
    Sheet(tables.PLAN_SPENDING, "Money of the plan by year."),
    Sheet(tables.PLAN_PRICES, "What each rule of the plan costs in land."),
    Sheet(tables.PLAN_CHECKS, "The plan recomputed and held against its rules."),
    Sheet(tables.CASHFLOW, "Money out and in, by year."),
    Sheet(tables.FINANCE_APPRAISAL, "What the plan returns, with the switching values."),
    Sheet(tables.FINANCE_SOURCES, "Who could pay which part."),
    Sheet(tables.FINANCE_HOUSEHOLD, "Households' own money (remittances, diaspora), kept apart: not a public budget."),
    Sheet(tables.FINANCE_PUBLISHED, "Published returns of others, to stand beside ours."),
    Sheet(
        tables.LAND_COUNTRIES,
        "Area of each country by land cover class: 1 tree-covered, 2 grassland, 3 cropland, 4 wetland, "
        "5 artificial, 6 other land, 7 water, -128 no data.",
    ),
    Sheet(
        tables.DEGRADATION,
        f"{OWN} The table that every area of the assessment is a sum of: land by region, period and class. {COVER} "
        "Productivity: 1 declining, 2 moderate decline, 3 stressed, 4 stable, 5 increasing (-1, 0, 1 by rules with three "
        "classes). Changes and degradation: -1 worse, 0 stable, 1 better. Land is where water is 0.",
    ),
    Sheet(
        tables.LAND_STATUS,
        f"{OWN} Land by status at the end of the period: 1 persistent, 2 recent, 3 baseline degradation, 4 stability, "
        "5 baseline, 6 recent, 7 persistent improvement, -128 without a verdict. Response: 1 avoid, 2 reduce, 3 reverse. "
        f"{COVER}",
    ),
    Sheet(
        tables.LDN_BALANCE,
        f"{OWN} Gains against losses by land type. Balanced only where every type is. No country code: the whole study.",
    ),
    Sheet(
        tables.CARBON_STOCKS,
        f"{OWN} Soil organic carbon 0-30 cm by year and land cover. {COVER}",
        units={"stock_t": "t C"},
    ),
    Sheet(
        tables.PROFILE_DIFFERENCE,
        f"{OWN} Land by class of productivity (-1, 0, 1) under the study's rules and under those of other sources.",
    ),
    Sheet(
        tables.SENSITIVITY,
        f"{OWN} Degraded land (SDG 15.3.1) under other choices, one changed at a time: a range, no confidence interval.",
        units={"result": "% of land", "change": "% of land"},
    ),
    Sheet(
        tables.HOTSPOTS,
        f"{OWN} Joined patches of degraded land (hotspots) and of improved land (brightspots) with their middle: places to "
        "look at, the experts of the country name them.",
        units={"latitude": "degrees", "longitude": "degrees"},
        coordinates=True,
    ),
    Sheet(
        tables.LAND_CORRECTIONS, f"{OWN} Land whose verdict experts corrected, by verdict before and after (-1, 0, 1)."
    ),
    Sheet(tables.LAND_TAKE, f"{OWN} Land that became artificial, and that came back, by country and period."),
    Sheet(
        tables.LAND_CONSUMPTION,
        f"{OWN} Land consumption against growth of people (SDG 11.3.1), by both formulas.",
        units=dict.fromkeys(("built_per_person_start", "built_per_person_end"), "m2") | {"built_change": "%"},
    ),
    Sheet(tables.SOIL_SEALING, f"{OWN} Soil that was sealed."),
    Sheet(tables.ALIGNMENT, f"{OWN} How each layer was brought to the grid of the assessment.", units=GRID),
    Sheet(
        tables.DROUGHT,
        f"{OWN} Area by class of drought in December of each year: 0 none, 1 mild, 2 moderate, 3 severe, 4 extreme, "
        "-1 not applicable (hyper-arid or hardly ever rain), -128 no data.",
    ),
    Sheet(tables.DROUGHT_PERIODS, f"{OWN} Area by the highest class of drought of four years."),
    Sheet(
        tables.DROUGHT_EVENTS,
        f"{OWN} Droughts of each region's mean index: onset, end, length, severity (sum of the index), peak.",
        units={"duration": "months", "interarrival": "months"},
    ),
    Sheet(tables.DROUGHT_ALIGNMENT, f"{OWN} How each layer was brought to the grid of the rain.", units=GRID),
    Sheet(tables.SERIES, "Series in time with their trend; the trend is repeated on each row of its place."),
    *(
        Sheet(name, "Risk and how sure it is.")
        for name in (tables.RISK_PARTS, tables.RISK_RELIABILITY, tables.RISK_WEIGHTS)
    ),
)
