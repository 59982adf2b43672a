# SPDX-License-Identifier: Apache-2.0
"""What covers the land, in the seven classes of the Convention, and which changes of cover count as loss or gain."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING, class_names
from homeground.errors import DataError, Problems
from homeground.land.classes import classes_of, described
from homeground.land.neutrality.degradation import DEGRADATION_CLASSES, grid_areas
from homeground.numbers.units import same_grid

UNCCD_CLASSES: dict[int, str] = class_names("cover")


def _default_matrix() -> pd.DataFrame:
    """transition_matrix.csv: rows are the first cover, columns the last, both 1 to 7."""
    with (files("homeground.land.cover") / "transition_matrix.csv").open(encoding="utf-8") as table:
        matrix = pd.read_csv(table, index_col="initial")
    return matrix.rename(columns=int).rename_axis(columns="final").astype("int8")


# -1 degradation, 0 stable, 1 improvement. Water never counts.
# Source: UNCCD PRAIS 4 reporting manual (2026), SO1 Table 9; the same matrix is the default of Trends.Earth 2.3.
TRANSITION_MATRIX = _default_matrix()


@lru_cache
def _legends() -> pd.DataFrame:
    """Rows of cover_classes.csv: legend, code, name, unccd_class, source."""
    with (files("homeground.land.cover") / "cover_classes.csv").open(encoding="utf-8") as table:
        return pd.read_csv(table)


def to_unccd(cover: xr.DataArray, legend: str | Mapping[int, int] = "igbp", *, called: str = "given") -> xr.DataArray:
    """Which of the seven land-cover classes of the Convention each cell belongs to.

    Parameters
    ----------
    cover : DataArray
        Codes of ``legend``. NaN and -128 are missing, as are the legend's own codes for no data.
    legend : {"igbp", "esa-cci", "unccd"} or mapping of code to class
        Whose codes they are: MODIS (MCD12C1, MCD12Q1), ESA CCI / C3S (37 classes), or already the seven. A legend of
        your own says for each of its codes the class 1 to 7 it nests in, or -128 for no data.
    called : str
        What a legend of your own is called, such as the name of its file.

    Returns
    -------
    DataArray, int8
        1 tree-covered, 2 grassland, 3 cropland, 4 wetland, 5 artificial, 6 other land, 7 water body; -128 missing.

    Raises
    ------
    DataError
        The legend is unknown or nests in no class 1 to 7, or a code has no row in it (codes and counts of cells are
        listed; a chunked array raises when it is computed).

    Notes
    -----
    The rows lie in ``cover_classes.csv`` with their source. ESA CCI follows the nesting of the UNCCD default data. The
    nesting of IGBP is an expert default, unverified: woody savanna counts as tree-covered, savanna and shrubland as
    grassland. MODIS at 0.05 degrees sees most small fields of the Sahel as grassland.

    Examples
    --------
    >>> import xarray as xr
    >>> to_unccd(xr.DataArray([12, 16, 0, 255])).values.tolist()
    [3, 6, 7, -128]
    >>> to_unccd(xr.DataArray([3, 15, 0]), {3: 1, 15: 2, 0: -128}).values.tolist()
    [1, 2, -128]
    """
    nesting, name, source = _nesting(legend, called)
    codes = np.array(list(nesting))
    classes = np.array(list(nesting.values()), np.int8)
    order = np.argsort(codes)
    codes, classes = codes[order], classes[order]

    low, high = int(codes[0]), int(codes[-1])
    direct = np.zeros(high - low + 2, np.int8) if high - low < 1 << 16 else None  # a place more: what is no code
    if direct is not None:
        direct[codes - low] = classes  # 0 elsewhere, which is no class

    def recode(values: NDArray[Any]) -> NDArray[np.int8]:
        if direct is not None and values.dtype.kind == "i" and values.dtype.itemsize > 1:
            beyond = (values < low) | (values > high)
            found: NDArray[np.int8] = direct[np.where(beyond, high + 1, values) - low]
            if found.all():
                return found
        filled = np.where(np.isnan(values), MISSING, values)
        place = np.searchsorted(codes, filled).clip(max=codes.size - 1)
        strange = codes[place] != filled
        if strange.any():
            found, cells = np.unique(filled[strange], return_counts=True)
            listed = ", ".join(f"{code:g} ({n} cells)" for code, n in zip(found, cells, strict=True))
            raise DataError(
                f"{cover.name or 'land cover'} holds codes that legend {name!r} does not have: {listed}. "
                "Name the right legend, or recode them first."
            )
        known: NDArray[np.int8] = classes[place]
        return known

    result: xr.DataArray = xr.apply_ufunc(recode, cover, dask="parallelized", output_dtypes=[np.int8])
    named = described(result, "land_cover", "land cover, seven UNCCD classes", UNCCD_CLASSES)
    return named.assign_attrs(legend=name, nesting=source)


def _nesting(legend: str | Mapping[int, int], called: str) -> tuple[dict[int, int], str, str]:
    """Class of every code, with -128 for missing; the legend's name and source."""
    if isinstance(legend, str):
        table = _legends()
        rows = table[table["legend"] == legend]
        if rows.empty:
            raise DataError(f"Legend {legend!r} is unknown; known are {', '.join(sorted(table['legend'].unique()))}.")
        pairs = zip(rows["code"], rows["unccd_class"], strict=True)
        return {**{int(c): int(k) for c, k in pairs}, MISSING: MISSING}, legend, str(rows["source"].iloc[0])
    nesting = {int(code): int(number) for code, number in legend.items()}
    if strange := {code: number for code, number in nesting.items() if number not in (*UNCCD_CLASSES, MISSING)}:
        raise DataError(
            f"the legend {called!r} nests {', '.join(f'{code} in {number}' for code, number in strange.items())}; classes 1 to 7 "
            "(or -128 for no data) were expected."
        )
    return {**nesting, MISSING: MISSING}, called, "given by the user"


