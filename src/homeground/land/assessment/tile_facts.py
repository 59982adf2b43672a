# SPDX-License-Identifier: Apache-2.0
"""What a tile of the assessment knows in both periods, read from the first walk and the user's layers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING, WATER
from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.grids.tile_store import read_tile
from homeground.catalogue.grids.tiles import Tile
from homeground.catalogue.layers.alignment import read_map, read_years, yearly_ranges
from homeground.catalogue.layers.series import Series
from homeground.land.assessment.choices import state_choices, trend_choices
from homeground.land.assessment.covers import cover_of, nearest_year, yearly_cover
from homeground.land.assessment.judgement import Evidence
from homeground.land.assessment.matrices import Matrices, zones_on
from homeground.land.assessment.periods import report_name
from homeground.land.carbon.soil_carbon import soil_carbon, soil_carbon_percent
from homeground.land.cover.abandonment import abandoned_cropland, unused_cropland
from homeground.land.neutrality.error_recode import polygon_cells
from homeground.land.productivity.classes import productivity_from_layer
from homeground.land.productivity.profiles import Period
from homeground.study.model import Study

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

CROPLAND = 3
# Of a single report, the name that correction polygons use.
CORRECTION_PERIODS = {2019: "report_1"}


@dataclass(frozen=True)
class TileInputs:
    """What a tile is judged from; it crosses to other processes, so it holds paths and no open file."""

    study: Study
    grid: Grid
    periods: dict[str, Period]
    regions: gpd.GeoDataFrame
    series: dict[str, Series]
    store: Path
    vegetation: Path | None = None  # store of the first walk
    potentials: pd.DataFrame | None = None
    fdr: dict[str, float] = field(default_factory=dict)
    matrices: dict[str, Matrices] = field(default_factory=dict)
    zones: gpd.GeoDataFrame | None = None
    polygons: gpd.GeoDataFrame | None = None
    confirmed: gpd.GeoDataFrame | None = None


@dataclass
class TileFacts:
    """Evidence of both periods, and what both share."""

    evidence: dict[str, Evidence]
    covers: dict[int, NDArray[np.int8]]  # by year
    stocks: dict[int, NDArray[np.float64]]  # t C/ha by year, and of further reporting years


def correction_period(study: Study, period: str) -> str:
    """The name of a period in files of correction polygons: reports are numbered by their years where there are several."""
    if period == "baseline":
        return "baseline"
    year = study.period[1] if period == "period" else int(period.removeprefix(report_name(0)[:-1]))
    if not study.reports:
        return CORRECTION_PERIODS.get(year, "report_2")
    return f"report_{sorted({*study.reports, study.period[1]}).index(year) + 1}"


def tile_facts(sources: TileInputs, tile: Tile, inside: NDArray[np.bool_]) -> TileFacts:
    """Everything that is known of a tile; cells outside the study are missing."""
    part = tile.of(sources.grid)
    like = part.array(np.zeros(part.shape, np.int8), "tile")
    covers = tile_covers(sources, part, inside)
    stocks = tile_stocks(sources, part, inside)
    first = sources.study.baseline[0]
    water = covers[first] == WATER if covers else None
    evidence = {}
    for period, span in sources.periods.items():
        known = Evidence(like, water=water, matrices=sources.matrices)
        _vegetation(known, sources, tile, period)
        _classes(known, sources, part, period, inside)
        if covers:
            known.initial, known.final = covers[span.cover[0]], covers[span.cover[1]]
            known.zones = None if sources.zones is None else zones_on(sources.zones, part)
            left = tile_abandoned(sources, part, span.cover[1])
            known.abandoned = None if left is None else np.where(inside, left, np.int8(MISSING))
        if stocks:
            pair = (like.copy(data=stocks[year]).assign_attrs(units="t C/ha") for year in span.cover)
            known.carbon_percent = soil_carbon_percent(*pair).values
        if sources.confirmed is not None:
            known.confirmed = zones_on(sources.confirmed.assign(zone=1), part) == 1
        if sources.polygons is not None:
            name = correction_period(sources.study, period)
            known.polygons, known.cells = sources.polygons, polygon_cells(sources.polygons, name, part)
        evidence[period] = known
    return TileFacts(evidence, covers, stocks)


def _vegetation(known: Evidence, sources: TileInputs, tile: Tile, period: str) -> None:
    if sources.vegetation is None or sources.potentials is None:
        return
    study = sources.study
    names = [choice.name for choice in (*trend_choices(study), *state_choices())]
    corrections = ("hamed-rao", "pre-whiten") if study.land.sensitivity else (study.land.autocorrelation,)
    names += [f"trend_{name}" for name in corrections if name != "none"]
    if study.land.sensitivity or study.land.false_discovery:  # alone they are read for; they are large
        names += ["p", "score"]
    stored = read_tile(sources.vegetation, tile, [*(f"{name}_{period}" for name in (*names, "mean")), "stratum"])
    known.stratum = stored.pop("stratum")
    known.vegetation = {name.removesuffix(f"_{period}"): values for name, values in stored.items()}
    rows = sources.potentials[sources.potentials["period"] == period]
    known.names, known.potential = rows["stratum"].to_numpy("float64"), rows["potential"].to_numpy("float64")
    known.fdr_threshold = sources.fdr.get(period, float("nan"))


def _classes(known: Evidence, sources: TileInputs, part: Grid, period: str, inside: NDArray[np.bool_]) -> None:
    known.classes = tile_classes(sources, part, period, inside)


def tile_classes(sources: TileInputs, part: Grid, period: str, inside: NDArray[np.bool_]) -> NDArray[np.int8] | None:
    """Productivity in the five classes of another tool; None where it is not given."""
    series = sources.series.get(f"productivity_{period}")
    if series is None:
        return None
    classes = productivity_from_layer(read_map(series, part)).values
    return np.where(inside, classes, np.int8(MISSING))


def tile_covers(sources: TileInputs, part: Grid, inside: NDArray[np.bool_]) -> dict[int, NDArray[np.int8]]:
    """Land cover in the first and last year of each period."""
    series = sources.series.get("cover_series")
    if series is None:
        return {}
    years = sorted({year for span in sources.periods.values() for year in span.cover})
    maps = {year: cover_of(sources.study, series, part, year).values for year in years}
    return {year: np.where(inside, values, np.int8(MISSING)) for year, values in maps.items()}


def tile_stocks(sources: TileInputs, part: Grid, inside: NDArray[np.bool_]) -> dict[int, NDArray[np.float64]]:
    """Soil carbon in the first and last year of each period: the user's own, or by the change of cover."""
    series, cover = sources.series.get("soil_carbon"), sources.series.get("cover_series")
    if series is None:
        return {}
    study = sources.study
    if len(series.years) > 1:
        years = sorted({year for span in sources.periods.values() for year in span.cover})
        known = {y: read_years(series, part, [nearest_year(series, y)]).values[0].astype("float64") for y in years}
        return {year: np.where(inside, values, np.nan) for year, values in known.items()}
    if cover is None or not ("climate_zone" in sources.series or study.land.cropland_factor):
        return {}
    stock = read_map(series, part).astype("float64")
    stock = stock.where(inside).assign_attrs(units="t C/ha")
    if "climate_zone" in sources.series:
        zone = read_map(sources.series["climate_zone"], part)
    else:
        zone = xr.zeros_like(stock, dtype=np.int8)

    def along(years: tuple[int, ...]) -> dict[int, NDArray[np.float64]]:
        path = soil_carbon(
            stock,
            yearly_cover(study, cover, part, years[0], years[-1], ends=years),
            zone,
            factor_set=study.land.carbon_factors,
            cropland_factor=study.land.cropland_factor,
        )
        return {year: path.sel(year=year).values for year in years}

    # Of each reporting year its own path: one that is asked for beside the period does not move the period's.
    further = [along((*study.baseline, year)) for year in study.reports]
    return {year: stocks for one in further for year, stocks in one.items()} | along((*study.baseline, study.period[1]))


