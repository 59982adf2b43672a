# SPDX-License-Identifier: Apache-2.0
"""The tables of the embedded atlas: cities, population by age and sex, and the national profile."""

from __future__ import annotations

import gzip
import html
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
NEAR_KM = 20.0

# indicator, section, field, entry (None: every entry that ends in a year), unit
PROFILE: list[tuple[str, str, str, str | None, str]] = [
    ("population_total", "People and Society", "Population", "total", "persons"),
    ("net_migration_rate", "People and Society", "Net migration rate", "text", "per 1000 persons"),
    ("median_age", "People and Society", "Median age", "total", "years"),
    ("urban_share", "People and Society", "Urbanization", "urban population", "% of population"),
    ("remittances_share", "Economy", "Remittances", None, "% of GDP"),
    ("youth_unemployment", "Economy", "Youth unemployment rate (ages 15-24)", "total", "% of labour force 15-24"),
    ("youth_unemployment_male", "Economy", "Youth unemployment rate (ages 15-24)", "male", "% of labour force 15-24"),
    ("youth_unemployment_female", "Economy", "Youth unemployment rate (ages 15-24)", "female",
     "% of labour force 15-24"),
    ("agriculture_share", "Economy", "GDP - composition, by sector of origin", "agriculture", "% of GDP"),
    ("poverty_share", "Economy", "Population below poverty line", "text", "% of population"),
    ("gdp_per_capita", "Economy", "Real GDP per capita", None, "USD of {dollars}, purchasing power parity"),
    ("agricultural_land_share", "Geography", "Land use", "agricultural land", "% of land area"),
    ("irrigated_land", "Geography", "Irrigated land", "text", "km2"),
    ("area_total", "Geography", "Area", "total", "km2"),
    ("area_land", "Geography", "Area", "land", "km2"),
]  # fmt: skip
EDITION = 2025  # areas carry no year; the newest estimates of the packaged edition are of 2025
NUMBER = re.compile(r"(?P<sign>-?)\$?(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<million> million)?")
YEAR = re.compile(r"\((?P<year>(?:19|20)\d\d)(?: est\.)?\)")


# Countries of the shipped studies: all their places. Elsewhere only large ones, and the largest of a region without.
IN_FULL = [
    "ALB", "BFA", "BIH", "DJI", "ERI", "ETH", "GHA", "GMB", "KAZ", "KGZ", "MKD", "MLI", "MNE",
    "MRT", "NER", "NGA", "SDN", "SEN", "SOM", "SRB", "TCD", "TJK", "TKM", "UZB", "XKX",
]  # fmt: skip
LARGE = 15_000


