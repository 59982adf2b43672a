# SPDX-License-Identifier: Apache-2.0
"""Admin-1 polygons of the world from Natural Earth, with the corrections written down, not hidden.

What is known of a few units is written in `CORRECTIONS`; the others follow by rule: ISO 3166-2 where it stands once in a
country, else Natural Earth's own code; a name in Latin letters always, and no name twice in a country.
"""

from __future__ import annotations

import json
import re
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod
from tools.atlas_tables import IN_FULL

LANGUAGES = ("fr", "es", "ru", "zh", "ar")
# Natural Earth's own country codes, as UN practice shows them: Kosovo, Somaliland (part of Somalia), the Baikonur lease,
# the north of Cyprus and the bases on it, Guantanamo Bay, reefs of Australia.
TO_ISO3 = {"KOS": "XKX", "SOL": "SOM", "KAB": "KAZ", "ALD": "ALA", "PSX": "PSE", "SAH": "ESH", "SDS": "SSD", "CYN": "CYP",
           "ESB": "CYP", "WSB": "CYP", "USG": "CUB", "ATC": "AUS", "CSI": "AUS"}  # fmt: skip
# Units that M49 lists as areas of their own, or that belong to another country by UN practice, by adm1_code.
APART = {"FRA-2000": "GUF", "FRA-1442": "MTQ", "FRA-4603": "GLP", "FRA-4601": "REU", "FRA-4602": "MYT", "NOR-901": "SJM",
         "BVT+00?": "BVT", "NLD-5149": "BES", "NLD-5148": "BES", "NLD-5147": "BES", "IOA-1928": "CCK", "IOA-2652": "CXR",
         "RUS-283": "UKR", "RUS-5482": "UKR"}  # fmt: skip
# Natural Earth draws regions of Morocco over Western Sahara. Its border with Morocco is the parallel of 27 degrees 40 minutes.
WESTERN_SAHARA = shapely.box(-20.0, 20.0, -8.6666, 27 + 40 / 60)
SAHARAN = "The part of {name} that Natural Earth draws with Morocco; Non-Self-Governing Territory."
# No country: the Siachen Glacier, the Spratly Islands. Clipperton would draw France across an ocean. Antarctica has no data.
LEFT_OUT = ("KAS", "PGA", "CLP", "ATA")

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
    "CYN+00?": {"id": "CYP-CYN", "note": "Natural Earth shows the north of the island apart; shown with Cyprus, as in UN practice."},
    "ESB-5132": {"note": "Sovereign Base Area of the United Kingdom on the island; it has no code of its own."},
    "WSB-5133": {"note": "Sovereign Base Area of the United Kingdom on the island; it has no code of its own."},
    "USG+00?": {"id": "CUB-USG", "note": "Leased to the United States of America."},
    "RUS-283": {"note": "Shown with Ukraine (General Assembly resolution 68/262); Natural Earth has the Russian Federation."},
    "RUS-5482": {"note": "Shown with Ukraine (General Assembly resolution 68/262); Natural Earth has the Russian Federation."},
    "ISR-3056": {"note": "With the occupied Syrian Golan (Security Council resolution 497 (1981))."},
    "ISR-3058": {"note": "Natural Earth draws East Jerusalem here."},
    "CSI+00?": {"id": "AUS-CSI"},
    "ATC+00?": {"id": "AUS-ATC"},
    "PFA+00?": {"note": "Natural Earth draws these islands with China; others claim them."},
    "ETH-3129": {"note": "Before Sidama (2020), South West Ethiopia (2021) and the later divisions."},
}  # fmt: skip
# Codes that ISO has since replaced; still the ones most published tables of the time carry.
WITHDRAWN = re.compile(r"KZ-|MK-|GH-BA|MR-NKC")
ISO_CODE = re.compile(r"[A-Z]{2}-(?!X\d)[A-Z0-9]{1,3}")

SLIVER = 1e-3  # square degrees
FINE, COARSE = 10_000, 1_000  # grid points to a degree
GEOD = Geod(ellps="WGS84")


