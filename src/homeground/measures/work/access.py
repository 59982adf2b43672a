# SPDX-License-Identifier: Apache-2.0
"""Land that nobody can safely reach drops out of a plan, and what is lost is told."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from homeground.errors import DataError
from homeground.measures.work.ranges import ENDS

# Mirzabaev et al. 2022, Nature Sustainability 5:17-25, doi 10.1038/s41893-021-00801-8: land of the Great Green Wall that
# could be restored, ha, before and after that of areas in conflict is left out.
PUBLISHED_BEFORE, PUBLISHED_AFTER = 27.9e6, 14.1e6


class Reach(NamedTuple):
    """Units as far as they can be reached, and what is lost.

    ``hectares`` are those of the land before; ``reached`` is a range for a chance of access from low to high.
    """

    units: pd.DataFrame
    hectares: float
    reached: tuple[float, float, float]
    unknown: tuple[str, ...]


def accessible(units: pd.DataFrame, access: pd.DataFrame | ArrayLike | None) -> Reach:
    """Units with the land that can be reached: a mask of 0 and 1, or a chance of access on hectares.

    Parameters
    ----------
    units : DataFrame
        region_id, area_km2 and any other columns.
    access : DataFrame, array-like or None
        region_id (once each), low, mid, high from 0 (nobody can work there) to 1; or for each unit a mask (True: it can be
        reached) or a chance from 0 to 1. None: access is not known, nothing is left out.

    Returns
    -------
    Reach
        units with area_km2 x mid, without those that cannot be reached at all; hectares before; reached hectares (low,
        mid, high); unknown: regions without a figure, whose land stays, which has to be told.

    Raises
    ------
    DataError
        A column is missing, a region stands twice, access is not 0 <= low <= mid <= high <= 1.

    Notes
    -----
    reached = sum of area x access. A chance on hectares is an expectation: of land with 0.5, half is planned on.

    Examples
    --------
    >>> units = pd.DataFrame({"region_id": ["a", "b", "c"], "area_km2": [10.0, 20.0, 5.0]})
    >>> access = pd.DataFrame({"region_id": ["a", "b"], "low": [0.0, 0.0], "mid": [0.5, 0.0], "high": [1.0, 0.0]})
    >>> reach = accessible(units, access)
    >>> reach.units["area_km2"].tolist(), reach.hectares, reach.reached, reach.unknown
    ([5.0, 5.0], 3500.0, (500.0, 1000.0, 1500.0), ('c',))
    >>> accessible(units, [True, False, True]).units["region_id"].tolist()
    ['a', 'c']
    """
    missing = [name for name in ("region_id", "area_km2") if name not in units.columns]
    if missing:
        raise DataError(f"the units lack {', '.join(missing)}.")
    whole = float(units["area_km2"].sum()) * 100
    if access is None:
        return Reach(units, whole, (whole, whole, whole), tuple(sorted(set(units["region_id"]))))
    if not isinstance(access, pd.DataFrame):
        return _by_unit(units, np.asarray(access, dtype=float), whole)
    if missing := [name for name in ("region_id", *ENDS) if name not in access.columns]:
        raise DataError(f"the table of access lacks {', '.join(missing)}.")
    if access["region_id"].duplicated().any():
        twice = access.loc[access["region_id"].duplicated(), "region_id"].iloc[0]
        raise DataError(f"region {twice} stands twice in the table of access. Give each region once.")
    wrong = ~((access["low"] >= 0) & (access["low"] <= access["mid"]) & (access["mid"] <= access["high"]))
    if (wrong := wrong | ~(access["high"] <= 1)).any():
        row = access[wrong].iloc[0]
        raise DataError(
            f"access to {row['region_id']}: 0 <= low <= mid <= high <= 1 was expected, found {row['low']}, {row['mid']}, "
            f"{row['high']}."
        )
    chance = access.set_index("region_id")[list(ENDS)].reindex(units["region_id"])
    unknown = tuple(sorted(set(units["region_id"]) - set(access["region_id"])))
    filled = chance.fillna(1.0).to_numpy(float)
    low, mid, high = (float(np.sum(units["area_km2"].to_numpy(float) * filled[:, n])) * 100 for n in range(3))
    reached = units.assign(area_km2=units["area_km2"].to_numpy(float) * filled[:, 1])
    return Reach(reached[filled[:, 1] > 0].reset_index(drop=True), whole, (low, mid, high), unknown)


def _by_unit(units: pd.DataFrame, chance: NDArray[np.float64], whole: float) -> Reach:
    if chance.shape != (len(units),):
        raise DataError(f"a mask or chance for each of {len(units)} units was expected, found shape {chance.shape}.")
    if not ((chance >= 0) & (chance <= 1)).all():
        raise DataError("a mask, or chances of access from 0 to 1, was expected; found other or missing values.")
    area = units["area_km2"].to_numpy(float) * chance
    reached = float(area.sum()) * 100
    return Reach(units.assign(area_km2=area)[chance > 0].reset_index(drop=True), whole, (reached,) * 3, ())
