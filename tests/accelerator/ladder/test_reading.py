# SPDX-License-Identifier: Apache-2.0
"""The tables of the registry from a folder of spreadsheets."""

from __future__ import annotations

import datetime

import openpyxl
import pandas as pd
import pytest

from homeground.accelerator.ladder.finance_ladder import finance_ladder
from homeground.accelerator.registry.given import read_tables
from homeground.errors import DataError

HEAD = "transaction;project;kind;date;amount;currency"


def test_decimal_commas_and_old_encodings_are_read(tmp_path):
    text = f"{HEAD};source\nT1;Forêt;commitment;2024-01-31;1 250 000,75;EUR;rapport\nT2;Forêt;disbursement;2024-02-01;-5;XOF;\n"
    (tmp_path / "transactions.csv").write_bytes(text.encode("cp1252"))
    table = read_tables([tmp_path])["transactions"]
    assert table["amount_minor"].tolist() == [125_000_075, -5]
    assert table["project"].tolist() == ["Forêt", "Forêt"]
    assert table["date"].iloc[0] == datetime.date(2024, 1, 31)


def test_a_workbook_with_a_sheet_a_table(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "projects"
    for row in (["project", "title", "status"], ["P", "Half-moons", "suspended"]):
        sheet.append(row)
    sheet = book.create_sheet("transactions")
    for row in (HEAD.split(";"), ["T1", "P", "expenditure", pd.Timestamp("2024-01-31").to_pydatetime(), 12.5, "USD"]):
        sheet.append(row)
    book.save(tmp_path / "template.xlsx")
    tables = read_tables([tmp_path])
    assert {name for name, table in tables.items() if len(table)} == {
        "projects",
        "transactions",
        "frameworks",
        "indicators",
    }
    assert finance_ladder(tables, by=[]).cells["suspended_minor"].tolist() == [1250]


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    (tmp_path / "transactions.csv").write_text(
        f"{HEAD}\nT1;P;payment;2024-01-31;1;EUR\nT2;P;disbursement;03/04/2024;1;EUR\nT3;P;disbursement;2024-01-31;0,5;XOF\n"
    )
    (tmp_path / "exchange_rates.csv").write_text("currency,year,usd,source\nXXY,2024,1,web\n")
    with pytest.raises(DataError) as caught:
        read_tables([tmp_path])
    for text in ("payment", "XXY", "exchange_rates.csv", "transactions.csv"):
        assert text in str(caught.value)


def test_dates_that_can_be_read_in_two_ways_and_missing_currencies_are_refused_by_row(tmp_path):
    (tmp_path / "transactions.csv").write_text(
        f"{HEAD}\nT2;P;disbursement;03/04/2024;1;EUR\nT3;P;disbursement;2024-01-31;0,5;XOF\nT4;P;disbursement;2024-01-31;1;\n"
    )
    with pytest.raises(DataError) as caught:
        read_tables([tmp_path])
    for text in (
        'row 2, date: "03/04/2024"',
        "row 3, amount: 0.5 XOF has more decimals",
        "row 4, currency: an amount without",
    ):
        assert text in str(caught.value)


def test_a_folder_without_tables_says_what_they_are_called(tmp_path):
    (tmp_path / "money.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=r"transactions\.csv"):
        read_tables([tmp_path])
