# SPDX-License-Identifier: Apache-2.0
"""Three square regions on the equator, two in one country, with values made for the tests."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from homeground.brief.page.content import Figure, MapLayer, Page, Section, Source, Table
from homeground.running.record import RESULTS_VERSION, write_run

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
        {"country": "Country", "area": "Area"}, {"area": "km²"}, "Areas, not pixels.",
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
            Source("Trap", "A bad address.", "none", "2001", "expert default, unverified", "javascript:alert(1)"),
        ),
        limits=("It says nothing about persons.",),
        notes=("A note on boundaries.",),
        regions=three_regions,
        table=three_values,
        country_names={"AAA": "Aland", "BBB": "Beland"},
    )


@pytest.fixture(scope="session")
def small_results(tmp_path_factory) -> Path:
    """A results folder with all tables that the brief reads: two countries, three regions, round numbers."""
    folder = tmp_path_factory.mktemp("small") / "base"
    (folder / "regions").mkdir(parents=True)
    regions = gpd.GeoDataFrame(
        {
            "region_id": ["AA-1", "AA-2", "BB-1"],
            "iso3": ["GMB", "GMB", "SEN"],
            "name": ["West", "Middle", "East"],
            "area_km2": [100.0, 200.0, 700.0],
            "land_aridity_index": [0.03, 0.30, 0.70],
            "land_share_dryland": [10.0, 60.0, 40.0],
            "land_share_dryland_low": [0.0, 40.0, 30.0],
            "land_share_dryland_high": [20.0, 80.0, 60.0],
            "land_share_hyperarid": [90.0, 0.0, 0.0],
            "land_potential_gap": [10.0, 20.0, np.nan],
            "land_potential_gap_low": [5.0, 10.0, np.nan],
            "land_potential_gap_high": [15.0, 30.0, np.nan],
            "people_population": [1e6, 2e6, 3e6],
            "people_population_low": [1e6, 2e6, 3e6],
            "people_population_high": [1e6, 2e6, 3e6],
            "evidence_people_dryland": [1e5, 1.2e6, 1.2e6],
            "evidence_people_dryland_low": [0.0, 8e5, 9e5],
            "evidence_people_dryland_high": [2e5, 1.6e6, 1.8e6],
            "geometry": [shapely.box(-17, 13, -16, 14), shapely.box(-16, 13, -14, 14), shapely.box(-14, 13, -11, 15)],
        },
        crs="EPSG:4326",
    )
    regions.to_parquet(folder / "regions.parquet")
    row = {"unit": "persons", "low": np.nan, "high": np.nan, "source": "UN", "licence": "CC BY", "kind": "modelled"}
    people = [
        {"iso3": "GMB", "year": 2023, "indicator": "net_migration", "value": -3000.0},
        {"iso3": "SEN", "year": 2023, "indicator": "net_migration", "value": 1000.0},
        {"iso3": "SEN", "year": 2022, "indicator": "net_migration", "value": 99000.0},
        {"iso3": "SEN", "year": 2024, "indicator": "idps_idmc", "value": 8400.0, "kind": "observed"},
        {"iso3": "GMB", "year": 2024, "indicator": "refugees_by_origin", "value": 5.0, "low": 1.0, "high": 5.0},
        {"iso3": "SEN", "year": 2024, "indicator": "refugees_by_origin", "value": 2000.0},
    ]
    pd.DataFrame([row | {"note": ""} | line for line in people]).to_parquet(folder / "people_countries.parquet")
    _evidence_tables(folder)
    _plan_tables(folder)
    risk = {"region_id": ["AA-1", "AA-2", "BB-1"], "risk_rank": [3.0, 2.0, 1.0], "risk_rank_low": [2.0, 1.0, 1.0]}
    risk |= {
        "risk_rank_high": [3.0, 3.0, 2.0],
        "risk_class": [1.0, 3.0, 5.0],
        "risk_class_probability": [0.9, 0.5, 0.7],
    }
    pd.DataFrame(risk).to_parquet(folder / "regions" / "risk.parquet")
    steps = {"land.regions": {"finished": "2026-03-04T05:06:07+00:00"}}
    write_run(folder, {"schema_version": RESULTS_VERSION, "steps": steps, "stages": {}, "homeground": "9.8.7"})
    return folder


def _evidence_tables(folder: Path) -> None:
    base = {"stance": "environment", "moderator": "", "driver_direction": "more", "evidence_level": 3}
    effects = [
        {"cluster": "a", "driver": "drought", "sign": "+"},
        {"cluster": "a", "driver": "drought", "sign": "-"},
        {"cluster": "b", "driver": "drought", "sign": "-", "driver_direction": "less"},
        {"cluster": "c", "driver": "drought", "sign": "0"},
        {"cluster": "d", "driver": "drought", "sign": "-", "moderator": "poor"},
        {"cluster": "a", "driver": "rain", "sign": "+"},
        {"cluster": "e", "driver": "cash-for-work", "sign": "-", "stance": "measure"},
    ]
    pd.DataFrame([base | line for line in effects]).to_parquet(folder / "effects.parquet")
    groups = {"stance": "environment", "pooled": False, "reason": ["no_coefficient", "few_errors"]}
    pd.DataFrame(groups).to_parquet(folder / "effects_pooled.parquet")
    reading = {"iso3": ["GMB", "SEN"], "stance": "environment", "coverage": ["none", "country"]}
    pd.DataFrame(reading).to_parquet(folder / "evidence_countries.parquet")


def _plan_tables(folder: Path) -> None:
    plan = pd.DataFrame({"measure": ["zai", "half_moons"], "iso3": ["GMB", "SEN"], "hectares": [1500.0, 500.0]})
    for column, low, value, high in (("cost_usd", 1e6, 2e6, 4e6), ("person_days_establishment", 1e4, 2e4, 3e4)):
        plan[f"{column}_low"], plan[column], plan[f"{column}_high"] = low, value, high
    for phase in ("season", "upkeep"):
        for end, value in (("", 500.0), ("_low", 100.0), ("_high", 900.0)):
            plan[f"person_days_{phase}{end}"] = value
    plan.to_parquet(folder / "plan.parquet")
    facts = {
        "planned": True, "objective": 700.0, "objective_interval": [600.0, 900.0], "gap": 0.0, "currency": "USD",
        "budget_per_year": 2.5e6, "years": [2024, 2025], "land_ceiling": 0.25, "rules_source": "illustrative",
        "unverified": {"cost": 0.5, "person_days": 0.25, "hectares": float("nan"), "women_and_youth": 1.0},
    }  # fmt: skip
    (folder / "plan.json").write_text(json.dumps(facts))
    prices = {"rule": ["women", "youth"], "where": "all", "lost_share": [0.0, 0.125]}
    pd.DataFrame(prices).to_parquet(folder / "plan_prices.parquet")
    rows = [
        {"view": view, "rate": rate, "npv_usd": 1e6, "npv_usd_low": -2e6, "npv_usd_high": 5e6, "bcr": bcr}
        | {"cost_usd": 2.5e6, "cost_usd_low": 1e6, "cost_usd_high": 6e6}
        for rate in (0.03, 0.075)
        for view, bcr in (("financial", 1.4), ("economic", 2.4))
    ]
    table = pd.DataFrame(rows).assign(scope="plan", price_year=2023, horizon=20, benefit_cover=0.4)
    table = table.assign(bcr_low=0.6, bcr_high=9.5, unverified_benefit=0.9, study_rate=table["rate"] == 0.075)
    table.to_parquet(folder / "finance_appraisal.parquet")
    received = {"what": "received", "unit": "USD million", "source": "bank", "licence": "CC BY", "kind": "modelled"}
    household = [
        {"iso3": "GMB", "year": 2017, "value": 200.0},
        {"iso3": "SEN", "year": 2017, "value": 1500.0},
        {"iso3": "SEN", "year": 2023, "value": 9000.0, "source": "press"},
        {"iso3": "SEN", "year": 2024, "value": 77.0, "unit": "EUR million"},
        {"iso3": "GMB", "year": None, "value": 5.0, "what": "committed"},
    ]
    money = pd.DataFrame([received | line for line in household]).astype({"year": "Int64"})
    money.to_parquet(folder / "finance_household.parquet")
    pd.DataFrame({"class": ["not_committed", "public"], "share": [0.75, 0.25]}).to_parquet(
        folder / "finance_sources.parquet"
    )


@pytest.fixture(scope="session")
def small_study(tmp_path_factory):
    """The study of `small_results`; a user's own, so its words are printed as they stand."""
    from homeground.study.opening import open_study

    folder = tmp_path_factory.mktemp("study") / "two-rivers"
    folder.mkdir()
    (folder / "study.toml").write_text(
        'title = "Two rivers"\nquestion = "Where is it dry?"\ncountries = ["GMB", "SEN"]\n'
        'cannot_say = ["what happened before the wells of 1987"]\n'
        "[plan]\nrules = { women = 0.4, youth = 0.3 }\n[finance]\ndiscount_rate = 0.075\n"
    )
    return open_study(folder)
