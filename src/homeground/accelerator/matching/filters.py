# SPDX-License-Identifier: Apache-2.0
"""What keeps an offer and a need apart: hard filters, each with its name. What nobody said keeps nothing apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.accelerator.matching.practices import practices
from homeground.accelerator.matching.profiles import Profile
from homeground.numbers.money import minor_digits

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
# In the order in which they are told. The first four are of one side or of what a thing is: no partner is missed by them.
FILTERS = ("kind", "active", "consent", "own", "country", "period", "unit", "size", "instrument", "exclusion")
NOT_NEAR = ("kind", "consent", "own")  # never a near miss: another thing, nobody who agreed, nobody else


def incidence(sets: Sequence[Sequence[Any]], names: Sequence[Any]) -> Floats:
    """Which names each set holds.

    Parameters
    ----------
    sets : sequence of sequences
    names : sequence

    Returns
    -------
    array of set x name
        1 where it holds the name, else 0.

    Examples
    --------
    >>> incidence([("a", "b"), ()], ["a", "b", "c"]).tolist()
    [[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
    """
    place = {name: i for i, name in enumerate(names)}
    found = np.zeros((len(sets), len(names)))
    for row, one in enumerate(sets):
        found[row, [place[name] for name in one if name in place]] = 1.0
    return found


def shared(needs: Sequence[Sequence[Any]], offers: Sequence[Sequence[Any]]) -> tuple[Floats, Floats]:
    """How many words each need and each offer have in common, and how many they have together.

    Parameters
    ----------
    needs, offers : sequence of sequences

    Returns
    -------
    (array, array) of need x offer

    Examples
    --------
    >>> both, either = shared([("a", "b")], [("b", "c")])
    >>> both.tolist(), either.tolist()
    ([[1.0]], [[3.0]])
    """
    names = sorted({name for one in (*needs, *offers) for name in one})
    a, b = incidence(needs, names), incidence(offers, names)
    both = a @ b.T
    return both, a.sum(axis=1)[:, None] + b.sum(axis=1)[None] - both


def rates(
    exchange_rates: pd.DataFrame | None, units: set[str], year: int | None
) -> tuple[dict[str, float], int | None]:
    """Dollars for one whole unit of each currency, all of one year.

    Parameters
    ----------
    exchange_rates : DataFrame or None
        The registry's: currency, year, usd.
    units : set of str
        Currencies that stand in offers and needs.
    year : int or None
        Left out: the year with rates for most of the currencies, the latest of such.

    Returns
    -------
    (dict, int or None)
        Rates by currency, and their year. US dollars need no rate.

    Examples
    --------
    >>> known = pd.DataFrame({"currency": ["EUR", "XOF", "EUR"], "year": [2022, 2022, 2023], "usd": [1.05, 0.0016, 1.08]})
    >>> rates(known, {"EUR", "XOF"}, None)
    ({'USD': 1.0, 'EUR': 1.05, 'XOF': 0.0016}, 2022)
    """
    if exchange_rates is None or not len(exchange_rates):
        return {"USD": 1.0}, None
    known = exchange_rates[exchange_rates["currency"].isin(sorted(units))]
    if year is None and len(known):
        counts = known.groupby("year")["currency"].nunique()
        year = int(counts[counts == counts.max()].index.max())
    of_year = known[known["year"] == year].sort_values("currency")
    found = {str(c): float(r) for c, r in zip(of_year["currency"], of_year["usd"], strict=True)}
    return {"USD": 1.0} | found, year if found else None


class Sizes:
    """Least and most of each profile, comparable where both are in one unit or both can be told in dollars."""

    def __init__(self, some: Sequence[Profile]) -> None:
        self.unit = np.array([p.unit for p in some], "object")
        self.low, self.high, self.rate = (
            np.array([getattr(p, name) for p in some], "float64") for name in ("low", "high", "in_dollars")
        )
        self.given = ~(np.isnan(self.low) & np.isnan(self.high))


def priced(some: Sequence[Profile], usd: Mapping[str, float]) -> list[Profile]:
    """Profiles with the dollars of their smallest unit of money.

    Parameters
    ----------
    some : sequence of Profile
    usd : mapping
        Of `rates`.

    Returns
    -------
    list of Profile

    Examples
    --------
    >>> priced([], {"USD": 1.0})
    []
    """
    return [
        replace(p, in_dollars=usd[p.unit] * 10.0 ** -minor_digits(p.unit)) if p.kind == "money" and p.unit in usd else p
        for p in some
    ]


def deals(needs: Sizes, offers: Sizes) -> tuple[dict[str, Floats], Bools]:
    """Bounds of each need and offer in a measure that both share, and where there is none.

    Parameters
    ----------
    needs, offers : Sizes

    Returns
    -------
    (dict, array)
        need_low, need_high, offer_low, offer_high of need x offer, NaN where not given; and whether both are given in units
        that cannot be compared.

    Examples
    --------
    >>> deals(Sizes([]), Sizes([]))[1].shape
    (0, 0)
    """
    same = needs.unit[:, None] == offers.unit[None]
    bounds = {}
    for side, sizes in (("need", needs), ("offer", offers)):
        for end in ("low", "high"):
            values = getattr(sizes, end)
            own, dollars = (v[:, None] if side == "need" else v[None] for v in (values, values * sizes.rate))
            bounds[f"{side}_{end}"] = np.where(same, own, dollars)
    known = same | (~np.isnan(needs.rate)[:, None] & ~np.isnan(offers.rate)[None])
    apart = needs.given[:, None] & offers.given[None] & ~known
    return bounds, apart


def failed(needs: Sequence[Profile], offers: Sequence[Profile]) -> dict[str, Bools]:
    """Which pairs each filter keeps apart.

    Parameters
    ----------
    needs, offers : sequence of Profile
        Of `priced`.

    Returns
    -------
    dict of array of need x offer
        By name of `FILTERS`.

    Examples
    --------
    >>> from homeground.accelerator.matching.profiles import profiles
    >>> made = {"profile": ["A"], "title": ["t"], "kind": ["land"], "consent": ["yes"], "active": ["yes"]}
    >>> need, offer = (profiles(pd.DataFrame(made | {"countries": [code]})) for code in ("NER", "MLI"))
    >>> [name for name, apart in failed(need, offer).items() if apart.any()]
    ['country']
    """
    found: dict[str, Bools] = {}
    a, b = (np.array([p.kind for p in some], "object") for some in (needs, offers))
    found["kind"] = a[:, None] != b[None]
    for name in ("active", "consent"):
        a, b = (np.array([getattr(p, name) for p in some], "bool") for some in (needs, offers))
        found[name] = ~(a[:, None] & b[None])
    a, b = (np.array([p.organisation for p in some], "object") for some in (needs, offers))
    found["own"] = (a[:, None] == b[None]) & (a != "")[:, None]
    found["country"] = _none_shared(needs, offers, "countries")
    start, end = (
        [_days(some, name, open_end) for some in (needs, offers)]
        for name, open_end in (("start", -math.inf), ("end", math.inf))
    )
    found["period"] = np.maximum(start[0][:, None], start[1][None]) > np.minimum(end[0][:, None], end[1][None])
    bounds, found["unit"] = deals(Sizes(needs), Sizes(offers))
    low = np.fmax(bounds["need_low"], bounds["offer_low"])
    high = np.fmin(bounds["need_high"], bounds["offer_high"])
    found["size"] = low > high  # NaN is not more than anything
    found["instrument"] = _none_shared(needs, offers, "instruments")
    found["exclusion"] = _shut(needs, offers) | _shut(offers, needs).T
    return {name: np.asarray(found[name], "bool") for name in FILTERS}


def _days(some: Sequence[Profile], name: str, missing: float) -> Floats:
    days = np.array([getattr(p, name) for p in some], "float64")
    return np.where(np.isnan(days), missing, days)


def _none_shared(needs: Sequence[Profile], offers: Sequence[Profile], name: str) -> Bools:
    a, b = ([getattr(p, name) for p in some] for some in (needs, offers))
    given = np.array([bool(s) for s in a], "bool")[:, None] & np.array([bool(s) for s in b], "bool")[None]
    return np.asarray(given & (shared(a, b)[0] < 1), "bool")


def involved(profile: Profile) -> tuple[str, ...]:
    """What a profile brings that a partner may shut out: what it says it involves, its practices and their groups.

    Parameters
    ----------
    profile : Profile

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> from homeground.accelerator.matching.profiles import profiles
    >>> made = {"profile": ["A"], "title": ["t"], "kind": ["land"], "consent": ["yes"], "active": ["yes"]}
    >>> involved(profiles(pd.DataFrame(made | {"practices": ["zai"], "involves": ["pesticides"]}))[0])
    ('pesticides', 'zai', 'water_harvesting')
    """
    grown = [name for p in profile.practices for name in (p, practices()[p].branch)]
    return tuple(dict.fromkeys((*profile.involves, *grown)))


def _shut(who: Sequence[Profile], whom: Sequence[Profile]) -> Bools:
    """Whether each of the one shuts out something of each of the others."""
    return shared([p.exclusions for p in who], [involved(p) for p in whom])[0] > 0
