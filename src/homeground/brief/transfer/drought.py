# SPDX-License-Identifier: Apache-2.0
"""Drought in the schema of Trends.Earth: area and people by class in each year, from the tables of the forms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.prais.land import DROUGHT
from homeground.brief.prais.people import DROUGHT as PEOPLE
from homeground.brief.prais.people import rows_of, sum_shown
from homeground.brief.transfer.shapes import NO_DATA, TOTAL, area_list, people_list
from homeground.running.tables import DROUGHT_PEOPLE

if TYPE_CHECKING:
    import pandas as pd

LABELS = {
    "mild_drought": "Mild drought",
    "moderate_drought": "Moderate drought",
    "severe_drought": "Severe drought",
    "extreme_drought": "Extreme drought",
    "non_drought": "Non-drought",
    "no_data": NO_DATA,
}


def drought_report(iso3: str, results: Path, years: pd.DataFrame) -> dict[str, Any]:
    """Tiers one and two of SO3; tier three, a mean of vulnerability, is not known here and has no year.

    Parameters
    ----------
    iso3 : str
    results : Path
    years : DataFrame
        As of `homeground.brief.facts.assessed.assessment.drought_years`: index year, columns classes, km2.

    Returns
    -------
    dict
        A DroughtReport of the schema. People hidden by the gate are left out, and so is a year without people.
    """
    areas = {
        str(year): area_list(
            "Area by drought class",
            {LABELS[name]: float(row[list(codes)].sum()) for name, codes in DROUGHT.items()},
        )
        for year, row in years.iterrows()
    }
    people = rows_of(results / DROUGHT_PEOPLE, iso3)
    counted: dict[str, Any] = {}
    for year, rows in people.groupby("year") if len(people) else ():
        known = {LABELS[name]: sum_shown(rows, column) for column, name in PEOPLE.items()}
        told = people_list("Population by drought class", {label: known[label] for label in LABELS.values()})
        if told["values"]:
            counted[str(year)] = {TOTAL: told}
    return {"tier_one": areas, "tier_two": counted, "tier_three": {}}
