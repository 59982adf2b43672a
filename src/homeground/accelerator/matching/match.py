# SPDX-License-Identifier: Apache-2.0
"""Offers and needs held against each other: who could join whom, why, and what nearly fits. Nobody is contacted."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from homeground.accelerator.matching.features import FEATURES, Fits, fits
from homeground.accelerator.matching.filters import FILTERS, NOT_NEAR, Bools, failed, priced, rates
from homeground.accelerator.matching.given import require
from homeground.accelerator.matching.lists import DECIMALS, ranked, short_lists
from homeground.accelerator.matching.profiles import Profile, profiles
from homeground.accelerator.matching.reasons import change, why
from homeground.accelerator.matching.scores import Scores, checked_weights, scored
from homeground.accelerator.matching.sharing import shared_money
from homeground.errors import DataError
from homeground.language.messages import phrase

VIEWS = [f"{name}_{side}" for name in FEATURES for side in ("need", "offer")]
MATCHES = (
    "need",
    "offer",
    "rank",
    "score",
    "need_view",
    "offer_view",
    "completeness",
    *VIEWS,
    "by_exposure",
    "reasons",
)
NEAR = ("need", "offer", "filter", "score", "completeness", "change")
LOG = ("run", "need", "offer", "rank", "score", "completeness", "state", "date", "role", "reason")


def match(
    offers: pd.DataFrame,
    needs: pd.DataFrame,
    *,
    weights: Mapping[str, float] | None = None,
    top: int = 5,
    exposure: float = 0.2,
    exchange_rates: pd.DataFrame | None = None,
    rate_year: int | None = None,
    finished: pd.DataFrame | None = None,
    day: datetime.date | None = None,
    language: str = "en",
) -> dict[str, pd.DataFrame]:
    """Short lists of offers for each need, with reasons, near misses and a sharing out of money.

    Parameters
    ----------
    offers, needs : DataFrame
        Tables ``offers`` and ``needs`` of the registry (see `homeground.accelerator.matching.given.read_profiles`).
    weights : mapping of str to float, optional
        What each feature counts; left out: the expert defaults of ``matching/weights.csv``. Only proportions matter.
    top : int
        Most offers shown to a need.
    exposure : float
        Most of the lists that one offer may stand in while an eligible offer stands in none.
    exchange_rates : DataFrame, optional
        The registry's (currency, year, usd). Without it money is compared in one currency only.
    rate_year : int, optional
        Year of the rates; left out: the latest that has most of the currencies.
    finished : DataFrame, optional
        organisation, iso3, finished: projects that an organisation finished there (see `finished_projects`).
    day : date, optional
        Written into the run and the log.
    language : {"en", "fr", "zh"}
        Of the sentences.

    Returns
    -------
    dict of DataFrame
        ``run`` (weights and settings), ``matches`` (a row for each offer shown: scores, fits of each feature as seen by the
        need and by the offer, reasons), ``near_misses`` (pairs that one filter alone keeps apart, with what would have to
        change), ``left_out`` (how many offers each filter keeps from a need), ``allocation``, ``totals``, ``open_needs`` and
        ``bounds`` (see `homeground.accelerator.matching.sharing.shared_money`), ``log`` (what was shown, for ``match_log``).

    Raises
    ------
    DataError
        All faults of offers and needs at once; weights, top or exposure that cannot be.

    Notes
    -----
    The score is the harmonic mean of two weighted means, one as the need sees the offer and one as the offer sees the need.
    A feature that is not known on a side is left out, the other weights are spread over the rest, and ``completeness`` tells
    which part of the weights was known. Results do not hang on the order of rows; scores that are alike stand in the order of
    completeness and then of short names.

    Examples
    --------
    >>> made = {"profile": ["A"], "title": ["t"], "kind": ["land"], "consent": ["yes"], "active": ["yes"]}
    >>> one = pd.DataFrame(made | {"countries": ["NER; MLI"]})
    >>> match(one, one.assign(countries="MLI"))["matches"][["offer", "score"]].values.tolist()
    [['A', 1.0]]
    """
    require(offers, needs)
    finished = finished if finished is not None and len(finished) else None
    used = checked_weights(weights)
    if top < 1 or not 0 <= exposure <= 1:
        raise DataError(f"top is {top} and exposure {exposure}: one or more, and a part of one, were expected.")
    giving, asking = profiles(offers), profiles(needs)
    usd, year = rates(exchange_rates, _currencies(asking, giving), rate_year)
    giving, asking = priced(giving, usd), priced(asking, usd)
    apart = failed(asking, giving)
    count = np.sum([apart[name] for name in FILTERS], axis=0).reshape(len(asking), len(giving))
    eligible = count == 0
    # Only those that have a partner tell how rare words are, so that another who has none changes nothing.
    corpus = np.concatenate([eligible.any(axis=1), eligible.any(axis=0)])
    fit = fits(asking, giving, finished=finished, corpus=corpus)
    scores = scored(fit, used)
    lists, put = short_lists(ranked(scores.both, scores.completeness, eligible), scores.both, top, exposure)
    said = "; ".join(f"{name}: {value:.6g}" for name, value in used.items())
    run = _run_id(asking, giving, said, top, exposure, usd, finished)
    tables = {
        "run": pd.DataFrame(
            [{"run": run, "date": day, "weights": said, "top": top, "exposure": exposure, "rate_year": year}]
        ).astype({"rate_year": "Int64"}),
        "matches": _matches(asking, giving, fit, scores, lists, put, used, language),
        "near_misses": _near_misses(asking, giving, apart, count, scores, top, language),
        "left_out": _left_out(asking, apart),
    }
    tables |= shared_money(asking, giving, eligible, np.round(scores.both, DECIMALS), usd)
    tables["log"] = tables["matches"].assign(run=run, state="shown", date=day, role=None, reason=None)[list(LOG)]
    return tables


def _currencies(asking: Sequence[Profile], giving: Sequence[Profile]) -> set[str]:
    """Currencies of those that may find a partner once money is compared; nobody else tells which year's rates are taken."""
    apart = failed(asking, giving)
    may = np.sum([apart[name] for name in FILTERS if name not in ("unit", "size")], axis=0) == 0
    some = [p for p, any_ in zip((*asking, *giving), (*may.any(axis=1), *may.any(axis=0)), strict=True) if any_]
    return {p.unit for p in some if p.kind == "money" and p.unit}


