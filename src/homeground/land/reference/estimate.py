# SPDX-License-Identifier: Apache-2.0
"""The area of each class of land, with its interval, from plots that were seen and the map that they were drawn by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING
from homeground.catalogue.grids.grid import Grid, grid_of
from homeground.errors import DataError, Problems

Z95 = 1.96  # as Olofsson et al. (2014) take it
NO_PLOTS, ONE_PLOT = "no_plots", "one_plot"  # why an area or its interval is not known


@dataclass(frozen=True)
class SampledAreas:
    """What plots say of a map: areas by class, the error matrix, and how often map and plots agree."""

    areas: pd.DataFrame
    matrix: pd.DataFrame
    overall: tuple[float, float, float]  # per cent of the land on which the map is right: estimate, low, high
    left_out: dict[str, int] = field(default_factory=dict)  # plots that say nothing of the map, by reason

    @property
    def reason(self) -> str:
        """Why areas (``no_plots``) or their intervals (``one_plot``) are not known; "" where they are."""
        return str(self.areas["reason"].iloc[0])


def area_from_sample(map_classes: xr.DataArray, sample: pd.DataFrame) -> SampledAreas:
    """How much land each class has by what was seen on plots, with its 95 % interval: the map corrected for its errors.

    Parameters
    ----------
    map_classes : DataArray, dims (latitude, longitude)
        Class of each cell, whole numbers; -128 or NaN where there is none. A regular grid in degrees, from north to south.
    sample : DataFrame
        longitude and latitude of each plot, degrees, and ``seen``: the class that was seen there, a code as of the map.
        Within each class of the map the plots must have been drawn at random.

    Returns
    -------
    SampledAreas
        As of `stratified_areas`; ``left_out`` counts plots ``outside`` the map and on cells with ``no_class``.

    Raises
    ------
    DataError
        All problems at once: columns that are missing, places that are not known or not on Earth, classes that are not
        whole numbers; no plot lies on land with a class. A grid that is not regular, as
        `homeground.catalogue.grids.grid.grid_of`.

    Notes
    -----
    The cells of a class of the map are a stratum. See `stratified_areas` for formulas and sources.

    Examples
    --------
    Four cells of like size, three of them mapped as degraded (-1); on one of four plots there it was stable (0).

    >>> cells = {"latitude": [0.1, 0.0], "longitude": [10.0, 10.1]}
    >>> mapped = xr.DataArray([[-1, -1], [-1, 0]], cells, ("latitude", "longitude"))
    >>> plots = pd.DataFrame({"longitude": [10.0, 10.1, 10.0, 10.01, 10.1, 10.11], "latitude": [0.1, 0.1, 0, 0, 0, 0]})
    >>> found = area_from_sample(mapped, plots.assign(seen=[-1, -1, -1, 0, 0, 0]))
    >>> table = found.areas.set_index("class").round(0)
    >>> table.loc[-1, ["mapped_km2", "estimated_km2", "users_accuracy", "producers_accuracy"]].tolist()
    [369.0, 277.0, 75.0, 100.0]
    """
    problems = Problems("sample")
    lost = [name for name in ("longitude", "latitude", "seen") if name not in sample]
    if lost:
        raise DataError(f"sample lacks the column(s) {', '.join(lost)}; it has {', '.join(map(str, sample.columns))}.")
    x, y, seen = (
        pd.to_numeric(sample[n], errors="coerce").to_numpy("float64") for n in ("longitude", "latitude", "seen")
    )
    unknown = ~(np.isfinite(x) & np.isfinite(y) & (np.abs(x) <= 180) & (np.abs(y) <= 90))
    problems.extend(_told(sample, unknown, "a longitude of -180 to 180 and a latitude of -90 to 90 were expected"))
    problems.extend(
        _told(sample, ~np.isfinite(seen) | (seen % 1 != 0) | (seen == MISSING), "seen: a class was expected")
    )
    problems.raise_if_any(DataError)
    grid = grid_of(map_classes)
    classes = np.asarray(map_classes.transpose("latitude", "longitude").values)
    known = np.where(np.isfinite(classes), classes, MISSING).astype("int64")
    rows, columns, inside = cells_of(grid, x, y)
    here = np.full(x.size, MISSING, "int64")
    here[inside] = known[rows[inside], columns[inside]]
    areas = np.broadcast_to(grid.row_areas[:, None], known.shape)
    codes = np.unique(known[known != MISSING])
    mapped = pd.Series({int(code): float(areas[known == code].sum()) for code in codes}, dtype="float64")
    judged = here != MISSING
    if not judged.any():
        raise DataError(
            f"none of {x.size} plot(s) lies on land with a class. Check whether longitude and latitude changed places."
        )
    found = stratified_areas(mapped, pd.DataFrame({"map_class": here[judged], "seen": seen[judged].astype("int64")}))
    counts = {"outside": int((~inside).sum()), "no_class": int((inside & ~judged).sum())}
    return SampledAreas(found.areas, found.matrix, found.overall, {why: n for why, n in counts.items() if n})


def stratified_areas(mapped_km2: pd.Series[float], plots: pd.DataFrame) -> SampledAreas:
    """How much land each class has by what was seen on plots, from the mapped areas alone, with 95 % intervals.

    Parameters
    ----------
    mapped_km2 : Series, km2
        Area of each class on the map, by class.
    plots : DataFrame
        One row a plot: ``map_class`` (of the map where it lies) and ``seen``. A class may be seen that is not mapped.

    Returns
    -------
    SampledAreas
        ``areas``, one row a class: class, mapped_km2, estimated_km2, standard_error_km2, estimated_km2_low, estimated_km2_high; users_accuracy
        (of the land mapped so, how much is so, %) and producers_accuracy (of the land that is so, how much is mapped so, %)
        with ``_low`` and ``_high``; plots (in the class of the map), seen_plots (seen as it), reason. ``matrix``, one row
        for each class mapped and seen: map_class, seen, plots, area_km2. Missing (NaN) is what cannot be known: all areas
        where a class that has land has no plots (``no_plots``), all their intervals where one has a single plot
        (``one_plot``), producer's accuracy of a class that was never seen.

    Raises
    ------
    DataError
        All problems at once: no land at all, areas that are no finite numbers of at least 0, a class twice; plots in a
        class without land.

    Notes
    -----
    W_i = A_i / A; p_ij = W_i n_ij / n_i; area of class j = A sum_i p_ij, with variance
    A^2 sum_i W_i^2 q_ij (1 - q_ij) / (n_i - 1), q_ij = n_ij / n_i; user's accuracy U_i = n_ii / n_i with variance
    U_i (1 - U_i) / (n_i - 1); producer's accuracy P_j = p_jj / sum_i p_ij, its variance by eq. 7. Intervals are estimate
    plus or minus 1.96 standard errors, cut at nothing and at all of the land; no correction for a finite number of cells.
    A standard error of 0 means that no plot of a class disagreed with the others, not that none would.

    Source: Olofsson et al. (2014), Remote Sensing of Environment 148, 42-57, doi 10.1016/j.rse.2014.02.015, eq. 1 to 11;
    Cochran (1977), Sampling Techniques, eq. 5.52 and 5.57.

    Examples
    --------
    Deforestation, gain, stable forest and other land of the worked example (Olofsson et al. 2014, table 8): 180 km2 are
    mapped as deforested, and 211.58 are by the plots, give or take 61.58.

    >>> seen = [[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]]
    >>> pairs = [(i, j) for i, row in enumerate(seen) for j, n in enumerate(row) for _ in range(n)]
    >>> mapped = pd.Series([180.0, 135.0, 2880.0, 5805.0])
    >>> found = stratified_areas(mapped, pd.DataFrame(pairs, columns=["map_class", "seen"])).areas
    >>> found.loc[0, ["mapped_km2", "estimated_km2", "estimated_km2_low", "estimated_km2_high"]].astype(float).round(2).tolist()
    [180.0, 211.58, 150.0, 273.15]
    """
    problems = Problems("mapped areas")
    km2 = mapped_km2.to_numpy("float64")
    if mapped_km2.index.has_duplicates:
        problems.add(f"classes stand twice: {', '.join(map(str, mapped_km2.index[mapped_km2.index.duplicated()]))}.")
    if not (np.isfinite(km2) & (km2 >= 0)).all() or not km2.sum() > 0:
        problems.add(
            f"areas of 0 or more, not all 0, were expected; found {', '.join(f'{v:g}' for v in km2) or 'none'}."
        )
    problems.raise_if_any(DataError)
    mapped = mapped_km2[mapped_km2 > 0]
    if without := sorted(set(plots["map_class"]) - set(mapped.index), key=str):
        raise DataError(f"plots lie in classes that have no land on the map: {', '.join(map(str, without))}.")
    classes = [*mapped_km2.index, *sorted(set(plots["seen"]) - set(mapped_km2.index))]
    counts = pd.DataFrame(0, mapped.index, classes)
    for pair, n in plots.value_counts(["map_class", "seen"]).items():
        counts.loc[pair] = n
    return _estimated(classes, mapped_km2.reindex(classes, fill_value=0.0), mapped, counts)


def _estimated(
    classes: list[Any], mapped_km2: pd.Series[float], strata: pd.Series[float], counts: pd.DataFrame
) -> SampledAreas:
    """Estimates from the counts of plots by stratum (rows) and class seen (columns)."""
    area: NDArray[np.float64] = np.asarray(strata, dtype="float64")
    n: NDArray[np.float64] = np.asarray(counts, dtype="float64")
    size = n.sum(axis=1)
    own = [classes.index(one) for one in strata.index]  # column of each stratum's own class
    with np.errstate(invalid="ignore", divide="ignore"):
        q = n / size[:, None]  # of each stratum, the share seen as each class
        spread = q * (1 - q) / np.where(size > 1, size - 1, np.nan)[:, None]  # variance of it
        total, error = area @ q, np.sqrt(area**2 @ spread)
        users, users_error = (np.full(len(classes), np.nan) for _ in range(2))
        users[own] = q[np.arange(len(own)), own]
        users_error[own] = np.sqrt(spread[np.arange(len(own)), own])
        producers, producers_error = _producers(area, q, spread, own, total)
        right = float(area @ users[own] / area.sum())
        right_error = float(np.sqrt(area**2 @ users_error[own] ** 2) / area.sum())
    reason = NO_PLOTS if not size.all() else ONE_PLOT if (size < 2).any() else ""
    frame = {"class": classes, "mapped_km2": mapped_km2.to_numpy("float64"), "estimated_km2": total}
    frame |= {"standard_error_km2": error} | _ends(
        total, error, float(area.sum()), ("estimated_km2_low", "estimated_km2_high")
    )
    for name, value, of in (("users", users, users_error), ("producers", producers, producers_error)):
        frame |= {f"{name}_accuracy": 100 * value} | _ends(
            100 * value, 100 * of, 100.0, (f"{name}_accuracy_low", f"{name}_accuracy_high")
        )
    taken = pd.Series(size, strata.index).reindex(classes, fill_value=0.0).to_numpy("int64")
    frame |= {"plots": taken, "seen_plots": n.sum(axis=0).astype("int64"), "reason": reason}
    row, column = (at.ravel() for at in np.indices(n.shape))
    matrix = {"map_class": strata.index.to_numpy()[row], "seen": np.array(classes)[column]}
    matrix |= {"plots": n.ravel().astype("int64"), "area_km2": (area[:, None] * q).ravel()}
    low, high = (float(one[0]) for one in _ends(np.array([100 * right]), np.array([100 * right_error]), 100.0).values())
    return SampledAreas(pd.DataFrame(frame), pd.DataFrame(matrix), (100 * right, low, high))


def _producers(
    area: NDArray[np.float64],
    q: NDArray[np.float64],
    spread: NDArray[np.float64],
    own: list[int],
    total: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Producer's accuracy of each class and its standard error, Olofsson et al. (2014), eq. 3 and 7; 0 of what is not mapped."""
    mine = np.zeros_like(q, dtype=bool)
    mine[np.arange(len(own)), own] = True
    weighed = area[:, None] ** 2 * spread
    share = np.where(mine, area[:, None] * q, 0.0).sum(axis=0) / np.where(total > 0, total, np.nan)
    of_own, of_others = (np.where(where, weighed, 0.0).sum(axis=0) for where in (mine, ~mine))
    error: NDArray[np.float64] = np.sqrt((1 - share) ** 2 * of_own + share**2 * of_others) / total
    return share, error


