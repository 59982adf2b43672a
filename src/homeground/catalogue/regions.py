# SPDX-License-Identifier: Apache-2.0
"""The only owner of ``region_id, iso3, name, area_km2, geometry``: regions of the atlas or of the user."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from homeground.catalogue import atlas
from homeground.errors import DataError, Problems

COVERED = 99.0  # per cent of the area; where a series covers less, it is said
EDGE = 0.1  # degrees; longer edges are cut
INSIDE = 0.5  # share of a region that must lie in its country; borders are drawn differently, countries are not
RECONCILED = 0.005  # of a region's area, between its polygon and its cells
COLUMNS = ("region_id", "iso3", "name", "area_km2", "geometry")


def load_regions(
    countries: list[str],
    path: Path | None = None,
    *,
    layer: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> gpd.GeoDataFrame:
    """The regions of a study, with their areas on the ellipsoid.

    Parameters
    ----------
    countries : list of str
        ISO 3166-1 alpha-3 codes (Kosovo: XKX).
    path : Path, optional
        A user's polygons; left out, the atlas's first-order units.
    layer : str, optional
        Which layer of the file, if it has several.
    columns : mapping, optional
        Names of the file's columns for ``region_id``, ``iso3`` and ``name``, where they are called otherwise. ``iso3`` may
        be absent in a study of one country.

    Returns
    -------
    GeoDataFrame, EPSG:4326
        Columns ``region_id, iso3, name, area_km2, geometry``, sorted by country and id.

    Raises
    ------
    DataError
        All that is wrong with the polygons at once: see `homeground.catalogue.polygons.read_polygons`; ids that are missing
        or repeat, regions of other countries than the study's or that lie outside their own, regions over each other.
    CatalogueError
        A country is not in the atlas.

    Examples
    --------
    >>> load_regions(["GMB"])["name"].tolist()[0]
    'Banjul'
    """
    regions = atlas.regions(countries) if path is None else _read_user_regions(path, countries)
    regions = regions.assign(area_km2=ellipsoid_area(regions))
    return regions[list(COLUMNS)].sort_values(["iso3", "region_id"], ignore_index=True)


def ellipsoid_area(regions: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Area of each polygon on the WGS 84 ellipsoid, its edges straight on the map of longitude and latitude, km2.

    Parameters
    ----------
    regions : GeoDataFrame, EPSG:4326

    Returns
    -------
    array, km2

    Notes
    -----
    Long edges are cut to pieces of a tenth of a degree: the shortest way on the globe between the ends of a border along a
    parallel is not that border, and misses up to half a per cent of a region's area. Rings count by what they enclose,
    however they are wound.

    Examples
    --------
    >>> import shapely
    >>> one = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:4326")
    >>> round(float(ellipsoid_area(one)[0]))
    12308
    """
    geod = Geod(ellps="WGS84")
    shapes = shapely.segmentize(shapely.orient_polygons(regions.geometry.to_numpy()), EDGE)
    return np.array([abs(geod.geometry_area_perimeter(shape)[0]) / 1e6 for shape in shapes])


def _read_user_regions(path: Path, countries: list[str]) -> gpd.GeoDataFrame:
    try:
        read = gpd.read_parquet if path.suffix == ".parquet" else gpd.read_file
        regions = read(path)
    except Exception as error:  # readers raise many kinds; the user needs one
        raise DataError(
            f"cannot read polygons from {path.name}: {error}. Give GeoPackage, GeoJSON or GeoParquet."
        ) from error
    problems = Problems(path.name)
    for column in ("region_id", "iso3", "name"):
        regions[column] = as_text(regions[column])
        if lacking := int(regions[column].isna().sum()):
            first = int(regions[column].isna().to_numpy().argmax()) + 1
            problems.add(f"{columns[column]} is missing in {lacking} region(s), first in number {first}. Fill it in.")
    doubled = regions.loc[regions["region_id"].duplicated() & regions["region_id"].notna(), "region_id"].unique()
    if len(doubled):
        problems.add(f"{columns['region_id']} is not unique: {', '.join(doubled[:5])}. Give each region its own.")
    if outside := sorted(set(regions["iso3"].dropna()) - set(countries)):
        problems.add(
            f"has regions of {', '.join(outside)}, which the study does not name ({', '.join(countries)}).{_near(outside)} "
            "Add the country or drop them."
        )
    problems.raise_if_any(DataError)
    if pairs := overlaps(regions, regions["region_id"].astype(str).tolist()):
        problems.add(
            f"regions lie over each other: {'; '.join(pairs[:5])}{'; ...' if len(pairs) > 5 else ''}. Their land and people "
            "would count twice. Keep one level of regions, or cut them apart (in QGIS: Difference)."
        )
    problems.extend(_outside_country(regions))
    problems.raise_if_any(DataError)
    return regions.assign(**{c: regions[c].astype(str) for c in ("region_id", "iso3", "name")})


def _overlaps(regions: gpd.GeoDataFrame) -> list[str]:
    """Pairs of regions that share more than slivers along a border."""
    shapes, ids = regions.geometry.to_numpy(), regions["region_id"].astype(str).tolist()
    one, other = regions.sindex.query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    least = np.minimum(shapely.area(shapes[one]), shapely.area(shapes[other]))
    share = np.divide(shared, least, out=np.zeros_like(shared), where=least > 0)
    return [
        f"{ids[a]} and {ids[b]} ({100 * part:.0f} % of the smaller)"
        for a, b, part in zip(one, other, share, strict=True)
        if part > SLIVERS
    ]
