# SPDX-License-Identifier: Apache-2.0
"""How well an offer and a need fit, feature by feature, seen from both sides: 0 to 1, NaN where it is not known.

A need wants all of its places and practices met; an offer asks that the need has one that it serves. Pillars, beneficiaries
and text look alike from both sides. Of the record each side looks at the other's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.accelerator.matching import practices as tree
from homeground.accelerator.matching.filters import Bools, Floats, Sizes, deals, incidence, shared
from homeground.accelerator.matching.profiles import PILLARS, Profile, country_of
from homeground.accelerator.matching.text import counted, likeness, plain

FEATURES = ("geography", "pillars", "practices", "size", "beneficiaries", "text", "record")
WHOLE, WIDER, BESIDE = 1.0, 0.7, 0.4  # the place is covered; it is wider than the offer's; another part of the country
FEWEST = 5  # words of title and text, below which a text is not compared: two short titles need not share a word
ENOUGH = 5  # finished projects beyond which more do not count


@dataclass(frozen=True)
class Fits:
    """Fits of need x offer by feature, as the need and as the offer sees them."""

    need: dict[str, Floats]
    offer: dict[str, Floats]
    skipped: Bools  # where text was left out for its language


def covers(place: str, by: str) -> float:
    """How well a place of an offer covers one of a need.

    Parameters
    ----------
    place, by : str
        Codes of countries or of parts of them, of the need and of the offer.

    Returns
    -------
    float
        1 where it is the same or lies in it, 0.7 where it is wider, 0.4 in another part of the country, 0 abroad. The steps
        are an expert default.

    Examples
    --------
    >>> covers("NE-6", "NER"), covers("NER", "NE-6"), covers("NE-6", "NE-2"), covers("NE-6", "MLI")
    (1.0, 0.7, 0.4, 0.0)
    """
    if country_of(place) != country_of(by):
        return 0.0
    if place == by or by == country_of(by):
        return WHOLE
    return WIDER if place == country_of(place) else BESIDE


def best(
    needs: Sequence[Sequence[str]], offers: Sequence[Sequence[str]], near: Callable[[str, str], float]
) -> tuple[Floats, Floats]:
    """How well words of offers meet those of needs, where words may be near each other.

    Parameters
    ----------
    needs, offers : sequence of sequences of str
    near : function
        Of a word of a need and one of an offer: 0 to 1.

    Returns
    -------
    (array, array) of need x offer
        Mean over the words of the need of the nearest of the offer; and the nearest of all pairs. NaN where either has none.

    Examples
    --------
    >>> mean, nearest = best([("zai", "nursery")], [("half_moons",)], tree.nearness)
    >>> mean.tolist(), nearest.tolist()  # (0.6 + 0) / 2
    ([[0.3]], [[0.6]])
    """
    asked, given = (sorted({word for one in some for word in one}) for some in (needs, offers))
    table = np.array([[near(a, b) for b in given] for a in asked]).reshape(len(asked), len(given))
    held = incidence(offers, given) > 0
    met = np.zeros((len(asked), len(offers)))  # word of needs x offer
    for i in range(len(given)):
        met = np.maximum(met, np.where(held[None, :, i], table[:, i, None], 0.0))
    wanted = incidence(needs, asked)
    count = wanted.sum(axis=1)
    nearest = np.zeros((len(needs), len(offers)))
    for i in range(len(asked)):
        nearest = np.maximum(nearest, wanted[:, i, None] * met[None, i])
    with np.errstate(invalid="ignore"):
        mean = (wanted @ met) / count[:, None]
    unknown = (count < 1)[:, None] | ~np.any(held, axis=1, keepdims=True).T
    return np.where(unknown, np.nan, mean), np.where(unknown, np.nan, nearest)


def triangle(value: Any, low: Any, high: Any) -> Floats:
    """How near a size is to the middle of a range, on the scale of logarithms.

    Parameters
    ----------
    value, low, high : array
        Above zero, in one unit.

    Returns
    -------
    array
        1 - |ln value - m| / ((ln high - ln low) / 2), m the mean of ln low and ln high; 1 where low is high.

    Examples
    --------
    >>> triangle([100.0, 10.0, 1000.0], 10.0, 1000.0).round(9).tolist()
    [1.0, 0.0, 0.0]
    """
    value, low, high = (np.asarray(one, "float64") for one in (value, low, high))
    with np.errstate(divide="ignore", invalid="ignore"):
        half = (np.log(high) - np.log(low)) / 2
        away = np.abs(np.log(value) - (np.log(high) + np.log(low)) / 2)
        found = np.where(half > 0, 1 - away / half, 1.0)
    return np.where((low > 0) & (high > 0) & (value > 0), np.clip(found, 0.0, 1.0), np.nan)


def _sizes(needs: Sequence[Profile], offers: Sequence[Profile]) -> tuple[Floats, Floats]:
    """Fit of the middle of what both could agree on, in the range of each."""
    bounds, _ = deals(Sizes(needs), Sizes(offers))
    low = np.fmax(bounds["need_low"], bounds["offer_low"])
    high = np.fmin(bounds["need_high"], bounds["offer_high"])
    with np.errstate(invalid="ignore"):
        middle = np.where((low > 0) & (high >= low), np.sqrt(low * high), np.nan)
    views = (triangle(middle, bounds[f"{side}_low"], bounds[f"{side}_high"]) for side in ("need", "offer"))
    need, offer = (np.where(np.isnan(middle), np.nan, view) for view in views)
    return need, offer


def _pillars(needs: Sequence[Profile], offers: Sequence[Profile]) -> Floats:
    """Cosine of the weights of the pillars."""
    a, b = (
        np.array([[p.pillars.get(i, 0.0) for i in PILLARS] for p in some]).reshape(-1, 5) for some in (needs, offers)
    )
    length = np.sqrt((a**2).sum(axis=1))[:, None] * np.sqrt((b**2).sum(axis=1))[None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(length > 0, np.clip((a @ b.T) / length, 0.0, 1.0), np.nan)


def _jaccard(needs: Sequence[Sequence[str]], offers: Sequence[Sequence[str]]) -> Floats:
    both, either = shared(needs, offers)
    a, b = (np.array([bool(one) for one in some], "bool") for some in (needs, offers))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(a[:, None] & b[None], both / either, np.nan)


def _record(who: Sequence[Profile], where: Sequence[Profile], finished: pd.DataFrame | None) -> Floats:
    """Finished projects of the one in the countries of the other; NaN of those of whom nothing is recorded."""
    found = np.full((len(who), len(where)), np.nan)
    if finished is None or not len(finished):
        return found
    counts = finished.groupby(["organisation", "iso3"])["finished"].sum()
    known = set(finished["organisation"])
    for i, one in enumerate(who):
        if one.organisation in known:
            of_it = counts[one.organisation].to_dict()
            for j, other in enumerate(where):
                if other.countries:
                    found[i, j] = min(1.0, sum(of_it.get(code, 0) for code in other.countries) / ENOUGH)
    return found


def _text(profile: Profile) -> str:
    """Title and text; nothing where they are too short to be likened to others."""
    return profile.words if len(plain(profile.words)) >= FEWEST else ""


def fits(
    needs: Sequence[Profile],
    offers: Sequence[Profile],
    *,
    finished: pd.DataFrame | None = None,
    corpus: NDArray[np.bool_] | None = None,
) -> Fits:
    """All features of all pairs.

    Parameters
    ----------
    needs, offers : sequence of Profile
        Money of several currencies is compared where they are of `homeground.accelerator.matching.filters.priced`.
    finished : DataFrame, optional
        organisation, iso3, finished: how many projects it finished there.
    corpus : array of bool, optional
        Which of the needs and then the offers tell how rare words are.

    Returns
    -------
    Fits

    Examples
    --------
    >>> from homeground.accelerator.matching.profiles import profiles
    >>> made = {"profile": ["A"], "title": ["t"], "kind": ["land"], "consent": ["yes"], "active": ["yes"]}
    >>> side = profiles(pd.DataFrame(made | {"pillars": ["2; 5"], "countries": ["NER"]}))
    >>> {name: round(float(fit[0, 0]), 2) for name, fit in fits(side, side).need.items() if not np.isnan(fit[0, 0])}
    {'geography': 1.0, 'pillars': 1.0}
    """
    need: dict[str, Floats] = {}
    offer: dict[str, Floats] = {}
    need["geography"], offer["geography"] = best([p.places for p in needs], [p.places for p in offers], covers)
    need["pillars"] = offer["pillars"] = _pillars(needs, offers)
    need["practices"], offer["practices"] = best(
        [p.practices for p in needs], [p.practices for p in offers], tree.nearness
    )
    need["size"], offer["size"] = _sizes(needs, offers)
    need["beneficiaries"] = _jaccard([p.beneficiaries for p in needs], [p.beneficiaries for p in offers])
    offer["beneficiaries"] = need["beneficiaries"]
    both = [*needs, *offers]
    texts = [_text(p) for p in both]
    labels = [p.practices if text else () for p, text in zip(both, texts, strict=True)]
    need["text"], skipped = likeness(counted(texts, labels), len(needs), corpus)
    offer["text"] = need["text"]
    need["record"], offer["record"] = _record(offers, needs, finished).T, _record(needs, offers, finished)
    return Fits(need, offer, skipped)
