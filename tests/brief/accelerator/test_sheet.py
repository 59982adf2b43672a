# SPDX-License-Identifier: Apache-2.0
"""One page on the money: three languages, one page, every sum as the ladder has it, what is missing said."""

from __future__ import annotations

import datetime
import io
import re

import pandas as pd
import pytest

from homeground.accelerator.ladder.finance_ladder import finance_ladder
from homeground.brief.accelerator.country_sheet import country_sheet
from homeground.brief.accelerator.steps_chart import Step, steps_chart
from homeground.brief.accelerator.wall_sheet import wall_sheet
from homeground.brief.accelerator.write import render_html, render_pdf, write_sheet
from homeground.brief.policy_brief.typesetting import lacks_typeface
from homeground.errors import DataError, StudyError
from homeground.language.languages import NBSP

DAY = datetime.date(2026, 11, 30)
CODES = ["en", "fr", "zh"]


def tables(donors: int = 2) -> dict[str, pd.DataFrame]:
    rows = [
        {"project": "P", "kind": "commitment", "amount_minor": 3_000_000_00, "donor": f"Donor {i}", "currency": "EUR",
         "instrument": "grant", "date": "2023-01-01", "source": f"annual report {i}"}
        for i in range(donors)
    ]  # fmt: skip
    rows += [
        {"project": "P", "kind": "disbursement", "amount_minor": 1_500_000_00, "donor": "Donor 0", "currency": "EUR",
         "instrument": "grant", "date": "2024-01-01", "confirmed_by": "country", "confirmed_on": "2024-06-01"},
        {"project": "S", "kind": "commitment", "amount_minor": 9_000_000_00, "donor": "Donor 1", "currency": "EUR",
         "instrument": "loan", "date": "2023-01-01"},
        {"project": "N", "kind": "disbursement", "amount_minor": 650_000_000, "currency": "XOF", "date": "2024-01-01"},
    ]  # fmt: skip
    money = pd.DataFrame(rows).assign(transaction=[f"T{i}" for i in range(len(rows))])
    return {
        "transactions": money,
        "projects": pd.DataFrame({"project": ["P", "S", "N"], "title": "t", "status": ["closed", "suspended", "closed"]}),
        "project_countries": pd.DataFrame({"project": ["P", "P", "S"], "iso3": ["NER", "MLI", "NER"], "share": [50.0, 50.0, 100.0]}),
        "project_sectors": pd.DataFrame({"project": ["P"], "vocabulary": ["1"], "code": ["31130"], "share": [100.0]}),
    }  # fmt: skip


def test_the_sheet_of_a_country_says_what_the_ladder_has():
    sheet = country_sheet("NER", tables(), "en", day=DAY)
    assert sheet.title == "Niger"
    # half of 2 x 3 million committed and of 1.5 million disbursed
    assert (
        sheet.findings[0].replace(NBSP, " ")
        == "3 million euros committed; of this 750,000 euros disbursed (25 per cent)."
    )
    donors = {row[0]: row[1:] for row in sheet.tables[0].rows}
    assert donors["Donor 0, grant"] == ("", "", "1.50", "0.75", "")
    assert "Donor 1, loan" not in donors  # suspended: it counts nothing, and is told below
    assert sheet.tables[1].rows == (("2 Land and ecosystems", "", "", "3.00", "0.75", ""),)
    assert sheet.tables[2].rows[1] == ("the country", "", "", "0.00", "0.75", "")
    missing = " ".join(sheet.missing).replace(NBSP, " ")
    for said in (
        "9 million euros (committed) is of suspended", "nobody told what was pledged, programmed, and spent",
        "The pillar of 3 million euros (committed) was chosen by purpose codes",
        "XOF 650 million (disbursed) of these tables names no country",
    ):  # fmt: skip
        assert said in missing
    assert sheet.sources == ("annual report 0", "annual report 1")


@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "at 687.5 XOF for one EUR"), ("fr", "à 687,5 XOF pour un EUR"), ("zh", "按一EUR兑687.5 XOF计")],
)
def test_the_rate_of_money_that_changed_its_currency_is_told_where_it_went(code, said):
    rows = [
        {"transaction": "A", "project": "A", "currency": "EUR", "amount_minor": 1000_00, "iso3": "MLI", "receiver_project": "B"},
        {"transaction": "B", "project": "B", "currency": "XOF", "amount_minor": 600_000, "iso3": "NER"},
    ]  # fmt: skip
    given = pd.DataFrame(rows).assign(kind="disbursement", date="2023-05-01", source="annual report")
    rates = pd.DataFrame({"currency": ["EUR", "XOF"], "year": 2023, "usd": [1.1, 0.0016], "source": "made"})
    both = {"transactions": given, "exchange_rates": rates}
    assert said in " ".join(country_sheet("NER", both, code, day=DAY).missing).replace(NBSP, " ")
    assert "687" not in " ".join(country_sheet("MLI", both, code, day=DAY).missing)  # it came from there; B tells of it


