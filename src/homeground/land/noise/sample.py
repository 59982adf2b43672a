# SPDX-License-Identifier: Apache-2.0
"""A walk over the tiles that draws the cells of the noise, spread by area, and adds up what was observed of all cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING, WATER
from homeground.catalogue.grids.tile_store import read_tile
from homeground.catalogue.grids.tiles import Tile
from homeground.catalogue.grids.zonal import coverage
from homeground.land.assessment.choices import productivity_names
from homeground.land.assessment.judgement import Evidence
from homeground.land.assessment.matrices import zones_on
from homeground.land.assessment.periods import PERIODS
from homeground.land.assessment.tile_facts import TileInputs, correction_period
from homeground.land.assessment.vegetation import VegetationInputs, tile_index
from homeground.land.neutrality.error_recode import polygon_cells
from homeground.land.noise.files import water_read
from homeground.land.noise.rain import rain_of
from homeground.land.noise.shares import Observed

SEED = 2030
COUNTRY_CELLS, REGION_CELLS = 2000, 200  # expert default, unverified: a share of 2,000 cells errs by 1 % of the land
FIELDS = ("trend", "state", "productivity", "cover_change", "carbon_change", "abandoned", "degradation")


@dataclass
class Picked:
    """The cells that one tile lends, and its sums by region over all its cells."""

    region: NDArray[np.int64]
    km2: NDArray[np.float64]  # land that each cell stands for
    index: NDArray[np.float32]  # years, cells
    water: dict[str, NDArray[np.float32]]  # by layer, rain or evapotranspiration, mm/year; years, cells
    years: NDArray[np.int64]
    fields: dict[str, NDArray[Any]]
    corrected: dict[str, dict[int, NDArray[np.bool_]]]  # by period and polygon
    land: NDArray[np.float64]
    cells: NDArray[np.int64]
    observed: dict[str, NDArray[np.float64]]
    known: dict[str, NDArray[np.float64]]  # km2 of which each share is: with a verdict, or a class


def spacing(sources: TileInputs) -> NDArray[np.float64]:
    """How many km2 one cell of each region's sample stands for: of a country at most 2,000, of a region at least 200."""
    area = sources.regions["area_km2"].to_numpy("float64")
    whole = sources.regions.groupby("iso3")["area_km2"].transform("sum").to_numpy("float64")
    every: NDArray[np.float64] = area / np.maximum(COUNTRY_CELLS * area / whole, REGION_CELLS)
    return every


def pick(sources: TileInputs, vegetation: VegetationInputs, every: NDArray[np.float64], tile: Tile) -> Picked | None:
    """The sample of a tile, every so many km2 of land in each region from a seeded start; None outside the study."""
    part = tile.of(sources.grid)
    weights = coverage(sources.regions, part, partly=True)
    if not weights.nnz:
        return None
    study, first = sources.study, sources.study.baseline[0]
    with_cover = "cover_series" in sources.series
    stored = [f"{name}_{period}" for name in FIELDS for period in PERIODS]
    stored += ["status", *([f"cover_{first}"] if with_cover else [])]
    fields = {name: values.ravel() for name, values in read_tile(sources.store, tile, stored).items()}
    water = fields[f"cover_{first}"] == WATER if with_cover else np.zeros(weights.shape[1], bool)
    land = sp.csr_array(weights @ sp.diags_array((~water).astype("float64")))
    land.eliminate_zeros()
    declining = (1, 2) if len(productivity_names(study)) == 5 else (-1,)
    holds = {
        "productivity_declining": np.isin(fields["productivity_period"], declining),
        "trend_falling": fields["trend_period"] == -1,
        "state_falling": fields["state_period"] == -1,
        "degraded_baseline": (fields["degradation_baseline"] == -1) & (fields["status"] != MISSING),
        "degraded": (fields["status"] >= 1) & (fields["status"] <= 3),
        "improved": fields["status"] >= 5,
    }
    of = dict.fromkeys(("degraded_baseline", "degraded", "improved"), "status")
    of |= {
        "productivity_declining": "productivity_period",
        "trend_falling": "trend_period",
        "state_falling": "state_period",
    }
    known = {name: land @ (fields[field] != MISSING).astype("float64") for name, field in of.items()}
    region, cell, km2 = spread(land, every, [SEED, tile.top, tile.left])
    seen = {name: values.ravel()[cell] for name, values in _of_space(sources, tile).items()}
    seen |= {name: values[cell] for name, values in fields.items()} | {"water": water[cell]}
    if sources.confirmed is not None:
        seen["confirmed"] = (zones_on(sources.confirmed.assign(zone=1), part) == 1).ravel()[cell]
    corrected: dict[str, dict[int, NDArray[np.bool_]]] = {period: {} for period in PERIODS}
    if sources.polygons is not None:
        for period in PERIODS:
            every_polygon = polygon_cells(sources.polygons, correction_period(study, period), part)
            corrected[period] = {number: inside.ravel()[cell] for number, inside in every_polygon}
    inside = (np.asarray(weights.sum(axis=0)) > 0).reshape(part.shape)
    index = tile_index(vegetation, part, inside)
    years = index["year"].values.astype(np.int64)
    water_layers = [name for name in water_read(study) if name in sources.series]
    return Picked(
        region=region,
        km2=km2,
        index=index.values.reshape(index.sizes["year"], -1)[:, cell].astype(np.float32),
        water={name: rain_of(sources.series[name], part, years, cell) for name in water_layers},
        years=years,
        fields=seen,
        corrected=corrected,
        land=np.asarray(land.sum(axis=1)).ravel(),
        cells=np.diff(land.indptr).astype(np.int64),
        observed={name: land @ where.astype("float64") for name, where in holds.items()},
        known=known,
    )


