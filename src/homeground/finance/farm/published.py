# SPDX-License-Identifier: Apache-2.0
"""The published economics of the Great Green Wall worked again from its own published numbers, and what they leave open.

Mirzabaev et al. 2022 print a return, a need and the land with and without conflict; costs and benefits of each plot, the
horizon and the rate of the base case could not be read. Nothing is put in their place: what follows from the printed
numbers alone is worked out, and what does not is said to be open.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.errors import DataError, Problems
from homeground.finance.appraisal import RATES
from homeground.finance.farm._lines import ramp
from homeground.finance.flows.against import PUBLISHED, SOURCE
from homeground.finance.returns import annuity, fraction, payback

Floats = NDArray[np.float64]

NEED = (18e9, 44e9, 70e9)  # USD; Mirzabaev et al. 2022, abstract
LAND, IN_CONFLICT = 27.9e6, 14.1e6  # ha; the same
RETURN = (1.1, 1.2, 4.4)  # USD a USD; the same
HORIZONS = (10, 15, 20, 30)  # ours: theirs could not be read


def plot_returns(plots: pd.DataFrame, *, horizon: int, rate: float) -> pd.DataFrame:
    """What restoring plots of land is worth where each may be reached or not, market and other benefits apart.

    Parameters
    ----------
    plots : DataFrame
        hectares; establishment, upkeep (a year), market and non_market (benefits a year in full), money a hectare; lag and
        full (years until benefits begin, and come in full); survival, the share of benefits that stays (0 to 1);
        accessible, 0 to 1 (0: conflict bars it). One row a plot and measure.
    horizon : int
        Years after the first.
    rate : float
        Discount rate as a fraction a year.

    Returns
    -------
    DataFrame
        As given, with cost and benefit (present value a hectare), npv, bcr, market_share of the benefit, and
        reached_hectares, reached_cost.

    Raises
    ------
    DataError
        Columns are missing, a number is negative, a share is not from 0 to 1, or the rate looks like percent.

    Notes
    -----
    NPV = -establishment + sum over t of ((market + non-market) x ramp(t) x survival - upkeep) / (1 + r)^t, the model of
    Mirzabaev et al. 2022; establishment in year 0, all else from year 1.

    Examples
    --------
    >>> one = {"hectares": 10.0, "establishment": 100.0, "upkeep": 0.0, "market": 66.0, "non_market": 0.0}
    >>> one |= {"lag": 0.0, "full": 1.0, "survival": 1.0, "accessible": 0.5}
    >>> plot_returns(pd.DataFrame([one]), horizon=2, rate=0.0)[["bcr", "reached_hectares"]].values.tolist()
    [[1.32, 5.0]]
    """
    amounts = ("hectares", "establishment", "upkeep", "market", "non_market", "lag", "full")
    problems = Problems("the plots")
    needed = (*amounts, "survival", "accessible")
    if lost := [name for name in needed if name not in plots]:
        raise DataError(f"the plots: columns {', '.join(lost)} are missing.")
    problems.extend(
        f"{name} of 0 or more was expected in every row." for name in amounts if not (plots[name] >= 0).all()
    )
    for name in ("survival", "accessible"):
        if not plots[name].between(0, 1).all():
            problems.add(f"{name} from 0 to 1 was expected in every row. Write 60 % as 0.6.")
    problems.raise_if_any(DataError)
    years = np.arange(1.0, horizon + 1)
    factors = (1.0 + fraction(rate, "rate")) ** -years
    pairs = {pair: float(ramp(years, *pair) @ factors) for pair in set(zip(plots["lag"], plots["full"], strict=True))}
    in_full = np.array([pairs[pair] for pair in zip(plots["lag"], plots["full"], strict=True)])
    each = plots["market"] + plots["non_market"]
    cost = plots["establishment"] + plots["upkeep"] * float(factors.sum())
    benefit = each * plots["survival"] * in_full
    reached = plots["hectares"] * plots["accessible"]
    return plots.assign(
        cost=cost,
        benefit=benefit,
        npv=benefit - cost,
        bcr=benefit / cost.where(cost > 0),
        market_share=plots["market"] / each.where(each > 0),
        reached_hectares=reached,
        reached_cost=reached * cost,
    )


def great_green_wall_again() -> pd.DataFrame:
    """The published numbers of the Great Green Wall's economics, each beside what the others make of it.

    Returns
    -------
    DataFrame, one row a line
        line, published, ours (worked from the other published numbers; empty where nothing follows), low, high, unit, how
        (the arithmetic), kind (derived: follows from the others; restated: is one of them again and proves nothing; open:
        hangs on what could not be read), differs (why ours is not theirs), source.

    Examples
    --------
    >>> table = great_green_wall_again().set_index("line")
    >>> table.loc[["cost of a hectare", "land that conflict leaves", "return"], "ours"].round(1).tolist()
    [1577.1, 14100000.0, 1.2]
    """
    access = IN_CONFLICT / LAND
    unit_cost = [need / LAND for need in NEED]
    worth, left = [RETURN[1] * cost for cost in unit_cost], [access * need for need in NEED[::2]]
    # Their model with one plot: level benefits that are worth 1.2 of the cost, whatever the horizon and rate.
    level = {"hectares": LAND, "establishment": unit_cost[1], "upkeep": 0.0, "market": worth[1] / annuity(0.06, 20)}
    level |= {"non_market": 0.0, "lag": 0.0, "full": 0.0, "survival": 1.0, "accessible": access}
    plot: Any = plot_returns(pd.DataFrame([level]), horizon=20, rate=0.06).iloc[0]
    span = annuity(min(RATES), max(HORIZONS)) / annuity(max(RATES), min(HORIZONS))
    nan = float("nan")
    rows = [
        (
            *("cost of a hectare", nan, unit_cost[1], *unit_cost[::2], "USD/ha", "44e9 / 27.9e6; ends 18e9 and 70e9"),
            "derived",
            "not printed by them; three times the 524 USD/ha of the Convention; whether upkeep is in it could not be read",
        ),
        (
            *("need", NEED[1], plot["reached_cost"] / access, *NEED[::2], "USD", "27.9e6 ha x 1577 USD/ha"),
            "restated",
            "the same number: the cost of a hectare was made of it",
        ),
        (
            *("access under conflict", nan, access, nan, nan, "1", "14.1 / 27.9"),
            "derived",
            "one number for all land; theirs was worked out by place. Ours comes from [data].access of a study, by region",
        ),
        (
            *(
                "land that conflict leaves",
                IN_CONFLICT,
                plot["reached_hectares"],
                nan,
                nan,
                "ha",
                "27.9e6 x 14.1 / 27.9",
            ),
            "restated",
            "access was made of it",
        ),
        (
            *("cost of the land that conflict leaves", nan, plot["reached_cost"], *left, "USD", "44e9 x 14.1 / 27.9"),
            "derived",
            "takes a hectare that is left to cost what all cost on average",
        ),
        (
            *(
                "return",
                RETURN[1],
                plot["bcr"],
                RETURN[0],
                RETURN[2],
                "USD/USD",
                "level benefits set so, through their model",
            ),
            "restated",
            "benefits of each measure could not be read. Theirs counts market and non-market benefits, ours of a plan those at "
            "market prices only, at yields and prices of its own",
        ),
        (
            *("benefit of a hectare", nan, worth[1], RETURN[0] * unit_cost[1], RETURN[2] * unit_cost[1], "USD/ha"),
            *("1.2 x 1577 USD/ha, present value", "derived", "how much of it a market pays could not be read"),
        ),
        (
            *("net worth of all land", nan, (RETURN[1] - 1) * NEED[1], nan, nan, "USD", "0.2 x 44e9"),
            *("derived", "not printed where it was read"),
        ),
        (
            *("span of returns", RETURN[2] / RETURN[0], span, nan, nan, "1"),
            "4.4 / 1.1; ours: level benefits over 30 years at 3 % beside 10 years at 12 %",
            "derived",
            "horizon and rate alone make most of a span like theirs; the axes are ours. The rest is the time until benefits come "
            "in full, and costs",
        ),
        (
            *("years until it pays back", PUBLISHED["payback"][1], nan, nan, nan, "years", "great_green_wall_axes"),
            *("open", "hangs on the horizon and rate of their base case, which could not be read"),
        ),
    ]
    names = ["line", "published", "ours", "low", "high", "unit", "how", "kind", "differs"]
    return pd.DataFrame(rows, columns=names).assign(source=SOURCE)


def great_green_wall_axes(
    *, horizons: Iterable[int] = HORIZONS, rates: Iterable[float] = RATES, returned: float = RETURN[1]
) -> pd.DataFrame:
    """What a published return asks of a hectare at each horizon and rate, and when it would have paid back.

    Parameters
    ----------
    horizons : iterable of int
        Years over which benefits count.
    rates : iterable of float
        Discount rates as fractions a year.
    returned : float
        Dollars a dollar; left out, the 1.2 of the base case.

    Returns
    -------
    DataFrame, one row a horizon and rate
        benefit (level, USD a hectare and year, that makes the return of a cost of 1577 USD); payback_years and
        payback_discounted_years; fits: whether it pays back within the 10 years that are published, by the plain sum and
        (fits_discounted) in present value.

    Notes
    -----
    benefit = return x cost / annuity. All cost in year 0 and level benefits from year 1: the plainest reading, and ours.

    Examples
    --------
    >>> table = great_green_wall_axes(horizons=[10, 30], rates=[0.03])
    >>> table[["benefit", "payback_years", "fits"]].round(1).values.tolist()
    [[221.9, 7.1, True], [96.6, 16.3, False]]
    """
    cost = NEED[1] / LAND
    rows = []
    for horizon in horizons:
        for rate in rates:
            level = returned * cost / annuity(rate, horizon)
            flows = np.array([-cost, *[level] * horizon])
            plain, discounted = payback(flows), payback(flows, rate)
            within = float(PUBLISHED["payback"][1] or 0)
            rows.append(
                {
                    "horizon": horizon,
                    "rate": rate,
                    "benefit": level,
                    "payback_years": plain,
                    "payback_discounted_years": discounted,
                    "fits": plain <= within,
                    "fits_discounted": discounted <= within,
                }
            )
    return pd.DataFrame(rows)
