# SPDX-License-Identifier: Apache-2.0
"""SDG indicator 15.3.1: one out, all out; status against a baseline; areas that always sum to the same land."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
import scipy
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING, class_names
from homeground.catalogue.grids.grid import cell_area as cell_area  # noqa: PLC0414 (a public name of this part too)
from homeground.catalogue.grids.grid import cell_areas
from homeground.errors import DataError
from homeground.land.classes import classes_of, described
from homeground.land.productivity.classes import fold_classes
from homeground.numbers.units import same_grid, without_attrs

DEGRADATION_CLASSES: dict[int, str] = class_names("degradation")
STATUS_CLASSES: dict[int, str] = class_names("status")

# Rows are the baseline, columns the reporting period. Source: UNCCD PRAIS 4 reporting manual (2026), SO1-4.T1.
STATUS_MATRIX = pd.DataFrame(
    [[1, 3, 6], [2, 4, 6], [2, 5, 7]],
    index=pd.Index(DEGRADATION_CLASSES, name="baseline"),
    columns=pd.Index(DEGRADATION_CLASSES, name="period"),
    dtype="int8",
)


def fold_status(classes: xr.DataArray) -> xr.DataArray:
    """Degraded (-1), stable (0) or improved (1) now, from the seven classes of `status`.

    Parameters
    ----------
    classes : DataArray
        1 to 7, -128 missing.

    Returns
    -------
    DataArray, int8
        -1 from 1, 2 and 3; 0 from 4; 1 from 5, 6 and 7; -128 missing.

    Raises
    ------
    DataError
        A value that is no such class.

    Notes
    -----
    Source: UNCCD PRAIS 4 reporting manual (2026), SO1-4.T1.

    Examples
    --------
    >>> import xarray as xr
    >>> fold_status(xr.DataArray([1, 2, 3, 4, 5, 6, 7, -128])).values.tolist()
    [-1, -1, -1, 0, 1, 1, 1, -128]
    """

    def fold(values: NDArray[Any]) -> NDArray[np.int8]:
        known = classes_of(values, tuple(STATUS_CLASSES), str(classes.name or "status"))
        return np.where(known == MISSING, MISSING, np.sign(known - np.int8(4))).astype(np.int8)

    result: xr.DataArray = xr.apply_ufunc(fold, classes, dask="parallelized", output_dtypes=[np.int8])
    return described(result, "status", "status of the land, three classes", DEGRADATION_CLASSES)


def degradation(
    productivity: xr.DataArray, cover: xr.DataArray, carbon: xr.DataArray, *, missing: Literal["any", "all"] = "any"
) -> xr.DataArray:
    """Whether land is degraded (-1), stable (0) or improved (1): one sub-indicator that declines is enough.

    Parameters
    ----------
    productivity, cover, carbon : DataArray, on one grid
        The three sub-indicators, -1, 0 or 1, NaN or -128 missing. Productivity may also hold the five classes, if
        its attribute ``classes`` says 5 (as `land_productivity` writes it).
    missing : {"any", "all"}
        When a cell has no result: if any sub-indicator is missing (the rule of the Convention), or only if all are;
        then a cell is judged by what is known, and two maps with different gaps can not be compared.

    Returns
    -------
    DataArray, int8
        -1, 0, 1; -128 missing.

    Raises
    ------
    DataError
        Grids differ, or a value is not a class.

    Notes
    -----
    Any -1 -> -1; else any 1 -> 1; else 0. Source: UNCCD PRAIS 4 reporting manual (2026), SO1 chapter 1.4
    (one out, all out).

    Examples
    --------
    >>> import xarray as xr
    >>> p, c, s = (xr.DataArray(v) for v in ([1, 0, 1, 0], [0, 0, -1, 1], [0, 0, 0, -128]))
    >>> degradation(p, c, s).values.tolist()
    [1, 0, -1, -128]
    """
    same_grid(productivity, cover, carbon)
    same_grid(cover, carbon)
    if productivity.attrs.get("classes") == 5:
        productivity = fold_classes(productivity)
    hint = "Five classes of productivity are brought to three with fold_classes()."

    def judge(*layers: NDArray[Any]) -> NDArray[np.int8]:
        worst, best = np.full(layers[0].shape, 1, np.int8), np.full(layers[0].shape, -1, np.int8)
        gaps: list[NDArray[np.bool_]] = []
        for layer, name in zip(layers, ("productivity", "cover", "carbon"), strict=True):
            known = classes_of(layer, (-1, 0, 1), name, hint)
            gaps.append(known == MISSING)
            np.minimum(worst, np.where(gaps[-1], np.int8(1), known), out=worst)
            np.maximum(best, np.where(gaps[-1], np.int8(-1), known), out=best)
        unknown = np.logical_or.reduce(gaps) if missing == "any" else np.logical_and.reduce(gaps)
        sign = np.where(worst == -1, -1, np.where(best == 1, 1, 0))
        return np.where(unknown, MISSING, sign).astype(np.int8)

    result: xr.DataArray = xr.apply_ufunc(
        judge, productivity, cover, carbon, join="exact", dask="parallelized", output_dtypes=[np.int8]
    )
    return described(result, "degradation", "land degradation (SDG 15.3.1)", DEGRADATION_CLASSES)


def status(baseline: xr.DataArray, period: xr.DataArray) -> xr.DataArray:
    """How the land stands now against the baseline: seven classes from persistent degradation to lasting gain.

    Parameters
    ----------
    baseline, period : DataArray, on one grid
        `degradation` of the baseline and of the reporting period: -1, 0, 1; -128 missing.

    Returns
    -------
    DataArray, int8
        1 persistent, 2 recent, 3 baseline degradation, 4 stability, 5 baseline, 6 recent, 7 persistent improvement;
        -128 where either is missing. `fold_status` folds them.

    Raises
    ------
    DataError
        Grids differ, or a value is not -1, 0 or 1.

    Notes
    -----
    Land that degraded in the baseline and is stable since stays degraded (3): it lost and has not come back.
    Source: UNCCD PRAIS 4 reporting manual (2026), SO1-4.T1; `STATUS_MATRIX`.

    Examples
    --------
    >>> import xarray as xr
    >>> status(xr.DataArray([-1, -1, 0, 1]), xr.DataArray([-1, 0, 1, -1])).values.tolist()
    [1, 3, 6, 2]
    """
    same_grid(baseline, period)
    matrix = STATUS_MATRIX.to_numpy()

    def judge(before: NDArray[Any], now: NDArray[Any]) -> NDArray[np.int8]:
        first, last = classes_of(before, (-1, 0, 1), "baseline"), classes_of(now, (-1, 0, 1), "period")
        gap = (first == MISSING) | (last == MISSING)
        code = matrix[np.where(gap, 0, first + np.int8(1)), np.where(gap, 0, last + np.int8(1))]
        return np.where(gap, MISSING, code).astype(np.int8)

    result: xr.DataArray = xr.apply_ufunc(
        judge, baseline, period, join="exact", dask="parallelized", output_dtypes=[np.int8]
    )
    return described(result, "status", "status of the land against the baseline", STATUS_CLASSES)


def grid_areas(grid: xr.DataArray, areas: xr.DataArray | None, inside: xr.DataArray | None = None) -> NDArray[Any]:
    """How many km2 of each cell belong to the study: zero outside ``inside``.

    Parameters
    ----------
    grid : DataArray, any dims
        The map whose cells are measured; its values are not used.
    areas : DataArray, km2, or None
        Area of the cells; one dimension of the grid may be left out. None: on the ellipsoid, from the coordinates
        ``latitude`` and ``longitude``.
    inside : DataArray, 0 to 1, optional
        The study area, or the share of each cell in it.

    Returns
    -------
    array of float64, shape of ``grid``, km2
        Area of the cell times its share inside.

    Raises
    ------
    DataError
        Grids differ, an area is missing or negative, or the grid has no latitude and longitude.

    Examples
    --------
    >>> import xarray as xr
    >>> rows = xr.DataArray([5.0, 10.0], dims="y")
    >>> grid_areas(xr.DataArray([[1, 2], [3, 4]], dims=("y", "x")), rows, xr.DataArray([1.0, 0.5], dims="x")).tolist()
    [[5.0, 2.5], [10.0, 5.0]]
    """
    if areas is None:
        areas = xr.DataArray(cell_areas(grid), {"latitude": grid["latitude"]}, ("latitude",))
    same_grid(areas, grid)
    if not set(areas.dims) <= set(grid.dims):
        raise DataError(f"areas have the dimensions {areas.dims}, those of the classes are {grid.dims}.")
    size = areas.broadcast_like(grid).transpose(*grid.dims).values.astype("float64")
    if not (size >= 0).all():
        raise DataError("areas hold missing or negative values; km2 of every cell were expected (0 outside).")
    if inside is not None:
        same_grid(inside, grid)
        size = size * inside.broadcast_like(grid).transpose(*grid.dims).values.astype("float64")
    return size


def area_table(
    classes: xr.DataArray,
    areas: xr.DataArray | None = None,
    *,
    water: xr.DataArray | None = None,
    inside: xr.DataArray | None = None,
    names: dict[int, str] | None = None,
) -> pd.DataFrame:
    """How many km2 of land are in each class, with the land that has no data and the water beside it.

    Parameters
    ----------
    classes : DataArray, integer, -128 missing
        Any result of this part: degradation, status, cover change, productivity.
    areas : DataArray, km2, optional
        Area of the cells (one dimension of the grid may be left out). Left out: on the ellipsoid, from the
        coordinates ``latitude`` and ``longitude``.
    water : DataArray of bool, optional
        Inland water (cover class 7 of the first year). It is no land whatever its class says: it has its own row.
    inside : DataArray, 0 to 1, optional
        The study area, or the share of each cell in it.
    names : dict, optional
        Names by code; left out: the attributes ``flag_values`` and ``flag_meanings``.

    Returns
    -------
    DataFrame
        Columns code, name, area_km2, share_of_land and share_of_known (%), one row per class, then "No data" (-128)
        and "Water". Classes and no data sum to the land; all rows sum to the study area.
        ``share_of_land`` divides by all land, ``share_of_known`` by the land that has a class; both are shown because
        reports use either.

    Raises
    ------
    DataError
        Grids differ, or a class has no name.

    Notes
    -----
    Areas, never counts of cells. SDG 15.3.1 is the share of degraded land in the land without inland water.

    Examples
    --------
    >>> import xarray as xr
    >>> found = area_table(xr.DataArray([-1, 0, -128, 0], dims="x"), xr.DataArray([1.0, 2.0, 1.0, 4.0], dims="x"),
    ...                    water=xr.DataArray([False, False, False, True], dims="x"), names=DEGRADATION_CLASSES)
    >>> found["area_km2"].tolist(), found["share_of_land"].round(0).tolist()
    ([1.0, 2.0, 0.0, 1.0, 4.0], [25.0, 50.0, 0.0, 25.0, nan])
    """
    size = grid_areas(classes, areas, inside).ravel()
    names = names or _names(classes)
    if water is not None:
        same_grid(water, classes)
        wet = water.broadcast_like(classes).transpose(*classes.dims).values.astype(bool).ravel()
    else:
        wet = np.zeros(size.size, bool)
    codes = classes_of(classes.values.ravel(), tuple(names), str(classes.name or "classes"))
    sums = np.bincount(np.where(wet, 0, codes.astype(np.int64) + 129), weights=size, minlength=257)
    known = np.array([sums[code + 129] for code in names])
    land = known.sum() + sums[MISSING + 129]
    table = pd.DataFrame(
        {
            "code": pd.array([*names, MISSING, pd.NA], dtype="Int16"),
            "name": [*names.values(), "No data", "Water"],
            "area_km2": [*known, sums[MISSING + 129], sums[0]],
        }
    )
    on_land = np.array([*known, sums[MISSING + 129], np.nan])
    table["share_of_land"] = 100 * on_land / land if land > 0 else np.nan
    with_class = np.array([*known, np.nan, np.nan])
    table["share_of_known"] = 100 * with_class / known.sum() if known.sum() > 0 else np.nan
    return table


def hotspots(
    classes: xr.DataArray,
    areas: xr.DataArray | None = None,
    *,
    codes: tuple[int, ...] = (-1,),
    least_km2: float = 100.0,
    kind: Literal["hotspot", "brightspot"] = "hotspot",
) -> tuple[xr.DataArray, pd.DataFrame]:
    """Where degraded (or recovering) land lies together in patches large enough to act on.

    Parameters
    ----------
    classes : DataArray, dims (latitude, longitude)
        `degradation` or `status`; -128 missing.
    areas : DataArray, km2, optional
        As in `area_table`.
    codes : tuple of int
        Classes that count: (-1,) for degraded, (1,) for improved, (1, 2, 3) or (6, 7) of `status`.
    least_km2 : float, km2
        Smallest patch. 100 is an expert default, unverified: a country states its own.
    kind : {"hotspot", "brightspot"}
        What the patches are called in the table.

    Returns
    -------
    DataArray, int32
        Number of the patch, 1 the largest; 0 elsewhere.
    DataFrame
        patch, kind, area_km2, cells, and the centre (latitude, longitude where the grid has them), largest first.

    Raises
    ------
    DataError
        The grid has not two dimensions.

    Notes
    -----
    A patch is cells of ``codes`` that touch by a side or a corner. The manual (SO1-4.T4 and T5) leaves the choice of
    hotspots and brightspots to the country; this rule only lists candidates, reproducibly. A cell of no data never
    belongs to a patch. Patches that cross the edge of the grid, or 180 degrees, are cut there.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> field = xr.DataArray([[-1, 0, -1], [-1, 0, 0]], dims=("y", "x"))
    >>> patch, table = hotspots(field, xr.ones_like(field, dtype=float) * 60, least_km2=100)
    >>> patch.values.tolist(), table["area_km2"].tolist()
    ([[1, 0, 0], [1, 0, 0]], [120.0])
    """
    if classes.ndim != 2:
        raise DataError(f"hotspots need two dimensions, found {classes.dims}. Choose one period first.")
    size = grid_areas(classes, areas)
    label, count = scipy.ndimage.label(np.isin(classes.values, codes), structure=np.ones((3, 3), int))
    flat = label.ravel()
    area = np.bincount(flat, weights=size.ravel(), minlength=count + 1)
    area[0] = 0
    kept = np.flatnonzero(area >= least_km2)
    kept = kept[kept > 0]
    kept = kept[np.argsort(-area[kept], kind="stable")]
    number = np.zeros(count + 1, np.int32)
    number[kept] = np.arange(1, kept.size + 1)
    table = pd.DataFrame({"patch": np.arange(1, kept.size + 1), "kind": kind, "area_km2": area[kept]})
    table["cells"] = np.bincount(flat, minlength=count + 1)[kept]
    for axis, dim in enumerate(classes.dims):
        if dim in classes.coords:
            place = np.broadcast_to(np.expand_dims(classes[dim].values, 1 - axis), classes.shape).ravel()
            moment = np.bincount(flat, weights=size.ravel() * place, minlength=count + 1)[kept]
            table[str(dim)] = moment / area[kept]
    patch = without_attrs(classes.copy(data=number[label])).rename(kind)
    return patch.assign_attrs(long_name=f"{kind} patches of at least {least_km2:g} km2", codes=list(codes)), table


def _names(classes: xr.DataArray) -> dict[int, str]:
    if "flag_values" not in classes.attrs:
        raise DataError(f"{classes.name or 'classes'} carry no flag_values. Give names={{code: name}}.")
    words = str(classes.attrs.get("flag_meanings", "")).split()
    values = [int(v) for v in np.atleast_1d(classes.attrs["flag_values"])]
    return dict(zip(values, [w.replace("_", " ") for w in words] or map(str, values), strict=True))
