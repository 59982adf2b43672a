# SPDX-License-Identifier: Apache-2.0
"""What lenders and givers ask of a structure: cover of debt service, cover over the loan's life, leverage, return."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.errors import DataError
from homeground.finance.internal_rates import irr
from homeground.finance.returns import fraction
from homeground.finance.waterfall.paying import Waterfall
from homeground.finance.waterfall.tranches import Tranche

DEBT = ("senior", "mezzanine", "concessional")


def debt_cover(paid: Waterfall, *, kinds: Sequence[str] = ("senior",)) -> pd.DataFrame:
    """Debt service cover by period: cash after fees over interest and principal that were due.

    Parameters
    ----------
    paid : Waterfall
    kinds : sequence of str
        Whose debt service counts: senior alone, or all debt.

    Returns
    -------
    DataFrame
        period, available, due, dscr (NaN where nothing is due).

    Notes
    -----
    DSCR_t = CFADS_t / (interest_t + principal_t), CFADS being cash less fees, without the reserve. Lenders ask for 1.2 to
    1.3 at the least (expert default, unverified).

    Examples
    --------
    >>> from homeground.finance.waterfall.paying import waterfall
    >>> paid = waterfall([90.0], [Tranche("bank", "senior", 50.0, rate=0.2, periods=1)])
    >>> debt_cover(paid)["dscr"].tolist()
    [1.5]
    """
    rows = paid.payments[paid.payments["kind"].isin(list(kinds))]
    due = (rows["due_interest"] + rows["due_principal"]).groupby(rows["period"]).sum()
    out = pd.DataFrame({"period": paid.periods["period"], "available": paid.periods["cash"] - paid.periods["fees"]})
    out["due"] = out["period"].map(due).fillna(0.0)
    out["dscr"] = (out["available"] / out["due"]).where(out["due"] > 0)
    return out


def loan_life_cover(paid: Waterfall) -> float:
    """Present value of the cash over the life of the senior loan, at its own rate, over the loan.

    Parameters
    ----------
    paid : Waterfall

    Returns
    -------
    float
        LLCR at the start; NaN without senior debt.

    Notes
    -----
    LLCR = sum over t of CFADS_t / (1 + rate)^t / debt, t from 1 to the loan's last period.

    Examples
    --------
    >>> from homeground.finance.waterfall.paying import waterfall
    >>> paid = waterfall([60.5, 60.5], [Tranche("bank", "senior", 50.0, rate=0.1, periods=2)])
    >>> round(loan_life_cover(paid), 6)
    2.1
    """
    senior = [one for one in paid.tranches if one.kind == "senior" and one.amount > 0]
    if not senior:
        return math.nan
    loan = senior[0]
    cash: NDArray[np.float64] = (paid.periods["cash"] - paid.periods["fees"]).to_numpy(dtype=float)[: loan.periods]
    return float(cash @ (1 + loan.rate) ** -np.arange(1.0, cash.size + 1) / loan.amount)


def leverage(tranches: Sequence[Tranche], *, grants: float = 0.0) -> dict[str, float]:
    """How much private money stands beside public money: both definitions, with households' own money apart.

    Parameters
    ----------
    tranches : sequence of Tranche
        `public` and `household` say whose money it is.
    grants : float
        Public grants beside the layers.

    Returns
    -------
    dict of str to float
        private_per_public (all that is not public), household_per_public (migrants' own money only), total_per_public;
        NaN where there is no public money.

    Raises
    ------
    DataError
        Grants below 0.

    Notes
    -----
    "Leverage" is used for both private / public and total / public, which differ by one; what a donor may count as mobilised
    by its own money is a third thing (OECD attribution) that no ratio shows. Households' own money is private and never
    mobilised public finance.

    Examples
    --------
    >>> leverage([Tranche("state", "concessional", 40.0, public=True), Tranche("migrants", "equity", 60.0, household=True)])
    {'private_per_public': 1.5, 'household_per_public': 1.5, 'total_per_public': 2.5}
    """
    if not grants >= 0:
        raise DataError(f"grants of 0 or more were expected, found {grants}.")
    public = grants + sum(one.amount for one in tranches if one.public)
    private = sum(one.amount for one in tranches if not one.public)
    own = sum(one.amount for one in tranches if one.household and not one.public)
    if public == 0:
        return dict.fromkeys(("private_per_public", "household_per_public", "total_per_public"), math.nan)
    return {
        "private_per_public": private / public,
        "household_per_public": own / public,
        "total_per_public": (private + public) / public,
    }


def tranche_flows(paid: Waterfall, name: str) -> list[float]:
    """Flows of one layer: what it put in, then what it was paid.

    Parameters
    ----------
    paid : Waterfall
    name : str

    Returns
    -------
    list of float

    Raises
    ------
    DataError
        No such layer.

    Examples
    --------
    >>> from homeground.finance.waterfall.paying import waterfall
    >>> tranche_flows(waterfall([90.0], [Tranche("owners", "equity", 50.0)]), "owners")
    [-50.0, 90.0]
    """
    known = {one.name: one for one in paid.tranches}
    if name not in known:
        raise DataError(f"{name} is no tranche. Tranches: {', '.join(known)}.")
    rows = paid.payments[paid.payments["name"] == name]
    return [-known[name].amount, *(rows["interest"] + rows["principal"] + rows["distribution"]).tolist()]


def tranche_irr(paid: Waterfall, name: str) -> tuple[float, ...]:
    """Return of one layer a period, from what it was really paid, in the money of the cash.

    Parameters
    ----------
    paid : Waterfall
    name : str

    Returns
    -------
    tuple of float
        Every root above -1, lowest first; () where the layer got nothing back.

    Raises
    ------
    DataError
        No such layer.

    Examples
    --------
    >>> from homeground.finance.waterfall.paying import waterfall
    >>> paid = waterfall([60.0], [Tranche("owners", "equity", 50.0)])
    >>> [round(rate, 6) for rate in tranche_irr(paid, "owners")]
    [0.2]
    """
    found = irr(tranche_flows(paid, name))
    return tuple(getattr(found, "roots", found))


def in_other_money(flows: Sequence[float], exchange: Sequence[float]) -> list[float]:
    """Flows of an investor abroad in the investor's own money.

    Parameters
    ----------
    flows : sequence of float
        In the money of the project, at the start and at the end of each period.
    exchange : sequence of float
        Units of the project's money for one of the investor's, at the same times; above 0.

    Returns
    -------
    list of float

    Raises
    ------
    DataError
        Lengths differ, or a rate of exchange is not above 0.

    Examples
    --------
    >>> in_other_money([-100.0, 110.0], [10.0, 11.0])
    [-10.0, 10.0]
    """
    if len(flows) != len(exchange):
        raise DataError(f"{len(flows)} flows and {len(exchange)} rates of exchange. Give one for each flow.")
    if any(not x > 0 for x in exchange):
        raise DataError(f"rates of exchange above 0 were expected, found {list(exchange)}.")
    return [flow / rate for flow, rate in zip(flows, exchange, strict=True)]


def extra_hectares(proceeds: Sequence[float], rate: float, unit_cost: float) -> float:
    """Hectares that net proceeds of a structure pay for: present value over the cost of a hectare.

    Parameters
    ----------
    proceeds : sequence of float
        Net proceeds for land in year 0, 1, 2, ...
    rate : float
        Discount rate as a fraction a year.
    unit_cost : float
        Money a hectare, in the money of the proceeds.

    Returns
    -------
    float
        Hectares; 0 where proceeds are worth nothing.

    Raises
    ------
    DataError
        The cost is not above 0, or the rate looks like percent.

    Examples
    --------
    >>> extra_hectares([1000.0, 1050.0], 0.05, 400.0)
    5.0
    """
    if not unit_cost > 0:
        raise DataError(f"a cost of a hectare above 0 was expected, found {unit_cost}.")
    growth = 1 + fraction(rate, "rate")
    worth = sum(flow / growth**year for year, flow in enumerate(proceeds))
    return max(worth, 0.0) / unit_cost
