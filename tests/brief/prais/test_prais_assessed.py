# SPDX-License-Identifier: Apache-2.0
"""PRAIS tables of an assessed country: every table adds up to the land or the country of CP-1, shares by hand."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from openpyxl import load_workbook

from homeground.brief.prais.answers import write_prais
from homeground.brief.prais.form import Filled
from homeground.brief.prais.land import _three
from homeground.brief.prais.reading import read_prais
from homeground.language.languages import NBSP
from homeground.study.opening import open_study

STUDY = """title = "Made"
countries = ["GMB"]
[data]
ndvi = { path = "ndvi.tif", first = "2001" }
cover_series = { path = "lc_*.tif", legend = "esa-cci" }
soil_carbon = { path = "soc.tif", units = "t/ha" }
climate_zone = "zone.tif"
rain_series = { path = "rain.tif", first = "1991-01", units = "mm/month" }
error_polygons = "errors.geojson"
"""
LAND, WATER, COUNTRY = 9000.0, 1500.0, 10_500.0  # CIA World Factbook: 11,300 km2, within a tenth


@pytest.fixture
def study(tmp_path):
    for name in ("ndvi.tif", "lc_2000.tif", "lc_2015.tif", "lc_2022.tif", "soc.tif", "zone.tif", "rain.tif"):
        (tmp_path / name).touch()
    (tmp_path / "errors.geojson").touch()
    (tmp_path / "study.toml").write_text(STUDY)
    return open_study(tmp_path)


@pytest.fixture
def results(assessed_results):
    shares = {f"land_share_{name}": 0.0 for name in ("tree", "cropland", "wetland", "artificial", "other", "nodata")}
    regions = pd.DataFrame({"region_id": ["GM-A", "GM-B"], "iso3": "GMB", "area_km2": [6000.0, 4500.0], **shares})
    regions.assign(land_share_grassland=97.0, land_share_water=3.0).to_parquet(assessed_results / "regions.parquet")
    return assessed_results


@pytest.fixture
def table(results, study, tmp_path):
    (path,) = write_prais(results, study, tmp_path / "prais")
    return read_prais(path)


def test_drought_of_other_months_is_not_what_the_form_asks_for(results, study, tmp_path):
    """A window of five months to October is told on the page; SO3-1 asks for twelve to December."""
    text = (tmp_path / "study.toml").read_text() + "[land]\ndrought_window = 5\ndrought_month = 10\n"
    (tmp_path / "study.toml").write_text(text)
    (path,) = write_prais(results, open_study(tmp_path), tmp_path / "other")
    rows = read_prais(path)
    rows = rows[rows["table"].isin(["SO3-1.T1", "SO3-1.T2"])]
    assert rows["value"].isna().all()
    book = load_workbook(path)
    said = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert any("drought_month = 10" in text.replace(NBSP, " ") for text in said)
    book.close()


def sums(table, code, column=None):
    rows = table[(table["table"] == code) & table["value"].notna()]
    rows = rows if column is None else rows[rows["column"] == column]
    return rows.groupby("year")["value"].sum().to_dict()


def value(table, code, year, row, column=""):
    found = table[(table["table"] == code) & (table["year"] == year) & (table["row"] == row)]
    (one,) = found.loc[found["column"] == column, "value"]
    return one


def test_the_country_profile_is_of_the_series_and_all_land_tables_add_up_to_it(table):
    for year in ("2000", "2015", "2023"):
        assert value(table, "CP-1.T1", year, "land_area") == LAND
        assert value(table, "CP-1.T1", year, "water") == WATER
        assert value(table, "CP-1.T1", year, "total_area") == COUNTRY
    assert sums(table, "SO1-1.T4") == pytest.approx(dict.fromkeys(("2000", "2015", "2023"), COUNTRY))
    assert sums(table, "SO1-1.T5") == pytest.approx({"2000-2015": COUNTRY})
    assert sums(table, "SO1-1.T6") == pytest.approx({"2016-2023": COUNTRY})
    assert sums(table, "SO1-1.T7", "area") == pytest.approx(dict.fromkeys(("2000-2015", "2016-2023"), COUNTRY))
    assert sums(table, "SO1-2.T1") == pytest.approx({"2000-2015": LAND})
    assert sums(table, "SO1-2.T2") == pytest.approx({"2008-2023": LAND})
    assert sums(table, "SO1-2.T3", "area") == pytest.approx(dict.fromkeys(("2000-2015", "2008-2023"), LAND))
    assert sums(table, "SO1-2.T3", "share") == pytest.approx(dict.fromkeys(("2000-2015", "2008-2023"), 100.0))
    assert sums(table, "SO1-3.T2", "area") == pytest.approx(dict.fromkeys(("2000-2015", "2016-2023"), LAND))
    assert sums(table, "SO3-1.T1") == pytest.approx(dict.fromkeys(map(str, range(2020, 2024)), COUNTRY))


def test_cover_productivity_and_carbon_are_those_of_the_fixture(table):
    assert value(table, "SO1-1.T4", "2000", "grassland") == 4000.0
    assert value(table, "SO1-1.T4", "2023", "artificial") == 1000.0
    assert value(table, "SO1-1.T5", "2000-2015", "tree_covered", "cropland") == 1000.0
    assert value(table, "SO1-1.T7", "2016-2023", "degraded", "area") == 1000.0
    assert value(table, "SO1-1.T7", "2016-2023", "degraded", "share") == pytest.approx(100 * 1000 / COUNTRY)
    # By cover at the end: cropland of 2023 is 1,000 declining moderately, 1,000 + 3,000 increasing, 1,000 unknown.
    cropland = {
        name: value(table, "SO1-2.T2", "2008-2023", "cropland", name)
        for name in ("moderate_decline", "increasing", "no_data", "declining")
    }
    assert cropland == {"moderate_decline": 1000.0, "increasing": 4000.0, "no_data": 1000.0, "declining": 0.0}
    assert value(table, "SO1-2.T3", "2008-2023", "degraded", "area") == 2000.0
    assert value(table, "SO1-3.T1", "2000", "tree_covered") == pytest.approx(50.0)
    assert value(table, "SO1-3.T1", "2023", "cropland") == pytest.approx(30.0)
    assert value(table, "SO1-3.T1", "2023", "water") is None
    assert value(table, "SO1-3.T2", "2016-2023", "improved", "area") == 3000.0


def test_the_status_matrix_and_degraded_land_are_worked_out_by_hand(table, results, study, tmp_path):
    years = "2000-2015/2016-2023"
    names = ("degraded", "stable", "improved")
    matrix = [[value(table, "SO1-4.T1", years, first, last) for last in names] for first in names]
    assert matrix == [[1000.0, 0.0, 0.0], [1000.0, 2000.0, 3000.0], [0.0, 1000.0, 0.0]]
    assert value(table, "SO1-4.T2", "2015", "degraded_land", "area") == pytest.approx(1000.0)
    assert value(table, "SO1-4.T2", "2023", "degraded_land", "share") == pytest.approx(
        100 * 2000 / 8000
    )  # of the land with a verdict
    assert value(table, "SO1-4.T2", "2019", "degraded_land", "area") is None
    (path,) = write_prais(results, study, tmp_path / "again")
    rows = load_workbook(path)["SO1-4"].iter_rows(values_only=True)
    row = next(r for r in rows if r[0] == "SO1-4.T2" and r[1] == 2023 and r[3] == "area")
    assert row[6:8] == pytest.approx((0.15 * 8000, 0.30 * 8000))
    assert "lc_2000.tif to lc_2022.tif (3 files)" in row[8]


def text_of(path, form):
    rows = load_workbook(path)[form].iter_rows(values_only=True)
    return "\n".join(str(v) for row in rows for v in row if v is not None).replace(NBSP, " ")


def test_drought_counts_every_class_from_mild_and_says_what_has_none(table):
    assert value(table, "SO3-1.T1", "2021", "mild_drought") == 4500.0
    assert value(table, "SO3-1.T2", "2021", "land_under_drought") == pytest.approx(100.0)
    assert value(table, "SO3-1.T1", "2022", "no_data") == 4500.0
    assert value(table, "SO3-1.T2", "2022", "land_under_drought") == pytest.approx(100 * 3000 / COUNTRY)
    assert value(table, "SO3-1.T2", "2019", "land_under_drought") is None


def test_corrections_are_told_as_false_positives(table):
    text = value(table, "SO1-4.T3", "", "places")
    assert text == (
        f"Kiang rangelands, 2016-2023: false positive, improved to degraded, 120.0{NBSP}km² (bush; field visits)."
    )


def test_corrections_of_one_country_among_several_are_summed_over_its_regions(results, study, tmp_path):
    path = results / "land_corrections.parquet"
    one = pd.read_parquet(path)
    more = [one, one.assign(region_id="GM-B", area_km2=30.0), one.assign(iso3="SEN", area_km2=5.0)]
    taken = {"before": -1, "after": -128, "location_name": None, "polygon": 1, "area_km2": 7.0}
    pd.concat([*more, one.assign(**taken)]).to_parquet(path)
    (made,) = write_prais(results, study, tmp_path / "prais")
    first, second = value(read_prais(made), "SO1-4.T3", "", "places").split("). ")
    assert f"150.0{NBSP}km²" in first
    assert second.startswith(f"a place without a name, 2016-2023: corrected, degraded to no data, 7.0{NBSP}km²")


def test_a_small_part_of_a_patch_over_the_border_is_no_hotspot_of_the_country(results, study, tmp_path):
    path = results / "hotspots.parquet"
    patches = pd.read_parquet(path)
    patches.assign(area_km2=[800.0, 60.0], told_as=["place", "rest"]).to_parquet(path)
    (made,) = write_prais(results, study, tmp_path / "prais")
    assert value(read_prais(made), "SO1-4.T4", "", "places") == f"1: 13.30° N 16.30° W, GM-A, 800{NBSP}km²."


def test_a_patch_that_fills_a_region_is_proposed_as_the_region(results, study, tmp_path):
    path = results / "hotspots.parquet"
    pd.read_parquet(path).assign(told_as=["region", "place"]).to_parquet(path)
    (made,) = write_prais(results, study, tmp_path / "prais")
    told = value(read_prais(made), "SO1-4.T4", "", "places").replace(NBSP, " ")
    assert told == "1: most of the region GM-A, 800 km². 2: 13.50° N 15.00° W, GM-A, 120 km²."
    assert "cut at the borders of regions" in text_of(made, "SO1-4")


def test_the_largest_patches_are_proposed_as_hotspots(table, results, study, tmp_path):
    told = value(table, "SO1-4.T4", "", "places").replace(NBSP, " ")
    assert told == "1: 13.30° N 16.30° W, GM-A, 800 km². 2: 13.50° N 15.00° W, GM-A, 120 km²."
    assert value(table, "SO1-4.T5", "", "places") is None
    (path,) = write_prais(results, study, tmp_path / "prais")
    assert "Proposals, all:" in text_of(path, "SO1-4")
    assert "the map of status has no patch of 100 km² or more in the country" in text_of(path, "SO1-4")


def test_a_part_of_a_country_fills_nothing_and_says_so(results, study, tmp_path):
    for name in ("degradation", "drought"):
        part = pd.read_parquet(results / f"{name}.parquet").query("region_id == 'GM-A'")
        part.to_parquet(results / f"{name}.parquet")
    (path,) = write_prais(results, study, tmp_path / "prais")
    table = read_prais(path)
    for code in ("SO1-1.T5", "SO1-2.T3", "SO1-4.T1", "SO1-4.T2", "SO3-1.T1"):
        assert table.loc[table["table"] == code, "value"].isna().all()
        assert "they cannot stand for the whole country" in text_of(path, code.partition(".")[0])


def test_other_periods_stand_in_rows_of_their_own(results, study, tmp_path):
    (study.folder / "study.toml").write_text("baseline = [2000, 2015]\nperiod = [2016, 2019]\n" + STUDY)
    facts = json.loads((results / "degradation.json").read_text())
    (results / "degradation.json").write_text(json.dumps(facts | {"cover": {"2000": 2000, "2015": 2015, "2019": 2019}}))
    (path,) = write_prais(results, open_study(study.folder), tmp_path / "prais")
    table = read_prais(path)
    assert value(table, "SO1-4.T2", "2019", "degraded_land", "area") == pytest.approx(2000.0)
    assert value(table, "SO1-4.T2", "2023", "degraded_land", "area") is None
    assert sums(table, "SO1-2.T2") == pytest.approx({"2004-2019": LAND})
    assert sums(table, "SO1-1.T6") == pytest.approx({"2016-2019": COUNTRY})


def test_shares_of_drought_are_of_what_the_note_says_they_are_of(table, results, study, tmp_path):
    # 3,000 km2 in drought of the country's 10,500, inland water and all; of the land alone it would be a third.
    assert value(table, "SO3-1.T2", "2022", "land_under_drought") == pytest.approx(100 * 3000 / COUNTRY)
    (path,) = write_prais(results, study, tmp_path / "again")
    told = text_of(path, "SO3-1")
    assert "Share of: total country area (CP-1.T1)." in told
    assert "Share of: land area" not in told


@pytest.mark.parametrize("n", [5, 11, 13])
def test_no_data_is_nought_where_sums_differ_in_their_last_digits_only(n):
    # Of these areas the sum of the sums is some 1e-12 below the sum of all: floats, not land.
    rows = pd.DataFrame({"change": [-1, 0, 1], "area_km2": [n * 1.37, n * 0.71 + 3.3, 1000 / n]})
    rows = pd.concat([rows, rows.iloc[::-1]] * 50, ignore_index=True)
    out = Filled()
    _three(out, "SO1-1.T7", "2000-2015", rows, "change", ("maps", "2000", "observed"))
    assert out.answers["SO1-1.T7", "2000-2015", "no_data", "area"].value == 0.0
    assert out.answers["SO1-1.T7", "2000-2015", "no_data", "share"].value == 0.0
    _three(out, "SO1-1.T7", "2000-2015", rows.replace({"change": {0: -128}}), "change", ("maps", "2000", "observed"))
    left = 100 * (n * 0.71 + 3.3)
    assert out.answers["SO1-1.T7", "2000-2015", "no_data", "area"].value == pytest.approx(left)


REPORTING = "[land]\nreporting = [[2001, 2015], [2004, 2019], [2008, 2023]]\n"


@pytest.fixture
def several(results, study):
    """The same with a reporting year more: in 2019 of the land of the period, half of the degraded land was still sound."""
    period = pd.read_parquet(results / "degradation.parquet").query("period == 'period'").drop(columns="period")
    stood = period["productivity"] == 2
    before = period.assign(year=2019, degradation=period["degradation"].mask(stood, 0))
    before.assign(productivity=before["productivity"].mask(stood, 4)).to_parquet(results / "land_reports.parquet")
    changes = pd.read_parquet(results / "land_changes.parquet")
    judged = changes["indicator"] == "degradation"
    then = changes.assign(year=2019, now=changes["now"].mask(judged & (changes["baseline"] == -1), 0))
    pd.concat([changes, then]).to_parquet(results / "land_changes.parquet")
    path = study.folder / "study.toml"
    path.write_text(STUDY + REPORTING)
    return open_study(study.folder)


def test_each_reporting_year_stands_in_its_column_and_the_periods_own_stays(results, several, table, tmp_path):
    (path,) = write_prais(results, several, tmp_path / "several")
    more = read_prais(path)
    keys = ["table", "year", "row", "column"]
    shown = table.set_index(keys)["value"].dropna()
    assert more.set_index(keys)["value"].reindex(shown.index).equals(shown)
    assert sums(more, "SO1-1.T6") == pytest.approx({"2016-2019": COUNTRY, "2016-2023": COUNTRY})
    assert sums(more, "SO1-2.T2") == pytest.approx({"2004-2019": LAND, "2008-2023": LAND})
    assert value(more, "SO1-2.T3", "2004-2019", "degraded", "area") == 1000.0
    assert value(more, "SO1-2.T3", "2008-2023", "degraded", "area") == 2000.0
    assert value(more, "SO1-1.T4", "2019", "artificial") == 1000.0
    assert sums(more, "SO1-3.T2", "area")["2016-2019"] == pytest.approx(LAND)
    # Degraded in the baseline and stable since is degraded by status: 1,000 km2 of then, 1,000 km2 since.
    assert value(more, "SO1-4.T1", "2000-2015/2016-2019", "degraded", "stable") == 1000.0
    assert value(more, "SO1-4.T2", "2019", "degraded_land", "area") == 2000.0
    assert value(more, "SO1-4.T2", "2019", "degraded_land", "share") == pytest.approx(25.0)
    row = next(r for r in load_workbook(path)["SO1-2"].iter_rows(values_only=True) if r[1] == "2000-2015")
    assert row[9] == "2001-2015"  # the years that were read, beside what the form calls them


def test_patches_name_their_region_beside_its_id(results, study, tmp_path):
    known = pd.read_parquet(results / "hotspots.parquet")
    known.assign(region_id="GM-L").to_parquet(results / "hotspots.parquet")
    (path,) = write_prais(results, study, tmp_path / "prais")
    assert "Lower River (GM-L)" in value(read_prais(path), "SO1-4.T4", "", "places")


def test_a_legend_without_water_leaves_water_and_land_not_known(results, study, tmp_path):
    facts = json.loads((results / "degradation.json").read_text())
    (results / "degradation.json").write_text(json.dumps(facts | {"water_known": False}))
    (path,) = write_prais(results, study, tmp_path / "prais")
    found = read_prais(path)
    for table, row in (("CP-1.T1", "water"), ("CP-1.T1", "land_area"), ("SO1-1.T4", "water")):
        assert value(found, table, "2015", row) is None
    assert value(found, "CP-1.T1", "2015", "total_area") == COUNTRY
    assert "your legend of land cover has no class of water" in text_of(path, "CP-1")


def test_tables_behind_which_a_coarse_layer_stands_say_so(results, study, tmp_path):
    text = STUDY.replace(
        '{ path = "ndvi.tif", first = "2001" }', '{ path = "ndvi.tif", first = "2001", reportable = false }'
    )
    study.file.write_text(text)
    (path,) = write_prais(results, open_study(study.folder), tmp_path / "coarse")
    told, table = {}, ""
    for row in (row for sheet in load_workbook(path) for row in sheet.iter_rows(values_only=True)):
        table = str(row[0]) if row[0] else table
        told[table] = told.get(table, False) or any("Not reportable for SDG 15.3.1" in str(cell) for cell in row)
    assert {"SO1-2.T1", "SO1-2.T2", "SO1-4.T1", "SO1-4.T2"} <= {table for table, said in told.items() if said}
    assert not told["SO1-1.T4"]  # of cover alone
    assert not told["SO3-1.T1"]