def spread(
    land: sp.csr_array, every: NDArray[np.float64], seed: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Cells of each region in even steps of area, row by row from a seeded start.

    Parameters
    ----------
    land : sparse array, shape (regions, cells), km2
    every : array, shape (regions,), km2
        Step; where it is no larger than a cell, all cells are taken.
    seed : sequence of int

    Returns
    -------
    region, cell, km2
        Row and column of each cell that is taken, and the land it stands for: the step, or its own.

    Examples
    --------
    >>> land = sp.csr_array(np.array([[1.0, 1, 1, 1], [0, 0, 0.5, 0.5]]))
    >>> [values.tolist() for values in spread(land, np.array([2.0, 0.1]), [1])]
    [[0, 0, 1, 1], [0, 2, 2, 3], [2.0, 2.0, 0.5, 0.5]]
    """
    rng, parts = np.random.default_rng(list(seed)), []
    for row in range(land.shape[0]):
        start = rng.random()
        cells = land.indices[land.indptr[row] : land.indptr[row + 1]].astype(np.int64)
        km2 = land.data[land.indptr[row] : land.indptr[row + 1]].astype(np.float64)
        if cells.size == 0:
            continue
        if every[row] > km2.max():
            upto = np.floor(np.cumsum(km2) / every[row] + start)
            taken = np.diff(upto, prepend=0.0) > 0
            cells, km2 = cells[taken], np.full(int(taken.sum()), every[row])
        parts.append((np.full(cells.size, row), cells, km2))
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    region, cell, area = (np.concatenate(one) for one in zip(*parts, strict=True))
    return region, cell, area


def _of_space(sources: TileInputs, tile: Tile) -> dict[str, NDArray[Any]]:
    """Mean index and kind of place, from which performance is judged."""
    if sources.vegetation is None:
        raise AssertionError("the noise of a vegetation index was asked for and none was walked")
    return read_tile(sources.vegetation, tile, [*(f"mean_{period}" for period in PERIODS), "stratum"])


def observed_cells(sources: TileInputs, parts: Sequence[Picked], *, judged: bool) -> dict[str, Observed]:
    """What stays as it was observed of all picked cells, by period.

    Parameters
    ----------
    sources : TileInputs
        Of the assessment.
    parts : sequence of Picked
        Of all tiles.
    judged : bool
        Cover and carbon are given, so that land has a verdict.

    Returns
    -------
    dict of period to Observed
    """
    fields = {name: np.concatenate([part.fields[name] for part in parts]) for name in parts[0].fields}
    size = fields["stratum"].size
    if sources.potentials is None:
        raise AssertionError("the noise of a vegetation index was asked for and none was walked")
    out = {}
    for period in PERIODS:
        rows = sources.potentials[sources.potentials["period"] == period]
        known = Evidence(
            like=xr.DataArray(np.zeros(size, np.int8), dims="cell"),
            vegetation={"mean": fields[f"mean_{period}"]},
            stratum=fields["stratum"],
            names=rows["stratum"].to_numpy("float64"),
            potential=rows["potential"].to_numpy("float64"),
            water=fields["water"],
        )
        if (fields[f"abandoned_{period}"] >= 0).any():
            known = replace(known, abandoned=fields[f"abandoned_{period}"], confirmed=fields.get("confirmed"))
        numbers = sorted({number for part in parts for number in part.corrected[period]})
        if numbers:
            inside = [
                np.concatenate([part.corrected[period].get(n, np.zeros(part.region.size, bool)) for part in parts])
                for n in numbers
            ]
            cells = [(n, where) for n, where in zip(numbers, inside, strict=True) if where.any()]
            known = replace(known, polygons=sources.polygons, cells=cells)
        cover, carbon = (fields[f"{name}_{period}"] if judged else None for name in ("cover_change", "carbon_change"))
        out[period] = Observed(known, cover, carbon)
    return out
