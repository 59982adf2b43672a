# SPDX-License-Identifier: Apache-2.0
"""Builds measures/options.csv from figures seen in sources, and says how each conflict between sources was settled.
Also carries the IPCC's Tier 1 soil carbon factors over to measures/soil_carbon_factors.csv.

Run: python tools/build_options.py FOLDER   (FOLDER holds practice_parameters.csv and ipcc2019/soc_tier1_factors.csv)

Rules, the same for every row
- A seen row gives a point (its value, or the middle of its range). mid = median of the points; low and high = least and
  greatest of all values and range ends.
- One single value without a range: low = half, high = double; the note says so.
- quality = that of the weakest row used (1 peer-reviewed ... 4 secondary). Nothing seen: quality 5, "expert default, unverified".
- Money is brought to USD of 2023: CFA francs at the peg to the euro and the year's mean ECB rate, then US consumer prices.
  A seen cost without a price year, and a cost of zero, are not used.
- A figure read by way of a compiler's table is cited to its study, one by one, with a note that the study was not read.
"""

from __future__ import annotations

import csv
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

PRICE_YEAR = 2023
# US consumer prices, all items, yearly mean, 1982-84 = 100: Bureau of Labor Statistics, series CUUR0000SA0 (public domain).
US_PRICES = {
    1990: 130.7, 2002: 179.9, 2004: 188.9, 2005: 195.3, 2006: 201.6, 2007: 207.342, 2010: 218.056, 2011: 224.939,
    2012: 229.594, 2014: 236.736, 2015: 237.017, 2016: 240.007, 2017: 245.12, 2022: 292.655, 2023: 304.702,
}  # fmt: skip
# USD per EUR, mean of the daily reference rates of the European Central Bank.
USD_PER_EUR = {2006: 1.2556, 2012: 1.2848, 2022: 1.0530}
XOF_PER_EUR = 655.957  # fixed since 1999

DEFAULT = "expert default, unverified"
SECOND_HAND = "study read second hand"
COLUMNS = [
    "measure", "parameter", "low", "mid", "high", "unit", "price_year", "currency", "place", "source", "seen_at", "source_year",
    "licence", "quality", "kind", "note",
]  # fmt: skip

UNITS = {
    "establishment_cost": "USD/ha",
    "upkeep_cost": "USD/ha/yr",
    "person_days_establishment": "person-days/ha",
    "person_days_season": "person-days/ha/yr",
    "person_days_upkeep": "person-days/ha/yr",
    "women_share": "1",
    "youth_share": "1",
    "yield_gain": "% of yield without",
    "soil_carbon_rate": "t C/ha/yr",
    "biomass_carbon_rate": "t C/ha/yr",
    "survival": "1",
    "benefit_lag": "yr",
    "benefit_full": "yr",
    "adoption_ceiling": "1",
}


@dataclass(frozen=True)
class Seen:
    """One row of the collected figures, found by practice, item, country and the start of its source."""

    practice: str
    item: str
    country: str
    source: str
    value: float | None = None  # tells rows of one source apart
    factor: float = 1.0


@dataclass(frozen=True)
class FromSources:
    measure: str
    parameter: str
    seen: tuple[Seen, ...]
    note: str = ""


RABDO = "Rabdo 2006"
ENABEL = "Enabel REPO Niger"
ZOUGMORE = "Zougmore, Mando, Stroosnijder, Ouedraogo"
KENDIE = "Kendie"
PERCENT = 0.01

