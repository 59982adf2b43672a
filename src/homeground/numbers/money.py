# SPDX-License-Identifier: Apache-2.0
"""Money always carries a currency and a price year; sums of two years or currencies are refused."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from homeground.errors import DataError

_AMOUNT = re.compile(r"^\s*([0-9][0-9_ ]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?)\s*([A-Za-z]{3})\s*$")
NOT_STATED = "not stated"  # said for the year of a price that no source names: it is told, and no deflator is made up


@dataclass(frozen=True)
class Money:
    """An amount with its currency (ISO 4217) and the year of its prices (None: as published, year unknown).

    Examples
    --------
    >>> Money(4.3e9, "USD", 2021) + Money(1e8, "USD", 2021)
    Money(amount=4400000000.0, currency='USD', price_year=2021)
    >>> Money(1.0, "USD", 2021) + Money(1.0, "EUR", 2021)
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: cannot add EUR of 2021 to USD of 2021. Convert both to one currency and price year.
    """

    amount: float
    currency: str
    price_year: int | None

    def __add__(self, other: Money) -> Money:
        if (self.currency, self.price_year) != (other.currency, other.price_year):
            raise DataError(
                f"cannot add {other.currency} of {other.price_year or 'an unstated year'} to "
                f"{self.currency} of {self.price_year or 'an unstated year'}. "
                "Convert both to one currency and price year."
            )
        return Money(self.amount + other.amount, self.currency, self.price_year)


def parse_amount(text: str) -> tuple[float, str]:
    """Read an amount as people write it in a study: number, then currency.

    Parameters
    ----------
    text : str
        A number, with spaces or underscores between thousands if wanted, and three letters of ISO 4217.

    Returns
    -------
    (float, str)
        The number, and the currency in capitals.

    Raises
    ------
    ValueError
        The currency or the number is missing, or the number is too large for a computer to hold.

    Examples
    --------
    >>> parse_amount("4.3e9 USD")
    (4300000000.0, 'USD')
    >>> parse_amount("4300000000")
    Traceback (most recent call last):
    ...
    ValueError: expected a number and a currency such as "4.3e9 USD", found "4300000000"
    """
    match = _AMOUNT.match(text)
    if match is None:
        raise ValueError(f'expected a number and a currency such as "4.3e9 USD", found "{text}"')
    amount = float(match[1].replace("_", "").replace(" ", ""))
    if not math.isfinite(amount):
        raise ValueError(f'expected a finite amount of money, found "{text}"')
    return amount, match[2].upper()


@cache
def currencies() -> dict[str, str]:
    """Currencies that money may be in.

    Returns
    -------
    dict of str to str
        Name in English by code of ISO 4217; metals, funds and test codes are left out.

    Examples
    --------
    >>> currencies()["XOF"]
    'CFA franc BCEAO'
    """
    with (Path(__file__).parent / "currencies.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


@cache
def minor_digits(currency: str) -> int:
    """Decimals that a currency has: what its smallest unit is of the whole.

    Parameters
    ----------
    currency : str
        Code of ISO 4217.

    Returns
    -------
    int
        2 for most, 0 for the CFA francs, 3 for some dinars.

    Raises
    ------
    DataError
        No such currency.

    Examples
    --------
    >>> minor_digits("USD"), minor_digits("XOF"), minor_digits("TND")
    (2, 0, 3)
    """
    with (Path(__file__).parent / "currencies.csv").open(encoding="utf-8", newline="") as file:
        digits = {row["code"]: int(row["digits"]) for row in csv.DictReader(file)}
    if currency not in digits:
        raise DataError(f"{currency} is no currency of ISO 4217. Write one of its codes, such as USD or XOF.")
    return digits[currency]


def to_minor(amount: str | Decimal, currency: str) -> int:
    """An amount in the smallest units of its currency, exactly.

    Parameters
    ----------
    amount : str or Decimal
        In whole units.
    currency : str
        Code of ISO 4217.

    Returns
    -------
    int

    Raises
    ------
    DataError
        No number, no such currency, or more decimals than the currency has.

    Examples
    --------
    >>> to_minor("12.5", "USD"), to_minor("-3", "XOF")
    (1250, -3)
    >>> to_minor("0.5", "XOF")
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: 0.5 XOF has more decimals than the currency, which has 0.
    """
    digits = minor_digits(currency)
    try:
        whole = Decimal(amount).scaleb(digits)
    except InvalidOperation:
        raise DataError(f"{amount} is no amount. Write a number, such as 1250.50.") from None
    if not whole.is_finite():
        raise DataError(f"{amount} is no amount. Write a number, such as 1250.50.")
    if whole != whole.to_integral_value():
        raise DataError(f"{amount} {currency} has more decimals than the currency, which has {digits}.")
    return int(whole)


def from_minor(minor: int, currency: str) -> Decimal:
    """An amount in whole units, from the smallest units of its currency.

    Parameters
    ----------
    minor : int
    currency : str
        Code of ISO 4217.

    Returns
    -------
    Decimal
        With as many decimals as the currency has.

    Examples
    --------
    >>> from_minor(1250, "USD"), from_minor(-3, "XOF")
    (Decimal('12.50'), Decimal('-3'))
    """
    return Decimal(int(minor)).scaleb(-minor_digits(currency))
