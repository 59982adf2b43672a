# SPDX-License-Identifier: Apache-2.0
"""Command lines that reach a study from where the user stands."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from homeground.study.model import Study
from homeground.study.opening import shipped_studies

if TYPE_CHECKING:
    pass
from homeground.chain.folders import RESULTS


def command(verb: str, study: Study, *words: str, root: str | Path = RESULTS) -> str:
    """A command line that reaches this study, its scenario, language and results from where the user stands.

    Examples
    --------
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