FROM_SOURCES: tuple[FromSources, ...] = (
    # costs
    FromSources("farmer_managed_natural_regeneration", "establishment_cost",
                (Seen("fmnr", "establishment_cost", "Niger", "Rinaudo 2010"),)),
    FromSources("farmer_managed_natural_regeneration", "upkeep_cost",
                (Seen("fmnr", "maintenance_cost", "Niger", "Rinaudo 2010"),)),
    FromSources("half_moons", "establishment_cost",
                (Seen("half_moon", "establishment_cost", "Burkina Faso", RABDO),
                 Seen("half_moon", "establishment_cost", "Niger", ENABEL),
                 Seen("half_moon", "establishment_cost", "Niger", "PDSA Niger")),
                "sources differ: 22 000 FCFA/ha (2006), 101 046 (2022, wider spacing, wages only), 156 500 (2012, cash wages); median"),
    FromSources("stone_lines", "establishment_cost",
                (Seen("stone_lines", "establishment_cost", "Burkina Faso", RABDO),
                 Seen("swc_bunds_ethiopia", "establishment_cost", "Ethiopia", "Tesfaye")),
                "stone lines with lorry transport (Burkina Faso) and soil bunds (Ethiopia) taken together"),
    FromSources("managed_grazing", "establishment_cost",
                (Seen("managed_grazing", "establishment_cost", "Mali", "World Bank 2011"),),
                "enclosures for rotational grazing; two zero-cost records elsewhere were not used: a cost of zero is cash only"),
    FromSources("agroforestry", "establishment_cost",
                (Seen("agroforestry_parkland", "establishment_cost", "Kenya", "Mwaniki"),)),
    FromSources("agroforestry", "upkeep_cost",
                (Seen("agroforestry_parkland", "maintenance_cost", "Kenya", "Mwaniki"),)),
    FromSources("shade_coffee", "establishment_cost",
                (Seen("coffee_agroforestry", "establishment_cost", "Kenya", "Kahiga"),),
                "an Ethiopian figure in birr was left out: its conversion to USD could not be confirmed"),
    FromSources("shade_coffee", "upkeep_cost",
                (Seen("coffee_agroforestry", "maintenance_cost", "Kenya", "Kahiga"),)),
    FromSources("windbreak_dune_fixation", "establishment_cost",
                (Seen("windbreak", "establishment_cost", "Togo", "Rangou"),),
                "farm shelterbelt; no source for dune fixation was found"),
    FromSources("windbreak_dune_fixation", "upkeep_cost",
                (Seen("windbreak", "maintenance_cost", "Togo", "Rangou"),)),
    FromSources("conservation_agriculture", "establishment_cost",
                (Seen("conservation_agriculture_no_till", "establishment_cost", "Morocco", "WOCAT 2007"),),
                "with machinery; hand-hoe systems cost less"),
    FromSources("rangeland_reseeding", "establishment_cost",
                (Seen("managed_grazing", "establishment_cost", "general", "Dregne & Chou"),),
                "world figure for rehabilitating rangeland, 1990 prices"),
    # person-days
    FromSources("zai", "person_days_establishment",
                (Seen("zai", "person_days_establishment", "Burkina Faso", "Kabore, Masse"),
                 Seen("zai", "person_days_establishment", "Burkina Faso", "Memoire"),
                 Seen("zai", "person_days_establishment", "Burkina Faso", "IED Afrique"),
                 Seen("zai", "person_days_establishment", "Burkina Faso", "InnovAfrica"),
                 Seen("zai", "person_days_establishment", "general", "Zai pits")),
                "sources differ: 37.5-60, 38, 47.5 (with other crop work), 62 (measured on farms), 100 (catalogue); median"),
    FromSources("zai", "person_days_upkeep", (Seen("zai", "person_days_maintenance", "general", "Zai pits"),)),
    FromSources("half_moons", "person_days_establishment",
                (Seen("half_moon", "person_days_establishment", "Niger", ENABEL),
                 Seen("half_moon", "person_days_establishment", "general", "FAO, Bringing"),
                 Seen("half_moon", "person_days_establishment", "general", "Malagnoux")),
                "sources differ: 72.5 (159 half-moons/ha), 100 (FAO), 157-313 (313/ha in heavy soil); median"),
    FromSources("stone_lines", "person_days_establishment",
                (Seen("stone_lines", "person_days_establishment", "Burkina Faso", RABDO, 28.0),
                 Seen("stone_lines", "person_days_establishment", "Burkina Faso", RABDO, 12.1),
                 Seen("stone_lines", "person_days_establishment", "general", "Fiche cordons")),
                "sources differ: 12.1 (own labour), 20-27 (400 m/ha), 28 (group work); a fourth mixes units and was not used"),
    # yields
    FromSources("farmer_managed_natural_regeneration", "yield_gain",
                (Seen("fmnr", "yield_effect", "Ghana", "ELD"),), "within five years, estimate"),
    FromSources("zai", "yield_gain",
                (Seen("zai", "yield_effect", "Burkina Faso", "Case study 2", factor=100 / 300),),
                "+400 kg/ha on about 300 kg/ha; a seven-fold gain was left out: its land bore almost nothing before"),
    FromSources("stone_lines", "yield_gain",
                (Seen("stone_lines", "yield_effect", "Burkina Faso", ZOUGMORE),
                 Seen("stone_lines", "yield_effect", "Burkina Faso", "Rural21"),
                 Seen("contour_bunds_ridges", "yield_effect", "Mali", "Traore", 87.0),
                 Seen("contour_bunds_ridges", "yield_effect", "Mali", "Traore", 100.0),
                 Seen("swc_bunds_ethiopia", "yield_effect", "Ethiopia", KENDIE, 13.0),
                 Seen("swc_bunds_ethiopia", "yield_effect", "Ethiopia", KENDIE, 19.4),
                 Seen("swc_bunds_ethiopia", "yield_effect", "Ethiopia", KENDIE, 19.42)),
                "trials that add full fertiliser or compost were left out; without any nutrient the lines may not pay"),
    FromSources("agroforestry", "yield_gain",
                (Seen("gum_arabic", "yield_effect", "Sudan", "Fadl", 26.55),), "roselle between Acacia senegal; other crops 16 to 31 %"),
    FromSources("managed_grazing", "yield_gain",
                (Seen("managed_grazing", "yield_effect", "Mali", "World Bank 2011"),), "forage biomass against continuous grazing"),
    FromSources("conservation_agriculture", "yield_gain",
                (Seen("conservation_agriculture_no_till", "yield_effect", "Kazakhstan", "World Bank: No-Till"),
                 Seen("conservation_agriculture_no_till", "yield_effect", "Kazakhstan", "FAO Save and Grow")),
                "wheat steppe; expect less elsewhere; a stated potential of 20-50 % was not used"),
    FromSources("rangeland_reseeding", "yield_gain",
                (Seen("rangeland_reseeding", "yield_effect", "Uzbekistan", "WOCAT technologies_4040"),
                 Seen("rangeland_reseeding", "yield_effect", "Uzbekistan", "ICBA")),
                "sources differ: 100-200 % (full reseeding) and 20-40 % (strips)"),
    # carbon in biomass
    FromSources("farmer_managed_natural_regeneration", "biomass_carbon_rate",
                (Seen("fmnr", "carbon_rate", "Africa", "Griscom"),), "biomass and soil together; the soil row is therefore zero"),
    FromSources("exclosure", "biomass_carbon_rate",
                (Seen("exclosure", "carbon_rate", "Ethiopia", "Woolf", factor=0.40 * 12 / 44),),
                "40 % of 5.7 t CO2e/ha/yr is biomass; other Ethiopian sites 8.2 and 11.2 t CO2/ha/yr for all pools"),
    FromSources("windbreak_dune_fixation", "biomass_carbon_rate",
                (Seen("windbreak", "carbon_rate", "general", "Griscom"),), "biomass and soil together; the soil row is therefore zero"),
    # survival, time, adoption, shares
    FromSources("tree_planting", "survival",
                (Seen("afforestation_plantation", "survival", "Ethiopia", "Berhe", factor=PERCENT),
                 Seen("afforestation_plantation", "survival", "Senegal", "CNN", factor=PERCENT),
                 Seen("saxaul_plantation", "survival", "Kazakhstan", "Kazinform", factor=PERCENT)),
                "53 % (Tigray districts), 42 % (one Senegal parcel), 30 % (saxaul, Kazakhstan)"),
    FromSources("windbreak_dune_fixation", "survival",
                (Seen("saxaul_plantation", "survival", "Kazakhstan", "Kazinform", factor=PERCENT),)),
    FromSources("farmer_managed_natural_regeneration", "benefit_full",
                (Seen("fmnr", "years_to_full_effect", "Ghana", "ELD"),)),
    FromSources("half_moons", "benefit_full",
                (Seen("half_moon", "years_to_full_effect", "Niger", "Nigeria Federal"),)),
    FromSources("exclosure", "benefit_full",
                (Seen("assisted_natural_regeneration", "years_to_full_effect", "general", "FAO Forestry"),)),
)  # fmt: skip

