# SPDX-License-Identifier: Apache-2.0
"""Marks, lists, dates and plurals of the six languages as Unicode CLDR has them.

``cldr.csv`` and the rules below say what Babel says, which carries CLDR for all languages of the world and is thirty times
as large: the tests hold one against the other.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "cldr.csv"  # Unicode CLDR; dates of English as in Britain, digits 0 to 9 in all


@cache
def _table() -> Mapping[tuple[str, str], str]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["language"], row["key"]): row["value"] for row in csv.DictReader(file)}


@cache
def marks(code: str) -> tuple[str, str]:
    """Marks of the fraction and of thousands.

    Parameters
    ----------
    code : str
        Any of the six languages.

    Returns
    -------
    (str, str)

    Examples
    --------
    >>> marks("en"), marks("es")
    (('.', ','), (',', '.'))
    """
    return _table()[code, "decimal"], _table()[code, "group"]


def join(words: Sequence[str], code: str) -> str:
    """Words as a list in the language.

    Parameters
    ----------
    words : sequence of str
    code : str
        Any of the six languages.

    Returns
    -------
    str

    Examples
    --------
    >>> join(["a", "b", "c"], "en"), join(["a", "b", "c"], "es"), join(["a"], "en"), join([], "en")
    ('a, b, and c', 'a, b y c', 'a', '')
    """
    if len(words) < 2:
        return "".join(words)
    table = _table()
    if len(words) == 2:
        return table[code, "list 2"].format(*words)
    text = table[code, "list start"].format(words[0], words[1])
    for word in words[2:-1]:
        text = table[code, "list middle"].format(text, word)
    return table[code, "list end"].format(text, words[-1])


def long_date(day: datetime.date, code: str) -> str:
    """A day with its month in words; Chinese counts its months.

    Parameters
    ----------
    day : date
    code : str
        Any of the six languages.

    Returns
    -------
    str

    Examples
    --------
    >>> long_date(datetime.date(2026, 11, 9), "es")
    '9 de noviembre de 2026'
    """
    month = _table().get((code, f"month {day.month}"), "")
    return _table()[code, "date"].format(d=day.day, m=day.month, month=month, y=day.year)


def of_month(month: int, code: str) -> str:
    """A month as it stands after what it is of: "October", "d'octobre", "10月".

    Parameters
    ----------
    month : int
        1 to 12.
    code : str
        Any of the six languages.

    Returns
    -------
    str
        In French with its "de".

    Examples
    --------
    >>> of_month(10, "en"), of_month(10, "fr"), of_month(12, "fr"), of_month(10, "zh")
    ('October', 'd’octobre', 'de décembre', '10月')
    """
    name = _table().get((code, f"month {month}"), f"{month}月")
    if code != "fr":
        return name
    return f"d’{name}" if name[0] in "ao" else f"de {name}"


def plural(number: Decimal, code: str) -> str:
    """The class of plural of a number with the decimals that are written: 1.0 has one.

    Parameters
    ----------
    number : Decimal
    code : str
        Any of the six languages.

    Returns
    -------
    str
        "zero", "one", "two", "few", "many" or "other".

    Examples
    --------
    >>> plural(Decimal("21"), "ru"), plural(Decimal("1.0"), "en"), plural(Decimal("7"), "ar")
    ('one', 'other', 'few')
    """
    number = abs(number)
    decimals = max(0, -int(number.as_tuple().exponent))
    return RULES[code](number, int(number), decimals)


def _english(_: Decimal, whole: int, decimals: int) -> str:
    return "one" if whole == 1 and decimals == 0 else "other"


def _french(_: Decimal, whole: int, decimals: int) -> str:
    return "one" if whole in (0, 1) else _millions(whole, decimals)


def _spanish(number: Decimal, whole: int, decimals: int) -> str:
    return "one" if number == 1 else _millions(whole, decimals)


def _millions(whole: int, decimals: int) -> str:
    """What is a whole number of millions asks for a word between: un million de personnes."""
    return "many" if whole and whole % 1_000_000 == 0 and decimals == 0 else "other"


def _russian(_: Decimal, whole: int, decimals: int) -> str:
    if decimals:
        return "other"
    last, teens = whole % 10, 11 <= whole % 100 <= 14
    if last == 1 and not teens:
        return "one"
    return "few" if 2 <= last <= 4 and not teens else "many"


def _arabic(number: Decimal, whole: int, _: int) -> str:
    if number != whole:
        return "other"
    if whole < 3:
        return ("zero", "one", "two")[whole]
    rest = whole % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


def _chinese(*_: object) -> str:
    return "other"


RULES: Mapping[str, Callable[[Decimal, int, int], str]] = {
    "en": _english,
    "fr": _french,
    "es": _spanish,
    "ru": _russian,
    "ar": _arabic,
    "zh": _chinese,
}
