# SPDX-License-Identifier: Apache-2.0
"""Fields on a large grid in one Zarr group, written and read tile by tile, with CF attributes for other software."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray
from pyproj import CRS

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.grids.tiles import Tile

GRID_MAPPING = "crs"


@dataclass(frozen=True)
class Field:
    """One field of a store: its type, what stands where nothing was written, and its attributes."""

    dtype: str
    missing: float
    attrs: dict[str, Any] = field(default_factory=dict)


def class_field(long_name: str, classes: Mapping[int, str], **attrs: Any) -> Field:
    """An int8 field of classes, -128 missing, with CF flags.

    Parameters
    ----------
    long_name : str
        What the field shows.
    classes : mapping of int to str
        Meaning of each code.
    **attrs : any
        Other attributes, such as the years that the field is of.

    Returns
    -------
    Field
        For `create_store`.
    """
    flags = {
        "long_name": long_name,
        "flag_values": list(classes),
        "flag_meanings": " ".join(name.replace(" ", "_") for name in classes.values()),
    }
    return Field("int8", -128, flags | attrs)


def value_field(long_name: str, units: str, *, dtype: str = "float32", **attrs: Any) -> Field:
    """A field of numbers, NaN missing.

    Parameters
    ----------
    long_name : str
        What the field shows.
    units : str
        Its unit, such as "km2"; "1" where it has none.
    dtype : str
        Type that the numbers are stored in.
    **attrs : any
        Other attributes, such as the years that the field is of.

    Returns
    -------
    Field
        For `create_store`.
    """
    return Field(dtype, float("nan"), {"long_name": long_name, "units": units} | attrs)


def create_store(path: Path, grid: Grid, tile_shape: tuple[int, int], fields: Mapping[str, Field]) -> None:
    """Make the group with all fields missing; a chunk is a tile, so that tiles can be written at the same time.

    Parameters
    ----------
    path : Path
        Folder of the group; one that is there is written over.
    grid : Grid
        Cells of every field, EPSG:4326.
    tile_shape : (rows, columns), cells
        Of `homeground.catalogue.grids.tiles.tile_shape`.
    fields : mapping of str to Field
        Name of each field and what it holds.
    """
    group = zarr.open_group(path, mode="w", zarr_format=3)
    axes = {"latitude": (grid.latitude, "degrees_north"), "longitude": (grid.longitude, "degrees_east")}
    for name, (values, units) in axes.items():
        array = group.create_array(name, shape=values.shape, dtype="float64", dimension_names=(name,))
        array[:] = values
        array.attrs.update({"units": units, "standard_name": name, "long_name": name})
    mapping = group.create_array(GRID_MAPPING, shape=(), dtype="int8", fill_value=0, dimension_names=())
    place = (grid.west, grid.step, 0, grid.north, 0, -grid.step)  # as GDAL writes it; `stored` takes the grid from it
    mapping.attrs.update(CRS.from_epsg(4326).to_cf() | {"GeoTransform": " ".join(repr(float(v)) for v in place)})
    for name, one in fields.items():
        array = group.create_array(
            name,
            shape=grid.shape,
            chunks=(min(tile_shape[0], grid.rows), min(tile_shape[1], grid.columns)),
            dtype=one.dtype,
            fill_value=one.missing,
            dimension_names=("latitude", "longitude"),
        )
        attrs = dict(one.attrs) | {"grid_mapping": GRID_MAPPING}
        if np.dtype(one.dtype).kind == "i":
            attrs["_FillValue"] = int(one.missing)
        array.attrs.update(attrs)
    group.attrs.update({"Conventions": "CF-1.11"})


def write_tile(path: Path, tile: Tile, values: Mapping[str, NDArray[Any]]) -> None:
    """Write the tile of some fields.

    Parameters
    ----------
    path : Path
        A group made by `create_store`.
    tile : Tile
        Where the values belong.
    values : mapping of str to array, shape (tile rows, tile columns)
        Values of each field, in its unit; -128 or NaN missing.
    """
    group = zarr.open_group(path, mode="r+", zarr_format=3)
    for name, one in values.items():
        group[name][tile.slices] = one  # type: ignore[index]


def read_tile(path: Path, tile: Tile, names: Iterable[str]) -> dict[str, NDArray[Any]]:
    """The tile of some fields as it was written: -128 and NaN stand for missing.

    Parameters
    ----------
    path : Path
        A group made by `create_store`.
    tile : Tile
        Which cells are read.
    names : iterable of str
        Fields to read.

    Returns
    -------
    dict of str to array, shape (tile rows, tile columns)
        Each field by name, in its unit and type.
    """
    group = zarr.open_group(path, mode="r", zarr_format=3)
    return {name: np.asarray(group[name][tile.slices]) for name in names}  # type: ignore[index]


def stored(path: Path) -> tuple[Grid, tuple[int, int]]:
    """Grid and tile shape of a store.

    Parameters
    ----------
    path : Path
        A group made by `create_store`.

    Returns
    -------
    Grid
        Cells of every field.
    (rows, columns), cells
        Of a whole tile.
    """
    group = zarr.open_group(path, mode="r", zarr_format=3)
    field_ = next(array for name, array in group.arrays() if name not in ("latitude", "longitude", GRID_MAPPING))
    west, step, _, north, _, _ = (float(v) for v in str(group[GRID_MAPPING].attrs["GeoTransform"]).split())
    grid = Grid(west, north, step, *field_.shape)
    return grid, (int(field_.chunks[0]), int(field_.chunks[1]))
