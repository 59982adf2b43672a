# SPDX-License-Identifier: Apache-2.0
"""Where results lie."""

from __future__ import annotations

from pathlib import Path

from homeground.study.model import Study

# Stages that publish columns by region in ``regions/<stage>.parquet``, in the order in which they run.
REGION_STAGES = ("land", "people", "evidence", "measures", "finance", "risk")
RESULTS = Path("results")  # where results lie if the user names no other folder


def results_folder(study: Study, root: str | Path = RESULTS) -> Path:
    """Where the results of a study's scenario lie.

    Parameters
    ----------
    study : Study
        With a scenario merged in, or without: then the scenario is ``base``.
    root : str or Path
        Folder of all results.

    Returns
    -------
    Path
        ``root/<study>/<scenario>``; it need not be there yet.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> results_folder(open_study("great-green-wall", "double-budget"), "out").as_posix()
    'out/great-green-wall/double-budget'
    """
    return Path(root) / study.id / study.scenario_name
