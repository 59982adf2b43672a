# SPDX-License-Identifier: Apache-2.0
"""What a fetch would bring: for each layer its source, years, size by arithmetic, files and time. Asks no network."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import geopandas as gpd

from homeground.catalogue.live.places import box_around
from homeground.catalogue.live.sources import Source, chosen
from homeground.catalogue.regions import study_regions
from homeground.study.model import Study

MB_A_SECOND = 1.0  # of a line of 8 Mbit/s
SECONDS_A_FILE = 0.5
REST = 64e3  # bytes of a file's head, asked for with each window
YEARS_OF_RAIN = 30  # that drought is calibrated by, at the least
COMPOSITES = 23  # of 16 days in a year
INDICATORS_FROM = 1990


@dataclass(frozen=True)
class Wish:
    """A source that the study would be given.

    ``state`` is "fetch"; "given" where the study names the layer already; "no key" where the provider wants one that is not
    set; "no years" where source and study share none.
    """

    source: Source
    state: str
    years: tuple[int, ...]
    degrees: float | None
    files: int
    mb: float

    @property
    def seconds(self) -> float:
        """About how long it takes on a line of 8 Mbit/s."""
        return self.mb / MB_A_SECOND + self.files * SECONDS_A_FILE

    @property
    def reportable(self) -> bool:
        """Whether SDG 15.3.1 may be reported of it."""
        return self.source.is_reportable(self.degrees)


def wishes(study: Study, layers: Iterable[str] = (), degrees: float | None = None) -> list[Wish]:
    """What a fetch would bring to a study.

    Parameters
    ----------
    study : Study
    layers : iterable of str
        As of `homeground.catalogue.live.sources.chosen`; empty: the default set.
    degrees : float, optional
        Cells may be as large as this.

    Returns
    -------
    list of Wish

    Raises
    ------
    StudyError
        No such layer or source.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> [(wish.source.id, wish.state) for wish in wishes(open_study("great-green-wall"), ["rain"])]
    [('gpcp', 'fetch')]
    """
    regions = study_regions(study)
    return [_wish(study, regions, source, degrees) for source in chosen(layers, degrees)]


def _wish(study: Study, regions: gpd.GeoDataFrame, source: Source, degrees: float | None) -> Wish:
    size = source.degrees
    if degrees and size and source.reportable == "by size":  # read in cells of any size
        size = min(degrees, size)
    years = years_of(source, study)
    state = "fetch"
    if source.key_env and not os.environ.get(source.key_env):
        state = "no key"
    elif not years and source.every not in ("once", "country"):
        state = "no years"
    elif any(key for key, _ in source.writes) and all(
        getattr(study.data, key) is not None for key, _ in source.writes if key
    ):
        state = "given"
    files = _files(source, study, len(regions), years)
    return Wish(source, state, years, size, files, _megabytes(source, regions, size, files, len(study.countries)))


def years_of(source: Source, study: Study) -> tuple[int, ...]:
    """Years of a source that a study needs, as far as it has them.

    Rain: thirty years at the least, and those of the calibration; vegetation: all years that productivity is read from;
    cover: those that change is read between; people: the last years of baseline and period.

    Examples
    --------
    >>> from homeground.catalogue.live.sources import sources
    >>> from homeground.study.opening import open_study
    >>> study = open_study("great-green-wall")  # baseline 2000 to 2015, period 2016 to 2023
    >>> years_of(sources()["esa-cci-lc"], study), years_of(sources()["chirps-v3"], study)[::29]
    ((2000, 2015, 2020), (1994, 2023))
    """
    if source.every in ("once", "country") and source.first is None:
        return ()
    last_known = min(source.last or 9999, date.today().year - 1)
    first_known = source.first or 0
    start, end = study.baseline[0], study.period[1]
    if source.every in ("cover years", "people years"):
        asked = (start, study.baseline[1], end) if source.every == "cover years" else (study.baseline[1], end)
        asked = (*asked, *study.reports)
        return tuple(sorted({min(max(year, first_known), last_known) for year in asked}))
    if source.every == "five years":
        return tuple(
            year for year in range(first_known, last_known + 1, 5) if start - 5 < year < end + 5 and year <= last_known
        )
    if source.layer == "rain":
        calibration = study.land.drought_calibration or (end, end)
        start, end = min(start, end - YEARS_OF_RAIN + 1, calibration[0]), max(end, calibration[1])
    elif source.layer == "vegetation":
        spans = study.windows.values()
        start, end = min(start, *(span[0] for span in spans)), max(end, *(span[1] for span in spans))
    elif source.every in ("indicator", "side", "years", "country years"):
        start = min(start, INDICATORS_FROM)
    return tuple(range(max(start, first_known), min(end, last_known) + 1))


def _files(source: Source, study: Study, regions: int, years: tuple[int, ...]) -> int:
    """How many answers are asked for."""
    countries, variables = len(study.countries), len(source.item.split()) or 1
    if source.adapter in ("rasters.gpcp", "rasters.terraclimate"):
        return variables * (4 + len(years))
    many = {
        "month": 12 * len(years),
        "16 days": COMPOSITES * len(years) * 4,  # a country touches about four tiles
        "cover years": 2 + len(years),
        "people years": countries * len(years),
        "five years": 4 * countries * len(years),
        "region": regions,
        "country": countries,
        "country years": countries,
        "indicator": variables,
        "side": 2,
    }
    return 1 if source.adapter == "rasters.gpcc" else many.get(source.every, 1)


def _megabytes(source: Source, regions: gpd.GeoDataFrame, degrees: float | None, files: int, countries: int) -> float:
    """What travels, by arithmetic: cells of the box by their bytes, or files by what they weigh."""
    if source.file_mb:
        return source.file_mb * files
    if not degrees or not source.address:  # worked out here
        return 0.0
    boxes = [box_around(regions.geometry.to_numpy())]
    if source.every == "people years":  # a file a country
        boxes = [box_around(part.geometry.to_numpy()) for _, part in regions.groupby("iso3")]
        files = files // max(countries, 1)
    cells = sum(
        (360.0 if source.whole_width else east - west) * (north - south) / degrees**2
        for west, south, east, north in boxes
    )
    steps = {"16 days": files / 4, "cover years": files - 2}.get(source.every, files)  # beside pages and tokens
    if source.adapter in ("rasters.gpcp", "rasters.terraclimate"):
        steps = 12.0 * (files // len(source.item.split()) - 4)
    if source.every == "once":
        steps = 1
    return (cells * source.cell_bytes * steps + REST * files) / 1e6
