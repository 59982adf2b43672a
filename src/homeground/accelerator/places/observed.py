# SPDX-License-Identifier: Apache-2.0
"""Whether observed land agrees with what projects say of their places. It can contradict a claim; it never proves its cause."""

from __future__ import annotations

import datetime
import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from homeground.accelerator.places.shapes import HECTARES, hectares
from homeground.accelerator.results.series import day_of, text_of
from homeground.catalogue.grids.grid import grid_of
from homeground.catalogue.grids.zonal import coverage, zonal_class_area
from homeground.catalogue.tables import read_given
from homeground.errors import DataError
from homeground.numbers.table import Column, Table

STATES = ("degraded", "stable", "improved")
KNOWN = 50.0  # per cent of a place that must have a verdict; a default of ours, unverified
MOST = 50.0  # per cent of the place with a verdict that must be of one state; a default of ours, unverified
YEARS = 3  # after work began, before which land cannot show it; a default of ours, unverified
CELLS = 4.0  # cells of the map that a place must hold; a default of ours, unverified
COLUMNS = ("place", "verdict", "degraded", "stable", "improved", "known", "why")


def check_polygons(
    polygons: pd.DataFrame,
    observed: pd.DataFrame,
    *,
    known: float = KNOWN,
    most: float = MOST,
    years: int = YEARS,
    cells: float = CELLS,
) -> pd.DataFrame:
    """Declared places held against observed land: agree, contradict, or cannot say, each with the reason.

    Parameters
    ----------
    polygons : DataFrame
        ``place`` and, where known, ``planted_on``.
    observed : DataFrame
        ``place``, and the shares of its area that are ``degraded``, ``stable`` and ``improved`` (%, summing to at most 100; the
        rest has no verdict). Where known ``until`` (year that the observation ends) and ``cells`` (cells of the map in it).
    known, most : float, optional
        % of a place that must have a verdict, and of that land that must be of one state.
    years : int, optional
        Years from planting to the end of the observation.
    cells : float, optional
        Cells of the map that a place must hold.

    Returns
    -------
    DataFrame
        place, verdict, degraded, stable, improved, known (% of the place), why. Improvement agrees with restoration, it does
        not show that the project brought it about.

    Raises
    ------
    DataError
        Shares below 0 or above 100 in all.

    Examples
    --------
    >>> places = pd.DataFrame({"place": ["a", "b", "c"], "planted_on": ["2015-06-01", "2015-06-01", "2022-06-01"]})
    >>> land = pd.DataFrame({"place": ["a", "b", "c"], "degraded": [10.0, 70.0, 0.0], "stable": [20.0, 20.0, 0.0],
    ...     "improved": [60.0, 5.0, 90.0], "until": 2023})
    >>> check_polygons(places, land)["verdict"].tolist()
    ['agree', 'contradict', 'cannot say']
    """
    of = {str(row["place"]): row for row in observed.to_dict("records")}
    rows = [_verdict(row, of.get(str(row["place"])), known, most, years, cells) for row in polygons.to_dict("records")]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def observed_on_map(polygons: gpd.GeoDataFrame, status: xr.DataArray, *, until: int) -> pd.DataFrame:
    """Shares of degraded, stable and improved land of each place, off a map of the status of land.

    Parameters
    ----------
    polygons : GeoDataFrame, EPSG:4326
        ``place`` and valid shapes; those that lie outside the map have no verdict.
    status : DataArray, integer, dims (latitude, longitude)
        -1 degraded, 0 stable, 1 improved, -128 missing.
    until : int
        Year that the observation ends.

    Returns
    -------
    DataFrame
        As `check_polygons` takes it; shares are of the whole area of the place.

    Examples
    --------
    >>> import shapely
    >>> fields = gpd.GeoDataFrame({"place": ["a"]}, geometry=[shapely.box(0, 0, 2, 1)], crs="EPSG:4326")
    >>> status = xr.DataArray(np.array([[0, 0], [1, -1]], "int8"), dims=("latitude", "longitude"),
    ...     coords={"latitude": [1.5, 0.5], "longitude": [0.5, 1.5]})
    >>> observed_on_map(fields, status, until=2023)[["degraded", "improved", "cells"]].round(2).values.tolist()
    [[50.0, 50.0, 2.0]]
    """
    grid = grid_of(status)
    named = polygons.assign(region_id=polygons["place"].astype(str)).reset_index(drop=True)
    weights = coverage(named, grid, partly=True)
    areas = zonal_class_area(weights, status, [-1, 0, 1])
    from_shapes = np.asarray(_square_kilometres(named))
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = 100 * areas[:, :3] / from_shapes[:, None]
    in_cells = weights / np.repeat(grid.row_areas, grid.columns)[None, :]
    table = pd.DataFrame(np.minimum(shares, 100.0), columns=list(STATES))
    return table.assign(place=named["region_id"], until=until, cells=np.asarray(in_cells.sum(axis=1)).ravel())


