# SPDX-License-Identifier: Apache-2.0
"""What is part of something that is told too: places of a project, its countries, its children. Parts are not added."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from homeground.accelerator.results.series import Series, parts_of

Key = tuple[str, str, str, str, str]  # indicator, project, iso3, place, disaggregation
ISO3, PLACE = 2, 3


def without_parts(
    series: dict[Key, Series], summable: set[str], *, detailed: set[str], parents: Mapping[str, set[str]]
) -> None:
    """Leave of a whole and its parts only one in the series, and tell there what was left out.

    Parameters
    ----------
    series : dict of key to Series
        Changed in place.
    summable : set of str
        Indicators whose parts should sum to their whole.
    detailed : set of str
        ``place`` and ``iso3`` where the parts are asked for and not the whole.
    parents : mapping of project to set of project
        Of `parents_of`.

    Examples
    --------
    >>> import datetime
    >>> from homeground.accelerator.results.series import Told
    >>> day = datetime.date(2020, 1, 1)
    >>> told = lambda name, value: Series([Told(name, day, day, False, value)])
    >>> series = {("ha", "p", "NER", "", ""): told("a", 10.0), ("ha", "p", "NER", "north", ""): told("b", 4.0)}
    >>> without_parts(series, {"ha"}, detailed=set(), parents={})
    >>> [one.notes for one in series.values()]
    [['by place north 4 = 4 of 10: shown as told, not made to fit']]
    """
    families: dict[tuple[str, str, str], list[Key]] = {}
    for key in sorted(series):
        families.setdefault((key[0], key[1], key[4]), []).append(key)
    for (indicator, project, part), keys in families.items():
        for iso3 in sorted({key[ISO3] for key in keys}):
            whole: Key = (indicator, project, iso3, "", part)
            parts = [k for k in keys if k[ISO3] == iso3 and k[PLACE] and k in series]
            _settle(series, whole, parts, PLACE, tells=indicator in summable, keep="place" in detailed)
        whole = (indicator, project, "", "", part)
        parts = [k for k in keys if k[ISO3] and k in series]
        _settle(series, whole, parts, ISO3, tells=indicator in summable, keep=bool(detailed))
    _without_children(series, parents)
    _without_own(series)


def parents_of(links: pd.DataFrame | None) -> dict[str, set[str]]:
    """What each project is part of.

    Parameters
    ----------
    links : DataFrame or None
        project_links as declared in the registry.

    Returns
    -------
    dict of set

    Examples
    --------
    >>> parents_of(pd.DataFrame({"project": ["A", "C"], "relation": ["child", "parent"], "other": ["B", "B"]}))
    {'B': {'A'}, 'C': {'B'}}
    """
    found: dict[str, set[str]] = {}
    for row in [] if links is None else links.to_dict("records"):
        project, other = str(row["project"]), str(row["other"])
        if row["relation"] == "parent":  # what the other one is to it
            found.setdefault(project, set()).add(other)
        elif row["relation"] == "child":
            found.setdefault(other, set()).add(project)
    return found


def _settle(series: dict[Key, Series], whole: Key, parts: list[Key], at: int, *, tells: bool, keep: bool) -> None:
    """Keep a whole or its parts, as they are asked for, and tell where they differ."""
    parts = sorted(k for k in parts if series[k].items)
    if not parts or whole not in series or not series[whole].items:
        return
    names = sorted({k[at] for k in parts})
    sums = [(name, math.fsum(series[k].total for k in parts if k[at] == name)) for name in names]
    said = parts_of(series[whole].total, sums, "place" if at == PLACE else "country") if tells else ""
    for key in [whole] if keep else parts:
        series.pop(key)
    for key in parts if keep else [whole]:
        series[key].notes += [said] if said else []


def _without_children(series: dict[Key, Series], parents: Mapping[str, set[str]]) -> None:
    for key in sorted(k for k in series if k[1] and series[k].items):
        above = _above(key[1], parents)
        if not above:
            continue
        family = [k for k in series if (k[0], k[4]) == (key[0], key[4]) and k[1] in above and series[k].items]
        if family:
            gone = series.pop(key)
            for k in family:
                series[k].notes.append(f"{key[1]} is part of it and tells {gone.total:,.12g} of its own: not added")


def _without_own(series: dict[Key, Series]) -> None:
    """A country's own number does not join those of its projects; where no project tells, it stands as what it is."""
    for key in sorted(k for k in series if not k[1] and series[k].items):
        of_projects = [k for k in series if k[1] and (k[0], k[4]) == (key[0], key[4]) and series[k].items]
        of_projects = [k for k in of_projects if not key[ISO3] or k[ISO3] in (key[ISO3], "")]
        if of_projects:
            own = series.pop(key)
            said = f"{key[ISO3] or 'the whole'} tells {own.total:,.12g} as its own number: not added"
            for k in of_projects:
                series[k].notes.append(said)
        else:
            series[key].notes.append("a country's own number, of no project")


def _above(project: str, parents: Mapping[str, set[str]]) -> set[str]:
    """All that a project is part of; never itself, even where links go in a circle."""
    found: set[str] = set()
    ways = set(parents.get(project, set()))
    while ways:
        one = ways.pop()
        if one not in found and one != project:
            found.add(one)
            ways |= parents.get(one, set())
    return found
