# SPDX-License-Identifier: Apache-2.0
"""People of 2020 in the regions of the atlas, from units of another set of borders: which units are which regions.

The package holds for each unit its name, centre, area and people, and no border. Where one set of regions is finer, or
both were cut anew, several of them stand for one another: a row of the table is the smallest group of regions that
has the area of its units. So no person is put into a region by guess; inside a group they are modelled.
"""

from __future__ import annotations

import difflib
import io
import json
import re
import unicodedata
from typing import Any

import geopandas as gpd
import h5py
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
# Areas are the same when they differ by less than this share (that of one unit of the region's name), or these km2.
SHARE, NAMED_SHARE, SMALL_KM2 = 0.12, 0.25, 400.0
ALIKE, NAME_KM, SEA_KM = 0.78, 150.0, 50.0  # names; how far from its region a unit of that name, or any, may lie
FINER = 1.5  # so many regions for a unit, and the map's own groups of regions are taken first
WORDS = frozenset(
    ["area", "autonomous", "county", "departement", "department", "district", "division", "governorate", "municipality", "oblast", "oblysy", "of", "okrug", "prefecture", "province", "region", "state", "the", "velayat", "ville", "viloyati", "wilaya", "wilayah"]
)  # fmt: skip
BORDERS = {"unocha": "UNOCHA COD-AB", "geoboundaries": "geoBoundaries CGAZ 6.0.0"}


