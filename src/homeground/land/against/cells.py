# SPDX-License-Identifier: Apache-2.0
"""The assessment and a job cell by cell: land by both classes of each rule, and what a different verdict goes with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING, WATER
from homeground.catalogue.grids.tile_store import read_tile, stored
from homeground.catalogue.grids.tiles import Tile, each_tile, tiles
from homeground.catalogue.grids.zonal import coverage
from homeground.catalogue.trends_earth.bands import OUTSIDE, Band, read_band
from homeground.land.against.totals import COLUMNS, FOLDED, RULES, STATES
from homeground.land.assessment.periods import PERIODS

if TYPE_CHECKING:
    import geopandas as gpd

THEIRS = STATES | {OUTSIDE: "outside"}
SUBS = ("productivity", "land_cover", "soil_organic_carbon")
# What a different verdict goes with, in the order of the tables; each cell has one.
CAUSES = (*SUBS, "several", "combination", "not_told", "ours_no_data", "theirs_no_data", "water", "outline")
STATUS = {1: -1, 2: -1, 3: -1, 4: 0, 5: 1, 6: 1, 7: 1}  # seven classes to three
BOTH = ["period", "rule", "ours", "theirs"]
Codes = NDArray[np.int16]


def causes(ours: Mapping[str, Codes], theirs: Mapping[str, Codes], water: NDArray[np.bool_]) -> NDArray[np.int8]:
    """What a different verdict of SDG 15.3.1 goes with in each cell.

    Parameters
    ----------
    ours, theirs : mapping of rule to array of int
        -1, 0, 1, -128 no verdict; of theirs also -127, outside their area. ``indicator`` in both, and those of productivity,
        land_cover and soil_organic_carbon that are known.
    water : array of bool
        Inland water of ours: it has no verdict.

    Returns
    -------
    array of int8
        Place in `CAUSES`; -1 where the verdicts are the same, or neither has one. In turn: outside their area; no verdict on
        one side; else the sub-indicators whose classes differ, one or several; ``combination`` where none differs (experts'
        corrections, abandoned cropland); ``not_told`` where a sub-indicator of theirs is not known.

    Examples
    --------
    >>> def code(*values): return np.array(values, np.int16)
    >>> ours = {"indicator": code(-1, -1, 0, -128), "productivity": code(-1, -1, 0, 0)}
    >>> theirs = {"indicator": code(0, -1, -127, 0), "productivity": code(0, -1, -127, 0)}
    >>> zero = {rule: code(0, 0, 0, 0) for rule in ("land_cover", "soil_organic_carbon")}
    >>> found = causes(ours | zero, theirs | zero, np.array([False, False, False, True]))
    >>> [CAUSES[n] if n >= 0 else "" for n in found]
    ['productivity', '', 'outline', 'water']
    """
    mine, other = ours["indicator"], theirs["indicator"]
    verdict = np.where(other == OUTSIDE, np.int16(MISSING), other)
    both = (mine != MISSING) & (verdict != MISSING)
    differ = [ours[rule] != theirs[rule] for rule in SUBS if rule in ours and rule in theirs]
    count = np.sum(differ, axis=0) if differ else np.zeros(mine.shape, int)
    out = np.full(mine.shape, -1, np.int8)

    def put(name: str, where: NDArray[np.bool_]) -> None:
        out[where & (mine != verdict) & (out == -1)] = CAUSES.index(name)

    put("outline", other == OUTSIDE)
    put("theirs_no_data", verdict == MISSING)
    put("water", (mine == MISSING) & water)
    put("ours_no_data", mine == MISSING)
    if len(differ) < len(SUBS):
        put("not_told", both)
    for rule, apart in zip(SUBS, differ, strict=False):
        put(rule, both & apart & (count == 1))
    put("several", both & (count > 1))
    put("combination", both)
    return out


@dataclass(frozen=True)
class Walk:
    """What a tile is compared from; it crosses to other threads and holds paths."""

    store: Path
    regions: gpd.GeoDataFrame
    bands: dict[str, dict[str, Band]]  # by period of the study and rule
    water: str | None  # field of cover in the first year
    five: bool


def compare(walk: Walk) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Land by both classes of each rule, and by cause, over all tiles.

    Parameters
    ----------
    walk : Walk

    Returns
    -------
    DataFrame
        period, rule, ours, theirs, area_km2.
    DataFrame
        period, cause, area_km2; the areas of a period add up to the land whose verdict differs.
    """
    grid, shape = stored(walk.store)
    chosen = list(tiles(grid, shape))
    found = each_tile(partial(_tile, walk), chosen) if walk.bands else []
    both = pd.DataFrame([row for one in found for row in one[0]], columns=[*BOTH, "area_km2"])
    parts = pd.DataFrame([row for one in found for row in one[1]], columns=["period", "cause", "area_km2"])
    cells, why = both.groupby(BOTH)["area_km2"].sum(), parts.groupby(["period", "cause"], sort=False)["area_km2"].sum()
    return cells.reset_index(), why.reset_index()


Rows = tuple[list[tuple[str, str, str, str, float]], list[tuple[str, str, float]]]


def _tile(walk: Walk, tile: Tile) -> Rows:
    grid, _ = stored(walk.store)
    part = tile.of(grid)
    km2 = np.asarray(coverage(walk.regions, part, partly=True).sum(axis=0)).ravel()
    cells: list[tuple[str, str, str, str, float]] = []
    why: list[tuple[str, str, float]] = []
    if not km2.any():
        return cells, why
    wet = np.zeros(km2.size, bool)
    if walk.water is not None:
        wet = read_tile(walk.store, tile, [walk.water])[walk.water].ravel() == WATER
    for period, bands in walk.bands.items():
        theirs = {rule: read_band(band, part).ravel() for rule, band in bands.items()}
        ours = _ours(walk, tile, period, list(bands))
        for rule in (rule for rule in RULES if rule in ours):
            cells += [
                (period, rule, STATES[a], THEIRS[b], float(area))
                for a in STATES
                for b in THEIRS
                if (area := km2[(ours[rule] == a) & (theirs[rule] == b)].sum()) > 0
            ]
        if "indicator" in theirs:
            found = causes(ours, theirs, wet)
            sums = np.bincount(found[found >= 0], weights=km2[found >= 0], minlength=len(CAUSES))
            why += [(period, name, float(area)) for name, area in zip(CAUSES, sums, strict=True)]
    return cells, why


def _ours(walk: Walk, tile: Tile, period: str, rules: list[str]) -> dict[str, Codes]:
    """Our classes in three, for the rules that a job has bands of."""
    end = "" if period in PERIODS else f"_{period.removeprefix('report_')}"
    fields = {rule: f"{COLUMNS[rule]}_{period}" if rule in COLUMNS else f"status{end}" for rule in rules}
    values = read_tile(walk.store, tile, fields.values())
    found = {}
    for rule, field in fields.items():
        codes = values[field].ravel().astype(np.int16)
        if rule == "status" or (rule == "productivity" and walk.five):
            codes = _folded(codes, STATUS if rule == "status" else FOLDED)
        found[rule] = codes
    return found


def _folded(codes: Codes, meaning: Mapping[int, int]) -> Codes:
    out = np.full(codes.shape, MISSING, np.int16)
    for code, three in meaning.items():
        out[codes == code] = three
    return out
