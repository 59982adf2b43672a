# SPDX-License-Identifier: Apache-2.0
"""Maps and series in time of the user: what lies in the files, told without reading the values.

GeoTIFF (and what else GDAL reads) with a band or a file for each step, NetCDF and Zarr with a dimension of dates; any
grid, any coordinate system. `homeground.catalogue.alignment` reads the values onto the grid of an assessment.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from homeground.catalogue.netcdf import is_array_file, looks_of_arrays
from homeground.errors import DataError, Problems
from homeground.study import LEGENDS, Study
from homeground.study_sections import LayerFile
from homeground.units import same_unit

ENOUGH = 0.85  # share of a year's steps that must be known; the PRAIS 4 manual (2026) asks to fill gaps below it
# Other units of a layer and how they become the expected ones: value * factor + offset.
CONVERSIONS: dict[tuple[str, str], tuple[float, float]] = {
    ("K", "degC"): (1.0, -273.15),
    ("kelvin", "degC"): (1.0, -273.15),
    ("kg/m2", "t C/ha"): (10.0, 0.0),
    ("kg m-2", "t C/ha"): (10.0, 0.0),
    ("kg C m-2", "t C/ha"): (10.0, 0.0),
    ("g/m2", "t C/ha"): (0.01, 0.0),
}
# Fluxes that are brought to totals of the month where the days of the month are known.
FLUXES = ("mm", "mm/day", "mm d-1", "mm day-1", "kg m-2 s-1", "kg/m2/s")

_DATE = re.compile(r"(?<!\d)((?:18|19|20|21)\d\d)(?:[-_.]?(0[1-9]|1[0-2])(?:[-_.]?([0-3]\d))?)?(?!\d)")


@dataclass(frozen=True)
class Look:
    """What one file says of itself: the place and size of its grid, its steps in time, and its values."""

    crs: str
    west: float
    north: float
    step_x: float
    step_y: float  # positive: north to south
    rows: int
    columns: int
    steps: tuple[str, ...]  # ISO date of each band; "" where the file does not say
    units: str | None
    scale: float
    offset: float
    nodata: float | None
    dtype: str
    strips: bool  # written in whole rows
    decoded: bool = False  # values come with the file's own scale applied

    @property
    def grid(self) -> tuple[Any, ...]:
        """What must be the same in all files of a series."""
        place = (round(v, 9) for v in (self.west, self.north, self.step_x, self.step_y))
        return (self.crs, *place, self.rows, self.columns)


@dataclass(frozen=True)
class Series:
    """A map or a series in time as it lies in files."""

    name: str
    kind: str  # number | class
    files: tuple[Path, ...]
    variable: str | None
    look: Look
    steps: tuple[str, ...]  # ISO dates in order, "2001", "2001-05" or "2001-05-16"; ("",) for a map without a date
    places: tuple[tuple[int, int], ...]  # file and band of each step, both from 0
    units: str
    scale: float
    offset: float
    nodata: float | None
    expected: tuple[float, float] | None  # what the values may reach

    @property
    def years(self) -> tuple[int, ...]:
        """Years that have at least one step."""
        return tuple(sorted({int(step[:4]) for step in self.steps if step}))

    @property
    def whole_years(self) -> tuple[int, ...]:
        """Years that have at least 85 % of the steps of the fullest year; of a year cut short no mean is taken."""
        most = max((len(self.within(year)) for year in self.years), default=0)
        return tuple(year for year in self.years if len(self.within(year)) >= ENOUGH * most)

    def within(self, year: int) -> tuple[int, ...]:
        """Numbers of the steps of one year."""
        return tuple(i for i, step in enumerate(self.steps) if step[:4] == str(year))


@cache
def layers() -> dict[str, dict[str, str]]:
    """What each layer of ``[data]`` holds: rows of ``layers.csv`` by name."""
    with (Path(__file__).parent / "layers.csv").open(encoding="utf-8", newline="") as file:
        return {row["layer"]: row for row in csv.DictReader(file)}


def layer_inputs(study: Study, *names: str) -> dict[str, Path]:
    """Files of the named layers that the study gives, and their legends, by the name they are told under."""
    found = {}
    for name in names:
        for path in study.layer_files(name):
            found[f"{name}: {_told(path, study)}"] = path
            if path.suffix.lower() == ".vrt":  # its values lie in other files
                found |= {f"{name}: {_told(other, study)}": other for other in _behind(path)}
        layer = study.layer(name)
        if layer is not None and layer.legend is not None and layer.legend not in LEGENDS:
            found[f"{name}: {layer.legend}"] = study.folder / layer.legend
    return found


def _told(path: Path, study: Study) -> str:
    """Path from the study's folder where it lies there: files of one name in several folders are several inputs."""
    folder = study.folder.resolve()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()


