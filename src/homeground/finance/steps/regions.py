# SPDX-License-Identifier: Apache-2.0
"""What each region bears and gains of the plan."""

from __future__ import annotations

import pandas as pd

from homeground.catalogue.regions import study_regions
from homeground.finance.regional import share_by_region
from homeground.running.steps import Work
from homeground.running.tables import CASHFLOW, PLAN, regions_of

REGION_COLUMNS = [f"{name}{end}" for name in ("cost_usd", "benefit_usd", "npv_usd") for end in ("", "_low", "_high")]


def regions(work: Work) -> None:
    """What each region bears and gains of the plan, in present value."""
    regions = study_regions(work.study)
    flows = pd.read_parquet(work.results / CASHFLOW)
    table = regions[["region_id"]].copy()
    (work.out / "regions").mkdir()
    if flows.empty:
        for name in (*REGION_COLUMNS, "benefit_cover"):
            table[f"finance_{name}"] = pd.Series(float("nan"), index=table.index, dtype="float64")
    else:
        allocation = pd.read_parquet(work.results / PLAN)
        shared = share_by_region(flows, allocation, rate=work.study.finance.discount_rate)
        out = shared.reindex(regions["region_id"])
        # A region that the plan leaves out costs and gains nothing; NaN is kept for benefits that cannot be valued.
        out.loc[~out.index.isin(shared.index), REGION_COLUMNS] = 0.0
        for name in (*REGION_COLUMNS, "benefit_cover"):
            table[f"finance_{name}"] = out[name].to_numpy(float)
    table.to_parquet(work.out / regions_of("finance"))
