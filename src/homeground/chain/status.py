# SPDX-License-Identifier: Apache-2.0
"""What stands of a run, told without reading any result: its steps, what is outdated, and what was warned of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from homeground.chain.commands import command
from homeground.chain.folders import RESULTS, results_folder
from homeground.chain.order import stages
from homeground.errors import DataError
from homeground.running.record import read_run
from homeground.running.steps import state_of
from homeground.study.model import Study


def status(study: Study, root: str | Path = RESULTS) -> list[tuple[str, str, str, dict[str, Any]]]:
    """For each step: stage, step, state (``done``, ``outdated``, ``not run``) and its record."""
    return list(state_of(study, stages(), results_folder(study, root)))


def outdated(study: Study, stage: str, root: str | Path = RESULTS) -> str:
    """That the results of a stage, or of ``plan``, are older than what they were made of; empty where they stand."""
    where, only = ("measures", "plan") if stage == "plan" else (stage, None)
    renew = f"Renew them: {command('run', study, root=root)}"
    try:
        rows = status(study, root)
    except DataError as error:  # an input that went is as much a change as one that was edited
        return f"These results may be outdated: {error} {renew}"
    old = [f"{s}.{step}" for s, step, state, _ in rows if s == where and only in (None, step) and state != "done"]
    if not old:
        return ""
    return f"These results are outdated ({', '.join(old)}): the study, its data or homeground changed. {renew}"


def warnings_of(results: Path) -> list[str]:
    """What the steps of a run warned of, each once, in order."""
    steps = read_run(results)["steps"]
    return list(dict.fromkeys(w for key in steps for w in steps[key].get("warnings", [])))
