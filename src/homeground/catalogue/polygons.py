# SPDX-License-Identifier: Apache-2.0
"""One reader for polygons of the user: regions, zones, error polygons, confirmed patches, sites.

GeoPackage, GeoJSON, shapefile or GeoParquet, whatever the file is called; any coordinate system that PROJ knows. What
comes out is in longitude and latitude of WGS 84, flat, valid and polygonal; what cannot be brought there is refused.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray

from homeground.errors import DataError, Problems

POLYGONAL = ("Polygon", "MultiPolygon")
MAGIC = b"PAR1"  # first bytes of Parquet
SLIVERS = 0.01  # of the smaller polygon; borders drawn twice hardly ever fall together
LISTED = 5  # names told before "..."
BEYOND = 1e-6  # degrees that rounding may lie beyond the globe


def read_polygons(
    path: Path, *, layer: str | None = None, columns: Mapping[str, str] | None = None, optional: Iterable[str] = ()
) -> gpd.GeoDataFrame:
    """Polygons of a file in longitude and latitude, with the columns that are asked for under the names used here.

    Parameters
    ----------
    path : Path
        GeoPackage, GeoJSON, shapefile or GeoParquet in any ending.
    layer : str, optional
        Which layer of the file, if it has several.
    columns : mapping of name here to name in the file, optional
        Such as ``{"region_id": "ADM2_PCODE"}``; found without regard to case and blanks at the ends. Left out: all as they
        are.
    optional : iterable of str
        Names here that may be absent.

    Returns
    -------
    GeoDataFrame, EPSG:4326
        One row a feature, polygons or multipolygons, rings wound as OGC has it.

    Raises
    ------
    DataError
        All problems at once: no such file or layer, several layers and none named, no coordinate system, features that are
        no polygons, columns that are not there (the nearest is named), a shape beyond the globe or across the 180th
        meridian.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> districts = gpd.GeoDataFrame({"ADM2_FR": ["Kollo"]}, geometry=[shapely.box(2, 13, 3, 14)], crs="EPSG:4326")
    >>> with TemporaryDirectory() as folder:
    ...     districts.to_file(Path(folder, "d.gpkg"))
    ...     read_polygons(Path(folder, "d.gpkg"), columns={"name": "adm2_fr"})["name"].tolist()
    ['Kollo']
    """
    with np.errstate(invalid="ignore"):  # corners that are no numbers are told below, by shape
        frame = _read(path, layer)
    problems = Problems(path.name if layer is None else f"{path.name}, layer {layer}")
    renamed, lacking = _columns(frame, columns or {}, set(optional))
    problems.extend(lacking)
    if frame.crs is None:
        problems.add("has no coordinate system. Set it (in QGIS: Layer, Set CRS, then export anew).")
    endless = _endless(frame.geometry.to_numpy())
    problems.extend(endless or _kinds(frame))
    problems.raise_if_any(DataError)
    shapes = gpd.GeoSeries(shapely.force_2d(frame.geometry.to_numpy()), crs=frame.crs)
    shapes = shapes if shapes.crs.equals("EPSG:4326", ignore_axis_order=True) else shapes.to_crs("EPSG:4326")
    problems.extend(_endless(shapes.to_numpy()))
    problems.raise_if_any(DataError)
    valid = polygonal(shapes.to_numpy())
    problems.extend(_beyond(valid))
    problems.raise_if_any(DataError)
    return gpd.GeoDataFrame(renamed, geometry=valid, crs="EPSG:4326").reset_index(drop=True)


def read_drawn(path: Path, *, layer: str | None = None) -> gpd.GeoDataFrame:
    """Shapes of a file in longitude and latitude exactly as they were drawn: to be checked, not to be measured.

    Parameters
    ----------
    path : Path
        As of `read_polygons`.
    layer : str, optional
        Which layer of the file, if it has several.

    Returns
    -------
    GeoDataFrame, EPSG:4326
        One row a feature with all columns: rings that cross themselves, points, lines and missing shapes are kept.

    Raises
    ------
    DataError
        No such file or layer, several layers and none named, no coordinate system.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> bow = shapely.Polygon([(2, 13), (3, 14), (3, 13), (2, 14)])
    >>> with TemporaryDirectory() as folder:
    ...     gpd.GeoDataFrame(geometry=[bow], crs="EPSG:4326").to_file(Path(folder, "bow.geojson"))
    ...     bool(read_drawn(Path(folder, "bow.geojson")).geometry.is_valid.item())
    False
    """
    with np.errstate(invalid="ignore"):
        frame = _read(path, layer)
    if frame.crs is None:
        raise DataError(f"{path.name} has no coordinate system. Set it (in QGIS: Layer, Set CRS, then export anew).")
    shapes = gpd.GeoSeries(shapely.force_2d(frame.geometry.to_numpy()), index=frame.index, crs=frame.crs)
    if not shapes.crs.equals("EPSG:4326", ignore_axis_order=True):
        shapes = shapes.to_crs("EPSG:4326")
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return gpd.GeoDataFrame(plain, geometry=shapes.to_numpy(), crs="EPSG:4326").reset_index(drop=True)


def polygonal(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """The valid polygonal part of each shape; what mending left as points and lines (a spike, say) has no area and goes.

    Parameters
    ----------
    shapes : array of geometry

    Returns
    -------
    array of Polygon or MultiPolygon
        Empty where nothing of a shape has an area.

    Examples
    --------
    >>> spike = shapely.from_wkt("POLYGON ((0 0, 2 0, 2 2, 1 2, 1 3, 1 2, 0 2, 0 0))")
    >>> [(one.geom_type, one.area) for one in polygonal(np.array([spike]))]
    [('Polygon', 4.0)]
    """
    mended = np.array([one if shapely.is_valid(one) else shapely.make_valid(one) for one in shapes], dtype=object)
    flat = np.array([_polygons_of(one) for one in mended], dtype=object)
    return np.asarray(shapely.orient_polygons(flat))


def as_text(values: pd.Series) -> pd.Series:
    """Identifiers as text: ``101.0`` of a shapefile is ``101``; what is missing stays missing.

    Parameters
    ----------
    values : Series

    Returns
    -------
    Series of str

    Examples
    --------
    >>> as_text(pd.Series([101.0, None])).tolist()[0], as_text(pd.Series(["007 "])).tolist()
    ('101', ['007'])
    """
    if pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    text = values.astype("string").str.strip()
    return text.mask(text == "")


def overlaps(shapes: gpd.GeoDataFrame, names: Sequence[str], *, same: NDArray[Any] | None = None) -> list[str]:
    """Pairs of polygons that share more than slivers along a border, with how much.

    Parameters
    ----------
    shapes : GeoDataFrame
    names : sequence of str
        What each is called.
    same : array, optional
        Polygons with the same value here may lie over each other.

    Returns
    -------
    list of str

    Examples
    --------
    >>> two = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 1), shapely.box(1, 0, 2, 1)])
    >>> overlaps(two, ["a", "b"])
    ['a and b (100 % of the smaller)']
    """
    geometry = shapes.geometry.to_numpy()
    one, other = shapes.sindex.query(geometry, predicate="intersects")
    apart = one < other if same is None else (one < other) & (same[one] != same[other])
    one, other = one[apart], other[apart]
    shared = shapely.area(shapely.intersection(geometry[one], geometry[other]))
    least = np.minimum(shapely.area(geometry[one]), shapely.area(geometry[other]))
    share = np.divide(shared, least, out=np.zeros_like(shared), where=least > 0)
    return [
        f"{names[a]} and {names[b]} ({100 * part:.0f} % of the smaller)"
        for a, b, part in zip(one, other, share, strict=True)
        if part > SLIVERS
    ]


def _read(path: Path, layer: str | None) -> gpd.GeoDataFrame:
    try:
        with path.open("rb") as file:
            parquet = file.read(4) == MAGIC
        if parquet:
            return gpd.read_parquet(path)
        held = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    except Exception as error:  # readers raise many kinds; the user needs one
        raise DataError(
            f"cannot read polygons from {path.name}: {error}. Give GeoPackage, GeoJSON, shapefile or GeoParquet."
        ) from error
    if layer is not None and layer not in held:
        near = difflib.get_close_matches(layer, held, n=1, cutoff=0.5)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise DataError(f'{path.name} has no layer "{layer}"; it has {", ".join(held) or "none with shapes"}.{hint}')
    if layer is None and len(held) > 1:
        raise DataError(
            f'{path.name} has several layers: {", ".join(held)}. Say which: {{ path = "{path.name}", layer = '
            f'"{held[-1]}" }}.'
        )
    if not held:
        raise DataError(f"{path.name} holds no shapes. Give GeoPackage, GeoJSON, shapefile or GeoParquet of polygons.")
    try:
        return gpd.read_file(path, layer=layer or held[0])
    except Exception as error:
        raise DataError(
            f"cannot read polygons from {path.name}: {error}. Open it in QGIS and export it anew."
        ) from error


def _columns(frame: gpd.GeoDataFrame, wanted: Mapping[str, str], optional: set[str]) -> tuple[pd.DataFrame, list[str]]:
    """The asked columns under the names used here, and what is wrong with them."""
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    if not wanted:
        return plain, []
    by_word = {str(name).strip().lower(): name for name in plain.columns}
    found, problems = {}, []
    for here, there in wanted.items():
        name = by_word.get(there.strip().lower())
        if name is not None:
            found[here] = plain[name]
        elif here not in optional:
            near = difflib.get_close_matches(there.lower(), list(by_word), n=1, cutoff=0.6)
            hint = f" Did you mean {by_word[near[0]]}?" if near else ""
            problems.append(f"has no column {there}; it has {', '.join(map(str, plain.columns)) or 'none'}.{hint}")
    return pd.DataFrame(found, index=plain.index), problems


def _kinds(frame: gpd.GeoDataFrame) -> list[str]:
    """What is no polygon among the shapes; collections that hold one are let pass."""
    shapes = frame.geometry
    problems = []
    if not len(frame):
        return ["holds no features. Draw at least one polygon."]
    if empty := np.flatnonzero(shapes.isna() | shapes.is_empty).tolist():
        problems.append(
            f"has {len(empty)} feature(s) without a shape (first: number {empty[0] + 1}). Draw or drop them."
        )
    held = shapes[~(shapes.isna() | shapes.is_empty)]
    bare = held[[not shapely.area(one) > 0 and not _polygons_of(shapely.make_valid(one)).area > 0 for one in held]]
    if len(bare):
        kinds = ", ".join(sorted(set(bare.geom_type)))
        problems.append(
            f"holds {len(bare)} feature(s) that are {kinds} without area; polygons were expected. Close lines to polygons "
            "(in QGIS: Lines to polygons), or give the layer that holds the areas."
        )
    return problems


def _endless(shapes: NDArray[np.object_]) -> list[str]:
    """Shapes with corners that are no numbers, or that have no place on the globe in their coordinate system."""
    lost = [n for n, one in enumerate(shapes, start=1) if not np.isfinite(shapely.get_coordinates(one)).all()]
    if not lost:
        return []
    listed = ", ".join(map(str, lost[:LISTED])) + (", ..." if len(lost) > LISTED else "")
    return [
        f"corners that are no numbers, or off the globe, in shape(s) {listed}. Mend them, or set the coordinate system."
    ]


def _beyond(shapes: NDArray[np.object_]) -> list[str]:
    """Shapes that do not lie on the globe from -180 to 180, or that jump over the 180th meridian."""
    west, south, east, north = shapely.bounds(shapes).T
    problems = []
    if (north > 90 + BEYOND).any() or (south < -90 - BEYOND).any() or ~np.isfinite(west).all():
        problems.append(
            "reaches beyond latitude 90; longitude first, then latitude, was expected. Swap or reproject it."
        )
    if (east > 180 + BEYOND).any() or (west < -180 - BEYOND).any():
        problems.append(
            "reaches beyond longitude 180; -180 to 180 was expected. Cut it at the 180th meridian and shift it."
        )
    jumps = [i for i, one in enumerate(shapes) if _widest_edge(one) > 180]
    if jumps:
        problems.append(
            f"feature(s) {', '.join(str(i + 1) for i in jumps[:LISTED])} cross the 180th meridian. Cut them there, so that "
            "each part lies on one side."
        )
    return problems


def _widest_edge(shape: shapely.Geometry) -> float:
    widest = 0.0
    for ring in shapely.get_rings(shape):
        x = shapely.get_coordinates(ring)[:, 0]
        widest = max(widest, float(np.abs(np.diff(x)).max(initial=0.0)))
    return widest


def _polygons_of(shape: shapely.Geometry) -> shapely.Geometry:
    """The polygons of a shape as one; empty where it has none."""
    if shape.geom_type in POLYGONAL:
        return shape
    parts = [part for part in shapely.get_parts(shape) if not shapely.is_empty(part)]
    flat = [piece for part in parts for piece in (shapely.get_parts(part) if "Multi" in part.geom_type else [part])]
    whole = shapely.union_all([one for one in flat if one.geom_type == "Polygon"])
    return whole if whole.geom_type in POLYGONAL else shapely.MultiPolygon()
