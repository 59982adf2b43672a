# SPDX-License-Identifier: Apache-2.0
"""Short lists of offers for each need, and a cap so that few offers do not fill all of them."""

from __future__ import annotations

import math

import numpy as np

from homeground.accelerator.matching.filters import Bools, Floats

DECIMALS = 9  # scores that differ by less are alike, so that the order of adding does not order the lists


def ranked(scores: Floats, completeness: Floats, eligible: Bools) -> list[list[int]]:
    """Offers of each need from the best on.

    Parameters
    ----------
    scores, completeness : array of need x offer
        Offers in the order of their short names; NaN where nothing is known comes last.
    eligible : array of bool
        Those that no filter keeps apart.

    Returns
    -------
    list of lists
        Places of offers: by score, then by how much is known, then by short name.

    Examples
    --------
    >>> one = np.ones((1, 3))
    >>> ranked(np.array([[0.2, 0.9, 0.9]]), np.array([[1.0, 0.5, 0.7]]), one > 0)
    [[2, 1, 0]]
    """
    rounded, known = np.round(np.nan_to_num(scores, nan=-1.0), DECIMALS), np.round(completeness, DECIMALS)
    return [
        sorted(np.flatnonzero(eligible[i]).tolist(), key=lambda j: (-rounded[i, j], -known[i, j], j))
        for i in range(len(scores))
    ]


def short_lists(
    order: list[list[int]], scores: Floats, top: int, exposure: float
) -> tuple[list[list[int]], set[tuple[int, int]]]:
    """The first offers of each need; an offer in too many lists gives way where another stands in none.

    Parameters
    ----------
    order : list of lists
        Of `ranked`.
    scores : array of need x offer
    top : int
        Most offers of a list.
    exposure : float
        Most of the lists that one offer may stand in (at least one list) while an eligible offer stands in none.

    Returns
    -------
    (list of lists, set)
        Offers of each need, and those (need, offer) that stand there by the cap.

    Notes
    -----
    As long as an offer stands in more lists than it may and one of these needs has an eligible offer that stands in none,
    that one takes its place: of all such exchanges the one by which least score is lost, then the first by need, offer and
    offer. Each exchange brings one more offer into a list, so it ends.

    Examples
    --------
    >>> scores = np.array([[0.9, 0.5], [0.9, 0.8]])
    >>> short_lists([[0, 1], [0, 1]], scores, 1, 0.2)  # one list at most: the second offer gets the need it fits best
    ([[0], [1]], {(1, 1)})
    """
    lists = [offers[:top] for offers in order]
    cap = max(1, math.floor(exposure * sum(bool(offers) for offers in order) + 1e-9))
    score = np.round(np.nan_to_num(scores, nan=-1.0), DECIMALS)
    put: set[tuple[int, int]] = set()
    counts = np.bincount([j for shown in lists for j in shown], minlength=scores.shape[1])
    open_to = np.zeros(score.shape, "bool")
    for i, offers in enumerate(order):
        open_to[i, offers] = True
    while True:
        over = [[j for j in shown if counts[j] > cap] for shown in lists]
        many = [min(some, key=lambda j, of=score[i]: (of[j], j), default=-1) for i, some in enumerate(over)]  # type: ignore[misc]
        # An offer that stands in no list at all does not stand in this one.
        others = np.where(open_to & (counts == 0), score, -np.inf)
        losses = [
            (round(float(score[i, j] - others[i].max()), DECIMALS), i, j)
            for i, j in enumerate(many)
            if j >= 0 and np.isfinite(others[i].max())
        ]
        if not losses:
            break
        _, i, j = min(losses)
        none = int(others[i].argmax())  # the first of those that are alike
        lists[i][lists[i].index(j)] = none
        put.add((i, none))
        counts[j] -= 1
        counts[none] += 1
    place = [{j: k for k, j in enumerate(offers)} for offers in order]
    return [sorted(shown, key=place[i].__getitem__) for i, shown in enumerate(lists)], put
