# SPDX-License-Identifier: Apache-2.0
"""Tables as people give them: what is wrong is told by file, row and column, all at once; nothing is guessed."""

from __future__ import annotations

import datetime
import importlib
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from homeground.accelerator.exports.kinds import export
from homeground.accelerator.registry.given import is_registry, read_tables
from homeground.accelerator.results.report import results_of
from homeground.accelerator.results.review_in_registry import review_in
from homeground.errors import DataError

HEAD = "actual,indicator,project,start,end,counting,value,state,submitted_by,approved_by\n"
ROW = "a,ggw.restored,P,2021-01-01,2021-12-31,per period,10,approved,editor,donor\n"


def actuals(folder: Path, text: str) -> Path:
    path = folder / "actuals.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_that_may_be_empty_may_be_left_out(tmp_path: Path) -> None:
    table = read_tables([actuals(tmp_path, HEAD + ROW)])["actuals"]
    assert table[["start", "value"]].values.tolist() == [[datetime.date(2021, 1, 1), 10.0]]
    assert table["weight"].isna().all()


def test_days_of_two_kinds_are_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r'row 2, start: "03/04/2021" can be read in two ways'):
        read_tables([actuals(tmp_path, HEAD + ROW.replace("2021-01-01", "03/04/2021"))])


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = (
        HEAD
        + ROW
        + ROW.replace("a,", "b,", 1).replace("approved", "aproved")
        + ROW.replace("a,", "c,", 1).replace(",10,", ",ten,")
    )
    actuals(tmp_path, text)
    rates = tmp_path / "exchange_rates.csv"
    rates.write_text("currency,year,usd,source\nXOF,2021,-1,x\n", encoding="utf-8")
    with pytest.raises(DataError) as told:
        read_tables([tmp_path])
    for said in (
        'actuals.csv, row 3, state: "aproved"',
        "Did you mean approved?",
        'row 4, value: "ten"',
        "exchange_rates.csv, row 2, usd",
        "0 or more",
    ):
        assert said in str(told.value)


def test_money_needs_a_currency_and_no_more_decimals_than_it_has(tmp_path: Path) -> None:
    path = tmp_path / "transactions.csv"
    head = "transaction,project,kind,date,amount,currency\n"
    path.write_text(head + "t,P,disbursement,2021-01-01,10,\nu,P,disbursement,2021-01-01,0.5,XOF\n", encoding="utf-8")
    with pytest.raises(DataError) as told:
        read_tables([path])
    assert "row 2, currency: an amount without a currency" in str(told.value)
    assert "row 3, amount: 0.5 XOF has more decimals" in str(told.value)
    path.write_text(head + "t,P,disbursement,2021-01-01,1234.56,EUR\n", encoding="utf-8")
    assert read_tables([path])["transactions"]["amount_minor"].tolist() == [123_456]