def test_all_countries_together_are_the_whole_ladder():
    sheet = country_sheet("all", tables(), "en", day=DAY)
    whole = finance_ladder(tables(), by=[]).steps
    committed = whole[(whole["step"] == "committed") & (whole["currency"] == "EUR")]["amount_minor"].iloc[0]
    assert committed == 6_000_000_00
    assert sheet.findings[0].startswith("6")


@pytest.mark.parametrize("code", CODES)
def test_a_full_country_fits_on_one_page_in_every_language(code, tmp_path):
    sheet = country_sheet("NER", tables(donors=40), code, day=DAY)
    assert len(sheet.tables[0].rows) == 6  # five donors and the others together
    html = render_html(sheet)
    assert "Donor" in html
    if lacks_typeface(code):
        pytest.skip("the typeface of the language is not installed")
    pypdf = pytest.importorskip("pypdf")
    pages = pypdf.PdfReader(io.BytesIO(render_pdf(sheet))).pages
    assert len(pages) == 1
    assert sheet.title in pages[0].extract_text()


@pytest.mark.parametrize("code", CODES)
def test_the_sheet_of_the_wall_stands_on_public_figures_in_every_language(code, tmp_path):
    paths = write_sheet("all", None, code, tmp_path, day=DAY)
    html = next(path for path in paths if path.suffix == ".html").read_text(encoding="utf-8")
    plain = re.sub(r"[\u202f\u00a0 ,]", "", html)
    for number in ("14326", "14236", "19000", "16000", "15000", "33000", "917"):
        assert number in plain, number
    assert "einpresswire.com" in html
    assert {path.suffix for path in paths} == ({".html"} if lacks_typeface(code) else {".pdf", ".html"})


def test_steps_that_nobody_published_stay_a_gap():
    sheet = wall_sheet("en", day=DAY)
    assert sheet.charts[0].svg.count("nobody told") == 2  # committed and spent


def test_the_same_sheet_gives_the_same_bytes(tmp_path):
    one, two = (render_pdf(wall_sheet("en", day=DAY)) for _ in range(2))
    assert one == two


def test_a_name_of_a_donor_cannot_bring_a_script():
    given = tables()
    given["transactions"]["donor"] = "<script>alert(1)</script>"
    html = render_html(country_sheet("NER", given, "en", day=DAY))
    assert "<script" not in html


def test_a_country_without_money_says_so():
    sheet = country_sheet("SEN", tables(), "en", day=DAY)
    assert sheet.findings == ("No row of the tables tells of money for this country.",)
    assert "names no country" in " ".join(sheet.missing)
    assert b"%PDF" in render_pdf(sheet)[:8]


def test_negative_sums_are_drawn():
    svg = steps_chart([Step("spent", -2.0, 0, 0, "-2", "")], unit="million USD", language="en")
    assert "spent" in svg


def test_unknown_countries_and_languages_are_refused():
    with pytest.raises(DataError, match="NGR"):
        country_sheet("NGR", tables(), "en", day=DAY)
    with pytest.raises(StudyError, match="de"):
        wall_sheet("de", day=DAY)


def test_the_sheet_names_donors_and_tells_what_of_an_overlap_falls_to_its_country():
    organisations = pd.DataFrame({"organisation": ["Donor 0"], "name": ["Bank of the Sahel"]})
    row = {"overlap": "O", "step": "committed", "project": "P", "donor": "Donor 0", "year": 2023, "currency": "EUR"}
    overlaps = pd.DataFrame([row | {"amount_minor": 1_000_000_00, "reason": "one road", "approved_by": "coordinator"}])
    sheet = country_sheet("NER", {**tables(), "organisations": organisations, "overlaps": overlaps}, "en", day=DAY)
    donors = {row[0]: row[1:] for row in sheet.tables[0].rows}
    # half of 3 million less half of the million that was told twice
    assert donors["Bank of the Sahel, grant"] == ("", "", "1.00", "0.75", "")
    assert any("500,000 euros" in text.replace(NBSP, " ") and "one road" in text for text in sheet.missing)