def _run_id(asking: Sequence[Profile], giving: Sequence[Profile], *more: Any) -> str:
    """A name for a run that is the same whenever the same is asked."""
    told = [[repr(p) for p in some] for some in (asking, giving)]
    rest = [
        one.sort_values(list(one.columns)).to_csv(index=False) if isinstance(one, pd.DataFrame) else one for one in more
    ]
    return "match-" + hashlib.sha256(json.dumps([told, rest], default=str).encode()).hexdigest()[:12]


def _matches(
    asking: Sequence[Profile],
    giving: Sequence[Profile],
    fit: Fits,
    scores: Scores,
    lists: list[list[int]],
    put: set[tuple[int, int]],
    weights: dict[str, float],
    code: str,
) -> pd.DataFrame:
    rows = []
    for i, shown in enumerate(lists):
        for rank, j in enumerate(shown, start=1):
            reasons = why(asking[i], giving[j], fit, (i, j), weights, code)
            if (i, j) in put:
                reasons.append(phrase("accelerator.match.why.exposure", code))
            views = {f"{name}_need": fit.need[name][i, j] for name in FEATURES}
            views |= {f"{name}_offer": fit.offer[name][i, j] for name in FEATURES}
            rows.append(
                {
                    "need": asking[i].profile, "offer": giving[j].profile, "rank": rank, "score": scores.both[i, j],
                    "need_view": scores.need[i, j], "offer_view": scores.offer[i, j],
                    "completeness": scores.completeness[i, j], **views, "by_exposure": (i, j) in put,
                    "reasons": "\n".join(reasons),
                }
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(MATCHES)).round(DECIMALS)


def _near_misses(
    asking: Sequence[Profile],
    giving: Sequence[Profile],
    apart: dict[str, Bools],
    count: Any,
    scores: Scores,
    top: int,
    code: str,
) -> pd.DataFrame:
    """Pairs that one filter alone keeps apart, those first that would fit best; never by a lack of consent."""
    rows = []
    for i, need in enumerate(asking):
        near = [
            (-round(float(np.nan_to_num(scores.both[i, j], nan=-1.0)), DECIMALS), int(j), name)
            for name in FILTERS
            if name not in NOT_NEAR
            for j in np.flatnonzero(apart[name][i] & (count[i] == 1))
        ]
        rows += [
            {
                "need": need.profile, "offer": giving[j].profile, "filter": name, "score": scores.both[i, j],
                "completeness": scores.completeness[i, j], "change": change(name, need, giving[j], code),
            }
            for _, j, name in sorted(near)[:top]
        ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(NEAR)).round(DECIMALS)


def _left_out(asking: Sequence[Profile], apart: dict[str, Bools]) -> pd.DataFrame:
    """How many offers each filter keeps from each need; an offer of the same kind may be kept by several."""
    counts = {name: (apart[name] & ~apart["kind"] if name != "kind" else apart[name]).sum(axis=1) for name in FILTERS}
    rows = [
        {"need": need.profile, "filter": name, "offers": int(counts[name][i])}
        for i, need in enumerate(asking)
        for name in FILTERS
        if counts[name][i]
    ]
    return pd.DataFrame(rows, columns=["need", "filter", "offers"])


def finished_projects(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Projects that each organisation finished in each country.

    Parameters
    ----------
    tables : mapping
        ``projects``, ``participants`` and ``project_countries`` of the registry.

    Returns
    -------
    DataFrame
        organisation, iso3, finished: projects that are closed, whatever the role in them; organisations that take part in any
        project have a row, with 0 where none is closed.

    Examples
    --------
    >>> projects = pd.DataFrame({"project": ["P", "Q"], "status": ["closed", "implementation"]})
    >>> roles = pd.DataFrame({"project": ["P", "P", "Q"], "organisation": ["A", "A", "B"], "role": ["funding", "accountable", "funding"]})
    >>> where = pd.DataFrame({"project": ["P", "Q"], "iso3": ["NER", "NER"]})
    >>> finished_projects({"projects": projects, "participants": roles, "project_countries": where}).values.tolist()
    [['A', 'NER', 1], ['B', 'NER', 0]]
    """
    closed = tables["projects"].set_index("project")["status"].eq("closed")
    pairs = tables["participants"][["project", "organisation"]].drop_duplicates()
    pairs = pairs.merge(tables["project_countries"][["project", "iso3"]].drop_duplicates(), on="project")
    pairs["finished"] = pairs["project"].map(closed).fillna(False).astype("int64")
    return pairs.groupby(["organisation", "iso3"])["finished"].sum().reset_index()
