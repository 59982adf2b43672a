# SPDX-License-Identifier: Apache-2.0
"""Builds the tables of published figures in src/homeground/catalogue/figures from the collected originals.

Run from the top of the checkout, with `rdata` installed beside the development environment:

    PYTHONPATH=src python -m tools.build_figures ../shared/data [name of a table ...]
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from tools import figures_corridors, figures_facts, figures_land, figures_people

from homeground.catalogue.atlas.outlines import read_outlines

TOP = Path(__file__).resolve().parents[1]
FOLDER = TOP / "src/homeground/catalogue/figures"
REGIONS = TOP / "src/homeground/catalogue/atlas/regions.parquet"
COUNTRIES = TOP / "src/homeground/catalogue/atlas/countries.csv"
COLUMNS = ["iso3", "place", "year", "indicator", "value", "unit", "low", "high", "source", "licence", "kind", "note"]


def build(name: str, shared: Path) -> pd.DataFrame:
    match name:
        case "net_migration":
            return figures_people.net_migration(shared)
        case "displacement":
            return figures_people.displacement(shared)
        case "refugee_flows":
            return figures_people.refugee_flows(shared)
        case "remittances":
            return figures_people.remittances(shared)[0]
        case "remittance_corridors":
            countries = pd.read_csv(COUNTRIES, keep_default_na=False)
            return figures_corridors.corridors(shared, countries)
        case "cited_facts":
            return figures_facts.cited_facts(shared, figures_people.remittances(shared)[1])
        case "bale_ndvi":
            return figures_land.bale_ndvi(shared)
        case "country_climate":
            return figures_land.country_climate(shared, read_outlines(REGIONS))
        case "horn_rain":
            return figures_land.horn_rain(shared, read_outlines(REGIONS))
    msg = f"No table is called {name}. Known: {', '.join(NAMES)}."
    raise SystemExit(msg)


NAMES = (
    "bale_ndvi",
    "cited_facts",
    "country_climate",
    "displacement",
    "horn_rain",
    "net_migration",
    "refugee_flows",
    "remittance_corridors",
    "remittances",
)


def write(table: pd.DataFrame, path: Path) -> None:
    table = table.reindex(columns=COLUMNS)
    table["year"] = table["year"].astype("Int64")
    for column in set(COLUMNS) - {"year", "value", "low", "high"}:
        table[column] = table[column].astype(object).fillna("")
    for column in ("value", "low", "high"):
        # 17 digits would only copy the noise of the arithmetic; whole numbers print without a point.
        table[column] = table[column].map(lambda number: "" if pd.isna(number) else f"{number:.12g}")
    table = table.sort_values(["indicator", "iso3", "place", "year", "source"], kind="stable")
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    print(f"{path.name}: {len(table)} rows, {path.stat().st_size / 1e3:.0f} kB")


def main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    for name in sys.argv[2:] or NAMES:
        write(build(name, Path(sys.argv[1])), FOLDER / f"{name}.csv")


if __name__ == "__main__":
    main()
