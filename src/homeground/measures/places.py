# SPDX-License-Identifier: Apache-2.0
"""Where restoration may go, and how much a hectare there needs it: chosen before any plan is made."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from homeground.catalogue.classes import COVER_NAMES
from homeground.errors import DataError
from homeground.measures.suitability import ARIDITY

WHERE = ("degraded", "status", "anywhere")
DRYLANDS = ("arid", "semi-arid", "dry sub-humid")  # aridity index 0.05 to 0.65, as the Convention has it
KEYS = ["region_id", "iso3", "aridity_class", "cover_class", "state", "restore"]


def planning_units(
    units: pd.DataFrame, *, where: str = "degraded", drylands_only: bool = False, by_chance: Collection[str] = ()
) -> pd.DataFrame:
    """Units as plans take them: where restoration may go, and the need of a hectare.

    Parameters
    ----------
    units : DataFrame
        ``land_units.parquet`` of the land stage.
    where : {"degraded", "status", "anywhere"}
        Restoration may go to land that is degraded by the status of SDG 15.3.1, or stays below half of what comparable
        places reach, or lies in the country's register of degraded land; to land degraded by status alone; or anywhere.
        The status sees losses since 2000: crusts of the 1970s and 80s, where half-moons and zaï work, are stable in it.
    drylands_only : bool
        Leave out units outside the drylands.
    by_chance : collection of str
        Regions whose degraded share is not told apart from chance: their degraded land counts by gap alone.

    Returns
    -------
    DataFrame
        As `homeground.measures.suitable_areas` takes it: region_id, iso3, aridity_class and cover_class (names), state,
        restore (bool; left out with ``anywhere``), area_km2, rain_mm, need: 1 and the gap on degraded land, elsewhere the
        gap alone (0 to 1), so that degraded land comes first and the gap second.

    Raises
    ------
    DataError
        Unknown ``where``.

    Examples
    --------
    >>> land = {"region_id": "a", "iso3": "NER", "aridity_class": 2, "cover_class": 2, "area_km2": 10.0, "rain_mm": 400.0}
    >>> land |= {"registered": False, "below_half": False, "potential_gap": 30.0}
    >>> units = pd.DataFrame([land | {"state": state} for state in ("degraded", "stable")])
    >>> planning_units(units)[["state", "restore", "need"]].values.tolist()
    [['degraded', True, 1.3], ['stable', False, 0.3]]
    >>> planning_units(units, by_chance=["a"])["need"].tolist()
    [0.3, 0.3]
    """
    if where not in WHERE:
        raise DataError(f'where is "{where}"; one of {", ".join(WHERE)} was expected.')
    known = units[units["cover_class"].isin(list(COVER_NAMES)) & units["aridity_class"].between(0, len(ARIDITY) - 1)]
    gap = (
        (known["potential_gap"] / 100).fillna(0.0).clip(0, 1)
    )  # none on water and in towns, where no measure fits either
    degraded = known["state"] == "degraded"
    restore = degraded if where == "status" else degraded | known["below_half"] | known["registered"]
    table = known.assign(
        aridity_class=known["aridity_class"].map(dict(enumerate(ARIDITY))),
        cover_class=known["cover_class"].map(COVER_NAMES),
        restore=restore if where != "anywhere" else True,
        need=gap + (degraded & ~known["region_id"].isin(list(by_chance))),
    )
    if drylands_only:
        table = table[table["aridity_class"].isin(DRYLANDS)]
    found = _merged(table)
    return found.drop(columns="restore") if where == "anywhere" else found


def _merged(table: pd.DataFrame) -> pd.DataFrame:
    """Units that differ only in why restoration may go there as one: area added up, rain and need by area."""
    km2 = table["area_km2"]
    rain_km2 = km2.where(table["rain_mm"].notna(), 0.0)
    sums = table[KEYS].assign(
        area_km2=km2, rain_km2=rain_km2, rain_mm=table["rain_mm"].fillna(0.0) * rain_km2, need=table["need"] * km2
    )
    found = sums.groupby(KEYS, as_index=False)[["area_km2", "rain_km2", "rain_mm", "need"]].sum()
    found["rain_mm"] = found["rain_mm"] / found["rain_km2"].where(found["rain_km2"] > 0)
    found["need"] = found["need"] / found["area_km2"].where(found["area_km2"] > 0, 1.0)
    return found.drop(columns="rain_km2")
