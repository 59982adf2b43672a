# SPDX-License-Identifier: Apache-2.0
"""Tables from spreadsheets: as people write them, and every fault with its row; and what ships."""

from __future__ import annotations

import datetime
import re

import openpyxl
import pandas as pd
import pytest

from homeground.accelerator.cooperation.shipped import SHIPPED, shipped_tables, stated_numbers, with_shipped
from homeground.accelerator.cooperation.tables import cooperation_tables, table_of
from homeground.accelerator.registry.given import read_tables
from homeground.errors import DataError
from homeground.numbers.table_check import check


def test_semicolons_windows_signs_and_days_are_read(tmp_path):
    text = "request;title;state;received;source\nsemis;Semis d’été à l’État;received;2025-01-10;lettre\n"
    (tmp_path / "requests.csv").write_bytes(text.encode("cp1252"))
    table = read_tables([tmp_path])["requests"]
    assert table["title"].tolist() == ["Semis d’été à l’État"]
    assert table["received"].tolist() == [datetime.date(2025, 1, 10)]
    assert table["funder"].isna().all()


def test_a_workbook_with_cells_of_days_is_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["event", "title", "start", "persons", "source"])
    book.active.append(["forum", "Forum", datetime.datetime(2025, 3, 4), 120, "report"])
    book.save(tmp_path / "events.xlsx")
    row = read_tables([tmp_path / "events.xlsx"])["events"].iloc[0]
    assert (row["start"], row["persons"]) == (datetime.date(2025, 3, 4), 120)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("45000", "XOF", 45000),
        ("12.5", "USD", 1250),
        ("12,5", "EUR", 1250),
        ("1 250.5", "TND", 1250500),
        ("0.1", "USD", 10),
    ],
)
def test_money_is_whole_smallest_units(tmp_path, amount, currency, minor):
    line = f"zai;Pits;{amount};{currency};draft;field"
    (tmp_path / "practices.csv").write_text(
        f"practice;title;establishment;currency;state;source\n{line}\n", encoding="utf-8"
    )
    table = read_tables([tmp_path / "practices.csv"])["practices"]
    assert table["establishment_minor"].tolist() == [minor]
    assert table["establishment_minor"].dtype == "int64"


