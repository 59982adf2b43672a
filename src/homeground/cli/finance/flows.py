# SPDX-License-Identifier: Apache-2.0
"""The cash flow of the plan of a study that has run, for all commands that finance it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from homeground.chain.commands import command
from homeground.chain.folders import results_folder
from homeground.chain.status import status
from homeground.errors import DataError
from homeground.running.tables import CASHFLOW
from homeground.study.model import Study


def flows_of(study: Study, root: Path) -> pd.DataFrame:
    """The cash flow; that of a study whose prices, land or rules changed since is refused, for sheets are made of it."""
    file, run = results_folder(study, root) / CASHFLOW, command("run", study, root=root)
    if not file.is_file():
        raise DataError(f"{study.id} has no cash flow in {file.parent}. Run first: {run}")
    old = [step for stage, step, state, _ in status(study, root) if stage == "finance" and state == "outdated"]
    if old:
        raise DataError(
            f"the cash flow in {file.parent} is outdated: the study, its data or this version changed. Run again: {run}"
        )
    flows = pd.read_parquet(file)
    if flows.empty:
        raise DataError(f"{study.id} has no plan, so there is nothing to finance. Give it a budget: [plan.budget].")
    return flows
