# SPDX-License-Identifier: Apache-2.0
"""Money in United States dollars, where a rate of its currency and year is known; what has none is told."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TypeAlias

import numpy as np
import pandas as pd

from homeground.accelerator.ladder.grouping import sum_by
from homeground.numbers.money import minor_digits

USD = "USD"
Rates: TypeAlias = Mapping[tuple[str, int], Decimal]


def stated_rates(rates: pd.DataFrame) -> dict[tuple[str, int], Decimal]:
    """Dollars for one unit, by currency and year, as they are written.

    Parameters
    ----------
    rates : DataFrame
        currency, year, usd.

    Returns
    -------
    dict

    Examples
    --------
    >>> stated_rates(pd.DataFrame({"currency": ["XOF"], "year": [2022], "usd": [0.0016]}))
    {('XOF', 2022): Decimal('0.0016')}
    """
    return {(str(r["currency"]), int(r["year"])): Decimal(str(r["usd"])) for r in rates.to_dict("records")}


def usd_for_smallest_unit(currency: str, year: int, rates: Rates) -> Decimal | None:
    """Dollars for one smallest unit of a currency; None where no rate of its year is stated.

    Parameters
    ----------
    currency : str
        Code of ISO 4217.
    year : int
    rates : mapping
        Of `stated_rates`.

    Returns
    -------
    Decimal or None

    Examples
    --------
    >>> usd_for_smallest_unit("EUR", 2023, {("EUR", 2023): Decimal("1.08")}), usd_for_smallest_unit("EUR", 2024, {})
    (Decimal('0.0108'), None)
    """
    rate = Decimal(1) if currency == USD else rates.get((currency, year))
    return None if rate is None else rate / (Decimal(10) ** minor_digits(currency))


def in_dollars(rolled: pd.DataFrame, rates: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The amounts of a rollup in cents of dollars.

    Parameters
    ----------
    rolled : DataFrame
        currency, rate_year, amount_minor.
    rates : DataFrame
        currency, year, usd: dollars for one unit.

    Returns
    -------
    (DataFrame, DataFrame)
        The rollup with ``amount_usd_minor`` and ``converted_minor`` (0 where there is no rate); and what was not
        converted: currency, year, amount_minor.

    Notes
    -----
    Each amount is multiplied by the rate as it is written, and rounded half to even to a cent, in decimals.

    Examples
    --------
    >>> rolled = pd.DataFrame({"currency": ["XOF", "XOF"], "rate_year": [2023, 2024], "amount_minor": [100_000, 5]})
    >>> rates = pd.DataFrame({"currency": ["XOF"], "year": [2023], "usd": [0.00165]})
    >>> found, rest = in_dollars(rolled, rates)
    >>> found["amount_usd_minor"].tolist(), rest.values.tolist()
    ([16500, 0], [['XOF', 2024, 5]])
    """
    known = stated_rates(rates)
    amounts = rolled["amount_minor"].to_numpy("int64")
    cents, known_part = np.zeros(len(rolled), "int64"), np.zeros(len(rolled), "int64")
    currency = rolled["currency"].astype("object").to_numpy()
    years = rolled["rate_year"].to_numpy("int64")
    for code in dict.fromkeys(currency.tolist()):
        own = currency == code
        for year in np.unique(years[own]).tolist():
            unit = usd_for_smallest_unit(code, year, known)
            if unit is None:
                continue
            places = np.flatnonzero(own & (years == year))
            factor = unit * 100
            known_part[places] = amounts[places]
            cents[places] = amounts[places] if factor == 1 else _cents(amounts[places].tolist(), factor)
    found = rolled.assign(amount_usd_minor=cents, converted_minor=known_part)
    rest = found[found["converted_minor"] != found["amount_minor"]]
    told = sum_by(rest, ["currency", "rate_year"], ["amount_minor"]).rename(columns={"rate_year": "year"})
    return found, told.astype({"currency": "object"})


def _cents(amounts: list[int], factor: Decimal) -> list[int]:
    return [int((amount * factor).to_integral_value(ROUND_HALF_EVEN)) for amount in amounts]