def _ends(
    value: NDArray[np.float64], error: NDArray[np.float64], most: float, names: tuple[str, str] = ("low", "high")
) -> dict[str, NDArray[np.float64]]:
    """Ends of the 95 % interval, cut at 0 and at the most there can be."""
    return {names[0]: np.maximum(value - Z95 * error, 0.0), names[1]: np.minimum(value + Z95 * error, most)}


def cells_of(
    grid: Grid, longitude: NDArray[np.float64], latitude: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Row and column of the cell in which each place lies, and whether it lies in the grid at all.

    Examples
    --------
    >>> rows, columns, inside = cells_of(Grid(10.0, 2.0, 0.5, 4, 2), np.array([10.6, 9.0]), np.array([0.1, 1.0]))
    >>> rows.tolist(), columns.tolist(), inside.tolist()
    ([3, 2], [1, -2], [True, False])
    """
    columns = np.floor((longitude - grid.west) / grid.step).astype("int64")
    rows = np.floor((grid.north - latitude) / grid.step).astype("int64")
    return rows, columns, (rows >= 0) & (rows < grid.rows) & (columns >= 0) & (columns < grid.columns)


def _told(sample: pd.DataFrame, wrong: NDArray[np.bool_], what: str) -> list[str]:
    rows = [str(row) for row in sample.index[wrong][:8]]
    return [f"{what}; rows {', '.join(rows)}{' and more' if wrong.sum() > len(rows) else ''}."] if rows else []
