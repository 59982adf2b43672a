# SPDX-License-Identifier: Apache-2.0
"""Numbers, spaces and plurals as each language writes them."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal

from homeground.errors import DataError
from homeground.language.cldr import join, long_date, marks, plural
from homeground.language.languages import NBSP, language

MINUS = "\u2212"
LARGE = 1e6  # from here on numbers are written in millions, billions, 万 and 亿


def write_numbers(values: Sequence[float], decimals: int, code: str) -> tuple[list[str], str]:
    """Numbers as people read them, all on the scale of the first, and the word of that scale.

    Parameters
    ----------
    values : sequence of float
        The number, then the ends of its interval.
    decimals : int
        Of numbers under a million; −3 rounds to thousands. Larger ones are written with three digits in millions or billions (万 or 亿).
    code : str
        Language.

    Returns
    -------
    (list of str, str)
        The numbers, and the word of their scale or "".

    Examples
    --------
    >>> write_numbers([1_010_200, 900_000, 1_200_000], 0, "en")
    (['1.01', '0.90', '1.20'], 'million')
    >>> write_numbers([2.5e8], 0, "zh"), write_numbers([-12.345], 1, "fr")
    ((['2.5'], '亿'), (['−12,3'], ''))
    """
    setting = language(code)
    size = abs(values[0])
    factor, words = 1.0, ("", "")
    if size >= LARGE:
        factor, *found = next(s for s in setting.scales if size >= s[0] * 0.9995)
        words = (found[0], found[1])
        shown = f"{size / factor:.3g}"
        decimals = max(0, 3 - len(str(int(float(shown)))))
        if len(values) == 1:  # without an interval, "4.30 billion" would promise a digit that nobody stated
            decimals = min(decimals, len(shown.partition(".")[2]))
    written = [write_number(value / factor, decimals, code) for value in values]
    word = words[0] if plural_class(values[0] / factor, decimals, code) == "one" else words[1]
    return written, word


def write_number(value: float, decimals: int = 0, code: str = "en") -> str:
    """A number in full as the language writes it: its marks, a true minus sign, never minus zero.

    Parameters
    ----------
    value : float
    decimals : int
        Decimals written; below zero rounds to tens, hundreds, thousands.
    code : str
        Any of the six languages.

    Returns
    -------
    str

    Examples
    --------
    >>> write_number(-12345.6, 1), write_number(-0.04, 1), write_number(12345.6, 1, "fr").replace("\u202f", "_"), write_number(1234, 0, "zh")
    ('−12,345.6', '0.0', '12_345,6', '1,234')
    """
    if not math.isfinite(value):
        raise DataError(f"{value} is no number to write. Say that it is not known instead.")
    decimal, group = marks(language(code, maps=True).code)
    rounded = round(Decimal(repr(float(value))), decimals)
    text = f"{rounded:,.{max(decimals, 0)}f}" if rounded else f"{0:.{max(decimals, 0)}f}"
    return text.translate({ord(","): group, ord("."): decimal, ord("-"): MINUS})


def listed(words: Iterable[str], code: str = "en") -> str:
    """Words as a list in the language.

    Parameters
    ----------
    words : iterable of str
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> listed(["a", "b", "c"], "fr"), listed(["甲", "乙"], "zh")
    ('a, b et c', '甲和乙')
    """
    return join(list(words), language(code, maps=True).code)


def in_order(word: str) -> str:
    """What words are sorted by, so that an accent does not send a name to the end.

    Parameters
    ----------
    word : str

    Returns
    -------
    str
        To be compared, not shown.

    Examples
    --------
    >>> sorted(["Tchad", "Érythrée", "Mali"], key=in_order)
    ['Érythrée', 'Mali', 'Tchad']
    """
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)).casefold()


def span(first: object, last: object) -> str:
    """Years from the first to the last; a single one once.

    Parameters
    ----------
    first, last : int or str
        Years.

    Returns
    -------
    str

    Examples
    --------
    >>> span(2016, 2023), span(2023, 2023)
    ('2016–2023', '2023')
    """
    return "–".join(dict.fromkeys((str(first), str(last))))


def date(day: datetime.date, code: str = "en") -> str:
    """A day in words.

    Parameters
    ----------
    day : date
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> day = datetime.date(2026, 11, 29)
    >>> date(day).replace(NBSP, " "), date(day, "fr"), date(day, "zh")
    ('29 November 2026', '29 novembre 2026', '2026年11月29日')
    """
    return long_date(day, language(code, maps=True).code)


def plural_class(value: float, decimals: int, code: str) -> str:
    """The plural class of Unicode CLDR of a number as it is written.

    Parameters
    ----------
    value : float
    decimals : int
        That are written: 1.0 with one decimal is no 1.
    code : str

    Returns
    -------
    str
        "zero", "one", "two", "few", "many" or "other".

    Examples
    --------
    >>> plural_class(1.5, 1, "fr"), plural_class(1.5, 1, "en"), plural_class(1, 0, "zh")
    ('one', 'other', 'other')
    """
    rounded = round(Decimal(repr(abs(float(value)))), decimals)
    return plural(rounded, language(code, maps=True).code)


def spaces(text: str, code: str) -> str:
    """Set the spaces that must not break: French before high punctuation and inside its quotation marks.

    Spaces after punctuation stay open.

    Parameters
    ----------
    text : str
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> spaces("« terres » : 12 %", "fr").replace(NBSP, "_")
    '«_terres_»_: 12_%'
    """
    if code != "fr":
        return text
    return re.sub(r" (?=[:;!?%»])", NBSP, text).replace("« ", "«" + NBSP)


_NUMBER = re.compile(r"\d(?:[\d.,\u00a0\u202f\u2009]*\d)?")


def numbers_in(text: str) -> set[str]:
    """The numbers of a text, without the marks that group their digits by thousands.

    Parameters
    ----------
    text : str

    Returns
    -------
    set of str

    Examples
    --------
    >>> sorted(numbers_in("12 regions, 1,234.5 ha; SDG 15.3.1"))
    ['12', '1234.5', '15.3.1']
    """
    return {re.sub(r"[\u00a0\u202f\u2009]|,(?=\d{3}(?!\d))", "", found) for found in _NUMBER.findall(text)}
