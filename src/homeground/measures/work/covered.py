# SPDX-License-Identifier: Apache-2.0
"""How much of each region polygons cover, and what that makes of access to it: of its whole area, not of one kind of land."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from homeground.errors import DataError, Problems
from homeground.measures.work.ranges import ENDS

EQUAL_AREA = "EPSG:6933"
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")


def is_table(path: Path) -> bool:
    """Whether a file that may hold a table or polygons is a table, by its ending.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool

    Examples
    --------
    >>> is_table(Path("access.csv")), is_table(Path("access.gpkg"))
    (True, False)
    """
    return path.suffix.lower() in TABLES


def shares_covered(polygons: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> pd.Series[float]:
    """Share of the area of each region that lies under some polygon.

    Parameters
    ----------
    polygons : GeoDataFrame
        In any coordinate system; where two lie over each other, their land counts once.
    regions : GeoDataFrame
        region_id and geometry.

    Returns
    -------
    Series, index region_id
        0 to 1.

    Examples
    --------
    >>> import shapely
    >>> regions = gpd.GeoDataFrame({"region_id": ["a"]}, geometry=[shapely.box(0, 10, 2, 11)], crs="EPSG:4326")
    >>> west = gpd.GeoDataFrame(geometry=[shapely.box(0, 10, 1, 11)], crs="EPSG:4326")
    >>> float(shares_covered(west, regions)["a"].round(6))
    0.5
    """
    shapes = regions.to_crs(EQUAL_AREA).geometry
    union = polygons.to_crs(EQUAL_AREA).union_all()
    whole = shapes.area
    shares = (shapes.intersection(union).area / whole).where(whole > 0, 0.0).clip(0.0, 1.0)
    return pd.Series(shares.to_numpy(float), index=pd.Index(regions["region_id"], name="region_id"))


def access_under(polygons: gpd.GeoDataFrame, regions: gpd.GeoDataFrame, *, name: str = "access") -> pd.DataFrame:
    """Access to each region from polygons of barred land: what they do not cover can be reached.

    Parameters
    ----------
    polygons : GeoDataFrame
        low, mid, high: chance from 0 to 1 that the land can be reached; without these columns nobody can. Where two lie over
        each other, the lower chance holds.
    regions : GeoDataFrame
        region_id and geometry.
    name : str
        What the polygons are called in errors.

    Returns
    -------
    DataFrame
        region_id, low, mid, high, as `homeground.measures.accessible` takes it.

    Raises
    ------
    DataError
        A chance is missing, not from 0 to 1, or out of order; only some of low, mid and high are given.

    Notes
    -----
    Access = 1 - sum over polygons of share covered x (1 - chance), lowest chances first, land counted once.

    Examples
    --------
    >>> import shapely
    >>> regions = gpd.GeoDataFrame({"region_id": ["a"]}, geometry=[shapely.box(0, 10, 2, 11)], crs="EPSG:4326")
    >>> west = gpd.GeoDataFrame(geometry=[shapely.box(0, 10, 1, 11)], crs="EPSG:4326")
    >>> access_under(west, regions).round(6).values.tolist()
    [['a', 0.5, 0.5, 0.5]]
    """
    given = [end for end in ENDS if end in polygons.columns]
    if given and len(given) < len(ENDS):
        raise DataError(f"{name}: low, mid and high were expected, or none of them; found {', '.join(given)} alone.")
    chances = polygons[list(ENDS)].apply(pd.to_numeric, errors="coerce") if given else None
    problems = Problems(name)
    if chances is not None:
        fit = (chances["low"] >= 0) & (chances["low"] <= chances["mid"]) & (chances["mid"] <= chances["high"])
        for row in chances.index[~(fit & (chances["high"] <= 1))]:
            problems.add(f"polygon {row + 1}: 0 <= low <= mid <= high <= 1 was expected.")
    problems.raise_if_any(DataError)
    out = pd.DataFrame({"region_id": regions["region_id"].to_numpy()})
    for end in ENDS:
        lost, before = 0.0, pd.Series(0.0, index=out["region_id"])
        values = pd.Series(0.0, index=polygons.index) if chances is None else chances[end]
        for chance in sorted(values.unique()):
            covered = shares_covered(polygons[values <= chance], regions)
            lost = lost + (covered - before) * (1 - chance)
            before = covered
        out[end] = (1 - pd.Series(lost, index=before.index)).clip(0.0, 1.0).to_numpy(float)
    return out
