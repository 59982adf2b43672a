# SPDX-License-Identifier: Apache-2.0
"""The columns of the forms: the baseline and each reporting year, with the areas that stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeground.brief.facts.assessed.assessment import Assessment
from homeground.study.model import WINDOW_YEARS, Study

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Span:
    """The baseline or a reporting year of an assessment."""

    year: int  # the last of its years
    years: str  # of land cover, carbon and verdict, as the form calls them
    columns: str  # of productivity, as the form calls them
    read: str  # years that productivity was read from
    rows: pd.DataFrame  # areas with inland water

    @property
    def land(self) -> pd.DataFrame:
        """Areas without inland water."""
        return self.rows[self.rows["water"] == 0]


def spans(here: Assessment, study: Study) -> list[Span]:
    """The baseline, then each reporting year, the earliest first.

    Parameters
    ----------
    here : Assessment
        Of one country, or of the whole study.
    study : Study

    Returns
    -------
    list of Span
    """
    found = []
    named = {study.baseline[1]: "baseline", study.period[1]: "period"}
    for year, window in sorted(study.windows.items()):
        if year in named:
            rows = here.areas[here.areas["period"] == named[year]]
        elif here.reports is not None:
            rows = here.reports[here.reports["year"] == year]
        else:
            continue
        based = year == study.baseline[1]
        first = study.baseline[0] if based else study.baseline[1] + 1
        columns = f"{study.baseline[0] if based else year - WINDOW_YEARS + 1}-{year}"
        found.append(Span(year, f"{first}-{year}", columns, "-".join(map(str, window)), rows))
    return found


def verdicts(here: Assessment, year: int, indicator: str = "degradation") -> pd.DataFrame:
    """Land by its class in the baseline and in a reporting year, without inland water.

    Parameters
    ----------
    here : Assessment
    year : int
    indicator : str
        degradation, productivity, cover_change or carbon_change.

    Returns
    -------
    DataFrame
        Columns ``baseline``, ``now`` (-1, 0, 1; -128 no data) and ``area_km2``.
    """
    if here.changes is None:
        raise AssertionError("an assessment that was run has land_changes.parquet")
    rows = here.changes
    found: pd.DataFrame = rows[(rows["year"] == year) & (rows["indicator"] == indicator) & (rows["water"] == 0)]
    return found


def degraded_at_end(rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of `verdicts` are degraded by status: now, or in the baseline and not improved since.

    Examples
    --------
    >>> import pandas as pd
    >>> degraded_at_end(pd.DataFrame({"baseline": [-1, -1, 0, 1], "now": [0, 1, -1, 0]})).tolist()
    [True, False, True, False]
    """
    return (rows["now"] == -1) | ((rows["baseline"] == -1) & (rows["now"] == 0))
