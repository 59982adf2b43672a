# SPDX-License-Identifier: Apache-2.0
"""Sheets of an assessed study: every area is there once, units and years are told, what lacks is said once."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest

from homeground.brief.workbook.class_words import spelled_out
from homeground.brief.workbook.sheets import SHEETS, Sheet, sheet_about, sheet_name
from homeground.brief.workbook.write import write_tables
from homeground.catalogue.columns import columns
from homeground.errors import DataError
from homeground.language.languages import LANGUAGES
from homeground.study.opening import open_study


@pytest.fixture
def study(tmp_path):
    (tmp_path / "study.toml").write_text('title = "Made"\ncountries = ["GMB"]\n')
    return open_study(tmp_path)


@pytest.fixture
def results(assessed_results):
    regions = {"region_id": ["GM-A", "GM-B"], "iso3": "GMB", "name": ["A", "B"], "area_km2": [6000.0, 4500.0]}
    degraded = {"land_degraded": [40.0, 0.0], "land_degraded_low": [20.0, 0.0], "land_degraded_high": [60.0, 10.0]}
    pd.DataFrame({**regions, **degraded, "land_share_water": 3.0}).to_parquet(assessed_results / "regions.parquet")
    onset = pd.to_datetime(["2021-07-01"])
    event = {"region_id": "GM-A", "iso3": "GMB", "onset": onset, "duration": 14, "index": "SPI-12", "mode": "mckee"}
    pd.DataFrame(event).to_parquet(assessed_results / "drought_events.parquet")
    return assessed_results


@pytest.fixture
def book(results, study, tmp_path):
    return openpyxl.load_workbook(write_tables(results, study, tmp_path / "out"))


def sheet_of(book, key):
    return book[next(iter(book.defined_names[key].destinations))[0]]


def rows(sheet):
    names = [c.value for c in sheet[3]]
    return [dict(zip(names, (c.value for c in row), strict=True)) for row in sheet.iter_rows(min_row=4)]


def test_every_table_of_the_assessment_is_a_sheet_with_all_its_rows(book, results):
    for name in (
        *("degradation", "land_status", "ldn_balance", "carbon_stocks", "profile_difference", "sensitivity"),
        *("land_corrections", "alignment", "drought", "drought_periods", "drought_events"),
    ):
        assert len(rows(sheet_of(book, name))) == len(pd.read_parquet(results / f"{name}.parquet")), name
    land = sum(
        r["area_km2"] for r in rows(sheet_of(book, "degradation")) if r["period"] == "period" and r["water"] == "no"
    )
    assert land == pytest.approx(9000.0)


def test_classes_are_words_not_numbers(book):
    held = rows(sheet_of(book, "degradation"))
    assert {r["degradation"] for r in held} <= {"degraded", "stable", "improved", "no data"}
    assert {r["initial"] for r in held} <= {
        "tree-covered", "grassland", "cropland", "wetland", "artificial", "other land", "water body", "no data",
    }  # fmt: skip
    assert {type(r["drought_class"]) for r in rows(sheet_of(book, "drought"))} == {str}


def test_one_of_five_classes_of_productivity_is_declining_and_of_three_improved():
    table = pd.DataFrame({"productivity": [1, -128]})
    assert spelled_out(table, "en", five=True)["productivity"].tolist() == ["declining", "no data"]
    assert spelled_out(table, "en", five=False)["productivity"].tolist() == ["improved", "no data"]


def test_units_and_years_are_told(book):
    units = {
        c.value: u.value
        for c, u in zip(sheet_of(book, "sensitivity")[3], sheet_of(book, "sensitivity")[2], strict=True)
    }
    assert units["result"] == units["change"] == "% of land"
    assert rows(sheet_of(book, "drought_events"))[0]["onset"] == "2021-07-01"
    start = next(c for c in sheet_of(book, "drought_periods")[3] if c.value == "period_start").column
    assert sheet_of(book, "drought_periods").cell(4, start).number_format == "0"


def test_the_step_of_a_layer_has_the_unit_of_its_own_coordinates(results, study, tmp_path):
    path = results / "alignment.parquet"
    one = pd.read_parquet(path)
    metres = one.assign(layer="cover_series", crs="EPSG:32628", step=300.0, step_unit="m")
    pd.concat([one, metres]).to_parquet(path)
    sheet = sheet_of(openpyxl.load_workbook(write_tables(results, study, tmp_path / "steps")), "alignment")
    assert [(r["step"], r["step_unit"]) for r in rows(sheet)] == [(0.02, "degrees"), (300, "m")]
    units = {c.value: u.value for c, u in zip(sheet[3], sheet[2], strict=True)}
    assert units["step"] == "see column Unit of the step"


def test_a_source_without_a_licence_is_not_given_an_empty_one(results, study, tmp_path):
    row = {
        "iso3": "GMB",
        "what": "committed",
        "value": 0.0,
        "unit": "USD",
        "licence": "",
        "source": "tables of the study",
    }
    pd.DataFrame([row, row | {"licence": "CC BY 4.0", "source": "a bank"}]).to_parquet(
        results / "finance_household.parquet"
    )
    book = openpyxl.load_workbook(write_tables(results, study, tmp_path / "money"))
    told = {r[0]: r[1] for r in book["README"].iter_rows(values_only=True) if r[0]}
    assert told["tables of the study"] == "No licence is given."
    assert told["a bank"] == "Licence: CC BY 4.0."


def test_patches_of_land_keep_their_place_and_points_of_people_do_not(book, results, study, tmp_path):
    assert rows(sheet_of(book, "hotspots"))[0]["latitude"] == 13.3
    people = pd.DataFrame({"origin": ["a"], "people": [40.0], "latitude": [13.3], "longitude": [-16.3]})
    people.to_parquet(results / "flows.parquet")
    with pytest.raises(DataError, match="latitude"):
        write_tables(results, study, tmp_path / "again")


def test_a_country_is_weighted_by_its_own_land_and_has_the_range_of_the_study(book):
    (row,) = rows(book["Countries"])
    # (40 x 5,000 + 0 x 3,000) / 8,000 km2 with a verdict, and the range of the study's own choices.
    assert row["land_degraded"] == pytest.approx(2000 / 80)
    assert (row["land_degraded_low"], row["land_degraded_high"]) == (15.0, 30.0)


def test_what_lacks_is_said_once_and_what_is_there_is_not_said_to_lack(book):
    said = [r[1] for r in book["README"].iter_rows(values_only=True) if r[0] == "Not in this workbook"]
    assert len(said) == 1
    assert "Degraded land (SDG 15.3.1)" not in said[0]
    assert "rain_series" in said[0]
    assert {c.column for c in columns("land") if not c.needs}.isdisjoint(said[0].split())


@pytest.mark.parametrize("code", LANGUAGES)
def test_sheets_have_names_that_excel_takes(code):
    names = [sheet_name(key, code) for key in ("readme", "columns", "countries", "regions", *(s.key for s in SHEETS))]
    assert len({name.casefold() for name in names}) == len(names)
    assert max(map(len, names)) <= 31
    assert not any(set(name) & set("[]:*?/\\'") for name in names)
    assert all(sheet_about(sheet, code).strip().endswith((".", "。")) for sheet in SHEETS)
    assert all(sheet_about(sheet, code) != sheet_about(Sheet("risk_of_another.parquet"), code) for sheet in SHEETS)