def _behind(path: Path) -> list[Path]:
    import rasterio

    try:
        with rasterio.open(path) as source:
            return [Path(name).resolve() for name in source.files if Path(name).is_file()]
    except rasterio.errors.RasterioIOError:
        return []  # told when the layer is opened


def open_series(study: Study, name: str) -> Series | None:
    """What the study gives for one layer; None where it gives nothing. Values are not read.

    Raises
    ------
    DataError
        A file cannot be read, files lie on different grids, steps are not known, missing or doubled, or units are
        missing or cannot be converted.
    """
    spec = study.layer(name)
    if spec is None:
        return None
    row, files = layers()[name], study.layer_files(name)
    looks = [_look(path, spec, name) for path in files]
    for path, look in zip(files[1:], looks[1:], strict=True):
        if look.grid != looks[0].grid:
            raise DataError(
                f"{name}: {path.name} and {files[0].name} lie on different grids. Bring the files of a series to one grid."
            )
        if differ := _differ(look, looks[0], spec):
            raise DataError(
                f"{name}: {path.name} and {files[0].name} differ in {', '.join(differ)}. Say one for all in the study, or "
                "bring the files to one."
            )
    steps, places = _steps(name, row["every"], spec, files, looks)
    first = looks[0]
    units, factor, offset = _units(name, spec.units or first.units, row["units"])
    if first.decoded and (spec.scale != 1 or spec.nodata is not None):
        raise DataError(
            f"{name}: {files[0].name} states its own scale and missing value, which are applied. Leave scale and nodata out."
        )
    stored = first.scale if spec.scale == 1 else spec.scale  # what the user says wins
    limits = (row["low"], row["high"])
    return Series(
        name=name,
        kind=row["values"],
        files=tuple(files),
        variable=spec.variable,
        look=first,
        steps=steps,
        places=places,
        units=units,
        scale=stored * factor,
        offset=first.offset * factor + offset,
        nodata=first.nodata if spec.nodata is None else spec.nodata,
        expected=tuple(float(end) if end else edge for end, edge in zip(limits, (-np.inf, np.inf), strict=True))
        if any(limits)
        else None,  # type: ignore[arg-type]
    )


def _differ(look: Look, first: Look, spec: LayerFile) -> list[str]:
    """What two files of a series say differently of their values, as far as the study does not say it for both."""
    values = {"units": spec.units is None, "nodata": spec.nodata is None, "scale": spec.scale == 1, "offset": True}
    pairs = {what: (getattr(look, what), getattr(first, what)) for what, own in values.items() if own}
    return [f"{what} ({a} and {b})" for what, (a, b) in pairs.items() if a != b and str(a) != str(b)]


def need_series(study: Study, name: str) -> Series:
    """As `open_series`, for a layer that the caller knows to be given."""
    found = open_series(study, name)
    if found is None:
        raise DataError(f"data.{name} is not given. Name its file in the study.")
    return found


