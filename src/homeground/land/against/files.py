# SPDX-License-Identifier: Apache-2.0
"""What the step reads and writes, and when there is one; no file is opened here."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.inputs import region_inputs
from homeground.catalogue.trends_earth.files import job_files
from homeground.land.assessment.files import assessed
from homeground.running.tables import (
    AGAINST_TRENDS_EARTH,
    AGAINST_TRENDS_EARTH_CAUSES,
    AGAINST_TRENDS_EARTH_CELLS,
    AGAINST_TRENDS_EARTH_SETTINGS,
)
from homeground.study.model import Study


def against_given(study: Study) -> bool:
    """Whether a job can be held against an assessment: it and a series from which land is judged are given."""
    return study.data.trends_earth is not None and assessed(study)


def against_inputs(study: Study) -> dict[str, Path]:
    """Files that the step reads beside the store and the tables of the assessment."""
    folder = study.input("trends_earth")
    if folder is None or not against_given(study):
        return {}
    return region_inputs(study) | {f"trends_earth: {path.name}": path for path in job_files(folder)}


def against_outputs(study: Study) -> tuple[str, ...]:
    """Paths of the step; none without a job or without an assessment."""
    if not against_given(study):
        return ()
    tables = (AGAINST_TRENDS_EARTH_CELLS, AGAINST_TRENDS_EARTH_CAUSES, AGAINST_TRENDS_EARTH_SETTINGS)
    return (AGAINST_TRENDS_EARTH, *tables)