def read(admin1: bytes, names: dict[str, str]) -> gpd.GeoDataFrame:
    """Natural Earth's units of the countries in ``names``, corrected, with ids, names in six languages, valid polygons."""
    features = [one for one in json.loads(admin1)["features"] if one["properties"]["adm0_a3"] not in LEFT_OUT]
    units = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326").set_index("adm1_code")
    units["iso3"] = units.index.map(APART).to_series(units.index).fillna(units["adm0_a3"].replace(TO_ISO3))
    units = western_sahara(units)
    if strangers := set(units["iso3"]) ^ set(names):
        raise ValueError(f"countries of the table without polygons, or the other way about: {sorted(strangers)}")
    units["note"], units["id"] = "", ""  # Natural Earth's own notes are dropped
    sahara = units["iso3"].eq("ESH") & units.index.str.match(r"ESH-\d")
    units.loc[sahara, "note"] = [SAHARAN.format(name=name) for name in units.loc[sahara, "name"]]
    for code, changes in CORRECTIONS.items():
        for column, value in changes.items():
            units.loc[code, column] = value
    iso = units["iso_3166_2"].fillna("")
    proper = iso.map(lambda text: ISO_CODE.fullmatch(text) is not None) & ~iso.duplicated(keep=False)
    # Not ISO: Natural Earth's adm1_code, with the country's own code before its number.
    number = units.index.to_series().str[3:].str.replace(r"^\+(\d+)\?$", r"-X\1", regex=True)
    own = units["id"].where(units["id"] != "", units["iso3"] + number)
    units["region_id"] = iso.where(proper, own)
    withdrawn = iso.map(lambda text: WITHDRAWN.match(text) is not None)
    units["id_source"] = np.select(
        [proper & withdrawn, proper], ["ISO 3166-2, withdrawn", "ISO 3166-2"], "Natural Earth adm1_code"
    )
    code = units["gn_a1_code"].fillna("")
    units["gn_a1_code"] = code.where(code.str.fullmatch(r"[A-Z]{2}\.\w+"), "")
    units["name"] = one_name_each(units, names)
    translated = [f"name_{language}" for language in LANGUAGES]
    for column in translated:  # where Natural Earth has no translation, and where it has the bare name of two
        text = units[column].fillna("")
        units[column] = text.where(text != "", units["name"])
    columns = ["region_id", "iso3", "name", *translated, "gn_a1_code", "id_source", "note"]
    units[columns] = units[columns].fillna("").astype("str")
    units["geometry"] = coverage(units)
    units = units.sort_values(["iso3", "region_id"]).reset_index(drop=True)
    if units["region_id"].duplicated().any():
        raise ValueError(f"region ids repeat: {units.loc[units['region_id'].duplicated(), 'region_id'].tolist()}")
    return units[[*columns, "geometry"]]


def western_sahara(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Units of Morocco cut at the border of Western Sahara; what lies south of it stands with that territory."""
    south = units[(units["iso3"] == "MAR") & units.intersects(WESTERN_SAHARA)]
    south = south[south.intersection(WESTERN_SAHARA).area > SLIVER]
    cut = south.set_geometry(south.geometry.intersection(WESTERN_SAHARA)).assign(
        iso3="ESH", iso_3166_2="", gn_a1_code=""
    )
    rest = south.geometry.difference(WESTERN_SAHARA)
    units.loc[south.index, "geometry"] = rest
    cut.index = cut.index.str.replace("MAR-", "ESH-")
    kept = units[~(units["iso3"].eq("MAR") & (units.area < SLIVER))]
    return pd.concat([kept, cut])


def one_name_each(units: gpd.GeoDataFrame, countries: dict[str, str]) -> pd.Series:
    """A name in Latin letters for every unit, none twice in a country: the kind of unit tells doubles apart."""
    name = units["name"].fillna("").str.strip()
    for other in ("name_en", "gn_name", "woe_name"):
        name = name.where(name != "", units[other].fillna(""))
    name = name.where(name != "", units["iso3"].map(countries) + ", unnamed part")
    for kind in ("type_en", "region", "adm1_code"):
        double = pd.DataFrame({"iso3": units["iso3"], "name": name}).duplicated(keep=False)
        what = units.index.to_series() if kind == "adm1_code" else units[kind].fillna("")
        name = name.where(~double | (what == ""), name + " (" + what + ")")
    found: pd.Series = name
    return found


def coverage(units: gpd.GeoDataFrame) -> Any:
    """Polygons on a grid: neighbours keep one border, since equal points round alike.

    The grid is 0.0001 degree in the countries of the shipped studies and wherever their borders run, 0.001 elsewhere: a
    tenth of a kilometre, where Natural Earth is drawn at 1:10 million. Its lines run between those of the rasters' cells:
    a corner right on the edge of a cell is what exactextract is least sure of. What is cut at 180 degrees stays there.
    """
    fine = [np.round(shapely.get_coordinates(shape) * FINE).astype("int64") for shape in units.geometry]
    in_full = units["iso3"].isin(IN_FULL).to_numpy()
    kept = _keys(np.concatenate([points for points, full in zip(fine, in_full, strict=True) if full]))
    found = []
    for shape, points in zip(units.geometry, fine, strict=True):
        stays = np.isin(_keys(points), kept)
        coarse = (np.floor(points / (FINE // COARSE)) + 0.5) / COARSE
        stays |= np.abs(points[:, 0]) == 180 * FINE
        rounded = shapely.set_coordinates(shape, np.where(stays[:, None], points / FINE, coarse))
        rounded = rounded if rounded.is_valid else _mended(rounded)
        found.append(shapely.remove_repeated_points(rounded))
    return found


def _keys(points: Any) -> Any:
    """A number for each point of the fine grid."""
    return points[:, 0] * 10_000_000 + points[:, 1]


def _mended(unit: Any) -> Any:
    """The polygons of a unit that crossed itself, without the lines that mending leaves behind."""
    parts = shapely.get_parts(shapely.set_precision(shapely.make_valid(unit), 1 / FINE))
    polygons = [one for part in parts for one in shapely.get_parts(part) if one.geom_type == "Polygon"]
    return shapely.multipolygons(polygons) if len(polygons) > 1 else polygons[0]


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
