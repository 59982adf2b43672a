# SPDX-License-Identifier: Apache-2.0
"""Writes a proposal or the pack of a pilot, and says which files."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from homeground.accelerator import open_registry
from homeground.brief.accelerator.cop_report.write import left_out
from homeground.brief.pilot.write import write_pack
from homeground.brief.proposal.given import read_given
from homeground.brief.proposal.write import write_proposal
from homeground.chain.status import require_standing
from homeground.cli.console import json_text
from homeground.cli.options import day_of
from homeground.finance.pilot.given import read_projects
from homeground.running.writing import writes_to
from homeground.study.opening import open_study


def write_files(
    name: str,
    fund: str,
    given: Path | None,
    language: str,
    to: Path,
    *,
    on: str | None,
    scenario: str | None,
    root: Path,
    as_json: bool,
) -> None:
    """Write a proposal from results that stand."""
    study, day, own = open_study(name, scenario), day_of(on), read_given(given)
    results = require_standing(study, root)
    with writes_to(to, "the proposal"):
        written = write_proposal(results, study, fund, language, to, on=day, given=own)
    _tell(written, language, as_json=as_json)


def write_pilot(
    name: str,
    projects: str | None,
    design: Path | None,
    language: str,
    to: Path,
    *,
    on: str | None,
    scenario: str | None,
    as_json: bool,
) -> None:
    """Write the pack of a pilot."""
    study, day = open_study(name, scenario), day_of(on)
    table = None if projects is None else _projects(projects)
    with writes_to(to, "the pack"):
        written = write_pack(study, language, to, on=day, projects=table, design=design)
    _tell(written, language, as_json=as_json)


def _projects(given: str) -> pd.DataFrame:
    """Projects of a table, or of a registry with the countries of each; what a registry does not know is asked for."""
    if given.endswith(".csv"):
        return read_projects(Path(given))
    with open_registry(given) as registry:
        projects, places = registry.table("projects"), registry.table("project_countries")
    codes = places.groupby("project")["iso3"].agg(";".join)
    return projects[["project"]].assign(iso3=projects["project"].map(codes)).reset_index(drop=True)


def _tell(written: list[Path], language: str, *, as_json: bool) -> None:
    for reason in left_out(language):
        print(reason, file=sys.stderr)
    if as_json:
        print(json_text([str(path) for path in written], indent=1))
        return
    print("\n".join(f"wrote {path}" for path in written))
