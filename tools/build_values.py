# SPDX-License-Identifier: Apache-2.0
"""Builds finance/values_by_place.csv from figures seen in sources: prices, yields, losses and wages by country.

Run: python tools/build_values.py FOLDER   (FOLDER holds cited_values.csv)

Rules, the same for every row
- Producer prices are means of the years named, in nominal USD, brought to USD of 2023 by US consumer prices of those years.
- Day wages: median, least and greatest of a country's records; of one record low is half and high is double. No record states
  a year of its prices, so they are taken as they are, and the note says so.
- Losses: a single share is half at its low end and double at its high one. A yield of control plots stands above farmers'
  fields: it is the middle and the high end, half of it the low one.
- A series that a compiler filled from other countries is no observation and is left out.
"""

from __future__ import annotations

import csv
import statistics
import sys
from pathlib import Path

YEAR = 2023
# US consumer prices, all items, yearly mean, 1982-84 = 100: Bureau of Labor Statistics, series CUUR0000SA0 (public domain).
US_PRICES = {2018: 251.107, 2019: 255.657, 2020: 258.811, 2021: 270.97, 2022: 292.655, 2023: 304.702}
COLUMNS = [
    "parameter", "place", "low", "mid", "high", "unit", "price_year", "currency", "source", "seen_at", "source_year",
    "licence", "quality", "kind", "note",
]  # fmt: skip
CROPS = {"pearl millet": "millet", "sorghum": "sorghum", "maize": "maize", "wheat": "wheat"}
AFRICA = "sub_saharan_africa"
PLACES = {"SSA": (AFRICA,), "East and Southern Africa": ("east_africa", "southern_africa"), "World": ("world",)}
FACT = "fact, cited to its source"
# Practices of the collected yield differences that are a measure here.
PRACTICES = ("water_harvesting", "reduced_tillage", "parkland_trees", "alley_cropping")


