# SPDX-License-Identifier: Apache-2.0
"""What a change of land cover means in a study: the Convention's default, the country's own, or one for each zone."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.transform import from_origin

from homeground.catalogue.classes import MISSING
from homeground.catalogue.grids.grid import Grid
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
        "study": read_matrices(path, zoned=study.input("matrix_zones") is not None),
        "UNCCD default": {0: TRANSITION_MATRIX},
    }


def read_matrices(path: Path, *, zoned: bool) -> Matrices:
    """Matrices of a CSV with the columns initial, final, change and, for several, zone.

    Raises
    ------
    DataError
        All problems at once: text where numbers belong, classes beyond 1 to 7, a pair twice or missing, more than five
        zones, zones without polygons.
    """
    problems = Problems(path.name)
    cells: dict[int, dict[tuple[int, int], int]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                zone, first, last, sign = (
                    int(row.get(name) or 0) for name in ("zone", "initial", "final", "change")
                )  # fmt: skip
            except ValueError:
                problems.add(f"row {number}: {row}; whole numbers were expected.")
                continue
            if not (1 if zoned and row.get("zone") else 0) <= zone <= MOST_ZONE:
                problems.add(f"row {number}: zone {zone}; 1 to {MOST_ZONE} were expected. Number the zones anew.")
            elif not {first, last} <= set(UNCCD_CLASSES) or sign not in (-1, 0, 1):
                problems.add(f"row {number}: {first} to {last} is {sign}; classes 1 to 7 and -1, 0 or 1 were expected.")
            elif (first, last) in cells.setdefault(zone, {}):
                problems.add(f"row {number}: {first} to {last} comes twice{f' in zone {zone}' if zone else ''}.")
            else:
                cells[zone][first, last] = sign
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
    try:
        frame = gpd.read_file(path)
    except Exception as error:  # readers raise many kinds; the user needs one
        raise DataError(f"cannot read polygons from {path.name}: {error}. Give GeoPackage or GeoJSON.") from error
    missing = [c for c in columns if c not in frame.columns]
    if frame.crs is None or missing:
        what = "no coordinate system" if frame.crs is None else f"no column {', '.join(missing)}"
        raise DataError(f"{path.name} has {what}. Add it.")
    return frame.to_crs("EPSG:4326")


def zones_on(polygons: gpd.GeoDataFrame, grid: Grid) -> NDArray[np.int8]:
    """Zone of each cell by its centre; -128 outside all.

    Raises
    ------
    DataError
        A zone that is no number from 1 to 127.
    """
    zones = pd.to_numeric(polygons["zone"], errors="coerce")
    if wrong := polygons["zone"][~(zones.between(1, MOST_ZONE) & (zones % 1 == 0))].unique().tolist():
        raise DataError(
            f"matrix_zones: zone {', '.join(map(str, wrong[:5]))}; numbers from 1 to {MOST_ZONE} were expected, as in the "
            "matrix. Number the zones anew in both."
        )
    shapes = [(shape, int(zone)) for shape, zone in zip(polygons.geometry, polygons["zone"], strict=True)]
    transform = from_origin(grid.west, grid.north, grid.step, grid.step)
    found: NDArray[np.int16] = rasterize(shapes, grid.shape, fill=MISSING, transform=transform, dtype="int16")
    return found.astype(np.int8)
