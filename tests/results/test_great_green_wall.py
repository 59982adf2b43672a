# SPDX-License-Identifier: Apache-2.0
"""The Great Green Wall run from end to end, held against figures that were computed apart from this code."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio

from homeground.catalogue.regions import ellipsoid_area
from homeground.chain import run as chain

# Rain (mm/year), temperature (degC) and shares (hyper-arid, arid, semi-arid, dry sub-humid, humid, cropland, bare) from
# a separate computation with cosine weights on the uncropped files. They check arithmetic, not truth.
REFERENCE = {
    "BFA": (779, 28.9, 0, 0, 75, 22, 3, 4, 0),
    "TCD": (338, 27.5, 39, 25, 25, 9, 2, 8, 56),
    "DJI": (161, 28.5, 0, 100, 0, 0, 0, 0, 65),
    "ERI": (345, 27.1, 10, 44, 33, 10, 2, 3, 52),
    "ETH": (910, 23.6, 0, 16, 18, 9, 57, 15, 5),
    "MLI": (330, 29.0, 33, 34, 22, 7, 3, 0, 60),
    "MRT": (121, 27.9, 45, 53, 2, 0, 0, 0, 85),
    "NER": (150, 27.8, 52, 35, 12, 0, 0, 5, 75),
    "NGA": (1157, 27.3, 0, 3, 22, 25, 50, 43, 0),
    "SEN": (668, 28.9, 0, 14, 66, 14, 6, 9, 0),
    "SDN": (251, 27.5, 35, 35, 29, 1, 0, 3, 60),
}
CLASSES = ["hyperarid", "arid", "semiarid", "drysubhumid", "humid"]


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    return chain.run("great-green-wall", root=tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="module")
def table(results) -> gpd.GeoDataFrame:
    return gpd.read_parquet(results / "regions.parquet")


def by_country(table, column):
    return (table[column] * table["area_km2"]).groupby(table["iso3"]).sum() / table.groupby("iso3")["area_km2"].sum()


def test_columns_start_as_published(table):
    assert list(table.columns[:6]) == ["region_id", "iso3", "name", "area_km2", "land_rain_mm", "land_temperature_c"]
    assert {"land_aridity_index", "land_share_cropland", *(f"land_share_{c}" for c in CLASSES)} <= set(table.columns)
    assert table["region_id"].is_unique
    assert len(table) == 188


def test_region_areas_sum_to_the_country(table):
    for iso3, country in table.dissolve("iso3").groupby(level=0):
        total = table.loc[table["iso3"] == iso3, "area_km2"].sum()
        assert total == pytest.approx(ellipsoid_area(country)[0], rel=1e-3)


@pytest.mark.parametrize("iso3", REFERENCE)
def test_climate_and_cover_agree_with_the_separate_computation(table, iso3):
    rain, temperature, *shares = REFERENCE[iso3]
    assert by_country(table, "land_rain_mm")[iso3] == pytest.approx(rain, rel=0.02)
    assert by_country(table, "land_temperature_c")[iso3] == pytest.approx(temperature, abs=0.3)
    columns = [f"land_share_{c}" for c in (*CLASSES, "cropland", "other")]
    for column, share in zip(columns, shares, strict=True):
        assert by_country(table, column)[iso3] == pytest.approx(share, abs=2.01), column


def test_every_table_sums_to_the_same_land(results, table):
    units = pd.read_parquet(results / "land_units.parquet")
    assert units["area_km2"].sum() == pytest.approx(table["area_km2"].sum(), rel=1e-3)
    aridity = table[[f"land_share_{c}" for c in CLASSES]].sum(axis=1)
    names = ("tree", "grassland", "cropland", "wetland", "artificial", "other", "water", "nodata")
    cover = table[[f"land_share_{c}" for c in names]].sum(axis=1)
    assert aridity.to_numpy() == pytest.approx(np.full(len(table), 100.0), abs=1e-6)
    assert cover.to_numpy() == pytest.approx(np.full(len(table), 100.0), abs=1e-6)


def test_intervals_hold_their_numbers(table):
    for column in ("land_aridity_index", "land_share_dryland", "land_potential_gap"):
        known = table[column].notna()
        assert (table.loc[known, f"{column}_low"] <= table.loc[known, column] + 1e-9).all()
        assert (table.loc[known, f"{column}_high"] >= table.loc[known, column] - 1e-9).all()


def test_maps_open_styled(results):
    with rasterio.open(results / "maps" / "aridity_class.tif") as source:
        assert source.crs.to_epsg() == 4326
        assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert source.colormap(1)[0] == (249, 204, 249, 255)
        assert source.nodata == 255
        niamey = next(source.sample([(2.1, 13.5)]))[0]
    assert niamey == 2  # Niamey, 556 mm: semi-arid
    assert "semi-arid" in (results / "maps" / "aridity_class.qml").read_text()
    assert "<Category>semi-arid</Category>" in (results / "maps" / "aridity_class.tif.aux.xml").read_text()


def test_page_is_one_file_without_outside_requests(results):
    page = (results / "index.html").read_text(encoding="utf-8")
    assert "Burkina Faso" in page
    for outside in ("<link", "<script src", '<img src="http', "url(http", "@import"):
        assert outside not in page


def test_record_names_inputs_and_versions(results):
    record = json.loads((results / "run.json").read_text())
    assert record["study"] == "great-green-wall"
    assert {"numpy", "xarray", "exactextract"} <= set(record["packages"])
    climate = record["steps"]["land.climate"]
    assert set(climate["inputs"]) >= {"atlas rain", "atlas temperature", "atlas regions", "atlas layers.csv"}
    assert {"message": "warning.thornthwaite", "words": {}} in climate["warnings"]
    assert str(Path.home()) not in json.dumps(record)


def test_two_series_carry_trends(results):
    series = pd.read_parquet(results / "series.parquet")
    bale = series[series["series"].str.startswith("NDVI")]
    assert bale["place"].nunique() == 36
    assert (bale["year"].min(), bale["year"].max()) == (1982, 2015)
    assert series["trend_p"].between(0, 1).all()
    rain = series[series["series"].str.startswith("rain")].set_index("year")
    index = rain.pivot_table(index="year", columns="place", values="drought_index")
    totals = rain.pivot_table(index="year", columns="place", values="value")
    # Over its calibration years a standardised index has mean 0 and spread 1, and keeps the order of the rain.
    assert index.mean().abs().max() < 0.15
    assert index.std().between(0.8, 1.2).all()
    assert index.rank().equals(totals.rank())


def test_every_table_that_cites_a_source_says_licence_and_kind(results):
    cited = {path.name: pd.read_parquet(path) for path in results.glob("*.parquet")}
    cited = {
        name: table for name, table in cited.items() if "source" in table and "node" not in table
    }  # the tree: ours
    assert len(cited) >= 6
    # What the study itself says is committed, or is not, is under no licence.
    household, sources = cited["finance_household.parquet"], cited["finance_sources.parquet"]
    cited["finance_household.parquet"] = household[household["what"] != "committed"]
    cited["finance_sources.parquet"] = sources[sources["status"] == "pledged"]
    # What has no figure near enough, or no rate that fits, has no source either.
    values, carbon = cited["finance_values.parquet"], cited["plan_carbon.parquet"]
    cited["finance_values.parquet"] = values[values["how"] != "none"]
    cited["plan_carbon.parquet"] = carbon[carbon["absent"] == ""]
    rates = cited["measure_rates.parquet"]
    cited["measure_rates.parquet"] = rates[rates["how"] != "none"]  # what is absent is of nobody
    chain = cited.get("value_chain.parquet")
    if chain is not None:
        cited["value_chain.parquet"] = chain[chain["mid"].notna()]  # what nobody published is of nobody
        industry = cited["rural_industry.parquet"]
        cited["rural_industry.parquet"] = industry[industry["capital"].notna()]
    for name, table in cited.items():
        for column in ("source", "licence", "kind"):
            assert table[column].notna().all(), name
            assert (table[column] != "").all(), name


def test_the_table_is_read_only(results):
    assert (results / "regions.parquet").stat().st_mode & 0o222 == 0
