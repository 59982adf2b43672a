# SPDX-License-Identifier: Apache-2.0
"""Drought from the user's monthly rain: the index of one month a year, classes by year and four years, droughts by region.

On the grid of the rain itself, tile by tile; SPI always, SPEI beside it where the demand of the air can be had.
"""

from __future__ import annotations

import calendar
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import class_legend, class_names
from homeground.catalogue.grids.geotiff_maps import write_class_map
from homeground.catalogue.grids.grid import Grid, regrid
from homeground.catalogue.grids.tile_store import class_field, create_store, value_field, write_tile
from homeground.catalogue.grids.tiles import TILE_CELLS, Tile, each_tile, tile_shape, tiles
from homeground.catalogue.grids.zonal import coverage
from homeground.catalogue.layers.alignment import alignment_table, read_months
from homeground.catalogue.layers.series import Series, open_series
from homeground.catalogue.regions import study_regions
from homeground.errors import DataError
from homeground.land.assessment.periods import assessment_grid
from homeground.land.assessment.sums import by_region
from homeground.land.assessment.tables import summed
from homeground.land.climate.aridity import pet_hargreaves, pet_thornthwaite
from homeground.land.drought.events import drought_events
from homeground.land.drought.hazard import NOT_APPLICABLE, drought_hazard, zero_rain_share
from homeground.land.drought.spi_spei import monthly_millimetres, spei, spi
from homeground.land.stage.files import DROUGHT_LAYERS, DROUGHT_STORE
from homeground.language.messages import Saying, Word
from homeground.numbers.fact import Amount
from homeground.running.steps import Work
from homeground.running.tables import DROUGHT, DROUGHT_ALIGNMENT, DROUGHT_EVENTS, DROUGHT_FACTS, DROUGHT_PERIODS
from homeground.study.model import Study

WINDOW_YEARS = 4  # of the manual's maps of the worst class


@dataclass(frozen=True)
class DroughtInputs:
    """What a tile is made from; it crosses to other processes, so it holds paths and no open file."""

    study: Study
    grid: Grid
    regions: gpd.GeoDataFrame
    series: dict[str, Series]
    climate: Path
    store: Path
    first_year: int


@dataclass(frozen=True)
class Sums:
    """What one tile adds to the tables."""

    years: pd.DataFrame
    periods: pd.DataFrame
    index: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]  # by region and month: index x area, area
    time: NDArray[Any]
    told: dict[str, Any]
    said: frozenset[tuple[str, str]] = frozenset()  # layer and message: what reading the values told


