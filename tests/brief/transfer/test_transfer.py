# SPDX-License-Identifier: Apache-2.0
"""Files for PRAIS in the schema of Trends.Earth: its keys, the cells of the forms, and nothing that is not known."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from homeground.brief.prais.answers import write_prais
from homeground.brief.prais.reading import read_prais
from homeground.brief.transfer.write import write_transfer
from homeground.language.languages import NBSP
from homeground.running.record import RESULTS_VERSION, write_run
from homeground.study.opening import open_study

STUDY = """title = "Made"
countries = ["GMB"]
[data]
ndvi = { path = "ndvi.tif", first = "2001" }
cover_series = { path = "lc_*.tif", legend = "esa-cci" }
soil_carbon = { path = "soc.tif", units = "t/ha" }
climate_zone = "zone.tif"
rain_series = { path = "rain.tif", first = "1991-01", units = "mm/month" }
"""
REPORTING = "[land]\nreporting = [[2001, 2015], [2004, 2019], [2008, 2023]]\n"
LAND, COUNTRY = 9000.0, 10_500.0  # km2; CIA World Factbook: 11,300 km2 in all, within a tenth
PERIODS = {"baseline": "2000-2015", "report_1": "2016-2019", "report_2": "2016-2023"}
WINDOWS = {"baseline": "2000-2015", "report_1": "2004-2019", "report_2": "2008-2023"}  # of productivity, in the forms
FOUR = ["Improved", "Stable", "Degraded", "No data"]
DROUGHT = ["Mild drought", "Moderate drought", "Severe drought", "Extreme drought", "Non-drought", "No data"]
COVER = {
    "tree_covered": "Tree-covered", "grassland": "Grassland", "cropland": "Cropland", "wetland": "Wetland",
    "artificial": "Artificial", "other_land": "Other land", "water": "Water body",
}  # fmt: skip


@pytest.fixture
def study(tmp_path):
    for name in ("ndvi.tif", "lc_2000.tif", "lc_2015.tif", "lc_2022.tif", "soc.tif", "zone.tif", "rain.tif"):
        (tmp_path / name).touch()
    (tmp_path / "study.toml").write_text(STUDY + REPORTING)
    return open_study(tmp_path)


@pytest.fixture
def results(assessed_results):
    """Assessed, with 2019 between: what was degraded by 2023 had moderate decline, and none of it in 2019."""
    shares = {f"land_share_{name}": 0.0 for name in ("tree", "cropland", "wetland", "artificial", "other", "nodata")}
    boxes = [shapely.box(-16.8, 13.2, -15.5, 13.6), shapely.box(-15.5, 13.2, -14, 13.6)]
    frame = {"region_id": ["GM-A", "GM-B"], "iso3": "GMB", "area_km2": [6000.0, 4500.0], "geometry": boxes, **shares}
    regions = gpd.GeoDataFrame(frame, crs="EPSG:4326").assign(land_share_grassland=97.0, land_share_water=3.0)
    regions.to_parquet(assessed_results / "regions.parquet")
    period = (
        pd.read_parquet(assessed_results / "degradation.parquet").query("period == 'period'").drop(columns="period")
    )
    stood = period["productivity"] == 2
    before = period.assign(year=2019, degradation=period["degradation"].mask(stood, 0))
    before.assign(productivity=before["productivity"].mask(stood, 4)).to_parquet(
        assessed_results / "land_reports.parquet"
    )
    changes = pd.read_parquet(assessed_results / "land_changes.parquet")
    judged = changes["indicator"] == "degradation"
    then = changes.assign(year=2019, now=changes["now"].mask(judged & (changes["baseline"] == -1), 0))
    pd.concat([changes, then]).to_parquet(assessed_results / "land_changes.parquet")
    steps = {
        "land.drought": {"finished": "2026-03-01T12:00:00+02:00"},
        "brief.page": {"finished": "2026-03-02T00:00:00"},
    }
    write_run(assessed_results, {"schema_version": RESULTS_VERSION, "steps": steps, "stages": {}})
    return assessed_results


@pytest.fixture
def files(results, study, tmp_path):
    return read(write_transfer(results, study, tmp_path / "prais"))


@pytest.fixture
def form(results, study, tmp_path):
    (path,) = write_prais(results, study, tmp_path / "forms")
    return read_prais(path).set_index(["table", "year", "row", "column"])["value"]


def read(paths):
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def areas(listed):
    assert set(listed) == {"name", "unit", "areas"}
    assert listed["unit"] == "sq km"
    found = {one["name"]: one["area"] for one in listed["areas"]}
    assert len(found) == len(listed["areas"])
    return found


def cells(table):
    assert set(table) == {"name", "unit", "initial_year", "final_year", "values"}
    assert table["unit"] == "sq km"
    assert isinstance(table["initial_year"], int)
    assert table["initial_year"] < table["final_year"]
    return {(one["initial_label"], one["final_label"]): one["value"] for one in table["values"]}


def test_keys_are_those_of_the_schema(files):
    assert list(files) == ["land-condition-GMB.json", "drought-GMB.json"]
    land, drought = files.values()
    assert set(land) == {"metadata", "land_condition", "affected_population"}
    assert set(drought) == {"metadata", "drought"}
    assert set(drought["drought"]) == {"tier_one", "tier_two", "tier_three"}
    for told in (land["metadata"], drought["metadata"]):
        assert set(told) == {"title", "date", "trends_earth_version", "area_of_interest", "affected_areas_only"}
        assert set(told["trends_earth_version"]) == {"version", "release_date", "revision"}
        assert set(told["area_of_interest"]) == {"name", "geojson", "crs_wkt"}
        assert told["date"] == "2026-03-01T10:00:00+00:00"  # the last step before the brief, in UTC
        assert told["affected_areas_only"] is False
        assert told["trends_earth_version"]["version"].startswith("homeground ")
        assert "Trends" not in told["title"]
    assert list(land["land_condition"]) == list(PERIODS)
    four = {"sdg", "productivity", "land_cover", "soil_organic_carbon"}
    for name, report in land["land_condition"].items():
        assert set(report) == {"period_assessment", "status_assessment", "change_assessment"}
        period = report["period_assessment"]
        assert set(period) == four | {"error_recode", "sdg_error_recode"}
        assert set(period["sdg"]) == {"summary"}
        assert set(period["productivity"]) == {"summaries", "crosstabs_by_productivity_class"}
        covers = {"summary", "legend_nesting", "transition_matrix", "crosstabs_by_land_cover_class"}
        assert set(period["land_cover"]) == covers | {"land_cover_areas_by_year"}
        assert set(period["soil_organic_carbon"]) == {"summaries", "soc_stock_by_year"}
        for later in (report["status_assessment"], report["change_assessment"]):
            assert later is None if name == "baseline" else set(later) == four


def test_the_outline_is_the_country_and_the_whole_country_has_its_own_name(files):
    area = files["land-condition-GMB.json"]["metadata"]["area_of_interest"]
    assert area["name"] == "Gambia"
    (feature,) = area["geojson"]["features"]
    assert shapely.from_geojson(json.dumps(feature["geometry"])).equals(shapely.box(-16.8, 13.2, -14, 13.6))
    assert "WGS 84" in area["crs_wkt"]


def test_areas_of_each_report_are_the_cells_of_the_forms(files, form):
    words = {"Improved": "improved", "Stable": "stable", "Degraded": "degraded", "No data": "no_data"}
    for name, report in files["land-condition-GMB.json"]["land_condition"].items():
        period = report["period_assessment"]
        listed = {
            ("SO1-1.T7", PERIODS[name]): period["land_cover"]["summary"],
            ("SO1-2.T3", WINDOWS[name]): period["productivity"]["summaries"]["non_water"],
            ("SO1-3.T2", PERIODS[name]): period["soil_organic_carbon"]["summaries"]["non_water"],
        }
        for key, one in listed.items():
            assert list(areas(one)) == FOUR
            for label, km2 in areas(one).items():
                assert km2 == pytest.approx(form[(*key, words[label], "area")], abs=1e-9), (name, key, label)
        (moved,) = period["land_cover"]["crosstabs_by_land_cover_class"]
        table = f"SO1-1.T{5 if name == 'baseline' else 6}"
        assert len(cells(moved)) == 49
        values = [one["value"] for one in moved["values"]]
        assert values == sorted(values, reverse=True)
        for first, row in COVER.items():
            for last, column in COVER.items():
                assert cells(moved)[row, column] == pytest.approx(form[table, PERIODS[name], first, last])
        for year, classes in period["land_cover"]["land_cover_areas_by_year"]["values"].items():
            for code, label in {**COVER, "no_data": "No data"}.items():
                assert classes[label] == pytest.approx(form["SO1-1.T4", year, code, ""])
        classes = period["productivity"]["crosstabs_by_productivity_class"]
        names = ["Increasing", "Stable", "Stressed", "Moderate decline", "Declining", "No data"]
        assert [one["name"] for one in classes] == names
        table = f"SO1-2.T{1 if name == 'baseline' else 2}"
        for one in classes:
            for code, label in COVER.items():
                km2 = sum(value for (_, last), value in cells(one).items() if last == label)
                column = one["name"].lower().replace(" ", "_")
                assert km2 == pytest.approx(form[table, WINDOWS[name], code, column]), (name, one["name"], code)
        if name != "baseline":
            change, codes = cells(report["change_assessment"]["sdg"]), FOUR[:3]
            for first in codes:
                for last in codes:
                    key = ("SO1-4.T1", f"2000-2015/{PERIODS[name]}", words[first], words[last])
                    assert change[first, last] == pytest.approx(form[key])
            degraded = areas(report["status_assessment"]["sdg"])["Degraded"]
            assert degraded == pytest.approx(form["SO1-4.T2", PERIODS[name][-4:], "degraded_land", "area"])


def test_verdicts_and_status_are_worked_out_by_hand(files):
    reports = files["land-condition-GMB.json"]["land_condition"]

    def sdg(name):
        return list(areas(reports[name]["period_assessment"]["sdg"]["summary"]).values())

    # Of 9,000 km2 of land: improved, stable, degraded, without a verdict.
    assert sdg("baseline") == [1000.0, 6000.0, 1000.0, 1000.0]
    assert sdg("report_1") == [3000.0, 4000.0, 1000.0, 1000.0]
    assert sdg("report_2") == [3000.0, 3000.0, 2000.0, 1000.0]
    # Improved before and stable since is improved, degraded before and stable since is degraded.
    status = reports["report_1"]["status_assessment"]
    assert list(areas(status["sdg"]).values()) == [4000.0, 2000.0, 2000.0, 1000.0]
    assert areas(status["land_cover"])["Improved"] == 1000.0
    assert sum(areas(status["land_cover"]).values()) == COUNTRY
    assert areas(status["productivity"]["non_water"])["No data"] == 1000.0
    assert areas(status["productivity"]["all_cover_types"])["No data"] == 2500.0  # with 1,500 km2 of inland water
    change = cells(reports["report_2"]["change_assessment"]["productivity"])
    assert change["Stable", "Improved"] == 3000.0
    assert change["No data", "No data"] == 1000.0
    assert sum(change.values()) == LAND


def test_carbon_is_in_tonnes_and_a_class_without_a_stock_is_left_out(files):
    reports = files["land-condition-GMB.json"]["land_condition"]
    stocks = {
        name: report["period_assessment"]["soil_organic_carbon"]["soc_stock_by_year"]
        for name, report in reports.items()
    }
    assert stocks["baseline"]["unit"] == "tonnes"
    assert stocks["baseline"]["values"] == {
        "2000": {"Tree-covered": 5e6, "Grassland": 16e6, "Cropland": 9e6},
        "2015": {"Grassland": 12e6, "Cropland": 15e6},
    }
    assert list(stocks["report_1"]["values"]) == ["2015"]  # of 2019 no stock is known
    assert stocks["report_2"]["values"]["2023"] == {"Grassland": 8e6, "Cropland": 15e6, "Artificial": 3e6}


def test_the_default_matrix_has_all_pairs_and_the_classes_nest_in_themselves(files):
    cover = files["land-condition-GMB.json"]["land_condition"]["baseline"]["period_assessment"]["land_cover"]
    matrix = cover["transition_matrix"]
    assert set(matrix) == {"legend", "name", "definitions"}
    meanings = {
        (one["initial"]["name_short"], one["final"]["name_short"]): one["meaning"]
        for one in matrix["definitions"]["transitions"]
    }
    assert len(meanings) == 49
    assert meanings["Tree-covered", "Cropland"] == "degradation"
    assert meanings["Grassland", "Tree-covered"] == "improvement"
    assert meanings["Water body", "Water body"] == "stable"
    nesting = cover["legend_nesting"]
    codes = sorted([*(one["code"] for one in nesting["parent"]["key"]), nesting["parent"]["nodata"]["code"]])
    assert sorted(map(int, nesting["nesting"])) == codes
    assert sorted(code for children in nesting["nesting"].values() for code in children) == codes
    for one in nesting["parent"]["key"]:
        assert set(one) == {"code", "name_short", "name_long", "description", "color"}
        assert len(one["name_short"]) <= 20


@pytest.mark.parametrize("zones", [1, 2])
def test_a_matrix_of_ones_own_is_told_unless_it_differs_by_zone(zones, results, study, tmp_path):
    rows = [
        (z, a, b, -1 if (a, b) == (2, 1) else 0) for z in range(1, zones + 1) for a in range(1, 8) for b in range(1, 8)
    ]
    table = pd.DataFrame(rows, columns=["zone", "initial", "final", "change"])
    table.to_csv(study.folder / "matrix.csv", index=False)
    (study.folder / "zones.geojson").touch()
    given = '[data]\nmatrix = "matrix.csv"\nmatrix_zones = "zones.geojson"\n'
    (study.folder / "study.toml").write_text(STUDY.replace("[data]\n", given))
    found = read(write_transfer(results, open_study(study.folder), tmp_path / "prais"))
    cover = found["land-condition-GMB.json"]["land_condition"]["baseline"]["period_assessment"]["land_cover"]
    if zones == 2:
        assert cover["transition_matrix"] is None
        return
    told = {
        (one["initial"]["code"], one["final"]["code"]): one["meaning"]
        for one in cover["transition_matrix"]["definitions"]["transitions"]
    }
    assert {pair for pair, meaning in told.items() if meaning != "stable"} == {(2, 1)}
    assert told[2, 1] == "degradation"


def test_drought_is_that_of_the_forms_in_every_year_and_no_mean_is_made_up(files, form):
    told = files["drought-GMB.json"]["drought"]
    assert list(told["tier_one"]) == ["2020", "2021", "2022", "2023"]
    for year, one in told["tier_one"].items():
        assert list(areas(one)) == DROUGHT
        for label, km2 in areas(one).items():
            assert km2 == pytest.approx(form["SO3-1.T1", year, label.lower().replace(" ", "_").replace("-", "_"), ""])
    assert areas(told["tier_one"]["2022"])["Extreme drought"] == 3000.0
    assert told["tier_two"] == {}
    assert told["tier_three"] == {}


def test_people_are_those_of_the_forms_and_what_the_gate_hides_is_left_out(results, study, tmp_path):
    names = ["people", "people_degraded", "people_not_degraded", "people_unknown"]
    land = [("GM-A", 2015, 1000, 400, 500, 100), ("GM-B", 2015, 500, 100, 400, None), ("GM-A", 2023, 900, None, 500, 0)]
    table = pd.DataFrame(land, columns=["region_id", "year", *names]).astype(dict.fromkeys(names, "Int64"))
    table.assign(iso3="GMB", people_year=2015).to_parquet(results / "land_people.parquet")
    classes = ["people", "people_mild", "people_moderate", "people_severe", "people_extreme", "people_none"]
    dry = [("GM-A", 2021, 1000, 0, 300, 0, 0, 700, 0), ("GM-B", 2021, 500, 200, None, 0, 0, 300, 0)]
    table = pd.DataFrame(dry, columns=["region_id", "year", *classes, "people_unknown"])
    table = table.astype(dict.fromkeys([*classes, "people_unknown"], "Int64"))
    table.assign(iso3="GMB", people_year=2020).to_parquet(results / "drought_people.parquet")
    land, drought = read(write_transfer(results, study, tmp_path / "prais")).values()
    degraded = {"name": "Degraded", "population": 500, "type": "Total population"}
    summary = {"Total population": {"name": "Population by degradation class", "values": [degraded]}}
    assert land["affected_population"] == {"baseline": {"summary": summary}}
    listed = drought["drought"]["tier_two"]["2021"]["Total population"]["values"]
    counts = {one["name"]: one["population"] for one in listed}
    assert counts == {
        "Mild drought": 200, "Severe drought": 0, "Extreme drought": 0, "Non-drought": 1000, "No data": 0,
    }  # fmt: skip
    assert all(isinstance(count, int) for count in counts.values())
    (path,) = write_prais(results, study, tmp_path / "forms")
    form = read_prais(path).set_index(["table", "year", "row", "column"])["value"]
    assert form["SO2-3.T1", "2015", "total", "count"] == 500
    assert form["SO3-2.T1", "2021", "mild_drought", ""] == 200


def test_a_part_of_a_country_is_named_as_one(results, study, tmp_path):
    for name in ("degradation", "drought"):
        part = pd.read_parquet(results / f"{name}.parquet").query("region_id == 'GM-A'")
        part.to_parquet(results / f"{name}.parquet")
    for told in read(write_transfer(results, study, tmp_path / "prais")).values():
        name = told["metadata"]["area_of_interest"]["name"].replace(NBSP, " ")
        assert name.startswith("Part of Gambia (6,000 km² of ")


def test_without_water_in_the_legend_nothing_is_said_without_water(results, study, tmp_path):
    facts = json.loads((results / "degradation.json").read_text())
    (results / "degradation.json").write_text(json.dumps(facts | {"water_known": False}))
    land = read(write_transfer(results, study, tmp_path / "prais"))["land-condition-GMB.json"]
    for report in land["land_condition"].values():
        period = report["period_assessment"]
        assert list(period["productivity"]["summaries"]) == ["all_cover_types"]
        assert list(period["soil_organic_carbon"]["summaries"]) == ["all_cover_types"]
        (moved,) = period["land_cover"]["crosstabs_by_land_cover_class"]
        assert len(cells(moved)) == 36
        assert all(
            "Water body" not in one for one in period["land_cover"]["land_cover_areas_by_year"]["values"].values()
        )


def test_three_classes_of_productivity_have_no_tables_by_class(results, study, tmp_path):
    facts = json.loads((results / "degradation.json").read_text())
    facts["productivity"] = {"-1": "Degraded", "0": "Stable", "1": "Improved"}
    (results / "degradation.json").write_text(json.dumps(facts))
    for name in ("degradation", "land_reports"):
        table = pd.read_parquet(results / f"{name}.parquet")
        three = table["productivity"].replace({1: -1, 2: -1, 3: 0, 4: 0, 5: 1})
        table.assign(productivity=three).to_parquet(results / f"{name}.parquet")
    land = read(write_transfer(results, study, tmp_path / "prais"))["land-condition-GMB.json"]
    told = land["land_condition"]["report_2"]["period_assessment"]["productivity"]
    assert told["crosstabs_by_productivity_class"] == []
    assert list(areas(told["summaries"]["non_water"]).values()) == [4000.0, 2000.0, 2000.0, 1000.0]


def test_equal_results_give_equal_bytes(results, study, tmp_path):
    one, two = (write_transfer(results, study, tmp_path / name) for name in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_without_series_of_its_own_a_study_has_no_such_file(results, study, tmp_path):
    for name in ("degradation.json", "drought.json"):
        (results / name).unlink()
    assert write_transfer(results, study, tmp_path / "prais") == []


def test_a_year_without_a_table_of_changes_has_no_status_rather_than_noughts(results, study, tmp_path):
    changes = pd.read_parquet(results / "land_changes.parquet")
    changes[changes["year"] == 2023].to_parquet(results / "land_changes.parquet")
    reports = read(write_transfer(results, study, tmp_path / "prais"))["land-condition-GMB.json"]["land_condition"]
    assert (reports["report_1"]["status_assessment"], reports["report_1"]["change_assessment"]) == (None, None)
    assert reports["report_2"]["status_assessment"] is not None


def test_land_that_nothing_judges_is_no_data_and_never_stable(results, study, tmp_path):
    for name in ("degradation", "land_reports"):
        table = pd.read_parquet(results / f"{name}.parquet")
        table.assign(degradation=-128, productivity=-128).to_parquet(results / f"{name}.parquet")
    reports = read(write_transfer(results, study, tmp_path / "prais"))["land-condition-GMB.json"]["land_condition"]
    for report in reports.values():
        period = report["period_assessment"]
        for listed in (period["sdg"]["summary"], period["productivity"]["summaries"]["non_water"]):
            assert areas(listed)["No data"] == LAND
            assert areas(listed)["Stable"] == 0.0