# Figures seen in a source, but not as one row with that number; computed here in the open.
STATED = (
    ("half_moons", "women_share", 0.43, 0.53, 0.63, "Niger", "Enabel REPO Niger: HIMO restoration of pastoral land", 2022, 3,
     "53 % of temporary workers as stated (2 484 women); range +-0.10 is an expert default"),
    ("farmer_managed_natural_regeneration", "adoption_ceiling", 0.13, 0.26, 0.52, "Niger",
     "Haglund et al., J Environ Manage 92:1696-1705", 2011, 1,
     "26 % of households had adopted (Maradi); used as the most that may adopt; range half to double"),
)  # fmt: skip

# Soil carbon: IPCC 2019 Tier 1, tropical dry, from (F_LU, F_MG, F_I) before to after; 20 years; mid = low-activity clay.
CROP = 0.92
# Of grassland whose state before is not known: severely degraded, high-intensity grazing, nominally managed.
STATES = (0.70, 0.90, 1.0)
SPAN = "the state before is not known: interval over severely degraded, high-intensity grazing and nominally managed"
TIER1: dict[str, tuple[float | tuple[float, float, float], float, str]] = {
    "zai": (CROP * 0.95, CROP * 1.37, "annual crops, full tillage: low input to high input with manure"),
    "half_moons": (STATES, 1.0, f"{SPAN}, to nominally managed grassland"),
    "stone_lines": (CROP * 0.95, CROP, "annual crops, full tillage: low to medium input"),
    "managed_grazing": (0.90, 1.0, "high-intensity grazing to nominally managed grassland"),
    "exclosure": (STATES, 1.0, f"{SPAN}, to nominally managed grassland; Ethiopian highland sites gained more (0.6 t C/ha/yr)"),
    "agroforestry": (CROP, CROP * 1.25, "annual crops to agroforestry, factor 1.25 (Cardinael et al. 2018)"),
    "shade_coffee": (CROP, CROP * 1.25, "annual crops to agroforestry, factor 1.25 (Cardinael et al. 2018)"),
    "tree_planting": (CROP, 1.0, "annual crops to native reference"),
    "conservation_agriculture": (
        CROP * 0.95, CROP * 1.04, "full tillage, low input to no-till, medium input; African trials span 0 to 1 t C/ha/yr",
    ),
    "rangeland_reseeding": (STATES, 1.17, f"{SPAN}, to improved grassland"),
}  # fmt: skip

