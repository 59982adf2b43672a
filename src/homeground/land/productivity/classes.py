# SPDX-License-Identifier: Apache-2.0
"""What trend, state and performance of land productivity say together, by the published tables of 18 rows."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING
from homeground.errors import DataError
from homeground.numbers.units import same_grid

UNKNOWN, STRANGE = 20, 77  # added to a place in a table of 18: beyond it, and beyond three that are unknown


def _looked_up(
    table: NDArray[np.int8], trend: NDArray[np.int8], state: NDArray[np.int8], performance: NDArray[np.int8]
) -> NDArray[np.int8] | None:
    """The usual case, three maps in bytes, by one table of 256; None where one holds a strange value."""
    place = np.zeros((3, 256), np.uint8)
    place[:] = STRANGE
    place[:, MISSING] = UNKNOWN  # -128 as a byte
    for metric, step, values in ((0, 6, (-1, 0, 1)), (1, 2, (-1, 0, 1)), (2, 1, (-1, 0))):
        for value in values:
            place[metric, value] = step * (value + 1)
    # Three unknown ones make 60 and 17 the most that is known: what is strange stands out in the sum.
    at = place[0][trend.view(np.uint8)] + place[1][state.view(np.uint8)] + place[2][performance.view(np.uint8)]
    if at.size and at.max() >= STRANGE:
        return None
    meaning = np.full(256, MISSING, np.int8)
    meaning[: table.size] = table.ravel()
    found: NDArray[np.int8] = meaning[at]
    return found


@lru_cache
def _table(lookup: str, classes: int) -> NDArray[np.int8]:
    """``table[trend + 1, state + 1, performance + 1]`` of one look-up; -128 where it has no such class."""
    text = files("homeground.land.productivity").joinpath("productivity_lookup.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    if lookup not in (names := sorted({row["lookup"] for row in rows})):
        raise DataError(f"lookup is {lookup!r}, one of {', '.join(names)} was expected.")
    table = np.full((3, 3, 2), MISSING, np.int8)
    for row in rows:
        if row["lookup"] == lookup and row[f"class{classes}"]:
            place = tuple(int(row[name]) + 1 for name in ("trend", "state", "performance"))
            table[place] = int(row[f"class{classes}"])
    if (table == MISSING).any():
        raise DataError(f"The look-up {lookup} has no {classes} classes. Ask for classes=3.")
    return table


def land_productivity(
    trend: xr.DataArray,
    state: xr.DataArray,
    performance: xr.DataArray,
    *,
    lookup: str = "pm2026",
    classes: Literal[5, 3] = 5,
) -> xr.DataArray:
    """What trend, state and performance say together: five classes from declining (1) to increasing (5).

    Parameters
    ----------
    trend, state : DataArray, -1, 0, 1
        From `productivity_trend` and `productivity_state`; -128 or NaN is missing.
    performance : DataArray, -1, 0
        From `productivity_performance`.
    lookup : {"pm2026", "sepal_gpg2", "gpg1"}
        The table of 18 rows (``productivity_lookup.csv``). They differ in up to three rows; the last two have been read
        second-hand and know three classes only.
    classes : 5 or 3
        How many classes the answer has.

    Returns
    -------
    DataArray of int8
        Five classes: 1 declining, 2 moderate decline, 3 stressed, 4 stable, 5 increasing. Three: -1 degraded, 0 stable,
        1 improved. -128 where any of the three is missing. attrs name the look-up.

    Raises
    ------
    DataError
        Another value than these, grids differ, or the table has no such classes.

    Notes
    -----
    Source: UNCCD PRAIS 4 reporting manual 2026, SO1, Table 13; the others as told in the table.

    Examples
    --------
    >>> import xarray as xr
    >>> values = [xr.DataArray(v) for v in ([1, 0, 0, -1], [-1, 0, -1, 1], [-1, -1, 0, 0])]
    >>> land_productivity(*values).values.tolist()
    [2, 3, 2, 1]
    >>> land_productivity(*values, lookup="sepal_gpg2", classes=3).values.tolist()
    [-1, -1, 0, -1]
    """
    if classes not in (3, 5):
        raise DataError(f"classes is {classes}, 5 or 3 was expected.")
    table = _table(lookup, classes)
    same_grid(trend, state, performance)

    def by_cell(*metrics: NDArray[Any]) -> NDArray[np.int8]:
        if all(metric.dtype == np.int8 for metric in metrics) and (found := _looked_up(table, *metrics)) is not None:
            return found
        missing = np.zeros(np.broadcast_shapes(*(m.shape for m in metrics)), bool)
        place = []
        for metric, name, most in zip(metrics, ("trend", "state", "performance"), (1, 1, 0), strict=True):
            absent = np.isnan(metric) | (metric == MISSING)
            wrong = ~absent & ((metric < -1) | (metric > most) | (metric != np.round(metric)))
            if wrong.any():
                expected = "-1 or 0" if most == 0 else "-1, 0 or 1"
                raise DataError(f"{name} holds {metric[wrong][0]}; {expected}, or -128 for missing, was expected.")
            missing |= absent
            place.append(np.where(absent, 0, metric).astype(np.intp) + 1)
        return np.where(missing, np.int8(MISSING), table[tuple(place)])

    result: xr.DataArray = xr.apply_ufunc(
        by_cell, trend, state, performance, dask="parallelized", output_dtypes=[np.int8], keep_attrs=False
    )
    words = "1 declining to 5 increasing" if classes == 5 else "-1 degraded, 0 stable, 1 improved"
    return result.rename("land_productivity").assign_attrs(
        units="1", long_name=f"land productivity ({words})", lookup=lookup, classes=classes, nodata=MISSING
    )


def productivity_from_layer(layer: xr.DataArray) -> xr.DataArray:
    """Five classes of land productivity as another tool gives them, with its marks for missing made one.

    Parameters
    ----------
    layer : DataArray
        1 declining to 5 increasing; 0, 15, negative or NaN is missing.

    Returns
    -------
    DataArray of int8, dimensions as ``layer``
        1 to 5; -128 where missing.

    Raises
    ------
    DataError
        Any other value.

    Notes
    -----
    Source: trends.earth-algorithms (2026-08), land_deg.py, for the values 0 and 15 of the layers of JRC and FAO-WOCAT.

    Examples
    --------
    >>> import xarray as xr
    >>> productivity_from_layer(xr.DataArray([1, 5, 0, 15, -32768])).values.tolist()
    [1, 5, -128, -128, -128]
    """

    def by_cell(values: NDArray[Any]) -> NDArray[np.int8]:
        missing = np.isnan(values) | (values <= 0) | (values == 15)
        wrong = ~missing & ~np.isin(values, (1, 2, 3, 4, 5))
        if wrong.any():
            raise DataError(
                f"{layer.name or 'the layer'} holds {values[wrong][0]}; classes 1 to 5 were expected (0 and 15 missing). "
                "Recode it first."
            )
        return np.where(missing, MISSING, values).astype(np.int8)

    result: xr.DataArray = xr.apply_ufunc(
        by_cell, layer, dask="parallelized", output_dtypes=[np.int8], keep_attrs=False
    )
    return result.rename("land_productivity").assign_attrs(
        units="1",
        long_name="land productivity (1 declining to 5 increasing)",
        lookup="as given",
        classes=5,
        nodata=MISSING,
    )


def fold_classes(five: xr.DataArray) -> xr.DataArray:
    """Three classes (-1 degraded, 0 stable, 1 improved) from five: 1 and 2, 3 and 4, 5.

    Parameters
    ----------
    five : DataArray of int8
        1 to 5, -128 missing.

    Returns
    -------
    DataArray of int8
        -1, 0, 1; -128 missing.

    Raises
    ------
    DataError
        A value that is no such class (a chunked array raises when it is computed).

    Notes
    -----
    Source: UNCCD PRAIS 4 reporting manual 2026, SO1, Table 13.

    Examples
    --------
    >>> import xarray as xr
    >>> fold_classes(xr.DataArray([1, 2, 3, 4, 5, -128])).values.tolist()
    [-1, -1, 0, 0, 1, -128]
    """

    def by_cell(values: NDArray[Any]) -> NDArray[np.int8]:
        missing = np.isnan(values) | (values == MISSING)
        wrong = ~missing & ~np.isin(values, (1, 2, 3, 4, 5))
        if wrong.any():
            raise DataError(
                f"{five.name or 'land productivity'} holds {values[wrong][0]}; classes 1 to 5, or -128 for missing, were "
                "expected. Layers of other tools are read with productivity_from_layer()."
            )
        three = (values > 4).astype(np.int8) - (values <= 2).astype(np.int8)
        return np.where(missing, np.int8(MISSING), three)

    result: xr.DataArray = xr.apply_ufunc(by_cell, five, dask="parallelized", output_dtypes=[np.int8], keep_attrs=False)
    return result.assign_attrs(five.attrs | {"classes": 3, "long_name": "land productivity (-1, 0, 1)"})
