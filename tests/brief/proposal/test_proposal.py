# SPDX-License-Identifier: Apache-2.0
"""A proposal: what is missing first, every number with its file, both leverages by hand, no future without projections."""

from __future__ import annotations

import csv
import datetime
import importlib.util
import io
import re
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from openpyxl import load_workbook

from homeground.brief.policy_brief.typesetting import page_count
from homeground.brief.proposal.compose import compose_proposal, funds
from homeground.brief.proposal.fund_tables import BUILDERS
from homeground.brief.proposal.given import read_given
from homeground.brief.proposal.ledger import HERE, file_of, open_ledger
from homeground.brief.proposal.origins import all_numbers, missing_of
from homeground.brief.proposal.write import write_proposal
from homeground.chain.folders import results_folder
from homeground.errors import DataError, StudyError
from homeground.language.languages import LANGUAGES
from homeground.language.messages import known, needs
from homeground.numbers.fact import Fact
from homeground.numbers.table import read_rows

ON = datetime.date(2026, 11, 30)
_SPEC = importlib.util.spec_from_file_location("proposal_evaluator", Path(__file__).parent / "evaluator.py")
_EVALUATOR = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_EVALUATOR)
BOOK = _EVALUATOR.Book


@pytest.fixture
def composed(results, study):
    return compose_proposal(results, study, "gcf-concept", "en", on=ON)


def test_both_leverages_by_hand(composed):
    facts = composed[1].facts
    # private 1,500 over public 2,000 and climate funds 1,000; the pledge of 9,000 does not count
    assert facts["leverage_private"].value == pytest.approx(1500 / 3000)
    assert facts["leverage_total"].value == pytest.approx(4500 / 3000)
    assert facts["finance_open"].value == pytest.approx(100 * 5500 / 10_000)


def test_work_of_women_and_youth_by_hand(composed):
    facts = composed[1].facts
    assert facts["days_all"].value == 1000
    assert (facts["days_women"].value, facts["days_women_share"].value) == (450, pytest.approx(45))
    assert (facts["days_youth"].value, facts["days_youth_share"].value) == (400, pytest.approx(40))


def test_the_past_is_told_from_data(composed):
    facts = composed[1].facts
    assert facts["climate_BFA_temperature_c_change"].value == pytest.approx(1.5)
    assert facts["climate_BFA_rain_mm_change"].value == pytest.approx(-100)
    assert facts["climate_BFA_temperature_c_1991"].value == pytest.approx(28.5)


def test_tonnes_and_their_cost_by_hand(composed, results):
    tonnes = pd.read_parquet(results / "cashflow.parquet")["carbon_t_co2e"].sum()
    facts = composed[1].facts
    assert facts["carbon_lifetime"].value == pytest.approx(tonnes)
    assert facts["cost_per_tonne"].value == pytest.approx(4000 / tonnes)


def test_what_is_missing_stands_first_and_whole(composed):
    report, _ = composed
    assert report.sections[0].title == "What is missing"
    listed = missing_of(report)
    assert any("projections of the climate to come" in one for one in listed)
    assert any("beneficiaries" in one for one in listed)
    told = " ".join(p.missing.plain for p in report.paragraphs)
    assert [one for one in listed if one not in told] == []
    assert not any("leverage" in one for one in listed)  # it is known here


def test_no_future_is_told_without_projections(composed, results, study, tmp_path):
    plain = " ".join(t.plain for t in composed[0].texts)
    assert "2050" not in plain
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "projections.csv").write_text(
        "variable,scenario,period,low,mid,high,unit,source\nwarming,SSP2-4.5,2041–2060,1.1,1.6,2.2,degC,a national study\n"
    )
    report, book = compose_proposal(results, study, "gcf-concept", "en", on=ON, given=read_given(folder))
    assert not any("projections of the climate" in one for one in missing_of(report))
    row = next(r for r in all_numbers(book, report) if r["number"] == "projection_2")
    assert (row["value"], row["low"], row["high"], row["table"], row["row"]) == (
        1.6,
        1.1,
        2.2,
        "given/projections.csv",
        "row 2",
    )


def test_every_number_leads_back_to_a_file_that_is_there(composed, results):
    report, book = composed
    rows = all_numbers(book, report)
    assert {r["number"] for r in rows} == {fact.key for fact in report.facts}
    for row in rows:
        assert row["source"]
        assert row["row"]
        assert row["unit"]
        file = str(row["table"])
        folder = file.split("/", maxsplit=1)[0]
        assert folder in {"results", "study", "finance", "given"}, file
        if folder == "results":
            # Where a run puts its tables: results/<study>/<scenario>/ (docs/data-dictionary.md).
            where = results_folder(book.study, "results").as_posix()
            assert (results / file.removeprefix(f"{where}/")).is_file(), file


