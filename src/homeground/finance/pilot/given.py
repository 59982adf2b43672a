# SPDX-License-Identifier: Apache-2.0
"""The design of a pilot: what ships, with a user's own settings in place of those they replace."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.pilot.power import PilotDesign
from homeground.numbers.table import read_rows

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Setting:
    """One setting of a design, with its source; ``own`` where a user gave it."""

    setting: str
    value: float
    unit: str
    source: str
    own: bool


def read_design(path: Path | None = None) -> dict[str, Setting]:
    """Settings of a pilot.

    Parameters
    ----------
    path : Path, optional
        CSV with the columns setting, value, source: rows that replace what ships.

    Returns
    -------
    dict of str to Setting

    Raises
    ------
    DataError
        All problems at once: an unknown setting, a value that is no number, a row without source.

    Examples
    --------
    >>> read_design()["icc"].value
    0.05
    """
    found = {
        row["setting"]: Setting(row["setting"], float(row["value"]), row["unit"], row["source"], own=False)
        for row in read_rows(HERE / "design.csv")
    }
    if path is None:
        return found
    if not path.is_file():
        raise DataError(f"there is no design {path}. Give a CSV with the columns setting, value, source.")
    rows = read_rows(path)
    problems = Problems(path.name)
    missing = [name for name in ("setting", "value", "source") if rows and name not in rows[0]]
    if missing or not rows:
        raise DataError(f"{path.name}: columns setting, value, source with rows were expected.")
    for line, row in enumerate(rows, start=2):
        if row["setting"] not in found:
            problems.add(f'row {line}: setting is "{row["setting"]}"; one of {", ".join(found)} was expected.')
            continue
        try:
            value = float(row["value"])
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            problems.add(f'row {line}: value is "{row["value"]}"; a number was expected.')
        elif value < 0:
            problems.add(f"row {line}: value is {value:g}; 0 or more was expected.")
        if not row["source"].strip():
            problems.add(f"row {line}: source is empty. Say where the number comes from.")
        before = found[row["setting"]]
        found[row["setting"]] = Setting(before.setting, value, before.unit, row["source"], own=True)
    problems.raise_if_any(DataError)
    return found


def design_of(settings: dict[str, Setting], comparisons: int) -> PilotDesign:
    """Error rates, groups and losses of a pilot with so many arms held against the control.

    Parameters
    ----------
    settings : dict of str to Setting
    comparisons : int

    Returns
    -------
    PilotDesign

    Examples
    --------
    >>> design_of(read_design(), 3).left
    16.0
    """
    value = {name: one.value for name, one in settings.items()}
    return PilotDesign(
        alpha=value["alpha"],
        power=value["power"],
        comparisons=comparisons,
        cluster_size=value["cluster_size"],
        icc=value["icc"],
        size_cv=value["size_cv"],
        attrition=value["attrition"],
    )


def parts(kind: str) -> list[str]:
    """Arms, segments, stop rules or refutations of the pilot that ships, in order.

    Parameters
    ----------
    kind : str
        arm, segment, stop or refute.

    Returns
    -------
    list of str

    Examples
    --------
    >>> parts("arm")
    ['control', 'link', 'match', 'cover']
    """
    return [row["key"] for row in read_rows(HERE / "plan.csv") if row["kind"] == kind]


def read_projects(path: Path) -> pd.DataFrame:
    r"""A table of projects, every cell as text.

    Parameters
    ----------
    path : Path
        CSV with a column project.

    Returns
    -------
    DataFrame

    Raises
    ------
    DataError
        There is no such file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "projects.csv"
    ...     _ = path.write_text("project,iso3\np1,GMB", encoding="utf-8")
    ...     read_projects(path)["iso3"].tolist()
    ['GMB']
    """
    if not path.is_file():
        raise DataError(f"there is no table of projects {path}. Give a CSV with a column project.")
    return pd.DataFrame(read_rows(path))
