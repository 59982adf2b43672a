# SPDX-License-Identifier: Apache-2.0
"""Options by country and measure, and the trail that says whose each figure is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from homeground.measures.rates.pool import NOTHING, OWN, Pooled, pooled_at, trail_row
from homeground.measures.rates.records import ANY, COSTS, ENDS, KEYS, PARAMETERS, UNITS, WAGE
from homeground.measures.rates.true_cost import TrueCost, surviving, true_cost

_NEEDED = [name for name, (_, needed) in PARAMETERS.items() if needed]
_NOWHERE = NOTHING._replace(note="no record of it")
TRAIL = (
    "iso3",
    "measure",
    "parameter",
    *ENDS,
    "unit",
    "quality",
    "how",
    "from",
    "n",
    "price_year",
    "source",
    "licence",
    "kind",
    "note",
)


def by_place(
    records: pd.DataFrame, measures: list[str], countries: Iterable[str], price_year: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The wide table by country and measure, and the trail of its figures.

    Parameters
    ----------
    records : DataFrame
        As of `homeground.measures.rates.records.read_records`; own rows have the place "own".
    measures : list of str
        Measures wanted, in this order.
    countries : iterable of str
        iso3.
    price_year : int
        Year that the money whose year is stated is of.

    Returns
    -------
    wide : DataFrame, index iso3 and measure
        As `homeground.measures.options_at`.
    trail : DataFrame
        As `homeground.measures.rates_trail`.

    Examples
    --------
    >>> from homeground.measures.rates.records import read_records
    >>> wide, trail = by_place(read_records(), ["stone_lines"], ["NER"], 2023)
    >>> wide.loc[("NER", "stone_lines"), ["establishment_cash_mid", "person_days_establishment_mid", "wage_mid"]].tolist()
    [44.0, 26.67, 2.33]
    """
    places = list(dict.fromkeys(countries))
    pools = pooled_at(records[records["measure"].isin([*measures, ANY])], places)
    wide, trail = [], []
    for iso3 in places:
        wage = pools.get((iso3, ANY, WAGE), NOTHING)
        trail.append(trail_row(iso3, ANY, WAGE, wage, UNITS[WAGE]))
        for measure in measures:
            of = {name: pools.get((iso3, measure, name), _NOWHERE) for name in PARAMETERS}
            row, told = _one(of, wage)
            trail += [trail_row(iso3, measure, name, one, unit) for name, one, unit in told]
            if all(of[name].how != "none" for name in _NEEDED):
                wide.append({"iso3": iso3, "measure": measure, **row})
    table = (
        pd.DataFrame(wide).set_index(KEYS) if wide else pd.DataFrame(index=pd.MultiIndex.from_tuples([], names=KEYS))
    )
    if wide:
        table["currency"], table["price_year"] = "USD", price_year
        table["quality"] = table[[f"{name}_quality" for name in _NEEDED]].max(axis=1).astype(int)
    said = pd.DataFrame(trail, columns=list(TRAIL))
    return table, said.astype({"quality": "Int64", "n": "int64"})


def _one(of: dict[str, Pooled], wage: Pooled) -> tuple[dict[str, float], list[tuple[str, Pooled, str]]]:
    """One measure at one place: its columns, and its figures as the trail tells them."""
    final = dict(of)
    row: dict[str, float] = {}
    told: list[tuple[str, Pooled, str]] = []
    lives = of["survival"]
    for cost, work in COSTS.items():
        own = of[cost].how == OWN
        found = true_cost(of[cost], of[work], wage, own=own)
        if cost == "establishment_cost" and not own:
            found = surviving(found, lives)
        phase = cost.removesuffix("_cost")
        final[cost] = of[cost]._replace(ends=_ends(found.cost), quality=found.quality, note=_join(of[cost], found))
        row |= _columns(f"{phase}_cash", _ends(found.cash), found.cash_quality)
        row[f"{phase}_labour_quality"] = found.labour_quality
        row[f"{phase}_replanted_share"] = found.replanted
        grade = max(found.cash_quality, found.survival_quality)
        cash = of[cost]._replace(ends=_ends(found.cash), quality=grade, note=found.note)
        told.append((f"{phase}_cash", cash, UNITS[cost]))
    days = of["person_days_establishment"]
    if lives.how != "none" and days.how != OWN:
        ends = _ends(np.array(days.ends) / np.array(lives.ends)[::-1])
        note = "; ".join(filter(None, (days.note, "over survival")))
        final["person_days_establishment"] = days._replace(
            ends=ends, quality=max(days.quality, lives.quality), note=note
        )
    for name, one in final.items():
        row |= _columns(name, one.ends, one.quality)
    row |= _columns(WAGE, wage.ends, wage.quality)
    return row, [*((name, one, UNITS[name]) for name, one in final.items()), *told]


def _columns(name: str, ends: tuple[float, float, float], quality: float) -> dict[str, float]:
    values: dict[str, Any] = {f"{name}_{end}": value for end, value in zip(ENDS, ends, strict=True)}
    return {**values, f"{name}_quality": quality}


def _ends(values: Any) -> tuple[float, float, float]:
    low, mid, high = (float(value) for value in values)
    return low, mid, high


def _join(pooled: Pooled, found: TrueCost) -> str:
    return "; ".join(filter(None, (pooled.note, found.note)))
