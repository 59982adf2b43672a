# SPDX-License-Identifier: Apache-2.0
"""The steps of work and rights in a study: land out of reach drops out, tables add up to the plan, people pass the gate."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from homeground.catalogue.regions import study_regions
from homeground.chain import run as chain
from homeground.chain.checks import validate
from homeground.errors import DataError, PlanError, StudyError
from homeground.running.tables import (
    LABOUR,
    LAND_UNITS,
    PLAN,
    RIGHTS,
    RIGHTS_FACTS,
    SUITABLE_AREAS,
    WORK_DENSITY,
    WORK_FACTS,
    WORK_REGIONS,
    regions_of,
)
from homeground.study.opening import open_study

BUDGET = 'budget = { amount = "1e6 USD", price_year = "as published", per = "year", years = [2024, 2026] }\n'
STAGES = ["land", "people", "measures"]


def study_of(folder, *, data="", work="", plan=BUDGET, countries='["DJI"]'):
    text = f'title = "T"\ncountries = {countries}\n[data]\n{data}\n[plan]\n{plan}\n[work]\n{work}\n'
    folder.mkdir(exist_ok=True)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return open_study(folder)


def run(study, root):
    return chain.run(study, STAGES, root=root)


def said(results):
    steps = json.loads((results / "run.json").read_text(encoding="utf-8"))["steps"]
    return {one["message"] for step in steps.values() for one in step.get("warnings", []) if isinstance(one, dict)}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    return run(study_of(folder / "s", work="days_per_year = 200"), folder / "results")


def test_work_of_regions_and_years_adds_up_to_that_of_the_plan(plain):
    allocation, labour = pd.read_parquet(plain / PLAN), pd.read_parquet(plain / LABOUR)
    table = pd.read_parquet(plain / WORK_REGIONS)
    off = allocation["person_days_establishment"].sum() + allocation["person_days_upkeep"].sum()
    assert off > 0
    assert labour.loc[labour["season"] == "off", "mid"].sum() == pytest.approx(off)
    assert labour.loc[labour["season"] == "main", "mid"].sum() == pytest.approx(allocation["person_days_season"].sum())
    assert table["person_days_off_mid"].sum() == pytest.approx(off)
    assert table["full_time_years_mid"].sum() == pytest.approx(off / 200)
    density = pd.read_parquet(plain / WORK_DENSITY)
    assert density["own_mid"].iloc[0] == pytest.approx(off / 200 / allocation["hectares"].sum())
    assert json.loads((plain / WORK_FACTS).read_text())["defaults"] == ["share_of_workers", "off_season_days"]
    assert {
        "warning.access_not_known",
        "warning.labour_default",
        "warning.rights_not_known",
        "warning.not_screened",
    } <= said(plain)


def test_supply_is_worked_out_from_people_that_passed_the_gate(plain):
    """Shown people x shares of the country x 0.10 x 60 days."""
    people = pd.read_parquet(plain / regions_of("people")).set_index("region_id")["people_population"]
    figures = pd.read_parquet(plain / "people_countries.parquet")
    newest = figures.sort_values("year").groupby("indicator")["value"].last() / 100
    table = pd.read_parquet(plain / WORK_REGIONS).set_index("region_id")
    each = newest["working_age_share"] * (1 - newest["urban_share"]) * 0.10 * 60
    for region in table.index:
        assert table.loc[region, "person_days_a_year_mid"] == pytest.approx(float(people[region]) * each)
    assert not [name for name in table.columns if "people" in name or "population" in name]


def test_without_a_length_of_the_work_year_nothing_is_told_as_years(tmp_path):
    results = run(study_of(tmp_path / "s"), tmp_path / "results")
    assert pd.read_parquet(results / WORK_REGIONS)["full_time_years_mid"].isna().all()
    assert pd.read_parquet(results / WORK_DENSITY).empty
    assert "warning.no_work_year" in said(results)


def test_without_a_plan_the_days_that_people_have_are_told_alone(tmp_path):
    results = run(study_of(tmp_path / "s", plan=""), tmp_path / "results")
    table = pd.read_parquet(results / WORK_REGIONS)
    assert (table["person_days_a_year_mid"] > 0).all()
    assert table["person_days_off_mid"].isna().all()
    assert set(table["held"]) == {"not_known"}
    assert pd.read_parquet(results / LABOUR).empty
    assert pd.read_parquet(results / RIGHTS)["hectares"].isna().all()


def suitable(results):
    return pd.read_parquet(results / SUITABLE_AREAS).groupby("region_id")["suitable_km2"].sum()


def test_land_out_of_reach_drops_out_before_anything_is_planned(plain, tmp_path):
    regions = study_regions(study_of(tmp_path / "s"))["region_id"].tolist()
    rows = [
        f"{region},{a},{b},{c},made" for region, (a, b, c) in zip(regions, [(0, 0, 0), (0.2, 0.5, 0.8)], strict=False)
    ]
    (tmp_path / "s" / "access.csv").write_text(
        "region_id,low,mid,high,source\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    results = run(study_of(tmp_path / "s", data='access = "access.csv"'), tmp_path / "results")
    before, after = suitable(plain), suitable(results)
    assert regions[0] not in after.index
    assert after[regions[1]] == pytest.approx(0.5 * before[regions[1]])
    assert after[regions[2]] == pytest.approx(before[regions[2]])
    assert regions[0] not in set(pd.read_parquet(results / PLAN)["region_id"])
    assert {"warning.access", "warning.access_unknown_regions"} <= said(results)
    land = pd.read_parquet(results / LAND_UNITS)
    assert regions[0] in set(land["region_id"])  # the land itself is told as it is


def test_access_may_be_polygons_of_barred_land(plain, tmp_path):
    regions = study_regions(study_of(tmp_path / "s"))
    first = regions.iloc[[0]][["geometry"]]
    gpd.GeoDataFrame(first, crs="EPSG:4326").to_file(tmp_path / "s" / "barred.geojson", driver="GeoJSON")
    results = run(study_of(tmp_path / "s", data='access = "barred.geojson"'), tmp_path / "results")
    name, other = regions["region_id"].iloc[0], regions["region_id"].iloc[-1]
    assert suitable(results).get(name, 0.0) < 0.01 * suitable(plain)[name]
    assert suitable(results)[other] == pytest.approx(suitable(plain)[other], rel=0.01)


def test_rights_of_polygons_are_shares_of_regions(plain, tmp_path):
    regions = study_regions(study_of(tmp_path / "s"))
    shapes = [regions.geometry.iloc[0], shapely.box(100, 0, 101, 1)]
    made = gpd.GeoDataFrame({"what": ["protected_area", "conflict"]}, geometry=shapes, crs="EPSG:4326")
    made.to_file(tmp_path / "s" / "rights.geojson", driver="GeoJSON")
    results = run(study_of(tmp_path / "s", data='rights = "rights.geojson"'), tmp_path / "results")
    table = pd.read_parquet(results / RIGHTS).set_index("region_id")
    assert table.loc[regions["region_id"].iloc[0], "protected_area"] == pytest.approx(1.0, abs=0.01)
    assert (table["conflict"] == 0).all()
    assert set(table["rights"]) == {"not_known"}
    made.assign(what="tenure_secure").to_file(tmp_path / "s" / "rights.geojson", driver="GeoJSON")
    with pytest.raises(Exception, match="tenure_secure is not told by polygons"):
        run(study_of(tmp_path / "s", data='rights = "rights.geojson"'), tmp_path / "results")


def test_insecure_land_of_the_plan_is_flagged_and_a_category_proposed(plain, tmp_path):
    regions = study_regions(study_of(tmp_path / "s"))["region_id"].tolist()
    rows = "".join(f"{region},tenure_secure,0.2,made\n" for region in regions)
    (tmp_path / "s" / "rights.csv").write_text(f"region_id,what,value,source\n{rows}", encoding="utf-8")
    (tmp_path / "s" / "screening.csv").write_text("question,answer\nfpic,yes\n", encoding="utf-8")
    results = run(
        study_of(tmp_path / "s", data='rights = "rights.csv"\nscreening = "screening.csv"'), tmp_path / "results"
    )
    table = pd.read_parquet(results / RIGHTS)
    assert table["insecure_hectares_mid"].sum() == pytest.approx(0.8 * table["hectares"].sum())
    facts = json.loads((results / RIGHTS_FACTS).read_text(encoding="utf-8"))
    assert facts["hectares"]["insecure"] == pytest.approx(pd.read_parquet(plain / PLAN)["hectares"].sum())
    assert facts["screening"]["decides"] == "a person decides"
    assert {"warning.rights_insecure", "warning.screened"} <= said(results)


def test_looking_first_moves_the_plan_and_is_said(tmp_path):
    """Of Djibouti no net loss is published as one, of Eritrea there is: need in Eritrea doubles."""
    both = '["DJI", "ERI"]'
    first = run(study_of(tmp_path / "a", countries=both), tmp_path / "results")
    second = run(study_of(tmp_path / "b", countries=both, work='look_first = "origin"'), tmp_path / "results")
    weights = pd.read_parquet(second / WORK_REGIONS).drop_duplicates("iso3").set_index("iso3")["weight_origin"]
    assert weights.to_dict() == {"DJI": 0.0, "ERI": 1.0}
    objective = [
        json.loads((results / "plan.json").read_text(encoding="utf-8"))["objective"] for results in (first, second)
    ]
    assert objective[1] > objective[0]
    assert "warning.look_first_origin" in said(second)
    assert "warning.look_first_origin" not in said(first)


def test_a_plan_may_be_held_to_the_days_that_people_have(tmp_path):
    """One in ten thousand for ten days a year: a million dollars would take far more work than that."""
    few = "share_of_workers = [0.0001, 0.0001, 0.0001]\noff_season_days = [10, 10, 10]\n"
    free = run(study_of(tmp_path / "a", work=few), tmp_path / "results")
    held = run(study_of(tmp_path / "b", work=few + 'cap_by_supply = "mid"'), tmp_path / "results")
    table = pd.read_parquet(free / WORK_REGIONS)
    assert table["held"].isin(["above_mid", "above_high"]).any()
    assert set(pd.read_parquet(held / WORK_REGIONS)["held"]) == {"within"}
    labour = pd.read_parquet(held / LABOUR)
    each = labour.groupby(["region_id", "year"])["mid"].sum()
    most = pd.read_parquet(held / WORK_REGIONS).set_index("region_id")["person_days_a_year_mid"]
    assert (each <= each.index.get_level_values("region_id").map(most) * (1 + 1e-6)).all()
    assert each.sum() > 0
    assert pd.read_parquet(held / PLAN)["hectares"].sum() < pd.read_parquet(free / PLAN)["hectares"].sum()
    assert "warning.labour_cap" in said(held)


@pytest.mark.parametrize(
    ("work", "told"),
    [
        ("days_per_year = 400", "work.days_per_year"),
        ("share_of_workers = [0.3, 0.2, 0.1]", "low <= mid <= high"),
        ('look_first = "return"', "work.look_first"),
        ("training_seats = { youth = -1 }", "work.training_seats"),
    ],
)
def test_faulty_settings_are_told_by_their_key(tmp_path, work, told):
    with pytest.raises(StudyError, match=told):
        study_of(tmp_path / "s", work=work)


def test_where_nothing_can_be_reached_there_is_no_plan_and_the_table_is_named(tmp_path):
    regions = study_regions(study_of(tmp_path / "s"))["region_id"]
    rows = "".join(f"{region},0,0,0,made\n" for region in regions)
    (tmp_path / "s" / "access.csv").write_text(f"region_id,low,mid,high,source\n{rows}", encoding="utf-8")
    with pytest.raises(PlanError, match=r"\[data\]\.access bars all of it"):
        run(study_of(tmp_path / "s", data='access = "access.csv"'), tmp_path / "results")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("access", "region_id,low,mid,high,source\nDJ-AR,0.9,0.5,1,made\n", "row 2: low <= mid <= high"),
        ("access", "region_id,low,mid,high,source\nDJ-XX,0,0.5,1,made\n", "DJ-XX"),
        ("access", "region_id,low,mid,high,source\nDJ-AR,0,50,100,made\n", "mid: 0 to 1 was expected"),
        ("rights", "region_id,what,value,source\nDJ-AR,tenure,0.5,made\n", "tenure"),
        ("rights", "region_id,what,value,low,high,source\nDJ-AR,conflict,0.5,0.6,0.7,made\n", "low <= value <= high"),
        ("screening", "question,answer\nfpic,perhaps\n", "perhaps"),
        ("screening", "question,answer\nwar,yes\n", "war"),
        ("value_chain", "chain,iso3,order,stage,parameter,low,mid,high,unit,source,licence\nsalt,DJI,1,pan,price,1,2,3,USD/t,a,b\n", "no loss is given"),
    ],
)  # fmt: skip
def test_faulty_tables_are_told_before_anything_runs(tmp_path, name, text, told):
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / f"{name}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=told):
        validate(study_of(tmp_path / "s", data=f'{name} = "{name}.csv"'))
