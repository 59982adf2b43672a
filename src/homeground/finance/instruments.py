# SPDX-License-Identifier: Apache-2.0
"""What an instrument of finance is worth to the one who takes it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from homeground.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
from homeground.finance.returns import fraction, row_of


def grant_element(service: ArrayLike, *, face: float, rate: float, per_year: int = 1) -> float:
    """Which part of a loan is a gift: face value less the present value of what is paid back, over face value.

    Parameters
    ----------
    service : array-like, one dimension
        Interest, fees and principal paid at the end of period 1, 2, ... after the loan is paid out.
    face : float
        Amount lent, paid out at once, in the money of `service`.
    rate : float
        Discount rate as a fraction a year: the IMF and World Bank use 0.05, the OECD differs by group of countries.
    per_year : int
        Periods in a year; the rate of a period is (1 + rate)^(1 / per_year) - 1.

    Returns
    -------
    float
        1 for a grant, 0 for a loan at the discount rate, below 0 for a dearer one.

    Raises
    ------
    DataError
        The face value is not above zero, a payment is negative or missing, or the rate looks like percent.

    Notes
    -----
    1 - PV(service) / face. World Bank, "Grant element calculations"; IMF (2003), External Debt Statistics, p. 250.

    Examples
    --------
    >>> round(grant_element([0.0, 0.0, 100.0], face=100.0, rate=0.05), 4)
    0.1362
    """
    values = row_of(service, "service")
    if not (math.isfinite(face) and face > 0):
        raise DataError(f"a face value above 0 was expected, found {face}.")
    if (values < 0).any():
        raise DataError(
            "payments of 0 or more were expected, found negative ones. Give debt service as positive numbers."
        )
    if per_year < 1:
        raise DataError(f"per_year of 1 or more was expected, found {per_year}.")
    growth = (1.0 + fraction(rate, "rate")) ** (1.0 / per_year)
    return float(1.0 - values @ growth ** -np.arange(1.0, values.size + 1) / face)
