# SPDX-License-Identifier: Apache-2.0
"""The only owner of ``region_id, iso3, name, area_km2, geometry``: regions of the atlas or of the user."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from homeground.catalogue import atlas
from homeground.errors import DataError, Problems

COVERED = 99.0  # per cent of the area; where a series covers less, it is said
SLIVERS = 0.01  # of the smaller region; borders drawn twice hardly ever fall together
COLUMNS = ("region_id", "iso3", "name", "area_km2", "geometry")


def load_regions(countries: list[str], path: Path | None = None) -> gpd.GeoDataFrame:
    """The regions of a study, with their areas on the ellipsoid.

    Parameters
    ----------
    countries : list of str
        ISO 3166-1 alpha-3 codes (Kosovo: XKX).
    path : Path, optional
        A user's polygons with columns ``region_id``, ``iso3`` and ``name``; left out, the atlas's first-order units.

    Returns
    -------
    GeoDataFrame, EPSG:4326
        Columns ``region_id, iso3, name, area_km2, geometry``, sorted by country and id.

    Raises
    ------
    DataError
        The polygons lack a column or a coordinate system, ids repeat, regions lie over each other, or a shape is empty.
    CatalogueError
        A country is not in the atlas.

    Examples
    --------
    >>> niger = load_regions(["NER"])
    >>> len(niger), list(niger.columns)
    (8, ['region_id', 'iso3', 'name', 'area_km2', 'geometry'])
    """
    regions = atlas.regions(countries) if path is None else _read_user_regions(path, countries)
    regions = regions.assign(area_km2=ellipsoid_area(regions))
    return regions[list(COLUMNS)].sort_values(["iso3", "region_id"], ignore_index=True)


def ellipsoid_area(regions: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Area of each polygon on the WGS 84 ellipsoid (geodesic edges), km2.

    Parameters
    ----------
    regions : GeoDataFrame, EPSG:4326
        Polygons in degrees. All outer rings of a region run one way round and its holes the other: the areas of rings
        are added with their sign.

    Returns
    -------
    array, shape (regions,), km2
        Holes are taken off.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Polygon
    >>> eighth = Polygon([(0, 0), (90, 0), (0, 90)])  # from the equator to the pole: an eighth of the globe
    >>> area = ellipsoid_area(gpd.GeoDataFrame(geometry=[eighth], crs="EPSG:4326"))
    >>> round(float(8 * area[0] / 1e6), 3)  # million km2
    510.066
    """
    geod = Geod(ellps="WGS84")
    return np.array([abs(geod.geometry_area_perimeter(shape)[0]) / 1e6 for shape in regions.geometry])


def _read_user_regions(path: Path, countries: list[str]) -> gpd.GeoDataFrame:
    try:
        read = gpd.read_parquet if path.suffix == ".parquet" else gpd.read_file
        regions = read(path)
    except Exception as error:  # readers raise many kinds; the user needs one
        raise DataError(
            f"cannot read polygons from {path.name}: {error}. Give GeoPackage, GeoJSON or GeoParquet."
        ) from error
    problems = Problems(path.name)
    missing = [c for c in ("region_id", "iso3", "name") if c not in regions.columns]
    if missing:
        problems.add(
            f"lacks the column(s) {', '.join(missing)}; it has {', '.join(map(str, regions.columns))}. Add them."
        )
    if regions.crs is None or regions.crs.to_epsg() != 4326:
        problems.add(
            f"is in {regions.crs.name if regions.crs else 'no coordinate system'}, EPSG:4326 (WGS 84) was expected. "
            "Reproject it (in QGIS: Export, Save Features As, EPSG:4326)."
        )
    if not missing:
        doubled = regions.loc[regions["region_id"].duplicated(), "region_id"].astype(str).unique()
        if len(doubled):
            problems.add(f"region_id is not unique: {', '.join(doubled[:5])}. Give each region its own.")
        outside = sorted(set(regions["iso3"].astype(str)) - set(countries))
        if outside:
            problems.add(
                f"has regions of {', '.join(outside)}, which the study does not name. Add the country or drop them."
            )
    bad = int((regions.geometry.is_empty | regions.geometry.isna()).sum())
    if bad:
        problems.add(f"has {bad} region(s) without a shape. Draw or drop them.")
    problems.raise_if_any(DataError)
    regions = regions.set_geometry(regions.geometry.make_valid())
    if pairs := _overlaps(regions):
        problems.add(
            f"regions lie over each other: {'; '.join(pairs[:5])}{'; ...' if len(pairs) > 5 else ''}. Their land and people "
            "would count twice. Keep one level of regions, or cut them apart (in QGIS: Difference)."
        )
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
