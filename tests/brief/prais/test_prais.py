# SPDX-License-Identifier: Apache-2.0
"""PRAIS workbooks from a hand-made results folder of Djibouti (23 200 km2): written, filled in, read back."""

from __future__ import annotations

import json

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeground.brief.prais.answers import write_prais
from homeground.brief.prais.form import COLUMNS, FORM_ROW, KEY_COLUMN, headings, key_text
from homeground.brief.prais.reading import read_prais
from homeground.brief.prais.tables import COVER, prais_tables
from homeground.catalogue import figures
from homeground.errors import DataError
from homeground.language.languages import NBSP
from homeground.study.opening import open_study

# Codes as the reporting manual of the 2026 round names them.
CODES = {
    "CP-1": 2, "SO1-1": 7, "SO1-2": 3, "SO1-3": 2, "SO1-4": 5, "SO2-3": 2, "SO3-1": 2, "SO3-2": 2,
}  # fmt: skip
SHARES = {  # of 13 000 and of 10 200 km2
    "tree": (0.0, 0.0),
    "grassland": (50.0, 0.0),
    "cropland": (0.0, 20.0),
    "wetland": (0.0, 0.0),
    "artificial": (0.0, 5.0),
    "other": (40.0, 70.0),
    "water": (10.0, 0.0),
    "nodata": (0.0, 5.0),
}
AREAS = {  # by hand
    "tree_covered": 0.0,
    "grassland": 6500.0,
    "cropland": 2040.0,
    "wetland": 0.0,
    "artificial": 510.0,
    "other_land": 12340.0,
    "water": 1300.0,
    "no_data": 510.0,
}
DECISION, YOURS, COMMENT = (len(COLUMNS) - k for k in (2, 1, 0))


def make_study(folder, extra=""):
    folder.mkdir(exist_ok=True)
    (folder / "study.toml").write_text(f'title = "Djibouti"\ncountries = ["DJI"]\n{extra}')
    return open_study(folder)


def make_results(folder, scale=1.0):
    folder.mkdir(exist_ok=True)
    regions = pd.DataFrame({"region_id": ["d1", "d2"], "iso3": "DJI", "name": ["North", "South"]})
    regions["area_km2"] = [13000.0 * scale, 10200.0 * scale]
    for name, shares in SHARES.items():
        regions[f"land_share_{name}"] = shares
    regions.to_parquet(folder / "regions.parquet")
    pd.DataFrame(
        {
            "iso3": ["DJI", "ERI"],
            "year": [2001, 2001],
            "indicator": "population_midyear",
            "value": [1000500.0, 5.0],
            "unit": "persons",
            "low": [1000400.0, 4.0],
            "high": [1000600.0, 6.0],
            "source": "UN WPP 2024",
            "licence": "CC BY 3.0 IGO",
            "kind": "modelled",
            "note": "",
        }
    ).to_parquet(folder / "people_countries.parquet")
    return folder


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("prais")
    (found,) = write_prais(make_results(tmp_path / "results"), make_study(tmp_path / "djibouti"), tmp_path / "out")
    return found


@pytest.fixture(scope="module")
def table(path):
    return read_prais(path)


def cell_of(table, code, year, row, column=""):
    found = table[
        (table["table"] == code) & (table["year"] == year) & (table["row"] == row) & (table["column"] == column)
    ]
    assert len(found) == 1
    return found.iloc[0]


def row_of(sheet, code, year, row, column=None):
    held = key_text((code, str(year or ""), row, column or ""))
    return next(
        cell[0].row for cell in sheet.iter_rows(min_col=KEY_COLUMN, max_col=KEY_COLUMN) if cell[0].value == held
    )


def text_of(book):
    values = (v for sheet in book for row in sheet.iter_rows(values_only=True) for v in row if v is not None)
    return "\n".join(str(v) for v in values).replace(NBSP, " ")


def test_every_table_of_the_forms_stands_with_its_code(path, table):
    book = openpyxl.load_workbook(path)
    assert path.name == "prais-DJI.xlsx"
    assert book.sheetnames == ["README", *CODES]
    codes = [f"{form}.T{i + 1}" for form, count in CODES.items() for i in range(count)]
    assert list(dict.fromkeys(table["table"])) == codes == [t.code for t in prais_tables()]
    assert set(table["iso3"]) == {"DJI"}


def test_areas_of_the_classes_add_up_to_the_country(table):
    for name, area in AREAS.items():
        found = cell_of(table, "SO1-1.T4", "2019", name)
        assert found["value"] == pytest.approx(area)
        assert found["unit"] == "km2"
    land, water, total = (
        cell_of(table, "CP-1.T1", "2019", name)["value"] for name in ("land_area", "water", "total_area")
    )
    assert (land, water, total) == (pytest.approx(21900), pytest.approx(1300), pytest.approx(23200))
    classes = table[(table["table"] == "SO1-1.T4") & (table["year"] == "2019")].set_index("row")["value"].astype(float)
    assert classes.sum() == pytest.approx(total)
    assert classes.drop("water").sum() == pytest.approx(land)


