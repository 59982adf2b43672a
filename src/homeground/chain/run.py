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
from homeground.running.cluster import workers_for
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
    workers: int | None = None,
    scheduler: str | None = None,
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
    workers : int, optional
        Processes of this machine that tiles are handed to (extra ``cluster``); left out: threads of this process.
    scheduler : str, optional
        Address of a dask scheduler whose workers tiles are handed to, such as ``tcp://10.0.0.5:8786``.

    Returns
    -------
    Path
        ``root/<study>/<scenario>``.

    Raises
    ------
    StudyError, DataError, CatalogueError, PlanError
        With what was expected, what was found, where, and what to do.
    """
    study = opened(study, scenario, language)
    validate(study)
    chain = stages()
    chosen = chosen_stages(only, start)
    results = results_folder(study, root)
    inputs = [path for stage in chain for step in stage.steps for path in step.inputs(study).values()]
    with workers_for(workers, scheduler, results=results.resolve(), inputs=inputs):
        for event in run_stages(
            study,
            chain,
            results.resolve() if scheduler else results,
            only=chosen,
            force=chosen or [s.name for s in chain] if force else (),
            facts=_facts(study),
        ):
            on_event(event)
    return results


def opened(study: Study | str | Path, scenario: str | None, language: str | None) -> Study:
    """A study with a scenario merged in and its language.

    Parameters
    ----------
    study : Study, str or Path
        One that is open already keeps its file, and its language where no other is asked for.
    scenario : str, optional
        Left out: that of an open study, else ``base``.
    language : str, optional

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        There is no such study, scenario or language.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> opened(open_study("great-green-wall"), "double-budget", "fr").scenario_name
    'double-budget'
    """
    if not isinstance(study, Study):
        return in_language(open_study(study, scenario), language)
    again = study if scenario is None else open_study(study.file, scenario)
    return in_language(again, language or study.asked_language or None)


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
