# SPDX-License-Identifier: Apache-2.0
"""How good the fits are, tried on links that are known: one is hidden, and who it was with is to be found again.

Each activity of a file is a need, each organisation an offer that is described by its other activities alone. For each link
the organisation is ranked among all that have another activity and are not linked to this one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import scipy.sparse as sp

from homeground.accelerator.matching.features import ENOUGH, Fits, best, fits
from homeground.accelerator.matching.filters import Floats, incidence
from homeground.accelerator.matching.lists import DECIMALS
from homeground.accelerator.matching.profiles import Profile
from homeground.accelerator.matching.scores import checked_weights, scored
from homeground.accelerator.matching.text import Words, counted, likeness

FIRST = 5
GROUP, SECTOR = 3, 1  # digits of a purpose code of the DAC that name its group and its sector


def purpose_nearness(one: str, other: str) -> float:
    """How near two purpose codes are: the same 1, of one group 0.6, of one sector 0.3, as with practices.

    Parameters
    ----------
    one, other : str
        Codes of the DAC, five or three digits.

    Returns
    -------
    float

    Examples
    --------
    >>> purpose_nearness("31130", "31130"), purpose_nearness("31130", "31120"), purpose_nearness("31130", "32110")
    (1.0, 0.6, 0.3)
    """
    if one == other:
        return 1.0
    if one[:GROUP] == other[:GROUP]:
        return 0.6
    return 0.3 if one[:SECTOR] == other[:SECTOR] else 0.0


def _described(name: str, activities: Sequence[Mapping[str, object]]) -> Profile:
    """One or several activities as a profile: their countries, and the range of their amounts in the commonest currency."""
    countries = tuple(dict.fromkeys(code for a in activities for code in a["countries"]))  # type: ignore[attr-defined]
    money = [(str(a["currency"]), float(a["amount"])) for a in activities if a["currency"] and float(a["amount"]) > 0]  # type: ignore[arg-type]
    unit = min(Counter(c for c, _ in money).items(), key=lambda kv: (-kv[1], kv[0]))[0] if money else ""
    amounts = [amount for currency, amount in money if currency == unit]
    low, high = (min(amounts), max(amounts)) if amounts else (math.nan, math.nan)
    return Profile(
        profile=name, title="", organisation=name, kind="money", countries=countries, places=countries, pillars={},
        practices=(), instruments=(), low=low, high=high, total=high, unit=unit, start=math.nan, end=math.nan,
        beneficiaries=(), languages=(), involves=(), exclusions=(), consent=True, active=True, text="",
    )  # fmt: skip


def hide_one(
    activities: pd.DataFrame, links: pd.DataFrame, *, weights: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Hide each link in turn, and rank the organisation that it was with.

    Parameters
    ----------
    activities : DataFrame
        activity, countries (list of codes), purposes (list of codes of the DAC), text, amount, currency; a row each.
    links : DataFrame
        activity, organisation: in one role. Only activities of ``activities``.
    weights : mapping, optional
        As of `homeground.accelerator.matching.match.match`.

    Returns
    -------
    DataFrame
        One row for each link whose organisation has another activity: activity, organisation, candidates, and for ``fit`` and
        ``popularity`` (how many other activities an organisation has) the chance to be among the first five (``_hit``) and the
        mean reciprocal rank (``_reciprocal``), both over all orders of those that are alike; the same for ``random``.

    Notes
    -----
    Pillars and beneficiaries stand in none of these files and are not known. The record counts other activities in the
    country, for which are finished is not told everywhere.

    Examples
    --------
    >>> made = [("A1", ["NER"]), ("A2", ["NER"]), ("B1", ["SEN"]), ("B2", ["SEN"])]
    >>> rows = [dict(activity=a, countries=c, purposes=[], text="", amount=0.0, currency="") for a, c in made]
    >>> known = pd.DataFrame({"activity": [a for a, _ in made], "organisation": ["X", "X", "Y", "Y"]})
    >>> found = hide_one(pd.DataFrame(rows), known)
    >>> found["fit_reciprocal"].tolist(), found["popularity_reciprocal"].tolist()  # the other one has two activities left
    ([1.0, 1.0, 1.0, 1.0], [0.5, 0.5, 0.5, 0.5])
    """
    rows = activities.sort_values("activity").to_dict("records")
    place = {row["activity"]: i for i, row in enumerate(rows)}
    pairs = sorted({(place[a], o) for a, o in zip(links["activity"], links["organisation"], strict=True)})
    organisations = sorted({o for _, o in pairs})
    of = {o: [i for i, other in pairs if other == o] for o in organisations}
    hidden = [(i, o) for i, o in pairs if len(of[o]) > 1]
    groups = [of[o] for o in organisations] + [[k for k in of[o] if k != i] for i, o in hidden]
    names = organisations + [o for _, o in hidden]
    fit = _fits(rows, groups, names)  # type: ignore[arg-type]
    score = np.round(np.nan_to_num(scored(fit, checked_weights(weights)).both, nan=-1.0), DECIMALS)
    size = np.array([len(group) for group in groups], "float64")
    linked = {i: {o for k, o in pairs if k == i} for i in range(len(rows))}
    found = []
    for number, (i, o) in enumerate(hidden):
        others = [j for j, name in enumerate(organisations) if name not in linked[i]]
        own = len(organisations) + number
        row: dict[str, object] = {"activity": rows[i]["activity"], "organisation": o, "candidates": len(others) + 1}
        for name, values in (("fit", score[i]), ("popularity", size), ("random", np.zeros(len(groups)))):
            row[f"{name}_hit"], row[f"{name}_reciprocal"] = _rank(values[own], values[others])
        found.append(row)
    told = [f"{name}_{what}" for name in ("fit", "popularity", "random") for what in ("hit", "reciprocal")]
    return pd.DataFrame(found, columns=["activity", "organisation", "candidates", *told])


