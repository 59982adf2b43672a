# SPDX-License-Identifier: Apache-2.0
"""The only owner of ``region_id, iso3, name, area_km2, geometry``: regions of the atlas or of the user."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod

from homeground.catalogue import atlas, atlas_files
from homeground.catalogue.grids.antimeridian import HALF, brought_together
from homeground.catalogue.polygons import as_text, overlaps, read_polygons
from homeground.errors import DataError, Problems

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from homeground.study.model import Study

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
    if path is None:
        regions = atlas.regions(countries)
        area = _embedded_area(tuple(countries))
    else:
        regions = _read_user_regions(path, countries, layer, dict(columns or {}))
        regions = regions.set_geometry(brought_together(regions.geometry.to_numpy()), crs=regions.crs)
        area = ellipsoid_area(regions)
    regions = regions.assign(area_km2=area)
    return regions[list(COLUMNS)].sort_values(["iso3", "region_id"], ignore_index=True)


@lru_cache(maxsize=8)  # ten steps of a run ask for the same
def _embedded_area(countries: tuple[str, ...]) -> NDArray[np.float64]:
    area = ellipsoid_area(atlas.regions(countries))
    area.setflags(write=False)
    return area


def study_regions(study: Study) -> gpd.GeoDataFrame:
    """The regions of a study: the atlas's, or those of the file that it names with the columns that it names.

    Parameters
    ----------
    study : Study

    Returns
    -------
    GeoDataFrame, EPSG:4326
        As of `load_regions`.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> len(study_regions(open_study("great-green-wall")))
    188
    """
    given = study.data.regions
    if given is None:
        return load_regions(study.countries)
    columns = {"region_id": given.id, "iso3": given.iso3, "name": given.name}
    return load_regions(study.countries, study.input("regions"), layer=given.layer, columns=columns)


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


def _read_user_regions(
    path: Path, countries: list[str], layer: str | None, columns: dict[str, str]
) -> gpd.GeoDataFrame:
    columns = {"region_id": "region_id", "iso3": "iso3", "name": "name"} | columns
    regions = read_polygons(path, layer=layer, columns=columns, optional=("iso3",) if len(countries) == 1 else ())
    if "iso3" not in regions:
        regions = regions.assign(iso3=countries[0])
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
    elif without := [code for code in countries if code not in set(regions["iso3"])]:
        problems.add(
            f"has no region of {', '.join(without)}, which the study names. Add its regions or drop the country."
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


def _near(codes: list[str]) -> str:
    """What a code that is none may have been meant for: a country's name or a spelling of its code."""
    rows = [(row["iso3"], row["name_en"]) for row in atlas_files.rows("countries.csv")]
    words = {word.lower(): (code, name) for code, name in rows for word in (code, name)}
    found = [difflib.get_close_matches(code.strip().lower(), list(words), n=1, cutoff=0.7) for code in codes]
    meant = dict.fromkeys(words[one[0]] for one in found if one)
    return f" Did you mean {', '.join(f'{code} ({name})' for code, name in meant)}?" if meant else ""


def _outside_country(regions: gpd.GeoDataFrame) -> list[str]:
    """Regions that lie mostly outside the country they name: swapped coordinates, or another country's code."""
    known = sorted(set(regions["iso3"]) & {row["iso3"] for row in atlas_files.rows("countries.csv")})
    if not known:
        return []
    countries = atlas.regions(known).dissolve("iso3").geometry
    of_region = regions[regions["iso3"].isin(known)]
    own = shapely.make_valid(countries.reindex(of_region["iso3"]).to_numpy())
    shapes = of_region.geometry.to_numpy()
    turns = (0.0, 360.0, -360.0) if np.abs(shapely.total_bounds(own)[[0, 2]]).max() > HALF else (0.0,)
    moved = [shapely.transform(own, lambda xy, turn=turn: xy + np.array([turn, 0.0])) for turn in turns]
    inside = np.max([shapely.area(shapely.intersection(shapes, one)) for one in moved], axis=0) / shapely.area(shapes)
    far = of_region[inside < INSIDE].assign(share=100 * inside[inside < INSIDE])
    if far.empty:
        return []
    listed = "; ".join(f"{r.region_id} ({r.share:.0f} % of it in {r.iso3})" for r in far.head(5).itertuples())
    flipped = shapely.transform(far.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    swapped = shapely.intersects(flipped, own[inside < INSIDE]).all()
    hint = (
        " Latitude and longitude are swapped: write longitude first." if swapped else " Mend the shapes or their iso3."
    )
    return [f"{len(far)} region(s) lie outside their country: {listed}{'; ...' if len(far) > 5 else ''}.{hint}"]


def reconcile_areas(regions: gpd.GeoDataFrame, cells_km2: NDArray[np.float64], step: float) -> None:
    """Refuse a grid whose cells do not add up to the regions: a wrong coordinate system, axis or polygon shows here.

    Parameters
    ----------
    regions : GeoDataFrame
        With ``region_id`` and ``area_km2``.
    cells_km2 : array, km2
        Area of the cells, or parts of cells, that each region covers, with data or without.
    step : float
        Size of a cell, degrees.

    Raises
    ------
    DataError
        A region differs by more than half a per cent and by more than a thousandth of a cell; the first are named.

    Examples
    --------
    >>> import pandas as pd
    >>> reconcile_areas(pd.DataFrame({"region_id": ["a"], "area_km2": [1000.0]}), np.array([1004.0]), 0.05)
    """
    area = regions["area_km2"].to_numpy("float64")
    off = np.abs(cells_km2 - area)
    wrong = (off > RECONCILED * area) & (off > 1e-3 * (step * 111.0) ** 2)
    if wrong.any():
        rows = list(zip(regions["region_id"][wrong], area[wrong], cells_km2[wrong], strict=True))[:5]
        listed = "; ".join(f"{name}: {drawn:,.1f} km2 drawn, {cells:,.1f} in cells" for name, drawn, cells in rows)
        raise DataError(
            f"the grid does not add up to {int(wrong.sum())} region(s): {listed}. The polygons or the grid are not where "
            "they should be: look at both in QGIS; if they are right, please report it."
        )
