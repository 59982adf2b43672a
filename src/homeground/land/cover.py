# SPDX-License-Identifier: Apache-2.0
"""What covers the land, in the seven classes of the Convention, and which changes of cover count as loss or gain."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from homeground.errors import DataError, Problems
from homeground.units import same_grid

MISSING = -128

UNCCD_CLASSES: dict[int, str] = {
    1: "Tree-covered",
    2: "Grassland",
    3: "Cropland",
    4: "Wetland",
    5: "Artificial",
    6: "Other land",
    7: "Water body",
}

# Rows are the first cover, columns the last, both 1 to 7; -1 degradation, 0 stable, 1 improvement. Water never counts.
# Source: UNCCD PRAIS 4 reporting manual (2026), SO1 Table 9; the same matrix is the default of Trends.Earth 2.3.
TRANSITION_MATRIX = pd.DataFrame(
    [
        [0, -1, -1, -1, -1, -1, 0],
        [1, 0, 1, -1, -1, -1, 0],
        [1, -1, 0, -1, -1, -1, 0],
        [-1, -1, -1, 0, -1, -1, 0],
        [1, 1, 1, 1, 0, 1, 0],
        [1, 1, 1, 1, -1, 0, 0],
        [0, 0, 0, 0, 0, 0, 0],
    ],
    index=pd.Index(UNCCD_CLASSES, name="initial"),
    columns=pd.Index(UNCCD_CLASSES, name="final"),
    dtype="int8",
)


@lru_cache
def _legends() -> pd.DataFrame:
    """Rows of cover_classes.csv: legend, code, name, unccd_class, source."""
    with (files("homeground.land") / "cover_classes.csv").open(encoding="utf-8") as table:
        return pd.read_csv(table)


def to_unccd(cover: xr.DataArray, legend: str = "igbp") -> xr.DataArray:
    """Which of the seven land-cover classes of the Convention each cell belongs to.

    Parameters
    ----------
    cover : DataArray
        Codes of ``legend``. NaN and -128 are missing, as are the legend's own codes for no data.
    legend : {"igbp", "esa-cci", "unccd"}
        Whose codes they are: MODIS (MCD12C1, MCD12Q1), ESA CCI / C3S (37 classes), or already the seven.

    Returns
    -------
    DataArray, int8
        1 tree-covered, 2 grassland, 3 cropland, 4 wetland, 5 artificial, 6 other land, 7 water body; -128 missing.

    Raises
    ------
    DataError
        The legend is unknown, or a code has no row in it (codes and counts of cells are listed; a chunked array
        raises when it is computed).

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
    """
    table = _legends()
    rows = table[table["legend"] == legend]
    if rows.empty:
        raise DataError(f"Legend {legend!r} is unknown; known are {', '.join(sorted(table['legend'].unique()))}.")
    codes = np.append(rows["code"].to_numpy(), MISSING)
    classes = np.append(rows["unccd_class"].to_numpy(), MISSING).astype(np.int8)
    order = np.argsort(codes)
    codes, classes = codes[order], classes[order]

    def recode(values: NDArray[Any]) -> NDArray[np.int8]:
        filled = np.where(np.isnan(values), MISSING, values)
        place = np.searchsorted(codes, filled).clip(max=codes.size - 1)
        strange = codes[place] != filled
        if strange.any():
            found, cells = np.unique(filled[strange], return_counts=True)
            listed = ", ".join(f"{code:g} ({n} cells)" for code, n in zip(found, cells, strict=True))
            raise DataError(
                f"{cover.name or 'land cover'} holds codes that legend {legend!r} does not have: {listed}. "
                "Name the right legend, or recode them first."
            )
        known: NDArray[np.int8] = classes[place]
        return known

    result: xr.DataArray = xr.apply_ufunc(recode, cover, dask="parallelized", output_dtypes=[np.int8])
    return (
        result.rename("land_cover")
        .drop_attrs(deep=False)
        .assign_attrs(
            long_name="land cover, seven UNCCD classes",
            flag_values=list(UNCCD_CLASSES),
            flag_meanings=" ".join(name.replace(" ", "_") for name in UNCCD_CLASSES.values()),
            missing=MISSING,
            legend=legend,
            nesting=str(rows["source"].iloc[0]),
        )
    )


def land_cover_change(initial: xr.DataArray, final: xr.DataArray, matrix: pd.DataFrame | None = None) -> xr.DataArray:
    """Whether the change of cover between two years counts as degradation (-1), stable (0) or improvement (1).

    Parameters
    ----------
    initial, final : DataArray, on one grid
        Land cover in the seven classes 1 to 7, -128 or NaN missing; see `to_unccd`. They are not changed.
    matrix : DataFrame, 7 rows (initial, 1 to 7) x 7 columns (final, 1 to 7) of -1, 0 and 1, optional
        Left out: `TRANSITION_MATRIX`, the default of the Convention. A country may judge otherwise.

    Returns
    -------
    DataArray, int8
        -1, 0 or 1; -128 where either year is missing.

    Raises
    ------
    DataError
        Grids differ, classes outside 1 to 7, or a matrix that is not 7 x 7 of -1, 0 and 1.

    Notes
    -----
    Source: UNCCD PRAIS 4 reporting manual (2026), SO1 Table 9. By default water, before or after, is stable.

    Examples
    --------
    >>> import xarray as xr
    >>> land_cover_change(xr.DataArray([1, 2, 2, -128]), xr.DataArray([3, 3, 5, 1])).values.tolist()
    [-1, 1, -1, -128]
    """
    same_grid(initial, final)
    meaning = _checked(TRANSITION_MATRIX if matrix is None else matrix)

    def judge(first: NDArray[Any], last: NDArray[Any]) -> NDArray[np.int8]:
        result: NDArray[np.int8] = meaning[_positions(first, "initial"), _positions(last, "final")]
        return result

    change: xr.DataArray = xr.apply_ufunc(
        judge, initial, final, join="exact", dask="parallelized", output_dtypes=[np.int8]
    )
    return (
        change.rename("land_cover_change")
        .drop_attrs(deep=False)
        .assign_attrs(
            long_name="land cover change",
            flag_values=[-1, 0, 1],
            flag_meanings="degradation stable improvement",
            missing=MISSING,
            matrix="UNCCD default" if matrix is None else "given",
        )
    )


def _checked(matrix: pd.DataFrame) -> NDArray[np.int8]:
    """The matrix with row and column 0 for missing cover."""
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
    missing = np.isnan(values) | (values == MISSING)
    strange = ~missing & ~np.isin(values, list(UNCCD_CLASSES))
    if strange.any():
        found = ", ".join(f"{code:g}" for code in np.unique(values[strange]))
        raise DataError(
            f"{which} land cover holds {found}; classes 1 to 7 were expected. Bring it there with to_unccd first."
        )
    return np.where(missing, 0, values).astype(np.intp)
