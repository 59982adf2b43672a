# SPDX-License-Identifier: Apache-2.0
"""Single facts, each cited to where it was published: targets, pledges, results, SDG 15.3.1, with contradictions.

They come from sources without an open licence, so they are quoted one by one and never grow into copied tables.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd
from tools.figures_people import M49

WALL = "Great Green Wall"
ACRE = 0.40468564224  # ha, international acre


def targets() -> pd.DataFrame:
    """Targets, needs and pledges; readings that contradict each other stand side by side, each with its source."""
    table = pd.read_csv(Path(__file__).with_name("figures_targets.csv"), keep_default_na=False)
    numbers = ["year", "value", "low", "high"]
    table[numbers] = table[numbers].apply(pd.to_numeric)
    return table


RESULTS = {
    "plants_produced": "plants_produced", "reforested": "reforested_area", "restored": "restored_area",
    "assisted_natural_regeneration": "assisted_regeneration_area", "windbreaks": "windbreak_length",
    "trained": "people_trained", "jobs": "jobs_reported", "seed_produced": "seed_produced", "terraces": "terraced_area",
    "reclaimed_for_agriculture": "reclaimed_farmland_area", "shelterbelt": "windbreak_length",
    "beneficiaries": "beneficiaries", "trees_planted": "trees_planted", "planted": "planted_area",
    "plots_greener_than_counterfactual": "plots_greener_than_counterfactual", "survival": "seedling_survival",
    "restored_in_strict_zone": "restored_area_strict_zone", "revenue": "revenue",
    "current_restoration_rate": "current_restoration_rate", "zone_area": "zone_area",
    "GGWO_projects_tracked": "projects_tracked", "target_beneficiaries": "target_beneficiaries",
}  # fmt: skip
# Not carried over: a count of indicators and of districts, and one project's area, which are no results of the Wall.
LEFT_OUT = {"HRMF_core_indicators", "ggw_woredas", "HIMO_pastoral_restored"}


def results(shared: Path) -> pd.DataFrame:
    """What the Wall is reported to have achieved, by country; areas in ha, the unit of the source in the note."""
    several = {"GGW11": WALL, "BFA;TCD;ETH;MLI;NGA": "Burkina Faso, Chad, Ethiopia, Mali and Nigeria together"}
    rows = []
    with (shared / "measures/ggw_country_results.csv").open(encoding="utf-8") as text:
        kept = [row for row in csv.DictReader(text) if row["indicator"] not in LEFT_OUT]
    for row in kept:
        value, unit, notes = float(row["value"]), row["unit"], [f"period: {row['period']}", row["note"]]
        if unit == "acres":
            notes.insert(0, f"published as {value:,.0f} acres")
            value, unit = float(round(value * ACRE)), "ha"
        years = re.findall(r"\d{4}", row["period"])
        where = row["source_where"].split(" (seen")[0].removeprefix("https://").removeprefix("http://")
        rows.append({
            "iso3": "" if row["country"] in several else row["country"],
            "place": several.get(row["country"], ""),
            "year": int(years[-1]) if years else None,
            "indicator": RESULTS[row["indicator"]],
            "value": value,
            "unit": unit,
            "source": f"{row['source_title']}, {where.removeprefix('www.')}",
            "note": "; ".join(note for note in notes if note),
        })  # fmt: skip
    return pd.DataFrame(rows)


def sdg_15_3_1(shared: Path) -> pd.DataFrame:
    """Share of degraded land that countries reported for 2015."""
    raw = pd.read_csv(shared / "land/unsdg/ag_lnd_dgrd.csv")
    iso3 = raw["geo_area"].map({code: country for country, code in M49.items()})
    return pd.DataFrame({"iso3": iso3, "value": raw["ag_lnd_dgrd"]}).dropna().assign(
        place="", year=2015, indicator="sdg_15_3_1", unit="% of land area",
        source="UN SDG database, series AG_LND_DGRD, unstats.un.org/sdgs/indicators/database",
        note="reported by the country; to show, never to rank, average or feed onward: reporting practice differs",
    )  # fmt: skip


def cited_facts(shared: Path, remittances: pd.DataFrame) -> pd.DataFrame:
    table = pd.concat([targets(), results(shared), sdg_15_3_1(shared), remittances], ignore_index=True)
    return table.assign(licence="single fact, cited", kind="published")
