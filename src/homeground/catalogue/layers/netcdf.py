# SPDX-License-Identifier: Apache-2.0
"""NetCDF and Zarr with dates and a regular grid: what they say of themselves, and the values of a window."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from homeground.catalogue.layers.geotiff import require_room
from homeground.errors import DataError
from homeground.extras import advice

ENDINGS = {".nc", ".nc4", ".cdf", ".h5", ".zarr"}
ROWS, COLUMNS = ("latitude", "lat", "y", "northing"), ("longitude", "lon", "x", "easting")
REPEATED = 1e-3  # of a step: two columns nearer than that are one
WHOLE_MONTHS = ("noleap", "365_day", "all_leap", "366_day", "julian", "proleptic_gregorian")
TIMES = ("time", "year", "date")


def is_array_file(path: Path) -> bool:
    """Whether a path is NetCDF or Zarr by its ending."""
    return path.suffix.lower() in ENDINGS


@contextmanager
def _opened(path: Path, variable: str | None, name: str) -> Iterator[xr.DataArray]:
    zarr = path.suffix.lower() == ".zarr"
    engine: dict[str, Any] = {"engine": "zarr", "consolidated": False} if zarr else {}
    try:
        try:
            data = xr.open_dataset(path, chunks=None, create_default_indexes=False, **engine)
        except ValueError as error:
            if "since" not in str(error) and "time" not in str(error):
                raise
            data = _month_stamped(xr.open_dataset(path, chunks=None, decode_times=False, **engine), str(error))
    except DataError as error:
        raise DataError(f"{name}: {path.name} {error}") from error
    except Exception as error:  # readers raise many kinds; the user needs one
        if not zarr and (missing := advice("netcdf")) and _is_hdf(path):
            raise DataError(f"{name}: to read {path.name}, NetCDF, {missing}") from error
        reason = "by its content it is no NetCDF" if "IO backends" in str(error) else error
        raise DataError(f"{name}: cannot read {path.name} ({reason}). Give GeoTIFF, NetCDF or Zarr.") from error
    with data:
        bounds = {str(v.attrs.get("bounds", v.encoding.get("bounds"))) for v in data.coords.values()}
        fields = [str(v) for v, field in data.data_vars.items() if field.ndim >= 2 and v not in bounds]
        if variable is None and len(fields) == 1:
            variable = fields[0]
        if variable is None or variable not in data:
            said = "one variable was expected" if variable is None else f'there is no variable "{variable}"'
            raise DataError(
                f"{name}: {path.name} holds {', '.join(fields) or 'no field'}; {said}. Say which: variable = ..."
            )
        field = data[variable]
        mapping = field.attrs.get("grid_mapping") or field.encoding.get("grid_mapping")
        yield _mid_stamped(field, data).assign_attrs(_wkt=_crs_of(data, mapping, path, name))


def _is_hdf(path: Path) -> bool:
    """Whether the file is NetCDF of the fourth kind by its first bytes; the third is read without an extra."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"\x89HDF"
    except OSError:
        return False


def _crs_of(data: xr.Dataset, mapping: Any, path: Path, name: str) -> str:
    """The coordinate system of a CF grid mapping, by its WKT or by its name and parameters; "" where there is none."""
    mapping = str(mapping).split(":")[0].strip() if mapping else ""
    if mapping not in data.variables:
        return ""
    attrs = data[mapping].attrs
    if wkt := attrs.get("crs_wkt") or attrs.get("spatial_ref"):
        return str(wkt)
    if "grid_mapping_name" not in attrs:
        return ""
    if attrs["grid_mapping_name"] == "latitude_longitude":
        return "EPSG:4326"
    try:
        return str(CRS.from_cf(dict(attrs)).to_wkt())
    except (CRSError, KeyError) as error:
        raise DataError(
            f"{name}: {path.name} lies on a grid of the kind {attrs['grid_mapping_name']}, which cannot be read ({error}). "
            "Bring it to longitude and latitude: gdalwarp -t_srs EPSG:4326."
        ) from error


