# SPDX-License-Identifier: Apache-2.0
"""SDG 15.3.1 of a whole grid in one pass: the maps, and one table of areas from which all other tables are sums."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING, WATER, class_names
from homeground.catalogue.grids.grid import cell_areas
from homeground.errors import DataError
from homeground.land.classes import classes_of, described
from homeground.land.cover.land_cover import TRANSITION_MATRIX, checked_matrix
from homeground.land.neutrality._block_kernels import KEYS, one_pass
from homeground.land.neutrality.degradation import DEGRADATION_CLASSES
from homeground.land.productivity.classes import land_productivity
from homeground.numbers.units import same_grid

PRODUCTIVITY_CLASSES: dict[int, str] = class_names("productivity")


def assess(
    trend: xr.DataArray,
    state: xr.DataArray,
    performance: xr.DataArray,
    initial: xr.DataArray,
    final: xr.DataArray,
    carbon_change: xr.DataArray,
    *,
    areas: xr.DataArray | None = None,
    zones: xr.DataArray | None = None,
    matrix: pd.DataFrame | None = None,
    matrix_by_zone: Mapping[int, pd.DataFrame] | None = None,
    lookup: str = "pm2026",
    threshold: float = 10.0,
) -> tuple[xr.Dataset, pd.DataFrame]:
    """The land's condition in one pass: classes of productivity, degraded or not, and how many km2 of each kind.

    Parameters
    ----------
    trend, state, performance : DataArray of int8, two dimensions, one grid
        -1, 0, 1 (performance -1 or 0); -128 missing.
    initial, final : DataArray of int8
        Land cover in the seven classes, -128 missing.
    carbon_change : DataArray of float32 or float64, %
        Change of the soil's carbon stock; NaN missing.
    areas : DataArray, km2, one value per row, optional
        Left out: on the ellipsoid, from ``latitude`` and ``longitude``.
    zones : DataArray of int8, 0 to 126, optional
        Region of every cell; negative is outside the study and in no table. Left out: all cells are zone 0.
    matrix, matrix_by_zone : optional
        As in `land_cover_change`.
    lookup : str
        As in `land_productivity`; it must have five classes.
    threshold : float, %
        Change of carbon that counts. 10 is the suggestion of the manual.

    Returns
    -------
    Dataset
        ``productivity`` (1 to 5) and ``degradation`` (-1, 0, 1), int8, -128 missing.
    DataFrame
        zone, productivity, initial, final, cover (the change), carbon, degradation, area_km2: one row per kind that
        occurs. Every other table is a sum over it (`assess_tables`), so that all have the same land area.

    Raises
    ------
    DataError
        Grids or types differ, or a value is not a class.

    Notes
    -----
    The same as `land_productivity`, `land_cover_change`, `soil_carbon_change`, `degradation` and `area_table` in
    turn. Water (first cover 7) has no verdict. Works on tiles: tables of tiles add up.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> def layer(*values, kind="int8"):
    ...     return xr.DataArray(np.array([values], kind), dims=("y", "x"))
    >>> maps, table = assess(layer(1, -1), layer(0, 0), layer(0, 0), layer(2, 2), layer(2, 2),
    ...                      layer(0.0, 3.0, kind="float32"), areas=xr.DataArray([2.0], dims="y"))
    >>> maps["degradation"].values.tolist(), table[["productivity", "degradation", "area_km2"]].values.tolist()
    ([[1, -1]], [[1.0, -1.0, 2.0], [5.0, 1.0, 2.0]])
    """
    layers = {
        "trend": trend, "state": state, "performance": performance, "initial": initial, "final": final,
    }  # fmt: skip
    _check_grids(layers, carbon_change)
    if zones is None:
        zone = np.empty((0, 0), np.int8)
        numbers = 1
    else:
        same_grid(trend, zones)
        if zones.dtype != np.int8 or zones.dims != trend.dims:
            raise DataError("zones must be int8 0 to 126 on the grid of trend; negative is outside.")
        zone = zones.values
        numbers = max(int(zone.max(initial=0)) + 1, 1)
    if areas is None:
        row_area = cell_areas(trend)
    else:
        same_grid(areas, trend)
        row_area = areas.values.astype("float64")
    if row_area.shape != trend.shape[:1] or not (row_area >= 0).all():
        raise DataError(f"areas must be one value in km2 per row ({trend.shape[0]}), none missing or negative.")
    if matrix_by_zone is not None and (matrix is not None or set(range(numbers)) - set(matrix_by_zone)):
        raise DataError(f"give one matrix, or matrix_by_zone with a matrix for each of the zones 0 to {numbers - 1}.")
    default = TRANSITION_MATRIX if matrix is None else matrix
    covers = np.stack([_cover_changes((matrix_by_zone or {}).get(z, default)) for z in range(numbers)])
    verdict = _verdicts(covers)
    five, degraded = np.empty(trend.shape, np.int8), np.empty(trend.shape, np.int8)
    table = np.zeros((numbers, KEYS))
    limit = carbon_change.dtype.type(threshold - 1e-9)  # as `soil_carbon_change_percent`
    if one_pass(
        trend.values, state.values, performance.values, initial.values, final.values, carbon_change.values,
        zone, row_area, limit, _five(lookup), verdict, five, degraded, table,
    ):  # fmt: skip
        _refuse(layers)
    said = {"lookup": lookup, "threshold_percent": threshold}
    productivity = described(trend.copy(data=five), "productivity", "land productivity", PRODUCTIVITY_CLASSES)
    verdicts = described(trend.copy(data=degraded), "degradation", "land degradation (SDG 15.3.1)", DEGRADATION_CLASSES)
    maps = xr.Dataset(
        {
            "productivity": productivity.assign_attrs(classes=5, lookup=lookup),
            "degradation": verdicts.assign_attrs(said),
        }
    )
    return maps, _tidy(table, covers, verdict)


def assess_tables(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables a report asks for, all sums over the one table of `assess`; areas in km2.

    Parameters
    ----------
    table : DataFrame
        Of `assess`; tables of several tiles may be concatenated.

    Returns
    -------
    dict of DataFrame
        ``degradation``, ``productivity``, ``cover`` and ``carbon`` (land by class, -128 no data, with ``share`` in % of
        all land), ``transitions`` (first by last cover), ``productivity_by_cover``, ``carbon_by_cover``,
        ``degradation_by_cover`` (rows are the first cover) and ``water``. Land is all but water (first cover 7).

    Notes
    -----
    Tables SO1-1 to SO1-4 of the UNCCD PRAIS 4 reporting manual (2026).

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"zone": 0, "productivity": [1, 4, 4], "initial": [2, 2, 7], "final": [2, 2, 7],
    ...                      "cover": 0,
    ...                      "carbon": 0, "degradation": [-1, 0, -128], "area_km2": [1.0, 3.0, 5.0]})
    >>> assess_tables(rows)["degradation"]["share"].tolist()
    [25.0, 75.0]
    """
    wet = table["initial"] == WATER
    land = table[~wet]
    total = float(land["area_km2"].sum())
    tables: dict[str, pd.DataFrame] = {}
    for name in ("degradation", "productivity", "cover", "carbon"):
        found = land.groupby(name, as_index=False)[["area_km2"]].sum()
        found["share"] = 100 * found["area_km2"] / total if total > 0 else np.nan
        tables[name] = found
    for name, by in (
        ("transitions", "final"),
        ("productivity_by_cover", "productivity"),
        ("carbon_by_cover", "carbon"),
        ("degradation_by_cover", "degradation"),
    ):
        tables[name] = land.groupby(["initial", by])["area_km2"].sum().unstack(fill_value=0)
    tables["water"] = table[wet].groupby("zone", as_index=False)[["area_km2"]].sum()
    return tables


