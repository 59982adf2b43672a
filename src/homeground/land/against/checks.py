# SPDX-License-Identifier: Apache-2.0
"""The job of a study, checked before anything runs."""

from __future__ import annotations

from homeground.catalogue.trends_earth.job import Job, read_job
from homeground.errors import DataError
from homeground.land.against.files import against_given
from homeground.study.model import Study


def job_of(study: Study) -> Job | None:
    """The job that a study names.

    Raises
    ------
    DataError
        As `homeground.catalogue.trends_earth.job.read_job`; the study gives no series that land could be judged from.
    """
    if study.data.trends_earth is not None and not against_given(study):
        raise DataError(
            "data.trends_earth: a job is held against an assessment of the land, and the study gives no series for one. Give "
            "[data].ndvi, cover_series and soil_carbon (docs/degradation.md), or leave the job out."
        )
    return read_job(study)