def land_cover_change(
    initial: xr.DataArray,
    final: xr.DataArray,
    matrix: pd.DataFrame | None = None,
    *,
    matrix_by_zone: Mapping[int, pd.DataFrame] | None = None,
    zones: xr.DataArray | None = None,
) -> xr.DataArray:
    """Whether the change of cover between two years counts as degradation (-1), stable (0) or improvement (1).

    Parameters
    ----------
    initial, final : DataArray, on one grid
        Land cover in the seven classes 1 to 7, -128 or NaN missing; see `to_unccd`. They are not changed.
    matrix : DataFrame, 7 rows (initial, 1 to 7) x 7 columns (final, 1 to 7) of -1, 0 and 1, optional
        Left out: `TRANSITION_MATRIX`, the default of the Convention. A country may judge otherwise.
    matrix_by_zone : mapping of zone to such a matrix, one to five of them, optional
        For countries that judge by region. Excludes ``matrix``.
    zones : DataArray, on the same grid
        Zone of every cell, the keys of ``matrix_by_zone``; NaN or -128 is outside all zones.

    Returns
    -------
    DataArray, int8
        -1, 0 or 1; -128 where either year, or the zone, is missing.

    Raises
    ------
    DataError
        Grids differ, classes outside 1 to 7, a matrix that is not 7 x 7 of -1, 0 and 1, more than five matrices, or
        a zone that has none.

    Notes
    -----
    Source: UNCCD PRAIS 4 reporting manual (2026), SO1 Table 9; up to five regional matrices: SO1-1.T3. By default
    water, before or after, is stable.

    Examples
    --------
    >>> import xarray as xr
    >>> land_cover_change(xr.DataArray([1, 2, 2, -128]), xr.DataArray([3, 3, 5, 1])).values.tolist()
    [-1, 1, -1, -128]
    >>> moor = TRANSITION_MATRIX.copy()
    >>> moor.loc[2, 1] = -1  # trees planted on open moor
    >>> land_cover_change(xr.DataArray([2, 2]), xr.DataArray([1, 1]), zones=xr.DataArray([1, 2]),
    ...                   matrix_by_zone={1: TRANSITION_MATRIX, 2: moor}).values.tolist()
    [1, -1]
    """
    same_grid(initial, final)
    if (matrix_by_zone is None) != (zones is None) or (matrix is not None and zones is not None):
        raise DataError("give either one matrix, or matrix_by_zone together with zones.")
    if matrix_by_zone is not None and not 1 <= len(matrix_by_zone) <= 5:
        raise DataError(f"{len(matrix_by_zone)} matrices by zone were given; one to five were expected.")
    matrices = matrix_by_zone or {0: TRANSITION_MATRIX if matrix is None else matrix}
    numbers = tuple(int(zone) for zone in matrices)
    meaning = np.stack([np.full((8, 8), MISSING, np.int8), *(checked_matrix(one) for one in matrices.values())])
    place = {number: i + 1 for i, number in enumerate(numbers)} | {MISSING: 0}

    def judge(first: NDArray[Any], last: NDArray[Any], zone: NDArray[Any]) -> NDArray[np.int8]:
        which = classes_of(zone, numbers, "zones", "Give a matrix for each zone.")
        row = np.zeros(which.shape, np.intp)
        for number, at in place.items():
            row[which == number] = at
        result: NDArray[np.int8] = meaning[row, _positions(first, "initial"), _positions(last, "final")]
        return result

    if zones is None:
        zones = xr.DataArray(np.int8(numbers[0]))
    else:
        same_grid(initial, zones)
        zones = zones.transpose(*initial.dims)
    change: xr.DataArray = xr.apply_ufunc(
        judge, initial, final, zones, join="exact", dask="parallelized", output_dtypes=[np.int8]
    )
    said = f"{len(matrices)} by zone" if matrix_by_zone else "UNCCD default" if matrix is None else "given"
    return described(change, "land_cover_change", "land cover change", DEGRADATION_CLASSES).assign_attrs(matrix=said)


