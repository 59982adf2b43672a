# SPDX-License-Identifier: Apache-2.0
"""Run a study of every country of the atlas in one process, without a brief, and write what is known of each.

    python -m tools.run_world [--only ISO3 ...] [--results FOLDER] [--page docs/world.md]

Each either finishes or is refused with a reason (exit 3 of the command line); anything else is a fault and ends with 1.
The studies are those that ``homeground new --country`` writes, with a made budget, so that planning and money are tried too.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from tools.build_atlas import ATLAS, read_table
from tools.world_page import write_page

from homeground.catalogue import atlas
from homeground.catalogue.regions import ellipsoid_area
from homeground.chain.order import stages
from homeground.chain.run import run
from homeground.cli.own.from_codes import new_study
from homeground.errors import HomegroundError, PlanError
from homeground.language.messages import Saying
from homeground.running.warnings import run_warnings

BUDGET = (
    '[plan]\nbudget = { amount = "10e6 USD", price_year = 2023, per = "year", years = [2027, 2033], source = "made" }'
)
REFUSED = 3


def study_of(iso3: str, folder: Path) -> Path:
    """The study that ``homeground new`` writes, with a made budget."""
    new_study([iso3], folder)
    file = folder / "study.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("[plan]", BUDGET, 1), encoding="utf-8")
    return file


def run_one(iso3: str, folder: Path) -> dict[str, Any]:
    """Run the stages before the brief of one country, and say how it ended."""
    began = time.perf_counter()
    found: dict[str, Any] = {"iso3": iso3, "end": "finished", "reason": "", "plan": True, "warnings": []}
    try:
        found |= _stages_of(iso3, folder)
    except HomegroundError as error:
        found |= {"end": "refused" if error.exit_code == REFUSED else f"exit {error.exit_code}", "reason": str(error)}
    except Exception as error:
        frames = [one for one in traceback.extract_tb(error.__traceback__) if "homeground" in one.filename]
        places = " ".join(f"{Path(one.filename).name}:{one.lineno}" for one in frames[-3:])
        found |= {"end": "fault", "reason": f"{type(error).__name__}: {error} ({places})"}
    return found | {"seconds": time.perf_counter() - began}


def _stages_of(iso3: str, folder: Path) -> dict[str, Any]:
    """Run with the made budget; where nothing can be planned, without one, as the study is written."""
    wanted = [stage.name for stage in stages() if stage.name != "brief"]
    study, found = study_of(iso3, folder / iso3), {}
    try:
        results = run(study, wanted, root=folder / "results")
    except PlanError as error:
        study.write_text(study.read_text(encoding="utf-8").replace(BUDGET, "[plan]", 1), encoding="utf-8")
        results = run(study, wanted, root=folder / "results")
        found = {"plan": False, "reason": str(error)}
    said = [one for one in run_warnings(results) if isinstance(one, Saying)]
    return found | {"warnings": [one.message.removeprefix("warning.") for one in said]}


def areas() -> pd.DataFrame:
    """Area of each country's polygons, and the official total and land area where they are published, km2."""
    codes = [row["iso3"] for row in read_table(ATLAS / "countries.csv")]
    rows = []
    for iso3 in codes:
        units = atlas.regions([iso3])
        published = atlas.profile([iso3]).set_index("indicator")["value"]
        official = {which: published.get(f"area_{which}") for which in ("total", "land")}
        rows.append({"iso3": iso3, "regions": len(units), "drawn": float(ellipsoid_area(units).sum()), **official})
    return pd.DataFrame(rows).set_index("iso3")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", nargs="*", help="these countries")
    parser.add_argument("--page", type=Path, help="write the page here")
    parser.add_argument("--table", type=Path, help="write the table here as CSV")
    options = parser.parse_args()
    rows = read_table(ATLAS / "countries.csv")
    codes = options.only or [row["iso3"] for row in rows]
    found = []
    with TemporaryDirectory() as folder:
        for iso3 in codes:
            found.append(run_one(iso3, Path(folder)))
            print(f"{iso3} {found[-1]['seconds']:6.1f} s  {found[-1]['end']:9} {found[-1]['reason'][:300]}", flush=True)
    if options.table:
        pd.DataFrame(found).to_csv(options.table, index=False)
    if options.page:
        write_page(options.page, found, areas())
    if any(one["end"] not in ("finished", "refused") for one in found):
        sys.exit(1)


if __name__ == "__main__":
    main()
