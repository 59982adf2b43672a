# SPDX-License-Identifier: Apache-2.0
"""Shares and prices that remittances are worked out with, each with its range, source and quality."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import pandas as pd

from homeground.errors import DataError

TABLE = Path(__file__).parent / "assumptions.csv"
Range = tuple[float, float, float]


@cache
def _table() -> pd.DataFrame:
    table = pd.read_csv(
        TABLE, keep_default_na=False, na_values={name: [""] for name in ("value", "low", "high", "year")}
    )
    return table.set_index("parameter", drop=False)


def assumptions() -> pd.DataFrame:
    """Every share and price that is assumed where a study says nothing, with low, high, source, quality and kind.

    Returns
    -------
    DataFrame
        parameter, value, low, high, unit, year, source, licence, quality (1 peer-reviewed to 5 expert default), kind, note.

    Examples
    --------
    >>> given = assumptions().set_index("parameter")
    >>> float(given.loc["left_over", "value"]), int(given.loc["uptake", "quality"])
    (0.25, 5)
    """
    return _table().reset_index(drop=True)


def range_of(parameter: str, own: Range | float | None = None) -> Range:
    """Low, middle and high of one share: the caller's own, else the shipped one.

    Parameters
    ----------
    parameter : str
        A row of `assumptions`.
    own : float or (low, middle, high), optional
        Shares as fractions from 0 to 1. One number is a share that is known: low and high are the same.

    Returns
    -------
    (float, float, float)

    Raises
    ------
    DataError
        A share is below 0 or above 1, or low, middle and high are out of order.

    Examples
    --------
    >>> range_of("left_over"), range_of("rural", 0.6)
    ((0.21, 0.25, 0.25), (0.6, 0.6, 0.6))
    >>> range_of("uptake", 5)
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: uptake is 5 to 5 to 5: shares from 0 to 1, low to high, were expected. Write 5 % as 0.05.
    """
    if own is None:
        row = _table().loc[[parameter], ["low", "value", "high"]].astype(float).to_numpy()[0]
        low, known, high = (float(x) for x in row)
        return (known if math.isnan(low) else low), known, (known if math.isnan(high) else high)
    least, value, most = own if isinstance(own, tuple) else (own, own, own)
    if not 0 <= least <= value <= most <= 1:
        raise DataError(
            f"{parameter} is {least:g} to {value:g} to {most:g}: shares from 0 to 1, low to high, were expected. "
            "Write 5 % as 0.05."
        )
    return least, value, most
