# SPDX-License-Identifier: Apache-2.0
"""Which tables of the results become sheets of the workbook, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from homeground.language.messages import Saying, known, phrase, tell

GRID = {"step": "see column step_unit", "grid_step": "degrees", "bounds_covered": "fraction"}


@dataclass(frozen=True)
class Sheet:
    """A table of the results folder to be written; ``count`` counts persons, within each group of ``by``.

    ``units`` are those of columns whose name does not tell it. ``own``: made from series that the study gave; ``cover``: its
    classes of land cover are explained. ``coordinates``: latitude and longitude are of patches of land and of nobody's
    home, so the gate lets them through. ``without``: columns that say in words what those beside them say in numbers.
    """

    key: str
    count: str = ""
    by: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    own: bool = False
    cover: bool = False
    coordinates: bool = False
    without: tuple[str, ...] = ()


SHEETS = (
    Sheet("people_countries", "value", ("indicator", "year")),
    Sheet("flows", "people", ("what", "year")),
    Sheet("effects"),
    Sheet("effects_pooled"),
    Sheet("effects_moderators"),
    Sheet("evidence_countries"),
    Sheet("plan"),
    Sheet("plan_schedule"),
    Sheet("plan_spending"),
    Sheet("plan_prices"),
    Sheet("plan_checks"),
    Sheet("cashflow"),
    Sheet("finance_appraisal"),
    Sheet("finance_sources"),
    Sheet("finance_household"),
    Sheet("finance_published"),
    Sheet("land_countries", cover=True),
    Sheet("degradation", own=True, cover=True),
    Sheet("land_status", own=True, cover=True),
    Sheet("ldn_balance", own=True),
    Sheet("carbon_stocks", units={"stock_t": "t C"}, own=True, cover=True),
    Sheet("profile_difference", own=True),
    Sheet("sensitivity", units={"result": "% of land", "change": "% of land"}, own=True),
    Sheet("hotspots", units={"latitude": "degrees", "longitude": "degrees"}, own=True, coordinates=True),
    Sheet("land_corrections", own=True),
    Sheet("land_take", own=True),
    Sheet(
        "land_consumption",
        units=dict.fromkeys(("built_per_person_start", "built_per_person_end"), "m2") | {"built_change": "%"},
        own=True,
    ),
    Sheet("soil_sealing", own=True),
    Sheet("alignment", units=GRID, own=True),
    Sheet("drought", own=True),
    Sheet("drought_periods", own=True),
    Sheet("drought_events", units={"duration": "months", "interarrival": "months"}, own=True),
    Sheet("drought_alignment", units=GRID, own=True),
    Sheet("series"),
    Sheet("risk_parts"),
    Sheet("risk_reliability", without=("label",)),
    Sheet("risk_weights"),
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
