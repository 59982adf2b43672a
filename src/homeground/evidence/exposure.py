# SPDX-License-Identifier: Apache-2.0
"""Who lives on which land: the one place where land and people are joined."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.errors import DataError


def people_by_aridity(
    people: pd.DataFrame, units: pd.DataFrame, classes: Collection[int], *, weights: Mapping[int, float]
) -> pd.DataFrame:
    """How many people live on land of some aridity classes, if people follow habitable land inside a region.

    Parameters
    ----------
    people : DataFrame, columns ``region_id, population, low, high``
        Persons in each region, with the interval of that figure.
    units : DataFrame, columns ``region_id, aridity_class, cover_class, area_km2``
        Land of each region by class (km2).
    classes : collection of int
        Aridity classes that count, such as 1, 2, 3 for drylands (index 0.05 to 0.65).
    weights : mapping of cover class to a number
        People for a km2 of the class, relative to the others; classes without a weight hold nobody.

    Returns
    -------
    DataFrame, one row for each row of ``people``, in its order
        ``region_id, exposed, low, high`` (persons). Missing where the region has no land in ``units``.

    Raises
    ------
    DataError
        A region is named twice, or no region has any land.

    Notes
    -----
    exposed = P * sum_k w_k A_k[class in classes] / sum_k w_k A_k. ``low`` and ``high`` are the least and most over two
    ways to place people (by habitability, by plain area) and over the interval of P: a sensitivity range, not a
    confidence interval. "Living in drylands" is not "affected".

    Examples
    --------
    >>> people = pd.DataFrame({"region_id": ["a"], "population": [100], "low": [90], "high": [110]})
    >>> land = {"region_id": "a", "aridity_class": [2, 4], "cover_class": [3, 2], "area_km2": [10.0, 30.0]}
    >>> people_by_aridity(people, pd.DataFrame(land), (1, 2, 3), weights={2: 0.3, 3: 1.0}).round(1).values.tolist()
    [['a', 52.6, 22.5, 57.9]]
    """
    if people["region_id"].duplicated().any():
        raise DataError("a region stands twice in the table of people. Keep one row for each region.")
    if not set(people["region_id"]) & set(units["region_id"]):
        raise DataError("no region of the table of people has land. Check that both use the same region_id.")
    inside = units["aridity_class"].isin(list(classes))
    habitable = units["area_km2"] * units["cover_class"].map(dict(weights)).fillna(0.0)
    shares = []
    for weight in (habitable, units["area_km2"]):
        total = weight.groupby(units["region_id"]).sum()
        part = weight.where(inside, 0.0).groupby(units["region_id"]).sum()
        shares.append(people["region_id"].map(part / total.where(total > 0)))
    by_habitability = shares[0].fillna(shares[1])  # a region without habitable land: people are somewhere all the same
    both = pd.concat([by_habitability, shares[1]], axis=1)
    return pd.DataFrame(
        {
            "region_id": people["region_id"],
            "exposed": people["population"] * by_habitability,
            "low": people["low"] * both.min(axis=1),
            "high": people["high"] * both.max(axis=1),
        }
    )


def total_exposed(regions: pd.DataFrame) -> tuple[float, float, float]:
    """People exposed in all regions together: as many as the regions say, and the least and most that their countries hold.

    Parameters
    ----------
    regions : DataFrame, columns ``iso3, population, population_low, population_high, exposed, exposed_low, exposed_high``
        Persons; a hidden count is NaN and counts as 0.

    Returns
    -------
    value, low, high : float
        Persons.

    Notes
    -----
    The people of a country are known better than those of its regions: where one region has more, another has fewer. So ends of
    regions are not added up. The most is reached when as many of the country's people as their intervals allow live where
    the most are exposed, the least when they live where the fewest are; each region keeps its interval and the country its sum.

    Examples
    --------
    >>> rows = {"iso3": "NER", "population": [60, 40], "population_low": [30, 20], "population_high": [90, 80]}
    >>> rows |= {"exposed": [60, 0], "exposed_low": [30, 0], "exposed_high": [90, 0]}
    >>> total_exposed(pd.DataFrame(rows))
    (60.0, 30.0, 80.0)
    """
    low = high = 0.0
    known = regions.fillna({name: 0.0 for name in regions.columns if name != "iso3"})
    for _, own in known.groupby("iso3"):
        least, most = own["population_low"].to_numpy(float), own["population_high"].to_numpy(float)
        spare = max(float(own["population"].sum()) - float(least.sum()), 0.0)
        shares = [
            np.divide(own[f"exposed_{end}"].to_numpy(float), people, out=np.zeros(len(own)), where=people > 0).clip(
                max=1
            )
            for end, people in (("low", least), ("high", most))
        ]
        low += _placed(shares[0], least, most, spare, first=np.argsort(shares[0], kind="stable"))
        high += _placed(shares[1], least, most, spare, first=np.argsort(-shares[1], kind="stable"))
    value = float(known["exposed"].sum())
    return value, min(low, value), max(high, value)


def dryland_columns(regions: pd.DataFrame) -> pd.DataFrame:
    """Columns of `total_exposed` from those of the results' tables of regions.

    Parameters
    ----------
    regions : DataFrame
        With iso3 and the columns ``people_population`` and ``evidence_people_dryland`` with their ends.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> names = [f"{of}{end}" for of in ("people_population", "evidence_people_dryland") for end in ("", "_low", "_high")]
    >>> list(dryland_columns(pd.DataFrame([["NER", 3, 2, 4, 1, 0, 2]], columns=["iso3", *names])).columns)[1:3]
    ['population', 'population_low']
    """
    names = {"people_population": "population", "evidence_people_dryland": "exposed"}
    of = {f"{column}{end}": f"{name}{end}" for column, name in names.items() for end in ("", "_low", "_high")}
    return regions[["iso3", *of]].rename(columns=of)


def _placed(
    share: NDArray[np.float64],
    least: NDArray[np.float64],
    most: NDArray[np.float64],
    spare: float,
    *,
    first: NDArray[np.int64],
) -> float:
    """People exposed where the spare ones fill the regions in an order."""
    people = least.copy()
    for k in first:
        more = min(max(most[k] - least[k], 0.0), spare)
        people[k], spare = people[k] + more, spare - more
    return float(share @ people)
