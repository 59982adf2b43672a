# SPDX-License-Identifier: Apache-2.0
"""Money of rows in United States dollars by stated rates alone; without a rate it stays in its own currency, and that is told."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from homeground.accelerator.results.series import day_of, text_of
from homeground.numbers.money import from_minor, to_minor

CENTS = Decimal("0.01")
Rates = Mapping[tuple[str, int], Decimal]


def rates_of(exchange_rates: pd.DataFrame | None) -> dict[tuple[str, int], Decimal]:
    """Dollars for one unit, by currency and year.

    Parameters
    ----------
    exchange_rates : DataFrame or None
        As declared in the registry.

    Returns
    -------
    dict

    Examples
    --------
    >>> rates_of(pd.DataFrame({"currency": ["XOF"], "year": [2022], "usd": [0.0016]}))
    {('XOF', 2022): Decimal('0.0016')}
    """
    rows = [] if exchange_rates is None else exchange_rates.to_dict("records")
    return {(str(row["currency"]), int(row["year"])): Decimal(repr(float(row["usd"]))) for row in rows}


def in_dollars(minor: int, currency: str, year: int, rates: Rates) -> int | None:
    """An amount in cents; None where no rate of its currency and year is stated.

    Parameters
    ----------
    minor : int
        In the smallest units of its currency.
    currency : str
        Code of ISO 4217.
    year : int
        Of the rate.
    rates : mapping
        Of `rates_of`.

    Returns
    -------
    int or None

    Examples
    --------
    >>> in_dollars(1_000_000, "XOF", 2022, {("XOF", 2022): Decimal("0.0016")}), in_dollars(500, "USD", 2022, {})
    (160000, 500)
    >>> in_dollars(1, "EUR", 2022, {}) is None
    True
    """
    if currency == "USD":
        return int(minor)
    rate = rates.get((currency, year))
    return None if rate is None else to_minor((from_minor(minor, currency) * rate).quantize(CENTS), "USD")


def money_rows(transactions: pd.DataFrame, projects: pd.DataFrame | None, rates: Rates) -> pd.DataFrame:
    """Transactions with the currency of their project where they name none, their year, and cents where a rate is stated.

    Parameters
    ----------
    transactions : DataFrame
        As declared in the registry, ``amount_minor`` in smallest units.
    projects : DataFrame or None
        For their currencies.
    rates : mapping
        Of `rates_of`.

    Returns
    -------
    DataFrame
        The same rows with ``currency`` and ``instrument`` as text ("" where not said), ``year`` (of the row) and
        ``usd_minor`` (Int64, missing without a rate of the year of its value date).

    Examples
    --------
    >>> row = {"project": "p", "date": "2022-03-01", "amount_minor": 250, "currency": None, "instrument": None}
    >>> projects = pd.DataFrame({"project": ["p"], "currency": ["USD"]})
    >>> money_rows(pd.DataFrame([row]), projects, {})[["currency", "year", "usd_minor"]].values.tolist()
    [['USD', 2022, 250]]
    """
    own = (
        {} if projects is None else {str(r["project"]): text_of(r.get("currency")) for r in projects.to_dict("records")}
    )
    texts: dict[str, list[str]] = {"currency": [], "instrument": []}
    numbers: dict[str, list[int | None]] = {"year": [], "usd_minor": []}
    for row in transactions.to_dict("records"):
        day = day_of(row["date"])
        valued = day_of(row.get("value_date")) or day
        currency = text_of(row.get("currency")) or own.get(str(row["project"]), "")
        usd = in_dollars(int(row["amount_minor"]), currency, valued.year, rates) if valued and currency else None
        texts["currency"].append(currency)
        texts["instrument"].append(text_of(row.get("instrument")))
        numbers["year"].append(day.year if day else None)
        numbers["usd_minor"].append(usd)
    columns = {name: pd.Series(cells, transactions.index, dtype="object") for name, cells in texts.items()}
    columns |= {name: pd.Series(cells, transactions.index, dtype="Int64") for name, cells in numbers.items()}
    return transactions.assign(**columns)
