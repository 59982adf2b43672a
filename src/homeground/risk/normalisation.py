# SPDX-License-Identifier: Apache-2.0
"""Indicators on one scale: between goalposts, between the units compared, by rank or by standard deviations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from homeground.errors import DataError
from homeground.numbers.rounding import equal_up_to_rounding, rounding
from homeground.risk.tree import Tree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Flags = NDArray[np.bool_]

NORMALISATIONS = ("minmax", "goalposts", "mixed", "rank", "zscore")


def normalised(
    values: Array, known: Flags, tree: Tree, *, how: str, scale: float, leaves: Sequence[int] | None = None
) -> Array:
    """Scores of leaves on 0 to `scale`, higher is worse; 0 where unknown, for the mask alone says what is known.

    Parameters
    ----------
    values : array, draws x units x leaves, in the units of the tree; each draw is normalised over its own units
    known : array of bool, units x all leaves of the tree
    tree : Tree, from `build_tree`; without goalposts where they are asked for it raises DataError
    how, scale : str and float, as `normalise` and `scale` of `composite_index`
    leaves : sequence of int, positions in the tree of the leaves in `values`; left out: all, in order

    Returns
    -------
    array, shape of `values`

    Examples
    --------
    >>> tree = Tree(("dry", "risk"), ("dry",), (), (-1.0,), (0.0,), (10.0,), ("",), ())  # 0 is worst, 10 best
    >>> values, known = np.array([[[8.0], [20.0]]]), np.array([[True], [True]])
    >>> normalised(values, known, tree, how="goalposts", scale=100.0).round(9).tolist()
    [[[20.0], [0.0]]]
    """
    places = range(len(tree.leaves)) if leaves is None else leaves
    known = known[:, list(places)]
    out = np.empty_like(values)
    for column, leaf in enumerate(places):
        raw, here = values[:, :, column], known[:, column]
        x = np.log10(1 + raw) if tree.transform[leaf] == "log1p" else raw
        posts = tree.goalpost_low[leaf], tree.goalpost_high[leaf]
        if how == "goalposts" or (how == "mixed" and np.isfinite(posts[0])):
            if not np.isfinite(posts[0]):
                raise DataError(f"{tree.leaves[leaf]} has no goalposts in the tree. Give them, or use minmax or mixed.")
            score = np.clip((x - posts[0]) / (posts[1] - posts[0]), 0, 1)
            score = score if tree.direction[leaf] > 0 else 1 - score
        else:
            score = _relative(x * tree.direction[leaf], here, "minmax" if how == "mixed" else how)
        out[:, :, column] = np.where(here, score * scale, 0)
    return out


def _relative(x: Array, known: Flags, how: str) -> Array:
    """Position (0 to 1) among the known units, for each draw (rows); one half where all are the same but for rounding."""
    n = int(known.sum())
    out = np.zeros_like(x)
    if n == 0:
        return out
    y = x[:, known]
    low, high = y.min(axis=1, keepdims=True), y.max(axis=1, keepdims=True)
    same = equal_up_to_rounding(low, high)
    if how == "rank":
        score = (ranks(y) - 1) / max(n - 1, 1)
    elif how == "zscore":
        deviation = y.std(axis=1, ddof=min(1, n - 1), keepdims=True)
        score = np.clip(0.5 + (y - y.mean(axis=1, keepdims=True)) / np.where(same, 1, deviation) / 6, 0, 1)
    else:
        score = (y - low) / np.where(same, 1, high - low)
    out[:, known] = np.where(same, 0.5, score)
    return out


def ranks(x: Array) -> NDArray[np.int32]:
    """Places from the lowest (1) along the last axis; ties share the lowest place.

    Parameters
    ----------
    x : array of numbers, none missing; those that differ by rounding only (beside the largest of the axis) are ties

    Returns
    -------
    array of int32, shape of `x`

    Examples
    --------
    >>> ranks(np.array([7.0, 3.0, 3.0, 9.0])).tolist()
    [3, 1, 1, 4]
    """
    order = np.argsort(x, axis=-1, kind="stable")
    ordered = np.take_along_axis(x, order, axis=-1)
    place = np.broadcast_to(np.arange(1, x.shape[-1] + 1, dtype=np.int32), x.shape).copy()
    near = rounding(x.dtype) * np.abs(ordered).max(axis=-1, keepdims=True, initial=0)
    place[..., 1:][ordered[..., 1:] - ordered[..., :-1] <= near] = 0
    np.maximum.accumulate(place, axis=-1, out=place)
    found = np.empty_like(place)
    np.put_along_axis(found, order, place, axis=-1)
    return found
