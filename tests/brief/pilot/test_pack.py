# SPDX-License-Identifier: Apache-2.0
"""The pack of a pilot: the same numbers in three languages, a workbook whose formulas give the sample of the text."""

from __future__ import annotations

import datetime
import importlib.util
import io
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from homeground.brief.pilot.compose import compose_pack, open_pack
from homeground.brief.pilot.write import write_pack
from homeground.brief.proposal.origins import all_numbers, missing_of
from homeground.language.languages import LANGUAGES
from homeground.study.opening import open_study

ON = datetime.date(2026, 11, 30)
PROJECTS = """project,iso3,restores_land,tenure_secure,land_users_agree,money_apart,conflict
grove,GMB,yes,yes,yes,yes,no
dunes,SEN,yes,unknown,yes,yes,no
mine,GHA,no,yes,yes,yes,no
"""


@pytest.fixture
def study():
    return open_study("three-s")


def _evaluator():
    path = Path(__file__).parents[1] / "proposal" / "evaluator.py"
    spec = importlib.util.spec_from_file_location("pilot_evaluator", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Book


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_all_languages_state_the_same_numbers(study, code):
    report, english = (compose_pack(open_pack(study, c), on=ON) for c in (code, "en"))
    assert sorted(f.key for f in report.facts) == sorted(f.key for f in english.facts)
    assert len(missing_of(report)) == len(missing_of(english)) > 5


def test_defaults_are_told_as_defaults_and_own_settings_by_their_source(study, tmp_path):
    path = tmp_path / "design.csv"
    path.write_text("setting,value,source\nicc,0.02,our first wave\n")
    for design, source, kind, gap in (
        (None, "expert default", "default", True),
        (path, "our first wave", "published", False),
    ):
        pack = open_pack(study, "en", design=design)
        report = compose_pack(pack, on=ON)
        row = next(r for r in all_numbers(pack.book, report) if r["number"] == "icc")
        assert source in row["source"]
        assert row["kind"] == kind
        assert any("settings of your own" in one for one in missing_of(report)) is gap


def test_projects_are_told_with_reasons(study, tmp_path):
    path = tmp_path / "projects.csv"
    path.write_text(PROJECTS)
    report = compose_pack(open_pack(study, "en", projects=path), on=ON)
    rows = {row[0].plain: [cell.plain for cell in row[1:]] for row in report.sections[2].paragraphs[0].tables[1].rows}
    assert rows["grove"][0] == "fits"
    assert "To be asked" in rows["grove"][1]
    assert rows["dunes"][0] == "ask first"
    assert "rights to the land are secure" in rows["dunes"][1]
    assert rows["mine"][0] == "does not fit"
    assert "Not met: restores land." in rows["mine"][1]


def test_the_workbook_recomputes_the_sample(study, tmp_path):
    written = write_pack(study, "en", tmp_path, on=ON)
    assert [path.suffix for path in written] == [".docx", ".pdf", ".xlsx"]
    made = load_workbook(written[-1])
    book = _evaluator()(made)
    labels = {made["Sample"].cell(row, 1).value: row for row in range(1, made["Sample"].max_row + 1)}
    pack = open_pack(study, "en")
    for name, value in (
        ("result.clusters_shares", pack.shares.clusters), ("result.clusters_means", pack.means.clusters),
        ("result.effect", pack.shares.design_effect), ("result.alone_shares", pack.shares.alone),
        ("result.recruited_all", pack.clusters * 20 * 4),
    ):  # fmt: skip
        row = labels[pack.book.say(f"pilot.{name}").plain]
        assert book.cell("Sample", row, 2) == pytest.approx(value, rel=1e-6), name
    made["Sample"].cell(labels[pack.book.say("pilot.setting.icc").plain], 2).value = 0.0
    row = labels[pack.book.say("pilot.result.effect").plain]
    assert _evaluator()(made).cell("Sample", row, 2) == 1.0
    funnel = made["Funnel"]
    assert funnel.max_row == 3 + 4 * 5  # arms times segments, all counts empty
    assert {funnel.cell(r, c).value for r in range(4, 24) for c in range(3, 10)} == {None}


def test_the_document_has_what_was_asked_for(study, tmp_path):
    docx = write_pack(study, "fr", tmp_path, on=ON)[0]
    heads = [p.text for p in Document(io.BytesIO(docx.read_bytes())).paragraphs if p.style.name == "Heading 1"]
    assert heads[0] == "Ce qui manque"
    for head in ("Bras", "Quand arrêter", "Ce qui réfuterait le modèle", "Taille d’échantillon et puissance"):
        assert head in heads
