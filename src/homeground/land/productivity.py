# SPDX-License-Identifier: Apache-2.0
"""How far vegetation stays behind the best of its own kind of place."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.errors import DataError
from homeground.units import require_units, same_grid


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
    others = [stratum] if weights is None else [stratum, weights]
    same_grid(vegetation, *others)
    for other in others:
        if set(other.dims) != set(vegetation.dims):
            raise DataError(
                f"{other.name or 'stratum or weights'} has dimensions {tuple(other.dims)}, "
                f"{tuple(vegetation.dims)} were expected. Broadcast it to the grid of the vegetation."
            )
    if not 0 <= percentile <= 100:
        raise DataError(f"percentile is {percentile}, 0 to 100 was expected.")

    value = vegetation.to_numpy().astype(float).ravel()
    group = stratum.transpose(*vegetation.dims).to_numpy().astype(float).ravel()
    if not np.array_equal(group, np.round(group), equal_nan=True):
        raise DataError(f"{stratum.name or 'stratum'} holds fractions; whole numbers were expected. Number the strata.")
    area = np.ones_like(value) if weights is None else weights.transpose(*vegetation.dims).to_numpy().ravel()
    known = np.isfinite(value) & (group >= 0) & (area > 0)

    names, place = np.unique(group[known], return_inverse=True)
    potential = _percentile_by_group(value[known], place, area[known], percentile / 100, names.size)
    cells = np.bincount(place, minlength=names.size)
    potential[(cells < min_cells) | (potential <= 0)] = np.nan

    gap = np.full(value.shape, np.nan)
    shown = np.isfinite(value) & np.isin(group, names)
    gap[shown] = np.maximum(0, 1 - value[shown] / potential[np.searchsorted(names, group[shown])])
    return (
        vegetation.copy(data=gap.reshape(vegetation.shape))
        .rename("potential_gap")
        .drop_attrs(deep=False)
        .assign_attrs(
            units="1",
            long_name="gap to the potential of its stratum, one epoch",
            comment="a potential gap, not degradation",
            percentile=percentile,
            min_cells=min_cells,
            weighted=int(weights is not None),
        )
    )


def _percentile_by_group(
    value: NDArray[Any], place: NDArray[np.intp], area: NDArray[Any], share: float, groups: int
) -> NDArray[np.float64]:
    """The lowest value of each group at or below which ``share`` of the group's area lies."""
    order = np.lexsort((value, place))
    value, place = value[order], place[order]
    first = np.searchsorted(place, np.arange(groups))
    last = np.searchsorted(place, np.arange(groups), side="right") - 1
    total = np.cumsum(area[order])
    before = np.concatenate([[0.0], total])[first]
    # Equal areas add up with rounding; the tolerance keeps 90 % of ten cells at nine.
    reached = total >= (before + share * (total[last] - before))[place] * (1 - 1e-12)
    reached[last] = True
    candidates = np.flatnonzero(reached)
    return value[candidates[np.searchsorted(candidates, first)]].astype(float)
