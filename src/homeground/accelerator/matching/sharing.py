# SPDX-License-Identifier: Apache-2.0
"""Money of eligible offers shared out among needs, in exact smallest units, told by instrument and never added up unsaid."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import numpy as np
import pandas as pd

from homeground.accelerator.matching.allocation import FUNDERS, Link, bound, greedy, value
from homeground.accelerator.matching.filters import Bools, Floats
from homeground.accelerator.matching.profiles import Profile
from homeground.numbers.money import minor_digits

DOLLARS = "USD"
LINKS = ("need", "offer", "instrument", "amount_minor", "currency", "score")
TOTALS = ("instrument", "amount_minor", "currency", "needs", "offers")
OPEN = ("need", "gap_minor", "given_minor", "currency", "funders")
BOUNDS = ("currency", "reached", "bound", "share", "said")


def reckoned(amount: float, currency: str, to: str, usd: Mapping[str, float], *, up: bool = False) -> int:
    """An amount in the smallest units of another currency, rounded down (or up) to a whole one.

    Parameters
    ----------
    amount : float
        Whole number of smallest units.
    currency, to : str
        Codes of ISO 4217; ``to`` is the same or USD.
    usd : mapping
        Dollars for one whole unit.
    up : bool
        Round up: a least amount may not become smaller.

    Returns
    -------
    int

    Examples
    --------
    >>> reckoned(655_957, "XOF", "USD", {"XOF": 0.0016}), reckoned(5, "EUR", "EUR", {})
    (104953, 5)
    """
    if currency == to:
        return int(amount)
    dollars = Decimal(int(amount)).scaleb(-minor_digits(currency)) * Decimal(repr(usd[currency]))
    return int(dollars.scaleb(minor_digits(to)).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR))


def shared_money(
    asking: Sequence[Profile], giving: Sequence[Profile], eligible: Bools, scores: Floats, usd: Mapping[str, float]
) -> dict[str, pd.DataFrame]:
    """Money of offers to needs, the best fits first.

    Parameters
    ----------
    asking, giving : sequence of Profile
    eligible : array of need x offer
    scores : array of need x offer
    usd : mapping
        Dollars for one whole unit, by currency.

    Returns
    -------
    dict of DataFrame
        ``allocation`` (need, offer, instruments that both allow, amount), ``totals`` by instrument, ``open_needs`` (what is
        missing and what was found), ``bounds`` (what is reached, weighted by fit, beside what no choice can beat). All in one
        currency where there is one; of several, those with a rate in US dollars, each other one by itself. Needs and offers
        that name no largest amount and no total take no part.

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.accelerator.matching.profiles import profiles
    >>> made = {"profile": ["A"], "title": ["t"], "kind": ["money"], "currency": ["EUR"], "consent": ["yes"], "active": ["yes"]}
    >>> offer, need = (profiles(pd.DataFrame(made | {"largest_minor": [most]})) for most in (500, 800))
    >>> shared_money(need, offer, np.ones((1, 1), bool), np.ones((1, 1)), {})["open_needs"].values.tolist()
    [['A', 800, 500, 'EUR', 1]]
    """
    tables: dict[str, list[dict[str, Any]]] = {"allocation": [], "open_needs": [], "bounds": []}
    # Who has no partner tells nothing of the currency in which the others are reckoned.
    has_partner = [*np.any(eligible, axis=1).tolist(), *np.any(eligible, axis=0).tolist()]
    partnered = zip((*asking, *giving), has_partner, strict=True)
    found = {p.unit for p, any_ in partnered if any_ and _has_money(p)}
    dollars = {code for code in found if code in usd}
    groups = {DOLLARS: dollars} if len(dollars) > 1 else {code: {code} for code in dollars}
    groups |= {code: {code} for code in found - dollars}
    for currency in sorted(groups):
        _share(currency, groups[currency], asking, giving, eligible, scores, usd, tables)
    alone = [p for p in asking if _has_money(p) and p.unit not in found and p.active and p.consent]
    tables["open_needs"] += [dict(zip(OPEN, (p.profile, int(p.total), 0, p.unit, 0), strict=True)) for p in alone]
    tables["open_needs"].sort(key=lambda row: str(row["need"]))
    allocation = pd.DataFrame(tables["allocation"], columns=list(LINKS)).astype({"amount_minor": "int64"})
    return {
        "allocation": allocation,
        "totals": _totals(allocation),
        "open_needs": pd.DataFrame(tables["open_needs"], columns=list(OPEN)).astype(
            {"gap_minor": "int64", "given_minor": "int64"}
        ),
        "bounds": pd.DataFrame(tables["bounds"], columns=list(BOUNDS)),
    }


def _has_money(profile: Profile) -> bool:
    return profile.kind == "money" and bool(profile.unit) and not math.isnan(profile.total)


def _share(
    currency: str,
    units: set[str],
    asking: Sequence[Profile],
    giving: Sequence[Profile],
    eligible: Bools,
    scores: Floats,
    usd: Mapping[str, float],
    tables: dict[str, list[dict[str, Any]]],
) -> None:
    """Share out the money that is reckoned in one currency, and add rows to the tables."""
    able = [[_has_money(p) and p.unit in units and p.active and p.consent for p in some] for some in (asking, giving)]
    gaps, budgets = (
        [reckoned(p.total, p.unit, currency, usd) if ok else 0 for p, ok in zip(some, oks, strict=True)]
        for some, oks in zip((asking, giving), able, strict=True)
    )
    links = []
    for i, j in zip(*np.nonzero(eligible & ~np.isnan(scores)), strict=True):
        if not (able[0][i] and able[1][j]):
            continue
        pair = (asking[i], giving[j])
        low = max(reckoned(p.low, p.unit, currency, usd, up=True) if not math.isnan(p.low) else 0 for p in pair)
        tops = [reckoned(p.high, p.unit, currency, usd) for p in pair if not math.isnan(p.high)]
        links.append(Link(int(i), int(j), float(scores[i, j]), low, min([*tops, gaps[i], budgets[j]])))
    amounts = greedy(links, gaps, budgets)
    for k, amount in amounts.items():
        need, offer = asking[links[k].need], giving[links[k].offer]
        both = [name for name in need.instruments if name in offer.instruments]
        told = both if need.instruments and offer.instruments else list(need.instruments or offer.instruments)
        tables["allocation"].append(
            {
                "need": need.profile, "offer": offer.profile, "instrument": " or ".join(told) or None,
                "amount_minor": amount, "currency": currency, "score": links[k].score,
            }
        )  # fmt: skip
    for i, need in enumerate(asking):
        if able[0][i]:
            of_it = [amount for k, amount in amounts.items() if links[k].need == i]
            row = (need.profile, gaps[i], sum(of_it), currency, len(of_it))
            tables["open_needs"].append(dict(zip(OPEN, row, strict=True)))
    reached, most = value(links, amounts), bound(links, gaps, budgets, FUNDERS)
    share = reached / most.value if most.value > 0 else math.nan
    tables["bounds"].append(dict(zip(BOUNDS, (currency, reached, most.value, share, most.said), strict=True)))


def _totals(allocation: pd.DataFrame) -> pd.DataFrame:
    """Sums of one instrument and currency; a grant is never added to a loan."""
    if not len(allocation):
        return pd.DataFrame(columns=list(TOTALS)).astype({"amount_minor": "int64"})
    by = allocation.groupby(["instrument", "currency"], dropna=False, as_index=False, sort=True)
    found = by.agg(amount_minor=("amount_minor", "sum"), needs=("need", "nunique"), offers=("offer", "nunique"))
    return found[list(TOTALS)]
