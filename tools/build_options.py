# SPDX-License-Identifier: Apache-2.0
"""Builds measures/rates/records.csv, one row per figure of one source at one place, from figures seen in sources; and
measures/options.csv, what they give when all places are pooled. Also carries the IPCC's Tier 1 soil carbon factors over.

Run: PYTHONPATH=src python -m tools.build_options FOLDER
(FOLDER holds cited_costs.csv, cited_values.csv, practice_parameters.csv and ipcc2019/soc_tier1_factors.csv.)

Rules, the same for every row (what is chosen, left out and why stands in options_choices.py)
- A record keeps the figure of its source: low = mid = high, unless the source gives a range. Pooling comes later, by place.
- Money whose price year a source states is brought to USD of 2023: CFA francs at the peg to the euro and the year's mean ECB
  rate, then US consumer prices. Where it is not stated the figure stands as published: no deflator is made up.
- labour: what of the cost the source counts as paid work; of upkeep, its days at the day wage of the same record.
- Quality 1 peer-reviewed ... 4 secondary. Records of costs without a price year are 3 at best, and 4 where the reading of the
  money itself is in doubt. Nothing seen: quality 5, "expert default, unverified", of the place "world".
- A figure read by way of a compiler's table is cited to its study, one by one, with a note that the study was not read.
- A wage in euro without a year is left out: there is no rate to bring it to USD with.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

import pandas as pd
from tools.options_choices import (
    AFRICA,
    DEFAULTS,
    DOUBT,
    ERA,
    LABOUR,
    LABOUR_OF_UPKEEP,
    LEFT_OUT,
    LIKE,
    LIKE_PARAMETERS,
    NO_SPLIT,
    RANGES,
    SEEN,
    STATED,
    TIER1,
    Seen,
)

from homeground.measures.near import WORLD, Near
from homeground.measures.rates.pool import pool, trail_row
from homeground.measures.rates.records import ANY, DEFAULT, PARAMETERS, UNITS, WAGE, WITHIN_ZONE

ROOT = Path(__file__).resolve().parents[1]
PRICE_YEAR = 2023
# US consumer prices, all items, yearly mean, 1982-84 = 100: Bureau of Labor Statistics, series CUUR0000SA0 (public domain).
US_PRICES = {
    1990: 130.7, 2002: 179.9, 2004: 188.9, 2005: 195.3, 2006: 201.6, 2007: 207.342, 2010: 218.056, 2011: 224.939,
    2012: 229.594, 2014: 236.736, 2015: 237.017, 2016: 240.007, 2017: 245.12, 2022: 292.655, 2023: 304.702,
}  # fmt: skip
# USD per EUR, mean of the daily reference rates of the European Central Bank.
USD_PER_EUR = {2006: 1.2556, 2012: 1.2848, 2022: 1.0530}
XOF_PER_EUR = 655.957  # fixed since 1999

NOT_STATED = "not stated"
UNREAD = "expert default, unverified"
SECOND_HAND = "study read second hand"
FACT = "fact, cited to its source"
COLUMNS = [
    "measure", "parameter", "place", "low", "mid", "high", "labour", "unit", "price_year", "currency", "source", "seen_at",
    "source_year", "licence", "quality", "kind", "note",
]  # fmt: skip
ENDS = ("low", "mid", "high")
CITED = {  # columns of cited_costs.csv
    "establishment_usd_ha": "establishment_cost",
    "upkeep_usd_ha_year": "upkeep_cost",
    "establishment_days_ha": "person_days_establishment",
    "upkeep_days_ha_year": "person_days_upkeep",
}
Row = dict[str, object]


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def record(measure: str, parameter: str, place: str, ends: tuple[float, float, float], **more: object) -> Row:
    return dict.fromkeys(COLUMNS, "") | {
        "measure": measure, "parameter": parameter, "place": place, **dict(zip(ENDS, ends, strict=True)), "licence": FACT,
        "unit": UNITS[parameter], "currency": "USD" if UNITS[parameter].startswith("USD") else "", "kind": "published", **more,
    }  # fmt: skip


def cited_costs(rows: list[dict[str, str]]) -> list[Row]:
    """Costs and work of single WOCAT records, as published."""
    table = []
    for row in rows:
        number, measure = row["record"], row["measure_id"]
        if not measure:
            continue
        doubtful = any(word in row["doubt"] for word in DOUBT)
        same = {
            "source": row["source"], "seen_at": row["where_seen"], "quality": 4 if doubtful else 3,
            "note": "; ".join(text for text in (row["practice"], row["basis"], row["doubt"]) if text),
        }  # fmt: skip
        for column, parameter in CITED.items():
            if not row[column] or (number, measure, "") in LEFT_OUT or (number, measure, column) in LEFT_OUT:
                continue
            value = float(row[column])
            low, high = RANGES.get((number, measure, column), (value, value))
            money: Row = {}
            if parameter.endswith("cost"):
                money = {"price_year": NOT_STATED, "labour": labour_of(row, parameter, value)}
            table.append(record(measure, parameter, row["iso3"], (low, value, high), **same, **money))
    return table


def labour_of(row: dict[str, str], parameter: str, total: float) -> object:
    """What of a cost its record counts as paid work; empty where it does not say."""
    number, measure = row["record"], row["measure_id"]
    stated = row["labour_usd_ha"]
    if NO_SPLIT in row["doubt"]:
        return ""
    if parameter == "establishment_cost":
        if (number, measure) in LABOUR:
            return LABOUR[number, measure]
        return float(stated) if stated and number not in LABOUR_OF_UPKEEP else ""
    if number in LABOUR_OF_UPKEEP:
        return float(stated)
    if row["upkeep_days_ha_year"] and row["day_wage_usd"]:
        return min(float(row["upkeep_days_ha_year"]) * float(row["day_wage_usd"]), total)
    return ""


def to_base_prices(row: dict[str, str]) -> float:
    """Factor from the money of a row to USD of the base year."""
    if not row["price_year"]:
        raise SystemExit(f"{row['source_title']}: money without a price year cannot be used")
    year = int(row["price_year"])
    to_usd = {"USD": 1.0, "FCFA": USD_PER_EUR.get(year, 0.0) / XOF_PER_EUR}[row["currency"]]
    return to_usd * US_PRICES[PRICE_YEAR] / US_PRICES[year]


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


def seen_records(rows: list[dict[str, str]]) -> list[Row]:
    table = []
    for seen in SEEN:
        row = find(rows, seen)
        is_money = UNITS[seen.parameter].startswith("USD")
        factor = seen.factor * (to_base_prices(row) if is_money else 1.0)
        low, high = (float(row[end]) if row[end] else None for end in ("low", "high"))
        point = float(row["value"]) if row["value"] else ((low or 0.0) + (high or 0.0)) / 2
        ends = (factor * (point if low is None else low), factor * point, factor * (point if high is None else high))
        notes = [seen.note, row["note"]]
        if is_money:
            notes.append(f"as published {point:g} {row['currency']} of {row['price_year']}")
        if "Project Drawdown" in row["source_title"]:
            notes.append(SECOND_HAND)
        title = row["source_title"].replace(" (as tabulated by Project Drawdown)", "")
        where = "" if "Drawdown" in row["source_where"] else row["source_where"]
        for place in seen.places:
            table.append(record(
                seen.measure, seen.parameter, place, ends, source=title, seen_at=where, source_year=row["source_year"],
                quality=int(row["quality"]), price_year=PRICE_YEAR if is_money else "",
                note="; ".join(note for note in notes if note),
            ))  # fmt: skip
    return table


def wages(rows: list[dict[str, str]], facts: list[dict[str, str]], costs: list[dict[str, str]]) -> list[Row]:
    """Day wages of farm labour in USD as published, and one of public works in Niger brought to the base year.

    Of a country that none of these is of, the wages that its records of costs were reckoned with.
    """
    table = [
        record(
            ANY, WAGE, row["iso3"], (float(row["value"]),) * 3, source=row["source"], seen_at=row["where_seen"], quality=3,
            price_year=NOT_STATED, note="; ".join(text for text in ("farm labour", row["note"]) if text),
        )
        for row in rows
        if row["parameter"] == "day_wage_farm_labour" and row["unit"] == "USD/person-day"
    ]  # fmt: skip
    known = {row["place"] for row in table}
    table += [
        record(
            ANY, WAGE, row["iso3"], (float(row["day_wage_usd"]),) * 3, source=row["source"], seen_at=row["where_seen"], quality=3,
            price_year=NOT_STATED, note=f"wage that the cost of {row['practice']} is reckoned with",
        )
        for row in costs
        if row["day_wage_usd"] and row["iso3"] not in known
    ]  # fmt: skip
    (works,) = (row for row in facts if row["item"] == "wage" and row["practice"] == "half_moon")
    a_day = float(works["value"]) / 22 * to_base_prices(works)
    table.append(record(
        ANY, WAGE, "NER", (a_day,) * 3, source=works["source_title"], seen_at=works["source_where"], quality=3,
        source_year=works["source_year"], price_year=PRICE_YEAR,
        note="public works; 30 663 FCFA a month of 2022, 22 days a month assumed",
    ))  # fmt: skip
    return table


def era_records(rows: list[dict[str, str]]) -> list[Row]:
    """Yield gains of trials south of the Sahara, a record for each crop: difference over the mean of the control plots."""
    table = []
    for row in rows:
        control = re.search(r"control mean ([\d.]+) t/ha", row["note"])
        for measure in ERA.get(row["parameter"], ()):
            if control is None:
                raise SystemExit(f"{row['parameter']}: no control mean in its note")
            # A weighted difference over a plain mean can fall below the loss of all there is.
            low, mid, high = (
                max(100 * float(row[end]) / float(control[1]), -100.0) for end in ("low", "value", "high")
            )
            crop, what = row["unit"].removeprefix("t/ha/yr "), row["parameter"].removeprefix("yield_difference_")
            for zone in AFRICA:
                table.append(record(
                    measure, "yield_gain", zone, (low, mid, high), source=row["source"], seen_at=row["where_seen"], quality=3,
                    note=f"{what.replace('_', ' ')}, {crop}, trials of Africa south of the Sahara; {row['note']}",
                ))  # fmt: skip
    return table


def tier1_records(reference: dict[str, float]) -> list[Row]:
    table = []
    for measure, (before, after, text) in TIER1.items():
        states = before if isinstance(before, tuple) else (before, before, before)
        first, middle, last = (
            {soil: stock * (after - start) / 20 for soil, stock in reference.items()} for start in states
        )
        ends = (last["sandy_soils"], middle["low_activity_clay_soils"], first["high_activity_clay_soils"])
        told = "low sandy, mid low-activity clay, high high-activity clay"
        if states is before:
            told = (
                "low least of states and soils, mid high-intensity grazing on low-activity clay, high most of states and "
                "soils; [plan].soil_state by choice"
            )
        for zone in AFRICA:
            table.append(record(
                measure, "soil_carbon_rate", zone, ends, source_year=2019, quality=2, kind="modelled",
                source="IPCC 2019 Refinement, vol. 4, Tier 1 (factors as in soil_carbon_factors.csv)",
                licence="MIT (factors by way of hestia-earth-models)",
                note=f"tropical dry climate; {text}; 20 years, 0-30 cm; {told}",
            ))  # fmt: skip
    return table


def default_records(known: set[tuple[str, str]]) -> list[Row]:
    """Expert defaults of the place "world"; none where a record can always serve instead."""
    table = []
    for parameter, by_measure in DEFAULTS.items():
        given = dict(by_measure)
        if parameter in LIKE_PARAMETERS:
            given |= {
                measure: (*by_measure[first][:3], f"as for {first}")
                for measure, like in LIKE.items()
                if (first := next((name for name in like if name in by_measure), None)) and measure not in by_measure
            }
        for measure, (low, mid, high, *note) in given.items():
            if (measure, parameter) in known and parameter not in WITHIN_ZONE:
                continue
            table.append(record(
                measure, parameter, WORLD, (low, mid, high), source=UNREAD, licence="Apache-2.0", quality=5, kind=DEFAULT,
                price_year=PRICE_YEAR if UNITS[parameter].startswith("USD") else "", note=note[0] if note else "",
            ))  # fmt: skip
    return table


def build(folder: Path) -> list[Row]:
    """All records, sorted by measure and parameter."""
    factors = read(folder, "ipcc2019/soc_tier1_factors.csv")
    reference = {
        row["category"]: float(row["value"])
        for row in factors
        if row["parameter"] == "SOC_ref" and row["climate_zone"] == "tropical_dry"
    }
    values = read(folder, "cited_values.csv")
    costs = read(folder, "cited_costs.csv")
    table = cited_costs(costs)
    table += seen_records(read(folder, "practice_parameters.csv"))
    table += era_records(values) + tier1_records(reference)
    for measure, parameter, low, mid, high, place, source, year, where, quality, text in STATED:
        table.append(
            record(
                measure, parameter, place, (low, mid, high), source=source, source_year=year, seen_at=where,
                quality=quality, note=text,
            )
        )  # fmt: skip
    table += default_records({(str(row["measure"]), str(row["parameter"])) for row in table})
    table += wages(values, read(folder, "practice_context_facts.csv"), costs)
    for row in table:
        row |= {name: f"{float(str(row[name])):.4g}" for name in (*ENDS, "labour") if row[name] != ""}
    measures = [*dict.fromkeys([*DEFAULTS["youth_share"], *LIKE, *(str(row["measure"]) for row in table)])]
    parameters = list(UNITS)
    return sorted(table, key=lambda row: (measures.index(str(row["measure"])), parameters.index(str(row["parameter"]))))


def pooled(records: pd.DataFrame) -> list[Row]:
    """What the records of the measures that can be planned give when all places are pooled; costs as published."""
    table: list[Row] = []
    for measure, of in records.groupby("measure", sort=False):
        needed = [name for name, (_, is_needed) in PARAMETERS.items() if is_needed]
        if not set(needed) <= set(of["parameter"]):
            continue
        for parameter, rows in of.groupby("parameter", sort=False):
            seen = rows[rows["kind"] != DEFAULT]
            used = seen if len(seen) else rows
            one = pool(used.to_dict("records"), Near(tuple(used["place"]), "country"))
            told = trail_row("", str(measure), str(parameter), one, UNITS[str(parameter)])
            notes = dict.fromkeys([one.note, *used["note"].fillna("").astype(str)] if len(used) == 1 else [one.note])
            addresses = dict.fromkeys(used["seen_at"].dropna().astype(str))
            years = used["source_year"].dropna()
            table.append({
                "measure": measure, "parameter": parameter, **{end: f"{told[end]:.4g}" for end in ENDS}, "unit": told["unit"],
                "price_year": told["price_year"], "currency": "USD" if told["unit"].startswith("USD") else "",
                "place": "; ".join(dict.fromkeys(used["place"].astype(str))), "source": told["source"],
                "seen_at": " ; ".join(addresses), "source_year": int(years.max()) if len(years) else "",
                "licence": "; ".join(dict.fromkeys(used["licence"])), "quality": int(one.quality), "kind": used["kind"].iloc[0],
                "note": "; ".join([*filter(None, notes), *([f"median of {len(used)} records"] if len(used) > 1 else [])]),
            })  # fmt: skip
    return table


IPCC_TABLES = {"SOC_ref": "Table 2.3", "F_LU": "Table 5.5", "F_MG": "Tables 5.5, 6.2", "F_I": "Tables 5.5, 6.2"}


def soil_carbon_rows(folder: Path) -> list[Row]:
    """Factors as collected from hestia-earth-models (its LICENSE file is MIT, though a classifier of it says GPL)."""
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
        for row in read(folder, "ipcc2019/soc_tier1_factors.csv")
    ]


def write(rows: list[Row], name: str) -> None:
    path = ROOT / "src" / "homeground" / "measures" / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{name}: {len(rows)} rows")


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = Path(sys.argv[1])
    write(build(folder), "rates/records.csv")
    from homeground.measures.rates.records import read_records

    write(pooled(read_records()), "options.csv")
    write(soil_carbon_rows(folder), "soil_carbon_factors.csv")


if __name__ == "__main__":
    main()
