# SPDX-License-Identifier: Apache-2.0
"""Facts and amounts as they are printed: number, unit and interval."""

from __future__ import annotations

import re
from dataclasses import dataclass

from homeground.errors import DataError
from homeground.language.catalogues import message_of
from homeground.language.figures import plural_class, write_numbers
from homeground.language.languages import NBSP, language
from homeground.numbers.fact import Amount, Fact

# Unit of a fact -> ids of the messages for it: plain, and after "million" (French then needs "de").
UNITS = {
    "1": "plain", "%": "percent", "km2": "km2", "ha": "hectares", "persons": "persons", "countries": "countries",
    "regions": "regions", "studies": "studies", "groups": "groups", "years": "years", "person-days": "person_days",
    "USD": "usd", "EUR": "eur", "t CO2e/year": "co2e_year", "t CO2e": "co2e", "t C": "carbon",
    "t": "tonnes", "degC": "celsius", "mm": "millimetres",
}  # fmt: skip
CURRENCY = re.compile(r"^[A-Z]{3}$")  # of ISO 4217; those without words of their own are written by their code


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style: "" (plain), "number" or "interval"."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Text:
    """A sentence in runs, and the facts that it states."""

    runs: tuple[Run, ...]
    facts: tuple[Fact, ...] = ()

    @property
    def plain(self) -> str:
        """The words without style."""
        return "".join(run.text for run in self.runs)


def quantity(fact: Fact | Amount, code: str, *, unit: bool = True) -> tuple[str, str]:
    """A fact's number with its unit, and its interval, as they are printed.

    Parameters
    ----------
    fact : Fact or Amount
    code : str
    unit : bool
        Whether the unit is written.

    Returns
    -------
    (str, str)
        The interval is "" where there is none, or where it is narrower than the last digit printed.

    Examples
    --------
    >>> area = Fact("a", 5_390_491, "km2", "maps", "modelled", "2000", low=4_244_463, high=5_866_850)
    >>> [q.replace(NBSP, " ") for q in quantity(area, "en")], [q.replace(NBSP, " ") for q in quantity(area, "fr")]
    (['5.39 million km²', '(4.24 to 5.87)'], ['5,39 millions de km²', '(4,24 à 5,87)'])
    >>> quantity(area, "zh")
    ('539万平方公里', '（424万至587万）')
    >>> quantity(Amount(2.5e9, "XOF"), "fr")[0].replace(NBSP, " ")
    'XOF 2,5 milliards'
    """
    values = [fact.value] + ([fact.low, fact.high] if fact.low is not None and fact.high is not None else [])
    numbers, scale = write_numbers(values, _decimals(fact), code)
    setting = language(code)
    gap = NBSP if setting.spaced else ""
    number = numbers[0] + (gap + scale if scale else "")
    if unit:
        number = _with_unit(fact, number, bool(scale), code)
    if len(numbers) == 1 or numbers[0] == numbers[1] == numbers[2]:
        return number, ""
    ends = [end + (scale if not setting.spaced else "") for end in numbers[1:]]
    interval = message_of("number.interval", code).forms[0].format(low=ends[0], high=ends[1])
    return number, interval.replace(" ", NBSP)


def _decimals(fact: Fact | Amount) -> int:
    """Decimals of a fact; below zero for modelled thousands, of which three digits are known at best."""
    if fact.kind != "modelled" or abs(fact.value) < 1000 or fact.decimals:
        return fact.decimals
    return 3 - len(f"{abs(fact.value):.0f}")


def _with_unit(fact: Fact | Amount, number: str, scaled: bool, code: str) -> str:
    if CURRENCY.match(fact.unit) and fact.unit not in UNITS:
        return message_of("unit.money", code).forms[0].format(currency=fact.unit, n=number).replace(" ", NBSP)
    if fact.unit not in UNITS:
        whose = fact.key if isinstance(fact, Fact) else "an amount"
        raise DataError(f'the brief has no words for the unit "{fact.unit}" of {whose}. Add it to messages.UNITS.')
    message = message_of(f"unit.{UNITS[fact.unit]}" + (".scaled" if scaled else ""), code)
    form = message.forms[-1]
    if len(message.forms) > 1:
        classes = language(code).plurals
        found = plural_class(fact.value, fact.decimals, code)
        form = message.forms[classes.index(found) if found in classes else -1]
    return (form if scaled else form.replace("{n} ", "{n}" + NBSP)).format(n=number)
