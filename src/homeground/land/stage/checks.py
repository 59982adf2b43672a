# SPDX-License-Identifier: Apache-2.0
"""What a run would refuse of the maps and series of a study, told before it: by their heads, one block, or all values.

The steps' own readers and checks are called, piece by piece; nothing is worked out or written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING
from homeground.catalogue.grids.grid import Grid, grid_of
from homeground.catalogue.grids.tiles import TILE_CELLS, Tile, each_tile, tile_shape, tiles
from homeground.catalogue.grids.zonal import coverage
from homeground.catalogue.layers.alignment import alignment, alignment_table, own_cells, read_map
from homeground.catalogue.layers.series import Series, layers, open_series
from homeground.catalogue.regions import study_regions
from homeground.errors import DataError
from homeground.land.assessment.covers import legend_name, legend_of
from homeground.land.assessment.files import LAYERS, PRODUCTIVITY_LAYERS, reference_layer
from homeground.land.assessment.matrices import matrices_of, polygons_of, read_errors, read_zones
from homeground.land.assessment.periods import PERIODS, assessment_grid, periods_of
from homeground.land.assessment.tile_facts import TileInputs, tile_abandoned, tile_classes, tile_covers, tile_stocks
from homeground.land.assessment.vegetation import (
    VegetationInputs,
    enough_years,
    tile_index,
    tile_stratum,
    tile_water,
    used_layers,
)
from homeground.land.climate.aridity import aridity_index, pet_thornthwaite
from homeground.land.cover.land_cover import to_unccd
from homeground.land.drought.spi_spei import spi
from homeground.land.productivity.trend import MIN_YEARS
from homeground.land.stage.built import city_people, sealed, sealing_inputs
from homeground.land.stage.drought import DroughtInputs, demand_of, tile_demand, tile_rain
from homeground.land.stage.fields import read_layer, study_grid
from homeground.land.stage.files import DROUGHT_LAYERS, built_outputs, people_outputs
from homeground.land.stage.people import population_grid
from homeground.running.tables import LAND_CONSUMPTION, SOIL_SEALING
from homeground.study.model import Study

BLOCK = 256  # cells along each side of what is read of a layer before a run
ONE_EPOCH = ("rain", "temperature", "cover", "vegetation_max")
NOTHING = "has no value anywhere in the study: check nodata and scale in the study file, and whether the file holds values there."
Piece = Callable[[], int]  # reads something and returns how many values are known


def problems_of_heads(study: Study) -> Iterator[str]:
    """What is wrong with layers that a run reads together, told without their values: places, years, spans.

    Parameters
    ----------
    study : Study
        Layers that cannot be opened are passed over: see `homeground.catalogue.layers.series.problems_of_layers`.

    Yields
    ------
    str
    """
    checks: list[Callable[[], object]] = [partial(_place_of_map, study, name) for name in ONE_EPOCH]
    checks += [partial(_places_of_series, study), partial(_spans_of_drought, study)]
    if people_outputs(study) and _opened(study, ("population_grid",)):
        checks.append(partial(population_grid, study))
    if SOIL_SEALING in built_outputs(study):
        checks.append(partial(sealing_inputs, study))
    if LAND_CONSUMPTION in built_outputs(study):
        checks.append(partial(city_people, study))
    yield from _told(checks)


def problems_of_blocks(study: Study) -> Iterator[str]:
    """What is wrong with one block of each layer: its first step, in the middle of the study.

    It tells a wrong scale, a fill value that no file states and a wrong legend in the time of one reading; a fault
    elsewhere is found by `problems_of_values` or by the run.

    Parameters
    ----------
    study : Study
        One of which `problems_of_heads` says nothing.

    Yields
    ------
    str
        The first problem of each layer.
    """
    opened = _opened(study, tuple(layers()))
    yield from _told([partial(_block, study, name, series) for name, series in opened.items()])


def _told(checks: list[Callable[[], object]]) -> Iterator[str]:
    for check in checks:
        try:
            check()
        except DataError as error:
            yield str(error)


def _block(study: Study, name: str, series: Series) -> None:
    grid = assessment_grid(study, series, step=None)
    rows, columns = min(grid.rows, BLOCK), min(grid.columns, BLOCK)
    part = grid.window((grid.rows - rows) // 2, (grid.columns - columns) // 2, rows, columns)
    found = own_cells(series, part, [0])
    if found is None:
        return
    codes = xr.DataArray(found[0], dims=("year", "latitude", "longitude"))
    if name == "cover":
        to_unccd(codes, study.data.cover_legend)
    elif name == "cover_series":
        to_unccd(codes, legend_of(study, name), called=legend_name(study, name))


def problems_of_values(study: Study) -> Iterator[str]:
    """What is wrong with the values of maps and series; every value that a run reads is read.

    Parameters
    ----------
    study : Study
        One of which `problems_of_heads` says nothing.

    Yields
    ------
    str
        The first problem of each layer.
    """
    yield from _maps(study)
    for prepared in (_assessment, _drought, _sealing):
        try:
            walk = prepared(study)
        except DataError as error:
            yield str(error)
        else:
            yield from () if walk is None else _walked(*walk)


def _opened(study: Study, names: tuple[str, ...]) -> dict[str, Series]:
    """Layers that are given and can be opened."""
    found = {}
    for name in names:
        try:
            one = open_series(study, name)
        except DataError:
            continue
        if one is not None:
            found[name] = one
    return found


def _place_of_map(study: Study, name: str) -> None:
    if (series := _opened(study, (name,)).get(name)) is not None:
        alignment(series, grid_of(study_grid(study)))


def _places_of_series(study: Study) -> None:
    series, reference = _opened(study, LAYERS), reference_layer(study)
    if reference is None or reference not in series:
        return
    if "ndvi" in series:
        enough_years(study, series["ndvi"])
    alignment_table(series.values(), assessment_grid(study, series[reference], study.land.grid))


def _spans_of_drought(study: Study) -> None:
    """Whether the years of the rain can be calibrated at all, by an index of one cell that is always as wet."""
    series = _opened(study, DROUGHT_LAYERS)
    if "rain_series" not in series:
        return
    rain = series["rain_series"]
    alignment_table(series.values(), assessment_grid(study, rain, step=None))
    time = np.array(rain.steps, dtype="datetime64[M]").astype("datetime64[ns]")
    one = xr.DataArray(np.ones((time.size, 1, 1)), {"time": time}, ("time", "latitude", "longitude"), "rain_series")
    land = study.land
    spi(
        one.assign_attrs(units="mm/month"),
        land.drought_window,
        zeros=land.drought_zeros,
        calibration=land.drought_calibration,
        min_years=land.drought_min_years,
    )


def _maps(study: Study) -> Iterator[str]:
    """Maps of one epoch, whole: the grid of a study is small."""
    grid, held = study_grid(study), {}
    for name in ONE_EPOCH:
        if study.input(name) is None:
            continue
        try:
            held[name] = read_layer(study, name, grid, method="nearest" if name == "cover" else "linear")
            known = held[name].values != MISSING if name == "cover" else np.isfinite(held[name].values)
            if name == "cover":
                to_unccd(held[name], study.data.cover_legend)
            if not known.any():
                yield f"{name}: {NOTHING}"
        except DataError as error:
            yield str(error)
    if {"rain", "temperature"} & set(held):
        try:
            rain, warmth = (held.get(n) for n in ("rain", "temperature"))
            rain = read_layer(study, "rain", grid, method="linear") if rain is None else rain
            warmth = read_layer(study, "temperature", grid, method="linear") if warmth is None else warmth
            aridity_index(rain, pet_thornthwaite(warmth, hot="willmott"))
        except DataError as error:
            yield str(error)


Walk = tuple[Callable[[Tile], dict[str, int | str]], list[Tile]]


def _walked(look: Callable[[Tile], dict[str, int | str]], chosen: list[Tile]) -> Iterator[str]:
    """The first problem of each piece over all tiles, and the pieces that hold nothing."""
    told: dict[str, str] = {}
    known: dict[str, int] = {}
    for found in each_tile(look, chosen):
        for name, one in found.items():
            if isinstance(one, str):
                told.setdefault(name, one)
            else:
                known[name] = known.get(name, 0) + one
    told |= {name: f"{name} {NOTHING}" for name, count in known.items() if not count and name not in told}
    yield from dict.fromkeys(told.values())


def _each(pieces: dict[str, Piece]) -> dict[str, int | str]:
    """How many values each piece has, or what is wrong with them."""
    found: dict[str, int | str] = {}
    for name, read in pieces.items():
        try:
            found[name] = read()
        except DataError as error:
            found[name] = str(error)
    return found


def _inside(regions: Any, part: Grid) -> NDArray[np.bool_]:
    return np.asarray(coverage(regions, part, partly=True).sum(axis=0)).reshape(part.shape) > 0


def _assessment(study: Study) -> Walk | None:
    series, reference = _opened(study, LAYERS), reference_layer(study)
    if reference is None or reference not in series:
        return None
    grid, regions = assessment_grid(study, series[reference], study.land.grid), study_regions(study)
    facts = TileInputs(
        study=study,
        grid=grid,
        periods=periods_of(study),
        regions=regions,
        series=series,
        store=Path(),
        matrices=matrices_of(study),
        zones=polygons_of(study, "matrix_zones", read_zones),
        polygons=polygons_of(study, "error_polygons", read_errors),
    )
    seen = VegetationInputs(study, grid, regions, used_layers(study, series), Path())
    return partial(_of_assessment, facts, seen), list(
        tiles(grid, tile_shape(grid, strips=series[reference].look.strips))
    )


def _of_assessment(facts: TileInputs, seen: VegetationInputs, tile: Tile) -> dict[str, int | str]:
    part, series = tile.of(facts.grid), facts.series
    inside = _inside(facts.regions, part)
    if not inside.any():
        return {}
    pieces: dict[str, Piece] = {}
    if "ndvi" in series:
        pieces |= {
            "ndvi": lambda: _followed(seen, part, inside),
            "kinds": lambda: tile_stratum(seen, part, inside).size,
        }
        if (beside := next((n for n in ("rain_series", "et_series") if n in seen.series), None)) is not None:
            pieces[beside] = lambda: _count(tile_water(seen, part))
    if "cover_series" in series:
        pieces["cover_series"] = lambda: sum(_count(one) for one in tile_covers(facts, part, inside).values())
        pieces["abandonment"] = lambda: max(
            1, *(_count(tile_abandoned(facts, part, s.cover[1])) for s in facts.periods.values())
        )
    pieces |= {n: partial(_map_count, series[n], part, inside) for n in ("climate_zone", "soil_type") if n in series}
    if "soil_carbon" in series:
        pieces["soil_carbon"] = lambda: _carbon(facts, part, inside)
    for name, period in zip(PRODUCTIVITY_LAYERS, PERIODS, strict=True):
        if name in series:
            pieces[name] = partial(lambda p: _count(tile_classes(facts, part, p, inside)), period)
    return _each(pieces)


def _count(values: Any) -> int:
    """Values that are known: finite numbers, classes that are not missing."""
    if values is None:
        return 0
    found = np.asarray(values)
    return int(np.isfinite(found).sum() if found.dtype.kind == "f" else (found != MISSING).sum())


def _map_count(series: Series, part: Grid, inside: NDArray[np.bool_]) -> int:
    return _count(read_map(series, part).values[inside])


def _followed(seen: VegetationInputs, part: Grid, inside: NDArray[np.bool_]) -> int:
    """Cells whose index is known in as many years of a period as a trend asks for."""
    index = tile_index(seen, part, inside)
    spans = [span.trend for span in periods_of(seen.study).values()]
    years = index["year"].values
    counts = [np.isfinite(index.values[(years >= a) & (years <= b)]).sum(axis=0) for a, b in spans]
    return int(sum((count >= MIN_YEARS).sum() for count in counts))


def _carbon(facts: TileInputs, part: Grid, inside: NDArray[np.bool_]) -> int:
    series = facts.series["soil_carbon"]
    known = sum(_count(one) for one in tile_stocks(facts, part, inside).values())
    return known or (_map_count(series, part, inside) if len(series.years) < 2 else 0)


def _drought(study: Study) -> Walk | None:
    series = _opened(study, DROUGHT_LAYERS)
    if "rain_series" not in series:
        return None
    rain = series["rain_series"]
    grid = assessment_grid(study, rain, step=None)
    sources = DroughtInputs(study, grid, study_regions(study), series, Path(), Path(), rain.years[0])
    shape = tile_shape(grid, strips=rain.look.strips, cells=max(TILE_CELLS * 20 // len(rain.steps), 1 << 12))
    return partial(_of_drought, sources), list(tiles(grid, shape))


def _of_drought(sources: DroughtInputs, tile: Tile) -> dict[str, int | str]:
    part = tile.of(sources.grid)
    inside = _inside(sources.regions, part)
    if not inside.any():
        return {}
    pieces: dict[str, Piece] = {"rain_series": lambda: _count(tile_rain(sources, part, inside)[0])}
    if demand := demand_of(sources.series):
        name = demand if demand in sources.series else "the temperature"
        pieces[name] = lambda: _count(tile_demand(sources, part).values[..., inside])
    return _each(pieces)


def _sealing(study: Study) -> Walk | None:
    if "imperviousness" not in _opened(study, ("imperviousness",)):
        return None
    sources = sealing_inputs(study)
    shape = tile_shape(sources.grid, strips=sources.series.look.strips)

    def look(tile: Tile) -> dict[str, int | str]:
        def known() -> int:
            found = sealed(sources, tile)
            return 0 if found is None else int((found["known_km2"] > 0).sum())

        return _each({"imperviousness": known})

    return look, list(tiles(sources.grid, shape))