def _look(path: Path, spec: LayerFile, name: str) -> Look:
    if is_array_file(path):
        return Look(**looks_of_arrays(path, spec.variable, name))
    import rasterio

    try:
        source = rasterio.open(path)
    except rasterio.errors.RasterioIOError as error:
        raise DataError(f"{name}: cannot read {path.name} ({error}). Give GeoTIFF, NetCDF or Zarr.") from error
    with source:
        problems = Problems(f"{name}: {path.name}")
        if source.crs is None:
            problems.add("no coordinate system. Set it (in QGIS: Assign Projection).")
        t = source.transform
        if t.b or t.d or t.a <= 0 or t.e >= 0:
            problems.add("rows do not run from north to south. Warp it (gdalwarp) to a grid that does.")
        problems.raise_if_any(DataError)
        dates = [_date(text or "") for text in source.descriptions]
        width = source.block_shapes[0][1]
        return Look(
            crs=source.crs.to_wkt(),
            west=t.c,
            north=t.f,
            step_x=t.a,
            step_y=-t.e,
            rows=source.height,
            columns=source.width,
            steps=tuple(dates) if all(dates) else ("",) * source.count,
            units=source.units[0] or None,
            scale=source.scales[0],
            offset=source.offsets[0],
            nodata=source.nodata,
            dtype=source.dtypes[0],
            strips=width == source.width,
        )


def _date(text: str) -> str:
    """The date in a band's description or a file's name; "" where there is none, or more than one.

    Examples
    --------
    >>> _date("NDVI_2001"), _date("rain 1981-07"), _date("ndvi"), _date("2001_2015")
    ('2001', '1981-07', '', '')
    """
    found = _DATE.findall(text)
    return "-".join(part for part in found[0] if part) if len(found) == 1 else ""


def _steps(
    name: str, every: str, spec: LayerFile, files: Sequence[Path], looks: Sequence[Look]
) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    places = [(f, band) for f, look in enumerate(looks) for band in range(len(look.steps))]
    labels = [looks[f].steps[band] for f, band in places]
    if not every:
        if len(places) != 1:
            raise DataError(f"{name}: {len(places)} bands, one map was expected. Give one file of one band.")
        return ("",), ((0, 0),)
    told = all(labels) and len(set(labels)) == len(labels)
    if not told and all(len(look.steps) == 1 for look in looks) and all(named := [_date(path.stem) for path in files]):
        labels = named
    if not all(labels) and spec.first:
        labels = _counted(spec.first, len(places))
    if not all(labels) and len(places) == 1:
        return ("",), ((0, 0),)
    if not all(labels):
        raise DataError(
            f"{name}: the {every} of {sum(not label for label in labels)} of {len(labels)} bands is not known. Say the "
            f'first: {name} = {{ path = "{spec.path}", first = "{"1981-01" if every == "month" else "2001"}" }}; or '
            "describe each band by its date, or write it into the files' names."
        )
    if every == "month" and not all(len(label) >= 7 for label in labels):
        raise DataError(f"{name}: dates such as {labels[0]} name no month. Say the first month (first = ...).")
    order = sorted(range(len(labels)), key=labels.__getitem__)
    cut = [labels[i][:7] if every == "month" else labels[i] for i in order]
    if doubled := sorted({a for a, b in pairwise(cut) if a == b}):
        raise DataError(f"{name}: {', '.join(doubled[:6])} come(s) more than once. Give each {every} once.")
    return tuple(cut), tuple(places[i] for i in order)


def _counted(first: str, count: int) -> list[str]:
    if len(first) == 4:
        return [str(int(first) + k) for k in range(count)]
    start = int(first[:4]) * 12 + int(first[5:7]) - 1
    return [f"{(start + k) // 12}-{(start + k) % 12 + 1:02d}" for k in range(count)]


def _units(name: str, found: str | None, expected: str) -> tuple[str, float, float]:
    """The unit that the values will have, and how they come to it."""
    if not expected:
        return "", 1.0, 0.0
    if found is None and expected == "1":
        return expected, 1.0, 0.0  # an index has no unit; what it may reach is checked where it is read
    if found is None:
        raise DataError(
            f'{name}: no units in the file, "{expected}" was expected. Say them: {{ path = "...", units = "{expected}" }}.'
        )
    if same_unit(found, expected):
        return expected, 1.0, 0.0
    if expected == "mm/month" and found in FLUXES:
        return found, 1.0, 0.0
    if (found, expected) in CONVERSIONS:
        return expected, *CONVERSIONS[found, expected]
    known = [expected, *(a for a, b in CONVERSIONS if b == expected), *(FLUXES if expected == "mm/month" else ())]
    raise DataError(f'{name}: units are "{found}", one of {", ".join(known)} was expected. Convert the file.')
