# SPDX-License-Identifier: Apache-2.0
"""Who lives on which land: the one place where land and people are joined."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

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
