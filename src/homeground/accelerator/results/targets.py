# SPDX-License-Identifier: Apache-2.0
"""How far approved results are from a baseline to a target, for each target that a project or country set itself."""

from __future__ import annotations

import datetime
import math
from typing import Any

import pandas as pd

from homeground.accelerator.results.aggregate import aggregate
from homeground.accelerator.results.series import text_of

COLUMNS = ("target", "indicator", "title", "unit", "project", "iso3", "disaggregation", "year", "goal", "baseline", "value",
           "share", "said")  # fmt: skip


def against_targets(
    targets: pd.DataFrame, actuals: pd.DataFrame, indicators: pd.DataFrame, **shared: Any
) -> pd.DataFrame:
    """Targets with the approved results up to the end of their year.

    Parameters
    ----------
    targets, actuals, indicators : DataFrame
        As declared in the registry.
    **shared : DataFrame
        places, project_countries and project_links, as `aggregate` takes them.

    Returns
    -------
    DataFrame
        target, indicator, title, unit, project, iso3, disaggregation, year, goal, baseline, value, share, said. ``share`` is
        100 x value / goal of an indicator that sums, and else 100 x (value - baseline) / (goal - baseline), which needs a
        baseline; NaN where it cannot be told. Less may be better: the share counts the way towards the goal.

    Examples
    --------
    >>> indicators = pd.DataFrame({"indicator": ["ha"], "title": "restored", "unit": "ha", "measure": "unit",
    ...     "aggregation": "sum", "quantity": "restored", "reach": "output"})
    >>> row = {"actual": "a", "indicator": "ha", "project": "p", "iso3": "NER", "place": None, "start": "2020-01-01",
    ...     "end": "2020-12-31", "counting": "per period", "value": 30.0, "weight": None, "words": None,
    ...     "disaggregation": None, "state": "approved", "submitted_by": "editor", "approved_by": "focal point"}
    >>> goal = pd.DataFrame({"target": ["t"], "indicator": "ha", "kind": "target", "project": "p", "iso3": None,
    ...     "disaggregation": None, "year": 2025, "value": 120.0})
    >>> against_targets(goal, pd.DataFrame([row]), indicators)["share"].item()
    25.0
    """
    known = {str(row["indicator"]): row for row in indicators.to_dict("records")}
    rows = targets.to_dict("records")
    before = {_of(row): _number(row.get("value")) for row in rows if row["kind"] == "baseline"}
    found = []
    for row in rows:
        if row["kind"] != "target" or str(row["indicator"]) not in known:
            continue
        indicator = known[str(row["indicator"])]
        goal, baseline = _number(row.get("value")), before.get(_of(row), math.nan)
        value, said = _value(row, actuals, indicators, shared)
        additive = indicator["aggregation"] == "sum"
        share = math.nan
        if math.isnan(goal):
            said = [*said, "the target has no number"]
        elif additive:
            share = 100 * value / goal if goal else math.nan
        elif math.isnan(baseline):
            said = [*said, "no baseline: how far it is on the way cannot be told"]
        elif goal != baseline:
            share = 100 * (value - baseline) / (goal - baseline)
        found.append((row["target"], row["indicator"], indicator["title"], indicator["unit"], *_of(row)[1:], int(row["year"]),
                      goal, baseline, value, share, "; ".join(said)))  # fmt: skip
    return pd.DataFrame(found, columns=list(COLUMNS))


def _of(row: dict[Any, Any]) -> tuple[str, str, str, str]:
    return (str(row["indicator"]), *(text_of(row.get(name)) for name in ("project", "iso3", "disaggregation")))  # type: ignore[return-value]


def _value(
    row: dict[Any, Any], actuals: pd.DataFrame, indicators: pd.DataFrame, shared: dict[str, Any]
) -> tuple[float, list[str]]:
    """The approved result that a target is held against."""
    indicator, project, iso3, part = _of(row)
    own = actuals[actuals["indicator"] == indicator]
    own = own[own["project"].map(text_of) == project] if project else own
    by = [name for name, asked in (("iso3", iso3), ("disaggregation", part)) if asked]
    table = aggregate(own, indicators, by=by, end=datetime.date(int(row["year"]), 12, 31), **shared)
    for name, asked in (("iso3", iso3), ("disaggregation", part)):
        table = table[table[name] == asked] if asked else table
    if table.empty:
        return math.nan, ["no approved result"]
    notes = text_of(table["notes"].iloc[0])
    return float(table["value"].iloc[0]), [notes] if notes else []


def _number(value: Any) -> float:
    return math.nan if value is None or pd.isna(value) else float(value)