def table(nodes: bytes, admin1: bytes, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """The table of the atlas from the units of one package and the borders of another."""
    parts = parts_of(admin1)
    return region_people(read_units(nodes), regions.assign(part=regions["region_id"].map(parts).fillna("")))


def plain(name: str) -> str:
    """A name without accents, case, signs and words such as "province".

    Examples
    --------
    >>> plain("Région de Tillabéri"), plain("N'DJAMENA")
    ('de tillaberi', 'n djamena')
    """
    letters = unicodedata.normalize("NFKD", name)
    words = re.sub(r"[^a-z0-9 ]", " ", "".join(c for c in letters if not unicodedata.combining(c)).lower()).split()
    return " ".join(word for word in words if word not in WORDS) or " ".join(words)


def read_units(data: bytes) -> pd.DataFrame:
    """First-level units: iso3, name, pcode, lat, lon, area_km2, population, source."""
    with h5py.File(io.BytesIO(data)) as file:
        tables = [pd.DataFrame({n: file[key][n] for n in file[key].dtype.names}) for key in file]
    table = pd.concat(tables, ignore_index=True)
    for column in ("iso3", "name", "pcode", "source"):
        table[column] = [text.decode() if isinstance(text, bytes) else str(text) for text in table[column]]
    return table[(table["level"] == 1) & (table["population"] > 0)].reset_index(drop=True)


def parts_of(admin1: bytes) -> dict[str, str]:
    """The map's own larger region of each of its units, by its code of ISO 3166-2 and by the map's own."""
    found: dict[str, str] = {}
    for feature in json.loads(admin1)["features"]:
        own = feature["properties"]
        found |= dict.fromkeys((own["adm1_code"], own["iso_3166_2"]), own.get("region") or "")
    return found


def region_people(units: pd.DataFrame, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """People of each smallest group of regions that has the area of its units.

    Parameters
    ----------
    units : DataFrame
        Of `read_units`.
    regions : GeoDataFrame, columns region_id, iso3, name, part, geometry
        Of the atlas; ``part`` is the map's own larger region, empty where it has none.

    Returns
    -------
    DataFrame
        iso3, regions (ids of the group, a space between them), persons (2020), units (their names, or how many), area_off
        (by how many per cent the area of the units is more than that of the regions), borders (whose they are).
    """
    rows: list[dict[str, Any]] = []
    for iso3, own in regions.groupby("iso3"):
        of = units[units["iso3"] == iso3].reset_index(drop=True)
        if of.empty or len(own) < 2:
            continue
        here = own.reset_index(drop=True)
        groups = _groups(of, here)
        if len(groups) < 2:
            print(f"{iso3}: {len(of)} units and {len(here)} regions have no parts in common")
            continue
        for members, parts in groups:
            area = here["km2"][members].sum()
            names = ", ".join(of["name"][parts])
            shown = names if len(names) < 80 else f"{len(parts)} units"
            rows.append(
                {
                    "iso3": iso3,
                    "regions": " ".join(sorted(here["region_id"][members])),
                    "persons": round(of["population"][parts].sum()),
                    "units": shown,
                    "area_off": round(100 * (of["area_km2"][parts].sum() / area - 1)),
                    "borders": BORDERS[of["source"].iloc[0]],
                }
            )
    return pd.DataFrame(rows)


def _groups(units: pd.DataFrame, regions: gpd.GeoDataFrame) -> list[tuple[list[int], list[int]]]:
    """Groups of rows of regions with the rows of units that have their area."""
    regions["km2"] = [abs(GEOD.geometry_area_perimeter(one)[0]) / 1e6 for one in regions.geometry]
    block = regions.index.to_numpy().copy()
    if len(regions) > FINER * len(units):
        for _, rows in regions[regions["part"] != ""].groupby("part"):
            block[rows.index] = rows.index[0]
    found = [np.flatnonzero(block == k).tolist() for k in dict.fromkeys(block.tolist())]
    home = _homes(units, regions, found)
    groups = [(members, np.flatnonzero(home == k).tolist()) for k, members in enumerate(found)]
    while len(groups) > 1:
        wrong = [k for k, group in enumerate(groups) if not _same(units, regions, *group)]
        if not wrong:
            break
        groups = _joined(units, regions, groups, wrong)
    return groups


def _homes(units: pd.DataFrame, regions: gpd.GeoDataFrame, blocks: list[list[int]]) -> np.ndarray[Any, Any]:
    """Block of each unit: the one of its name if it lies near, else the one that holds its centre, else the nearest."""
    shapes = [shapely.union_all(regions.geometry.to_numpy()[members]) for members in blocks]
    names = [str(regions["name" if len(members) == 1 else "part"][members[0]]) for members in blocks]
    home = np.full(len(units), -1)
    named: dict[int, list[int]] = {}
    for k, (name, lon, lat) in enumerate(zip(units["name"], units["lon"], units["lat"], strict=True)):
        point = shapely.Point(lon, lat)
        far = [GEOD.geometry_length(shapely.shortest_line(shape, point)) / 1000 for shape in shapes]
        alike = [_alike(name, other) for other in names]
        best = int(np.argmax([a if d < NAME_KM else 0.0 for a, d in zip(alike, far, strict=True)]))
        nearest = int(np.argmin(far))
        home[k] = nearest if far[nearest] < SEA_KM else -1
        if alike[best] >= ALIKE and far[best] < NAME_KM:
            named.setdefault(best, []).append(k)
    for block, claims in named.items():  # a town and its province may share a name: that of like area has it
        off = np.abs(np.log(units["area_km2"][claims] / regions["km2"][blocks[block]].sum()))
        home[claims[int(np.argmin(off))]] = block
    return home


def _same(units: pd.DataFrame, regions: gpd.GeoDataFrame, members: list[int], parts: list[int]) -> bool:
    """Whether units and regions have the same area; one of the same name, or a town, may have wider or narrower limits."""
    if not parts:
        return False
    theirs, ours = units["area_km2"][parts].sum(), regions["km2"][members].sum()
    one = len(members) == len(parts) == 1
    named = one and _alike(units["name"][parts[0]], regions["name"][members[0]]) >= ALIKE
    share = NAMED_SHARE if named else SHARE
    return bool(abs(theirs - ours) < max(share * ours, min(SMALL_KM2, 4 * ours)))


def _alike(one: str, other: str) -> float:
    """How like two names are, 0 to 1; one whose words are all in the other, such as Gambela Peoples, is like enough."""
    one, other = plain(one), plain(other)
    within = set(one.split()) <= set(other.split()) or set(other.split()) <= set(one.split())
    return max(difflib.SequenceMatcher(None, one, other).ratio(), ALIKE if within else 0.0)


def _joined(
    units: pd.DataFrame, regions: gpd.GeoDataFrame, groups: list[tuple[list[int], list[int]]], wrong: list[int]
) -> list[tuple[list[int], list[int]]]:
    """The group that differs most from its units is put together with the neighbour that mends it best."""

    def excess(members: list[int], parts: list[int]) -> float:
        return float(units["area_km2"][parts].sum() - regions["km2"][members].sum())

    first = max(wrong, key=lambda k: abs(excess(*groups[k])))
    shape = shapely.union_all(regions.geometry.to_numpy()[groups[first][0]])
    near = [
        k for k in range(len(groups))
        if k != first and shape.distance(shapely.union_all(regions.geometry.to_numpy()[groups[k][0]])) < 0.05
    ]  # fmt: skip
    others = near or [k for k in range(len(groups)) if k != first]

    def left(k: int) -> tuple[bool, float]:
        both = (groups[first][0] + groups[k][0], groups[first][1] + groups[k][1])
        return not _same(units, regions, *both), abs(excess(*both)) / regions["km2"][both[0]].sum()

    best = min(others, key=left)
    merged = (groups[first][0] + groups[best][0], groups[first][1] + groups[best][1])
    return [*(group for k, group in enumerate(groups) if k not in (first, best)), merged]