# Nothing seen: low, mid, high. Editable in a study; every finding says which share rests on these.
F, Z, H, S, G, X = (
    "farmer_managed_natural_regeneration",
    "zai",
    "half_moons",
    "stone_lines",
    "managed_grazing",
    "exclosure",
)
A, K, T, W, C, R = (
    "agroforestry", "shade_coffee", "tree_planting", "windbreak_dune_fixation", "conservation_agriculture", "rangeland_reseeding",
)  # fmt: skip
FIVE_PERCENT = "about 5 % of establishment a year"
DEFAULTS: dict[str, dict[str, tuple[float, float, float] | tuple[float, float, float, str]]] = {
    "establishment_cost": {
        Z: (80, 160, 240, "a web catalogue says USD 160/ha without a price year, so it is not counted as seen"),
        X: (20, 60, 200), T: (300, 600, 1200),
    },
    "upkeep_cost": {
        Z: (15, 35, 60, "a web catalogue says USD 33.5/ha/yr without a price year, so it is not counted as seen"),
        H: (4, 8, 20, FIVE_PERCENT), S: (5, 11, 22, FIVE_PERCENT), G: (1, 2, 6), X: (2, 5, 15), T: (15, 40, 80),
        C: (10, 30, 60), R: (2, 5, 12, FIVE_PERCENT),
    },
    "person_days_establishment": {
        F: (5, 7.5, 10), G: (0.5, 2, 5), X: (3, 10, 30), A: (10, 25, 50), K: (100, 200, 400),
        T: (22, 60, 120, "1 111 seedlings/ha at 50 a day is 22, without pits, nursery and clearing"),
        W: (120, 160, 200), C: (1, 2, 10), R: (4, 10, 25),
    },
    "person_days_season": {
        F: (1, 3, 6), Z: (5, 15, 30), H: (2, 6, 15), S: (2, 5, 10), G: (0.2, 1, 3), X: (0.5, 2, 5), A: (3, 8, 20),
        K: (60, 100, 160), T: (0, 3, 10), W: (0, 2, 5), C: (0, 0, 5, "weeding may rise; days saved at ploughing are not counted as negative work"), R: (0.5, 2, 5),
    },
    "person_days_upkeep": {
        F: (2, 5, 8), H: (3, 8, 20), S: (1, 2, 5), G: (0.5, 1, 3), X: (1, 3, 8), A: (2, 6, 12), K: (20, 40, 80),
        T: (3, 8, 20), W: (5, 15, 30), C: (0, 1, 3), R: (0.5, 2, 5),
    },
    "women_share": {
        F: (0.2, 0.35, 0.5), Z: (0.2, 0.35, 0.5), S: (0.3, 0.45, 0.6), G: (0.1, 0.25, 0.4), X: (0.2, 0.35, 0.5),
        A: (0.25, 0.4, 0.55), K: (0.3, 0.45, 0.6), T: (0.3, 0.5, 0.65), W: (0.25, 0.4, 0.55), C: (0.2, 0.35, 0.5),
        R: (0.2, 0.35, 0.5),
    },
    "youth_share": {
        F: (0.2, 0.35, 0.5), Z: (0.3, 0.5, 0.65), H: (0.3, 0.5, 0.65), S: (0.3, 0.45, 0.6), G: (0.25, 0.4, 0.55),
        X: (0.25, 0.4, 0.55), A: (0.2, 0.35, 0.5), K: (0.2, 0.35, 0.5), T: (0.3, 0.5, 0.65), W: (0.3, 0.5, 0.65),
        C: (0.15, 0.3, 0.45), R: (0.2, 0.35, 0.5),
    },
    "yield_gain": {H: (50, 100, 200), X: (0, 50, 150), K: (-10, 10, 30), T: (0, 0, 20), W: (0, 10, 25)},
    "soil_carbon_rate": {
        F: (0, 0, 0, "counted with biomass_carbon_rate, not twice"), W: (0, 0, 0, "counted with biomass_carbon_rate, not twice"),
    },
    "biomass_carbon_rate": {
        Z: (0, 0, 0.05), H: (0, 0.1, 0.3), S: (0, 0, 0.1), G: (0, 0, 0.1), A: (0.3, 0.59, 1.2), K: (1.5, 2.98, 4.8),
        T: (0.5, 1.5, 2.9), C: (0, 0, 0), R: (0, 0, 0.1),
    },
    "survival": {A: (0.4, 0.6, 0.8), K: (0.6, 0.8, 0.9)},
    "benefit_lag": {F: (0, 1, 2), Z: (0, 0, 1), H: (0, 0, 1), S: (0, 0, 2), G: (0, 1, 2), X: (1, 2, 4), A: (2, 3, 5), K: (3, 3, 5),
                    T: (3, 5, 8), W: (1, 2, 4), C: (0, 1, 3), R: (0, 1, 2)},
    "benefit_full": {Z: (1, 1, 2), S: (1, 2, 4), G: (3, 5, 8), A: (6, 8, 12), K: (5, 8, 10), T: (15, 20, 30), W: (5, 10, 15),
                     C: (3, 5, 10), R: (3, 5, 8)},
    "adoption_ceiling": {Z: (0.05, 0.1, 0.2), H: (0.05, 0.1, 0.2), S: (0.08, 0.15, 0.3), G: (0.1, 0.2, 0.4), X: (0.05, 0.1, 0.2),
                         A: (0.08, 0.15, 0.3), K: (0.05, 0.1, 0.2), T: (0.02, 0.05, 0.1), W: (0.01, 0.03, 0.06),
                         C: (0.1, 0.2, 0.4), R: (0.05, 0.1, 0.2)},
}  # fmt: skip


