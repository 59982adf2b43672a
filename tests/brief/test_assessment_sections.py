# SPDX-License-Identifier: Apache-2.0
"""The page on assessed land: areas add up to the land, captions name the user's files, large grids are read coarsely."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from homeground.brief import assessed
from homeground.brief.sections import assessment, drought
from homeground.brief.sections.rasters import coarse_raster
from homeground.study import open_study

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
    table = named(assessment.tables(found, study), "Status").frame
    assert table["Land"].sum() == pytest.approx(9000.0)
    assert table["Share"].sum() == pytest.approx(100.0, abs=0.2)
    assert table.set_index("Status")["Land"]["No data"] == 1000.0
    degraded = table.set_index("Status")["Land"][["Persistent degradation", "Recent degradation"]]
    country = named(assessment.tables(found, study), "Degraded land by country").frame.iloc[0]
    assert degraded.sum() == country["Degraded land"] == 2000.0
    assert country[["Degraded share", "Degraded share_low", "Degraded share_high"]].tolist() == [22.2, 15.0, 30.0]


def test_every_table_says_whose_files_they_are_and_a_correction_shows_what_it_changed(found, study):
    tables = assessment.tables(found, study)
    for table in tables:
        assert "as you hold it" in table.note, table.title
    assert "lc_2000.tif to lc_2022.tif (3 files)" in named(tables, "Status").note
    row = named(tables, "Corrections").frame.iloc[0]
    assert row[["Place", "Before", "After", "Area"]].tolist() == ["Kiang rangelands", "Improved", "Degraded", 120.0]
    same = assessed.Assessment(**{**vars(found), "corrections": found.corrections.assign(before=-1)})
    assert not [t for t in assessment.tables(same, study) if t.title.startswith("Corrections")]


def test_what_is_lacking_leaves_tables_out_and_is_said(found, study, tmp_path):
    facts = {k: v for k, v in found.facts.items() if not k.startswith("degraded")} | {"missing": ["soil_carbon"]}
    part = assessed.Assessment(**{**vars(found), "facts": facts, "choices": found.choices.head(0)})
    titles = [table.title for table in assessment.tables(part, study)]
    assert not [t for t in titles if "SDG" in t or "neutrality" in t]
    assert "Land cover that changed" in titles
    assert assessment.charts(part, study) == ()
    assert assessment.rasters(part, study, None) == ()
    assert "soil_carbon" in assessment.body(part, study, tmp_path)[0]


def test_the_map_of_another_year_is_named(found, study, tmp_path):
    assert any("2023 by the map of 2022" in text for text in assessment.body(found, study, tmp_path))


def test_status_map_states_areas_of_land_and_is_brown_for_loss(found, study, assessed_results):
    values = np.array([[1, 2, -128], [4, 7, 7]], np.int8)
    grid(assessed_results / "land.zarr" / "degradation", "status", values, 0.5)
    (item,) = assessment.rasters(found, study, assessed_results)
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
    years = named(drought.tables(found, study), "Area by class of drought, year").frame
    km2 = years.drop(columns=["Year", "Moderate or worse"])
    assert km2.sum(axis=1).tolist() == [10_500.0] * 4
    assert years["Moderate or worse"].tolist() == [0.0, 57.1, 50.0, 0.0]
    (figure,) = drought.charts(found, study)
    assert "not applicable" in figure.svg
    assert "no data" in figure.svg
    assert figure.source == "your file rain.tif"
    country = named(drought.tables(found, study), "Land in drought").frame.iloc[0]
    assert country.tolist() == ["Gambia", 26.8, 57.1, "2021", 28.6]


def test_worst_map_is_that_of_the_last_window(assessed_results, study):
    grid(assessed_results / "land.zarr" / "drought", "worst_spi_12_2020", np.array([[4, 2], [1, 0]], np.int8), 0.5)
    (item,) = drought.rasters(assessed.read_drought(assessed_results), study, assessed_results)
    assert item.title.endswith("2020-2023")
    assert item.areas_km2[4] == 3000.0
    assert -1 not in item.names


def test_a_country_that_the_series_cover_in_part_is_named(found, study, tmp_path):
    # The series see 10,500 km2 of the Gambia; Senegal not at all.
    regions = pd.DataFrame({"iso3": ["GMB", "GMB", "SEN"], "area_km2": [6000.0, 15_000.0, 196_000.0]})
    regions.to_parquet(tmp_path / "regions.parquet")
    told = assessment.body(found, study, tmp_path)[-1]
    assert told == "Your series cover only a part of GMB 50 %, SEN 0 %: shares are of that part."
    regions.head(1).to_parquet(tmp_path / "regions.parquet")
    assert not any("cover only a part" in text for text in assessment.body(found, study, tmp_path))
