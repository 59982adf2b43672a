# SPDX-License-Identifier: Apache-2.0
"""The embedded atlas: real data of the countries and areas of the world, read without internet.

`layers.csv` says for every layer what it is: unit, period, kind, source, licence, caveat; `provenance.json` says which
package each file was cut from. None of the rasters is a series of years.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from homeground.catalogue import atlas_files
from homeground.catalogue.atlas.outlines import read_outlines
from homeground.catalogue.atlas.rasters import layer
from homeground.catalogue.atlas_files import path
from homeground.catalogue.grids.antimeridian import brought_together

__all__ = [
    "cities",
    "countries",
    "country_names",
    "layer",
    "layers",
    "neighbours",
    "path",
    "population",
    "profile",
    "region_people",
    "regions",
]


def _text(file: str) -> pd.DataFrame:
    # keep_default_na=False: the ISO code NA is Namibia, an empty cell is an empty text.
    return pd.read_csv(atlas_files.path(file), dtype="str", keep_default_na=False)


def layers() -> pd.DataFrame:
    """What each layer is: unit, scale, period, kind, source, licence, citation, package, caveat (all text).

    Returns
    -------
    DataFrame
        Rows of ``layers.csv``, one for each layer.

    Examples
    --------
    >>> layers().set_index("layer").loc["cover", "period"]
    '2019'
    """
    return _text("layers.csv")


def countries() -> pd.DataFrame:
    """Codes and UN short names of the study countries in six languages (all text, codes keep their zeros).

    Returns
    -------
    DataFrame
        iso3, m49, iso2, gec (codes), name_en, name_fr, name_es, name_ru, name_zh, name_ar, note_key, source, note.

    Examples
    --------
    >>> countries().set_index("iso3").loc["TCD", ["m49", "name_en", "name_fr"]].tolist()
    ['148', 'Chad', 'Tchad']
    """
    return _text("countries.csv")


def country_names(code: str) -> dict[str, str]:
    """Name of each country in one of the six languages, with the mark of its footnote.

    Parameters
    ----------
    code : str

    Returns
    -------
    dict of iso3 to name

    Examples
    --------
    >>> country_names("fr")["ERI"], country_names("en")["XKX"]
    ('Érythrée', 'Kosovo*')
    """
    table = atlas_files.rows("countries.csv")
    return {row["iso3"]: row[f"name_{code}"] + ("*" if row["note_key"] else "") for row in table}


def regions(iso3s: Iterable[str]) -> gpd.GeoDataFrame:
    """First-level administrative units of the countries, in EPSG:4326; boundaries imply no endorsement.

    Parameters
    ----------
    iso3s : iterable of str
        ISO 3166-1 alpha-3 codes (Kosovo: XKX), one at least.

    Returns
    -------
    GeoDataFrame
        region_id (ISO 3166-2 where it has one, see id_source), iso3, name and name_fr, name_es, name_ru, name_zh,
        name_ar, gn_a1_code (GeoNames, empty if none), id_source, note, geometry.

    Raises
    ------
    CatalogueError
        A country is not in the atlas.

    Examples
    --------
    >>> len(regions(["NER"]))
    8
    """
    wanted = atlas_files.require_known(iso3s)
    units = _units(atlas_files.path("regions.parquet"), tuple(sorted(wanted)))
    return units.copy(deep=False)


def neighbours(bounds: Sequence[float], iso3s: Iterable[str]) -> gpd.GeoDataFrame:
    """Units of all other countries that meet a box.

    Parameters
    ----------
    bounds : (west, south, east, north), degrees
        Longitudes may run beyond 180 degrees or -180.
    iso3s : iterable of str
        Countries that are left out.

    Returns
    -------
    GeoDataFrame
        As of `regions`, moved by whole turns to where the box is.

    Examples
    --------
    >>> sorted(set(neighbours((0.0, 12.0, 4.0, 14.0), ["NER"])["iso3"]))
    ['BEN', 'BFA', 'NGA']
    """
    left_out = set(iso3s)
    units = read_outlines(atlas_files.path("regions.parquet"))
    units = units[~units["iso3"].isin(left_out)]
    found = []
    for turn in (-360.0, 0.0, 360.0):
        box = shapely.box(bounds[0] - turn, *bounds[1:2], bounds[2] - turn, bounds[3])
        near = units[units.intersects(box)]
        found.append(near if turn == 0 else near.set_geometry(near.translate(turn)))
    return pd.concat(found, ignore_index=True)


@lru_cache(maxsize=4)  # ten steps of a run ask for the same
def _units(file: Path, wanted: tuple[str, ...]) -> gpd.GeoDataFrame:
    units = read_outlines(file, wanted)
    return units.set_geometry(brought_together(units.geometry.to_numpy()), crs=units.crs)


def _table(file: str, iso3s: Iterable[str]) -> pd.DataFrame:
    wanted = atlas_files.require_known(iso3s)
    table = pd.read_parquet(atlas_files.path(file))
    return table[table["iso3"].isin(wanted)].reset_index(drop=True)


def cities(iso3s: Iterable[str]) -> pd.DataFrame:
    """Places of 1000 people or more with position, population (0 or dated for many: weights only) and region_id.

    Parameters
    ----------
    iso3s : iterable of str
        ISO 3166-1 alpha-3 codes (Kosovo: XKX), one at least.

    Returns
    -------
    DataFrame
        geoname_id, name, iso3, latitude and longitude (degrees), population (persons), admin1_code (GeoNames),
        region_id.

    Raises
    ------
    CatalogueError
        A country is not in the atlas.

    Examples
    --------
    >>> cities(["NER"]).set_index("name").loc["Niamey", ["latitude", "longitude"]].astype(float).round(1).tolist()
    [13.5, 2.1]
    """
    return _table("cities.parquet", iso3s)


def population(iso3s: Iterable[str]) -> pd.DataFrame:
    """People by country, sex, five-year age group and year from 1950 to 2100 (UN World Population Prospects).

    Parameters
    ----------
    iso3s : iterable of str
        ISO 3166-1 alpha-3 codes (Kosovo: XKX), one at least.

    Returns
    -------
    DataFrame
        iso3, year (each fifth), sex (female, male), age_group, age_start (years), persons.

    Raises
    ------
    CatalogueError
        A country is not in the atlas.

    Examples
    --------
    >>> people = population(["NER"])
    >>> int(people["year"].min()), int(people["year"].max()), people["age_group"].iloc[0]
    (1950, 2100, '0-4')
    """
    return _table("population.parquet", iso3s)


def region_people(iso3s: Iterable[str]) -> pd.DataFrame:
    """People of 2020 in regions, or in the smallest groups of regions, as WorldPop modelled them.

    Parameters
    ----------
    iso3s : iterable of str
        ISO 3166-1 alpha-3 codes (Kosovo: XKX), one at least.

    Returns
    -------
    DataFrame, a row for each region that is in a group
        iso3, region_id, group (ids of its regions), persons (of the whole group, the same in each of its rows). Without rows
        of countries that the source lacks, or whose units could not be matched to regions.

    Raises
    ------
    CatalogueError
        A country is not in the atlas.

    Examples
    --------
    >>> region_people(["NER"]).set_index("region_id").loc["NE-1", "persons"] < 1_000_000
    np.True_
    """
    wanted = atlas_files.require_known(iso3s)
    table = _text("region_people.csv")
    table = table[table["iso3"].isin(wanted)]
    rows = table.assign(region_id=table["regions"].str.split(), persons=table["persons"].astype("int64"))
    named = rows.explode("region_id").rename(columns={"regions": "group"})
    return named[["iso3", "region_id", "group", "persons"]].reset_index(drop=True)


def profile(iso3s: Iterable[str]) -> pd.DataFrame:
    """National figures as published, one row per country, year and indicator, each with unit, source and licence.

    Parameters
    ----------
    iso3s : iterable of str
        ISO 3166-1 alpha-3 codes (Kosovo: XKX), one at least.

    Returns
    -------
    DataFrame
        iso3, year, indicator, value, unit (of the value), source, licence, kind, note.

    Raises
    ------
    CatalogueError
        A country is not in the atlas.

    Examples
    --------
    >>> figures = profile(["NER"]).set_index("indicator")
    >>> float(figures.value["area_total"]), figures.unit["area_total"], figures.kind["area_total"]
    (1267000.0, 'km2', 'published')
    """
    wanted = atlas_files.require_known(iso3s)
    table = _text("profile.csv")
    table = table[table["iso3"].isin(wanted)].reset_index(drop=True)
    return table.assign(year=table["year"].astype("int64"), value=table["value"].astype("float64"))