def test_population_is_in_thousands(table):
    total = cell_of(table, "CP-1.T2", "2001", "total")
    assert (total["value"], total["unit"]) == (1000.5, "thousand_persons")
    assert cell_of(table, "CP-1.T2", "2001", "female")["value"] is None
    women, men, both = (cell_of(table, "CP-1.T2", "2020", who)["value"] for who in ("female", "male", "total"))
    assert women + men == pytest.approx(both)
    # Another table of the same revision gives the total from births and the birth rate.
    midyear = figures.load("net_migration", iso3="DJI", indicator="population_midyear").set_index("year")["value"][2020]
    assert both == pytest.approx(midyear / 1000, rel=1e-3)


def test_interval_source_period_and_kind_stand_beside_the_number(path):
    sheet = openpyxl.load_workbook(path)["CP-1"]
    values = [c.value for c in sheet[row_of(sheet, "CP-1.T2", 2001, "total")]]
    assert values[4:11] == [1000.5, "thousand persons", 1000.4, 1000.6, "UN WPP 2024", "1 July 2001", "modelled"]
    land = [c.value for c in sheet[row_of(sheet, "CP-1.T1", 2019, "land_area")]]
    assert land[9:11] == ["2019", "observed"]
    assert "MCD12C1" in land[8]
    assert land[11] == f"CIA World Factbook, Area, edition of 2025: 23,180{NBSP}km²"


def test_what_one_epoch_cannot_say_is_empty_with_the_reason(path, table):
    silent = [t.code for t in prais_tables() if t.status in ("empty", "country")]
    assert {"SO1-1.T5", "SO1-2.T1", "SO1-2.T3", "SO1-3.T1", "SO1-4.T2", "SO2-3.T1"} <= set(silent)
    assert table.loc[table["table"].isin(silent), "value"].isna().all()
    assert table.loc[(table["table"] == "SO1-1.T4") & (table["year"] != "2019"), "value"].isna().all()
    book = openpyxl.load_workbook(path)
    for code in silent:
        sheet = book[code.partition(".")[0]]
        titles = [c.row for c in sheet["A"] if c.value == code and sheet.cell(c.row, 3).value is None]
        below = [str(sheet.cell(titles[0] + k, 2).value) for k in (1, 2)]
        assert any(text.startswith("Empty cells: ") for text in below), code
    assert "homeground data list" in text_of(book)


def test_words_of_the_convention_are_kept(path):
    text = text_of(openpyxl.load_workbook(path)).lower()
    assert "affected population" not in text
    assert "population living on degraded land" in text
    assert "titles are in our words" in text
    assert "world population prospects 2024" in text
    assert "mcd12c1" in text
    assert "border control" in text


def test_what_the_country_reported_is_a_note_and_never_a_value(tmp_path):
    study = tmp_path / "burkina"
    study.mkdir()
    (study / "study.toml").write_text('title = "Burkina Faso"\ncountries = ["BFA"]\n')
    results = make_results(tmp_path / "results")
    (found,) = write_prais(results, open_study(study), tmp_path)
    reported = figures.load("cited_facts", iso3="BFA", indicator="sdg_15_3_1")["value"].iloc[0]
    sheet = openpyxl.load_workbook(found)["SO1-4"]
    row = row_of(sheet, "SO1-4.T2", 2015, "degraded_land", "share")
    assert sheet.cell(row, 5).value is None
    assert f"{reported:g} per cent of land" in sheet.cell(row, 12).value.replace(NBSP, " ")
    # The folder holds no region of this country: nothing of another is used.
    cp1 = openpyxl.load_workbook(found)["CP-1"]
    assert cp1.cell(row_of(cp1, "CP-1.T1", 2019, "land_area"), 5).value is None


def test_regions_that_are_not_the_country_do_not_stand_for_it(tmp_path):
    results = make_results(tmp_path / "results", scale=0.5)
    (found,) = write_prais(results, make_study(tmp_path / "djibouti"), tmp_path)
    table = read_prais(found)
    assert table.loc[table["table"].isin(["CP-1.T1", "SO1-1.T4"]), "value"].isna().all()
    assert "the regions of the study cover 11,600 km², the country 23,200 km²" in text_of(openpyxl.load_workbook(found))


