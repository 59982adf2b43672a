# SPDX-License-Identifier: Apache-2.0
"""A number with its ends as the functions of this part take it, and the labelled defaults that ship."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

from homeground.errors import DataError
from homeground.numbers.table import read_rows

Range = tuple[float, float, float]  # low, mid, high
ENDS = ("low", "mid", "high")
TABLE = Path(__file__).with_name("defaults.csv")


def range_of(given: float | Range, name: str, *, low: float = 0.0, high: float = math.inf) -> Range:
    """A number or (low, mid, high) as a range within bounds.

    Parameters
    ----------
    given : float or (low, mid, high)
    name : str
        What it is called in errors.
    low, high : float, optional
        What no end may lie beyond.

    Returns
    -------
    (float, float, float)

    Raises
    ------
    DataError
        It is out of order, out of bounds, missing or infinite.

    Examples
    --------
    >>> range_of(2, "days"), range_of((1, 2, 4), "days")
    ((2.0, 2.0, 2.0), (1.0, 2.0, 4.0))
    """
    ends = (given, given, given) if isinstance(given, int | float) else tuple(given)
    if len(ends) != 3 or not all(math.isfinite(end) for end in ends):
        raise DataError(f"{name}: a number or (low, mid, high) was expected, found {given}.")
    if not low <= ends[0] <= ends[1] <= ends[2] <= high:
        bounds = f"of {low:g} or more" if high == math.inf else f"from {low:g} to {high:g}"
        raise DataError(f"{name}: low <= mid <= high, each {bounds}, was expected, found {given}.")
    return float(ends[0]), float(ends[1]), float(ends[2])


@cache
def work_defaults() -> dict[str, dict[str, str]]:
    """What ships for this part, each with source, quality (5: expert default, unverified) and note.

    Returns
    -------
    dict of dict
        By parameter; all as text, as the table has it.

    Examples
    --------
    >>> work_defaults()["off_season_days"]["quality"]
    '5'
    """
    return {row["parameter"]: row for row in read_rows(TABLE)}


def default_range(parameter: str) -> Range:
    """Low, mid and high of a shipped default.

    Parameters
    ----------
    parameter : str
        Of ``defaults.csv``.

    Returns
    -------
    (float, float, float)

    Examples
    --------
    >>> default_range("completion")
    (0.6, 0.75, 0.9)
    """
    row = work_defaults()[parameter]
    return float(row["low"]), float(row["mid"]), float(row["high"])
