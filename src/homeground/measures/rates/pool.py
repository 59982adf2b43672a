# SPDX-License-Identifier: Apache-2.0
"""Which records serve a country, and the one figure that they give together: median, least, greatest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from homeground.measures.near import WORLD, Near, nearest
from homeground.measures.rates.records import DEFAULT, ENDS, UNVERIFIED, WITHIN_ZONE
from homeground.numbers.money import NOT_STATED

OWN = "own"  # how: the study's own row
# A figure of another place is at least this uncertain, however good it is at home.
BORROWED = {"country": 1, "neighbour": 3, "zone": 3, "world": 4}
ONE = "one value: half to double"


class Pooled(NamedTuple):
    """One figure at one place: three ends, its grade, and whose it is."""

    ends: tuple[float, float, float]
    quality: float  # NaN where there is none
    how: str  # country, neighbour, zone, world, default, own, or none
    places: tuple[str, ...]
    rows: pd.DataFrame  # the records that were used
    note: str


def pool(rows: pd.DataFrame, near: Near) -> Pooled:
    """One figure from the records of one measure and parameter at the places that serve.

    Parameters
    ----------
    rows : DataFrame
        Records of one measure and parameter, as of `homeground.measures.rates.records.read_records`.
    near : Near
        The places that serve, as `homeground.measures.near.nearest` finds them; "world" and no place: all rows.

    Returns
    -------
    Pooled
        mid is the median of the mids, low and high the least and the greatest of all ends; a single figure without a range
        counts as half to double. quality is that of the weakest record, and at least 3 if borrowed from a neighbour
        or the zone, 4 from the world.

    Examples
    --------
    >>> rows = pd.DataFrame({"place": ["NER", "NER", "BFA"], "low": [1.0, 4.0, 9.0], "mid": [2.0, 4.0, 9.0]})
    >>> rows = rows.assign(high=rows["mid"], quality=[3, 2, 1], unit="USD/ha")
    >>> pool(rows, nearest(["NER", "BFA"], "NER"))[:3]
    ((1.0, 3.0, 4.0), 3.0, 'country')
    >>> pool(rows, nearest(["BFA"], "NER"))[:3]  # one value, and a neighbour's
    ((4.5, 9.0, 18.0), 3.0, 'neighbour')
    """
    used = rows[rows["place"].isin(near.places)]
    low, mid, high = float(used["low"].min()), float(used["mid"].median()), float(used["high"].max())
    note = ""
    if low == high:
        low, high = sorted((mid / 2, mid * 2))
        if used["unit"].iloc[0] == "1":
            high = min(high, 1.0)
        note = ONE if low < high else ""
    quality = float(max(used["quality"].max(), BORROWED.get(near.how, 1)))
    return Pooled((low, mid, high), quality, near.how, near.places, used, note)


def pooled_at(records: pd.DataFrame, countries: Iterable[str]) -> dict[tuple[str, str, str], Pooled]:
    """The figure of every measure and parameter in every country.

    Parameters
    ----------
    records : DataFrame
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
    found: dict[tuple[str, str, str], Pooled] = {}
    for (measure, parameter), rows in records.groupby(["measure", "parameter"], sort=False):
        for iso3, near in _near(rows, str(parameter), countries).items():
            if near.how == "none":
                nothing = Pooled((np.nan, np.nan, np.nan), np.nan, "none", (), rows.head(0), "no figure near enough")
            else:
                nothing = pool(rows[_serving(rows, near)], near)
            found[iso3, str(measure), str(parameter)] = nothing
    return found


def _serving(rows: pd.DataFrame, near: Near) -> pd.Series[bool]:
    default = rows["kind"] == DEFAULT
    return default if near.how == DEFAULT else ~default


def _near(rows: pd.DataFrame, parameter: str, countries: Iterable[str]) -> Mapping[str, Near]:
    """Whose figures serve each country."""
    places = set(rows["place"])
    if OWN in places:
        return dict.fromkeys(countries, Near((OWN,), OWN))
    default = rows["kind"] == DEFAULT
    seen = sorted(set(rows.loc[~default, "place"]))
    furthest = "zone" if parameter in WITHIN_ZONE else "world"
    out = {}
    for iso3 in countries:
        near = nearest(seen, iso3, furthest=furthest)
        if near.how == "none" and WORLD in seen:  # a figure of the whole world is of no other zone
            near = Near((WORLD,), "world")
        if near.how == "none" and default.any():
            near = Near((WORLD,), DEFAULT)
        out[iso3] = near
    return out


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
    >>> rows = pd.DataFrame({"place": ["BFA"], "low": 9.0, "mid": 9.0, "high": 9.0, "quality": 1, "unit": "USD/ha"})
    >>> one = pool(rows.assign(source="made up", price_year="2023"), nearest(["BFA"], "NER"))
    >>> trail_row("NER", "zai", "establishment_cost", one, "USD/ha")["from"]
    'BFA'
    """
    years = sorted(set(one.rows["price_year"].dropna().astype("str"))) if "price_year" in one.rows else []
    return {
        "iso3": iso3,
        "measure": measure,
        "parameter": parameter,
        **dict(zip(ENDS, one.ends, strict=True)),
        "unit": unit,
        "quality": one.quality,
        "how": one.how,
        "from": " ".join(one.places),
        "n": len(one.rows),
        "price_year": ""
        if not unit.startswith("USD") or not years
        else NOT_STATED
        if NOT_STATED in years
        else years[-1],
        "source": "; ".join(dict.fromkeys(one.rows["source"].astype("str"))) if len(one.rows) else "",
        "note": one.note,
    }


def is_default(one: Pooled) -> bool:
    """Whether a figure is an expert default that nobody has verified.

    Parameters
    ----------
    one : Pooled

    Returns
    -------
    bool

    Examples
    --------
    >>> is_default(Pooled((0.2, 0.3, 0.4), 5.0, "default", ("world",), pd.DataFrame(), ""))
    True
    """
    return bool(one.quality >= UNVERIFIED)