def test_where_draws_lie_is_told_beside_the_middle_values(composed):
    report, book = composed
    at_middle, drawn = book.facts["npv_economic"], book.facts["drawn_economic"]
    assert (drawn.value, drawn.low, drawn.high) == pytest.approx([at_middle.value - less for less in (2e6, 3e6, 1e6)])
    assert drawn in report.facts
    assert book.facts["drawn_financial"] in report.facts


def test_a_table_of_regions_lies_in_the_results_of_the_scenario(results, study):
    book = open_ledger(results, study, "en", {})
    made = Fact("made", 1.0, "1", "made", "modelled", "2024", no_interval="why.count")
    carbon = book.add(made, *file_of("plan_carbon"))
    assert book.origins[carbon].rows[0][0] == "results/made/base/regions/measures.parquet"


def test_no_digit_stands_outside_of_a_fact(composed):
    report, _ = composed
    quoted = {*report.quoted}
    for paragraph in report.paragraphs[1:]:
        for text in paragraph.said:
            if text.plain in quoted:
                continue
            loose = "".join(run.text for run in text.runs if not run.style)
            assert not re.search(r"\d", loose.replace("2023", "").replace("2016", "")), text.plain


def test_the_six_criteria_are_all_there_and_none_is_answered_without_a_number(composed):
    table = BUILDERS["criteria"](composed[1])
    assert len({row[0].plain for row in table.rows}) == 6
    assert len(table.rows) == 24
    for row in table.rows:
        assert (row[2].plain == "number of the run") == bool(row[3].facts)


@pytest.mark.parametrize("code", list(LANGUAGES))
@pytest.mark.parametrize("fund", funds())
def test_all_languages_state_the_same_numbers(results, study, fund, code):
    report, book = compose_proposal(results, study, fund, code, on=ON)
    english, other = compose_proposal(results, study, fund, "en", on=ON)
    assert sorted(f.key for f in report.facts) == sorted(f.key for f in english.facts)
    assert len(missing_of(report)) == len(missing_of(english))
    values = [{r["number"]: r["value"] for r in all_numbers(*pair)} for pair in ((book, report), (other, english))]
    assert values[0] == values[1]


def test_every_block_sentence_and_table_that_is_named_is_there():
    rows = read_rows(HERE / "text.csv")
    blocks = {row["block"] for row in rows}
    asked = {block for row in read_rows(HERE / "funds.csv") for block in row["blocks"].split()}
    assert blocks == asked
    for row in rows:
        if row["part"] == "table":
            assert row["name"] in BUILDERS
        elif row["part"] != "quote":
            assert known(f"proposal.{row['name']}"), row["name"]
        if row["part"] == "missing":
            assert needs(f"proposal.{row['name']}") == set()
        assert not row["otherwise"] or known(f"proposal.{row['otherwise']}")


def test_files_open_and_hold_what_was_composed(results, study, tmp_path):
    out = tmp_path / "out"
    written = {
        path.suffix + path.stem[-8:]: path for path in write_proposal(results, study, "gcf-concept", "en", out, on=ON)
    }
    assert len(written) == 5
    again = write_proposal(results, study, "gcf-concept", "en", tmp_path / "again", on=ON)
    for path in again:
        assert path.read_bytes() == (out / path.name).read_bytes(), path.name  # the same bytes each time
    docx = next(p for p in out.iterdir() if p.suffix == ".docx")
    document = Document(io.BytesIO(docx.read_bytes()))
    heads = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert heads[0] == "What is missing"
    assert [h[:2] for h in heads[1:9]] == ["A.", "B.", "C.", "D.", "E.", "F.", "G.", "H."]
    assert page_count(next(p for p in out.iterdir() if p.suffix == ".pdf").read_bytes()) >= 3
    annexes = load_workbook(next(p for p in out.iterdir() if p.name.endswith("annexes.xlsx")))
    assert annexes.sheetnames[0] == "Missing"
    log = annexes["Consultation"]
    assert log.max_row == 4
    assert "no names of persons" in " ".join(str(c.value) for c in log[4])
    women = [c.value for row in annexes["Gender and youth"].iter_rows(min_row=5) for c in row]
    assert 450 in women
    assert 400 in women
    with next(p for p in out.iterdir() if p.suffix == ".csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"finance_appraisal.parquet", "plan.parquet"} <= {row["table"].rsplit("/", 1)[-1] for row in rows}


def test_a_run_without_a_plan_is_refused_with_what_to_do(study, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DataError, match="budget"):
        write_proposal(empty, study, "gcf-concept", "en", tmp_path / "out", on=ON)


def test_unknown_funds_and_bad_tables_are_told(results, study, tmp_path):
    with pytest.raises(StudyError, match="gcf-concept, three-s"):
        compose_proposal(results, study, "moon", "en", on=ON)
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "institutions.csv").write_text("role,organisation,agreed,source\nking,,maybe,\n")
    with pytest.raises(DataError) as caught:
        read_given(folder)
    for part in ("king", "maybe", "source is empty", "organisation is empty"):
        assert part in str(caught.value)
    (folder / "institutions.csv").unlink()
    (folder / "projections.csv").write_text(
        "variable,scenario,period,low,mid,high,unit,source\nrain,a,b,3,2,x,inch,s\n"
    )
    with pytest.raises(DataError) as caught:
        read_given(folder)
    assert '"x"' in str(caught.value)
    assert "inch" in str(caught.value)
    with pytest.raises(DataError, match="no folder"):
        read_given(tmp_path / "nowhere")


