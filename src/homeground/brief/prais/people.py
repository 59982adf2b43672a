# SPDX-License-Identifier: Apache-2.0
"""What the forms say of people on degraded land and in drought: sums of what the gate shows by region."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from homeground.brief.facts.assessed.assessment import LAND_LAYERS, RAIN_LAYERS
from homeground.brief.facts.assessed.season import other_months
from homeground.brief.facts.sources import your_files
from homeground.brief.prais.form import Filled
from homeground.brief.prais.tables import PraisAnswer
from homeground.language.messages import Saying
from homeground.running.tables import DROUGHT_PEOPLE, LAND_PEOPLE
from homeground.study.model import Study

DROUGHT = {"people_mild": "mild_drought", "people_moderate": "moderate_drought", "people_severe": "severe_drought"}
DROUGHT |= {"people_extreme": "extreme_drought", "people_none": "non_drought", "people_unknown": "no_data"}
EXPOSED = ("people_mild", "people_moderate", "people_severe", "people_extreme")


def people_answers(iso3: str, results: Path, study: Study) -> Filled:
    """Answers of SO2-3 and SO3-2 for one country; empty where no population grid was given.

    Parameters
    ----------
    iso3 : str
    results : Path
    study : Study

    Returns
    -------
    Filled
        A year in which the gate hides a number of any region is left empty: its sum would be too small.
    """
    out = Filled()
    land, dry = (rows_of(results / path, iso3) for path in (LAND_PEOPLE, DROUGHT_PEOPLE))
    source = your_files(study, ("population_grid", *LAND_LAYERS)) or ""
    for year, rows in land.groupby("year") if len(land) else ():
        whole, part = sum_shown(rows, "people"), sum_shown(rows, "people_degraded")
        told = Saying("form.people_of", {"year": str(rows["people_year"].iloc[0])})
        if whole is None or part is None or not whole:
            continue
        key = ("SO2-3.T1", str(year), "total")
        out.answers[*key, "count"] = PraisAnswer(part, source, told, "modelled")
        out.answers[*key, "share"] = PraisAnswer(100 * part / whole, source, told, "modelled")
    if len(land):
        out.caveats["SO2-3.T1"] = Saying("form.caveat.people_land")
    if len(dry) and (other := other_months(study)):
        out.why |= dict.fromkeys(("SO3-2.T1", "SO3-2.T2"), other)
        return out
    source = your_files(study, ("population_grid", *RAIN_LAYERS)) or ""
    for year, rows in dry.groupby("year") if len(dry) else ():
        told = Saying("form.people_of", {"year": str(rows["people_year"].iloc[0])})
        sums = {name: sum_shown(rows, name) for name in DROUGHT}
        for name, row in DROUGHT.items():
            if (count := sums[name]) is not None:
                out.answers["SO3-2.T1", str(year), row, ""] = PraisAnswer(count, source, told, "modelled")
        whole, parts = sum_shown(rows, "people"), [sums[name] for name in EXPOSED]
        if whole and None not in parts:
            share = 100 * sum(part for part in parts if part is not None) / whole
            out.answers["SO3-2.T2", str(year), "population_exposed", ""] = PraisAnswer(share, source, told, "modelled")
    if len(dry):
        out.caveats |= dict.fromkeys(("SO3-2.T1", "SO3-2.T2"), Saying("form.caveat.people_drought"))
    return out


def rows_of(path: Path, iso3: str) -> pd.DataFrame:
    """Rows of one country; none where the table was not written."""
    if not path.is_file():
        return pd.DataFrame()
    table = pd.read_parquet(path)
    return table[table["iso3"] == iso3]


def sum_shown(rows: pd.DataFrame, column: str) -> float | None:
    """The people of all regions; None where the gate hides one."""
    return None if rows[column].isna().any() else float(rows[column].sum())