def test_a_map_of_the_user_keeps_its_own_year(tmp_path):
    folder = tmp_path / "djibouti"
    folder.mkdir()
    (folder / "map.tif").write_bytes(b"")
    study = make_study(folder, '[data]\ncover = "map.tif"\n')
    (found,) = write_prais(make_results(tmp_path / "results"), study, tmp_path)
    table = read_prais(found)
    assert cell_of(table, "SO1-1.T4", "own", "grassland")["value"] == pytest.approx(6500)
    assert table.loc[(table["table"] == "SO1-1.T4") & (table["year"] == "2019"), "value"].isna().all()
    assert "your file map.tif" in text_of(openpyxl.load_workbook(found))


def test_polygons_of_the_user_leave_the_country_to_the_embedded_map(tmp_path):
    folder = tmp_path / "djibouti"
    folder.mkdir()
    (folder / "sites.geojson").write_bytes(b"")
    study = make_study(folder, 'regions = "custom"\n[data]\nregions = "sites.geojson"\n')
    results = make_results(tmp_path / "results", scale=0.01)
    (found,) = write_prais(results, study, tmp_path / "without")
    assert read_prais(found).query("table == 'SO1-1.T4'")["value"].isna().all()
    pd.DataFrame(
        {
            "iso3": ["DJI", "DJI", "DJI", "ERI"],
            "cover_class": [2, 7, -128, 2],
            "area_km2": [20000.0, 3000.0, 200.0, 9.0],
        }
    ).to_parquet(results / "land_countries.parquet")
    (found,) = write_prais(results, study, tmp_path / "with")
    table = read_prais(found)
    assert cell_of(table, "SO1-1.T4", "2019", "grassland")["value"] == pytest.approx(20000)
    assert cell_of(table, "SO1-1.T4", "2019", "no_data")["value"] == pytest.approx(200)
    assert cell_of(table, "SO1-1.T4", "2019", "cropland")["value"] == 0
    assert cell_of(table, "CP-1.T1", "2019", "land_area")["value"] == pytest.approx(20200)


def test_a_region_that_the_map_leaves_out_is_without_data(tmp_path):
    results = make_results(tmp_path / "results")
    regions = pd.read_parquet(results / "regions.parquet")
    regions.loc[1, [f"land_share_{name}" for name in SHARES]] = float("nan")
    regions.to_parquet(results / "regions.parquet")
    (found,) = write_prais(results, make_study(tmp_path / "djibouti"), tmp_path)
    table = read_prais(found)
    assert cell_of(table, "SO1-1.T4", "2019", "no_data")["value"] == pytest.approx(10200)
    classes = table[(table["table"] == "SO1-1.T4") & (table["year"] == "2019")]
    assert classes["value"].astype(float).sum() == pytest.approx(23200)


def test_default_transitions_agree_with_the_published_matrix(table, shared_data):
    matrix = json.loads((shared_data / "land/trends_earth/land_cover_transition_matrix_unccd.json").read_text())
    names = list(COVER)
    transitions = matrix["definitions"]["transitions"]
    assert len(transitions) == 49
    for change in transitions:
        first, last = names[change["initial"]["code"] - 1], names[change["final"]["code"] - 1]
        assert cell_of(table, "SO1-1.T3", "", first, last)["value"] == change["meaning"]


def test_each_row_offers_the_three_decisions(path):
    book = openpyxl.load_workbook(path)
    for form in CODES:
        sheet = book[form]
        assert sheet.protection.sheet
        lists = [v for v in sheet.data_validations.dataValidation if v.formula1 == '"Confirm,Correct,Reject"']
        rows = [r for r in range(FORM_ROW + 1, sheet.max_row + 1) if sheet.cell(r, 3).value]
        for row in rows:
            cell = sheet.cell(row, DECISION)
            assert any(cell.coordinate in v.sqref for v in lists), (form, row)
            assert not sheet.cell(row, YOURS).protection.locked
            assert sheet.cell(row, 5).protection.locked
        assert [sheet.cell(FORM_ROW, c).value for c in (DECISION, YOURS, COMMENT)] == headings("en")[-3:]
        assert sheet.freeze_panes == "E5"


def test_equal_results_give_equal_bytes(path, tmp_path):
    (again,) = write_prais(make_results(tmp_path / "results"), make_study(tmp_path / "djibouti"), tmp_path / "out")
    assert again.read_bytes() == path.read_bytes()


def test_no_results_say_what_to_do(tmp_path):
    with pytest.raises(DataError, match="homeground run djibouti"):
        write_prais(tmp_path, make_study(tmp_path / "djibouti"), tmp_path)


