# SPDX-License-Identifier: Apache-2.0
"""What a programme of farms is worth when every quantity, price and shadow price is drawn from its range, again and again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from homeground.finance.appraisal import RATES
from homeground.finance.farm._streams import VIEWS
from homeground.finance.farm._sums import Ranges, benefits_and_costs, check_ranges, draw_sums
from homeground.finance.farm.case import FarmCase
from homeground.finance.returns import fraction

DRAWS = 10_000
SHARES = (0.05, 0.5, 0.95)


def draw_farms(
    case: FarmCase,
    *,
    rates: Iterable[float] = RATES,
    ranges: Ranges | None = None,
    draws: int = DRAWS,
    seed: int = 1,
) -> pd.DataFrame:
    """The range of a programme's worth over draws, and in which share of them it is above zero.

    Parameters
    ----------
    case : FarmCase
        From `farm_case`.
    rates : iterable of float
        Discount rates as fractions a year.
    ranges : mapping of (low, mid, high), optional
        Of the programme as a whole: shadow_wage, shadow_exchange, carbon_contract, access (each in place of the case's),
        adoption and spending (factors of what is planned), delay (years that all benefits come late).
    draws, seed : int
        As in `draw_returns`: the same seed is the same table of draws there, in the plan and here.

    Returns
    -------
    DataFrame, one row a view and rate
        npv_p05, npv_p50, npv_p95, bcr_p05, bcr_p50, bcr_p95 (empty where costs are not above zero in every draw),
        share_above_zero: P(NPV > 0), which for flows of one change of sign is P(rate of return > rate); draws, currency,
        price_year.

    Raises
    ------
    DataError
        Fewer than 100 draws, unknown names or ranges out of order or bounds, all at once; a rate looks like percent.

    Notes
    -----
    Each number is triangular on low, mid, high, in equal strata (Latin hypercube). One item has one price in a draw,
    wherever it stands; a quantity is one draw wherever its activity stands, with the programme and without; one that is
    `drawn_as` another has that one's draw, such as a cost of the plan. All else is independent: were numbers to err
    together, the range would be wider. A share of draws under these ranges is no measured probability. A part of a year
    late lies on a straight line between whole years.

    Examples
    --------
    >>> from homeground.finance.farm.case import EXAMPLE, farm_case
    >>> from homeground.finance.farm.given import read_farm_tables
    >>> case = farm_case(**read_farm_tables(EXAMPLE), first_year=2025, horizon=5)
    >>> row = draw_farms(case, rates=[0.10], draws=1000, ranges={"delay": (0, 0, 2)}).iloc[0]
    >>> bool(row["npv_p05"] < row["npv_p50"] < row["npv_p95"]), bool(0 < row["share_above_zero"] < 1)
    (True, True)
    """
    chosen = [fraction(rate, "rate") for rate in rates]
    given = dict(ranges or {})
    check_ranges(given, draws)
    sums = draw_sums(case, chosen, given, draws, seed)
    rows = []
    for view in VIEWS:
        gain, cost = benefits_and_costs(case, view, sums, given, draws, seed)
        for j, rate in enumerate(chosen):
            net = gain[:, j] - cost[:, j]
            row: dict[str, Any] = {"view": view, "rate": rate}
            row |= {f"npv_p{round(100 * share):02d}": float(np.quantile(net, share)) for share in SHARES}
            ratio = gain[:, j] / cost[:, j] if (cost[:, j] > 0).all() else np.full(1, np.nan)
            row |= {f"bcr_p{round(100 * share):02d}": float(np.quantile(ratio, share)) for share in SHARES}
            rows.append(row | {"share_above_zero": float((net > 0).mean()), "draws": draws})
    return pd.DataFrame(rows).assign(currency=case.currency, price_year=case.price_year)
