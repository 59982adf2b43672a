# SPDX-License-Identifier: Apache-2.0
"""What the best cells of each kind of place yield: exact percentiles by stratum, at once or over many tiles."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

BINS_PER_UNIT = 1024  # of the coarse histogram; only where to look closer depends on it, never the result

Floats = NDArray[np.float64]


def potentials(
    value: Floats,
    group: Floats,
    area: Floats,
    share: float,
    min_cells: int,
) -> tuple[Floats, Floats]:
    """Strata and the potential of each, all cells at once.

    Parameters
    ----------
    value, group, area : arrays of one length
        Value, stratum (negative is missing) and area of each cell.
    share : float, 0 to 1
        Share of the stratum's area that lies at or below the potential.
    min_cells : int
        A stratum with fewer cells has none.

    Returns
    -------
    names, potential : arrays
        Strata in rising order; NaN where cells are too few or the potential is not above 0.

    Examples
    --------
    >>> names, best = potentials(np.arange(1.0, 11), np.zeros(10), np.ones(10), 0.9, 1)
    >>> names.tolist(), best.tolist()
    ([0.0], [9.0])
    """
    known = np.isfinite(value) & (group >= 0) & (area > 0)
    names, place = np.unique(group[known], return_inverse=True)
    potential = _percentile_by_group(value[known], place, area[known], share, names.size)
    cells = np.bincount(place, minlength=names.size)
    potential[(cells < min_cells) | (potential <= 0)] = np.nan
    return names, potential


def _percentile_by_group(value: Floats, place: NDArray[np.intp], area: Floats, share: float, groups: int) -> Floats:
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


def coarse_histogram(value: Floats, group: Floats, area: Floats) -> pd.DataFrame:
    """First look at one tile: area and cells by stratum and coarse bin of the value; cells up to 0 are left out.

    Parameters
    ----------
    value, group, area : arrays of one length
        Value (NaN missing), stratum (negative is missing) and area of each cell, the area in any one unit.

    Returns
    -------
    DataFrame
        group, bin (of 1/1024), area, cells. Those of several tiles are concatenated for `bins_to_search`.

    Examples
    --------
    >>> coarse_histogram(np.array([0.5, 0.5, -1.0]), np.zeros(3), np.ones(3))[["area", "cells"]].values.tolist()
    [[2.0, 2.0]]
    """
    known = np.isfinite(value) & (value > 0) & (group >= 0) & (area > 0)
    # One whole number in place of two keys: grouping by two takes twice as long.
    place, names = pd.factorize(group[known], sort=True)
    bins = _bin_of(value[known])
    width = int(bins.max(initial=0)) + 1
    sums = pd.DataFrame({"key": place * width + bins, "area": area[known], "cells": 1}).groupby("key").sum()
    keys = sums.index.to_numpy("int64")
    found = {"group": np.asarray(names, "float64")[keys // width], "bin": keys % width}
    return pd.DataFrame(found | {name: sums[name].to_numpy() for name in ("area", "cells")})


def _bin_of(value: Floats) -> NDArray[np.int64]:
    """Coarse bin of each value."""
    bins: NDArray[np.int64] = np.floor(value.astype("float64") * BINS_PER_UNIT).astype(np.int64)
    return bins


def bins_to_search(histogram: pd.DataFrame, share: float) -> pd.DataFrame:
    """In which coarse bin of each stratum the percentile lies, and what lies below it.

    Parameters
    ----------
    histogram : DataFrame
        Of `coarse_histogram`, all tiles in one.
    share : float, 0 to 1
        Share of the stratum's area that lies at or below the potential.

    Returns
    -------
    DataFrame indexed by group
        bin, below (area in lower bins), target (area at which the percentile is reached), cells.

    Examples
    --------
    >>> histogram = pd.DataFrame({"group": 0.0, "bin": [3, 5], "area": [6.0, 4.0], "cells": [6, 4]})
    >>> bins_to_search(histogram, 0.9).values.tolist()  # 9 of 10: more than the 6 of bin 3
    [[5.0, 6.0, 9.0, 10.0]]
    """
    sums = histogram.groupby(["group", "bin"], as_index=False)[["area", "cells"]].sum()
    by = sums.groupby("group")
    sums["upto"] = by["area"].cumsum()
    sums["target"] = sums["group"].map(by["area"].sum()) * share
    reached = sums[sums["upto"] >= sums["target"] * (1 - 1e-12)].groupby("group").first()
    reached["below"] = reached["upto"] - reached["area"]
    reached["cells"] = by["cells"].sum()
    return reached[["bin", "below", "target", "cells"]]


def values_in_bins(value: Floats, group: Floats, area: Floats, search: pd.DataFrame) -> pd.DataFrame:
    """Second look at one tile: values and areas of the cells in the bins of `bins_to_search`.

    Parameters
    ----------
    value, group, area : arrays of one length
        As in `coarse_histogram`.
    search : DataFrame indexed by group
        Of `bins_to_search`.

    Returns
    -------
    DataFrame
        group, value, area: one row for each value that occurs, rising within its group.

    Examples
    --------
    >>> search = pd.DataFrame({"bin": [512]}, index=[0.0])  # 0.5 x 1024
    >>> values_in_bins(np.array([0.2, 0.5, 0.5]), np.zeros(3), np.ones(3), search).values.tolist()
    [[0.0, 0.5, 2.0]]
    """
    known = np.isfinite(value) & (value > 0) & (group >= 0) & (area > 0)
    value, group, area = value[known], group[known], area[known]
    names = search.index.to_numpy()
    place = np.searchsorted(names, group).clip(max=max(names.size - 1, 0))
    here = np.zeros(value.size, bool)
    if names.size:
        here = (names[place] == group) & (search["bin"].to_numpy()[place] == _bin_of(value))
    frame = pd.DataFrame({"group": group[here], "value": value[here], "area": area[here]})
    return frame.groupby(["group", "value"], as_index=False).sum()


def exact_potentials(search: pd.DataFrame, found: Iterable[pd.DataFrame], min_cells: int) -> tuple[Floats, Floats]:
    """As `potentials`, from the two looks at all tiles.

    Parameters
    ----------
    search : DataFrame indexed by group
        Of `bins_to_search`.
    found : iterable of DataFrame
        Of `values_in_bins`, one for each tile.
    min_cells : int
        A stratum with fewer cells has no potential.

    Returns
    -------
    names, potential : arrays
        Strata in rising order; NaN where cells are too few.

    Examples
    --------
    >>> value, group, area = np.arange(1.0, 11) / 20, np.zeros(10), np.ones(10)
    >>> search = bins_to_search(coarse_histogram(value, group, area), 0.9)
    >>> exact_potentials(search, [values_in_bins(value, group, area, search)], 1)[1].tolist()
    [0.45]
    """
    if search.empty:
        return np.empty(0), np.empty(0)
    cells = pd.concat(list(found), ignore_index=True)
    sums = cells.groupby(["group", "value"], as_index=False)["area"].sum()
    upto = sums["group"].map(search["below"]) + sums.groupby("group")["area"].cumsum()
    reached = sums[upto >= sums["group"].map(search["target"]) * (1 - 1e-12)]
    best = reached.groupby("group")["value"].first().reindex(search.index)
    best = best.fillna(sums.groupby("group")["value"].max())  # rounding alone kept the last cell out
    potential = best.to_numpy(dtype="float64", copy=True)
    potential[(search["cells"].to_numpy() < min_cells) | ~(potential > 0)] = np.nan
    return search.index.to_numpy(dtype="float64"), potential


def ratio_to_potential(value: Floats, group: Floats, names: Floats, potential: Floats) -> Floats:
    """Each value over the potential of its stratum; NaN where the value is missing or the stratum has none.

    Parameters
    ----------
    value, group : arrays of one shape
        Value (NaN missing) and stratum of each cell.
    names, potential : arrays of one length
        Strata in rising order and the potential of each, in the unit of the value: of `potentials`.

    Returns
    -------
    array of float64, shape of ``value``, dimensionless
        1 at the potential; below it less.

    Examples
    --------
    >>> cells = np.array([0.2, 0.6]), np.array([1.0, 2.0])
    >>> ratio_to_potential(*cells, np.array([1.0]), np.array([0.8])).tolist()  # nothing is known of stratum 2
    [0.25, nan]
    """
    ratio = np.full(value.shape, np.nan)
    if names.size:
        place = np.searchsorted(names, group).clip(max=names.size - 1)
        shown = np.isfinite(value) & (names[place] == group)
        ratio[shown] = value[shown] / potential[place[shown]]
    return ratio
