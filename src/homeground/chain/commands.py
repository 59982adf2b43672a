# SPDX-License-Identifier: Apache-2.0
"""Command lines that reach a study from where the user stands."""

from __future__ import annotations

import shlex
from pathlib import Path

from homeground.chain.folders import RESULTS
from homeground.study.model import Study
from homeground.study.opening import shipped_studies


def command(verb: str, study: Study, *words: str, root: str | Path = RESULTS) -> str:
    """A command line that reaches this study, its scenario, language and results from where the user stands.

    Parameters
    ----------
    verb : str
        What the command does, such as "run" or "show".
    study : Study
        Named by its id where it is a shipped one, else by its path from the folder the user is in.
    *words : str
        Other words and options, in their order.
    root : str or Path
        Folder of all results; named where it is not the usual one.

    Returns
    -------
    str
        Quoted as a shell reads it.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> command("show", open_study("great-green-wall", "double-budget"), "plan", "--why")
    'homeground show great-green-wall plan --why --scenario double-budget'
    """
    if shipped_studies().get(study.id) == study.folder:
        name = study.id
    else:
        place = study.folder if study.file.name == "study.toml" else study.file
        name = str(place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place)
    line = ["homeground", verb, name, *words]
    if study.asked_language and "--language" not in words:
        line += ["--language", study.asked_language]
    if study.scenario_name != "base":
        line += ["--scenario", study.scenario_name]
    if Path(root) != RESULTS:
        line += ["--results", str(root)]
    return shlex.join(line)
