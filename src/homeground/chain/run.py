# SPDX-License-Identifier: Apache-2.0
"""Run a study; write its brief."""

from __future__ import annotations

import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.chain.checks import validate
from homeground.errors import DataError, StudyError
from homeground.running.steps import Event, Stage, run_stages
from homeground.study.model import Study
from homeground.study.opening import open_study

if TYPE_CHECKING:
    pass
from homeground.chain.commands import command
from homeground.chain.folders import RESULTS, results_folder
from homeground.chain.order import stages
from homeground.chain.results import require_current, status

RECORDED_PACKAGES = ("numpy", "pandas", "xarray", "geopandas", "exactextract", "rasterio", "scipy")


def run(
    study: Study | str | Path,
    only: list[str] | None = None,
    scenario: str | None = None,
    *,
    start: str | None = None,
    force: bool = False,
    root: str | Path = RESULTS,
    on_event: Callable[[Event], None] = lambda _: None,
) -> Path:
    """Run a study and return the folder of its results; steps that stand are skipped.

    Parameters
    ----------
    study : Study, str or Path
        A study, its id, folder or file.
    only : list of str, optional
        Only these stages.
    scenario : str, optional
        A scenario the study declares; ``base`` if none.
    start : str, optional
        This stage and those after it.
    force : bool
        Run the chosen steps again even if they stand.
    root : str or Path
        Folder of all results.
    on_event : callable
        Called with an `Event` before each step that runs and after each stage, to show progress.

    Returns
    -------
    Path
        ``root/<study>/<scenario>``.

    Raises
    ------
    StudyError, DataError, CatalogueError, PlanError
        With what was expected, what was found, where, and what to do.
    """
    opened = study if isinstance(study, Study) and scenario is None else _reopen(study, scenario)
    validate(opened)
    chain = stages()
    chosen = _chosen(chain, only or [], start)
    results = results_folder(opened, root)
    for event in run_stages(
        opened,
        chain,
        results,
        only=chosen,
        force=chosen or [s.name for s in chain] if force else (),
        facts=_facts(opened),
    ):
        on_event(event)
    return results


def brief(study: Study, language: str, *, root: str | Path = RESULTS, to: Path | None = None) -> list[Path]:
    """Write the brief of a study that has run, as PDF and HTML.

    Parameters
    ----------
    study : Study
        With a scenario merged in, or without.
    language : str
        Code of a language, such as "fr".
    root : str or Path
        Folder of all results.
    to : Path, optional
        Folder to write to; left out: that of the results.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    StudyError
        The language is unknown; the known ones are listed.
    DataError
        The study has not run, or its results are older than the study, its data or this version.
    """
    from homeground.brief.policy_brief.render import write_brief

    results = results_folder(study, root)
    require_current(study, results, root)
    old = [f"{stage}.{step}" for stage, step, state, _ in status(study, root) if state != "done" and stage != "brief"]
    if old:
        raise DataError(
            f"the results in {results} do not stand ({', '.join(old[:4])}{', ...' if len(old) > 4 else ''} not run or "
            f"outdated). Run again first: {command('run', study, root=root)}"
        )
    return write_brief(results, study, language, to or results)


def _reopen(study: Study | str | Path, scenario: str | None) -> Study:
    return open_study(study.folder if isinstance(study, Study) else study, scenario)


def _chosen(chain: tuple[Stage, ...], only: list[str], start: str | None) -> list[str]:
    names = [stage.name for stage in chain]
    unknown = [n for n in [*only, *([start] if start else [])] if n not in names]
    if unknown:
        raise StudyError(f"no stage {', '.join(unknown)}; the stages are: {', '.join(names)}.")
    return only or (names[names.index(start) :] if start else [])


def _facts(study: Study) -> dict[str, Any]:
    return {
        "study": study.id,
        "title": study.title,
        "scenario": study.scenario_name,
        "homeground": version("homeground"),
        "python": platform.python_version(),
        "packages": {p: version(p) for p in RECORDED_PACKAGES},
    }
