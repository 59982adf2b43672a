# SPDX-License-Identifier: Apache-2.0
"""Land degradation neutrality: gains against losses by land type, where to avoid, reduce or reverse, and what if not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING, WATER, class_names
from homeground.errors import DataError
from homeground.land.classes import classes_of, described
from homeground.land.cover.land_cover import UNCCD_CLASSES
from homeground.land.neutrality.degradation import STATUS_CLASSES, grid_areas
from homeground.numbers.units import same_grid

RESPONSE_CLASSES: dict[int, str] = class_names("response")

_LOSS, _GAIN = (1, 2), (6, 7)


def ldn_balance(
    status: xr.DataArray,
    land_type: xr.DataArray,
    areas: xr.DataArray | None = None,
    *,
    inside: xr.DataArray | None = None,
    names: dict[int, str] | None = None,
) -> pd.DataFrame:
    """Whether gains of land at least equal losses, in each type of land and so in all.

    Parameters
    ----------
    status : DataArray
        The seven classes of `status`; -128 missing.
    land_type : DataArray, on the same grid
        Type of each cell: land cover of the first year in the seven classes, or land types of the country (then give
        ``names``); -128 missing. Cover class 7 is water and no land.
    areas, inside : DataArray, optional
        As in `area_table`.
    names : dict, optional
        Code and name of each land type. Left out: the seven classes of cover, without water.

    Returns
    -------
    DataFrame
        One row per land type (and "No land type" where it is missing but status is not), then "All land": land_type,
        name, land_km2, no_data_km2, losses_km2, neutral_km2, gains_km2, balance_km2, balanced. Losses, neutral, gains
        and no data sum to the land. ``balanced`` of all land is true only if every land type is balanced;
        it is missing where a type has no land with a status.

    Raises
    ------
    DataError
        Grids differ, or a value is not a class.

    Notes
    -----
    Losses are classes 1 and 2, gains 6 and 7, neutral 3 to 5: like for like, a gain in grassland does not offset a
    loss of forest. Land degraded in the baseline and again counts as a loss, so the balance is not the change of the
    degraded area; publish both. Source: UNCCD Scientific Conceptual Framework for LDN (Orr et al. 2017), as in
    trends.earth-schemas ``CounterbalancingReport``.

    Examples
    --------
    >>> import xarray as xr
    >>> size = xr.DataArray([5.0, 3.0, 4.0], dims="x")
    >>> found = ldn_balance(xr.DataArray([6, 2, 2], dims="x"), xr.DataArray([1, 1, 2], dims="x"), size)
    >>> found.query("land_km2 > 0")[["name", "balance_km2", "balanced"]].values.tolist()
    [['Tree-covered', 2.0, True], ['Grassland', -4.0, False], ['All land', -2.0, False]]
    """
    same_grid(status, land_type)
    water = names is None
    names = names or {code: name for code, name in UNCCD_CLASSES.items() if code != WATER}
    size = grid_areas(status, areas, inside).ravel()
    state = classes_of(status.values.ravel(), tuple(STATUS_CLASSES), "status")
    kind = land_type.broadcast_like(status).transpose(*status.dims).values.ravel()
    kind = classes_of(kind, (*names, *((WATER,) if water else ())), "land_type", "Give its name in names.")
    rows = []
    for code, name in (*names.items(), (MISSING, "No land type")):
        here = np.where(kind == code, size, 0.0)
        sums = np.bincount(np.where(state == MISSING, 0, state), weights=here, minlength=8)
        losses, gains = float(sums[list(_LOSS)].sum()), float(sums[list(_GAIN)].sum())
        known = sums[1:].sum()
        if code == MISSING and here.sum() == 0:
            continue
        balanced = gains - losses >= 0 if known > 0 else None
        rows.append((code, name, here.sum(), sums[0], losses, sums[3:6].sum(), gains, gains - losses, balanced))
    table = pd.DataFrame(
        rows,
        columns=["land_type", "name", "land_km2", "no_data_km2", "losses_km2", "neutral_km2", "gains_km2",
                 "balance_km2", "balanced"],
    )  # fmt: skip
    known_types = [value for value in table["balanced"] if value is not None]
    total: dict[str, Any] = {"land_type": pd.NA, "name": "All land"}
    total |= {str(column): value for column, value in table.iloc[:, 2:8].sum().items()}
    total["balanced"] = all(known_types) if known_types else None
    table = table.astype({"land_type": "Int16", "balanced": "boolean"})
    return pd.concat(
        [table, pd.DataFrame([total]).astype({"land_type": "Int16", "balanced": "boolean"})], ignore_index=True
    )


def response_map(degraded: xr.DataArray, productivity: xr.DataArray, risk: xr.DataArray | None = None) -> xr.DataArray:
    """What the land asks for first: avoid degradation, reduce it where it is near, or reverse it.

    Parameters
    ----------
    degraded : DataArray
        Simple status or `degradation`: -1, 0, 1; -128 missing (so is water).
    productivity : DataArray
        Five classes of `land_productivity`; 3 is stable but stressed. -128 missing.
    risk : DataArray of bool, optional
        Land that is known to be at risk (fire, planned use, slope).

    Returns
    -------
    DataArray, int8
        3 reverse (degraded), 2 reduce (not degraded, but stressed or at risk), 1 avoid (the rest); -128 missing.

    Raises
    ------
    DataError
        Grids differ, or a value is not a class.

    Notes
    -----
    Only reversing makes gains; avoiding and reducing cut losses. Source: response hierarchy of Orr et al. (2017), in
    the rule of trends.earth-algorithms ``ldn_planning.py``.

    Examples
    --------
    >>> import xarray as xr
    >>> response_map(xr.DataArray([-1, 0, 0, -128]), xr.DataArray([1, 3, 4, 4])).values.tolist()
    [3, 2, 1, -128]
    """
    risk = xr.zeros_like(degraded, dtype=bool) if risk is None else risk
    same_grid(degraded, productivity, risk)

    def judge(sign: NDArray[Any], five: NDArray[Any], at_risk: NDArray[Any]) -> NDArray[np.int8]:
        known = classes_of(sign, (-1, 0, 1), "degraded")
        stressed = classes_of(five, (1, 2, 3, 4, 5), "productivity") == 3
        answer = np.where(known == -1, 3, np.where(stressed | at_risk.astype(bool), 2, 1))
        return np.where(known == MISSING, MISSING, answer).astype(np.int8)

    result: xr.DataArray = xr.apply_ufunc(
        judge, degraded, productivity, risk, join="exact", dask="parallelized", output_dtypes=[np.int8]
    )
    return described(result, "response", "avoid, reduce or reverse", RESPONSE_CLASSES)


def business_as_usual(
    degraded_baseline: float, degraded_now: float, *, baseline_year: int, year: int, target_year: int = 2030
) -> dict[str, float]:
    """How far from neutrality the land would be if the pace between two assessments went on.

    Parameters
    ----------
    degraded_baseline, degraded_now : float, km2
        Degraded land by status in the two years, on the same land.
    baseline_year, year : int
        The years in which the two states held: the ends of the periods, such as 2015 and 2023.
    target_year : int
        Year of the target.

    Returns
    -------
    dict
        ``annual_km2`` (km2 a year), ``projected_km2``, ``target_km2`` (the baseline: no net loss) and
        ``shortfall_km2`` (0 if met).

    Raises
    ------
    DataError
        Years that do not follow each other, or negative areas.

    Notes
    -----
    annual = (now - baseline) / (year - baseline_year). The gap is that between the two states; Trends.Earth divides
    by the length of the baseline period (15 for 2000 to 2015), which halves the pace of 2015 to 2023. A straight line
    through two points is no forecast: no interval can be drawn from it.

    Examples
    --------
    >>> business_as_usual(100.0, 180.0, baseline_year=2015, year=2023)
    {'annual_km2': 10.0, 'projected_km2': 250.0, 'target_km2': 100.0, 'shortfall_km2': 150.0}
    """
    if not baseline_year < year <= target_year:
        raise DataError(f"years {baseline_year}, {year}, {target_year}: each must lie after the one before.")
    if not (degraded_baseline >= 0 and degraded_now >= 0):
        raise DataError(f"degraded areas {degraded_baseline:g} and {degraded_now:g} km2; numbers from 0 were expected.")
    annual = (degraded_now - degraded_baseline) / (year - baseline_year)
    projected = max(degraded_now + annual * (target_year - year), 0.0)
    return {
        "annual_km2": annual,
        "projected_km2": projected,
        "target_km2": degraded_baseline,
        "shortfall_km2": max(projected - degraded_baseline, 0.0),
    }
