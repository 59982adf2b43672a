# SPDX-License-Identifier: Apache-2.0
"""Whose yield, price, loss or wage serves a country: its own, a neighbour's, its zone's; absent where none is near."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import pandas as pd

from homeground.measures.near import WORLD, nearest

ENDS = ("low", "mid", "high")
GENERAL = "general"
# Of one place only: what holds in Niger says nothing of Serbia.
PLACED = ("base_yield_", "yield_difference_", "price_", "loss_", "wage")
GROUPS = {"sub_saharan_africa": ("sahel", "horn", "east_africa", "southern_africa")}
# Cereals that rain-fed fields of drylands bear. No maize: in the Sahel it is watered or grows beyond the drylands.
DRYLAND_CEREALS = ("millet", "sorghum", "wheat", "barley")
DERIVED = {
    "price_cereal": tuple(f"price_{crop}" for crop in DRYLAND_CEREALS),
    "base_yield_cereal": tuple(f"base_yield_{crop}" for crop in DRYLAND_CEREALS),
    "loss_after_harvest_cereal": tuple(f"loss_after_harvest_{crop}" for crop in DRYLAND_CEREALS),
    "yield_difference_water_harvesting": tuple(f"yield_difference_water_harvesting_{crop}" for crop in DRYLAND_CEREALS),
    "yield_difference_reduced_tillage": tuple(f"yield_difference_reduced_tillage_{crop}" for crop in DRYLAND_CEREALS),
    "yield_difference_trees_among_crops": tuple(
        f"yield_difference_{trees}_{crop}" for trees in ("parkland_trees", "alley_cropping") for crop in DRYLAND_CEREALS
    ),
}


class Part(NamedTuple):
    """A row of the table of values that a figure rests on, and by how many per cent it moves when the row moves by one."""

    parameter: str
    place: str
    share: float


class Found(NamedTuple):
    """A parameter at a place: three ends (NaN: absent), quality (5: expert default), how near, whose, and on which rows."""

    low: float
    mid: float
    high: float
    quality: int
    how: str
    places: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def ends(self) -> tuple[float, float, float]:
        """Low, middle and high."""
        return self.low, self.mid, self.high

    @property
    def absent(self) -> bool:
        """Whether nothing near enough is known."""
        return self.how == "none"


NOTHING = Found(float("nan"), float("nan"), float("nan"), 5, "none", (), ())


def finder(values: pd.DataFrame) -> Callable[[str, str], Found]:
    """How to find a parameter at a country, many times, in one table.

    Parameters
    ----------
    values : DataFrame
        As from `homeground.finance.read_values`: a place is a country, a zone of `homeground.measures.near`,
        "sub_saharan_africa", "world", or "general" (of no place; a study's own row for all its countries).

    Returns
    -------
    callable
        From parameter and iso3 to `Found`. A yield, a price, a loss and a wage are the country's own, else those of its
        neighbours in the same zone, else of the zone; a loss may be the world's; nothing is taken from further away. Of
        several places the middle is the median, low the least and high the greatest. "cereal" is the median of the dryland
        cereals of a place for which there are figures (millet, sorghum, wheat, barley), each counting the same:
        production to weigh them by is not at hand.

    Examples
    --------
    >>> from homeground.finance import read_values
    >>> find = finder(read_values())
    >>> find("price_cereal", "NER").mid, find("price_cereal", "NER").how  # median of 215.7 (millet) and 200.4 (sorghum)
    (208.05, 'country')
    >>> find("wage", "SRB").places, find("base_yield_cereal", "SRB").how
    (('BIH',), 'none')
    """
    rows: dict[str, dict[str, Any]] = {}
    for row in values.to_dict("records"):
        rows.setdefault(str(row["parameter"]), {})[str(row["place"])] = row
    known: dict[tuple[str, str], Found] = {}

    def find(parameter: str, iso3: str) -> Found:
        if (parameter, iso3) not in known:
            known[parameter, iso3] = _find(rows, parameter, iso3)
        return known[parameter, iso3]

    return find


def trail(values: pd.DataFrame, asked: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """Which figures of which places a result rests on, one row for each parameter and country.

    Parameters
    ----------
    values : DataFrame
        As from `homeground.finance.read_values`.
    asked : iterable of (parameter, iso3)

    Returns
    -------
    DataFrame
        iso3, parameter, low, mid, high (NaN: absent), unit, how (country, neighbour, zone, world, general, none), places,
        quality, source, licence, kind, note.

    Examples
    --------
    >>> from homeground.finance import read_values
    >>> table = trail(read_values(), [("wage", "SRB"), ("price_forage", "SRB")])
    >>> table[["parameter", "how", "places"]].values.tolist()
    [['price_forage', 'none', ''], ['wage', 'neighbour', 'BIH']]
    """
    find = finder(values)
    by = values.set_index(["parameter", "place"])
    units = values.drop_duplicates("parameter").set_index("parameter")["unit"].to_dict()
    rows = []
    for parameter, iso3 in sorted(set(asked), key=lambda pair: (pair[1], pair[0])):
        found = find(parameter, iso3)
        of = by.loc[[(part.parameter, part.place) for part in found.parts]] if found.parts else by.iloc[:0]
        unit = next((units[name] for name in (parameter, *DERIVED.get(parameter, ())) if name in units), "")
        rows.append(
            {"iso3": iso3, "parameter": parameter, **{end: getattr(found, end) for end in ENDS}, "unit": unit}
            | {"how": found.how, "places": ", ".join(found.places), "quality": found.quality}
            | {
                name: "; ".join(dict.fromkeys(of[name].dropna().astype(str)))
                for name in ("source", "licence", "kind", "note")
            }
        )
    columns = ["iso3", "parameter", *ENDS, "unit", "how", "places", "quality", "source", "licence", "kind", "note"]
    return pd.DataFrame(rows, columns=columns)


def _find(rows: dict[str, dict[str, Any]], parameter: str, iso3: str) -> Found:
    placed = parameter.startswith(PLACED)
    own = rows.get(parameter, {})
    if not placed:
        place = iso3 if iso3 in own else GENERAL
        return _whole([own[place]], "country" if iso3 in own else GENERAL, (place,)) if place in own else NOTHING
    if found := _near({place: [row] for place, row in own.items()}, iso3):
        return found
    if GENERAL in own:  # a study's own row for all its countries
        return _whole([own[GENERAL]], GENERAL, (GENERAL,))
    crops: dict[str, list[Any]] = {}
    for name in DERIVED.get(parameter, ()):
        for place, row in rows.get(name, {}).items():
            crops.setdefault(place, []).append(row)
    if found := _near(crops, iso3):
        return found
    return _whole([own[WORLD]], WORLD, (WORLD,)) if WORLD in own else NOTHING


def _near(by_place: dict[str, list[Any]], iso3: str) -> Found | None:
    """Of the nearest ring that has rows; None where none is near enough."""
    reach = {zone: place for place in by_place for zone in GROUPS.get(place, (place,)) if place not in (GENERAL, WORLD)}
    near = nearest(list(reach), iso3, furthest="zone")
    if near.how == "none":
        return None
    places = tuple(dict.fromkeys(reach[name] for name in near.places))
    return _pooled([by_place[place] for place in places], near.how, places)


def _pooled(by_place: list[list[Any]], how: str, places: tuple[str, ...]) -> Found:
    """The median of places that are each a median of rows; the ends of several places are the furthest."""
    each = [_whole(rows, how, places) for rows in by_place]
    if len(each) == 1:
        return each[0]
    mid, shares = _median([one.mid for one in each])
    parts = [
        part._replace(share=part.share * share) for one, share in zip(each, shares, strict=True) for part in one.parts
    ]
    low, high = min(one.low for one in each), max(one.high for one in each)
    return Found(low, mid, high, max(one.quality for one in each), how, places, tuple(parts))


def _whole(rows: list[Any], how: str, places: tuple[str, ...]) -> Found:
    """One row, or the median of the crops of one place at each end."""
    ends = [statistics.median(float(row[end]) for row in rows) for end in ENDS]
    _, shares = _median([float(row["mid"]) for row in rows])
    parts = tuple(
        Part(str(row["parameter"]), str(row["place"]), share) for row, share in zip(rows, shares, strict=True)
    )
    return Found(ends[0], ends[1], ends[2], max(int(row["quality"]) for row in rows), how, places, parts)


def _median(numbers: list[float]) -> tuple[float, list[float]]:
    """The median, and by how many per cent it moves when each number moves by one."""
    order = sorted(range(len(numbers)), key=lambda i: numbers[i])
    middle = {order[(len(order) - 1) // 2], order[len(order) // 2]}
    median = sum(numbers[i] for i in middle) / len(middle)
    whole = sum(numbers[i] for i in middle)
    return median, [numbers[i] / whole if i in middle and whole else 0.0 for i in range(len(numbers))]
