# SPDX-License-Identifier: Apache-2.0
"""How many plots are needed for a wanted precision, and how many of them go to each class of the map."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from homeground.errors import DataError
from homeground.land.reference.estimate import Z95

LEAST = 50  # plots of a rare class: Olofsson et al. (2014) advise 50 to 100
ACCURACY = 0.8  # of the map, before anybody has looked (expert default, unverified)
MOST = 100_000  # plots that anybody could look at


def plots_needed(shares: pd.Series[float], accuracy: pd.Series[float] | float, *, standard_error: float) -> int:
    """How many plots make the standard error of the map's overall accuracy as small as is wanted.

    Parameters
    ----------
    shares : Series
        Share of the land of each class of the map; together 1.
    accuracy : Series or float
        User's accuracy that is expected of each class, 0 to 1.
    standard_error : float
        That is wanted, as a fraction of the land. Half of a 95 % interval is 1.96 of them.

    Returns
    -------
    int

    Raises
    ------
    DataError
        Shares that do not add up to 1, accuracies that are not within 0 and 1, a standard error that is not above 0 and
        below 0.5.

    Notes
    -----
    n = (sum_i W_i S_i / S)^2 with S_i = sqrt(U_i (1 - U_i)), rounded up; the cells are taken to be many. Source: Cochran
    (1977), Sampling Techniques, eq. 5.25; Olofsson et al. (2014), doi 10.1016/j.rse.2014.02.015, eq. 13.

    Examples
    --------
    The worked example of Olofsson et al. (2014), section 5.1.1:

    >>> shares, accuracy = pd.Series([0.02, 0.015, 0.32, 0.645]), pd.Series([0.7, 0.6, 0.9, 0.95])
    >>> plots_needed(shares, accuracy, standard_error=0.01)
    641
    """
    weight = shares.to_numpy("float64")
    right = np.broadcast_to(np.asarray(accuracy, "float64"), weight.shape)
    if not (np.isfinite(weight).all() and (weight >= 0).all() and math.isclose(weight.sum(), 1.0, rel_tol=1e-6)):
        raise DataError(f"shares of 0 or more that add up to 1 were expected; they add up to {weight.sum():g}.")
    if not ((right >= 0) & (right <= 1)).all():
        raise DataError("an expected accuracy of 0 to 1 was expected.")
    if not 0 < standard_error < 0.5:
        raise DataError(f"a standard error above 0 and below 0.5 was expected; it is {standard_error:g}.")
    # A billionth less, so that a whole number of plots is not rounded up for the dust of its root.
    return max(math.ceil((float(weight @ np.sqrt(right * (1 - right))) / standard_error) ** 2 - 1e-9), 1)


def allocated(shares: pd.Series[float], plots: int, *, least: int = LEAST) -> pd.Series[int]:
    """How many plots each class of the map gets: by its share of the land, and rare classes no fewer than the least.

    Parameters
    ----------
    shares : Series
        Share of the land of each class; together 1.
    plots : int
        That are needed in all; what rare classes get beyond their share comes on top, so that nothing gets less precise.
    least : int, optional
        Plots of a class that has any land; at least 2, without which no interval is known.

    Returns
    -------
    Series of int, index as of ``shares``
        0 of a class without land.

    Raises
    ------
    DataError
        ``least`` is below 2.

    Notes
    -----
    n_i = max(W_i n rounded up, least). Source: Olofsson et al. (2014), section 5.1.2, advise 50 to 100 plots of each rare
    class and the rest by area; there the rest is what is left of n, here all of it.

    Examples
    --------
    >>> allocated(pd.Series({"degraded": 0.05, "stable": 0.95}), 400).to_dict()
    {'degraded': 50, 'stable': 380}
    """
    if least < 2:
        raise DataError(f"at least 2 plots of each class were expected; they are {least}.")
    by_area = np.ceil(shares.to_numpy("float64") * plots - 1e-9).astype("int64")
    found: pd.Series[int] = pd.Series(
        np.where(shares.to_numpy() > 0, np.maximum(by_area, least), 0), shares.index, dtype="int64"
    )
    return found


def standard_error_for(precision: float) -> float:
    """The standard error behind half of a 95 % interval.

    Examples
    --------
    >>> round(standard_error_for(0.05), 5)
    0.02551
    """
    return precision / Z95
