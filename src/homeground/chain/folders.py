# SPDX-License-Identifier: Apache-2.0
"""Where results lie."""

from __future__ import annotations

from pathlib import Path

from homeground.study.model import Study

# Stages that publish columns by region in ``regions/<stage>.parquet``, in the order in which they run.
REGION_STAGES = ("land", "people", "evidence", "measures", "finance", "risk")
RESULTS = Path("results")  # where results lie if the user names no other folder


def results_folder(study: Study, root: str | Path = RESULTS) -> Path:
    """Where the results of a study's scenario lie: ``root/<study>/<scenario>``."""
    return Path(root) / study.id / study.scenario_name
