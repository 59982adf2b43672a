# SPDX-License-Identifier: Apache-2.0
"""Run a study."""

from __future__ import annotations

import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from homeground.chain.checks import validate
from homeground.chain.folders import RESULTS, results_folder
from homeground.chain.order import stages
from homeground.errors import StudyError
from homeground.running.steps import Event, run_stages
from homeground.study.model import Study
from homeground.study.opening import in_language, open_study

RECORDED_PACKAGES = ("numpy", "pandas", "xarray", "geopandas", "exactextract", "rasterio", "scipy")


def run(
    study: Study | str | Path,
    only: list[str] | None = None,
    scenario: str | None = None,
    *,
    start: str | None = None,
    force: bool = False,
    language: str | None = None,
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
    language : str, optional
        Of page, workbook and forms; left out: the first of ``[brief].languages``.
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
    opened = in_language(opened, language)
    validate(opened)
    chain = stages()
    chosen = chosen_stages(only, start)
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


def _reopen(study: Study | str | Path, scenario: str | None) -> Study:
    return open_study(study.folder if isinstance(study, Study) else study, scenario)


def chosen_stages(only: list[str] | None, start: str | None) -> list[str]:
    """Stages that a run is asked for by name.

    Parameters
    ----------
    only : list of str, optional
        These alone.
    start : str, optional
        This one and those after it.

    Returns
    -------
    list of str
        Empty where all are asked for.

    Raises
    ------
    StudyError
        There is no such stage; the stages are listed.

    Examples
    --------
    >>> chosen_stages(None, "finance")
    ['finance', 'risk', 'chain', 'brief']
    """
    names = [stage.name for stage in stages()]
    unknown = [n for n in [*(only or []), *([start] if start else [])] if n not in names]
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