def abandonment_source(study: Study, series: dict[str, Series], last: int) -> str:
    """What abandonment can be read from up to a year: ``cover``, ``ndvi``, or "" where neither allows it."""
    cover, ndvi = series.get("cover_series"), series.get("ndvi")
    if cover is not None and len(_run_to(cover, nearest_year(cover, last))) > study.land.abandonment_years:
        return "cover"
    if cover is not None and ndvi is not None:
        often = [y for y in ndvi.whole_years if len(ndvi.within(y)) >= 6]
        if len(often) == len(ndvi.whole_years) and len(_run_to(ndvi, last)) >= 3 + study.land.abandonment_years:
            return "ndvi"
    return ""


def _run_to(series: Series, last: int) -> list[int]:
    """Years of the series without a gap up to ``last``."""
    known, run = set(series.whole_years), []
    while last in known:
        run.append(last)
        last -= 1
    return sorted(run)


def tile_abandoned(sources: TileInputs, part: Grid, last: int) -> NDArray[np.int8] | None:
    """Cropland that was left up to a year; None where nothing tells."""
    study, series = sources.study, sources.series
    source = abandonment_source(study, series, last)
    least = study.land.abandonment_years
    if source == "cover":
        years = _run_to(series["cover_series"], nearest_year(series["cover_series"], last))
        maps = yearly_cover(study, series["cover_series"], part, years[0], years[-1])
        found: NDArray[np.int8] = abandoned_cropland(maps, least_years=least)["abandoned"].values
        return found
    if source == "ndvi":
        years = _run_to(series["ndvi"], last)
        crop = cover_of(study, series["cover_series"], part, years[0]) == CROPLAND
        ranges = yearly_ranges(series["ndvi"], part, years)
        found = unused_cropland(ranges, crop, least_years=least)["abandoned"].values
        return found
    return None


def told_years(sources: TileInputs) -> dict[str, Any]:
    """Which year of cover and of own carbon stands for which, and what abandonment is read from."""
    cover, carbon = sources.series.get("cover_series"), sources.series.get("soil_carbon")
    own = carbon is not None and len(carbon.years) > 1
    years = sorted({year for span in sources.periods.values() for year in span.cover})
    return {
        "cover_filled": [] if cover is None else [y for y in range(years[0], years[-1] + 1) if y not in cover.years],
        "cover": {} if cover is None else {str(year): nearest_year(cover, year) for year in years},
        "carbon": {str(year): nearest_year(carbon, year) for year in years} if own and carbon is not None else {},
        "abandonment": {
            period: abandonment_source(sources.study, sources.series, span.cover[1])
            for period, span in sources.periods.items()
        },
    }