def _month_stamped(data: xr.Dataset, reason: str) -> xr.Dataset:
    """Dates of a time that is counted in months, which a library of days cannot tell."""
    for dim in data.dims:
        coordinate = data.coords.get(dim)
        said = "" if coordinate is None else str(coordinate.attrs.get("units", ""))
        found = re.match(r"months? since (\d{1,4})-(\d{1,2})", said)
        if found and coordinate is not None:
            start = int(found[1]) * 12 + int(found[2]) - 1
            months = start + np.floor(coordinate.values.astype("float64") + 1e-6).astype(int)
            stamps = np.array([f"{m // 12:04d}-{m % 12 + 1:02d}" for m in months], "datetime64[M]")
            return data.assign_coords({dim: stamps.astype("datetime64[ns]")})
    raise DataError(f"cannot be read ({reason}).")


def _mid_stamped(field: xr.DataArray, data: xr.Dataset) -> xr.DataArray:
    """The field with each date in the middle of its CF bounds: a month stamped at its end is that month, not the next."""
    for dim in field.dims:
        stamps = field.coords.get(dim)
        bounds = None if stamps is None else stamps.attrs.get("bounds", stamps.encoding.get("bounds"))
        if stamps is None or bounds not in data.variables or stamps.dtype.kind != "M":
            continue
        ends = data[str(bounds)]
        if ends.dtype.kind != "M" or ends.dims[:1] != (dim,) or ends.shape != (stamps.size, 2):
            continue
        low, high = ends.values.T
        # Bounds that do not hold their stamp (some files fill them with nothing) say less than the stamp.
        held = (low <= stamps.values) & (stamps.values <= high)
        field = field.assign_coords({dim: np.where(held, low + (high - low) / 2, stamps.values)})
    return field


def _axis(field: xr.DataArray, names: Sequence[str], standard: Sequence[str]) -> str | None:
    for dim in field.dims:
        coordinate = field.coords.get(dim)
        said = "" if coordinate is None else str(coordinate.attrs.get("standard_name", ""))
        if str(dim).lower() in names or said in standard:
            return str(dim)
    return None


def _axes(field: xr.DataArray, name: str) -> tuple[str | None, str, str]:
    rows = _axis(field, ROWS, ("latitude", "projection_y_coordinate"))
    columns = _axis(field, COLUMNS, ("longitude", "projection_x_coordinate"))
    if rows is None or columns is None or rows not in field.coords or columns not in field.coords:
        raise DataError(
            f"{name}: {field.name} has the dimensions {field.dims}; coordinates named latitude and longitude (or y and x) "
            "were expected. Rename them."
        )
    left = [str(d) for d in field.dims if d not in (rows, columns)]
    if len(left) > 1:
        raise DataError(f"{name}: {field.name} has the dimensions {field.dims}; at most one of time was expected.")
    return (left[0] if left else None), rows, columns


def _even(values: NDArray[np.float64], dim: str, name: str) -> float:
    step = np.diff(values)
    if values.size < 2 or not np.allclose(step, step.mean(), rtol=2e-3):
        raise DataError(f"{name}: {dim} is not in equal steps. Bring the file to a regular grid first.")
    return float((values[-1] - values[0]) / (values.size - 1))


