# SPDX-License-Identifier: Apache-2.0
"""How much of the answer comes from choices of method: one choice changed at a time, the widest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from homeground.errors import DataError
from homeground.land.neutrality.degradation import area_table


def share_degraded(
    degraded: xr.DataArray,
    areas: xr.DataArray | None = None,
    *,
    water: xr.DataArray | None = None,
    inside: xr.DataArray | None = None,
) -> float:
    """Which share of the land is degraded: SDG 15.3.1, in percent of all land without inland water.

    Parameters
    ----------
    degraded : DataArray
        -1, 0, 1; -128 missing (land without data is in the denominator; see `area_table`).
    areas, water, inside : DataArray, optional
        As in `area_table`.

    Returns
    -------
    float, %
        NaN where there is no land, or no cell has a class.

    Examples
    --------
    >>> import xarray as xr
    >>> share_degraded(xr.DataArray([-1, 0, 0, 1], dims="x"), xr.DataArray([1.0] * 4, dims="x"))
    25.0
    """
    names = {-1: "Degraded", 0: "Stable", 1: "Improved"}
    row = area_table(degraded, areas, water=water, inside=inside, names=names).iloc[0]
    return float(row["share_of_land"]) if np.isfinite(row["share_of_known"]) else float("nan")


def sensitivity(
    result: Callable[..., float], base: Mapping[str, Any], variants: Mapping[str, Sequence[Any] | Mapping[str, Any]]
) -> pd.DataFrame:
    """What the result would be under other choices, one changed at a time.

    Parameters
    ----------
    result : callable
        Takes the settings as keywords and returns one number, such as the share of degraded land in %.
    base : mapping
        Settings of the published result.
    variants : mapping of setting to values
        Other values to try for settings of ``base``: a list, or a mapping from a label to the value (for matrices).

    Returns
    -------
    DataFrame
        setting, value (as text), result, change (from the base). The first row is the base. Choices that can not be
        computed have a missing result, never a guessed one.

    Raises
    ------
    DataError
        A variant of a setting that ``base`` does not have, or the base itself has no result.

    Notes
    -----
    Choices are changed one at a time, so what two do together is not seen. The span is a range of choices, not a
    confidence interval.

    Examples
    --------
    >>> table = sensitivity(lambda threshold, test: threshold + {"exact": 0, "normal": 3}[test],
    ...                     {"threshold": 10, "test": "exact"}, {"threshold": [5, 15], "test": ["normal"]})
    >>> table[["setting", "value", "change"]].values.tolist()
    [['base', '', 0.0], ['threshold', '5', -5.0], ['threshold', '15', 5.0], ['test', 'normal', 3.0]]
    """
    if unknown := sorted(set(variants) - set(base)):
        raise DataError(f"no setting named {', '.join(unknown)} in base ({', '.join(base)}).")
    published = float(result(**base))
    if not np.isfinite(published):
        raise DataError("the result under the base settings is missing; there is nothing to compare with.")
    rows = [("base", "", published)]
    for setting, values in variants.items():
        labelled = values.items() if isinstance(values, Mapping) else ((str(value), value) for value in values)
        for label, value in labelled:
            rows.append((setting, label, float(result(**{**base, setting: value}))))
    table = pd.DataFrame(rows, columns=["setting", "value", "result"])
    return table.assign(change=table["result"] - published)


def tornado(table: pd.DataFrame) -> pd.DataFrame:
    """The range of the result by setting, the widest first: the bars of a tornado chart.

    Parameters
    ----------
    table : DataFrame
        Of `sensitivity`.

    Returns
    -------
    DataFrame
        setting, low, low_value, high, high_value, base, span, missing (variants without a result). The base itself is
        one of the values of each setting.

    Examples
    --------
    >>> rows = pd.DataFrame({"setting": ["base", "a", "b", "b"], "value": ["", "1", "2", "3"],
    ...                      "result": [20.0, 22.0, 15.0, 30.0]})
    >>> tornado(rows)[["setting", "low", "high", "span"]].values.tolist()
    [['b', 15.0, 30.0, 15.0], ['a', 20.0, 22.0, 2.0]]
    """
    columns = ["setting", "low", "low_value", "high", "high_value", "base", "span", "missing"]
    if table.empty:
        return pd.DataFrame(columns=columns)
    base = float(table.loc[table["setting"] == "base", "result"].iloc[0])
    rows = []
    for setting, group in table[table["setting"] != "base"].groupby("setting", sort=False):
        known = [("base", base), *zip(group["value"], group["result"], strict=True)]
        known = [(value, number) for value, number in known if np.isfinite(number)]
        low, high = min(known, key=lambda pair: pair[1]), max(known, key=lambda pair: pair[1])
        rows.append((setting, low[1], low[0], high[1], high[0], base, high[1] - low[1], len(group) + 1 - len(known)))
    return pd.DataFrame(rows, columns=columns).sort_values("span", ascending=False, kind="stable", ignore_index=True)
