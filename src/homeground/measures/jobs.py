# SPDX-License-Identifier: Apache-2.0
"""Work a measure needs, in person-days by phase; a number of jobs only by a rule that is said aloud."""

from __future__ import annotations

import math

import pandas as pd

from homeground.errors import DataError
from homeground.measures.options import rates_of

PHASES = ("establishment", "season", "upkeep")


def person_days(areas: pd.DataFrame, options: pd.DataFrame, *, years_after: float = 1.0) -> pd.DataFrame:
    """Days of work that putting measures on land takes, by phase; phases are different work and are not added up.

    Parameters
    ----------
    areas : DataFrame
        measure and hectares, and any other columns, which are kept. An optional column years_after says for each row
        how many years of season and upkeep work follow establishment.
    options : DataFrame
        From `homeground.measures.options`; person-days/ha, and person-days/ha/yr for season and upkeep.
    years_after : float
        Used where the column is absent. With 1, season and upkeep are the work of one year.

    Returns
    -------
    DataFrame, three rows per row of areas
        The columns of areas, phase (establishment: once; season: field work of the main season; upkeep: repair,
        guarding, pruning outside it), low, mid, high in person-days, quality (1 best, 5 expert default, unverified).

    Raises
    ------
    DataError
        A column is missing, a measure has no options, hectares or years are negative or missing.

    Notes
    -----
    hectares x person-days per hectare, times years_after for season and upkeep.

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.measures import options
    >>> work = person_days(pd.DataFrame({"measure": ["half_moons"], "hectares": [10.0]}), options())
    >>> work.set_index("phase").loc["establishment", ["low", "mid", "high"]].tolist()
    [725.0, 1000.0, 5879.0]
    """
    missing = [name for name in ("measure", "hectares") if name not in areas.columns]
    if missing:
        raise DataError(f"the areas table lacks {', '.join(missing)}. Expected: measure, hectares.")
    per_hectare = rates_of(options, areas)
    years = areas["years_after"] if "years_after" in areas.columns else pd.Series(years_after, areas.index)
    for name, values in (("hectares", areas["hectares"]), ("years_after", years)):
        if not bool((values >= 0).all()):
            raise DataError(f"{name} of 0 or more was expected in every row, found negative or missing values.")
    parts = []
    for phase in PHASES:
        amount = (areas["hectares"] * (1.0 if phase == "establishment" else years)).to_numpy(float)
        part = areas.assign(phase=phase)
        for end in ("low", "mid", "high"):
            part[end] = per_hectare[f"person_days_{phase}_{end}"].to_numpy(float) * amount
        part["quality"] = per_hectare[f"person_days_{phase}_quality"].to_numpy(int)
        parts.append(part)
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def full_time_equivalents(person_days: pd.DataFrame, *, days_per_year: float) -> pd.DataFrame:
    """How many full years of one person's work the person-days are, by phase, under a stated length of the work year.

    Parameters
    ----------
    person_days : DataFrame
        From `person_days`: phase, low, mid, high in person-days.
    days_per_year : float
        Days one person works in a year. There is no default: 230 and 100 give very different "jobs" from the same work,
        and seasonal work of many is not the full-time work of few.

    Returns
    -------
    DataFrame
        As given, with low, mid, high in person-years, and a column rule that says how they were made.

    Raises
    ------
    DataError
        days_per_year is not above 0 and at most 366, or columns are missing.

    Notes
    -----
    Person-years = person-days / days_per_year. Published "jobs" of dryland programmes span 0.02 to 0.73 per hectare
    because they mix temporary and full-time work; so this never returns a count of jobs.

    Examples
    --------
    >>> import pandas as pd
    >>> work = pd.DataFrame({"phase": ["season"], "low": [230.0], "mid": [460.0], "high": [920.0]})
    >>> full_time_equivalents(work, days_per_year=230).mid.item()
    2.0
    """
    missing = [name for name in ("phase", "low", "mid", "high") if name not in person_days.columns]
    if missing:
        raise DataError(f"the person-days table lacks {', '.join(missing)}. Make it with person_days.")
    if not (math.isfinite(days_per_year) and 0 < days_per_year <= 366):
        raise DataError(f"days_per_year above 0 and at most 366 was expected, found {days_per_year}.")
    out = person_days.copy()
    out[["low", "mid", "high"]] = out[["low", "mid", "high"]] / days_per_year
    out["rule"] = f"person-days / {days_per_year:g} days a year"
    return out
