# SPDX-License-Identifier: Apache-2.0
"""What an assessment of SDG 15.3.1 rests on: its periods, its grid, the tests it runs, and the files it reads."""

from __future__ import annotations

import math

from homeground.catalogue.grids.grid import Grid, clipped
from homeground.catalogue.layers.alignment import native_grid
from homeground.catalogue.layers.series import Series
from homeground.catalogue.regions import study_regions
from homeground.errors import DataError
from homeground.land.productivity.profiles import Period
from homeground.study.model import Study

PERIODS = ("baseline", "period")  # those that the columns of results are of


def periods_of(study: Study) -> dict[str, Period]:
    """The years of each assessment, by the rule of the manual: 16 years for trend, 13 and 3 for state.

    The baseline uses its own first and last year. The period ends in its last year and reaches back 16 years; its land
    cover and carbon are compared with the end of the baseline. ``[land].reporting`` may give other years for both, and
    further reporting years, which are judged as the period is.
    """
    last = study.baseline[1]
    ends = {"period": study.period[1]} | {report_name(year): year for year in study.reports}
    covers = {"baseline": study.baseline} | {name: (last, end) for name, end in ends.items()}
    return {name: _period(name, study.windows[cover[1]], cover) for name, cover in covers.items()}


def _period(name: str, trend: tuple[int, int], cover: tuple[int, int]) -> Period:
    first, last = trend
    return Period(name, trend, (first, last - 3), (last - 2, last), cover)


def report_name(year: int) -> str:
    """What the assessment of a further reporting year is called, after the last of its years.

    Examples
    --------
    >>> report_name(2019)
    'report_2019'
    """
    return f"report_{year}"


def assessment_grid(study: Study, series: Series, step: float | None) -> Grid:
    """The grid of a series, or one of another step in degrees, cut to the study's regions.

    Raises
    ------
    DataError
        The series and the regions do not overlap.
    """
    west, south, east, north = study_regions(study).total_bounds
    grid = native_grid(series)
    if step is not None:
        gw, gs, ge, gn = grid.bounds
        left, top = math.floor(gw / step + 1e-6), math.ceil(gn / step - 1e-6)
        rows, columns = top - math.floor(gs / step + 1e-6), math.ceil(ge / step - 1e-6) - left
        grid = Grid(left * step, top * step, step, rows, columns)
    found = clipped(grid, (west, south, east, north))
    if found is None:
        gw, gs, ge, gn = grid.bounds
        raise DataError(
            f"{series.name} lies between {gw:.2f} and {ge:.2f} degrees east, {gs:.2f} and {gn:.2f} north; the regions of "
            f"the study between {west:.2f} and {east:.2f}, {south:.2f} and {north:.2f}: they do not overlap. Check the "
            "file's place and coordinate system."
        )
    return at_least_two(found, grid)


def at_least_two(part: Grid, grid: Grid) -> Grid:
    """A part of a grid with a row or column more where it has one only: alone no map could tell its step.

    Examples
    --------
    >>> whole = Grid(0.0, 10.0, 1.0, 4, 5)
    >>> at_least_two(whole.window(3, 1, 1, 2), whole)
    Grid(west=1.0, north=8.0, step=1.0, rows=2, columns=2)
    """
    rows, columns = max(part.rows, 2), max(part.columns, 2)
    top, left = round((grid.north - part.north) / grid.step), round((part.west - grid.west) / grid.step)
    top, left = min(top, max(grid.rows - rows, 0)), min(left, max(grid.columns - columns, 0))
    return Grid(grid.west + left * grid.step, grid.north - top * grid.step, grid.step, rows, columns)
