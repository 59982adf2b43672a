# SPDX-License-Identifier: Apache-2.0
"""The plan by region: land, cost, work and carbon."""

from __future__ import annotations

from typing import Any

import pandas as pd

from homeground.catalogue.regions import study_regions
from homeground.language.messages import Saying
from homeground.measures.carbon_rates.steps import carbon_of
from homeground.measures.given import spread_starts
from homeground.running.steps import Work
from homeground.running.tables import LAND_UNITS, PLAN, PLAN_CARBON, PLAN_DRAWN, regions_of

PHASES = ("establishment", "season", "upkeep")
ENDS = ("", "_low", "_high")


def regions(work: Work) -> None:
    """Land, cost, work and carbon of the plan by region."""
    regions = study_regions(work.study)
    allocation = pd.read_parquet(work.results / PLAN)
    table = regions[["region_id"]].copy()
    if allocation.empty:
        sums = pd.DataFrame(index=regions["region_id"])
        pd.DataFrame().to_parquet(work.out / PLAN_CARBON)
    else:
        carbon = carbon_of(work, allocation, regions)
        sums = carbon.groupby("region_id").sum(numeric_only=True, min_count=1)
    names = [f"{what}{end}" for what in ("cost_usd", "carbon_t_co2e_per_year") for end in ENDS]
    names += [f"person_days_{phase}{end}" for phase in PHASES for end in ENDS]
    planned = not allocation.empty
    for name in ("hectares", *names):
        column: Any = sums[name].reindex(regions["region_id"]).to_numpy() if planned else float("nan")
        # A region that the plan leaves out gets zero; without a plan nothing is known.
        values = pd.Series(column, index=table.index, dtype="float64")
        # Land in the plan of which no carbon rate is known stays without one.
        left_out = ~regions["region_id"].isin(sums.index).to_numpy()
        table[f"measures_{name}"] = values.mask(left_out, 0.0) if planned else values
    # Of the same cells that the plan counts, so that a full region is full; ha / km2 is per cent.
    land = pd.read_parquet(work.results / LAND_UNITS).groupby("region_id")["area_km2"].sum()
    table["measures_share_of_region"] = (table["measures_hectares"] / table["region_id"].map(land)).round(6)
    drawn = pd.read_parquet(work.results / PLAN_DRAWN)
    table["measures_chosen"] = float("nan")
    if not drawn.empty:
        chosen = 100 * drawn.set_index("region_id")["chosen"]
        # Where no measure fits nothing is chosen; where no draw keeps the rules nothing is known.
        table["measures_chosen"] = chosen.reindex(regions["region_id"], fill_value=0.0).to_numpy()
    (work.out / "regions").mkdir()
    table.to_parquet(work.out / regions_of("measures"))
    if spread := spread_starts(work.study, [] if allocation.empty else allocation["measure"].unique().tolist()):
        work.warn(Saying("warning.soil_state", {"measures": spread}))
