# SPDX-License-Identifier: Apache-2.0
"""What a rank and a class are worth: the index drawn again under other weights, methods and inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.errors import DataError, Problems
from homeground.numbers.rounding import limits_reached
from homeground.risk.index import (
    aggregated,
    check_choices,
    composite_index,
    known_nodes,
    leaf_values,
)
from homeground.risk.normalisation import normalised, ranks
from homeground.risk.tree import Tree, build_tree

Array = NDArray[Any]

BLOCK_BYTES = 5_000_000  # of the array draws x units x leaves, so that a block stays in the cache of one core
QUANTILES = (0.05, 0.5, 0.95)
WEIGHTS = ("dirichlet", "uniform", "fixed")


def rank_robustness(
    indicators: pd.DataFrame,
    tree: pd.DataFrame,
    *,
    draws: int = 1000,
    seed: int,
    weights: str = "dirichlet",
    weight_spread: float = 0.25,
    normalisations: Sequence[str] = ("minmax", "rank", "zscore"),
    aggregations: Sequence[str | None] = (None, "arithmetic", "scaled_geometric"),
    indicator_intervals: tuple[pd.DataFrame, pd.DataFrame] | None = None,
    shape: str = "triangular",
    groups: pd.Series | None = None,
    classes: int | Sequence[float] = 5,
    scale: float = 100.0,
    known_share: float = 0.5,
    missing: str = "drawn",
    block: int | None = None,
) -> pd.DataFrame:
    """How far each unit's index, rank and class move when weights, methods and inputs move within reason.

    Parameters
    ----------
    indicators, tree : DataFrame
        As in `homeground.risk.composite_index`.
    draws : int
        Number of variants, spread evenly over all pairs of a normalisation and an aggregation.
    seed : int
        The same seed gives the same numbers, whatever the `block`.
    weights : {"dirichlet", "uniform", "fixed"}
        Weights among siblings: Dirichlet around the tree's; each uniform within w (1 +- `weight_spread`), then brought
        to sum 1; or the tree's own in all draws.
    weight_spread : float
        For ``dirichlet`` the standard deviation of a weight relative to the weight, where siblings weigh the same:
        concentration A = (k - 1) / spread^2 - 1 for k siblings. For ``uniform`` the half width.
    normalisations, aggregations : sequence
        Choices of `composite_index`; None among the aggregations is each node's own. The first of each is the nominal
        method.
    indicator_intervals : (low, high), optional
        Two tables with the columns of some indicators: their own intervals in their own unit. NaN is "no interval": the
        value stays in all draws.
    shape : {"triangular", "uniform"}
        How values are drawn between low and high; triangular peaks at the value.
    groups : Series, optional
        Group of each unit (its country), needed where the tree says that an error is shared by a ``group``. Units with
        a shared error move together: all stand at the same quantile of their own interval.
    classes : int or sequence of float
        A number: classes of equal count, by rank, in each draw (1 lowest risk; ties fall into the lower class): they
        compare these units only. Numbers: rising limits of the index between classes.
    scale, known_share : float
        As in `homeground.risk.composite_index`.
    missing : {"drawn", "left out"}
        What an unknown indicator of a unit with an index is in the draws: one of the known values of the other units,
        so that not knowing widens the interval; or nothing, as in the nominal index. No value is filled outside the
        draws.
    block : int, optional
        Draws done at once; changes memory, not results.

    Returns
    -------
    DataFrame, index of `indicators`
        ``index`` and ``rank`` (1 is the highest risk, ties share the best place) of the nominal method; over the draws
        ``index_median``, ``index_low``, ``index_high``, ``rank_median``, ``rank_low``, ``rank_high`` (5th, 50th and
        95th percentile; those of ranks are ranks that occurred); ``class`` (the most frequent, the higher one of two),
        ``class_probability``, ``effective_classes`` (exp of the entropy: 1 is certain), and ``known_share``. NaN for
        units without an index.

    Raises
    ------
    DataError
        An interval that does not hold its value, too few draws, or an unknown choice.

    Notes
    -----
    The rule of the missing is applied once with the tree's own weights: a unit has an index in all draws or in none; why
    none, `homeground.risk.reliability` says.
    Errors of different indicators are drawn apart from each other. Index values of draws with different normalisations
    lie on one scale but mean different things; ranks and classes are the result to read.

    References
    ----------
    Saisana, Saltelli, Tarantola (2005) J. R. Statist. Soc. A 168:307-323, doi 10.1111/j.1467-985X.2005.00350.x; OECD
    and JRC (2008) Handbook on Constructing Composite Indicators, step 7.

    Examples
    --------
    >>> import pandas as pd
    >>> tree = pd.DataFrame({
    ...     "node": ["risk", "dry", "poor"], "parent": ["", "risk", "risk"], "weight": [1, 1, 1],
    ...     "direction": [None, 1, 1], "aggregation": ["arithmetic", "", ""]})
    >>> units = pd.DataFrame({"dry": [9, 8, 4, 1], "poor": [8, 9, 2, 3]}, index=list("abcd"))
    >>> found = rank_robustness(units, tree, draws=900, seed=1, classes=2)
    >>> found[["rank_low", "rank_median", "rank_high", "class", "class_probability"]]
       rank_low  rank_median  rank_high  class  class_probability
    a       1.0          2.0        2.0    2.0                1.0
    b       1.0          1.0        2.0    2.0                1.0
    c       3.0          3.0        4.0    1.0                1.0
    d       3.0          4.0        4.0    1.0                1.0
    """
    built = build_tree(tree)
    _check(draws, weights, weight_spread, normalisations, aggregations, shape, classes, missing)
    nominal = composite_index(
        indicators, tree, normalise=normalisations[0], aggregate=aggregations[0], scale=scale, known_share=known_share
    )
    values, known = leaf_values(indicators, built)
    low, high = _bounds(indicators, values, built, indicator_intervals)
    has_index = known_nodes(known, built, known_share)[0][:, -1]
    gaps = ~known & has_index[:, None] & known.any(axis=0) & (missing == "drawn")
    scored, _ = known_nodes(known | gaps, built, known_share)
    seeds = np.random.SeedSequence(seed).spawn(2)
    sampled = weight_draws(built, draws, weights, weight_spread, np.random.default_rng(seeds[0]))
    inputs = _Inputs(values, known, gaps, (low, high), built, groups, shape, np.random.default_rng(seeds[1]))
    step = block or max(1, BLOCK_BYTES // max(1, values.size * 4))
    # Only units with an index are ranked: one without would push the others' ranks about.
    found = np.empty((draws, int(has_index.sum())), dtype=np.float32)
    for how, aggregate, rows in _batches(draws, step, normalisations, aggregations):
        leaf = inputs.scores(rows.stop - rows.start, how, scale)
        part = [w[rows] for w in sampled]
        found[rows] = aggregated(leaf, scored, part, built, how=aggregate, scale=scale)[:, has_index, -1]
    summary = _summary(found, classes)
    table = pd.DataFrame({"index": nominal[built.root], "rank": np.nan})
    table.loc[has_index, "rank"] = ranks(-table["index"].to_numpy()[has_index])
    for name, column in summary.items():
        table[name] = np.nan
        table.loc[has_index, name] = column
    return table.assign(known_share=nominal[f"{built.root}_known"])


def weight_draws(tree: Tree, draws: int, how: str, spread: float, rng: np.random.Generator) -> list[Array]:
    """Weights of each inner node, drawn around those of the tree.

    Parameters
    ----------
    tree : Tree
        As from `build_tree`.
    draws : int
        How many.
    how : {"dirichlet", "uniform", "fixed"}
        As `weights` of `rank_robustness`.
    spread : float, between 0 and 1
        As `weight_spread` there.
    rng : numpy Generator
        Where the random numbers come from.

    Returns
    -------
    list of array, draws x children
        One for each inner node, in the order of the tree; each row sums to 1.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("risk", "", 1, None, "arithmetic"), ("dry", "risk", 1, 1, ""), ("poor", "risk", 3, -1, "")]
    >>> tree = build_tree(pd.DataFrame(rows, columns=["node", "parent", "weight", "direction", "aggregation"]))
    >>> weight_draws(tree, 2, "fixed", 0.25, np.random.default_rng(1))[0].tolist()
    [[0.25, 0.75], [0.25, 0.75]]
    >>> weight_draws(tree, 1, "dirichlet", 0.25, np.random.default_rng(1))[0].sum().round(12).item()
    1.0
    """
    found = []
    for node in tree.inner:
        w = np.array(node.weights)
        if how == "fixed" or len(w) == 1:
            found.append(np.broadcast_to(w, (draws, len(w))))
            continue
        if how == "dirichlet":
            drawn = rng.gamma(w * ((len(w) - 1) / spread**2 - 1), size=(draws, len(w)))
        else:
            drawn = w * rng.uniform(1 - spread, 1 + spread, size=(draws, len(w)))
        found.append(drawn / drawn.sum(axis=1, keepdims=True))
    return found


class _Inputs:
    """Indicator scores block by block. Those without interval or gap are normalised once for each normalisation."""

    def __init__(
        self,
        values: Array,
        known: Array,
        gaps: Array,
        ends: tuple[Array, Array],
        tree: Tree,
        groups: pd.Series | None,
        shape: str,
        rng: np.random.Generator,
    ) -> None:
        low, high = ends
        self.tree, self.shape, self.rng = tree, shape, rng
        self.values, self.complete = np.nan_to_num(values), known | gaps
        self.moving = np.flatnonzero((high > low).any(axis=0) | gaps.any(axis=0)).tolist()
        self.low, self.mode, self.high = (x[:, self.moving].astype(np.float32) for x in (low, self.values, high))
        self.gaps = gaps[:, self.moving]
        self.pools = [np.sort(values[known[:, i], i]).astype(np.float32) for i in self.moving]
        self.cells, self.size = _sharing([tree.errors[i] for i in self.moving], len(values), groups)
        self.still: dict[str, Array] = {}

    def scores(self, n: int, how: str, scale: float) -> Array:
        """Scores (n x units x leaves) of the next n draws."""
        if how not in self.still:
            fixed = normalised(self.values[None], self.complete, self.tree, how=how, scale=scale)
            self.still[how] = fixed.astype(np.float32)
        out = np.repeat(self.still[how], n, axis=0)
        if self.moving:
            u = self.rng.random((n, self.size), dtype=np.float32)[:, self.cells]
            drawn = _between(u, self.low, self.mode, self.high, self.shape)
            for i, pool in enumerate(self.pools):
                gap = self.gaps[:, i]
                if gap.any():
                    drawn[:, gap, i] = pool[np.minimum((u[:, gap, i] * len(pool)).astype(np.int64), len(pool) - 1)]
            out[:, :, self.moving] = normalised(
                drawn, self.complete, self.tree, how=how, scale=scale, leaves=self.moving
            )
        return out


def _sharing(errors: Sequence[str], units: int, groups: pd.Series | None) -> tuple[Array, int]:
    """Which of a draw's uniform numbers each unit and moving leaf takes (units x leaves), and how many there are."""
    cells = np.empty((units, len(errors)), dtype=np.int64)
    used = 0
    for column, shared in enumerate(errors):
        if shared == "group":
            if groups is None or len(groups) != units or groups.isna().any():
                raise DataError("the tree shares errors by group: give groups, one for each unit in their order.")
            labels = {label: i for i, label in enumerate(dict.fromkeys(groups))}
            own = np.array([labels[label] for label in groups])
        else:
            own = np.arange(units) if shared == "unit" else np.zeros(units, dtype=np.int64)
        cells[:, column] = used + own
        used += int(own.max(initial=-1)) + 1
    return cells, used


