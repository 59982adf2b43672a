# SPDX-License-Identifier: Apache-2.0
"""Make figures/effects.csv from a collected table of published effects and the curation beside this file.

    python tools/build_effects.py published_effects.csv
    python tools/build_effects.py published_effects.csv --with-hoffmann-lines elsewhere.csv

The collected table has one row per effect as it was seen in a source; `effects_curation.csv` says for each row
what it is in the library: its study (cluster), countries, driver, direction, contrast, sign where the text prints
no number, and why it is not pooled. A collected row without curation stops the build, so nothing slips in.

Two kinds of rows stay out of the shipped table, and the build says how many:
the 110 lines that came by way of one data file (Hoffmann et al. 2020, doi 10.7910/DVN/HYRXVV), whose licence was
not found, and six contrasts of that article's table 1, so that its table is not reprinted. The second form writes
them as well, to a file of your own, for an analyst who has obtained the data; it refuses to write into the package.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from pathlib import Path

import pandas as pd

from homeground.evidence.effects import COLUMNS, NUMBERS, check_effects
from homeground.evidence.ladder import published_level

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "src" / "homeground" / "catalogue" / "figures" / "effects.csv"
IDENTITY = ["study", "year", "place", "driver", "driver_measure", "outcome", "outcome_measure"]
# collected name -> library name, where they differ
RENAMED = {"year": "year_published", "se": "standard_error", "low": "ci_low", "high": "ci_high", "doi_or_url": "source"}
RENAMED |= {"where_seen": "source_seen"}
DISTINCT_DRIVERS = {"drought / rainfall shortage": "drought", "rainfall": "rain", "excess rain / flood": "excess rain"}
DISTINCT_DRIVERS |= {"excess temperatures": "excess temperature", "extreme temperatures": "extreme temperature"}
SAME_DATA = {"Beine & Parsons 2017": "beine-parsons-2015", "Marchiori et al. 2017": "marchiori-et-al-2012"}
SAME_DATA |= {"Naude 2010": "naude-2009"}
OPEN_FACT = "single fact, cited"


def key_of(row: pd.Series) -> str:
    return hashlib.sha1("|".join(row[name] for name in IDENTITY).encode(), usedforsecurity=False).hexdigest()[:10]


def curated(collected: pd.DataFrame, curation: pd.DataFrame) -> pd.DataFrame:
    """Collected rows with their curation laid over them; a row may give several effects."""
    base = collected.rename(columns=RENAMED)
    rows = []
    for _, line in curation.iterrows():
        row = base.loc[line["key"]].to_dict()
        kept = {name: value for name, value in line.items() if value and name != "key"}
        # Curated signs mean that no number was printed; the collected metric is then only a guess.
        row["metric"] = "sign_only" if not row["estimate"] else row["metric"]
        row |= {"kind": "published", "licence": OPEN_FACT} | kept
        row |= {name: "" for name, value in kept.items() if value == "none"}
        row["use_for_pooling"] = "no" if kept.get("why_not_pooled") else "yes"
        level = published_level(row["driver"], row["design"], int(row["evidence_level"]))
        rows.append(row | {"evidence_level": str(level)})
    return pd.DataFrame(rows).reindex(columns=list(COLUMNS)).fillna("")


def hoffmann_lines(collected: pd.DataFrame) -> pd.DataFrame:
    """The representative lines of the 2020 meta-analysis, for one's own use: their licence was not found."""
    rows = collected.rename(columns=RENAMED).copy()
    slug = rows["study"].map(lambda name: re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"))
    rows["effect_id"] = [f"hoffmann-line-{number:03d}" for number in range(1, len(rows) + 1)]
    rows["cluster"] = rows["study"].map(SAME_DATA).fillna(slug)
    rows["region"] = rows["place"].map({"SSA": "Sub-Saharan Africa", "South Asia": "Southern Asia"}).fillna("World")
    rows["driver"] = rows["driver"].replace(DISTINCT_DRIVERS)
    rows["driver_direction"] = "more"
    rows["contrast"] = rows["driver_measure"].map({"+1 SD, level or event": "1 SD"}).fillna("1 SD anomaly")
    # A rate of urbanisation is a stock-based stand-in for internal moves and is not pooled with them.
    rows["outcome"] = rows["outcome"].mask(rows["outcome_measure"] == "urbanisation rate", "urbanisation")
    why = pd.Series("", index=rows.index)
    why = why.mask(rows["study"] == "Marchiori et al. 2017", "the same estimates as Marchiori et al. 2012")
    why = why.mask(rows["study"] == "Cattaneo & Peri 2016", "opposite signs for poor and middle-income origins")
    why = why.mask(rows["note"].str.contains("SCALE IMPLAUSIBLE"), "its scale is implausible (3.9 SD)")
    rows["why_not_pooled"] = why
    rows["use_for_pooling"] = why.eq("").map({True: "yes", False: "no"})
    rows = rows.assign(stance="environment", kind="published", licence="not stated", iso3s="", moderator="", sign="")
    return rows.reindex(columns=list(COLUMNS)).fillna("")


def build(collected: pd.DataFrame, curation: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Shipped rows, lines of unclear licence, and the count of moderator contrasts left out."""
    second_hand = collected["doi_or_url"].str.contains("10.7910/DVN/HYRXVV", regex=False)
    own = collected[~second_hand].copy()
    own.index = pd.Index(own.apply(key_of, axis=1))
    unknown = sorted(set(curation["key"]) - set(own.index))
    contrasts = own["driver_measure"].str.startswith("moderator:") & ~own.index.isin(curation["key"])
    unseen = own[~own.index.isin(curation["key"]) & ~contrasts]
    if unknown or len(unseen):
        names = "; ".join([*unseen["study"] + " " + unseen.index, *unknown])
        sys.exit(f"Curation and collected table do not match (rows without curation; curation without a row): {names}")
    return curated(own, curation), hoffmann_lines(collected[second_hand]), int(contrasts.sum())


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collected", type=Path)
    parser.add_argument("--with-hoffmann-lines", type=Path, metavar="FILE")
    options = parser.parse_args()
    shipped, unclear, contrasts = build(read(options.collected), read(HERE / "effects_curation.csv"))
    target = TARGET
    if options.with_hoffmann_lines:
        target = options.with_hoffmann_lines.resolve()
        if TARGET.parents[1] in target.parents:
            sys.exit("Rows of unclear licence do not go into the package. Name a file elsewhere.")
        shipped = pd.concat([shipped, unclear], ignore_index=True)
    check_effects(shipped)
    order = ["effect_id", "study", "cluster", "year_published", *[c for c in COLUMNS if c not in NUMBERS]]
    order = list(dict.fromkeys([*order[:4], *order[4:], *NUMBERS]))
    target.parent.mkdir(parents=True, exist_ok=True)
    shipped[order].to_csv(target, index=False, lineterminator="\n")
    left = "written as well" if options.with_hoffmann_lines else "left out (licence not found)"
    print(f"{target.name}: {len(shipped)} effects of {shipped['cluster'].nunique()} studies")
    print(f"{len(unclear)} lines of doi 10.7910/DVN/HYRXVV {left}; {contrasts} contrasts of its table 1 left out")


if __name__ == "__main__":
    main()
