# SPDX-License-Identifier: Apache-2.0
"""The page on assessed land: areas add up to the land, captions name the user's files, large grids are read coarsely."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from homeground.brief.facts.assessed import assessment as assessed
from homeground.brief.page.tables import columns_of, lay_out
from homeground.brief.sections import assessment, drought, land
from homeground.brief.sections.rasters import coarse_raster
from homeground.study.opening import open_study

STUDY = """title = "Made"
countries = ["GMB"]
[data]
ndvi = { path = "ndvi.tif", first = "2001", scale = 0.0001 }
cover_series = { path = "lc_*.tif", legend = "esa-cci" }
soil_carbon = { path = "soc.tif", units = "t/ha" }
climate_zone = "zone.tif"
rain_series = { path = "rain.tif", first = "1991-01", units = "mm/month" }
error_polygons = "errors.geojson"
"""
SERIES = "Your series cover only a part of {}: shares are of that part."
RAIN = "Your rain covers only a part of {}: shares are of that part."


@pytest.fixture
def study(tmp_path):
    for name in ("ndvi.tif", "lc_2000.tif", "lc_2015.tif", "lc_2022.tif", "soc.tif", "zone.tif", "rain.tif"):
        (tmp_path / name).touch()
    (tmp_path / "errors.geojson").touch()
    (tmp_path / "study.toml").write_text(STUDY)
    return open_study(tmp_path)


@pytest.fixture
def found(assessed_results):
    return assessed.read_assessment(assessed_results)


def grid(path, field: str, values: np.ndarray, step: float) -> None:
    rows, columns = values.shape
    coords = {"latitude": 14 - step * (np.arange(rows) + 0.5), "longitude": -17 + step * (np.arange(columns) + 0.5)}
    data = xr.DataArray(values, coords, ("latitude", "longitude"), field).to_dataset()
    data.to_zarr(path, zarr_format=3, consolidated=False)


def named(tables, start: str):
    return next(table for table in tables if table.title.startswith(start))


def test_the_classes_of_the_status_and_the_land_without_a_verdict_are_all_the_land(found, study):
    table = named(assessment.tables(found, study, "en"), "Status").frame.set_index("status")
    assert table["area_km2"].sum() == pytest.approx(9000.0)
    assert table["share"].sum() == pytest.approx(100.0, abs=0.2)
    assert table["area_km2"][-128] == 1000.0
    country = named(assessment.tables(found, study, "en"), "Degraded land by country").frame.iloc[0]
    assert table["area_km2"][[1, 2]].sum() == country["degraded_km2"] == 2000.0
    assert country[["degraded", "degraded_low", "degraded_high"]].tolist() == pytest.approx([2000 / 80, 15.0, 30.0])


def test_every_table_says_whose_files_they_are_and_a_correction_shows_what_it_changed(found, study):
    tables = assessment.tables(found, study, "en")
    for table in tables:
        assert "as you hold it" in table.note, table.title
    assert "lc_2000.tif to lc_2022.tif (3 files)" in named(tables, "Status").note
    row = named(tables, "Corrections").frame.iloc[0]
    assert row[["location_name", "before", "after", "area_km2"]].tolist() == [
        "Kiang rangelands",
        "Improved",
        "Degraded",
        120.0,
    ]
    same = assessed.Assessment(**{**vars(found), "corrections": found.corrections.assign(before=-1)})
    assert not [t for t in assessment.tables(same, study, "en") if t.title.startswith("Corrections")]


def test_what_is_lacking_leaves_tables_out_and_is_said(found, study):
    facts = {k: v for k, v in found.facts.items() if not k.startswith("degraded")} | {"missing": ["soil_carbon"]}
    part = assessed.Assessment(**{**vars(found), "facts": facts, "choices": found.choices.head(0)})
    titles = [table.title for table in assessment.tables(part, study, "en")]
    assert not [t for t in titles if "SDG" in t or "neutrality" in t]
    assert "Land cover that changed" in titles
    assert assessment.charts(part, study, "en") == ()
    assert assessment.rasters(part, study, None, "en") == ()
    assert "soil_carbon" in assessment.body(part, study, "en")[0]


def test_the_map_of_another_year_is_named(found, study):
    assert any("2023 by the map of 2022" in text for text in assessment.body(found, study, "en"))


def test_status_map_states_areas_of_land_and_is_brown_for_loss(found, study, assessed_results):
    values = np.array([[1, 2, -128], [4, 7, 7]], np.int8)
    grid(assessed_results / "land.zarr" / "degradation", "status", values, 0.5)
    (item,) = assessment.rasters(found, study, assessed_results, "en")
    assert item.classes.tolist() == values.tolist()
    assert item.bounds == pytest.approx((-17.0, 13.0, -15.5, 14.0))
    assert item.areas_km2[1] == 1000.0
    assert item.areas_km2[6] == 3000.0
    assert (item.colours[1], item.colours[7]) == ("#7c1b06", "#023175")


def test_a_large_grid_is_read_in_strides_and_keeps_its_place(tmp_path):
    values = np.repeat(np.repeat(np.arange(1, 8, dtype=np.int8)[None, :], 5, axis=0), 5, axis=1)  # 5 x 35 cells
    values = np.repeat(values, 2, axis=0)[:7]
    grid(tmp_path / "big", "status", values, 0.1)
    coarse, bounds = coarse_raster(tmp_path / "big", "status", longest=7)
    assert coarse.tolist() == [[1, 2, 3, 4, 5, 6, 7]]  # the middle cell of each five
    assert bounds == pytest.approx((-17.0, 13.5, -13.5, 14.0))


def test_drought_years_add_up_to_the_area_and_blank_is_no_drought(assessed_results, study):
    found = assessed.read_drought(assessed_results)
    years = named(drought.tables(found, study, "en"), "Area by class of drought, year").frame
    km2 = years.drop(columns=["year", "worse"])
    assert km2.sum(axis=1).tolist() == [10_500.0] * 4
    assert years["worse"].tolist() == pytest.approx([0.0, 6000 / 105, 50.0, 0.0])
    (figure,) = drought.charts(found, study, "en")
    assert "not applicable" in figure.svg
    assert "no data" in figure.svg
    assert figure.source == "your file rain.tif"
    country = named(drought.tables(found, study, "en"), "Land in drought").frame.iloc[0]
    assert country[["mean", "most", "severe"]].tolist() == pytest.approx(
        [(6000 / 105 + 50) / 4, 6000 / 105, 3000 / 105]
    )
    assert country[["country", "driest"]].tolist() == ["Gambia", "2021"]


def test_worst_map_is_that_of_the_last_window(assessed_results, study):
    grid(assessed_results / "land.zarr" / "drought", "worst_spi_12_2020", np.array([[4, 2], [1, 0]], np.int8), 0.5)
    (item,) = drought.rasters(assessed.read_drought(assessed_results), study, assessed_results, "en")
    assert item.title.endswith("2020–2023")
    assert item.areas_km2[4] == 3000.0
    assert -1 not in item.names


def test_a_country_that_the_series_cover_in_part_is_named(found, study, tmp_path):
    # The series see 10,500 km2 of the Gambia; Senegal not at all.
    regions = pd.DataFrame({"iso3": ["GMB", "GMB", "SEN"], "area_km2": [6000.0, 15_000.0, 196_000.0]})
    regions.to_parquet(tmp_path / "regions.parquet")
    told = assessed.gaps_of_cover(found, tmp_path)
    assert told.replace("\u00a0", " ") == SERIES.format("Gambia (50 per cent) and Senegal (0 per cent)")
    assert "Gambie (50\u00a0%) et Sénégal (0\u00a0%)" in assessed.gaps_of_cover(found, tmp_path, "fr")
    assert assessed.covered_in_part(found, tmp_path) == pytest.approx(100 * 10_500 / 217_000)
    regions.head(1).to_parquet(tmp_path / "regions.parquet")
    assert assessed.gaps_of_cover(found, tmp_path) == ""
    assert assessed.covered_in_part(found, tmp_path) is None


def test_the_headline_of_the_land_says_what_share_of_it_the_series_cover(assessed_results, study, monkeypatch):
    for name in ("map_layers", "_rasters", "_series_tables", "country_table"):
        monkeypatch.setattr(land, name, lambda *_, **__: ())
    for part in (assessment, drought):
        monkeypatch.setattr(part, "rasters", lambda *_: ())
    regions = pd.DataFrame({"region_id": ["GM-A"], "iso3": ["GMB"], "area_km2": [21_000.0]})
    regions.to_parquet(assessed_results / "regions.parquet")
    said = (
        "Degraded is 22 % of the 50 % of the land that your series cover."  # as the land stage has it: not told twice
    )
    section = land.section(assessed_results, study, regions, said, "en")
    gambia = "Gambia (50\u00a0per cent)"
    assert section.finding == f"{said} {RAIN.format(gambia)}"
    assert SERIES.format(gambia) in section.body
    facts = json.loads((assessed_results / "degradation.json").read_text())
    del facts["degraded_share"]  # no verdict, so the land stage has no sentence on it
    (assessed_results / "degradation.json").write_text(json.dumps(facts))
    headline = land.section(assessed_results, study, regions, "Drylands.", "en").finding
    assert headline == f"Drylands. {SERIES.format(gambia)} {RAIN.format(gambia)}"
    regions.assign(area_km2=10_500.0).to_parquet(assessed_results / "regions.parquet")
    assert land.section(assessed_results, study, regions, "All.", "en").finding == "All."


def test_one_area_reads_alike_in_all_tables(found, study):
    # 1,242.5486 km2 is 1,243, never 1,242 by way of 1,242.5.
    status = found.status.assign(area_km2=found.status["area_km2"] * 1242.5486 / 2000)
    areas = found.areas.assign(area_km2=found.areas["area_km2"] * 1242.5486 / 2000)
    same = assessed.Assessment(**{**vars(found), "status": status, "areas": areas})
    printed = {}
    for start in ("Degraded land by country", "Status"):
        table = named(assessment.tables(same, study, "en"), start)
        laid = lay_out(columns_of(table.frame, table.heads, table.units, table.decimals))
        printed[start] = [
            dict(zip(table.heads, (row[h.cell].text for h in laid.headers), strict=True)) for row in laid.rows
        ]
    assert printed["Degraded land by country"][0]["degraded_km2"] == "1,243"
    assert printed["Degraded land by country"][0]["unknown_km2"] == "621"
    assert {row["name"]: row["area_km2"] for row in printed["Status"]}["Persistent degradation"] == "621"


def test_a_step_has_the_unit_of_its_layers_own_coordinates(found, study):
    rows = found.alignment.iloc[[0, 0]].assign(
        layer=["ndvi", "cover_series"],
        crs=["EPSG:4326", "EPSG:32628"],
        step=[0.005, 300.0],
        grid_step=0.005,
        step_unit=["degrees", "m"],
    )
    same = assessed.Assessment(**{**vars(found), "alignment": rows})
    table = named(assessment.tables(same, study, "en"), "Your layers")
    assert table.frame["step"].str.replace("\u00a0", " ").tolist() == ["0.005 degrees", "300 m"]
    printed = lay_out(columns_of(table.frame, table.heads, table.units))
    used = next(h.cell for h in printed.headers if h.text == "Step used")
    assert float(printed.rows[0][used].text) == 0.005


def test_of_equal_dry_years_the_worse_then_the_latest_is_named(assessed_results, study):
    found = assessed.read_drought(assessed_results)
    rows = [(2009, 2, 10.0), (2012, 2, 7.0), (2012, 4, 3.0), (2016, 0, 10.0), (2020, 2, 10.0), (2023, 2, 10.0)]
    years = pd.DataFrame(rows, columns=["year", "drought_class", "area_km2"]).assign(iso3="GMB", region_id="GM-A")

    def named_year(table):
        same = assessed.Drought(found.facts, table, found.periods)
        return named(drought.tables(same, study, "en"), "Land in drought").frame.iloc[0]["driest"]

    assert named_year(years) == "2012"
    assert named_year(years[years["year"] != 2012]) == "2023"
    assert named_year(years[years["year"].isin([2009, 2020, 2023])]) == "-"
