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

    Raises
    ------
    DataError
        A value that is not a known class; the values and their cells are listed.
    """
    if values.dtype == np.int8:  # the usual case, by table: a mask for each class costs more than all that follows
        allowed = np.zeros(256, bool)
        allowed[np.array([*known, MISSING], np.int8).view(np.uint8)] = True
        missing = values == MISSING
        strange = ~allowed[values.view(np.uint8)]
    else:
        missing = np.isnan(values) | (values == MISSING)
        strange = ~missing & ~np.isin(values, known)
    if strange.any():
        found, cells = np.unique(values[strange], return_counts=True)
        listed = ", ".join(f"{code:g} ({n} cells)" for code, n in list(zip(found, cells, strict=True))[:8])
        raise DataError(
            f"{name} holds {listed}; {', '.join(str(k) for k in known)} or -128 (missing) were expected. {hint}".strip()
        )
    return np.where(missing, MISSING, values).astype(np.int8)


def described(result: xr.DataArray, name: str, long_name: str, classes: dict[int, str]) -> xr.DataArray:
    """The result with its name and the meaning of its classes, and without what its inputs said."""
    return without_attrs(result.rename(name)).assign_attrs(
        long_name=long_name,
        flag_values=list(classes),
        flag_meanings=" ".join(text.replace(" ", "_") for text in classes.values()),
        missing=MISSING,
    )