@pytest.mark.parametrize(
    ("amount", "currency", "why"),
    [
        ("0.5", "XOF", "more decimals"),
        ("5", "", "an amount without a currency"),
        ("5", "XXQ", "no currency"),
        ("much", "USD", "is no number"),
        ("1,250", "TND", "decimal comma or a mark of thousands"),
    ],
)
def test_money_that_cannot_be_told_is_refused_by_row(tmp_path, amount, currency, why):
    line = f"zai;Pits;{amount};{currency};draft;field"
    (tmp_path / "practices.csv").write_text(
        f"practice;title;establishment;currency;state;source\n{line}\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match=f"row 2, (establishment|currency): .*{why}"):
        read_tables([tmp_path / "practices.csv"])["practices"]


def test_all_files_are_told_at_once_by_row_and_column(tmp_path):
    (tmp_path / "requests.csv").write_text(
        "request,title,state,received,source\na,A,lost,2025-13-01,x\n", encoding="utf-8"
    )
    (tmp_path / "events.csv").write_text("event,title,month,source\na,A,14,x\n", encoding="utf-8")
    with pytest.raises(DataError) as told:
        read_tables([tmp_path])
    assert re.search(r'requests.csv, row 2, state: "lost" is none of those', str(told.value))
    assert re.search(r"row 2, month: 14 is out of bounds. It must be from 1 to 12", str(told.value))


def test_a_day_that_is_none_is_told(tmp_path):
    (tmp_path / "requests.csv").write_text(
        "request,title,state,received,source\na,A,received,10/01/2025,x\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match=r'row 2, received: "10/01/2025" can be read in two ways'):
        read_tables([tmp_path / "requests.csv"])["requests"]


def test_a_folder_without_tables_says_which_are_expected(tmp_path):
    with pytest.raises(DataError, match=r"holds no table of the registry.*requests\.csv"):
        read_tables([tmp_path])


def test_a_row_in_two_files_counts_once_and_is_refused_where_they_differ(tmp_path):
    for name in ("requests.csv", "requests.txt"):
        (tmp_path / name).write_text("request,title,state,source\na,A,received,x\n", encoding="utf-8")
    assert read_tables([tmp_path])["requests"]["request"].tolist() == ["a"]
    (tmp_path / "requests.txt").write_text("request,title,state,source\na,B,received,x\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"a stands 2 times .* and title differ"):
        read_tables([tmp_path])


def test_an_empty_form_has_no_rows():
    assert read_tables([SHIPPED])["learning_needs"].empty
    assert "learning_needs" not in shipped_tables()


def test_what_ships_is_as_declared_and_each_row_names_its_paragraph():
    for name, table in shipped_tables().items():
        declared = cooperation_tables()[name].table
        assert check(table.reset_index(drop=True), declared) == []
        if "source" in table:
            assert table["source"].str.fullmatch(r"ICCD/COP\(15\), note by the secretariat, paragraphs? [\d-]+").all()


def test_what_ships_says_what_the_note_says():
    """Read off the note by hand: paragraphs 6, 8, 13, 14, 19, 20 and 22."""
    tables = shipped_tables()
    wall = tables["partnership_countries"].query("partnership == 'ggw'")["iso3"]
    assert set(wall) == {"BFA", "TCD", "DJI", "ERI", "ETH", "MLI", "MRT", "NER", "NGA", "SEN", "SDN"}
    money = tables["partnership_countries"].query("partnership == '3s-remittances'")["iso3"]
    assert set(money) == {"GMB", "GHA", "MLI", "NGA", "SEN", "SOM"}
    asked = tables["requests"].set_index("request")
    assert asked.loc["central-asia", "funder"] == "Russian Federation"
    assert tables["partnerships"].set_index("partnership").loc["iom-2014", "year"] == 2014
    held = tables["events"].set_index("event")
    assert (held.loc["adelphi-2019", "year"], held.loc["adelphi-2019", "month"]) == (2019, 11)
    numbers = {key: float(row["value"]) for key, row in stated_numbers().items()}
    assert (numbers["ggw_hectares"], numbers["ggw_carbon"], numbers["ggw_jobs"]) == (100e6, 250e6, 10e6)
    assert (numbers["pilot_sites"], numbers["proposal_countries"], numbers["actions"]) == (4, 3, 5)


def test_what_the_note_does_not_say_is_absent():
    tables = shipped_tables()
    asked = tables["requests"]
    assert asked[["action", "received", "due", "answered"]].isna().all(axis=None)
    assert "western-balkans" not in set(tables["request_parties"]["request"])
    assert tables["events"]["persons"].isna().all()


def test_own_rows_stand_before_those_that_ship():
    own = pd.DataFrame({"event": ["adelphi-2019", "forum"], "title": ["Ours", "Forum"], "source": ["x", "x"]})
    both = with_shipped({"events": own})["events"]
    assert both["event"].is_unique
    assert len(both) == 7  # six ship, one of them is ours
    assert both.set_index("event").loc["adelphi-2019", "title"] == "Ours"
    assert len(with_shipped({})["partnerships"]) == len(shipped_tables()["partnerships"])


def test_a_table_that_was_given_in_part_has_all_its_columns():
    assert table_of({"events": pd.DataFrame({"event": ["a"]})}, "events")["persons"].isna().all()


def test_sheets_of_a_workbook_are_tables(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "requests"
    book.active.append(["request", "title", "state", "received", "source"])
    book.active.append(["seeds", "Seed banks", "received", datetime.datetime(2025, 3, 4), "letter"])
    sheet = book.create_sheet("request_parties")
    sheet.append(["request", "iso3"])
    sheet.append(["seeds", "NER"])
    book.create_sheet("remarks").append(["nothing"])
    book.save(tmp_path / "cooperation.xlsx")
    tables = read_tables([tmp_path])
    assert (len(tables["requests"]), len(tables["request_parties"])) == (1, 1)
    assert tables["requests"]["received"].tolist() == [datetime.date(2025, 3, 4)]


def test_money_of_a_transaction_is_in_the_currency_of_its_project_where_it_says_none(tmp_path):
    (tmp_path / "projects.csv").write_text("project,title,currency\nP,Bunds,XOF\n", encoding="utf-8")
    (tmp_path / "transactions.csv").write_text(
        "transaction,project,kind,date,amount,currency\nT1,P,disbursement,2024-03-01,-500,\nT2,P,disbursement,2024-03-01,1.5,EUR\n",
        encoding="utf-8",
    )
    assert read_tables([tmp_path])["transactions"]["amount_minor"].tolist() == [-500, 150]


def test_an_amount_below_what_may_be_is_refused(tmp_path):
    (tmp_path / "pledges.csv").write_text(
        "pledge,event,donor,amount,currency,source\na,Summit,A,-1,EUR,x\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match=r"row 2, amount: -1 is out of bounds. It must be 0 or more"):
        read_tables([tmp_path / "pledges.csv"])["pledges"]


def test_a_workbook_that_is_none_is_told(tmp_path):
    (tmp_path / "broken.xlsx").write_bytes(b"PK not a workbook")
    with pytest.raises(DataError, match=r"broken\.xlsx: is no workbook"):
        read_tables([tmp_path])
