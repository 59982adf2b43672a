# SPDX-License-Identifier: Apache-2.0
"""What stands of a run, told without reading any result: its steps, what is outdated, and what was warned of."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from homeground.chain.commands import command
from homeground.chain.folders import RESULTS, results_folder
from homeground.chain.order import stages
from homeground.errors import DataError
from homeground.language.messages import Saying, tell
from homeground.running.outputs import unlike
from homeground.running.record import older_results, read_run
from homeground.running.steps import state_of
from homeground.running.warnings import run_warnings
from homeground.study.model import Study


def status(study: Study, root: str | Path = RESULTS) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Which steps of a study stand, and what was recorded of each.

    Parameters
    ----------
    study : Study
        With a scenario merged in, or without.
    root : str or Path
        Folder of all results.

    Returns
    -------
    list of (stage, step, state, record)
        In the order of the run. state: ``done``, ``outdated`` (the study, its data or the code changed) or ``not run``.
        record: seconds, outputs, inputs and warnings as `run.json` keeps them; empty where the step never ran.

    Raises
    ------
    DataError
        A file that the study names is no longer there.
    """
    return list(state_of(study, stages(), results_folder(study, root)))


def require_current(study: Study, results: Path, root: str | Path = RESULTS) -> None:
    """Refuse results that an older homeground wrote in another form, or that are no longer as they were written.

    Parameters
    ----------
    study : Study
    results : Path
        Its results folder.
    root : str or Path
        What the user gave as folder of all results.

    Raises
    ------
    DataError
        They are of an older form, or changed or cut since; the command that renews them is named.
    """
    renew = command("run", study, root=root)
    if older_results(results):
        raise DataError(f"the results in {results} were written by an older homeground. Run again: {renew}")
    steps = read_run(results)["steps"].items()
    written = [
        step["outputs"] for key, step in steps if not key.startswith("brief.")
    ]  # what the brief wrote is not read
    if changed := sorted(output for outputs in written for output in unlike(results, outputs, outputs)):
        raise DataError(
            f"in {results}, {', '.join(changed[:5])} {'is' if len(changed) == 1 else 'are'} not as the run wrote "
            f"{'it' if len(changed) == 1 else 'them'}. Run again: {renew}"
        )


def require_standing(study: Study, root: str | Path = RESULTS) -> Path:
    """The results folder of a study, all of whose steps but the brief stand: of others nothing is written for others to read.

    Parameters
    ----------
    study : Study
    root : str or Path
        Folder of all results.

    Returns
    -------
    Path
        The results folder.

    Raises
    ------
    DataError
        A step has not run or is outdated, or see `require_current`; the command that renews them is named.
    """
    results = results_folder(study, root)
    require_current(study, results, root)
    old = [f"{stage}.{step}" for stage, step, state, _ in status(study, root) if state != "done" and stage != "brief"]
    if old:
        raise DataError(
            f"the results in {results} do not stand ({', '.join(old[:4])}{', ...' if len(old) > 4 else ''} not run or "
            f"outdated). Run again first: {command('run', study, root=root)}"
        )
    return results


def outdated(study: Study, stage: str, root: str | Path = RESULTS) -> Saying | None:
    """That the results of a stage, or of ``plan``, are older than what they were made of; None where they stand.

    Parameters
    ----------
    study : Study
        With a scenario merged in, or without.
    stage : str
        One of `REGION_STAGES`, or ``plan``: the step of the stage measures that makes the plan.
    root : str or Path
        Folder of all results.

    Returns
    -------
    Saying or None
        A sentence that names the steps and the command that renews them.
    """
    where, only = ("measures", "plan") if stage == "plan" else (stage, None)
    renew = command("run", study, root=root)
    try:
        rows = status(study, root)
    except DataError as error:  # an input that went is as much a change as one that was edited
        return Saying("terminal.outdated_perhaps", {"error": str(error), "command": renew})
    old = [f"{s}.{step}" for s, step, state, _ in rows if s == where and only in (None, step) and state != "done"]
    if not old:
        return None
    return Saying("terminal.outdated", {"steps": ", ".join(old), "command": renew})


def warnings_of(results: Path, code: str = "en", stages: Collection[str] = ()) -> list[str]:
    """What the steps of a run warned of, each once; what can turn an answer stands first.

    Parameters
    ----------
    results : Path
        Folder of one scenario's results, see `results_folder`.
    code : str
        Language; a text of an older version stays English.
    stages : collection of str
        Only what these stages warned of; empty: all.

    Returns
    -------
    list of str
        Sentences; empty where nothing was warned of or nothing has run.
    """
    return [w if isinstance(w, str) else tell([w], code) for w in run_warnings(results, stages)]
