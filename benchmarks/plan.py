# SPDX-License-Identifier: Apache-2.0
"""The Great Green Wall's plan with all prices of its rules and 200 draws; and the same made land as regions and as cells."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import Row
from homeground.chain import order
from homeground.measures import options, plan, planning_units
from homeground.measures.given import options_of
from homeground.measures.steps.plan import asked_rules
from homeground.numbers.money import Money
from homeground.running.steps import run_stages
from homeground.running.tables import LAND_UNITS
from homeground.study.opening import open_study

AIM, DRAWS = 5.0, 200
CELLS = 200  # of which each region of the made land is cut


def _flagship() -> Row:
    study = open_study("great-green-wall")
    with tempfile.TemporaryDirectory() as folder:
        for _ in run_stages(study, [stage for stage in order.stages() if stage.name == "land"], Path(folder)):
            pass
        units = planning_units(pd.read_parquet(Path(folder) / LAND_UNITS))
    table = options_of(study, chosen=True)
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        found = plan(
            units, table, budget=Money(4.3e9, "USD", None), years=(2024, 2030), rules=asked_rules(study.plan.rules),
            even_pace=True, floors_up_to_capacity=True, land_ceiling=0.25, draws=DRAWS,
        )  # fmt: skip
        seconds.append(time.perf_counter() - began)
    said = f"{min(seconds):.1f} s; {len(units)} units, {len(found.allocation)} of them with measures by {len(table)} options"
    what = f"plan of the Great Green Wall with the prices of its rules and {DRAWS} draws; peer: {AIM:g} seconds"
    best = min(seconds)
    return Row(what, ours=1 / best, peer=1 / AIM, ratio=AIM / best, must=None, aim=1.0, unit="plans/s", agreement=said)


def _resolution() -> Row:
    rng = np.random.default_rng(1)
    land = {"aridity_class": "semi-arid", "cover_class": "cropland", "rain_mm": 500.0, "area_km2": 100.0}
    regions = pd.DataFrame(
        [
            {"region_id": f"{iso3}{k}", "iso3": iso3, **land, "need": rng.uniform()}
            for iso3 in ("NER", "MLI")
            for k in range(25)
        ]
    )
    cells = pd.concat([regions.assign(area_km2=regions["area_km2"] / CELLS)] * CELLS, ignore_index=True)
    cells["region_id"] += "-" + (cells.index // len(regions)).astype(str)
    asked = {"years": (2025, 2025), "rules": {"women": 0.3, "country_floor": 0.2}, "with_interval": False}
    money, table = Money(5e7, "USD", 2023), options()
    table = table.assign(**{f"adoption_ceiling_{end}": 1.0 for end in ("low", "mid", "high")})  # a cell is taken whole
    by_region = plan(regions, table, budget=money, **asked)  # type: ignore[arg-type]
    began = time.perf_counter()
    by_cell = plan(cells, table, budget=money, engine="whole_units", **asked)  # type: ignore[arg-type]
    took = time.perf_counter() - began
    lost = 1 - by_cell.objective / by_region.objective
    return Row(
        f"the same made land as {len(regions)} regions (peer) and as {len(cells)} cells that take one measure each",
        ours=by_cell.objective, peer=by_region.objective, ratio=by_cell.objective / by_region.objective, must=None,
        aim=None, unit="weighted ha", agreement=f"{lost:.2%} lost by one measure a cell, gap to its own bound {by_cell.gap:.1e}, {took:.1f} s",
    )  # fmt: skip


def run() -> list[Row]:
    """Both."""
    return [_flagship(), _resolution()]
