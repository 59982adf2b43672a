# SPDX-License-Identifier: Apache-2.0
"""Outlines of places as they were drawn: from the registry's table (WKT, or a file beside it), or from a file of polygons."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from homeground.accelerator.issues import Issue
from homeground.accelerator.registry.declared import registry_tables
from homeground.accelerator.results.series import text_of
from homeground.catalogue.polygons import as_text, read_drawn
from homeground.catalogue.sheets import word
from homeground.errors import DataError

NAMES = ("place", "id", "name")  # columns of a file of polygons that may hold the name of a place
LONGEST = 2_000_000  # letters of a WKT: two hundred thousand corners


def drawn_places(places: pd.DataFrame, folder: Path | None = None) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """Places of the registry's table with their shapes, and those whose outline cannot be read.

    Parameters
    ----------
    places : DataFrame
        As declared in the registry. ``geometry`` is WKT, or ``FILE#NAME`` of a file in ``folder``.
    folder : Path, optional
        Where files of polygons lie; left out, only WKT is read.

    Returns
    -------
    (GeoDataFrame, list of Issue)
        All rows, EPSG:4326; a shape that cannot be read is missing and has an issue.

    Examples
    --------
    >>> table = pd.DataFrame({"place": ["a", "b"], "geometry": ["POLYGON ((2 13, 3 13, 3 14, 2 13))", "POLYGON (("]})
    >>> shapes, issues = drawn_places(table)
    >>> shapes.geometry.isna().tolist(), issues[0].rule
    ([False, True], 'outline')
    """
    shapes: list[shapely.Geometry | None] = []
    issues = []
    read = cache(_named)
    for at, row in enumerate(places.to_dict("records")):
        text = text_of(row.get("geometry"))
        shape, why = None, ""
        if not text:
            why = "has no outline"
        elif "#" in text and folder is not None:
            file, _, name = text.rpartition("#")
            try:
                shape = read(folder, file).get(word(name))
                why = "" if shape is not None else f"{file} has no shape called {name}"
            except DataError as error:
                why = str(error)
        elif len(text) > LONGEST:
            why = "its outline has more than 200 000 corners"
        else:
            shape = shapely.from_wkt(text, on_invalid="ignore")
            why = "" if shape is not None else "its outline is no WKT"
        shapes.append(None if shape is None else shapely.force_2d(shape))
        if why:
            index = places.index[at]
            line = int(index) if isinstance(index, int) else 0
            fix = "Draw it, and write it as POLYGON ((longitude latitude, ...)) or as FILE#NAME of a file beside the table."
            issues.append(Issue("places", line, str(row["place"]), "outline", "error", f"{row['place']}: {why}", fix))
    plain = places.drop(columns="geometry", errors="ignore").reset_index(drop=True)
    return gpd.GeoDataFrame(plain, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326")), issues


def places_of_file(path: Path) -> gpd.GeoDataFrame:
    """Places of a file of polygons, their attributes under the names of the registry.

    Parameters
    ----------
    path : Path
        GeoJSON, GeoPackage, shapefile or GeoParquet.

    Returns
    -------
    GeoDataFrame, EPSG:4326
        All columns of the table of places that the file has; ``place`` is made of the row's number where it has none.

    Raises
    ------
    DataError
        It cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> site = gpd.GeoDataFrame({"ID": ["north"], "Practice": ["zai"]}, geometry=[shapely.box(2, 13, 3, 14)], crs=4326)
    >>> with TemporaryDirectory() as folder:
    ...     site.to_file(Path(folder, "s.geojson"))
    ...     places_of_file(Path(folder, "s.geojson"))[["place", "practice"]].values.tolist()
    [['north', 'zai']]
    """
    drawn = read_drawn(path)
    by_word = {word(str(name)): name for name in drawn.columns if name != drawn.geometry.name}
    columns = [c.column for c in registry_tables()["places"].table.columns if c.column != "geometry"]
    found = {c: drawn[by_word[word(c)]] for c in columns if word(c) in by_word}
    named = next((by_word[one] for one in NAMES if one in by_word), None)
    numbers = pd.Series([f"shape {n}" for n in range(1, len(drawn) + 1)], drawn.index)
    found["place"] = numbers if named is None else as_text(drawn[named]).fillna(numbers)
    table = pd.DataFrame({c: found.get(c, pd.Series([None] * len(drawn), drawn.index)) for c in columns})
    return gpd.GeoDataFrame(table, geometry=drawn.geometry.to_numpy(), crs="EPSG:4326")


def _named(folder: Path, file: str) -> Mapping[str, shapely.Geometry]:
    """Shapes of a file by name; it lies beside the table and nowhere else."""
    if Path(file).name != file or file.startswith("."):
        raise DataError(f"{file} does not lie beside the table. Put it there and write its name alone.")
    drawn = read_drawn(folder / file)
    by_word = {word(str(name)): name for name in drawn.columns}
    found: dict[str, shapely.Geometry] = {}
    for column in [by_word[one] for one in NAMES if one in by_word]:
        for name, shape in zip(as_text(drawn[column]), drawn.geometry, strict=True):
            if not pd.isna(name):
                found.setdefault(word(str(name)), shape)
    return found
