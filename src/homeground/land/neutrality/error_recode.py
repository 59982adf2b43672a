# SPDX-License-Identifier: Apache-2.0
"""Corrections by people who know the place: polygons that say where the map of degradation is wrong, and what is right."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from rasterio.features import rasterize
from shapely.errors import GEOSException
from shapely.geometry import shape

from homeground.catalogue.classes import MISSING
from homeground.catalogue.grids.grid import Grid, grid_of
from homeground.errors import DataError, Problems
from homeground.land.classes import classes_of, described
from homeground.land.neutrality.degradation import DEGRADATION_CLASSES, grid_areas

PERIODS = ("baseline", "report_1", "report_2")
_RULES = {"recode_deg_to": -1, "recode_stable_to": 0, "recode_imp_to": 1}
CORRECTIONS = (
    "uuid", "location_name", "before", "after", "area_km2", "process_driving_change", "basis_for_judgement",
)  # fmt: skip
_TARGETS = (None, -32768, -1, 0, 1)


def error_polygons(text: str | Mapping[str, Any]) -> gpd.GeoDataFrame:
    """The corrections of one GeoJSON file, checked: where, for which periods, and what becomes what.

    Parameters
    ----------
    text : str or mapping
        GeoJSON of polygons in longitude and latitude, each with ``uuid``, ``location_name``, ``periods_affected``
        (of baseline, report_1, report_2), ``recode_deg_to``, ``recode_stable_to``, ``recode_imp_to`` (null to leave
        it, -32768 for no data, -1, 0, 1), ``process_driving_change`` and ``basis_for_judgement``.

    Returns
    -------
    GeoDataFrame, EPSG:4326
        One row per polygon with those columns; recodes as Int16 (missing = leave; -128 = no data).

    Raises
    ------
    DataError
        All problems of the file at once: no polygon, unknown periods or codes, nothing to recode, no basis for the
        judgement, a doubled uuid, a broken geometry.

    Notes
    -----
    The format is that of trends.earth-schemas ``error_recode.py``; the fields are those of table SO1-4.T3 (false
    positives and negatives) of the UNCCD PRAIS 4 reporting manual (2026). Polygons may lie over each other: whether they
    judge one place differently shows on the map alone, see `disputes`.

    Examples
    --------
    >>> ring = [[0, 0], [1, 0], [1, 2], [0, 2], [0, 0]]
    >>> judged = {"uuid": "a", "location_name": "Kollo", "periods_affected": ["baseline"], "recode_deg_to": 0,
    ...           "basis_for_judgement": "fallow, seen in the field"}
    >>> feature = {"properties": judged, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    >>> error_polygons({"features": [feature]})["recode_deg_to"].tolist()
    [0]
    """
    try:
        data = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError) as error:
        raise DataError(f"error polygons are no GeoJSON ({error}). Export them anew.") from error
    features = data.get("features") if isinstance(data, Mapping) else []
    features = [one for one in features if isinstance(one, Mapping)] if isinstance(features, list) else []
    problems = Problems("error polygons")
    if not features:
        problems.add("no features; a GeoJSON FeatureCollection of polygons was expected.")
    rows: list[dict[str, Any]] = []
    for number, feature in enumerate(features, 1):
        words = feature.get("properties")
        row = dict(words) if isinstance(words, Mapping) else {}
        name = f"polygon {number} ({row.get('location_name') or 'no location_name'})"
        periods = row.get("periods_affected") or []
        if not isinstance(periods, list) or not periods or any(period not in PERIODS for period in periods):
            problems.add(f"{name}: periods_affected is {periods}; some of {', '.join(PERIODS)} were expected.")
        targets = [row.get(rule) for rule in _RULES]
        if any(target not in _TARGETS for target in targets):
            problems.add(f"{name}: recodes to {targets}; null, -32768, -1, 0 or 1 were expected.")
        if all(target is None for target in targets):
            problems.add(f"{name}: nothing is recoded. Set one of {', '.join(_RULES)}.")
        if not row.get("basis_for_judgement"):
            problems.add(f"{name}: basis_for_judgement is empty. Say what shows that the map is wrong.")
        geometry = _shape(feature.get("geometry"))
        if (
            geometry is None
            or geometry.geom_type not in ("Polygon", "MultiPolygon")
            or geometry.is_empty
            or not geometry.is_valid
        ):
            problems.add(f"{name}: no valid polygon.")
        rows.append({**row, "geometry": geometry})
    ids = [str(row.get("uuid")) for row in rows]
    if len(set(ids)) < len(ids):
        problems.add("a uuid occurs twice or is missing.")
    problems.raise_if_any(DataError)
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")
    for rule in _RULES:
        values = [pd.NA if (v := row.get(rule)) is None else MISSING if v == -32768 else v for row in rows]
        frame[rule] = pd.array(values, dtype="Int16")
    return frame


def _shape(geometry: Any) -> Any:
    try:
        return shape(geometry) if geometry else None
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, GEOSException):  # no GeoJSON of a shape
        return None


def recode_errors(
    degraded: xr.DataArray, polygons: gpd.GeoDataFrame, period: str, areas: xr.DataArray | None = None
) -> tuple[xr.DataArray, pd.DataFrame]:
    """The map of degradation after the corrections of one period, and how many km2 each of them changed.

    Parameters
    ----------
    degraded : DataArray, dims (latitude, longitude)
        `degradation`: -1, 0, 1; -128 missing. It is not changed.
    polygons : GeoDataFrame
        Of `error_polygons`.
    period : {"baseline", "report_1", "report_2"}
        Which period the map is of; polygons that do not name it are left.
    areas : DataArray, km2, optional
        As in `area_table`.

    Returns
    -------
    DataArray, int8
        The corrected map. Cells are in a polygon by their centre; missing cells stay missing.
    DataFrame
        uuid, location_name, before, after, area_km2, process_driving_change, basis_for_judgement: one row for each
        polygon and change that occurs; table SO1-4.T3.

    Raises
    ------
    DataError
        Unknown period, a value that is no class, a grid without regular latitude and longitude, or a polygon of the
        period that holds no centre of a cell.

    Notes
    -----
    Every rule looks at the original map: a polygon that turns degraded into stable, and stable into improved, does
    not turn degraded into improved.

    Examples
    --------
    >>> import xarray as xr
    >>> west_half = [[0, 0], [1, 0], [1, 2], [0, 2], [0, 0]]
    >>> judged = {"uuid": "a", "location_name": "Kollo", "periods_affected": ["baseline"], "recode_deg_to": 0,
    ...           "basis_for_judgement": "fallow, seen in the field"}
    >>> feature = {"properties": judged, "geometry": {"type": "Polygon", "coordinates": [west_half]}}
    >>> place = {"latitude": [1.5, 0.5], "longitude": [0.5, 1.5]}
    >>> found = xr.DataArray([[-1, -1], [1, -1]], place)
    >>> size = xr.full_like(found, 3.0, dtype=float)
    >>> after, table = recode_errors(found, error_polygons({"features": [feature]}), "baseline", size)
    >>> after.values.tolist(), table[["before", "after", "area_km2"]].values.tolist()
    ([[0, -1], [1, -1]], [[-1.0, 0.0, 3.0]])
    """
    degraded = degraded.transpose("latitude", "longitude")
    original = classes_of(degraded.values, (-1, 0, 1), str(degraded.name or "the map"))
    size = grid_areas(degraded, areas)
    cells = polygon_cells(polygons, period, grid_of(degraded))
    problems = Problems("error polygons")
    problems.extend(disputes(original, polygons, cells))
    rows = []
    taken = np.zeros(original.shape, bool)
    for number, inside in cells:
        polygon = polygons.loc[number]
        if not inside.any():
            problems.add(f"{polygon['location_name']!r} holds no cell's centre: outside the map, or too small for it.")
        for rule, sign in _RULES.items():
            here = inside & ~taken & (original == sign)
            if not pd.isna(polygon[rule]) and polygon[rule] != sign and here.any():
                rows.append((polygon["uuid"], polygon["location_name"], sign, int(polygon[rule]), size[here].sum(),
                             polygon.get("process_driving_change"), polygon["basis_for_judgement"]))  # fmt: skip
        taken |= judged(original, polygons, number, inside)
    problems.raise_if_any(DataError)
    table = pd.DataFrame(rows, columns=list(CORRECTIONS))
    corrected = described(
        degraded.copy(data=recoded(original, polygons, cells)),
        "degradation", "land degradation (SDG 15.3.1), corrected", DEGRADATION_CLASSES,
    )  # fmt: skip
    return corrected.assign_attrs(corrections=len(cells), period=period), table


def polygon_cells(polygons: gpd.GeoDataFrame, period: str, grid: Grid) -> list[tuple[int, NDArray[np.bool_]]]:
    """Which cells of a grid, or of a tile of one, have their centre in each polygon of a period.

    Parameters
    ----------
    polygons : GeoDataFrame, EPSG:4326
        Of `error_polygons`.
    period : {"baseline", "report_1", "report_2"}
        Polygons that do not name it are left out.
    grid : Grid
        In degrees of longitude and latitude.

    Returns
    -------
    list of (row label of the polygon, bool array of the grid's shape)
        Only polygons that name the period.

    Raises
    ------
    DataError
        Unknown period.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> polygons = gpd.GeoDataFrame({"periods_affected": [["baseline"]]}, geometry=[box(0, 0, 1.2, 1)])
    >>> [(label, inside.tolist()) for label, inside in polygon_cells(polygons, "baseline", Grid(0.0, 2.0, 1.0, 2, 2))]
    [(0, [[False, False], [True, False]])]
    """
    if period not in PERIODS:
        raise DataError(f"period is {period!r}; one of {', '.join(PERIODS)} was expected.")
    transform = grid.transform
    chosen = polygons[[period in periods for periods in polygons["periods_affected"]]]
    return [
        (int(number), rasterize([shape], grid.shape, transform=transform, dtype="uint8").astype(bool))
        for number, shape in zip(chosen.index, chosen.geometry, strict=True)
    ]


def recoded(
    original: NDArray[np.int8], polygons: gpd.GeoDataFrame, cells: list[tuple[int, NDArray[np.bool_]]]
) -> NDArray[np.int8]:
    """The map after the corrections of `polygon_cells`; every rule looks at the original map.

    Parameters
    ----------
    original : array of int8, any shape
        `degradation`: -1, 0, 1; -128 missing. It is not changed.
    polygons : GeoDataFrame
        Of `error_polygons`: what degraded, stable and improved land become in each polygon.
    cells : list of (row label of the polygon, bool array of the map's shape)
        Of `polygon_cells`.

    Returns
    -------
    array of int8, shape of ``original``
        -1, 0, 1; -128 missing, or recoded to no data.

    Examples
    --------
    >>> rules = pd.DataFrame({"recode_deg_to": [0], "recode_stable_to": [1], "recode_imp_to": [pd.NA]})
    >>> here = np.array([True, True, True, False])  # degraded becomes stable there, and not improved after that
    >>> recoded(np.array([-1, 0, 1, -1], np.int8), rules, [(0, here)]).tolist()
    [0, 1, 1, -1]
    """
    after, taken = original.copy(), np.zeros(original.shape, bool)
    for number, inside in cells:
        for sign, target in _targets(polygons, number):
            after[inside & ~taken & (original == sign)] = np.int8(target)
        taken |= judged(original, polygons, number, inside)  # of two that agree the first keeps the place
    return after


def disputes(
    original: NDArray[np.int8], polygons: gpd.GeoDataFrame, cells: list[tuple[int, NDArray[np.bool_]]]
) -> list[str]:
    """Which polygons judge cells of the map that another has judged differently, and how many.

    Parameters
    ----------
    original : array of int8, any shape
    polygons : GeoDataFrame
    cells : list of (row label of the polygon, bool array of the map's shape)
        All as of `recoded`.

    Returns
    -------
    list of str
        One sentence for each pair; which of two judgements holds is not for a program to say.

    Examples
    --------
    >>> rules = pd.DataFrame({"location_name": ["a", "b"], "recode_deg_to": [0, 1], "recode_stable_to": [pd.NA, pd.NA],
    ...                       "recode_imp_to": [pd.NA, pd.NA]})
    >>> both = np.array([True, True])
    >>> disputes(np.array([-1, 0], np.int8), rules, [(0, both), (1, both)])
    ["'a' and 'b' judge 1 cell(s) differently. Cut one of them: a place has one judgement."]
    >>> disputes(np.array([0, 0], np.int8), rules, [(0, both), (1, both)])
    []
    """
    found = []
    for (a, in_a), (b, in_b) in combinations(cells, 2):
        shared = in_a & in_b
        if not shared.any():
            continue
        one, other = dict(_targets(polygons, a)), dict(_targets(polygons, b))
        differ = [sign for sign in one if sign in other and one[sign] != other[sign]]  # to leave a class judges nothing
        count = int((shared & np.isin(original, differ)).sum())
        if count:
            names = " and ".join(repr(polygons.at[n, "location_name"]) for n in (a, b))
            found.append(f"{names} judge {count} cell(s) differently. Cut one of them: a place has one judgement.")
    return found


def judged(
    original: NDArray[np.int8], polygons: gpd.GeoDataFrame, number: int, inside: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Cells of a polygon whose class one of its rules names.

    Parameters
    ----------
    original : array of int8, any shape
    polygons : GeoDataFrame
        Both as of `recoded`.
    number : int
        Row label of the polygon.
    inside : bool array of the map's shape
        Cells of the polygon.

    Returns
    -------
    bool array of the map's shape

    Examples
    --------
    >>> rules = pd.DataFrame({"recode_deg_to": [0], "recode_stable_to": [pd.NA], "recode_imp_to": [pd.NA]})
    >>> judged(np.array([-1, 0, -1], np.int8), rules, 0, np.array([True, True, False])).tolist()
    [True, False, False]
    """
    return inside & np.isin(original, [sign for sign, _ in _targets(polygons, number)])


def _targets(polygons: gpd.GeoDataFrame, number: int) -> list[tuple[int, int]]:
    """What a polygon makes of which class."""
    rules = [(sign, polygons.at[number, rule]) for rule, sign in _RULES.items()]
    return [(sign, int(target)) for sign, target in rules if not pd.isna(target)]
