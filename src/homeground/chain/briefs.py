# SPDX-License-Identifier: Apache-2.0
"""The brief of a study that has run, in one more language."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from homeground.brief.policy_brief.render import write_brief
from homeground.chain.folders import RESULTS
from homeground.chain.status import require_standing
from homeground.running.steps import alone, move
from homeground.running.writing import writes_to
from homeground.study.model import Study


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
    results = require_standing(study, root)
    folder = to or results
    with writes_to(folder, "the brief"), alone(results):
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".brief.", suffix=".partial", dir=folder) as beside:
            written = write_brief(results, study, language, Path(beside))
            for path in written:
                move(path, folder / path.name)
    return [folder / path.name for path in written]