def test_what_the_initiative_promised_stands_beside_the_plan(results):
    from homeground.study.opening import open_study

    _, book = compose_proposal(results, open_study("three-s"), "three-s", "en", on=ON)
    # 10 Mha and 2 million jobs, as 3s-initiative.org says
    assert (book.facts["goal_2"].value, book.facts["goal_2"].unit) == (10e6, "ha")
    assert (book.facts["goal_3"].value, book.facts["goal_3"].unit) == (2e6, "1")
    assert book.origins[book.facts["goal_2"]].rows[0][0] == "study/goals.csv"


FUND = """name,kind,share,rate,first_year,last_year,whose,years,default,recovery,source
All,fund,1,,,,,,,,a draft
Donors,grant,0.8,,,,public,,,,a draft
Bank,senior,0.2,0.1,2026,2026,private,,,,a draft
Loans,lending,,0.1,,,,1,0,0,a draft
"""


def test_the_trust_fund_that_a_study_declares_stands_in_the_proposal(results, study, tmp_path):
    report, _ = compose_proposal(results, study, "three-s", "en", on=ON)
    assert "tranches of the trust fund and their terms" in missing_of(report)
    (study.folder / "trust_fund.csv").write_text(FUND)
    flows = pd.read_parquet(results / "cashflow.parquet")
    years = flows[flows["year"] <= 2025]
    size = float((years["establishment_usd"] + years["upkeep_usd"]).sum())
    report, book = compose_proposal(results, study, "three-s", "en", on=ON)
    assert "tranches of the trust fund and their terms" not in missing_of(report)
    assert "terms of the trust fund that its parties have agreed" in missing_of(report)
    facts = book.facts
    assert facts["fund_size"].value == pytest.approx(size)
    assert facts["fund_back"].value == pytest.approx(0.2 * size)
    assert facts["fund_private_per_public"].value == pytest.approx(0.25)
    assert facts["fund_total_per_public"].value == pytest.approx(1.25)
    assert facts["fund_unverified"].value == 4  # a row without a quality counts as unverified
    assert facts["fund_owed"].value == pytest.approx(1.1 * 0.2 * size)
    assert facts["fund_2024-01-01_comes_in"].value == pytest.approx(size)
    tables = [table for p in report.paragraphs for table in p.tables if table.head[0] == "date"]
    assert [row[0].plain for row in tables[0].rows] == ["2024-01-01", "2024-12-31", "2025-12-31", "2026-12-31"]
    agreed = FUND.replace(",source\n", ",source,quality\n").replace("a draft", "a signed agreement,3")
    (study.folder / "trust_fund.csv").write_text(agreed)
    report, book = compose_proposal(results, study, "three-s", "en", on=ON)
    assert "fund_unverified" not in book.facts
    assert not any("trust fund" in one for one in missing_of(report))
    annexes = load_workbook(next(p for p in write_proposal(results, study, "three-s", "en", tmp_path / "out", on=ON)
                                 if p.name.endswith("annexes.xlsx")))  # fmt: skip
    sheet = annexes["Trust fund"]
    evaluated = BOOK(annexes)
    last = sheet.max_column
    assert sheet.cell(4, last).value == "check"
    for row in range(5, 9):
        assert evaluated.cell("Trust fund", row, last) == pytest.approx(0, abs=0.005)
    assert len(sheet._charts) == 1
