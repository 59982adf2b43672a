# SPDX-License-Identifier: Apache-2.0
"""What happens to a present value when costs rise, benefits fall or come late, and how far each may go before it turns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from homeground.errors import DataError
from homeground.finance.farm._streams import VIEWS, amounts, late, streams, tonnes
from homeground.finance.farm.case import FarmCase
from homeground.finance.flows.money import same_money
from homeground.finance.internal_rates import irr
from homeground.finance.returns import fraction, npv, row_of

Floats = NDArray[np.float64]


class Test(NamedTuple):
    """One of the standard tests: factors of costs and benefits, and years that benefits come late."""

    name: str
    costs: float = 1.0
    benefits: float = 1.0
    delay: int = 0


STANDARD = (
    Test("as expected"),
    Test("costs + 10 %", costs=1.1),
    Test("costs + 20 %", costs=1.2),
    Test("benefits - 10 %", benefits=0.9),
    Test("benefits - 20 %", benefits=0.8),
    Test("benefits a year late", delay=1),
    Test("benefits two years late", delay=2),
    Test("costs + 10 % and benefits - 10 %", costs=1.1, benefits=0.9),
    Test("costs + 20 % and benefits - 20 %", costs=1.2, benefits=0.8),
)


def standard_tests(benefits: ArrayLike, costs: ArrayLike, *, rate: float) -> pd.DataFrame:
    """The standard tests of a row of benefits and one of costs: dearer, poorer, later, and both together.

    Parameters
    ----------
    benefits, costs : array-like, one dimension
        Of year 0, 1, 2 ..., both as positive numbers, equally long: of a plan, a programme, or anything else.
    rate : float
        Discount rate as a fraction a year.

    Returns
    -------
    DataFrame, one row a test
        test; costs and benefits (factors), delay (years that all benefits come late); npv, bcr, irr (empty unless there
        is one), change of npv against what is expected, and holds: whether npv is still 0 or more.

    Raises
    ------
    DataError
        Rows are of different lengths or money, a value is missing, or the rate looks like percent.

    Notes
    -----
    IFAD, Economic and Financial Analysis of Rural Investment Projects, vol. 1 (2015): costs + 10, + 20 %, benefits - 10,
    - 20 %, a lag of one and two years. Benefits that come late fall beyond the horizon at its end and are lost.

    Examples
    --------
    >>> table = standard_tests([0.0, 60.0, 66.0], [100.0, 0.0, 0.0], rate=0.0).set_index("test")
    >>> table.loc[["as expected", "costs + 20 %", "benefits a year late"], "npv"].tolist()
    [26.0, 6.0, -40.0]
    """
    same_money(benefits, costs)
    gain, cost = row_of(benefits, "benefits", least=2), row_of(costs, "costs", least=2)
    if gain.size != cost.size:
        raise DataError(f"benefits have {gain.size} years and costs {cost.size}. Give both for the same years.")
    rows = []
    for test in STANDARD:
        more, less = test.costs * cost, late(test.benefits * gain, test.delay)
        worth, below, roots = npv(rate, less - more), npv(rate, more), irr(less - more)
        rows.append(
            {
                "test": test.name,
                "costs": test.costs,
                "benefits": test.benefits,
                "delay": test.delay,
                "npv": worth,
                "bcr": npv(rate, less) / below if below > 0 else np.nan,
                "irr": roots[0] if len(roots) == 1 else np.nan,
            }
        )
    table = pd.DataFrame(rows)
    return table.assign(change=table["npv"] - table["npv"].iloc[0], holds=table["npv"] >= 0)


def farm_sensitivity(case: FarmCase, *, rate: float) -> pd.DataFrame:
    """The standard tests of a programme of farms in both views, with fewer farms and with carbon at its worth to society.

    Parameters
    ----------
    case : FarmCase
        From `farm_case`.
    rate : float
        Discount rate as a fraction a year.

    Returns
    -------
    DataFrame, one row a view and test
        view, and as from `standard_tests`; of the economic view also "carbon at its low shadow price" and "... high",
        where any is known: they are apart and belong to no other row.

    Examples
    --------
    >>> from homeground.finance.farm.case import EXAMPLE, farm_case
    >>> from homeground.finance.farm.given import read_farm_tables
    >>> case = farm_case(**read_farm_tables(EXAMPLE), first_year=2025, horizon=5)
    >>> table = farm_sensitivity(case, rate=0.10).set_index(["view", "test"])
    >>> table.loc["financial", "npv"][["as expected", "benefits a year late"]].round(1).tolist()
    [1304.1, -1141.4]
    """
    parts = []
    for view in VIEWS:
        benefits, costs = streams(case, view)
        table = standard_tests(benefits, costs, rate=rate).assign(view=view)
        fewer = [case.programme[VIEWS.index(view)], *streams(case, view)]
        table = pd.concat([table, _fewer(*fewer, rate=rate).assign(view=view)], ignore_index=True)
        if view == "economic" and tonnes(case).any() and np.isfinite(case.shadow).all():
            for name, price in zip(("low", "high"), case.shadow, strict=True):
                more = standard_tests(benefits + price * tonnes(case), costs, rate=rate).iloc[:1]
                table = pd.concat(
                    [table, more.assign(view=view, test=f"carbon at its {name} shadow price")], ignore_index=True
                )
        parts.append(table.assign(change=table["npv"] - table["npv"].iloc[0]))
    out = pd.concat(parts, ignore_index=True)
    return out[["view", *(name for name in out.columns if name != "view")]]


def _fewer(programme: Floats, benefits: Floats, costs: Floats, *, rate: float) -> pd.DataFrame:
    """A fifth fewer farms; the programme spends the same."""
    found = standard_tests(0.8 * benefits, 0.8 * (costs - programme) + programme, rate=rate).iloc[:1]
    return found.assign(test="adoption - 20 %")


def farm_switching_values(case: FarmCase, *, rate: float) -> pd.DataFrame:
    """How far each part of a programme may go before its present value turns, all else unchanged.

    Parameters
    ----------
    case : FarmCase
        From `farm_case`.
    rate : float
        Discount rate as a fraction a year.

    Returns
    -------
    DataFrame, one row a view and part
        view; part: benefits, costs, adoption, "price of ..." each item, programme spending, shadow wage, shadow exchange
        (economic view), years late; now, switching (in the unit of `now`: a factor of 1, but for shadow prices and years)
        and change = switching / now - 1. Empty where no value of 0 or more turns it.

    Notes
    -----
    x (1 - NPV / (NPV - NPV at x = 0)), exact for parts that act in a straight line. Years late lie on a straight line
    between whole years. `homeground.finance.switching_value` finds that of any other parameter.

    Examples
    --------
    >>> from homeground.finance.farm.case import EXAMPLE, farm_case
    >>> from homeground.finance.farm.given import read_farm_tables
    >>> case = farm_case(**read_farm_tables(EXAMPLE), first_year=2025, horizon=5)
    >>> table = farm_switching_values(case, rate=0.10).set_index(["view", "part"])
    >>> table.loc["financial", "change"][["benefits", "costs"]].round(4).tolist()  # 6969.09 / 8273.19 - 1 and its inverse
    [-0.1576, 0.1871]
    """
    v = (1.0 + fraction(rate, "rate")) ** -np.arange(float(case.years))
    rows: list[tuple[str, str, float, float]] = []
    for i, view in enumerate(VIEWS):
        sign = np.where(case.lines["gain"], 1.0, -1.0)
        worth = case.access * sign * (amounts(case, view) @ v)
        spent = -float(case.programme[i] @ v)
        net = float(worth.sum()) + spent
        for part, now, of in _parts(case, view, worth, spent):
            rows.append((view, part, now, now * (1.0 - net / of) if of != 0 else np.nan))
        rows.append((view, "years late", 0.0, _turning(*streams(case, view), rate)))
    table = pd.DataFrame(rows, columns=["view", "part", "now", "switching"])
    table["switching"] = table["switching"].where(table["switching"] >= 0)
    table["change"] = table["switching"] / table["now"].where(table["now"] > 0) - 1
    return table


def _parts(case: FarmCase, view: str, worth: Floats, spent: float) -> Iterator[tuple[str, float, float]]:
    """Each part: what it is now, and what of the present value is made by it."""
    lines = case.lines
    gain = lines["gain"].to_numpy()
    yield "benefits", 1.0, float(worth[gain].sum())
    yield "costs", 1.0, float(worth[~gain].sum()) + spent
    yield "adoption", 1.0, float(worth.sum())
    yield "programme spending", 1.0, spent
    for item in dict.fromkeys(lines.loc[lines["kind"] != "carbon", "item"]):
        yield f"price of {item}", 1.0, float(worth[(lines["item"] == item).to_numpy()].sum())
    if view == "economic":
        yield "shadow wage", case.shadow_wage, float(worth[(lines["labour"] > 0).to_numpy()].sum())
        abroad = lines["exchange"] * case.shadow_exchange
        part = (abroad / (lines["constant"] + abroad + lines["labour"] * case.shadow_wage)).fillna(0.0)
        yield "shadow exchange", case.shadow_exchange, float(part @ worth)


def _turning(benefits: Floats, costs: Floats, rate: float) -> float:
    """Years late at which the present value first turns."""
    worth = [npv(rate, late(benefits, years) - costs) for years in range(benefits.size)]
    for years, (before, after) in enumerate(pairwise(worth)):
        if before >= 0 > after:
            return years + before / (before - after)
    return np.nan
