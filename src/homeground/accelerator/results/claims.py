# SPDX-License-Identifier: Apache-2.0
"""What was done is not what it changed: a claim of impact needs like places outside, and says what it cannot say."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from homeground.accelerator.results.series import text_of

WITHOUT = "no comparison, so no claim of impact"
OF_REACH = {
    "output": "what was done, not what it changed",
    "outcome": "what was found afterwards; how much of it the project brought about is not shown",
}
CHANGES = ("place", "measure", "inside", "outside")


def claims(results: pd.DataFrame, comparison: pd.DataFrame | None = None) -> pd.DataFrame:
    """What may be said of each result: done, found, or brought about.

    Parameters
    ----------
    results : DataFrame
        Of `aggregate`.
    comparison : DataFrame, optional
        Change of places of a project against like places outside: ``indicator`` that it speaks of, ``place``, ``measure``
        (what changed), ``inside`` and ``outside`` (changes, in one unit), ``low`` and ``high`` (interval of their difference)
        where known, ``source``.

    Returns
    -------
    DataFrame
        indicator, title, reach, value, unit, claim, difference, low, high, source. Without a comparison an impact is no
        claim; with one that has no interval, the difference is shown and nothing is claimed.

    Examples
    --------
    >>> row = {"indicator": "cover", "title": "cover", "reach": "impact", "value": 4.0, "unit": "%"}
    >>> claims(pd.DataFrame([row]))["claim"].item()
    'no comparison, so no claim of impact'
    >>> against = pd.DataFrame({"indicator": ["cover"], "place": "north", "measure": "tree cover", "inside": 5.0,
    ...     "outside": 2.0, "low": 1.0, "high": 5.0, "source": "land of the study"})
    >>> claims(pd.DataFrame([row]), against)["claim"].item()
    'more than like places outside'
    """
    of: dict[str, list[dict[Any, Any]]] = {}
    for row in [] if comparison is None else comparison.to_dict("records"):
        of.setdefault(text_of(row.get("indicator")), []).append(row)
    rows = []
    for row in results.to_dict("records"):
        own = {k: row[k] for k in ("indicator", "title", "reach", "value", "unit")}
        found = of.get(str(row["indicator"]), [])
        if found and row["reach"] in ("impact", "outcome"):
            rows += [own | _compared(one) for one in found]
        else:
            said = WITHOUT if row["reach"] == "impact" else OF_REACH.get(row["reach"], "")
            rows.append(own | {"place": "", "claim": said, "difference": math.nan, "low": math.nan, "high": math.nan,
                               "source": None})  # fmt: skip
    columns = ("indicator", "title", "reach", "value", "unit", "place", "claim", "difference", "low", "high", "source")
    return pd.DataFrame(rows, columns=list(columns))


def _compared(row: dict[Any, Any]) -> dict[str, Any]:
    inside, outside, low, high = (_number(row.get(name)) for name in ("inside", "outside", "low", "high"))
    difference = inside - outside
    if math.isnan(difference):
        claim = WITHOUT
    elif math.isnan(low) or math.isnan(high):
        claim = "compared without an interval, so no claim of impact"
    elif low > 0:
        claim = "more than like places outside"
    elif high < 0:
        claim = "less than like places outside"
    else:
        claim = "cannot be told from like places outside"
    return {"place": text_of(row.get("place")), "claim": claim, "difference": difference, "low": low, "high": high,
            "source": text_of(row.get("source")) or None}  # fmt: skip


def _number(value: Any) -> float:
    return math.nan if value is None or pd.isna(value) else float(value)
