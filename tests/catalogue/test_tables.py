# SPDX-License-Identifier: Apache-2.0
"""One reader for every table that people give: any way of writing CSV, workbooks, and faults told by row and column."""

from __future__ import annotations

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeground.catalogue.sheets import decode, number_of
from homeground.catalogue.tables import read_given
from homeground.errors import DataError
from homeground.study.tables import given_tables

PEOPLE = given_tables()["data.population"].table
CITY = given_tables()["data.city_people"].table
GOALS = given_tables()["data.goals"].table
LEGEND = given_tables()["data.cover_series.legend"].table
REGIONS = {"GM-B": "Banjul", "GM-L": "Lower River"}
HEAD = "region_id,population,year,source\n"


def read(tmp_path, text, declared=PEOPLE, name="t.csv", encoding="utf-8", **more):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return read_given(path, declared, **more)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_every_way_that_spreadsheets_write_a_table(tmp_path, encoding, mark):
    text = mark.join(("Region_ID ", "POPULATION", "year", "source")) + "\r\n\r\n"
    text += mark.join(("007", "31301", "2013", "Institut de la forêt")) + "\r\n" + mark * 3 + "\r\n"
    if encoding == "utf-16-le":
        text = "\ufeff" + text
    table = read(tmp_path, text, encoding=encoding)
    assert table.values.tolist() == [["007", 31301, 2013, "Institut de la forêt"]]
    assert table.index.tolist() == [3]


def test_a_workbook_is_read_from_the_sheet_that_has_the_columns(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["notes"])
    sheet = book.create_sheet("people")
    for row in (["region_id", "population", "year", "source"], [None] * 4, ["007", 31301, 2013, "census"]):
        sheet.append(row)
    book.save(tmp_path / "t.xlsx")
    table = read_given(tmp_path / "t.xlsx", PEOPLE)
    assert table.values.tolist() == [["007", 31301, 2013, "census"]]
    assert table.index.tolist() == [3]


def test_words_stay_words(tmp_path):
    text = "indicator,value,unit,year,source\nNA,1,NO,2030,TRUE\nNaN,2.5,007,,null\n"
    table = read(tmp_path, text, GOALS)
    assert table["indicator"].tolist() == ["NA", "NaN"]
    assert table["unit"].tolist() == ["NO", "007"]
    assert table["source"].tolist() == ["TRUE", "null"]
    assert table["value"].tolist() == [1.0, 2.5]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("value\n16,5", 16.5), ("value\n1.234,5", 1234.5), ("value\n1,234.5", 1234.5), ("value\n1 234,5", 1234.5),
        ("value\n1\u202f234.5", 1234.5), ("value\n-0.5", -0.5), ("value\n\u22120.5", -0.5), ("value\n1e6", 1e6),
        ("value\n16.814", 16.814), ("value\n1.234.567", 1234567.0), ("value\n1'234'567", 1234567.0),
    ],
)  # fmt: skip
def test_decimal_points_and_commas(tmp_path, text, value):
    head, cell = text.split("\n")
    table = read(tmp_path, f"indicator;{head};unit;year;source\na;{cell};km2;2030;b\n", GOALS)
    assert table["value"].tolist() == [value]


