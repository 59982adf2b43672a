# SPDX-License-Identifier: Apache-2.0
"""People on degraded land and people in drought, counted in the cells of a population grid, behind the gate."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING
from homeground.catalogue.grids.tile_store import read_tile, stored
from homeground.catalogue.grids.tiles import Tile, each_tile, tiles
from homeground.catalogue.grids.zonal import coverage
from homeground.catalogue.layers.counts import counts_on, missed, people_by_class
from homeground.catalogue.layers.series import Series, need_series
from homeground.catalogue.regions import study_regions
from homeground.errors import DataError
from homeground.land.assessment.covers import nearest_year
from homeground.land.assessment.files import DEGRADATION_STORE
from homeground.land.stage.files import DROUGHT_STORE, people_outputs
from homeground.language.messages import Saying
from homeground.numbers.counts import limits_of
from homeground.numbers.disclosure import protect
from homeground.running.steps import Work
from homeground.running.tables import DROUGHT_FACTS, DROUGHT_PEOPLE, LAND_PEOPLE
from homeground.study.model import Study

Floats = NDArray[np.float64]

# Parts of the people of a region, by the codes of the field that they are told apart by.
BY_VERDICT = {"people_degraded": (-1,), "people_not_degraded": (0, 1), "people_unknown": (MISSING,)}
BY_STATUS = {"people_degraded": (1, 2, 3), "people_not_degraded": (4, 5, 6, 7), "people_unknown": (MISSING,)}
BY_DROUGHT = {
    "people_mild": (1,),
    "people_moderate": (2,),
    "people_severe": (3,),
    "people_extreme": (4,),
    "people_none": (0,),
    "people_unknown": (-1, MISSING),
}
Field = tuple[int, str, dict[str, tuple[int, ...]]]  # year, field of the store, its parts


def people(work: Work) -> None:
    """Count the people of each region by the verdict on their land, and by the drought of each year."""
    study, outputs = work.study, people_outputs(work.study)
    if not outputs:
        return
    series, regions = population_grid(study), study_regions(study)
    work.warn_of_coarse(["population_grid"])
    if LAND_PEOPLE in outputs:
        fields: list[Field] = [(study.baseline[1], "degradation_baseline", BY_VERDICT)]
        fields += [(year, f"status_{year}", BY_STATUS) for year in study.reports]
        fields.append((study.period[1], "status", BY_STATUS))
        table = _counted(series, regions, work.results / DEGRADATION_STORE, sorted(fields))
        _guarded(work, table, LAND_PEOPLE, list(BY_STATUS)).to_parquet(work.out / LAND_PEOPLE)
    if DROUGHT_PEOPLE in outputs:
        facts = json.loads((work.results / DROUGHT_FACTS).read_text("utf-8"))
        first, last = facts["years"]
        slug = str(facts["index"]).lower().replace("-", "_")
        fields = [(year, f"class_{slug}_{year}", BY_DROUGHT) for year in range(first, last + 1)]
        table = _counted(series, regions, work.results / DROUGHT_STORE, fields)
        _guarded(work, table, DROUGHT_PEOPLE, list(BY_DROUGHT)).to_parquet(work.out / DROUGHT_PEOPLE)


def population_grid(study: Study) -> Series:
    """The grid of people, which must say its years and reach every region.

    Raises
    ------
    DataError
        It says no year, or misses regions, which are named.
    """
    series = need_series(study, "population_grid")
    if not series.years:
        raise DataError("population_grid: the year of its people is not known. Say it: first = ...")
    if lost := missed(series, study_regions(study)):
        told = ", ".join(lost[:8]) + (", ..." if len(lost) > 8 else "")
        raise DataError(
            f"population_grid misses {len(lost)} region(s), in whole or in part: {told}. Give a grid that reaches all "
            "regions of the study, or leave it out."
        )
    return series


def _counted(series: Series, regions: gpd.GeoDataFrame, store: Path, fields: list[Field]) -> pd.DataFrame:
    """People of each region and year, with their parts."""
    grid, shape = stored(store)
    used = {year: nearest_year(series, year) for year, _, _ in fields}
    asked = sorted(set(used.values()))
    steps = [series.within(year)[0] for year in asked]

    def walk(tile: Tile) -> tuple[list[dict[str, Floats]], Floats] | None:
        place = tile.of(grid)
        weights = coverage(regions, place, partly=True)
        if not weights.nnz:
            return None
        counts, known = counts_on(series, place, steps)
        held = read_tile(store, tile, [field for _, field, _ in fields])
        found = []
        for year, field, parts in fields:
            at = asked.index(used[year])
            by = people_by_class(weights, counts[at], known[at], held[field])
            found.append({name: _sum((by.get(code) for code in codes), len(regions)) for name, codes in parts.items()})
        return found, np.asarray(weights @ (known[0] > 0).ravel().astype("float64"))

    walked = [one for one in each_tile(walk, list(tiles(grid, shape))) if one is not None]
    _all_seen(regions, np.sum([seen for _, seen in walked], axis=0))
    ids = regions[["region_id", "iso3"]].reset_index(drop=True)
    rows = []
    for i, (year, _, parts) in enumerate(fields):
        sums = {name: np.sum([found[i][name] for found, _ in walked], axis=0) for name in parts}
        whole = np.sum(list(sums.values()), axis=0)
        rows.append(ids.assign(year=year, people_year=used[year], people=whole, **sums))
    table: pd.DataFrame = pd.concat(rows, ignore_index=True)
    return table


def _sum(parts: Iterable[Floats | None], regions: int) -> Floats:
    found: Floats = np.sum([np.zeros(regions), *(part for part in parts if part is not None)], axis=0)
    return found


def _all_seen(regions: gpd.GeoDataFrame, seen: Floats) -> None:
    lost = regions[seen <= 0]
    if len(lost):
        told = ", ".join(f"{name} ({key})" for name, key in zip(lost["name"][:8], lost["region_id"][:8], strict=True))
        raise DataError(
            f"population_grid has no value in {len(lost)} region(s): {told}. Check its missing value (nodata) and its place."
        )


def _guarded(work: Work, table: pd.DataFrame, path: str, parts: list[str]) -> pd.DataFrame:
    """The table behind the gate, year by year; a warning of what it hid, and of other results of the same grid."""
    shown = []
    for _, rows in table.groupby("year", sort=False):
        one, record = protect(
            rows.reset_index(drop=True),
            counts=["people", *parts],
            groups="iso3",
            sums={"people": parts},
            **limits_of(path, "people"),
        )
        shown.append(one)
        work.warn_of_hidden(record)
    if beside := _other_regions(work.results, path, set(table["region_id"])):
        work.warn(Saying("warning.other_regions", {"folders": tuple(beside)}))
    return pd.concat(shown, ignore_index=True)


def _other_regions(results: Path, path: str, regions: set[str]) -> list[str]:
    """Results of the same study that count a grid's people by other regions: two tables tell more than each alone."""
    found = []
    for file in sorted(results.parent.glob(f"*/{path}")):
        try:
            there = set(pd.read_parquet(file, columns=["region_id"])["region_id"])
        except (OSError, ValueError):  # a damaged table is of no regions of ours
            there = set()
        if there != regions:
            found.append(file.parent.name)
    return found
