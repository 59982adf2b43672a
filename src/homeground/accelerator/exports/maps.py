# SPDX-License-Identifier: Apache-2.0
"""Places as GeoJSON (RFC 7946): longitude and latitude of WGS 84, outer rings counter-clockwise, numbers as numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from homeground.accelerator.exports.writing import json_bytes, write_whole
from homeground.accelerator.places.reading import drawn_places
from homeground.accelerator.places.shapes import crossing, hectares, measurable
from homeground.accelerator.results.series import text_of

DIGITS = 7  # of a degree: a centimetre
PROPERTIES = ("project", "name", "iso3", "practice", "declared_ha", "planted_on", "state", "source")


def geojson(tables: Mapping[str, pd.DataFrame], folder: Path | None = None) -> dict[str, Any]:
    """All places as a collection of features.

    Parameters
    ----------
    tables : mapping of DataFrame
        As declared in the registry.
    folder : Path, optional
        Where files of polygons lie.

    Returns
    -------
    dict
        In the order of their names. An outline that is not there or crosses itself has no geometry and ``issue`` says why:
        it is not mended unseen. ``area_ha`` is on the ellipsoid, ``declared_ha`` as it was declared.

    Examples
    --------
    >>> clockwise = "POLYGON ((2 13, 2 14, 3 14, 3 13, 2 13))"
    >>> places = pd.DataFrame({"place": ["a"], "geometry": [clockwise], "state": ["approved"]})
    >>> geojson({"places": places})["features"][0]["geometry"]["coordinates"][0][1]
    [3.0, 13.0]
    """
    drawn, issues = drawn_places(tables["places"], folder)
    why = {issue.path: issue.message for issue in issues}
    areas = hectares(drawn.geometry.to_numpy())
    features = []
    rows = drawn.drop(columns="geometry").to_dict("records")
    for row, shape, area in zip(rows, drawn.geometry, areas, strict=True):
        name = str(row["place"])
        said, at = crossing(shape) if measurable(shape) else (why.get(name, f"{name} is no polygon on the globe"), "")
        properties = {"place": name, **{key: _plain(row.get(key)) for key in PROPERTIES}}
        geometry = None
        if said:
            properties["issue"] = f"{said} at {at}" if at else said
        else:
            geometry = _shape(shape)
            properties["area_ha"] = round(float(area), 4)
        features.append({"type": "Feature", "id": name, "geometry": geometry, "properties": properties})
    return {"type": "FeatureCollection", "features": sorted(features, key=lambda one: str(one["id"]))}


def write_geojson(tables: Mapping[str, pd.DataFrame], path: Path, folder: Path | None = None) -> Path:
    """Write all places as GeoJSON.

    Parameters
    ----------
    tables : mapping of DataFrame
        As declared in the registry.
    path : Path
    folder : Path, optional
        Where files of polygons lie.

    Returns
    -------
    Path

    Raises
    ------
    DataError
        It cannot be written.
    """
    return write_whole(path, json_bytes(geojson(tables, folder)))


def _shape(shape: shapely.Geometry) -> Any:
    wound = shapely.orient_polygons(shape)  # outer rings counter-clockwise, holes clockwise
    return _rounded(json.loads(shapely.to_geojson(wound)))


def _rounded(value: Any) -> Any:
    if isinstance(value, float | int):
        return round(float(value), DIGITS)
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return {k: _rounded(v) if k == "coordinates" else v for k, v in value.items()}


def _plain(value: Any) -> Any:
    text = text_of(value)
    if not text:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return text[:10] if hasattr(value, "isoformat") else text
