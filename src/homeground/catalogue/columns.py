# SPDX-License-Identifier: Apache-2.0
"""What each published column of the region tables means: unit, formula, inputs, kind, and its interval or why none."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from homeground.catalogue.classes import MISSING
from homeground.errors import CatalogueError, DataError
from homeground.language.messages import phrase
from homeground.language.wording import wording

PARTS = Path(__file__).parent.parent


@dataclass(frozen=True)
class Column:
    """One row of a part's ``columns.csv``.

    ``total`` says how regions make a country: ``area`` (mean weighted by area), ``land`` (by area without inland
    water), ``people`` (by population), ``sum``, or empty (not to be totalled). ``interval`` names the columns of the
    interval as ``low|high`` or says why there is none. ``map`` is ``sequential``, ``diverging`` or empty. ``needs``
    marks a column that is there only where the study gives something, and says what; empty: always there.
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
    needs: str = ""

    @property
    def bounds(self) -> tuple[str, str] | None:
        """Names of the columns with the low and the high end; None where the number has no interval."""
        low, bar, high = self.interval.partition("|")
        return (low, high) if bar else None

    def told(self, field: str, code: str = "en") -> str:
        """Its title, formula, inputs, interval or needs in a language.

        Examples
        --------
        >>> columns("land")[0].told("title", "fr")
        'Précipitations'
        """
        return wording(f"column.{self.column}.{field}", str(getattr(self, field)), code)


