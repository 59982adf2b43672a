# SPDX-License-Identifier: Apache-2.0
"""Jobs per hectare beside what others publish: forty times apart, because a job is not the same thing to all."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from homeground.errors import DataError
from homeground.measures.work.kinds import JOB_KINDS
from homeground.measures.work.ranges import Range, range_of
from homeground.numbers.table import read_rows

TABLE = Path(__file__).with_name("densities.csv")
NUMBERS = ("jobs", "hectares_low", "hectares_high")
REASON = (
    "definitions differ: a published job may be a month of digging or a year of pay, and most sources do not say which"
)


@cache
def _published() -> pd.DataFrame:
    table = pd.DataFrame(read_rows(TABLE))
    table[list(NUMBERS)] = table[list(NUMBERS)].astype(float)
    table["year"] = pd.to_numeric(table["year"]).astype("Int64")
    table["quality"] = table["quality"].astype(int)
    table["low"], table["high"] = table["jobs"] / table["hectares_high"], table["jobs"] / table["hectares_low"]
    return table


def published_densities() -> pd.DataFrame:
    """Jobs per hectare that programmes reported or aim at, with what is known of what they call a job.

    Returns
    -------
    DataFrame
        programme, jobs, hectares_low, hectares_high, job_kind ("not stated" for most), year, what (achieved, target),
        source, licence, quality (1 best), kind, note; low and high: jobs / hectares, jobs/ha.

    Notes
    -----
    jobs / hectares, each as published; where two figures of the land are published, both give an end.

    Examples
    --------
    >>> table = published_densities().set_index(["programme", "what"])
    >>> table.loc[[("Great Green Wall", "achieved"), ("Burkina Faso", "achieved")], "low"].round(4).tolist()
    [0.0175, 0.7263]
    """
    return _published().copy()


def job_density(jobs: float | Range, hectares: float, *, kind: str) -> pd.DataFrame:
    """Jobs per hectare of a plan beside each published figure, flagged where it lies outside, with the reason.

    Parameters
    ----------
    jobs : float or (low, mid, high)
        Jobs of one kind, or full-time years of work by a stated rule.
    hectares : float
        Land of the plan, ha.
    kind : str
        One of the five kinds of `jobs_by_kind`, or "full_time_years".

    Returns
    -------
    DataFrame
        programme, what, low, high (published, jobs/ha), own_low, own_mid, own_high (jobs/ha), times (own middle over the
        nearer published end; 1 inside), outside (bool: the own range and the published one do not meet), same_kind (bool:
        the source says that it means this kind), reason (empty where they meet), source, licence, kind,
        quality.

    Raises
    ------
    DataError
        Jobs are below zero or out of order, hectares are not above zero, the kind is unknown.

    Examples
    --------
    >>> found = job_density(50_000.0, 1_000_000.0, kind="temporary").set_index(["programme", "what"])
    >>> row = found.loc[("Great Green Wall", "target")]
    >>> float(row["own_mid"]), bool(row["outside"]), round(float(row["times"]), 2)
    (0.05, True, 0.5)
    """
    ends = range_of(jobs, "jobs")
    if not 0 < hectares < float("inf"):
        raise DataError(f"hectares above 0 were expected, found {hectares}.")
    if kind not in (*JOB_KINDS, "full_time_years"):
        raise DataError(f'there is no kind of jobs "{kind}". Known: {", ".join(JOB_KINDS)}, full_time_years.')
    table = published_densities()
    low, mid, high = (end / hectares for end in ends)
    outside = (high < table["low"]) | (low > table["high"])
    nearest = table["low"].where(mid < table["low"], table["high"].where(mid > table["high"], mid))
    return pd.DataFrame(
        {
            **{name: table[name] for name in ("programme", "what", "low", "high")},
            **{"own_low": low, "own_mid": mid, "own_high": high},
            "times": (mid / nearest).where(nearest > 0, 1.0),
            "outside": outside,
            "same_kind": table["job_kind"] == kind,
            "reason": pd.Series(REASON, table.index).where(outside, ""),
            **{name: table[name] for name in ("source", "licence", "kind", "quality")},
        }
    )