def read_observed(path: Path) -> pd.DataFrame:
    """A table of observed land by place.

    Parameters
    ----------
    path : Path
        CSV or workbook: place, degraded, stable, improved (% of its area); until (year) and cells where known.

    Returns
    -------
    DataFrame
        As `check_polygons` takes it.

    Raises
    ------
    DataError
        All that is wrong with it.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "land.csv")
    ...     _ = file.write_text("place,degraded,stable,improved" + chr(10) + "a,10,20,70", encoding="utf-8")
    ...     read_observed(file)["improved"].item()
    70.0
    """
    place = Column("place", ("text",), "", "", -math.inf, math.inf, (), False, "", "its name")
    shares = [Column(n, ("number",), "%", "observed", 0, 100, (), False, "", f"% of it {n}") for n in STATES]
    more = [Column(n, ("number",), "", "observed", 0, math.inf, (), True, "where known", n) for n in ("until", "cells")]
    return read_given(path, Table("observed", (place, *shares, *more), ("place",), "observed land by place", ""))


def _square_kilometres(polygons: gpd.GeoDataFrame) -> list[float]:
    from_ha = hectares(polygons.geometry.to_numpy())
    return [float(area) / HECTARES for area in from_ha]


def _verdict(
    row: dict[Any, Any], land: dict[Any, Any] | None, known: float, most: float, years: int, cells: float
) -> tuple[Any, ...]:
    name = str(row["place"])
    if land is None:
        return (name, "cannot say", math.nan, math.nan, math.nan, 0.0, "not observed")
    shares = [_number(land.get(state)) for state in STATES]
    told = [0.0 if math.isnan(share) else share for share in shares]
    seen = math.fsum(told)
    if min(told) < 0 or seen > 100.01:
        raise DataError(
            f"{name}: shares of {', '.join(f'{share:g}' for share in told)} % are no parts of a whole. Mend them."
        )
    degraded, _, improved = told
    why = _cannot(row, land, seen, known, years, cells)
    if why:
        return (name, "cannot say", *shares, seen, why)
    if 100 * improved / seen >= most:
        verdict, why = "agree", f"{improved:.0f} % improved; that the project brought it about is not shown"
    elif 100 * degraded / seen >= most:
        verdict, why = "contradict", f"{degraded:.0f} % degraded"
    else:
        verdict, why = "cannot say", f"neither improved nor degraded land is {most:g} % of what is known"
    return (name, verdict, *shares, seen, why)


def _cannot(row: dict[Any, Any], land: dict[Any, Any], seen: float, known: float, years: int, cells: float) -> str:
    """Why nothing can be said, whatever the land shows; empty where it can."""
    until, held = _number(land.get("until")), _number(land.get("cells"))
    text = text_of(row.get("planted_on"))
    planted: datetime.date | None = day_of(row["planted_on"]) if text else None
    if seen <= 0 or seen < known:
        return f"{seen:.0f} % of it has a verdict, {known:g} % are needed"
    if not math.isnan(held) and held < cells:
        return f"it holds {held:.1f} cells of the map, {cells:g} are needed"
    if not math.isnan(until) and planted is None:
        return "when work began is not told"
    if not math.isnan(until) and planted is not None and until - planted.year < years:
        return f"work began in {planted.year} and land was observed to {until:.0f}, {years} years are needed"
    return ""


def _number(value: Any) -> float:
    return math.nan if value is None or pd.isna(value) else float(value)
