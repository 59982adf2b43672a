# SPDX-License-Identifier: Apache-2.0
"""Which existing projects could be part of a pilot: held against criteria one by one, with the reason of each."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.protection.signing import PERSONAL
from homeground.numbers.table import read_rows

HERE = Path(__file__).parent
FOUND = ("met", "not_met", "not_known")
VERDICTS = ("fits", "ask", "does_not_fit")


@cache
def criteria() -> tuple[dict[str, str], ...]:
    """The criteria that ship: which column of a project is tested how, and whether it must be met.

    Returns
    -------
    tuple of dict

    Examples
    --------
    >>> [row["criterion"] for row in criteria() if row["must"] == "yes"][:2]
    ['in_country', 'restores_land']
    """
    return tuple(read_rows(HERE / "criteria.csv"))


def screen_projects(projects: pd.DataFrame, countries: Collection[str]) -> pd.DataFrame:
    """Every project held against every criterion.

    Parameters
    ----------
    projects : DataFrame
        One row a project: ``project``, and as many of the columns of `criteria` as are known. A column or cell that is
        not there is not known: it is asked for, never taken for yes or no.
    countries : collection of str
        Countries of the study, ISO 3166-1 alpha-3.

    Returns
    -------
    DataFrame
        project, criterion, must, found (met, not_met, not_known), value, verdict of the project: does_not_fit where one
        that must be met is not, ask where one that must be met is not known, else fits.

    Raises
    ------
    DataError
        All problems at once: no column project, a project twice, a value that the test cannot read, a column that may
        hold personal data.

    Examples
    --------
    >>> import pandas as pd
    >>> one = pd.DataFrame({"project": ["p1"], "iso3": ["GMB"], "restores_land": ["no"]})
    >>> found = screen_projects(one, ["GMB"]).set_index("criterion")
    >>> found["found"].head(3).tolist(), found["verdict"].iloc[0]
    (['met', 'not_met', 'not_known'], 'does_not_fit')
    """
    problems = Problems("projects")
    if "project" not in projects:
        problems.add("column project is missing: a short name of each.")
    for name in projects.columns:
        if any(word in str(name).lower().split("_") for word in PERSONAL if word != "name"):
            problems.add(f'column "{name}" may hold personal data, which has no place here. Leave it out.')
    problems.raise_if_any(DataError)
    twice = projects.loc[projects["project"].duplicated(), "project"].tolist()
    if twice:
        problems.add(f"{', '.join(map(str, twice))} stands twice. Give each project one row.")
    rows = []
    for line, project in enumerate(projects.to_dict("records"), start=2):
        found = []
        for one in criteria():
            value = _text(project.get(one["column"]))
            try:
                state = _test(value, one, countries)
            except ValueError as error:
                problems.add(f"row {line}, {one['column']}: {error}")
                state = "not_known"
            found.append({"project": project["project"], "criterion": one["criterion"], "must": one["must"] == "yes",
                          "found": state, "value": value})  # fmt: skip
        verdict = _verdict(found)
        rows += [row | {"verdict": verdict} for row in found]
    problems.raise_if_any(DataError)
    return pd.DataFrame(rows, columns=["project", "criterion", "must", "found", "value", "verdict"])


def _test(value: str, one: Mapping[str, str], countries: Collection[str]) -> str:
    if not value:
        return "not_known"
    if one["test"] in ("yes", "no"):
        if value not in ("yes", "no", "unknown"):
            raise ValueError(f'"{value}"; yes, no or unknown was expected.')
        return "not_known" if value == "unknown" else "met" if value == one["test"] else "not_met"
    if one["test"] == "one_of":
        codes = [code.strip() for code in value.split(";")]
        return "met" if any(code in countries for code in codes) else "not_met"
    try:
        number = float(value)
    except ValueError:
        raise ValueError(f'"{value}"; a number was expected.') from None
    if not math.isfinite(number):
        return "not_known"
    return "met" if number >= float(one["limit"]) else "not_met"


def _verdict(found: Iterable[Mapping[str, object]]) -> str:
    states = {row["found"] for row in found if row["must"]}
    return "does_not_fit" if "not_met" in states else "ask" if "not_known" in states else "fits"


def _text(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value).strip()
