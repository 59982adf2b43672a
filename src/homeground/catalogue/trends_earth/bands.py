# SPDX-License-Identifier: Apache-2.0
"""The bands of a Trends.Earth job: found by the names that its JSON or the raster itself gives them, read onto a grid.

Names and codes of bands are those of trends.earth-algorithms, ``land_deg/config.py`` and ``land_deg_numba.py``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.transform import from_origin

from homeground.catalogue.classes import MISSING
from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.grids.resampling import nearest, places
from homeground.catalogue.layers.geotiff import descriptions, looks_of_raster, read_bands, sources_of_virtual
from homeground.catalogue.trends_earth.files import RASTERS
from homeground.errors import DataError

# What the name of a band begins with, by rule; productivity is followed by whose it is.
NAMES = {
    "indicator": "SDG 15.3.1 Indicator",
    "status": "SDG 15.3.1 Indicator (status)",
    "productivity": "Land Productivity Dynamics",
    "land_cover": "Land cover (degradation)",
    "soil_organic_carbon": "Soil organic carbon (degradation)",
}
NODATA, MASK = -32768, -32767  # no verdict; outside the area of interest
OUTSIDE = -127  # what a cell outside their area gets here
THRESHOLD = 10  # per cent of soil carbon that Trends.Earth counts as a change; the ends count
# Codes of a band and the class that each stands for; of productivity 0 and 15 are gaps of known layers.
THREE = {-1: -1, 0: 0, 1: 1}
FIVE = {0: MISSING, 1: -1, 2: -1, 3: 0, 4: 0, 5: 1, 15: MISSING}
SEVEN = {1: -1, 2: -1, 3: -1, 4: 0, 5: 1, 6: 1, 7: 1}


@dataclass(frozen=True)
class Band:
    """One band of a job that a rule can be read from."""

    rule: str
    file: Path
    number: int  # from 0
    metadata: tuple[tuple[str, Any], ...]

    def of(self, period: str, years: set[int]) -> bool:
        """Whether the band is of a period: by the name that its JSON gives, else by its last year."""
        told = dict(self.metadata)
        if isinstance(named := told.get("period"), str):
            return named == period
        last = next((told[k] for k in ("reporting_year_final", "progress_year_final", "year_final") if k in told), None)
        return last in years


def find_bands(folder: Path, contents: dict[str, Any]) -> tuple[list[Band], list[str]]:
    """Bands of the rasters in a folder that rules are read from.

    Parameters
    ----------
    folder : Path
    contents : dict of file name to what its JSON holds
        Jobs, their results and band keys name rasters and bands; other files are passed over.

    Returns
    -------
    list of Band
        Empty where the folder holds no raster with such bands.
    list of str
        Rasters that a JSON names and the folder does not hold.

    Raises
    ------
    DataError
        A raster cannot be read, reads files outside the folder, or has another number of bands than its JSON says.
    """
    found: list[Band] = []
    absent: list[str] = []
    held: set[str] = set()
    for file, bands in dict.fromkeys(pair for one in contents.values() for pair in _told(one)):
        path = folder / file
        if not path.is_file():
            absent.append(file)
        elif file not in held:
            held.add(file)
            _check_count(path, len(bands))
            found += [Band(rule, path, n, told) for n, (name, told) in enumerate(bands) if (rule := _rule(name))]
    if not found:  # no JSON names a raster of the folder: they may name their bands themselves
        rasters = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in RASTERS]
        parts = {source for path in rasters for source in _sources(path)}
        found = [band for path in rasters if path.resolve() not in parts for band in _described(path)]
    return found, sorted(set(absent) - held)


def read_band(band: Band, grid: Grid) -> NDArray[np.int16]:
    """Classes of a band on a grid: -1, 0, 1, -128 without a verdict, -127 outside the area of the job.

    Parameters
    ----------
    band : Band
    grid : Grid
        Each of its cells takes the value of the cell of the band that its centre lies in.

    Returns
    -------
    array, shape of ``grid``
        Soil carbon, which is in per cent, as a class: -10 and less is degraded, 10 and more improved.

    Raises
    ------
    DataError
        A value that the band can not hold.
    """
    look = _look(band.file)
    row, column = places(grid, look["crs"], from_origin(look["west"], look["north"], look["step_x"], look["step_y"]))
    top, bottom = (int(v) for v in (max(math.floor(row.min()), 0), min(math.ceil(row.max()) + 1, look["rows"])))
    left, right = (
        int(v) for v in (max(math.floor(column.min()), 0), min(math.ceil(column.max()) + 1, look["columns"]))
    )
    if top >= bottom or left >= right:
        return np.full(grid.shape, OUTSIDE, np.int16)
    values, hidden = read_bands(band.file, "data.trends_earth", [band.number], slice(top, bottom), slice(left, right))
    stored = np.where(np.isfinite(values[0]), values[0], NODATA)
    if hidden is not None:
        stored = np.where(hidden[0], NODATA, stored)
    classes = _classes(band, stored)
    return nearest(classes, row - top, column - left, OUTSIDE)


def check_values(band: Band) -> None:
    """Read a band whole and refuse a value that it can not hold.

    Raises
    ------
    DataError
    """
    look = _look(band.file)
    rows = max((1 << 22) // look["columns"], 1)
    for top in range(0, look["rows"], rows):
        window = slice(top, min(top + rows, look["rows"])), slice(0, look["columns"])
        values, _ = read_bands(band.file, "data.trends_earth", [band.number], *window)
        _classes(band, np.where(np.isfinite(values[0]), values[0], NODATA))


def bounds(band: Band) -> tuple[float, float, float, float]:
    """West, south, east and north of a band's raster, in its own coordinates."""
    look = _look(band.file)
    return (
        look["west"],
        look["north"] - look["step_y"] * look["rows"],
        look["west"] + look["step_x"] * look["columns"],
        look["north"],
    )


