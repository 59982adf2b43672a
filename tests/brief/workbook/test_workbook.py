# SPDX-License-Identifier: Apache-2.0
"""A hand-made results folder of two countries and five regions, written as a workbook and read back."""

from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from homeground.brief.workbook.cells import number_format, put
from homeground.brief.workbook.words import unit_words
from homeground.brief.workbook.write import write_tables
from homeground.errors import DataError
from homeground.language.languages import NBSP
from homeground.running.record import RESULTS_VERSION, write_run
from homeground.study.opening import open_study

STUDY = """
title = "Two countries"
question = "Where is it dry?"
cannot_say = ["who should move"]
countries = ["DJI", "ERI"]
"""


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "two-countries"
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY)
    return open_study(folder)


@pytest.fixture
def results(tmp_path):
    folder = tmp_path / "results"
    folder.mkdir()
    regions = gpd.GeoDataFrame(
        {
            "region_id": ["d1", "d2", "e1", "e2", "e3"],
            "iso3": ["DJI", "DJI", "ERI", "ERI", "ERI"],
            "name": ["=1+1", "South", "North", "Middle", "Coast"],
            "area_km2": [100.0, 300.0, 1000.0, 1000.0, 2000.0],
            "land_rain_mm": [100.0, 300.0, 50.0, np.nan, 50.0],
            "land_aridity_index": [0.1, 0.3, 0.04, np.nan, 0.02],
            "land_aridity_index_low": [0.05, 0.2, 0.03, np.nan, 0.01],
            "land_aridity_index_high": [0.2, 0.4, 0.05, np.nan, 0.03],
            "land_share_hyperarid": [0.0, 0.0, 100.0, np.nan, 100.0],
            "people_population": [7.0, 5000.0, 2000.0, 3000.0, 4000.0],
            "people_population_low": [3.0, 4000.0, 1000.0, 2000.0, 3000.0],
            "people_population_high": [9.0, 6000.0, 3000.0, 4000.0, 5000.0],
        },
        geometry=[shapely.box(i, 0, i + 1, 1) for i in range(5)],
        crs="EPSG:4326",
    )
    regions.to_parquet(folder / "regions.parquet")
    pd.DataFrame(
        {
            "origin": ["d1", "d1", "d2", "DJI", "ERI"],
            "destination": ["e1", "e2", "e1", "ERI", "DJI"],
            "year": 2024,
            "people": [3, 400, 900, 5, 731],
            "low": [3, 400, 900, 1, 731],
            "high": [3, 400, 900, 5, 731],
            "what": ["seasonal", "seasonal", "seasonal", "flight", "flight"],
            "source": [*["own survey"] * 3, *["UNHCR Refugee Data Finder"] * 2],
            "licence": [*["as you hold it"] * 3, *["CC BY 4.0"] * 2],
            "kind": "observed",
        }
    ).to_parquet(folder / "flows.parquet")
    pd.DataFrame({"year": [2024, 2025], "establishment_usd": [1234567.8, 0.0]}).to_parquet(
        folder / "plan_spending.parquet"
    )
    pd.DataFrame().to_parquet(folder / "plan.parquet")
    pd.DataFrame({"region": ["d1"], "risk_score": [np.inf]}).to_parquet(folder / "risk_parts.parquet")
    pd.DataFrame({"anything": [1]}).to_parquet(folder / "not_known.parquet")
    (folder / "plan.json").write_text(json.dumps({"planned": True, "objective_interval": [1.5, 2.5]}))
    steps = {
        "land.climate": {"finished": "2026-03-04T10:00:00+00:00", "warnings": ["Rain states no years."]},
        "brief.page": {"finished": "2026-09-09T10:00:00+00:00", "warnings": ["of the page"]},
    }
    write_run(folder, {"schema_version": RESULTS_VERSION, "steps": steps, "stages": {}})
    return folder


