# SPDX-License-Identifier: Apache-2.0
"""First walk over the tiles: what the vegetation index does in time, and what the best of each kind of place yields.

The trend of each cell is worked out once and kept, so that a change of thresholds, matrix or look-up runs the second
walk alone (`homeground.land.assessment.degradation`). Performance needs the whole study at once: a coarse histogram of all
tiles says in which narrow bin each stratum's percentile lies, and a look at the cells of these bins gives it exactly.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING
from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.grids.tile_store import Field, class_field, create_store, read_tile, value_field, write_tile
from homeground.catalogue.grids.tiles import Tile, each_tile, tile_shape, tiles
from homeground.catalogue.grids.zonal import coverage
from homeground.catalogue.layers.alignment import alignment_table, read_map, read_months, read_years
from homeground.catalogue.layers.growing import growing_months
from homeground.catalogue.layers.seasons import read_seasons
from homeground.catalogue.layers.series import Series, open_series
from homeground.catalogue.regions import study_regions
from homeground.errors import DataError, Problems
from homeground.land.assessment.choices import state_choices, trend_choices
from homeground.land.assessment.covers import cover_of
from homeground.land.assessment.files import LAYERS, VEGETATION_STORE
from homeground.land.assessment.matrices import matrices_of
from homeground.land.assessment.periods import PERIODS, assessment_grid, periods_of
from homeground.land.drought.spi_spei import monthly_millimetres
from homeground.land.productivity.direction import trend_direction
from homeground.land.productivity.kernels._means import mean_of_known
from homeground.land.productivity.potentials import bins_to_search, coarse_histogram, exact_potentials, values_in_bins
from homeground.land.productivity.profiles import Period
from homeground.land.productivity.restrend import rain_residual, rain_use_efficiency, water_use_efficiency
from homeground.land.productivity.state import state_class, state_statistics
from homeground.land.productivity.trend import Significance, fdr_threshold, trend
from homeground.language.messages import Saying, Word
from homeground.numbers.fact import Amount
from homeground.running.steps import Work
from homeground.running.tables import VEGETATION_FACTS, VEGETATION_POTENTIALS
from homeground.study.model import Study

CORRECTED = ("hamed-rao", "pre-whiten")
BESIDE = {
    "rain-residual": "rain_series",
    "rain-use": "rain_series",
    "water-use": "et_series",
}  # by what the trend is of
FEWEST_STEPS = 4  # a year: fewer tell no months of growth
LEAST_PAST, LEAST_LAST = 8, 2  # years that `productivity_state` asks for
LEAST_GREEN = 0.02  # expert default, unverified: the best land of a whole study below it is taken for a wrong scale
SHARE = 0.9  # of a stratum's area lies at or below its potential


@dataclass(frozen=True)
class VegetationInputs:
    """What a tile is made from; it crosses to other processes, so it holds paths and no open file."""

    study: Study
    grid: Grid
    regions: gpd.GeoDataFrame
    series: dict[str, Series]
    store: Path


def vegetation(work: Work) -> None:
    """Trend, state and mean of the vegetation index in both periods, and the potential of each stratum."""
    study = work.study
    if study.layer("ndvi") is None:
        return
    # What only the second walk reads is looked at as well, so that a fault is told before hours of work.
    matrices_of(study)
    found = {name: open_series(study, name) for name in LAYERS}
    series = {name: one for name, one in found.items() if one is not None}
    enough_years(study, series["ndvi"])
    grid = assessment_grid(study, series["ndvi"], study.land.grid)
    used = used_layers(study, series)
    alignment_table(series.values(), grid)
    table = alignment_table(used.values(), grid)
    shape = tile_shape(grid, strips=series["ndvi"].look.strips)
    sources = VegetationInputs(study, grid, study_regions(study), used, work.out / VEGETATION_STORE)
    kept = work.kept / "vegetation"
    if not kept.exists():  # else a run that was stopped made it, and has tiles in it
        create_store(sources.store, grid, shape, _fields(study))
    chosen = list(tiles(grid, shape))
    looks = [look for look in each_tile(partial(_walk, sources), chosen, keep=kept) if look is not None]
    if not any(look.seen for look in looks):
        raise DataError(
            "ndvi has no value in eight years or more anywhere in the study: check nodata and scale in the study file, and "
            "whether the file holds values there."
        )
    potentials = pd.concat(
        [
            _potentials(sources, period, [look.histogram[period] for look in looks], chosen)
            for period in periods_of(study)
        ]
    )
    potentials.to_parquet(work.out / VEGETATION_POTENTIALS)
    if (best := float(potentials["potential"].max())) < LEAST_GREEN:
        words = {"best": _plain(best), "least": _plain(LEAST_GREEN)}
        work.warn(Saying("warning.scale", words))
    told = {period: _facts(period, looks) for period in periods_of(study)}
    facts: dict[str, Any] = {period: told.pop(period) for period in PERIODS} | ({"reports": told} if told else {})
    facts["alignment"] = table.to_dict("records")
    (work.out / VEGETATION_FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    _warn(work, series, facts)


def enough_years(study: Study, series: Series) -> None:
    """Refuse an index that cannot give trend and state of a period, before anything is worked out."""
    problems = Problems("ndvi")
    if study.land.growing_season is not None and max(len(series.within(year)) for year in series.years) < FEWEST_STEPS:
        problems.add(
            "[land].growing_season takes the mean of some months of each year, and the series has one value a year. Give a "
            "series of months, or leave growing_season out."
        )
    for period, span in periods_of(study).items():
        for what, (first, last), least in (("past", span.history, LEAST_PAST), ("last", span.recent, LEAST_LAST)):
            known = [year for year in series.years if first <= year <= last]
            if len(known) < least:
                own = period in PERIODS
                where = f"the {period}" if own else f"[land].reporting to {span.trend[1]}"
                problems.add(
                    f"of the {what} years of {where}, {first} to {last}, the series has {_runs(known) or 'none'}; at "
                    f"least {least} were expected. Give a longer series, or set {period if own else 'others'} in the study."
                )
    problems.raise_if_any(DataError)


def used_layers(study: Study, series: dict[str, Series]) -> dict[str, Series]:
    names = ["ndvi", "cover_series", "soil_type", BESIDE.get(study.land.trend_of, "ndvi")]
    return {name: series[name] for name in dict.fromkeys(names) if name in series}


def _fields(study: Study) -> dict[str, Field]:
    signs = {-1: "falls", 0: "none", 1: "rises"}
    fields = {
        "area_km2": value_field("area of the cell inside the study", "km2", dtype="float64"),
        "stratum": value_field("kind of place that performance compares within", "1", dtype="float64"),
    }
    for period, span in periods_of(study).items():
        years: dict[str, Any] = {"first_year": span.trend[0], "last_year": span.trend[1]}
        fields[f"slope_{period}"] = value_field("Theil-Sen slope of the vegetation index", "1 year-1", **years)
        fields[f"p_{period}"] = value_field("two-sided p of Mann-Kendall", "1", dtype="float64", **years)
        fields[f"score_{period}"] = value_field("Kendall score S", "1", **years)
        fields[f"mean_{period}"] = value_field("mean of the vegetation index", "1", **years)
        for choice in (*trend_choices(study), *state_choices()):
            fields[f"{choice.name}_{period}"] = class_field(choice.name.replace("_", " "), signs, **years)
        for name in _corrections(study):
            fields[f"trend_{name}_{period}"] = class_field(f"trend by {name}", signs, **years)
    return fields


def _corrections(study: Study) -> list[str]:
    """Corrections for autocorrelation that are worked out: all for the sensitivity, else the chosen one."""
    return list(CORRECTED) if study.land.sensitivity else [c for c in CORRECTED if c == study.land.autocorrelation]


@dataclass(frozen=True)
class TileLook:
    """What one tile tells of itself: small tables that add up over tiles."""

    histogram: dict[str, pd.DataFrame]
    p_values: dict[str, tuple[NDArray[np.float64], NDArray[np.int64]]]  # of land alone: water would count as tests
    lag1: dict[str, tuple[float, float]]  # sum of lag-1 autocorrelation times area, and area
    years: dict[str, tuple[int, ...]]
    seen: int  # cells with a trend, in both periods together


def _walk(sources: VegetationInputs, tile: Tile) -> TileLook | None:
    study, part = sources.study, tile.of(sources.grid)
    area = np.asarray(coverage(sources.regions, part, partly=True).sum(axis=0)).reshape(part.shape)
    if not area.any():
        return None
    inside = area > 0
    spans = periods_of(study)
    index = tile_index(sources, part, inside)
    stratum = tile_stratum(sources, part, inside)
    water = tile_water(sources, part)
    out: dict[str, Any] = {"area_km2": np.where(inside, area, np.nan), "stratum": stratum}
    histograms, p_values, lag1, known, seen = {}, {}, {}, {}, 0
    for period, span in spans.items():
        here = index.sel(year=slice(*span.trend))  # years rise: a view, not a copy
        known[period] = tuple(int(y) for y in here["year"].values)
        fields, lag = _period(study, here, water, span)
        out |= {f"{name}_{period}": values for name, values in fields.items()}
        p = fields["p"]
        histograms[period] = coarse_histogram(fields["mean"].ravel(), stratum.ravel(), area.ravel())
        p_values[period] = _counted(p[np.isfinite(p) & np.isfinite(stratum)])
        seen += int(np.isfinite(p).sum())
        sure = np.isfinite(lag)
        lag1[period] = float((lag[sure] * area[sure]).sum()), float(area[sure].sum())
    write_tile(sources.store, tile, out)
    return TileLook(histograms, p_values, lag1, known, seen)


def _counted(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Different values in rising order, and how often each stands: few differ, so that hashing is quicker than sorting."""
    place, found = pd.factorize(values)
    order = np.argsort(found)
    return found[order], np.bincount(place, minlength=found.size)[order]


