# SPDX-License-Identifier: Apache-2.0
"""geoBoundaries gbOpen: simplified first-order units of each country, with the licence of each country's layer."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import shapely

from homeground.catalogue.live.job import Job, Landed
from homeground.catalogue.live.register import write_beside
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError
from homeground.catalogue.regions import load_regions
from homeground.errors import DataError

NEEDED = ("shapeName", "shapeID")


def fetch(job: Job) -> list[Landed]:
    """Polygons with ``region_id``, ``name`` and ``iso3``, as ``[data].regions`` takes them.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or another form.
    """
    features: list[dict[str, Any]] = []
    asked, licences, years = [], [], []
    for iso3 in job.study.countries:
        address = job.source.address.format(iso3=iso3)
        told = job.get.json(address)
        told = told[0] if isinstance(told, list) and told else told
        if not isinstance(told, dict) or job.source.item not in told:
            raise DamagedError(f"{address}: {job.source.item} was expected; the form changed. {LATER}")
        asked += [address, str(told[job.source.item])]
        years.append(str(told.get("boundaryYearRepresented", "")))
        licences.append(
            f"{iso3}: {told.get('boundaryLicense', 'not stated')} ({told.get('boundarySource', 'source not stated')})"
        )
        features += _features(job.get.json(asked[-1]), iso3, asked[-1])
        job.done()
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    write_beside(job.place(), text)
    try:
        load_regions(job.study.countries, job.place())
    except DataError:  # shapes over each other, or elsewhere: no regions of a study
        job.place().unlink()
        raise
    note = "; ".join(licences)
    return [Landed(job.place(), job.source.writes[0][0], tuple(asked), ", ".join(years), "", "ADM1, simplified", note)]


def _features(content: Any, iso3: str, address: str) -> list[dict[str, Any]]:
    """Units of a country; what is no polygon or lies over another is mended or told by who reads it."""
    try:
        grid = gpd.GeoDataFrame.from_features(content["features"], crs="EPSG:4326")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DamagedError(f"{address}: GeoJSON was expected; the form changed ({error!r}). {LATER}") from error
    if grid.empty or (absent := [name for name in NEEDED if name not in grid]):
        lacking = ", ".join(absent) if not grid.empty else "units"
        raise DamagedError(f"{address}: {lacking} expected; the form changed. {LATER}")
    shapes = shapely.make_valid(grid.geometry.to_numpy())
    return [
        {
            "type": "Feature",
            "properties": {"region_id": f"{iso3}-{code}", "name": str(name), "iso3": iso3},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for code, name, shape in zip(grid["shapeID"], grid["shapeName"], shapes, strict=True)
    ]
