# SPDX-License-Identifier: Apache-2.0
"""Layers of the atlas or of the user on the study's grid, and fields kept between steps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr
from pyproj import CRS

from homeground.catalogue import atlas
from homeground.catalogue.grids.grid import cell_area, empty_grid, grid_of, regrid
from homeground.catalogue.layers.alignment import alignment, read_steps
from homeground.catalogue.layers.series import FLUXES, MONTH, layers, need_series
from homeground.catalogue.regions import study_regions
from homeground.errors import DataError
from homeground.land.stage.from_series import mean_months, series_for
from homeground.running.steps import Work
from homeground.study.model import Study

STEP_DEGREES = 0.05


def read_layer(study: Study, name: str, grid: xr.DataArray, *, method: str) -> xr.DataArray:
    """A map of one epoch on a grid: the user's where given, else the mean of the user's series, else the atlas's.

    Where a series does not reach, the atlas stands in.
    The atlas is brought to the grid by ``method``, as `homeground.catalogue.grids.grid.regrid` knows it; a map of the user as
    his series are, by what its cells and the grid's ask for (`homeground.catalogue.layers.alignment.method`). Rain is mm/month,
    temperature degC.

    Raises
    ------
    DataError
        A map of the user cannot be read, does not overlap with the grid, or holds what its layer cannot.
    """
    if study.input(name) is not None:
        return _own_layer(study, name, grid)
    embedded = regrid(atlas.layer(name, grid_of(grid).bounds), grid, method=method)
    series = series_for(study, name)
    if series is None or name == "cover":  # classes of two legends are brought to one before they meet
        return embedded
    own = mean_months(series, grid)
    return own.where(own.notnull(), embedded).assign_attrs(own.attrs)


def _own_layer(study: Study, name: str, grid: xr.DataArray) -> xr.DataArray:
    series, place = need_series(study, name), grid_of(grid)
    alignment(series, place)  # refuses a map that lies elsewhere
    values = read_steps(series, place, range(len(series.steps)))
    attrs = {"units": layers()[name]["units"], "source": ", ".join(path.name for path in series.files)}
    coords = {"latitude": grid["latitude"], "longitude": grid["longitude"]}
    if layers()[name]["every"] != "normal":
        return xr.DataArray(values[0], coords, ("latitude", "longitude"), name, attrs)
    if series.units in FLUXES and series.units != "mm":
        days = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
        values *= (FLUXES[series.units] * days / MONTH).astype(values.dtype)[:, None, None]
    months = {"month": np.arange(1, 13)} | coords
    return xr.DataArray(values, months, ("month", "latitude", "longitude"), name, attrs)


def study_grid(study: Study) -> xr.DataArray:
    """The grid of the embedded atlas's cells over a study's regions, two cells wide and high at least.

    Raises
    ------
    DataError
        A country of the atlas is smaller than such a cell.
    """
    regions = study_regions(study)
    if study.input("regions") is None:
        _refuse_tiny(regions)
    west, south, east, north = regions.total_bounds
    wide, high = (max(2 * STEP_DEGREES - (b - a), 0.0) / 2 for a, b in ((west, east), (south, north)))
    return empty_grid((west - wide, south - high, east + wide, north + high), STEP_DEGREES)


def _refuse_tiny(regions: pd.DataFrame) -> None:
    """Refuse countries of which the cells of the atlas would tell the sea, or a neighbour."""
    area = regions.groupby("iso3")["area_km2"].sum()
    shapes = regions.set_index("iso3").geometry.representative_point().y
    cell = {
        iso3: float(cell_area(np.array([y, y + STEP_DEGREES]), STEP_DEGREES)[0]) / 1e6 for iso3, y in shapes.items()
    }
    if tiny := [f"{iso3} ({km2:.3g} km2, a cell {cell[iso3]:.3g})" for iso3, km2 in area.items() if km2 < cell[iso3]]:
        raise DataError(
            f"too small for cells of 5 km: {', '.join(tiny)}. Give your own regions and layers: [data] of study.toml."
        )


def save_fields(work: Work, name: str, **fields: xr.DataArray) -> None:
    """Keep fields for the steps that follow and for other software, with the coordinate system as CF asks."""
    data = xr.Dataset(fields).assign_attrs(Conventions="CF-1.11")
    for field in data.data_vars.values():
        field.encoding.clear()
        field.attrs["grid_mapping"] = "crs"
    for axis, units in (("latitude", "degrees_north"), ("longitude", "degrees_east")):
        data[axis].attrs.update(standard_name=axis, units=units)
    data["crs"] = xr.DataArray(0, attrs=CRS.from_epsg(4326).to_cf())
    data.to_zarr(work.out / "land.zarr" / name, mode="w", zarr_format=3, consolidated=False)


def open_fields(work: Work, name: str) -> xr.Dataset:
    """Fields that an earlier step kept."""
    data: xr.Dataset = xr.open_zarr(work.results / "land.zarr" / name, zarr_format=3, consolidated=False, chunks=None)
    return data.load()
