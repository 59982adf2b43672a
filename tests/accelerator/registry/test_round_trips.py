# SPDX-License-Identifier: Apache-2.0
"""What is written out comes back exactly, and no spreadsheet takes a text for a formula."""

from __future__ import annotations

import csv
import datetime
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeground.accelerator.registry.opening import Registry, open_registry
from homeground.accelerator.registry.sheets import csv_text, templates, write_csvs, write_templates, write_workbook
from homeground.errors import DataError

# What a text may hold: no control signs; outer blanks are not kept
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn")) | st.sampled_from("=+-@#'\"\n,;."), min_size=1, max_size=12
)
KEPT = TEXT.map(str.strip).filter(bool)
DATES = st.dates(datetime.date(1900, 1, 1), datetime.date(2150, 1, 1))
CURRENCY = st.sampled_from(["USD", "XOF", "TND", "JPY"])
PROJECT = st.tuples(KEPT, KEPT, st.none() | CURRENCY, st.none() | DATES, st.none() | KEPT)
MONEY = st.tuples(KEPT, st.integers(-(2**52), 2**52), CURRENCY, DATES, st.none() | KEPT)


def filled(registry: Registry, projects: list[tuple[object, ...]], money: list[tuple[object, ...]]) -> None:
    table = pd.DataFrame(projects, columns=["project", "title", "currency", "start", "description"])
    registry.write("projects", table, actor="analyst", source="made")
    rows = pd.DataFrame(money, columns=["transaction", "amount_minor", "currency", "date", "description"])
    own = {"project": projects[0][0], "kind": "disbursement"}
    if money:
        registry.write("transactions", rows.assign(**own), actor="analyst", source="made")


@given(
    st.lists(PROJECT, min_size=1, max_size=4, unique_by=lambda row: row[0]),
    st.lists(MONEY, max_size=4, unique_by=lambda row: row[0]),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_export_import_export_is_the_same_to_the_byte(
    projects: list[tuple[object, ...]], money: list[tuple[object, ...]]
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_registry(Path(folder, "one.db"), create=True) as one,
        open_registry(Path(folder, "two.db"), create=True) as two,
    ):
        filled(one, projects, money)
        first = write_csvs(one.tables(), Path(folder, "csv"))
        reports = two.import_files(first, actor="analyst")
        assert sum(report.left_out for report in reports) == 0, [report.issues for report in reports]
        assert [csv_text(name, table) for name, table in two.tables().items()] == [
            csv_text(name, table) for name, table in one.tables().items()
        ]
        assert sum(report.changed + report.added for report in one.import_files(first, actor="analyst")) == 0
        for path in first:
            with path.open(encoding="utf-8", newline="") as file:
                cells = [cell for row in csv.reader(file) for cell in row]
            lead = [cell for cell in cells if cell[:1] in tuple("=+@\t\r#")]
            assert not lead  # numbers below zero begin with -, and are numbers
        write_workbook(one.tables(), Path(folder, "all.xlsx"))
        report = two.import_file(Path(folder, "all.xlsx"), "analyst")
        assert (report.added, report.changed, report.left_out) == (0, 0, 0), report.issues


def test_texts_that_look_like_formulas_stay_texts(tmp_path: Path) -> None:
    with open_registry(tmp_path / "wall.db", create=True) as registry:
        filled(
            registry,
            [("=P1", '=HYPERLINK("x")', None, None, "+1")],
            [("@T", -5, "USD", datetime.date(2024, 1, 1), "-x")],
        )
        write_workbook(registry.tables(), tmp_path / "all.xlsx")
        text = csv_text("transactions", registry.table("transactions"))
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    kinds = {cell.value: (cell.data_type, cell.quotePrefix) for cell in book["projects"][2] if cell.value}
    assert kinds == {"=P1": ("s", True), '=HYPERLINK("x")': ("s", True), "+1": ("s", True)}
    assert book["transactions"]["E2"].value == -0.05  # a number is written as a number
    assert "'@T,'=P1,disbursement,2024-01-01,-0.05,USD" in text
    assert "'-x" in text


def test_templates_are_taken_as_they_are_and_filled_in(tmp_path: Path) -> None:
    written = write_templates(tmp_path)
    assert {path.stem for path in written if path.suffix == ".xlsx"} == set(templates())
    with open_registry(tmp_path / "wall.db", create=True) as registry:
        reports = registry.import_files(written, actor="analyst")
        assert [(report.rows, report.clean) for report in reports] == [(0, True)] * len(written)
        book = openpyxl.load_workbook(tmp_path / "projects.xlsx")
        sheet = book["projects"]
        names = [cell.value for cell in sheet[2]]
        sheet.cell(3, names.index("project") + 1, "P1")
        sheet.cell(3, names.index("title") + 1, "Wall")
        sheet.cell(3, names.index("start") + 1, datetime.date(2024, 3, 4))
        book.save(tmp_path / "projects.xlsx")
        assert registry.import_file(tmp_path / "projects.xlsx", "analyst").added == 1
        assert registry.table("projects")["start"].tolist() == [datetime.date(2024, 3, 4)]
    with pytest.raises(DataError, match="is no template"):
        write_templates(tmp_path, ["prospects"])
