# SPDX-License-Identifier: Apache-2.0
"""What is part of something that is told too: places of a project, its countries, its children.

Parts are not added to their whole for days that both tell of; for other days each counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from homeground.accelerator.results.series import Series, Told, parts_of

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
    _without_children(series, parents, summable, by_country="iso3" in detailed)
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
    """Keep a whole or its parts for the days that both tell of, as they are asked for, and tell where they differ."""
    parts = sorted(k for k in parts if series[k].items)
    if not parts or whole not in series or not series[whole].items:
        return
    both = {k: _apart(series[k].items, series[whole].items)[1] for k in parts}
    rest, told = _apart(series[whole].items, [one for items in both.values() for one in items])
    if not told:
        return
    names = sorted({k[at] for k in parts if both[k]})
    sums = [(name, math.fsum(one.value for k in parts if k[at] == name for one in both[k])) for name in names]
    said = parts_of(math.fsum(one.value for one in told), sums, "place" if at == PLACE else "country") if tells else ""
    if keep:
        _leave(series, whole, rest)
    else:
        for key in parts:
            _leave(series, key, [one for one in series[key].items if one not in both[key]])
    for key in [k for k in parts if both[k]] if keep else [whole]:
        series[key].notes += [said] if said else []


def _without_children(
    series: dict[Key, Series], parents: Mapping[str, set[str]], summable: set[str], *, by_country: bool
) -> None:
    """Leave out what is part of a project above it. By country, what lies in one goes before a whole that names none."""
    for key in sorted(k for k in series if k[1] and series[k].items):
        above = _above(key[1], parents)
        if not above or key not in series:
            continue
        family = [k for k in series if (k[0], k[4]) == (key[0], key[4]) and k[1] in above and series[k].items]
        if by_country and key[ISO3]:
            for whole in [k for k in family if not k[ISO3]]:
                _settle(series, whole, [key], ISO3, tells=key[0] in summable, keep=True)
            family = [k for k in family if k[ISO3] == key[ISO3] and k in series]
        rest, gone = _apart(series[key].items, [one for k in family for one in series[k].items])
        if gone:
            value = math.fsum(one.value for one in gone)
            for k in family:
                series[k].notes.append(f"{key[1]} is part of it and tells {value:,.12g} of its own: not added")
            _leave(series, key, rest)


def _without_own(series: dict[Key, Series]) -> None:
    """A country's own number does not join those of its projects; where no project tells, it stands as what it is."""
    for key in sorted(k for k in series if not k[1] and series[k].items):
        of_projects = [k for k in series if k[1] and (k[0], k[4]) == (key[0], key[4]) and series[k].items]
        of_projects = [k for k in of_projects if not key[ISO3] or k[ISO3] in (key[ISO3], "")]
        rest, gone = _apart(series[key].items, [one for k in of_projects for one in series[k].items])
        value = math.fsum(one.value for one in gone)
        for k in of_projects if gone else []:
            series[k].notes.append(f"{key[ISO3] or 'the whole'} tells {value:,.12g} as its own number: not added")
        if rest:
            series[key].notes.append("a country's own number, of no project")
        _leave(series, key, rest)


def _apart(items: Sequence[Told], others: Sequence[Told]) -> tuple[list[Told], list[Told]]:
    """Rows of days that the others do not tell of, and those of days that they do."""
    rest: list[Told] = []
    both: list[Told] = []
    for one in items:
        over = any(one.start <= other.end and other.start <= one.end for other in others)
        (both if over else rest).append(one)
    return rest, both


def _leave(series: dict[Key, Series], key: Key, items: list[Told]) -> None:
    """Keep only some rows of a series; a series without any is gone with what was told of it."""
    if items:
        series[key].items = items
    else:
        series.pop(key)


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
