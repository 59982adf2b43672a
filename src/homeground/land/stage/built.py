# SPDX-License-Identifier: Apache-2.0
"""Land that is built over: SDG 11.3.1 where people of two years are given, and sealing of the soil from its own maps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd

from homeground.catalogue.classes import MISSING
from homeground.catalogue.given import given_table
from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.grids.tiles import Tile, each_tile, tile_shape, tiles
from homeground.catalogue.grids.zonal import coverage
from homeground.catalogue.layers.alignment import alignment, read_years
from homeground.catalogue.layers.series import Series, need_series
from homeground.catalogue.regions import study_regions
from homeground.catalogue.tables import read_given
from homeground.errors import DataError, Problems
from homeground.land.assessment.covers import nearest_year
from homeground.land.assessment.periods import assessment_grid
from homeground.land.cover.take import land_consumption, soil_sealing
from homeground.land.stage.files import built_outputs
from homeground.language.messages import Saying
from homeground.numbers.counts import limits_of
from homeground.numbers.disclosure import protect
from homeground.running.steps import Work
from homeground.running.tables import DEGRADATION, DEGRADATION_FACTS, LAND_CONSUMPTION, SOIL_SEALING
from homeground.study.model import Study
from homeground.study.tables import given_tables

ARTIFICIAL = 5


def built(work: Work) -> None:
    """Consumption of land beside growth of people, and sealing."""
    study = work.study
    if LAND_CONSUMPTION in built_outputs(study):
        _consumption(work).to_parquet(work.out / LAND_CONSUMPTION)
    elif study.input("city_people") is not None:
        work.warn(Saying("warning.city_people", {"sdg": "11.3.1"}))
    if SOIL_SEALING in built_outputs(study):
        _sealing(work).to_parquet(work.out / SOIL_SEALING)


def _consumption(work: Work) -> pd.DataFrame:
    """SDG 11.3.1 by region between the last year of the baseline and that of the period, by both formulas."""
    study = work.study
    used = json.loads((work.results / DEGRADATION_FACTS).read_text("utf-8"))["cover"]
    start, end = (int(used[str(year)]) for year in (study.baseline[1], study.period[1]))  # those of the maps
    people = city_people(study, (start, end))
    areas = pd.read_parquet(work.results / DEGRADATION)
    areas = areas[(areas["period"] == "period") & (areas["initial"] != -128) & (areas["final"] != MISSING)]
    ids = study_regions(study)["region_id"]
    built = {
        when: areas[areas[when] == ARTIFICIAL].groupby("region_id")["area_km2"].sum().reindex(ids).fillna(0.0)
        for when in ("initial", "final")
    }
    parts = []
    for formula in ("metadata-2021", "logarithmic"):
        table = land_consumption(
            built["initial"],
            built["final"],
            people[start].reindex(ids),
            people[end].reindex(ids),
            end - start,
            formula=formula,
        )
        parts.append(table.rename_axis("region_id").reset_index().assign(first_year=start, last_year=end))
    return pd.concat(parts, ignore_index=True)


def city_people(study: Study, years: tuple[int, int] | None = None) -> dict[int, pd.Series[float]]:
    """People of each region in two years.

    Parameters
    ----------
    study : Study
        It gives ``[data].city_people``.
    years : two years, optional
        First and last year of land cover; left out, those of the maps that the study gives.

    Raises
    ------
    DataError
        All problems at once, with row and column, see `homeground.catalogue.tables.read_given`; a year without a row.
    """
    table = given_table(study, "data.city_people")
    if table is None:
        raise DataError("data.city_people is not given.")
    if years is None:
        cover = need_series(study, "cover_series")
        years = nearest_year(cover, study.baseline[1]), nearest_year(cover, study.period[1])
    problems = Problems(f"data.city_people: {study.data.city_people}")
    found = {year: table[table["year"] == year].set_index("region_id")["population"] for year in years}
    if len(found) < 2:
        problems.add(f"land cover has the map of {years[0]} only; two years were expected. Give a longer cover_series.")
    for year, people in found.items():
        if people.empty:
            problems.add(
                f"has no row of {year}; people of {years[0]} and {years[1]} were expected, the years of land cover."
            )
    problems.raise_if_any(DataError)
    return _behind_the_gate(study, found)


def _behind_the_gate(study: Study, people: dict[int, pd.Series[float]]) -> dict[int, pd.Series[float]]:
    """People of each year as they may be worked with; a region that one table hides is hidden in all.

    The study's own population is looked at too: shown here and hidden there, a region would tell a small one beside it.
    """
    regions = study_regions(study).set_index("region_id")["iso3"]
    tables = [*people.values(), *_census(study, regions.index)]
    limits = limits_of("[data].city_people", "population")
    passed = [
        protect(
            pd.DataFrame({"iso3": regions, "people": one}, index=regions.index),
            counts="people",
            groups="iso3",
            **limits,
        )
        for one in tables
    ]
    hidden = pd.concat([shown["people_hidden"] for shown, _ in passed], axis=1).any(axis=1)
    return {
        year: shown["people"].astype("Float64").astype("float64").mask(hidden)
        for year, (shown, _) in zip(people, passed, strict=False)
    }


def _census(study: Study, regions: pd.Index[str]) -> list[pd.Series[float]]:
    """The study's own population by region, where it is given."""
    path = study.input("population")
    if path is None:
        return []
    known = {"region_id": dict(zip(regions, regions, strict=True))}
    rows = read_given(path, given_tables()["data.population"].table, known=known, what="data.population")
    return [rows.set_index("region_id")["population"].astype("float64")]


