# SPDX-License-Identifier: Apache-2.0
"""The tree of an index as a table: which indicator enters where, with what weight, which way round, and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from homeground.errors import CatalogueError, DataError, Problems

TREES = Path(__file__).parent / "trees"
AGGREGATIONS = ("arithmetic", "geometric", "scaled_geometric")
TRANSFORMS = ("", "log1p")
ERRORS = ("unit", "group", "all")
REQUIRED = ("node", "parent", "weight", "direction", "aggregation")
_TEXT = ("node", "parent", "aggregation", "transform", "errors")
_NUMBERS = ("weight", "direction", "goalpost_low", "goalpost_high")


@dataclass(frozen=True)
class Inner:
    """A node that is made from others; ``children`` are positions in `Tree.names`, ``weights`` sum to 1."""

    name: str
    position: int
    children: tuple[int, ...]
    weights: tuple[float, ...]
    aggregation: str


@dataclass(frozen=True)
class Tree:
    """A checked tree: names with the leaves first, then the inner nodes from below; the last is the index."""

    names: tuple[str, ...]
    leaves: tuple[str, ...]
    inner: tuple[Inner, ...]
    direction: tuple[float, ...]
    goalpost_low: tuple[float, ...]
    goalpost_high: tuple[float, ...]
    transform: tuple[str, ...]
    errors: tuple[str, ...]

    @property
    def root(self) -> str:
        return self.names[-1]


def read_tree(name: str | Path) -> pd.DataFrame:
    """The table of a shipped tree, or of a CSV file of one's own, one row a node.

    Parameters
    ----------
    name : str or Path
        ``land_people`` or ``inform2020``, or the path of a CSV file with the columns of `build_tree`.

    Returns
    -------
    DataFrame
        The columns of `build_tree` and any others of the file; numbers are NaN where empty. Not yet checked.

    Raises
    ------
    CatalogueError
        There is no such tree.

    Examples
    --------
    >>> tree = read_tree("inform2020")
    >>> tree.loc[tree["parent"] == "", "node"].item()
    'risk'
    """
    path = Path(name) if str(name).endswith(".csv") else TREES / f"{name}.csv"
    if not path.is_file():
        known = sorted(p.stem for p in TREES.glob("*.csv") if p.stem != "classes")
        raise CatalogueError(
            f"there is no tree {str(name)!r}. Use one of {', '.join(known)}, or the path of a CSV file."
        )
    table = pd.read_csv(path, keep_default_na=False, na_values={c: [""] for c in _NUMBERS})
    return table.astype({c: "float64" for c in _NUMBERS if c in table})


def class_limits(edition: str) -> dict[str, float]:
    """Lowest index of each class of a published edition, from the lowest class to the highest (0 to 10).

    Classes belong to an edition of an index, never to its formula: INFORM moved its limits between 2020 and 2025.

    Parameters
    ----------
    edition : str
        Index and year, such as "inform2020".

    Returns
    -------
    dict of str to float
        Lower limit of each class, rising.

    Raises
    ------
    CatalogueError
        There are no limits for that edition.

    Examples
    --------
    >>> class_limits("inform2020")
    {'Very Low': 0.0, 'Low': 2.0, 'Medium': 3.5, 'High': 5.0, 'Very High': 6.5}
    """
    table = pd.read_csv(TREES / "classes.csv", keep_default_na=False)
    rows = table[table["edition"] == edition].sort_values("low")
    if rows.empty:
        known = ", ".join(sorted(set(table["edition"])))
        raise CatalogueError(f"no class limits are recorded for {edition!r}. Recorded: {known}.")
    return dict(zip(rows["class"], rows["low"].astype(float), strict=True))


def effective_weights(tree: pd.DataFrame) -> dict[str, float]:
    """Share of each indicator in the whole index: the product of its weight shares along the way up; they sum to 1.

    In a geometric node the share is an exponent, so it says how strongly relative changes act.

    Parameters
    ----------
    tree : DataFrame
        As `build_tree` describes it.

    Returns
    -------
    dict of str to float
        Share (0 to 1) by indicator.

    Raises
    ------
    DataError
        The tree is faulty.

    Examples
    --------
    >>> effective_weights(read_tree("inform2020"))["development"]  # a third x a half x a half
    0.08333333333333333
    """
    built = build_tree(tree)
    share = np.zeros(len(built.names))
    share[-1] = 1.0
    for node in reversed(built.inner):
        for child, weight in zip(node.children, node.weights, strict=True):
            share[child] = share[node.position] * weight
    return {leaf: float(share[i]) for i, leaf in enumerate(built.leaves)}


def build_tree(table: pd.DataFrame) -> Tree:
    """Check the table of a tree and bring it into the order in which it is computed.

    Parameters
    ----------
    table : DataFrame
        One row a node. ``node`` name; ``parent`` ("" for the one root, the index); ``weight`` above 0, relative to its
        siblings; ``direction`` of an indicator (1: higher is worse, -1: higher is better), empty for other nodes;
        ``aggregation`` of the other nodes (`AGGREGATIONS`), empty for indicators. Optional: ``goalpost_low`` and
        ``goalpost_high`` in the indicator's unit (after the transform), ``transform`` ("" or ``log1p``: log10(1 + x)),
        ``errors`` (whether the error of an indicator is each ``unit``'s own, shared by a ``group`` of units such as a
        country, or one for ``all``; "" is ``unit``).

    Returns
    -------
    Tree
        Indicators first, then each node after those it is made from; weights of siblings sum to 1.

    Raises
    ------
    DataError
        All that is wrong with the table, in one message.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("risk", "", 1, None, "arithmetic"), ("dry", "risk", 1, 1, ""), ("poor", "risk", 3, -1, "")]
    >>> tree = build_tree(pd.DataFrame(rows, columns=["node", "parent", "weight", "direction", "aggregation"]))
    >>> tree.names, tree.inner[0].weights
    (('dry', 'poor', 'risk'), (0.25, 0.75))
    """
    problems = Problems("the tree of the index")
    for column in REQUIRED:
        if column not in table:
            problems.add(f"the column {column} is missing.")
    problems.raise_if_any(DataError)
    rows = {
        str(row["node"]): {c: _cell(row, c) for c in (*_TEXT, *_NUMBERS)} for row in table.to_dict(orient="records")
    }
    if len(rows) < len(table):
        problems.add("a node stands twice. Give each node one row.")
    children: dict[str, list[str]] = {name: [] for name in rows}
    roots = [name for name, row in rows.items() if row["parent"] == ""]
    if len(roots) != 1:
        problems.add(f"one node without parent was expected (the index), found {len(roots)}: {', '.join(roots)}.")
    for name, row in rows.items():
        if row["parent"] in children:
            children[row["parent"]].append(name)
        elif row["parent"] != "":
            problems.add(f"{name} has the parent {row['parent']}, which is no node.")
        _check_row(problems, name, row)
    problems.raise_if_any(DataError)
    order = _from_below(roots[0], children)
    if len(order) < len(rows):
        lost = ", ".join(sorted(set(rows) - set(order)))
        problems.add(f"these nodes do not lead to {roots[0]} (their parents form a ring): {lost}.")
    for name in order:
        _check_place(problems, name, rows[name], bool(children[name]))
    problems.raise_if_any(DataError)
    leaves = tuple(name for name in rows if not children[name])
    names = (*leaves, *(name for name in order if children[name]))
    place = {name: i for i, name in enumerate(names)}
    inner = tuple(_inner(name, rows, children[name], place) for name in names[len(leaves) :])
    return Tree(
        names,
        leaves,
        inner,
        tuple(rows[n]["direction"] for n in leaves),
        tuple(rows[n]["goalpost_low"] for n in leaves),
        tuple(rows[n]["goalpost_high"] for n in leaves),
        tuple(rows[n]["transform"] for n in leaves),
        tuple(rows[n]["errors"] or "unit" for n in leaves),
    )


def _cell(row: Any, column: str) -> Any:
    value = row.get(column, "")
    if column in _TEXT:
        return value if isinstance(value, str) else ""
    return float(value) if value not in ("", None) else float("nan")


def _check_row(problems: Problems, name: str, row: dict[str, Any]) -> None:
    if not (np.isfinite(row["weight"]) and row["weight"] > 0):
        problems.add(
            f"the weight of {name} is {row['weight']}, a number above 0 was expected. Leave the row out instead."
        )
    if row["transform"] not in TRANSFORMS:
        problems.add(f"the transform of {name} is {row['transform']!r}; known are '' and 'log1p'.")
    if row["errors"] not in ("", *ERRORS):
        problems.add(f"errors of {name} is {row['errors']!r}; known are {', '.join(ERRORS)}.")
    low, high = row["goalpost_low"], row["goalpost_high"]
    if np.isfinite(low) != np.isfinite(high) or low >= high:
        problems.add(f"the goalposts of {name} are {low} and {high}; two numbers, the lower first, were expected.")


def _check_place(problems: Problems, name: str, row: dict[str, Any], has_children: bool) -> None:
    if has_children and row["aggregation"] not in AGGREGATIONS:
        problems.add(f"the aggregation of {name} is {row['aggregation']!r}; known are {', '.join(AGGREGATIONS)}.")
    if not has_children and row["direction"] not in (1.0, -1.0):
        problems.add(f"the direction of {name} is {row['direction']}; 1 (higher is worse) or -1 was expected.")


def _from_below(root: str, children: dict[str, list[str]]) -> list[str]:
    """Every node after all nodes it is made from."""
    down, stack = [], [root]
    while stack:
        name = stack.pop()
        down.append(name)
        stack.extend(children[name])
    return down[::-1]


def _inner(name: str, rows: dict[str, dict[str, Any]], made_from: list[str], place: dict[str, int]) -> Inner:
    weights = np.array([rows[child]["weight"] for child in made_from], dtype=float)
    shares = tuple(float(w) for w in weights / weights.sum())
    return Inner(name, place[name], tuple(place[child] for child in made_from), shares, str(rows[name]["aggregation"]))
