# SPDX-License-Identifier: Apache-2.0
"""Draws the plots to be visited from the map of status: at random within each class of each country, the same every time."""

from __future__ import annotations

import heapq
from functools import partial
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy.sparse as sp
import shapely
from numpy.typing import NDArray

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.grids.tile_store import read_tile, stored
from homeground.catalogue.grids.tiles import Tile, each_tile, tiles
from homeground.catalogue.grids.zonal import coverage
from homeground.catalogue.regions import study_regions
from homeground.errors import DataError
from homeground.land.assessment.files import DEGRADATION_STORE
from homeground.land.reference.design import allocated, plots_needed, standard_error_for
from homeground.land.reference.files import has_status
from homeground.land.reference.plots import STATES, state_of
from homeground.land.reference.step import mapped_areas
from homeground.running.tables import LAND_STATUS
from homeground.study.model import Study

SEED = 2014
WHOLE = 1 - 1e-9  # of a cell


class Drawn(NamedTuple):
    """Plots to be visited, and how many each class of each country got; the plots themselves do not say their class."""

    plots: gpd.GeoDataFrame
    sizes: pd.DataFrame


_Candidate = tuple[float, int, int]  # key, row and column of a cell: the larger its key, the sooner it is a plot


def draw_plots(study: Study, results: Path, *, precision: float, accuracy: float, least: int) -> Drawn:
    """Plots to be visited: at random within each class of the map of status of each country.

    Parameters
    ----------
    study : Study
    results : Path
        Its results folder, in which the land has been judged.
    precision : float
        Half of the 95 % interval that is wanted of the share of degraded land of a country, as a fraction of its land with
        a verdict, such as 0.05.
    accuracy : float
        How much of each class of the map is expected to be right, 0.5 to 1 (1 not included).
    least : int
        Plots of each class that has land, at the least.

    Returns
    -------
    Drawn
        plots: plot (P0001 and on, from north to south), iso3, longitude, latitude (of the centre of the cell, degrees) and
        the outline of the cell, EPSG:4326. sizes: iso3, state, mapped_km2, plots.

    Raises
    ------
    DataError
        The study or its results have no map of status; no land has a verdict; precision or accuracy is out of range.

    Notes
    -----
    Cells are drawn without replacement, with a weight of the area by which they lie in the country (Efraimidis and
    Spirakis 2006, doi 10.1016/j.ipl.2005.11.003: the largest log(u) / w); of cells on the border those whose centre lies
    in it. A wanted precision of half the size gets the same plots and others: the draw does not depend on it.
    """
    if not 0.005 <= precision <= 0.25:
        raise DataError(f"precision: 0.005 to 0.25 was expected (0.05 is 5 points of per cent); it is {precision:g}.")
    if not 0.5 <= accuracy < 1:
        raise DataError(f"accuracy: 0.5 to 1, 1 not included, was expected; it is {accuracy:g}.")
    if not 2 <= least <= 1000:
        raise DataError(f"least: 2 to 1000 plots of each class were expected; they are {least}.")
    store, table = results / DEGRADATION_STORE, results / LAND_STATUS
    if not (has_status(study) and store.is_dir() and table.is_file()):
        raise DataError(
            f"{study.id} has no map of status to draw plots from. It needs [data].ndvi, cover_series and soil_carbon "
            f"(docs/degradation.md) and a run: homeground run {study.id}"
        )
    mapped = mapped_areas(pd.read_parquet(table))
    if not len(mapped):
        raise DataError(f"no land of {study.id} has a verdict, so there is nothing to draw plots from.")
    wanted = sizes(mapped, precision=precision, accuracy=accuracy, least=least)
    regions = study_regions(study)
    grid, shape = stored(store)
    parts = each_tile(partial(_candidates, store, grid, regions, _most(wanted)), list(tiles(grid, shape)))
    found = []
    for (iso3, state), n in _most(wanted).items():
        best = heapq.nlargest(n, [one for part in parts for one in part.get((iso3, state), [])])
        found.append(
            pd.DataFrame({"iso3": iso3, "row": [row for _, row, _ in best], "column": [column for *_, column in best]})
        )
        wanted.loc[(wanted["iso3"] == iso3) & (wanted["state"] == state), "plots"] = len(best)
    return Drawn(_plots(grid, pd.concat(found, ignore_index=True)), wanted)