def _between(u: Array, low: Array, mode: Array, high: Array, shape: str) -> Array:
    """Quantile u of the triangular (low, mode, high) or uniform (low, high) distribution."""
    width = high - low
    if shape == "uniform":
        even: Array = np.clip(low + u * width, low, high)
        return even
    cut = (mode - low) / np.where(width > 0, width, 1)
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1 - u) * width * (high - mode))
    drawn: Array = np.clip(np.where(u < cut, rising, falling), low, high)
    return drawn


def _bounds(
    indicators: pd.DataFrame, values: Array, tree: Tree, intervals: tuple[pd.DataFrame, pd.DataFrame] | None
) -> tuple[Array, Array]:
    """Low and high (units x leaves), the value itself where there is no interval."""
    low, high = np.nan_to_num(values), np.nan_to_num(values)
    if intervals is None:
        return low, high
    problems = Problems("the intervals of the indicators")
    lows, highs = intervals
    if strangers := sorted({str(c) for c in (*lows, *highs)} - set(tree.leaves)):
        problems.add(f"{', '.join(strangers)} is no indicator of the tree.")
    for i, leaf in enumerate(tree.leaves):
        if (leaf in lows) != (leaf in highs):
            problems.add(f"{leaf} has a low or a high end only. Give both.")
        if leaf not in lows or leaf not in highs:
            continue
        ends = [end.reindex(indicators.index)[leaf].to_numpy(float) for end in (lows, highs)]
        given = np.isfinite(ends[0]) & np.isfinite(ends[1]) & np.isfinite(values[:, i])
        wrong = given & ((ends[0] > values[:, i]) | (ends[1] < values[:, i]))
        if wrong.any():
            where = ", ".join(str(unit) for unit in indicators.index[wrong][:5])
            problems.add(f"the interval of {leaf} does not hold its value in {int(wrong.sum())} units: {where}.")
        low[given, i], high[given, i] = ends[0][given], ends[1][given]
    problems.raise_if_any(DataError)
    return low, high


