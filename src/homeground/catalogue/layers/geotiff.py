# SPDX-License-Identifier: Apache-2.0
"""GeoTIFF and what else GDAL reads: what a file says of its grid, bands and values, and the values of a window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import MaskFlags
from rasterio.io import DatasetReader

from homeground.catalogue.layers.dates import date_of
from homeground.errors import DataError, Problems


@contextmanager
def _opened(path: Path, name: str) -> Iterator[DatasetReader]:
    try:
        source = rasterio.open(path)
    except rasterio.errors.RasterioIOError as error:
        raise DataError(f"{name}: cannot read {path.name} ({error}). Give GeoTIFF, NetCDF or Zarr.") from error
    with source:
        yield source


def _turned(source: DatasetReader) -> NDArray[np.intp] | None:
    """Which column of a file lies where from -180 to 180, as of 0 to 360; None where the columns lie so already.

    Empty where the columns cannot be put in one row: the file reaches beyond 180 without going around the globe. A cell
    beyond is let pass: many files repeat their first column as the last.
    """
    step, columns = source.transform.a, source.width
    centres = source.transform.c + step * (np.arange(columns) + 0.5)
    beyond = max(-180 - centres[0], centres[-1] - 180)
    if beyond <= 1e-6 or not source.crs.is_geographic:
        return None
    turned = (centres + 180) % 360 - 180
    order = np.argsort(turned, kind="stable")
    if columns == 1 or np.allclose(np.diff(turned[order]), step, rtol=2e-3):
        return order
    return None if beyond <= step / 2 + 1e-6 else np.empty(0, np.intp)


def _one(values: Iterable[Any]) -> list[Any]:
    """The different values of all bands, in their order; NaN is one value."""
    return list({str(value): value for value in values}.values())


def looks_of_raster(path: Path, name: str) -> dict[str, Any]:
    """What `homeground.catalogue.layers.series.Look` holds, of one raster file."""
    with _opened(path, name) as source:
        problems = Problems(f"{name}: {path.name}")
        if source.crs is None:
            problems.add("no coordinate system. Set it (in QGIS: Assign Projection).")
        t = source.transform
        if t.b or t.d or t.a <= 0 or t.e >= 0:
            problems.add("rows do not run from north to south. Warp it (gdalwarp) to a grid that does.")
        order = None if problems.messages else _turned(source)
        if order is not None and not order.size:
            problems.add(
                f"its longitudes run from {t.c:g} to {t.c + t.a * source.width:g}; -180 to 180 was expected, or the whole "
                "globe from 0 to 360. Bring it there: gdalwarp -t_srs EPSG:4326 -te -180 south 180 north in.tif out.tif."
            )
        problems.raise_if_any(DataError)
        west = t.c if order is None else (t.c + t.a * (order[0] + 0.5) + 180) % 360 - 180 - t.a / 2
        dates = [date_of(text or "") for text in source.descriptions]
        said = {
            "units": [unit for unit in _one(source.units) if unit],  # many files state it on the first band alone
            "scale": _one(source.scales),
            "offset": _one(source.offsets),
            "nodata": _one(source.nodatavals),
        }
        return {
            "crs": source.crs.to_wkt(),
            "west": west,
            "north": t.f,
            "step_x": t.a,
            "step_y": -t.e,
            "rows": source.height,
            "columns": source.width,
            "steps": tuple(dates) if all(dates) else ("",) * source.count,
            "units": said["units"][0] if said["units"] else None,
            "scale": source.scales[0],
            "offset": source.offsets[0],
            "nodata": source.nodata,
            "dtype": source.dtypes[0],
            "strips": source.block_shapes[0][1] == source.width,
            "mixed": {what: tuple(values) for what, values in said.items() if len(values) > 1},
        }


def read_bands(
    path: Path, name: str, bands: Sequence[int], rows: slice, columns: slice
) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Stored values of some bands (from 0) in a window, shape (bands, rows, columns), and where a mask hides them.

    The mask is that of a file that has one and no value for missing; else None.

    Raises
    ------
    DataError
        The values cannot be read, as of a file that was cut short.
    """
    with _opened(path, name) as source:
        order = _turned(source)
        masked = source.nodata is None and any(flags != [MaskFlags.all_valid] for flags in source.mask_flag_enums)
        wanted = [band + 1 for band in bands]
        parts, masks = [], []
        try:
            for first, last in [(columns.start, columns.stop)] if order is None else _runs(order[columns]):
                window = ((rows.start, rows.stop), (first, last))
                parts.append(source.read(wanted, window=window))
                if masked:
                    masks.append(source.read_masks(wanted, window=window) == 0)
        except rasterio.errors.RasterioIOError as error:
            # GDAL's own reason, such as a tile that ends too early, hangs on the error below.
            reason = error.__cause__ or error
            raise DataError(
                f"{name}: the values of {path.name} cannot be read ({reason}). The file may have been cut short on its "
                "way: fetch or copy it again; gdalinfo -checksum says whether it is whole."
            ) from error
    return _joined(parts), _joined(masks) if masks else None


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=2)


def _runs(columns: NDArray[np.intp]) -> list[tuple[int, int]]:
    """First and end of each run of columns that follow one another."""
    cuts = np.flatnonzero(np.diff(columns) != 1) + 1
    return [(int(run[0]), int(run[-1]) + 1) for run in np.split(columns, cuts)]
