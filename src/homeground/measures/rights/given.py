# SPDX-License-Identifier: Apache-2.0
"""What a study gives on rights: overlays by region, and the answers to the screening."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from homeground.catalogue.given import given_table
from homeground.catalogue.polygons import read_polygons
from homeground.catalogue.regions import study_regions
from homeground.errors import DataError
from homeground.measures.rights.overlays import OVERLAYS
from homeground.measures.rights.screening import screening_questions
from homeground.measures.work.covered import is_table, shares_covered
from homeground.study.model import Study

RIGHTS, SCREENING = "data.rights", "data.screening"
OF_LAND = ("land_use_plan", "pastoral_corridor", "protected_area", "conflict")


def rights_of(study: Study) -> pd.DataFrame | None:
    """The study's overlays of rights by region; None where it has none.

    Parameters
    ----------
    study : Study

    Returns
    -------
    DataFrame or None

    Raises
    ------
    DataError
        All problems of the table at once.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> rights_of(open_study("great-green-wall")) is None
    True
    """

    def faults(rows: pd.DataFrame) -> Iterator[str]:
        for row, one in rows.reindex(columns=["low", "value", "high"]).astype(float).iterrows():
            low, value, high = (one[name] for name in ("low", "value", "high"))
            if low > value or value > high:
                yield f"row {row}: low <= value <= high was expected."

    path = study.input("rights")
    if path is None or is_table(path):
        known = {"what": {name: name for name in OVERLAYS}}
        return given_table(study, RIGHTS, known=known, also=faults)
    return _of_polygons(study, path)


def _of_polygons(study: Study, path: Path) -> pd.DataFrame:
    """Share of each region under polygons of corridors, protected land, conflict or a land-use plan."""
    polygons, regions = read_polygons(path, columns={"what": "what"}), study_regions(study)
    if unknown := sorted(set(polygons["what"].map(str)) - set(OF_LAND)):
        raise DataError(
            f"{RIGHTS}: {path.name}: {', '.join(unknown)} is not told by polygons. Known: {', '.join(OF_LAND)}; shares of people "
            "stand in a table."
        )
    parts = [
        shares_covered(polygons[polygons["what"] == what], regions).rename("value").reset_index().assign(what=what)
        for what in sorted(set(polygons["what"]))
    ]
    return pd.concat(parts, ignore_index=True)


def answers_of(study: Study) -> dict[str, str] | None:
    """The study's answers to the screening; None where it gives none.

    Parameters
    ----------
    study : Study

    Returns
    -------
    dict of str or None
        Answer by question.

    Raises
    ------
    DataError
        All problems of the table at once.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> answers_of(open_study("great-green-wall")) is None
    True
    """
    known = {"question": {name: row["asks"] for name, row in screening_questions().items()}}
    rows = given_table(study, SCREENING, known=known)
    return None if rows is None else dict(zip(rows["question"], rows["answer"], strict=True))
