# SPDX-License-Identifier: Apache-2.0
"""What of a harvest reaches use: losses along a chain are chained, never added."""

from __future__ import annotations

from collections.abc import Iterable

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
