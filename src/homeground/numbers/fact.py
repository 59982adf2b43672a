# SPDX-License-Identifier: Apache-2.0
"""Every number that an output states: its value, interval or the reason why none, unit, source, kind, period and licence."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from homeground.errors import DataError, Problems

if TYPE_CHECKING:
    pass


KINDS = ("observed", "modelled", "published", "default")


@dataclass(frozen=True)
class Fact:
    """One number that a text may state.

    ``no_interval``, ``source`` and ``period`` may be ids of the message catalogue (``why.count``); else they are
    printed as they stand.

    Raises
    ------
    DataError
        Source, unit or period is empty, the kind is unknown, the value is missing, the interval does not hold it, or
        there is neither an interval nor a reason (or both).

    Examples
    --------
    >>> Fact("share", 58.0, "%", "a survey", "observed", "2020", low=52.0, high=63.0).high
    63.0
    >>> Fact("share", 58.0, "%", "", "observed", "2020", no_interval="a census")
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: fact share: source is empty. Say where the number comes from.
    """

    key: str
    value: float
    unit: str
    source: str
    kind: str
    period: str
    low: float | None = None
    high: float | None = None
    no_interval: str | None = None
    decimals: int = 0
    licence: str = ""

    def __post_init__(self) -> None:
        problems = Problems(f"fact {self.key or '(without key)'}")
        says = {"unit": 'what one is; "1" for a plain number', "source": "where the number comes from"}
        says |= {"period": "which years it is about", "key": "what it is called"}
        for name, what in says.items():
            if not str(getattr(self, name)).strip():
                problems.add(f"{name} is empty. Say {what}.")
        if self.kind not in KINDS:
            problems.add(f'kind is "{self.kind}"; one of {", ".join(KINDS)} was expected.')
        if not math.isfinite(self.value):
            problems.add(f"the value is {self.value}. Leave out what is not known.")
        if (self.low is None) != (self.high is None):
            problems.add("only one end of the interval is given. Give both or say why there is none.")
        elif self.low is not None and self.high is not None:
            if not self.low <= self.value <= self.high:
                problems.add(f"the interval {self.low:g} to {self.high:g} does not hold {self.value:g}.")
            if self.no_interval:
                problems.add("has an interval and a reason for having none. Keep one.")
        elif not (self.no_interval or "").strip():
            problems.add("has neither an interval nor a reason why there is none. Give one.")
        problems.raise_if_any(DataError)


@dataclass(frozen=True)
class Amount:
    """A number in a sentence, with its unit and interval: what a `Fact` is without a source of its own."""

    value: float
    unit: str = "1"
    decimals: int = 0
    low: float | None = None
    high: float | None = None
    kind: str = "published"


def used_sources(facts: Iterable[Fact]) -> dict[tuple[str, str], list[Fact]]:
    """Which sources stand behind some numbers: facts by source and licence, in the order of their first use.

    Parameters
    ----------
    facts : iterable of Fact
        In the order in which a text states them.

    Returns
    -------
    dict of (source, licence) to list of Fact
        Each source once, with the facts that rest on it.

    Examples
    --------
    >>> rain = counted_fact("stations", 12, "stations", source="a survey", period="2020", licence="CC BY 4.0")
    >>> people = counted_fact("villages", 3, "villages", source="a census", period="2021")
    >>> [(source, len(group)) for source, group in used_sources([rain, people, rain]).items()]
    [(('a survey', 'CC BY 4.0'), 2), (('a census', ''), 1)]
    """
    found: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        found.setdefault((fact.source, fact.licence), []).append(fact)
    return found


def counted_fact(key: str, value: float, unit: str, **what: Any) -> Fact:
    """A fact that counts rows or regions: published, without an interval because it is a count.

    Parameters
    ----------
    key : str
        What the fact is called in a text.
    value : float
        The count.
    unit : str
        What was counted, such as "regions".
    **what
        The other fields of `Fact`: source and period at least; kind and no_interval replace those above.

    Returns
    -------
    Fact

    Raises
    ------
    DataError
        As `Fact`.

    Examples
    --------
    >>> counted_fact("study_regions", 37, "regions", source="maps", period="2020").no_interval
    'why.count'
    """
    return Fact(key, float(value), unit, **{"kind": "published", "no_interval": "why.count", **what})


def known_interval(value: float, low: float, high: float, why: str = "why.plan") -> dict[str, Any]:
    """The ends of an interval if they are known and hold the value, else the reason why there is none.

    Parameters
    ----------
    value, low, high : float
        In one unit. An end may be NaN or infinite: not known. One that misses the value by a millionth of it, as
        solvers do, is moved onto the value.
    why : str
        The reason if there is no interval: text, or an id of the message catalogue.

    Returns
    -------
    dict
        ``low`` and ``high``, or ``no_interval``: fields of `Fact`.

    Examples
    --------
    >>> known_interval(2.0, 1.0, 3.0), known_interval(2.0, float("nan"), 3.0)
    ({'low': 1.0, 'high': 3.0}, {'no_interval': 'why.plan'})
    """
    slack = 1e-6 * abs(value)  # of a solver
    if math.isfinite(low) and math.isfinite(high) and low - slack <= value <= high + slack:
        return {"low": min(low, value), "high": max(high, value)}
    return {"no_interval": why}