def main() -> None:
    """Writes the table."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    rows = build(Path(sys.argv[1]))
    target = Path(__file__).parents[1] / "src" / "homeground" / "finance" / "values_by_place.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: row.get(name, "") for name in COLUMNS} for row in rows)


def build(folder: Path) -> list[dict[str, object]]:
    """All rows, in the order of the table."""
    with (folder / "cited_values.csv").open(encoding="utf-8", newline="") as file:
        seen = list(csv.DictReader(file))
    return [*prices(seen), *wages(seen), *yields(seen), *losses(seen), *coffee(seen)]


def moved(years: str) -> float:
    """By what nominal USD of some years become USD of the price year."""
    first, _, last = years.partition("-")
    of = [US_PRICES[year] for year in range(int(first), int(last or first) + 1)]
    return US_PRICES[YEAR] / statistics.mean(of)


def money(row: dict[str, str], unit: str) -> dict[str, object]:
    return {"unit": unit, "price_year": YEAR, "currency": "USD", "source": row["source"], "seen_at": row["where_seen"]}


def ends(low: float, mid: float, high: float) -> dict[str, object]:
    return {name: float(f"{value:.4g}") for name, value in (("low", low), ("mid", mid), ("high", high))}


def prices(seen: list[dict[str, str]]) -> list[dict[str, object]]:
    out = []
    for row in seen:
        crop = row["parameter"].removeprefix("producer_price_")
        if crop == row["parameter"] or row["note"].startswith("GAP-FILLED"):
            continue
        by = moved(row["year"])
        out.append(
            money(row, "USD/t")
            | {"parameter": f"price_{crop}", "place": row["iso3"], "source_year": 2024, "quality": 2, "kind": "published"}
            | {"licence": FACT, "note": f"producer price, mean of {row['year']}, low and high the lowest and highest year; "
               f"{row['value']} nominal USD moved to {YEAR} by US consumer prices"}
            | ends(*(by * float(row[name]) for name in ("low", "value", "high")))
        )  # fmt: skip
    return out


def wages(seen: list[dict[str, str]]) -> list[dict[str, object]]:
    by: dict[str, list[dict[str, str]]] = {}
    for row in seen:
        if row["parameter"] == "day_wage_farm_labour" and row["unit"] == "USD/person-day":
            by.setdefault(row["iso3"], []).append(row)
    # The public works of Niger stand in the collected parameters of practices: 30 663 FCFA a month of 22 days, 2022.
    enabel = {"value": "2.33", "source": "Enabel REPO Niger: HIMO restoration of pastoral land"}
    enabel |= {"where_seen": "https://open.enabel.be/fr/NER/2461/2062/u/au-niger-le-projet-resilience"}
    by.setdefault("NER", []).append(enabel)
    out = []
    for iso3, rows in sorted(by.items()):
        days = [float(row["value"]) for row in rows]
        one = len(days) == 1
        low, high = (days[0] / 2, days[0] * 2) if one else (min(days), max(days))
        note = "price years not stated, taken as they are; "
        note += "one value seen; low is half and high double" if one else f"median and ends of {len(days)} records"
        out.append(
            {"parameter": "wage", "place": iso3, "unit": "USD/person-day", "price_year": YEAR, "currency": "USD"}
            | {"source": "; ".join(dict.fromkeys(row["source"] for row in rows)), "licence": FACT, "kind": "published"}
            | {
                "seen_at": "; ".join(dict.fromkeys(_seen(row) for row in rows)),
                "quality": 4 if one else 3,
                "note": note,
            }
            | ends(low, statistics.median(days), high)
        )
    return out


def _seen(row: dict[str, str]) -> str:
    at = row["where_seen"]
    return at if at.startswith("http") else f"https://{at}"


def yields(seen: list[dict[str, str]]) -> list[dict[str, object]]:
    out = []
    for row in seen:
        practice = row["parameter"].removeprefix("yield_difference_")
        crop = CROPS.get(row["unit"].removeprefix("t/ha/yr "))
        base = row["parameter"] == "base_yield_control_plots"
        if crop is None or (practice not in PRACTICES and not base):
            continue
        what = {"parameter": f"base_yield_{crop}" if base else f"yield_difference_{practice}_{crop}", "place": AFRICA}
        what |= {"unit": "t/ha/yr", "source": row["source"], "seen_at": row["where_seen"], "licence": FACT}
        value = float(row["value"])
        span = (value / 2, value, value) if base else (float(row["low"]), value, float(row["high"]))
        note = row["note"] + ("; low is half" if base else "")
        out.append(what | {"quality": 2, "kind": "published", "note": note} | ends(*span))
    return out


def losses(seen: list[dict[str, str]]) -> list[dict[str, object]]:
    out = []
    for row in seen:
        crop = {"food_lost_cereals_and_pulses": "cereal"}.get(row["parameter"])
        if row["parameter"].startswith("post_harvest_loss_"):
            crop = row["parameter"].removeprefix("post_harvest_loss_")
        if crop is None or "_at_" in crop:  # a stage is a part of the whole
            continue
        share = float(row["value"]) / 100
        one = not row["low"]
        span = (share / 2, share, share * 2) if one else tuple(float(row[n]) / 100 for n in ("low", "value", "high"))
        note = f"{row['unit']}, {row['year']}" + (f"; {row['note']}" if row["note"] else "")
        note += "; low is half and high double" if one else ""
        out += [
            {"parameter": f"loss_after_harvest_{crop}", "place": place, "unit": "1", "source": row["source"]}
            | {"seen_at": row["where_seen"] if row["where_seen"].startswith("http") else f"https://{row['where_seen']}"}
            | {"licence": FACT, "quality": 3, "kind": "modelled", "note": note} | ends(*span)
            for place in PLACES.get(row["iso3"], (row["iso3"],))
        ]  # fmt: skip
    return out


def coffee(seen: list[dict[str, str]]) -> list[dict[str, object]]:
    """Farm gate: what Ethiopia's exports brought a tonne, times the part that growers get; and what is lost."""
    (share,) = [row for row in seen if row["parameter"] == "farmgate_share_of_export_price_coffee"]
    export, by = 407e6 / 150e3, moved("2020")
    note = f"407 million USD / 150 000 t exported in 2020, times {share['value']} ({share['low']} to {share['high']}); "
    price = money(share, "USD/t") | {
        "parameter": "price_coffee", "place": "ETH", "licence": FACT, "quality": 4, "kind": "modelled",
        "source": f"APA News: Ethiopia coffee export; {share['source']}",
        "seen_at": f"https://apanews.net/ethiopia-earns-407m-from-coffee-export-in-seven-months/ ; {share['where_seen']}",
        "source_year": 2020, "note": note + f"moved to {YEAR} by US consumer prices; the share is a working assumption",
    } | ends(*(by * export * float(share[name]) for name in ("low", "value", "high")))  # fmt: skip
    lost = {
        "parameter": "loss_after_harvest_coffee", "place": "ETH", "unit": "1", "licence": FACT, "quality": 4,
        "source": "FAO Food Loss Index, basket of Ethiopia 2015 (coffee, green)", "kind": "published", "source_year": 2015,
        "note": "low is half and high double; the address of the page was not kept",
    } | ends(0.025, 0.05, 0.1)  # fmt: skip
    return [price, lost]


if __name__ == "__main__":
    main()
