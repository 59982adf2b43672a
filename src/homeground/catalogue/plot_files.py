# SPDX-License-Identifier: Apache-2.0
"""Plots to be visited as files for a map, a phone and a spreadsheet; none says what the map thinks of them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import geopandas as gpd

from homeground.errors import DataError

FILES = ("plots.gpkg", "plots.kml", "plots.csv")
TO_FILL = ("plot", "iso3", "longitude", "latitude", "year", "seen")


def write_plots(plots: gpd.GeoDataFrame, folder: Path, *, year: int) -> list[Path]:
    """Write plots as GeoPackage and KML, and as a CSV that is filled in and given back.

    Parameters
    ----------
    plots : GeoDataFrame, EPSG:4326
        plot, iso3, longitude and latitude in degrees; its shapes are the outlines of the cells.
    folder : Path
        New, or one without such files: what people filled in is not written over.
    year : int
        What the plots are asked about, prefilled.

    Returns
    -------
    list of Path
        ``plots.gpkg`` (layers ``plots``, points, and ``cells``, outlines), ``plots.kml`` (points), ``plots.csv``; each with
        an empty column ``seen``.

    Raises
    ------
    DataError
        Files of these names are there already, or the folder cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> from shapely.geometry import box
    >>> one = {"plot": ["NER-1"], "iso3": ["NER"], "longitude": [8.05], "latitude": [14.05]}
    >>> cell = gpd.GeoDataFrame(one, geometry=[box(8.0, 14.0, 8.1, 14.1)], crs=4326)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_plots(cell, Path(folder), year=2023)]
    ['plots.gpkg', 'plots.kml', 'plots.csv']
    """
    there = [name for name in FILES if (folder / name).exists()]
    if there:
        raise DataError(
            f"{folder} holds {', '.join(there)} already; what was filled in is not written over. Name another: --to FOLDER."
        )
    table = plots.assign(year=year, seen="")[[*TO_FILL, "geometry"]]
    points = table.set_geometry(gpd.points_from_xy(table["longitude"], table["latitude"], crs="EPSG:4326"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as beside:
            made = Path(beside)
            points.to_file(made / FILES[0], layer="plots", driver="GPKG", engine="pyogrio")
            table.to_file(made / FILES[0], layer="cells", driver="GPKG", engine="pyogrio")
            named = points.rename(columns={"plot": "Name"})
            named.to_file(made / FILES[1], driver="KML", engine="pyogrio")
            table[list(TO_FILL)].to_csv(made / FILES[2], index=False, encoding="utf-8-sig", lineterminator="\r\n")
            for name in FILES:
                (made / name).replace(folder / name)
    except OSError as error:
        raise DataError(
            f"{folder} cannot be written to ({error.strerror or error}). Name another: --to FOLDER."
        ) from None
    return [folder / name for name in FILES]
