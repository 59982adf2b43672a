# SPDX-License-Identifier: Apache-2.0
"""Jobs of Trends.Earth made beside the planted land, by the published schema and as small as they can be."""

from __future__ import annotations

import json

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from homeground.chain.checks import validate
from homeground.errors import DataError
from homeground.land.against import step
from homeground.land.against.files import against_outputs
from homeground.numbers.table_check import check
from homeground.running.steps import Work
from homeground.running.tables.register import read_output, register

FOUR = ("Improved", "Stable", "Degraded", "No data")
NODATA, MASK = -32768, -32767
NAMES = {
    "indicator": "SDG 15.3.1 Indicator",
    "productivity": "Land Productivity Dynamics (from Trends.Earth)",
    "land_cover": "Land cover (degradation)",
    "soil_organic_carbon": "Soil organic carbon (degradation)",
    "status": "SDG 15.3.1 Indicator (status)",
}
TABLES = ("", "_cells", "_causes", "_settings")


def area_list(areas, unit="sq km", names=FOUR):
    return {"name": "-", "unit": unit, "areas": [{"name": n, "area": a} for n, a in zip(names, areas, strict=True)]}


def report(periods=((2000, 2015), (2016, 2023)), covers=((2000, 2015), (2015, 2023)), shape=None, km2=(0.0,) * 4):
    """A report by the published schema, as small as it can be."""
    told = {}
    for n, (span, cover) in enumerate(zip(periods, covers, strict=True)):
        first, last = span
        of_productivity = {"initial_year": first, "final_year": last, "values": [], "name": "Stable", "unit": "sq km"}
        assessment = {
            "sdg": {"summary": area_list(km2)},
            "productivity": {
                "summaries": {"all_cover_types": area_list(km2), "non_water": area_list(km2)},
                "crosstabs_by_productivity_class": [of_productivity],
            },
            "land_cover": {
                "summary": area_list(km2),
                "transition_matrix": None,
                "crosstabs_by_land_cover_class": [of_productivity | {"initial_year": cover[0], "final_year": cover[1]}],
            },
            "soil_organic_carbon": {"summaries": {"all_cover_types": area_list(km2), "non_water": area_list(km2)}},
        }
        later = {"sdg": area_list(km2)} if n else None
        told["baseline" if n == 0 else f"report_{n}"] = {"period_assessment": assessment, "status_assessment": later}
    area = {"name": "Made", "crs_wkt": None}
    if shape is not None:
        geometry = json.loads(shapely.to_geojson(shape))
        area["geojson"] = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": geometry}]}
    version = {"version": "2.1.17", "release_date": "2025-01-01T00:00:00+00:00", "revision": None}
    metadata = {"title": "Made", "trends_earth_version": version, "area_of_interest": area}
    return {"metadata": metadata, "land_condition": told}


class Job:
    """A job that is written beside the planted land and held against it."""

    def __init__(self, made, results, out, folder):
        self.made, self.results, self.out, self.folder = made, results, out, folder

    @property
    def outline(self):
        return shapely.union_all(self.made.shapes)

    def write(self, content, name="made_summary.json"):
        (self.folder / name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")

    def raster(self, bands, grid, name="made.tif", described=None):
        values = np.stack(bands).astype("int16")
        with rasterio.open(
            self.folder / name, "w", driver="GTiff", width=values.shape[2], height=values.shape[1], count=len(values),
            dtype="int16", nodata=NODATA, crs="EPSG:4326",
            transform=from_origin(grid.west, grid.north, grid.step, grid.step),
        ) as file:  # fmt: skip
            file.write(values)
            if described:
                file.descriptions = described

    def key(self, bands, name="made.tif"):
        """The key of bands that lies beside a raster."""
        told = [{"name": n, "no_data_value": NODATA, "metadata": m} for n, m in bands]
        self.write({"path": name, "bands": told}, "made_band_key.json")

    def study(self, **more):
        return self.made.study(trends_earth='"job"', **more)

    def held(self, **more):
        """The tables of the step by their endings, and its warnings by id."""
        self.out.mkdir(exist_ok=True)
        study = self.study(**more)
        work = Work(study, self.results.out, self.out)
        step.against(work)
        assert set(against_outputs(study)) == {path.name for path in self.out.iterdir()}
        tables = {}
        for ending in TABLES:
            name = f"land_against_trends_earth{ending}.parquet"
            tables[ending] = read_output(self.out / name)
            assert check(tables[ending], register()[name].table) == [], name
        return tables, {said.message: said.words for said in work.said}

    def refused(self, **more):
        """What validate says of the job; the step says it too."""
        study = self.study(**more)
        with pytest.raises(DataError) as told:
            validate(study)
        self.out.mkdir(exist_ok=True)
        with pytest.raises(DataError) as again:
            step.against(Work(study, self.results.out, self.out))
        said = " ".join(str(told.value).split())
        assert " ".join(str(again.value).split()).removesuffix(".") in said
        return said


def theirs_as_ours(results):
    """Bands of a job that judges every cell of the period as the planted land was judged."""
    own = {"productivity": "productivity", "land_cover": "cover_change", "indicator": "degradation"}
    bands = {rule: results.field(f"{name}_period").astype("int16") for rule, name in own.items()}
    bands["soil_organic_carbon"] = results.field("carbon_change_period").astype("int16")
    changed = np.isin(bands["soil_organic_carbon"], (-1, 1))
    bands["soil_organic_carbon"][changed] *= 10  # per cent
    bands["status"] = results.field("status").astype("int16")
    return {rule: np.where(values == -128, NODATA, values) for rule, values in bands.items()}


METADATA = {"period": "report_1"}
STATUS_METADATA = {"baseline_year_final": 2015, "reporting_year_final": 2023}


def given(job, bands, grid, **raster):
    job.write(report(shape=job.outline))
    job.raster(list(bands.values()), grid, **raster)
    job.key([(NAMES[rule], STATUS_METADATA if rule == "status" else METADATA) for rule in bands])
