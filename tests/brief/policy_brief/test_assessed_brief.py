# SPDX-License-Identifier: Apache-2.0
"""The brief of assessed land: a map of its status, and never a part of a country told as the whole."""

from __future__ import annotations

import re
from io import BytesIO

import geopandas as gpd
import numpy as np
import pypdf
import pytest
import shapely
import xarray as xr

from homeground.brief.drawing.classes import NO_DATA
from homeground.brief.policy_brief.compose import compose
from homeground.brief.policy_brief.render import render_pdf
from homeground.language.figures import numbers_in
from homeground.language.languages import LANGUAGES, NBSP
from homeground.language.messages import say
from homeground.running.record import RESULTS_VERSION, write_run
from homeground.study.opening import open_study


@pytest.fixture
def assessed_brief(assessed_results, tmp_path):
    """The assessed land of the Gambia, 10,500 km2, in a study of twice its area."""
    for name in ("ndvi.tif", "lc_2000.tif", "lc_2015.tif", "lc_2022.tif", "soc.tif", "zone.tif", "rain.tif"):
        (tmp_path / name).touch()
    (tmp_path / "study.toml").write_text(
        'title = "Made"\nquestion = "Where?"\ncountries = ["GMB"]\n[data]\nndvi = { path = "ndvi.tif", first = "2001" }\n'
        'cover_series = { path = "lc_*.tif", legend = "esa-cci" }\nsoil_carbon = { path = "soc.tif", units = "t/ha" }\n'
        'climate_zone = "zone.tif"\nrain_series = { path = "rain.tif", first = "1991-01", units = "mm/month" }\n'
    )
    regions = gpd.GeoDataFrame(
        {
            "region_id": ["GM-A", "GM-B"], "iso3": "GMB", "name": ["A", "B"], "area_km2": [6000.0, 15_000.0],
            "land_aridity_index": 0.3, "land_share_dryland": 60.0, "land_share_dryland_low": 40.0,
            "land_share_dryland_high": 80.0, "land_share_hyperarid": 0.0,
            "geometry": [shapely.box(-17, 13, -16, 14), shapely.box(-16, 13, -14, 14)],
        },
        crs="EPSG:4326",
    )  # fmt: skip
    regions.to_parquet(assessed_results / "regions.parquet")
    run = {"steps": {"land.regions": {"finished": "2026-03-04T05:06:07+00:00"}}, "stages": {}, "homeground": "9.8.7"}
    write_run(assessed_results, {"schema_version": RESULTS_VERSION} | run)
    values = np.array([[1, 2, -128], [4, 6, 4]], np.int8)
    coords = {"latitude": [13.75, 13.25], "longitude": [-16.75, -16.25, -15.75]}
    data = xr.DataArray(values, coords, ("latitude", "longitude"), "status").to_dataset()
    data.to_zarr(assessed_results / "land.zarr" / "degradation", zarr_format=3, consolidated=False)
    return assessed_results, open_study(tmp_path)


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_assessed_land_has_a_map_of_its_status_and_says_what_is_covered(assessed_brief, code):
    report = compose(*assessed_brief, code)
    said = {"en": "Status of the land in 2023", "fr": "État des terres en 2023", "zh": "2023年的土地状况"}[code]
    assert said in report.map.title.replace(NBSP, "") if code == "zh" else said in report.map.title
    assert "data:image/png;base64" in report.map.svg
    colours = [colour for colour, _, _ in report.map.legend]
    assert colours == [
        "#7c1b06",
        "#bd6431",
        "#ece5e0",
        "#87b6cd",
        "#1c6d9c",
        NO_DATA,
        "",
    ]  # only classes that are there
    amounts = [re.sub(r"\D", "", amount.replace("²", "")) for *_, amount in report.map.legend]
    assert amounts == ["1000", "1000", "2000", "1000", "3000", "", "10500"]
    land = report.findings[0][1].plain.replace(NBSP, "").replace("\u202f", "").replace(" ", "")
    for text in ("2,000" if code != "fr" else "2000", "50%" if code != "en" else "50percent"):
        assert text in land
    limit = say("limit.land_covered", {f.key: f for f in report.facts}, code).plain
    assert report.limits.paragraphs[0].plain == limit
    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(render_pdf(report))).pages]
    printed = set().union(*(numbers_in(text) for text in pages))
    assert "50" in printed