def sizes(mapped: pd.DataFrame, *, precision: float, accuracy: float, least: int) -> pd.DataFrame:
    """How many plots each class of each country gets.

    Parameters
    ----------
    mapped : DataFrame, km2
        A row for each country, the columns degraded, stable and improved.
    precision, accuracy, least
        As of `draw_plots`.

    Returns
    -------
    DataFrame
        iso3, state, mapped_km2, plots; classes without land are left out.

    Examples
    --------
    Of 80 % accuracy everywhere, 5 points take (0.4 x 1.96 / 0.05)^2 = 246 plots; 5 % of the land would get 13, and gets 50.

    >>> mapped = pd.DataFrame({"degraded": [5.0], "stable": [95.0], "improved": [0.0]}, ["NER"])
    >>> sizes(mapped, precision=0.05, accuracy=0.8, least=50)["plots"].tolist()
    [50, 234]
    """
    parts = []
    for iso3, km2 in mapped.iterrows():
        if not float(km2.sum()) > 0:
            continue
        shares = km2 / km2.sum()
        n = allocated(shares, plots_needed(shares, accuracy, standard_error=standard_error_for(precision)), least=least)
        table = pd.DataFrame(
            {"iso3": str(iso3), "state": list(km2.index), "mapped_km2": km2.to_numpy(), "plots": n.to_numpy()}
        )
        parts.append(table[table["mapped_km2"] > 0])
    return pd.concat(parts, ignore_index=True)


def _most(wanted: pd.DataFrame) -> dict[tuple[str, str], int]:
    rows = zip(wanted["iso3"], wanted["state"], wanted["plots"], strict=True)
    return {(str(iso3), str(state)): int(n) for iso3, state, n in rows}


def _candidates(
    store: Path, grid: Grid, regions: gpd.GeoDataFrame, most: dict[tuple[str, str], int], tile: Tile
) -> dict[tuple[str, str], list[_Candidate]]:
    """The cells of a tile with the largest keys, of each class and country as many as may be drawn in all."""
    part = tile.of(grid)
    weights = coverage(regions, part, partly=True)
    if not weights.nnz:
        return {}
    states = state_of(read_tile(store, tile, ["status"])["status"].ravel())
    # One number a cell, whatever the countries: the draw is of the map alone.
    drawn = np.log(np.random.default_rng([SEED, tile.top, tile.left]).random(states.size))
    iso3, found = regions["iso3"].astype(str).to_numpy(), {}
    taken = np.zeros(states.size, bool)  # a centre on the border of two countries is a place of the first
    for country in dict.fromkeys(iso3.tolist()):
        rows = np.flatnonzero(iso3 == country)
        km2 = np.asarray(sp.csr_array(weights[rows]).sum(axis=0)).ravel()
        here = _centred(km2, part, regions.geometry.iloc[rows]) & ~taken
        taken |= here
        for state in STATES.values():
            n = most.get((country, state), 0)
            cells = np.flatnonzero(here & (states == state))
            if not (n and cells.size):
                continue
            keys = drawn[cells] / km2[cells]
            best = np.argsort(-keys, kind="stable")[:n]
            found[country, state] = [
                (float(keys[k]), tile.top + int(cells[k]) // tile.columns, tile.left + int(cells[k]) % tile.columns)
                for k in best
            ]
    return found


def _centred(km2: NDArray[np.float64], part: Grid, shapes: gpd.GeoSeries) -> NDArray[np.bool_]:
    """Cells whose centre lies in the country: all that lie wholly in it, and those on its border that are looked at."""
    whole = np.repeat(part.row_areas, part.columns)
    inside: NDArray[np.bool_] = km2 >= WHOLE * whole
    border = np.flatnonzero((km2 > 0) & ~inside)
    if border.size:
        x, y = part.longitude[border % part.columns], part.latitude[border // part.columns]
        near = np.zeros(border.size, bool)
        for shape in shapes:
            shapely.prepare(shape)
            near |= shapely.intersects_xy(shape, x, y)
        inside[border[near]] = True
    return inside


def _plots(grid: Grid, cells: pd.DataFrame) -> gpd.GeoDataFrame:
    """The plots in an order that tells nothing of their class: from north to south, west to east."""
    ordered = cells.sort_values(["row", "column"], ignore_index=True)
    x, y = grid.longitude[ordered["column"]], grid.latitude[ordered["row"]]
    half = grid.step / 2
    width = max(len(str(len(ordered))), 4)
    return gpd.GeoDataFrame(
        {
            "plot": [f"P{number:0{width}d}" for number in range(1, len(ordered) + 1)],
            "iso3": ordered["iso3"].to_numpy(),
            "longitude": np.round(x, 7),
            "latitude": np.round(y, 7),
        },
        geometry=shapely.box(x - half, y - half, x + half, y + half),
        crs="EPSG:4326",
    )
