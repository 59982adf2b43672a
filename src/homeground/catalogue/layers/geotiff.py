# SPDX-License-Identifier: Apache-2.0
"""GeoTIFF and what else GDAL reads: what a file says of its grid, bands and values, and the values of a window."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.enums import MaskFlags
from rasterio.io import DatasetReader

from homeground.catalogue.layers.dates import date_of
from homeground.errors import DataError, Problems

# Formats that hold values themselves; none that asks a network or another program.
DRIVERS = (
    "GTiff",
    "COG",
    "VRT",
    "HFA",
    "AAIGrid",
    "EHdr",
    "ENVI",
    "SAGA",
    "RST",
    "PNG",
    "JP2OpenJPEG",
    "GPKG",
    "netCDF",
)

# GDAL's own errors are no kin of rasterio's: a damaged key of a coordinate system comes as one of these.
RASTER_ERRORS = (rasterio.errors.RasterioError, CPLE_BaseError)


@contextmanager
def _opened(path: Path, name: str) -> Iterator[DatasetReader]:
    _values_itself(path, name)
    try:
        source = rasterio.open(path)
    except RASTER_ERRORS as error:
        raise DataError(f"{name}: cannot read {path.name} ({error}). Give GeoTIFF, NetCDF or Zarr.") from error
    with source:
        if source.driver not in DRIVERS:
            raise DataError(f"{name}: {path.name} is of the kind {source.driver}. Give GeoTIFF, NetCDF or Zarr.")
        try:
            yield source
        except RASTER_ERRORS as error:  # what the file says of itself is looked at only when it is asked for
            raise DataError(
                f"{name}: {path.name} is damaged ({error}). Fetch or copy it again, or write it anew (gdal_translate)."
            ) from error


def _values_itself(path: Path, name: str) -> None:
    """Refuse a file that only describes where values are to be had, in a network for instance, before anything opens it."""
    with path.open("rb") as file:
        head = file.read(4096).lstrip(b"\xef\xbb\xbf \r\n\t")
    if head[:200].lower().startswith((b"<!doctype html", b"<html")):
        raise DataError(
            f"{name}: {path.name} is a web page, not a raster: a provider's error page was saved under its name. Look at it in "
            "a browser, and fetch the file again."
        )
    if head.startswith((b"<", b"{")) and b"<VRTDataset" not in head:
        raise DataError(f"{name}: {path.name} describes data that lie elsewhere. Give the file that holds the values.")


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


def sources_of_virtual(path: Path) -> list[str]:
    """What a virtual raster (VRT) reads, as absolute paths or as it says; empty for other files.

    Raises
    ------
    DataError
        It is no XML, or reaches into the network, an archive, memory, or by code.
    """
    if not path.is_file():  # Zarr is a folder
        return []
    with path.open("rb") as file:
        if b"<VRTDataset" not in file.read(4096):
            return []
    try:
        tree = ElementTree.fromstring(path.read_bytes())  # noqa: S314 - no outer entities are expanded by it
    except ElementTree.ParseError as error:
        raise DataError(
            f"{path.name} is no whole virtual raster ({error}). Build it anew with gdalbuildvrt."
        ) from error
    if (
        tree.find(".//PixelFunctionCode") is not None
        or tree.find(".//VRTRasterBand[@subClass='VRTRawRasterBand']") is not None
    ):
        raise DataError(
            f"{path.name} works its values out by code or reads raw bytes. Bring it to GeoTIFF: gdal_translate."
        )
    found = []
    for node in [*tree.iter("SourceFilename"), *tree.iter("SourceDataset")]:
        said = (node.text or "").strip()
        if (
            said.startswith("/vsi")
            or "://" in said
            or (re.match(r"^[A-Z_0-9]+:", said, re.I) and not re.match(r"^[a-z]:[\\/]", said, re.I))
        ):
            raise DataError(f"{path.name} reads {said}; files beside the study were expected. Copy them there first.")
        found.append(str((path.parent / said).resolve() if node.get("relativeToVRT") == "1" else Path(said).resolve()))
    return found


def _value_bands(source: DatasetReader, kind: str, band: int | None, problems: Problems) -> list[int]:
    """Numbers from 1 of the bands that hold values: without a mask band; one alone where the study says so."""
    roles = [role.name for role in source.colorinterp]
    bands = [i for i, role in enumerate(roles, start=1) if role != "alpha"]
    if band is not None:
        if band > source.count:
            problems.add(f"has {source.count} band(s), no band {band}. Mend band in the study.")
        return [band] if band <= source.count else bands
    if {"red", "green", "blue"} <= set(roles):
        problems.add(
            "is a picture in red, green and blue, not values. Give the file that holds the values, or say which band does: "
            "band = 1."
        )
    if kind == "number" and any(role == "palette" for role in roles):
        problems.add("holds colours of a palette, not values. Give the file that the picture was made from.")
    return bands


def _memory() -> int:
    """Bytes of this machine's memory; very many where it does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 1 << 62


