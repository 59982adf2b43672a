# SPDX-License-Identifier: Apache-2.0
"""What a feature of an offer is worth: in money, or in points of return that people would do without for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from homeground.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from homeground.finance.choice.logit import Fit

    Floats = NDArray[np.float64]

DRAWS = 10_000
SURE = 1.959963984540054  # standard deviations of a two-sided interval of 95 %
DOUBT = 0.025  # share of draws with a price of the other sign beyond which a ratio has no bounded interval
# Why there is no worth: people preferred offers with a worse price; or its weight is not told from 0.
OTHER_SIGN, NOT_FROM_ZERO = "other_sign", "not_from_zero"
COLUMNS = ("term", "worth", "se", "low_delta", "high_delta", "low", "high", "reason")


def worth(fit: Fit, *, price: str, gain: bool, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """What each term is worth in units of the price, with intervals by the delta method and by draws.

    Parameters
    ----------
    fit : Fit
        Of a conditional or mixed logit; of a mixed one the means.
    price : str
        The term in which worth is told; its weight must be the same for all people.
    gain : bool
        True where more of the price is better for people (a return), False where it is worse (a fee).
    draws : int
        Of coefficients, for the interval of Krinsky and Robb.
    seed : int
        Of the draws.

    Returns
    -------
    DataFrame
        term, worth (of a fee: willingness to pay -b_k / b_price; of a return: points b_k / b_price that people do without
        for it, so the return they accept changes by its negative), se and low_delta to high_delta (delta method), low to
        high (Krinsky-Robb), reason where there is none (``other_sign``:
        people preferred offers with a worse price; ``not_from_zero``: its weight may be 0). Intervals are of 95 %.

    Raises
    ------
    DataError
        The price is none of the terms, or is random.

    Notes
    -----
    Delta: var = (V_kk - 2 r V_kp + r^2 V_pp) / b_p^2 with r = b_k / b_p. Krinsky and Robb 1986 (Review of Economics and
    Statistics 68:715-719): quantiles of the ratio over draws from the normal of the coefficients. Where more than 2.5 % of
    draws have a price of the other sign the interval is not bounded, and none is told.

    Examples
    --------
    >>> from homeground.finance.choice.logit import Fit
    >>> fit = Fit(("return", "visit"), np.array([0.5, 1.0]), np.diag([0.0025, 0.01]), np.eye(2), -1.0, -2.0, 9, 9)
    >>> row = worth(fit, price="return", gain=True).iloc[0]
    >>> float(row["worth"]), round(float(row["se"]), 4)
    (2.0, 0.2828)
    """
    names = list(fit.terms)
    if price not in names:
        raise DataError(f"the price {price!r} is none of the terms {names}.")
    if price in fit.random:
        raise DataError(
            f"the price {price!r} is random, so ratios to it have no mean. Let its weight be the same for all."
        )
    at = names.index(price)
    sign = 1.0 if gain else -1.0
    b, v = fit.coefficients, fit.covariance
    means = [i for i, name in enumerate(names) if i != at and not name.startswith("sd of ")]
    drawn = b + np.random.default_rng(seed).standard_normal((draws, len(b))) @ _root(v).T
    wrong = float((drawn[:, at] * sign <= 0).mean())
    reason = ""
    if b[at] * sign <= 0:
        reason = OTHER_SIGN
    elif wrong > DOUBT:
        reason = NOT_FROM_ZERO
    rows = []
    for i in means:
        ratio = b[i] / b[at]
        se = float(np.sqrt(max(v[i, i] - 2 * ratio * v[i, at] + ratio**2 * v[at, at], 0.0)) / abs(b[at]))
        value = sign * ratio
        low, high = np.quantile(sign * drawn[:, i] / drawn[:, at], [0.025, 0.975])
        told = [value, se, value - SURE * se, value + SURE * se, float(low), float(high)]
        if b[at] * sign <= 0:
            told = [np.nan] * 6
        elif reason:
            told = [value, *[np.nan] * 5]
        rows.append([names[i], *told, reason])
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _root(covariance: Floats) -> Floats:
    """A root of a covariance that may be singular by a hair."""
    sizes, vectors = np.linalg.eigh(covariance)
    found: Floats = vectors * np.sqrt(np.maximum(sizes, 0.0))
    return found
