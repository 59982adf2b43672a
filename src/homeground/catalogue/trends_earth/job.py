# SPDX-License-Identifier: Apache-2.0
"""The job that a study names in ``[data].trends_earth``: found in its folder, read and checked against the study."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import shapely
from pyproj import CRS, Transformer

from homeground.catalogue.regions import study_regions
from homeground.catalogue.trends_earth.bands import Band, bounds, check_values, crs_of, find_bands
from homeground.catalogue.trends_earth.files import job_files
from homeground.catalogue.trends_earth.report import JobPeriod, Report, read_json, read_report, report_in
from homeground.errors import DataError
from homeground.study.model import Study

CLOSE = 2  # years that a map of cover may lie before the end of a period whose productivity the report does not date
WITHIN = 0.5  # of a region that must lie in the outline of a job for it to be held against it


@dataclass(frozen=True)
class Job:
    """A job with what of the study it is held against."""

    report: Report
    periods: dict[str, JobPeriod]  # by the period of the study: baseline, period, report_YEAR
    unmatched: tuple[str, ...]  # periods of the job that the study does not have
    bands: tuple[Band, ...]
    absent: tuple[str, ...]  # rasters that a JSON names and the folder does not hold
    regions: gpd.GeoDataFrame  # of the study, those that lie in the job's area
    left_out: int  # regions of the study that do not

    def band(self, rule: str, period: str) -> Band | None:
        """The band of a rule in a period of the study; None where the job has none.

        Raises
        ------
        DataError
            Several bands fit.
        """
        one = self.periods[period]
        years = {last for _, last in one.years.values()}
        of_rule = [band for band in self.bands if band.rule == rule]
        found = [band for band in of_rule if band.of(one.name, years)]
        if not found and len(of_rule) == 1 and not of_rule[0].metadata and len(self.periods) == 1:
            found = of_rule  # nothing says of which period; there is one alone
        if len(found) > 1:
            told = ", ".join(f"{band.file.name} band {band.number + 1}" for band in found)
            raise DataError(f"data.trends_earth: {rule} of {one.name} stands in several bands: {told}. Keep one job.")
        return found[0] if found else None


def read_job(study: Study) -> Job | None:
    """The job of a study, checked.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Job or None
        None where the study names none.

    Raises
    ------
    DataError
        No report or several in the folder, a file that is no whole JSON or of another shape, an area or periods that the
        study does not share, bands that cannot be read.
    """
    folder = study.input("trends_earth")
    if folder is None:
        return None
    contents = {path.name: read_json(path) for path in job_files(folder) if path.suffix.lower() == ".json"}
    report = _only_report(contents, folder.name)
    periods, unmatched = match_periods(study, report.periods, report.file)
    regions, left_out = _shared(study, report)
    bands, absent = find_bands(folder, contents)
    job = Job(report, periods, unmatched, tuple(bands), tuple(absent), regions, left_out)
    for band in bands:
        _overlap(band, regions)
    for period in periods:
        for rule in ("indicator", "status", "productivity", "land_cover", "soil_organic_carbon"):
            job.band(rule, period)
    return job


def check_job_values(study: Study) -> None:
    """Read every band that is compared, whole.

    Raises
    ------
    DataError
        As `read_job`; a value that a band can not hold.
    """
    if (job := read_job(study)) is not None:
        for band in job.bands:
            check_values(band)


def match_periods(study: Study, told: Iterable[JobPeriod], file: str) -> tuple[dict[str, JobPeriod], tuple[str, ...]]:
    """Periods of a job by the period of the study that ends in the same year, and the names of the others.

    Parameters
    ----------
    study : Study
    told : iterable of JobPeriod
    file : str
        Name of the report, for messages.

    Returns
    -------
    dict of str to JobPeriod
        By baseline, period and report_YEAR.
    tuple of str
        What the study does not have, each with its last year.

    Raises
    ------
    DataError
        None of them is a period of the study.

    Notes
    -----
    A report dates productivity by its cross tables, which are empty where it has no map of cover of the same years. Then the
    last map of cover dates the period: it may lie up to two years before the end of one of ours.
    """
    ours = {study.baseline[1]: "baseline", study.period[1]: "period"}
    ours |= {year: f"report_{year}" for year in study.reports}
    found: dict[str, JobPeriod] = {}
    others = []
    for one in told:
        near = CLOSE if "productivity" not in one.years else 0
        year = next((one.last + n for n in range(near + 1) if ours.get(one.last + n, "") not in ("", *found)), None)
        if year is None:
            others.append(f"{one.name} ({one.last})")
        else:
            found[ours[year]] = one
    if not found:
        known = ", ".join(map(str, sorted(ours)))
        raise DataError(
            f"data.trends_earth: {file} is of {', '.join(others)}; the study ends its periods in {known}. Set baseline, "
            "period or [land].reporting to the years of the job."
        )
    return found, tuple(others)


def _only_report(contents: dict[str, object], folder: str) -> Report:
    """The one report of a folder; a job's own copy of it counts where it does not lie by itself."""
    found = {name: one for name, content in contents.items() if (one := report_in(content)) is not None}
    alone = {name: one for name, one in found.items() if one is contents[name]}
    found = alone or found
    if not found:
        held = ", ".join(contents) or "no JSON"
        raise DataError(
            f"data.trends_earth: the folder {folder} holds no report of land condition (a JSON with the keys metadata and "
            f"land_condition); it holds {held}. Put the job's summary JSON there."
        )
    if len(found) > 1:
        raise DataError(
            f"data.trends_earth: the folder {folder} holds several reports of land condition: {', '.join(sorted(found))}. "
            "Leave one job in it."
        )
    ((name, content),) = found.items()
    return read_report(content, name)


