# SPDX-License-Identifier: Apache-2.0
"""Integer classes of land: checked when they come in, described when they go out."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING
from homeground.catalogue.grids.grid import cell_area as cell_area  # noqa: PLC0414 (a public name of this part too)
from homeground.errors import DataError
from homeground.numbers.units import without_attrs


def classes_of(values: NDArray[Any], known: tuple[int, ...], name: str, hint: str = "") -> NDArray[np.int8]:
    """The values as int8 with -128 for NaN and -128; a new array. Refuses any other value than ``known``.

    Parameters
    ----------
    values : array, any shape
        Codes of classes; NaN and -128 are missing.
    known : tuple of int, -127 to 127
        Codes that the layer may hold.
    name : str
        What the layer is called in the error.
    hint : str
        What to do about a strange value; the last sentence of the error.

    Returns
    -------
    array of int8, shape of ``values``
        Codes of ``known``; -128 missing.

    Raises
    ------
    DataError
        A value that is not a known class; the values and their cells are listed.

    Examples
    --------
    >>> classes_of(np.array([1.0, np.nan, -128.0]), (0, 1), "the mask").tolist()
    [1, -128, -128]
    >>> classes_of(np.array([1, 9, 9]), (0, 1), "the mask")
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: the mask holds 9 (2 cells); 0, 1 or -128 (missing) were expected.
    """
    if values.dtype == np.int8:  # the usual case, by table: a mask for each class costs more than all that follows
        allowed = np.zeros(256, bool)
        allowed[np.array([*known, MISSING], np.int8).view(np.uint8)] = True
        strange = ~allowed[values.view(np.uint8)]
        missing = None  # stands as -128 already
    else:
        missing = np.isnan(values) | (values == MISSING)
        strange = ~missing & ~np.isin(values, known)
    if strange.any():
        found, cells = np.unique(values[strange], return_counts=True)
        listed = ", ".join(f"{code:g} ({n} cells)" for code, n in list(zip(found, cells, strict=True))[:8])
        raise DataError(
            f"{name} holds {listed}; {', '.join(str(k) for k in known)} or -128 (missing) were expected. {hint}".strip()
        )
    return values.copy() if missing is None else np.where(missing, MISSING, values).astype(np.int8)


def described(result: xr.DataArray, name: str, long_name: str, classes: dict[int, str]) -> xr.DataArray:
    """The result with its name and the meaning of its classes, and without what its inputs said.

    Parameters
    ----------
    result : DataArray, any dims
        Codes of ``classes``; -128 missing. Its attributes are dropped.
    name : str
        Name of the variable in a file.
    long_name : str
        What the map shows, in words for its legend.
    classes : dict of int to str
        Meaning of each code.

    Returns
    -------
    DataArray, dims and values of ``result``
        Attributes long_name, flag_values, flag_meanings (as in the CF conventions: a word each) and missing (-128).

    Examples
    --------
    >>> import xarray as xr
    >>> dry = described(xr.DataArray([0, 1], attrs={"units": "1"}), "dry", "drought", {0: "none", 1: "very dry"})
    >>> dry.attrs["flag_values"], dry.attrs["flag_meanings"], "units" in dry.attrs
    ([0, 1], 'none very_dry', False)
    """
    return without_attrs(result.rename(name)).assign_attrs(
        long_name=long_name,
        flag_values=list(classes),
        flag_meanings=" ".join(text.replace(" ", "_") for text in classes.values()),
        missing=MISSING,
    )
