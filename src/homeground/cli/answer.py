# SPDX-License-Identifier: Apache-2.0
"""One table that answers a question in the terminal, and the words and numbers in its cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from homeground.language.figures import write_number
from homeground.language.layout import heading
from homeground.language.messages import Word, known, phrase, write_range

# Unit of a column -> id of its short form; one that is not here is written the same in every language.
UNITS = {
    "place": "place", "class": "class", "ha": "ha", "km2": "km2", "USD": "usd", "person-days": "person_days",
    "t CO2e/year": "co2e_year", "mm/year": "mm_year", "degC": "degree", "persons": "persons", "studies": "studies",
    "persons/km2": "density", "places": "places", "million USD": "million_usd",
}  # fmt: skip


class Answer(NamedTuple):
    """A table to print: what it shows, its rows by name, columns as (head lines, cells), and what to mind."""

    title: str
    rows: list[str]
    columns: list[tuple[list[str], list[str]]]
    mind: str


def head(message_id: str, code: str, **words: Word) -> list[str]:
    """Lines of a column's head; its ``{unit}`` is an area if no other is given.

    Examples
    --------
    >>> head("terminal.ldn.balance", "en")
    ['Gains less', 'losses (km²)']
    """
    return heading(phrase(message_id, code, **{"unit": unit("km2", code), **words}))


def unit(name: str, code: str) -> str:
    """A unit in short, as it stands over a column.

    Examples
    --------
    >>> unit("persons", "fr"), unit("%", "fr"), unit("0 to 100", "zh")
    ('personnes', '%', '0至100')
    """
    low, to, high = name.partition(" to ")
    if to:
        return phrase("terminal.unit.score", code, low=low, high=high)
    return phrase(f"terminal.unit.{UNITS[name]}", code) if name in UNITS else name


def in_brackets(name: str, code: str) -> str:
    """A unit as the last line of a head."""
    return phrase("terminal.unit.below", code, unit=unit(name, code))


def number(value: float, decimals: int, code: str) -> str:
    """A number in a cell; one that is not known is no data.

    Examples
    --------
    >>> number(-1234.5, 1, "fr").replace("\u202f", " "), number(float("nan"), 1, "en")
    ('−1 234,5', 'no data')
    """
    known_value = value is not None and value == value  # noqa: PLR0124 (NaN is not itself)
    return write_number(float(value), decimals, code) if known_value else phrase("terminal.no_data", code)


def numbers(values: Iterable[float], decimals: int, code: str) -> list[str]:
    """A column of numbers."""
    return [number(value, decimals, code) for value in values]


def spans(low: Iterable[float], high: Iterable[float], decimals: int, code: str) -> list[str]:
    """A column of intervals."""
    ends = zip(low, high, strict=True)
    none = phrase("terminal.no_data", code)
    return [none if a != a else write_range(a, b, decimals, code) for a, b in ends]  # noqa: PLR0124


def digits(value: float) -> int:
    """Decimals that a number was given with.

    Examples
    --------
    >>> digits(0.25), digits(12500.0)
    (2, 0)
    """
    return len(f"{value:.6f}".rstrip("0").partition(".")[2])


def word(group: str, name: str, code: str) -> str:
    """What a code of a table is called; a name of the user's own stays as it is.

    Parameters
    ----------
    group : str
        Of the messages, such as ``measure``.
    name : str
        Such as ``half_moons``; an older text, such as ``land of a unit``, is found too.
    code : str

    Examples
    --------
    >>> word("rule", "land of a unit", "fr"), word("measure", "my_own_measure", "fr")
    ('terres d’une unité', 'my_own_measure')
    """
    key = "".join(c if c.isalnum() and c.isascii() else " " for c in name.lower())
    key = f"{group}." + "_".join(key.split())
    return next((phrase(one, code) for one in (key, f"terminal.{key}") if known(one)), name)
