# SPDX-License-Identifier: Apache-2.0
"""Workbooks of exports in three languages: sentences and headings of ours; those of the Convention's form stay."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from tests.accelerator.exports.test_so5 import payment, tables
from tests.brief.english import FUNCTION_WORDS
from typer.testing import CliRunner

from homeground.accelerator.exports.kinds import Asked, export
from homeground.accelerator.exports.so5.form import END, so5
from homeground.accelerator.exports.so5.relevance import relevance_rules
from homeground.accelerator.registry.given import empty_tables
from homeground.cli.app import app
from homeground.language.languages import NBSP

CHINESE = re.compile(r"[\u4e00-\u9fff]")
OF_THE_FORM = {
    "Year",
    "Provider",
    "Country name",
    "Recipient/beneficiary",
    "Channel (first implementer)",
    "Title",
    *END,
}


def made() -> dict[str, pd.DataFrame]:
    """Payments that stand in each table, and one for each reason that leaves one out."""
    rows = [
        payment("a", "bank", 100, receiver_project="Q"), payment("b", "ner", 100), payment("c", "co", 100),
        payment("d", "fra", 100), payment("e", "ppp", 5), payment("f", "gov", 5), payment("g", "nobody", 5), payment("h", None, 5),
        payment("i", "bank", 5, iso3=None), payment("j", "bank", 90, project="Q"), payment("k", "bank", 7, project="R"),
        payment("l", "bank", 7, currency="EUR"),
    ]  # fmt: skip
    given = tables(*rows)
    projects = pd.DataFrame({"project": ["P", "Q", "R"], "title": ["P", "Q", "R"], "currency": "USD"})
    return given | {
        "projects": projects,
        "project_pillars": pd.DataFrame({"project": ["R"], "pillar": [3], "share": [100.0]}),
    }


@pytest.mark.parametrize("code", ["fr", "zh"])
def test_sentences_of_so5_are_in_the_language(tmp_path: Path, code: str) -> None:
    book = openpyxl.load_workbook(export("so5", made(), tmp_path / "so5.xlsx", Asked("NER", language=code)))
    english = openpyxl.load_workbook(export("so5", made(), tmp_path / "en.xlsx", Asked("NER")))
    assert len(book.sheetnames) == len(english.sheetnames)
    said = []
    for sheet, theirs in zip(book.worksheets, english.worksheets, strict=True):
        assert sheet.dimensions == theirs.dimensions
        said.append(str(sheet.cell(2, 1).value))
        for at in range(1, sheet.max_column + 1):
            ours, own = sheet.cell(3, at).value, theirs.cell(3, at).value
            if own in ("Why", "How", "Rows of the registry", "Decision", "Relevant by"):
                assert ours != own
            if own in OF_THE_FORM - {"Relevant by", "Amount as told", "Confirmed by", "Rows of the registry", "Source"}:
                assert ours == own
            if own in ("Why", "How", "why"):
                said += [str(sheet.cell(line, at).value) for line in range(4, sheet.max_row + 1)]
    assert len(said) > 40
    for sentence in said:
        assert not FUNCTION_WORDS.search(sentence.replace("Type of flow", "")), sentence  # a heading of the form
        assert code != "zh" or CHINESE.search(sentence), sentence


def test_the_same_rows_stand_in_the_same_tables_in_every_language() -> None:
    of = {code: so5(made(), "NER", code) for code in ("en", "fr", "zh")}
    for name in ("SO5-1", "SO5-2", "SO5-3", "Left out"):
        key = "Row of the registry" if name == "Left out" else "Rows of the registry"
        rows = [sheets[name][key].tolist() for sheets in of.values()]
        assert rows[0] == rows[1] == rows[2] != []
    assert of["fr"]["Relevance"]["Rule"].tolist() == [
        "marqueur désertification",
        "marqueur désertification",
        "autres piliers",
    ]
    assert of["zh"]["Left out"].set_index("Row of the registry").loc["k", "Why"] == "其申报了支柱，但不包括土地恢复"


def test_each_rule_has_a_sentence_of_its_own_in_each_language() -> None:
    for code in ("en", "fr", "zh"):
        why = relevance_rules(code)["why"]
        assert why.is_unique
        assert not set(why) & set(relevance_rules("en" if code != "en" else "fr")["why"])


def test_the_observatory_in_french_by_the_command(tmp_path: Path) -> None:
    (tmp_path / "projects.csv").write_text("project,title,portfolio\nP,Terres,legacy\nQ,Eau,\n", encoding="utf-8")
    (tmp_path / "transactions.csv").write_text(
        "transaction,project,kind,date,amount,currency,instrument\nT,P,commitment,2024-01-01,5,XOF,grant\n",
        encoding="utf-8",
    )
    out = tmp_path / "o.xlsx"
    words = ["accelerator", "export", "observatory", str(tmp_path), "--out", str(out), "--language", "fr"]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 0, found.output
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Portefeuilles", "Projets", "Finances", "Résultats"]
    assert [cell.value for cell in book["Finances"][4]][:5] == ["P", "engagé", "don", "XOF", 5]
    portfolios = {
        str(row[0].value).replace(NBSP, " "): row[1].value for row in book["Portefeuilles"].iter_rows(min_row=4)
    }
    assert portfolios["Portefeuille non précisé"] == 1
    assert sum(portfolios.values()) == 2
    for sheet in book.worksheets:
        assert not FUNCTION_WORDS.search(str(sheet.cell(2, 1).value))


def test_a_language_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="xx"):
        export("so5", empty_tables(), tmp_path / "so5.xlsx", Asked("NER", language="xx"))
    assert not (tmp_path / "so5.xlsx").exists()