def _shared(study: Study, report: Report) -> tuple[gpd.GeoDataFrame, int]:
    """Regions of the study that lie in the area of a job, and how many do not."""
    regions = study_regions(study)
    if report.outline is None:
        if len(study.countries) > 1:
            raise DataError(
                f"data.trends_earth: {report.file} has no outline (metadata.area_of_interest.geojson), and the study has "
                f"{len(study.countries)} countries. Export the job again, or make a study of its country."
            )
        return regions, 0
    shapes = regions.geometry.to_numpy()  # a share of a region may be told in square degrees
    inside = shapely.area(shapely.intersection(shapes, report.outline)) >= WITHIN * shapely.area(shapes)
    if not inside.any():
        told = ", ".join(f"{value:.2f}" for value in report.outline.bounds)
        ours = ", ".join(f"{value:.2f}" for value in regions.total_bounds)
        raise DataError(
            f"data.trends_earth: {report.file} is of {report.area} (west, south, east, north: {told}); no region of the "
            f"study ({', '.join(study.countries)}: {ours}) lies in it. Give the job of this area."
        )
    return regions[inside].reset_index(drop=True), int((~inside).sum())


def _overlap(band: Band, regions: gpd.GeoDataFrame) -> None:
    west, south, east, north = bounds(band)
    shape = shapely.segmentize(shapely.box(west, south, east, north), max(east - west, north - south) / 20)
    crs = CRS.from_user_input(crs_of(band))
    if not crs.is_geographic:
        turn = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        shape = shapely.transform(shape, turn.transform, interleaved=False)
    if not shape.intersects(shapely.box(*regions.total_bounds)):
        told = ", ".join(f"{value:.2f}" for value in shape.bounds)
        ours = ", ".join(f"{value:.2f}" for value in regions.total_bounds)
        raise DataError(
            f"data.trends_earth: {band.file.name} lies between {told} (west, south, east, north), the regions of the study "
            f"between {ours}: they do not overlap. Put the rasters of the report's job into the folder."
        )