def test_the_file_tells_what_its_commas_are(tmp_path):
    # 1,234 alone could be both; 0,5 beside it shows a decimal comma.
    rows = "indicator;value;unit;year;source\na;1,234;km2;2030;b\n"
    with pytest.raises(
        DataError, match=r"value: row 2 \(1,234\): this could be a decimal comma or a mark of thousands"
    ):
        read(tmp_path, rows, GOALS)
    assert read(tmp_path, rows + "c;0,5;km2;2030;b\n", GOALS)["value"].tolist() == [1.234, 0.5]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("GM-B,312.456,2020,c\n", r"population: row 2 \(312\.456\): a whole number was expected, and this could be read in two "
         r"ways. Write it without marks, such as 312456"),
        ("GM-B,312.4,2020,c\n", "a count of persons has no decimals"),
        ("GM-B,inf,2020,c\n", r"population: row 2 \(inf\): a number was expected"),
        ("GM-B,1e400,2020,c\n", "a finite number was expected"),
        ("GM-B,1e30,2020,c\n", r"population: 0 to 1e\+10 was expected; row 2"),
        ("GM-B,-5,2020,c\n", r"population: 0 to 1e\+10 was expected; row 2 \(-5"),
        ("GM-B,,2020,c\n", "population: may not be empty; row 2"),
        ("GM-B,many,2020,c\n", r"row 2 \(many\): a number was expected"),
        ("GM-B,5,20.5,c\n", r"year: row 2 \(20\.5\): a whole number was expected"),
        ("GM-B,5,2020,c\n\nGM-B,6,2021,c\n", r"region_id: each may stand once; row 2 \(GM-B\), row 4 \(GM-B\)"),
        ("GM-X,5,2020,c\n", r'region_id: "GM-X" \(row 2\) is not known. Did you mean GM-'),
        ("Banjul,5,2020,c\n", r'"Banjul" \(row 2\) is not known. Did you mean GM-B \(Banjul\)'),
        ("", "has headings and no rows"),
    ],
)  # fmt: skip
def test_faults_are_told_by_row_and_column(tmp_path, rows, says):
    with pytest.raises(DataError, match=says):
        read(tmp_path, HEAD + rows, known={"region_id": REGIONS}, what="data.population")


def test_all_faults_of_a_file_are_told_at_once(tmp_path):
    with pytest.raises(DataError) as caught:
        read(tmp_path, HEAD + "GM-B,1.5,2020,c\nGM-L,2,long ago,c\nGM-B,many,2020,\n", what="data.population")
    for says in ("row 2 (1.5)", "row 3 (long ago)", "row 4 (many)"):
        assert says in str(caught.value)


def test_headings_that_are_lacking_doubled_or_nearly_right(tmp_path):
    with pytest.raises(DataError, match=r'lacks the column "population"; it has .*Did you mean to call "populaton" so'):
        read(tmp_path, "region_id,populaton,year,source\na,1,2020,b\n")
    with pytest.raises(DataError, match='has the column "year" twice'):
        read(tmp_path, "region_id,population,year,Year,source\na,1,2020,2020,b\n")
    with pytest.raises(DataError, match=r'column "yeer" that is not known. Did you mean "year"'):
        read(tmp_path, "region_id,population,year,yeer,source\na,1,2020,1,b\n", more=False)
    assert "note" in read(tmp_path, "region_id,population,year,source,note\na,1,2020,b,NA\n")


def test_what_is_no_table_is_one_message(tmp_path):
    for name, content in (("t.xlsx", b"no workbook"), ("t.csv", bytes(range(256)) * 4)):
        with pytest.raises(DataError, match=r"cannot be read|no table of text|lacks the column"):
            read(tmp_path, content, name=name)


def test_a_code_twice_in_a_legend_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"code: each may stand once; row 2 \(10\), row 3 \(10\)"):
        read(tmp_path, "code,unccd_class\n10,3\n10,1\n", LEGEND)


@given(st.floats(-1e9, 1e9).map(lambda v: round(v, 2)))
def test_a_number_is_read_back_however_it_is_grouped(value):
    english = f"{value:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    french = english.replace(",", "\u202f").replace(".", ",")
    assert number_of(english) == number_of(german, comma=True) == number_of(french, comma=True) == value
    assert number_of(f"{value:.2f}") == value


@given(st.binary(max_size=200))
def test_any_bytes_become_text_or_one_message(content):
    try:
        decode(content)
    except UnicodeDecodeError:  # a byte order mark that lies
        assert content[:2] in (b"\xff\xfe", b"\xfe\xff")
