# SPDX-License-Identifier: Apache-2.0
"""docs/coverage.md says what is true: each paragraph once, each claim backed by a command, a study and an output."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import build_coverage  # noqa: E402

from homeground.chain import order  # noqa: E402
from homeground.chain import results as reading  # noqa: E402
from homeground.study.opening import open_study, shipped_studies  # noqa: E402

ROWS = build_coverage.rows()
CLAIMED = [row for row in ROWS if row["state"] != "not yet"]


def test_page_is_current():
    assert (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8") == build_coverage.page()


def test_each_paragraph_stands_once_with_a_known_state():
    assert [int(row["paragraph"]) for row in ROWS] == list(range(1, 28))
    assert {row["state"] for row in ROWS} <= {"works", "partly", "not yet"}
    assert all(row["missing"] for row in ROWS if row["state"] != "works")


# Commands of finance that read a run: they get a made cash flow of ten years, in place of a run of half a minute.
READS_A_RUN = ("trust-fund", "diaspora")


def made_run(study, folder):
    """The one table of a run that the commands on money ask for."""
    place = folder / "results" / study / "base"
    place.mkdir(parents=True)
    years = list(range(2024, 2034))
    flows = {"year": years, "establishment_usd": [1e7] * 7 + [0.0] * 3, "upkeep_usd": 1e6, "benefit_usd": 2e6}
    pd.DataFrame(flows | {"carbon_revenue_usd": 0.0, "price_year": 2023}).to_parquet(place / "cashflow.parquet")


def homeground(*words, folder):
    return subprocess.run(
        [sys.executable, "-m", "homeground.cli.app", *words], capture_output=True, text=True, timeout=240, cwd=folder
    )


@pytest.mark.parametrize("row", CLAIMED, ids=lambda row: row["paragraph"])
def test_a_claim_names_a_command_a_study_and_an_output_that_exist(row, tmp_path):
    words = row["command"].split()
    assert words[0] == "homeground"
    if words[1] in ("accelerator", "finance"):  # done as they stand
        if words[2] in READS_A_RUN:
            made_run(words[3], tmp_path)
        done = homeground(*words[1:], folder=tmp_path)
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() if row["output"] == "terminal" else any((tmp_path / row["output"]).iterdir())
        return
    done = homeground(words[1], "--help", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert row["study"] in shipped_studies()
    open_study(row["study"])
    written = {
        output for stage in order.stages() for step in stage.steps for output in step.writes(open_study(row["study"]))
    }
    assert row["output"] in written
    if words[1] == "show" and words[3] not in ("plan", "work", "rights", "chain"):
        reading.stage_columns(words[3])
