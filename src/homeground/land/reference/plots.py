# SPDX-License-Identifier: Apache-2.0
"""The plots that people give: read and checked, put into their countries, and held against the map of status."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import zarr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING
from homeground.catalogue.given import given_table
from homeground.catalogue.grids.tile_store import stored
from homeground.catalogue.regions import study_regions
from homeground.errors import DataError
from homeground.land.reference.estimate import cells_of
from homeground.land.reference.files import has_status
from homeground.study.model import Study

TABLE = "data.reference_plots"
STATES = {-1: "degraded", 0: "stable", 1: "improved"}  # of the folded status, as tables name them
MOST_TOLD = 8  # rows that one sentence names


def state_of(status: NDArray[np.int8]) -> NDArray[np.object_]:
    """degraded, stable or improved from the seven classes of status; "" where there is no verdict.

    Examples
    --------
    >>> state_of(np.array([1, 3, 4, 5, 7, -128], np.int8)).tolist()
    ['degraded', 'degraded', 'stable', 'improved', 'improved', '']
    """
    known = np.where(status == MISSING, -2, np.sign(status.astype("int64") - 4))
    names: NDArray[np.object_] = np.array(["", *STATES.values()], dtype=object)
    found: NDArray[np.object_] = names[known + 2]
    return found


def reference_plots(study: Study) -> pd.DataFrame | None:
    """The plots of a study as they were given, each with its country.

    Parameters
    ----------
    study : Study

    Returns
    -------
    DataFrame or None
        longitude, latitude, year, seen (missing where nobody looked) and iso3; its index is the row of the file. None where
        the study gives none.

    Raises
    ------
    DataError
        All problems of the table at once, by row and column: see `homeground.catalogue.tables.read_given`; places outside
        the regions of the study, years outside its period. The study does not give what the map of status needs.
    """
    if study.data.reference_plots is None:
        return None
    if not has_status(study):
        raise DataError(
            f"{TABLE}: plots are held against the map of status, and the study does not give all that it needs. Give "
            "[data].ndvi, cover_series and soil_carbon (docs/degradation.md), or leave the plots out."
        )
    regions = study_regions(study)
    table = given_table(study, TABLE, also=partial(_faults, study, regions))
    if table is None:
        return None
    place = _regions_of(regions, table)
    return table.assign(iso3=regions["iso3"].astype(str).to_numpy()[place])


def _faults(study: Study, regions: gpd.GeoDataFrame, table: pd.DataFrame) -> Iterator[str]:
    """Places outside the study and years outside its period."""
    away = table[_regions_of(regions, table) < 0]
    if len(away):
        told = [
            f"row {row} ({x:g}, {y:g})"
            for row, x, y in zip(away.index, away["longitude"], away["latitude"], strict=True)
        ]
        yield (
            f"longitude, latitude: {_listed(told)}: lies in no region of the study ({', '.join(study.countries)}). "
            "Longitude comes first, in degrees, west and south with a minus."
        )
    first, last = study.period
    late = table[(table["year"] < first) | (table["year"] > last)]
    if len(late):
        told = [f"row {row} ({year})" for row, year in late["year"].items()]
        yield f"year: {_listed(told)}: outside the period of the study, {first} to {last}, whose map the plots are held against."


def _listed(told: list[str]) -> str:
    return ", ".join(told[:MOST_TOLD]) + (f" and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else "")


def _regions_of(regions: gpd.GeoDataFrame, table: pd.DataFrame) -> NDArray[np.int64]:
    """Row of the region in which each place lies; -1 where in none. On a border between two it is the first."""
    points = shapely.points(table["longitude"].to_numpy("float64"), table["latitude"].to_numpy("float64"))
    point, region = regions.sindex.query(points, predicate="intersects")
    found = np.full(len(table), len(regions), "int64")
    np.minimum.at(found, point, region)
    return np.where(found == len(regions), -1, found)


def states_at(store: Path, table: pd.DataFrame) -> pd.Series[str]:
    """What the map of status says where each plot lies.

    Parameters
    ----------
    store : Path
        Store of the assessment, with the field ``status``.
    table : DataFrame
        longitude and latitude of plots, degrees.

    Returns
    -------
    Series of str
        degraded, stable or improved; "" on a cell without a verdict, "outside" off the map.
    """
    grid, _ = stored(store)
    places = (table[name].to_numpy("float64") for name in ("longitude", "latitude"))
    rows, columns, inside = cells_of(grid, *places)
    group = zarr.open_group(store, mode="r", zarr_format=3)
    found = np.full(len(table), "outside", dtype=object)
    if inside.any():
        values = np.asarray(group["status"].vindex[rows[inside], columns[inside]])  # type: ignore[union-attr]
        found[inside] = state_of(values)
    return pd.Series(found, table.index, dtype="object")
