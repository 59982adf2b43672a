# SPDX-License-Identifier: Apache-2.0
"""What of a harvest reaches use: losses along a chain are chained, never added."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from homeground.errors import DataError


def reaching_use(losses: Iterable[float]) -> float:
    """Share of a harvest that is left after one stage after another has lost its share of what reached it.

    Parameters
    ----------
    losses : iterable of float, 0 to 1
        Of each stage, a share of what is left before it.

    Returns
    -------
    float, 0 to 1

    Raises
    ------
    DataError
        A loss is missing or no share from 0 to 1.

    Notes
    -----
    remaining = product of (1 - loss); the loss of the whole chain is 1 - remaining. Shares of different stages are never
    added: FAO, Food Loss Index (SDG 12.3.1.a); APHLIS.

    Examples
    --------
    >>> round(reaching_use([0.035, 0.02]), 4)  # millet in Burkina Faso at harvest, then at threshing: 5.43 % lost, not 5.5
    0.9457
    """
    left = 1.0
    for loss in losses:
        if not 0 <= loss <= 1:  # also false where it is missing
            raise DataError(f"a loss is a share from 0 to 1, found {loss}. Write 12.5 % as 0.125.")
        left *= 1 - loss
    return left


def food_loss_share(loss: ArrayLike, quantity: ArrayLike, price: ArrayLike) -> float:
    """Share of the worth of a basket of foods that is lost between harvest and retail.

    Parameters
    ----------
    loss : array, 0 to 1
        Of each food in the year asked for.
    quantity, price : array
        Of each food in the base year, in units that its worth is a product of.

    Returns
    -------
    float, 0 to 1

    Raises
    ------
    DataError
        Lengths differ, a value is missing or below 0, a loss above 1, or the basket is worth nothing.

    Notes
    -----
    FLP = sum(l q p) / sum(q p); FAO, Food Loss Index (SDG 12.3.1.a).

    Examples
    --------
    >>> round(food_loss_share([0.05, 0.2], [10.0, 10.0], [3.0, 1.0]), 4)  # (1.5 + 2) / 40
    0.0875
    """
    lost, much, dear = (np.asarray(values, float) for values in (loss, quantity, price))
    if not lost.shape == much.shape == dear.shape:
        raise DataError(
            f"one loss, quantity and price per food were expected, found {lost.shape}, {much.shape}, {dear.shape}."
        )
    if not ((lost >= 0) & (lost <= 1) & (much >= 0) & (dear >= 0)).all():
        raise DataError(
            "losses from 0 to 1, and quantities and prices of 0 or more were expected; one is missing or outside."
        )
    worth = much * dear
    if not worth.sum() > 0:
        raise DataError("the basket is worth nothing. Give quantities and prices above 0.")
    return float((lost * worth).sum() / worth.sum())
