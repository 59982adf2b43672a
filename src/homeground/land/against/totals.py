# SPDX-License-Identifier: Apache-2.0
"""Our areas by rule and class beside those of a job, and the settings in which both differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
import xarray as xr

from homeground.catalogue.classes import MISSING
from homeground.catalogue.trends_earth.report import JobPeriod, Report
from homeground.land.assessment.matrices import Matrices
from homeground.land.neutrality.degradation import fold_status, status
from homeground.language.messages import Saying
from homeground.numbers.fact import Amount

STATES = {-1: "degraded", 0: "stable", 1: "improved", MISSING: "no_data"}
COLUMNS = {
    "productivity": "productivity",
    "land_cover": "cover_change",
    "soil_organic_carbon": "carbon_change",
    "indicator": "degradation",
}
RULES = (*COLUMNS, "status")
FOLDED = {1: -1, 2: -1, 3: 0, 4: 0, 5: 1}  # five classes of productivity
TOLD = ["period", "year", "rule", "state", "theirs_km2", "ours_km2", "difference_km2"]
DUST = 1e-9  # of an area: a smaller difference of two sums is of their order alone
NEAR = 0.1  # of an area; beyond it that of a job is another area than that of the study


def area_by_state(codes: pd.Series[int], km2: pd.Series[float]) -> dict[str, float]:
    """Land by class; what has none of -1, 0 and 1 is no data.

    Parameters
    ----------
    codes : Series of int
    km2 : Series, km2
        Beside each code.

    Returns
    -------
    dict of str to float, km2

    Examples
    --------
    >>> area_by_state(pd.Series([-1, 0, -128, 0]), pd.Series([1.0, 2.0, 4.0, 8.0]))
    {'degraded': 1.0, 'stable': 10.0, 'improved': 0.0, 'no_data': 4.0}
    """
    by = km2.groupby(codes.where(codes.isin([-1, 0, 1]), MISSING)).sum()
    return {name: float(by.get(code, 0.0)) for code, name in STATES.items()}


def our_areas(
    rows: pd.DataFrame, changes: pd.DataFrame, *, five: bool, non_water: Mapping[str, bool]
) -> dict[str, dict[str, float]]:
    """Land by rule and class in one period, as the files for PRAIS have it.

    Parameters
    ----------
    rows : DataFrame
        Of ``degradation.parquet`` or ``land_reports.parquet``: one period.
    changes : DataFrame
        Of ``land_changes.parquet``: the verdict in the same period; without rows there is no status.
    five : bool
        Whether productivity has five classes.
    non_water : mapping of rule to bool
        Whether productivity and soil carbon are compared without inland water; the verdict always is, land cover never.

    Returns
    -------
    dict of rule to dict of state to float, km2
    """
    land, found = rows[rows["water"] == 0], {}
    for rule, column in COLUMNS.items():
        used = land if rule == "indicator" or non_water.get(rule) else rows
        codes = used[column]
        if five and rule == "productivity":
            codes = codes.map(FOLDED).fillna(MISSING).astype("int64")
        found[rule] = area_by_state(codes, used["area_km2"])
    verdicts = changes[changes["water"] == 0]
    if len(verdicts):
        before, now = (xr.DataArray(verdicts[name].to_numpy("int8"), dims="row") for name in ("baseline", "now"))
        folded = pd.Series(fold_status(status(before, now)).values, verdicts.index)
        found["status"] = area_by_state(folded, verdicts["area_km2"])
    return found


def beside(period: str, year: int, theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> pd.DataFrame:
    """Both by rule and class, and ours less theirs; missing where ours has no such rule.

    Examples
    --------
    >>> one = {"indicator": {"degraded": 5.0, "stable": 1.0, "improved": 0.0, "no_data": 0.0}}
    >>> beside("period", 2023, one, {"indicator": one["indicator"] | {"degraded": 7.0}})["difference_km2"].tolist()
    [2.0, 0.0, 0.0, 0.0]
    """
    rows = [
        (period, year, rule, state, theirs[rule][state], ours.get(rule, {}).get(state, float("nan")))
        for rule in RULES
        if rule in theirs
        for state in STATES.values()
    ]
    table = pd.DataFrame(rows, columns=TOLD[:-1])
    apart = table["ours_km2"] - table["theirs_km2"]
    size = table.groupby("rule")["theirs_km2"].transform("sum")
    return table.assign(difference_km2=apart.mask(apart.abs() <= DUST * size, 0.0))


def settings(
    period: str, job: JobPeriod, ours: Mapping[str, tuple[int, int]], matrices: Matrices
) -> Iterator[tuple[str, str, str, str, str]]:
    """Settings of a period that a job tells and that differ from ours.

    Parameters
    ----------
    period : str
        Ours.
    job : JobPeriod
    ours : mapping of rule to (int, int)
        First and last year of productivity and of land cover.
    matrices : mapping of zone to DataFrame
        The study's own, by zone.

    Yields
    ------
    tuple of str
        period, setting (productivity_years, land_cover_years, transition), what of it (classes of a transition, such as
        "3-2"; "" of others), theirs, ours.
    """
    for rule, span in job.years.items():
        if span != ours[rule]:
            yield period, f"{rule}_years", "", "-".join(map(str, span)), "-".join(map(str, ours[rule]))
    for (first, last), theirs in (job.matrix or {}).items():
        signs = sorted({int(matrix.to_numpy()[first - 1, last - 1]) for matrix in matrices.values()})
        if signs != [theirs]:
            yield period, "transition", f"{first}-{last}", STATES[theirs], "|".join(STATES[sign] for sign in signs)


def warnings_of(report: Report, table: pd.DataFrame, *, left_out: int, unmatched: tuple[str, ...]) -> Iterator[Saying]:
    """What of a job, or of the study, is not compared, and whether both are of one area."""
    if unmatched:
        yield Saying("warning.trends_earth.periods", {"periods": list(unmatched)})
    if left_out:
        yield Saying("warning.trends_earth.regions", {"n": left_out, "area": report.area})
    cover = table[table["rule"] == "land_cover"].groupby("year")[["theirs_km2", "ours_km2"]].sum()
    theirs, ours = (float(cover[name].iloc[0]) for name in ("theirs_km2", "ours_km2"))
    if abs(ours - theirs) > NEAR * max(ours, theirs):
        words = {"theirs": Amount(theirs, "km2"), "ours": Amount(ours, "km2", kind="modelled")}
        yield Saying("warning.trends_earth.area", words)