def crs_of(band: Band) -> str:
    """Coordinate system of a band's raster."""
    return str(_look(band.file)["crs"])


def _classes(band: Band, stored: NDArray[Any]) -> NDArray[np.int16]:
    out = np.full(stored.shape, MISSING, np.int16)
    out[stored == MASK] = OUTSIDE
    known = ~np.isin(stored, (NODATA, MASK))
    if band.rule == "soil_organic_carbon":
        strange = known & (stored < -101)
        out[known] = np.where(stored <= -THRESHOLD, -1, np.where(stored >= THRESHOLD, 1, 0))[known]
    else:
        codes = _codes(band)
        strange = known & ~np.isin(stored, list(codes))
        for code, meaning in codes.items():
            out[stored == code] = meaning
    if strange.any():
        expected = "-101 or more, per cent" if band.rule == "soil_organic_carbon" else ", ".join(map(str, _codes(band)))
        raise DataError(
            f'data.trends_earth: {band.file.name}, band {band.number + 1} ("{NAMES[band.rule]}") holds '
            f"{stored[strange].flat[0]:g}; {expected}, {NODATA} and {MASK} were expected. Is it the band that its name says?"
        )
    return out


def _codes(band: Band) -> dict[int, int]:
    if band.rule == "status":
        return THREE if "progress_year_final" in dict(band.metadata) else SEVEN
    return FIVE if band.rule == "productivity" else THREE


def _plain(name: str) -> str:
    """A name as rasters have it: letters, digits and lines alone."""
    return re.sub(r"[^0-9A-Za-z_]+", "_", name).strip("_").lower()


def _rule(name: str) -> str | None:
    """Which rule a band is of, by the name that JSON gives it.

    Examples
    --------
    >>> _rule("SDG 15.3.1 Indicator"), _rule("Land Productivity Dynamics (from JRC)"), _rule("Land cover transitions")
    ('indicator', 'productivity', None)
    """
    for rule, known in NAMES.items():
        if name == known or (rule == "productivity" and name.startswith(known)):
            return rule
    return None


def _described(path: Path) -> Iterator[Band]:
    """Bands by their own descriptions, with or without the years at their end."""
    for number, text in enumerate(descriptions(path, "data.trends_earth")):
        plain, years = _plain(text), re.search(r"(?:_(\d{4}))?_(\d{4})$", _plain(text))
        bare = plain[: years.start()] if years else plain
        for rule, known in NAMES.items():
            if bare == _plain(known) or (rule == "productivity" and bare.startswith(_plain(known))):
                last = (("year_final", int(years[2])),) if years else ()
                yield Band(rule, path, number, last)


def _told(content: Any) -> Iterator[tuple[str, tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]]]:
    """Files that a JSON names, each with its bands: of a band key, of results, of a job."""
    if not isinstance(content, dict):
        return
    if isinstance(content.get("bands"), list) and isinstance(content.get("path"), str):
        yield _name(content["path"]), _named(content["bands"])
    results = content.get("results") if isinstance(content.get("results"), dict) else content
    rasters = results.get("rasters") if isinstance(results, dict) else None
    for raster in rasters.values() if isinstance(rasters, dict) else ():
        uri = raster.get("uri") if isinstance(raster, dict) else None
        place = uri.get("uri") if isinstance(uri, dict) else uri
        if isinstance(place, str) and isinstance(raster.get("bands"), list):
            yield _name(place), _named(raster["bands"])


def _named(bands: list[Any]) -> tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]:
    found = []
    for one in bands:
        told = one.get("metadata") if isinstance(one, dict) else None
        plain = {k: v for k, v in told.items() if isinstance(v, str | int)} if isinstance(told, dict) else {}
        kept = tuple((k, v) for k, v in plain.items() if k == "period" or "year" in k)
        found.append((str(one.get("name", "")) if isinstance(one, dict) else "", kept))
    return tuple(found)


def _name(place: str) -> str:
    """The name of a file at the end of a path of any system or an address.

    Examples
    --------
    >>> _name("/jobs/a.vrt"), _name("https://host/b/job%2Fa.tif?alt=media")
    ('a.vrt', 'a.tif')
    """
    bare = place.partition("?")[0].replace("\\", "/").replace("%2F", "/")
    return PurePosixPath(bare).name


def _check_count(path: Path, count: int) -> None:
    _sources(path)
    held = len(descriptions(path, "data.trends_earth"))
    if held != count:
        raise DataError(
            f"data.trends_earth: {path.name} holds {held} band(s), the JSON beside it names {count}. Put the raster and "
            "the JSON of one job into the folder."
        )


def _sources(path: Path) -> list[Path]:
    """Files that a virtual raster reads; refused where they lie outside its folder: they could be anything, anywhere."""
    found = [Path(one) for one in sources_of_virtual(path)]
    if away := [str(one) for one in found if one.parent != path.parent.resolve()]:
        raise DataError(
            f"data.trends_earth: {path.name} is a virtual raster that reads {', '.join(away[:4])}; files beside it were "
            "expected. Copy them into the folder and build it anew: gdalbuildvrt."
        )
    return found


@lru_cache(maxsize=64)
def _look_at(path: Path, changed: int) -> dict[str, Any]:
    return looks_of_raster(path, "data.trends_earth", kind="class", band=1)


def _look(path: Path) -> dict[str, Any]:
    return _look_at(path, path.stat().st_mtime_ns)