def transition_areas(
    initial: xr.DataArray,
    final: xr.DataArray,
    areas: xr.DataArray | None = None,
    *,
    inside: xr.DataArray | None = None,
    matrix: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How many km2 went from each class of cover to each other between two years.

    Parameters
    ----------
    initial, final : DataArray, on one grid
        Land cover in the seven classes, -128 or NaN missing.
    areas, inside : DataArray, optional
        As in `area_table`: km2 of the cells, and the share of each in the study area.
    matrix : DataFrame, optional
        As in `land_cover_change`.

    Returns
    -------
    DataFrame
        initial, final (codes), initial_name, final_name, change (-1, 0, 1) and area_km2: 49 rows, then one row of
        -128 for cells that miss either year. The rows sum to the study area, water included.

    Raises
    ------
    DataError
        Grids differ, or classes outside 1 to 7.

    Notes
    -----
    Tables SO1-1.T5 and T6 of the UNCCD PRAIS 4 reporting manual (2026), in km2 on the ellipsoid.

    Examples
    --------
    >>> import xarray as xr
    >>> size = xr.DataArray([1.0, 2.0, 4.0, 8.0], dims="x")
    >>> found = transition_areas(xr.DataArray([1, 1, 2, -128], dims="x"), xr.DataArray([3, 3, 2, 1], dims="x"), size)
    >>> found.query("area_km2 > 0")[["initial", "final", "change", "area_km2"]].values.tolist()
    [[1.0, 3.0, -1.0, 3.0], [2.0, 2.0, 0.0, 4.0], [-128.0, -128.0, -128.0, 8.0]]
    """
    same_grid(initial, final)
    meaning = checked_matrix(TRANSITION_MATRIX if matrix is None else matrix)
    size = grid_areas(initial, areas, inside).ravel()
    first = _positions(initial.values.ravel(), "initial")
    last = _positions(final.transpose(*initial.dims).values.ravel(), "final")
    code = np.where((first == 0) | (last == 0), 0, first * 8 + last)
    sums = np.bincount(code, weights=size, minlength=64)
    pairs = [(a, b) for a in UNCCD_CLASSES for b in UNCCD_CLASSES]
    rows = [(a, b, UNCCD_CLASSES[a], UNCCD_CLASSES[b], int(meaning[a, b]), sums[a * 8 + b]) for a, b in pairs]
    rows.append((MISSING, MISSING, "No data", "No data", MISSING, sums[0]))
    return pd.DataFrame(rows, columns=["initial", "final", "initial_name", "final_name", "change", "area_km2"])


def checked_matrix(matrix: pd.DataFrame) -> NDArray[np.int8]:
    """What each change of cover counts for, as an array to look up by the two classes, 0 being missing cover.

    Parameters
    ----------
    matrix : DataFrame, 7 rows (initial, 1 to 7) x 7 columns (final, 1 to 7)
        -1 degradation, 0 stable, 1 improvement, as `TRANSITION_MATRIX`.

    Returns
    -------
    array of int8, shape (8, 8)
        By class before and class after; row 0 and column 0 are -128.

    Raises
    ------
    DataError
        Rows or columns are not the classes 1 to 7, or a value is not -1, 0 or 1.

    Examples
    --------
    >>> change = checked_matrix(TRANSITION_MATRIX)
    >>> int(change[1, 3]), int(change[0, 3])  # from trees to cropland; from missing to cropland
    (-1, -128)
    """
    problems = Problems("transition matrix")
    classes = list(UNCCD_CLASSES)
    for axis, labels in (("rows", matrix.index), ("columns", matrix.columns)):
        if sorted(labels.tolist()) != classes:
            problems.add(f"{axis} are {labels.tolist()}, the classes 1 to 7 were expected.")
    problems.raise_if_any(DataError)
    body = matrix.loc[classes, classes].to_numpy()
    if not np.isin(body, (-1, 0, 1)).all():
        raise DataError(
            "transition matrix: values other than -1, 0 and 1. Write -1 for degradation, 1 for improvement."
        )
    whole = np.full((8, 8), MISSING, dtype=np.int8)
    whole[1:, 1:] = body
    return whole


def _positions(values: NDArray[Any], which: str) -> NDArray[np.intp]:
    """Classes 1 to 7 as they are, missing as 0; a new array, so that the caller's stays whole."""
    known = classes_of(values, tuple(UNCCD_CLASSES), f"{which} land cover", "Bring it there with to_unccd first.")
    return np.where(known == MISSING, 0, known).astype(np.intp)
