# SPDX-License-Identifier: Apache-2.0
"""A row of money that says in which currency, in the prices of which year, and whether inflation is in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeground.errors import DataError, Problems

TERMS = ("real", "nominal")
CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class MoneyRow:
    """Flows of year 0, 1, 2 ... with what their money is; every function of returns takes one as its flows.

    Attributes
    ----------
    amounts : tuple of float
    currency : str
        ISO 4217, such as USD or XOF.
    terms : str
        "real": all in prices of one year, to be discounted at a real rate. "nominal": each in the prices of its own
        year, to be discounted at a nominal rate (`real_rate` makes one of the other).
    price_year : int, optional
        Of real money; nominal money has none.

    Raises
    ------
    DataError
        The currency is no code of three letters, terms are neither, or the price year does not go with them.

    Examples
    --------
    >>> from homeground.finance import npv
    >>> flows = MoneyRow((-100.0, 60.0, 60.0), "XOF", "real", 2023)
    >>> round(npv(0.10, flows), 4)
    4.1322
    """

    amounts: Sequence[float]
    currency: str
    terms: str = "real"
    price_year: int | None = None

    def __post_init__(self) -> None:
        problems = Problems("money")
        object.__setattr__(self, "amounts", tuple(float(amount) for amount in self.amounts))
        if not CURRENCY.fullmatch(self.currency):
            problems.add(f'a currency of three capital letters (ISO 4217) was expected, found "{self.currency}".')
        if self.terms not in TERMS:
            problems.add(f'terms are "{self.terms}"; real or nominal was expected.')
        if self.terms == "real" and self.price_year is None:
            problems.add("real money needs the year of its prices. Give price_year, or say nominal.")
        if self.terms == "nominal" and self.price_year is not None:
            problems.add(f"nominal money has no price year, found {self.price_year}. Leave it out, or say real.")
        problems.raise_if_any(DataError)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[np.float64]:
        return np.array(self.amounts, dtype=dtype or float)

    def __len__(self) -> int:
        return len(self.amounts)


def same_money(*rows: object) -> None:
    """Refuse money that cannot stand in one sum; rows that do not say what they are pass.

    Parameters
    ----------
    rows : MoneyRow, or plain rows of numbers

    Raises
    ------
    DataError
        Two currencies, two price years, or real money beside nominal; all of it told at once.

    Examples
    --------
    >>> same_money(MoneyRow((1.0, 2.0), "USD", "real", 2023), MoneyRow((1.0, 2.0), "EUR", "real", 2020))
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: money of one sum has 2 problems:
      - currencies EUR and USD. Convert one, and say at which rate.
      - prices of 2020 and 2023. Bring both to one year (at_prices).
    """
    known = [row for row in rows if isinstance(row, MoneyRow)]
    problems = Problems("money of one sum")
    if len(currencies := sorted({row.currency for row in known})) > 1:
        problems.add(f"currencies {' and '.join(currencies)}. Convert one, and say at which rate.")
    if len({row.terms for row in known}) > 1:
        problems.add("real and nominal money. Take inflation out of one.")
    elif len(years := sorted({str(row.price_year) for row in known})) > 1:
        problems.add(f"prices of {' and '.join(years)}. Bring both to one year (at_prices).")
    problems.raise_if_any(DataError)


def net_money(benefits: MoneyRow, costs: MoneyRow) -> MoneyRow:
    """Benefits less costs, in their one money.

    Parameters
    ----------
    benefits, costs : MoneyRow
        Of the same years, both as positive numbers.

    Returns
    -------
    MoneyRow

    Raises
    ------
    DataError
        The two cannot stand in one sum, or have different lengths.

    Examples
    --------
    >>> net_money(MoneyRow((0.0, 60.0), "USD", "real", 2023), MoneyRow((50.0, 1.0), "USD", "real", 2023)).amounts
    (-50.0, 59.0)
    """
    same_money(benefits, costs)
    if len(benefits) != len(costs):
        raise DataError(f"benefits have {len(benefits)} years and costs {len(costs)}. Give both for the same years.")
    net = [gain - cost for gain, cost in zip(benefits.amounts, costs.amounts, strict=True)]
    return MoneyRow(net, benefits.currency, benefits.terms, benefits.price_year)


def real_rate(nominal: float, inflation: float) -> float:
    """The rate for money in prices of one year, from one for money in the prices of each year.

    Parameters
    ----------
    nominal : float
        Discount or interest rate, a fraction a year.
    inflation : float
        Of the same currency, a fraction a year, above -1 and at most 1.

    Returns
    -------
    float
        Fraction a year.

    Raises
    ------
    DataError
        One of the two looks like percent.

    Notes
    -----
    (1 + nominal) / (1 + inflation) - 1 (Fisher 1930, The Theory of Interest).

    Examples
    --------
    >>> round(real_rate(0.12, 0.05), 6)
    0.066667
    """
    for name, value in (("nominal", nominal), ("inflation", inflation)):
        if not -1 < value <= 1:
            raise DataError(f"{name} is {value}: a fraction above -1 and at most 1 was expected. Write 6 % as 0.06.")
    return (1.0 + nominal) / (1.0 + inflation) - 1.0