def _rank(own: float, others: Floats) -> tuple[float, float]:
    """Chance to be among the first, and mean reciprocal rank, over all orders of those that are alike."""
    better, alike = int((others > own).sum()), int((others == own).sum()) + 1
    hit = min(max((FIRST - better) / alike, 0.0), 1.0)
    return hit, float(np.mean(1 / np.arange(better + 1, better + alike + 1)))


def _fits(rows: Sequence[Mapping[str, object]], groups: Sequence[Sequence[int]], names: Sequence[str]) -> Fits:
    """Fits of each activity with each group of activities."""
    needs = [_described(str(row["activity"]), [row]) for row in rows]
    offers = [_described(name, [rows[i] for i in group]) for name, group in zip(names, groups, strict=True)]
    fit = fits(needs, offers)
    held = incidence(groups, range(len(rows)))
    words = counted([str(row["text"]) for row in rows])
    counts = sp.vstack([words.counts, sp.csr_array(held) @ words.counts]).tocsr()
    corpus = np.arange(counts.shape[0]) < len(rows)
    text, _ = likeness(Words(counts, words.names, (*words.languages, *[""] * len(groups))), len(rows), corpus)
    purposes: list[tuple[str, ...]] = [tuple(row["purposes"]) for row in rows]  # type: ignore[arg-type]
    of_groups = [tuple(dict.fromkeys(code for i in group for code in purposes[i])) for group in groups]
    need_side, offer_side = best(purposes, of_groups, purpose_nearness)
    codes = sorted({code for need in needs for code in need.countries})
    places = incidence([need.countries for need in needs], codes)
    record = np.minimum(1.0, places @ (held @ places).T / ENOUGH)
    record = np.where(np.any(places, axis=1, keepdims=True), record, np.nan)
    alike = {"text": text}
    nothing = np.full_like(record, np.nan)
    need = fit.need | alike | {"practices": need_side, "record": record}
    return Fits(need, fit.offer | alike | {"practices": offer_side, "record": nothing}, fit.skipped)


def summary(found: pd.DataFrame) -> dict[str, float]:
    """Hit rate among the first five and mean reciprocal rank of the fits, of popularity and of chance.

    Parameters
    ----------
    found : DataFrame
        Of `hide_one`.

    Returns
    -------
    dict of str to float
        ``links``, ``candidates`` (mean), and ``fit_hit``, ``fit_reciprocal`` and so on; 0 to 1.

    Examples
    --------
    >>> columns = ["fit_hit", "fit_reciprocal", "popularity_hit", "popularity_reciprocal", "random_hit", "random_reciprocal"]
    >>> made = pd.DataFrame({"candidates": [10, 20]} | {name: [1.0, 0.5] for name in columns})
    >>> summary(made)["fit_hit"], summary(made)["candidates"]
    (0.75, 15.0)
    """
    told = [c for c in found.columns if c.endswith(("_hit", "_reciprocal"))]
    return {"links": float(len(found)), "candidates": float(found["candidates"].mean())} | {
        name: float(found[name].mean()) for name in told
    }
