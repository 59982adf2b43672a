# SPDX-License-Identifier: Apache-2.0
"""Own land: a made country of twelve districts whose losses, gains, drought and noise are planted and written down."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.transform import from_origin

from homeground.catalogue.examples.planted import (
    CARBON_OF,
    COVER_YEARS,
    PEOPLE_YEARS,
    RAIN_YEARS,
    YEARS,
    by_class,
    places,
    planted_cover,
    planted_ndvi,
    planted_people,
    planted_rain,
)
from homeground.errors import StudyError

GIVEN = Path(__file__).parent / "own-land"
MADE = "made, not real"
COUNTRY = "NER"
WEST, NORTH, WIDTH, HEIGHT = 7.5, 15.5, 2.0, 1.5  # a box inside Niger, degrees
ACROSS, DOWN = 4, 3  # districts
CELL, RAIN_CELL, PEOPLE_CELL = 0.025, 0.1, 0.0625  # degrees; none of them fits into another
SEED = 15
NODATA = -32768
TROPICAL_DRY = 12


def write_own_land(folder: Path, *, seed: int = SEED) -> list[str]:
    """Write the made country and a study of it into an empty folder, and return what was written, a line each.

    Parameters
    ----------
    folder : Path
        Made where it is not; must be empty. Its name is that of the study.
    seed : int
        Of the noise and of the mosaic of cover; what is planted does not hang on it.

    Returns
    -------
    list of str
        The files, about half a MB together: ``study.toml``, maps, series, tables, and ``truth.csv`` with what was planted.

    Raises
    ------
    StudyError
        The folder is a file, or not empty. Nothing is written then.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as there:
    ...     len(write_own_land(Path(there) / "own-land"))
    34
    """
    if folder.exists() and not folder.is_dir():
        raise StudyError(f"{folder} is a file; a folder was expected. Choose another name.")
    if folder.is_dir() and (lying := sorted(path.name for path in folder.iterdir())):
        listed = ", ".join(lying[:5]) + (", ..." if len(lying) > 5 else "")
        raise StudyError(f"{folder} is not empty: {listed}. An example is written into a new or empty folder.")
    rng = np.random.default_rng(seed)
    rows = districts()
    shapes = outlines(rng)
    on_land, on_rain = (_districts_of_cells(shapes, cell) for cell in (CELL, RAIN_CELL))
    planted = np.array([row["planted"] for row in rows])
    cover = planted_cover(planted[on_land], on_land, rng)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cover").mkdir()
    for name in ("study.toml", "README.md", "rights.csv", "screening.csv"):
        shutil.copyfile(GIVEN / name, folder / name)
    _write_districts(folder / "districts.geojson", rows, shapes)
    people = [[row["district"], row["people"], 2020, MADE] for row in rows]
    _write_table(folder / "population.csv", ["region_id", "population", "year", "source"], people)
    truth = [[row["district"], row["planted"], row["meaning"], MADE] for row in rows]
    _write_table(folder / "truth.csv", ["district", "planted", "meaning", "note"], truth)
    ndvi = planted_ndvi(planted[on_land], cover, rng)
    _write_map(folder / "ndvi.tif", _stored(ndvi, 0.0001), NODATA, CELL, [str(year) for year in YEARS])
    for year, values in zip(COVER_YEARS, cover, strict=True):
        _write_map(folder / "cover" / f"cover_{year}.tif", values[None], 0, CELL, [str(year)])
    carbon = by_class(CARBON_OF, cover[0]) * places(cover[0].shape, rng)
    _write_map(folder / "soil_carbon.tif", _stored(carbon[None], 0.1), NODATA, CELL, ["2001"], "t C/ha")
    zone = np.full((1, *on_land.shape), TROPICAL_DRY, "uint8")
    _write_map(folder / "climate_zone.tif", zone, 255, CELL, ["IPCC climate zone"])
    grid = planted_people(_districts_of_cells(shapes, PEOPLE_CELL), [int(row["people"]) for row in rows])
    _write_map(folder / "people.tif", grid, -1, PEOPLE_CELL, [str(year) for year in PEOPLE_YEARS], "persons")
    months = [f"{year}-{month:02}" for year in RAIN_YEARS for month in range(1, 13)]
    rain = planted_rain(planted[on_rain], rng)
    _write_map(folder / "rain.tif", _stored(rain, 0.1), NODATA, RAIN_CELL, months, "mm/month")
    return [f"wrote {path}" for path in sorted(folder.rglob("*")) if path.is_file()]


def districts() -> list[dict[str, str]]:
    """Code, made name, people and what is planted of each district, from north-west to south-east.

    Returns
    -------
    list of dict

    Examples
    --------
    >>> sorted(row["district"] for row in districts() if row["planted"] == "loses")
    ['OL-02', 'OL-11']
    """
    with (GIVEN / "districts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outlines(rng: np.random.Generator) -> list[shapely.Polygon]:
    """Polygons of the districts, row by row from the north-west: they fill the box and share their borders.

    Parameters
    ----------
    rng : numpy Generator
        Bends the corners inside the box.

    Returns
    -------
    list of Polygon, degrees

    Examples
    --------
    >>> shapes = outlines(np.random.default_rng(1))
    >>> len(shapes), round(sum(shape.area for shape in shapes), 9)
    (12, 3.0)
    """
    x, y = np.meshgrid(np.linspace(0, WIDTH, ACROSS + 1), np.linspace(0, HEIGHT, DOWN + 1))
    corners = np.stack([WEST + x, NORTH - y], axis=-1)
    corners[1:-1, 1:-1] += rng.uniform(-0.06, 0.06, (DOWN - 1, ACROSS - 1, 2))
    corners = corners.round(4)
    around = ((0, 0), (0, 1), (1, 1), (1, 0))
    return [
        shapely.Polygon([corners[r + down, c + right] for down, right in around])
        for r in range(DOWN)
        for c in range(ACROSS)
    ]


def _stored(values: NDArray[np.float64], scale: float) -> NDArray[np.int16]:
    return np.where(np.isnan(values), NODATA, np.round(values / scale)).astype("int16")


def _districts_of_cells(shapes: list[shapely.Polygon], cell: float) -> NDArray[np.int16]:
    """Which district the middle of each cell lies in, by number from 0."""
    size = round(HEIGHT / cell), round(WIDTH / cell)
    numbered: NDArray[np.int16] = rasterize(
        [(shape, n) for n, shape in enumerate(shapes)], size, fill=-1, transform=from_origin(WEST, NORTH, cell, cell),
        dtype="int16",
    )  # fmt: skip
    return numbered


def _write_map(
    path: Path, values: NDArray[Any], nodata: int, cell: float, bands: list[str], units: str | None = None
) -> None:
    with rasterio.open(
        path, "w", driver="GTiff", width=values.shape[2], height=values.shape[1], count=len(values), dtype=values.dtype,
        nodata=nodata, crs="EPSG:4326", transform=from_origin(WEST, NORTH, cell, cell), compress="deflate",
        interleave="band",
    ) as file:  # fmt: skip
        file.write(values)
        file.descriptions = bands
        file.update_tags(made=MADE, TIFFTAG_IMAGEDESCRIPTION=MADE)
        if units:
            file.units = [units] * len(values)


def _write_districts(path: Path, rows: list[dict[str, str]], shapes: list[shapely.Polygon]) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {
                "DIST_CODE": row["district"], "DIST_NAME": f"{row['name']} (made)", "COUNTRY": COUNTRY, "NOTE": MADE,
            },
            "geometry": shapely.geometry.mapping(shape),
        }
        for row, shape in zip(rows, shapes, strict=True)
    ]  # fmt: skip
    content = {"type": "FeatureCollection", "description": MADE, "features": features}
    path.write_text(json.dumps(content, indent=1), encoding="utf-8", newline="\n")


def _write_table(path: Path, head: list[str], rows: list[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])


EXAMPLES: dict[str, Callable[[Path], list[str]]] = {"own-land": write_own_land}


def write_example(name: str, folder: Path) -> list[str]:
    """Write a made data set with its study into an empty folder.

    Parameters
    ----------
    name : str
        Which one; there is "own-land".
    folder : Path

    Returns
    -------
    list of str
        What was written, a line each.

    Raises
    ------
    StudyError
        There is no such example (the known ones are listed), or the folder is not empty.

    Examples
    --------
    >>> write_example("own-lnd", Path("new"))
    Traceback (most recent call last):
    ...
    homeground.errors.StudyError: no example "own-lnd"; there is: own-land.
    """
    if name not in EXAMPLES:
        raise StudyError(f'no example "{name}"; there is: {", ".join(EXAMPLES)}.')
    return EXAMPLES[name](folder)