def find(rows: list[dict[str, str]], seen: Seen) -> dict[str, str]:
    """The one collected row that is meant; none or several is a fault of this file."""
    hits = [
        row
        for row in rows
        if (row["practice"], row["item"], row["country"]) == (seen.practice, seen.item, seen.country)
        and row["source_title"].startswith(seen.source)
        and (seen.value is None or float(row["value"]) == seen.value)
    ]
    if len(hits) != 1:
        raise SystemExit(f"{seen}: {len(hits)} rows found, one was expected")
    return hits[0]


def to_base_prices(row: dict[str, str]) -> float:
    """Factor from the money of a row to USD of the base year."""
    if not row["price_year"]:
        raise SystemExit(f"{row['source_title']}: money without a price year cannot be used")
    year = int(row["price_year"])
    to_usd = {"USD": 1.0, "FCFA": USD_PER_EUR.get(year, 0.0) / XOF_PER_EUR}[row["currency"]]
    return to_usd * US_PRICES[PRICE_YEAR] / US_PRICES[year]


def row_from_sources(choice: FromSources, rows: list[dict[str, str]]) -> dict[str, object]:
    found = [find(rows, seen) for seen in choice.seen]
    is_money = UNITS[choice.parameter].startswith("USD")
    points, ends, notes = [], [], [choice.note] if choice.note else []
    for seen, row in zip(choice.seen, found, strict=True):
        factor = seen.factor * (to_base_prices(row) if is_money else 1.0)
        low, high = (float(row[end]) if row[end] else None for end in ("low", "high"))
        point = float(row["value"]) if row["value"] else ((low or 0.0) + (high or 0.0)) / 2
        points.append(point * factor)
        ends += [v * factor for v in (point, low, high) if v is not None]
        if is_money:
            notes.append(f"as published {point:g} {row['currency']} of {row['price_year']}")
    mid, low, high = statistics.median(points), min(ends), max(ends)
    if len(set(ends)) == 1:
        low, high = mid / 2, mid * 2
        notes.append("one value seen; low is half and high double")
    if any("Project Drawdown" in row["source_title"] for row in found):
        notes.append(SECOND_HAND)
    titles = dict.fromkeys(row["source_title"].replace(" (as tabulated by Project Drawdown)", "") for row in found)
    years = [int(row["source_year"]) for row in found if row["source_year"]]
    return {
        "measure": choice.measure, "parameter": choice.parameter,
        "low": low, "mid": mid, "high": high,
        "place": "; ".join(dict.fromkeys(row["country"] for row in found)),
        "source": "; ".join(titles),
        "seen_at": " ; ".join(dict.fromkeys(row["source_where"] for row in found if "Drawdown" not in row["source_where"])),
        "source_year": max(years, default=""),
        "licence": "fact, cited to its source", "quality": max(int(row["quality"]) for row in found),
        "kind": "published", "note": "; ".join(notes),
    }  # fmt: skip


