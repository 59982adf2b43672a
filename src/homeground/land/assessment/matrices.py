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
    return error_polygons(json.loads(read_polygons(path, layer=layer).to_json()))


def read_confirmed(path: Path, layer: str | None = None) -> gpd.GeoDataFrame:
    """Where greening of abandoned cropland is confirmed to be recovery."""
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
    transform = from_origin(grid.west, grid.north, grid.step, grid.step)
    found: NDArray[np.int16] = rasterize(shapes, grid.shape, fill=MISSING, transform=transform, dtype="int16")
    return found.astype(np.int8)
