# SPDX-License-Identifier: Apache-2.0
"""The step that holds the assessment against a job of Trends.Earth, rule by rule and, where it has rasters, cell by cell."""

from __future__ import annotations

import json
from importlib.metadata import version

import pandas as pd

from homeground.catalogue.trends_earth.bands import Band
from homeground.catalogue.trends_earth.job import Job, read_job
from homeground.land.against.cells import Walk, compare
from homeground.land.against.files import against_given
from homeground.land.against.totals import RULES, beside, our_areas, settings, warnings_of
from homeground.land.assessment.files import DEGRADATION_STORE
from homeground.land.assessment.matrices import matrices_of
from homeground.land.assessment.periods import PERIODS, periods_of
from homeground.language.messages import Saying
from homeground.running.steps import Work
from homeground.running.tables import (
    AGAINST_TRENDS_EARTH,
    AGAINST_TRENDS_EARTH_CAUSES,
    AGAINST_TRENDS_EARTH_CELLS,
    AGAINST_TRENDS_EARTH_SETTINGS,
    DEGRADATION,
    DEGRADATION_FACTS,
    LAND_CHANGES,
    LAND_REPORTS,
)

SETTINGS = ["period", "setting", "about", "theirs", "ours"]


def against(work: Work) -> None:
    """Areas of both by rule and class, land by both classes, what a different verdict goes with, settings that differ."""
    study = work.study
    if not against_given(study):
        return
    job = read_job(study)
    if job is None:
        raise AssertionError("a study that names a job has one")
    five = len(json.loads((work.results / DEGRADATION_FACTS).read_text("utf-8"))["productivity"]) == 5
    totals = _totals(work, job, five)
    totals.to_parquet(work.out / AGAINST_TRENDS_EARTH)
    bands = {period: _bands(job, period) for period in job.periods}
    cover = f"cover_{study.baseline[0]}" if study.layer("cover_series") is not None else None
    walk = Walk(work.results / DEGRADATION_STORE, job.regions, {p: one for p, one in bands.items() if one}, cover, five)
    cells, why = compare(walk)
    cells.to_parquet(work.out / AGAINST_TRENDS_EARTH_CELLS)
    why.to_parquet(work.out / AGAINST_TRENDS_EARTH_CAUSES)
    _settings(work, job).to_parquet(work.out / AGAINST_TRENDS_EARTH_SETTINGS)
    for said in warnings_of(job.report, totals, left_out=job.left_out, unmatched=job.unmatched):
        work.warn(said)
    if job.absent and not job.bands:
        work.warn(Saying("warning.trends_earth.absent", {"files": list(job.absent)}))


def _totals(work: Work, job: Job, five: bool) -> pd.DataFrame:
    spans = periods_of(work.study)
    areas, changes = (pd.read_parquet(work.results / name) for name in (DEGRADATION, LAND_CHANGES))
    reports = pd.read_parquet(work.results / LAND_REPORTS) if work.study.reports else None
    ids = set(job.regions["region_id"])
    parts = []
    for period, one in job.periods.items():
        year = spans[period].cover[1]
        if period in PERIODS:
            rows = areas[areas["period"] == period]
        elif reports is not None:
            rows = reports[reports["year"] == year]
        else:
            raise AssertionError("a period of the study has its table")
        later = changes[(changes["year"] == year) & (changes["indicator"] == "degradation")]
        here = (table[table["region_id"].isin(ids)] for table in (rows, later))
        parts.append(beside(period, year, one.areas, our_areas(*here, five=five, non_water=one.non_water)))
    return pd.concat(parts, ignore_index=True)


def _bands(job: Job, period: str) -> dict[str, Band]:
    found = {rule: job.band(rule, period) for rule in RULES if rule != "status" or period != "baseline"}
    return {rule: band for rule, band in found.items() if band is not None}


def _settings(work: Work, job: Job) -> pd.DataFrame:
    spans, matrices = periods_of(work.study), matrices_of(work.study)["study"]
    rows = [("", "made_by", "", job.report.version, f"homeground {version('homeground')}")]
    for period, one in job.periods.items():
        ours = {"productivity": spans[period].trend, "land_cover": spans[period].cover}
        rows += settings(period, one, ours, matrices)
    return pd.DataFrame(rows, columns=SETTINGS)
