# SPDX-License-Identifier: Apache-2.0
"""What each published column of the region tables means: unit, formula, inputs, kind, and its interval or why none."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from homeground.errors import CatalogueError

if TYPE_CHECKING:
    import pandas as pd

PARTS = Path(__file__).parent.parent


@dataclass(frozen=True)
class Column:
    """One row of a part's ``columns.csv``.

    ``total`` says how regions make a country: ``area`` (mean weighted by area), ``people`` (mean weighted by
    population), ``sum``, or empty (not to be totalled). ``interval`` names the columns of the interval as ``low|high``
    or says why there is none. ``map`` is ``sequential``, ``diverging`` or empty.
    """

    column: str
    title: str
    unit: str
    decimals: int
    total: str
    map: str
    kind: str
    inputs: str
    function: str
    formula: str
    interval: str

    @property
    def bounds(self) -> tuple[str, str] | None:
        """Names of the columns with the low and the high end; None where the number has no interval."""
        low, bar, high = self.interval.partition("|")
        return (low, high) if bar else None


@cache
def columns(stage: str) -> tuple[Column, ...]:
    """The published columns of one stage, in their order.

    Examples
    --------
    >>> columns("land")[0].column
    'land_rain_mm'
    """
    path = PARTS / stage / "columns.csv"
    if not path.is_file():
        raise CatalogueError(f"the part {stage} publishes no columns: there is no {stage}/columns.csv.")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(Column(**{**row, "decimals": int(row["decimals"])}) for row in rows)  # type: ignore[arg-type]


def country_totals(table: pd.DataFrame, described: tuple[Column, ...]) -> pd.DataFrame:
    """Regions brought to countries: sums stay sums, means are weighted by area or people; the rest is left out.

    Intervals of weighted means are the weighted ends: right when regions err together, wide otherwise. Ends of sums
    are left out, because they do not add.
    """
    import pandas as pd

    out = pd.DataFrame({"area_km2": table.groupby("iso3")["area_km2"].sum()})
    weights = {"area": "area_km2", "people": "people_population"}
    for c in described:
        if c.total == "sum":
            out[c.column] = table.groupby("iso3")[c.column].sum(min_count=1)
        elif c.total in weights:
            for name in (c.column, *(c.bounds or ())):
                weight = table[weights[c.total]].where(table[name].notna())
                total = weight.groupby(table["iso3"]).sum(min_count=1)
                out[name] = (table[name] * weight).groupby(table["iso3"]).sum(min_count=1) / total
    return out.reset_index()
