# SPDX-License-Identifier: Apache-2.0
"""Which records serve a country, and the one figure that they give together: median, least, greatest."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from homeground.measures.near import WORLD, Near, nearest
from homeground.measures.rates.records import DEFAULT, ENDS, WITHIN_ZONE
from homeground.numbers.money import NOT_STATED

if TYPE_CHECKING:
    import pandas as pd

OWN = "own"  # how: the study's own row
# A figure of another place is at least this uncertain, however good it is at home.
BORROWED = {"neighbour": 3.0, "zone": 3.0, "world": 4.0}
ONE = "one value: half to double"
Record = dict[Any, Any]  # a row of the records


class Pooled(NamedTuple):
    """One figure at one place: three ends, its grade, and whose it is."""

    ends: tuple[float, float, float]
    quality: float  # NaN where there is none
    how: str  # country, neighbour, zone, world, default, own, or none
    places: tuple[str, ...]
    records: Sequence[Record]  # those that were used
    note: str


NOTHING = Pooled((math.nan, math.nan, math.nan), math.nan, "none", (), (), "no figure near enough")


def pool(records: Sequence[Record], near: Near) -> Pooled:
    """One figure from the records of one measure and parameter at the places that serve.

    Parameters
    ----------
    records : sequence of dict
        Rows of one measure and parameter, as of `homeground.measures.rates.records.read_records`.
    near : Near
        The places that serve, as `homeground.measures.near.nearest` finds them.

    Returns
    -------
    Pooled
        mid is the median of the mids, low and high the least and the greatest of all ends; a single figure without a range
        counts as half to double. quality is that of the weakest record, and at least 3 if borrowed from a neighbour
        or the zone, 4 from the world.

    Examples
    --------
    >>> dug = [dict(place="NER", low=1.0, mid=2.0, high=2.0, quality=3), dict(place="NER", low=4.0, mid=4.0, high=4.0, quality=2)]
    >>> far = dict(place="BFA", low=9.0, mid=9.0, high=9.0, quality=1)
    >>> pool([*dug, far], nearest(["NER", "BFA"], "NER"))[:3]
    ((1.0, 3.0, 4.0), 3.0, 'country')
    >>> pool([far], nearest(["BFA"], "NER"))[:3]  # one value, and a neighbour's
    ((4.5, 9.0, 18.0), 3.0, 'neighbour')
    """
    used = [row for row in records if row["place"] in near.places]
    low, mid, high = min(r["low"] for r in used), median(r["mid"] for r in used), max(r["high"] for r in used)
    note = ""
    if low == high:
        low, high = sorted((mid / 2, mid * 2))
        if used[0].get("unit") == "1":
            high = min(high, 1.0)
        note = ONE if low < high else ""
    quality = max(*(float(r["quality"]) for r in used), BORROWED.get(near.how, 1.0))
    return Pooled((float(low), float(mid), float(high)), quality, near.how, near.places, used, note)


def pooled_at(table: pd.DataFrame, countries: Iterable[str]) -> dict[tuple[str, str, str], Pooled]:
    """The figure of every measure and parameter in every country.

    Parameters
    ----------
    table : DataFrame
        As of `homeground.measures.rates.records.read_records`; rows of place "own" serve everywhere, before all others.
    countries : iterable of str
        iso3.

    Returns
    -------
    dict of (iso3, measure, parameter) to Pooled
        Expert defaults serve only where no record is near enough; with neither, how is "none" and the figure NaN.

    Examples
    --------
    >>> from homeground.measures.rates.records import read_records
    >>> found = pooled_at(read_records(), ["NER", "SRB"])
    >>> found["NER", "any", "wage"].how, found["SRB", "any", "wage"].places
    ('country', ('BIH',))
    >>> found["SRB", "zai", "yield_gain"].how
    'none'
    """
    groups: dict[tuple[str, str], list[Record]] = {}
    for row in table.to_dict("records"):
        groups.setdefault((row["measure"], row["parameter"]), []).append(row)
    found: dict[tuple[str, str, str], Pooled] = {}
    wanted = list(countries)
    for (measure, parameter), rows in groups.items():
        seen = [row for row in rows if row["kind"] != DEFAULT or row["place"] == OWN]
        defaults = [row for row in rows if row["kind"] == DEFAULT]
        made: dict[Near, Pooled] = {}  # many countries are served by the same places
        for iso3 in wanted:
            near = _near({str(row["place"]) for row in seen}, iso3, parameter)
            if near.how == "none" and defaults:
                near = Near((WORLD,), DEFAULT)
            if near not in made:
                made[near] = NOTHING if near.how == "none" else pool(defaults if near.how == DEFAULT else seen, near)
            found[iso3, measure, parameter] = made[near]
    return found


def _near(places: set[str], iso3: str, parameter: str) -> Near:
    """Of the places with records those that serve a country."""
    if OWN in places:
        return Near((OWN,), OWN)
    near = nearest(sorted(places), iso3, furthest="zone" if parameter in WITHIN_ZONE else "world")
    # A figure of the whole world is of no other zone.
    return Near((WORLD,), "world") if near.how == "none" and WORLD in places else near


def trail_row(iso3: str, measure: str, parameter: str, one: Pooled, unit: str) -> dict[str, Any]:
    """A figure as the trail tells it: whose it is, of how many records, of which sources.

    Parameters
    ----------
    iso3, measure, parameter : str
    one : Pooled
    unit : str

    Returns
    -------
    dict

    Examples
    --------
    >>> row = dict(place="BFA", low=9.0, mid=9.0, high=9.0, quality=1, source="made up", price_year="2023")
    >>> row |= dict(licence="own", kind="published")
    >>> one = pool([row], nearest(["BFA"], "NER"))
    >>> trail_row("NER", "zai", "establishment_cost", one, "USD/ha")["from"]
    'BFA'
    """
    years = {str(row["price_year"]) for row in one.records} if unit.startswith("USD") else set()
    return {
        "iso3": iso3,
        "measure": measure,
        "parameter": parameter,
        **dict(zip(ENDS, one.ends, strict=True)),
        "unit": unit,
        "quality": one.quality,
        "how": one.how,
        "from": " ".join(one.places),
        "n": len(one.records),
        "price_year": NOT_STATED if NOT_STATED in years else max(years, default=""),
        "source": _each(one.records, "source"),
        "licence": _each(one.records, "licence"),
        "kind": _each(one.records, "kind"),
        "note": one.note,
    }


def _each(records: Sequence[Record], column: str) -> str:
    """What the records say in a column, each text once."""
    return "; ".join(dict.fromkeys(str(row[column]) for row in records))