def drought(work: Work) -> None:
    """Drought classes of each year and of each four years, and the droughts of each region."""
    study = work.study
    found = {name: open_series(study, name) for name in DROUGHT_LAYERS}
    series = {name: one for name, one in found.items() if one is not None}
    if "rain_series" not in series:
        return
    rain = series["rain_series"]
    grid = assessment_grid(study, rain, step=None)
    table = alignment_table(series.values(), grid)
    first = study.baseline[0] if rain.years[0] <= study.baseline[0] < rain.years[-1] else rain.years[0]
    store = work.out / DROUGHT_STORE
    sources = DroughtInputs(study, grid, study_regions(study), series, work.results / "land.zarr/climate", store, first)
    shape = tile_shape(grid, strips=rain.look.strips, cells=max(TILE_CELLS * 20 // len(rain.steps), 1 << 12))
    kept = work.kept / "drought"
    if not kept.exists():  # else a run that was stopped made it, and has tiles in it
        create_store(store, grid, shape, _fields(sources))
    sums = [one for one in each_tile(partial(_walk, sources), list(tiles(grid, shape)), keep=kept) if one is not None]
    table.to_parquet(work.out / DROUGHT_ALIGNMENT)
    facts = _tables(work, sources, sums)
    if coarse := work.warn_of_coarse(series):
        facts["not_reportable"] = coarse
    for name, told in sorted(frozenset().union(*(one.said for one in sums))):
        work.warn(Saying(told, {"layer": name}))
    (work.out / DROUGHT_FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    _map(work, sources, facts)
    if facts["not_applicable_share"] > 0.001:
        share = Amount(100 * float(facts["not_applicable_share"]), "%", 1)
        words: dict[str, Word] = {"index": str(facts["index"]), "share": share, "limit": Amount(0.05, "1", 2)}
        work.warn(Saying("warning.index_not_applicable", words))


def demand_of(series: dict[str, Series]) -> str:
    """Which demand of the air can be had: the best of what is given, "" for none."""
    if "pet_series" in series:
        return "pet_series"
    if {"tmin_series", "tmax_series"} <= set(series):
        return "hargreaves"
    return "thornthwaite" if "temperature_series" in series else ""


def _indices(sources: DroughtInputs) -> tuple[str, ...]:
    """Names of the indices; the first stands for the study."""
    window = sources.study.land.drought_window
    return (f"SPI-{window}", *((f"SPEI-{window}",) if demand_of(sources.series) else ()))


def _slug(index: str) -> str:
    return index.lower().replace("-", "_")


def _years(sources: DroughtInputs) -> tuple[list[int], list[int]]:
    """Years with a class, and first years of the windows of four."""
    steps = sources.series["rain_series"].steps
    last = int(steps[-1][:4]) - (int(steps[-1][5:7]) < sources.study.land.drought_month)
    years = list(range(sources.first_year, last + 1))
    return years, years[::WINDOW_YEARS]


def _last_window(sources: DroughtInputs) -> tuple[int, int]:
    """First and last year of the last window that is full; of the only one where none is."""
    years, starts = _years(sources)
    full = [start for start in starts if start + WINDOW_YEARS - 1 <= years[-1]]
    start = (full or starts)[-1]
    return start, min(start + WINDOW_YEARS - 1, years[-1])


def _fields(sources: DroughtInputs) -> dict[str, Any]:
    named = class_names("drought")
    years, starts = _years(sources)
    month = calendar.month_name[sources.study.land.drought_month]
    fields = {}
    for index in _indices(sources):
        slug = _slug(index)
        for year in years:
            fields[f"{slug}_{year}"] = value_field(f"{index} of {month}", "1", year=year)
            fields[f"class_{slug}_{year}"] = class_field(f"drought class by {index} of {month}", named, year=year)
        for start in starts:
            title = f"highest drought class by {index} of {WINDOW_YEARS} years"
            fields[f"worst_{slug}_{start}"] = class_field(title, named, first_year=start)
    return fields


def _walk(sources: DroughtInputs, tile: Tile) -> Sums | None:
    part = tile.of(sources.grid)
    weights = coverage(sources.regions, part, partly=True)
    if not weights.nnz:
        return None
    inside = np.asarray(weights.sum(axis=0)).reshape(part.shape) > 0
    land = sources.study.land
    options: dict[str, Any] = {"calibration": land.drought_calibration, "min_years": land.drought_min_years}
    rain, note = tile_rain(sources, part, inside)
    found = {"SPI": spi(rain, land.drought_window, zeros=land.drought_zeros, **options)}
    if demand_of(sources.series):
        # Months without demand are missing, and so is their balance.
        balance = (
            (rain - tile_demand(sources, part).reindex(time=rain["time"]))
            .assign_attrs(units="mm/month")
            .rename("water balance")
        )
        found["SPEI"] = spei(balance, land.drought_window, **options)
    aridity = _aridity(sources, part)
    month = land.drought_month
    dry = zero_rain_share(rain, land.drought_window, month=month, calibration=land.drought_calibration)
    out: dict[str, NDArray[Any]] = {}
    years, periods, index = [], [], {}
    for name, values in found.items():
        whole = f"{name}-{land.drought_window}"
        hazard = drought_hazard(
            values, aridity=aridity, zero_share=dry, month=month, period=WINDOW_YEARS, first_year=sources.first_year
        )
        one_month = values.sel(time=values["time"].dt.month == month)
        for year in hazard["year"].values.tolist():
            classes = hazard["hazard"].sel(year=year).values
            out[f"class_{_slug(whole)}_{year}"] = classes
            known = one_month.sel(time=one_month["time"].dt.year == year)
            if known.sizes["time"]:
                out[f"{_slug(whole)}_{year}"] = known.isel(time=0).values.astype("float32")
            years.append(by_region(weights, {"drought_class": classes}).assign(index=whole, year=year))
        for start in hazard["period_start"].values.tolist():
            classes = hazard["worst"].sel(period_start=start).values
            out[f"worst_{_slug(whole)}_{start}"] = classes
            periods.append(by_region(weights, {"drought_class": classes}).assign(index=whole, period_start=start))
        applicable = (hazard["hazard"] != NOT_APPLICABLE).all("year")  # by maps that hold for all years
        index[whole] = _by_region_and_month(weights, values.where(applicable))
    write_tile(sources.store, tile, out)
    told = {
        "rain_units": note,
        "bounds": found["SPI"].attrs["bounds"],
        "calibration": found["SPI"].attrs["calibration"],
    }
    said = frozenset((one.name, message) for one in sources.series.values() for message in one.said)
    return Sums(pd.concat(years), pd.concat(periods), index, rain["time"].values, told, said)


def _by_region_and_month(weights: Any, values: xr.DataArray) -> tuple[NDArray[Any], NDArray[Any]]:
    """Index times area, and area, of the cells of each region that have a value, by month."""
    flat = values.transpose("latitude", "longitude", "time").values.reshape(weights.shape[1], -1)
    known = np.isfinite(flat)
    return weights @ np.where(known, flat, 0.0), weights @ known.astype("float64")


def tile_rain(sources: DroughtInputs, part: Grid, inside: NDArray[np.bool_]) -> tuple[xr.DataArray, str]:
    """Rain of each month, mm/month, missing outside the study; and what was done with its unit."""
    rain, note = monthly_millimetres(read_months(sources.series["rain_series"], part).where(inside))
    return rain.assign_attrs(units="mm/month"), note


def tile_demand(sources: DroughtInputs, part: Grid) -> xr.DataArray:
    """Potential evapotranspiration of each month, mm/month, from the best that is given."""
    how = demand_of(sources.series)
    if how == "pet_series":
        pet, _ = monthly_millimetres(read_months(sources.series["pet_series"], part))
    elif how == "hargreaves":
        low, high = (read_months(sources.series[name], part) for name in ("tmin_series", "tmax_series"))
        pet = pet_hargreaves(low, high)
    else:
        pet = pet_thornthwaite(read_months(sources.series["temperature_series"], part), hot="willmott")
    return pet


def _aridity(sources: DroughtInputs, part: Grid) -> xr.DataArray:
    """Aridity index of the study's maps at the cells of a tile."""
    climate = xr.open_zarr(sources.climate, zarr_format=3, consolidated=False, chunks=None)["aridity_index"].load()
    target = part.array(np.zeros(part.shape, np.float32), "tile")
    return regrid(climate, target, method="nearest").assign_attrs(units="1")


def _tables(work: Work, sources: DroughtInputs, sums: list[Sums]) -> dict[str, Any]:
    """Write the tables and return the facts of the study."""
    if not sums:
        raise DataError("rain_series: no cell of the study holds rain. Check the file's place.")
    ids = sources.regions[["region_id", "iso3"]]
    years = summed([one.years for one in sums], ["index", "region", "year", "drought_class"], ids)
    years.to_parquet(work.out / DROUGHT)
    periods = summed([one.periods for one in sums], ["index", "region", "period_start", "drought_class"], ids)
    last = _years(sources)[0][-1]
    periods["period_end"] = (periods["period_start"] + WINDOW_YEARS - 1).clip(upper=last)
    periods.to_parquet(work.out / DROUGHT_PERIODS)
    events = _events(sources, sums, applies=not (years["drought_class"] == NOT_APPLICABLE).all())
    events.to_parquet(work.out / DROUGHT_EVENTS)
    main = years[years["index"] == _indices(sources)[0]]
    land, not_applicable = main["area_km2"].sum(), main.loc[main["drought_class"] == -1, "area_km2"].sum()
    return {
        "index": _indices(sources)[0],
        "indices": list(_indices(sources)),
        "demand": demand_of(sources.series),
        "window": sources.study.land.drought_window,
        "month": sources.study.land.drought_month,
        "worst_window": list(_last_window(sources)),
        "years": [int(main["year"].min()), int(main["year"].max())],
        "not_applicable_share": float(not_applicable / land) if land else 0.0,
        **sums[0].told,
    }


def _events(sources: DroughtInputs, sums: list[Sums], *, applies: bool) -> pd.DataFrame:
    """Droughts of each region's mean index, by thresholds and by the rule of McKee; none where the index never applies."""
    parts = []
    for index in _indices(sources):
        total, area = (np.sum([one.index[index][k] for one in sums], axis=0) for k in (0, 1))
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(area > 0, total / area, np.nan)
        coords = {"region_id": sources.regions["region_id"].to_numpy(), "time": sums[0].time}
        mean = mean if applies else np.zeros_like(mean)  # no month below any threshold: a table without rows
        series = xr.DataArray(mean, coords, ("region_id", "time"), "index", {"units": "1"})
        for mode in ("threshold", "mckee"):
            parts.append(drought_events(series, mode=mode).assign(index=index, mode=mode))
    return pd.concat(parts, ignore_index=True).merge(sources.regions[["region_id", "iso3"]], on="region_id")


def _map(work: Work, sources: DroughtInputs, facts: dict[str, Any]) -> None:
    start, end = facts["worst_window"]
    name = f"worst_{_slug(facts['index'])}_{start}"
    data = xr.open_zarr(sources.store, zarr_format=3, consolidated=False, chunks=None, mask_and_scale=False)
    legend = class_legend("drought")
    title = f"Highest drought class by {facts['index']}, {start}-{end}"
    write_class_map(data[name], work.out / "maps" / "drought_worst.tif", legend=legend, title=title, shift=1)


def region_shares(results: Path, study: Study, region_ids: pd.Series[str]) -> dict[str, NDArray[Any]]:
    """Share of each region's land in drought: mean of the period's years, and worst of the last four; % of what is known."""
    if study.layer("rain_series") is None:
        return {}
    facts = json.loads((results / DROUGHT_FACTS).read_text("utf-8"))
    found = {}
    for column, file, least in (("drought", DROUGHT, 2), ("drought_worst", DROUGHT_PERIODS, 3)):
        rows = pd.read_parquet(results / file)
        rows = rows[(rows["index"] == facts["index"]) & (rows["drought_class"] >= 0)]
        if column == "drought":
            rows = rows[rows["year"].between(*study.period)]
        else:
            rows = rows[rows["period_start"] == facts["worst_window"][0]]
        by = rows.groupby("region_id")["area_km2"].sum().reindex(region_ids)
        dry = (
            rows[rows["drought_class"] >= least].groupby("region_id")["area_km2"].sum().reindex(region_ids).fillna(0.0)
        )
        found[column] = (100 * dry / by).to_numpy("float64")
    return found