@pytest.fixture
def book(results, study, tmp_path):
    return openpyxl.load_workbook(write_tables(results, study, tmp_path / "out"))


def rows(sheet):
    """Rows below the three header rows, by the name of the column."""
    names = [c.value for c in sheet[3]]
    return [dict(zip(names, (c.value for c in row), strict=True)) for row in sheet.iter_rows(min_row=4)]


def text_of(sheet):
    return "\n".join(str(v) for row in sheet.iter_rows(values_only=True) for v in row if v is not None)


def sheet_of(book, key):
    """The sheet of a table, whatever its name: the named range says where it is."""
    return book[next(iter(book.defined_names[key].destinations))[0]]


def test_sheets_are_those_of_the_tables_that_exist(book):
    assert book.sheetnames == [
        "README", "Columns", "Countries", "Regions", "Flows", "Plan, spending", "Risk, parts", "Plan, facts",
    ]  # fmt: skip
    named = {name: next(iter(found.destinations)) for name, found in book.defined_names.items()}
    assert list(named) == ["columns", "countries", "regions", "flows", "plan_spending", "risk_parts", "plan_facts"]
    assert named["flows"] == ("Flows", "$A$3:$K$8")  # names of the columns and five rows


def test_headers_are_bold_with_units_and_stay_in_sight(book):
    sheet = book["Regions"]
    at = [c.value for c in sheet[3]].index("land_rain_mm") + 1
    assert (sheet.cell(1, at).value, sheet.cell(2, at).value) == ("Rain", "mm/year")
    assert sheet.cell(1, at).font.bold
    assert sheet.cell(2, at).font.bold
    assert sheet.freeze_panes == "E4"
    assert "geometry" not in [c.value for c in sheet[3]]


def test_numbers_are_numbers_and_missing_is_empty(book):
    sheet = book["Regions"]
    names = [c.value for c in sheet[3]]
    rain, dry = names.index("land_rain_mm") + 1, names.index("land_share_hyperarid") + 1
    assert [sheet.cell(r, rain).value for r in range(4, 9)] == [100, 300, 50, None, 50]
    assert sheet.cell(4, dry).value == 0  # a zero stays a zero
    assert sheet.cell(4, dry).data_type == "n"
    assert sheet.cell(4, names.index("land_aridity_index") + 1).number_format == "#,##0.00"  # decimals of columns.csv
    assert sheet.cell(4, rain).number_format == "#,##0"
    spending = sheet_of(book, "plan_spending")
    assert (spending["A4"].value, spending["A4"].number_format) == (2024, "0")  # no thousands in a year
    assert (spending["B4"].value, spending["B4"].number_format, spending["B2"].value) == (
        1234567.8,
        "#,##0",
        unit_words("USD", "en"),
    )
    assert book["Risk, parts"]["B4"].value == "without limit"


