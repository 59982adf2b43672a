# SPDX-License-Identifier: Apache-2.0
"""The step of value chains: chains of the study's countries worked out, and what rural industry must earn."""

from __future__ import annotations

import pandas as pd

from homeground.finance.value_chain.given import chains_of
from homeground.finance.value_chain.shipped import chain_table, equipment_table
from homeground.language.messages import Saying
from homeground.running.steps import Work
from homeground.running.tables import RURAL_INDUSTRY, VALUE_CHAIN


def chain(work: Work) -> None:
    """Chains stage by stage, with what is absent and why; equipment with what it must earn a year."""
    rows = chains_of(work.study)
    parts = [
        chain_table(one).assign(chain=str(name), iso3=str(iso3))
        for (name, iso3), one in rows.groupby(["chain", "iso3"], sort=False)
    ]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if parts:
        table = table[["chain", "iso3", *[name for name in table.columns if name not in ("chain", "iso3")]]]
        table["quality"] = table["quality"].astype("Int64")
        costs = table[(table["item"] == "cost") & (table["absent"] == "")]
        if costs.empty:
            work.warn(Saying("warning.chain_costs"))
    table.to_parquet(work.out / VALUE_CHAIN)
    equipment_table(work.study.finance.discount_rate).to_parquet(work.out / RURAL_INDUSTRY)
