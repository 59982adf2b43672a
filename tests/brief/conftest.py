# SPDX-License-Identifier: Apache-2.0
"""Three square regions on the equator, two in one country, with values made for the tests."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from homeground.brief.page import Figure, MapLayer, Page, Section, Source, Table

NASTY = "N'Djamena <script>alert(1)</script>"


@pytest.fixture
def three_regions() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "region_id": ["a", "b", "c"],
            "iso3": ["AAA", "AAA", "BBB"],
            "name": ["West", NASTY, "East"],
            "geometry": [shapely.box(0, -5, 5, 5), shapely.box(5, -5, 10, 5), shapely.box(10, -5, 20, 5)],
        },
        crs="EPSG:4326",
    )


@pytest.fixture
def three_values() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region_id": ["a", "b", "c"],
            "area_km2": [100.0, 200.0, 400.0],
            "land_degraded": [12.5, 37.5, np.nan],
            "land_degraded_low": [10.0, 30.0, np.nan],
            "land_degraded_high": [15.0, 45.0, np.nan],
            "land_class": ["arid", "humid", "arid"],
            "land_probability": [0.95, 0.55, 0.7],
            "people_net": [-2000.0, 500.0, 1500.0],
        }
    )


@pytest.fixture
def page(three_regions, three_values) -> Page:
    facts = {"source": "survey of the fixture", "period": "2001-2004", "data_kind": "observed", "licence": "CC0-1.0"}
    layers = (
        MapLayer(
            "land_degraded", "Degraded land", "%", "sequential", **facts,
            low_column="land_degraded_low", high_column="land_degraded_high",
        ),
        MapLayer(
            "land_class", "Aridity class", "", "classes", **facts,
            classes={"arid": "", "humid": ""}, probability_column="land_probability",
        ),
        MapLayer("people_net", "Net migration", "people per year", "diverging", **facts, decimals=0),
    )  # fmt: skip
    chart = Figure(
        '<svg viewBox="0 0 1 1"></svg>', "A chart", "It shows nothing.", "2001", "the fixture", "default", "CC0"
    )
    table = Table(
        "Area", pd.DataFrame({"country": ["AAA"], "area": [300.0], "area_low": [280.0], "area_high": [330.0]}),
        {"area": "km2"}, "Areas, not pixels.",
    )  # fmt: skip
    return Page(
        title="A study & its land",
        question="Where is land degrading?",
        study_id="fixture",
        scenario="base",
        made_on="2026-01-05",
        version="0.1.0",
        sections=(
            Section(
                "land", "Land", "Land is degraded in 1 of 3 regions.", ("A paragraph.",), layers, (chart,), (table,)
            ),
        ),
        sources=(
            Source("Survey", "The survey, 2004.", "CC0-1.0", "2001-2004", "observed", "https://example.org/?a=1&b=2"),
            Source("Trap", "A bad address.", "none", "2001", "default", "javascript:alert(1)"),
        ),
        limits=("It says nothing about persons.",),
        notes=("A note on boundaries.",),
        regions=three_regions,
        table=three_values,
        country_names={"AAA": "Aland", "BBB": "Beland"},
    )