def test_text_never_becomes_a_formula(book):
    cell = book["Regions"]["C4"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_countries_are_sums_and_weighted_means(book):
    dji, eri = rows(book["Countries"])
    assert (dji["country"], dji["area_km2"], eri["area_km2"]) == ("Djibouti", 400, 4000)
    assert dji["land_rain_mm"] == pytest.approx((100 * 100 + 300 * 300) / 400)
    assert eri["land_aridity_index"] == pytest.approx(
        (0.04 * 1000 + 0.02 * 2000) / 3000
    )  # the missing region is left out
    assert eri["land_aridity_index_high"] == pytest.approx((0.05 * 1000 + 0.03 * 2000) / 3000)
    assert eri["people_population"] == 9000


def test_small_counts_are_hidden_with_what_would_give_them_away(book):
    by_region = {row["region_id"]: row for row in rows(book["Regions"])}
    assert by_region["d1"]["people_population"] is None
    assert by_region["d1"]["people_population_low"] is None
    assert by_region["d1"]["people_population_hidden"] == "yes"
    dji = rows(book["Countries"])[0]["people_population"]
    assert by_region["d2"]["people_population"] is None or dji is None  # 5007 - 5000 would tell


def test_published_intervals_stand_and_own_small_counts_do_not(book):
    flows = {(row["origin"], row["destination"]): row for row in rows(sheet_of(book, "flows"))}
    unhcr = flows["DJI", "ERI"]
    assert (unhcr["people"], unhcr["low"], unhcr["high"]) == (5, 1, 5)
    assert flows["ERI", "DJI"]["people"] == 731
    own = flows["d1", "e1"]
    assert (own["people"], own["low"], own["high"], own["people_hidden"]) == (None, None, None, "yes")
    assert sum(flows[pair]["people"] is None for pair in (("d1", "e2"), ("d2", "e1"))) >= 1


@pytest.mark.parametrize("column", ["phone", "Household_ID", "longitude"])
def test_a_table_about_persons_is_refused(results, study, tmp_path, column):
    flows = pd.read_parquet(results / "flows.parquet")
    flows.assign(**{column: "x"}).to_parquet(results / "flows.parquet")
    with pytest.raises(DataError, match=column):
        write_tables(results, study, tmp_path / "out")
    assert not (tmp_path / "out" / "tables.xlsx").exists()


def test_shapes_are_not_written(results, study, tmp_path):
    spending = pd.read_parquet(results / "plan_spending.parquet")
    spending.assign(where=[shapely.Point(0, 0).wkb] * 2).to_parquet(results / "plan_spending.parquet")
    book = openpyxl.load_workbook(write_tables(results, study, tmp_path / "out"))
    assert [c.value for c in sheet_of(book, "plan_spending")[3]] == ["year", "establishment_usd"]


def test_readme_says_how_to_read(book):
    text = text_of(book["README"]).replace(NBSP, " ")
    for words in (
        "Two countries", "Never zero", "border control", "Licence: CC BY 4.0", "4 March 2026", "Rain states no years.",
        "This study cannot say who should move.", "UNHCR prints five for one to five", "MCD12C1", "legal status",
    ):  # fmt: skip
        assert words in text
    assert "of the page" not in text  # the brief does not write about itself
    assert "not_known" not in text


def test_columns_explain_each_column_of_the_regions(book):
    explained = {row["column"]: row for row in rows(book["Columns"])}
    published = {c.value for c in book["Regions"][3]} - {"region_id", "iso3", "name", "area_km2"}
    ends = {e for row in explained.values() for e in (row["interval_low"], row["interval_high"]) if e}
    assert published <= set(explained) | ends | {"people_population_hidden"}
    assert explained["land_rain_mm"]["why_no_interval"].startswith("no interval")
    assert explained["land_aridity_index"]["interval_low"] == "land_aridity_index_low"


def test_equal_results_give_equal_bytes(results, study, tmp_path):
    one, two = (write_tables(results, study, tmp_path / name) for name in ("a", "b"))
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as file:  # two quick writes could agree by luck: no entry may carry the clock
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert file.read("docProps/core.xml").count(b"1980-01-01T00:00:00Z") == 2


def test_no_results_say_what_to_do(study, tmp_path):
    with pytest.raises(DataError, match="homeground run two-countries"):
        write_tables(tmp_path, study, tmp_path)


@given(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(2**53), 2**53)))
def test_every_number_stays_itself(number):
    sheet = openpyxl.Workbook().active
    cell = put(sheet, 1, 1, np.float64(number) if isinstance(number, float) else np.int64(number))
    assert (cell.value, cell.data_type) == (number, "n")


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT])
def test_every_kind_of_missing_is_empty(missing):
    assert put(openpyxl.Workbook().active, 1, 1, missing).value is None


@given(st.integers(0, 8))
def test_formats_have_the_decimals_asked_for(decimals):
    assert number_format(decimals).partition(".")[2] == "0" * decimals
