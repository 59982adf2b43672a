# SPDX-License-Identifier: Apache-2.0
"""Sums of whole numbers by several columns: exact, and fast for a million rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def group_codes(frame: pd.DataFrame, keys: Sequence[str]) -> tuple[Ints, Ints]:
    """Which rows of a table are alike in some columns.

    Parameters
    ----------
    frame : DataFrame
    keys : sequence of str
        Missing values are alike.

    Returns
    -------
    (array of int64, array of int64)
        The order that brings like rows together (it keeps the order of the table among them), and where in it each group
        begins. Groups come in the order of their first columns' codes.

    Examples
    --------
    >>> order, starts = group_codes(pd.DataFrame({"a": ["x", "y", "x"]}), ["a"])
    >>> order.tolist(), starts.tolist()
    ([0, 2, 1], [0, 2])
    """
    size = len(frame)
    if not keys or not size:
        return np.arange(size), np.zeros(min(size, 1), "int64")
    total = np.zeros(size, "int64")
    width = 1
    for key in keys:
        codes, count = _codes(frame[key])
        if width * (count + 1) >= 2**62:  # pack anew before the key leaves 64 bits
            total, width = pd.factorize(total)[0].astype("int64"), size + 1
        total = total * (count + 1) + codes
        width *= count + 1
    order: Ints = np.argsort(_narrow(total, width), kind="stable")
    ordered = total[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    return order, starts


def _narrow(total: Ints, width: int) -> NDArray[np.integer]:
    """Small keys in few bits, which sort by counting."""
    if width < 2**15:
        return total.astype("int16")
    return total.astype("int32") if width < 2**31 else total


def _codes(column: pd.Series[Any]) -> tuple[Ints, int]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        own: Ints = np.asarray(column.cat.codes, "int64") + 1
        return own, len(column.cat.categories)
    codes, values = pd.factorize(column, use_na_sentinel=True)
    found: Ints = np.asarray(codes, "int64") + 1
    return found, len(values)


def sum_by(
    frame: pd.DataFrame, keys: Sequence[str], sums: Sequence[str], *, latest: Sequence[str] = ()
) -> pd.DataFrame:
    """Sums of whole numbers of rows that are alike in some columns.

    Parameters
    ----------
    frame : DataFrame
    keys : sequence of str
        Missing values are alike; none: one row for all.
    sums : sequence of str
        Columns of int64.
    latest : sequence of str, optional
        Columns of datetime64 of which the latest is kept.

    Returns
    -------
    DataFrame
        One row a group: keys, sums, latest.

    Examples
    --------
    >>> table = pd.DataFrame({"a": ["x", None, "x", None], "n": [1, 2, 3, 4]})
    >>> sum_by(table, ["a"], ["n"])["n"].tolist()
    [6, 4]
    """
    order, starts = group_codes(frame, keys)
    columns = {key: frame[key].take(order[starts]).reset_index(drop=True) for key in keys}
    for name in sums:
        values = frame[name].to_numpy("int64")
        columns[name] = pd.Series(np.add.reduceat(values[order], starts) if len(values) else values, dtype="int64")
    for name in latest:
        days = frame[name].to_numpy("datetime64[ns]").astype("int64")  # the day of nothing is the least of all
        days = np.maximum.reduceat(days[order], starts) if len(days) else days
        columns[name] = pd.Series(days.astype("datetime64[ns]"))
    return pd.DataFrame(columns)