def _batches(
    draws: int, step: int, normalisations: Sequence[str], aggregations: Sequence[str | None]
) -> Iterator[tuple[str, str | None, slice]]:
    """Blocks of draws of one method each; every pair of methods gets its even share of the draws."""
    pairs = list(product(normalisations, aggregations))
    for i, (how, aggregate) in enumerate(pairs):
        start, stop = draws * i // len(pairs), draws * (i + 1) // len(pairs)
        for begin in range(start, stop, step):
            yield how, aggregate, slice(begin, min(begin + step, stop))


def _summary(found: Array, classes: int | Sequence[float]) -> dict[str, Array]:
    """Percentiles of index and rank, and the class with its probability, for units (columns) over draws (rows)."""
    n = found.shape[1]
    place = ranks(-found).astype(np.int16 if n < 2**15 else np.int32)
    if isinstance(classes, int):
        count = classes  # counted from the lowest, so that a tie falls into the lower class
        member = 1 + (ranks(found) - 1) * count // max(n, 1)
    else:
        count = len(classes) + 1
        member = 1 + limits_reached(found, classes)
    probability = np.stack([(member == k).mean(axis=0) for k in range(1, count + 1)])
    most = count - 1 - probability[::-1].argmax(axis=0)
    entropy = -(probability * np.log(np.where(probability > 0, probability, 1))).sum(axis=0)
    index = np.quantile(found, QUANTILES, axis=0) if n else np.empty((3, 0))
    rank = np.quantile(place.astype(np.float32), QUANTILES, axis=0, method="inverted_cdf") if n else np.empty((3, 0))
    ends = ("low", "median", "high")
    columns = {f"index_{end}": index[i] for i, end in enumerate(ends)}
    columns |= {f"rank_{end}": rank[i] for i, end in enumerate(ends)}
    return columns | {
        "class": most + 1,
        "class_probability": probability[most, np.arange(n)],
        "effective_classes": np.exp(entropy),
    }


