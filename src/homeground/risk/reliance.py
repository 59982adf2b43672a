# SPDX-License-Identifier: Apache-2.0
"""What an index rests on: how much of it was observed, modelled, published or assumed, and how much is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from homeground.errors import DataError, Problems
from homeground.risk.index import leaf_values, why_missing
from homeground.risk.tree import build_tree, effective_weights

KINDS = ("observed", "modelled", "published", "default")


def reliability(
    indicators: pd.DataFrame,
    tree: pd.DataFrame,
    *,
    kinds: Mapping[str, str],
    shared: Mapping[str, str] | None = None,
    known_share: float = 0.5,
) -> pd.DataFrame:
    """Share of each unit's index that rests on observed, modelled, published and default inputs, and what is missing.

    Parameters
    ----------
    indicators, tree : DataFrame
        As in `homeground.risk.composite_index`.
    kinds : mapping
        Kind of each indicator: ``observed`` (counted or measured), ``modelled``, ``published`` (printed without saying
        how it came about) or ``default`` (an expert's assumption).
    shared : mapping, optional
        For an indicator known only for a larger area, the word for that area, such as "country": all its regions have
        the same value.
    known_share : float
        As in `homeground.risk.composite_index`: with less known there is no index.

    Returns
    -------
    DataFrame, index of `indicators`
        ``observed``, ``modelled``, ``published``, ``default``, ``missing``: shares (0 to 1) of the index's weight, sum
        1; ``shared``: the part of the known weight that is known for a larger area only; ``no_index``: the nodes
        of which too little is known for an index, with the share of their weight that is known, such as "harm: 25 %",
        "" where there is an index; ``label``: all of it in words.

    Raises
    ------
    DataError
        An indicator has no kind, or an unknown one.

    Notes
    -----
    The weight of an indicator is the product of its weight shares on the way up the tree (`effective_weights`), before
    what is missing is shared out. This describes the inputs; it does not measure how wrong they are.

    Examples
    --------
    >>> import pandas as pd
    >>> tree = pd.DataFrame({
    ...     "node": ["risk", "dry", "fled"], "parent": ["", "risk", "risk"], "weight": [1, 3, 1],
    ...     "direction": [None, 1, 1], "aggregation": ["arithmetic", "", ""]})
    >>> units = pd.DataFrame({"dry": [0.2, 0.4], "fled": [12.0, None]}, index=["a", "b"])
    >>> reliability(units, tree, kinds={"dry": "modelled", "fled": "observed"})["label"].tolist()
    ['75 % modelled, 25 % observed', '75 % modelled, 25 % missing']
    """
    built = build_tree(tree)
    _, known = leaf_values(indicators, built)
    problems = Problems("the kinds of the indicators")
    for leaf in built.leaves:
        if kinds.get(leaf) not in KINDS:
            problems.add(f"{leaf} has the kind {kinds.get(leaf)!r}; one of {', '.join(KINDS)} was expected.")
    problems.raise_if_any(DataError)
    share = effective_weights(tree)
    weight = np.array([share[leaf] for leaf in built.leaves])
    table = pd.DataFrame(index=indicators.index)
    for kind in KINDS:
        table[kind] = known @ (weight * np.array([kinds[leaf] == kind for leaf in built.leaves]))
    table["missing"] = ~known @ weight
    larger = shared or {}
    table["shared"] = known @ (weight * np.array([leaf in larger for leaf in built.leaves]))
    short = why_missing(known, built, known_share)
    table["no_index"] = ["; ".join(f"{node}: {100 * known:.0f} %" for node, known in nodes.items()) for nodes in short]
    areas = " or ".join(sorted(set(larger.values())))
    table["label"] = [_label(row, areas) for row in table.to_dict(orient="records")]
    return table


def _label(row: Any, areas: str) -> str:
    parts = sorted((kind for kind in KINDS if row[kind] > 0), key=lambda kind: -row[kind])
    text = ", ".join(f"{100 * row[kind]:.0f} % {kind}" for kind in parts)
    if row["missing"] > 0:
        text += (", " if text else "") + f"{100 * row['missing']:.0f} % missing"
    if row["shared"] > 0:
        text += f"; {100 * row['shared']:.0f} % known by {areas} only"
    if row["no_index"]:
        text += f"; no index (known of {row['no_index']})"
    return text