def test_answers_are_read_back(path, tmp_path):
    book = openpyxl.load_workbook(path)
    sheet = book["SO1-1"]
    answers = {
        ("SO1-1.T4", 2019, "grassland", None): ("Correct", 7000, "national map of 2019"),
        ("SO1-1.T4", 2019, "cropland", None): (" confirm ", None, None),
        ("SO1-1.T4", 2019, "wetland", None): ("Reject", None, "mangroves are missing"),
        ("SO1-1.T4", 2000, "wetland", None): (None, 12.5, None),
        ("SO1-1.T3", None, "grassland", "tree_covered"): ("Correct", "degradation", "bush encroachment"),
        ("SO1-1.T1", None, "process_1", None): (None, "Vegetation loss", None),
    }
    for key, values in answers.items():
        for column, value in zip((DECISION, YOURS, COMMENT), values, strict=True):
            sheet.cell(row_of(sheet, *key), column).value = value
    book.save(tmp_path / "filled.xlsx")
    table = read_prais(tmp_path / "filled.xlsx")
    answered = table[(table["decision"] != "") | table["your_value"].notna()]
    found = {
        (r.table, r.year, r.row, r.column): (r.decision, r.your_value, r.comment)
        for r in answered.itertuples(index=False)
    }
    assert found == {
        ("SO1-1.T4", "2019", "grassland", ""): ("correct", 7000.0, "national map of 2019"),
        ("SO1-1.T4", "2019", "cropland", ""): ("confirm", None, ""),
        ("SO1-1.T4", "2019", "wetland", ""): ("reject", None, "mangroves are missing"),
        ("SO1-1.T4", "2000", "wetland", ""): ("provide", 12.5, ""),
        ("SO1-1.T3", "", "grassland", "tree_covered"): ("correct", "degradation", "bush encroachment"),
        ("SO1-1.T1", "", "process_1", ""): ("provide", "Vegetation loss", ""),
    }


def test_all_that_is_wrong_is_told_at_once(path, tmp_path):
    book = openpyxl.load_workbook(path)
    sheet = book["SO1-1"]
    mistakes = {
        ("SO1-1.T4", 2019, "grassland", None): ("Maybe", None),
        ("SO1-1.T4", 2019, "cropland", None): ("Correct", None),
        ("SO1-1.T4", 2019, "wetland", None): ("Confirm", 3),
        ("SO1-1.T4", 2019, "other_land", None): ("Correct", "12 340 km2"),
        ("SO1-1.T4", 2019, "water", None): ("Correct", -1),
        ("SO1-1.T4", 2000, "wetland", None): ("Confirm", None),
        ("SO1-1.T3", None, "grassland", "wetland"): ("Correct", "worse"),
    }
    for key, values in mistakes.items():
        for column, value in zip((DECISION, YOURS), values, strict=True):
            sheet.cell(row_of(sheet, *key), column).value = value
    sheet.cell(row_of(sheet, "SO1-1.T4", 2015, "wetland"), 3).value = "Marsh"
    book["SO1-2"].cell(FORM_ROW, 1).value = "Code"
    del book["SO1-3"]
    book.save(tmp_path / "broken.xlsx")
    with pytest.raises(DataError) as error:
        read_prais(tmp_path / "broken.xlsx")
    message = str(error.value)
    for words in (
        '"Maybe" is no decision', "Cropland): Correct, but Your value is empty", "Your value is 3, but the decision is",
        '"12 340 km2" is text', "-1 is out of range", "there is no value", '"worse" was found', "Marsh",
        "SO1-2: the headings in row 4 were changed", "has no sheet SO1-3", "such as SO1-1.T4 | 2015 | wetland",
    ):  # fmt: skip
        assert words in message, words


def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    (tmp_path / "form.xlsx").write_text("iso3,value")
    with pytest.raises(DataError, match=r"form\.xlsx"):
        read_prais(tmp_path / "form.xlsx")
    with pytest.raises(DataError, match=r"absent\.xlsx"):
        read_prais(tmp_path / "absent.xlsx")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.floats(0, 1e9), comment=st.sampled_from(["", "=1+1", "مصدر وطني", "источник"]))
def test_any_area_and_comment_come_back_as_given(path, tmp_path, value, comment):
    book = openpyxl.load_workbook(path)
    sheet = book["SO1-4"]
    row = row_of(sheet, "SO1-4.T2", 2023, "degraded_land", "area")
    sheet.cell(row, YOURS).value = value
    sheet.cell(row, COMMENT).value = comment or None
    sheet.cell(row, COMMENT).data_type = "s"
    book.save(tmp_path / "filled.xlsx")
    found = cell_of(read_prais(tmp_path / "filled.xlsx"), "SO1-4.T2", "2023", "degraded_land", "area")
    assert found["your_value"] == pytest.approx(value, rel=1e-14)  # a workbook keeps sixteen digits
    assert (found["comment"], found["decision"]) == (comment, "provide")
