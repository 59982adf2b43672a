# SPDX-License-Identifier: Apache-2.0
"""Maps and series in time of the user: what lies in the files, told without reading the values.

GeoTIFF (and what else GDAL reads) with a band or a file for each step, NetCDF and Zarr with a dimension of dates; any
grid, any coordinate system. `homeground.catalogue.layers.alignment` reads the values onto the grid of an assessment.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio._err import CPLE_BaseError

from homeground.catalogue.layers.dates import steps_of
from homeground.catalogue.layers.geotiff import looks_of_raster, sources_of_virtual
from homeground.catalogue.layers.look import Look
from homeground.catalogue.layers.netcdf import is_array_file, looks_of_arrays
from homeground.errors import DataError
from homeground.numbers.units import same_unit, water_rate
from homeground.study.model import Study, matching
from homeground.study.sections import LayerFile

ENOUGH = 0.85  # share of a year's steps that must be known; the PRAIS 4 manual (2026) asks to fill gaps below it

# Other units of a layer and how they become the expected ones: value * factor + offset.
CONVERSIONS: dict[tuple[str, str], tuple[float, float]] = {
    ("K", "degC"): (1.0, -273.15),
    ("kg/m2", "t C/ha"): (10.0, 0.0),
    ("kg m-2", "t C/ha"): (10.0, 0.0),
    ("kg C m-2", "t C/ha"): (10.0, 0.0),
    ("g/m2", "t C/ha"): (0.01, 0.0),
}

# What software of the field writes for them, in lower case with blanks: an index is often given its name for a unit.
WORDED: dict[str, str] = {
    **dict.fromkeys(("celsius", "degrees celsius", "degree celsius", "deg c", "degree c", "degrees c", "degc"), "degC"),
    **dict.fromkeys(("kelvin", "kelvins", "degrees kelvin", "degree kelvin"), "K"),
    **dict.fromkeys(("people", "person", "population", "inhabitants", "count", "people per cell"), "persons"),
    **dict.fromkeys(("ndvi", "unitless", "index", "dimensionless", "-"), "1"),
}
MONTH = 365.25 / 12  # days of a mean month

# Fluxes that are brought to totals of the month where its days are known, and mm of a mean month for one of each.
FLUXES: dict[str, float] = {
    "mm": 1.0,
    "mm/day": MONTH,
    "mm/hour": MONTH * 24,
    "kg m-2 s-1": MONTH * 86_400,
}


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
    said: set[str] = field(default_factory=set, compare=False)  # what reading the values told: ids of messages
    by_path: bool = False  # the study names the file alone: what the file does not say cannot be said there

    @property
    def years(self) -> tuple[int, ...]:
        """Years that have at least one step."""
        return tuple(sorted({int(step[:4]) for step in self.steps if step}))

    @property
    def calendar_years(self) -> tuple[int, ...]:
        """Years of which the series has all twelve months."""
        months = {step[:7] for step in self.steps}
        return tuple(y for y in self.years if all(f"{y}-{month:02d}" in months for month in range(1, 13)))

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


def companions(path: Path) -> list[Path]:
    """All files that a raster is read from: itself, sources of a virtual one, and what lies beside it (.aux.xml, .prj)."""
    try:
        with rasterio.open(path) as source:
            return [Path(name).resolve() for name in source.files if Path(name).is_file()]
    except (rasterio.errors.RasterioError, CPLE_BaseError):
        return []  # told when the layer is opened


def open_series(study: Study, name: str) -> Series | None:
    """What the study gives for one layer; None where it gives nothing. Values are not read.

    Raises
    ------
    DataError
        A file cannot be read, files lie on different grids, steps are not known, missing or doubled, or units are
        missing or cannot be converted.
    """
    given = getattr(study.data, name)
    if given is None:
        return None
    by_path = isinstance(given, str)
    spec = LayerFile(path=given) if by_path else given
    row, files = layers()[name], matching(study.folder, spec.path)
    if not files:
        raise DataError(
            f'{name}: nothing is called "{spec.path}" beside the study file. Put it there or mend the path.'
        )
    _listed_sources(name, study, spec, files)
    looks = [_look(path, spec, name) for path in files]
    for path, look in zip(files, looks, strict=True):
        _agree(name, path, look, files[0], looks[0], spec)
    steps, places = steps_of(name, row["every"], spec.path, spec.first, files, [look.steps for look in looks])
    first = looks[0]
    found = spec.units or first.units or (row["units"] if by_path else None)  # its unit is fixed where none can be said
    units, factor, offset = _units(name, found, row["units"], by_path)
    stored = first.scale if spec.scale == 1 else spec.scale  # what the user says wins
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
        expected=_limits(row, units),
        by_path=by_path,
    )


def problems_of_layers(study: Study) -> list[str]:
    """What is wrong with the maps and series that the study gives, a text for each layer; values are not read."""
    found = []
    for name in layers():
        try:
            open_series(study, name)
        except DataError as error:
            found.append(str(error))
    return found


def _agree(name: str, path: Path, look: Look, first_path: Path, first: Look, spec: LayerFile) -> None:
    """Refuse a file whose bands, or that and the first file, differ in what is taken to be one for all."""
    if look.decoded and (spec.scale != 1 or spec.nodata is not None):
        raise DataError(
            f"{name}: {path.name} states its own scale and missing value, which are applied. Leave scale and nodata out; "
            "a file beside it that states none must be written with its own."
        )
    if mixed := [f"{what} ({_listed(look.mixed[what])})" for what in _unsaid(spec) if what in look.mixed]:
        raise DataError(
            f"{name}: the bands of {path.name} differ in {', '.join(mixed)}; one for all was expected. Bring them to one: "
            "gdal_translate -unscale -ot Float32, or a file for each."
        )
    if look.grid != first.grid:
        raise DataError(
            f"{name}: {path.name} and {first_path.name} lie on different grids. Bring the files of a series to one grid."
        )
    if differ := _differ(look, first, spec):
        raise DataError(
            f"{name}: {path.name} and {first_path.name} differ in {', '.join(differ)}. Say one for all in the study, or "
            "bring the files to one."
        )


def _listed(values: tuple[Any, ...]) -> str:
    return ", ".join(str(value) for value in values[:4]) + (", ..." if len(values) > 4 else "")


def _unsaid(spec: LayerFile) -> list[str]:
    """What is taken from the files because the study does not say it for all."""
    values = {"units": spec.units is None, "nodata": spec.nodata is None, "scale": spec.scale == 1, "offset": True}
    return [what for what, own in values.items() if own]


def _limits(row: dict[str, str], units: str) -> tuple[float, float] | None:
    """What values may reach, in the units that they are read in."""
    if not row["low"] and not row["high"]:
        return None
    each = FLUXES.get(units, 1.0) if row["units"] == "mm/month" else 1.0
    low, high = row["low"] or -np.inf, row["high"] or np.inf
    return float(low) / each, float(high) / each


def _differ(look: Look, first: Look, spec: LayerFile) -> list[str]:
    """What two files of a series say differently of their values, as far as the study does not say it for both."""
    pairs = {what: (getattr(look, what), getattr(first, what)) for what in _unsaid(spec)}
    return [f"{what} ({a} and {b})" for what, (a, b) in pairs.items() if a != b and str(a) != str(b)]


def need_series(study: Study, name: str) -> Series:
    """As `open_series`, for a layer that the caller knows to be given."""
    found = open_series(study, name)
    if found is None:
        raise DataError(f"data.{name} is not given. Name its file in the study.")
    return found


def _look(path: Path, spec: LayerFile, name: str) -> Look:
    if not is_array_file(path):
        return Look(**looks_of_raster(path, name, kind=layers()[name]["values"], band=spec.band))
    if path.is_dir():  # a Zarr: its folder does not tell whether what lies in it has changed
        return Look(**looks_of_arrays(path, spec.variable, name))
    state = path.stat()
    return _look_of_file(path, spec.variable, name, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4096)
def _look_of_file(path: Path, variable: str | None, name: str, changed: int, size: int) -> Look:
    """The look of a file as it was written at a time: several checks and steps ask for it, and opening takes long."""
    return Look(**looks_of_arrays(path, variable, name))


def _listed_sources(name: str, study: Study, spec: LayerFile, files: Sequence[Path]) -> None:
    """Refuse a virtual raster that reads files which the study does not list: they could be anything, anywhere."""
    listed = {file for pattern in spec.sources for file in matching(study.folder, pattern)}
    for path in files:
        unlisted = [source for source in sources_of_virtual(path) if Path(source).resolve() not in listed]
        if unlisted:
            told = ", ".join(unlisted[:4]) + (", ..." if len(unlisted) > 4 else "")
            raise DataError(
                f"{name}: {path.name} is a virtual raster that reads {told}. List what it may read, so that it is looked at "
                f'and recorded: {{ path = "{spec.path}", sources = ["tiles/*.tif"] }}.'
            )


def _spelled(found: str) -> str:
    """A unit as it is called here.

    Examples
    --------
    >>> _spelled("Degrees_Celsius"), _spelled("NDVI"), _spelled("mm/day")
    ('degC', '1', 'mm/day')
    """
    return WORDED.get(" ".join(found.lower().replace("_", " ").split()), found.strip())


def _units(name: str, found: str | None, expected: str, by_path: bool) -> tuple[str, float, float]:
    """The unit that the values will have, and how they come to it."""
    if not expected:
        return "", 1.0, 0.0
    if found is None and expected in ("1", "persons"):
        return (
            expected,
            1.0,
            0.0,
        )  # an index has no unit, a count no other; what it may reach is checked where it is read
    if found is None:
        raise DataError(
            f'{name}: no units in the file, "{expected}" was expected. Say them: {{ path = "...", units = "{expected}" }}.'
        )
    unit = _spelled(found)
    if same_unit(unit, expected):
        return expected, 1.0, 0.0
    if expected == "mm/month" and (rate := water_rate(unit)) is not None:
        return rate, 1.0, 0.0
    if (unit, expected) in CONVERSIONS:
        return expected, *CONVERSIONS[unit, expected]
    known = [expected, *(a for a, b in CONVERSIONS if b == expected), *(FLUXES if expected == "mm/month" else ())]
    which = expected if len(known) == 1 else "UNIT"
    say = f"gdal_edit.py -units {which} FILE" if by_path else f'units = "{which}" in the study'
    raise DataError(
        f'{name}: units are "{found}", one of {", ".join(known)} was expected. Convert the values; if they are in one of '
        f"these and are called otherwise, say which one: {say}."
    )
