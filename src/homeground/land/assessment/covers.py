# SPDX-License-Identifier: Apache-2.0
"""Land cover of the user's series in the seven classes: the map of a year, or of every year between two."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import xarray as xr

from homeground.catalogue.classes import WATER
from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.layers.alignment import read_years
from homeground.catalogue.layers.series import Series
from homeground.catalogue.tables import read_given
from homeground.errors import DataError
from homeground.land.cover.land_cover import to_unccd
from homeground.study.model import LEGENDS, Study
from homeground.study.tables import given_tables


def cover_of(study: Study, series: Series, grid: Grid, year: int) -> xr.DataArray:
    """Land cover of a year, or of the year nearest to it that the series has, in the seven classes."""
    found = read_years(series, grid, [nearest_year(series, year)]).isel(year=0, drop=True)
    return to_unccd(found, legend_of(study, series.name), called=legend_name(study, series.name))


def yearly_cover(
    study: Study, series: Series, grid: Grid, first: int, last: int, ends: Collection[int] = ()
) -> xr.DataArray:
    """Land cover of every year: a year without a map has that of the year before; ``ends`` of periods the nearest map."""
    years = np.arange(first, last + 1)
    sources = [(nearest_year if year in ends else latest_year)(series, int(year)) for year in years]
    found = read_years(series, grid, dict.fromkeys(sources))
    maps = to_unccd(found, legend_of(study, series.name), called=legend_name(study, series.name))
    return maps.sel(year=sources).assign_coords(year=years)


def nearest_year(series: Series, year: int) -> int:
    """The year of the series that is nearest; of two equally near ones the earlier."""
    if not series.years:
        raise DataError(f"{series.name}: the year of its map is not known. Say it: first = ...")
    return min(series.years, key=lambda known: (abs(known - year), known))


def latest_year(series: Series, year: int) -> int:
    """The last year of the series up to ``year``; the first of all where it begins later."""
    before = [known for known in series.years if known <= year]
    return max(before) if before else min(series.years)


def legend_name(study: Study, name: str) -> str:
    """What the study calls the legend of a layer."""
    layer = study.layer(name)
    return "" if layer is None or layer.legend is None else layer.legend


def legend_of(study: Study, name: str) -> str | dict[int, int]:
    """A known legend by name, or the user's own from a CSV with the columns code and unccd_class.

    Raises
    ------
    DataError
        The CSV cannot be read, lacks a column, or nests a code in no class.
    """
    legend = legend_name(study, name)
    return legend if legend in LEGENDS else own_legend(study.folder / legend)


def water_known(study: Study) -> bool:
    """Whether the study's land cover can show water: there is some, and a legend of the study's own has a code for it."""
    if study.layer("cover_series") is None:
        return False
    legend = legend_of(study, "cover_series")
    return isinstance(legend, str) or WATER in legend.values()


def own_legends(study: Study) -> None:
    """Read every legend of a study's own, so that what is wrong with it is told before anything runs."""
    layer = study.data.cover_series
    if layer is not None and layer.legend is not None and layer.legend not in LEGENDS:
        own_legend(study.folder / layer.legend)


def own_legend(path: Path) -> dict[int, int]:
    """Code and class of each row of a legend."""
    if not path.is_file():
        raise DataError(f'legend "{path.name}" is no file beside the study and none of {", ".join(LEGENDS)}.')
    rows = read_given(path, given_tables()["data.cover_series.legend"].table, what="legend")
    return {int(code): int(kind) for code, kind in zip(rows["code"], rows["unccd_class"], strict=True)}
