# SPDX-License-Identifier: Apache-2.0
"""Whose figures serve a country that has none of its own: a neighbour of like drylands, its zone, then the world."""

from __future__ import annotations

import csv
from collections.abc import Collection
from functools import cache
from importlib import resources
from typing import NamedTuple

from homeground.errors import DataError

HOW = ("country", "neighbour", "zone", "world", "none")  # from the nearest to the furthest
WORLD = "world"  # the place of a figure that is of no country


class Near(NamedTuple):
    """Places whose figures serve, and how near they are."""

    places: tuple[str, ...]
    how: str


@cache
def _zones() -> dict[str, tuple[str, frozenset[str]]]:
    with resources.files("homeground.measures").joinpath("zones.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    zone = {row["iso3"]: row["zone"] for row in rows}
    return {
        row["iso3"]: (row["zone"], frozenset(n for n in row["neighbours"].split() if zone.get(n) == row["zone"]))
        for row in rows
    }


def zone_of(iso3: str) -> str:
    """Zone of like drylands and farming that a country lies in.

    Parameters
    ----------
    iso3 : str

    Returns
    -------
    str
        As in ``zones.csv``; empty where the country is in none.

    Examples
    --------
    >>> zone_of("NER"), zone_of("SRB"), zone_of("ISL")
    ('sahel', 'west_balkans', '')
    """
    return _zones().get(iso3, ("", frozenset()))[0]


def nearest(places: Collection[str], iso3: str, *, furthest: str = "world") -> Near:
    """Of places that have figures those that serve a country, from the nearest ring that holds any.

    Parameters
    ----------
    places : collection of str
        iso3 of countries, names of zones, or "world", for which there are figures.
    iso3 : str
        The country that is asked for.
    furthest : {"country", "neighbour", "zone", "world"}, optional
        The last ring that may serve. A wage, a yield or a rate of the soil of another zone says nothing: ask for
        "zone" there.

    Returns
    -------
    Near
        Places, sorted, and how near: country; neighbour (shares a border and the zone); zone; world (all places);
        none.

    Raises
    ------
    DataError
        ``furthest`` is unknown.

    Examples
    --------
    >>> nearest(["BFA", "ETH", "TJK"], "NER")
    Near(places=('BFA',), how='neighbour')
    >>> nearest(["SEN", "TJK"], "NER").how, nearest(["NER"], "SRB").how, nearest(["NER"], "SRB", furthest="zone").how
    ('zone', 'world', 'none')
    """
    if furthest not in HOW[:4]:
        raise DataError(f'furthest is "{furthest}"; one of {", ".join(HOW[:4])} was expected.')
    zone, neighbours = _zones().get(iso3, ("", frozenset()))
    rings = {
        "country": [place for place in places if place == iso3],
        "neighbour": [place for place in places if place in neighbours],
        "zone": [place for place in places if zone and (place == zone or zone_of(place) == zone)],
        "world": list(places),
    }
    for how in HOW[: HOW.index(furthest) + 1]:
        if rings[how]:
            return Near(tuple(sorted(rings[how])), how)
    return Near((), "none")
