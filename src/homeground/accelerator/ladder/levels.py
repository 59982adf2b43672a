# SPDX-License-Identifier: Apache-2.0
"""Programmes and what stands below them: money is counted at one level of a programme, the one that tells of more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.accelerator.ladder.rows import table_of
from homeground.accelerator.ladder.shares import in_proportion

Ints = NDArray[np.int64]
SEPARATE = "separate money"  # evidence of a link: each of the two tells of money of its own


def level_parts(
    counted: pd.DataFrame, tables: Mapping[str, pd.DataFrame], known: set[str]
) -> tuple[Ints, NDArray[np.bool_]]:
    """What of each row is told at another level of its programme as well.

    Parameters
    ----------
    counted : DataFrame
        project, step, currency, receiver_project, donor, table, amount_minor, linked_minor.
    tables : mapping of DataFrame
        projects (level) and project_links (parent and child).
    known : set of str
        Projects of the registry.

    Returns
    -------
    (array of int64, array of bool)
        The part to take off; and whether a row is of a project below a programme that is not named, or in another
        currency than the level above: then nothing can be taken off, and it may be told twice.

    Notes
    -----
    From the bottom up, for each step and currency: own money of a parent that names no receiving project is set against
    what stands below it. Where there is as much below, the parent's is taken off, else what is below; but a parent of which
    no row and no share says a country gives way as far as there is money below, whose countries are known. Pledges that rows
    of a project tell are taken off where their donor has pledges of its own, for these are the whole.

    Examples
    --------
    >>> told = {"project": ["A", "B"], "step": ["spent"] * 2, "currency": ["USD"] * 2, "receiver_project": [None] * 2}
    >>> told |= {"donor": [None] * 2, "amount_minor": [100, 70], "linked_minor": [0, 0], "table": ["transactions"] * 2}
    >>> links = pd.DataFrame({"project": ["B"], "relation": ["parent"], "other": ["A"]})
    >>> level_parts(pd.DataFrame(told), {"project_links": links}, {"A", "B"})[0]
    array([70,  0])
    >>> level_parts(pd.DataFrame(told | {"iso3": ["NER", "NER"]}), {"project_links": links}, {"A", "B"})[0]
    array([ 0, 70])
    """
    taken, below = np.zeros(len(counted), "int64"), np.zeros(len(counted), "bool")
    parents = parents_of(tables, known)
    rest = (counted["amount_minor"] - counted["linked_minor"]).to_numpy("int64")
    if parents:
        inside = set(parents) | set(parents.values())
        placed = set(table_of(tables, "project_countries")["project"])
        silent = ~counted["project"].isin(placed).to_numpy("bool")
        if "iso3" in counted:
            silent &= counted["iso3"].isna().to_numpy("bool")
        tree = _Tree(parents, silent)
        for _, places in _cells(counted, inside):
            tree.settle(places, rest, taken, below)
    below |= _unnamed_above(counted, tables, parents)
    taken = _pledged_as_a_whole(counted, rest, taken)
    return taken, below & (taken == 0)


def parents_of(tables: Mapping[str, pd.DataFrame], known: set[str]) -> dict[str, str]:
    """The programme above each project, where both are in the registry.

    Parameters
    ----------
    tables : mapping of DataFrame
        project_links.
    known : set of str

    Returns
    -------
    dict of str to str
        One parent a child: the first by name. Links that would close a circle are left out, and those whose evidence is
        "separate money".

    Examples
    --------
    >>> links = pd.DataFrame({"project": ["A", "C"], "relation": ["child", "parent"], "other": ["B", "B"]})
    >>> parents_of({"project_links": links}, {"A", "B", "C"})
    {'B': 'A', 'C': 'B'}
    """
    links = table_of(tables, "project_links")
    links = links[links["evidence"].astype("str").str.strip().str.lower() != SEPARATE]
    up = links[links["relation"] == "parent"][["project", "other"]].to_numpy().tolist()
    down = links[links["relation"] == "child"][["other", "project"]].to_numpy().tolist()
    found: dict[str, str] = {}
    for child, parent in sorted(map(tuple, up + down)):
        if child in found or child not in known or parent not in known:
            continue
        above: str | None = parent
        while above is not None and above != child:
            above = found.get(above)
        if above is None:
            found[child] = parent
    return found


class _Tree:
    """Programmes by parent, walked from the bottom up for each step."""

    def __init__(self, parents: Mapping[str, str], silent: NDArray[np.bool_]) -> None:
        self.silent = silent  # rows that no row and no share says a country of
        self.children: dict[str, list[str]] = defaultdict(list)
        for child, parent in parents.items():
            self.children[parent].append(child)
        self.roots = [p for p in self.children if p not in parents]

    def settle(
        self, places: Mapping[str, Mapping[str, _Own]], rest: Ints, taken: Ints, below: NDArray[np.bool_]
    ) -> None:
        """Take off, for one step, what is told at two levels, in place; mark what cannot be set against the level above."""
        for root in self.roots:
            for parent in self._upward(root):
                under = [places[p] for p in self._under(parent) if p in places]
                owns = places.get(parent, {})
                free = {c: sum(int(rest[i] - taken[i]) for i in own.free) for c, own in owns.items()}
                for currency in [c for c, money in free.items() if money > 0]:
                    rows = [i for one in under if currency in one for i in one[currency].rows]
                    beneath = sum(int(rest[i] - taken[i]) for i in rows)
                    if 0 < beneath < free[currency] and self.silent[owns[currency].free].all():
                        own = owns[currency].free
                        taken[own] += in_proportion(beneath, [max(int(rest[i] - taken[i]), 0) for i in own])
                    elif beneath > 0:
                        off = owns[currency].free if beneath >= free[currency] else rows
                        taken[off] = rest[off]
                    else:
                        apart = [i for one in under for c, own in one.items() if free.get(c, 0) <= 0 for i in own.rows]
                        below[apart] = True

    def _upward(self, root: str) -> Iterator[str]:
        stack, order = [root], []
        while stack:
            parent = stack.pop()
            order.append(parent)
            stack.extend(c for c in self.children[parent] if c in self.children)
        return reversed(order)

    def _under(self, parent: str) -> Iterator[str]:
        stack = list(self.children[parent])
        while stack:
            child = stack.pop()
            yield child
            stack.extend(self.children.get(child, ()))


class _Own:
    """Rows of one project, step and currency: those that name no receiving project of the registry, and those that do."""

    def __init__(self) -> None:
        self.free: list[int] = []
        self.given: list[int] = []

    @property
    def rows(self) -> list[int]:
        return [*self.free, *self.given]


def _cells(counted: pd.DataFrame, inside: set[str]) -> Iterator[tuple[str, dict[str, dict[str, _Own]]]]:
    """For each step: rows by project and currency."""
    place = np.flatnonzero(counted["project"].isin(inside).to_numpy("bool"))
    part = counted.iloc[place][["step", "project", "currency", "receiver_project"]]
    found: dict[str, dict[str, dict[str, _Own]]] = {}
    for i, (step, project, currency, receiver) in zip(place, part.itertuples(index=False), strict=True):
        own = found.setdefault(step, {}).setdefault(project, {}).setdefault(currency, _Own())
        (own.given if receiver in inside and receiver != project else own.free).append(int(i))
    yield from found.items()


def _unnamed_above(
    counted: pd.DataFrame, tables: Mapping[str, pd.DataFrame], parents: Mapping[str, str]
) -> NDArray[np.bool_]:
    """Rows of projects that say they stand below a programme, which nobody names, of a reporter who has programmes."""
    projects = table_of(tables, "projects")
    level = pd.to_numeric(projects["level"]).fillna(1)
    tops = set(projects.loc[level == 1, "reporting_organisation"].dropna())
    lost = projects.loc[
        (level > 1) & ~projects["project"].isin(list(parents)) & projects["reporting_organisation"].isin(tops),
        "project",
    ]
    return counted["project"].isin(set(lost)).to_numpy("bool")


def _pledged_as_a_whole(counted: pd.DataFrame, rest: Ints, taken: Ints) -> Ints:
    if "table" not in counted:
        return taken
    pledged = counted["step"] == "pledged"
    whole = set(counted.loc[pledged & (counted["table"] == "pledges"), "donor"].dropna())
    again: Any = (pledged & (counted["table"] == "transactions") & counted["donor"].isin(whole)).to_numpy("bool")
    return np.where(again, rest, taken)