@cache
def columns(stage: str) -> tuple[Column, ...]:
    """The published columns of one stage, in their order.

    Parameters
    ----------
    stage : str
        A part that has a ``columns.csv``: "land", "people", "evidence", "measures", "finance" or "risk".

    Returns
    -------
    tuple of Column
        What each column means; the part's name is the start of the column's.

    Raises
    ------
    CatalogueError
        The part publishes no columns.

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


def present(described: Sequence[Column], names: Iterable[str]) -> tuple[Column, ...]:
    """The columns that a table has; one without ``needs`` may not be absent.

    Parameters
    ----------
    described : sequence of Column
        Columns that a table may have, such as `columns` of a stage.
    names : iterable of str
        Names of the columns of the table; others than the described are passed over.

    Returns
    -------
    tuple of Column
        Those of ``described`` that the table has, in their order.

    Raises
    ------
    DataError
        A column that is always there is absent.

    Examples
    --------
    >>> [c.column for c in present(columns("land")[:1], ["region_id", "land_rain_mm"])]
    ['land_rain_mm']
    """
    held = set(names)
    if lost := [c.column for c in described if c.column not in held and not c.needs]:
        raise DataError(f"the regions lack {', '.join(lost)}, which every run writes. Run the study again.")
    return tuple(c for c in described if c.column in held)


def absences(described: Sequence[Column], names: Iterable[str], code: str = "en") -> tuple[str, ...]:
    """One sentence of a language for each thing that a study could give, with the columns that it would bring.

    Parameters
    ----------
    described : sequence of Column
        Columns that a table may have, such as `columns` of a stage.
    names : iterable of str
        Names of the columns of the table.
    code : str
        Language.

    Returns
    -------
    tuple of str
        Titles of the absent columns, and what they need; empty where nothing is absent.

    Examples
    --------
    >>> told = absences(columns("land"), ["land_rain_mm"])
    >>> [sentence.rpartition(": needs ")[0] for sentence in told][-1]
    'Land in drought and Land in severe drought within four years'
    """
    held, lacking = set(names), defaultdict(list)
    for c in described:
        if c.needs and c.column not in held:
            lacking[c.needs].append(c)
    return tuple(
        phrase("page.needs", code, titles=[c.told("title", code) for c in some], needs=some[0].told("needs", code))
        for some in lacking.values()
    )


@dataclass(frozen=True)
class Assessed:
    """What the assessment of the land knows better than the regions do.

    ``land`` is the land of each region with a verdict, km2: what the shares are of. ``ends`` are
    the least and the most degraded land of the country under all choices, % (only known of a study of one country).
    """

    land: pd.Series[float]
    ends: tuple[float, float] | None = None


def assessed_land(results: Path) -> Assessed | None:
    """Read what an assessment left; None where the study gave no series.

    Parameters
    ----------
    results : Path
        Folder of one scenario's results, with ``degradation.parquet`` and ``degradation.json`` where land was assessed.

    Returns
    -------
    Assessed or None
        Land of each region with a verdict (where none has one, without inland water), km2; and the ends of the degraded land, %, of a single country.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import pandas as pd
    >>> land = {"region_id": "a", "iso3": "GMB", "period": "period", "water": [0, 0, 1], "area_km2": [60.0, 30.0, 10.0]}
    >>> with TemporaryDirectory() as folder:
    ...     pd.DataFrame(land).to_parquet(Path(folder, "degradation.parquet"))
    ...     with Path(folder, "degradation.json").open("w") as facts:
    ...         _ = facts.write('{"degraded_low": 4.0, "degraded_high": 31.0}')
    ...     found = assessed_land(Path(folder))
    >>> found.land.to_dict(), found.ends
    ({'a': 90.0}, (4.0, 31.0))
    """
    path = results / "degradation.parquet"
    if not path.is_file():
        return None
    status = results / "land_status.parquet"
    judged = pd.read_parquet(status, columns=["region_id", "iso3", "status", "area_km2"]) if status.is_file() else None
    if judged is not None and (judged["status"] != MISSING).any():
        land = judged[judged["status"] != MISSING]
    else:
        areas = pd.read_parquet(path, columns=["region_id", "iso3", "period", "water", "area_km2"])
        land = areas[(areas["period"] == "period") & (areas["water"] == 0)]
    facts = json.loads((results / "degradation.json").read_text(encoding="utf-8"))
    known = land["iso3"].nunique() == 1 and "degraded_low" in facts
    ends = (float(facts["degraded_low"]), float(facts["degraded_high"])) if known else None
    return Assessed(land.groupby("region_id")["area_km2"].sum(), ends) if len(land) else None


def country_totals(
    table: pd.DataFrame, described: Sequence[Column], *, assessed: Assessed | None = None
) -> pd.DataFrame:
    """Regions brought to countries: sums stay sums, means are weighted by area, land or people; the rest is left out.

    Parameters
    ----------
    table : DataFrame
        Regions: region_id, iso3, area_km2 and the described columns; those marked by ``needs`` may be absent.
    described : sequence of Column
        Columns to total, such as `columns` of a stage; ``total`` says how.
    assessed : Assessed, optional
        Of `assessed_land`; left out: land is area less the water of the embedded map.

    Returns
    -------
    DataFrame
        iso3, area_km2, and a column for each that can be totalled.

    Raises
    ------
    DataError
        A column that is always there is absent.

    Notes
    -----
    Intervals of weighted means are the weighted ends: right when regions err together, wide otherwise. Ends of sums
    are left out, because they do not add.

    Examples
    --------
    >>> import pandas as pd
    >>> regions = pd.DataFrame({"iso3": "NER", "area_km2": [1.0, 3.0], "land_rain_mm": [400.0, 800.0]})
    >>> country_totals(regions, columns("land")[:1]).values.tolist()  # (1 x 400 + 3 x 800) / 4
    [['NER', 4.0, 700.0]]
    """
    out = pd.DataFrame({"area_km2": table.groupby("iso3")["area_km2"].sum()})
    for c in present(described, table.columns):
        if c.total == "sum":
            out[c.column] = table.groupby("iso3")[c.column].sum(min_count=1)
        elif c.total in ("area", "land", "people"):
            whole = _weight(table, c.total, assessed)
            for name in (c.column, *(end for end in c.bounds or () if end in table)):
                weight = whole.where(table[name].notna())
                total = weight.groupby(table["iso3"]).sum(min_count=1)
                out[name] = (table[name] * weight).groupby(table["iso3"]).sum(min_count=1) / total
    if assessed is not None and assessed.ends is not None and "land_degraded_low" in out:
        out["land_degraded_low"], out["land_degraded_high"] = assessed.ends
    return out.reset_index()


def _weight(table: pd.DataFrame, total: str, assessed: Assessed | None) -> pd.Series[float]:
    """What each region counts for in the mean of its country."""
    if total == "people":
        return table["people_population"]
    if total == "area":
        return table["area_km2"]
    if assessed is not None:
        return table["region_id"].map(assessed.land)
    return table["area_km2"] * (1 - table["land_share_water"].fillna(0.0) / 100)