def cities(data: bytes, iso3_of: dict[str, str], regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Places with the region they lie in, or the nearest of their country within 20 km."""
    rows = [
        (int(city["geonameid"]), city["name"], iso3_of[city["countrycode"]], round(city["latitude"], 5),
         round(city["longitude"], 5), int(city["population"]), city["admin1code"])
        for city in json.loads(data).values()
        if city["countrycode"] in iso3_of
    ]  # fmt: skip
    columns = ["geoname_id", "name", "iso3", "latitude", "longitude", "population", "admin1_code"]
    places = pd.DataFrame(rows, columns=columns).sort_values(["iso3", "geoname_id"]).reset_index(drop=True)
    places["region_id"] = ""
    for iso3, own in places.groupby("iso3"):
        units = regions[regions["iso3"] == iso3].reset_index(drop=True)
        shapes, ids = units.geometry.to_numpy(), units["region_id"].to_numpy()
        points = shapely.points(own["longitude"], own["latitude"])
        nearest = shapely.STRtree(shapes).nearest(points)
        lines = shapely.shortest_line(shapes[nearest], points)
        near = np.array([GEOD.geometry_length(line) / 1000 <= NEAR_KM for line in lines])
        places.loc[own.index, "region_id"] = np.where(near, ids[nearest], "")
    first = (
        places.sort_values("population", ascending=False).drop_duplicates("region_id").query("region_id != ''").index
    )
    kept = places["iso3"].isin(IN_FULL) | (places["population"] >= LARGE)
    large = set(places.loc[kept, "region_id"])
    kept |= places.index.isin(first) & ~places["region_id"].isin(large)
    return places[kept].reset_index(drop=True)


def population(data: bytes, iso3_of: dict[int, str]) -> pd.DataFrame:
    """Persons by country, sex, five-year age group and year, medium variant, on 1 July."""
    table = pd.read_csv(io.BytesIO(gzip.decompress(data)))
    table = table[table["LocID"].isin(list(iso3_of))]
    tidy = pd.DataFrame(
        {
            "iso3": table["LocID"].map(iso3_of),
            "year": table["Year"].astype("int16"),
            "sex": table["Sex"].str.lower(),
            "age_group": table["AgeGrp"],
            "age_start": table["AgeGrpStart"].astype("int16"),
            "persons": table["Value"].astype("int64"),
        }
    )
    if (
        tidy.duplicated(["iso3", "year", "sex", "age_start"]).any()
        or (tidy.groupby("iso3").size() != 31 * 2 * 21).any()
    ):
        raise ValueError("population: 31 years x 2 sexes x 21 age groups were expected for each country, once")
    return tidy.sort_values(["iso3", "year", "sex", "age_start"]).reset_index(drop=True)


def plain(text: str) -> str:
    """Published text without tags and entities."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text))).strip()


def number(text: str) -> float:
    """The first number of a published text: "1.284 million sq km", "-11.37 migrant(s)/...", "$2,500 (2024 est.)"."""
    found = NUMBER.search(text)
    if found is None:
        raise ValueError(f"no number in {text!r}")
    value = float(found["digits"].replace(",", "")) * (1e6 if found["million"] else 1.0)
    return round(-value if found["sign"] else value, 6)


def _entries(field: dict[str, Any], entry: str | None) -> Iterator[str]:
    field = {key.strip(): value for key, value in field.items()}  # one key is "total " with a space
    if entry is None:
        yield from (value["text"] for key, value in field.items() if re.search(r" (19|20)\d\d$", key))
    elif entry in field:
        yield field[entry] if isinstance(field[entry], str) else field[entry]["text"]


def _caution(indicator: str, text: str, value: float, field: dict[str, Any]) -> str:
    """What a reader must know of one figure beyond its unit."""
    said = plain(field.get("note", "") if isinstance(field.get("note", ""), str) else "").removeprefix("note: ")
    notes = [said] if said and indicator in {"poverty_share", "urban_share"} else []
    if indicator.startswith("area_"):
        notes.append(f"undated; year is that of the edition{'; ' + said if said else ''}")
    if indicator in {"remittances_share", "net_migration_rate"} and value == 0:
        notes.append("published as 0: may mean not recorded")
    if indicator == "median_age" and {"male", "female"} <= set(field):
        by_sex = [number(field[sex]["text"]) for sex in ("male", "female")]
        if not min(by_sex) <= value <= max(by_sex):
            notes.append(f"inconsistent as published: male {by_sex[0]}, female {by_sex[1]}")
    if "est." not in text and YEAR.search(text):
        notes.append("not marked as an estimate")
    return "; ".join(notes)


def profile(read_country: Callable[[str], bytes], gec_of: dict[str, str], row: dict[str, str]) -> pd.DataFrame:
    """The national figures, tidy; what is not published, says NA, or has no number or year, has no row."""
    rows: list[tuple[object, ...]] = []
    left_out: list[str] = []
    for iso3, gec in gec_of.items():
        country = json.loads(read_country(gec))
        for indicator, section, name, entry, unit in PROFILE:
            field = country.get(section, {}).get(name)
            for text in map(plain, _entries(field, entry)) if field else ():
                year = YEAR.search(text)
                undated = year is None and not indicator.startswith("area_")
                if text.startswith("NA") or undated or NUMBER.search(YEAR.sub("", text)) is None:
                    left_out.append(f"{iso3} {indicator}: {text[:60]}")
                    continue
                value = number(YEAR.sub("", text))
                note = _caution(indicator, text, value, field)
                dollars = re.search(r"data in (\d{4}) dollars", plain(str(field.get("note", ""))))
                if "{dollars}" in unit and dollars is None:
                    left_out.append(f"{iso3} {indicator}: the year of the dollars is not stated")
                    continue
                stated = unit.format(dollars=dollars[1]) if dollars else unit
                rows.append((iso3, int(year["year"]) if year else EDITION, indicator, value, stated,
                             f"CIA World Factbook, {name}", row["licence"], row["kind"], note))  # fmt: skip
    print(f"{len(left_out)} entries without a number or a year have no row", *left_out, sep="\n  ")
    columns = ["iso3", "year", "indicator", "value", "unit", "source", "licence", "kind", "note"]
    table = pd.DataFrame(rows, columns=columns)
    if table.duplicated(["iso3", "year", "indicator"]).any():
        raise ValueError("profile: a figure stands twice for one country and year")
    return table.sort_values(["iso3", "indicator", "year"]).reset_index(drop=True)
