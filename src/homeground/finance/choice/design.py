# SPDX-License-Identifier: Apache-2.0
"""Which offers to put on which card, so that few answers tell the weights of all attributes; how many people to ask."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.choice.attributes import NONE, Attribute, attributes_on_cards, coded, terms_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Levels = NDArray[np.intp]

OFFERS = ("A", "B")
JOHNSON_ORME = 500.0  # expert default, unverified: "n >= 500 c / (t a)" is a rule of thumb of practitioners
PASSES = 20
DEALS = 300  # ways of dealing the cards to versions that are tried


@dataclass(frozen=True)
class Design:
    """Choice cards with how well they tell the weights apart."""

    cards: pd.DataFrame  # version, card, option (A, B), a column for each attribute
    d_error: float  # det(covariance of one answer to each card)^(1/terms); lower is better
    d_error_at_random: float  # mean of the random cards the search began with
    largest_correlation: float  # between numbers of different attributes, over all offers
    seed: int


def choice_design(
    attributes: Sequence[Attribute] | None = None,
    *,
    cards: int = 8,
    versions: int = 4,
    prior: Mapping[str, float] | None = None,
    starts: int = 5,
    seed: int = 1,
) -> Design:
    """Choice cards of two offers and "none", found by exchange of levels so that the D-error is small.

    Parameters
    ----------
    attributes : sequence of Attribute, optional
        Those that ship and stand on cards if left out.
    cards : int
        Cards that a person answers, 6 to 8.
    versions : int
        Sets of cards; each person answers one. Together they must tell all weights apart.
    prior : mapping of term to weight, optional
        What is believed of the weights (see `terms_of`); 0 of those left out, and then nothing is presumed.
    starts : int
        Random beginnings of the search; the best end is kept.
    seed : int
        Of the beginnings and of the dealing to versions; the same seed gives the same cards.

    Returns
    -------
    Design

    Raises
    ------
    DataError
        Fewer than 6 or more than 8 cards, fewer answers than weights, or a prior for what is no term.

    Notes
    -----
    Information of a card: X' (diag(P) - P P') X with P of the conditional logit at the prior and the option "none" in it
    (McFadden 1974); D-error = det(sum of information)^(-1/K). Numbers are taken level by level here, as categories are, so
    that middle levels stand on cards too and a weight that is not even can be seen. Coordinate exchange: each level of each offer is replaced
    by the one that lowers the D-error most, until none does. No card shows an offer that is at least as good as the other in
    all that is ordered and differs in nothing else. Cards are dealt to versions so that levels are spread evenly.

    Examples
    --------
    >>> found = choice_design(attributes_on_cards(["return", "visit", "loss_protection"]), cards=6, versions=1)
    >>> found.cards.shape, found.d_error < found.d_error_at_random
    ((12, 6), True)
    """
    chosen = tuple(attributes) if attributes is not None else attributes_on_cards()
    terms = terms_of(chosen)
    problems = Problems("design of choice cards")
    if not 6 <= cards <= 8:
        problems.add(f"6 to 8 cards a person were expected, found {cards}; more tire people, fewer tell little")
    if versions < 1 or starts < 1:
        problems.add(f"1 or more versions and starts were expected, found {versions} and {starts}")
    weights = sum(len(one.levels) - 1 for one in chosen) + 1
    if cards * versions * len(OFFERS) < weights:
        problems.add(
            f"{cards} cards x {versions} versions x {len(OFFERS)} offers tell no {weights} weights. Take more versions"
        )
    if unknown := sorted(set(prior or {}) - set(terms)):
        problems.add(f"a prior for unknown terms {unknown}; known: {terms}")
    problems.raise_if_any(DataError)
    beta = np.array([float((prior or {}).get(term, 0.0)) for term in terms])
    tables = _codes(chosen, beta)
    rng = np.random.default_rng(seed)
    best, error, at_random = None, math.inf, []
    for _ in range(starts):
        levels = _begin(chosen, cards * versions, rng)
        first, last = _exchange(levels, chosen, tables, float(beta[-1]))
        at_random.append(first)
        if best is None or last < error:
            best, error = levels, last
    assert best is not None  # noqa: S101 (there is at least one start)
    dealt = best[_deal(best, versions, rng)]
    table = _cards(dealt, chosen, versions)
    finite = [one for one in at_random if math.isfinite(one)]
    return Design(table, error, float(np.mean(finite)) if finite else math.inf, _correlation(table, chosen), seed)


def sample_size(attributes: Sequence[Attribute], *, cards: int = 8, offers: int = 2) -> int:
    """How many people to ask at least, by the rule of thumb of Johnson and Orme.

    Parameters
    ----------
    attributes : sequence of Attribute
        Those on the cards.
    cards : int
        Cards that a person answers.
    offers : int
        Offers on a card, "none" not counted.

    Returns
    -------
    int, persons
        In each segment that is to be told by itself.

    Notes
    -----
    n >= 500 c / (t a): c = largest number of levels of an attribute, t = cards, a = offers. A rule of practitioners,
    unverified (expert default, quality 5); it knows neither the weights nor the precision that is asked.

    Examples
    --------
    500 x 4 levels / (8 cards x 2 offers) = 125.

    >>> sample_size(attributes_on_cards(["return", "visit"]))
    125
    """
    if cards < 1 or offers < 2 or not attributes:
        raise DataError(
            f"attributes, cards of 1 or more and 2 or more offers were expected, found {len(attributes)}, {cards}, {offers}."
        )
    most = max(len(one.levels) for one in attributes)
    return math.ceil(JOHNSON_ORME * most / (cards * offers))


def _codes(attributes: Sequence[Attribute], beta: Floats) -> list[tuple[Floats, Floats]]:
    """For each attribute: a 0/1 number for each level but the first, and each level's utility at the prior."""
    found, at = [], 0
    for one in attributes:
        frame = pd.DataFrame({"option": "A", one.name: list(one.levels)})
        numbers = coded(frame, [one])[:, :-1]
        utility = numbers @ beta[at : at + numbers.shape[1]]
        found.append((np.eye(len(one.levels))[:, 1:], utility))
        at += numbers.shape[1]
    return found