def _check(
    draws: int,
    weights: str,
    spread: float,
    normalisations: Sequence[str],
    aggregations: Sequence[str | None],
    shape: str,
    classes: int | Sequence[float],
    missing: str,
) -> None:
    problems = Problems("the settings of rank_robustness")
    if not normalisations or not aggregations:
        problems.add("at least one normalisation and one aggregation are needed.")
    if draws < max(1, len(normalisations) * len(aggregations)):
        problems.add(f"{draws} draws are fewer than the pairs of methods. Ask for 1000 or so.")
    if weights not in WEIGHTS:
        problems.add(f"there are no weights {weights!r}; known are {', '.join(WEIGHTS)}.")
    if not 0 < spread < 1:
        problems.add(f"weight_spread is {spread}; a number between 0 and 1 was expected.")
    if shape not in ("triangular", "uniform"):
        problems.add(f"there is no shape {shape!r}; known are triangular and uniform.")
    if missing not in ("drawn", "left out"):
        problems.add(f"missing is {missing!r}; known are 'drawn' and 'left out'.")
    if isinstance(classes, int):
        if classes < 1:
            problems.add(f"{classes} classes are none.")
    elif list(classes) != sorted(set(classes)):
        problems.add(f"the limits of classes must rise, found {list(classes)}.")
    problems.raise_if_any(DataError)
    for how, aggregate in product(normalisations, aggregations):
        check_choices(normalise=how, aggregate=aggregate)
