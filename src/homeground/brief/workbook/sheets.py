# SPDX-License-Identifier: Apache-2.0
"""Which tables of the results become sheets of the workbook, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from homeground.language.messages import Saying, known, phrase, tell
from homeground.running import tables

PLACES = {"latitude": "degrees", "longitude": "degrees", "region_share": "% of land"}
GRID = {"step": "see column step_unit", "grid_step": "degrees", "bounds_covered": "fraction"}


@dataclass(frozen=True)
class Sheet:
    """A table of the results folder to be written; ``count`` counts persons, within each group of ``by``.

    ``units`` are those of columns whose name does not tell it. ``own``: made from series that the study gave; ``cover``: its
    classes of land cover are explained. ``coordinates``: latitude and longitude are of patches of land and of nobody's
    home, so the gate lets them through. ``without``: columns that say in words what those beside them say in numbers.
    """

    table: str
    count: str = ""
    by: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    own: bool = False
    cover: bool = False
    coordinates: bool = False
    without: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the sheet is known by: the table without its ending."""
        return self.table.removesuffix(".parquet")


SHEETS = (
    Sheet(tables.PEOPLE_COUNTRIES, "value", ("indicator", "year")),
    Sheet(tables.FLOWS, "people", ("what", "year")),
    Sheet(tables.EFFECTS),
    Sheet(tables.EFFECTS_POOLED),
    Sheet(tables.EFFECTS_MODERATORS),
    Sheet(tables.EVIDENCE_COUNTRIES),
    Sheet(tables.PLAN),
    Sheet(tables.PLAN_SCHEDULE),
    Sheet(tables.PLAN_SPENDING),
    Sheet(tables.PLAN_PRICES),
    Sheet(tables.PLAN_CHECKS),
    Sheet(tables.PLAN_BINDING),
    Sheet(tables.PLAN_DRAWN),
    Sheet(tables.PLAN_FRONTIER),
    Sheet(tables.PLAN_CARBON),
    Sheet(tables.CASHFLOW),
    Sheet(tables.FINANCE_APPRAISAL),
    Sheet(tables.FINANCE_SOURCES),
    Sheet(tables.FINANCE_HOUSEHOLD),
    Sheet(tables.FINANCE_PUBLISHED),
    Sheet(tables.REGISTRY_LADDER),
    Sheet(tables.REGISTRY_LAND),
    Sheet(tables.REGISTRY_COSTS),
    Sheet(tables.FINANCE_AGAINST),
    Sheet(tables.FINANCE_UPKEEP),
    Sheet(tables.FINANCE_VALUES),
    Sheet(tables.LAND_COUNTRIES, cover=True),
    Sheet(tables.DEGRADATION, own=True, cover=True),
    Sheet(tables.LAND_STATUS, own=True, cover=True),
    Sheet(tables.LDN_BALANCE, own=True),
    Sheet(tables.CARBON_STOCKS, units={"stock_t": "t C"}, own=True, cover=True),
    Sheet(tables.PROFILE_DIFFERENCE, own=True),
    Sheet(tables.SENSITIVITY, units={"result": "% of land", "change": "% of land"}, own=True),
    Sheet(tables.LAND_NOISE, units=dict.fromkeys(("observed", "median", "low", "high"), "% of land"), own=True),
    Sheet(
        tables.LAND_RAIN_ALONE,
        units=dict.fromkeys(("observed", "median", "low", "high"), "% of land") | {"explained": "%"},
        own=True,
    ),
    Sheet(tables.HOTSPOTS, units=PLACES, own=True, coordinates=True),
    Sheet(
        tables.LAND_REFERENCE,
        units=dict.fromkeys(
            (f"{name}_accuracy{end}" for name in ("users", "producers") for end in ("", "_low", "_high")), "%"
        ),
        own=True,
    ),
    Sheet(tables.LAND_REFERENCE_MATRIX, own=True),
    Sheet(tables.LAND_CORRECTIONS, own=True),
    Sheet(tables.LAND_TAKE, own=True),
    Sheet(
        tables.LAND_CONSUMPTION,
        units=dict.fromkeys(("built_per_person_start", "built_per_person_end"), "m2") | {"built_change": "%"},
        own=True,
    ),
    Sheet(tables.SOIL_SEALING, own=True),
    Sheet(tables.ALIGNMENT, units=GRID, own=True),
    Sheet(tables.DROUGHT, own=True),
    Sheet(tables.DROUGHT_PERIODS, own=True),
    Sheet(tables.DROUGHT_EVENTS, units={"duration": "months", "interarrival": "months"}, own=True),
    Sheet(tables.DROUGHT_ALIGNMENT, units=GRID, own=True),
    Sheet(tables.SERIES),
    Sheet(tables.COUNTRY_CLIMATE, units={"temperature_c": "degC"}),
    Sheet(tables.RISK_PARTS),
    Sheet(tables.RISK_RELIABILITY, without=("label",)),
    Sheet(tables.RISK_WEIGHTS),
)


def sheet_name(key: str, code: str) -> str:
    """The name of a sheet in a language; the key of the table where it has none.

    Examples
    --------
    >>> sheet_name("hotspots", "fr"), sheet_name("risk_of_my_own", "fr")
    ('Zones sensibles', 'risk_of_my_own')
    """
    return (phrase(f"sheet.{key}.name", code) if known(f"sheet.{key}.name") else key)[:31]


def sheet_about(sheet: Sheet, code: str) -> str:
    """What a sheet holds."""
    what = f"sheet.{sheet.key}.about" if known(f"sheet.{sheet.key}.about") else "sheet.other.about"
    said = (*(("sheet.own",) if sheet.own else ()), what, *(("sheet.cover",) if sheet.cover else ()))
    return tell(map(Saying, said), code)