def tile_index(sources: VegetationInputs, part: Grid, inside: NDArray[np.bool_]) -> xr.DataArray:
    """The vegetation index of the years of both periods; missing outside the study."""
    spans = periods_of(sources.study).values()
    years = sorted({y for span in spans for y in range(span.trend[0], span.trend[1] + 1)})
    series, season = sources.series["ndvi"], sources.study.land.growing_season
    if season is None:
        index = read_years(series, part, years)
    else:
        index = read_seasons(series, part, years, growing_months(season, part))
    index = index.assign_attrs(units="1")
    index.values[:, ~inside] = np.nan
    return index


def _period(
    study: Study, index: xr.DataArray, water: xr.DataArray | None, span: Period
) -> tuple[dict[str, NDArray[Any]], NDArray[Any]]:
    """Fields of one period, and the lag-1 autocorrelation of the years."""
    target = trend_target(study.land.trend_of, index, water)
    test: Significance = (
        "trends.earth" if any(c.profile.significance == "trends.earth" for c in trend_choices(study)) else "exact"
    )
    result = trend(target, significance=test, limits=False)
    mean = mean_of_known(index.values)  # a missing year does not blank the others
    out: dict[str, NDArray[Any]] = {
        "slope": result["slope"].values.astype(np.float32),
        "p": result["p"].values,
        "score": result["s"].values.astype(np.float32),
        "mean": np.where(mean > 0, mean, np.nan).astype(np.float32),
    }
    for choice in trend_choices(study):
        rules = choice.profile
        direction = trend_direction(
            result, significance=rules.significance, alpha=rules.alpha, min_slope=rules.min_slope
        )
        out[choice.name] = direction.values
    years = target["year"].values
    all_years = np.arange(years[0], years[-1] + 1)
    gap = all_years.size != years.size
    even = target.reindex(year=all_years) if gap else target  # neighbours are told from years over a gap
    lag1 = trend(even, limits=False)["lag1"] if gap else result["lag1"]
    for name in _corrections(study):
        corrected = trend(even, autocorrelation=name, limits=False)  # type: ignore[arg-type]
        out[f"trend_{name}"] = trend_direction(corrected).values
    found = state_statistics(index, span.history, span.recent)
    for choice in state_choices():
        rules = choice.profile
        out[choice.name] = state_class(found, method=rules.state_method, min_change=rules.state_min_change).values
    return out, lag1.values


