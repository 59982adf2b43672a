# SPDX-License-Identifier: Apache-2.0
"""Rasters out: cloud-optimised GeoTIFFs with colours and names. `homeground.catalogue.layers.series` reads those of the user."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import rasterio
import xarray as xr
from rasterio.shutil import copy
from rasterio.transform import from_origin

from homeground.catalogue.classes import MISSING
from homeground.catalogue.grids.grid import grid_step

_STRIP_CELLS = 1 << 24


def write_class_map(
    classes: xr.DataArray, path: Path, *, legend: Mapping[int, tuple[str, str]], title: str, shift: int = 0
) -> None:
    """Write a class map as a COG with a colour table and names, and a style beside it that QGIS takes up by itself.

    Parameters
    ----------
    classes : DataArray, integer, dims (latitude, longitude)
        Missing is -128. One that is not loaded is read in strips.
    path : Path
        File to write, ending in ``.tif``; its folder is made. Names (``.aux.xml``) and style (``.qml``) lie beside.
    legend : mapping
        Code to (name, colour as ``#rrggbb``).
    title : str
        What the map shows; the description of its band.
    shift : int
        What is added to each code in the file, so that codes lie from 0 to 254: colour tables know no negative ones.

    Raises
    ------
    DataError
        The grid is not a regular one of latitude and longitude.
    """

    def stored(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        found: np.ndarray[Any, Any] = np.where(values == MISSING, 255, values.astype("int16") + shift)
        return found.astype("uint8")

    legend = {code + shift: named for code, named in legend.items()}
    colours = {code: (*_rgb(colour), 255) for code, (_, colour) in legend.items()}
    _write(classes, stored, path, dtype="uint8", title=title, nodata=255, colours=colours)
    names = [legend[code][0] if code in legend else "" for code in range(max(legend) + 1)]
    listed = "".join(f"<Category>{escape(n)}</Category>" for n in names)
    path.with_name(path.name + ".aux.xml").write_text(
        f'<PAMDataset><PAMRasterBand band="1"><CategoryNames>{listed}</CategoryNames></PAMRasterBand></PAMDataset>\n',
        encoding="utf-8",
    )
    entries = "".join(
        f"<paletteEntry value={quoteattr(str(code))} color={quoteattr(colour)} label={quoteattr(name)} alpha='255'/>"
        for code, (name, colour) in legend.items()
    )
    renderer = (
        f"<rasterrenderer type='paletted' band='1' opacity='1'><colorPalette>{entries}</colorPalette></rasterrenderer>"
    )
    _write_style(path, renderer)


def write_value_map(
    values: xr.DataArray, path: Path, *, colours: list[str], limits: tuple[float, float], title: str
) -> None:
    """Write a field as a float COG with a graded style beside it; NaN is missing.

    Parameters
    ----------
    values : DataArray, dims (latitude, longitude)
        Any unit; its ``units`` become those of the band. One that is not loaded is read in strips.
    path : Path
        File to write, ending in ``.tif``; its folder is made. The style (``.qml``) lies beside.
    colours : list of str
        Two or more colours as ``#rrggbb``, at even steps of ``limits``.
    limits : (low, high), unit of ``values``
        Values at the first and the last colour.
    title : str
        What the map shows; the description of its band.

    Raises
    ------
    DataError
        The grid is not a regular one of latitude and longitude.
    """
    _write(
        values,
        lambda part: part.astype("float32"),
        path,
        dtype="float32",
        title=title,
        nodata=float("nan"),
        colours=None,
    )
    low, high = limits
    stops = np.linspace(low, high, len(colours))
    items = "".join(
        f"<item value='{stop:g}' color='{colour}' label='{stop:g}' alpha='255'/>"
        for stop, colour in zip(stops, colours, strict=True)
    )
    _write_style(
        path,
        f"<rasterrenderer type='singlebandpseudocolor' band='1' opacity='1' classificationMin='{low:g}' "
        f"classificationMax='{high:g}'><rastershader><colorrampshader colorRampType='INTERPOLATED' "
        f"minimumValue='{low:g}' maximumValue='{high:g}'>{items}</colorrampshader></rastershader></rasterrenderer>",
    )


def _write(
    like: xr.DataArray,
    stored: Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]],
    path: Path,
    *,
    dtype: str,
    title: str,
    nodata: float,
    colours: Any,
) -> None:
    """Write strip by strip into a plain file beside, then copy that to a COG, so that no map need fit in memory."""
    step = grid_step(like)
    transform = from_origin(float(like["longitude"][0]) - step / 2, float(like["latitude"][0]) + step / 2, step, step)
    path.parent.mkdir(parents=True, exist_ok=True)
    tags = {k: str(like.attrs[k]) for k in ("long_name", "source", "licence", "period", "kind") if k in like.attrs}
    rows, columns = like.sizes["latitude"], like.sizes["longitude"]
    strip = max(_STRIP_CELLS // columns // 256, 1) * 256
    beside = path.with_name(f".{path.name}.partial")
    try:
        with rasterio.open(
            beside,
            "w",
            driver="GTiff",
            width=columns,
            height=rows,
            count=1,
            dtype=dtype,
            crs="EPSG:4326",
            transform=transform,
            nodata=nodata,
            compress="ZSTD",
            zstd_level=1,
            tiled=True,
            blockxsize=256,
            blockysize=256,
        ) as target:
            for top in range(0, rows, strip):
                part = like.isel(latitude=slice(top, top + strip)).values
                target.write(stored(part), 1, window=((top, top + part.shape[0]), (0, columns)))
            target.set_band_description(1, title)
            target.set_band_unit(1, str(like.attrs.get("units", "")))
            target.update_tags(**tags)
            if colours:
                target.write_colormap(1, colours)
        resampling = "MODE" if colours else "AVERAGE"
        copy(beside, path, driver="COG", compress="DEFLATE", overview_resampling=resampling, num_threads="ALL_CPUS")
    finally:
        beside.unlink(missing_ok=True)


def _write_style(path: Path, renderer: str) -> None:
    path.with_suffix(".qml").write_text(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        f"<qgis version='3.34'><pipe>{renderer}</pipe></qgis>\n",
        encoding="utf-8",
    )


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
