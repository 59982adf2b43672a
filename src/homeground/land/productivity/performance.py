# SPDX-License-Identifier: Apache-2.0
"""How far land productivity stays behind what its own kind of place reaches."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING
from homeground.errors import DataError
from homeground.land.productivity.potentials import potentials, ratio_to_potential
from homeground.numbers.rounding import rounding
from homeground.numbers.units import require_units, same_grid, without_attrs

AtHalf = Literal["stable", "degraded"]


def productivity_performance(
    ndvi: xr.DataArray,
    stratum: xr.DataArray,
    *,
    dim: str = "year",
    at_half: AtHalf = "stable",
    weights: xr.DataArray | None = None,
    min_cells: int = 1,
) -> xr.DataArray:
    """Whether a cell yields less than half of what the best of its own kind of place yields (-1) or not (0).

    Parameters
    ----------
    ndvi : DataArray, dims (``dim``, ...) or (...), dimensionless
        A vegetation index by year, or its mean.
    stratum : DataArray, dims (...), whole numbers
        Which cells are of one kind, such as soil x land cover of the first year. Negative or NaN is missing.
    dim : str
        The dimension of the years.
    at_half : {"stable", "degraded"}
        What exactly half is: not degraded in the manual ("less than a half"), degraded in the code of Trends.Earth.
    weights : DataArray, dims (...), optional
        Cell areas in any one unit. Left out: every cell counts the same.
    min_cells : int
        A stratum with fewer cells gives no result.

    Returns
    -------
    DataArray of int8, dims (...)
        -1, 0; -128 where ndvi or stratum is missing, or the mean index is not above 0.

    Raises
    ------
    DataError
        Units are not "1", grids differ, or strata are not whole numbers.

    Notes
    -----
    Mean index / 90th percentile of the stratum, compared with 0.5. The percentile is exact, of all cells: the lowest
    value at or below which 90 % of the cells lie, so a larger area is not sampled more coarsely than a small one. It
    still depends on the extent studied. Cells whose mean is not above 0 (water, nodata) are left out.
    Source: UNCCD PRAIS 4 reporting manual 2026, SO1, step 5.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> ndvi = xr.DataArray(np.arange(1, 11) / 10, attrs={"units": "1"})
    >>> productivity_performance(ndvi, xr.zeros_like(ndvi, int)).values.tolist()
    [-1, -1, -1, -1, 0, 0, 0, 0, 0, 0]
    """
    require_units(ndvi, "1")
    if at_half not in get_args(AtHalf):
        raise DataError(f"at_half is {at_half!r}, one of {get_args(AtHalf)} was expected.")
    mean = ndvi.mean(dim, dtype=np.float64) if dim in ndvi.dims else ndvi.astype(np.float64)
    mean = mean.compute().assign_attrs(units="1").rename("mean index")
    value, group, area = _cells(mean.where(mean > 0), stratum, weights)
    names, potential = potentials(value, group, area, 0.9, min_cells)
    result = below_half(ratio_to_potential(value, group, names, potential), at_half)
    return without_attrs(mean.copy(data=result.reshape(mean.shape)).rename("productivity_performance")).assign_attrs(
        units="1",
        long_name="performance of land productivity (-1 below half of the best of its kind)",
        at_half=at_half,
        weighted=int(weights is not None),
        nodata=MISSING,
    )


def below_half(ratio: NDArray[np.float64], at_half: AtHalf) -> NDArray[np.int8]:
    """Performance (-1, 0; -128 missing) from the ratio of a cell's index to the potential of its stratum.

    Parameters
    ----------
    ratio : array, any shape, dimensionless
        Of `ratio_to_potential`; NaN missing.
    at_half : {"stable", "degraded"}
        What half is, give or take the rounding of float32; see `productivity_performance`.

    Returns
    -------
    array of int8, shape of ``ratio``
        -1 below half, 0 above; -128 missing.

    Examples
    --------
    >>> ratio = np.array([0.4, 0.5, 0.6, np.nan])
    >>> below_half(ratio, "stable").tolist(), below_half(ratio, "degraded").tolist()
    ([-1, 0, 0, -128], [-1, -1, 0, -128])
    """
    near = rounding(np.float32)  # as coarse as the series that means and potentials are made from may be
    degraded = ratio < 0.5 * (1 - near) if at_half == "stable" else ratio <= 0.5 * (1 + near)
    return np.where(np.isnan(ratio), MISSING, np.where(degraded, -1, 0)).astype(np.int8)


def potential_gap(
    vegetation: xr.DataArray,
    stratum: xr.DataArray,
    *,
    percentile: float = 90,
    weights: xr.DataArray | None = None,
    min_cells: int = 30,
) -> xr.DataArray:
    """How far a cell's vegetation lies below the greenest cells of its stratum: a potential gap of one epoch.

    It does not say that the land was degraded: soil, slope, water or use may explain the gap, and one epoch shows no
    change. Its use is to rank places for a closer look.

    Parameters
    ----------
    vegetation : DataArray, dimensionless
        A vegetation index, such as NDVI, one value a cell.
    stratum : DataArray, same dimensions, whole numbers
        Which cells are of one kind, such as land cover x aridity class. Negative or NaN is missing.
    percentile : number, 0 to 100
        Where in its stratum the potential lies.
    weights : DataArray, same dimensions, optional
        Cell areas in any one unit; a cell without a positive area is left out of the potential. Left out: every cell
        counts the same, which on a grid of degrees favours the poles.
    min_cells : int
        A stratum with fewer cells has no potential.

    Returns
    -------
    DataArray, dimensions as ``vegetation``, dimensionless
        0 (at or above the potential) and more; above 1 only where vegetation is negative. NaN where vegetation or
        stratum is missing, where the stratum has fewer than ``min_cells`` cells, or where its potential is not above 0.

    Raises
    ------
    DataError
        Grids or units differ from what is expected, strata are not whole numbers, or the percentile is not 0 to 100.

    Notes
    -----
    gap = max(0, 1 - v / potential). The potential is exact: the lowest value of the stratum at or below which at least
    ``percentile`` per cent of its area lies (the inverse of its distribution; nothing is interpolated or sampled). The
    result depends on the extent studied, because strata do. The same ratio against the 90th percentile is the
    performance metric of SDG 15.3.1 (UNCCD PRAIS 4 reporting manual 2026, SO1), where below 0.5 counts as degraded.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> ndvi = xr.DataArray(np.arange(1, 11) / 10, attrs={"units": "1"})
    >>> potential_gap(ndvi, xr.zeros_like(ndvi, int), min_cells=10).round(2).values.tolist()
    [0.89, 0.78, 0.67, 0.56, 0.44, 0.33, 0.22, 0.11, 0.0, 0.0]
    """
    require_units(vegetation, "1")
    if not 0 <= percentile <= 100:
        raise DataError(f"percentile is {percentile}, 0 to 100 was expected.")
    value, group, area = _cells(vegetation, stratum, weights)
    names, potential = potentials(value, group, area, percentile / 100, min_cells)

    gap = np.maximum(0, 1 - ratio_to_potential(value, group, names, potential))
    return without_attrs(vegetation.copy(data=gap.reshape(vegetation.shape)).rename("potential_gap")).assign_attrs(
        units="1",
        long_name="gap to the potential of its stratum, one epoch",
        comment="a potential gap, not degradation",
        percentile=percentile,
        min_cells=min_cells,
        weighted=int(weights is not None),
    )


def _cells(
    vegetation: xr.DataArray, stratum: xr.DataArray, weights: xr.DataArray | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Value, stratum and area of every cell in one line each, checked to lie on one grid."""
    others = [stratum] if weights is None else [stratum, weights]
    same_grid(vegetation, *others)
    for other in others:
        if set(other.dims) != set(vegetation.dims):
            raise DataError(
                f"{other.name or 'stratum or weights'} has dimensions {tuple(other.dims)}, "
                f"{tuple(vegetation.dims)} were expected. Broadcast it to the grid of the vegetation."
            )
    value = vegetation.to_numpy().astype(float).ravel()
    group = stratum.transpose(*vegetation.dims).to_numpy().astype(float).ravel()
    if not np.array_equal(group, np.round(group), equal_nan=True):
        raise DataError(f"{stratum.name or 'stratum'} holds fractions; whole numbers were expected. Number the strata.")
    if weights is None:
        return value, group, np.ones_like(value)
    return value, group, weights.transpose(*vegetation.dims).to_numpy().astype(float).ravel()
