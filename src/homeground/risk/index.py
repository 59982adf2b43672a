# SPDX-License-Identifier: Apache-2.0
"""A composite index by a tree of weighted means: indicators to one scale, then node by node to the root."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.errors import DataError, Problems
from homeground.numbers.rounding import limits_reached
from homeground.risk.normalisation import NORMALISATIONS, normalised
from homeground.risk.tree import AGGREGATIONS, Inner, Tree, build_tree

Array = NDArray[Any]
Flags = NDArray[np.bool_]


def composite_index(
    indicators: pd.DataFrame,
    tree: pd.DataFrame,
    *,
    normalise: str = "minmax",
    aggregate: str | None = None,
    scale: float = 100.0,
    known_share: float = 0.5,
    decimals: int | None = None,
) -> pd.DataFrame:
    """How high each unit stands on an index, from 0 (best) to `scale` (worst), with every node of its tree.

    Parameters
    ----------
    indicators : DataFrame, one row a unit
        One column for each leaf of the tree, in the unit that the tree names; NaN where unknown.
    tree : DataFrame
        The tree as `homeground.risk.tree.build_tree` describes it; see `read_tree` for the shipped ones.
    normalise : {"minmax", "goalposts", "mixed", "rank", "zscore"}
        How an indicator x is brought to one scale S, after its transform, "higher is worse":

        - ``minmax``: S (x - min) / (max - min) over the units given: compares these units only;
        - ``goalposts``: S (x - low) / (high - low) with the tree's goalposts, cut at 0 and S;
        - ``mixed``: goalposts where the tree has them, else min-max;
        - ``rank``: S (r - 1) / (n - 1) with r the place from the lowest, ties sharing the lowest place;
        - ``zscore``: S (1/2 + z / 6) with z from the mean and sample standard deviation, cut at three of them.

        An indicator that is the same everywhere, give or take rounding, tells no unit from another: all get S / 2 (not
        with goalposts).
    aggregate : {"arithmetic", "geometric", "scaled_geometric"}, optional: one mean for all nodes, else each node's own
    scale : float, upper end S of all scores
    known_share : float
        A node is NaN where less than this share of its weight, down to the indicators, is known; else the known
        weights are rescaled. The index is NaN also where a node right below it, made of others, is: what it is about
        is then not known (see `why_missing`). 0 takes any known part.
    decimals : int, optional
        Round every node half up to so many decimals before the next uses it, as INFORM does (1). Left out: no rounding.

    Returns
    -------
    DataFrame, index of `indicators`
        For each node its score (0 to `scale`), indicators first, the index last; then for each inner node
        ``<node>_known``: the share (0 to 1) of its weight, down to the indicators, that entered.

    Raises
    ------
    DataError
        A column is missing or holds text or infinite numbers, the tree is faulty, or goalposts are missing.

    Notes
    -----
    With shares w of the known weights, sum w = 1: arithmetic sum(w s); geometric prod(s^w), 0 where any part is 0;
    scaled geometric (10 - prod((9 (S - s) / S + 1)^w)) S / 9, which lets one bad value dominate (INFORM).
    Sources: OECD and JRC (2008) Handbook on Constructing Composite Indicators, steps 5 and 6; for the scaled mean and
    the rounding Marin-Ferrer et al. (2017) INFORM Index for Risk Management, concept and methodology, EUR 28655.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("risk", "", 1, None, "arithmetic"), ("dry", "risk", 1, 1, ""), ("poor", "risk", 3, -1, "")]
    >>> tree = pd.DataFrame(rows, columns=["node", "parent", "weight", "direction", "aggregation"])
    >>> units = pd.DataFrame({"dry": [0.0, 5.0, 10.0], "poor": [8.0, 2.0, None]}, index=["a", "b", "c"])
    >>> composite_index(units, tree)[["dry", "poor", "risk", "risk_known"]]
         dry   poor  risk  risk_known
    a    0.0    0.0   0.0        1.00
    b   50.0  100.0  87.5        1.00
    c  100.0    NaN   NaN        0.25
    """
    built = build_tree(tree)
    check_choices(normalise=normalise, aggregate=aggregate)
    values, known = leaf_values(indicators, built)
    leaf = normalised(values[None], known, built, how=normalise, scale=scale)
    if decimals is not None:
        leaf = round_half_up(leaf, decimals)
    scored, share = known_nodes(known, built, known_share)
    weights = [np.array([node.weights]) for node in built.inner]
    scores = aggregated(leaf, scored, weights, built, how=aggregate, scale=scale, decimals=decimals)[0]
    columns = {name: np.where(scored[:, i], scores[:, i], np.nan) for i, name in enumerate(built.names)}
    columns |= {f"{node.name}_known": share[:, node.position] for node in built.inner}
    return pd.DataFrame(columns, index=indicators.index)


def classify(index: pd.Series, limits: dict[str, float]) -> pd.Series:
    """The published class that each index value falls into: the highest whose lower limit it reaches.

    A value that lies below a limit by rounding only reaches it.

    Parameters
    ----------
    index : Series
        Index values on the scale of the limits; NaN stays without a class.
    limits : dict
        Lower limit of each class, rising, as `homeground.risk.tree.class_limits` gives them; others raise DataError.

    Returns
    -------
    Series of str, index of `index`; missing where the value is NaN or below the lowest limit

    Examples
    --------
    >>> import pandas as pd
    >>> classify(pd.Series([1.9, 2.0, 7.1]), {"low": 0.0, "medium": 2.0, "high": 6.5}).tolist()
    ['low', 'medium', 'high']
    """
    lows = list(limits.values())
    if lows != sorted(set(lows)):
        raise DataError(f"the limits of classes must rise, found {lows}.")
    place = limits_reached(index.to_numpy(), lows) - 1
    names = list(limits)
    found = [names[i] if np.isfinite(v) and i >= 0 else None for i, v in zip(place, index, strict=True)]
    return pd.Series(found, index=index.index, dtype="str")


def check_choices(*, normalise: str, aggregate: str | None) -> None:
    """Refuse a normalisation or a mean that does not exist, with those that do.

    Parameters
    ----------
    normalise, aggregate : str, as in `composite_index`; others raise DataError

    Examples
    --------
    >>> check_choices(normalise="rank", aggregate="median")
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: there is no aggregation 'median'. Use one of arithmetic, geometric, scaled_geometric.
    """
    if normalise not in NORMALISATIONS:
        raise DataError(f"there is no normalisation {normalise!r}. Use one of {', '.join(NORMALISATIONS)}.")
    if aggregate is not None and aggregate not in AGGREGATIONS:
        raise DataError(f"there is no aggregation {aggregate!r}. Use one of {', '.join(AGGREGATIONS)}.")


def leaf_values(indicators: pd.DataFrame, tree: Tree) -> tuple[Array, Flags]:
    """Values of the indicators as they are, and which are known; every problem of the table in one DataError.

    Parameters
    ----------
    indicators : DataFrame, one row a unit, a column for each leaf of the tree; others are not read
    tree : Tree, from `build_tree`

    Returns
    -------
    (array, array of bool), units x leaves; NaN and False where unknown

    Examples
    --------
    >>> import pandas as pd
    >>> tree = Tree(("dry", "wet", "risk"), ("dry", "wet"), (), (1, -1), (), (), ("", "log1p"), ())
    >>> leaf_values(pd.DataFrame({"wet": [None], "dry": [0.2]}), tree)[1].tolist()
    [[True, False]]
    """
    problems = Problems("the indicators of the index")
    columns = []
    for leaf in tree.leaves:
        if leaf not in indicators:
            problems.add(f"there is no column {leaf}. Give it, NaN where unknown, or take its row out of the tree.")
            continue
        try:
            values = indicators[leaf].to_numpy(dtype=float, na_value=np.nan)
        except (TypeError, ValueError):
            problems.add(f"{leaf} holds text; numbers and NaN were expected.")
            continue
        if np.isinf(values).any():
            problems.add(f"{leaf} holds infinite numbers. Set what is unknown to NaN.")
        if tree.transform[tree.leaves.index(leaf)] == "log1p" and (values < 0).any():
            problems.add(f"{leaf} is below 0, but the tree takes its logarithm. Check the sign.")
        columns.append(values)
    problems.raise_if_any(DataError)
    values = np.column_stack(columns) if columns else np.empty((len(indicators), 0))
    return values, np.isfinite(values)


def known_nodes(known: Flags, tree: Tree, known_share: float) -> tuple[Flags, Array]:
    """Which nodes have a score by the rule of the missing, and the share of their weight that enters.

    Parameters
    ----------
    known : array of bool, units x leaves, from `leaf_values`
    tree : Tree, from `build_tree`
    known_share : float, 0 to 1 (else DataError): least share of a node's weight, down to the indicators, that must enter

    Returns
    -------
    (array of bool, array of float), units x nodes: has a score; share of its weight, down to the indicators

    Examples
    --------
    >>> tree = Tree(("a", "b", "i"), ("a", "b"), (Inner("i", 2, (0, 1), (0.25, 0.75), "arithmetic"),), *[()] * 5)
    >>> scored, share = known_nodes(np.array([[False, True], [True, False]]), tree, 0.5)
    >>> scored[:, 2].tolist(), share[:, 2].tolist()  # three quarters of the weight known, one quarter known
    ([True, False], [0.75, 0.25])
    """
    if not 0 <= known_share <= 1:
        raise DataError(f"known_share is {known_share}, a share from 0 to 1 was expected.")
    scored = np.zeros((len(known), len(tree.names)), dtype=bool)
    share = np.zeros(scored.shape)
    scored[:, : known.shape[1]] = share[:, : known.shape[1]] = known
    for node in tree.inner:
        weights, children = np.array(node.weights), list(node.children)
        share[:, node.position] = (scored[:, children] * share[:, children]) @ weights
        scored[:, node.position] = (share[:, node.position] > 0) & ~_short(share[:, node.position], known_share)
    for child in _dimensions(tree):
        scored[:, -1] &= ~_short(share[:, child], known_share)
    return scored, share


def _short(share: Array, known_share: float) -> Flags:
    """Which shares do not reach what must be known; rounding alone is no shortfall."""
    return share < known_share - 1e-9


def _dimensions(tree: Tree) -> list[int]:
    """Places of the nodes right below the index that are made of others: what it is about."""
    return [child for child in tree.inner[-1].children if child >= len(tree.leaves)] if tree.inner else []


def why_missing(known: Flags, tree: Tree, known_share: float) -> list[dict[str, float]]:
    """For each unit without an index, of which nodes too little is known; none for those with one.

    Parameters
    ----------
    known : array of bool, units x leaves
        Where the indicator has a value.
    tree : Tree
        From `build_tree`.
    known_share : float
        At least this share of a node's weight must be known, 0 to 1.

    Returns
    -------
    list of dict, one a unit
        Share of its weight that is known (0 to 1) by node, such as {"harm": 0.25}.

    Examples
    --------
    >>> tree = Tree(("a", "b", "i"), ("a", "b"), (Inner("i", 2, (0, 1), (0.25, 0.75), "arithmetic"),), *[()] * 5)
    >>> why_missing(np.array([[False, True], [True, False]]), tree, 0.5)
    [{}, {'i': 0.25}]
    """
    scored, share = known_nodes(known, tree, known_share)
    found = []
    for unit in range(len(known)):
        short = [i for i in _dimensions(tree) if not scored[unit, i]] or [len(tree.names) - 1]
        found.append({} if scored[unit, -1] else {tree.names[i]: float(share[unit, i]) for i in short})
    return found


def aggregated(
    leaf: Array,
    scored: Flags,
    weights: Sequence[Array],
    tree: Tree,
    *,
    how: str | None,
    scale: float,
    decimals: int | None = None,
) -> Array:
    """Scores of all nodes from those of the leaves; 0 where a node has no score.

    Parameters
    ----------
    leaf, scored : arrays, draws x units x leaves, and bool, units x nodes; from `normalised` and `known_nodes`
    weights : sequence of arrays, one an inner node: draws x children, or 1 x children where all draws share it
    tree : Tree, from `build_tree`
    how, scale, decimals : str, float and int, as `aggregate`, `scale` and `decimals` of `composite_index`

    Returns
    -------
    array, draws x units x nodes

    Examples
    --------
    >>> tree = Tree(("a", "b", "i"), ("a", "b"), (Inner("i", 2, (0, 1), (0.25, 0.75), "arithmetic"),), *[()] * 5)
    >>> leaf, scored, weights = np.array([[[20.0, 60.0]]]), np.ones((1, 3), dtype=bool), [np.array([[0.25, 0.75]])]
    >>> aggregated(leaf, scored, weights, tree, how=None, scale=100.0).tolist()  # 5 + 45
    [[[20.0, 60.0, 50.0]]]
    """
    scores = np.zeros((*leaf.shape[:2], len(tree.names)), dtype=leaf.dtype)
    scores[:, :, : leaf.shape[2]] = leaf
    for node, w in zip(tree.inner, weights, strict=True):
        children = list(node.children)
        mean = _mean(scores[:, :, children], scored[:, children], w.astype(leaf.dtype), node, how, scale)
        if decimals is not None:
            mean = round_half_up(mean, decimals)
        scores[:, :, node.position] = np.where(scored[:, node.position], mean, 0)
    return scores


def _mean(parts: Array, known: Flags, weights: Array, node: Inner, how: str | None, scale: float) -> Array:
    kind = how or node.aggregation
    if kind == "geometric":
        nil = ((parts <= 0) & known).any(axis=2)
        parts = np.log(np.maximum(parts, np.finfo(parts.dtype).tiny))
    elif kind == "scaled_geometric":
        parts = np.log((scale - parts) / scale * 9 + 1)
    total = weights @ known.T.astype(weights.dtype)
    if not known.all():
        parts = parts * known
    mean: Array = np.matmul(parts, weights[:, :, None])[:, :, 0] / np.where(total > 0, total, 1)
    if kind == "geometric":
        mean = np.where(nil, 0, np.exp(mean))
    elif kind == "scaled_geometric":
        mean = (10 - np.exp(mean)) / 9 * scale
        mean = np.where(mean < 1e-6 * scale, 0, mean)  # nil stays nil, also in single precision
    return mean


def round_half_up(x: Array, decimals: int) -> Array:
    """Round as spreadsheets do: halves go up, also those that binary fractions put a hair below.

    Parameters
    ----------
    x : array of any numbers; NaN stays
    decimals : int, digits after the point

    Returns
    -------
    array, shape of `x`

    Examples
    --------
    >>> round_half_up(np.array([0.005, 1.005, 1.0049]), 2).tolist()
    [0.01, 1.01, 1.0]
    """
    factor = 10.0**decimals
    rounded: Array = np.floor(x * factor + 0.5 + 1e-9) / factor
    return rounded
