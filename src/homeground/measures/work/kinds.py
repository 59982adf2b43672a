# SPDX-License-Identifier: Apache-2.0
"""Five kinds of jobs that are never added up, and full-time work only by a rule that is said."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from homeground.errors import DataError
from homeground.measures.work.ranges import ENDS

# How each kind counts: what one of it is.
JOB_KINDS = {
    "person_days": "days of work, whoever does them",
    "seasonal": "jobs that come back each season",
    "temporary": "jobs of less than twelve months that end",
    "permanent": "jobs without an end, or of twelve months and more",
    "self_employment": "own work that sustains a person after the programme",
}


def jobs_by_kind(jobs: pd.DataFrame, by: tuple[str, ...] = ()) -> pd.DataFrame:
    """Jobs summed within each of the five kinds; there is no sum over kinds.

    Parameters
    ----------
    jobs : DataFrame
        ``kind`` (person_days, seasonal, temporary, permanent, self_employment), ``low, mid, high``, and the columns of
        ``by``.
    by : tuple of str
        Columns that are kept apart too, such as ``region_id``.

    Returns
    -------
    DataFrame
        by, kind, low, mid, high, counts (what one of it is), in the order of the kinds. Without a row of all kinds: a day,
        a season and a year of work are different things.

    Raises
    ------
    DataError
        A kind is unknown, a number is missing or below zero, low, mid and high are out of order, a column is missing.

    Examples
    --------
    >>> found = jobs_by_kind(pd.DataFrame({"kind": ["seasonal", "seasonal", "permanent"], "low": 1, "mid": 2, "high": 4}))
    >>> found[["kind", "mid"]].values.tolist()
    [['seasonal', 4], ['permanent', 2]]
    """
    _check(jobs, by)
    order = list(JOB_KINDS)
    found = jobs.groupby([*by, "kind"], as_index=False)[list(ENDS)].sum()
    found = found.sort_values([*by, "kind"], key=lambda c: c.map(order.index) if c.name == "kind" else c)
    return found.assign(counts=found["kind"].map(JOB_KINDS)).reset_index(drop=True)


def convert_jobs(jobs: pd.DataFrame, years_of_one: Mapping[str, float]) -> pd.DataFrame:
    """Full-time years of work that jobs of some kinds are, by a rule that the caller states for each kind.

    Parameters
    ----------
    jobs : DataFrame
        As `jobs_by_kind` takes them.
    years_of_one : mapping of kind to float
        Full-time years that one job of the kind is, above 0 and at most 1: ``{"person_days": 1 / 230, "seasonal": 0.4}``.
        There is no default. A kind that is not named stays without.

    Returns
    -------
    DataFrame
        jobs with ``years_low, years_mid, years_high`` (full-time years; missing where no rule is given) and ``rule``, which
        says how, or that there is none.

    Raises
    ------
    DataError
        As `jobs_by_kind`; a rule is of an unknown kind or not above 0 and at most 1.

    Notes
    -----
    Full-time years = jobs x years of one. A sum of them over kinds is work and no number of jobs or of people.

    Examples
    --------
    >>> jobs = pd.DataFrame({"kind": ["person_days", "permanent"], "low": [230, 1], "mid": [460, 2], "high": [920, 3]})
    >>> convert_jobs(jobs, {"person_days": 1 / 230})[["years_mid", "rule"]].values.tolist()
    [[2.0, 'one is 1/230 of a full-time year'], [nan, 'no rule is given: not converted']]
    """
    _check(jobs, ())
    for kind, years in years_of_one.items():
        if kind not in JOB_KINDS:
            raise DataError(f'there is no kind of jobs "{kind}". Known: {", ".join(JOB_KINDS)}.')
        if not (math.isfinite(years) and 0 < years <= 1):
            raise DataError(f"{kind}: full-time years above 0 and at most 1 were expected of one, found {years}.")
    each = jobs["kind"].map(dict(years_of_one)).astype(float)
    out = jobs.copy()
    for end in ENDS:
        out[f"years_{end}"] = jobs[end] * each
    rules = {kind: f"one is {_part(years)} of a full-time year" for kind, years in years_of_one.items()}
    out["rule"] = jobs["kind"].map(rules).fillna("no rule is given: not converted")
    return out


def _part(years: float) -> str:
    whole = 1 / years
    near = abs(whole - round(whole)) < 1e-9 and whole > 1.5
    return f"1/{round(whole)}" if near else f"{years:g}"


def _check(jobs: pd.DataFrame, by: tuple[str, ...]) -> None:
    missing = [name for name in (*by, "kind", *ENDS) if name not in jobs.columns]
    if missing:
        raise DataError(f"the jobs table lacks {', '.join(missing)}. Expected: {', '.join((*by, 'kind', *ENDS))}.")
    if unknown := sorted(set(jobs["kind"].map(str)) - set(JOB_KINDS)):
        raise DataError(f"unknown kind(s) of jobs: {', '.join(unknown)}. Known: {', '.join(JOB_KINDS)}.")
    if not ((jobs["low"] >= 0) & (jobs["low"] <= jobs["mid"]) & (jobs["mid"] <= jobs["high"])).all():
        raise DataError("jobs: 0 <= low <= mid <= high was expected in every row; found other or missing numbers.")
