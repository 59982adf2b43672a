# SPDX-License-Identifier: Apache-2.0
"""PRAIS workbooks in each language: no English is left, and a form is read back whatever its language."""

from __future__ import annotations

import pandas as pd
import pytest
from openpyxl import load_workbook
from tests.brief.english import FUNCTION_WORDS, cells, left_in_english, words_of_form

from homeground.brief.prais.answers import write_prais
from homeground.brief.prais.form import COLUMNS, FORM_ROW, KEY_COLUMN, key_text
from homeground.brief.prais.reading import read_prais
from homeground.brief.prais.tables import DECISIONS, MEANING, cell_words, prais_tables, unit_words
from homeground.errors import DataError
from homeground.language.languages import LANGUAGES
from homeground.language.messages import phrase
from homeground.study.opening import open_study

STUDY = """title = "Gambie"
countries = ["GMB"]
[data]
ndvi = { path = "ndvi.tif", first = "2001" }
cover_series = { path = "lc_*.tif", legend = "esa-cci" }
soil_carbon = { path = "soc.tif", units = "t/ha" }
climate_zone = "zone.tif"
rain_series = { path = "rain.tif", first = "1991-01", units = "mm/month" }
error_polygons = "errors.geojson"
[brief]
languages = ["LANGUAGE"]
"""
DECISION, YOURS, COMMENT = (len(COLUMNS) - k for k in (2, 1, 0))
ANSWERS = {  # key -> decision (a code), value (a code where it is a meaning), comment
    ("SO1-1.T4", "2000", "grassland", ""): ("correct", 7000, "carte nationale"),
    ("SO1-1.T4", "2000", "cropland", ""): ("confirm", None, None),
    ("SO1-1.T4", "2019", "wetland", ""): (None, 12.5, None),
    ("SO1-1.T3", "", "grassland", "tree_covered"): ("correct", "degradation", "bush"),
    ("SO1-4.T1", "2000-2015/2016-2023", "degraded", "stable"): ("reject", None, "déboisement"),
    ("SO2-3.T2", "", "assessment", ""): (None, "more people", None),
}


@pytest.fixture
def written(assessed_results, tmp_path):
    """One workbook in each language, of one study."""
    for name in ("ndvi.tif", "lc_2000.tif", "lc_2015.tif", "lc_2022.tif", "soc.tif", "zone.tif", "rain.tif"):
        (tmp_path / name).touch()
    (tmp_path / "errors.geojson").touch()
    regions = pd.DataFrame({"region_id": ["GM-A", "GM-B"], "iso3": "GMB", "area_km2": [6000.0, 4500.0]})
    regions.to_parquet(assessed_results / "regions.parquet")

    def write(code):
        (tmp_path / "study.toml").write_text(STUDY.replace("LANGUAGE", code))
        (path,) = write_prais(assessed_results, open_study(tmp_path), tmp_path / code)
        return path

    return write


def row_of(sheet, key):
    held = key_text(key)
    return next(
        cell[0].row for cell in sheet.iter_rows(min_col=KEY_COLUMN, max_col=KEY_COLUMN) if cell[0].value == held
    )


def filled(path, code, out):
    """The workbook with the answers of a focal point, in the words of its language."""
    book = load_workbook(path)
    for key, (decision, value, comment) in ANSWERS.items():
        sheet = book[key[0].partition(".")[0]]
        row = row_of(sheet, key)
        meaning = key[0] == "SO1-1.T3"
        sheet.cell(row, DECISION).value = phrase(f"form.decision.{decision}", code) if decision else None
        sheet.cell(row, YOURS).value = phrase(f"form.meaning.{value}", code) if meaning else value
        sheet.cell(row, COMMENT).value = comment
    book.save(out)
    return out


@pytest.mark.parametrize("code", ["fr", "zh"])
def test_nothing_is_left_in_english(written, code):
    book = load_workbook(written(code))
    corrected = ("Kiang rangelands", "(bush; field visits)", "（bush; field visits）", "more people")
    texts = [(where, text) for where, text in words_of_form(book) if not any(own in text for own in corrected)]
    assert len(texts) > 3000
    assert left_in_english(texts, code) == []


def test_the_search_for_english_finds_it(written):
    book = load_workbook(written("en"))
    found = left_in_english(cells(book), "fr")
    assert len(found) > 500
    assert {"Land area", "Degraded land", "Empty cells: national experts describe this."} <= {text for _, text in found}
    assert FUNCTION_WORDS.search("land cover of this year")


def test_answers_are_read_back_alike_from_every_language(written, tmp_path):
    tables = {code: read_prais(filled(written(code), code, tmp_path / f"{code}.xlsx")) for code in LANGUAGES}
    for table in tables.values():
        answered = table[(table["decision"] != "") | table["your_value"].notna()]
        found = {
            (r.table, r.year, r.row, r.column): (r.decision, r.your_value, r.comment)
            for r in answered.itertuples(index=False)
        }
        assert found == {
            key: ("provide" if d is None else d, float(v) if isinstance(v, int) else v, c or "")
            for key, (d, v, c) in ANSWERS.items()
        }
    texts = ("SO1-4.T3", "SO1-4.T4")  # their values are sentences of the language
    alike = {code: t[~t["table"].isin(texts)].reset_index(drop=True) for code, t in tables.items()}
    for code in LANGUAGES:
        pd.testing.assert_frame_equal(alike[code], alike["en"])


def test_words_of_another_language_are_understood(written, tmp_path):
    book = load_workbook(filled(written("fr"), "zh", tmp_path / "mixed.xlsx"))
    book.save(tmp_path / "again.xlsx")
    table = read_prais(tmp_path / "again.xlsx").set_index(["table", "year", "row", "column"])
    assert table.loc[("SO1-1.T3", "", "grassland", "tree_covered"), "your_value"] == "degradation"
    assert table.loc[("SO1-1.T4", "2000", "cropland", ""), "decision"] == "confirm"


def test_a_row_whose_words_and_codes_part_is_refused(written, tmp_path):
    """Sorting the columns that are seen would move answers to other cells."""
    book = load_workbook(written("zh"))
    sheet = book["SO1-1"]
    one, two = (row_of(sheet, ("SO1-1.T4", "2000", name, "")) for name in ("grassland", "cropland"))
    swapped = sheet.cell(one, 3).value, sheet.cell(two, 3).value
    sheet.cell(two, 3).value, sheet.cell(one, 3).value = swapped
    book.save(tmp_path / "sorted.xlsx")
    with pytest.raises(DataError, match=f"row {one} .*no such cell") as error:
        read_prais(tmp_path / "sorted.xlsx")
    assert "lacks 2 row(s)" in str(error.value)


def test_the_codes_are_hidden_and_the_lists_are_in_the_language(written):
    sheet = load_workbook(written("fr"))["SO1-1"]
    assert sheet.column_dimensions["P"].hidden
    lists = {v.formula1 for v in sheet.data_validations.dataValidation if v.type == "list"}
    assert lists == {'"Confirmer,Corriger,Rejeter"', '"amélioration,stable,dégradation"'}
    assert sheet.cell(FORM_ROW, 1).value == "Tableau"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_code_has_its_words(code):
    for table in prais_tables():
        for (_, _, row, column), unit in table.cells():
            assert cell_words(row, code)
            assert (cell_words(column, code) == "") == (column == "")
            assert unit_words(unit, code)
    for prefix, codes in (("decision", DECISIONS), ("meaning", MEANING.values())):
        words = [phrase(f"form.{prefix}.{one}", code) for one in codes]
        assert len(set(words)) == 3
        assert not any("," in word for word in words)  # Excel parts a list by commas