def row_tier1(measure: str, reference: dict[str, float]) -> dict[str, object]:
    before, after, text = TIER1[measure]
    states = before if isinstance(before, tuple) else (before, before, before)
    first, middle, last = (
        {soil: stock * (after - start) / 20 for soil, stock in reference.items()} for start in states
    )
    low, mid, high = last["sandy_soils"], middle["low_activity_clay_soils"], first["high_activity_clay_soils"]
    ends = "low sandy, mid low-activity clay, high high-activity clay"
    if states is before:
        ends = (
            "low least of states and soils, mid high-intensity grazing on low-activity clay, high most of states and "
            "soils; [plan].soil_state by choice"
        )
    return {
        "measure": measure, "parameter": "soil_carbon_rate",
        "low": low, "mid": mid, "high": high,
        "place": "tropical dry climate", "source": "IPCC 2019 Refinement, vol. 4, Tier 1 (factors as in soil_carbon_factors.csv)",
        "source_year": 2019, "licence": "MIT (factors by way of hestia-earth-models)", "quality": 2, "kind": "modelled",
        "note": f"{text}; 20 years, 0-30 cm; {ends}",
    }  # fmt: skip


def build(folder: Path) -> list[dict[str, object]]:
    with (folder / "practice_parameters.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / "ipcc2019" / "soc_tier1_factors.csv").open(encoding="utf-8", newline="") as file:
        reference = {
            row["category"]: float(row["value"])
            for row in csv.DictReader(file)
            if row["parameter"] == "SOC_ref" and row["climate_zone"] == "tropical_dry"
        }
    table = [row_from_sources(choice, rows) for choice in FROM_SOURCES]
    table += [row_tier1(measure, reference) for measure in TIER1]
    for measure, parameter, low, mid, high, place, source, year, quality, text in STATED:
        table.append({
            "measure": measure, "parameter": parameter, "low": low, "mid": mid, "high": high, "place": place, "source": source,
            "source_year": year, "licence": "fact, cited to its source", "quality": quality, "kind": "published", "note": text,
        })  # fmt: skip
    for parameter, by_measure in DEFAULTS.items():
        for measure, (low, mid, high, *note) in by_measure.items():
            table.append({
                "measure": measure, "parameter": parameter, "low": low, "mid": mid, "high": high, "place": "general",
                "source": DEFAULT, "source_year": "", "licence": "Apache-2.0", "quality": 5, "kind": "default",
                "note": note[0] if note else "",
            })  # fmt: skip
    for row in table:
        unit = UNITS[str(row["parameter"])]
        money = unit.startswith("USD")
        row |= {"unit": unit, "price_year": PRICE_YEAR if money else "", "currency": "USD" if money else ""}
        row |= {end: f"{float(str(row[end])):.4g}" for end in ("low", "mid", "high")}
    measures, parameters = list(dict.fromkeys((F, Z, H, S, G, X, A, K, T, W, C, R))), list(UNITS)
    return sorted(table, key=lambda row: (measures.index(str(row["measure"])), parameters.index(str(row["parameter"]))))


IPCC_TABLES = {"SOC_ref": "Table 2.3", "F_LU": "Table 5.5", "F_MG": "Tables 5.5, 6.2", "F_I": "Tables 5.5, 6.2"}


def soil_carbon_rows(folder: Path) -> list[dict[str, object]]:
    """Factors as collected from hestia-earth-models (its LICENSE file is MIT, though a classifier of it says GPL)."""
    with (folder / "ipcc2019" / "soc_tier1_factors.csv").open(encoding="utf-8", newline="") as file:
        return [
            {
                "factor_set": "ipcc2019",
                **{name: row[name] for name in ("parameter", "category", "climate_zone", "value")},
                "unit": "t C/ha" if row["parameter"] == "SOC_ref" else "1",
                **{name: row[name] for name in ("ci95_half_pct", "two_sd_pct", "n_obs")},
                "source": f"IPCC 2019 Refinement vol. 4 {IPCC_TABLES[row['parameter']]}; by way of hestia-earth-models",
                "licence": "MIT",
                "kind": "published",
            }
            for row in csv.DictReader(file)
        ]


def write(rows: list[dict[str, object]], name: str) -> None:
    path = Path(__file__).resolve().parents[1] / "src" / "homeground" / "measures" / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{name}: {len(rows)} rows")


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = Path(sys.argv[1])
    write([{name: row.get(name, "") for name in COLUMNS} for row in build(folder)], "options.csv")
    write(soil_carbon_rows(folder), "soil_carbon_factors.csv")


if __name__ == "__main__":
    main()