def _begin(attributes: Sequence[Attribute], sets: int, rng: np.random.Generator) -> Levels:
    """Random cards on which no offer is better in everything."""
    levels = np.empty((sets, len(OFFERS), len(attributes)), dtype=np.intp)
    for at in range(sets):
        for _ in range(1000):
            levels[at] = [[rng.integers(len(one.levels)) for one in attributes] for _ in OFFERS]
            if not _decided(levels[at], attributes):
                break
        else:
            raise DataError(
                "no card was found on which neither offer is better in everything. Add an attribute that is not ordered, or "
                "leave out what every one prefers."
            )
    return levels


def _decided(card: Levels, attributes: Sequence[Attribute]) -> bool:
    """Whether one offer is at least as good as the other in all that is ordered, and they differ in nothing else."""
    ordered = np.array([one.better == "later" for one in attributes])
    first, second = card
    if (first != second)[~ordered].any():
        return False
    return bool((first >= second)[ordered].all() or (second >= first)[ordered].all())


def _part(card: Levels, tables: Sequence[tuple[Floats, Floats]], none: float) -> Floats:
    """X' (diag(P) - P P') X of one card and the option that takes none."""
    rows = [
        np.concatenate([numbers[level] for (numbers, _), level in zip(tables, offer, strict=True)]) for offer in card
    ]
    x = np.zeros((len(rows) + 1, rows[0].size + 1))
    x[:-1, :-1], x[-1, -1] = rows, 1.0
    utility = [sum(float(worth[level]) for (_, worth), level in zip(tables, offer, strict=True)) for offer in card]
    share = np.exp(np.array([*utility, none]) - max(*utility, none))
    share /= share.sum()
    centred = x - share @ x
    found: Floats = centred.T @ (centred * share[:, None])
    return found