def _east(values: NDArray[np.float64], geographic: bool) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Longitudes from -180 to 180 in rising order, and which columns these are in the file."""
    if geographic and values.max() > 180 + 1e-6:
        values = (values + 180) % 360 - 180
    order = np.argsort(values, kind="stable")
    if geographic and values.size > 2:  # many files repeat their first meridian as the last
        apart = np.diff(values[order], prepend=-np.inf)
        order = order[apart > REPEATED * np.median(apart[1:])]
    return values[order], order


def _in_degrees(field: xr.DataArray, rows: str, columns: str) -> bool:
    named = {rows.lower(), columns.lower()} <= {"latitude", "lat", "longitude", "lon"}
    return named or str(field[rows].attrs.get("units", "")).startswith("degree")


def _dates(field: xr.DataArray, dim: str | None, path: Path, name: str) -> tuple[str, ...]:
    if dim is None:
        return ("",)
    if dim not in field.coords:
        return ("",) * field.sizes[dim]
    labels = field[dim]
    if np.issubdtype(labels.dtype, np.datetime64):
        return tuple(str(day) for day in labels.values.astype("datetime64[D]"))
    if labels.dtype == object:
        calendar = str(labels.dt.calendar)
        if calendar in WHOLE_MONTHS:  # its months are ours, but for a day in February
            years, months, days = labels.dt.year.values, labels.dt.month.values, labels.dt.day.values
            return tuple(f"{y:04d}-{m:02d}-{d:02d}" for y, m, d in zip(years, months, days, strict=True))
        raise DataError(
            f'{name}: the dates of {path.name} follow the calendar "{calendar}". Bring them to the standard calendar first '
            '(in xarray: convert_calendar("standard", align_on="date")).'
        )
    if np.issubdtype(labels.dtype, np.number) and bool(((labels >= 1800) & (labels < 2200)).all()):
        return tuple(str(int(year)) for year in labels.values)
    return ("",) * field.sizes[dim]


def looks_of_arrays(path: Path, variable: str | None, name: str) -> dict[str, Any]:
    """What `homeground.catalogue.layers.series.Look` holds, of one NetCDF or Zarr."""
    with _opened(path, variable, name) as field:
        time, rows, columns = _axes(field, name)
        y, x = (field[d].values.astype("float64") for d in (rows, columns))
        degrees = _in_degrees(field, rows, columns)
        crs = field.attrs["_wkt"] or ("EPSG:4326" if degrees else "")
        if not crs:
            raise DataError(f"{name}: {path.name} states no coordinate system. Add a CF grid mapping.")
        if not field.attrs["_wkt"] and (np.abs(y).max() > 90 or x.max() > 360 or x.min() < -180):
            raise DataError(f"{name}: {path.name} has latitudes or longitudes beyond the globe. Check its coordinates.")
        stored = field.encoding.get("chunksizes") or field.encoding.get("preferred_chunks") or ()
        sizes = stored.values() if isinstance(stored, dict) else stored
        if sizes:
            require_room(int(np.prod([float(size) for size in sizes])) * field.dtype.itemsize, path.name)
        x, _ = _east(x, degrees)
        step_x, step_y = _even(x, columns, name), abs(_even(y, rows, name))
        unit = field.attrs.get("units")
        return {
            "crs": crs,
            "west": float(x[0]) - step_x / 2,
            "north": float(y.max()) + step_y / 2,
            "step_x": step_x,
            "step_y": step_y,
            "rows": y.size,
            "columns": x.size,
            "steps": _dates(field, time, path, name),
            "units": None if unit is None else str(unit),
            "scale": 1.0,  # xarray has applied it
            "decoded": any(key in field.encoding for key in ("scale_factor", "add_offset")),
            "offset": 0.0,
            "nodata": None,
            "dtype": str(field.dtype),
            "strips": False,
        }


def read_arrays(
    path: Path, variable: str | None, name: str, bands: Sequence[int], rows: slice, columns: slice
) -> NDArray[Any]:
    """Values of some bands in a window counted from north and west; shape (bands, rows, columns)."""
    with _opened(path, variable, name) as field:
        time, down, right = _axes(field, name)
        y = field[down].values
        _, order = _east(field[right].values.astype("float64"), _in_degrees(field, down, right))
        at = np.arange(y.size)[rows] if y[0] > y[-1] else np.arange(y.size)[::-1][rows]
        chosen: dict[str, Any] = {right: order[columns]}
        chosen |= {down: np.sort(at)} | ({} if time is None else {time: list(bands)})
        try:
            part = field.isel(chosen).transpose(*([] if time is None else [time]), down, right).values
        except (OSError, RuntimeError, ValueError) as error:  # by the reader: netCDF4, h5netcdf or zarr
            raise DataError(
                f"{name}: the values of {path.name} cannot be read ({error}). The file may have been cut short on its way: "
                "fetch or copy it again."
            ) from error
        part = part if time is not None else part[None]
        return part if y[0] > y[-1] else part[:, ::-1]
