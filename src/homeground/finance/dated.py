# SPDX-License-Identifier: Apache-2.0
"""What flows on given days are worth: present value and internal rates by date, as a spreadsheet's XNPV and XIRR."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from homeground.errors import DataError, Problems
from homeground.finance.internal_rates import InternalRates, rates_between
from homeground.finance.returns import fraction, rate_first, row_of

Floats = NDArray[np.float64]

DAYS = 365.0  # of a year, in leap years too: the convention of XNPV and XIRR


def xnpv(rate: float, flows: ArrayLike, dates: Iterable[Any]) -> float:
    """What flows on given days are worth on the day of the first one.

    Parameters
    ----------
    rate : float
        Discount rate as a fraction a year, above -1 and at most 1.
    flows : array-like, one dimension, two or more
        Benefits less costs, in one money.
    dates : iterable of date
        The day of each flow: dates, or text as 2008-01-31; none before the one that stands before it.

    Returns
    -------
    float
        In the money of the flows.

    Raises
    ------
    DataError
        Flows are missing, infinite or fewer than two; dates are missing, unreadable, out of order or not as many as
        flows; the rate looks like percent, or flows stand where it belongs. All faults of the dates are told at once.

    Notes
    -----
    sum of flow_i / (1 + rate)^((d_i - d_1) / 365): Microsoft, XNPV function. A year has 365 days there, leap years too.

    Examples
    --------
    The example of Microsoft's documentation:

    >>> days = ["2008-01-01", "2008-03-01", "2008-10-30", "2009-02-15", "2009-04-01"]
    >>> round(xnpv(0.09, [-10000, 2750, 4250, 3250, 2750], days), 2)
    2086.65
    """
    rate_first(rate, "xnpv(rate, flows, dates)")
    share = fraction(rate, "rate")
    values, times = _dated(flows, dates)
    return float(values @ (1.0 + share) ** -times)


def xirr(flows: ArrayLike, dates: Iterable[Any]) -> tuple[float, ...]:
    """Every yearly rate at which flows on given days are worth nothing: none, one or several.

    Parameters
    ----------
    flows : array-like, one dimension, two or more
        Benefits less costs.
    dates : iterable of date
        As in `xnpv`.

    Returns
    -------
    tuple of float
        Fractions a year above -1, lowest first; () where there is none (`dated_rates` says why).

    Raises
    ------
    DataError
        As in `xnpv`.

    Notes
    -----
    Roots of `xnpv` in the rate, all of them, as in `internal_rates`; a spreadsheet gives the one near its guess.

    Examples
    --------
    >>> days = ["2008-01-01", "2008-03-01", "2008-10-30", "2009-02-15", "2009-04-01"]
    >>> [round(rate, 7) for rate in xirr([-10000, 2750, 4250, 3250, 2750], days)]
    [0.3733625]
    """
    return dated_rates(flows, dates).roots


def dated_rates(flows: ArrayLike, dates: Iterable[Any]) -> InternalRates:
    """Every internal rate of flows on given days, and the reason where there is none.

    Parameters
    ----------
    flows : array-like, one dimension, two or more
    dates : iterable of date
        As in `xnpv`.

    Returns
    -------
    InternalRates

    Raises
    ------
    DataError
        As in `xnpv`.

    Examples
    --------
    >>> dated_rates([5.0, 1.0], ["2024-01-01", "2025-01-01"]).reason
    'no year has a net cost: no rate brings the flows to zero'
    """
    values, times = _dated(flows, dates)
    # Flows of one day are one flow: the search for roots needs times that rise.
    days, of = np.unique(times, return_inverse=True)
    sums = np.bincount(of, weights=values, minlength=days.size).astype(np.float64)
    return rates_between(sums, days)


def _dated(flows: ArrayLike, dates: Iterable[Any]) -> tuple[Floats, Floats]:
    """Flows and years of 365 days from the first; all that is wrong with the dates at once."""
    values, days = row_of(flows, "flows", least=2), list(dates)
    problems = Problems("dates")
    if len(days) != values.size:
        problems.add(f"one for each of {values.size} flows was expected, found {len(days)}.")
    read = [pd.to_datetime(str(day), errors="coerce", format="ISO8601") for day in days]
    for place, (day, found) in enumerate(zip(days, read, strict=True)):
        if found is pd.NaT:
            problems.add(f'number {place + 1} is "{day}", which is no day. Write it as 2008-01-31.')
    known = [(place, found.normalize()) for place, found in enumerate(read) if isinstance(found, pd.Timestamp)]
    for (_, before), (place, found) in pairwise(known):
        if found < before:
            problems.add(
                f"number {place + 1}, {found.date()}, is before {before.date()}, which stands before it. Sort by date."
            )
    problems.raise_if_any(DataError)
    first = known[0][1]
    return values, np.array([(found - first).days for _, found in known]) / DAYS