def trend_target(trend_of: str, index: xr.DataArray, water: xr.DataArray | None) -> xr.DataArray:
    """What the trend is of: the index, or what it does beside rain or evapotranspiration in the years that have both."""
    if water is None:
        return index
    shared = [y for y in index["year"].values.tolist() if y in set(water["year"].values.tolist())]
    index, water = index.sel(year=shared), water.sel(year=shared)
    if trend_of == "rain-residual":
        return rain_residual(index, water)["residual"].assign_attrs(units="1")
    use = rain_use_efficiency if trend_of == "rain-use" else water_use_efficiency
    return use(index, water)


def tile_water(sources: VegetationInputs, part: Grid) -> xr.DataArray | None:
    """Rain or evapotranspiration of each year, mm/year, where the trend is to be read beside it."""
    name = BESIDE.get(sources.study.land.trend_of)
    return None if name is None else yearly_water(read_months(sources.series[name], part))


def yearly_water(months: xr.DataArray) -> xr.DataArray:
    """Rain or evapotranspiration of each calendar year, mm/year, the years first; missing where a month is."""
    yearly = monthly_millimetres(months)[0].groupby("time.year").sum("time", min_count=12)
    return yearly.transpose("year", ...).assign_attrs(units="mm/year")


def tile_stratum(sources: VegetationInputs, part: Grid, inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Kind of place: soil and land cover of the first year, as far as they are given; NaN outside and on water."""
    kind = np.zeros(part.shape)
    if "cover_series" in sources.series:
        cover = cover_of(sources.study, sources.series["cover_series"], part, sources.study.baseline[0]).values
        kind = np.where((cover == MISSING) | (cover == 7), np.nan, cover)
    if "soil_type" in sources.series:
        soil = read_map(sources.series["soil_type"], part).values
        kind = np.where(soil == MISSING, np.nan, soil * 10.0 + kind)
    return np.where(inside, kind, np.nan)


def _potentials(
    sources: VegetationInputs, period: str, histograms: list[pd.DataFrame], chosen: list[Tile]
) -> pd.DataFrame:
    empty = pd.DataFrame(columns=["group", "bin", "area", "cells"])
    search = bins_to_search(pd.concat([empty, *histograms]) if not histograms else pd.concat(histograms), SHARE)
    found = each_tile(partial(_search, sources.store, period, search), chosen)
    names, best = exact_potentials(search, found, min_cells=1)
    return pd.DataFrame(
        {"period": period, "stratum": names.astype("int64"), "potential": best, "cells": search["cells"].to_numpy()}
    )


def _search(store: Path, period: str, search: pd.DataFrame, tile: Tile) -> pd.DataFrame:
    fields = read_tile(store, tile, (f"mean_{period}", "stratum", "area_km2"))
    mean, stratum, area = (values.ravel() for values in fields.values())
    return values_in_bins(mean, stratum, area, search)


def _facts(period: str, looks: list[TileLook]) -> dict[str, Any]:
    """Years used, autocorrelation, and the largest p that a false-discovery rate lets count."""
    total, area = (sum(look.lag1[period][k] for look in looks) for k in (0, 1))
    threshold = fdr_threshold([look.p_values[period] for look in looks], 0.05)
    return {
        "years": list(looks[0].years[period]) if looks else [],
        "lag1_mean": total / area if area else None,
        "fdr_threshold": None if math.isnan(threshold) else threshold,
    }


def _warn(work: Work, series: dict[str, Series], facts: dict[str, Any]) -> None:
    study = work.study
    for period, span in periods_of(study).items():
        known = _of(facts, period)["years"]
        told = Saying("warning.period.report", {"year": str(span.trend[1])})
        told = Saying(f"warning.period.{period}") if period in PERIODS else told
        missing = [y for y in range(span.trend[0], span.trend[1] + 1) if y not in known]
        if missing:
            first, last = span.trend
            words: dict[str, Word] = {"period": told, "first": str(first), "last": str(last), "years": _runs(missing)}
            work.warn(Saying("warning.years_missing", words | {"n": len(missing), "all": last - first + 1}))
        if (lag := _of(facts, period)["lag1_mean"]) is not None and lag > 0.2:
            work.warn(Saying("warning.lag", {"period": told, "lag": Amount(lag, "1", 2)}))
    beside = [name for name in ("soil_type", "cover_series") if name not in series]
    if beside:
        work.warn(Saying("warning.kinds_coarse", {"layers": beside}))


def _of(facts: dict[str, Any], period: str) -> dict[str, Any]:
    found: dict[str, Any] = facts[period] if period in PERIODS else facts["reports"][period]
    return found


def _plain(value: float) -> Amount:
    """A number with two digits that are not zero, and no more decimals than it has."""
    return Amount(float(f"{value:.2g}"), "1", len(f"{value:.2g}".partition(".")[2]))


def _runs(years: list[int]) -> str:
    """Years with runs shortened.

    Examples
    --------
    >>> _runs([2000, 2001, 2002, 2007])
    '2000-2002, 2007'
    """
    parts: list[list[int]] = []
    for year in years:
        if parts and year == parts[-1][-1] + 1:
            parts[-1].append(year)
        else:
            parts.append([year])
    return ", ".join(str(p[0]) if len(p) == 1 else f"{p[0]}-{p[-1]}" for p in parts)