@dataclass(frozen=True)
class BuiltInputs:
    """What a tile of sealing is made from."""

    series: Series
    grid: Grid
    regions: gpd.GeoDataFrame


def sealing_inputs(study: Study) -> BuiltInputs:
    """What sealing is worked out from.

    Raises
    ------
    DataError
        The layer has fewer than two years, or lies elsewhere than the study.
    """
    series = need_series(study, "imperviousness")
    if len(series.years) < 2:
        raise DataError(f"imperviousness has the years {list(series.years)}; two or more were expected.")
    grid = assessment_grid(study, series, step=None)
    alignment(series, grid)
    return BuiltInputs(series, grid, study_regions(study))


def _sealing(work: Work) -> pd.DataFrame:
    """Sealed land of the first and the last year by region, and the share of the land sealed anew each year."""
    sources = sealing_inputs(work.study)
    series, grid = sources.series, sources.grid
    shape = tile_shape(grid, strips=series.look.strips)
    parts = [one for one in each_tile(partial(sealed, sources), list(tiles(grid, shape))) if one is not None]
    table = pd.concat(parts).groupby("region", as_index=False).sum()
    first, last = series.years[0], series.years[-1]
    table.insert(0, "region_id", sources.regions["region_id"].iloc[table.pop("region")].to_numpy())
    table["sealed_each_year"] = 100 * (table["sealed_end_km2"] - table["sealed_start_km2"]) / table["known_km2"]
    table["sealed_each_year"] /= last - first
    return table.assign(first_year=first, last_year=last)


def sealed(sources: BuiltInputs, tile: Tile) -> pd.DataFrame | None:
    """Known and sealed land of a tile by region, km2; None where no region lies."""
    part = tile.of(sources.grid)
    weights = coverage(sources.regions, part, partly=True)
    if not weights.nnz:
        return None
    first, last = sources.series.years[0], sources.series.years[-1]
    start, end = (read_years(sources.series, part, [year]).isel(year=0, drop=True) for year in (first, last))
    known = np.isfinite(soil_sealing(start, end, last - first).values).ravel()
    sums = {
        "known_km2": known.astype("float64"),
        "sealed_start_km2": np.where(known, start.values.ravel() / 100, 0.0),
        "sealed_end_km2": np.where(known, end.values.ravel() / 100, 0.0),
    }
    frame = pd.DataFrame({name: weights @ values for name, values in sums.items()})
    return frame.rename_axis("region").reset_index()