def _check_grids(layers: Mapping[str, xr.DataArray], carbon: xr.DataArray) -> None:
    """All layers on one grid of two dimensions, classes int8, carbon float."""
    trend = layers["trend"]
    for name, layer in (*layers.items(), ("carbon_change", carbon)):
        same_grid(trend, layer)
        if layer.dims != trend.dims or layer.ndim != 2:
            raise DataError(f"{name} has the dimensions {layer.dims}; two, those of trend {trend.dims}, were expected.")
    for name, layer in layers.items():
        if layer.dtype != np.int8:
            raise DataError(f"{name} is {layer.dtype}; int8 with -128 for missing was expected.")
    if not np.issubdtype(carbon.dtype, np.floating):
        raise DataError(f"carbon_change is {carbon.dtype}; float with NaN for missing was expected.")


def _five(lookup: str) -> NDArray[np.uint8]:
    """The class of productivity by code of trend, state and performance; 0 where one is missing."""
    rows = np.array(list(product((-1, 0, 1), (-1, 0, 1), (-1, 0))))
    classes = land_productivity(*(xr.DataArray(column) for column in rows.T), lookup=lookup).values
    trend, state, performance = (column + 2 for column in rows.T)
    five = np.zeros(256, np.uint8)
    five[trend << 4 | state << 2 | performance] = classes
    return five


def _parts() -> tuple[NDArray[np.int64], ...]:
    """Productivity, first cover, last cover and carbon of every key; 0 is missing."""
    key = np.arange(KEYS)
    return key >> 8, key >> 5 & 7, key >> 2 & 7, key & 3


def _cover_changes(matrix: pd.DataFrame) -> NDArray[np.int8]:
    """What the change of cover of every key means: -1, 0, 1, or -128 missing."""
    _, first, last, _ = _parts()
    change: NDArray[np.int8] = checked_matrix(matrix)[first, last]
    return change


def _verdicts(covers: NDArray[np.int8]) -> NDArray[np.int8]:
    """-1, 0, 1 or -128 of every zone and key: one out, all out; nothing where one is missing, or on water."""
    five, first, _, carbon = (np.broadcast_to(part, covers.shape) for part in _parts())
    productivity = np.select([five <= 2, five <= 4], [-1, 0], 1)
    three = np.stack([productivity, covers.astype(int), carbon - 2])
    sign = np.where((three == -1).any(axis=0), -1, np.where((three == 1).any(axis=0), 1, 0))
    unknown = (five == 0) | (five > 5) | (covers == MISSING) | (carbon == 0) | (first == WATER)
    return np.where(unknown, MISSING, sign).astype(np.int8)


def _tidy(table: NDArray[np.float64], covers: NDArray[np.int8], verdict: NDArray[np.int8]) -> pd.DataFrame:
    """One row per zone and key that occurs, with the codes of the other functions."""
    zone, key = np.nonzero(table)
    five, first, last, carbon = (part[key] for part in _parts())
    return pd.DataFrame(
        {
            "zone": zone,
            "productivity": np.where(five == 0, MISSING, five),
            "initial": np.where(first == 0, MISSING, first),
            "final": np.where(last == 0, MISSING, last),
            "cover": covers[zone, key].astype(int),
            "carbon": np.where(carbon == 0, MISSING, carbon - 2),
            "degradation": verdict[zone, key].astype(int),
            "area_km2": table[zone, key],
        }
    )


def _refuse(layers: Mapping[str, xr.DataArray]) -> None:
    """Name the layer, the codes and their cells."""
    known = {"performance": (-1, 0), "initial": tuple(range(1, 8)), "final": tuple(range(1, 8))}
    for name, layer in layers.items():
        classes_of(layer.values, known.get(name, (-1, 0, 1)), name)
