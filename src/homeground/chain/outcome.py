# SPDX-License-Identifier: Apache-2.0
"""What a run left, for whoever works in Python: it prints as a small table, and gives the tables of its stages."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.chain import results as reading
from homeground.chain import run as chain
from homeground.chain.folders import RESULTS
from homeground.chain.status import warnings_of
from homeground.language.messages import known, phrase
from homeground.running.findings import read_finding, told
from homeground.running.record import read_run
from homeground.study.model import Study
from homeground.study.shown import Rows, as_html, as_text

PARTS = {"measures": "plan"}  # what a stage is called as a part of the answer


@dataclass(frozen=True, repr=False)
class Results:
    """The results of a study: a folder, which ``results / "regions.parquet"`` looks into, and what was found."""

    study: Study
    folder: Path
    root: Path

    def __truediv__(self, name: str | os.PathLike[str]) -> Path:
        """A file of the results folder."""
        return self.folder / name

    def __fspath__(self) -> str:
        return str(self.folder)

    @property
    def findings(self) -> dict[str, str]:
        """What each stage found, in the study's language."""
        stages = read_run(self.folder)["stages"]
        return {name: told(read_finding(one["finding"]), self.study.language) for name, one in stages.items()}

    @property
    def warnings(self) -> list[str]:
        """What to mind, in the study's language."""
        return warnings_of(self.folder, self.study.language)

    def show(self, stage: str = "land", *, by: str = "country") -> pd.DataFrame:
        """The published columns of one stage, by country or by region.

        Parameters
        ----------
        stage : str
            "land", "people", "evidence", "measures", "finance" or "risk".
        by : {"country", "region"}

        Returns
        -------
        DataFrame
            As `homeground.chain.results.show`.

        Raises
        ------
        StudyError, DataError
            No such stage, or it has not run.
        """
        return reading.show(self.study, stage, by=by, root=self.root)

    def plan(self) -> dict[str, Any]:
        """The plan: facts, tables by measure and country, prices of its rules and their checks.

        Returns
        -------
        dict
            As `homeground.chain.results.show_plan`.

        Raises
        ------
        DataError
            The stage measures has not run.
        """
        return reading.show_plan(self.study, self.root)

    def _rows(self) -> Rows:
        code = self.study.language
        told_of = len(self.warnings)
        mind = phrase("terminal.shown.mind", code, n=told_of, where=".warnings") if told_of else ""
        parts = {stage: f"part.{PARTS.get(stage, stage)}" for stage in self.findings}
        found = [(phrase(parts[s], code) if known(parts[s]) else s, said) for s, said in self.findings.items()]
        return [*found, (phrase("terminal.shown.folder", code), str(self.folder)), ("", mind)]

    def __repr__(self) -> str:
        """As a small table."""
        return as_text(f"{self.study.title} ({self.study.scenario_name})", self._rows())

    def _repr_html_(self) -> str:
        return as_html(f"{self.study.title} ({self.study.scenario_name})", self._rows())


def run(
    study: Study | str | Path,
    only: list[str] | None = None,
    scenario: str | None = None,
    *,
    language: str | None = None,
    root: str | Path = RESULTS,
    **more: Any,
) -> Results:
    """Run a study and return its results; steps that stand are skipped.

    Parameters
    ----------
    study : Study, str or Path
        A study, its id, folder or file.
    only : list of str, optional
        Only these stages.
    scenario : str, optional
        A scenario the study declares; ``base`` if none.
    language : str, optional
        Of page, workbook, forms and findings; left out: the first of ``[brief].languages``.
    root : str or Path
        Folder of all results.
    **more
        ``start``, ``force``, ``on_event``, ``workers`` and ``scheduler`` of `homeground.chain.run.run`.

    Returns
    -------
    Results
        ``results / "regions.parquet"`` is a file of it, ``results.show("land")`` a table.

    Raises
    ------
    StudyError, DataError, CatalogueError, PlanError
        With what was expected, what was found, where, and what to do.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     results = run("western-balkans", only=["land"], root=folder)
    ...     list(results.findings), (results / "run.json").is_file()
    (['land'], True)
    """
    opened = chain.opened(study, scenario, language)
    return Results(opened, chain.run(opened, only, root=root, **more), Path(root).resolve())
