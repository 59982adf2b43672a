# SPDX-License-Identifier: Apache-2.0
"""The brief of assessed land: a map of its status, and never a part of a country told as the whole."""

from __future__ import annotations

import re
from io import BytesIO

import geopandas as gpd
import numpy as np
import pandas as pd
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


@pytest.mark.parametrize(
    ("code", "title", "verdicts"),
    [
        ("en", "The most degraded regions", ("more than chance", "not told apart from chance")),
        ("fr", "Les régions les plus dégradées", ("plus que le hasard", "ne se distingue pas du hasard")),
        ("zh", "退化最严重的地区", ("多于偶然", "与偶然无法区分")),
    ],
)
def test_the_brief_names_regions_and_patches_and_says_what_chance_may_give(assessed_brief, code, title, verdicts):
    results, study = assessed_brief
    rows = [("GM-A", "degraded", 12.0, 8.0, 22.0), ("GM-B", "improved", 60.0, 40.0, 100.0)]
    noise = pd.DataFrame(rows, columns=["place", "measure", "median", "low", "high"])
    whole = [("study", "", m, 25.0, 20.0, 10.0, 30.0) for m in ("degraded", "improved", "productivity_declining")]
    whole += [("study", "", f"{m}_falling", 25.0, 20.0, 10.0, 30.0) for m in ("trend", "state")]
    names = ["level", "place", "measure", "observed", "median", "low", "high"]
    noise = pd.concat([noise.assign(level="region", observed=0.0), pd.DataFrame(whole, columns=names)])
    noise.assign(iso3="GMB", cells=200, draws=199).to_parquet(results / "land_noise.parquet")
    where = compose(results, study, code).parts[1]
    degraded, improved, parts, patches = where.more
    assert degraded.title == title
    told = [[cell.plain.replace(NBSP, " ") for cell in row] for row in degraded.rows]
    assert [row[0] for row in told] == ["A"]
    assert told[0][1].replace("（20至60）", " (20 to 60)").replace(" à ", " to ") == "40 (20 to 60)"
    assert told[0][-1] == verdicts[0]
    name = {"en": "B", "fr": "Banjul", "zh": "班竹"}[code]  # GM-B is Banjul in the atlas, GM-A is not in it
    assert (improved.rows[0][0].plain, improved.rows[0][-1].plain) == (name, verdicts[1])
    assert [row[1].plain for row in parts.rows] == ["25", "11", "25"]
    assert [row[0].plain for row in patches.rows] == ["A", "A"]
    findings = compose(results, study, code).findings[0][1].plain
    assert re.search(r"A[.。]$", findings)


def test_a_brief_of_land_where_nothing_is_lost_names_no_hotspot(assessed_brief):
    results, study = assessed_brief
    status = pd.read_parquet(results / "land_status.parquet")
    status = status.assign(status=status["status"].where(status["status"] == -128, 4))
    status.to_parquet(results / "land_status.parquet")
    patches = pd.read_parquet(results / "hotspots.parquet")
    patches.iloc[:0].to_parquet(results / "hotspots.parquet")
    where = compose(results, study, "en").parts[1]
    assert len(where.more) == 1  # the sub-indicators
    assert any(text.plain.startswith("No hotspot is named") for text in where.paragraphs)