def test_sheets_of_a_workbook_are_found_by_their_columns_and_empty_ones_let_be(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.worksheets[0]
    first.append(["currency", "year", "usd", "source"])
    first.append(["XOF", 2021, 0.0018, "made"])
    book.create_sheet("x").append(["project", "iso3", "share"])
    book.save(tmp_path / "filled.xlsx")
    tables = read_tables([tmp_path])
    assert tables["exchange_rates"]["usd"].tolist() == [0.0018]
    assert tables["project_countries"].empty


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no table of the registry"):
        read_tables([tmp_path])
    with pytest.raises(DataError, match="is not there"):
        read_tables([tmp_path / "none"])
    (tmp_path / "trees.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match=r'"trees" is no table of the registry'):
        read_tables([tmp_path / "trees.csv"])


@pytest.mark.parametrize("content", [b"", b"\x00\xff\x00", b"PK\x03\x04cut", b'actual,"never ends\n'])
def test_whatever_a_file_holds_it_is_one_message(content: bytes, tmp_path: Path) -> None:
    for name in ("actuals.csv", "actuals.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(DataError):
            read_tables([path])


def test_a_plain_installation_reads_spreadsheets_and_says_what_a_registry_needs(tmp_path: Path) -> None:
    path = actuals(tmp_path, HEAD + ROW)
    (tmp_path / "r.db").write_bytes(b"SQLite format 3\x00")
    code = (
        "import sys\nfor name in ('sqlalchemy', 'alembic', 'lxml'): sys.modules[name] = None\n"
        "from homeground.accelerator.registry.given import read_tables\n"
        "from homeground.errors import DataError\n"
        f"print(read_tables([{str(path)!r}])['actuals']['value'].tolist())\n"
        f"try: read_tables([{str(tmp_path / 'r.db')!r}])\n"
        "except DataError as error: print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.startswith("[10.0]")
    assert "homeground[accelerator]" in said


def test_a_registry_and_files_beside_it_are_one(tmp_path: Path) -> None:
    accelerator = importlib.import_module("homeground.accelerator")
    pytest.importorskip("sqlalchemy")
    with closing(accelerator.open_registry(tmp_path / "r.db", create=True)) as registry:
        registry.import_file(_projects(tmp_path), actor="editor")
    paid = tmp_path / "transactions.csv"
    paid.write_text("transaction,project,kind,date,amount\nt,P,disbursement,2021-01-01,10\n", encoding="utf-8")
    table = read_tables([tmp_path / "r.db", paid])["transactions"]
    assert table[["amount_minor", "currency"]].values.tolist() == [[10, "XOF"]]  # of the project in the registry
    paid.write_text("transaction,project,kind,date,amount\nt,Q,disbursement,2021-01-01,10\n", encoding="utf-8")
    with pytest.raises(DataError, match='"Q" is not among the projects'):
        read_tables([tmp_path / "r.db", paid])


def test_a_workbook_named_by_one_table_is_read_whole(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "projects"
    book.worksheets[0].append(["project", "title", "currency"])
    book.worksheets[0].append(["P", "Land", "XOF"])
    book.create_sheet("transactions").append(["transaction", "project", "kind", "date", "amount"])
    book["transactions"].append(["t", "P", "disbursement", "2021-01-01", 10])
    book.save(tmp_path / "projects.xlsx")  # as the template is named
    assert read_tables([tmp_path])["transactions"]["amount_minor"].tolist() == [10]


def test_a_sheet_that_could_be_of_two_tables_is_not_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    heads = ["profile", "title", "kind", "consent", "active"]
    for row in (heads, ["A", "Field", "land", "yes", "yes"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "brought.xlsx")
    with pytest.raises(DataError, match="columns are those of offers and of needs"):
        read_tables([tmp_path])
    (tmp_path / "brought.xlsx").rename(tmp_path / "offers.xlsx")
    assert read_tables([tmp_path])["offers"]["profile"].tolist() == ["A"]


def test_amounts_beyond_what_a_float_holds_are_exact(tmp_path: Path) -> None:
    path = tmp_path / "transactions.csv"
    head = "transaction,project,kind,date,amount,currency\n"
    path.write_text(head + "t,P,disbursement,2021-01-01,9007199254740993,XOF\n", encoding="utf-8")  # 2**53 + 1
    assert read_tables([path])["transactions"]["amount_minor"].tolist() == [9_007_199_254_740_993]


def test_what_a_registry_is(tmp_path: Path) -> None:
    (tmp_path / "r.db").write_bytes(b"SQLite format 3\x00" + bytes(84))
    (tmp_path / "r.csv").write_bytes(b"SQLite")
    assert [is_registry(str(tmp_path / name)) for name in ("r.db", "r.csv", "none")] == [True, False, False]


def test_a_registry_gives_what_the_files_gave(tmp_path: Path) -> None:
    accelerator = importlib.import_module("homeground.accelerator")
    if not hasattr(accelerator, "open_registry"):
        pytest.skip("this tree has no registry yet")
    pytest.importorskip("sqlalchemy")
    rows = HEAD + ROW + ROW.replace("a,", "b,", 1).replace("approved", "pending").replace(",donor", ",")
    tables = read_tables([actuals(tmp_path, rows), _projects(tmp_path)])
    with closing(accelerator.open_registry(tmp_path / "r.db", create=True)) as registry:
        registry.import_file(export("xlsx", tables, tmp_path / "all.xlsx"), actor="editor")
    again = read_tables([tmp_path / "r.db"])
    ours, theirs = (results_of(one).results for one in (tables, again))
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False)
    assert ours["value"].tolist() == [10.0]


def _projects(folder: Path) -> Path:
    path = folder / "projects.csv"
    path.write_text("project,title,currency\nP,Land,XOF\n", encoding="utf-8")
    return path


def test_cells_at_the_far_corner_and_bombs_do_not_hang(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for at, name in enumerate(["currency", "year", "usd", "source"], start=1):
        sheet.cell(1, at, name)
        sheet.cell(2, at, ["XOF", 2021, 0.0018, "made"][at - 1])
    sheet["XFD1048576"] = "far"
    path = tmp_path / "exchange_rates.xlsx"
    book.save(path)
    start = time.monotonic()
    with pytest.raises(DataError, match="row 1048576"):  # a row without a currency, told as such
        read_tables([path])
    assert time.monotonic() - start < 30
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as held:
        held.writestr("xl/media/bomb", bytes(30_000_000))
    with pytest.raises(DataError, match="would unpack to 30 MB"):
        read_tables([path])


def test_reviews_in_a_registry(tmp_path: Path) -> None:
    accelerator = importlib.import_module("homeground.accelerator")
    if not hasattr(accelerator, "open_registry"):
        pytest.skip("this tree has no registry yet")
    pytest.importorskip("sqlalchemy")
    where = str(tmp_path / "r.db")
    rows = HEAD + ROW.replace("approved,editor,donor", "draft,,")
    tables = read_tables([actuals(tmp_path, rows), _projects(tmp_path)])
    with closing(accelerator.open_registry(where, create=True)) as registry:
        registry.import_file(export("xlsx", tables, tmp_path / "all.xlsx"), actor="editor")
    review_in(where, "actuals", "a", "pending", by="editor")
    with pytest.raises(DataError, match="cannot approve it"):
        review_in(where, "actuals", "a", "approved", by="editor")
    assert results_of(read_tables([where])).counted == 0
    review_in(where, "actuals", "a", "approved", by="donor", on=datetime.date(2024, 5, 1))
    found = results_of(read_tables([where]))
    assert (found.counted, found.results["value"].tolist()) == (1, [10.0])


def test_what_is_not_reviewed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="rows of pledges are not reviewed"):
        review_in("x", "pledges", "a", "approved", by="donor")
    with pytest.raises(DataError, match="is no registry"):
        review_in(str(actuals(tmp_path, HEAD + ROW)), "actuals", "a", "approved", by="donor")