def require_room(size: int, what: str) -> None:
    """Refuse what must be held at once and is larger than the machine, before it is read.

    Raises
    ------
    DataError
        With both sizes.
    """
    if size > _memory():
        raise DataError(
            f"{what} is written in blocks of {size / 1e9:,.0f} GB, this machine has {_memory() / 1e9:,.0f} GB. The file is "
            "damaged, or must be written in small blocks: gdal_translate -co TILED=YES."
        )


def looks_of_raster(path: Path, name: str, *, kind: str = "number", band: int | None = None) -> dict[str, Any]:
    """What `homeground.catalogue.layers.look.Look` holds, of one raster file."""
    with _opened(path, name) as source:
        problems = Problems(f"{name}: {path.name}")
        if source.crs is None:
            problems.add("no coordinate system. Set it (in QGIS: Assign Projection).")
        t = source.transform
        if t.b or t.d or t.a <= 0 or t.e >= 0:
            problems.add("rows do not run from north to south. Warp it (gdalwarp) to a grid that does.")
        if any(dtype.startswith("complex") for dtype in source.dtypes):
            problems.add(f"holds complex numbers ({source.dtypes[0]}). Give the part that is meant, as real numbers.")
        chosen = [i - 1 for i in _value_bands(source, kind, band, problems)]
        block = source.block_shapes[0]
        require_room(
            block[0] * block[1] * np.dtype(source.dtypes[0].replace("complex_int", "complex")).itemsize, path.name
        )
        order = None if problems.messages else _turned(source)
        if order is not None and not order.size:
            problems.add(
                f"its longitudes run from {t.c:g} to {t.c + t.a * source.width:g}; -180 to 180 was expected, or the whole "
                "globe from 0 to 360. Bring it there: gdalwarp -t_srs EPSG:4326 -te -180 south 180 north in.tif out.tif."
            )
        problems.raise_if_any(DataError)
        west = t.c if order is None else (t.c + t.a * (order[0] + 0.5) + 180) % 360 - 180 - t.a / 2
        dates = [date_of(source.descriptions[i] or "") for i in chosen]
        said = {
            "units": [
                unit for unit in _one(source.units[i] for i in chosen) if unit
            ],  # many state it on the first alone
            "scale": _one(source.scales[i] for i in chosen),
            "offset": _one(source.offsets[i] for i in chosen),
            "nodata": _one(source.nodatavals[i] for i in chosen),
        }
        return {
            "crs": source.crs.to_wkt(),
            "west": west,
            "north": t.f,
            "step_x": t.a,
            "step_y": -t.e,
            "rows": source.height,
            "columns": source.width,
            "steps": tuple(dates) if all(dates) else ("",) * len(chosen),
            "units": said["units"][0] if said["units"] else None,
            "scale": said["scale"][0],
            "offset": said["offset"][0],
            "nodata": source.nodatavals[chosen[0]],
            "dtype": source.dtypes[chosen[0]],
            "bands": () if chosen == list(range(source.count)) else tuple(chosen),
            "strips": source.block_shapes[0][1] == source.width,
            "mixed": {what: tuple(values) for what, values in said.items() if len(values) > 1},
        }


def descriptions(path: Path, name: str) -> tuple[str, ...]:
    """What a file calls each of its bands; "" for one without a description.

    Raises
    ------
    DataError
        The file cannot be read.
    """
    with _opened(path, name) as source:
        return tuple(one or "" for one in source.descriptions)


def read_bands(
    path: Path, name: str, bands: Sequence[int], rows: slice, columns: slice
) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Stored values of some bands (from 0) in a window, shape (bands, rows, columns), and where a mask hides them.

    The mask is that of a file that has one, of its own or as a band of transparency; else None.

    Raises
    ------
    DataError
        The values cannot be read, as of a file that was cut short.
    """
    with _opened(path, name) as source:
        order = _turned(source)
        # A mask counts beside a value for missing: what either hides is missing.
        masked = any({MaskFlags.per_dataset, MaskFlags.alpha} & set(flags) for flags in source.mask_flag_enums)
        clear = [
            i for i, role in enumerate(source.colorinterp, start=1) if role.name == "alpha"
        ]  # GDAL takes few of them
        wanted = [band + 1 for band in bands]
        parts, masks = [], []
        try:
            for first, last in [(columns.start, columns.stop)] if order is None else _runs(order[columns]):
                window = ((rows.start, rows.stop), (first, last))
                parts.append(source.read(wanted, window=window))
                if clear:
                    masks.append(np.broadcast_to(source.read(clear[:1], window=window) == 0, parts[-1].shape))
                elif masked:
                    masks.append(source.read_masks(wanted, window=window) == 0)
        except RASTER_ERRORS as error:
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
