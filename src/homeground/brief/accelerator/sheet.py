# SPDX-License-Identifier: Apache-2.0
"""What a one-page sheet on money holds, apart from how it is set."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

from homeground.language.figures import date as in_words
from homeground.language.figures import write_number
from homeground.language.languages import language
from homeground.language.messages import phrase
from homeground.language.quantities import quantity
from homeground.numbers.fact import Amount

MILLION = 1e6


@dataclass(frozen=True)
class Chart:
    """A drawing with its title."""

    title: str
    svg: str


@dataclass(frozen=True)
class SheetTable:
    """A table of words; ``numbers`` are the columns that hold numbers, ``shares`` the widths."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Sheet:
    """All that one page says."""

    language: str
    kicker: str
    title: str
    question: str
    findings: tuple[str, ...]
    charts: tuple[Chart, ...]
    chart_shows: str
    tables: tuple[SheetTable, ...]
    missing_title: str
    missing: tuple[str, ...]
    sources_title: str
    sources: tuple[str, ...]
    made: str
    date: str  # ISO


def money(value: float, currency: str, code: str) -> str:
    """An amount in whole units as a sentence says it.

    Parameters
    ----------
    value : float
    currency : str
        Code of ISO 4217.
    code : str
        Language.

    Returns
    -------
    str

    Examples
    --------
    >>> " ".join(money(2.5e9, "XOF", "en").split())
    'XOF 2.5 billion'
    """
    return quantity(Amount(value, currency), code)[0]


def share_of(part: float, whole: float, code: str) -> str:
    """A share in whole per cent; one under one per cent is said with a decimal.

    Parameters
    ----------
    part, whole : float
        ``whole`` above 0.
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> " ".join(share_of(2.5, 19, "en").split())
    '13 per cent'
    """
    value = 100 * part / whole
    return quantity(Amount(value, "%", 0 if abs(value) >= 1 or value == 0 else 1), code)[0]


def in_millions(value: float, code: str) -> str:
    """An amount in millions of its currency as a table holds it.

    Parameters
    ----------
    value : float
        In whole units.
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> in_millions(1_250_000, "en"), in_millions(15e9, "fr").replace("\u202f", "_")
    ('1.25', '15_000')
    >>> in_millions(4_200, "en"), in_millions(-300, "en")  # small sums are not nothing
    ('0.004', '−0.0003')
    """
    millions = value / MILLION
    if 0 < abs(millions) < 0.005:
        return write_number(millions, min(-math.floor(math.log10(abs(millions))), 6), code)
    return write_number(millions, 0 if abs(millions) >= 1000 else 1 if abs(millions) >= 100 else 2, code)


def made_on(day: datetime.date, code: str) -> str:
    """The line at the foot of a sheet.

    Parameters
    ----------
    day : date
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> " ".join(made_on(datetime.date(2026, 11, 30), "en").split())[:28]
    'Written on 30 November 2026 '
    """
    return phrase("accelerator.ladder.made", code, date=in_words(day, code))


def joined(sentences: list[str], code: str) -> str:
    """Sentences one after the other.

    Parameters
    ----------
    sentences : list of str
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> joined(["One.", "Two."], "en"), joined(["一。", "二。"], "zh")
    ('One. Two.', '一。二。')
    """
    return (" " if language(code).spaced else "").join(sentences)


def step_name(step: str, code: str) -> str:
    """A step of the ladder in the language.

    Parameters
    ----------
    step : str
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> step_name("committed", "fr")
    'engagé'
    """
    return phrase(f"accelerator.ladder.step.{step}", code)