def _d_error(information: Floats) -> float:
    sign, log = np.linalg.slogdet(information)
    return math.exp(-log / len(information)) if sign > 0 and math.isfinite(log) else math.inf


def _exchange(
    levels: Levels, attributes: Sequence[Attribute], tables: Sequence[tuple[Floats, Floats]], none: float
) -> tuple[float, float]:
    """Improve cards in place; D-error before and after."""
    parts = [_part(card, tables, none) for card in levels]
    total = np.sum(parts, axis=0)
    ridge = 1e-9 * np.trace(total) / len(total) * np.eye(len(total))  # so that a start that tells nothing can improve
    before = _d_error(total)
    error = _d_error(total + ridge)
    for _ in range(PASSES):
        better = False
        for at, offer, place in np.ndindex(levels.shape):
            kept = best = int(levels[at, offer, place])
            for level in range(len(attributes[place].levels)):
                levels[at, offer, place] = level
                if level == kept or _decided(levels[at], attributes):
                    continue
                part = _part(levels[at], tables, none)
                tried = _d_error(total - parts[at] + part + ridge)
                if tried < error * (1 - 1e-9):
                    error, best, found = tried, level, part
            levels[at, offer, place] = best
            if best != kept:
                total, better = total - parts[at] + found, True
                parts[at] = found
        if not better:
            break
    return before, _d_error(np.sum(parts, axis=0))


def _deal(levels: Levels, versions: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """An order of the cards in which each version has all levels about as often."""
    sets = len(levels)
    best, least = np.arange(sets), math.inf
    for _ in range(DEALS if versions > 1 else 1):
        order = rng.permutation(sets)
        dealt = levels[order].reshape(versions, -1, levels.shape[2])
        uneven = 0.0
        for place in range(levels.shape[2]):
            counts = np.stack([np.bincount(one, minlength=levels[..., place].max() + 1) for one in dealt[:, :, place]])
            uneven += float(((counts - counts.mean(axis=0)) ** 2).sum())
        if uneven < least:
            best, least = order, uneven
    return best


def _cards(levels: Levels, attributes: Sequence[Attribute], versions: int) -> pd.DataFrame:
    each = len(levels) // versions
    rows = [
        {"version": at // each + 1, "card": at % each + 1, "option": option}
        | {
            one.name: float(one.levels[level]) if one.numeric else one.levels[level]
            for one, level in zip(attributes, offer, strict=True)
        }
        for at, card in enumerate(levels)
        for option, offer in zip(OFFERS, card, strict=True)
    ]
    return pd.DataFrame(rows)


def _correlation(cards: pd.DataFrame, attributes: Sequence[Attribute]) -> float:
    numbers = coded(cards, attributes)[:, :-1]
    owner = [one.name for one in attributes for _ in range(1 if one.numeric else len(one.levels) - 1)]
    varied = numbers.std(axis=0) > 0
    if varied.sum() < 2:
        return 0.0
    r = np.abs(np.corrcoef(numbers[:, varied].T))
    names = np.array(owner)[varied]
    return float(np.where(names[:, None] != names, r, 0.0).max())


def none_rows(cards: pd.DataFrame, attributes: Sequence[Attribute]) -> pd.DataFrame:
    """Cards with the option that takes none added to each.

    Parameters
    ----------
    cards : DataFrame
        version, card, option and the attributes.
    attributes : sequence of Attribute
        Those on the cards; empty for "none".

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> card = pd.DataFrame({"version": 1, "card": 1, "option": ["A", "B"], "fee": [1.0, 2.0]})
    >>> none_rows(card, [Attribute("fee", True, "", ("1", "2"), "")])["option"].tolist()
    ['A', 'B', 'none']
    """
    none = cards[["version", "card"]].drop_duplicates().assign(option=NONE)
    for one in attributes:
        none[one.name] = np.nan if one.numeric else ""
    return pd.concat([cards, none]).sort_values(["version", "card", "option"], kind="stable").reset_index(drop=True)
