# SPDX-License-Identifier: Apache-2.0
"""The progress report: its structure, its numbers and where they lead, what is missing, and the files that people get."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass

import pandas as pd
import pypdf
import pytest
from docx import Document
from tests.brief.accelerator.cop_report.conftest import ON
from tests.brief.english import left_in_english

from homeground.accelerator.cooperation.shipped import shipped_tables
from homeground.brief.accelerator.cop_report.annex import all_numbers
from homeground.brief.accelerator.cop_report.compose import compose_report
from homeground.brief.accelerator.cop_report.sections import money, reached
from homeground.brief.accelerator.cop_report.word_file import word_file
from homeground.brief.accelerator.cop_report.words import month_of
from homeground.brief.accelerator.cop_report.write import render_report, write_cop_report
from homeground.errors import DataError, StudyError
from homeground.language.figures import numbers_in
from homeground.language.languages import NBSP
from homeground.language.quantities import quantity

CODES = ("en", "fr", "zh")
GIVEN = [(name, code) for name in ("note", "made", "none") for code in CODES]
TITLES = ["I. Background", "II. Progress in implementing decision 22/COP.14", "A. Support to Parties"]
TITLES += ["B. Regional and international cooperation and initiatives", "C. Sharing information across sectors"]
TITLES += ["III. Conclusions and recommendations"]
# Numbers of the words themselves: decision, session and the names 3S and ASAP+.
NAMES = {"22", "14", "15", "3"}


def plain(text) -> str:
    return text.plain.replace(NBSP, " ").replace("\u202f", " ")


def all_of(report) -> str:
    return "\n".join(plain(text) for text in report.texts)


def numbers(report, text) -> set[str]:
    """Numbers that a text may hold: of its facts, and of the words that rows hold."""
    told = [part for fact in text.facts for part in quantity(fact, report.language)]
    told += [fact.period for fact in text.facts]
    return set().union(NAMES, *(numbers_in(one) for one in (*told, *report.quoted)))


@pytest.mark.parametrize("given", GIVEN, ids="-".join)
def test_every_number_is_a_fact_or_words_of_a_row(composed, given):
    report, _ = composed[given]
    assert len(report.texts) > 40
    for text in report.texts:
        assert numbers_in(text.plain) <= numbers(report, text), text.plain


@pytest.mark.parametrize("given", GIVEN, ids="-".join)
def test_every_fact_leads_back_to_rows_that_are_there(composed, made, given):
    report, book = composed[given]
    known = {(f.key, f.value): origin for f, origin in report.origins}
    for fact in report.facts:
        rows = known[fact.key, fact.value].rows
        assert rows or fact.value in (0, 5), fact
        for table, row in rows:
            assert table == "stated_numbers" or row.split()[0] in set(book.tables[table].iloc[:, 0].astype("str"))


@pytest.mark.parametrize("given", GIVEN, ids="-".join)
def test_a_count_is_as_many_as_its_rows(composed, given):
    report, _ = composed[given]
    counted = [(f, o) for f, o in report.origins if f.key.startswith(("lack_", "all_", "requests_under", "agreed"))]
    assert counted or given[0] == "none"
    assert [(f.key, f.value) for f, o in counted if f.value != len(o.rows)] == []


@pytest.mark.parametrize("given", GIVEN, ids="-".join)
def test_every_paragraph_ends_with_what_is_missing(composed, given):
    report, _ = composed[given]
    start = {"en": "Missing: ", "fr": "Il manque : ", "zh": "缺少："}[given[1]]
    assert len(report.paragraphs) >= 17
    assert [plain(one.missing) for one in report.paragraphs if not plain(one.missing).startswith(start)] == []


def test_the_sections_are_those_of_the_note(composed):
    report, _ = composed["note", "en"]
    found = [section.title for section in report.sections]
    assert [title for title in found if title in TITLES] == TITLES
    assert [section.level for section in report.sections if section.title in TITLES] == [1, 1, 2, 2, 2, 1]


def test_all_three_languages_say_the_same_facts_in_the_same_paragraphs(composed):
    for name in ("note", "made", "none"):
        english, french, chinese = (of_paragraphs(composed[name, code][0]) for code in CODES)
        assert english == french == chinese


def of_paragraphs(report) -> list[list[tuple[str, float]]]:
    """Facts of each paragraph; Chinese words stand in another order."""
    texts = [(*one.said, one.missing, *one.items) for one in report.paragraphs]
    return [sorted((f.key, f.value) for text in group for f in text.facts) for group in texts]


@pytest.mark.parametrize("code", ["fr", "zh"])
def test_nothing_that_ships_is_left_in_english(composed, code):
    report, _ = composed["note", code]
    texts = [text.plain for text in report.texts] + [section.title for section in report.sections]
    texts += [head for one in report.paragraphs for table in one.tables for head in table.head]
    texts += [report.title, report.subtitle, *(title for title, _, _ in report.annexes)]
    assert left_in_english([(str(i), text) for i, text in enumerate(texts)], code) == []


def test_the_note_alone_gives_a_true_first_report(composed):
    said = all_of(composed["note", "en"][0])
    for words in (
        "Kazakhstan, Kyrgyzstan, Tajikistan, Turkmenistan, and Uzbekistan",
        "with funds of: Russian Federation",
        "100 million hectares, to store 250 million tonnes of carbon and to create 10 million green jobs",
        "Requests on record: 2; Parties named in them: 5. By state: under way 2",
        "(memorandum; 2014; in force)",
        "The pilot in Ethiopia is proposed for 4 sites",
        "(dialogue; November 2019)",
        "the Parties in 1 of 2 (requests)",
        "No row tells what was promised",
    ):
        assert words in said


def test_it_never_promises_migrants_prevented(composed):
    for code, word in (("en", "prevent"), ("fr", "évit"), ("zh", "防止")):
        said = [plain(text) for text in composed["note", code][0].texts if word in plain(text)]
        assert len(said) == (1 if code == "fr" else 2)  # mobility is no fault to be prevented; none is counted as such


def test_made_rows_give_numbers_worked_out_by_hand(composed):
    report, _ = composed["made", "en"]
    facts = {f.key: f.value for f in report.facts}
    assert (facts["requests"], facts["requests_parties"], facts["overdue"]) == (3, 3, 1)
    assert facts["days_seeds"] == 50  # 21 days of January, 28 of February, 1 of March
    assert (facts["policies"], facts["policies_tenure"], facts["policies_mobility"], facts["policies_restoration"]) == (
        2,
        1,
        1,
        0,
    )
    assert (facts["cards"], facts["cards_waiting"]) == (1, 1)  # one of three was published by who submitted it
    assert facts["actions_empty"] == 2  # (d) and (e)
    pledged = {key[-3:]: value for key, value in facts.items() if key.startswith("ladder_amount_minor_pledged")}
    assert pledged == {"EUR": 2_500_000, "XOF": 2_500_000}  # cents of the euro, whole francs
    assert facts["card_zai_establishment"] == 45000
    said = all_of(report)
    assert "XOF 45,000 (2020)" in said
    assert "any row on (d) and (e)" in said
    assert "Own bunds" not in said


def test_kosovo_has_its_footnote_where_it_is_named_and_nowhere_else(composed):
    assert composed["made", "en"][0].notes == (
        "* References to Kosovo shall be understood in the context of Security Council resolution 1244 (1999).",
    )
    assert "Kosovo*" in all_of(composed["made", "en"][0])
    assert composed["note", "en"][0].notes == ()


def test_the_day_decides_what_is_overdue(made):
    import datetime

    for day, late in ((datetime.date(2025, 6, 30), 0), (datetime.date(2025, 7, 1), 1)):
        report, _ = compose_report(made, "en", on=day)
        assert next(f.value for f in report.facts if f.key == "overdue") == late


@dataclass(frozen=True)
class MadeLadder:
    """What `finance_ladder` gives, as far as the report reads it."""

    cells: pd.DataFrame
    rows: pd.DataFrame
    notices: tuple[str, ...] = ("one",)


def test_a_ladder_is_told_by_step_and_instrument_and_nothing_is_added_up(made, monkeypatch):
    columns = ["instrument", "step", "currency", "amount_minor", "gross_minor"]
    cells = [
        ("grant", "committed", "EUR", 1_250_000_00, 2_000_000_00),
        ("loan", "committed", "XOF", 3_000_000, 3_000_000),
    ]
    rows = [("grant", "committed", "EUR", "transactions", key, "annual report") for key in ("t1", "t2")]
    rows.append(("loan", "committed", "XOF", "transactions", "t3", None))
    behind = pd.DataFrame(rows, columns=["instrument", "step", "currency", "table", "key", "source"])
    ladder = MadeLadder(pd.DataFrame(cells, columns=columns), behind)
    monkeypatch.setattr(money, "finance_ladder", lambda tables, by: ladder)
    report, _ = compose_report(made, "en", on=ON)
    one = next(p for p in report.paragraphs if "Grants, loans and guarantees" in all_of_one(p))
    assert [[plain(cell) for cell in row] for row in one.tables[0].rows] == [
        ["committed", "grant", "1.25 million euros", "2 million euros"],
        ["committed", "loan", "XOF 3 million", "XOF 3 million"],
    ]
    origins = {f.key: (f.source, o.rows) for f, o in report.origins}
    both = ("annual report", (("transactions", "t1"), ("transactions", "t2")))
    assert origins["ladder_amount_minor_committed_grant_EUR"] == both
    assert "told by the command ladder: 1" in plain(one.missing)


def all_of_one(one) -> str:
    return " ".join(plain(text) for text in one.said)


@dataclass(frozen=True)
class MadeResults:
    """What `results_of` gives, as far as the report reads it."""

    results: pd.DataFrame
    counted: int


def test_results_are_told_by_indicator_and_a_gap_is_no_zero(made, monkeypatch):
    columns = ["indicator", "title", "unit", "value", "start", "end", "actuals"]
    rows = [
        ("ha", "land restored", "ha", 250.0, "2023-01-01", "2025-12-31", "r1 r2"),
        ("jobs", "jobs", "jobs", None, "", "", ""),
    ]
    found = MadeResults(pd.DataFrame(rows, columns=columns), 2)
    monkeypatch.setattr(reached, "results_of", lambda tables: found)
    actuals = pd.DataFrame({"actual": ["r1", "r2", "r3"]})
    report, _ = compose_report(made | {"actuals": actuals}, "en", on=ON)
    one = next(p for p in report.paragraphs if "By indicator" in all_of_one(p))
    assert "Actuals on record: 3; approved by another role, so that they count: 2" in all_of_one(one)
    assert [[plain(c) for c in row] for row in one.tables[0].rows] == [
        ["land restored", "", "250 hectares"],
        ["jobs", "jobs", "not said"],
    ]
    assert "any approved number of: jobs" in plain(one.missing)
    fact, origin = next((f, o) for f, o in report.origins if f.key == "result_ha")
    assert fact.period == "2023–2025"
    assert origin.rows == (("actuals", "r1"), ("actuals", "r2"))


def test_results_that_cannot_be_made_are_told(made, monkeypatch):
    def refuse(tables):
        raise DataError("actuals are of indicators that are not declared: ha. Declare them.")

    monkeypatch.setattr(reached, "results_of", refuse)
    report, _ = compose_report(made | {"actuals": pd.DataFrame({"actual": ["r1"]})}, "en", on=ON)
    assert any("not declared: ha" in plain(one.missing) for one in report.paragraphs)


def test_a_study_that_has_run_is_told_in_the_words_of_its_brief(small_results, small_study):
    report, book = compose_report(shipped_tables(), "en", on=ON, runs=[(small_results, small_study)])
    one = next(p for p in report.paragraphs if "Two rivers" in all_of_one(p))
    assert len(one.items) >= 3
    facts = {f.key: f for text in one.items for f in text.facts}
    assert facts["people_total"].value == 6e6  # one, two and three million
    rows = [r for r in all_numbers(book, report.paragraphs) if r["number"] == "people_total"]
    assert {(r["table"], r["row"]) for r in rows} == {(f"results/{small_study.id}/base", "people_total")}
    assert all(r["source"] for r in rows)
    for text in report.texts:
        assert numbers_in(text.plain) <= numbers(report, text), text.plain


@pytest.mark.parametrize("code", CODES)
def test_the_docx_can_be_opened_and_says_all(composed, code):
    report, _ = composed["note", code]
    content = word_file(report)
    document = Document(io.BytesIO(content))
    lines = [p.text for p in document.paragraphs]
    assert [p.text for p in document.paragraphs if p.style.name.startswith("Heading")] == [
        *(s.title for s in report.sections),
        *(title for title, _, _ in report.annexes),
    ]
    numbered = [line for line in lines if re.match(r"^\d+\.\t", line)]
    assert [int(line.split(".")[0]) for line in numbered] == list(range(1, len(report.paragraphs) + 1))
    assert len(document.tables) == sum(len(p.tables) for p in report.paragraphs) + len(report.annexes)
    text = "\n".join(lines)
    assert [one.missing.plain for one in report.paragraphs if one.missing.plain not in text] == []
    assert document.core_properties.title == report.title
    assert content == word_file(report)
    assert {i.date_time for i in zipfile.ZipFile(io.BytesIO(content)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("code", ["en", "fr"])
def test_the_pdf_has_six_to_ten_pages_at_most_and_all_glyphs(composed, code):
    report, _ = composed["note", code]
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(render_report(report))).pages]
    assert 5 <= len(pages) <= 10
    words = re.sub(r"\s+", "", "".join(pages))
    assert re.sub(r"\s+", "", plain(report.paragraphs[-1].missing)) in words
    assert f"{len(pages)}/{len(pages)}" in words


def test_files_are_written_and_the_numbers_have_their_sources(tmp_path):
    paths = write_cop_report(shipped_tables(), "en", tmp_path / "out", on=ON)
    assert [p.name for p in paths] == ["cop-report-en.docx", "cop-report-en.pdf", "cop-report-en-numbers.csv"]
    rows = list(csv.DictReader(paths[-1].read_text(encoding="utf-8").splitlines()))
    asked = [r for r in rows if r["number"] == "requests"]
    assert {(r["row"], r["source"]) for r in asked} == {
        ("central-asia", "ICCD/COP(15), note by the secretariat, paragraphs 8-9"),
        ("western-balkans", "ICCD/COP(15), note by the secretariat, paragraph 10"),
    }
    assert [r for r in rows if r["row"] and not r["source"] and r["table"] != "request_parties"] == []


def test_without_the_chinese_typeface_there_is_a_docx_and_no_pdf(tmp_path, monkeypatch):
    from homeground.brief.accelerator.cop_report import write

    monkeypatch.setattr(write, "lacks_typeface", lambda code: "not installed")
    paths = write.write_cop_report(shipped_tables(), "zh", tmp_path, on=ON)
    assert [p.suffix for p in paths] == [".docx", ".csv"]
    assert write.left_out("zh") == ["no PDF: not installed"]


def test_without_python_docx_there_is_a_pdf_and_without_both_an_error(tmp_path, monkeypatch):
    from homeground.brief.accelerator.cop_report import write

    monkeypatch.setattr(write, "absent", lambda package: package == "docx")
    paths = write.write_cop_report(shipped_tables(), "en", tmp_path, on=ON)
    assert [p.suffix for p in paths] == [".pdf", ".csv"]
    assert 'pip install "homeground[accelerator]"' in write.left_out("en")[0]
    monkeypatch.setattr(write, "lacks_typeface", lambda code: "not installed")
    with pytest.raises(DataError, match="neither as DOCX nor as PDF"):
        write.write_cop_report(shipped_tables(), "en", tmp_path, on=ON)


def test_an_unknown_language_is_refused():
    with pytest.raises(StudyError, match="does not write in"):
        compose_report({}, "xx", on=ON)


@pytest.mark.parametrize(("code", "told"), [("en", "July 2021"), ("fr", "juillet 2021"), ("zh", "2021年7月")])
def test_a_month_with_its_year(code, told):
    assert month_of(2021, 7, code).replace(NBSP, " ") == told


def test_long_tables_are_cut_in_the_report_and_whole_in_the_file_of_numbers():
    events = pd.DataFrame({"event": [f"e{i}" for i in range(45)], "title": "Forum", "source": "report"})
    report, book = compose_report({"events": events}, "en", on=ON)
    table = next(t for one in report.paragraphs for t in one.tables if t.head[0] == "when")
    assert len(table.rows) == 30
    rows = [r for r in all_numbers(book, report.paragraphs) if r["number"] == "events"]
    assert len(rows) == 45
    assert "the first 30 of each are listed" in all_of(report)
    counts = {f.key: f.value for f in report.facts}
    assert counts["others_events"] == 45  # of all, though 30 are listed
    others = next(one for one in report.paragraphs if "on other topics" in all_of_one(one))
    assert len(others.items) == 30
