# SPDX-License-Identifier: Apache-2.0
"""What a change of land cover means in a study: the Convention's default, the country's own, or one for each zone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rasterio.features import rasterize

from homeground.catalogue.classes import MISSING
from homeground.catalogue.given import given_table
from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.polygons import overlaps, read_polygons
from homeground.errors import DataError, Problems
from homeground.land.cover.land_cover import TRANSITION_MATRIX, UNCCD_CLASSES
from homeground.land.neutrality.error_recode import error_polygons
from homeground.study.model import Study

MOST_ZONE = 127  # zones are kept in a byte
Matrices = Mapping[int, pd.DataFrame]
# Readings that countries do take beside the default; only for the sensitivity.
OTHER_READINGS = {
    "grassland to cropland is loss": {(2, 3): -1},
    "trees on grassland are loss": {(2, 1): -1},
}


def matrices_of(study: Study) -> dict[str, Matrices]:
    """The matrix of the study by zone (0 where there is one for all), and other readings for the sensitivity."""
    path = study.input("matrix")
    if path is None:
        found: dict[str, Matrices] = {"study": {0: TRANSITION_MATRIX}}
        for name, changes in OTHER_READINGS.items():
            other = TRANSITION_MATRIX.copy()
            for (first, last), sign in changes.items():
                other.loc[first, last] = sign
            found[name] = {0: other}
        return found
    return {
        "study": read_matrices(study, zoned=study.input("matrix_zones") is not None),
        "UNCCD default": {0: TRANSITION_MATRIX},
    }


def read_matrices(study: Study, *, zoned: bool) -> Matrices:
    """Matrices of the study's table with the columns initial, final, change and, for several, zone.

    Raises
    ------
    DataError
        All problems at once, with row and column: text where numbers belong, classes beyond 1 to 7, a pair twice; then
        pairs that are missing, more than five zones, zones without polygons.
    """

    def nought(table: pd.DataFrame) -> Iterator[str]:
        rows = [f"row {row}" for row, zone in table.get("zone", pd.Series()).items() if zone == 0] if zoned else []
        if rows:
            yield f"zone: {', '.join(rows[:5])}: zone 0; 1 to {MOST_ZONE} were expected. Number the zones anew."

    table = given_table(study, "data.matrix", also=nought)
    if table is None:
        raise DataError("data.matrix is not given. Name its file in the study.")
    problems = Problems(f"data.matrix: {study.data.matrix}")
    zones = table["zone"].fillna(0) if "zone" in table else pd.Series(0, table.index)
    cells: dict[int, dict[tuple[int, int], int]] = {}
    for zone, first, last, sign in zip(zones, table["initial"], table["final"], table["change"], strict=True):
        cells.setdefault(int(zone), {})[int(first), int(last)] = int(sign)
    for zone, known in cells.items():
        missing = [f"{a} to {b}" for a in UNCCD_CLASSES for b in UNCCD_CLASSES if (a, b) not in known]
        if missing:
            where = f"zone {zone} lacks" if zone else "lacks"
            problems.add(f"{where} {', '.join(missing[:5])}{', ...' if len(missing) > 5 else ''}. Give all 49 pairs.")
    if len(cells) > 5:
        problems.add(f"{len(cells)} zones; one to five were expected.")
    if len(cells) > 1 and not zoned:
        problems.add("has several zones but the study names no polygons. Give data.matrix_zones.")
    problems.raise_if_any(DataError)
    classes = list(UNCCD_CLASSES)
    return {
        zone: pd.DataFrame([[known[a, b] for b in classes] for a in classes], index=classes, columns=classes)
        for zone, known in cells.items()
    }


def read_zones(path: Path, layer: str | None = None) -> gpd.GeoDataFrame:
    """Zones of a matrix as polygons with a whole number ``zone``.

    Raises
    ------
    DataError
        As of `homeground.catalogue.polygons.read_polygons`; a zone that is no number from 1 to 127; zones that lie over
        each other, for which of two matrices holds is not for a program to say.
    """
    polygons = read_polygons(path, layer=layer, columns={"zone": "zone"})
    zones = pd.to_numeric(polygons["zone"], errors="coerce")
    problems = Problems(path.name)
    if wrong := polygons["zone"][~(zones.between(1, MOST_ZONE) & (zones % 1 == 0))].unique().tolist():
        problems.add(
            f"zone {', '.join(map(str, wrong[:5]))}; numbers from 1 to {MOST_ZONE} were expected, as in the matrix. Number "
            "the zones anew in both."
        )
    else:
        polygons = polygons.assign(zone=zones.astype(int))
        if pairs := overlaps(polygons, [f"zone {zone}" for zone in polygons["zone"]], same=polygons["zone"].to_numpy()):
            problems.add(f"zones lie over each other: {'; '.join(pairs[:5])}. Cut them apart (in QGIS: Difference).")
    problems.raise_if_any(DataError)
    return polygons


def read_errors(path: Path, layer: str | None = None) -> gpd.GeoDataFrame:
    """Corrections by experts: see `homeground.land.neutrality.error_recode.error_polygons`."""
    if path.read_bytes()[:1] in (b"{", b"\xef"):  # GeoJSON, whose lists of periods a table would lose
        return error_polygons(path.read_bytes().decode("utf-8-sig", errors="replace"))
    frame = read_polygons(path, layer=layer)
    lists = frame.columns[[isinstance(one, np.ndarray) for one in frame.iloc[0]]] if len(frame) else []
    return error_polygons(json.loads(frame.assign(**{name: frame[name].map(list) for name in lists}).to_json()))


def read_confirmed(path: Path, layer: str | None = None) -> gpd.GeoDataFrame:
    """Where greening of abandoned cropland is confirmed to be recovery."""
    return read_polygons(path, layer=layer)


def read_register(path: Path, layer: str | None = None) -> gpd.GeoDataFrame:
    """Land that the country's own register calls degraded."""
    return read_polygons(path, layer=layer)


def polygons_of(
    study: Study, name: str, read: Callable[[Path, str | None], gpd.GeoDataFrame]
) -> gpd.GeoDataFrame | None:
    """Polygons that a study names in ``[data]``, by their reader; None where it names none."""
    path = study.input(name)
    return None if path is None else read(path, getattr(study.data, name).layer)


def zones_on(polygons: gpd.GeoDataFrame, grid: Grid) -> NDArray[np.int8]:
    """Zone of each cell by its centre; -128 outside all."""
    shapes = [(shape, int(zone)) for shape, zone in zip(polygons.geometry, polygons["zone"], strict=True)]
    transform = grid.transform
    found: NDArray[np.int16] = rasterize(shapes, grid.shape, fill=MISSING, transform=transform, dtype="int16")
    return found.astype(np.int8)
