# SPDX-License-Identifier: Apache-2.0
"""Admin-1 polygons of the study countries from Natural Earth, with the corrections written down, not hidden."""

from __future__ import annotations

import json
import re
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

LANGUAGES = ("fr", "es", "ru", "zh", "ar")
# Natural Earth's own country codes: Kosovo, Somaliland (part of Somalia in UN practice), the Baikonur lease.
TO_ISO3 = {"KOS": "XKX", "SOL": "SOM", "KAB": "KAZ"}

# What Natural Earth holds wrongly or twice, by adm1_code. Codes were compared with ISO 3166-2 one by one.
CORRECTIONS: dict[str, dict[str, str]] = {
    "SDN-5856": {"note": "Natural Earth gives SD-DS to South and East Darfur; kept for South Darfur."},
    "SDN-5857": {"iso_3166_2": "SD-DE", "note": "Natural Earth has SD-DS; SD-DE is East Darfur in ISO 3166-2."},
    "SDN-5859": {"iso_3166_2": "SD-DC", "note": "Natural Earth has SD-DE; SD-DC is Central Darfur in ISO 3166-2."},
    "SDN-882": {"note": "Includes Abyei, whose final status is not determined, and part of what is now West Kordofan."},
    "SDN-149": {"note": "Without the Halaib triangle (Natural Earth shows it with Egypt), with Bir Tawil."},
    "KAZ-3207": {"iso_3166_2": "KZ-ALM", "note": "Natural Earth has KZ-ALA, the city's code; KZ-ALM was the region's."},
    "KAZ-4829": {"name_fr": "Almaty (ville)"},
    "TJK-368": {
        "name": "Districts of Republican Subordination", "iso_3166_2": "TJ-RA",
        "note": "Natural Earth has no ISO code and the name Tadzhikistan Territories.",
    },
    "TJK-369": {
        "name": "Sughd", "name_fr": "Sughd", "name_es": "Sughd", "name_ru": "Согдийская область",
        "name_zh": "索格特州", "name_ar": "ولاية صغد",
        "note": "Natural Earth has Leninabad, the name until 2000, or that of the capital, Khujand.",
    },
    "TKM-353": {"name": "Dashoguz", "note": "Natural Earth has the older name Tashauz."},
    "TKM-359": {"name": "Lebap", "note": "Natural Earth has the older name Chardzhou."},
    "KAZ-4830": {
        "name_fr": "Astana", "name_es": "Astaná", "name_ru": "Астана", "name_zh": "阿斯塔纳", "name_ar": "أستانا",
        "note": "Natural Earth's translations say Nur-Sultan, the name from 2019 to 2022.",
    },
    "BIH-3153": {"iso_3166_2": "", "note": "Natural Earth has BA-SRP, the code of the Republika Srpska entity."},
    "SRB-833": {"name": "Rasinski", "note": "Natural Earth repeats Pomoravski; RS-19 is Rasinski okrug."},
    "UZB-4828": {
        "name": "Tashkent City", "name_fr": "Tachkent (ville)", "name_es": "Taskent (ciudad)",
        "note": "Natural Earth gives the city and the region one name; 'City' was added.",
    },
    "SOL+00?": {
        "id": "SOM-SOL",
        "note": "Somaliland, shown with Somalia as in UN practice; one polygon for five regions "
        "(SO-AW, SO-SA, SO-SO, SO-TO, SO-WO).",
    },
    "KAB+00?": {"id": "KAZ-KAB", "gn_a1_code": "KZ.08", "note": "Baikonur lease, territory of Kazakhstan."},
    "TCD-5579": {"note": "Ennedi before its division into Ennedi Est and Ennedi Ouest (2012)."},
    "MRT-2787": {"note": "Nouakchott before its division into three regions (2014)."},
    "GHA-2159": {"note": "Brong Ahafo before its division into three regions (2019)."},
    "ETH-3129": {"note": "Before Sidama (2020), South West Ethiopia (2021) and the later divisions."},
}  # fmt: skip
# Codes that ISO has since replaced; still the ones most published tables of the time carry.
WITHDRAWN = re.compile(r"KZ-|MK-|GH-BA|MR-NKC")
ISO_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")

GEOD = Geod(ellps="WGS84")


def read(admin1: bytes, countries: list[str]) -> gpd.GeoDataFrame:
    """Natural Earth's units of the study countries, corrected, with ids, names in six languages and valid polygons."""
    features = [
        feature for feature in json.loads(admin1)["features"]
        if TO_ISO3.get(feature["properties"]["adm0_a3"], feature["properties"]["adm0_a3"]) in countries
    ]  # fmt: skip
    units = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326").set_index("adm1_code")
    units["iso3"] = units["adm0_a3"].replace(TO_ISO3)
    units["note"], units["id"] = "", ""  # Natural Earth's own notes are dropped
    for code, changes in CORRECTIONS.items():
        for column, value in changes.items():
            units.loc[code, column] = value
    iso = units["iso_3166_2"]
    proper = iso.map(lambda text: ISO_CODE.fullmatch(text) is not None) & ~iso.duplicated(keep=False)
    # Not ISO: Natural Earth's adm1_code, which is iso3 and a number, with Kosovo's XKX for its KOS.
    own = units["id"].where(units["id"] != "", units.index.str.replace("KOS-", "XKX-"))
    units["region_id"] = iso.where(proper, own)
    withdrawn = iso.map(lambda text: WITHDRAWN.match(text) is not None)
    units["id_source"] = np.select(
        [proper & withdrawn, proper], ["ISO 3166-2, withdrawn", "ISO 3166-2"], "Natural Earth adm1_code"
    )
    code = units["gn_a1_code"].fillna("")
    units["gn_a1_code"] = code.where(code.str.fullmatch(r"[A-Z]{2}\.\w+"), "")
    names = [f"name_{language}" for language in LANGUAGES]
    columns = ["region_id", "iso3", "name", *names, "gn_a1_code", "id_source", "note"]
    units[columns] = units[columns].fillna("").astype("str")
    units["geometry"] = coverage(units.geometry.to_numpy())
    units = units.sort_values(["iso3", "region_id"]).reset_index(drop=True)
    if units["region_id"].duplicated().any():
        raise ValueError(f"region ids repeat: {units.loc[units['region_id'].duplicated(), 'region_id'].tolist()}")
    return units[[*columns, "geometry"]]


def coverage(geometry: Any) -> Any:
    """The polygons on a grid of 0.0001 degree: neighbours keep one border, since equal points round alike."""
    rounded = shapely.transform(geometry, lambda points: np.round(points, 4))
    return [unit if unit.is_valid else shapely.set_precision(shapely.make_valid(unit), 1e-4) for unit in rounded]


def area_km2(geometry: Any) -> float:
    """Area on the WGS84 ellipsoid."""
    return abs(float(GEOD.geometry_area_perimeter(geometry)[0])) / 1e6


def area_table(units: gpd.GeoDataFrame, official: pd.DataFrame) -> pd.DataFrame:
    """Area of each country's union beside its published total and land area (columns total, land), with differences."""
    union = units.dissolve("iso3").geometry.map(area_km2).round().rename("union")
    table = official.join(union)
    for column in ("total", "land"):
        table[f"{column} %"] = (100 * (table["union"] / table[column] - 1)).round(1)
    return table
